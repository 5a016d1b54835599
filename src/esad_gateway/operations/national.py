"""Whether national procedures can go on: tariffs that end, figures that are decided here, providers of identities."""

import asyncio
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

from esad_gateway.ais.duty.ending import tariffs_that_end
from esad_gateway.ais.duty.law import DutyLaw
from esad_gateway.errors import EsadError, NotConfigured
from esad_gateway.faults import Said, Value, listed, said
from esad_gateway.national.tariffs import TARIFFS, duty_law
from esad_gateway.operations.findings import Level, Symptom, fine, wrong
from esad_gateway.settings import Settings

if TYPE_CHECKING:
    from esad_gateway.signin.client import SignInClient
    from esad_gateway.signin.identity_provider import IdentityProvider

SOON: Final = timedelta(days=30)
"""How long before tariffs end the next ones are asked for."""


def of_national_law(root: Path, settings: Settings, today: date) -> Iterator[Symptom]:
    """What is amiss with the figures and tariffs that the administration goes by; silent where a state has none."""
    if settings.national_domain() is None:
        return
    try:
        law = duty_law(settings.national_domain(), root)
    except NotConfigured as error:
        yield wrong("law", error.what)
        return
    otherwise = sorted((*settings.national_terms, *settings.national_choices))
    decided = listed(otherwise)
    known = said("doctor.national_decided", figures=decided) if otherwise else Said("doctor.national")
    yield fine("law", known)
    yield from _ending(law, today) if law else ()


def _ending(law: DutyLaw, today: date) -> Iterator[Symptom]:
    titles = {one.name: one.title for one in law.tariffs}
    for last, names in tariffs_that_end(law, today + SOON).items():
        told: dict[str, Value] = {"tariffs": listed([titles[name] for name in names]), "last": last.isoformat()}
        ended = said("doctor.tariffs_ended", **told, file=TARIFFS)
        ending = said("doctor.tariffs_end", **told, file=TARIFFS)
        yield Symptom("law", Level.SOON, ended if last < today else ending)


def of_providers(root: Path, settings: Settings, now: datetime) -> Iterator[Symptom]:
    """Whether each provider at which people sign in answers, and is who it was agreed to be."""
    if not settings.sign_in:
        yield fine("providers", Said("doctor.no_providers"))
    else:
        yield from asyncio.run(_of_all([one.provider(name, root) for name, one in settings.sign_in.items()], now))


async def _of_all(agreed: "Sequence[IdentityProvider]", now: datetime) -> Sequence[Symptom]:
    from esad_gateway.signin.client import SignInClient  # noqa: PLC0415 - loaded where somebody signs in

    return await asyncio.gather(*(_of_one(SignInClient(one, returns_to=""), now) for one in agreed))


async def _of_one(client: "SignInClient", now: datetime) -> Symptom:
    provider = client.provider
    try:
        provider.secret()
        await client.look(now)
    except EsadError as error:
        return wrong("providers", said("file.named", file=provider.name, why=error.what))
    return fine("providers", said("doctor.provider", name=provider.name, issuer=provider.issuer))
