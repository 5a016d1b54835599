"""Agents: who may sign and read for a trader, because that trader has said so; judged as of a moment, here alone.

A customs broker or a software house signs with a certificate of its own, and never becomes the trader: it may do for
the trader what the trader could do by itself, no more than one of its rows says, and nothing of it for anybody else.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Final

from esad_gateway.emcs.messages import MESSAGES
from esad_gateway.emcs.messages.kinds import written_by_trader
from esad_gateway.faults import Said, said
from esad_gateway.frozen import frozen

EVERY: Final = "*"
"""Stands for every kind of messages."""

_TOLD: Final = "%Y-%m-%dT%H:%M:%SZ"


@cache
def signable() -> frozenset[str]:
    """The kinds of messages that traders sign, and so their agents may."""
    return frozenset(message.__name__ for message in MESSAGES if written_by_trader(message))


@cache
def readable() -> frozenset[str]:
    """The kinds of messages that can stand in a mailbox."""
    return frozenset(message.__name__ for message in MESSAGES)


@frozen(kw_only=True)
class Delegation:
    """That ``trader`` lets ``agent`` sign and read messages of these kinds, from ``since`` on and before ``until``.

    Moments are aware; ``until`` is ``None`` for no end. ``signs`` and ``reads`` are names of messages, or ``EVERY``.
    ``revoked_at`` is when it was taken back, which nothing undoes. ``number`` names the row; 0 before it has one.
    """

    trader: str
    agent: str
    signs: frozenset[str] = frozenset()
    reads: frozenset[str] = frozenset()
    since: datetime
    until: datetime | None = None
    revoked_at: datetime | None = None
    number: int = 0

    @property
    def end(self) -> datetime | None:
        """When it ends or has ended, ``None`` for never: it counts no more from this moment on."""
        ends = [one for one in (self.until, self.revoked_at) if one is not None]
        return min(ends, default=None)

    @property
    def content(self) -> tuple[object, ...]:
        """What it says, whoever wrote it down: one that was exported has the end that it has had, however it came."""
        return self.trader, self.agent, self.signs, self.reads, self.since, self.end

    def counts(self, at: datetime) -> bool:
        """Whether it is in force at a moment."""
        return self.since <= at and (self.end is None or at < self.end)

    def signs_kind(self, kind: str) -> bool:
        """Whether it is about signing messages of a kind; only what traders sign can be signed for them."""
        return kind in self.signs or (EVERY in self.signs and kind in signable())

    def why_not(self, kind: str, at: datetime) -> Said | None:
        """Why a message of this kind may not be signed under it at a moment; ``None`` when it may."""
        return self._out_of_time(at) if self.signs_kind(kind) else said("agent.other_kind", **self._named, kind=kind)

    def overlaps(self, other: "Delegation") -> bool:
        """Whether both would say at some moment that the same agent may do the same for the same trader."""
        if (self.trader, self.agent) != (other.trader, other.agent):
            return False
        first, second = sorted((self, other), key=lambda one: one.since)
        apart = (first.end is not None and first.end <= second.since) or second.end == second.since
        return not apart and (_share(self.signs, other.signs) or _share(self.reads, other.reads))

    @property
    def _named(self) -> dict[str, str | int]:
        return {"number": self.number, "agent": self.agent, "trader": self.trader}

    def _out_of_time(self, at: datetime) -> Said | None:
        if self.revoked_at is not None and self.revoked_at <= at:
            return said("agent.revoked", **self._named, at=f"{self.revoked_at:{_TOLD}}")
        if at < self.since:
            return said("agent.not_yet", **self._named, at=f"{self.since:{_TOLD}}")
        if self.until is not None and self.until <= at:
            return said("agent.expired", **self._named, at=f"{self.until:{_TOLD}}")
        return None


@frozen
class Agency:
    """All that traders have ever let the holders of one certificate do, judged as of the moment ``at`` (aware)."""

    rows: tuple[Delegation, ...]
    at: datetime

    def signs(self, kind: str, trader: str | None = None) -> tuple[Delegation, ...]:
        """The delegations under which a message of a kind may be signed: for a trader, or for any (``None``)."""
        return tuple(one for one in self._of(trader) if one.why_not(kind, self.at) is None)

    def why_not(self, kind: str, trader: str | None = None) -> Said:
        """Why there is none of them; the cause is that of the row which comes nearest to it.

        What it says of other traders than those of the agent is the same whether they exist or not.
        """
        rows = self._of(trader)
        told = sorted(rows, key=lambda one: (one.signs_kind(kind), one.counts(self.at), one.since), reverse=True)
        why = told[0].why_not(kind, self.at) if told else None
        return why or said("agent.other_number", agents=_listed({one.agent for one in self.rows}), trader=str(trader))

    def _of(self, trader: str | None) -> tuple[Delegation, ...]:
        return tuple(one for one in self.rows if trader in (None, one.trader))


def traders_of(rows: Iterable[Delegation], at: datetime) -> Mapping[str, frozenset[str] | None]:
    """For whom an agent may read at a moment by its delegations, each with the kinds of messages (``None``: all).

    A trader who lets it sign only is left out.
    """
    found: dict[str, frozenset[str]] = {}
    for one in rows:
        if one.reads and one.counts(at):
            found[one.trader] = found.get(one.trader, frozenset()) | one.reads
    return {trader: None if EVERY in kinds else kinds for trader, kinds in found.items()}


def _share(one: frozenset[str], other: frozenset[str]) -> bool:
    return bool(one & other) or (EVERY in one and bool(other)) or (EVERY in other and bool(one))


def _listed(names: Iterable[str]) -> str:
    return ", ".join(sorted(names))


def faults_of(given: Sequence[Delegation], before: Sequence[Delegation]) -> tuple[Said, ...]:
    """What is wrong with new delegations, beside each other and beside those ``before``; all of it at once.

    Not checked: whether the trader is registered, and the agent has a certificate.
    """
    found: list[Said] = []
    for number, one in enumerate(given):
        found += _faults_alone(one)
        kept = (*before, *given[:number])
        found += [
            said("agent.overlaps", agent=one.agent, trader=one.trader, other=_period(other))
            for other in kept
            if one.overlaps(other)
        ]
    return tuple(found)


def _faults_alone(one: Delegation) -> Iterable[Said]:
    named = {"agent": one.agent, "trader": one.trader}
    if one.agent == one.trader:
        yield said("agent.oneself", **named)
    if one.until is not None and one.until <= one.since:
        yield said("agent.ends_first", **named, since=f"{one.since:{_TOLD}}", until=f"{one.until:{_TOLD}}")
    if not one.signs | one.reads:
        yield said("agent.nothing", **named)
    for kind in sorted(one.signs - signable() - {EVERY}):
        yield said("agent.unknown_signs", **named, kind=kind, kinds=_listed(signable()))
    for kind in sorted(one.reads - readable() - {EVERY}):
        yield said("agent.unknown_reads", **named, kind=kind, kinds=_listed(readable()))


def _period(one: Delegation) -> Said:
    since = f"{one.since:{_TOLD}}"
    if one.end is None:
        return said("agent.period_open", number=one.number, since=since)
    return said("agent.period", number=one.number, since=since, until=f"{one.end:{_TOLD}}")
