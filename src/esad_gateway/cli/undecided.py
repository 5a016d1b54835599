"""``esad undecided``: messages that a defect of the gateway kept from being decided."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Annotated

import typer

from esad_gateway.bootstrap import Parts, build
from esad_gateway.cli import output
from esad_gateway.cli.administration import AsJson, Data, account, opened
from esad_gateway.cli.output import ExitCode, table
from esad_gateway.explain.wording import utc
from esad_gateway.gateway.reconsideration import Reconsideration
from esad_gateway.ports.reading import Receipt
from esad_gateway.store.undecided import Trouble, UndecidedMessages


def list_(
    *,
    data: Data,
    every: Annotated[bool, typer.Option("--all", help="Also what was decided since: when, and who asked.")] = False,
    as_json: AsJson = False,
) -> None:
    """List what is undecided, oldest first: messages that the gateway kept and could not decide by a defect of its own.

    Their senders were answered with the reference, and need not send them again. The log has the defect, with the same
    reference. Exit code 1 when there is such a message.
    """
    with opened(data) as store:
        undecided = UndecidedMessages(store.reader)
        found = undecided.every() if every else undecided.waiting()
    if as_json:
        output.result_json({"undecided": [asdict(one) for one in found]})
    else:
        columns = ("reference", "since", "sender", "type", "identifier", "arc", "why", *(["decided"] if every else []))
        table(columns, [[*_cells(one), *([_decided(one)] if every else [])] for one in found])
    waiting = any(one.decided_at is None for one in found)
    raise typer.Exit(ExitCode.NEGATIVE if waiting else ExitCode.FINE)


def retry(
    references: Annotated[
        list[str] | None, typer.Argument(metavar="REFERENCE…", help="Messages, by their references.")
    ] = None,
    *,
    data: Data,
    every: Annotated[bool, typer.Option("--all", help="Everything that is undecided.")] = False,
    as_json: AsJson = False,
) -> None:
    """Decide what is undecided; exit code 1 when something is still undecided, or is not there.

    Use it when the defect is mended. Signature and content are judged as of the moment at which the message came, and
    the movement as it stands now. What follows is as for every message: its sender finds the answer in its mailbox,
    and a gateway that runs delivers what is for other administrations. That it was decided, when, and by which account
    of this machine is kept.
    """
    if every == bool(references):
        raise typer.BadParameter("say which messages, or --all, and not both")
    runtime = build(Parts(data))
    try:
        undecided = UndecidedMessages(runtime.store.reader)
        wanted = references or [one.reference for one in undecided.waiting()]
        again = Reconsideration(undecided, runtime.gateway.intake, runtime.committer, runtime.clock)
        answers = {one: again.decide(one, f"account {account()}") for one in wanted}
    finally:
        runtime.store.close()
    told = {reference: _told(answer) for reference, answer in answers.items()}
    decided = [reference for reference, answer in answers.items() if isinstance(answer, Receipt)]
    if as_json:
        output.result_json({"decided": decided, "answers": told})
    else:
        for reference, words in told.items():
            line = f"{reference}: {words}"
            output.result(line if reference in decided else output.bad(line))
        if not wanted:
            output.result("nothing is undecided")
    raise typer.Exit(ExitCode.FINE if len(decided) == len(wanted) else ExitCode.NEGATIVE)


def _told(answer: Receipt | Exception | None) -> str:
    if answer is None:
        return "nothing is undecided under this reference; esad undecided list shows what is"
    if isinstance(answer, Receipt):
        about = f", about {answer.arc}" if answer.arc else ""
        return f"{answer.outcome}{about}: message {answer.seq} of {answer.mailbox}"
    return str(answer)


def _cells(one: Trouble) -> Sequence[str]:
    return one.reference, utc(one.since), one.sender, one.type, one.identifier, one.arc or "", one.reason


def _decided(one: Trouble) -> str:
    return f"{utc(one.decided_at)} by {one.decided_by}" if one.decided_at else "still undecided"


COMMANDS = (list_, retry)
