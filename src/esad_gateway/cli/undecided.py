"""``esad undecided``: what a defect of the gateway kept from being decided."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Annotated

import typer

from esad_gateway.bootstrap import Parts, build
from esad_gateway.cli.common import output
from esad_gateway.cli.common.administration import AsJson, Data, Reason, account, opened
from esad_gateway.cli.common.language import tell, word, wrong
from esad_gateway.cli.common.output import ExitCode, headings, table
from esad_gateway.errors import EsadError
from esad_gateway.explain.wording import utc
from esad_gateway.faults import Said, said
from esad_gateway.gateway.reconsideration import Reconsideration
from esad_gateway.ports.reading import Receipt
from esad_gateway.ports.writing import Ended
from esad_gateway.store.undecided import Trouble, UndecidedMessages
from esad_gateway.store.undecided import drop as give_up
from esad_gateway.texts import say

_LIST = Said("undecided.list")


def list_(
    *,
    data: Data,
    every: Annotated[
        bool, typer.Option("--all", help="Also what was decided or dropped since: when, by whom.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """List what is undecided, oldest first: what the gateway kept and could not decide by a defect of its own.

    Senders of messages were answered with the reference, and need not send them again. A clock of a movement and a
    parked message are tried again by esad undecided retry, and by another build of the gateway when it starts. The log
    has the defect, with the same reference. Exit code 1 when there is anything.
    """
    with opened(data) as store:
        undecided = UndecidedMessages(store.reader)
        found = undecided.every() if every else undecided.waiting()
    if as_json:
        output.result_json({"undecided": [asdict(one) for one in found]})
    else:
        columns = headings("reference", "what", "since", "sender", "type", "identifier", "arc", "why")
        table(
            (*columns, *(headings("decided") if every else ())),
            [[*_cells(one), *([_decided(one)] if every else [])] for one in found],
        )
    waiting = any(one.decided_at is None for one in found)
    raise typer.Exit(ExitCode.NEGATIVE if waiting else ExitCode.FINE)


def retry(
    references: Annotated[
        list[str] | None, typer.Argument(metavar="REFERENCE…", help="What is to be tried, by its references.")
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
    of this machine is kept. A clock fires, and a parked message is decided, as at the moment at which its time ended.
    """
    if every == bool(references):
        raise wrong(Said("undecided.which"))
    runtime = build(Parts(data))
    try:
        undecided = UndecidedMessages(runtime.store.reader)
        wanted = references or [one.reference for one in undecided.waiting()]
        again = Reconsideration(undecided, runtime.gateway.intake, runtime.committer, runtime.clock)
        answers = {one: again.decide(one, f"account {account()}") for one in wanted}
    finally:
        runtime.store.close()
    told = {reference: _told(answer) for reference, answer in answers.items()}
    decided = [reference for reference, answer in answers.items() if isinstance(answer, Receipt | Ended)]
    if as_json:
        output.result_json({"decided": decided, "answers": {one: say(what) for one, what in told.items()}})
    else:
        for reference, what in told.items():
            line = tell(said("undecided.line", reference=reference, what=what))
            output.result(line if reference in decided else output.bad(line))
        if not wanted:
            output.result(Said("undecided.nothing"))
    raise typer.Exit(ExitCode.FINE if len(decided) == len(wanted) else ExitCode.NEGATIVE)


def drop(
    references: Annotated[list[str], typer.Argument(metavar="REFERENCE…", help="Messages, by their references.")],
    *,
    data: Data,
    reason: Reason,
    as_json: AsJson = False,
) -> None:
    """Decide that messages are not to be decided; exit code 1 when one of them is not undecided.

    Use it when the matter was settled in another way: the sender has sent other content under the same identifier, say.
    The bytes stay, with why, when, and by which account of this machine that was; esad undecided list --all shows them,
    and esad undecided retry decides them all the same. Clocks and parked messages are not dropped: their movement
    depends on them.
    """
    with opened(data) as store:
        done = sorted(give_up(store.writer, references, datetime.now(UTC), f"account {account()}", reason))
    missed = sorted(set(references) - set(done))
    if as_json:
        output.result_json({"dropped": done, "not_undecided": missed})
    else:
        output.result(*(said("undecided.line", reference=one, what=Said("undecided.dropped")) for one in done))
        none = said("undecided.no_message", list=_LIST)
        output.result(*(output.bad(said("undecided.line", reference=one, what=none)) for one in missed))
    raise typer.Exit(ExitCode.NEGATIVE if missed else ExitCode.FINE)


def _told(answer: Receipt | Ended | Exception | None) -> Said:
    if answer is None:
        return said("undecided.none", list=_LIST)
    if isinstance(answer, Ended):
        return said("undecided.goes_on", what=answer.called)
    if isinstance(answer, Receipt):
        outcome = Said(f"outcome.{answer.outcome}")
        place = said("detail.place", seq=answer.seq, mailbox=answer.mailbox)
        if not answer.arc:
            return said("undecided.answered", outcome=outcome, place=place)
        return said("undecided.answered_about", outcome=outcome, arc=answer.arc, place=place)
    return answer.what if isinstance(answer, EsadError) else said("said.as_it_is", text=str(answer))


def _cells(one: Trouble) -> Sequence[str]:
    told = (one.sender, one.type, one.identifier, one.arc or "", one.reason)
    return one.reference, word(_what(one)), utc(one.since), *told


def _what(one: Trouble) -> Said:
    if one.what == "message":
        return Said("undecided.message")
    return Said("undecided.parked_one") if one.sender else said("undecided.clock", arc=one.arc or "")


def _decided(one: Trouble) -> str:
    if not one.decided_at:
        return word(Said("undecided.still"))
    acted = said("undecided.by", at=utc(one.decided_at), who=one.decided_by or "")
    return word(said("undecided.dropped_by", acted=acted, why=one.dropped) if one.dropped else acted)


COMMANDS = (list_, retry, drop)
