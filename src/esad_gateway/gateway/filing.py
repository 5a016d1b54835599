"""Records to write: mailbox entries with their numbers, the outbox, held reports, parked messages."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from esad_gateway.emcs.procedure import Answer, Issue
from esad_gateway.faults import Faults
from esad_gateway.gateway.group import Group, Settled
from esad_gateway.gateway.intake import Accepted
from esad_gateway.gateway.publishing import Publication
from esad_gateway.ports.reading import Entry, Noted, Outcome, Receipt, Reply
from esad_gateway.ports.writing import (
    Acted,
    Dispatch,
    Document,
    Earlier,
    Held,
    Parked,
    Records,
    Transaction,
)


@dataclass(slots=True, kw_only=True)
class Filing:
    """Collects the records of one group of messages, under the write lock: it counts places in mailboxes."""

    transaction: Transaction
    records: Records
    places: dict[bytes, int] = field(default_factory=dict)
    """The places of the messages that this group has parked, by digest."""

    @classmethod
    def of(cls, group: Group, transaction: Transaction) -> "Filing":
        """The records of a group, everything in the order in which it was decided."""
        transaction.look_up_numbers(group.mailboxes)
        filing = cls(transaction=transaction, records=group.records)
        for one in group.settled:
            filing.file(one)
        return filing

    def file(self, settled: Settled) -> None:
        """Keep a message with its answer, pass it on, and send what its answer issues (as published)."""
        item, answer = settled.item, settled.answer
        if item is None:
            self.send(answer, settled.publications)
            return
        entry = self._receive(item, settled)
        forwarded = [self._enter(replace(entry, mailbox=mailbox, direction="out")) for mailbox in answer.forward_to]
        if answer.until is not None:
            self._park(item, entry, answer.until)
        replies = (*forwarded, *self.send(answer, settled.publications, entry))
        if item.place is None:
            receipt = _receipt(entry, replies, settled.faults, _held_until(answer))
            self.records.receipts[item.identity] = Earlier(item.sha256, receipt)

    def send(self, answer: Answer, publications: Sequence[Publication], entry: Entry | None = None) -> list[Entry]:
        """Send what an answer issues, and remember what it changes; returns the mailbox entries that were made.

        ``entry`` is that of the message which is answered, ``None`` when a clock has ended: what it did stands beside
        what it sent.
        """
        sent = [
            self._enter(copy)
            for issue, publication in zip(answer.issues, publications, strict=True)
            for copy in self._send(issue, publication)
        ]
        if answer.movement is not None:
            self.records.movements[answer.movement.arc, answer.movement.side] = answer.movement
        if answer.act is not None:
            shown = entry or sent[0]
            self.records.acts.append(Acted(shown.mailbox, shown.seq, answer.act))
        self.records.reports |= answer.reports
        self.records.changes.extend(answer.changes)
        if entry is not None:
            self._note(answer, entry)
        return sent

    def _note(self, answer: Answer, entry: Entry) -> None:
        """Keep what follows from a message in national law, beside its mailbox entry."""
        if (movement := answer.movement) is not None:
            place = (self.records.at, movement.side, entry.mailbox, entry.seq)
            self.records.effects += [Noted(one, *place) for one in answer.effects]

    def _park(self, item: Accepted, entry: Entry, until: datetime) -> None:
        parked = Parked(arc=entry.arc or "", mailbox=entry.mailbox, seq=entry.seq, document=item.sha256, until=until)
        self.records.parked.append(parked)
        self.places[item.sha256] = entry.seq

    def _send(self, issue: Issue, publication: Publication) -> tuple[Entry, ...]:
        """Queue a message; returns the mailbox entries to make now, none while it is held."""
        shown = publication.for_traders or publication
        entries = tuple(self._own_entry(mailbox, issue, shown) for mailbox in issue.mailboxes)
        if not issue.to:
            return entries
        entries += (self._own_entry(issue.to, issue, publication),)
        identifier = publication.message.header.message_identifier
        dispatch = Dispatch(issue.to, identifier, publication.sha256, issue.arc if issue.in_line else None)
        if issue.until is not None:
            self.records.held.append(Held(issue.until, entries, dispatch))
            return ()
        self.records.dispatches.append(dispatch)
        return entries

    def _own_entry(self, mailbox: str, issue: Issue, publication: Publication) -> Entry:
        self.records.documents[publication.sha256] = publication.document
        message = publication.message
        return Entry(
            mailbox=mailbox,
            direction="out",
            type=type(message).__name__,
            identifier=message.header.message_identifier,
            correlation=message.header.correlation_identifier,
            arc=issue.arc,
            sequence=issue.sequence,
            outcome=Outcome.ACCEPTED,
            document=publication.sha256,
        )

    def _receive(self, item: Accepted, settled: Settled) -> Entry:
        incoming, answer, outcome = item.incoming, settled.answer, settled.outcome
        entry = Entry(
            mailbox=incoming.sender,
            direction="in",
            type=incoming.type,
            identifier=incoming.identifier,
            correlation=incoming.message.header.correlation_identifier if incoming.message else None,
            arc=answer.arc,
            sequence=answer.sequence,
            outcome=outcome,
            document=item.sha256,
        )
        if item.place is not None:
            # It stands in its mailbox since it came; what changes is what became of it.
            place = item.place or self.places[item.sha256]
            self.records.outcomes[incoming.sender, place] = outcome
            return replace(entry, seq=place)
        self.records.documents[item.sha256] = Document(item.raw, item.fingerprint)
        numbered = self._enter(entry)
        if (delegation := incoming.delegation) is not None:
            self.records.signed_for[numbered.mailbox, numbered.seq] = delegation.number
        return numbered

    def _enter(self, entry: Entry) -> Entry:
        """Give an entry the next number of its mailbox, without a gap."""
        numbered = replace(entry, seq=self.transaction.next_number(entry.mailbox))
        self.records.entries.append(numbered)
        return numbered


def _held_until(answer: Answer) -> datetime | None:
    """When at the latest the last of what an answer issues is passed on; ``None`` where nothing of it is held."""
    return max((issue.until for issue in answer.issues if issue.to and issue.until is not None), default=None)


def _receipt(entry: Entry, replies: Iterable[Entry], faults: Faults, held_until: datetime | None) -> Receipt:
    return Receipt(
        outcome=Outcome(entry.outcome),
        type=entry.type,
        identifier=entry.identifier,
        mailbox=entry.mailbox,
        seq=entry.seq,
        arc=entry.arc,
        faults=faults,
        held_until=held_until,
        replies=tuple(
            Reply(mailbox=reply.mailbox, seq=reply.seq, type=reply.type, identifier=reply.identifier)
            for reply in replies
            # Nobody learns from a receipt what stands in other mailboxes.
            if reply.mailbox == entry.mailbox
        ),
    )
