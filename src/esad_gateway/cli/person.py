"""``esad person``: who acts for whom, what one may do and what is missing, tokens, and what was done."""

from datetime import UTC, timedelta
from typing import Annotated, Final

import typer

from esad_gateway.ais.people.acting import Acting
from esad_gateway.ais.people.entities import Entity, Person
from esad_gateway.cli.common import completing, output
from esad_gateway.cli.common.administration import AsJson, Data
from esad_gateway.cli.common.language import tell
from esad_gateway.cli.common.output import ExitCode
from esad_gateway.cli.common.people import GRANTS, EntityCode, PersonId, grant_row, now, office_of, operator, refuse
from esad_gateway.cli.common.signing_in import sign_in
from esad_gateway.faults import Said, said
from esad_gateway.register.beliefs import stamp
from esad_gateway.views.people import act_view, acting_view, standing_view

_ACTS: Final = output.headings("number", "at", "done_by", "role", "seed", "what", "about")
_PERSONS: Final = output.headings("person", "name")
_ENTITIES: Final = output.headings("entity", "name", "numbers")

Name = Annotated[str, typer.Option(metavar="NAME", help="As registers have it.")]


def add(person: PersonId, *, data: Data, name: Name, as_json: AsJson = False) -> None:
    """Write a person down, or a new name of one."""
    one = Person(person, name)
    if one.faults:
        refuse(one.faults, as_json=as_json)
    with office_of(data, as_json=as_json) as office:
        office.people.add_person(one, operator(), now())
    _done({"person": person, "name": name}, said("people.added", what=person), as_json=as_json)


def entity(
    code: Annotated[str, typer.Argument(metavar="CODE", help="The code of the taxpayer.")],
    *,
    data: Data,
    name: Name,
    numbers: Annotated[
        list[str] | None,
        typer.Option("--seed", metavar="SEED", autocompletion=completing.seeds, help="A number of it; several times."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Write an entity down, or a new name of one, and which numbers belong to it from now on.

    What a number is, and how long, the register says; one that is not registered yet is told.
    """
    one, given = Entity(code, name), [*dict.fromkeys(numbers or ())]
    if one.faults:
        refuse(one.faults, as_json=as_json)
    with office_of(data, as_json=as_json) as office:
        office.people.add_entity(one, given, operator(), now())
        statuses = office.acting("", code).statuses
    for seed in given:
        if statuses[seed] is None:
            output.note(said("people.unregistered", number=seed))
    _done({"entity": code, "name": name, "numbers": given}, said("people.added", what=code), as_json=as_json)


def list_(*, data: Data, as_json: AsJson = False) -> None:
    """List persons, and entities with their numbers."""
    with office_of(data, as_json=as_json) as office:
        persons = office.persons()
        entities = [(one, office.numbers(one.code)) for one in office.entities()]
    if as_json:
        shown = [{"entity": one.code, "name": one.name, "numbers": list(numbers)} for one, numbers in entities]
        output.result_json({"persons": [{"person": one.id, "name": one.name} for one in persons], "entities": shown})
        return
    output.table(_PERSONS, [(one.id, one.name) for one in persons])
    output.table(_ENTITIES, [(one.code, one.name, ", ".join(numbers)) for one, numbers in entities])


def show(person: PersonId, *, data: Data, entity: EntityCode, as_json: AsJson = False) -> None:
    """Show the roles of a person for an entity, and for which of its numbers the role is missing."""
    who = _acting(data, person, entity, as_json=as_json)
    if as_json:
        output.result_json(acting_view(who, UTC))
        return
    output.table(GRANTS, [grant_row(one, who.at) for one in who.grants])
    for seed, role in who.missing().items():
        output.result(output.bad(said("people.lacks", seed=seed, role=Said(f"people.role.{role}"))))


def may(
    person: PersonId,
    *,
    data: Data,
    entity: EntityCode,
    seed: Annotated[str, typer.Option(autocompletion=completing.seeds, help="The number.")],
    as_json: AsJson = False,
) -> None:
    """Tell what a person may do for a number now, and what not and why; nothing of it is done.

    Exit code 1 when the person may do nothing for it.
    """
    who = _acting(data, person, entity, as_json=as_json)
    standing = who.standing(seed)
    if as_json:
        output.result_json(standing_view(who, seed))
    else:
        for doing, faults in standing.items():
            told = Said(f"people.doing.{doing}")
            output.result(output.bad(told) if faults else output.good(told))
            output.result(*(output.fault_line("", fault).removeprefix(": ") for fault in faults))
    if all(standing.values()):
        raise typer.Exit(ExitCode.NEGATIVE)


def token(
    person: PersonId,
    *,
    data: Data,
    entity: EntityCode,
    minutes: Annotated[int, typer.Option(min=1, max=60 * 24 * 366, help="How long it is good.")] = 480,
    as_json: AsJson = False,
) -> None:
    """Issue a token of a person for an entity, as one gets by signing in. It is shown this once.

    It opens what the roles of the person open, each from its own moment on.
    """
    at = now()
    until = at + timedelta(minutes=minutes)
    with office_of(data, as_json=as_json) as office:
        known = {one.id for one in office.persons()}, {one.code for one in office.entities()}
        if person not in known[0] or entity not in known[1]:
            output.result(output.bad(said("people.neither", person=person, entity=entity)))
            raise typer.Exit(ExitCode.NEGATIVE)
        issued = office.tokens.issue(person, entity, until, operator(), at)
    if as_json:
        output.result_json({"person": person, "entity": entity, "until": stamp(until), "token": issued})
    else:
        output.result(issued)


def revoke(person: PersonId, *, data: Data, as_json: AsJson = False) -> None:
    """Revoke every token of a person."""
    with office_of(data, as_json=as_json) as office:
        count = office.tokens.revoke(person, operator(), now())
    told = said("token.revoked", tokens=said("count.tokens", count=count), seed=person)
    _done({"person": person, "revoked": count}, told, as_json=as_json)


def acts(
    *,
    data: Data,
    entity: Annotated[str, typer.Option(metavar="CODE", help="Only what was done for this entity.")] = "",
    after: Annotated[int, typer.Option(min=0, help="Only acts with a larger number.")] = 0,
    limit: Annotated[int, typer.Option(min=1, max=500, help="How many at most.")] = 200,
    as_json: AsJson = False,
) -> None:
    """List what was done in national procedures: by whom, when (UTC), in which capacity; the oldest first."""
    with office_of(data, as_json=as_json) as office:
        found = office.acts(entity, after, limit)
    if as_json:
        output.result_json({"acts": [act_view(one, UTC) for one in found], "complete": len(found) < limit})
        return
    rows = [
        (str(one.number), stamp(one.at), f"{one.by.kind} {one.by.name}", one.by.role, one.by.seed, one.what, one.about)
        for one in found
    ]
    output.table(_ACTS, rows)


def _acting(data: Data, person: str, entity: str, *, as_json: bool) -> Acting:
    with office_of(data, as_json=as_json) as office:
        return office.acting(person, entity)


def _done(shown: dict[str, object], what: Said, *, as_json: bool) -> None:
    output.result_json(shown) if as_json else output.result(tell(what))


COMMANDS = (add, entity, list_, show, may, token, revoke, acts, sign_in)
