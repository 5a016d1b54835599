"""Values of JSON: what a gateway answers, read by the fields of the value that is wanted."""

from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields
from datetime import date, datetime
from decimal import Decimal
from functools import cache, partial
from types import MappingProxyType, NoneType, UnionType
from typing import Any, Final, TypeVar, Union, get_args, get_origin, get_type_hints

from esad_gateway.client.request import GatewayAnswer
from esad_gateway.errors import PeerError
from esad_gateway.faults import said

T = TypeVar("T")

_TEXTS: Final[Mapping[type, Callable[[str], Any]]] = MappingProxyType(
    {datetime: datetime.fromisoformat, date: date.fromisoformat, Decimal: Decimal}
)


def value_of(answer: GatewayAnswer, kind: type[T]) -> T:
    """The value that the JSON of an answer describes; what it does not know is passed over: later releases say more.

    Raises PeerError where something is missing or of another kind: then it is no answer of a gateway.
    """
    return _told(answer, lambda found: read(found, kind))


def list_of(answer: GatewayAnswer, member: str, kind: type[T]) -> list[T]:
    """The values that the JSON of an answer lists under a name. Raises PeerError as :func:`value_of` does."""
    return _told(answer, lambda found: [read(one, kind) for one in found[member]])


def _told(answer: GatewayAnswer, reader: Callable[[Mapping[str, Any]], T]) -> T:
    found = answer.json()
    try:
        return reader(found)
    except (KeyError, TypeError, ValueError, AttributeError, ArithmeticError) as error:
        members = ", ".join(found)
        raise PeerError(said("gateway.unreadable", status=answer.status, members=members)) from error


def read(data: Mapping[str, Any], kind: type[T]) -> T:
    """The value of a dataclass of a JSON object. Raises what converting does: KeyError, TypeError, ValueError."""
    described: Any = kind  # a type may be a key of the cache, which mypy does not see
    readers = _readers(described)
    given = {name: reader(data[member]) for name, member, reader, needed in readers if needed or member in data}
    return kind(**given)


@cache
def _readers(kind: Any) -> tuple[tuple[str, str, Callable[[Any], Any], bool], ...]:
    hints = get_type_hints(kind)
    return tuple(
        (one.name, _member(one.name), _reader(hints[one.name]), one.default is MISSING) for one in fields(kind)
    )


def _member(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(map(str.capitalize, others))


def _reader(hint: Any) -> Callable[[Any], Any]:
    origin, arguments = get_origin(hint), get_args(hint)
    if origin in {Union, UnionType}:
        (inner,) = (_reader(one) for one in arguments if one is not NoneType)
        return lambda value: None if value is None else inner(value)
    if origin is tuple:
        inner = _reader(arguments[0])
        return lambda value: tuple(map(inner, value))
    if origin is not None:
        return lambda value: MappingProxyType(dict(value))
    if hint in _TEXTS:
        return _TEXTS[hint]
    return partial(_plain, hint) if hint in {str, int, bool} else partial(read, kind=hint)


def _plain(kind: type, value: Any) -> Any:
    if type(value) is not kind:
        raise TypeError(kind.__name__)
    return value
