"""Rooms 7 and 8 of the walk: a group of judged messages, decided in order, written in one transaction.

Every message of a group is decided against what the store knows *and* what the group decided before it. Its records
join the group's only when it is fully decided, so a message that fails takes nothing of the others with it; then all
of it is written at once, or, when the store fails, nothing of it is and nobody is answered.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, tzinfo
from functools import partial
from typing import TypeAlias

import structlog

from esad_gateway.emcs.documents import Stamp, history, is_validated
from esad_gateway.emcs.local_time import moved, towards_traders
from esad_gateway.emcs.messages import IE713, IE714, IE904, IE906, IE917, IE934, Message
from esad_gateway.emcs.movement import (
    SENT_AGAIN,
    SIDES,
    Decision,
    Early,
    Movement,
    Origin,
    OutOfSequence,
    Send,
    decide,
    decide_clock,
    due_at,
    sent_again,
    trigger_of,
)
from esad_gateway.emcs.profile import NationalProfile
from esad_gateway.emcs.refusals import (
    functional_negative_acknowledgement,
    generic_refusal,
    xml_negative_acknowledgement,
)
from esad_gateway.emcs.rules import Case, Context, case_faults
from esad_gateway.emcs.rules.asked import day_asked
from esad_gateway.emcs.rules.exchange import (
    addressee_faults,
    not_accepted,
    office_faults,
    out_of_sequence,
    outdated,
    peer_faults,
    unknown,
)
from esad_gateway.emcs.rules.standing import heading_faults, no_standing
from esad_gateway.emcs.seed import Update, decide_update, refusal_message
from esad_gateway.errors import IdentifierReused, OverQuota, OwnError, SenderError
from esad_gateway.faults import Faults
from esad_gateway.gateway.desk import Desk, Publication
from esad_gateway.gateway.intake import Accepted
from esad_gateway.gateway.quotas import Quotas
from esad_gateway.ports.crypto import Signer
from esad_gateway.ports.reading import Receipt
from esad_gateway.ports.writing import Earlier, Exchanged, Store, Waiting
from esad_gateway.xml.binding import Binder
from esad_gateway.xml.parse import parse
from esad_gateway.xml.payload import same_content, without_signature

log = structlog.get_logger(__name__)

BATCH = 200
"""How many ended clocks and overdue messages one transaction looks at."""

FILED = (IE714, IE917, IE934)
"""Kept in the mailbox of the administration that sends them, for people to read; they change no movement."""

NEGATIVE_ACKNOWLEDGEMENTS = (IE906, IE917)
"""Filed when another administration sends them, and never refused in turn: two would go on refusing."""


Verdict: TypeAlias = Decision | Early | Update | Faults
"""What is decided about a message; no faults means that it is only filed."""


@dataclass(frozen=True, slots=True)
class Committer:
    """Decides and writes groups of messages for one administration.

    ``signer`` is what signs at this moment; ``new_arc`` reserves an ARC at a moment; ``identifiers`` is an endless
    supply of fresh message identifiers; ``offices`` says which offices there are, ``None`` as long as no list of them
    is kept; a tick looks at ``batch`` ended clocks and overdue messages in one transaction.
    """

    store: Store
    signer: Callable[[], Signer]
    binder: Binder
    profile: NationalProfile
    new_arc: Callable[[datetime], str]
    identifiers: Iterator[str]
    offices: Callable[[], frozenset[str] | None]
    quotas: Quotas = field(default_factory=Quotas)
    batch: int = BATCH

    def commit(self, group: Sequence[Accepted], now: datetime) -> list[Receipt | SenderError | OwnError]:
        """Decide and write a group in the order it has; returns one answer a message, in the same order.

        A receipt with ``repeated`` answers what was taken before, also when it was signed anew; IdentifierReused
        answers other content under an identifier that was used before, OverQuota what would be kept for nothing once
        too often. Raises StoreUnavailable when nothing was written.
        """
        with self.store.transaction() as transaction:
            desk = Desk.open(transaction, group, now, self.offices())
            answers = [self._answer(desk, item) for item in desk.group]
            transaction.write(desk.records)
        return answers

    def tick(self, now: datetime) -> int:
        """Let every ended clock fire, and refuse what waited for too long; returns how many did.

        What fails by a defect is logged, hurts nothing else, and is tried again at the next tick: this one goes on
        after it. Every clock fires once: what it did is written in the same transaction as that it did. When nothing
        has ended, nothing but a look is taken. Raises StoreUnavailable; what was done until then is written.
        """
        done, last = 0, None
        while ended := self.store.ended(now, self.batch, last):
            done += self._end({one.arc for one in ended}, now)
            last = ended[-1]
        return done

    def _end(self, arcs: Collection[str], now: datetime) -> int:
        with self.store.transaction() as transaction:
            desk = Desk.about(transaction, arcs, now)
            clocks = [
                partial(self._fire, desk, movement) for movement in desk.movements.values() if _has_ended(movement, now)
            ]
            overdue = [partial(self._give_up, desk, waiting) for waiting in desk.waiting if waiting.parked.until <= now]
            done = [_undisturbed(action) for action in (*clocks, *overdue)]
            transaction.write(desk.records)
        return sum(done)

    def _answer(self, desk: Desk, item: Accepted) -> Receipt | SenderError | OwnError:
        earlier = desk.earlier.get((item.sender, item.identifier))
        if earlier is None:
            return self._settle(desk, item)
        first = None if earlier.sha256 == item.sha256 else desk.document(earlier.sha256)
        # A client that saw no answer may sign again: with an EC key the bytes are others each time.
        if first is None or same_content(first, item.raw):
            return replace(earlier.receipt, repeated=True)
        done = earlier.receipt
        return IdentifierReused(item.identifier, done.mailbox, done.seq, done.arc)

    def _settle(self, desk: Desk, item: Accepted) -> Receipt | SenderError | OwnError:
        try:
            verdict, publications = self._prepare(desk, item)
        except OverQuota as error:
            log.warning("a sender is over its quota", sender=item.sender, setting=error.setting, limit=error.limit)
            return error
        except Exception as error:
            log.exception("a message could not be decided", type=item.type, sender=item.sender)
            return OwnError(f"internal error: {type(error).__name__}")
        receipt = self._filed(desk, item, verdict, publications)
        desk.records.receipts[item.sender, item.identifier] = desk.earlier[item.sender, item.identifier] = Earlier(
            item.sha256, receipt
        )
        self._look_again(desk, receipt.arc)
        return receipt

    def _look_again(self, desk: Desk, arc: str | None) -> None:
        """Decide what waited for this movement, in the order in which it came, as long as anything moves on."""
        moved = True
        while moved:
            moved = False
            for waiting in [item for item in desk.waiting if item.parked.arc == arc]:
                # What fails by a defect goes on waiting, and may not take the message with it that it waited for.
                _undisturbed(partial(self._resume, desk, waiting))
                moved = moved or waiting not in desk.waiting

    def _resume(self, desk: Desk, waiting: Waiting) -> None:
        item = self._again(waiting)
        verdict, publications = self._prepare(desk, item)
        if not isinstance(verdict, Early):
            desk.waiting.remove(waiting)
            self._filed(desk, item, verdict, publications)

    def _again(self, waiting: Waiting) -> Accepted:
        """A parked message as it was when it came; its signature was verified then."""
        message = self.binder.read(without_signature(parse(waiting.body.body)))
        return Accepted(
            raw=waiting.body.body,
            sha256=waiting.parked.document,
            origin=Origin.ADMINISTRATION,
            sender=waiting.parked.mailbox,
            holders=frozenset({waiting.parked.mailbox}),
            fingerprint=waiting.body.fingerprint,
            type=type(message).__name__,
            identifier=message.header.message_identifier,
            message=message,
            place=waiting.parked.seq,
        )

    def _give_up(self, desk: Desk, waiting: Waiting) -> None:
        """Refuse a message whose turn never came."""
        item = self._again(waiting)
        if item.message is None:
            raise TypeError(item)
        _, movement = desk.movement_for(item, SIDES[item.origin, type(item.message)])
        faults = _never_came(item.message, movement)
        stamp = self._stamp(desk)
        desk.refuse(item, self._publish(self._refusal(item, faults, stamp)), faults)

    def _fire(self, desk: Desk, movement: Movement) -> None:
        stamp = self._stamp(desk)
        decision = decide_clock(movement, stamp)
        if decision is not None:
            decision = towards_traders(decision, None, stamp)
            desk.send(decision, [self._published(send) for send in decision.sends])

    def _prepare(self, desk: Desk, item: Accepted) -> tuple[Verdict, list[Publication]]:
        """Decide and sign: everything that can fail, before anything is recorded."""
        stamp = self._stamp(desk)
        if isinstance(item.message, IE713) and item.origin is Origin.ADMINISTRATION:
            return self._prepare_update(desk, item, item.message, stamp)
        verdict = self._verdict(desk, item, stamp)
        if isinstance(verdict, Decision):
            verdict = towards_traders(self._with_records(desk, item, verdict, stamp), item.message, stamp)
        if isinstance(verdict, Decision):
            return verdict, [self._published(send) for send in verdict.sends]
        self.quotas.check(desk, item, verdict)
        if isinstance(verdict, Early) or not verdict:
            return verdict, []
        return verdict, [self._publish(moved(self._refusal(item, verdict, stamp), UTC, self._zone(item.origin)))]

    def _prepare_update(
        self, desk: Desk, item: Accepted, message: IE713, stamp: Stamp
    ) -> tuple[Update | Faults, list[Publication]]:
        """Another state changes its operators in the register: all that it says, or nothing, and an IE714 says why."""
        if faults := addressee_faults(message, self.profile):
            self.quotas.check(desk, item, faults)
            return faults, [self._publish(self._refusal(item, faults, stamp))]
        decided = decide_update(message, item.sender.removeprefix("NDEA."), desk.register)
        if isinstance(decided, Update):
            return decided, []
        faults = tuple(one.fault for one in decided)
        self.quotas.check(desk, item, faults)
        refusal = refusal_message(decided, stamp.header(item.sender, item.identifier))
        return faults, [self._publish(refusal)]

    def _with_records(self, desk: Desk, item: Accepted, decision: Decision, stamp: Stamp) -> Decision:
        """The decision with what was exchanged before: sent again where the other side lacks it, or packed (TR9121)."""
        movement = decision.movement
        if movement is None or item.message is None or not (decision.resend or decision.history):
            return decision
        exchanged = desk.transaction.exchanged(movement.arc, movement.other)
        messages: list[Message | None] = list(
            sent_again(self._sent(exchanged), decision, item.message, stamp, movement.other)
        )
        if decision.history and isinstance(item.message, IE904):
            messages.append(history([(one.type, one.body) for one in exchanged], item.message, stamp))
        return replace(
            decision,
            sends=(*decision.sends, *(Send(message=one, to=movement.other) for one in messages if one is not None)),
        )

    def _sent(self, exchanged: Sequence[Exchanged]) -> Iterator[Message]:
        """Those of the exchanged messages that went out, and could be lacked by the other side."""
        for one in exchanged:
            if one.direction == "out" and one.type in SENT_AGAIN:
                yield self.binder.read(without_signature(parse(one.body)))

    def _stamp(self, desk: Desk) -> Stamp:
        return Stamp(now=desk.now, profile=self.profile, arc=self.new_arc(desk.now), identifiers=self.identifiers)

    def _verdict(self, desk: Desk, item: Accepted, stamp: Stamp) -> Decision | Early | Faults:
        """What is decided, or every fault; no faults and no decision means that the message is only filed."""
        message = item.message
        if message is None:
            return item.faults
        sides = SIDES.get((item.origin, type(message)))
        if sides is None:
            filed = item.origin is Origin.ADMINISTRATION and isinstance(message, FILED)
            return () if filed else not_accepted(message, item.origin)
        side, movement = desk.movement_for(item, sides)
        role = None if movement else desk.role_of(item)
        known = (
            no_standing(message, item.origin, role) if role else self._stateful_faults(desk, item, message, movement)
        )
        faults = item.faults + known
        if isinstance(message, NEGATIVE_ACKNOWLEDGEMENTS) and (faults or movement is None):
            return ()
        if faults:
            return faults
        decision = decide(movement, moved(message, self._zone(item.origin), UTC), side, stamp, item.origin)
        if isinstance(decision, OutOfSequence):
            late = outdated(message, movement) if item.origin is Origin.ADMINISTRATION else ()
            return late or out_of_sequence(message, decision, movement)
        crowded = isinstance(decision, Early) and not desk.may_wait(item)
        return _never_came(message, movement) if crowded else decision

    def _stateful_faults(self, desk: Desk, item: Accepted, message: Message, movement: Movement | None) -> Faults:
        if item.origin is Origin.ADMINISTRATION:
            return peer_faults(message, movement, item.sender, self.profile)
        context = Context(now=desk.now, profile=self.profile)
        case = Case(
            context=context, movement=movement, facts=desk.facts_for(message, movement, day_asked(message, context))
        )
        return self._addressed(item, message, movement) + case_faults(message, case)

    def _addressed(self, item: Accepted, message: Message, movement: Movement | None) -> Faults:
        """What is wrong with where our office, or a trader, sends a message; that of other traders is said already."""
        if item.origin is Origin.OFFICE:
            return office_faults(message, movement)
        return heading_faults(message, self.profile) if is_validated(message) else ()

    def _refusal(self, item: Accepted, faults: Faults, stamp: Stamp) -> Message:
        if item.message is None:
            recipient = item.sender if item.origin is Origin.ADMINISTRATION else self.profile.address
            return xml_negative_acknowledgement(faults, stamp, recipient, item.identifier, item.about)
        if item.origin is Origin.ADMINISTRATION:
            return functional_negative_acknowledgement(item.message, faults, stamp)
        return generic_refusal(item.message, faults, stamp)

    def _zone(self, origin: Origin) -> tzinfo:
        """The zone of the times in documents from and to traders, offices and administrations."""
        return self.profile.trader_zone if origin is Origin.TRADER else UTC

    def _published(self, send: Send) -> Publication:
        own = self._publish(send.message)
        return replace(own, for_traders=self._publish(send.for_traders)) if send.for_traders else own

    def _publish(self, message: Message) -> Publication:
        signer = self.signer()
        return Publication.of(message, signer.sign_form(self.binder.form(message)), signer.fingerprint)

    def _filed(self, desk: Desk, item: Accepted, verdict: Verdict, publications: Sequence[Publication]) -> Receipt:
        if isinstance(verdict, Update):
            return desk.update(item, verdict)
        if isinstance(verdict, Decision):
            return desk.accept(item, verdict, publications)
        if isinstance(verdict, Early):
            return desk.park(item, desk.now + self.profile.time_to_wait)
        return desk.refuse(item, publications[0], verdict) if verdict else desk.file(item)


def _never_came(message: Message, movement: Movement | None) -> Faults:
    """The fault of a message whose turn never comes: its movement is unknown (90), or the gap never closed (92)."""
    if movement is None:
        return unknown(message)
    return out_of_sequence(message, OutOfSequence(movement.state, trigger_of(message)), movement)


def _has_ended(movement: Movement, now: datetime) -> bool:
    due = due_at(movement)
    return due is not None and due[0] <= now


def _undisturbed(action: Callable[[], None]) -> bool:
    """Whether an action worked; a defect is logged, and others go on."""
    try:
        action()
    except Exception:
        log.exception("something could not be decided")
        return False
    return True
