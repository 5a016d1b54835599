"""Where things stand in a message: the elements at a path, and the place of each in this very document.

A path is written in XML names from the body element (``BodyEadEsad/Package/KindOfPackages``), without positions; the
dataclasses say which of its steps repeat. :func:`nodes` is for the question, which every healthy message is asked;
:func:`places` is for the answer, which only a faulty one needs.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import Field, fields, is_dataclass
from functools import lru_cache
from operator import attrgetter
from types import NoneType
from typing import Any, Final, TypeVar, get_args

from esad_gateway.emcs.messages import Message, message_named
from esad_gateway.emcs.messages.fields import Text
from esad_gateway.frozen import frozen
from esad_gateway.place import WHOLE, Place, PlaceStep, at

M = TypeVar("M", bound=Message)

_HEADER: Final = (PlaceStep("Header"),)
_BODY: Final = [PlaceStep("Body")]


@frozen
class Item:
    """What one step of a path leads to: its XML name, the field that holds it, which of its group's it is.

    ``repeated``: there may be several. ``optional``: there may be none.
    """

    name: str
    field: str
    index: int
    repeated: bool
    optional: bool

    @property
    def always(self) -> bool:
        """Whether there is one, and one only, wherever its group is."""
        return not (self.repeated or self.optional)


def steps(message: type[Any], path: str) -> tuple[Item, ...]:
    """The steps of ``path`` in ``message``; the empty path has none. Raises ``LookupError`` when there is no such path.

    A step names an element of the body, or ``Header`` for the header of the message.
    """
    found = []
    group = message
    for name in path.split("/") if path else ():
        known = [field.name.replace("_", "") for field in fields(group)]
        if name.lower() not in known:
            raise LookupError(f"{path} is no path of {message.__name__}: {group.__name__} has no {name}")
        index = known.index(name.lower())
        field = fields(group)[index]
        found.append(Item(name, field.name, index, "occurs" in field.metadata, NoneType in get_args(field.type)))
        group = _type_of(field)
    return tuple(found)


def rank(message: type[Any], path: str) -> tuple[int, ...]:
    """Sorts the paths of ``message`` as a document has their elements. Raises as :func:`steps` does."""
    return tuple(step.index for step in steps(message, path))


def class_at(message: type[Any], path: str) -> Any:
    """The class of the group at ``path``. Raises as :func:`steps` does."""
    group = message
    for step in steps(message, path):
        group = _type_of(next(field for field in fields(group) if field.name == step.field))
    return group


def nodes(message: type[M], path: str) -> Callable[[M], Sequence[Any]]:
    """A function from a message to what is present at ``path``, in document order. Raises as :func:`steps` does.

    Every healthy message is asked dozens of these, so that the usual short paths have functions of their own.
    """
    way = steps(message, path)
    if not way:
        return lambda root: (root,)
    *first, last = way
    get = attrgetter(last.field)
    if all(step.always for step in first):
        get = attrgetter(".".join(step.field for step in way))
        return get if last.repeated else lambda root: () if (value := get(root)) is None else (value,)
    above = nodes(message, path.rpartition("/")[0])
    if last.repeated:
        return lambda root: [child for node in above(root) for child in get(node)]
    return lambda root: [child for node in above(root) if (child := get(node)) is not None]


def places(message: type[M], path: str) -> Callable[[M], Iterator[tuple[Place, Any]]]:
    """As :func:`nodes`, with the place of each in front (``BodyEadEsad[2]/CnCode``).

    Many rules ask it of healthy messages too, so that each place is composed once, for all messages that have it.
    """
    way = steps(message, path)

    @lru_cache(maxsize=256)
    def place(positions: tuple[int, ...]) -> Place:
        numbers = iter(positions)
        return Place(tuple(PlaceStep(item.name, next(numbers) if item.repeated else None) for item in way))

    return lambda root: ((place(positions), value) for positions, value in _walk(root, way, ()))


def place_in(message: Message, below: Place) -> Place:
    """The place in the whole document of what stands ``below`` the body element of ``message``, or in its header."""
    header = below.steps[:1] == _HEADER
    return (at(type(message).__name__) if header else at(type(message).__name__, "Body", message.BODY)) / below


def in_header(message: Message, item: str) -> Place:
    """The place in the whole document of an item of the header."""
    return at(type(message).__name__, "Header", item)


def order(message: type[Any], place: Place) -> tuple[tuple[int, int], ...]:
    """Sorts places of a document as its reader meets them: by every step's element, then by its position.

    ``place`` leads from the root. Raises ``LookupError`` where ``message`` has no such element.
    """
    _root, *inside = place.steps
    below = inside[2:] if inside[:1] == _BODY else inside
    ranks = _ranks(message.__name__, "/".join(step.name for step in below))
    return tuple(zip(ranks, (step.position or 0 for step in below), strict=True))


@lru_cache(maxsize=1024)  # rules are about few places, and a faulty document may break one a thousand times
def _ranks(message: str, path: str) -> tuple[int, ...]:
    found = message_named(message)
    return rank(found, path) if found else ()


def with_language(message: type[M]) -> tuple[Callable[[M], Sequence[Any]], ...]:
    """For every place of ``message`` that can have a language a function as :func:`nodes` makes: what is present."""
    return tuple(nodes(message, path) for path in _paths_with_language(message, ""))


def languages(node: Any, place: Place = WHOLE) -> Iterator[tuple[Place, str]]:
    """Every language that a message or group names, with the place of the element that it is the language of."""
    for field in fields(node):
        value = getattr(node, field.name)
        if field.name == "language":
            yield from ((place, value),) if value is not None else ()
            continue
        name = "".join(word.capitalize() for word in field.name.split("_"))
        members = enumerate(value, 1) if isinstance(value, tuple) else ((None, value),)
        for position, member in members:
            below = place / PlaceStep(name, position)
            if isinstance(member, Text):
                yield below, member.language
            elif is_dataclass(member):
                yield from languages(member, below)


def _paths_with_language(group: Any, path: str) -> Iterator[str]:
    for field in fields(group):
        kind = _type_of(field)
        name = "".join(word.capitalize() for word in field.name.split("_"))
        below = f"{path}/{name}" if path else name
        if field.name == "language":
            yield path
        elif is_dataclass(kind):
            yield from _paths_with_language(kind, below)


def _walk(node: Any, way: tuple[Item, ...], positions: tuple[int, ...]) -> Iterator[tuple[tuple[int, ...], Any]]:
    """What is present at the end of ``way``, with the positions of those on the way that repeat."""
    for index, item in enumerate(way, 1):
        value = getattr(node, item.field)
        if item.repeated:
            for position, member in enumerate(value, 1):
                yield from _walk(member, way[index:], (*positions, position))
            return
        if value is None:
            return
        node = value
    yield positions, node


def _type_of(field: Field[Any]) -> Any:
    """The class of what a field holds, without ``None`` and without the tuple."""
    return next((one for one in get_args(field.type) if is_dataclass(one)), field.type)
