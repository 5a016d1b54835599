"""A run of submissions during which gateways are killed, and what their stores hold when it is over."""

import asyncio
import time
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from random import Random
from typing import Any

from sqlalchemy import RowMapping, select

from esad_gateway.audit.check import CheckOutcome, check, waiting
from esad_gateway.client import AsyncGatewayClient, operations
from esad_gateway.drafting.reports import report
from esad_gateway.emcs.messages import IE801
from esad_gateway.errors import PeerError
from esad_gateway.simulator.box import Gateways, Member, Trader
from esad_gateway.simulator.drafts import Parties, draft, read
from esad_gateway.simulator.stage import signed, until
from esad_gateway.store import tables
from esad_gateway.store.opening import open_store
from esad_gateway.store.rows import receipt_of

CLIENTS = 6
ANSWERS = (200, 201)
FIRST_PAUSE, LONGEST_PAUSE = 0.05, 0.6
IMPATIENCE = (0.1, 1.2)
"""Of the time that the last answer took: how long the least patient clients wait before they send the same again."""

PATIENCE = 120.0
"""Seconds: how long anything may take before the run is given up."""

STEPS = 8
"""How many submissions are acknowledged between two kills at least, on average."""


@dataclass(repr=False)
class Journal:
    """What the clients sent, by local reference number or ARC, and everything that they were told about it."""

    dice: Random
    drafts: dict[str, bytes] = field(default_factory=dict)
    reports: dict[str, bytes] = field(default_factory=dict)
    arcs: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    refused: list[str] = field(default_factory=list)
    unanswered: int = 0
    repeated: int = 0
    over_since: float | None = None
    arrived_at: float = 0.0
    usual: float = 0.02
    """Seconds: how long the last answer took. On a busy machine, to cut off sooner hits nothing."""

    def __str__(self) -> str:
        drafts, reports = len(self.drafts), len(self.reports)
        return (
            f"{len(self.arcs)} acknowledged, {drafts} drafts and {reports} reports of receipt;"
            f" {self.unanswered} times no answer, {self.repeated} times told again, {len(self.refused)} refused"
        )

    def note(self, sent: str, status: int, answer: dict[str, Any]) -> None:
        """Keep an answer."""
        if status not in ANSWERS:
            self.refused.append(f"{sent}: {status} {answer}")
            return
        self.repeated += answer["repeated"]
        self.arcs[sent].add(answer["arc"])

    async def progress(self, steps: int) -> None:
        """Wait until so many more submissions were acknowledged; each may take as long as anything."""
        for goal in range(len(self.arcs) + 1, len(self.arcs) + 1 + steps):
            async with asyncio.timeout(PATIENCE):
                while len(self.arcs) < goal:  # noqa: ASYNC110  what is awaited happens in another process
                    await asyncio.sleep(0.002)

    def nothing_can_come_after(self, seen: int) -> bool:
        """Whether a mailbox with so many e-SADs has all of them, or what is missing had time enough to come."""
        if self.over_since is None:
            return False
        return seen >= len(self.drafts) or time.monotonic() - max(self.over_since, self.arrived_at) > PATIENCE


async def submit(client: AsyncGatewayClient, document: bytes, journal: Journal) -> tuple[int, dict[str, Any]]:
    """Do what a client has to: send the same bytes again, less and less often, until there is an answer."""
    pause = FIRST_PAUSE
    while True:
        sent_at = time.monotonic()
        try:
            status, answer = await client.answer(operations.submit(document))
        except PeerError:
            journal.unanswered += 1
            await asyncio.sleep(journal.dice.uniform(0, pause))
            pause = min(2 * pause, LONGEST_PAUSE)
            continue
        if status != 503:
            journal.usual = time.monotonic() - sent_at
            return status, answer


async def consign(consignor: Trader, consignee: Trader, journal: Journal) -> None:
    """Submit one draft after the other until it is over; now and then with a client that has no patience."""
    while journal.over_since is None:
        now = datetime.now(UTC)
        # A deferred draft of yesterday is good on both sides of every midnight.
        parties, yesterday = Parties(consignor.operator, consignee.operator), (now - timedelta(days=1)).date()
        message = draft(parties, now, yesterday, deferred=True)
        lrn = message.ead_esad_draft.local_reference_number
        document = journal.drafts[lrn] = signed(consignor, message)
        if journal.dice.random() < 0.1:
            await _send_impatiently(consignor, document, journal)
        async with consignor.client() as client:
            journal.note(lrn, *await submit(client, document, journal))


async def _send_impatiently(trader: Trader, document: bytes, journal: Journal) -> None:
    patience = journal.usual * journal.dice.uniform(*IMPATIENCE)
    async with AsyncGatewayClient(trader.member.url, timeout=patience) as client:
        try:
            await client.answer(operations.submit(document))
        except PeerError:
            journal.unanswered += 1


async def receive(consignee: Trader, journal: Journal) -> None:
    """Read the mailbox from its beginning, and report on every fifth e-SAD, until nothing more can come."""
    after = seen = 0
    while not journal.nothing_can_come_after(seen):
        await asyncio.sleep(0.05)
        try:
            async with consignee.client() as client:
                _, page = await client.answer(operations.messages(consignee.seed, after=after, type="IE801", limit=20))
                arrived = [await client.message(item["seq"]) for item in page["messages"]]
        except PeerError:
            continue
        after = page["completeThrough"]
        for document in arrived:
            seen += 1
            journal.arrived_at = time.monotonic()
            if seen % 5 == 0:
                await _report(consignee, document, journal)


async def _report(consignee: Trader, document: bytes, journal: Journal) -> None:
    e_sad = read(document)
    assert isinstance(e_sad, IE801)
    arc = e_sad.excise_movement.administrative_reference_code
    message = report(e_sad, datetime.now(UTC), consignee.operator.office)
    journal.reports[arc] = signed(consignee, message)
    async with consignee.client() as client:
        journal.note(arc, *await submit(client, journal.reports[arc], journal))


@dataclass(frozen=True, slots=True)
class Plan:
    """How often to kill, and how many different submissions must have been acknowledged when it is over."""

    kills: int
    acknowledged: int = 0

    @property
    def steps(self) -> int:
        """How many submissions are acknowledged between two kills, on average."""
        return max(STEPS, self.acknowledged // max(1, self.kills))


async def kill_again_and_again(gateways: Gateways, members: dict[str, Member], plan: Plan, journal: Journal) -> None:
    """Kill dispatch in the middle of its work; every fifth time destination too, in turns with it and before it."""
    dispatch, destination = members["LT"], members["PL"]
    async with asyncio.TaskGroup() as restarts:
        coming_back = restarts.create_task(asyncio.sleep(0))
        for number in range(plan.kills):
            await journal.progress(journal.dice.randint(0, 2 * plan.steps))
            if number % 5 == 4:
                await coming_back
                await gateways.kill(destination)
                await journal.progress(journal.dice.randint(1, 10) if number % 10 == 4 else 0)
                coming_back = restarts.create_task(gateways.start(destination))
            await asyncio.sleep(journal.dice.uniform(0, 0.02))
            await gateways.kill(dispatch)
            await gateways.start(dispatch)
    await journal.progress(plan.acknowledged - len(journal.arcs))


async def havoc(
    gateways: Gateways, members: dict[str, Member], traders: Sequence[Trader], plan: Plan, journal: Journal
) -> None:
    """Submissions and kills at the same time; returns when all was acknowledged, delivered, and asked for again."""
    consignor, consignee = traders
    async with asyncio.TaskGroup() as tasks:
        for _ in range(CLIENTS):
            tasks.create_task(consign(consignor, consignee, journal))
        tasks.create_task(receive(consignee, journal))
        await kill_again_and_again(gateways, members, plan, journal)
        journal.over_since = time.monotonic()
    for member in members.values():
        over = partial(asyncio.to_thread, settled, member)
        await until(over, f"{member.address} has delivered everything", PATIENCE)
    await _ask_again(consignor, journal.drafts, journal)
    await _ask_again(consignee, journal.reports, journal)


async def _ask_again(trader: Trader, documents: dict[str, bytes], journal: Journal) -> None:
    async with trader.client() as client:
        for sent, document in documents.items():
            journal.note(sent, *await submit(client, document, journal))


def settled(member: Member) -> bool | None:
    """Whether everything that a gateway had to deliver was delivered; ``None`` while it is not."""
    with closing(open_store(member.data.database, member.address)) as store, store.reader.begin() as connection:
        held = connection.execute(select(tables.held).where(tables.held.c.released_at.is_(None))).first()
    return (held is None and waiting(member.data) == 0) or None


@dataclass(frozen=True, repr=False)
class Books:
    """What a store holds."""

    report: CheckOutcome
    movements: Sequence[RowMapping]
    messages: Sequence[RowMapping]
    receipts: Sequence[RowMapping]
    outbox: Sequence[RowMapping]
    holds: Sequence[RowMapping]

    @property
    def held(self) -> list[RowMapping]:
        """What has not been released yet."""
        return [row for row in self.holds if row["released_at"] is None]

    def arcs(self, mailbox: str, direction: str, kind: str) -> list[str]:
        """The ARCs of the messages of that type in a mailbox, each as often as it is there."""
        return [
            row["arc"]
            for row in self.messages
            if (row["mailbox"], row["direction"], row["type"]) == (mailbox, direction, kind)
        ]

    def receipt_arcs(self, sender: str) -> dict[str, str | None]:
        """The ARC of each receipt that a sender was given, by message identifier."""
        return {row["identifier"]: receipt_of(row["receipt"]).arc for row in self.receipts if row["sender"] == sender}


def read_books(member: Member) -> Books:
    """Read a store, whether its gateway runs or not."""
    store = open_store(member.data.database, member.address)
    try:
        with store.reader.begin() as connection:
            movements, messages, receipts, outbox, holds = (
                connection.execute(select(table)).mappings().all()
                for table in (tables.movement, tables.message, tables.inbox_identity, tables.outbox, tables.held)
            )
        return Books(check(member.data), movements, messages, receipts, outbox, holds)
    finally:
        store.close()


def once(what: str, found: Iterable[str | None], expected: Collection[str]) -> list[str]:
    """In words: what is expected and not found, found more than once, or found and not expected."""
    return sorted(_once(what, Counter(found), expected))


def _once(what: str, found: Counter[str | None], expected: Collection[str]) -> Iterator[str]:
    yield from (f"lost: {what} of {item}" for item in expected if item not in found)
    for item, times in found.items():
        if times > 1:
            yield f"doubled: {what} of {item} is there {times} times"
        if item not in expected:
            yield f"nobody asked for it: {what} of {item}"
