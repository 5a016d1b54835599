"""The ledger of a number: every entry in its order, and what is secured, reserved, used and available at any moment.

What a guarantee says itself is not written a second time: that it begins, and that it ends with what is left of it.
So nobody has to be there on the day on which it ends, and a past moment has the same balance whenever it is asked.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, tzinfo
from decimal import Decimal
from types import MappingProxyType
from typing import Final, NamedTuple

from esad_gateway.ais.guarantees.guarantee import EntryKind, Guarantee, GuaranteeEntry
from esad_gateway.emcs.moments import after_day, moment_of
from esad_gateway.frozen import frozen

NOTHING: Final = Decimal(0)

_ORDER: Final = {kind: place for place, kind in enumerate(EntryKind)}
"""Of entries at the same moment: what gives stands before what takes, so their order does not matter."""


class _Signs(NamedTuple):
    """What an entry adds to or takes from."""

    secured: int = 0
    reserved: int = 0
    used: int = 0


_SIGNS: Final[Mapping[EntryKind, _Signs]] = MappingProxyType(
    {
        EntryKind.SECURED: _Signs(secured=1),
        EntryKind.RAISED: _Signs(secured=1),
        EntryKind.LOWERED: _Signs(secured=-1),
        EntryKind.RETURNED: _Signs(secured=-1),
        EntryKind.EXPIRED: _Signs(secured=-1),
        EntryKind.RESERVED: _Signs(reserved=1),
        EntryKind.UNASSESSED: _Signs(),
        EntryKind.RELEASED: _Signs(reserved=-1),
        EntryKind.USED: _Signs(used=1),
        EntryKind.SET_OFF: _Signs(used=1),
    }
)


@frozen(kw_only=True)
class Balance:
    """Amounts in EUR at a moment: what was given and not taken back, what of it is reserved, and what is used up."""

    secured: Decimal = NOTHING
    reserved: Decimal = NOTHING
    used: Decimal = NOTHING

    @property
    def available(self) -> Decimal:
        """What further movements may count on; below zero where more is on its way than is secured."""
        return self.secured - self.reserved - self.used

    @property
    def left(self) -> Decimal:
        """What of the guarantees themselves is left, whatever is reserved."""
        return self.secured - self.used


def ledger(
    guarantees: Iterable[Guarantee], entries: Iterable[GuaranteeEntry], zone: tzinfo
) -> tuple[GuaranteeEntry, ...]:
    """Every line of a number, oldest first, each with its amount; days begin and end in ``zone``.

    A movement whose reservation is made anew, as after a change of destination, is released first, and no release
    frees more than is reserved for its movement. Not checked: that guarantees and entries are of one number.
    """
    given = tuple(guarantees)
    own = [_beginning(one, zone) for one in given]
    lines = _in_order((*own, *entries))
    ends = (_end(one, lines, zone) for one in given)
    return tuple(_with_amounts(_in_order((*lines, *(one for one in ends if one)))))


def lines_until(lines: Iterable[GuaranteeEntry], at: datetime) -> tuple[GuaranteeEntry, ...]:
    """The lines that count at a moment (aware), that moment included."""
    return tuple(one for one in lines if one.at <= at)


def balance(lines: Iterable[GuaranteeEntry]) -> Balance:
    """What lines of :func:`ledger` add up to."""
    sums = {"secured": NOTHING, "reserved": NOTHING, "used": NOTHING}
    for one in lines:
        for name, sign in _SIGNS[one.kind]._asdict().items():
            sums[name] += sign * (one.amount or NOTHING)
    return Balance(**sums)


def balance_at(
    guarantees: Iterable[Guarantee], entries: Iterable[GuaranteeEntry], zone: tzinfo, at: datetime
) -> Balance:
    """What is secured, reserved, used and available at a moment (aware)."""
    return balance(lines_until(ledger(guarantees, entries, zone), at))


def open_reservations(lines: Iterable[GuaranteeEntry]) -> Mapping[str, Decimal]:
    """What is reserved for each movement behind these lines of :func:`ledger`; none that has nothing."""
    found = defaultdict[str, Decimal](Decimal)
    for one in lines:
        found[one.subject] += _SIGNS[one.kind].reserved * (one.amount or NOTHING)
    return {subject: amount for subject, amount in found.items() if amount}


def least_left(lines: Sequence[GuaranteeEntry], number: int, since: datetime) -> Decimal:
    """The least that is left of a guarantee at any moment from ``since`` (aware) on, but for its end."""
    own = [one for one in lines if one.guarantee == number and one.kind is not EntryKind.EXPIRED]
    moments = {since, *(one.at for one in own if one.at > since)}
    return min(balance(lines_until(own, at)).left for at in moments)


def begins(guarantee: Guarantee, zone: tzinfo) -> datetime:
    """The moment (aware, UTC) from which a guarantee counts."""
    return moment_of(guarantee.since, None, zone, zone)


def ends(guarantee: Guarantee, zone: tzinfo) -> datetime:
    """The moment (aware, UTC) from which it counts no more; the last one that there is where it has no end."""
    return datetime.max.replace(tzinfo=UTC) if guarantee.until is None else after_day(guarantee.until, zone)


def _beginning(one: Guarantee, zone: tzinfo) -> GuaranteeEntry:
    return GuaranteeEntry(
        kind=EntryKind.SECURED,
        amount=one.amount,
        at=begins(one, zone),
        guarantee=one.number,
        subject=one.reference,
    )


def _end(one: Guarantee, lines: Sequence[GuaranteeEntry], zone: tzinfo) -> GuaranteeEntry | None:
    if one.until is None:
        return None
    at = ends(one, zone)
    left = balance(line for line in lines_until(lines, at) if line.guarantee == one.number).left
    return GuaranteeEntry(kind=EntryKind.EXPIRED, amount=left, at=at, guarantee=one.number, subject=one.reference)


def _in_order(lines: Iterable[GuaranteeEntry]) -> list[GuaranteeEntry]:
    return sorted(lines, key=lambda one: (one.at, _ORDER[one.kind], one.number, one.subject))


def _with_amounts(lines: Iterable[GuaranteeEntry]) -> Iterator[GuaranteeEntry]:
    reserved, last = defaultdict[str, Decimal](Decimal), defaultdict[str, Decimal](Decimal)
    for one in lines:
        match one.kind:
            case EntryKind.RESERVED:
                yield from _reserved(one, reserved, last)
            case EntryKind.RELEASED:
                before = reserved[one.subject]
                amount = before if one.amount is None else min(one.amount, before)
                reserved[one.subject] = before - amount
                yield replace(one, amount=amount)
            case _:
                yield one


def _reserved(one: GuaranteeEntry, reserved: dict[str, Decimal], last: dict[str, Decimal]) -> Iterator[GuaranteeEntry]:
    if before := reserved[one.subject]:
        yield replace(one, kind=EntryKind.RELEASED, amount=before)
    amount = last[one.subject] if one.amount is None else one.amount
    reserved[one.subject] = last[one.subject] = amount
    yield replace(one, amount=amount)
