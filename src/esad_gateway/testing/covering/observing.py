"""What gateways have met, as cells: read from stores and from the journal of faults, never from what a test says."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import product
from typing import Final, NamedTuple

from esad_gateway.emcs.certificates import Party, party_of
from esad_gateway.emcs.movement import Act
from esad_gateway.emcs.scenarios import Course, Exchanged, scenarios_of
from esad_gateway.frozen import frozen
from esad_gateway.ports.reading import Listed
from esad_gateway.simulator.injected.journal import Strike
from esad_gateway.simulator.injected.model import TRADERS
from esad_gateway.store.mailboxes import Mailboxes
from esad_gateway.store.recorded import recorded
from esad_gateway.store.store import SqlStore

_DEFERRED: Final = re.compile(rb"DeferredSubmissionFlag>\s*(?:1|true)\s*<")


class MessageWay(StrEnum):
    """Which way a message went, and whether it was taken."""

    SUBMITTED = "submitted"
    REFUSED = "refused"
    GIVEN = "given"
    SENT = "sent"
    TAKEN = "taken"
    TURNED_AWAY = "turned away"
    STRUCK = "struck"
    """Nobody has it in a mailbox: a fault has struck it on its way."""


_BETWEEN: Final = frozenset({MessageWay.SENT, MessageWay.TAKEN, MessageWay.TURNED_AWAY})
"""The ways between administrations."""


class MetCell(NamedTuple):
    """One combination that was met: empty is what was not there. As texts, so that workers can hand it on."""

    scenario: str
    message: str
    way: str
    rule: str
    fault: str


@frozen(kw_only=True)
class _Kept:
    """A message in a mailbox; ``course`` tells what it is about: an ARC, or the identifier of what it began with."""

    listed: Listed
    rules: frozenset[str]
    deferred: bool

    @property
    def way(self) -> MessageWay:
        """Which way it went."""
        between, taken = party_of(self.listed.mailbox) is Party.ADMINISTRATION, self.listed.outcome != "refused"
        if self.listed.direction == "out":
            return MessageWay.SENT if between else MessageWay.GIVEN
        if between:
            return MessageWay.TAKEN if taken else MessageWay.TURNED_AWAY
        return MessageWay.SUBMITTED if taken else MessageWay.REFUSED


@dataclass(slots=True)
class Observation:
    """Everything that the gateways of one test have written down, and the faults that were injected."""

    kept: list[_Kept] = field(default_factory=list)
    acts: list[Act] = field(default_factory=list)
    strikes: list[Strike] = field(default_factory=list)
    national: set[str] = field(default_factory=set)

    def read(self, store: SqlStore) -> None:
        """Add what a store has. Raises StoreUnavailable or StoreDamaged."""
        found, bodies = recorded(store), Mailboxes(store)
        self.kept += (_Kept(listed=one, rules=rules, deferred=_deferred(bodies, one)) for one, rules in found.messages)
        self.acts += found.acts
        self.national |= found.kinds

    def cells(self) -> frozenset[MetCell]:
        """The combinations that were met."""
        return frozenset(self._cells())

    def _cells(self) -> Iterator[MetCell]:
        struck: defaultdict[tuple[str, bool], set[str]] = defaultdict(set)
        for strike in self.strikes:
            struck[strike.identifier, strike.sender != TRADERS].add(strike.fault)
        courses = self._courses()
        scenarios = {about: _scenarios(self._course(about, kept)) for about, kept in courses.items()}
        for about, kept in courses.items():
            for one in kept:
                faults = struck.get((one.listed.identifier, one.way in _BETWEEN), ("",))
                told = scenarios[about], sorted(one.rules) or ("",), faults
                yield from (
                    MetCell(name, one.listed.type, one.way, rule, fault) for name, rule, fault in product(*told)
                )
        yield from self._only_struck(scenarios)

    def _only_struck(self, scenarios: Mapping[str, Sequence[str]]) -> Iterator[MetCell]:
        """The strikes on what nobody has in a mailbox."""
        known = {one.listed.identifier for one in self.kept}
        for strike in self.strikes:
            if strike.identifier not in known:
                for name in scenarios.get(strike.arc or "", ("",)):
                    yield MetCell(name, strike.message, MessageWay.STRUCK, "", strike.fault)

    def _courses(self) -> Mapping[str, Sequence[_Kept]]:
        """The messages by what they are about."""
        answered = {one.listed.identifier: one.listed for one in self.kept}
        found: defaultdict[str, list[_Kept]] = defaultdict(list)
        for one in self.kept:
            found[_about(one.listed, answered)].append(one)
        return found

    def _course(self, about: str, kept: Iterable[_Kept]) -> Course:
        types = {one.listed.identifier: one.listed.type for one in self.kept}
        acts = [act for act in self.acts if act.arc == about]
        return Course(acts, [_exchanged(one, types) for one in kept])


def observed(stores: Iterable[SqlStore], strikes: Iterable[Strike]) -> Observation:
    """What gateways have written down so far, and the faults that were injected between them."""
    found = Observation(strikes=list(strikes))
    for store in stores:
        found.read(store)
    return found


def _about(listed: Listed, answered: Mapping[str, Listed]) -> str:
    """The ARC of a message, or of what it answers; of a draft that has none, its identifier."""
    first = answered.get(listed.correlation or "", listed)
    return listed.arc or first.arc or first.identifier


def _scenarios(course: Course) -> Sequence[str]:
    return sorted(scenarios_of(course)) or ("",)


def _exchanged(one: _Kept, types: Mapping[str, str]) -> Exchanged:
    return Exchanged(
        type=one.listed.type,
        arrived=one.listed.direction == "in",
        by_trader=party_of(one.listed.mailbox) is not Party.ADMINISTRATION,
        refused=one.listed.outcome == "refused",
        rules=one.rules,
        answers=types.get(one.listed.correlation or ""),
        deferred=one.deferred,
    )


def _deferred(bodies: Mailboxes, one: Listed) -> bool:
    """Whether a draft says that its goods have left on paper."""
    if one.type != "IE815" or one.outcome == "refused":
        return False
    return _DEFERRED.search(bodies.body(one.mailbox, one.seq) or b"") is not None
