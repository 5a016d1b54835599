"""The seam through which national law takes part: what it must look up, what it finds wrong, and what follows from it.

A member state's law is a value of its profile. EU law asks it here and nowhere else, and a state without a law of its
own pays nothing for the seam.
"""

from collections.abc import Collection, Iterable, Sequence
from typing import TYPE_CHECKING, Protocol

from esad_gateway.emcs.effects import LegalEffect, Note, NoteKey
from esad_gateway.faults import Fault
from esad_gateway.frozen import frozen

if TYPE_CHECKING:
    from esad_gateway.emcs.messages import Message
    from esad_gateway.emcs.movement import Movement
    from esad_gateway.emcs.rules.mechanism import Context

__all__ = ["LawInParts", "LegalCase", "NationalLaw"]


@frozen(kw_only=True)
class LegalCase:
    """What national law may know: the context, the movement that the message is about, and the notes that it asked for.

    ``notes`` are those of the store and those that earlier messages of the same group have brought.
    """

    context: "Context"
    movement: "Movement | None"
    notes: Sequence[Note] = ()


class NationalLaw(Protocol):
    """The law of one member state, as pure decisions on frozen values."""

    def asks(self, message: "Message") -> Collection[NoteKey]:
        """The notes that have to be looked up before a message can be judged."""
        ...

    def faults(self, message: "Message", case: LegalCase) -> Iterable[Fault]:
        """What is wrong with a message of our own trader or office, besides what EU law finds.

        The rules' numbers are in the catalogue, with sentences in every language. Asked only where the movement is
        the sender's.
        """
        ...

    def effects(self, message: "Message", after: "Movement", case: LegalCase) -> Iterable[LegalEffect]:
        """What follows from a message that was accepted, whoever sent it; ``after`` is the movement from now on."""
        ...


@frozen
class LawInParts:
    """Several parts of the law of a state as one: each is asked, and each sees the notes that any of them asked for."""

    parts: tuple[NationalLaw, ...]

    def asks(self, message: "Message") -> Collection[NoteKey]:
        """What any of them has to look up."""
        return frozenset(key for part in self.parts for key in part.asks(message))

    def faults(self, message: "Message", case: LegalCase) -> Iterable[Fault]:
        """What any of them finds wrong."""
        return [fault for part in self.parts for fault in part.faults(message, case)]

    def effects(self, message: "Message", after: "Movement", case: LegalCase) -> Iterable[LegalEffect]:
        """What follows in any of them, in their order."""
        return [effect for part in self.parts for effect in part.effects(message, after, case)]
