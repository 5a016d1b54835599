"""The demonstration: a whole exchange both ways between three member states, every step of it checked."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from esad_gateway.emcs.codes import OriginTypeCode
from esad_gateway.emcs.messages import IE801, IE815, IE818, Message
from esad_gateway.emcs.registry import Operator, OperatorType
from esad_gateway.errors import PeerError
from esad_gateway.simulator.box import Member, Trader, provision, register, running
from esad_gateway.simulator.drafts import Parties, draft, read, report
from esad_gateway.simulator.evidence import examine, trust_of
from esad_gateway.store.check import check
from esad_gateway.store.store import SqlStore
from esad_gateway.xml.binding import Binder

ZONES = {"LT": "Europe/Vilnius", "PL": "Europe/Warsaw", "DE": "Europe/Berlin"}
ACCEPTED, AGAIN, FORBIDDEN, REFUSED = 201, 200, 403, 422
FIVE_RULES = ["IR6", "R045", "R054", "R219", "R260"]
PATIENCE = 10.0
LOOK_EVERY = 0.02
T = TypeVar("T")


def _operator(seed: str, name: str, kind: OperatorType, office: str) -> Operator:
    return Operator(
        seed=seed,
        name=name,
        operator_type=kind,
        office=office,
        valid_from=date(2023, 2, 13),
        products=frozenset({"W200", "B000"}),
    )


OPERATORS = (
    _operator("LT00000000101", "UAB Pavyzdys", OperatorType.CERTIFIED_CONSIGNOR, "LT001000"),
    _operator("LT00000000102", "UAB Bandymas", OperatorType.CERTIFIED_CONSIGNEE, "LT001000"),
    _operator("PL00000000201", "Przykład Sp. z o.o.", OperatorType.CERTIFIED_CONSIGNEE, "PL002000"),
    _operator("DE00000000301", "Beispiel GmbH", OperatorType.CERTIFIED_CONSIGNOR, "DE003000"),
)


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happened, after it was checked: when, in which scene, who did what, and what was seen."""

    at: datetime
    scene: str
    who: str
    what: str
    seen: str


class NotAsExpected(PeerError):
    """Something that the demonstration prints did not happen."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """Traders of three member states, each at its own gateway."""

    members: dict[str, Member]
    traders: dict[str, Trader]

    async def play(self) -> AsyncIterator[Step]:
        """Play all scenes. Raises NotAsExpected at the first thing that is not as it should be."""
        for scene in (self._dispatch, self._mirror, self._refusals, self._audit):
            async for step in scene():
                yield step

    async def _dispatch(self) -> AsyncIterator[Step]:
        """Lithuania sends to Poland; the receipt is accepted."""
        scene = "LT to PL"
        consignor, consignee = self.traders["LT00000000101"], self.traders["PL00000000201"]
        arc = await self._submit_draft(consignor, consignee)
        yield _step(scene, consignor, "submits a signed IE815 for wine and beer", f"accepted, ARC {arc}")
        await self._await(consignor, "IE801", arc)
        yield _step(scene, consignor, "finds the IE801 in its mailbox", f"state {await self._state(consignor, arc)}")
        e_sad = await self._await(consignee, "IE801", arc)
        yield _step(
            scene, consignee, "finds the IE801 that came through /ndea", f"{len(_e_sad(e_sad).body_ead_esad)} lines"
        )
        await self._report(consignee, _e_sad(e_sad), {})
        yield _step(scene, consignee, "signs an IE818: receipt accepted", "accepted, conclusion 1")
        await self._await(consignor, "IE818", arc)
        states = {await self._state(consignor, arc), await self._state(consignee, arc)}
        _expect(states == {"X03"}, f"both sides should be Delivered, they are {states}")
        yield _step(scene, consignor, "finds the IE818 in its mailbox", "Delivered (X03) on both sides")

    async def _mirror(self) -> AsyncIterator[Step]:
        """Germany sends to Lithuania; ten litres of wine are missing."""
        scene = "DE to LT"
        consignor, consignee = self.traders["DE00000000301"], self.traders["LT00000000102"]
        arc = await self._submit_draft(consignor, consignee)
        yield _step(scene, consignor, "submits a signed IE815 in Germany", f"accepted, ARC {arc}")
        e_sad = _e_sad(await self._await(consignee, "IE801", arc))
        yield _step(
            scene, consignee, "finds the German e-SAD in its mailbox", f"from {e_sad.consignor_trader.trader_name}"
        )
        await self._report(consignee, e_sad, {1: Decimal(10)})
        yield _step(scene, consignee, "signs an IE818: 10 litres of wine are missing", "accepted, conclusion 2")
        arrived = await self._await(consignor, "IE818", arc)
        _expect(isinstance(arrived, IE818) and len(arrived.body_report_of_receipt_export) == 1, "one line is short")
        yield _step(scene, consignor, "finds the report in Germany", f"state {await self._state(consignor, arc)}")

    async def _refusals(self) -> AsyncIterator[Step]:
        """Five mistakes in one draft, a tampered document, a replayed one."""
        scene = "refusals"
        consignor, consignee = self.traders["LT00000000101"], self.traders["PL00000000201"]
        status, answer = await _submit(
            consignor, _sign(consignor, _with_five_mistakes(self._draft(consignor, consignee)))
        )
        rules = [fault["rule"] for fault in answer["faults"]]
        _expect(status == REFUSED and sorted(rules) == FIVE_RULES, f"five faults, got {status} {rules}")
        yield _step(scene, consignor, "submits a draft with five mistakes", "one refusal with all five:")
        for fault in answer["faults"]:
            seen = f"code {fault['code']}, {fault['path']} = {fault['value']}: {fault['hint']}"
            yield _step(scene, consignor, f"  {fault['rule']}", seen)
        signed = _sign(consignor, self._draft(consignor, consignee))
        status, answer = await _submit(consignor, signed.replace(b">900<", b">9000<"))
        _expect(status == FORBIDDEN, f"a tampered document is refused, got {status}")
        yield _step(scene, consignor, "submits it with another quantity", f"refused: {answer['detail']}")
        _, first = await _submit(consignor, signed)
        status, again = await _submit(consignor, signed)
        _expect(status == AGAIN and again["arc"] == first["arc"], f"the same receipt, got {status}")
        yield _step(scene, consignor, "submits the untouched one twice", f"taken once, the same ARC {again['arc']}")

    async def _audit(self) -> AsyncIterator[Step]:
        """Read everything back from the stores, and verify every signature again."""
        trust = trust_of(self.members)
        for member in self.members.values():
            await self._settled(member)
            evidence = await asyncio.to_thread(examine, member, trust, datetime.now(UTC))
            _expect(not evidence.report.problems, str(evidence.report.problems))
            _expect(not evidence.unproven, str(evidence.unproven))
            seen = f"{evidence.report.messages} messages, {evidence.verified} signatures verified, store whole"
            yield Step(datetime.now(UTC), "audit", member.address, "is read back from its store", seen)

    async def _settled(self, member: Member) -> None:
        """Wait until nothing is left to be delivered."""
        await _until(lambda: asyncio.to_thread(_nothing_waits, member), f"{member.address} has delivered everything")

    def _draft(self, consignor: Trader, consignee: Trader) -> IE815:
        now = datetime.now(UTC)
        local = now.astimezone(ZoneInfo(ZONES[consignor.member.state])).date()
        return draft(Parties(consignor.operator, consignee.operator), now, local)

    async def _submit_draft(self, consignor: Trader, consignee: Trader) -> str:
        status, answer = await _submit(consignor, _sign(consignor, self._draft(consignor, consignee)))
        _expect(status == ACCEPTED, f"the draft should be accepted: {status} {answer}")
        return str(answer["arc"])

    async def _report(self, consignee: Trader, e_sad: IE801, shortages: dict[int, Decimal]) -> None:
        message = report(e_sad, datetime.now(UTC), consignee.operator.office, shortages)
        status, answer = await _submit(consignee, _sign(consignee, message))
        _expect(status == ACCEPTED, f"the report should be accepted: {status} {answer}")

    async def _await(self, trader: Trader, kind: str, arc: str) -> Message:
        """The message of that type and movement, as soon as it stands in the trader's mailbox."""
        seq = await _until(lambda: _arrived(trader, kind, arc), f"an {kind} of {arc} reaches {trader.seed}")
        async with trader.client() as client:
            return read(await client.message(trader.seed, seq))

    async def _state(self, trader: Trader, arc: str) -> str:
        async with trader.client() as client:
            _, answer = await client.movement(trader.seed, arc)
        return str(answer.get("state"))


async def exchange(root: Path) -> AsyncIterator[Step]:
    """Provision three member states below ``root``, run them, play the exchange, stop them."""
    now = datetime.now(UTC)
    members = await asyncio.to_thread(provision, root, ZONES, now)
    traders = await asyncio.to_thread(register, members, OPERATORS, now)
    async with running(members.values()):
        async for step in Exchange(members, traders).play():
            yield step


def _with_five_mistakes(draft: IE815) -> IE815:
    """Gross below net mass, a journey too long, a wrong origin, a dispatch too far ahead, an unknown consignee."""
    first, *others = draft.body_ead_esad
    entry = draft.ead_esad_draft
    if draft.consignee_trader is None:
        raise TypeError(draft)
    return replace(
        draft,
        body_ead_esad=(replace(first, gross_mass=Decimal(1)), *others),
        header_ead_esad=replace(draft.header_ead_esad, journey_time="D92"),
        ead_esad_draft=replace(
            entry,
            origin_type_code=OriginTypeCode.TAX_WAREHOUSE,
            date_of_dispatch=entry.date_of_dispatch + timedelta(days=30),
        ),
        consignee_trader=replace(draft.consignee_trader, traderid="PL00000000299"),
    )


def _sign(trader: Trader, message: Message) -> bytes:
    return trader.signer.sign(Binder().write(message))


async def _submit(trader: Trader, document: bytes) -> tuple[int, dict[str, Any]]:
    async with trader.client() as client:
        return await client.submit(document)


async def _arrived(trader: Trader, kind: str, arc: str) -> int | None:
    async with trader.client() as client:
        _, page = await client.messages(trader.seed, type=kind, arc=arc)
    return next((item["seq"] for item in page["messages"] if item["direction"] == "out"), None)


def _nothing_waits(member: Member) -> bool | None:
    store = SqlStore(member.data.database)
    try:
        return check(store).waiting == 0 or None
    finally:
        store.close()


async def _until(look: Callable[[], Awaitable[T | None]], expected: str) -> T:
    """What ``look`` finds, as soon as it finds something. Raises NotAsExpected when patience ends."""
    try:
        async with asyncio.timeout(PATIENCE):
            while (found := await look()) is None:  # noqa: ASYNC110  what is awaited happens in another process
                await asyncio.sleep(LOOK_EVERY)
            return found
    except TimeoutError as error:
        raise NotAsExpected(f"not within {PATIENCE:g} s: {expected}") from error


def _e_sad(message: Message) -> IE801:
    if not isinstance(message, IE801):
        raise NotAsExpected(f"an IE801 was expected, it is an {type(message).__name__}")
    return message


def _expect(true: bool, expected: str) -> None:  # noqa: FBT001  reads as an assertion
    if not true:
        raise NotAsExpected(expected)


def _step(scene: str, trader: Trader, what: str, seen: str) -> Step:
    return Step(datetime.now(UTC), scene, f"{trader.seed} {trader.operator.name}", what, seen)
