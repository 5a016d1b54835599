"""A group of messages, the unit of work: what is looked up for all of them at once, and what waits for news of them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from esad_gateway.emcs.procedure import Answer, Incoming, Known
from esad_gateway.gateway.filing import Filing
from esad_gateway.gateway.intake import Accepted
from esad_gateway.gateway.publishing import Publication
from esad_gateway.ports.reading import Receipt
from esad_gateway.ports.writing import Earlier, Exchanged, Identity, Records, Transaction, Waiting
from esad_gateway.xml.readers import Writing


@dataclass(slots=True, kw_only=True)
class Group:
    """One group's view of the store, kept up to date with what the group itself decided.

    ``waiting`` are the parked messages about its movements, in the order in which they came; ``earlier`` are the
    identities that were used before.
    """

    transaction: Transaction
    known: Known
    filing: Filing
    waiting: list[Waiting] = field(default_factory=list)
    items: list[Accepted] = field(default_factory=list)
    earlier: dict[Identity, Earlier] = field(default_factory=dict)
    writing: Writing = field(init=False)
    """What writes for whom; set when the group is answered."""

    @classmethod
    def about(cls, transaction: Transaction, arcs: Collection[str], known: Known) -> "Group":
        """Look up some movements, and what waits for news of them."""
        waiting = list(transaction.parked(arcs))
        known.movements.update(transaction.movements(arcs))
        for one in waiting:
            known.wait(one.parked.arc)
        filing = Filing(transaction=transaction, records=Records(at=known.now))
        return cls(transaction=transaction, known=known, filing=filing, waiting=waiting)

    @classmethod
    def open(cls, transaction: Transaction, items: Sequence[Accepted], known: Known) -> "Group":
        """Look up everything the group needs, in one question a table."""
        group = cls.about(transaction, {arc for item in items if (arc := item.incoming.arc)}, known)
        group.items = [item.attributed(known.movements) for item in items]
        group.earlier.update(transaction.earlier({item.identity for item in group.items}))
        asked = [item.incoming.asked for item in items]
        parties = {party for movement in known.movements.values() for party in (movement.consignor, movement.consignee)}
        seeds = parties.union(*(one.seeds for one in asked))
        facts = transaction.facts(seeds, {lrn for one in asked for lrn in one.lrns})
        known.operators = {**dict.fromkeys(seeds, ()), **facts.operators}
        known.used_lrns.update(facts.used_lrns)
        known.ledger = facts.ledger
        known.reports.update(transaction.reports({report for one in asked for report in one.reports}))
        if notes := known.notes_asked(item.incoming.message for item in items):
            known.note(transaction.notes(notes))
        mailboxes = _with_administrations(seeds) | {item.incoming.sender for item in group.items}
        transaction.look_up_numbers(mailboxes)
        return group

    def exchanged(self, incoming: Incoming) -> Sequence[Exchanged]:
        """Look up what few messages ask for, each for itself; returns what was exchanged about its movement."""
        arc = incoming.arc
        if arc and incoming.asked.held and (until := self.transaction.held_until(arc)):
            self.known.hold(arc, until)
        return self.transaction.exchanged(arc, incoming.sender) if arc and incoming.asked.sent_again else ()

    def file(self, item: Accepted, answer: Answer, publications: Sequence[Publication]) -> Receipt:
        """Record a message with its answer; what the same group decides later reckons with it."""
        receipt = self.filing.file(item, answer, publications)
        self.known.learn(answer)
        if answer.until is not None:
            parked = self.filing.records.parked[-1]
            self.waiting.append(Waiting(parked, self.filing.records.documents[item.sha256]))
            self.known.wait(parked.arc)
        return receipt

    def wait_no_more(self, waiting: Waiting) -> None:
        """Take out a message whose turn has come, or never will."""
        self.waiting.remove(waiting)
        self.known.wait(waiting.parked.arc, -1)


def _with_administrations(seeds: set[str]) -> set[str]:
    """The mailboxes of traders, and those of their administrations: what is sent to one is filed under its address."""
    return seeds | {f"NDEA.{seed[:2]}" for seed in seeds}
