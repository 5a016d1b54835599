"""``esad movement``: the movements of a trader."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

import typer

from esad_gateway.cli.common import completing, output
from esad_gateway.cli.common.gateway_access import LOCAL, AsJson, Seed, Token, Url, answered, ask, refuse_problem
from esad_gateway.cli.common.language import wanted
from esad_gateway.cli.common.output import headings, table
from esad_gateway.client import GatewayClient, operations
from esad_gateway.explain import wording
from esad_gateway.explain.answer import label
from esad_gateway.faults import Said, said

SHOWN = 200

COLUMNS = (
    "arc",
    "localReferenceNumber",
    "dateOfDispatch",
    "side",
    "state",
    "stateName",
    "sequenceNumber",
    "consignor",
    "consignee",
    "limit",
    "due",
    "report",
)


def movement(
    arc: Annotated[str | None, typer.Argument(help="One movement; all of them when left out.")] = None,
    *,
    seed: Seed,
    token: Token,
    url: Url = LOCAL,
    state: Annotated[
        str | None,
        typer.Option(autocompletion=completing.movement_states, help="Only movements in this state, such as X01."),
    ] = None,
    role: Annotated[
        str | None, typer.Option(autocompletion=completing.roles, help="Only as consignor or as consignee.")
    ] = None,
    lrn: Annotated[str | None, typer.Option(help="Only with this local reference number of the consignor.")] = None,
    since: Annotated[str | None, typer.Option(metavar="DAY", help="Only dispatched on this day or later.")] = None,
    as_json: AsJson = False,
) -> None:
    """Show movements, the newest first: state, version, parties, the limit of the journey, what is due, the report.

    Without filters all of them, however many; the newest is the one that was dispatched last.
    """
    if arc:
        status, answer = answered(url, token, operations.movement(seed, arc))
    else:
        given = {"state": state, "role": role, "lrn": lrn, "since": since}
        query = {name: value for name, value in given.items() if value}
        status, answer = ask(url, token, lambda client: _all(client, seed, query))
    refuse_problem(status, answer, as_json=as_json, expected=("movements", "arc"))
    if as_json:
        output.result_json(answer)
    else:
        listed = answer.get("movements", [answer, *answer.get("otherSides", ())])
        table(headings(*COLUMNS), [_row(item, wanted()) for item in listed])
        output.result(*(wording.note(note) for note in answer.get("notes", ())))
        output.result(*map(_signed, answer.get("signedByAgents", ())))


def _all(client: GatewayClient, seed: str, query: Mapping[str, str]) -> tuple[int, dict[str, Any]]:
    """Every movement that the query asks for, page by page, the newest first; or the first answer that is none."""
    found: list[dict[str, Any]] = []
    after: dict[str, str] = {}
    while True:
        status, answer = client.answer(operations.movements(seed, **query, **after))
        page = answer.get("movements")
        if status != SHOWN or not isinstance(page, list):
            return status, answer
        found += page
        if not page or answer.get("complete", True):
            newest = sorted(found, key=lambda one: (one["dateOfDispatch"], one["arc"]), reverse=True)
            return status, {**answer, "movements": newest}
        after = {"after": page[-1]["arc"]}


def _signed(item: Mapping[str, Any]) -> Said:
    named = {name: item[name] for name in ("message", "seq")}
    return said("agent.signed_message", agent=item["signedBy"], number=item["delegation"], **named)


def _row(item: Mapping[str, Any], languages: Sequence[str]) -> list[str]:
    shown = {**item, "stateName": label(Said(f"state.{item['state']}"), languages)}
    told = wording.due(item["due"], languages), wording.report(item["report"], languages)
    return [*(str(shown[name]) for name in COLUMNS[:-2]), *told]


COMMANDS = (movement,)
