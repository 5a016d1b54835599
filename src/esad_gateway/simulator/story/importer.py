"""One small importer, from a sign-in that fails to a declaration: every step at a real door, and checked."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from esad_gateway.drafting.reports import report
from esad_gateway.emcs.messages import IE801, IE818
from esad_gateway.emcs.registry import Operator, OperatorType
from esad_gateway.faults import Said, said
from esad_gateway.simulator.box import Member, Trader, provision, register, running
from esad_gateway.simulator.drafts import Parties
from esad_gateway.simulator.exchange import TimelineEvent, draft_now
from esad_gateway.simulator.stage import ACCEPTED, SHOWN, Cast, expect, until
from esad_gateway.simulator.story.doors import DoorAnswer, ask, sign_in
from esad_gateway.simulator.story.provider import identity_provider
from esad_gateway.simulator.story.tax_office import TaxOffice
from esad_gateway.texts import in_every_language

ZONES: Final = {"LT": "Europe/Vilnius", "PL": "Europe/Warsaw"}
ENTITY: Final = "302000001"
IMPORTER, OFFICER = "importer", "officer"
VMI: Final = "188000000"
"""The administration as an entity: a code of nobody."""

PERSON: Final = "38001010001"
"""A personal code of nobody."""

PORTAL, OWN_MEANS = "mano-vmi", "vmi"
NOT_ADMITTED, REFUSED, CONFLICT = 403, 422, 409
AMOUNT: Final = "3500.00"
"""What the officer wants to be secured, in EUR: an input, however it was computed."""

PERSONS: Final[Mapping[str, Mapping[str, Any]]] = {
    IMPORTER: {
        "personal_code": PERSON,
        "name": "Trader One",
        "resident": True,
        "entity": ENTITY,
        "rights": ["AIS subjekto rolių tvarkytojas"],
    },
    OFFICER: {"preferred_username": OFFICER, "name": "Officer", "resident": False, "entity": VMI},
}

PRODUCER: Final = Operator(
    seed="PL00000000202",
    name="Przykład Sp. z o.o.",
    operator_type=OperatorType.CERTIFIED_CONSIGNOR,
    office="PL002000",
    valid_from=date(2023, 2, 13),
    products=frozenset({"W200", "B000"}),
)

REQUEST: Final[Mapping[str, Any]] = {
    "channel": "mano_vmi",
    "request": {
        "status": OperatorType.CERTIFIED_CONSIGNEE.value,
        "applicant": {
            "code": ENTITY,
            "name": "Trader One",
            "street": "Gatvė",
            "number": "1",
            "postcode": "01100",
            "city": "Vilnius",
            "email": "trader.one@example.lt",
        },
        "goods": [
            {"product": "W200", "tariff_group": "210", "monthly": "900"},
            {"product": "B000", "tariff_group": "110", "monthly": "1000"},
        ],
        "places": [{"street": "Gatvė 1", "city": "Vilnius"}],
        "per_quarter": 12,
        "security": "deposit",
    },
}


@dataclass(slots=True)
class Importer:
    """The scenes; each goes on with what the one before it has brought: a token, a case, a number, an ARC."""

    stage: Cast
    office: TaxOffice
    token: str = ""
    officer: str = ""
    case: str = ""
    seed: str = ""
    arc: str = ""

    @property
    def home(self) -> Member:
        """The gateway of Lithuania."""
        return self.stage.members["LT"]

    async def play(self) -> AsyncIterator[TimelineEvent]:
        """Play all scenes. Raises NotAsExpected at the first thing that is not as it should be."""
        for scene in (self._sign_in, self._registration, self._decision, self._movement, self._duty):
            async for step in scene():
                yield step

    async def _sign_in(self) -> AsyncIterator[TimelineEvent]:
        """ACC-1 to ACC-3, ERR-1: nobody knows the person, then a role is on its way, then it counts."""
        scene = "sign-in"
        denied = await sign_in(self.home, PORTAL, IMPORTER)
        _expected(denied, NOT_ADMITTED, ["ACC-2"])
        yield _told(scene, IMPORTER, Said("national_demo.signs_in"), denied.text)
        known = await asyncio.to_thread(self.office.granted, PERSON, ENTITY, "role_manager", "Trader One")
        yield _step(scene, "Mano VMI", Said("national_demo.assigns"), said("national_demo.known_at", at=_clock(known)))
        if datetime.now(UTC) < known - timedelta(seconds=1):
            denied = await sign_in(self.home, PORTAL, IMPORTER)
            _expected(denied, NOT_ADMITTED, ["ACC-3"])
            yield _told(scene, IMPORTER, Said("national_demo.too_early"), denied.text)
        self.token = await self._admitted(PORTAL, IMPORTER)
        yield _step(scene, IMPORTER, Said("national_demo.signs_in"), Said("national_demo.is_in"))

    async def _registration(self) -> AsyncIterator[TimelineEvent]:
        """CCE-3: a request with mistakes, and one without."""
        scene = "registration"
        mistaken = {**REQUEST, "request": {**REQUEST["request"], "goods": [], "places": []}}
        refused = await ask(self.home, self.token, "/v1/national/cases", mistaken)
        _expected(refused, REFUSED)
        yield _told(scene, IMPORTER, Said("national_demo.asks_wrongly"), refused.text)
        begun = await ask(self.home, self.token, "/v1/national/cases", REQUEST)
        _expected(begun, ACCEPTED)
        self.case = begun.told["case"]["number"]
        yield _step(scene, IMPORTER, Said("national_demo.asks"), said("national_demo.case", number=self.case))

    async def _decision(self) -> AsyncIterator[TimelineEvent]:
        """CCE-4, RC-8: amount, deposit, a decision that comes too early, proof, number."""
        scene = "registration"
        await asyncio.to_thread(self.office.granted, OFFICER, VMI, "excise_officer", "Officer")
        self.officer = await self._admitted(OWN_MEANS, OFFICER)
        await self._act(self.officer, "set_amount", {"amount": AMOUNT})
        yield _step(scene, OFFICER, Said("national_demo.sets"), said("national_demo.amount", amount=AMOUNT))
        await self._act(self.officer, "pay", {"amount": AMOUNT, "reference": "P-1"})
        early = await self._asked(self.officer, "register", {"office": "LT001000"})
        _expected(early, CONFLICT)
        yield _told(scene, OFFICER, Said("national_demo.decides_early"), early.text)
        paper = await ask(self.home, self.token, "/v1/national/cases/documents?name=payment", b"paid", "text/plain")
        _expected(paper, ACCEPTED)
        proof = {"channel": "mano_vmi", "document": {"name": "payment", "digest": paper.told["digest"]}}
        await self._act(self.token, "prove", proof)
        decided = await self._act(self.officer, "register", {"office": "LT001000"})
        self.seed = decided["case"]["seed"]
        yield _step(scene, OFFICER, Said("national_demo.decides"), said("national_demo.number", seed=self.seed))
        producer = self.stage.traders[PRODUCER.seed]
        await until(lambda: _known(producer, self.seed), f"{self.seed} is known in PL", self.stage.within)
        yield _step(
            scene, producer.member.address, Said("national_demo.takes_ie713"), Said("national_demo.knows_number")
        )

    async def _movement(self) -> AsyncIterator[TimelineEvent]:
        """RCV-1, ROL-1: an e-SAD from Poland, and its report of receipt by a person with the role of the number."""
        scene = "movement"
        wanted = {"person": PERSON, "role": OperatorType.CERTIFIED_CONSIGNEE.value, "seed": self.seed}
        given = await ask(self.home, self.token, "/v1/national/roles", wanted)
        _expected(given, ACCEPTED)
        importer = await asyncio.to_thread(self.office.with_key, self.seed, self.token)
        self.stage.traders[self.seed] = importer
        yield _step(scene, IMPORTER, Said("national_demo.grants"), said("national_demo.number", seed=self.seed))
        producer = self.stage.traders[PRODUCER.seed]
        draft = draft_now(Parties(producer.operator, importer.operator), datetime.now(UTC))
        self.arc = await self.stage.accepted(producer, draft)
        yield _step(scene, PRODUCER.seed, Said("national_demo.submits"), said("demo.accepted", arc=self.arc))
        await until(self._reads, f"the role for {self.seed} counts", self.stage.within)
        e_sad = await self.stage.arrived(importer, IE801, self.arc, producer.member)
        ledger = await self._shown(f"/v1/national/guarantees/{self.seed}")
        yield _step(scene, IMPORTER, Said("national_demo.finds"), _ledger(ledger))
        await self.stage.accepted(importer, report(e_sad, datetime.now(UTC), importer.operator.office, {}))
        yield _step(scene, IMPORTER, Said("demo.signs_accepted"), await self.stage.in_state(importer, self.arc, "X03"))
        await self.stage.arrived(producer, IE818, self.arc, self.home)
        yield _step(
            scene,
            PRODUCER.seed,
            Said("national_demo.finds_report"),
            await self.stage.in_state(producer, self.arc, "X03"),
        )

    async def _duty(self) -> AsyncIterator[TimelineEvent]:
        """DEC-1 to DEC-3: what will be declared for this month, until when, and what else is due."""
        scene = "duty"
        today = datetime.now(UTC).astimezone(ZoneInfo(ZONES["LT"])).date()
        declared = await self._shown(f"/v1/traders/{self.seed}/declarations/{today:%Y-%m}")
        yield _step(scene, IMPORTER, Said("national_demo.previews"), _declaration(declared))
        board = await self._shown(f"/v1/traders/{self.seed}/due")
        expect(bool(board["items"]), f"the board should know of the declaration: {board}")
        for item in board["items"]:
            yield _step(scene, IMPORTER, Said("national_demo.looks"), _due(item))
        for member in self.stage.members.values():
            evidence = await self.stage.audited(member)
            messages = said("count.messages", count=evidence.report.messages)
            seen = said("demo.whole", messages=messages, verified=evidence.verified)
            yield _step(scene, member.address, Said("demo.read_back"), seen)

    async def _admitted(self, provider: str, name: str) -> str:
        """The token of somebody whose role comes within seconds."""

        async def tried() -> DoorAnswer | None:
            answered = await sign_in(self.home, provider, name)
            return answered if answered.status == SHOWN else None

        return str((await until(tried, f"{name} may sign in", self.stage.within)).told["token"])

    async def _asked(self, token: str, act: str, values: Mapping[str, Any]) -> DoorAnswer:
        return await ask(self.home, token, f"/v1/national/cases/{self.case}/acts/{act}", values)

    async def _act(self, token: str, act: str, values: Mapping[str, Any]) -> Mapping[str, Any]:
        answered = await self._asked(token, act, values)
        _expected(answered, SHOWN)
        return answered.told

    async def _shown(self, path: str) -> Mapping[str, Any]:
        answered = await ask(self.home, self.token, path)
        _expected(answered, SHOWN)
        return answered.told

    async def _reads(self) -> bool | None:
        answered = await ask(self.home, self.token, f"/v1/traders/{self.seed}/messages")
        return answered.status == SHOWN or None


async def story(root: Path) -> AsyncGenerator[TimelineEvent]:
    """Provision Lithuania and Poland below ``root``, run them and a provider of identities, and play the story."""
    now = datetime.now(UTC)
    members = await asyncio.to_thread(provision, root, ZONES, now)
    traders = await asyncio.to_thread(register, members, (PRODUCER,), now)
    office = TaxOffice(members["LT"], VMI)
    async with contextlib.AsyncExitStack() as running_now:
        issuer = await running_now.enter_async_context(identity_provider(PERSONS))
        office.agree(issuer, (PORTAL, "mano_vmi"), (OWN_MEANS, "vmi"))
        await running_now.enter_async_context(running(members.values()))
        async for step in Importer(Cast(members, traders), office).play():
            yield step


async def _known(trader: Trader, seed: str) -> bool | None:
    answered = await ask(trader.member, trader.token, f"/v1/operators/{seed}")
    return answered.status == SHOWN or None


def _expected(answered: DoorAnswer, status: int, rules: list[str] | None = None) -> None:
    expect(answered.status == status and rules in (None, answered.rules), f"{status} {rules or ''}: {answered}")


def _step(scene: str, who: str, what: Said, seen: Said) -> TimelineEvent:
    return TimelineEvent(datetime.now(UTC), scene, who, in_every_language(what), in_every_language(seen))


def _told(scene: str, who: str, what: Said, text: Callable[[str], str]) -> TimelineEvent:
    """What somebody was told, in every language."""
    asked = in_every_language(what)
    return TimelineEvent(datetime.now(UTC), scene, who, asked, {language: text(language) for language in asked})


def _clock(moment: datetime) -> str:
    return f"{moment:%H:%M:%S}"


def _ledger(told: Mapping[str, Any]) -> Said:
    return said(
        "national_demo.ledger", **{name: told["balance"][name] for name in ("secured", "reserved", "available")}
    )


def _declaration(told: Mapping[str, Any]) -> Said:
    return said("national_demo.declaration", form=told["form"]["name"], amount=told["duty"], due=told["due"]["day"])


def _due(item: Mapping[str, Any]) -> Said:
    return said("national_demo.due", what=item["kind"], day=item["due"], left=item["workingDaysLeft"])
