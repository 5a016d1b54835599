"""When the movements begin that a script begins by itself, and with how much: by a seed, the same every time."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import count
from random import Random
from typing import Final

from esad_gateway.emcs.working_days import Calendar
from esad_gateway.frozen import frozen
from esad_gateway.simulator.scripts.model import Traffic
from esad_gateway.simulator.scripts.waits import moment_after

_FINEST: Final = 1000
"""Parts of a unit in which quantities at random are told, where their bounds are no whole numbers."""


@frozen
class Departure:
    """A movement that begins: when (aware), and how much it carries, ``None`` for what is usual."""

    at: datetime
    quantity: Decimal | None


def departures(traffic: Traffic, begins: datetime, calendar: Calendar, random: Random) -> Iterator[Departure]:
    """The movements of a traffic in a script that ``begins`` at a moment (aware), in their order.

    Working days are those of the ``calendar``. What ``random`` gives is asked in this order: how much later it is, and
    how much it carries. Where ``spread`` is longer than ``every``, one may begin before the one that is told before it.
    """
    first = moment_after(begins, traffic.after, calendar)
    for number in range(traffic.count) if traffic.count else count():
        later = traffic.spread * random.random() if traffic.spread else timedelta(0)
        at = first + number * traffic.every + later
        yield Departure(at.replace(microsecond=0), _quantity(traffic, random))


def _quantity(traffic: Traffic, random: Random) -> Decimal | None:
    least, most = traffic.at_least, traffic.at_most
    if least is None or most is None:
        return traffic.quantity
    whole = least == least.to_integral_value() and most == most.to_integral_value()
    parts = 1 if whole else _FINEST
    return Decimal(random.randint(int(least * parts), int(most * parts))) / parts
