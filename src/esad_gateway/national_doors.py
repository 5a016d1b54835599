"""Opens the doors of national procedures: each part gives its routes, once the framework is loaded."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final

from esad_gateway.bootstrap import Runtime

if TYPE_CHECKING:
    from fastapi import APIRouter


def _people(runtime: Runtime) -> "APIRouter":
    from esad_gateway.national.people import people_office  # noqa: PLC0415 - see _PARTS
    from esad_gateway.rest.national.people import PeopleDoor  # noqa: PLC0415

    profile = runtime.profile
    office = people_office(runtime.store, runtime.settings.national_domain(), runtime.clock, profile.local_date)
    return PeopleDoor(office, runtime.access, profile.time_zone).router()


_PARTS: "Final[tuple[Callable[[Runtime], APIRouter], ...]]" = (_people,)
"""Each part makes its routes; what it needs it imports then, so that nothing else waits for it."""


def routers(runtime: Runtime) -> "Sequence[APIRouter]":
    """The routes of every part; none where the state of this gateway has no national domain."""
    return [part(runtime) for part in _PARTS] if runtime.settings.national_domain() else []
