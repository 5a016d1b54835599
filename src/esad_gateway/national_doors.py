"""Opens the doors of national procedures: each part gives its routes, once the framework is loaded."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Final

from esad_gateway.bootstrap import Runtime

if TYPE_CHECKING:
    from fastapi import APIRouter

    from esad_gateway.national.duty import DutyDesk
    from esad_gateway.signin.client import SignInClient


def _people(runtime: Runtime) -> "APIRouter":
    from esad_gateway.national.people import people_office  # noqa: PLC0415 - see _PARTS
    from esad_gateway.rest.national.people import PeopleDoor  # noqa: PLC0415

    profile = runtime.profile
    office = people_office(runtime.store, runtime.settings.national_domain(), runtime.clock, profile.local_date)
    return PeopleDoor(office, runtime.access, profile.time_zone).router()


def _sign_in(runtime: Runtime) -> "APIRouter":
    from esad_gateway.national.people import people_office  # noqa: PLC0415 - see _PARTS
    from esad_gateway.national.sign_in import SignInDesk  # noqa: PLC0415
    from esad_gateway.rest.national.sign_in import SIGN_IN, SignInDoor  # noqa: PLC0415
    from esad_gateway.store.national.sign_in import SignInSteps  # noqa: PLC0415

    settings, store, clock = runtime.settings, runtime.store, runtime.clock
    office = people_office(store, settings.national_domain(), clock, runtime.profile.local_date)
    desk = SignInDesk(_clients(runtime, f"{settings.url}{SIGN_IN}"), SignInSteps(store), office, clock)
    return SignInDoor(desk, secure=settings.url.startswith("https:")).router()


def _clients(runtime: Runtime, home: str) -> "Mapping[str, SignInClient]":
    """Us to each provider; where there is none, the libraries that it takes are not loaded."""
    if not runtime.settings.sign_in:
        return {}
    from esad_gateway.signin.client import SignInClient  # noqa: PLC0415 - see _PARTS

    providers = [one.provider(name, runtime.data.root) for name, one in runtime.settings.sign_in.items()]
    return {one.name: SignInClient(one, f"{home}/{one.name}/return") for one in providers}


def _guarantees(runtime: Runtime) -> "APIRouter":
    from fastapi import APIRouter  # noqa: PLC0415 - see _PARTS

    from esad_gateway.national.guarantees import guarantee_desk  # noqa: PLC0415
    from esad_gateway.rest.national.guarantees import GuaranteeDoor  # noqa: PLC0415

    desk = guarantee_desk(runtime.store, runtime.settings, runtime.data.root, runtime.clock.now)
    if desk is None:
        return APIRouter()
    return GuaranteeDoor(desk=desk, access=runtime.access, zone=runtime.profile.time_zone).router()


def _duty(runtime: Runtime) -> "APIRouter":
    from esad_gateway.rest.national.duty import DutyDoor  # noqa: PLC0415 - see _PARTS

    return DutyDoor(_duty_desk(runtime)).router()


def _duty_desk(runtime: Runtime) -> "DutyDesk":
    from esad_gateway.ais.domain import NationalDomain  # noqa: PLC0415 - see _PARTS
    from esad_gateway.national.duty import DutyDesk  # noqa: PLC0415

    domain = runtime.settings.national_domain() or NationalDomain(state=runtime.settings.state)
    return DutyDesk(domain, runtime.data.root, partial(_today, runtime))


def _refunds(runtime: Runtime) -> "APIRouter":
    from esad_gateway.national.refunds import RefundDesk  # noqa: PLC0415 - see _PARTS
    from esad_gateway.rest.making import FileTurns  # noqa: PLC0415
    from esad_gateway.rest.national.refunds import RefundDoor  # noqa: PLC0415
    from esad_gateway.rest.printing import Printing  # noqa: PLC0415

    desk = RefundDesk(runtime.reading, _duty_desk(runtime))
    return RefundDoor(desk, runtime.access, Printing(runtime.profile, runtime.reading.releases, FileTurns())).router()


def _today(runtime: Runtime) -> date:
    return runtime.profile.local_date(runtime.clock.now())


def _declarations(runtime: Runtime) -> "APIRouter":
    from esad_gateway.national.declaration_files import FiledFiles  # noqa: PLC0415 - see _PARTS
    from esad_gateway.national.declarations import declaration_desk  # noqa: PLC0415
    from esad_gateway.rest.national.declarations import DeclarationDoor  # noqa: PLC0415

    root = runtime.data.root
    desk = declaration_desk(runtime.store, runtime.settings, runtime.clock.now, root)
    if desk is None:
        from fastapi import APIRouter  # noqa: PLC0415

        return APIRouter()
    return DeclarationDoor(desk, FiledFiles(desk, root), runtime.access, runtime.profile.time_zone).router()


def _cases(runtime: Runtime) -> "APIRouter":
    from fastapi import APIRouter  # noqa: PLC0415 - see _PARTS

    from esad_gateway.national.opening import registration_desk  # noqa: PLC0415 - see _PARTS
    from esad_gateway.rest.national.cases import CaseDoor  # noqa: PLC0415

    desk = registration_desk(
        runtime.store,
        runtime.verifier.signer,
        runtime.readers,
        runtime.settings,
        runtime.clock.now,
        runtime.data.root,
    )
    if desk is None:
        return APIRouter()
    return CaseDoor(desk=desk, access=runtime.access, zone=runtime.profile.time_zone).router()


def _board(runtime: Runtime) -> "APIRouter":
    from esad_gateway.national.board import board_of  # noqa: PLC0415 - see _PARTS
    from esad_gateway.rest.national.due import DueDoor  # noqa: PLC0415

    settings, profile = runtime.settings, runtime.profile
    desk = board_of(runtime.store, settings, runtime.clock)
    return DueDoor(desk, runtime.access, profile.time_zone, settings.url).router()


_PARTS: "Final[tuple[tuple[Callable[[Runtime], APIRouter], tuple[str, ...]], ...]]" = (
    (_people, ("people",)),
    (_sign_in, ("people",)),
    (_guarantees, ("guarantees", "duty")),
    (_duty, ("duty",)),
    (_refunds, ("refunds", "duty")),
    (_declarations, ("declarations",)),
    (_cases, ("registration",)),
    (_board, ("board",)),
)
"""Each part makes its routes, and is opened where the domain has all that it goes by: a state need not have all.

What a part needs it imports then, so that nothing else waits for it.
"""


def routers(runtime: Runtime) -> "Sequence[APIRouter]":
    """The routes of every part that the national domain of this gateway's state has; none where it has no domain."""
    domain = runtime.settings.national_domain()
    return [part(runtime) for part, needs in _PARTS if all(getattr(domain, name, None) for name in needs)]
