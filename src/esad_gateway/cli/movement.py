"""``esad movement``: the movements of a trader."""

from collections.abc import Mapping
from typing import Annotated, Any

import typer

from esad_gateway.cli import output
from esad_gateway.cli.gateway_access import LOCAL, AsJson, Seed, Token, Url, ask, refuse_problem
from esad_gateway.cli.output import table
from esad_gateway.explain import wording

COLUMNS = ("arc", "side", "state", "stateName", "sequenceNumber", "consignor", "consignee", "limit", "due", "report")


def movement(
    arc: Annotated[str | None, typer.Argument(help="One movement; all of them when left out.")] = None,
    *,
    seed: Seed,
    token: Token,
    url: Url = LOCAL,
    state: Annotated[str | None, typer.Option(help="Only movements in this state, such as X01.")] = None,
    role: Annotated[str | None, typer.Option(help="Only as consignor or as consignee.")] = None,
    as_json: AsJson = False,
) -> None:
    """Show movements: state, version, parties, the limit of the journey, what is due until when, and the report."""
    if arc:
        status, answer = ask(url, token, lambda client: client.movement(seed, arc))
    else:
        query = {name: value for name, value in (("state", state), ("role", role)) if value}
        status, answer = ask(url, token, lambda client: client.movements(seed, **query))
    refuse_problem(status, answer, as_json=as_json, expected=("movements", "arc"))
    if as_json:
        output.result_json(answer)
    else:
        listed = answer.get("movements", [answer])
        table(COLUMNS, [_row(item) for item in listed])
        output.result(*(wording.note(note) for note in answer.get("notes", ())))


def _row(item: Mapping[str, Any]) -> list[str]:
    return [*(str(item[name]) for name in COLUMNS[:-2]), wording.due(item["due"]), wording.report(item["report"])]


COMMANDS = (movement,)
