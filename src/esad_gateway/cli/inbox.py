"""``esad inbox``: what stands in a mailbox."""

from typing import Annotated, Any

import typer

from esad_gateway.cli.common import output
from esad_gateway.cli.common.gateway_access import LOCAL, AsJson, Seed, Token, Url, answered, ask, refuse_problem
from esad_gateway.cli.common.output import headings, table
from esad_gateway.client import operations
from esad_gateway.client.refused import checked
from esad_gateway.faults import said
from esad_gateway.ports.reading import LARGEST_NUMBER

MOST = 500
"""How many messages are listed at once."""

COLUMNS = ("seq", "direction", "message", "arc", "outcome", "recordedAt", "acknowledgedAt")


def inbox(
    *,
    seed: Seed,
    token: Token,
    url: Url = LOCAL,
    after: Annotated[int, typer.Option(min=0, max=LARGEST_NUMBER, help="Only messages after this number.")] = 0,
    unread: Annotated[bool, typer.Option("--unread", help="Only what was not acknowledged yet.")] = False,
    read: Annotated[
        int | None,
        typer.Option(metavar="SEQ", min=1, max=LARGEST_NUMBER, help="Print the exact bytes of one message."),
    ] = None,
    acknowledge: Annotated[
        int | None,
        typer.Option(metavar="SEQ", min=1, max=LARGEST_NUMBER, help="Note that you have read a message."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """List a mailbox, oldest first; or print or acknowledge one message.

    Numbers have no gaps: ask again with --after and the last number, and nothing is skipped or repeated.
    """
    if read is not None:
        number = read
        body = ask(url, token, lambda client: checked(client.send(operations.message(seed, number))).body)
        output.document(body)
        return
    if acknowledge is not None:
        number = acknowledge
        status, answer = answered(url, token, operations.acknowledge(seed, number))
    else:
        query: dict[str, Any] = {"after": after, "unread": str(unread).lower(), "limit": MOST}
        status, answer = answered(url, token, operations.messages(seed, **query))
    refuse_problem(status, answer, as_json=as_json, expected=("messages", "seq"))
    if as_json:
        output.result_json(answer)
    else:
        table(headings(*COLUMNS), _rows(answer))
    if len(answer.get("messages", ())) == MOST:
        output.note(said("inbox.more", number=answer["completeThrough"]))


def _rows(answer: dict[str, Any]) -> list[list[str]]:
    listed = answer.get("messages", [answer])
    return [[str(item[name]) if item[name] is not None else "" for name in COLUMNS] for item in listed]


COMMANDS = (inbox,)
