"""How long a journey may take, as a draft (IE815) and a change of destination (IE813) are asked: R054 and BR007."""

from collections.abc import Iterator

from esad_gateway.emcs.profile import NationalProfile
from esad_gateway.emcs.rules.mechanism import Finding
from esad_gateway.emcs.timers import journey_days, maximum_journey_days
from esad_gateway.faults import said
from esad_gateway.place import at


def beyond_union_maximum(path: str, journey: str, mode: str) -> Iterator[Finding]:
    """R054: the journey time at ``path`` is longer than the transport mode allows.

    That is 30 days more than under duty suspension. A transport mode outside its code list has no maximum.
    """
    limit = maximum_journey_days(mode)
    if limit is not None and journey_days(journey) > limit:
        yield _too_long(path, journey, mode, limit)


def beyond_national_maximum(path: str, journey: str, mode: str, profile: NationalProfile) -> Iterator[Finding]:
    """BR007: the journey time at ``path`` is longer than the member state of dispatch allows, and within R054's limit.

    The national maximum of the profile is taken as it stands: it is the member state's own figure for duty paid, and
    the 30 days are not added to it.
    """
    national, limit = profile.maximum_journey_days.get(mode), maximum_journey_days(mode)
    if national is not None and limit is not None and national < journey_days(journey) <= limit:
        yield _too_long(path, journey, mode, national)


def _too_long(path: str, journey: str, mode: str, limit: int) -> Finding:
    return Finding(at(path), journey, said("hint.journey", limit=limit, mode=mode))
