"""``esad submit``: hand signed documents to a gateway."""

from collections.abc import Sequence
from typing import Annotated, Any

import typer

from esad_gateway.cli.common import output, paths
from esad_gateway.cli.common.gateway_access import LOCAL, AsJson, Url, answered, problem_of
from esad_gateway.cli.common.language import wanted, word
from esad_gateway.cli.common.output import ExitCode
from esad_gateway.client import operations
from esad_gateway.explain.answer import chosen, named
from esad_gateway.faults import Said, said
from esad_gateway.place import WHOLE

ACCEPTED = frozenset({200, 201})


def submit(
    files: Annotated[list[str], typer.Argument(metavar="FILE...", help="Signed documents; - is standard input.")],
    *,
    url: Url = LOCAL,
    as_json: AsJson = False,
) -> None:
    """Submit signed documents, in order; each is answered after it was stored.

    Prints the ARC and what to read, or every fault, and of several documents how many were accepted. To try again after
    a failure, submit the same file: it is taken once. No token is needed: the signature says who you are.
    """
    documents = [(file, paths.read(file)) for file in files]
    ended: list[ExitCode] = []
    try:
        for file, content in output.watched(documents, "submit", len(documents)):
            ended.append(_submitted(file, content, url, as_json=as_json))
    finally:
        if len(documents) > 1:
            output.note(_total(ended, [file for file, _ in documents]))
    raise typer.Exit(max(ended))


def _total(ended: Sequence[ExitCode], files: Sequence[str]) -> Said:
    """How many of the files were accepted; where it stopped before the last, from which one on to go on."""
    accepted = ended.count(ExitCode.FINE)
    documents = said("count.documents", count=len(files))
    told = said("submit.total", documents=documents, accepted=accepted, others=len(ended) - accepted)
    left = files[len(ended) :]
    return said("submit.broken_off", total=told, left=len(left), file=left[0]) if left else told


def _submitted(file: str, content: bytes, url: str, *, as_json: bool) -> ExitCode:
    status, answer = answered(url, None, operations.submit(content))
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
        again = f" ({word(Said('told.again'))})" if answer["repeated"] else ""
        replies = ", ".join(word(_reply(reply)) for reply in answer["replies"])
        taken = output.good(word(Said("outcome.accepted")))
        head = f"{file}: {taken}{again} {answer['arc'] or ''} {replies}".rstrip()
        held = [said("told.held_until", until=answer["heldUntil"])] if answer.get("heldUntil") else []
        return [head, *(f"  {line}" for one in held for line in chosen(one, wanted()))]
    if "faults" not in answer:
        title, detail = problem_of(status, answer)
        return [f"{file}: {output.bad(title)}: {detail}"]
    faults = said("count.faults", count=len(answer["faults"]))
    head = f"{file}: {output.bad(word(Said('outcome.refused')))} {word(said('told.with_faults', faults=faults))}"
    return [head, *(f"  {_fault(fault)}" for fault in answer["faults"])]


def _reply(reply: dict[str, Any]) -> Said:
    return said("told.reply", message=reply["message"], seq=reply["seq"])


def _fault(fault: dict[str, Any]) -> str:
    told = " / ".join(f"{fault['text'][one]} {fault['hints'][one]}" for one in wanted())
    where = "" if fault["path"] == str(WHOLE) else f" {fault['path']} {output.value_of(fault['value'])}"
    return f"{named(fault['code'], fault['rule'])}{where}: {told}"


COMMANDS = (submit,)
