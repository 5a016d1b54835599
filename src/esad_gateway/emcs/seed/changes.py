"""One occurrence of an IE713 as a change of the register, and what it does to the records of its number (R007)."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from types import MappingProxyType
from typing import Final, NamedTuple

from esad_gateway.emcs.administration_codes import ModificationType, SeedMessageType
from esad_gateway.emcs.registry import Operator

EXTRACTS: Final = frozenset(
    {SeedMessageType.RETRIEVAL_OF_ECONOMIC_OPERATORS, SeedMessageType.EXTRACTION_OF_ECONOMIC_OPERATORS}
)
"""IE713 that say what the register holds, not what changes: nothing needs to exist before, and all may be repeated."""

_DAY: Final = timedelta(days=1)


class Entry(NamedTuple):
    """A record and its address, as the register keeps them; the address may be empty."""

    operator: Operator
    address: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What one occurrence says: do ``operation`` from ``activation`` on; ``operator`` has all values of the record.

    ``place`` is the occurrence below the body's element (``TraderAuthorisation[3]``), ``action`` its identification,
    ``address`` has street, postcode, city, language, country and perhaps number. ``uses_warehouses``: whether a trader
    authorisation names tax warehouses. In an ``extract``, the change is a statement of what is.
    """

    place: str
    operation: ModificationType
    activation: date
    action: str
    operator: Operator
    address: Mapping[str, str]
    uses_warehouses: bool = False
    extract: bool = False

    @property
    def begins(self) -> date:
        """The first day of the record that is made: that of the authorisation, but not before the activation."""
        return max(self.activation, self.operator.valid_from)


def applied(records: Iterable[Entry], change: Change) -> tuple[Entry, ...]:
    """The records of the number of ``change`` after it, the earliest first; ``records`` are those before.

    A creation or update makes a record that begins with its activation, or with the authorisation if that is later. The
    records before and after it stay as they are: which one counts on a day, :func:`~esad_gateway.emcs.registry.as_of`
    says. An end is that of the authorisation, as it was known when the record was made, and not of the record.
    An invalidation ends the authorisation on the day before its activation; a deletion leaves nothing. Not checked:
    whether the change may be made (:mod:`.rules`).
    """
    done = _EFFECTS[change.operation](tuple(records), change)
    return tuple(sorted(done, key=lambda record: record.operator.valid_from))


def _put(records: tuple[Entry, ...], change: Change) -> tuple[Entry, ...]:
    others = tuple(record for record in records if record.operator.valid_from != change.begins)
    return (*others, Entry(replace(change.operator, valid_from=change.begins), change.address))


def _invalidate(records: tuple[Entry, ...], change: Change) -> tuple[Entry, ...]:
    known = _put(records, replace(change, activation=date.min)) if change.extract else records
    return _ended(known, change.activation)


def _delete(_records: tuple[Entry, ...], _change: Change) -> tuple[Entry, ...]:
    return ()


def _ended(records: tuple[Entry, ...], day: date) -> tuple[Entry, ...]:
    """The records that began before ``day``, none of them valid on it or later."""
    return tuple(_ended_one(record, day - _DAY) for record in records if record.operator.valid_from < day)


def _ended_one(record: Entry, last: date) -> Entry:
    known = record.operator.valid_to
    return record if known and known <= last else record._replace(operator=replace(record.operator, valid_to=last))


_EFFECTS: Final[Mapping[ModificationType, Callable[[tuple[Entry, ...], Change], tuple[Entry, ...]]]] = MappingProxyType(
    {
        ModificationType.CREATE: _put,
        ModificationType.UPDATE: _put,
        ModificationType.INVALIDATE: _invalidate,
        ModificationType.DELETE: _delete,
    }
)
