"""The working table of one group: what was looked up for it, and the records that it will add."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from esad_gateway.emcs.messages import IE815, IE818, Message
from esad_gateway.emcs.messages.groups import ExciseMovement
from esad_gateway.emcs.movement import SIDES, Decision, Movement, Origin, Send, Side
from esad_gateway.emcs.refusals import movement_of
from esad_gateway.emcs.registry import Facts, Operator, as_of
from esad_gateway.faults import Faults
from esad_gateway.gateway.intake import Accepted
from esad_gateway.ports import (
    Dispatch,
    Document,
    Earlier,
    Entry,
    Held,
    Identity,
    Outcome,
    Receipt,
    Records,
    Reply,
    Transaction,
)


@dataclass(frozen=True, slots=True)
class Publication:
    """A message of our own, signed: the document that will ever be sent, and its digest."""

    message: Message
    document: Document
    sha256: bytes

    @classmethod
    def of(cls, message: Message, body: bytes, fingerprint: str) -> "Publication":
        """The publication of a message as these bytes."""
        return cls(message, Document(body, fingerprint), hashlib.sha256(body).digest())


@dataclass(slots=True, kw_only=True)
class Desk:
    """One group's view of the store, kept up to date with what the group itself decided."""

    now: datetime
    transaction: Transaction
    records: Records
    earlier: dict[Identity, Earlier]
    movements: dict[tuple[str, Side], Movement]
    operators: dict[str, tuple[Operator, ...]] = field(default_factory=dict)
    used_lrns: set[tuple[str, str]] = field(default_factory=set)
    last_seq: dict[str, int] = field(default_factory=dict)

    @classmethod
    def open(cls, transaction: Transaction, group: Sequence[Accepted], now: datetime) -> "Desk":
        """Look up everything the group needs, in one question a table."""
        movements = dict(transaction.movements({key for item in group for key in _movement_keys(item)}))
        parties = {party for movement in movements.values() for party in (movement.consignor, movement.consignee)}
        desk = cls(
            now=now,
            transaction=transaction,
            records=Records(at=now),
            earlier=dict(transaction.earlier({(item.sender, item.identifier) for item in group})),
            movements=movements,
        )
        named = {seed for item in group for seed in _seeds(item.message)}
        facts = transaction.facts(named, {lrn for item in group for lrn in _lrns(item.message)})
        desk.operators.update(facts.operators)
        desk.used_lrns.update(facts.used_lrns)
        desk.last_seq.update(transaction.last_seq(parties | named | {item.sender for item in group}))
        return desk

    def movement_for(self, item: Accepted, side: Side) -> Movement | None:
        """Our view of the movement that a message names; ``None`` for a draft, which names none.

        To a trader, a movement that its certificate's holders take no part in does not exist.
        """
        named = movement_of(item.message) if item.message else None
        movement = self.movements.get((named.administrative_reference_code, side)) if named else None
        if movement and item.origin is Origin.TRADER and not item.holders & {movement.consignor, movement.consignee}:
            return None
        return movement

    def facts_for(self, message: Message) -> Facts:
        """The registry facts that the stateful rules of a message may ask, as of the day the message acts."""
        day = _day_of(message, self.now)
        found = ((seed, as_of(records, day)) for seed, records in self.operators.items())
        operators = {seed: record for seed, record in found if record is not None}
        return Facts(operators=operators, lrn_used=any(lrn in self.used_lrns for lrn in _lrns(message)))

    def file(self, item: Accepted) -> Receipt:
        """Keep a message in its sender's mailbox, without any effect."""
        return _receipt(self._receive(item, Outcome.ACCEPTED))

    def refuse(self, item: Accepted, refusal: Publication, faults: Faults) -> Receipt:
        """Keep a message with its verdict, and put the refusal where its sender will find it."""
        entry = self._receive(item, Outcome.REFUSED)
        reply = self._enter(self._own_entry(item.sender, refusal))
        if item.origin is Origin.ADMINISTRATION:
            self.records.dispatches.append(_dispatch(item.sender, refusal))
        return _receipt(entry, replies=(reply,), faults=faults)

    def accept(self, item: Accepted, decision: Decision, publications: Sequence[Publication]) -> Receipt:
        """Keep a message, forward it, send what the decision sends (as published), and remember the movement."""
        entry = self._receive(item, Outcome.ACCEPTED, decision.movement)
        forwarded = [self._enter(replace(entry, mailbox=mailbox, direction="out")) for mailbox in decision.forward_to]
        sent = [
            self._enter(copy)
            for send, publication in zip(decision.sends, publications, strict=True)
            for copy in self._send(send, publication)
        ]
        self._remember(decision.movement)
        return _receipt(entry, replies=(*forwarded, *sent))

    def _send(self, send: Send, publication: Publication) -> tuple[Entry, ...]:
        """Queue a message; returns the mailbox entries to make now, none while it is held."""
        entries = tuple(self._own_entry(mailbox, publication) for mailbox in (*send.mailboxes, send.to))
        if send.not_before is not None:
            self.records.held.append(Held(send.not_before, entries, _dispatch(send.to, publication)))
            return ()
        self.records.dispatches.append(_dispatch(send.to, publication))
        return entries

    def _own_entry(self, mailbox: str, publication: Publication) -> Entry:
        self.records.documents[publication.sha256] = publication.document
        message = publication.message
        named = movement_of(message)
        return Entry(
            mailbox=mailbox,
            direction="out",
            type=type(message).__name__,
            identifier=message.header.message_identifier,
            correlation=message.header.correlation_identifier,
            arc=_arc_of(named),
            sequence=_sequence_of(named),
            outcome=Outcome.ACCEPTED,
            document=publication.sha256,
        )

    def _receive(self, item: Accepted, outcome: Outcome, movement: Movement | None = None) -> Entry:
        self.records.documents[item.sha256] = Document(item.raw, item.fingerprint)
        named = movement_of(item.message) if item.message else None
        return self._enter(
            Entry(
                mailbox=item.sender,
                direction="in",
                type=item.type,
                identifier=item.identifier,
                correlation=item.message.header.correlation_identifier if item.message else None,
                arc=movement.arc if movement else _arc_of(named),
                sequence=movement.sequence if movement else _sequence_of(named),
                outcome=outcome,
                document=item.sha256,
            )
        )

    def _enter(self, entry: Entry) -> Entry:
        """Give an entry the next number of its mailbox, without a gap."""
        last = self.last_seq.get(entry.mailbox)
        if last is None:
            last = self.transaction.last_seq({entry.mailbox}).get(entry.mailbox, 0)
        seq = self.last_seq[entry.mailbox] = self.records.last_seq[entry.mailbox] = last + 1
        numbered = replace(entry, seq=seq)
        self.records.entries.append(numbered)
        return numbered

    def _remember(self, movement: Movement) -> None:
        key = (movement.arc, movement.side)
        self.movements[key] = self.records.movements[key] = movement
        if movement.side is Side.DISPATCH:
            self.used_lrns.add((movement.consignor, movement.lrn))


def _receipt(entry: Entry, replies: Iterable[Entry] = (), faults: Faults = ()) -> Receipt:
    return Receipt(
        outcome=Outcome(entry.outcome),
        type=entry.type,
        identifier=entry.identifier,
        mailbox=entry.mailbox,
        seq=entry.seq,
        arc=entry.arc,
        faults=faults,
        replies=tuple(
            Reply(mailbox=reply.mailbox, seq=reply.seq, type=reply.type, identifier=reply.identifier)
            for reply in replies
            # Nobody learns from a receipt what stands in other mailboxes.
            if reply.mailbox == entry.mailbox
        ),
    )


def _dispatch(destination: str, publication: Publication) -> Dispatch:
    return Dispatch(destination, publication.message.header.message_identifier, publication.sha256)


def _arc_of(named: ExciseMovement | None) -> str | None:
    return named.administrative_reference_code if named else None


def _sequence_of(named: ExciseMovement | None) -> int | None:
    return named.sequence_number if named else None


def _day_of(message: Message, now: datetime) -> date:
    """The day on which the parties must be registered: that of dispatch for a draft, else today."""
    return message.ead_esad_draft.date_of_dispatch if isinstance(message, IE815) else now.date()


def _movement_keys(item: Accepted) -> Iterable[tuple[str, Side]]:
    side = SIDES.get((item.origin, type(item.message))) if item.message else None
    named = movement_of(item.message) if item.message and side else None
    return ((named.administrative_reference_code, side),) if named and side else ()


def _seeds(message: Message | None) -> Iterable[str]:
    """The SEED numbers whose registry record the rules may ask for."""
    consignor = message.consignor_trader.trader_excise_number if isinstance(message, IE815) else None
    trader = message.consignee_trader if isinstance(message, IE815 | IE818) else None
    return (seed for seed in (consignor, trader.traderid if trader else None) if seed)


def _lrns(message: Message | None) -> Iterable[tuple[str, str]]:
    if isinstance(message, IE815):
        yield message.consignor_trader.trader_excise_number, message.ead_esad_draft.local_reference_number
