"""``esad agent``: who may sign and read for a trader, from when until when, and no more."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Final, TypeVar

import typer
from cryptography import x509

from esad_gateway.cli.common import completing, output, renewal
from esad_gateway.cli.common.administration import AsJson, Data, opened
from esad_gateway.cli.common.language import tell
from esad_gateway.cli.common.offline import moment
from esad_gateway.cli.common.output import ExitCode
from esad_gateway.data_directory import DataDirectory
from esad_gateway.emcs.delegation import EVERY, Delegation
from esad_gateway.errors import UnreadableInput
from esad_gateway.faults import Said, said
from esad_gateway.register.agents import Delegating
from esad_gateway.register.beliefs import stamp
from esad_gateway.settings import read_settings
from esad_gateway.store.agents import Agents
from esad_gateway.store.certificates import fingerprint_of
from esad_gateway.store.registry import Registry
from esad_gateway.store.store import SqlStore
from esad_gateway.views.agents import delegation_view

_T = TypeVar("_T")
_Certificates = tuple[x509.Certificate, ...]

_COLUMNS: Final = output.headings("number", "trader", "agent", "signs", "reads", "since", "until", "revoked")

Kinds = Annotated[
    list[str] | None,
    typer.Option(
        metavar="TYPE",
        autocompletion=completing.messages,
        help="A kind of messages, such as IE815; several times for several; * for all.",
    ),
]


Trader = Annotated[
    str, typer.Option("--seed", autocompletion=completing.seeds, help="The trader who lets somebody act.")
]
Agent = Annotated[
    str, typer.Option(metavar="AGENT", help="Who acts: AG. and an EORI number, or the SEED number of a trader.")
]
From = Annotated[
    str | None, typer.Option("--from", metavar="MOMENT", help="From when on, in UTC; from now on when left out.")
]
Until = Annotated[
    str | None, typer.Option(metavar="MOMENT", help="Until when, not included, in UTC; without end when left out.")
]
Certificate = Annotated[
    Path | None, typer.Option(metavar="FILE.pem", help="What the agent signs with, where it is not registered yet.")
]


def add(
    *,
    data: Data,
    seed: Trader,
    agent: Agent,
    signs: Kinds = None,
    reads: Kinds = None,
    since: From = None,
    until: Until = None,
    certificate: Certificate = None,
    as_json: AsJson = False,
) -> None:
    """Let an agent sign and read messages of a trader; every mistake is told at once, and then nothing is changed.

    A gateway that is running takes it over at once. The agent can do no more than the trader could do itself, and
    cannot let others act in turn.
    """
    now, faults = datetime.now(UTC), list[Said]()
    given = Delegation(
        trader=seed,
        agent=agent,
        signs=frozenset(signs or ()),
        reads=frozenset(reads or ()),
        since=_kept(faults, lambda: moment(since), now),
        until=_kept(faults, lambda: moment(until), None) if until else None,
    )
    with opened(data) as store:
        added = _added(store, data, given, certificate, now, faults)
    if as_json:
        output.result_json(delegation_view(added, UTC))
    else:
        output.result(said("agent.added", number=added.number, agent=agent, trader=seed))


def list_(
    *,
    data: Data,
    seed: Annotated[
        str | None, typer.Option(metavar="SEED|AGENT", help="Only what this trader gives, or this agent has got.")
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="Also what has ended or was revoked.")] = False,
    as_json: AsJson = False,
) -> None:
    """List who acts for whom: kinds of messages, from when until when (UTC); what has not begun yet as well."""
    now = datetime.now(UTC)
    with opened(data) as store:
        agents = Agents(store)
        found = agents.every() if seed is None else agents.of(seed)
    shown = [one for one in found if every or one.end is None or now < one.end]
    if as_json:
        output.result_json({"agents": [delegation_view(one, UTC) for one in shown]})
    else:
        output.table(_COLUMNS, [_row(one) for one in shown])


def revoke(
    number: Annotated[int, typer.Argument(metavar="NUMBER", min=1, help="The delegation, as esad agent list has it.")],
    *,
    data: Data,
    as_json: AsJson = False,
) -> None:
    """Take back a delegation, at once and for ever: also what the agent has sent and is not decided yet is refused.

    What was signed under it before stays proved. Exit code 1 when there is none that was not revoked before.
    """
    with opened(data) as store:
        found = _revoked(store, number)
    if found is None:
        output.result_json({"revoked": 0}) if as_json else output.result(output.bad(said("agent.none", number=number)))
        raise typer.Exit(ExitCode.NEGATIVE)
    if as_json:
        output.result_json({"revoked": 1, **delegation_view(found, UTC)})
    else:
        output.result(said("agent.taken_back", number=number, agent=found.agent, trader=found.trader))


def _added(
    store: SqlStore, data: Path, given: Delegation, certificate: Path | None, now: datetime, faults: list[Said]
) -> Delegation:
    """The delegation as it stands in the register now. Raises UnreadableInput with these ``faults`` and all others."""
    registry, agents, state = Registry(store), Agents(store), read_settings(data).state
    none = dict[str, _Certificates]()
    signing = _kept(faults, lambda: _signing(registry, data, given.agent, certificate, now), none)
    faults += Delegating(registry, agents, state, signing=signing.keys()).faults([given])
    if faults:
        raise UnreadableInput(*faults)
    registry.add_operators((), signing=signing, delegations=[given])
    return next(one for one in agents.of(given.trader) if one.content == given.content)


def _revoked(store: SqlStore, number: int) -> Delegation | None:
    agents = Agents(store)
    trader = next((one.trader for one in agents.every() if one.number == number), "")
    done = agents.revoke(trader, number, lambda: datetime.now(UTC))
    return next((one for one in agents.of(trader) if done and one.number == number), None)


def _kept(faults: list[Said], read: Callable[[], _T], otherwise: _T) -> _T:
    """What is read; where that fails, the faults are noted beside the others."""
    try:
        return read()
    except UnreadableInput as error:
        faults += error.told
        return otherwise


def _signing(registry: Registry, data: Path, agent: str, file: Path | None, now: datetime) -> dict[str, _Certificates]:
    """All that an agent signs with when it has one more certificate; nothing where it has that already."""
    if file is None:
        return {}
    new = renewal.one_certificate(file, DataDirectory(data).load_trust(), now)
    kept = [one for one in registry.certificates(agent) if not one.record.ended(now)]
    if fingerprint_of(new) in {one.record.fingerprint for one in kept}:
        return {}
    return {agent: (*(one.certificate for one in kept), new)}


def _row(one: Delegation) -> tuple[str, ...]:
    until, revoked = (stamp(at) if at else "" for at in (one.until, one.revoked_at))
    return (
        str(one.number),
        one.trader,
        one.agent,
        _kinds(one.signs),
        _kinds(one.reads),
        stamp(one.since),
        until,
        revoked,
    )


def _kinds(kinds: frozenset[str]) -> str:
    return tell(Said("agent.whole")) if EVERY in kinds else ", ".join(sorted(kinds))


COMMANDS = (add, list_, revoke)
