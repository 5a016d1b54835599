"""What a clock for tests is told over HTTP: to go forward, to go to a moment, to run, to stand."""

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from math import inf
from types import MappingProxyType
from typing import Any, Final, TypeAlias, TypeGuard

from esad_gateway.emcs.identifiers import Malformed
from esad_gateway.faults import said
from esad_gateway.frozen import frozen
from esad_gateway.json_errors import why_no_json

FASTEST: Final = 10**6
"""Seconds a second of the machine: a year in half a minute."""

LONGEST: Final = timedelta(days=3660)
"""How far a clock is moved at once: longer than any certificate of a simulated state holds."""

UNITS: Final = ("seconds", "minutes", "hours", "days", "weeks")
FORMS: Final[Mapping[str, Any]] = MappingProxyType(
    {"advance": {"days": 6}, "to": "2026-03-09T10:00:00Z", "rate": 60, "freeze": True}
)
"""Every order, as an example: one of the first two may come with one of the others."""

_EITHER: Final = ({"advance", "to"}, {"rate", "freeze"})
"""What does not come together."""

Spoken: TypeAlias = Callable[[str, str | None], datetime]
"""What knows a moment in words about a movement, and the ARC of that; it raises Malformed."""

MOVEMENT: Final = "movement"
"""What tells the ARC: it comes with a moment in words."""


@frozen(kw_only=True)
class ClockOrder:
    """Where the clock is to go, if anywhere, and how fast it is to run from then on; ``None``: as before."""

    to: datetime | None = None
    rate: float | None = None


def order_of(body: bytes, now: datetime, spoken: Spoken | None = None) -> ClockOrder:
    """The order in a body (JSON, an object as in :data:`FORMS`). Raises Malformed, which says what was found.

    Where there is somebody who knows moments in words, ``to`` may be such one, with the ARC as ``movement``.
    """
    try:
        told = json.loads(body)
    except (ValueError, RecursionError) as error:
        why = why_no_json(error) if isinstance(error, ValueError) else str(error)
        raise Malformed(said("simulate.no_json", why=why)) from error
    if spoken is not None and isinstance(told, dict):
        told = _in_numbers(told, spoken)
    if not isinstance(told, dict) or not told or told.keys() - FORMS.keys() or any(map(told.keys().__ge__, _EITHER)):
        raise Malformed(said("simulate.order", found=_shown(told), forms=json.dumps(dict(FORMS))))
    return ClockOrder(to=_moment(told, now), rate=_rate(told))


def _in_numbers(told: Mapping[str, Any], spoken: Spoken) -> Mapping[str, Any]:
    """An order with a moment in place of words about a movement; any other one as it is."""
    to, arc = told.get("to"), told.get(MOVEMENT)
    if not isinstance(to, str) or not to.lstrip()[:1].isalpha() or not isinstance(arc, str | None):
        return told
    rest = {name: value for name, value in told.items() if name != MOVEMENT}
    return {**rest, "to": spoken(to, arc).isoformat()}


def _moment(told: Mapping[str, Any], now: datetime) -> datetime | None:
    if "advance" in told:
        to = _later(now, _step(told["advance"]))
    elif "to" in told:
        to = _read(told["to"])
    else:
        return None
    if to < now:
        raise Malformed(said("sim.clock_backwards", now=now.isoformat(), moment=to.isoformat()))
    if to - now > LONGEST:
        raise Malformed(said("simulate.too_far", days=LONGEST.days, moment=to.isoformat()))
    return to


def _later(now: datetime, step: timedelta) -> datetime:
    try:
        return now + step
    except OverflowError as error:
        end = datetime.max.replace(tzinfo=UTC)
        raise Malformed(said("simulate.too_far", days=LONGEST.days, moment=end.isoformat())) from error


def _step(step: object) -> timedelta:
    if (
        not isinstance(step, dict)
        or not step
        or not step.keys() <= set(UNITS)
        or not all(map(_is_number, step.values()))
    ):
        raise Malformed(said("simulate.step", found=_shown(step), units=", ".join(UNITS)))
    try:
        return min(timedelta(**step), LONGEST * 2)
    except OverflowError:
        return LONGEST * 2


def _read(text: object) -> datetime:
    try:
        found = datetime.fromisoformat(str(text))
        if found.tzinfo is not None:
            return found.astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise Malformed(said("simulate.moment", found=_shown(text)))


def is_rate(rate: object) -> bool:
    """Whether a clock can run so many times as fast as the machine's."""
    return _is_number(rate) and rate <= FASTEST


def _rate(told: Mapping[str, Any]) -> float | None:
    if "rate" in told:
        if not is_rate(told["rate"]):
            raise Malformed(said("simulate.rate", found=_shown(told["rate"]), fastest=FASTEST))
        return float(told["rate"])
    if "freeze" in told and told["freeze"] is not True:
        raise Malformed(said("simulate.order", found=_shown(told), forms=json.dumps(dict(FORMS))))
    return 0.0 if "freeze" in told else None


def _is_number(value: object) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < inf


def _shown(value: object) -> str:
    return f"{json.dumps(value, default=str):.80}"
