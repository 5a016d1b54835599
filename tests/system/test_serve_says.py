"""What a gateway says while it runs: who it is when it listens, what was asked and delivered, all of it as JSON."""

import asyncio
import json
import os
import pty
import subprocess
import sys
from contextlib import AsyncExitStack, closing
from datetime import UTC, datetime
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest

from esad_gateway.audit.check import waiting
from esad_gateway.emcs.messages import IE801
from esad_gateway.provision import create
from esad_gateway.signing.pki import KeyKind
from esad_gateway.simulator.box import LOG, Member, Process, provision, register, running
from esad_gateway.simulator.drafts import Parties
from esad_gateway.simulator.exchange import OPERATORS, ZONES, draft_now
from esad_gateway.simulator.stage import Cast, until

CONSIGNOR, _, CONSIGNEE, _ = OPERATORS
WAITS_FOR_NOBODY = {"waiting": 0, "refused": 0, "dead": 0, "undecided": 0}


def command(data: Path) -> tuple[str, ...]:
    """A gateway on a port that the system chooses."""
    return (sys.executable, "-m", "esad_gateway", "serve", "--data", str(data), "--port", "0")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A fresh data directory."""
    return create(tmp_path / "LT", "LT", "Europe/Vilnius", datetime.now(UTC), KeyKind.P256).root


def test_gateway_says_who_it_is_and_where_as_soon_as_it_listens(data: Path) -> None:
    """The first line of the log, without any option; whoever reads it can ask there at once."""
    with subprocess.Popen(command(data), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as gateway:
        assert gateway.stderr is not None
        said = json.loads(gateway.stderr.readline())
        with closing(HTTPConnection(said["url"].removeprefix("http://"), timeout=60)) as asked:
            asked.request("GET", "/")
            index = json.load(asked.getresponse())
        gateway.terminate()
        after = gateway.stderr.read()

    assert (said["event"], said["administration"], said["data"]) == ("gateway listens", "NDEA.LT", str(data))
    assert said["waits"] == WAITS_FOR_NOBODY
    assert said["peers"] == {}
    assert index == {"administration": "NDEA.LT", "doors": said["doors"]}
    assert after == ""


def test_terminal_is_told_in_words(data: Path) -> None:
    """Who reads along needs no JSON: administration, address, doors, and how to get to know others."""
    ours, theirs = pty.openpty()
    with subprocess.Popen(command(data), stdout=theirs, stderr=theirs) as gateway:
        os.close(theirs)
        told = ""
        while "\n" not in told.partition("waits:")[2]:
            told += os.read(ours, 65_536).decode()
        gateway.terminate()
    os.close(ours)

    url = json.loads(told.splitlines()[0])["url"]
    assert f"esad: NDEA.LT listens at {url}; data: {data}" in told
    assert f"{url}/docs" in told
    assert "knows no other administration; esad peer connect" in told
    assert "waits: 0 waiting, 0 refused, 0 dead, 0 undecided" in told


async def verbose(member: Member) -> Process:
    """A gateway that logs all that it may."""
    with (member.data.root / LOG).open("ab") as log:
        program = (sys.executable, "-m", "esad_gateway", *member.command, "--verbose")
        return await asyncio.create_subprocess_exec(*program, stdout=log, stderr=log)


def nothing_waits(member: Member) -> bool | None:
    """Whether everything is delivered, and written down as such."""
    return waiting(member.data) == 0 or None


@pytest.fixture(scope="module")
def delivered(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, dict[str, Member]]:
    """The ARC of a movement from Lithuania that has reached Poland, and both, whose gateways have ended."""
    now = datetime.now(UTC)
    states = {state: ZONES[state] for state in ("LT", "PL")}
    members = provision(tmp_path_factory.mktemp("box"), states, now, KeyKind.P256)
    traders = register(members, [CONSIGNOR, CONSIGNEE], now, KeyKind.P256)
    stage = Cast(members, traders)

    async def play() -> str:
        async with AsyncExitStack() as stack:
            await stack.enter_async_context(running(members.values(), verbose))
            arc = await stage.accepted(
                traders[CONSIGNOR.seed], draft_now(Parties(CONSIGNOR, CONSIGNEE), datetime.now(UTC))
            )
            await stage.arrived(traders[CONSIGNEE.seed], IE801, arc, members["LT"])
            await until(lambda: asyncio.to_thread(nothing_waits, members["LT"]), "Lithuania has delivered")
            return arc

    return asyncio.run(play()), members


def lines(member: Member) -> list[dict[str, Any]]:
    """The log of a gateway."""
    return [json.loads(line) for line in (member.data.root / LOG).read_text(encoding="utf-8").splitlines()]


def test_every_line_of_a_verbose_gateway_is_json(delivered: tuple[str, dict[str, Member]]) -> None:
    """Requests in parts, what the server says, and what the gateway says: one object a line."""
    _, members = delivered
    found = [line for member in members.values() for line in lines(member)]
    asked = [line for line in found if line["event"] == "request"]

    assert all({"event", "level", "timestamp"} <= line.keys() for line in found)
    assert {"Application startup complete.", "gateway listens"} <= {line["event"] for line in found}
    assert {("POST", "/v1/messages", 201), ("POST", "/ndea", 200)} <= {
        (line["method"], line["path"], line["status"]) for line in asked
    }
    assert lines(members["LT"])[0]["level"] == "info"


def test_delivery_is_one_line_that_names_the_document(delivered: tuple[str, dict[str, Member]]) -> None:
    """To whom, which message, of which movement, after how many tries; nothing of what it says."""
    arc, members = delivered
    [line] = [one for one in lines(members["LT"]) if one["event"] == "delivered"]

    assert (line["destination"], line["arc"], line["tries"], line["level"]) == ("NDEA.PL", arc, 1, "info")
    assert line["identifier"]
    assert line.keys() == {"event", "level", "timestamp", "destination", "identifier", "arc", "tries"}
    assert [one for one in lines(members["PL"]) if one["event"] == "delivered"] == []


def test_moment_to_begin_at_needs_a_clock_for_tests(data: Path) -> None:
    """The clock of the machine shows what it shows: the command says which option goes with it, and serves nothing."""
    said = subprocess.run((*command(data), "--begins", "2026-03-02"), capture_output=True, text=True, check=False)
    assert (said.returncode, said.stdout) == (2, "")
    assert "--test-clock" in said.stderr
