"""What stands on the paper of a value: its boxes in their order, without a language and without a layout."""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time, tzinfo
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final, TypeAlias, TypeGuard

from esad_gateway.ais.saad.record import SaadEntry, SaadRecord
from esad_gateway.emcs.messages import IE801, IE813, IE815, IE818
from esad_gateway.emcs.messages.fields import Text
from esad_gateway.faults import Said, said
from esad_gateway.frozen import frozen
from esad_gateway.papers.boxes import SHORT, Box, BoxGroup, Form
from esad_gateway.papers.change import CHANGE
from esad_gateway.papers.dispatch import DRAFT, ESAD
from esad_gateway.papers.meanings import meaning
from esad_gateway.papers.receipt import ENTRY, RECORD, REPORT

Printable: TypeAlias = IE815 | IE801 | IE813 | IE818 | SaadEntry | SaadRecord

FORMS: Final[Mapping[type, Form]] = MappingProxyType(
    {IE815: DRAFT, IE801: ESAD, IE813: CHANGE, IE818: REPORT, SaadEntry: ENTRY, SaadRecord: RECORD}
)
"""What each kind of value looks like on paper."""

_BETWEEN: Final = "/"
_UNDATED: Final = datetime(2000, 1, 1, tzinfo=UTC)


@frozen
class Filled:
    """One box with its value, exactly as the document has it, and what that means where it is a code.

    ``number`` is such as ``17.1a``, or empty where the regulation has no such box.
    """

    number: str
    label: Said
    value: str
    width: int
    meaning: tuple[Said, ...] = ()


@frozen(kw_only=True)
class Section:
    """Boxes under one heading; of several alike ``count``, this is the one at ``position``, from 1."""

    number: str
    label: Said
    cells: tuple[Filled, ...]
    position: int = 1
    count: int = 1


@frozen(kw_only=True)
class Paper:
    """A document on paper.

    ``mark`` is what the barcodes say: the ARC, or where there is none yet what the document is known by, between
    slashes. ``moment`` is the document's own, so that the same document always gives the same file.
    """

    title: Said
    note: Said
    mark: str
    moment: datetime
    sections: tuple[Section, ...]


def home_of(value: Printable) -> str:
    """The two letters of the member state whose local time counts on the paper of ``value``; not checked."""
    field, place = FORMS[type(value)].home
    return _written(_at(value, field) or "")[place : place + 2]


def on_printout(value: object) -> TypeGuard[Printable]:
    """Whether an administration has issued or validated ``value``, so that its paper is a printout and no fallback."""
    form = FORMS.get(type(value))
    return isinstance(value, IE801) or (form is not None and _validated(form, value))


def paper_of(value: Printable, zone: tzinfo | None = None) -> Paper:
    """The paper of a draft (IE815), an e-SAD (IE801), a change (IE813), a report (IE818), or of the SAAD list.

    Every field with a value is on it, except the message header and what the regulation forbids there (submission
    message type, deferred submission flag). Boxes without a value are left out. The regulation wants local times:
    with ``zone`` the times of the message are UTC, and that of the zone stands beside each; without it they are local
    already. Not checked: schema, rules, signature. Source: Delegated Regulation (EU) 2022/1636, Article 9.
    """
    form = FORMS[type(value)]
    name = form.printout if _validated(form, value) else form.title
    return Paper(
        title=Said(f"paper.{name}"),
        note=Said(f"paper.{name}_note"),
        mark=_BETWEEN.join(_written(_at(value, field)) for field in form.mark),
        moment=_moment([_at(value, field) for field in form.moment]),
        sections=tuple(section for group in form.groups for section in _sections(group, value, zone)),
    )


def _validated(form: Form, value: object) -> bool:
    return bool(form.validated) and _at(value, form.validated) is not None


def _sections(group: BoxGroup, above: Any, zone: tzinfo | None) -> Iterator[Section]:
    """The sections of a group; those of its subgroups follow each."""
    values = _each(above, group.path)
    for position, value in enumerate(values, start=1):
        cells = tuple(cell for box in group.boxes for cell in _cells(group.number, box, value, zone))
        if cells:
            yield Section(
                number=group.number,
                label=said(f"box.{group.label}"),
                cells=cells,
                position=position,
                count=len(values),
            )
        for below in group.groups:
            yield from _sections(below, value, zone)


def _cells(number: str, box: Box, value: Any, zone: tzinfo | None) -> Iterator[Filled]:
    found = _at(value, box.field)
    if found is None:
        return
    told = _written(found)
    means = meaning(box.meaning, told, value) or _local(found, value, zone)
    yield Filled(_numbered(number, box.letter), Said(f"box.{box.label}"), told, box.width, means)
    if isinstance(found, Text):
        yield Filled(_numbered(number, box.language), Said("box.language"), found.language, SHORT)


def _local(found: Any, beside: Any, zone: tzinfo | None) -> tuple[Said, ...]:
    """The local time of a moment in UTC; of a time of dispatch the day stands beside it."""
    moment = datetime.combine(beside.date_of_dispatch, found) if isinstance(found, time) else found
    if zone is None or not isinstance(moment, datetime):
        return ()
    try:
        local = moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(zone)
    except OverflowError:  # in the first or last hours that there are
        return ()
    return (said("paper.local", moment=local.isoformat(sep=" ", timespec="minutes")),)


def _numbered(number: str, letter: str) -> str:
    return f"{number}{letter}" if letter else ""


def _each(above: Any, path: str) -> tuple[Any, ...]:
    found = _at(above, path)
    if found is None:
        return ()
    return found if isinstance(found, tuple) else (found,)


def _at(value: Any, path: str) -> Any:
    """What stands at a dotted path; ``None`` where there is nothing on the way."""
    for name in path.split(".") if path else ():
        value = None if value is None else getattr(value, name)
    return value


def _written(value: Any) -> str:
    """A value as the document has it: codes as codes, amounts with all their digits, dates and times in ISO 8601."""
    match value:
        case Text():
            return value.value
        case bool():
            return str(int(value))
        case Decimal():
            return f"{value:f}"
        case datetime():
            return value.isoformat(sep=" ", timespec="seconds")
        case StrEnum():
            return value.value
        case _:
            return str(value)


def _moment(found: list[Any]) -> datetime:
    """The moment that a document says of itself: a moment, or a day and a time; a fixed one where it says none."""
    match found:
        case [datetime() as moment, *_]:
            return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        case [date() as day, time() as clock]:
            return datetime.combine(day, clock, UTC)
        case [date() as day, *_]:
            return datetime.combine(day, time(), UTC)
        case _:
            return _UNDATED
