"""A national law, as a member state may have one: who sends often needs a permanent status."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from esad_gateway.emcs.effects import Note, NoteKey
from esad_gateway.emcs.law import LegalCase
from esad_gateway.emcs.messages import IE815, Message
from esad_gateway.emcs.movement import Movement
from esad_gateway.emcs.rules.places import place_in
from esad_gateway.faults import Fault, said
from esad_gateway.place import at

MOST = 3
DISPATCH = "dispatch of a quarter"


def quarter(message: IE815) -> str:
    """Whose dispatch a draft is, and in which quarter of the calendar."""
    day = message.ead_esad_draft.date_of_dispatch
    return f"{message.consignor_trader.trader_excise_number} {day.year} {(day.month + 2) // 3}"


@dataclass(frozen=True)
class OftenIsPermanent:
    """Who sends more than three times a quarter needs a permanent status, as Lithuania asks of certified traders."""

    def asks(self, message: Message) -> Collection[NoteKey]:
        """Earlier dispatches of the consignor."""
        return (NoteKey(DISPATCH, quarter(message)),) if isinstance(message, IE815) else ()

    def faults(self, message: Message, case: LegalCase) -> Iterator[Fault]:
        """One too many."""
        if isinstance(message, IE815) and len(case.notes) >= MOST:
            number = message.consignor_trader.trader_excise_number
            place = place_in(message, at("ConsignorTrader/TraderExciseNumber"))
            reason = said("said.reason", reason="More than three dispatches a quarter take a permanent status.")
            hint = said("said.reason", reason=f"There are {', '.join(note.arc for note in case.notes)} already.")
            yield Fault(code="15", rule="LT-CCR-1", place=place, value=number, text=reason, hint=hint)

    def effects(self, message: Message, after: Movement, case: LegalCase) -> Iterator[Note]:
        """The dispatch counts from now on, under the next number of the quarter."""
        if isinstance(message, IE815) and case.movement is None:
            values = {"lrn": after.lrn, "number": str(len(case.notes) + 1)}
            yield Note(kind=DISPATCH, subject=quarter(message), arc=after.arc, values=values)


LAW = OftenIsPermanent()
"""As settings name it: ``helpers.national_law:LAW``."""
