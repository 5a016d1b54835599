"""Rooms 7 and 8 of the walk: a group of judged messages, decided in order, written in one transaction.

Every message of a group is decided against what the store knows *and* what the group decided before it. Its records
join the group's only when it is fully decided, so a message that fails takes nothing of the others with it; then all
of it is written at once, or, when the store fails, nothing of it is and nobody is answered.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import structlog

from esad_gateway.emcs.codes import FunctionalErrorCodes
from esad_gateway.emcs.documents import Stamp
from esad_gateway.emcs.messages import IE906, IE917, Message
from esad_gateway.emcs.movement import SIDES, Decision, Movement, Origin, OutOfSequence, decide
from esad_gateway.emcs.profile import NationalProfile
from esad_gateway.emcs.refusals import (
    functional_negative_acknowledgement,
    generic_refusal,
    xml_negative_acknowledgement,
)
from esad_gateway.emcs.rules import Case, Context, case_faults
from esad_gateway.emcs.rules.exchange import not_accepted, out_of_sequence, peer_faults
from esad_gateway.errors import IdentifierReused, OwnError, SenderError
from esad_gateway.faults import Faults
from esad_gateway.gateway.desk import Desk, Publication
from esad_gateway.gateway.intake import Accepted
from esad_gateway.ports import Earlier, Receipt, Signer, Store
from esad_gateway.xml.binding import Binder

log = structlog.get_logger(__name__)

NEGATIVE_ACKNOWLEDGEMENTS = (IE906, IE917)
"""Filed when another administration sends them, and never refused in turn: two would go on refusing."""


@dataclass(frozen=True, slots=True)
class Committer:
    """Decides and writes groups of messages for one administration.

    ``new_arc`` reserves an ARC at a moment; ``identifiers`` is an endless supply of fresh message identifiers.
    """

    store: Store
    signer: Signer
    binder: Binder
    profile: NationalProfile
    new_arc: Callable[[datetime], str]
    identifiers: Iterator[str]

    def commit(self, group: Sequence[Accepted], now: datetime) -> list[Receipt | SenderError | OwnError]:
        """Decide and write a group in the order it has; returns one answer a message, in the same order.

        A receipt with ``repeated`` answers bytes that were taken before; IdentifierReused answers other bytes under an
        identifier that was used before. Raises StoreUnavailable when nothing was written.
        """
        with self.store.transaction() as transaction:
            desk = Desk.open(transaction, group, now)
            answers = [self._answer(desk, item) for item in group]
            transaction.write(desk.records)
        return answers

    def _answer(self, desk: Desk, item: Accepted) -> Receipt | SenderError | OwnError:
        earlier = desk.earlier.get((item.sender, item.identifier))
        if earlier is None:
            return self._settle(desk, item)
        if earlier.sha256 == item.sha256:
            return replace(earlier.receipt, repeated=True)
        return IdentifierReused(item.identifier)

    def _settle(self, desk: Desk, item: Accepted) -> Receipt | OwnError:
        try:
            verdict, publications = self._prepare(desk, item)
        except Exception as error:
            log.exception("a message could not be decided", type=item.type, sender=item.sender)
            return OwnError(f"internal error: {type(error).__name__}")
        receipt = _filed(desk, item, verdict, publications)
        desk.records.receipts[item.sender, item.identifier] = desk.earlier[item.sender, item.identifier] = Earlier(
            item.sha256, receipt
        )
        return receipt

    def _prepare(self, desk: Desk, item: Accepted) -> tuple[Decision | Faults, list[Publication]]:
        """Decide and sign: everything that can fail, before anything is recorded."""
        stamp = Stamp(now=desk.now, profile=self.profile, arc=self.new_arc(desk.now), identifiers=self.identifiers)
        verdict = self._verdict(desk, item, stamp)
        if isinstance(verdict, Decision):
            return verdict, [self._publish(send.message) for send in verdict.sends]
        return verdict, [self._publish(self._refusal(item, verdict, stamp))] if verdict else []

    def _verdict(self, desk: Desk, item: Accepted, stamp: Stamp) -> Decision | Faults:
        """What is decided, or every fault; no faults and no decision means that the message is only filed."""
        message = item.message
        if message is None:
            return item.faults
        side = SIDES.get((item.origin, type(message)))
        if side is None:
            filed = item.origin is Origin.ADMINISTRATION and isinstance(message, NEGATIVE_ACKNOWLEDGEMENTS)
            return () if filed else not_accepted(message, item.origin)
        movement = desk.movement_for(item, side)
        faults = item.faults
        # With an ARC that is none there is no movement to ask about: one mistake, one fault.
        if not any(fault.code == FunctionalErrorCodes.INVALID_ARC for fault in faults):
            faults += self._stateful_faults(desk, item, message, movement)
        if faults:
            return faults
        decision = decide(movement, message, side, stamp)
        return out_of_sequence(message, decision) if isinstance(decision, OutOfSequence) else decision

    def _stateful_faults(self, desk: Desk, item: Accepted, message: Message, movement: Movement | None) -> Faults:
        if item.origin is Origin.ADMINISTRATION:
            return peer_faults(message, movement, item.sender, self.profile)
        context = Context(now=desk.now, profile=self.profile)
        return case_faults(message, Case(context=context, movement=movement, facts=desk.facts_for(message)))

    def _refusal(self, item: Accepted, faults: Faults, stamp: Stamp) -> Message:
        if item.message is None:
            recipient = item.sender if item.origin is Origin.ADMINISTRATION else self.profile.address
            return xml_negative_acknowledgement(faults, stamp, recipient, item.identifier)
        if item.origin is Origin.ADMINISTRATION:
            return functional_negative_acknowledgement(item.message, faults, stamp)
        return generic_refusal(item.message, faults, stamp)

    def _publish(self, message: Message) -> Publication:
        return Publication.of(message, self.signer.sign(self.binder.write(message)), self.signer.fingerprint)


def _filed(desk: Desk, item: Accepted, verdict: Decision | Faults, publications: Sequence[Publication]) -> Receipt:
    if isinstance(verdict, Decision):
        return desk.accept(item, verdict, publications)
    return desk.refuse(item, publications[0], verdict) if verdict else desk.file(item)
