"""``esad simulate --processes``: real processes that are one simulation, and of which nothing is left."""

import json
import os
import select
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from helpers.command_line import Esad
from helpers.gateway import PATIENCE

LONG = 3 * PATIENCE
"""Seconds for three processes to begin, beside all else that this machine does."""

BEGINS = "2026-03-02T10:00:00+00:00"
ONE_MOVEMENT = """
[[traffic]]
from = "LT"
to = "PL"
every = "1 day"
count = 1

[[step]]
when = { state = "PL" }
then = { do = "refuse", after = "1 day", reason = "goods damaged" }

[[step]]
when = { state = "LT", says = "refused" }
then = { do = "take back", after = "12 hours" }
"""


@dataclass(frozen=True)
class Simulating:
    """A simulation that has begun: the process in front, what it has said, and its processes."""

    process: subprocess.Popen[str]
    told: Mapping[str, Any]
    ends: Mapping[str, int]

    def ask(self, path: str, body: object = None, accept: str = "application/json") -> tuple[int, Any]:
        """Status and answer of the simulator in front; a text is posted as it is, anything else as JSON."""
        sent = body if isinstance(body, str | None) else json.dumps(body)
        with closing(HTTPConnection(urlsplit(self.told["url"]).netloc, timeout=LONG)) as connection:
            connection.request("GET" if sent is None else "POST", path, sent, {"Accept": accept})
            answer = connection.getresponse()
            text = answer.read().decode()
            return answer.status, json.loads(text) if accept == "application/json" else text

    def at(self, state: str, path: str) -> Any:
        """What a state answers by itself."""
        where = urlsplit(self.told["states"][state])
        with closing(HTTPConnection(where.netloc, timeout=LONG)) as connection:
            connection.request("GET", f"{where.path}{path}")
            return json.load(connection.getresponse())

    def ended(self) -> bool:
        """Whether every process of a state has ended, as soon as it has."""
        return all(select.select([one], [], [], LONG)[0] for one in self.ends.values())


@contextmanager
def simulating(*arguments: str) -> Iterator[Simulating]:
    """Lithuania and Poland, a process each, from the moment when they answer."""
    command = [sys.executable, "-m", "esad_gateway", "simulate", "--states", "LT,PL", "--processes", "--port", "0"]
    command += ["--json", "--seed", "7", "--begins", BEGINS, *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        ends: dict[str, int] = {}
        try:
            told = json.loads(process.stdout.readline())
            ends = {code: os.pidfd_open(pid) for code, pid in told["processes"].items()}
            yield Simulating(process, told, ends)
        finally:
            process.kill()
            for one in ends.values():
                os.close(one)


@pytest.fixture(scope="module")
def simulation() -> Iterator[Simulating]:
    """One that several tests look at."""
    with simulating() as found:
        yield found


def test_movement_crosses_two_processes_in_the_order_of_one_clock(simulation: Simulating) -> None:
    """It is refused a day later, taken back half a day after that, by both; all of it is shown in one place."""
    status, played = simulation.ask("/sim/scripts", ONE_MOVEMENT)
    assert (status, played) == (201, {"title": "", "steps": 2, "traffic": 1})
    assert len(simulation.ask("/sim/scripts")[1]["unmet"]) == 2
    status, clock = simulation.ask("/sim/clock", {"advance": {"days": 3}})
    assert (status, clock["now"]) == (200, "2026-03-05T10:00:00+00:00")
    assert {simulation.at(code, "/health")["now"] for code in ("LT", "PL")} == {clock["now"]}
    assert simulation.ask("/sim/scripts")[1] == {"unmet": []}
    (movement,) = simulation.ask("/sim/movements")[1]["movements"]
    days = [(one["at"][:13], one["state"], one["way"], one["message"]) for one in movement["timeline"]]
    assert [at for at, *_ in days] == sorted(at for at, *_ in days)
    assert ("2026-03-02T10", "LT", "in", "IE815") in days
    assert ("2026-03-02T10", "PL", "out", "IE801") in days
    assert ("2026-03-03T10", "PL", "in", "IE818") in days
    assert ("2026-03-03T10", "LT", "out", "IE818") in days
    assert ("2026-03-03T22", "LT", "in", "IE813") in days
    assert set(movement["states"]) == {"dispatch", "destination"}
    assert simulation.ask(f"/sim/movements/{movement['arc']}") == (200, movement)
    for path in ("/sim", f"/sim/movements/{movement['arc']}"):
        status, page = simulation.ask(path, accept="text/html")
        assert (status, movement["arc"] in page) == (200, True)


def test_trader_of_one_process_is_known_to_the_other(simulation: Simulating) -> None:
    """It is asked for at the simulator in front, and comes with all that is needed to act as it, at its own state."""
    status, trader = simulation.ask("/sim/traders", {"role": "consignee", "state": "PL"})
    assert (status, trader["url"]) == (201, simulation.told["states"]["PL"])
    assert trader["seed"] in simulation.ask("/sim")[1]["traders"]
    status, refused = simulation.ask("/sim/traders", {"role": "consignee", "state": "DE"})
    assert (status, "these are: LT, PL" in refused["detail"]) == (400, True)
    status, refused = simulation.ask("/sim/traders", {"role": "carrier", "state": "PL"})
    assert (status, refused["type"]) == (400, "/problems/trader-wish")


@pytest.mark.parametrize(
    ("path", "body", "says"),
    [
        ("/sim/scripts", "[[step]]\nthen = { do = 'refuse' }", "step[1] does not say in which state"),
        ("/sim/scripts", "[[step]]\nwhen = { state = 'FR' }\nthen = { do = 'refuse' }", "FR is not simulated here"),
        ("/sim/faults", {"name": "expired-certificate", "state": "PL"}, "in one process only"),
        ("/sim/faults", {"name": "lost", "state": "FR"}, "FR is not simulated here"),
        ("/sim/clock", {"to": BEGINS.replace("2026", "2020")}, "goes forward only"),
        ("/sim/clock", {"to": "journey over", "movement": "26LT1"}, "nothing is known"),
    ],
)
def test_what_cannot_be_in_several_processes_is_refused(
    simulation: Simulating, path: str, body: object, says: str
) -> None:
    """The reason is told, and what would do; nothing is done."""
    status, refused = simulation.ask(path, body)
    assert status == 400
    assert says in json.dumps(refused)


def test_state_is_looked_for_in_front(simulation: Simulating) -> None:
    """It is told where it is."""
    status, refused = simulation.ask("/pl/health")
    assert (status, simulation.told["states"]["PL"] in refused["detail"]) == (404, True)


def test_end_tells_what_did_not_happen_and_leaves_nothing(tmp_path: Path) -> None:
    """A report is lost on its way, so a step of the other process never is; exit code 1, and all that again."""
    script = tmp_path / "script.toml"
    script.write_text(ONE_MOVEMENT, encoding="utf-8")
    with simulating("--script", str(script), "--fault", "lost PL message=IE818 after='20 days'") as found:
        assert found.ask("/sim/clock", {"advance": {"days": 3}})[0] == 200
        told = found.ask("/sim/faults")[1]
        (strike,) = told["journal"]
        assert [strike[name] for name in ("name", "state", "message", "from", "to")] == [
            "lost",
            "PL",
            "IE818",
            "PL",
            "LT",
        ]
        assert "--processes" in told["again"]
        found.process.send_signal(signal.SIGTERM)
        out, err = found.process.communicate(timeout=LONG)
        assert found.ended()
    assert found.process.returncode == 1
    assert "step[2]" in out
    assert "step[1]" not in out
    assert "--seed 7" in out
    assert "Traceback" not in out + err


def test_processes_end_with_the_one_that_started_them() -> None:
    """Also where that is killed, and asks nobody to end."""
    with simulating() as found:
        found.process.kill()
        assert found.ended()


def test_process_of_a_state_that_is_gone_is_told() -> None:
    """Whoever asks then is told, nothing is moved, and the exit code is 1."""
    with simulating() as found:
        os.kill(found.told["processes"]["PL"], signal.SIGKILL)
        assert select.select([found.ends["PL"]], [], [], LONG)[0]
        status, refused = found.ask("/sim/clock", {"advance": {"days": 3}})
        assert (status, "does not answer any more" in refused["detail"]) == (502, True)
        assert found.ask("/sim/movements")[0] == 502
        assert found.ask("/sim", accept="text/html")[0] == 502
        found.process.send_signal(signal.SIGINT)
        out, err = found.process.communicate(timeout=LONG)
        assert found.ended()
    assert found.process.returncode == 1
    assert "the process of a state has ended" in err
    assert "Traceback" not in out + err


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--port-each",), "leave --port-each, --host"),
        (("--host", "0.0.0.0"), "at this machine alone"),  # noqa: S104
        (("--fault", "expired-certificate PL"), "in one process only"),
    ],
)
def test_processes_that_cannot_be_are_told_before_one_begins(esad: Esad, arguments: tuple[str, ...], says: str) -> None:
    """Nothing is simulated then."""
    ended = esad("simulate", "--states", "PL,LT", "--port", "0", "--processes", *arguments)
    assert ended.code == 2
    assert says in ended.err
