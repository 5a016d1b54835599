"""The working table of one group: what was looked up for it, and the records that it will add."""

import hashlib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from esad_gateway.emcs.authorisations import parties_of
from esad_gateway.emcs.documents import report_of
from esad_gateway.emcs.messages import IE801, IE815, IE904, IE905, Message
from esad_gateway.emcs.messages.groups import ExciseMovement
from esad_gateway.emcs.movement import (
    SIDES,
    Decision,
    Movement,
    Origin,
    Role,
    Send,
    Side,
    may_write,
    parties_in,
    role_in,
)
from esad_gateway.emcs.refusals import movement_of
from esad_gateway.emcs.registry import Facts, Operator, as_of
from esad_gateway.emcs.rules.asked import operators_asked, reports_asked
from esad_gateway.emcs.seed import Pending, Update
from esad_gateway.emcs.signatories import trader_of
from esad_gateway.faults import Faults
from esad_gateway.gateway.intake import Accepted
from esad_gateway.ports.reading import Outcome, Receipt, Reply
from esad_gateway.ports.writing import (
    Dispatch,
    Document,
    Earlier,
    Entry,
    Held,
    Identity,
    Parked,
    Records,
    Transaction,
    Waiting,
)

MOST_WAITING: Final = 100
"""How many messages about one movement may wait at once, as many as it has versions: each of them is looked at again
whenever something happens to the movement."""


@dataclass(frozen=True, slots=True)
class Publication:
    """A message of our own, signed: the document that will ever be sent, and its digest.

    ``for_traders`` is the document that stands in traders' mailboxes instead, where their times are others.
    """

    message: Message
    document: Document
    sha256: bytes
    for_traders: "Publication | None" = None

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
    movements: dict[tuple[str, Side], Movement]
    waiting: list[Waiting] = field(default_factory=list)
    group: list[Accepted] = field(default_factory=list)
    earlier: dict[Identity, Earlier] = field(default_factory=dict)
    operators: dict[str, tuple[Operator, ...]] = field(default_factory=dict)
    used_lrns: dict[tuple[str, str], str] = field(default_factory=dict)
    used: dict[tuple[str, str], Decimal] = field(default_factory=dict)
    movements_under: dict[str, int] = field(default_factory=dict)
    last_seq: dict[str, int] = field(default_factory=dict)
    offices: frozenset[str] | None = None
    reports: set[tuple[str, str]] = field(default_factory=set)
    register: Pending = field(init=False)

    def __post_init__(self) -> None:
        self.register = Pending(self.transaction)

    @classmethod
    def about(cls, transaction: Transaction, arcs: Collection[str], now: datetime) -> "Desk":
        """Look up some movements, and what waits for news of them."""
        waiting = transaction.parked(arcs)
        movements = dict(transaction.movements({(arc, side) for arc in arcs for side in Side}))
        return cls(
            now=now, transaction=transaction, records=Records(at=now), movements=movements, waiting=list(waiting)
        )

    @classmethod
    def open(
        cls, transaction: Transaction, group: Sequence[Accepted], now: datetime, offices: frozenset[str] | None
    ) -> "Desk":
        """Look up everything the group needs, in one question a table; ``offices`` as the rules may ask for them."""
        desk = cls.about(transaction, {arc for item in group if (arc := _arc_of(_named(item)))}, now)
        desk.offices = offices
        desk.group = [desk.attributed(item) for item in group]
        desk.earlier.update(transaction.earlier({(item.sender, item.identifier) for item in desk.group}))
        parties = {party for movement in desk.movements.values() for party in (movement.consignor, movement.consignee)}
        named = {seed for item in group for seed in _seeds(item.message)} | parties
        facts = transaction.facts(named, {lrn for item in group for lrn in _lrns(item.message)})
        desk.operators.update({**dict.fromkeys(named, ()), **facts.operators})
        desk.used_lrns.update(facts.used_lrns)
        desk.used.update(facts.used)
        desk.movements_under.update(facts.movements_under)
        desk.reports.update(transaction.reports({report for item in group for report in _reports(item.message)}))
        mailboxes = _with_administrations(named) | {item.sender for item in desk.group}
        desk.last_seq.update({**dict.fromkeys(mailboxes, 0), **transaction.last_seq(mailboxes)})
        return desk

    def attributed(self, item: Accepted) -> Accepted:
        """The message with its sender: where it names none (IE813), the trader of the movement it is about."""
        if item.origin is not Origin.TRADER or item.message is None or trader_of(item.message) is not None:
            return item
        _, movement = self.movement_for(item, SIDES.get((item.origin, type(item.message)), (Side.DISPATCH,)))
        parties = {movement.party} if movement else item.holders.intersection(*map(parties_in, self._views(item)))
        return replace(item, sender=min(parties)) if parties else item

    def movement_for(self, item: Accepted, sides: Sequence[Side]) -> tuple[Side, Movement | None]:
        """The side on which a message acts, and our view of the movement there; ``None`` when there is none for it.

        To a trader, a movement in which its certificate's holders have no part on that side does not exist.
        """
        arc = _arc_of(_named(item))
        for side in sides:
            movement = self.movements.get((arc, side)) if arc else None
            if movement and item.message and may_write(movement, item.message, item.origin, _names(item)):
                return side, movement
        return _side_written_to(item, arc, sides), None

    def role_of(self, item: Accepted) -> Role | None:
        """In which role the signer takes part in the movement that a message is about; ``None`` when in none."""
        roles = (role_in(movement, item.origin, _names(item)) for movement in self._views(item))
        return next((role for role in roles if role is not None), None)

    def _views(self, item: Accepted) -> tuple[Movement, ...]:
        """The views that our administration has of the movement that a message is about: of either side or none."""
        arc = _arc_of(_named(item))
        return tuple(self.movements[arc, side] for side in Side if (arc, side) in self.movements) if arc else ()

    def facts_for(self, message: Message, movement: Movement | None, day: date) -> Facts:
        """The registry facts that the stateful rules of a message may ask, as of the day on which it acts.

        ``movement`` is the one that it is about. Operators of other messages of the group are left out.
        """
        asked = operators_asked(message, movement)
        found = ((seed, as_of(self.operators.get(seed, ()), day)) for seed in asked)
        return Facts(
            operators={seed: record for seed, record in found if record is not None},
            offices=self.offices,
            reports=frozenset(self.reports),
            lrn_taken_by=next((self.used_lrns[lrn] for lrn in _lrns(message) if lrn in self.used_lrns), None),
            used=self.used,
            movements_under=self.movements_under,
        )

    def file(self, item: Accepted) -> Receipt:
        """Keep a message in its sender's mailbox, without any effect on a movement."""
        return _receipt(self._receive(item, Outcome.ACCEPTED))

    def update(self, item: Accepted, update: Update) -> Receipt:
        """Keep a message of another administration, and make its changes of the register."""
        for change in update.changes:
            self.register.note(change)
            seed = change.operator.seed
            if seed in self.operators:
                self.operators[seed] = self.register.records(seed)
        self.records.changes.extend(update.changes)
        return self.file(item)

    def refuse(self, item: Accepted, refusal: Publication, faults: Faults) -> Receipt:
        """Keep a message with its verdict, and put the refusal where its sender will find it."""
        entry = self._receive(item, Outcome.REFUSED)
        reply = self._enter(self._own_entry(item.sender, refusal))
        if item.origin is Origin.ADMINISTRATION:
            self.records.dispatches.append(_dispatch(item.sender, refusal, arc=None))
        return _receipt(entry, replies=(reply,), faults=faults)

    def accept(self, item: Accepted, decision: Decision, publications: Sequence[Publication]) -> Receipt:
        """Keep a message, pass it on, send what the decision sends (as published), and remember the movement."""
        entry = self._receive(item, Outcome.ACCEPTED, decision.movement)
        if item.origin is Origin.ADMINISTRATION:
            self._note_report(item.message)
        forwarded = [self._enter(replace(entry, mailbox=mailbox, direction="out")) for mailbox in decision.forward_to]
        sent = self.send(decision, publications, answers=isinstance(item.message, IE904 | IE905))
        return _receipt(entry, replies=(*forwarded, *sent))

    def send(self, decision: Decision, publications: Sequence[Publication], *, answers: bool = False) -> list[Entry]:
        """Send what a decision sends, and remember the movement; returns the mailbox entries that were made.

        ``answers``: to what the other side asked about the movement's status, which waits for no document before it.
        """
        sent = [
            self._enter(copy)
            for send, publication in zip(decision.sends, publications, strict=True)
            for copy in self._send(send, publication, in_line=not answers)
        ]
        if decision.movement:
            self._remember(decision.movement)
        return sent

    def document(self, sha256: bytes) -> bytes | None:
        """The bytes with that digest, in the store or among what this group has taken."""
        taken = self.records.documents.get(sha256)
        return taken.body if taken else self.transaction.document(sha256)

    def may_wait(self, item: Accepted) -> bool:
        """Whether a message may be parked: it is already, or not too many of its movement are."""
        arc = _arc_of(_named(item))
        return item.place is not None or sum(one.parked.arc == arc for one in self.waiting) < MOST_WAITING

    def park(self, item: Accepted, until: datetime) -> Receipt:
        """Keep a message that has to wait; what the same group decides later may be what it waits for."""
        entry = self._receive(item, Outcome.PARKED)
        parked = Parked(arc=entry.arc or "", mailbox=entry.mailbox, seq=entry.seq, document=item.sha256, until=until)
        self.records.parked.append(parked)
        self.waiting.append(Waiting(parked, self.records.documents[item.sha256]))
        return _receipt(entry)

    def _send(self, send: Send, publication: Publication, *, in_line: bool) -> tuple[Entry, ...]:
        """Queue a message; returns the mailbox entries to make now, none while it is held."""
        shown = publication.for_traders or publication
        entries = tuple(self._own_entry(mailbox, shown) for mailbox in send.mailboxes)
        if send.to:
            entries += (self._own_entry(send.to, publication),)
        waits = in_line and not isinstance(publication.message, IE904 | IE905)
        dispatch = _dispatch(send.to, publication, entries[0].arc if waits else None) if send.to else None
        until = self._held_until(entries[0].arc) if send.after_held else send.not_before
        if until is not None and dispatch:
            self.records.held.append(Held(until, entries, dispatch))
            return ()
        if dispatch:
            self.records.dispatches.append(dispatch)
        return entries

    def _held_until(self, arc: str | None) -> datetime | None:
        """Until when something of a movement is held, ``None`` when nothing is."""
        held = [one.due for one in self.records.held if one.entries[0].arc == arc]
        before = self.transaction.held_until(arc) if arc else None
        return max((*held, *([before] if before else [])), default=None)

    def _note_report(self, message: Message | None) -> None:
        """Remember an event or control report, so that an interruption may refer to it (R098, R103)."""
        if message is not None and (report := report_of(message)):
            self.reports.add(report)
            self.records.reports.add(report)

    def _own_entry(self, mailbox: str, publication: Publication) -> Entry:
        self.records.documents[publication.sha256] = publication.document
        message = publication.message
        self._note_report(message)
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
        named = _named(item)
        entry = Entry(
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
        if item.place is not None:
            # It stands in its mailbox since it came; what changes is what became of it.
            self.records.outcomes[item.sender, item.place] = outcome
            return replace(entry, seq=item.place)
        self.records.documents[item.sha256] = Document(item.raw, item.fingerprint)
        return self._enter(entry)

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
        if key not in self.movements and movement.side is Side.DISPATCH:
            self._take_up(movement)
        self.movements[key] = self.records.movements[key] = movement

    def _take_up(self, movement: Movement) -> None:
        """What a new movement uses, so that the next draft of the same group knows it."""
        self.used_lrns[movement.consignor, movement.lrn] = movement.arc
        for seed in parties_of(movement):
            self.movements_under[seed] = self.movements_under.get(seed, 0) + 1
            for line in movement.lines:
                self.used[seed, line.product] = self.used.get((seed, line.product), Decimal(0)) + line.quantity


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


def _dispatch(destination: str, publication: Publication, arc: str | None) -> Dispatch:
    return Dispatch(destination, publication.message.header.message_identifier, publication.sha256, arc)


def _arc_of(named: ExciseMovement | None) -> str | None:
    return named.administrative_reference_code if named else None


def _sequence_of(named: ExciseMovement | None) -> int | None:
    return named.sequence_number if named else None


def _named(item: Accepted) -> ExciseMovement | None:
    return movement_of(item.message) if item.message else None


def _side_written_to(item: Accepted, arc: str | None, sides: Sequence[Side]) -> Side:
    """The side that a message about an unknown movement is for: the administration that issued an ARC has dispatch."""
    issued = arc is not None and item.sender == f"NDEA.{arc[2:4]}"
    return Side.DESTINATION if issued and Side.DESTINATION in sides else sides[0]


def _names(item: Accepted) -> frozenset[str]:
    """Under which names the signer of a message takes part in movements."""
    return item.holders if item.origin is Origin.TRADER else frozenset({item.sender})


def _with_administrations(seeds: set[str]) -> set[str]:
    """The mailboxes of traders, and those of their administrations: what is sent to one is filed under its address."""
    return seeds | {f"NDEA.{seed[:2]}" for seed in seeds}


def _seeds(message: Message | None) -> Iterable[str]:
    """The SEED numbers whose registry record the rules may ask for, and the consignee that an e-SAD is passed on to."""
    if message is None:
        return ()
    trader = message.consignee_trader if isinstance(message, IE801) else None
    return operators_asked(message) | ({trader.traderid} if trader and trader.traderid else set())


def _reports(message: Message | None) -> Iterable[tuple[str, str]]:
    return reports_asked(message) if message is not None else ()


def _lrns(message: Message | None) -> Iterable[tuple[str, str]]:
    if isinstance(message, IE815):
        yield message.consignor_trader.trader_excise_number, message.ead_esad_draft.local_reference_number
