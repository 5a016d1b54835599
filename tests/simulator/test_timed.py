"""A clock for tests: what it is told, how it goes, and what a served gateway does by it."""

import asyncio
import json
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest

from esad_gateway.bootstrap import Parts, Runtime, build
from esad_gateway.client import AsyncGatewayClient, operations
from esad_gateway.emcs.identifiers import Malformed
from esad_gateway.ports.batches import RowOutcome
from esad_gateway.ports.reading import Listed, MailboxQuery
from esad_gateway.server import application
from esad_gateway.simulator.timed.clock import TestClock
from esad_gateway.simulator.timed.gateway import PROBE, check_beginning, timed_application
from esad_gateway.simulator.timed.orders import ClockOrder, order_of
from esad_gateway.simulator.world.emcs import Emcs
from esad_gateway.simulator.world.foundry import foundry
from esad_gateway.simulator.world.states import decide
from esad_gateway.simulator.world.world import signed
from esad_gateway.store.outbox import Outbox
from esad_gateway.texts import say
from helpers.batches import Office, receipts, table
from helpers.gateway import CONSIGNEE, PATIENCE
from helpers.listening import listening

NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("told", "to", "rate"),
    [
        ({"advance": {"days": 6}}, NOW + timedelta(days=6), None),
        ({"advance": {"hours": 1, "minutes": 30}}, NOW + timedelta(minutes=90), None),
        ({"to": "2026-03-09T10:00:00Z"}, NOW + timedelta(days=7), None),
        ({"to": "2026-03-02T14:00:00+02:00", "rate": 60}, NOW + timedelta(hours=2), 60),
        ({"rate": 0.5}, None, 0.5),
        ({"freeze": True}, None, 0),
        ({"advance": {"days": 1}, "freeze": True}, NOW + timedelta(days=1), 0),
    ],
)
def test_order_to_the_clock(told: dict[str, Any], to: datetime | None, rate: float | None) -> None:
    """Forward, to a moment, so many times faster, or not at all; where it goes comes before how fast it runs on."""
    assert order_of(json.dumps(told).encode(), NOW) == ClockOrder(to=to, rate=rate)


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"", "an order to the clock is JSON"),
        (b'{"advance": ', "an order to the clock is JSON"),
        (b"[" * 4000, "an order to the clock is JSON"),
        (b"[]", "an order to the clock is one of"),
        (b"{}", "an order to the clock is one of"),
        (b'{"forward": {"days": 1}}', 'found {"forward": {"days": 1}}'),
        (b'{"advance": {"days": 1}, "to": "2026-03-09T10:00:00Z"}', "an order to the clock is one of"),
        (b'{"rate": 1, "freeze": true}', "an order to the clock is one of"),
        (b'{"freeze": false}', "an order to the clock is one of"),
        (b'{"advance": 6}', "advance takes how far, in seconds, minutes, hours, days, weeks"),
        (b'{"advance": {}}', "advance takes how far"),
        (b'{"advance": {"years": 1}}', 'found {"years": 1}'),
        (b'{"advance": {"days": -1}}', "each a number from 0 on"),
        (b'{"advance": {"days": true}}', "each a number from 0 on"),
        (b'{"advance": {"days": NaN}}', "each a number from 0 on"),
        (b'{"advance": {"days": 1e300}}', "more than 3660 days away"),
        (b'{"to": "2099-01-01T00:00:00Z"}', "more than 3660 days away"),
        (b'{"to": "tomorrow"}', "to takes a moment with its offset"),
        (b'{"to": "2026-03-09T10:00:00"}', "to takes a moment with its offset"),
        (b'{"to": "0001-01-01T00:00:00+05:00"}', "to takes a moment with its offset"),
        (b'{"to": 7}', "to takes a moment with its offset"),
        (b'{"to": "2026-03-02T09:59:59Z"}', "2026-03-02T09:59:59+00:00 has passed"),
        (b'{"rate": -1}', "rate takes a number from 0"),
        (b'{"rate": 1e9}', "to 1000000"),
        (b'{"rate": "fast"}', "rate takes a number from 0"),
    ],
)
def test_order_that_is_none_is_told_what_there_is(body: bytes, says: str) -> None:
    """Whatever is wrong with it, nothing is moved, and the answer names what was found and what would do."""
    with pytest.raises(Malformed) as refused:
        order_of(body, NOW)
    assert says in say(refused.value.why)


def test_clock_stands_until_it_is_let_run_and_goes_on_from_where_it_was_moved() -> None:
    """It shows what it was moved to; running, it never goes back, and stopped it stands."""
    clock = TestClock(NOW)
    assert clock.now() == clock.now() == NOW
    clock.move(days=1)
    clock.run(100_000)
    end = time.monotonic() + PATIENCE
    while clock.now() < NOW + timedelta(days=1, hours=1):
        assert time.monotonic() < end
    clock.run(0)
    stopped = clock.now()
    assert stopped >= NOW + timedelta(days=1, hours=1)
    assert clock.now() == stopped
    assert clock.elapsed() == (stopped - NOW).total_seconds()


def test_rest_by_a_running_clock_ends_when_its_time_has_come() -> None:
    """Ten hours pass in a moment; a clock that stands lets nobody go on until it is let run."""

    async def rests() -> None:
        clock = TestClock(NOW, rate=1_000_000)
        async with asyncio.timeout(PATIENCE):
            await clock.rest(clock.elapsed() + 36_000, asyncio.Event())
        assert clock.elapsed() >= 36_000
        clock.run(0)
        resting = asyncio.create_task(clock.rest(clock.elapsed() + 3600, asyncio.Event()))
        done, _ = await asyncio.wait([resting], timeout=0.05)
        assert not done
        clock.run(1)
        async with asyncio.timeout(PATIENCE):
            await resting

    asyncio.run(rests())


def ask(port: int, method: str, path: str, body: object = None) -> tuple[int, Any]:
    """Status and JSON of an answer."""
    with closing(HTTPConnection("127.0.0.1", port, timeout=PATIENCE)) as connection:
        connection.request(method, path, None if body is None else json.dumps(body))
        response = connection.getresponse()
        return response.status, json.load(response)


def test_clock_is_held_while_something_is_done() -> None:
    """Now is one moment then, which may be moved; afterwards the clock is where it would have been, or later."""
    clock = TestClock(NOW, rate=1_000_000)
    with clock.held():
        held = clock.now()
        end = time.monotonic() + 0.01
        while time.monotonic() < end:
            assert clock.now() == held
        clock.move_to(held + timedelta(days=3000))
        assert clock.now() == held + timedelta(days=3000)
    assert clock.now() >= held + timedelta(days=3000)
    clock.run(0)
    with clock.held():
        stood = clock.now()
    assert clock.now() == stood


def test_gateway_by_a_running_clock_does_what_is_due(draft: tuple[Emcs, bytes], tmp_path: Path) -> None:
    """Its clock goes as the machine's: what a document brings is sent at once, here to nobody, and tried again."""
    emcs, document = draft
    clock = TestClock(NOW, rate=1)
    runtime = build(Parts(foundry().copy("LT", tmp_path / "LT").root, clock=clock))
    runtime.registry.add_operators(emcs.world.operators.values())
    with listening(timed_application(runtime, clock)) as port:
        asyncio.run(_taken(port, document))
        _, told = ask(port, "GET", "/test-clock")
        (line,) = Outbox(runtime.store).lines()
    assert told["now"] > NOW.isoformat()
    assert (line.destination, line.waiting) == ("NDEA.PL", 1)
    assert "no address is known for NDEA.PL" in str(line.reason)


@pytest.fixture
def draft() -> Iterator[tuple[Emcs, bytes]]:
    """A signed draft of a Lithuanian consignor for Poland, and the world in which both are registered."""
    with Emcs(NOW) as emcs:
        vilnius, warsaw = emcs.consignor("LT"), emcs.consignee("PL")
        yield emcs, signed(vilnius.signer, vilnius.draft(warsaw, journey_days=5))


def test_clock_of_a_served_gateway_is_moved(draft: tuple[Emcs, bytes], tmp_path: Path) -> None:
    """Nobody answers in Poland; six days later it was asked where a journey of five days stands (IE904).

    The answer to the order comes when that is done, and each message is dated by the clock at its moment.
    """
    emcs, document = draft
    clock = TestClock(NOW)
    data = foundry().copy("LT", tmp_path / "LT")
    decide(data, {"retry_longest": 86_400})
    runtime = build(Parts(data.root, clock=clock, probe=PROBE))
    runtime.registry.add_operators(emcs.world.operators.values())
    with listening(timed_application(runtime, clock)) as port:
        assert ask(port, "GET", "/health")[1]["clock"] == "test"
        arc = asyncio.run(_taken(port, document))
        assert "POST moves it" in ask(port, "GET", "/")[1]["doors"]["/test-clock"]
        _, before = ask(port, "GET", "/test-clock")
        assert (before["now"], before["rate"]) == (NOW.isoformat(), 0)
        assert before["due"] is not None
        status, after = ask(port, "POST", "/test-clock", {"advance": {"days": 6}})
        assert (status, after["now"]) == (200, (NOW + timedelta(days=6)).isoformat())
        found = [(one.type, one.recorded_at[:10]) for one in mailbox(runtime, "NDEA.PL", arc)]
        assert found == [("IE801", "2026-03-02"), ("IE904", "2026-03-07")]
        status, refused = ask(port, "POST", "/test-clock", {"to": NOW.isoformat()})
        assert (status, refused["type"]) == (400, "/problems/clock-order")
        assert "goes forward only" in refused["detail"]
        assert ask(port, "GET", "/test-clock")[1]["now"] == after["now"]


@pytest.mark.parametrize("fields", [{"Origin": "http://elsewhere.example"}, {"Sec-Fetch-Site": "cross-site"}])
def test_page_of_somebody_else_moves_no_clock(tmp_path: Path, fields: dict[str, str]) -> None:
    """A browser sends what any page tells it to, also to a gateway of this machine; it learns that by 403."""
    clock = TestClock(NOW)
    runtime = build(Parts(foundry().copy("LT", tmp_path / "LT").root, clock=clock))
    with (
        listening(timed_application(runtime, clock)) as port,
        closing(HTTPConnection("127.0.0.1", port, timeout=PATIENCE)) as connection,
    ):
        connection.request("POST", "/test-clock", b'{"advance": {"days": 6}}', fields)
        assert connection.getresponse().status == 403
    assert clock.now() == NOW


async def _taken(port: int, document: bytes) -> str:
    async with AsyncGatewayClient(f"http://127.0.0.1:{port}") as client:
        status, receipt = await client.answer(operations.submit(document))
    assert status == 201, receipt
    return str(receipt["arc"])


def mailbox(runtime: Runtime, seed: str, arc: str) -> list[Listed]:
    """What a mailbox has about a movement."""
    return list(runtime.mailboxes.page(seed, MailboxQuery(arc=arc)).messages)


def test_gateway_by_the_machines_clock_has_no_door_to_it(tmp_path: Path) -> None:
    """Without a clock for tests nobody can move time, and /health says which clock it is."""
    runtime = build(Parts(foundry().copy("LT", tmp_path / "LT").root))
    with listening(application(runtime)) as port:
        assert ask(port, "GET", "/health")[1]["clock"] == "machine"
        assert ask(port, "POST", "/test-clock", {"advance": {"days": 6}})[0] == 404
        assert ask(port, "GET", "/test-clock")[0] == 404
        assert "/test-clock" not in ask(port, "GET", "/")[1]["doors"]


def test_tables_are_worked_on_by_the_clock(tmp_path: Path) -> None:
    """A worker is told what the clock shows: its work is dated by that, and the clock goes on when it has ended."""
    clock = TestClock(NOW)
    with Emcs(NOW) as emcs:
        emcs.consignee(number=CONSIGNEE)
        runtime = build(Parts(foundry().copy("LT", tmp_path / "LT").root, clock=clock))
        runtime.registry.add_operators(emcs.world.operators.values())
    with listening(timed_application(runtime, clock)) as port:
        office = Office(runtime)
        batch = office.hand_in(table("saad", NOW.date(), receipts("A", "B")), trader=CONSIGNEE)
        status, told = ask(port, "POST", "/test-clock", {"advance": {"days": 2}})
        assert (status, told["now"]) == (200, (NOW + timedelta(days=2)).isoformat())
        assert office.outcomes(batch) == [RowOutcome.TAKEN] * 2
        assert office.desk.batch(CONSIGNEE, batch.id).ended_at == NOW


def test_clock_that_begins_before_what_the_store_holds_is_refused(draft: tuple[Emcs, bytes], tmp_path: Path) -> None:
    """The first moment that would do is told; at that moment the gateway starts."""
    emcs, document = draft
    root, clock = foundry().copy("LT", tmp_path / "LT").root, TestClock(NOW)
    runtime = build(Parts(root, clock=clock))
    runtime.registry.add_operators(emcs.world.operators.values())
    check_beginning(runtime, clock)
    with listening(timed_application(runtime, clock)) as port:
        asyncio.run(_taken(port, document))
    early = NOW - timedelta(seconds=1)
    command = [sys.executable, "-m", "esad_gateway", "serve", "--data", str(root), "--port", "0", "--test-clock"]
    ended = subprocess.run(
        [*command, "--begins", early.isoformat()], capture_output=True, text=True, timeout=PATIENCE, check=False
    )
    assert ended.returncode == 2
    (latest,) = re.findall(r"Start with --begins (\S+),", ended.stderr)
    assert datetime.fromisoformat(latest) == NOW
    again = build(Parts(root, clock=TestClock(datetime.fromisoformat(latest))))
    check_beginning(again, TestClock(datetime.fromisoformat(latest)))
    again.store.close()
