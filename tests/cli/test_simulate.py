"""``esad simulate`` as a process: how it begins, what it says, and how it ends."""

import json
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from esad_gateway.simulator.served.server import EmcsServer
from esad_gateway.simulator.world.emcs import Emcs
from helpers.command_line import Esad
from helpers.gateway import PATIENCE
from helpers.ready import ready

SCRIPT = """
[[step]]
when = { state = "PL" }
then = { do = "refuse", reason = "goods damaged" }
"""


@contextmanager
def simulating(*arguments: str, program: Sequence[str] = ()) -> Iterator[subprocess.Popen[str]]:
    """A simulator that is about to begin."""
    command = [*(program or [str(ready())]), "simulate", "--states", "PL,DE", "--port", "0", "--json"]
    with subprocess.Popen([*command, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


@pytest.mark.parametrize("ends", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize("met", [True, False])
def test_simulator_ends_when_it_is_asked_to(tmp_path: Path, ends: signal.Signals, met: bool) -> None:  # noqa: FBT001
    """Exit code 0; 1 when something did not happen as the script says, with the seed. Nothing listens any more."""
    file = tmp_path / "script.toml"
    file.write_text(SCRIPT + ("optional = true\n" if met else ""), encoding="utf-8")
    with simulating("--script", str(file), "--seed", "7") as process:
        assert process.stdout is not None
        port = int(json.loads(process.stdout.readline())["url"].rpartition(":")[2])
        process.send_signal(ends)
        told, complaints = process.communicate(timeout=PATIENCE)
    assert process.returncode == (0 if met else 1)
    assert ("once more the same: " in told and "--seed 7" in told) is not met
    assert "Traceback" not in told + complaints
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", port)) != 0


def test_signal_that_comes_before_it_has_begun_ends_it_as_well() -> None:
    """It is not lost: either the process had not got so far, or it begins, is told, and ends."""
    with simulating(program=(sys.executable, "-m", "esad_gateway")) as process:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=PATIENCE)
    assert process.returncode in {0, -signal.SIGTERM}


def test_each_state_has_a_port_of_its_own() -> None:
    """All are told where they are, each by itself."""
    with simulating("--port-each") as process:
        assert process.stdout is not None
        told = json.loads(process.stdout.readline())
        process.terminate()
        process.communicate(timeout=PATIENCE)
    urls = [told["url"], *told["states"].values()]
    assert all(url.rpartition(":")[2].isdigit() for url in urls)
    assert len(set(urls)) == 3
    assert process.returncode == 0


@pytest.mark.parametrize(
    ("host", "reached", "refused"),
    [("127.0.0.2", "127.0.0.2", "127.0.0.1"), ("0.0.0.0", "127.0.0.2", None)],  # noqa: S104 - of a test, for a moment
)
def test_address_to_listen_at_is_chosen(host: str, reached: str, refused: str | None) -> None:
    """This machine alone unless another one is said: that of a container, for example, or all of them."""
    with simulating("--host", host) as process:
        assert process.stdout is not None
        url, _, port = json.loads(process.stdout.readline())["url"].rpartition(":")
        assert url == f"http://{host if host == reached else '127.0.0.1'}"
        for address, answers in ((reached, True), (refused, False)):
            with socket.socket() as probe:
                assert address is None or (probe.connect_ex((address, int(port))) == 0) is answers
        process.terminate()
        process.communicate(timeout=PATIENCE)
    assert process.returncode == 0


def test_name_by_which_others_reach_it_is_told() -> None:
    """Whoever gets to know a state, in another container for example, finds it there."""
    with simulating("--public-url", "http://simulator:8470/") as process:
        assert process.stdout is not None
        told = json.loads(process.stdout.readline())
        process.terminate()
        process.communicate(timeout=PATIENCE)
    assert (told["url"], told["states"]["PL"]) == ("http://simulator:8470", "http://simulator:8470/pl")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--host", "192.0.2.1"), "'192.0.2.1' is no address of this machine"),
        (("--host", "a" * 70), "is no address of this machine"),
        (("--public-url", "simulator:8470"), "simulator:8470"),
    ],
)
def test_address_that_cannot_be_is_told_with_the_way_out(esad: Esad, arguments: tuple[str, ...], told: str) -> None:
    """Nothing is simulated then."""
    ended = esad("simulate", "--states", "PL", "--port", "0", *arguments)
    assert ended.code == 2
    assert told in ended.err
    assert "Traceback" not in ended.err


def test_port_that_is_taken_is_told_with_the_way_out(esad: Esad) -> None:
    """Nothing is simulated then."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        ended = esad("simulate", "--states", "PL", "--port", str(port))
    assert ended.code == 2
    assert f"127.0.0.1:{port}" in ended.err
    assert "Take port 0 (--port 0)" in ended.err


def test_nothing_but_the_system_under_test_is_told(esad: Esad) -> None:
    """Its own state is not simulated, so there has to be another one."""
    with Emcs() as emcs, EmcsServer(emcs) as server:
        ended = esad("simulate", "--states", "LT", "--for", f"{server.url('LT')}/ndea", "--port", "0")
    assert ended.code == 2
    assert "of LT no state is left to simulate" in ended.err


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--operators", "operators.json"), "give --for as well"),
        (("--for", "http://127.0.0.1:1"), "127.0.0.1:1"),
    ],
)
def test_system_under_test_that_cannot_be_is_told(esad: Esad, arguments: tuple[str, ...], told: str) -> None:
    """Before anything is served."""
    ended = esad("simulate", "--states", "PL", "--port", "0", *arguments)
    assert ended.code != 0
    assert told in ended.err
    assert "Traceback" not in ended.err


def test_fault_that_did_not_strike_is_told_once(tmp_path: Path) -> None:
    """It stands in a script, and was injected: at the end one sentence says so, and one command has it again."""
    file = tmp_path / "script.toml"
    file.write_text('[[fault]]\nname = "lost"\nstate = "DE"\n', encoding="utf-8")
    with simulating("--script", str(file), "--seed", "7") as process:
        assert process.stdout is not None
        process.stdout.readline()
        process.send_signal(signal.SIGTERM)
        told, _ = process.communicate(timeout=PATIENCE)
    assert process.returncode == 1
    assert told.count("has not struck anything") == told.count("once more the same: ") == 1
