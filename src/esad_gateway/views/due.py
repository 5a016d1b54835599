"""What is due, for people and programs: plain values with where to act, and a calendar."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, time, tzinfo
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from esad_gateway.ais.board.item import DueItem, DueKind
from esad_gateway.ais.board.listing import ListedItem
from esad_gateway.faults import Said, said
from esad_gateway.ports.due import DueFeed
from esad_gateway.texts import in_every_language, say


class DoneAt(NamedTuple):
    """Where one does what is due: a command, and an operation of REST."""

    command: str
    operation: str


ACTING: Final[Mapping[DueKind, DoneAt]] = MappingProxyType(
    {
        DueKind.REPORT: DoneAt("esad submit", "POST /v1/messages"),
        DueKind.DESTINATION: DoneAt("esad submit", "POST /v1/messages"),
        DueKind.ENTRY: DoneAt("esad saad enter", "POST /v1/traders/{seed}/saad"),
        DueKind.NUMBER: DoneAt("esad submit", "POST /v1/messages"),
        DueKind.CASE: DoneAt("esad case show", "GET /v1/national/cases/{number}"),
        DueKind.DECLARATION: DoneAt("esad declare file", "POST /v1/traders/{seed}/declarations/{about}/filings"),
        DueKind.SECURITY: DoneAt("esad guarantee add", "POST /v1/national/guarantees/{seed}"),
    }
)
"""Where to act, by what is due."""


def told(item: DueItem) -> Said:
    """What is due, in words."""
    return said(f"board.item_{item.kind.value}", about=item.about)


def due_view(found: Sequence[ListedItem], seed: str, after: int, limit: int, zone: tzinfo) -> dict[str, Any]:
    """A page of the board of a trader, behind its first ``after`` items."""
    page = found[after : after + limit]
    return {
        "seed": seed,
        "items": [item_view(one, zone) for one in page],
        "completeThrough": after + len(page),
        "complete": after + len(page) >= len(found),
    }


def item_view(one: ListedItem, zone: tzinfo) -> dict[str, Any]:
    """An item; ``until`` is the moment at which its last day is over, as clocks in ``zone`` show it."""
    item, where = one.item, ACTING[one.item.kind]
    term = item.end.term
    return {
        "kind": item.kind.value,
        "seed": item.seed,
        "about": item.about,
        "since": item.since.isoformat(),
        "due": item.end.day.isoformat(),
        "until": _shown(item.end.moment, zone),
        "workingDaysLeft": one.left,
        "overdue": one.overdue,
        "requirement": term.rule,
        "source": term.provenance.source,
        "mark": term.provenance.mark.value,
        "command": where.command,
        "operation": where.operation,
        "text": in_every_language(told(item)),
    }


def feed_view(feed: DueFeed, zone: tzinfo) -> dict[str, Any]:
    """An address, without its secret."""
    return {
        "number": feed.number,
        "seed": feed.seed,
        "madeAt": _shown(feed.made_at, zone),
        "endedAt": None if feed.ended_at is None else _shown(feed.ended_at, zone),
    }


def due_calendar(found: Sequence[ListedItem], seed: str, language: str) -> bytes:
    """The board as iCalendar (RFC 5545): an event on each last day, known by what it is about wherever it is moved.

    The same board is the same bytes: what an event is stamped with is the day since when it is due.
    """
    from icalendar import Calendar, Event  # noqa: PLC0415 - only calendars need it

    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", "-//esad-gateway//deadline board//EN")
    calendar.add("x-wr-calname", say(said("board.calendar", seed=seed), language))
    for one in found:
        item = one.item
        event = Event()
        event.add("uid", f"{item.kind.value}.{item.end.term.rule}.{item.about}.{item.seed}@esad-gateway")
        event.add("dtstamp", datetime.combine(item.since, time(), UTC))
        event.add("dtstart", item.end.day)
        event.add("summary", say(told(item), language))
        event.add("description", say(_described(item), language))
        event.add("transp", "TRANSPARENT")
        calendar.add_component(event)
    written: bytes = calendar.to_ical()
    return written


def _described(item: DueItem) -> Said:
    where, term = ACTING[item.kind], item.end.term
    return said(
        "board.described",
        command=where.command,
        operation=where.operation,
        rule=term.rule,
        source=term.provenance.source,
    )


def _shown(moment: datetime, zone: tzinfo) -> str:
    try:
        return moment.astimezone(zone).isoformat(timespec="seconds")
    except OverflowError:
        return moment.isoformat(timespec="seconds")
