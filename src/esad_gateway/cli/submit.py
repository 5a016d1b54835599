"""``esad submit``: hand signed documents to a gateway."""

from typing import Annotated, Any

import typer

from esad_gateway.cli import output, paths
from esad_gateway.cli.gateway_access import LOCAL, AsJson, Url, ask
from esad_gateway.cli.output import ExitCode
from esad_gateway.client import GatewayClient

ACCEPTED = frozenset({200, 201})


def submit(
    files: Annotated[list[str], typer.Argument(metavar="FILE...", help="Signed documents; - is standard input.")],
    *,
    url: Url = LOCAL,
    as_json: AsJson = False,
) -> None:
    """Submit signed documents, in order; each is answered after it was stored.

    Prints the ARC and what to read, or every fault. To try again after a failure, submit the same file: it is taken
    once. No token is needed: the signature says who you are.
    """
    documents = [(file, paths.read(file)) for file in files]
    ended = [
        _submitted(file, content, url, as_json=as_json)
        for file, content in output.watched(documents, "submit", len(documents))
    ]
    raise typer.Exit(max(ended))


def _submitted(file: str, content: bytes, url: str, *, as_json: bool) -> ExitCode:
    async def question(client: GatewayClient) -> tuple[int, dict[str, Any]]:
        return await client.submit(content)

    status, answer = ask(url, None, question)
    if as_json:
        output.result_json({"file": file, "status": status, **answer})
    else:
        output.result(*_lines(file, status, answer))
    return ExitCode.FINE if _accepted(status, answer) else ExitCode.NEGATIVE


def _accepted(status: int, answer: dict[str, Any]) -> bool:
    """Whether it is a receipt of acceptance; another server at this address may answer 200 as well."""
    return status in ACCEPTED and answer.get("outcome") == "accepted"


def _lines(file: str, status: int, answer: dict[str, Any]) -> list[str]:
    if _accepted(status, answer):
        again = " (taken before)" if answer["repeated"] else ""
        replies = ", ".join(f"{reply['message']} is message {reply['seq']}" for reply in answer["replies"])
        return [f"{file}: {output.good('accepted')}{again} {answer['arc'] or ''} {replies}".rstrip()]
    if "faults" not in answer:
        title, detail = answer.get("title", f"HTTP {status}"), answer.get("detail", "this is no answer of a gateway")
        return [f"{file}: {output.bad(title)}: {detail}"]
    refused = f"{file}: {output.bad('refused')} with {len(answer['faults'])} faults"
    return [refused, *(f"  {_fault(fault)}" for fault in answer["faults"])]


def _fault(fault: dict[str, Any]) -> str:
    value = "missing" if fault["value"] is None else repr(fault["value"])
    return f"{fault['code']} {fault['rule']} {fault['path']} {value}: {fault['text']['en']} {fault['hint']}"


COMMANDS = (submit,)
