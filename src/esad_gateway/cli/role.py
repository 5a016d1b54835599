"""``esad role``: which person may be what for which number, as Mano VMI would say it."""

from datetime import UTC
from typing import Annotated

import typer

from esad_gateway.ais.people.granting import WantedRole
from esad_gateway.ais.people.roles import AisRole
from esad_gateway.cli.common import completing, output
from esad_gateway.cli.common.administration import AsJson, Data
from esad_gateway.cli.common.offline import moment
from esad_gateway.cli.common.output import ExitCode
from esad_gateway.cli.common.people import GRANTS, EntityCode, grant_row, now, office_of, operator
from esad_gateway.errors import NotFound
from esad_gateway.faults import Said, said
from esad_gateway.register.beliefs import stamp
from esad_gateway.views.people import grant_view


def _roles() -> list[str]:
    return [*AisRole]


def grant(
    *,
    data: Data,
    person: Annotated[str, typer.Option(metavar="PERSON", help="A personal code, or a user name.")],
    entity: EntityCode,
    role: Annotated[str, typer.Option(metavar="ROLE", autocompletion=_roles, help="Such as certified_consignee.")],
    seed: Annotated[
        str, typer.Option(autocompletion=completing.seeds, help="For which number; none for the whole entity.")
    ] = "",
    until: Annotated[str | None, typer.Option(metavar="MOMENT", help="When it ends, not included, in UTC.")] = None,
    name: Annotated[str | None, typer.Option(metavar="NAME", help="Of a person who is not known yet.")] = None,
    as_json: AsJson = False,
) -> None:
    """Grant a role; every mistake is told at once, and then nothing is changed.

    AIS learns of it after some minutes, as it does of what is saved in Mano VMI. Who grants what stands already gets
    the grant that stands.
    """
    end = moment(until) if until else None
    wanted = WantedRole(person=person, entity=entity, role=role, seed=seed, until=end)
    with office_of(data, as_json=as_json) as office:
        found, is_new = office.grant(wanted, operator(), name)
    if as_json:
        output.result_json({**grant_view(found, now(), UTC), "isNew": is_new})
    else:
        output.result(said("people.granted", number=found.number, at=stamp(found.effective_at)))


def end(
    number: Annotated[int, typer.Argument(metavar="NUMBER", min=1, help="The grant, as esad role list has it.")],
    *,
    data: Data,
    as_json: AsJson = False,
) -> None:
    """End a role at once; the first end counts. Exit code 1 when there is no such grant."""
    with office_of(data, as_json=as_json) as office:
        try:
            found, is_new = office.end(number, "", operator())
        except NotFound as error:
            output.result_json({"ended": 0}) if as_json else output.result(output.bad(error.what))
            raise typer.Exit(ExitCode.NEGATIVE) from error
    if as_json:
        output.result_json({**grant_view(found, now(), UTC), "isNew": is_new})
    else:
        output.result(said("people.was_ended", number=number, at=stamp(found.ended_at or now())))


def list_(
    *,
    data: Data,
    entity: Annotated[str, typer.Option(metavar="CODE", help="Only those for this entity.")] = "",
    every: Annotated[bool, typer.Option("--all", help="Also what has ended.")] = False,
    as_json: AsJson = False,
) -> None:
    """List roles: whose, for which number, and whether they count now; what AIS does not know yet as well."""
    at = now()
    with office_of(data, as_json=as_json) as office:
        found = office.grants(entity, ended=every)
    if as_json:
        output.result_json({"roles": [grant_view(one, at, UTC) for one in found]})
    elif found:
        output.table(GRANTS, [grant_row(one, at) for one in found])
    else:
        output.result(Said("people.no_roles"))


COMMANDS = (grant, end, list_)
