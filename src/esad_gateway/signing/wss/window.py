"""When an envelope was signed: within five minutes of now, by its Created and the reader's clock (step 13)."""

import re
from datetime import UTC, datetime
from typing import Final

from lxml import etree

from esad_gateway.faults import Said, said
from esad_gateway.signing.differences import children, clipped
from esad_gateway.signing.wss.names import LONGEST_MOMENT, WINDOW, wsu
from esad_gateway.signing.wss.steps import SecurityStep, refuse

_CREATED: Final = wsu("Created")
_EXPIRES: Final = wsu("Expires")
_GATEWAYS: Final = Said("security.clock_gateway")
_MOMENT: Final = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)$", re.ASCII)
_MICROSECONDS: Final = 6  # digits


def created(timestamp: etree._Element, at: datetime, clock: Said = _GATEWAYS, wanted: Said | None = None) -> datetime:
    """When a Timestamp says that it was made, which is not longer than the window before or after ``at``.

    ``clock`` is whose clock ``at`` was read from, ``wanted`` what would have passed, where it is not the gateway's.
    How long a client lets it stand (Expires) may be more, since that cannot be set in some; what has ended by what
    it says itself is refused. Raises SecurityRefused.
    """
    if [one.tag for one in timestamp] not in ([_CREATED], [_CREATED, _EXPIRES]):
        refuse(SecurityStep.TIME, said("refused.holds", name="Timestamp", what=children(timestamp)))
    begin = _moment(timestamp[0])
    if abs(at - begin) > WINDOW:
        refuse(SecurityStep.TIME, said("security.created", created=_shown(begin), clock=clock, now=_shown(at)), wanted)
    for expires in timestamp[1:]:
        if (end := _moment(expires)) < at:
            refuse(
                SecurityStep.TIME, said("security.expired", expires=_shown(end), clock=clock, now=_shown(at)), wanted
            )
    return begin


def _moment(element: etree._Element) -> datetime:
    """A moment in UTC; finer fractions than microseconds are cut off."""
    text = (element.text or "").strip() if len(element) == 0 else ""
    found = _MOMENT.match(text) if len(text) <= LONGEST_MOMENT else None
    whole, fraction, zone = found.groups(default="") if found else ("", "", "")
    try:
        digits = fraction[:_MICROSECONDS].ljust(_MICROSECONDS, "0")
        return datetime.fromisoformat(f"{whole}.{digits}{zone}").astimezone(UTC)
    except (ValueError, OverflowError):
        refuse(SecurityStep.TIME, said("security.no_moment", found=clipped(text)), Said("security.moment"))


def _shown(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%SZ}"
