"""``esad submit``: hand signed documents to a gateway."""

from collections.abc import Sequence
from typing import Annotated, Any

import typer

from esad_gateway.cli import output, paths
from esad_gateway.cli.gateway_access import LOCAL, AsJson, Url, ask
from esad_gateway.cli.language import USUAL, Lang
from esad_gateway.cli.output import ExitCode
from esad_gateway.client import GatewayClient
from esad_gateway.explain.answer import label, languages
from esad_gateway.faults import Said, said

ACCEPTED = frozenset({200, 201})


def submit(
    files: Annotated[list[str], typer.Argument(metavar="FILE...", help="Signed documents; - is standard input.")],
    *,
    url: Url = LOCAL,
    lang: Lang = USUAL,
    as_json: AsJson = False,
) -> None:
    """Submit signed documents, in order; each is answered after it was stored.

    Prints the ARC and what to read, or every fault, and of several documents how many were accepted. To try again after
    a failure, submit the same file: it is taken once. No token is needed: the signature says who you are.
    """
    wanted = languages(lang)
    documents = [(file, paths.read(file)) for file in files]
    ended: list[ExitCode] = []
    try:
        for file, content in output.watched(documents, "submit", len(documents)):
            ended.append(_submitted(file, content, url, wanted, as_json=as_json))
    finally:
        if len(documents) > 1:
            output.note(_total(ended, [file for file, _ in documents]))
    raise typer.Exit(max(ended))


def _total(ended: Sequence[ExitCode], files: Sequence[str]) -> str:
    """How many of the files were accepted; where it stopped before the last, from which one on to go on."""
    accepted = ended.count(ExitCode.FINE)
    told = f"{len(files)} documents: {accepted} accepted, {len(ended) - accepted} not"
    left = files[len(ended) :]
    return f"{told}, {len(left)} without an answer; go on from {left[0]}" if left else told


def _submitted(file: str, content: bytes, url: str, wanted: Sequence[str], *, as_json: bool) -> ExitCode:
    async def question(client: GatewayClient) -> tuple[int, dict[str, Any]]:
        return await client.submit(content)

    status, answer = ask(url, None, question)
    if as_json:
        output.result_json({"file": file, "status": status, **answer})
    else:
        output.result(*_lines(file, status, answer, wanted))
    return ExitCode.FINE if _accepted(status, answer) else ExitCode.NEGATIVE


def _accepted(status: int, answer: dict[str, Any]) -> bool:
    """Whether it is a receipt of acceptance; another server at this address may answer 200 as well."""
    return status in ACCEPTED and answer.get("outcome") == "accepted"


def _lines(file: str, status: int, answer: dict[str, Any], wanted: Sequence[str]) -> list[str]:
    if _accepted(status, answer):
        taken, again = Said("outcome.accepted"), f" ({label(Said('told.again'), wanted)})" if answer["repeated"] else ""
        replies = ", ".join(label(_reply(reply), wanted) for reply in answer["replies"])
        return [f"{file}: {output.good(label(taken, wanted))}{again} {answer['arc'] or ''} {replies}".rstrip()]
    if "faults" not in answer:
        title, detail = answer.get("title", f"HTTP {status}"), answer.get("detail", "this is no answer of a gateway")
        title = " / ".join(answer["titles"].get(one, title) for one in wanted) if "titles" in answer else title
        return [f"{file}: {output.bad(title)}: {detail}"]
    refused, faults = Said("outcome.refused"), said("count.faults", count=len(answer["faults"]))
    head = f"{file}: {output.bad(label(refused, wanted))} {label(said('told.with_faults', faults=faults), wanted)}"
    return [head, *(f"  {_fault(fault, wanted)}" for fault in answer["faults"])]


def _reply(reply: dict[str, Any]) -> Said:
    return said("told.reply", message=reply["message"], seq=reply["seq"])


def _fault(fault: dict[str, Any], wanted: Sequence[str]) -> str:
    value = label(Said("told.missing"), wanted) if fault["value"] is None else repr(fault["value"])
    told = " / ".join(f"{fault['text'][one]} {fault['hints'][one]}" for one in wanted)
    return f"{fault['code']} {fault['rule']} {fault['path']} {value}: {told}"


COMMANDS = (submit,)
