"""A mailbox is followed from a cursor: each message at least once, none left out, whenever the process is killed."""

import asyncio
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from esad_gateway.client import AsyncGatewayClient, CursorFile, ReceivedMessage
from esad_gateway.errors import UnreadableInput
from helpers.gateway import CONSIGNOR, PATIENCE, new_draft
from helpers.served import Served

ClientOf = Callable[..., Any]
PROGRAM = Path(__file__).with_name("following.py")


def submit(gateway: Served, times: int) -> list[int]:
    """Submit drafts; the numbers of their e-SADs in the mailbox."""
    drafts = [gateway.box.signed(CONSIGNOR, new_draft(at=datetime.now(UTC))) for _ in range(times)]
    return [gateway.submit(one).json["replies"][0]["seq"] for one in drafts]


def test_messages_are_handed_over_and_acknowledged(client_of: ClientOf, gateway: Served, tmp_path: Path) -> None:
    """What the trader was sent, with its bytes and not what it has sent itself; then nothing until more comes."""
    client, cursor, got = client_of(CONSIGNOR), CursorFile(tmp_path / "cursor"), list[ReceivedMessage]()
    first, second = submit(gateway, 2)
    cursor.write(first - 2)

    assert client.follow(got.append, cursor, seconds=0) == 2
    assert client.follow(got.append, cursor, seconds=0) == 0

    assert [message.entry.seq for message in got] == [first, second]
    assert got[0].document == client.message(first)
    assert client.messages(after=first - 1, limit=1).messages[0].acknowledged_at is not None
    assert CursorFile(tmp_path / "cursor").read() == second


def test_many_are_acknowledged(client_of: ClientOf, gateway: Served) -> None:
    """By their numbers, more than one request may have, and up to one; nothing twice, and what is missing is told."""
    client, (first, second, third) = client_of(CONSIGNOR), submit(gateway, 3)
    client.acknowledge_all(through=first - 1)
    absent = range(9_000_001, 9_001_001)

    named = client.acknowledge_all([second, *absent])
    rest = client.acknowledge_all(through=third)

    assert (named.changed, named.missing) == ((second,), tuple(absent))
    assert (rest.changed, rest.missing, rest.complete) == ((first, third), (), True)
    assert client.acknowledge_all().changed == ()


def test_message_that_was_not_handled_comes_again(client_of: ClientOf, gateway: Served, tmp_path: Path) -> None:
    """What the handler raises ends it: nothing is acknowledged, and the cursor stays."""
    client, cursor, got = client_of(CONSIGNOR), CursorFile(tmp_path / "cursor"), list[ReceivedMessage]()
    (seq,) = submit(gateway, 1)
    cursor.write(seq - 1)

    def fail(message: ReceivedMessage) -> None:
        raise ZeroDivisionError(message.entry.seq)

    with pytest.raises(ZeroDivisionError):
        client.follow(fail, cursor, seconds=0)
    assert client.messages(after=seq - 1).messages[0].acknowledged_at is None
    assert client.follow(got.append, cursor, seconds=0) == 1
    assert [message.entry.seq for message in got] == [seq]


def test_other_types_are_passed_over(client_of: ClientOf, gateway: Served, tmp_path: Path) -> None:
    """Only what is asked for is handed over, and the cursor moves behind what is not."""
    client, cursor = client_of(CONSIGNOR), CursorFile(tmp_path / "cursor")
    (seq,) = submit(gateway, 1)

    assert client.follow(lambda _: None, cursor, seconds=0, type="IE818") == 0
    assert cursor.read() >= seq


@pytest.mark.parametrize("when", ["before", "after", "cursor"])
def test_killed_follower_misses_nothing(gateway: Served, tmp_path: Path, when: str) -> None:
    """Killed while it handles the second message, after that, or before it moves the cursor; then run once more."""
    expected = submit(gateway, 3)
    CursorFile(tmp_path / "cursor").write(expected[0] - 2)
    trader = gateway.box.traders[CONSIGNOR]

    def run(moment: str) -> int:
        command = [sys.executable, str(PROGRAM), gateway.url, trader.seed, trader.token, str(tmp_path), moment, "2"]
        return subprocess.run(command, timeout=PATIENCE, check=False).returncode

    assert run(when) == -signal.SIGKILL
    assert run("never") == 0
    handled = [int(line) for line in (tmp_path / "handled").read_text(encoding="ascii").split()]
    assert sorted({*handled}) == expected
    assert len(handled) == (3 if when == "before" else 4)


@pytest.mark.parametrize("content", ["", "a", "-1", "1.5", "\u0663", "9" * 5_000])
def test_file_that_holds_no_cursor_is_refused(tmp_path: Path, content: str) -> None:
    """Nothing is taken from the beginning by mistake; and a folder that is not there is told."""
    (tmp_path / "cursor").write_text(content, encoding="utf-8")
    with pytest.raises(UnreadableInput, match="no number"):
        CursorFile(tmp_path / "cursor").read()
    with pytest.raises(UnreadableInput):
        CursorFile(tmp_path / "nowhere" / "cursor").write(1)


def test_awaited_handler_and_cursor_may_be_coroutines(gateway: Served) -> None:
    """A cursor in a database of one's own, say."""

    class InMemory:
        def __init__(self) -> None:
            self.seq = 0

        async def read(self) -> int:
            return self.seq

        async def write(self, seq: int) -> None:
            self.seq = seq

    async def scenario() -> None:
        (seq,) = submit(gateway, 1)
        cursor, got = InMemory(), list[int]()

        async def handle(message: ReceivedMessage) -> None:
            got.append(message.entry.seq)

        async with AsyncGatewayClient(
            gateway.url, seed=CONSIGNOR, token=gateway.box.traders[CONSIGNOR].token
        ) as client:
            await client.follow(handle, cursor, seconds=0)
        assert got[-1] == cursor.seq == seq

    asyncio.run(scenario())
