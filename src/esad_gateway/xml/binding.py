"""Tree to message and message to tree, driven by the fields of the dataclasses: no code for any single message.

A field is an element, its name in the XML is the field's name in capitals, its type says how the text is read, a
tuple repeats, ``language`` is the one attribute there is. What reads and what writes a message is made once a class,
by need, and kept.
"""

from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any, Final

from lxml import etree

from esad_gateway.emcs.messages import Message, message_named
from esad_gateway.emcs.messages.groups import Header
from esad_gateway.errors import MalformedXml
from esad_gateway.faults import Said, said
from esad_gateway.frozen import frozen
from esad_gateway.xml.items import items, xml_name
from esad_gateway.xml.outline import Outline
from esad_gateway.xml.parse import parse
from esad_gateway.xml.reading import Read, reader
from esad_gateway.xml.writing import Tags, Write, writer

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
        self._readings: dict[str, _Reading] = {}
        self._writings: dict[type[Message], _Writing] = {}
        self._kept: dict[type[Message], Write] = {}

    def read(self, root: etree._Element) -> Message:
        """The message that ``root`` is; white space is collapsed, numbers keep the digits they are written with.

        ``root`` must have been accepted by the schemas of this release and be free of comments, as the parser leaves
        it; neither is checked again. Times are naive and mean UTC. A fraction of a second is cut to microseconds,
        24:00:00 is midnight (of the following day, where there is a date), a code may have leading zeros.

        Raises MalformedXml for a message of another release, and for a value that the schema accepts and Python has
        no room for (midnight at the end of the year 9999), with its line.
        """
        tag = str(root.tag)
        reading = self._readings.get(tag) or self._reading(tag)
        if reading is None:
            raise MalformedXml(said("xml.other_release", name=tag[:200], release=self.release), root.sourceline or 1)
        header, body = root
        values = reading.body(body[0])
        values["header"] = Header(**reading.header(header))
        return reading.cls(**values)

    def write(self, message: Message) -> etree._Element:
        """The element of ``message``, with exactly two namespace declarations, both on the root.

        Times with a zone are written in UTC, without one as they are. Not checked: whether the schema accepts it.
        Raises MalformedXml when a text holds a character that XML cannot carry, TooLarge beyond what we accept.
        """
        # Composing the text and parsing it takes half the time of creating the elements one by one.
        return parse(_encoded(self._text(message)))

    def form(self, message: Message, *, one_of_many: bool = False) -> bytes:
        """The exclusive canonical form of what :meth:`write` makes, without making it: the values tell it all.

        ``one_of_many``: others have the very same groups, whose text is made once.
        Not checked: whether the schema accepts it. Raises as :meth:`write` does.
        """
        writing = self._writing(type(message))
        data = _encoded(writing.form(message, self._keeping(type(message)) if one_of_many else writing.body))
        if len(data) > _SURELY_TAKEN or _may_have_what_xml_cannot_carry(data):
            parse(data)  # refuses it, and what is beyond the limits
        return data

    def left_out(self, message: Message) -> tuple[str, ...]:
        """What of ``message`` is not written, because its release has no place for it: paths from its body element."""
        return tuple(_path(path) for path in self._writing(type(message)).absent if _stands(message, path))

    def size(self, message: Message) -> int:
        """How many bytes ``message`` has as it is written, without a signature."""
        return len(self._text(message).encode("utf-8", "surrogatepass"))

    def _text(self, message: Message) -> str:
        return self._writing(type(message)).text(message)

    def _namespace(self, message: str) -> str:
        return NAMESPACE.format(message=message, release=self.release)

    # Two threads may both make one, from the same fields: either is right.
    def _reading(self, tag: str) -> "_Reading | None":
        """What reads the message whose root element has a tag; the message is loaded when it is first asked for."""
        name = tag.rpartition("}")[2]
        own = self._namespace(name)
        cls = message_named(name) if tag == f"{{{own}}}{name}" else None
        if cls is None:
            return None
        reading = _Reading(cls=cls, header=reader(Header, self._namespace("TMS")), body=reader(cls, own))
        return self._readings.setdefault(tag, reading)

    def _writing(self, cls: type[Message]) -> "_Writing":
        if cls not in self._writings:
            own, places = self._namespace(cls.__name__), self._places(cls.__name__)
            declared = f' xmlns:tms="{self._namespace("TMS")}"'
            self._writings[cls] = _Writing(
                root=f'<ie:{cls.__name__} xmlns:ie="{own}"',
                declared=declared,
                between=f"</ie:Header><ie:Body><ie:{cls.BODY}>",
                end=f"</ie:{cls.BODY}></ie:Body></ie:{cls.__name__}>",
                header=writer(Header, Tags("tms")),
                header_form=writer(Header, Tags("tms", declared)),
                body=writer(cls, Tags("ie"), places),
                absent=() if places is None else tuple(_absent(cls, places)),
            )
        return self._writings[cls]

    def _keeping(self, cls: type[Message]) -> Write:
        """What writes the body of one of many messages."""
        if cls not in self._kept:
            self._kept[cls] = writer(cls, Tags("ie"), self._places(cls.__name__), keep=True)
        return self._kept[cls]


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


@frozen(kw_only=True)
class _Reading:
    """What reads one message: its header, and the one element in its body."""

    cls: type[Message]
    header: Read
    body: Read


@frozen(kw_only=True)
class _Writing:
    """What writes one message: the text around header and body, what writes these, and fields ``absent`` from it.

    In canonical form the namespace of the header's items is declared on each of them, and not on the root.
    """

    root: str
    declared: str
    between: str
    end: str
    header: Write
    header_form: Write
    body: Write
    absent: tuple[tuple[str, ...], ...]

    def text(self, message: Message) -> str:
        return self._around(message, f"{self.root}{self.declared}><ie:Header>", self.header, self.body)

    def form(self, message: Message, body: Write) -> str:
        return self._around(message, f"{self.root}><ie:Header>", self.header_form, body)

    def _around(self, message: Message, begin: str, header: Write, body: Write) -> str:
        parts = [begin]
        header(message.header, parts.append)
        parts.append(self.between)
        body(message, parts.append)
        parts.append(self.end)
        return "".join(parts)


_SURELY_TAKEN: Final = 100_000
"""Bytes up to which what we write is within the limits of :mod:`.parse`, whatever is in it."""

_CONTROLS: Final = bytes(range(0x20))
_LAST_OF_THE_PLANE: Final = b"\xef"
"""How U+FFFE and U+FFFF begin, with some thousand other characters that are rare."""


def _may_have_what_xml_cannot_carry(data: bytes) -> bool:
    """Whether a text has control characters, or what may be no character at all; the parser knows."""
    return _LAST_OF_THE_PLANE in data or len(data.translate(None, _CONTROLS)) < len(data)


def _absent(cls: type[Any], places: Outline) -> Iterator[tuple[str, ...]]:
    """The fields of a class, and of the groups in it, for which there is no place."""
    for item in items(cls):
        within = places.get(item.name)
        if within is None:
            yield (item.field,)
        elif within:
            yield from ((item.field, *path) for path in _absent(item.kind, within))


def _stands(group: Any, path: tuple[str, ...]) -> bool:
    """Whether a value stands at a path of fields, anywhere where a group is repeated."""
    value = getattr(group, path[0])
    if value in (None, ()) or len(path) == 1:
        return value not in (None, ())
    return any(_stands(one, path[1:]) for one in (value if isinstance(value, tuple) else (value,)))


def _path(fields: tuple[str, ...]) -> str:
    return "/".join(map(xml_name, fields))


def _encoded(text: str) -> bytes:
    try:
        return text.encode()
    except UnicodeEncodeError as error:
        raise MalformedXml(Said("xml.surrogate")) from error
