"""Lithuania and Poland as processes of their own: the scenarios of a movement, and what may go wrong between them."""

import asyncio
import hashlib
import signal
from collections.abc import Coroutine, Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any, TypeVar

import pytest

from esad_gateway.drafting.reports import report
from esad_gateway.emcs.codes import GlobalConclusionOfReceipt, SubmitterType
from esad_gateway.emcs.messages import IE801, IE818, IE837
from esad_gateway.identities import header
from esad_gateway.ports.outbox import DeliveryOutcome, Reception
from esad_gateway.settings import FILE
from esad_gateway.signing.pki import KeyKind
from esad_gateway.simulator.box import Gateways, Member, Trader, provision, register, running
from esad_gateway.simulator.drafts import Parties
from esad_gateway.simulator.exchange import OPERATORS, ZONES, draft_now
from esad_gateway.simulator.stage import Cast, signed
from helpers.crash import Journal, consign, once, read_books
from helpers.forked import forked
from helpers.protocol import delay
from helpers.samples import evolve
from helpers.two_states import deliver

T = TypeVar("T")
CONSIGNOR, _, CONSIGNEE, _ = OPERATORS
FORMALITIES = timedelta(seconds=0.5)
SETTINGS = f"""
retry_first = 0.05
retry_longest = 0.2
outbox_pause = 0.1
formalities_days = {FORMALITIES / timedelta(days=1):.9f}
"""


@dataclass(frozen=True)
class World:
    """Two member states, running; ``play`` runs what happens between them."""

    runner: asyncio.Runner
    gateways: Gateways
    stage: Cast

    def play(self, scenario: Coroutine[Any, Any, T]) -> T:
        """Run a scenario to its end."""
        return self.runner.run(scenario)

    @property
    def lithuania(self) -> Member:
        """The state of dispatch."""
        return self.stage.members["LT"]

    @property
    def poland(self) -> Member:
        """The state of destination."""
        return self.stage.members["PL"]

    @property
    def consignor(self) -> Trader:
        """Sends from Lithuania."""
        return self.stage.traders[CONSIGNOR.seed]

    @property
    def consignee(self) -> Trader:
        """Receives in Poland."""
        return self.stage.traders[CONSIGNEE.seed]

    async def submit_draft(self) -> str:
        """The consignor's draft is accepted; its ARC."""
        parties = Parties(self.consignor.operator, self.consignee.operator)
        return await self.stage.accepted(self.consignor, draft_now(parties, datetime.now(UTC)))

    async def send(self) -> IE801:
        """A draft is accepted, and its e-SAD reaches the consignee."""
        return await self.receive(await self.submit_draft())

    async def receive(self, arc: str) -> IE801:
        """The e-SAD of an ARC, as soon as the consignee has it."""
        return await self.stage.arrived(self.consignee, IE801, arc, self.lithuania)

    async def documents(self, member: Member, mailbox: str, kind: str) -> list[bytes]:
        """The documents of that type in a trader's mailbox."""
        trader = self.stage.traders[mailbox]
        assert trader.member is member
        async with trader.client() as client:
            page = await client.messages(type=kind, limit=500)
            return [await client.message(entry.seq) for entry in page.messages]

    async def both_see(self, arc: str, state: str) -> None:
        """Consignor and consignee see the movement in a state."""
        for trader in (self.consignor, self.consignee):
            await self.stage.in_state(trader, arc, state)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Poland holds reports of receipt for half a second; deliveries are tried again quickly."""
    now = datetime.now(UTC)
    zones = {state: ZONES[state] for state in ("LT", "PL")}
    members = provision(tmp_path_factory.mktemp("box"), zones, now, KeyKind.P256)
    traders = register(members, (CONSIGNOR, CONSIGNEE), now, KeyKind.P256)
    for member in members.values():
        with (member.data.root / FILE).open("a", encoding="utf-8") as file:
            file.write(SETTINGS)
    with asyncio.Runner() as runner:
        stack = AsyncExitStack()
        gateways = runner.run(stack.enter_async_context(running(members.values(), forked)))
        yield World(runner, gateways, Cast(members, traders))
        runner.run(stack.aclose())


def delay_of(arc: str) -> IE837:
    """The consignor's explanation why the report about a movement is late."""
    explanation = delay(SubmitterType.CONSIGNOR)
    about = {"excise_movement.administrative_reference_code": arc}
    return replace(evolve(explanation, about), header=header("LT", datetime.now(UTC)))


def concluded(e_sad: IE801, conclusion: GlobalConclusionOfReceipt, refused: Decimal | None = None) -> IE818:
    """A report on the first line of ``e_sad``; of a partial refusal it says how much was refused."""
    full = report(e_sad, datetime.now(UTC), CONSIGNEE.office, {1: Decimal(1)})
    [line] = full.body_report_of_receipt_export
    return replace(
        full,
        report_of_receipt_export=replace(full.report_of_receipt_export, global_conclusion_of_receipt=conclusion),
        body_report_of_receipt_export=(
            replace(
                line,
                indicator_of_shortage_or_excess=None,
                observed_shortage_or_excess=None,
                refused_quantity=refused,
            ),
        ),
    )


async def answer(world: World, message: IE818) -> dict[str, Any]:
    """The consignee's report is accepted; its receipt."""
    status, receipt = await world.stage.submit(world.consignee, signed(world.consignee, message))
    assert status == 201, receipt
    return receipt


def test_s1_draft_becomes_an_e_sad_in_both_states(world: World) -> None:
    """S1: the same signed e-SAD stands in both mailboxes, and both sides are Accepted."""

    async def scenario() -> None:
        e_sad = await world.send()
        arc = e_sad.excise_movement.administrative_reference_code
        await world.stage.arrived(world.consignor, IE801, arc, world.lithuania)
        await world.both_see(arc, "X01")
        here = await world.documents(world.lithuania, CONSIGNOR.seed, "IE801")
        there = await world.documents(world.poland, CONSIGNEE.seed, "IE801")
        assert here[-1] == there[-1]

    world.play(scenario())


def test_s5_accepted_receipt_is_held_and_then_released(world: World) -> None:
    """S5: destination is Delivered at once; the report leaves when the formalities are over, not before."""

    async def scenario() -> None:
        e_sad = await world.send()
        arc = e_sad.excise_movement.administrative_reference_code
        receipt = await answer(world, report(e_sad, datetime.now(UTC), CONSIGNEE.office))
        assert receipt["replies"] == []
        await world.stage.in_state(world.consignee, arc, "X03")
        await world.stage.arrived(world.consignor, IE818, arc, world.poland)
        await world.both_see(arc, "X03")
        async with world.consignee.client() as client:
            page = await client.messages(type="IE818", arc=arc)
        sent, echoed = (entry.recorded_at for entry in page.messages)
        assert echoed - sent >= FORMALITIES

    world.play(scenario())


def test_s6_refused_receipt_goes_through_at_once(world: World) -> None:
    """S6: a refusal owes no formalities: the echo is in the receipt, and both sides are Refused."""

    async def scenario() -> None:
        e_sad = await world.send()
        arc = e_sad.excise_movement.administrative_reference_code
        receipt = await answer(world, concluded(e_sad, GlobalConclusionOfReceipt.REFUSED))
        assert [reply["message"] for reply in receipt["replies"]] == ["IE818"]
        await world.stage.arrived(world.consignor, IE818, arc, world.poland)
        await world.both_see(arc, "X08")

    world.play(scenario())


def test_s7_partial_refusal_tells_both_sides_how_much(world: World) -> None:
    """S7: both sides are Partially refused, and know which quantity of which line was."""

    async def scenario() -> None:
        e_sad = await world.send()
        arc = e_sad.excise_movement.administrative_reference_code
        receipt = await answer(world, concluded(e_sad, GlobalConclusionOfReceipt.PARTIALLY_REFUSED, Decimal(5)))
        assert receipt["replies"] == []
        arrived = await world.stage.arrived(world.consignor, IE818, arc, world.poland)
        assert [line.refused_quantity for line in arrived.body_report_of_receipt_export] == [Decimal(5)]
        await world.both_see(arc, "X10")

    world.play(scenario())


def test_peer_that_is_down_gets_everything_later_in_order(world: World) -> None:
    """Accepted while Poland is down; when it is back, each explanation comes after the e-SAD that it is about."""

    async def scenario() -> None:
        await world.gateways.stop(world.poland)
        arcs = [await world.submit_draft() for _ in range(5)]
        for arc in arcs:
            await world.stage.accepted(world.consignor, delay_of(arc))
        assert read_books(world.lithuania).report.waiting == 2 * len(arcs)
        await world.gateways.start(world.poland)
        for arc in arcs:
            await world.receive(arc)
            await world.stage.arrived(world.consignee, IE837, arc, world.lithuania)
            await world.both_see(arc, "X01")
        rows = sorted(read_books(world.poland).messages, key=lambda row: row["seq"])
        came = [row for row in rows if row["mailbox"] == "NDEA.LT"]
        for arc in arcs:
            assert [row["type"] for row in came if row["arc"] == arc] == ["IE801", "IE837"]

    world.play(scenario())


def test_replay_between_administrations_is_a_duplicate(world: World) -> None:
    """The same bytes through /ndea again are acknowledged as a duplicate, and change nothing."""

    async def scenario() -> None:
        await world.both_see((await world.send()).excise_movement.administrative_reference_code, "X01")
        *_, document = await world.documents(world.lithuania, CONSIGNOR.seed, "IE801")
        before = read_books(world.poland)
        assert (await deliver(world.poland, document)).outcome is DeliveryOutcome.DUPLICATE
        after = read_books(world.poland)
        assert (after.messages, after.movements) == (before.messages, before.movements)

    world.play(scenario())


@pytest.mark.parametrize("tampered", [True, False], ids=["tampered", "signed by a trader"])
def test_document_of_no_administration_touches_no_mailbox(world: World, *, tampered: bool) -> None:
    """What no administration has signed gets a SOAP fault and a line in the security log, and nothing else."""

    async def scenario() -> None:
        await world.both_see((await world.send()).excise_movement.administrative_reference_code, "X01")
        kind = "IE801" if tampered else "IE815"
        *_, document = await world.documents(world.lithuania, CONSIGNOR.seed, kind)
        document = document.replace(b">900<", b">9000<") if tampered else document
        before = read_books(world.poland)
        tried = await deliver(world.poland, document)
        assert tried.reception is Reception.REFUSED
        assert ("the digest is" if tampered else "no trader, excise office or administration") in tried.why
        after = read_books(world.poland)
        assert (after.messages, after.movements) == (before.messages, before.movements)
        world.stage.ledger.turned_away["PL"].add(hashlib.sha256(document).digest())

    world.play(scenario())


def test_graceful_stop_in_the_middle_of_submissions_loses_nothing(world: World) -> None:
    """SIGTERM while clients submit: what was acknowledged is there, what was not is taken after the restart, once."""
    journal = Journal(Random(1))  # noqa: S311  a seed makes runs alike, nothing is kept secret

    async def scenario() -> int | None:
        async with asyncio.TaskGroup() as tasks:
            for _ in range(3):
                tasks.create_task(consign(world.consignor, world.consignee, journal))
            await journal.progress(10)
            await world.gateways.stop(world.lithuania)
            code = world.gateways.exit_code(world.lithuania)
            await world.gateways.start(world.lithuania)
            await journal.progress(10)
            journal.over_since = 0
        return code

    assert world.play(scenario()) == -signal.SIGTERM
    assert journal.refused == []
    told = {lrn: sorted(journal.arcs[lrn]) for lrn in journal.drafts}
    made = [row for row in read_books(world.lithuania).movements if row["lrn"] in told]
    assert once("the movement", [row["lrn"] for row in made], told) == []
    assert {row["lrn"]: [row["arc"]] for row in made} == told
    for row in made:
        world.play(world.receive(row["arc"]))
        world.play(world.both_see(row["arc"], "X01"))


@pytest.mark.parametrize("state", ["LT", "PL"])
def test_books_agree_with_everything_that_was_told(world: World, state: str) -> None:
    """After all of the above the stores are whole, every signature verifies, and nothing is there but what was told."""
    evidence = world.play(world.stage.audited(world.stage.members[state]))

    assert evidence.verified > 0
