"""How guarantees stand in tables: the heads of columns, and a row for each thing."""

from collections.abc import Sequence
from datetime import UTC
from typing import Final

from esad_gateway.ais.guarantees.guarantee import Guarantee, GuaranteeEntry
from esad_gateway.ais.guarantees.recalculation import AmountCandidate
from esad_gateway.cli.common import output
from esad_gateway.cli.common.language import word
from esad_gateway.faults import Said, said
from esad_gateway.ports.national.guarantees import GuaranteeStatement
from esad_gateway.views.guarantees import eur

LIST: Final = ("seed", "secured", "reserved", "used", "available", "required", "missing", "renew")
HELD: Final = ("number", "kind", "reference", "amount", "since", "until")
LEDGER: Final = ("at", "entry", "amount", "guarantee", "subject", "why")
CANDIDATES: Final = ("seed", "trigger", "before", "amount", "percent", "instead_of")


def heads(names: Sequence[str]) -> tuple[Said, ...]:
    """The heads of columns."""
    return tuple(Said(f"guarantee.head.{name}") for name in names)


def summary_row(one: GuaranteeStatement) -> tuple[str, ...]:
    """How a number stands, in a line."""
    held, cover = one.balance, one.cover
    amounts = (held.secured, held.reserved, held.used, held.available)
    required = "" if cover.required is None else eur(cover.required)
    renew = cover.renewal.day.isoformat() if cover.renewal else ""
    return (one.seed, *map(eur, amounts), required, eur(cover.missing), renew)


def held_row(one: Guarantee) -> tuple[str, ...]:
    """A guarantee."""
    kind, until = word(Said(f"guarantee.kind.{one.kind}")), one.until.isoformat() if one.until else ""
    return (str(one.number), kind, one.reference, eur(one.amount), one.since.isoformat(), until)


def ledger_row(one: GuaranteeEntry) -> tuple[str, ...]:
    """A line of the ledger."""
    at = one.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    entry, amount = word(Said(f"guarantee.entry.{one.kind}")), "" if one.amount is None else eur(one.amount)
    return (at, entry, amount, str(one.guarantee or ""), one.subject, one.why)


def standing_line(one: GuaranteeStatement) -> str:
    """What the ledger adds up to; bad news where more is on its way than is secured."""
    held = one.balance
    values = {name: eur(getattr(held, name)) for name in ("secured", "reserved", "used", "available")}
    told = said("guarantee.stands", **values)
    return output.good(told) if held.available >= 0 else output.bad(told)


def candidate_row(one: AmountCandidate) -> tuple[str, ...]:
    """An amount that is proposed, beside the one that stands."""
    before, percent = one.set_before, "" if one.percent is None else f"{one.percent:+.2f} %"
    amounts = ("" if before.amount is None else eur(before.amount), eur(one.amount))
    return (one.seed, word(Said(f"guarantee.trigger.{one.trigger}")), *amounts, percent, str(before.number))
