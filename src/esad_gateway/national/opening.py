"""Puts the desks of national procedures together, for the doors of a gateway and for its operator's commands."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from esad_gateway.identities import message_identifiers
from esad_gateway.national.cases import RegistrationDesk
from esad_gateway.national.numbers import NumberPattern
from esad_gateway.national.seed_notices import SeedNotices
from esad_gateway.national.tariffs import duty_law
from esad_gateway.ports.crypto import Signer
from esad_gateway.settings import Settings
from esad_gateway.store.store import SqlStore
from esad_gateway.xml.readers import Readers


def registration_desk(
    store: SqlStore,
    signer: Callable[[], Signer],
    readers: Readers,
    settings: Settings,
    now: Callable[[], datetime],
    root: Path | None = None,
) -> RegistrationDesk | None:
    """The desk of registration cases; ``None`` where the state has no law of them.

    ``root`` is the data directory, which may have tariffs of its own. Raises NotConfigured.
    """
    domain, profile = settings.national_domain(), settings.profile()
    if domain is None or domain.registration is None:
        return None
    return RegistrationDesk(
        store=store,
        law=domain.registration,
        guarantees=domain.guarantees,
        duty=duty_law(domain, root),
        profile=profile,
        notices_out=SeedNotices(signer, readers, profile, message_identifiers(profile.state)),
        numbers=NumberPattern(profile.state, domain.registration.numbers.chosen),
        now=now,
    )
