"""The picture of a movement: traders and administrations beside each other, and what went between them, downwards."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from datetime import date, datetime
from typing import Final

from lxml import etree

from esad_gateway.faults import Said, said
from esad_gateway.frozen import frozen
from esad_gateway.ports.reading import Outcome
from esad_gateway.simulator.injected.journal import Strike
from esad_gateway.simulator.served.page.elements import element
from esad_gateway.simulator.served.page.frame import PageRequest
from esad_gateway.simulator.served.page.reading import FiledLetter

_PEER: Final = "NDEA."
_OFFICE: Final = 8
"""The length of an office's reference."""

_LEFT, _RIGHT, _WIDTH = 164, 690, 760
_TOP, _ROW = 64, 34


@frozen(kw_only=True)
class Arrow:
    """A message that went from one to another: ``letter`` is it as it was filed first, ``arrived`` where it came.

    ``arrived`` is ``None`` for one that has not come to the other administration.
    """

    at: datetime
    sender: str
    receiver: str
    letter: FiledLetter
    arrived: FiledLetter | None


def in_order(letters: Iterable[FiledLetter]) -> list[FiledLetter]:
    """Messages in an order in which they can have been filed: none is anywhere before it was sent there."""
    waiting = _lines(letters)
    between = {(one.entry.identifier, one.home, _arrives(one)) for line in waiting for one in line if _is_between(one)}
    found: list[FiledLetter] = []
    while waiting:
        done = {(one.entry.identifier, one.home, _arrives(one)) for one in found if _is_between(one)}
        line = min(waiting, key=lambda one: _turn(one[0], between - done, found[-1] if found else None))
        found.append(line.pop(0))
        waiting = [one for one in waiting if one]
    return found


def _lines(letters: Iterable[FiledLetter]) -> list[list[FiledLetter]]:
    """The messages of each mailbox in their order."""
    lines: dict[tuple[str, str], list[FiledLetter]] = {}
    for letter in sorted(letters, key=lambda one: one.entry.seq):
        lines.setdefault((letter.home, letter.entry.mailbox), []).append(letter)
    return list(lines.values())


def _is_between(letter: FiledLetter) -> bool:
    return letter.entry.mailbox.startswith(_PEER)


def _arrives(letter: FiledLetter) -> bool:
    return letter.entry.direction == "in"


def _turn(
    letter: FiledLetter, coming: AbstractSet[tuple[str, str, bool]], last: FiledLetter | None
) -> tuple[str, bool, bool, int]:
    """What comes first: the earlier, what has been sent, what is the same message as the last, who writes.

    ``coming`` is what is still to be sent to another administration, and to come there.
    """
    entry, arrives = letter.entry, _arrives(letter)
    if _is_between(letter):
        unsent = arrives and (entry.identifier, entry.mailbox.removeprefix(_PEER), False) in coming
    else:
        unsent = not arrives and (entry.identifier, letter.home, True) in coming
    other = last is None or last.entry.identifier != entry.identifier
    return entry.recorded_at, unsent, other, _is_between(letter) + 2 * (not arrives)


def arrows(ordered: Iterable[FiledLetter], opened: Iterable[str]) -> list[Arrow]:
    """What went between whom, of messages in order; what came to another administration is one arrow with its sending.

    ``opened`` are the states of which everything is known that came to them.
    """
    known, found = frozenset(opened), list[Arrow]()
    sent: dict[tuple[str, str], int] = {}
    for letter in ordered:
        identifier, other = letter.entry.identifier, letter.entry.mailbox.removeprefix(_PEER)
        before = sent.pop((identifier, letter.home), None) if _is_between(letter) and _arrives(letter) else None
        if before is not None:
            found[before] = replace(found[before], arrived=letter)
            continue
        away = _is_between(letter) and not _arrives(letter) and other in known
        if away:
            sent[identifier, other] = len(found)
        sender, receiver = _ends(letter)
        arrived = None if away else letter
        found.append(Arrow(at=_at(letter), sender=sender, receiver=receiver, letter=letter, arrived=arrived))
    return found


def _ends(letter: FiledLetter) -> tuple[str, str]:
    """Who has sent a message to whom: traders by their numbers, administrations and their offices by the state."""
    mailbox = letter.entry.mailbox
    other = mailbox.removeprefix(_PEER) if mailbox.startswith(_PEER) else mailbox
    other = other[:2] if len(other) == _OFFICE else other
    return (other, letter.home) if letter.entry.direction == "in" else (letter.home, other)


def _at(letter: FiledLetter) -> datetime:
    return datetime.fromisoformat(letter.entry.recorded_at)


def drawn(
    asked: PageRequest,
    home: str,
    found: Sequence[Arrow],
    strikes: Sequence[Strike],
    resting: Callable[[Iterable[str], date], Sequence[str]],
) -> etree._Element:
    """The picture: ``home`` is the state of dispatch, whose side stands on the left.

    ``resting`` tells in which of some states a day is no working day.
    """
    lanes = _lanes(home, found)
    states = sorted({name[:2] for name in lanes})
    rows = [
        _Day(one.day, one.later, tuple(resting(states, one.day))) if isinstance(one, _Day) else one
        for one in _rows(found, strikes)
    ]
    height = _TOP + _ROW * len(rows) + 12
    label = asked.say(said("page.picture", messages=said("count.messages", count=len(found))))
    return element(
        "svg",
        element("title", label),
        *_ground(asked, lanes, home, height),
        *(part for number, row in enumerate(rows) for part in _row(asked, row, lanes, _TOP + _ROW * number)),
        viewBox=f"0 0 {_WIDTH} {height}",
        role="group",
        aria_label=label,
        class_="sequence",
    )


def _lanes(home: str, found: Iterable[Arrow]) -> dict[str, float]:
    """Where everybody stands: the side of dispatch on the left, traders at the outside."""
    names = {name for arrow in found for name in (arrow.sender, arrow.receiver)} | {home}
    ordered = sorted(names, key=lambda name: (name[:2] != home, (len(name) > 2) is (name[:2] != home), name))  # noqa: PLR2004
    step = (_RIGHT - _LEFT) / max(1, len(ordered) - 1)
    return {name: _LEFT + step * number for number, name in enumerate(ordered)}


def _ground(asked: PageRequest, lanes: Mapping[str, float], home: str, height: int) -> Iterator[etree._Element]:
    own = [x for name, x in lanes.items() if name[:2] == home]
    there = [x for name, x in lanes.items() if name[:2] != home]
    for side, places in ((Said("side.dispatch"), own), (Said("side.destination"), there)):
        if places:
            left, width = min(places) - 64, max(places) - min(places) + 128
            yield _svg("rect", x=left, y=0, width=width, height=height, rx=8, class_="side")
            yield _svg("text", asked.say(side), x=left + width / 2, y=18, class_="head")
    for name, x in lanes.items():
        yield _svg("line", x1=x, x2=x, y1=50, y2=height, class_="life")
        yield _svg("text", name, x=x, y=42, class_="lane")


@frozen
class _Day:
    day: date
    later: int
    resting: tuple[str, ...] = ()


def _rows(found: Iterable[Arrow], strikes: Iterable[Strike]) -> Iterator["Arrow | Strike | _Day"]:
    """Days, messages and faults in their order."""
    last: date | None = None
    happened: list[Arrow | Strike] = sorted([*found, *strikes], key=lambda one: one.at)
    for one in happened:
        day = one.at.date()
        if day != last:
            yield _Day(day, (day - last).days if last else 0)
        last = day
        yield one


def _row(
    asked: PageRequest, row: "Arrow | Strike | _Day", lanes: Mapping[str, float], top: float
) -> Iterator[etree._Element]:
    if isinstance(row, _Day):
        days = asked.say(said("page.later", days=said("count.days_later", count=row.later)))
        later = f", {days}" if row.later else ""
        off = asked.say(said("page.resting", states=", ".join(row.resting))) if row.resting else ""
        yield _svg("line", x1=8, x2=_WIDTH - 8, y1=top + 6, y2=top + 6, class_="day")
        yield _svg("text", f"{row.day}{later}", x=8, y=top + 24, class_="day")
        if off:
            yield _svg("text", off, x=_WIDTH - 8, y=top + 24, class_="resting")
        return
    yield _svg("text", f"{row.at:%H:%M:%S}", x=8, y=top + 22, class_="time")
    if isinstance(row, Strike):
        yield _svg("text", f"⚡ {row.fault}", x=lanes.get(row.state, _LEFT), y=top + 22, class_="strike")
        return
    yield from _arrow(asked, row, lanes, top + 26)


def _arrow(asked: PageRequest, arrow: Arrow, lanes: Mapping[str, float], y: float) -> Iterator[etree._Element]:
    start, end = lanes[arrow.sender], lanes[arrow.receiver]
    way = 1 if end > start else -1
    lost = arrow.arrived is None
    tip = (start + end) / 2 if lost else end - 3 * way
    refused = arrow.letter.entry.outcome == Outcome.REFUSED
    kind = "arrow" + " refused" * refused + " lost" * lost
    yield _svg("line", x1=start, x2=tip, y1=y, y2=y, class_=kind)
    head = f"M{tip - 8 * way},{y - 5} L{tip},{y} L{tip - 8 * way},{y + 5}"
    cross = f"M{tip - 6},{y - 6} L{tip + 6},{y + 6} M{tip - 6},{y + 6} L{tip + 6},{y - 6}"
    yield _svg("path", d=cross if lost else head, class_=kind)
    told = f"{arrow.letter.entry.type}{_remark(asked, arrow)}"
    text = _svg("text", told, x=(start + end) / 2, y=y - 5, class_="letter")
    about = f"{arrow.letter.entry.type}, {arrow.sender} → {arrow.receiver}"
    yield element("a", text, href=f"/sim/messages/{arrow.letter.path}", aria_label=about)


def _remark(asked: PageRequest, arrow: Arrow) -> str:
    """What became of a message, if it was not taken at once."""
    if arrow.arrived is not None and _at(arrow.arrived) != arrow.at:
        return f" → {_at(arrow.arrived):%Y-%m-%d %H:%M}"
    outcome = (arrow.arrived or arrow.letter).entry.outcome
    return f" ({asked.say(Said(f'outcome.{outcome}'))})" if outcome != Outcome.ACCEPTED else ""


def _svg(tag: str, text: str | None = None, **attributes: float | str) -> etree._Element:
    told = {name: one if isinstance(one, str) else f"{one:g}" for name, one in attributes.items()}
    return element(tag, text, **told)
