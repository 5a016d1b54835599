"""What the commands about persons and about roles share: the desk of a data directory, and how it refuses."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Final

import typer

from esad_gateway.ais.actors import ActorKind, DoneBy
from esad_gateway.ais.people.roles import Grant
from esad_gateway.cli.common import output
from esad_gateway.cli.common.administration import account, opened
from esad_gateway.cli.common.language import tell
from esad_gateway.cli.common.output import ExitCode
from esad_gateway.errors import NationalRefused
from esad_gateway.faults import Faults, Said
from esad_gateway.gateway.pace import SystemClock
from esad_gateway.national.people import PeopleOffice, people_office
from esad_gateway.register.beliefs import stamp
from esad_gateway.settings import read_settings
from esad_gateway.texts import fault_json

PersonId = Annotated[
    str, typer.Argument(metavar="PERSON", help="A personal code, or the user name that the administration gave.")
]
EntityCode = Annotated[str, typer.Option("--entity", metavar="CODE", help="The code of the taxpayer.")]

GRANTS: Final = output.headings("number", "person", "entity", "role", "seed", "state", "saved", "effective", "ended")


@contextmanager
def office_of(data: Path, *, as_json: bool) -> Iterator[PeopleOffice]:
    """The desk of a data directory. What it refuses is shown with every fault, and ends the command (1)."""
    settings = read_settings(data)
    with opened(data) as store:
        try:
            profile = settings.profile()
            yield people_office(store, settings.national_domain(), SystemClock(), profile.local_date)
        except NationalRefused as refused:
            refuse(refused.faults, as_json=as_json)


def refuse(faults: Faults, *, as_json: bool) -> None:
    """Show faults, and end the command (1)."""
    if as_json:
        output.result_json({"faults": [fault_json(one) for one in faults]})
    else:
        for one in faults:
            output.complaint(output.fault_line("esad", one))
    raise typer.Exit(ExitCode.NEGATIVE)


def operator() -> DoneBy:
    """Who runs a command."""
    return DoneBy(kind=ActorKind.OPERATOR, name=account())


def grant_row(one: Grant, at: datetime) -> tuple[str, ...]:
    """A grant as a row of a table, in UTC."""
    state = "coming" if one.comes(at) else "in_force" if one.counts(at) else "ended"
    moments = (stamp(moment) if moment else "" for moment in (one.saved_at, one.effective_at, one.ended_at))
    named = (str(one.number), one.person, one.entity, tell(Said(f"people.role.{one.role}")), one.seed)
    return (*named, tell(Said(f"people.state.{state}")), *moments)


def now() -> datetime:
    """This moment."""
    return datetime.now(UTC)
