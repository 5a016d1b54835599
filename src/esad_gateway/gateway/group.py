"""A group of messages, the unit of work: what is looked up for all of them at once, and what was decided on that.

Nothing is numbered or written here, so all of it is done before the write lock is taken.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from esad_gateway.emcs.procedure import Answer, Incoming, Known
from esad_gateway.faults import Faults
from esad_gateway.gateway.intake import Accepted
from esad_gateway.gateway.publishing import Publication
from esad_gateway.ports.reading import Outcome
from esad_gateway.ports.writing import (
    Delegations,
    Document,
    Earlier,
    Exchanged,
    Identity,
    Parked,
    Records,
    Transaction,
    Waiting,
)
from esad_gateway.xml.parse import parse
from esad_gateway.xml.place import with_lines
from esad_gateway.xml.readers import Writing

NO_PLACE_YET = 0
"""The place of a message that this group parks and decides: mailboxes count from 1, and only under the write lock."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """A message with its answer and what was signed for it, all but its place in mailboxes.

    ``item`` is ``None`` where a clock has ended. ``faults`` are those of the answer with their lines in the document.
    """

    item: Accepted | None
    answer: Answer
    publications: Sequence[Publication]
    faults: Faults = ()

    @property
    def outcome(self) -> Outcome:
        """What becomes of the message."""
        if self.answer.until is not None:
            return Outcome.PARKED
        return Outcome.REFUSED if self.answer.faults else Outcome.ACCEPTED

    def is_new(self, sender: str, outcome: Outcome) -> bool:
        """Whether it is a message of a sender that has come with this group, with that outcome."""
        item = self.item
        return item is not None and item.place is None and item.incoming.sender == sender and self.outcome is outcome


@dataclass(slots=True, kw_only=True)
class Group:
    """One group's view of the store, kept up to date with what the group itself decided.

    ``waiting`` are the parked messages about its movements, in the order in which they came; ``earlier`` are the
    identities that were used before, and ``taken`` those that the group has used, with what was sent under them.
    ``agreed`` are the delegations by which agents have signed messages, as they stand now.
    ``settled`` is what was decided, in order, and ``records`` what is to be written of that and has no place.
    """

    asked: Transaction
    known: Known
    records: Records
    waiting: list[Waiting] = field(default_factory=list)
    items: list[Accepted] = field(default_factory=list)
    earlier: dict[Identity, Earlier] = field(default_factory=dict)
    taken: dict[Identity, Accepted] = field(default_factory=dict)
    agreed: Delegations = field(default_factory=dict)
    settled: list[Settled] = field(default_factory=list)
    mailboxes: Collection[str] = ()
    signs_at_once: bool = True
    """Whether each message is signed as it is decided, or all of them afterwards."""
    keeps: bool = True
    """Whether what is refused, or cannot be decided, is kept as well; else all is accepted, or nothing is written."""
    writing: Writing = field(init=False)
    """What writes for whom; set when the group is answered."""

    @classmethod
    def about(cls, asked: Transaction, arcs: Collection[str], known: Known, *, stopped: bool = False) -> "Group":
        """Look up some movements, and what waits for news of them; ``stopped``: also what a defect has stopped."""
        waiting = list(asked.parked(arcs, stopped=stopped))
        known.movements.update(asked.movements(arcs))
        for one in waiting:
            known.wait(one.parked.arc)
        return cls(asked=asked, known=known, records=Records(at=known.now), waiting=waiting)

    @classmethod
    def open(cls, asked: Transaction, items: Sequence[Accepted], known: Known) -> "Group":
        """Look up everything the group needs, in one question a table."""
        group = cls.about(asked, {arc for item in items if (arc := item.incoming.arc)}, known)
        group.items = [item.attributed(known.movements) for item in items]
        group.earlier.update(asked.earlier({item.identity for item in group.items}))
        if agreed := {one.number for item in group.items if (one := item.incoming.delegation)}:
            group.agreed = asked.delegations(agreed)
        wanted = [item.incoming.asked for item in items]
        parties = {party for movement in known.movements.values() for party in (movement.consignor, movement.consignee)}
        seeds = parties.union(*(one.seeds for one in wanted))
        facts = asked.facts(seeds, {lrn for one in wanted for lrn in one.lrns})
        known.operators = {**dict.fromkeys(seeds, ()), **facts.operators}
        known.used_lrns.update(facts.used_lrns)
        known.ledger = facts.ledger
        known.reports.update(asked.reports({report for one in wanted for report in one.reports}))
        if notes := known.notes_asked(item.incoming.message for item in items):
            known.note(asked.notes(notes))
        group.mailboxes = _with_administrations(seeds) | {item.incoming.sender for item in group.items}
        return group

    def exchanged(self, incoming: Incoming) -> Sequence[Exchanged]:
        """Look up what only few messages ask for; returns what was exchanged with the sender about the movement."""
        arc = incoming.arc
        if arc and incoming.asked.held and (until := self.asked.held_until(arc)):
            self.known.hold(arc, until)
        return self.asked.exchanged(arc, incoming.sender) if arc and incoming.asked.sent_again else ()

    def settle(self, item: Accepted | None, answer: Answer, publications: Sequence[Publication]) -> None:
        """Take up a message, or an ended clock, with its answer; what is decided later reckons with it."""
        faults = _with_lines(item.raw, answer.faults) if item else ()
        self.settled.append(Settled(item=item, answer=answer, publications=publications, faults=faults))
        self.known.learn(answer)
        if item is None:
            return
        if item.place is None:
            self.taken[item.identity] = item
        if answer.until is not None:
            self._wait(item, answer.arc or "", answer.until)

    def sign(self, publish: Callable[[Answer], Sequence[Publication]]) -> None:
        """Sign what was decided and not signed yet, after all of it was decided."""
        self.settled = [
            one if one.publications else replace(one, publications=publish(one.answer)) for one in self.settled
        ]

    def documents(self) -> Iterator[tuple[bytes, Document]]:
        """What may be written, by digest: what came, and what was signed."""
        for one in self.settled:
            if one.item is not None:
                yield one.item.sha256, Document(one.item.raw, one.item.fingerprint)
            for publication in one.publications:
                yield from publication.documents()

    def wait_no_more(self, waiting: Waiting) -> None:
        """Take out a parked message that is decided now, or was given up."""
        self.waiting.remove(waiting)
        self.known.wait(waiting.parked.arc, -1)

    def _wait(self, item: Accepted, arc: str, until: datetime) -> None:
        sender = item.incoming.sender
        parked = Parked(arc=arc, mailbox=sender, seq=NO_PLACE_YET, document=item.sha256, until=until)
        self.waiting.append(Waiting(parked, Document(item.raw, item.fingerprint)))
        self.known.wait(arc)


def _with_administrations(seeds: set[str]) -> set[str]:
    """The mailboxes of traders, and those of their administrations: what is sent to one is filed under its address."""
    return seeds | {f"NDEA.{seed[:2]}" for seed in seeds}


def _with_lines(raw: bytes, faults: Faults) -> Faults:
    """Find the lines of faults that the register or the movement has shown: only a refused document is read again."""
    return faults if all(fault.line for fault in faults) else with_lines(parse(raw), faults)
