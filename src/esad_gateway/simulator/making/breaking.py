"""Every way to break one item of a message: leave it out, add it, or give it another value that its type allows."""

from collections.abc import Iterator, Sequence
from dataclasses import MISSING, Field, dataclass, fields, is_dataclass, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from types import MappingProxyType
from typing import Any, get_args, get_type_hints

from esad_gateway.emcs.messages import Message
from esad_gateway.emcs.messages.fields import Text

_NUMBERS = ("GR00000000201", "PL00000000999", "XIPB000000201", "PL5260000000")
_VALUES: MappingProxyType[str, Sequence[str]] = MappingProxyType(
    {
        "journey_time": ("H12", "D92"),
        "traderid": _NUMBERS,
        "trader_excise_number": _NUMBERS,
        "reference_of_tax_warehouse": _NUMBERS,
        "submitter_identification": _NUMBERS,
        "eori_number": ("PL5260000000",),
        "administrative_reference_code": ("26LT000000000000002P5", "26LT000000000000003P7", "26LT99999999999999907"),
        "cn_code": ("00000000", "22030001"),
        "excise_product_code": ("E430", "S200", "X999"),
        "kind_of_packages": ("VL", "X9"),
        "reference_number": ("LT009999", "lt001000"),
        "reference_number_of_excise_office": ("LT009999",),
        "member_state_of_event": ("PL", "GR"),
        "member_state_code": ("PL", "GR"),
        "language": ("xx",),
        "message_sender": ("NDEA.XI",),
    }
)
_OTHER_TEXTS = ("0", "9", "AB")
_MONTH = timedelta(days=40)


@dataclass(frozen=True)
class Break:
    """A message with one item broken: the names of that item, and of all that stands below it."""

    message: Message
    path: str
    names: frozenset[str]


def breaks(message: Message) -> Iterator[Break]:
    """``message`` with one item broken, for every item of its body and of its header that rules speak of."""
    for path, names, changed in _changed(message):
        if not path.startswith("Header/") or path == "Header/CorrelationIdentifier":
            yield Break(changed, path, names)


def _changed(group: Any) -> Iterator[tuple[str, frozenset[str], Any]]:
    """The path, the names, and ``group`` with the item at that path broken."""
    hints = get_type_hints(type(group))
    for field in fields(group):
        value, kind = getattr(group, field.name), _kind(hints[field.name])
        name = "@language" if field.name == "language" else _camel(field.name)
        for new in _others(field, kind, value):
            yield name, names_of(name, kind), replace(group, **{field.name: new})
        members = value if isinstance(value, tuple) else (value,)
        for index, member in enumerate(members):
            if is_dataclass(member) and not isinstance(member, Text):
                for path, names, new in _changed(member):
                    whole = (*members[:index], new, *members[index + 1 :]) if isinstance(value, tuple) else new
                    yield f"{name}/{path}", names, replace(group, **{field.name: whole})


def names_of(name: str, kind: Any) -> frozenset[str]:
    """The name of an item and those of everything that may stand below it."""
    if not is_dataclass(kind) or kind is Text:
        return frozenset({name})
    hints = get_type_hints(kind)
    below = (names_of(_camel(field.name), _kind(hints[field.name])) for field in fields(kind))
    return frozenset({name}).union(*below)


def _others(field: Field[Any], kind: Any, value: Any) -> Iterator[Any]:
    if "occurs" in field.metadata:
        yield from _other_groups(field, kind, value)
        return
    if value is None:
        yield sample(field.name, kind)
    elif field.default is not MISSING:
        yield None
    if value is not None and not is_dataclass(value):
        yield from (other for other in _of_kind(field.name, kind, value) if other != value)


def _other_groups(field: Field[Any], kind: Any, value: tuple[Any, ...]) -> Iterator[tuple[Any, ...]]:
    least, most = field.metadata["occurs"]
    if len(value) > least:
        yield value[:-1]
    if most is None or len(value) < most:
        yield (*value, value[-1] if value else sample(field.name, kind))


def sample(name: str, kind: Any) -> Any:
    """Any value of a kind; a group has what it must."""
    if kind is Text:
        return Text("AB", "en")
    if name == "language":
        return "en"
    if is_dataclass(kind):
        hints = get_type_hints(kind)
        needed = (field for field in fields(kind) if field.default is MISSING)
        group: Any = kind
        return group(**{field.name: _needed(field, _kind(hints[field.name])) for field in needed})
    return next(iter(_of_kind(name, kind, None)))


def _needed(field: Field[Any], kind: Any) -> Any:
    one = sample(field.name, kind)
    return (one,) * field.metadata["occurs"][0] if "occurs" in field.metadata else one


def _of_kind(name: str, kind: Any, value: Any) -> Sequence[Any]:
    if issubclass(kind, Enum):
        return list(kind)
    if issubclass(kind, str):
        return _VALUES.get(name, _OTHER_TEXTS)
    if issubclass(kind, datetime | date):
        base = value or kind(2026, 3, 2)
        return (base + _MONTH, base - _MONTH)
    return _BY_TYPE[kind]


_BY_TYPE: MappingProxyType[type, Sequence[Any]] = MappingProxyType(
    {
        bool: (True, False),
        int: (1, 7, 0),
        Decimal: (Decimal("0.001"), Decimal(99_999)),
        time: (time(0, 0), time(23, 59)),
        bytes: (b"\x00",),
    }
)


def _kind(hint: Any) -> Any:
    return next((one for one in get_args(hint) if isinstance(one, type) and one is not type(None)), hint)


def _camel(name: str) -> str:
    return "".join(word.capitalize() for word in name.split("_"))
