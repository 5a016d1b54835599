"""The demonstration: a whole exchange both ways between three member states, every step of it checked."""

import asyncio
import hashlib
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

from esad_gateway.drafting.reports import report
from esad_gateway.emcs.codes import GlobalConclusionOfReceipt, OriginTypeCode
from esad_gateway.emcs.messages import IE704, IE801, IE815, IE818
from esad_gateway.emcs.registry import Operator, OperatorType
from esad_gateway.faults import Said, said
from esad_gateway.simulator.box import Trader, provision, register, running
from esad_gateway.simulator.drafts import Parties, draft
from esad_gateway.simulator.stage import ACCEPTED, Cast, expect, signed
from esad_gateway.texts import in_every_language, say

ZONES = {"LT": "Europe/Vilnius", "PL": "Europe/Warsaw", "DE": "Europe/Berlin"}
AGAIN, FORBIDDEN, REFUSED = 200, 403, 422
ACCEPTED_AND_SATISFACTORY = GlobalConclusionOfReceipt.ACCEPTED_AND_SATISFACTORY
MISSING = Decimal(10)
"""Litres."""

FIVE_RULES = ["IR6", "R045", "R054", "R219", "R260"]


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
class TimelineEvent:
    """One thing that happened, after it was checked: when, in which scene, who did what, and what was seen.

    What was done, and what was seen, are told in every language, by its two letters.
    """

    at: datetime
    scene: str
    who: str
    what: Mapping[str, str]
    seen: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Exchange:
    """The scenes of the demonstration; the last one compares everything that the others told with the stores."""

    stage: Cast

    async def play(self) -> AsyncIterator[TimelineEvent]:
        """Play all scenes. Raises NotAsExpected at the first thing that is not as it should be."""
        for scene in (self._dispatch, self._mirror, self._refusals, self._replay, self._audit):
            async for step in scene():
                yield step

    async def _dispatch(self) -> AsyncIterator[TimelineEvent]:
        """Lithuania sends to Poland; the receipt is accepted."""
        scene = "LT to PL"
        consignor, consignee = self.stage.traders["LT00000000101"], self.stage.traders["PL00000000201"]
        draft = _draft(consignor, consignee)
        arc = await self.stage.accepted(consignor, draft)
        yield _step(scene, consignor, Said("demo.submits"), said("demo.accepted", arc=arc))
        await self.stage.arrived(consignor, IE801, arc, consignor.member)
        yield _step(scene, consignor, Said("demo.finds_ie801"), await self.stage.in_state(consignor, arc, "X01"))
        e_sad = await self.stage.arrived(consignee, IE801, arc, consignor.member)
        expect(e_sad.body_ead_esad == draft.body_ead_esad, f"the e-SAD should say what the draft said: {e_sad}")
        seen = said("demo.as_in_draft", number=len(e_sad.body_ead_esad))
        yield _step(scene, consignee, Said("demo.finds_through"), seen)
        await self.stage.accepted(consignee, _report(consignee, e_sad, {}))
        yield _step(scene, consignee, Said("demo.signs_accepted"), await self.stage.in_state(consignee, arc, "X03"))
        arrived = await self.stage.arrived(consignor, IE818, arc, consignee.member)
        conclusion = arrived.report_of_receipt_export.global_conclusion_of_receipt
        expect(conclusion is ACCEPTED_AND_SATISFACTORY, f"all was satisfactory, the report says {conclusion}")
        state = await self.stage.in_state(consignor, arc, "X03")
        seen = said("demo.conclusion", conclusion=str(conclusion.value), state=state)
        yield _step(scene, consignor, Said("demo.finds_ie818"), seen)

    async def _mirror(self) -> AsyncIterator[TimelineEvent]:
        """Germany sends to Lithuania; ten litres of wine are missing."""
        scene = "DE to LT"
        consignor, consignee = self.stage.traders["DE00000000301"], self.stage.traders["LT00000000102"]
        arc = await self.stage.accepted(consignor, _draft(consignor, consignee))
        yield _step(scene, consignor, Said("demo.submits_there"), said("demo.accepted", arc=arc))
        e_sad = await self.stage.arrived(consignee, IE801, arc, consignor.member)
        name = e_sad.consignor_trader.trader_name
        expect(name == consignor.operator.name, f"the consignor should be {consignor.operator.name}, it is {name}")
        yield _step(scene, consignee, Said("demo.finds_german"), said("demo.from", name=name))
        await self.stage.accepted(consignee, _report(consignee, e_sad, {1: MISSING}))
        seen = await self.stage.in_state(consignee, arc, "X03")
        yield _step(scene, consignee, said("demo.signs_missing", litres=str(MISSING)), seen)
        arrived = await self.stage.arrived(consignor, IE818, arc, consignee.member)
        found = [line.observed_shortage_or_excess for line in arrived.body_report_of_receipt_export]
        expect(found == [MISSING], f"one line should be {MISSING} short, the report says {found}")
        state = await self.stage.in_state(consignor, arc, "X03")
        seen = said("demo.short", litres=str(MISSING), state=state)
        yield _step(scene, consignor, Said("demo.finds_report"), seen)

    async def _refusals(self) -> AsyncIterator[TimelineEvent]:
        """Five mistakes in one draft, and a tampered document."""
        scene = "refusals"
        consignor, consignee = self.stage.traders["LT00000000101"], self.stage.traders["PL00000000201"]
        mistaken = signed(consignor, _with_five_mistakes(_draft(consignor, consignee)))
        status, answer = await self.stage.submit(consignor, mistaken)
        faults = answer.get("faults", ())
        rules = sorted(fault["rule"] for fault in faults)
        expect(status == REFUSED and rules == FIVE_RULES, f"five faults should be found: {status} {answer}")
        names = [reply["message"] for reply in answer["replies"]]
        expect(names == [IE704.__name__], f"an IE704 should be the answer: {answer}")
        yield _step(scene, consignor, Said("demo.five"), Said("demo.five_refused"))
        for fault in faults:
            place = {name: str(fault[name]) for name in ("code", "path", "value")}
            seen = _with("demo.fault", fault["hints"], **place)
            yield TimelineEvent(
                datetime.now(UTC), scene, _who(consignor), dict.fromkeys(seen, f"  {fault['rule']}"), seen
            )
        tampered = signed(consignor, _draft(consignor, consignee)).replace(b">900<", b">9000<")
        status, answer = await self.stage.submit(consignor, tampered)
        expect(status == FORBIDDEN, f"a tampered document should be refused: {status} {answer}")
        self.stage.ledger.turned_away[consignor.member.state].add(hashlib.sha256(tampered).digest())
        seen, what = _with("demo.tampered", answer["details"]), in_every_language(Said("demo.tampers"))
        yield TimelineEvent(datetime.now(UTC), scene, _who(consignor), what, seen)

    async def _replay(self) -> AsyncIterator[TimelineEvent]:
        """The same bytes twice, as a client sends them that did not get the first answer."""
        scene = "refusals"
        consignor, consignee = self.stage.traders["LT00000000101"], self.stage.traders["PL00000000201"]
        document = signed(consignor, _draft(consignor, consignee))
        status, first = await self.stage.submit(consignor, document)
        expect(status == ACCEPTED, f"the draft should be accepted: {status} {first}")
        status, again = await self.stage.submit(consignor, document)
        arc = str(first["arc"])
        expect(status == AGAIN and again["arc"] == arc, f"the same receipt should come back: {status} {again}")
        await self.stage.arrived(consignee, IE801, arc, consignor.member)
        await self.stage.in_state(consignor, arc, "X01")
        await self.stage.in_state(consignee, arc, "X01")
        yield _step(scene, consignor, Said("demo.again"), said("demo.once", arc=arc))

    async def _audit(self) -> AsyncIterator[TimelineEvent]:
        """Read everything back from the stores, and verify every signature again."""
        for member in self.stage.members.values():
            evidence = await self.stage.audited(member)
            messages = said("count.messages", count=evidence.report.messages)
            seen = said("demo.whole", messages=messages, verified=evidence.verified)
            yield TimelineEvent(
                datetime.now(UTC),
                "audit",
                member.address,
                in_every_language(Said("demo.read_back")),
                in_every_language(seen),
            )


async def exchange(root: Path) -> AsyncGenerator[TimelineEvent]:
    """Provision three member states below ``root``, run them, play the exchange, stop them."""
    now = datetime.now(UTC)
    members = await asyncio.to_thread(provision, root, ZONES, now)
    traders = await asyncio.to_thread(register, members, OPERATORS, now)
    async with running(members.values()):
        async for step in Exchange(Cast(members, traders)).play():
            yield step


def draft_now(parties: Parties, now: datetime) -> IE815:
    """A draft that may be reported on at once: the goods leave and arrive today, in both calendars.

    In the hour when a new day has begun at the consignor only, it is a deferred draft of the day before.
    """
    today, there = (
        now.astimezone(ZoneInfo(ZONES[one.seed[:2]])).date() for one in (parties.consignor, parties.consignee)
    )
    return draft(parties, now, min(today, there), deferred=there < today)


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


def _draft(consignor: Trader, consignee: Trader) -> IE815:
    return draft_now(Parties(consignor.operator, consignee.operator), datetime.now(UTC))


def _report(consignee: Trader, e_sad: IE801, shortages: dict[int, Decimal]) -> IE818:
    return report(e_sad, datetime.now(UTC), consignee.operator.office, shortages)


def _step(scene: str, trader: Trader, what: Said, seen: Said) -> TimelineEvent:
    return TimelineEvent(datetime.now(UTC), scene, _who(trader), in_every_language(what), in_every_language(seen))


def _who(trader: Trader) -> str:
    return f"{trader.seed} {trader.operator.name}"


def _with(key: str, told: Mapping[str, str], **values: str) -> dict[str, str]:
    """A sentence in every language, with what a gateway has told in each."""
    return {language: say(said(key, told=text, **values), language) for language, text in told.items()}
