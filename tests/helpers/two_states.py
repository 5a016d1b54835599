"""Lithuania and Poland, each a gateway in a process of its own, and one movement between them."""

import asyncio
from collections.abc import Callable, Coroutine, Iterator, Mapping
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar

from esad_gateway.client import AsyncGatewayClient, operations
from esad_gateway.drafting.reports import report
from esad_gateway.emcs.codes import GlobalConclusionOfReceipt
from esad_gateway.emcs.messages import IE801, IE815, IE818, IE819, Message
from esad_gateway.emcs.messages.subject import movement_of
from esad_gateway.identities import header
from esad_gateway.ports.outbox import Tried
from esad_gateway.settings import FILE
from esad_gateway.signing.pki import KeyKind
from esad_gateway.simulator.box import Member, Trader, provision, register, running
from esad_gateway.simulator.drafts import Parties, read
from esad_gateway.simulator.exchange import OPERATORS, ZONES, draft_now
from esad_gateway.simulator.stage import Cast, signed, until
from esad_gateway.transport.http import HttpTransport
from esad_gateway.xml.binding import Binder
from helpers.forked import forked
from helpers.gateway import PATIENCE
from helpers.offices import equip, office_of
from helpers.samples import evolve

T = TypeVar("T")
CONSIGNOR, _, CONSIGNEE, _ = OPERATORS
QUICK = """
retry_first = 0.05
retry_longest = 0.2
outbox_pause = 0.1
clock_pause = 0.1
"""
_PLACES = ("excise_movement", "update_ead_esad", "attributes")


@dataclass(frozen=True)
class World:
    """Two member states, running."""

    runner: asyncio.Runner
    stage: Cast

    def play(self, scenario: Coroutine[Any, Any, T]) -> T:
        """Run a scenario to its end."""
        return self.runner.run(scenario)

    @property
    def consignor(self) -> Trader:
        """Sends from Lithuania."""
        return self.stage.traders[CONSIGNOR.seed]

    @property
    def consignee(self) -> Trader:
        """Receives in Poland."""
        return self.stage.traders[CONSIGNEE.seed]

    @property
    def parties(self) -> Parties:
        """Who sends to whom."""
        return Parties(CONSIGNOR, CONSIGNEE)

    async def begin(self, made_from: IE815 | None = None) -> "Consignment":
        """S1: a draft is accepted, and its e-SAD reaches the consignee."""
        message = made_from or draft_now(self.parties, datetime.now(UTC))
        arc = await self.stage.accepted(self.consignor, message)
        e_sad = await self.stage.arrived(self.consignee, IE801, arc, self.stage.members["LT"])
        return Consignment(self, arc, e_sad)


@dataclass(frozen=True)
class Consignment:
    """One movement, and what is written about it."""

    world: World
    arc: str
    e_sad: IE801

    async def submit(self, trader: Trader, message: Message) -> dict[str, Any]:
        """A trader submits; its message must be accepted."""
        document = signed(trader, self.about(message, trader.member.state))
        status, answer = await self.world.stage.submit(trader, document)
        assert status == 201, answer
        return answer

    async def order(self, state: str, message: Message, correlation: str | None = None) -> None:
        """An excise office submits, with a key of its own."""
        member, other = self.member(state), {"LT": "PL", "PL": "LT"}[state]
        fresh = self.about(message, state)
        addressed = replace(
            fresh,
            header=replace(fresh.header, message_recipient=f"NDEA.{other}", correlation_identifier=correlation),
        )
        document = office_of(member).sign(Binder("V3.23").write(addressed))
        async with AsyncGatewayClient(member.url) as client:
            status, answer = await client.answer(operations.submit(document))
        assert status == 201, answer

    async def consignor_gets(self, kind: type[Any], author: str) -> Any:
        """The consignor's mailbox gets a message of this movement, signed by that administration; that message."""
        return await self.world.stage.arrived(self.world.consignor, kind, self.arc, self.member(author))

    async def consignee_gets(self, kind: type[Any], author: str) -> Any:
        """The consignee's mailbox gets a message of this movement, signed by that administration; that message."""
        return await self.world.stage.arrived(self.world.consignee, kind, self.arc, self.member(author))

    async def states(self, dispatch: str, destination: str) -> None:
        """Both traders see their side in these states, as soon as the messages have arrived."""
        await self._sees(self.world.consignor, dispatch)
        await self._sees(self.world.consignee, destination)

    async def _sees(self, trader: Trader, expected: str) -> None:
        await until(lambda: self._in_state(trader, expected), f"{trader.seed} sees {self.arc} in {expected}")
        await self.world.stage.in_state(trader, self.arc, expected)

    async def report(self, **changes: Any) -> None:
        """The consignee reports the receipt."""
        await self.submit(self.world.consignee, evolve(self.received(), changes))

    def received(self, shortages: dict[int, Decimal] | None = None) -> IE818:
        """The consignee's report: all has arrived, but for the shortages."""
        return report(self.e_sad, datetime.now(UTC), CONSIGNEE.office, shortages)

    def partly_refused(self, quantity: Decimal) -> IE818:
        """The consignee's report that so much of the first line was refused, and everything else accepted."""
        line = "body_report_of_receipt_export.0"
        return evolve(
            self.received({1: quantity}),
            {
                "report_of_receipt_export.global_conclusion_of_receipt": GlobalConclusionOfReceipt.PARTIALLY_REFUSED,
                f"{line}.indicator_of_shortage_or_excess": None,
                f"{line}.observed_shortage_or_excess": None,
                f"{line}.refused_quantity": quantity,
            },
        )

    def member(self, state: str) -> Member:
        """A member state."""
        return self.world.stage.members[state]

    def about(self, message: Any, state: str) -> Any:
        """The message about this movement, with a fresh header."""
        named = movement_of(message)
        place = next(name for name in _PLACES if hasattr(getattr(message, name, None), "administrative_reference_code"))
        changes = {f"{place}.administrative_reference_code": self.arc} if named else {}
        if isinstance(message, IE819):
            changes["destination_office.reference_number"] = CONSIGNEE.office
        return replace(evolve(message, changes), header=header(state, datetime.now(UTC)))

    async def _in_state(self, trader: Trader, expected: str) -> bool | None:
        async with trader.client() as client:
            _, answer = await client.answer(operations.movement(trader.seed, self.arc))
        return answer.get("state") == expected or None


@contextmanager
def running_world(
    folder: Path, settings: str = "", prepare: Callable[[Mapping[str, Member]], None] | None = None
) -> Iterator[World]:
    """Both gateways run until the end of the block: quick to retry, and with these settings besides.

    ``prepare`` is called before they start.
    """
    now = datetime.now(UTC)
    members = provision(folder, {state: ZONES[state] for state in ("LT", "PL")}, now, KeyKind.P256)
    for member in members.values():
        with (member.data.root / FILE).open("a", encoding="utf-8") as file:
            file.write(f"{QUICK}{settings}\n")
    equip(members.values(), now)
    traders = register(members, [CONSIGNOR, CONSIGNEE], now, KeyKind.P256)
    if prepare:
        prepare(members)
    with asyncio.Runner() as runner:
        stack = AsyncExitStack()
        runner.run(stack.enter_async_context(running(members.values(), forked)))
        yield World(runner, Cast(members, traders))
        runner.run(stack.aclose())


async def deliver(member: Member, document: bytes) -> Tried:
    """Hand a document to a member's /ndea."""
    identifier = read(document).header.message_identifier
    transport = HttpTransport(lambda: {member.address: f"{member.url}/ndea"}, timeout=PATIENCE)
    try:
        return await transport.deliver(member.address, document, identifier)
    finally:
        await transport.close()
