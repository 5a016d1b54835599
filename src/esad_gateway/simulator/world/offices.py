"""Excise offices of simulated states: what their officers do about a movement, with a certificate of the office."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from esad_gateway.emcs.messages import IE880, Message
from esad_gateway.emcs.movement import Movement
from esad_gateway.ports.reading import Outcome, Receipt
from esad_gateway.signing.signer import XmlSigner
from esad_gateway.simulator.orders import closure, closure_request, interruption, status_question
from esad_gateway.simulator.scripts.model import Do, Then
from esad_gateway.simulator.world.movements import SimulatedMovement
from esad_gateway.simulator.world.states import SimulatedState
from esad_gateway.simulator.world.traders import SubmissionRefused
from esad_gateway.simulator.world.world import signed

if TYPE_CHECKING:
    from esad_gateway.simulator.world.emcs import Emcs


@dataclass(frozen=True, slots=True, eq=False)
class SimulatedOffice:
    """An excise office of a simulated state, by its reference."""

    emcs: "Emcs"
    reference: str
    signer: XmlSigner

    @property
    def home(self) -> SimulatedState:
        """The state that it belongs to."""
        return self.emcs.world.states[self.reference[:2]]

    def answer(self, arc: str, then: Then) -> Message:
        """What this office writes now to do what a step of a script says. Raises LookupError for no such movement."""
        movement = self.home.known(arc)
        if movement is None:
            raise LookupError(f"{self.home.code} has no movement {arc}")
        return _WRITERS[then.do](self, movement, then.reason)

    def submit(self, message: Message) -> Receipt:
        """Sign a message and submit it. Returns the receipt, whatever it says."""
        return self.emcs.run(self.emcs.world.take(self.home.code, signed(self.signer, message)))

    def interrupt(self, movement: SimulatedMovement, reason: str = "") -> None:
        """Stop a movement (IE807). Raises SubmissionRefused."""
        self._do(movement, Then(do=Do.INTERRUPT, reason=reason))

    def ask_to_close(self, movement: SimulatedMovement, reason: str = "") -> None:
        """At destination, ask to close a movement by hand (IE880). Raises SubmissionRefused."""
        self._do(movement, Then(do=Do.ASK_TO_CLOSE, reason=reason))

    def close_by_hand(self, movement: SimulatedMovement, reason: str = "") -> None:
        """At dispatch, close a movement as destination has asked (IE881). Raises SubmissionRefused."""
        self._do(movement, Then(do=Do.CLOSE, reason=reason))

    def refuse_to_close(self, movement: SimulatedMovement, reason: str = "") -> None:
        """At dispatch, refuse to close a movement by hand (IE881). Raises SubmissionRefused."""
        self._do(movement, Then(do=Do.REFUSE_TO_CLOSE, reason=reason))

    def ask_for_status(self, movement: SimulatedMovement) -> None:
        """Ask the other state where a movement stands (IE904). Raises SubmissionRefused."""
        self._do(movement, Then(do=Do.ASK_FOR_STATUS))

    def _do(self, movement: SimulatedMovement, then: Then) -> None:
        receipt = self.submit(self.answer(movement.arc, then))
        if receipt.outcome is Outcome.REFUSED:
            raise SubmissionRefused(receipt)


def _interrupt(office: SimulatedOffice, movement: Movement, reason: str) -> Message:
    return interruption(movement, office.reference, office.emcs.clock.now, reason)


def _ask_to_close(office: SimulatedOffice, movement: Movement, reason: str) -> Message:
    return closure_request(movement, office.reference, office.emcs.clock.now, reason)


def _close(office: SimulatedOffice, movement: Movement, reason: str) -> Message:
    now, request = office.emcs.clock.now, _request(office, movement)
    return closure(request, movement, office.reference, now, reason, accepted=True)


def _refuse_to_close(office: SimulatedOffice, movement: Movement, reason: str) -> Message:
    now, request = office.emcs.clock.now, _request(office, movement)
    return closure(request, movement, office.reference, now, reason, accepted=False)


def _ask_for_status(office: SimulatedOffice, movement: Movement, _: str) -> Message:
    return status_question(movement, office.reference, office.emcs.clock.now)


def _request(office: SimulatedOffice, movement: Movement) -> IE880:
    """The latest request for closing a movement by hand. Raises LookupError where there was none."""
    given = (one for one in office.home.entries(movement.other, movement.arc) if one.direction == "in")
    requests = [one for one in map(office.home.message, given) if isinstance(one, IE880)]
    if not requests:
        raise LookupError(f"nobody has asked {office.home.code} to close {movement.arc} by hand")
    return requests[-1]


_WRITERS: Final[Mapping[Do, Callable[[SimulatedOffice, Movement, str], Message]]] = MappingProxyType(
    {
        Do.INTERRUPT: _interrupt,
        Do.ASK_TO_CLOSE: _ask_to_close,
        Do.CLOSE: _close,
        Do.REFUSE_TO_CLOSE: _refuse_to_close,
        Do.ASK_FOR_STATUS: _ask_for_status,
    }
)
