"""What is wrong with a new guarantee or a new entry, all of it at once; an official's reasons are not judged."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, tzinfo
from decimal import Decimal
from types import MappingProxyType
from typing import Final, TypeAlias

from esad_gateway.ais.guarantees.guarantee import (
    AmountAct,
    AmountActKind,
    EntryKind,
    Guarantee,
    GuaranteeEntry,
    GuaranteeKind,
    SecuredShare,
)
from esad_gateway.ais.guarantees.law import GuaranteeLaw
from esad_gateway.ais.guarantees.ledger import begins, ends, least_left, ledger, lines_until, open_reservations
from esad_gateway.faults import Fault, Faults, Value, said
from esad_gateway.frozen import frozen
from esad_gateway.place import Place, PlaceStep

_RULES: Final[Mapping[GuaranteeKind, str]] = MappingProxyType(
    {GuaranteeKind.DEPOSIT: "RC-8", GuaranteeKind.SURETY: "RC-7", GuaranteeKind.DOCUMENT: "RC-7"}
)
_TAKES: Final[Mapping[EntryKind, str]] = MappingProxyType(
    {EntryKind.LOWERED: "RC-10", EntryKind.RETURNED: "RC-10", EntryKind.USED: "RC-9", EntryKind.SET_OFF: "DEC-5"}
)
"""What takes from a guarantee, each with its requirement."""

CHANGES: Final[Mapping[EntryKind, str]] = MappingProxyType(
    {EntryKind.RAISED: "RC-10", **_TAKES, EntryKind.RESERVED: "RC-5", EntryKind.RELEASED: "RC-9"}
)
"""What people write down, each with its requirement; all else follows from guarantees and messages."""

LARGEST: Final = Decimal(10) ** 13
"""No amount is so large (EUR)."""

LONGEST_NAME: Final = 140
"""Characters of what names a paper, a payment, a movement or a document."""

LONGEST_REASON: Final = 1000
"""Characters of why something is done."""

NAMES: Final = (
    *("amount", "decimals", "currency", "reference", "until", "overlap", "kind", "future", "not_reserved", "release"),
    *("unknown", "before", "after", "no_deposit", "left", "subject", "again"),
    *("required", "decided", "forecast", "quarter", "long"),
)
"""What may be wrong; each has a sentence and a hint."""


@frozen(kw_only=True)
class GuaranteeStanding:
    """What there is of one number when something is to be added at the moment ``now`` (aware); days are of ``zone``."""

    guarantees: tuple[Guarantee, ...]
    entries: tuple[GuaranteeEntry, ...]
    zone: tzinfo
    now: datetime

    @property
    def lines(self) -> tuple[GuaranteeEntry, ...]:
        """The whole ledger."""
        return ledger(self.guarantees, self.entries, self.zone)


def faults_of_guarantee(new: Guarantee, before: Iterable[Guarantee], law: GuaranteeLaw) -> Faults:
    """What is wrong with a guarantee beside those that there are. Not checked: whether its number is registered."""
    return tuple(_in_guarantee(new, before, law))


def faults_of_entry(new: GuaranteeEntry, standing: GuaranteeStanding, law: GuaranteeLaw) -> Faults:
    """What is wrong with an entry by hand in the ledger as it stands."""
    rule = CHANGES.get(new.kind)
    if rule is None:
        kinds = ", ".join(CHANGES)
        return (_fault("RC-9", "kind", new.kind, "kind", kinds=kinds),)
    found = [*_in_amount(rule, new.amount, law)] if new.amount is not None else []
    if new.at > standing.now:
        found.append(_fault(rule, "at", _told(new.at), "future", now=_told(standing.now)))
    found += (*_in_text(rule, "subject", new.subject, LONGEST_NAME), *_in_text(rule, "why", new.why, LONGEST_REASON))
    return (*found, *_CHECKS.get(new.kind, _in_change)(rule, new, standing))


def written_before(new: GuaranteeEntry, standing: GuaranteeStanding) -> GuaranteeEntry | None:
    """The entry by hand that answers to the same document as a new one: then it is the same, or in conflict with it.

    What is reserved and released by hand answers to none, and is never the same as another.
    """
    if new.kind in _CHECKS:
        return None
    named = (new.kind, new.guarantee, new.subject)
    return next((one for one in standing.entries if (one.kind, one.guarantee, one.subject) == named), None)


def conflict(new: GuaranteeEntry, known: GuaranteeEntry) -> Faults:
    """What is wrong with an entry that says something else than the one that answers to the same document."""
    amount, at = str(known.amount), _told(known.at)
    return (_fault(CHANGES[new.kind], "subject", new.subject, "again", number=known.number, amount=amount, at=at),)


def faults_of_amount(new: AmountAct, decision: AmountAct | None, instead_of: int | None, law: GuaranteeLaw) -> Faults:
    """What is wrong with what is asked or decided about the amount to be secured.

    ``decision`` is the one that counts, ``instead_of`` the number of the one that was seen, ``None`` where nobody says.
    Not checked: whether a trader may have its share, which an official decides.
    """
    return tuple(_in_decision(new, decision, instead_of, law))


def quarter_runs(quarter: str, last: date, today: date) -> Faults:
    """What is wrong with a quarter that is not over."""
    return (_fault("RC-10", "quarter", quarter, "quarter", last=str(last), today=str(today)),)


def _in_decision(
    new: AmountAct, decision: AmountAct | None, instead_of: int | None, law: GuaranteeLaw
) -> Iterator[Fault]:
    rule = "RC-6" if new.share is not SecuredShare.WHOLE else "RC-5"
    yield from _in_text(rule, "why", new.why, LONGEST_REASON)
    for field, given in (("amount", new.amount), ("basis", new.basis)):
        if given is not None and not (given.is_finite() and not given.is_signed() and given < LARGEST):
            yield _fault(rule, field, str(given), "required")
        elif field == "amount" and given is not None and given * 10**law.decimals % 1:
            yield _fault(rule, field, str(given), "decimals", decimals=law.decimals)
    if new.kind is AmountActKind.SET and new.amount is None:
        yield _fault(rule, "amount", None, "required")
    if new.kind is AmountActKind.ASKED_GOODS and not new.forecast:
        yield _fault("RC-10", "forecast", None, "forecast")
    if instead_of is not None and instead_of != (decision.number if decision else 0):
        number, amount = (decision.number, str(decision.amount)) if decision else (0, "-")
        yield _fault("RC-10", "instead_of", str(instead_of), "decided", number=number, amount=amount)


def _in_guarantee(new: Guarantee, before: Iterable[Guarantee], law: GuaranteeLaw) -> Iterator[Fault]:
    rule = _RULES[new.kind]
    yield from _in_amount(rule, new.amount, law)
    if new.currency != law.currency:
        yield _fault(rule, "currency", new.currency, "currency", currency=law.currency)
    if not new.reference:
        yield _fault(rule, "reference", None, "reference")
    yield from _in_text(rule, "reference", new.reference, LONGEST_NAME)
    if new.until is not None and new.until < new.since:
        yield _fault(rule, "until", str(new.until), "until", since=str(new.since))
        return
    for one in before:
        if one.same_paper(new):
            yield _fault(rule, "reference", new.reference, "overlap", number=one.number, since=str(one.since))


def _in_text(rule: str, field: str, text: str, most: int) -> Iterator[Fault]:
    if len(text) > most:
        yield _fault(rule, field, f"{text[:most]}…", "long", most=most)


def _in_amount(rule: str, amount: Decimal, law: GuaranteeLaw) -> Iterator[Fault]:
    if not amount.is_finite() or not 0 < amount < LARGEST:
        yield _fault(rule, "amount", str(amount), "amount")
    elif amount * 10**law.decimals % 1:
        yield _fault(rule, "amount", str(amount), "decimals", decimals=law.decimals)


def _in_release(rule: str, new: GuaranteeEntry, standing: GuaranteeStanding) -> Iterator[Fault]:
    reserved = open_reservations(lines_until(standing.lines, new.at)).get(new.subject)
    now_open = open_reservations(standing.lines).get(new.subject)
    if reserved is None or now_open is None:
        yield _fault(rule, "subject", new.subject or None, "not_reserved")
    elif new.amount is not None and new.amount > min(reserved, now_open):
        least = min(reserved, now_open)
        yield _fault(rule, "amount", str(new.amount), "release", reserved=str(least), subject=new.subject)


def _in_reservation(rule: str, new: GuaranteeEntry, _standing: GuaranteeStanding) -> Iterator[Fault]:
    if new.amount is None:
        yield _fault(rule, "amount", None, "amount")
    if not new.subject:
        yield _fault(rule, "subject", None, "subject")


def _in_change(rule: str, new: GuaranteeEntry, standing: GuaranteeStanding) -> Iterator[Fault]:
    if new.amount is None:
        yield _fault(rule, "amount", None, "amount")
    if not new.subject:
        yield _fault(rule, "subject", None, "subject")
    held = next((one for one in standing.guarantees if one.number == new.guarantee), None)
    if held is None:
        numbers = ", ".join(str(one.number) for one in standing.guarantees) or "-"
        yield _fault(rule, "guarantee", str(new.guarantee), "unknown", numbers=numbers)
        return
    yield from _in_time(rule, new, held, standing.zone)
    if new.kind is EntryKind.SET_OFF and held.kind is not GuaranteeKind.DEPOSIT:
        yield _fault(rule, "guarantee", str(new.guarantee), "no_deposit", kind=said(f"guarantee.kind.{held.kind}"))
    if new.kind in _TAKES and new.amount is not None:
        left = least_left(standing.lines, held.number, new.at)
        if new.amount > left:
            yield _fault(rule, "amount", str(new.amount), "left", left=str(left), number=held.number)


_Check: TypeAlias = Callable[[str, GuaranteeEntry, GuaranteeStanding], Iterator[Fault]]
_CHECKS: Final[Mapping[EntryKind, _Check]] = MappingProxyType(
    {EntryKind.RELEASED: _in_release, EntryKind.RESERVED: _in_reservation}
)
"""What is checked of entries about movements; of all others it is what they do to their guarantee."""


def _in_time(rule: str, new: GuaranteeEntry, held: Guarantee, zone: tzinfo) -> Iterator[Fault]:
    if new.at < begins(held, zone):
        yield _fault(rule, "at", _told(new.at), "before", number=held.number, since=str(held.since))
    elif new.at >= ends(held, zone):
        yield _fault(rule, "at", _told(new.at), "after", number=held.number, until=str(held.until))


def _told(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds")


def _fault(rule: str, field: str, value: str | None, name: str, **values: Value) -> Fault:
    return Fault(
        code=rule,
        rule=rule,
        place=Place((PlaceStep(field),), in_data=True),
        value=value,
        text=said(f"guarantee.fault.{name}.text", **values),
        hint=said(f"guarantee.fault.{name}.hint", **values),
    )
