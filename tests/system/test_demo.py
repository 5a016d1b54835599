"""``esad demo`` as a program: what it prints has happened, and when it has not, the exit code says so."""

import asyncio
import json
import os
import re
import shlex
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from esad_gateway.cli.common.output import ExitCode, exit_code_of
from esad_gateway.cli.demo import TITLES
from esad_gateway.emcs.profile import NationalProfile
from esad_gateway.emcs.rules import Context, content_faults
from esad_gateway.signing.pki import KeyKind
from esad_gateway.simulator.box import provision, register, running
from esad_gateway.simulator.drafts import Parties
from esad_gateway.simulator.exchange import FIVE_RULES, OPERATORS, ZONES, Exchange, draft_now
from esad_gateway.simulator.stage import WITHIN, Cast, NotAsExpected
from esad_gateway.texts import say
from helpers.forked import forked
from helpers.ready import ready

COMMAND = (sys.executable, "-m", "esad_gateway", "demo")
LIMIT = 600
"""Seconds: a demonstration that takes longer hangs; how long it should take is not measured here."""


@dataclass(frozen=True)
class Sabotage:
    """What the store of Lithuania does behind its gateway's back, and how the demonstration finds out."""

    trigger: str
    said: str
    within: float = WITHIN
    """Seconds that anything may take to arrive; few, where it is what never arrives that is waited for."""


SABOTAGES = {
    "peer at a wrong address": Sabotage(
        trigger="CREATE TRIGGER lies AFTER UPDATE ON peer WHEN NEW.address = 'NDEA.PL' AND NEW.url <> 'http://127.0.0.1:9/ndea'"
        " BEGIN UPDATE peer SET url = 'http://127.0.0.1:9/ndea' WHERE address = NEW.address; END",
        said="reaches PL00000000201",
        within=3,
    ),
    "refusal stored as accepted": Sabotage(
        trigger="CREATE TRIGGER lies AFTER INSERT ON message WHEN NEW.outcome = 'refused'"
        " BEGIN UPDATE message SET outcome = 'accepted' WHERE mailbox = NEW.mailbox AND seq = NEW.seq; END",
        said="the store of NDEA.LT tells otherwise",
    ),
}


def run(*command: str | Path) -> subprocess.CompletedProcess[str]:
    """Run the demonstration to its end."""
    return subprocess.run(command, capture_output=True, text=True, timeout=LIMIT, check=False)


def test_demo_prints_every_scene_and_ends_with_0() -> None:
    """The timeline has all scenes in their order, and says in the end that all of it happened."""
    ended = run(ready(), "demo")

    assert ended.returncode == 0, ended.stderr
    expected = [say(title) for title in TITLES.values()]
    titles = [line for line in ended.stdout.splitlines() if line in expected]
    assert titles == expected
    happened, following = ended.stdout.splitlines()[-2:]
    assert happened.startswith("all of it happened")
    assert shlex.split(following)[0] == "next:"
    assert shlex.split(following)[2:] == ["init", "lt", "--state", "LT"]
    assert shutil.which(shlex.split(following)[1])
    assert "refused by one IE704 with all five" in ended.stdout
    assert "Traceback" not in ended.stderr


def test_demo_as_json_prints_one_object_a_step() -> None:
    """Every line is an object with the same fields; the five mistakes are named by their rules."""
    ended = run(ready(), "demo", "--json")

    assert ended.returncode == 0, ended.stderr
    steps = [json.loads(line) for line in ended.stdout.splitlines()]
    assert {frozenset(step) for step in steps} == {frozenset({"at", "scene", "who", "what", "seen", "texts"})}
    assert list(dict.fromkeys(step["scene"] for step in steps)) == list(TITLES)
    assert sorted(step["what"].strip() for step in steps if step["what"].strip() in FIVE_RULES) == FIVE_RULES
    assert [(step["what"], step["seen"]) for step in steps] == [
        (step["texts"]["what"]["en"], step["texts"]["seen"]["en"]) for step in steps
    ]
    lithuanian = " ".join(step["texts"][told]["lt"] for step in steps for told in ("what", "seen"))
    assert not re.search(r"\b(the|of|and|is|signs|finds|submits|accepted|delivered|lines)\b", lithuanian)
    moments = [datetime.fromisoformat(step["at"]) for step in steps]
    assert moments == sorted(moments)


@pytest.mark.parametrize("sabotage", SABOTAGES)
def test_demo_does_not_end_with_0_when_something_did_not_happen(tmp_path: Path, sabotage: str) -> None:
    """A store that does not keep what it is told is found out, by the scenes or by the audit."""
    with pytest.raises(NotAsExpected, match=SABOTAGES[sabotage].said) as found:
        asyncio.run(sabotaged(tmp_path, SABOTAGES[sabotage]))

    assert exit_code_of(found.value) is ExitCode.NEGATIVE


async def sabotaged(root: Path, sabotage: Sabotage) -> None:
    """Play the demonstration on a store that lies."""
    now = datetime.now(UTC)
    members = provision(root, ZONES, now, KeyKind.P256)
    traders = register(members, OPERATORS, now, KeyKind.P256)
    with closing(sqlite3.connect(members["LT"].data.database)) as connection, connection:
        connection.execute(sabotage.trigger)
        # What was told before is told again, to a store that lies now.
        connection.execute("UPDATE peer SET url = url")
    async with running(members.values(), forked):
        async for _ in Exchange(Cast(members, traders, within=sabotage.within)).play():
            pass


@pytest.mark.parametrize("place", ["a file", "a data directory", "no place for a log"])
def test_demo_says_why_a_gateway_cannot_start(tmp_path: Path, place: str) -> None:
    """Where a data directory cannot be made or a gateway not be started, the message names the place."""
    folder = tmp_path / "PL"
    if place == "a file":
        folder.write_text("in the way", encoding="utf-8")
    elif place == "a data directory":
        folder.mkdir()
        (folder / "settings.toml").write_text('state = "PL"\n', encoding="utf-8")
    else:
        folder.mkdir(mode=0o700)
        (folder / "serve.log").mkdir()

    ended = run(ready(), "demo", "--keep", tmp_path)

    assert ended.returncode == 2
    assert str(folder) in ended.stderr
    assert "Traceback" not in ended.stderr


@dataclass(frozen=True)
class Interruption:
    """A signal, and what SIGINT does in the process that gets it; ``None`` is whatever it does here."""

    number: signal.Signals
    on_sigint: Any = None


INTERRUPTIONS = {
    "Ctrl-C": Interruption(signal.SIGINT, signal.default_int_handler),
    "SIGTERM": Interruption(signal.SIGTERM),
    "SIGTERM in the background of a shell": Interruption(signal.SIGTERM, signal.SIG_IGN),
}


@pytest.mark.parametrize("name", INTERRUPTIONS)
def test_demo_that_is_interrupted_leaves_nothing_running(tmp_path: Path, name: str) -> None:
    """Its gateways are stopped and its folder is removed before it ends, and the exit code names the signal."""
    interruption = INTERRUPTIONS[name]
    with _sigint(interruption.on_sigint):
        demo = subprocess.Popen(
            COMMAND, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env={**os.environ, "TMPDIR": str(tmp_path)}
        )
    with demo:
        gateways = _gateways_of(demo)
        demo.send_signal(interruption.number)
        _, said = demo.communicate(timeout=LIMIT)

    assert demo.returncode == 128 + interruption.number
    assert b"Traceback" not in said
    assert [pid for pid in gateways if _runs(pid)] == []
    assert list(tmp_path.iterdir()) == []


@contextmanager
def _sigint(handler: Any) -> Iterator[None]:
    """What SIGINT does here, and so in a process that is started meanwhile, where any handler is the default again."""
    if handler is None:
        yield
        return
    before = signal.signal(signal.SIGINT, handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _gateways_of(demo: subprocess.Popen[bytes]) -> list[int]:
    """The processes that a demonstration has started, as soon as all three are there."""
    children = Path(f"/proc/{demo.pid}/task/{demo.pid}/children")
    deadline = time.monotonic() + LIMIT
    while len(found := children.read_text(encoding="ascii").split()) < len(ZONES):
        assert time.monotonic() < deadline, "the gateways were not started"
        time.sleep(0.05)
    return [int(pid) for pid in found]


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


AROUND_MIDNIGHT = [datetime(2026, month, 21, hour, 30, tzinfo=UTC) for month in (7, 11) for hour in range(20, 24)]
"""Moments at which it is one day in Vilnius and another in Warsaw, and moments at which it is not."""


@pytest.mark.parametrize("now", AROUND_MIDNIGHT, ids=str)
def test_draft_of_the_demo_may_be_reported_on_at_any_hour(now: datetime) -> None:
    """Its goods have left by the calendar of the consignor, and may have arrived by that of the consignee."""
    consignor, _, consignee, _ = OPERATORS

    draft = draft_now(Parties(consignor, consignee), now)

    profile = NationalProfile(state="LT", time_zone=ZoneInfo(ZONES["LT"]))
    assert content_faults(draft, Context(now=now, profile=profile)) == ()
    assert draft.ead_esad_draft.date_of_dispatch <= now.astimezone(ZoneInfo(ZONES["PL"])).date()
