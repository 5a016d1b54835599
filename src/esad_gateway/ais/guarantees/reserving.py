"""The part of national law that reserves security for movements: it refuses nothing, and notes what each of them binds.

Duty is secured from the e-SAD until it is declared (2.4): a report of receipt releases nothing, and what ends a
movement without goods being received releases all of it.
"""

from collections.abc import Collection, Iterable, Iterator
from datetime import date
from typing import Final

from esad_gateway.ais.duty.assessing import assess
from esad_gateway.ais.duty.goods import goods_of
from esad_gateway.ais.duty.law import DutyLaw
from esad_gateway.ais.guarantees.noted import again_note, released_note, reserved_note, unassessed_note
from esad_gateway.emcs.codes import StatusType
from esad_gateway.emcs.effects import Note, NoteKey
from esad_gateway.emcs.law import LegalCase
from esad_gateway.emcs.messages import IE801, Message
from esad_gateway.emcs.movement import Movement, Side
from esad_gateway.faults import Fault
from esad_gateway.frozen import frozen

_BINDING: Final = frozenset({StatusType.ACCEPTED, StatusType.DELIVERED, StatusType.PARTIALLY_REFUSED})
"""The states in which duty is or will be owed at destination."""


@frozen
class DutyReservations:
    """An e-SAD for one of our consignees reserves the duty on its goods, at the tariffs of the day on which it comes.

    Where they cannot be assessed, nothing is reserved, and a mark says why; the message is taken all the same.
    """

    law: DutyLaw

    def asks(self, message: Message) -> Collection[NoteKey]:  # noqa: ARG002 - the port has it
        """Nothing: what is reserved is found out by whoever reads the ledger."""
        return ()

    def faults(self, message: Message, case: LegalCase) -> Iterable[Fault]:  # noqa: ARG002
        """Nothing."""
        return ()

    def effects(self, message: Message, after: Movement, case: LegalCase) -> Iterator[Note]:
        """What is reserved with the e-SAD, released with its end, and reserved again when the goods come after all."""
        before = case.movement
        if after.side is not Side.DESTINATION:
            return
        if before is None:
            if isinstance(message, IE801):
                yield self._announced(message, after, case.context.today)
            return
        elsewhere = before.consignee != after.consignee
        if before.state in _BINDING and (elsewhere or after.state not in _BINDING):
            yield released_note(before.consignee, after.arc, type(message).__name__)
        if after.state is StatusType.ACCEPTED and (elsewhere or before.state not in _BINDING):
            again = unassessed_note if elsewhere else again_note
            yield again(after.consignee, after.arc, type(message).__name__)

    def _announced(self, esad: IE801, movement: Movement, day: date) -> Note:
        assessed = assess(tuple(map(goods_of, esad.body_ead_esad)), day, self.law)
        if assessed.faults:
            why = ", ".join(dict.fromkeys(f"{fault.path}: {fault.text.key}" for fault in assessed.faults))
            return unassessed_note(movement.consignee, movement.arc, why)
        return reserved_note(movement.consignee, movement.arc, assessed.amount, day.isoformat())
