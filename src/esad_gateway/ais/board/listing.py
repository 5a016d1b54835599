"""The board itself: what is due, in which order, and how much time is left."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Final

from esad_gateway.ais.board.item import DueItem, DueKind
from esad_gateway.ais.terms import Term, due, working_days_left
from esad_gateway.emcs.moments import day_of
from esad_gateway.emcs.working_days import Calendar
from esad_gateway.frozen import frozen

COUNTED: Final = 750
"""Days, about two years: what ends further away has as many working days left as that, whatever it is."""


@frozen(kw_only=True)
class StillOpen:
    """What is known of something that is still to be done: what, for whom, since when, and its own ``last`` day."""

    kind: DueKind
    seed: str
    about: str
    since: date
    last: date

    def item(self, term: Term, calendar: Calendar) -> DueItem:
        """The same as an item of the board; ``term`` counts from the last day."""
        end = due(self.last, term, calendar)
        return DueItem(kind=self.kind, seed=self.seed, about=self.about, since=self.since, end=end)


@frozen
class ListedItem:
    """An item with the working days that are ``left``: 0 on its last day, below zero after it; and whether it is late.

    What ended on a day on which nobody works is overdue once that day is over, though no working day has passed.
    """

    item: DueItem
    left: int
    overdue: bool


def listed(items: Iterable[DueItem], now: datetime, calendar: Calendar, within: int | None = None) -> list[ListedItem]:
    """Items by their ends, so what is overdue comes first; of one end by trader, kind and what they are about.

    ``now`` is aware. With ``within`` only what has at most so many working days left. Nothing is kept of an earlier
    look, so a clock that was put back only shows more days.
    """
    today = day_of(now, calendar.zone)
    shown = (
        ListedItem(one, _left(today, one.end.day, calendar), one.end.late(now)) for one in sorted(items, key=_order)
    )
    return [one for one in shown if within is None or one.left <= within]


def _left(today: date, last: date, calendar: Calendar) -> int:
    """As :func:`working_days_left`, without counting to the ends of time."""
    away = min(max((last - today).days, -COUNTED), COUNTED)
    return working_days_left(today, today + timedelta(days=away), calendar)


def _order(item: DueItem) -> tuple[datetime, str, str, str]:
    return item.end.moment, item.seed, item.kind, item.about
