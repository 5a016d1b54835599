"""The fixtures of the SAAD list, and what they are judged against (``fixtures/saad/case.toml``)."""

import json
import tomllib
from dataclasses import dataclass, fields, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from esad_gateway.ais.saad.deciding import Decision, decide
from esad_gateway.ais.saad.law import SaadLaw
from esad_gateway.ais.saad.mechanism import SaadFacts
from esad_gateway.ais.saad.record import SaadEntry, SaadLine, SaadRecord, Source, Status
from esad_gateway.emcs.registry import Operator, OperatorType, TemporaryAuthorisation
from esad_gateway.profiles.calendars import calendars
from esad_gateway.profiles.saad import saad_law

FIXTURES = Path(__file__).parents[2] / "fixtures" / "saad"
VALID = sorted(FIXTURES.glob("valid/*.json"))
INVALID = sorted(path for path in FIXTURES.glob("invalid/*.json") if ".faults" not in path.name)

_AMOUNTS = frozenset({"quantity", "strength", "plato", "shortage", "excess"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """An entry with all that is needed to decide about it."""

    entry: SaadEntry
    standing: SaadRecord | None
    facts: SaadFacts
    now: datetime
    made_from: int | None = None

    def decision(self) -> Decision:
        """What becomes of the entry."""
        return decide(self.entry, self.standing, self.facts, self.now, made_from=self.made_from)


def judged(path: Path) -> Judged:
    """The fixture at ``path``. Its ``as`` says what is otherwise than in ``case.toml``."""
    document = json.loads(path.read_text(encoding="utf-8"))
    told, entry = document.get("as", {}), entry_of(document["entry"])
    if "lines" in told:
        entry = replace(entry, lines=entry.lines * told["lines"])
    return Judged(
        entry=entry,
        standing=standing(replace(entry, **told["standing"]), **_version(told)) if "standing" in told else None,
        facts=facts_of(entry, **{name: told[name] for name in ("state", "trader", "registered_from") if name in told}),
        now=now(),
        made_from=told.get("made_from"),
    )


def _version(told: dict[str, Any]) -> dict[str, Any]:
    """A further version of what stands is a correction."""
    return {"version": told["version"], "status": Status.CORRECTED} if "version" in told else {}


def entry_of(row: dict[str, Any]) -> SaadEntry:
    """An entry out of JSON, whose amounts are texts and whose days are in ISO form."""
    typed = {
        "source": Source(row["source"]),
        "dispatched": date.fromisoformat(row["dispatched"]),
        "received": date.fromisoformat(row["received"]),
        "capacity": OperatorType(row["capacity"]),
        "lines": tuple(_line(line) for line in row["lines"]),
    }
    return SaadEntry(**(row | typed))


def entry_named(name: str) -> SaadEntry:
    """The entry of a valid fixture."""
    return judged(FIXTURES / "valid" / f"{name}.json").entry


def standing(entry: SaadEntry, **facts: Any) -> SaadRecord:
    """A first version of an entry, entered in time, unless ``facts`` say otherwise."""
    first = SaadRecord(
        entry=entry,
        version=1,
        status=Status.ENTERED,
        late=False,
        due=law().due(entry.received),
        entered_at=now() - timedelta(hours=1),
        since=now() - timedelta(hours=1),
    )
    return replace(first, **facts)


@cache
def law(state: str = "LT") -> SaadLaw:
    """The SAAD list of a member state, as its gateway has it without settings."""
    return saad_law(state, calendars({})[state])


def now() -> datetime:
    """The moment of the fixtures."""
    moment: datetime = _case()["now"]
    return moment


def facts_of(
    entry: SaadEntry, *, state: str | None = None, trader: str | None = None, registered_from: str | None = None
) -> SaadFacts:
    """What the register says about who received."""
    case, number = _case(), entry.consignee
    first = date.fromisoformat(registered_from) if registered_from else None
    return SaadFacts(
        law=law(state or case["state"]),
        trader=trader or number,
        operators=tuple(_operator(row, first) for row in case["operators"] if row["seed"] == number),
        receipts=case["receipts"].get(number, 0),
        used={row["product"]: Decimal(row["quantity"]) for row in case["used"] if row["authorisation"] == number},
    )


@cache
def _case() -> dict[str, Any]:
    return tomllib.loads((FIXTURES / "case.toml").read_text(encoding="utf-8"))


def _line(row: dict[str, Any]) -> SaadLine:
    known = {one.name for one in fields(SaadLine)}
    assert set(row) <= known
    return SaadLine(**(row | {name: Decimal(row[name]) for name in _AMOUNTS & row.keys()}))


def _operator(row: dict[str, Any], first: date | None) -> Operator:
    return Operator(
        seed=row["seed"],
        name=row["name"],
        operator_type=OperatorType(row["type"]),
        office="LT001000",
        valid_from=first or row["valid_from"],
        valid_to=row.get("valid_to"),
        products=frozenset(row.get("products", ())),
        categories=frozenset(row.get("categories", ())),
        temporary=_temporary(row["temporary"]) if "temporary" in row else None,
    )


def _temporary(row: dict[str, Any]) -> TemporaryAuthorisation:
    quantities = {product: Decimal(quantity) for product, quantity in row["quantities"].items()}
    return TemporaryAuthorisation(**(row | {"quantities": quantities}))
