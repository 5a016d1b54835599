"""One occurrence of an IE713 as a change of the register, and what it does to the records of its number (R007)."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from types import MappingProxyType
from typing import Final, NamedTuple

from esad_gateway.emcs.administration_codes import ModificationType, SeedMessageType
from esad_gateway.emcs.registry import Operator
from esad_gateway.frozen import frozen
from esad_gateway.place import Place

EXTRACTS: Final = frozenset(
    {SeedMessageType.RETRIEVAL_OF_ECONOMIC_OPERATORS, SeedMessageType.EXTRACTION_OF_ECONOMIC_OPERATORS}
)
"""Types of IE713 that state what a register holds: no record has to exist before, and each may come again."""

_DAY: Final = timedelta(days=1)


class RegisterEntry(NamedTuple):
    """A record and its address, as the register keeps them; the address may be empty."""

    operator: Operator
    address: Mapping[str, str]


@frozen(kw_only=True)
class Change:
    """What one occurrence of an IE713 asks of the register: do ``operation`` from the day ``activation`` on.

    ``operator`` has all values of the record. ``place`` is where the occurrence stands below the body's element
    (``TraderAuthorisation[3]``), and ``action`` is its identification. ``address`` has street, postcode, city,
    language, country and perhaps number. ``uses_warehouses`` says whether a trader authorisation names tax warehouses.
    If ``extract`` is true, the sender states what its register holds, and asks for no change.
    """

    place: Place
    operation: ModificationType
    activation: date
    action: str
    operator: Operator
    address: Mapping[str, str]
    uses_warehouses: bool = False
    extract: bool = False

    @property
    def begins(self) -> date:
        """The first day of the record: the day of activation, or that of the authorisation if it is later."""
        return max(self.activation, self.operator.valid_from)


def applied(records: Iterable[RegisterEntry], change: Change) -> tuple[RegisterEntry, ...]:
    """The records of one number after ``change``, the earliest first; ``records`` are those before it.

    A creation or an update makes a record. It begins on the day of activation, or with the authorisation if that is
    later. Earlier and later records stay as they are; :func:`~esad_gateway.emcs.registry.as_of` says which one counts
    on a day. The end in a record is that of the authorisation, as it was known when the record was made.
    An invalidation ends the authorisation on the day before activation. A deletion leaves no record. Not checked:
    whether the sender may make the change (:mod:`.rules`).
    """
    done = _EFFECTS[change.operation](tuple(records), change)
    return tuple(sorted(done, key=lambda record: record.operator.valid_from))


def _put(records: tuple[RegisterEntry, ...], change: Change) -> tuple[RegisterEntry, ...]:
    others = tuple(record for record in records if record.operator.valid_from != change.begins)
    return (*others, RegisterEntry(replace(change.operator, valid_from=change.begins), change.address))


def _invalidate(records: tuple[RegisterEntry, ...], change: Change) -> tuple[RegisterEntry, ...]:
    known = _put(records, replace(change, activation=date.min)) if change.extract else records
    return _ended(known, change.activation)


def _delete(_records: tuple[RegisterEntry, ...], _change: Change) -> tuple[RegisterEntry, ...]:
    return ()


def _ended(records: tuple[RegisterEntry, ...], day: date) -> tuple[RegisterEntry, ...]:
    """The records that began before ``day``, none of them valid on it or later."""
    return tuple(_ended_one(record, day - _DAY) for record in records if record.operator.valid_from < day)


def _ended_one(record: RegisterEntry, last: date) -> RegisterEntry:
    known = record.operator.valid_to
    return record if known and known <= last else record._replace(operator=replace(record.operator, valid_to=last))


_EFFECTS: Final[Mapping[ModificationType, Callable[[tuple[RegisterEntry, ...], Change], tuple[RegisterEntry, ...]]]] = (
    MappingProxyType(
        {
            ModificationType.CREATE: _put,
            ModificationType.UPDATE: _put,
            ModificationType.INVALIDATE: _invalidate,
            ModificationType.DELETE: _delete,
        }
    )
)
