"""``esad webhook``: what a trader has called when something comes for it."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Final, TypeAlias

import typer

from esad_gateway.cli.common import completing, output
from esad_gateway.cli.common.gateway_access import (
    LOCAL,
    AsJson,
    Limit,
    Seed,
    Token,
    Url,
    answered,
    refuse_problem,
)
from esad_gateway.cli.common.language import wanted, word, wrong
from esad_gateway.cli.common.output import ExitCode
from esad_gateway.client import operations
from esad_gateway.faults import Said, said
from esad_gateway.ports.reading import LARGEST_NUMBER

Id: TypeAlias = Annotated[str, typer.Argument(metavar="ID", help="The webhook, as esad webhook list names it.")]
Direction: TypeAlias = Annotated[
    str | None, typer.Option(metavar="in|out", help="Only what you were sent (out), or have submitted (in).")
]

COLUMNS: Final = ("webhook", "url", "messages", "told_until", "waiting", "dead", "next_try", "why")
LETTERS: Final = ("seq", "given_up", "tries", "again", "why")


def create(
    address: Annotated[str, typer.Argument(metavar="ADDRESS", help="Where it listens: https://…")],
    *,
    seed: Seed,
    token: Token,
    url: Url = LOCAL,
    types: Annotated[
        list[str] | None,
        typer.Option(
            "--type", help="Only messages of this type; may be given again.", autocompletion=completing.messages
        ),
    ] = None,
    direction: Direction = None,
    after: Annotated[
        int | None,
        typer.Option(min=0, max=LARGEST_NUMBER, help="Tell it of what comes behind this number, not of what is new."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Have an address called when something comes. The secret that calls are signed with is shown this once."""
    asked = {"url": address, "types": types or [], "direction": direction, "after": after}
    _with_secret(*answered(url, token, operations.make_webhook(seed, asked)), as_json=as_json)


def list_(*, seed: Seed, token: Token, url: Url = LOCAL, as_json: AsJson = False) -> None:
    """List your webhooks: how far each has come, why not further, and how many dead letters it has.

    Exit code 1 when one has a dead letter.
    """
    status, answer = answered(url, token, operations.webhooks(seed))
    refuse_problem(status, answer, as_json=as_json, expected=("webhooks",))
    if as_json:
        output.result_json(answer)
    else:
        output.table(output.headings(*COLUMNS), map(_row, answer["webhooks"]))
    raise typer.Exit(_code(one["deadLetters"] for one in answer["webhooks"]))


def delete(webhook: Id, *, seed: Seed, token: Token, url: Url = LOCAL, as_json: AsJson = False) -> None:
    """Remove a webhook with its dead letters; the messages stay in the mailbox."""
    status, answer = answered(url, token, operations.remove_webhook(seed, webhook))
    refuse_problem(status, answer, as_json=as_json, expected=("removed",))
    if as_json:
        output.result_json(answer)
    else:
        output.result(said("webhook.removed", webhook=webhook))


def rotate(
    webhook: Id,
    *,
    seed: Seed,
    token: Token,
    url: Url = LOCAL,
    overlap: Annotated[
        int, typer.Option(min=0, max=7 * 24 * 3600, help="Seconds for which the secret until now signs as well.")
    ] = 24 * 3600,
    as_json: AsJson = False,
) -> None:
    """Give a webhook another secret, shown this once. For a while both sign, so that none is refused over there."""
    _with_secret(*answered(url, token, operations.rotate_webhook(seed, webhook, overlap)), as_json=as_json)


def ping(webhook: Id, *, seed: Seed, token: Token, url: Url = LOCAL, as_json: AsJson = False) -> None:
    """Call a webhook now, without news; exit code 1 when it does not take that."""
    status, answer = answered(url, token, operations.ping_webhook(seed, webhook))
    refuse_problem(status, answer, as_json=as_json, expected=("taken",))
    if as_json:
        output.result_json(answer)
    elif answer["taken"]:
        output.result(output.good(said("webhook.taken", status=answer["status"])))
    else:
        output.result(output.bad(said("webhook.not_taken", why=_why(answer))))
    raise typer.Exit(ExitCode.FINE if answer["taken"] else ExitCode.NEGATIVE)


def dead(
    webhook: Id,
    *,
    seed: Seed,
    token: Token,
    url: Url = LOCAL,
    after: Annotated[int, typer.Option(min=0, max=LARGEST_NUMBER, help="Only messages after this number.")] = 0,
    limit: Limit = 200,
    as_json: AsJson = False,
) -> None:
    """List the notifications that a webhook did not take and that were given up; exit code 1 when there is one."""
    status, answer = answered(url, token, operations.dead_letters(seed, webhook, after=after, limit=limit))
    refuse_problem(status, answer, as_json=as_json, expected=("deadLetters",))
    if as_json:
        output.result_json(answer)
    else:
        output.table(output.headings(*LETTERS), map(_letter, answer["deadLetters"]))
        if not answer["complete"]:
            output.note(said("inbox.more", number=answer["deadLetters"][-1]["seq"]))
    raise typer.Exit(_code(1 for _ in answer["deadLetters"]))


def resend(
    webhook: Id,
    seqs: Annotated[
        list[int] | None,
        typer.Argument(metavar="SEQ…", min=1, max=LARGEST_NUMBER, help="Messages, by their numbers in the mailbox."),
    ] = None,
    *,
    seed: Seed,
    token: Token,
    url: Url = LOCAL,
    every: Annotated[bool, typer.Option("--all", help="Every dead letter of the webhook.")] = False,
    as_json: AsJson = False,
) -> None:
    """Send dead letters once more, now; exit code 1 when one of the numbers is none.

    What is not taken then either is a dead letter again. They come behind what was told of since.
    """
    if every == bool(seqs):
        raise wrong(Said("outbox.which"))
    status, answer = answered(url, token, operations.resend(seed, webhook, seqs or []))
    refuse_problem(status, answer, as_json=as_json, expected=("sentAgain",))
    if as_json:
        output.result_json(answer)
    else:
        output.result(*(said("webhook.again", seq=one) for one in answer["sentAgain"]))
        output.result(*(output.bad(said("webhook.no_letter", seq=one)) for one in answer["noDeadLetters"]))
        if every and not answer["sentAgain"]:
            output.result(Said("webhook.none"))
    raise typer.Exit(_code(1 for _ in answer["noDeadLetters"]))


def _with_secret(status: int, answer: dict[str, Any], *, as_json: bool) -> None:
    refuse_problem(status, answer, as_json=as_json, expected=("secret",))
    if as_json:
        output.result_json(answer)
    else:
        output.note(said("webhook.secret", webhook=answer["id"]))
        output.result(answer["secret"])


def _code(negative: Any) -> ExitCode:
    return ExitCode.NEGATIVE if any(negative) else ExitCode.FINE


def _row(one: Mapping[str, Any]) -> Sequence[str]:
    told = ", ".join(filter(None, (*one["types"], one["direction"])))
    numbers = (str(one[name]) for name in ("completeThrough", "waiting", "deadLetters"))
    return one["id"], one["url"], told, *numbers, one["nextTry"] or "", _why(one)


def _letter(one: Mapping[str, Any]) -> Sequence[str]:
    again = word(Said("cell.yes" if one["sentAgain"] else "cell.no"))
    return str(one["seq"]), one["givenUpAt"], str(one["tries"]), again, _why(one)


def _why(one: Mapping[str, Any]) -> str:
    """Why something was not taken, in the languages that are wanted."""
    return " / ".join(one["reasons"][language] for language in wanted()) if one["reasons"] else ""


COMMANDS = (create, list_, delete, rotate, ping, dead, resend)
