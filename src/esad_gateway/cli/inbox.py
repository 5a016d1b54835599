"""``esad inbox``: what stands in a mailbox."""

from typing import Annotated, Any

import typer

from esad_gateway.cli.common import output
from esad_gateway.cli.common.gateway_access import LOCAL, AsJson, Seed, Token, Url, answered, ask, refuse_problem
from esad_gateway.cli.common.output import headings, table
from esad_gateway.client import operations
from esad_gateway.client.refused import checked
from esad_gateway.client.request import Request
from esad_gateway.faults import said
from esad_gateway.ports.reading import LARGEST_NUMBER, LONGEST_WAIT

MOST = 500
"""How many messages are listed at once."""

COLUMNS = ("seq", "direction", "message", "arc", "outcome", "recordedAt", "acknowledgedAt", "signedBy")


After = Annotated[int, typer.Option(min=0, max=LARGEST_NUMBER, help="Only messages after this number.")]
Unread = Annotated[bool, typer.Option("--unread", help="Only what was not acknowledged yet.")]
OfType = Annotated[str | None, typer.Option("--type", help="Only messages of this type, such as IE801.")]
Arc = Annotated[str | None, typer.Option(help="Only messages about this movement.")]
Direction = Annotated[str | None, typer.Option(help="in: what you sent; out: what you were sent.")]
Since = Annotated[str | None, typer.Option(metavar="ISO", help="Only what was recorded at this moment or later.")]
Wait = Annotated[int, typer.Option(min=0, max=LONGEST_WAIT, help="Seconds to wait for a message where there is none.")]
Read = Annotated[
    int | None, typer.Option(metavar="SEQ", min=1, max=LARGEST_NUMBER, help="Print the exact bytes of one message.")
]
Acknowledge = Annotated[
    int | None, typer.Option(metavar="SEQ", min=1, max=LARGEST_NUMBER, help="Note that you have read a message.")
]
Through = Annotated[
    int | None,
    typer.Option(
        "--acknowledge-through",
        metavar="SEQ",
        min=1,
        max=LARGEST_NUMBER,
        help="Note that you have read everything that you were sent up to this number.",
    ),
]


def inbox(
    *,
    seed: Seed,
    token: Token,
    url: Url = LOCAL,
    after: After = 0,
    unread: Unread = False,
    kind: OfType = None,
    arc: Arc = None,
    direction: Direction = None,
    since: Since = None,
    wait: Wait = 0,
    read: Read = None,
    acknowledge: Acknowledge = None,
    through: Through = None,
    as_json: AsJson = False,
) -> None:
    """List a mailbox, oldest first; or print or acknowledge one message, or acknowledge many.

    Numbers have no gaps: ask again with --after and the last number, and nothing is skipped or repeated.
    """
    if read is not None:
        body = ask(url, token, lambda client: checked(client.send(operations.message(seed, read))).body)
        output.document(body)
    elif through is not None:
        _acknowledge_through(url, token, seed, through, as_json=as_json)
    elif acknowledge is not None:
        _show(url, token, operations.acknowledge(seed, acknowledge), as_json=as_json)
    else:
        query: dict[str, Any] = {"after": after, "unread": str(unread).lower(), "limit": MOST}
        query |= {"type": kind, "arc": arc, "direction": direction, "since": since}
        _show(url, token, operations.messages(seed, wait=wait or None, **query), as_json=as_json)


def _show(url: str, token: str, request: Request, *, as_json: bool) -> None:
    """One line of the mailbox, or a page of it; and what to ask next where there is more."""
    status, answer = answered(url, token, request)
    refuse_problem(status, answer, as_json=as_json, expected=("messages", "seq"))
    if as_json:
        output.result_json(answer)
    else:
        table(headings(*COLUMNS), _rows(answer))
    if len(answer.get("messages", ())) == MOST:
        output.note(said("inbox.more", number=answer["completeThrough"]))


def _acknowledge_through(url: str, token: str, seed: str, through: int, *, as_json: bool) -> None:
    """Acknowledge in as many requests as it takes; each one's answer, or how many messages it has changed in all."""
    changed, complete = 0, False
    while not complete:
        status, answer = answered(url, token, operations.acknowledge_all(seed, {"through": through}))
        refuse_problem(status, answer, as_json=as_json, expected=("changed",))
        if as_json:
            output.result_json(answer)
        changed, complete = changed + len(answer["changed"]), answer["complete"]
    if not as_json:
        output.result(said("inbox.acknowledged", messages=said("count.messages", count=changed)))


def _rows(answer: dict[str, Any]) -> list[list[str]]:
    listed = answer.get("messages", [answer])
    return [[str(item[name]) if item.get(name) is not None else "" for name in COLUMNS] for item in listed]


COMMANDS = (inbox,)
