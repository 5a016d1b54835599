"""Where things stand in a message: the elements at a path, and the place of each in this very document.

A path is written in XML names from the body element (``BodyEadEsad/Package/KindOfPackages``), without positions; the
dataclasses say which of its steps repeat. :func:`nodes` is for the question, which every healthy message is asked;
:func:`places` is for the answer, which only a faulty one needs.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import Field, dataclass, fields, is_dataclass
from operator import attrgetter
from typing import Any, get_args

from esad_gateway.emcs.messages.fields import Text


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a path: its XML name, the field that holds it, which of its group's it is, whether it repeats."""

    name: str
    field: str
    index: int
    repeated: bool


def steps(message: type[Any], path: str) -> tuple[Step, ...]:
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
        found.append(Step(name, field.name, index, "occurs" in field.metadata))
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


def nodes(message: type[Any], path: str) -> Callable[[Any], Sequence[Any]]:
    """A function from a message to what is present at ``path``, in document order. Raises as :func:`steps` does.

    Every healthy message is asked dozens of these, so that the usual short paths have functions of their own.
    """
    way = steps(message, path)
    if not way:
        return lambda root: (root,)
    *first, last = way
    get = attrgetter(last.field)
    if not first:
        return get if last.repeated else lambda root: () if (value := get(root)) is None else (value,)
    above = nodes(message, path.rpartition("/")[0])
    if last.repeated:
        return lambda root: [child for node in above(root) for child in get(node)]
    return lambda root: [child for node in above(root) if (child := get(node)) is not None]


def places(message: type[Any], path: str) -> Callable[[Any], Iterator[tuple[str, Any]]]:
    """As :func:`nodes`, with the place of each in front (``BodyEadEsad[2]/CnCode``)."""
    way = steps(message, path)
    return lambda root: _walk(root, "", way)


def join(place: str, name: str) -> str:
    """The place of the element ``name`` below ``place``."""
    return f"{place}/{name}" if place else name


def with_language(message: type[Any]) -> tuple[Callable[[Any], Sequence[Any]], ...]:
    """For every place of ``message`` that can have a language a function as :func:`nodes` makes: what is present."""
    return tuple(nodes(message, path) for path in _paths_with_language(message, ""))


def languages(node: Any, place: str = "") -> Iterator[tuple[str, str]]:
    """Every language that a message or group names, with the place of the element that it is the language of."""
    for field in fields(node):
        value = getattr(node, field.name)
        if field.name == "language":
            yield from ((place, value),) if value is not None else ()
            continue
        name = "".join(word.capitalize() for word in field.name.split("_"))
        members = enumerate(value, 1) if isinstance(value, tuple) else ((None, value),)
        for position, member in members:
            below = join(place, name if position is None else f"{name}[{position}]")
            if isinstance(member, Text):
                yield below, member.language
            elif is_dataclass(member):
                yield from languages(member, below)


def _paths_with_language(group: Any, path: str) -> Iterator[str]:
    for field in fields(group):
        kind = _type_of(field)
        below = join(path, "".join(word.capitalize() for word in field.name.split("_")))
        if field.name == "language":
            yield path
        elif is_dataclass(kind):
            yield from _paths_with_language(kind, below)


def _walk(node: Any, place: str, way: tuple[Step, ...]) -> Iterator[tuple[str, Any]]:
    if not way:
        yield place, node
        return
    step, *rest = way
    value = getattr(node, step.field)
    if step.repeated:
        for position, member in enumerate(value, 1):
            yield from _walk(member, join(place, f"{step.name}[{position}]"), tuple(rest))
    elif value is not None:
        yield from _walk(value, join(place, step.name), tuple(rest))


def _type_of(field: Field[Any]) -> Any:
    """The class of what a field holds, without ``None`` and without the tuple."""
    return next((one for one in get_args(field.type) if is_dataclass(one)), field.type)
