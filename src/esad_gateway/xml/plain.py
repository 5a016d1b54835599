"""Messages as plain data (what JSON and CSV can say) and back, driven by the fields of the dataclasses.

A group is an object with the field names in snake case, a repeated group is a list, a text is
``{"value": …, "language": …}``, and what is absent is left out. ``"message"`` beside the fields names the type.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import MISSING, Field, field, fields, is_dataclass
from datetime import UTC, datetime
from difflib import get_close_matches
from functools import cache
from types import MappingProxyType
from typing import Any, Final, TypeVar, get_args, get_origin, get_type_hints

from esad_gateway.emcs.messages import MESSAGES, Message
from esad_gateway.errors import ComposeRefused
from esad_gateway.faults import MOST_FAULTS, Fault, Said, said
from esad_gateway.frozen import frozen
from esad_gateway.place import Place
from esad_gateway.texts import say
from esad_gateway.xml.plain_values import ValueKind, kind_of, not_in_xml

__all__ = ["message_from_plain", "message_to_plain", "template", "with_header"]

T = TypeVar("T")

MEANINGS: Final = "_meanings"
"""Beside the fields of a message: what its codes mean, for whoever edits it. JSON has no comments."""

_BESIDE: Final = frozenset({"message", MEANINGS})
_BY_NAME: Final[Mapping[str, type[Message]]] = MappingProxyType({message.__name__: message for message in MESSAGES})
_HUMP: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_LONGEST_VALUE: Final = 80
_DATA: Final = Place(in_data=True)
_MOST_GUESSES: Final = 20  # at what different names were meant to be: one takes up to a millisecond


def message_from_plain(data: Any) -> Message:
    """The message that ``data`` (an object) describes; its header must be complete (:func:`with_header` fills one in).

    What stands under :data:`MEANINGS` is passed over. Raises ComposeRefused with every unknown, missing or wrongly
    typed field at once (999 at most). The path of such a fault leads through the data (``body_ead_esad[2].quantity``,
    counted from 1). Not checked: lengths, patterns and rules; the schema and ``emcs.rules`` judge the document.
    """
    name = data.get("message") if isinstance(data, Mapping) else None
    message = _BY_NAME.get(name) if isinstance(name, str) else None
    if message is None:
        raise ComposeRefused((_unknown_message(name),))
    return group_from_plain({key: value for key, value in data.items() if key not in _BESIDE}, message)


def group_from_plain(data: Any, group: type[T]) -> T:
    """The value of a dataclass, such as the group of a message, that ``data`` (an object) describes.

    Raises ComposeRefused, and does not check, as :func:`message_from_plain`.
    """
    faults = _Faults()
    read: T = _read_group(data, group, _DATA, faults)
    if faults.found:
        raise ComposeRefused(tuple(faults.found))
    return read


def message_to_plain(message: Message) -> dict[str, Any]:
    """``message`` as plain data that ``json.dumps`` takes and :func:`message_from_plain` reads back to the same value.

    Dates and times are ISO 8601, decimal numbers are text (JSON numbers would be read as binary), codes are the codes
    of the XML, binary is base64.
    """
    return {"message": type(message).__name__, **group_to_plain(message)}


def with_header(
    data: Mapping[str, Any], *, now: datetime, identifier: str, sender: str | None = None, recipient: str | None = None
) -> dict[str, Any]:
    """``data`` with a header in which what was left out is filled in: identifier, date and time of ``now`` in UTC.

    ``sender`` and ``recipient`` (``NDEA.LT``) are used where ``data`` names none. What ``data`` says is never replaced.
    """
    moment = now.astimezone(UTC).replace(microsecond=0)
    given = data.get("header", {})
    if not isinstance(given, Mapping):
        return dict(data)
    offered = {
        "message_sender": sender,
        "message_recipient": recipient,
        "date_of_preparation": moment.date().isoformat(),
        "time_of_preparation": moment.time().isoformat(),
        "message_identifier": identifier,
    }
    header = {name: value for name, value in offered.items() if value is not None}
    return {**data, "header": header | {name: value for name, value in given.items() if value is not None}}


def template(message: str, *, full: bool = False) -> dict[str, Any]:
    """A skeleton of ``message`` (``IE815``): its required fields, or all with ``full``; values say what is expected.

    Raises ComposeRefused when there is no such message.
    """
    if message not in _BY_NAME:
        raise ComposeRefused((_unknown_message(message),))
    return {"message": message, **_sketch(_BY_NAME[message], full=full)}


@frozen
class _Faults:
    """The faults found so far; when there are enough of them the message is refused at once.

    ``guesses`` are what names that do not exist were meant to be: a name that comes with every line is looked up once.
    ``told`` are the groups whose fields were named since no more is guessed.
    """

    found: list[Fault] = field(default_factory=list)
    guesses: dict[tuple[str, Sequence[str]], Said] = field(default_factory=dict)
    told: set[Sequence[str]] = field(default_factory=set)

    def append(self, fault: Fault) -> None:
        """Add one more. Raises ComposeRefused."""
        self.found.append(fault)
        if len(self.found) == MOST_FAULTS:
            raise ComposeRefused(tuple(self.found))

    def guess(self, name: str, known: Sequence[str]) -> Said:
        """A hint at what ``name`` was meant to be, as in the XML or misspelt; of many misspelt ones the first only."""
        plain = _HUMP.sub("_", name).lower()
        if plain in known:
            return said("hint.field_meant", name=plain)
        if (plain, known) not in self.guesses:
            if len(self.guesses) == _MOST_GUESSES:
                return self._known_here(known)
            self.guesses[plain, known] = _nearest(plain, known)
        return self.guesses[plain, known]

    def _known_here(self, known: Sequence[str]) -> Said:
        """The fields of a group, in full once: a refusal of a thousand faults stays readable."""
        if known in self.told:
            return Said("hint.fields_told")
        self.told.add(known)
        return _known(known)


@frozen
class _Slot:
    """One field of a group: ``content`` is a kind of value or the dataclass of a group."""

    name: str
    content: ValueKind | type
    required: bool
    occurs: tuple[int, int | None] | None

    @property
    def expected(self) -> Said:
        if self.occurs:
            return _objects(*self.occurs)
        return self.content.expected if isinstance(self.content, ValueKind) else Said("kind.object")


def _objects(least: int, most: int | None) -> Said:
    if most is None:
        return said("kind.objects_or_more", least=least)
    return said("kind.objects", least=least, most=most)


@cache
def _slots(group: type) -> tuple[_Slot, ...]:
    hints = get_type_hints(group)
    return tuple(_slot(item, hints[item.name]) for item in fields(group))


def _slot(item: Field[Any], hint: Any) -> _Slot:
    python_type: type = next((one for one in get_args(hint) if one is not type(None)), hint)
    grouped = is_dataclass(python_type)
    content = python_type if grouped else kind_of(python_type)
    many = (1, None) if get_origin(hint) is tuple else None
    return _Slot(item.name, content, item.default is MISSING, item.metadata.get("occurs", many))


def _read_group(data: Any, group: type, place: Place, faults: _Faults) -> Any:
    """The group that ``data`` describes; worthless when ``faults`` has grown."""
    if not isinstance(data, Mapping):
        faults.append(_fault("PLAIN-TYPE", place, data, _expected(Said("kind.object"))))
        return None
    slots = _slots(group)
    _refuse_unknown(data, tuple(slot.name for slot in slots), place, faults)
    values = {}
    for slot in slots:
        at = place / slot.name
        value = data.get(slot.name)
        if value is not None:
            values[slot.name] = _read_slot(value, slot, at, faults)
        elif slot.required:
            values[slot.name] = _left_out(slot, at, faults)
    return group(**values)


def _left_out(slot: _Slot, place: Place, faults: _Faults) -> Any:
    """A required field that ``data`` leaves out: no fault when it is a group in which nothing is required."""
    if (
        not isinstance(slot.content, ValueKind)
        and not slot.occurs
        and not any(one.required for one in _slots(slot.content))
    ):
        return slot.content()
    faults.append(_fault("PLAIN-MISSING", place, None, _expected(slot.expected)))
    return None


def _read_slot(value: Any, slot: _Slot, place: Place, faults: _Faults) -> Any:
    if slot.occurs is None:
        return _read_one(value, slot, place, faults)
    if isinstance(value, str) or not isinstance(value, Sequence):
        faults.append(_fault("PLAIN-TYPE", place, value, _expected(slot.expected)))
        return ()
    least, most = slot.occurs
    if len(value) < least or (most is not None and len(value) > most):
        faults.append(_fault("PLAIN-OCCURS", place, len(value), _expected(slot.expected)))
    return tuple(_read_one(item, slot, place.numbered(number), faults) for number, item in enumerate(value, start=1))


def _read_one(value: Any, slot: _Slot, place: Place, faults: _Faults) -> Any:
    if not isinstance(slot.content, ValueKind):
        return _read_group(value, slot.content, place, faults)
    try:
        return slot.content.read(value)
    except ValueError:
        faults.append(_fault("PLAIN-TYPE", place, value, not_in_xml(value) or _expected(slot.content.expected)))
        return None


def _refuse_unknown(data: Mapping[str, Any], known: Sequence[str], place: Place, faults: _Faults) -> None:
    for key in data:
        if key not in known:
            name = _writable(str(key))
            faults.append(_fault("PLAIN-UNKNOWN", place / name, data[key], faults.guess(name, known)))


def _unknown_message(name: Any) -> Fault:
    rule = "PLAIN-MISSING" if name is None else "PLAIN-TYPE"
    return _fault(rule, _DATA / "message", name, _expected(said("kind.one_of", codes=", ".join(_BY_NAME))))


def _nearest(name: str, known: Sequence[str]) -> Said:
    """A hint at the field that ``name`` was probably meant to be."""
    close = get_close_matches(name, known, n=1)
    return said("hint.field_meant", name=close[0]) if close else _known(known)


def _known(names: Sequence[str]) -> Said:
    return said("hint.fields_known", names=", ".join(names))


def _expected(kind: Said) -> Said:
    return said("hint.expected_kind", kind=kind)


def _fault(rule: str, place: Place, value: Any, hint: Said) -> Fault:
    text = Said(f"{rule}.text")
    return Fault(code="PLAIN", rule=rule, place=place, value=_shown(value), text=text, hint=hint)


def _shown(value: Any) -> str | None:
    match value:
        case None:
            return None
        case Mapping():
            return "object"
        case str():
            return _writable(value)
        case Sequence():
            return "list"
        case _:
            return str(value)[:_LONGEST_VALUE]


def _writable(text: str) -> str:
    """The beginning of a text, as it can be told: JSON has an escape for half a surrogate pair, UTF-8 has no form."""
    return text[:_LONGEST_VALUE].encode(errors="backslashreplace").decode()


def group_to_plain(group: Any) -> dict[str, Any]:
    """The value of a dataclass as plain data, which :func:`group_from_plain` reads back."""
    values = ((slot, getattr(group, slot.name)) for slot in _slots(group.__class__))
    return {slot.name: _write_slot(value, slot) for slot, value in values if value not in (None, ())}


def _write_slot(value: Any, slot: _Slot) -> Any:
    if isinstance(slot.content, ValueKind):
        return [slot.content.write(one) for one in value] if slot.occurs else slot.content.write(value)
    return [group_to_plain(item) for item in value] if slot.occurs else group_to_plain(value)


def _sketch(group: type, *, full: bool) -> dict[str, Any]:
    return {slot.name: _sketch_slot(slot, full=full) for slot in _slots(group) if full or slot.required}


def _sketch_slot(slot: _Slot, *, full: bool) -> Any:
    if isinstance(slot.content, ValueKind):
        return say(slot.content.expected)
    inner = _sketch(slot.content, full=full)
    return [inner] if slot.occurs else inner
