"""``esad outbox``: what waits for other administrations, what they refuse, and what was given up."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Annotated, Any

import typer

from esad_gateway.cli.common import output
from esad_gateway.cli.common.administration import AsJson, Data, Reason, account, opened
from esad_gateway.cli.common.language import word, wrong
from esad_gateway.cli.common.output import ExitCode, headings, table
from esad_gateway.explain.wording import utc
from esad_gateway.faults import Said, said
from esad_gateway.ports.reading import LARGEST_NUMBER
from esad_gateway.recognising import recognised
from esad_gateway.store.outbox import IN_TROUBLE, NOT_DELIVERED, Outbox, PeerBacklog, PendingDispatch, Standing
from esad_gateway.texts import in_every_language, say

_NUMBERS: Any = typer.Argument(metavar="NUMBER…", min=1, max=LARGEST_NUMBER, help="Documents, by their numbers.")
COLUMNS = ("number", "for", "type", "arc", "standing", "tries", "since", "next_try", "why")
_LIST = Said("outbox.list")


def list_(
    *,
    data: Data,
    every: Annotated[bool, typer.Option("--all", help="Also what waits in line, and what was dropped.")] = False,
    as_json: AsJson = False,
) -> None:
    """List what was not delivered: how much waits for each administration, and why documents are in trouble.

    A document that an administration refuses waits alone and is tried again; what comes after it of its movement
    waits behind it, everything else goes on. After too many refusals it is a dead letter;
    exit code 1 when there is one.
    """
    with opened(data) as store:
        outbox = Outbox(store)
        lines, pending = outbox.lines(), outbox.pending(*(NOT_DELIVERED if every else IN_TROUBLE))
    if as_json:
        output.result_json({"administrations": list(map(_as_json, lines)), "documents": list(map(_as_json, pending))})
    else:
        table(headings("administration", "waiting", "refused", "dead", "why"), map(_of_line, lines))
        if pending:
            table(headings(*COLUMNS), map(_cells, pending))
    raise typer.Exit(ExitCode.NEGATIVE if any(line.dead for line in lines) else ExitCode.FINE)


def retry(
    numbers: Annotated[list[int] | None, _NUMBERS] = None,
    *,
    data: Data,
    every: Annotated[bool, typer.Option("--all", help="Everything that is refused or given up.")] = False,
    as_json: AsJson = False,
) -> None:
    """Try refused documents and dead letters again now, before what waits behind them; exit code 1 when one is neither.

    Use it when the cause is mended over there: a larger limit, a certificate that is known now. A gateway that runs
    sends them at its next look at the outbox.
    """
    if every == bool(numbers):
        raise wrong(Said("outbox.which"))
    with opened(data) as store:
        outbox = Outbox(store)
        wanted = numbers or [one.id for one in outbox.pending(Standing.REFUSED, Standing.DEAD)]
        done = sorted(outbox.retry(wanted, datetime.now(UTC)))
    missed = sorted(set(wanted) - set(done))
    if as_json:
        output.result_json({"retried": done, "not_in_trouble": missed})
    else:
        for number in done:
            output.result(said("outbox.again", number=number))
        for number in missed:
            output.result(output.bad(said("outbox.not_in_trouble", number=number, list=_LIST)))
        if not wanted:
            output.result(Said("outbox.none"))
    raise typer.Exit(ExitCode.NEGATIVE if missed else ExitCode.FINE)


def drop(
    numbers: Annotated[list[int], _NUMBERS],
    *,
    data: Data,
    reason: Reason,
    as_json: AsJson = False,
) -> None:
    """Decide that documents are not sent to their administration; exit code 1 when one is none that waits.

    What waits behind them of their movement goes on. The messages stay in their mailboxes, and whoever reads the
    history sees who decided and why; esad outbox retry sends them all the same. Use it when the other side settled the
    matter in another way.
    """
    why = say(said("tried.dropped", account=account(), reason=reason))
    with opened(data) as store:
        done = sorted(Outbox(store).drop(numbers, datetime.now(UTC), why))
    missed = sorted(set(numbers) - set(done))
    if as_json:
        output.result_json({"dropped": done, "not_waiting": missed})
    else:
        output.result(*(said("outbox.not_sent", number=number) for number in done))
        output.result(*(output.bad(said("outbox.not_waiting", number=number, list=_LIST)) for number in missed))
    raise typer.Exit(ExitCode.NEGATIVE if missed else ExitCode.FINE)


def _of_line(line: PeerBacklog) -> Sequence[str]:
    return line.destination, str(line.waiting), str(line.refused), str(line.dead), _why(line.reason)


def _cells(one: PendingDispatch) -> Sequence[str]:
    moments = (utc(moment) if moment else "" for moment in (one.since, one.next_try))
    return (
        str(one.id),
        one.destination,
        one.type,
        one.arc or "",
        word(Said(f"standing.{one.standing.name.lower()}")),
        str(one.attempts),
        *moments,
        _why(one.reason),
    )


def _why(reason: str | None) -> str:
    """Why something was not taken: the store has it in English."""
    return word(recognised(reason)) if reason else ""


def _as_json(one: PeerBacklog | PendingDispatch) -> dict[str, Any]:
    return {**asdict(one), "reasons": in_every_language(recognised(one.reason)) if one.reason else None}


COMMANDS = (list_, retry, drop)
