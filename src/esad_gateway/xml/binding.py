"""Tree to message and message to tree, driven by the fields of the dataclasses: no code for any single message.

A field is an element, its name in the XML is the field's name in capitals, its type says how the text is read, a
tuple repeats, ``language`` is the one attribute there is. What the tables need is worked out once a class and kept.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields
from functools import lru_cache
from operator import attrgetter
from types import NoneType, UnionType
from typing import Any, Final, NamedTuple, get_args, get_origin, get_type_hints

from lxml import etree

from esad_gateway.emcs.messages import Message, message_named
from esad_gateway.emcs.messages.fields import Text
from esad_gateway.emcs.messages.groups import Header
from esad_gateway.errors import MalformedXml
from esad_gateway.xml.outline import Outline
from esad_gateway.xml.parse import parse
from esad_gateway.xml.values import Codec, codec_of, collapse, escape, escape_attribute

__all__ = ["Binder", "read"]

NAMESPACE: Final = "urn:publicid:-:EC:DGTAXUD:EMCS:PHASE4:{message}:{release}"
"""The namespace of a message in a release; the items of the header are in that of message ``TMS``."""


class Binder:
    """Reads and writes the messages of one release; threads may share one.

    ``release`` is the release as the namespaces name it (``V3.23``), ``places`` the outline of a message in it: what
    has no place there is not written.
    """

    def __init__(self, release: str, places: Callable[[str], Outline | None] = lambda _message: None) -> None:
        self.release = release
        self._places = places
        self._classes: dict[str, type[Message]] = {}
        self._plans: dict[type[Message], _MessagePlan] = {}

    def read(self, root: etree._Element) -> Message:
        """The message that ``root`` is; white space is collapsed, numbers keep the digits they are written with.

        ``root`` must have been accepted by the schemas of this release and be free of comments, as the parser leaves
        it; neither is checked again. Times are naive and mean UTC. A fraction of a second is cut to microseconds,
        24:00:00 is midnight (of the following day, where there is a date), a code may have leading zeros.

        Raises MalformedXml for a message of another release, and for a value that the schema accepts and Python has
        no room for (midnight at the end of the year 9999), with its line.
        """
        tag = str(root.tag)
        cls = self._classes.get(tag) or self._class(tag)
        if cls is None:
            raise MalformedXml(f"{tag[:200]} is no message of release {self.release}", root.sourceline or 1)
        plan = self._plan(cls)
        header, body = root
        values = _values(plan.body, body[0])
        values["header"] = Header(**_values(plan.header, header))
        return cls(**values)

    def write(self, message: Message) -> etree._Element:
        """The element of ``message``, with exactly two namespace declarations, both on the root.

        Times with a zone are written in UTC, without one as they are. Not checked: whether the schema accepts it.
        Raises MalformedXml when a text holds a character that XML cannot carry, TooLarge beyond what we accept.
        """
        # Composing the text and parsing it takes half the time of creating the elements one by one.
        return parse(_encoded(self._text(message)))

    def form(self, message: Message) -> bytes:
        """The exclusive canonical form of what :meth:`write` makes, without making it: the values tell it all.

        Not checked: whether the schema accepts it. Raises as :meth:`write` does.
        """
        plan = self._plan(type(message))
        header, body = _content(plan.header_form, message.header), _content(plan.body, message)
        text = plan.frame_form.format(header=header, body=body)
        data = _encoded(text)
        if len(data) > _SURELY_TAKEN or not text.isprintable():
            parse(data)  # refuses what XML cannot carry, and what is beyond the limits
        return data

    def left_out(self, message: Message) -> tuple[str, ...]:
        """What of ``message`` is not written, because its release has no place for it: paths from its body element."""
        return tuple(_path(path) for path in self._plan(type(message)).absent if _stands(message, path))

    def size(self, message: Message) -> int:
        """How many bytes ``message`` has as it is written, without a signature."""
        return len(self._text(message).encode("utf-8", "surrogatepass"))

    def _class(self, tag: str) -> type[Message] | None:
        """The message whose root element has a tag: looked up once, because it is loaded when it is first asked for."""
        name = tag.rpartition("}")[2]
        cls = message_named(name) if tag == f"{{{self._namespace(name)}}}{name}" else None
        if cls is not None:
            self._classes[tag] = cls
        return cls

    def _text(self, message: Message) -> str:
        plan = self._plan(type(message))
        return plan.frame.format(header=_content(plan.header, message.header), body=_content(plan.body, message))

    def _namespace(self, message: str) -> str:
        return NAMESPACE.format(message=message, release=self.release)

    def _plan(self, cls: type[Message]) -> "_MessagePlan":
        # Two threads may both make it, from the same fields: either one is right.
        if cls not in self._plans:
            own, header = self._namespace(cls.__name__), self._namespace("TMS")
            places = self._places(cls.__name__)
            declared = f' xmlns:tms="{header}"'
            self._plans[cls] = _MessagePlan(
                frame=_frame(cls, own, declared),
                frame_form=_frame(cls, own, ""),
                header=_plan(Header, "tms", header),
                header_form=_plan(Header, "tms", header, declared),
                body=_plan(cls, "ie", own, places=places),
                absent=() if places is None else tuple(_absent(cls, places)),
            )
        return self._plans[cls]


def release_in(root: etree._Element) -> str:
    """The release that the namespace of ``root`` names (``V3.23``); not checked: whether there is one of that name."""
    return str(root.tag).partition("}")[0].rpartition(":")[2]


@lru_cache(maxsize=16)  # names come from documents
def binder_for(release: str) -> Binder:
    """The one binder of a release in this process (``V3.23``): what it works out by need is worked out once."""
    return Binder(release)


def read(root: etree._Element) -> Message:
    """The message that ``root`` is, in whichever release it was written: as :meth:`Binder.read`.

    Meant for documents of the store. They were accepted when they came, so no schemas are asked, and they can be read
    when there are none of their release any more.
    """
    return binder_for(release_in(root)).read(root)


class _Reader(NamedTuple):
    """How one element becomes the value of a field: by its text alone, or as an element."""

    field: str
    repeated: bool
    of_text: Callable[[str], Any] | None
    of_element: Callable[[etree._Element], Any]


class _Writer(NamedTuple):
    """How the value of a field becomes an element."""

    repeated: bool
    compose: Callable[[Any], str]


@dataclass(frozen=True, slots=True)
class _Plan:
    """One dataclass in one namespace: readers by tag, writers in the order of the fields."""

    has_language: bool
    readers: Mapping[Any, _Reader]  # by tag, which is a str wherever a parser made the tree
    repeated: tuple[str, ...]
    values_of: Callable[[Any], tuple[Any, ...]]
    writers: tuple[_Writer, ...]


@dataclass(frozen=True, slots=True)
class _MessagePlan:
    """One message: the tags around its fields, the fields of its header and body, and those ``absent`` from it.

    In canonical form the namespace of the header's items is declared on each of them, and not on the root.
    """

    frame: str
    frame_form: str
    header: _Plan
    header_form: _Plan
    body: _Plan
    absent: tuple[tuple[str, ...], ...]


def xml_name(field: str) -> str:
    """The element of a field: ``body_ead_esad`` is ``BodyEadEsad``."""
    return "".join(part.capitalize() for part in field.split("_"))


_SURELY_TAKEN: Final = 100_000
"""Bytes up to which what we write is within the limits of :mod:`.parse`, whatever is in it."""

_NOT_ITEMS: Final = ("language", "header")
"""An attribute, and what has a namespace and a place of its own."""


def _plan(cls: type[Any], prefix: str, namespace: str, declared: str = "", places: Outline | None = None) -> _Plan:
    """``places`` are the elements that there are; all of them when nobody says."""
    hints = get_type_hints(cls)
    every = [field.name for field in fields(cls)]
    names = [name for name in every if name not in _NOT_ITEMS and (places is None or xml_name(name) in places)]
    within = {name: None if places is None else places[xml_name(name)] for name in names}
    pairs = [_access(name, hints[name], _Place(prefix, namespace, declared, within[name])) for name in names]
    return _Plan(
        has_language="language" in every,
        readers={f"{{{namespace}}}{xml_name(name)}": reader for name, (reader, _) in zip(names, pairs, strict=True)},
        repeated=tuple(reader.field for reader, _ in pairs if reader.repeated),
        values_of=_getter(names),
        writers=tuple(writer for _, writer in pairs),
    )


def _getter(names: list[str]) -> Callable[[Any], tuple[Any, ...]]:
    get = attrgetter(*names)
    return get if len(names) > 1 else lambda group: (get(group),)


class _Place(NamedTuple):
    """Where a field stands.

    ``declared`` is what the start tag of a value carries; groups carry nothing, and ``within`` is what may stand there.
    """

    prefix: str
    namespace: str
    declared: str
    within: Outline | None


def _absent(cls: type[Any], places: Outline) -> Iterator[tuple[str, ...]]:
    """The fields of a class, and of the groups in it, for which there is no place."""
    hints = get_type_hints(cls)
    for name in (field.name for field in fields(cls) if field.name not in _NOT_ITEMS):
        within, kind = places.get(xml_name(name)), _kind(hints[name])
        if within is None:
            yield (name,)
        elif within:
            yield from ((name, *path) for path in _absent(kind, within))


def _stands(group: Any, path: tuple[str, ...]) -> bool:
    """Whether a value stands at a path of fields, anywhere where a group is repeated."""
    value = getattr(group, path[0])
    if value in (None, ()) or len(path) == 1:
        return value not in (None, ())
    return any(_stands(one, path[1:]) for one in (value if isinstance(value, tuple) else (value,)))


def _path(fields: tuple[str, ...]) -> str:
    return "/".join(map(xml_name, fields))


def _access(field: str, hint: Any, place: _Place) -> tuple[_Reader, _Writer]:
    repeated, kind = get_origin(hint) is tuple, _kind(hint)
    prefix, namespace, declared, within = place
    tag = f"{prefix}:{xml_name(field)}"
    codec = None if kind is Text else codec_of(kind)
    if codec is not None:
        reader = _Reader(field, repeated, codec.read, lambda element: codec.read(element.text or ""))
        return reader, _Writer(repeated, _value_writer(tag, codec, declared))
    if kind is Text:
        return _Reader(field, repeated, None, _read_text), _Writer(repeated, _text_writer(tag))
    plan = _plan(kind, prefix, namespace, places=within)
    return _Reader(field, repeated, None, _group_reader(kind, plan)), _Writer(repeated, _group_writer(tag, plan))


def _kind(hint: Any) -> Any:
    """The type of one value of a field."""
    return get_args(hint)[0] if get_origin(hint) is tuple else _without_none(hint)


def _without_none(hint: Any) -> Any:
    return next(kind for kind in get_args(hint) if kind is not NoneType) if isinstance(hint, UnionType) else hint


def _read_text(element: etree._Element) -> Text:
    return Text(collapse(element.text or ""), collapse(element.get("language", "")))


def _group_reader(cls: type[Any], plan: _Plan) -> Callable[[etree._Element], Any]:
    return lambda element: cls(**_values(plan, element))


def _values(plan: _Plan, element: etree._Element) -> dict[str, Any]:
    """The values of the fields that are there, by name."""
    readers = plan.readers
    values: dict[str, Any] = {}
    for child in element:
        field, repeated, of_text, of_element = readers[child.tag]
        try:
            value = of_text(child.text or "") if of_text else of_element(child)
        except (ValueError, ArithmeticError) as error:
            raise MalformedXml(f"{xml_name(field)} cannot be represented", child.sourceline or 1) from error
        if repeated:
            values.setdefault(field, []).append(value)
        else:
            values[field] = value
    for field in plan.repeated:
        if field in values:
            values[field] = tuple(values[field])
    if plan.has_language and (language := element.get("language")) is not None:
        values["language"] = collapse(language)
    return values


def _encoded(text: str) -> bytes:
    try:
        return text.encode()
    except UnicodeEncodeError as error:
        raise MalformedXml("a text holds half of a surrogate pair") from error


def _frame(cls: type[Message], own: str, declared: str) -> str:
    return (
        f'<ie:{cls.__name__} xmlns:ie="{own}"{declared}><ie:Header>{{header}}</ie:Header>'
        f"<ie:Body><ie:{cls.BODY}>{{body}}</ie:{cls.BODY}></ie:Body></ie:{cls.__name__}>"
    )


def _value_writer(tag: str, codec: Codec, declared: str) -> Callable[[Any], str]:
    write, begin, end = codec.write, f"<{tag}{declared}>", f"</{tag}>"
    return lambda value: f"{begin}{write(value)}{end}"


def _text_writer(tag: str) -> Callable[[Text], str]:
    return lambda text: f'<{tag} language="{escape_attribute(text.language)}">{escape(text.value)}</{tag}>'


def _group_writer(tag: str, plan: _Plan) -> Callable[[Any], str]:
    def compose(group: Any) -> str:
        language = group.language if plan.has_language else None
        attribute = "" if language is None else f' language="{escape_attribute(language)}"'
        return f"<{tag}{attribute}>{_content(plan, group)}</{tag}>"

    return compose


def _content(plan: _Plan, group: Any) -> str:
    """The elements of all fields that have a value, in their order."""
    parts: list[str] = []
    for (repeated, compose), value in zip(plan.writers, plan.values_of(group), strict=True):
        if value is None:
            continue
        if repeated:
            parts.extend(map(compose, value))
        else:
            parts.append(compose(value))
    return "".join(parts)
