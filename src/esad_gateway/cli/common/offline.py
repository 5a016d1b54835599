"""What commands share that need no data directory: the moment, the member state and the releases to judge by."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, TypeAlias

import typer

from esad_gateway import profiles
from esad_gateway.emcs.profile import NationalProfile
from esad_gateway.errors import UnreadableInput
from esad_gateway.faults import said
from esad_gateway.xml.release import Releases, shipped

More: TypeAlias = Annotated[
    list[Path] | None,
    typer.Option("--schemas", metavar="DIR", help="A folder with more releases of the messages, such as DIR/3.13."),
]


def known(more: Sequence[Path] | None = None) -> Releases:
    """The releases that ship with the package, and those in ``more`` folders. Raises UnreadableInput, NotConfigured."""
    missing = [folder for folder in more or () if not folder.is_dir()]
    if missing:
        raise UnreadableInput(said("usage.releases", folder=str(missing[0])))
    return shipped(*more or ())


def moment(text: str | None) -> datetime:
    """A moment given as ISO 8601, in UTC unless it names a zone; ``None`` is now. Raises UnreadableInput."""
    if text is None:
        return datetime.now(UTC)
    try:
        given = datetime.fromisoformat(text)
    except ValueError as error:
        raise UnreadableInput(said("usage.moment", given=text)) from error
    return given if given.tzinfo else given.replace(tzinfo=UTC)


def profile_of(state: str, *, local_times: bool = False) -> NationalProfile:
    """A profile with the time zone of ``state``, whose traders write UTC or ``local_times``, and no other choices.

    Raises UnreadableInput.
    """
    if state not in profiles.STATES:
        raise UnreadableInput(said("usage.state", given=state, known=", ".join(profiles.STATES)))
    profile = profiles.profile_of(state)
    return replace(profile, trader_zone=profile.time_zone) if local_times else profile
