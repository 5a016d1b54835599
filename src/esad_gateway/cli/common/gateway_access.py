"""What the commands of a trader share: how to reach a gateway, and what its answers mean for the exit code."""

from collections.abc import Callable, Collection
from typing import Annotated, Any, TypeVar

import typer

from esad_gateway.cli.common import output
from esad_gateway.cli.common.language import tell, wanted
from esad_gateway.cli.common.output import ExitCode
from esad_gateway.client import GatewayClient, Retry
from esad_gateway.client.request import Request
from esad_gateway.errors import PeerError
from esad_gateway.faults import Said, said
from esad_gateway.ports.reading import LARGEST_PAGE

T = TypeVar("T")

Url = Annotated[str, typer.Option(envvar="ESAD_URL", help="The gateway.")]
Token = Annotated[str, typer.Option(envvar="ESAD_TOKEN", help="The token of the mailbox.", show_default=False)]
Seed = Annotated[str, typer.Option(envvar="ESAD_SEED", help="Your SEED number.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Limit = Annotated[int, typer.Option("--limit", min=1, max=LARGEST_PAGE, help="So many at most.")]

ONCE = Retry(times=1)
"""Whoever types a command sees that nobody answers, and types it again."""

LOCAL = "http://127.0.0.1:8460"


def ask(url: str, token: str | None, question: Callable[[GatewayClient], T]) -> T:
    """Ask a gateway. Raises PeerError when it does not answer."""
    with GatewayClient(url, token=token, retry=ONCE) as client:
        return question(client)


def answered(url: str, token: str | None, request: Request) -> tuple[int, dict[str, Any]]:
    """The status and the JSON of one request. Raises PeerError when there is none."""
    return ask(url, token, lambda client: client.answer(request))


def refuse_problem(status: int, answer: dict[str, Any], *, as_json: bool, expected: Collection[str]) -> None:
    """End the command with exit code 1 when the gateway answered with a problem.

    Raises PeerError when the answer has none of the ``expected`` members: then it is no gateway's.
    """
    if status < 400:  # noqa: PLR2004  where HTTP's refusals begin
        if answer.keys().isdisjoint(expected):
            raise PeerError(said("gateway.unreadable", status=status, members=", ".join(answer)))
        return
    if as_json:
        output.result_json(answer)
    else:
        output.note(": ".join(problem_of(status, answer)))
    raise typer.Exit(ExitCode.NEGATIVE)


def problem_of(status: int, answer: dict[str, Any]) -> tuple[str, str]:
    """Title and detail of a problem, in the languages that are wanted and as far as the gateway has them."""
    title = _in_words(answer.get("titles"), answer.get("title", f"HTTP {status}"))
    return title, _in_words(answer.get("details"), answer.get("detail", tell(Said("submit.no_gateway"))))


def _in_words(told: Any, english: Any) -> str:
    known = told if isinstance(told, dict) else {}
    return " / ".join(str(known.get(one, english)) for one in (wanted() if known else wanted()[:1]))
