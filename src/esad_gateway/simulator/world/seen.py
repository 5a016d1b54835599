"""What reaches somebody in a world, as a script looks at it."""

from collections.abc import Callable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final

from esad_gateway.emcs.codes import GlobalConclusionOfReceipt
from esad_gateway.emcs.messages import IE801
from esad_gateway.ports.reading import Listed, Outcome
from esad_gateway.simulator.scripts.deeds import SAYS
from esad_gateway.simulator.scripts.matching import Sighting
from esad_gateway.simulator.scripts.model import Actor
from esad_gateway.simulator.world.states import SimulatedState


def reached(state: SimulatedState, entry: Listed, party: Actor | None) -> Actor | None:
    """Whom an entry of a mailbox has reached: the trader that it was given to, or the offices of the state.

    ``party`` is what the mailbox's owner is, if it is a simulated trader. ``None`` where it has reached nobody: it was
    refused, was written here, or is for a trader of whom this world knows nothing.
    """
    if entry.direction == "out":
        return party
    foreign = entry.outcome == Outcome.ACCEPTED and entry.mailbox != state.address
    return Actor.OFFICE if foreign else None


def sighting(state: SimulatedState, entry: Listed, who: Actor) -> Sighting | None:
    """An entry that has reached somebody; ``None`` where it is about no movement that this state knows."""
    message = state.message(entry)
    e_sad = message if isinstance(message, IE801) else state.e_sad(entry.arc) if entry.arc else None
    if e_sad is None:
        return None
    says = _SAYING.get(entry.type)
    return Sighting(
        message=entry.type,
        who=who,
        state=state.code,
        trader=entry.mailbox if who is not Actor.OFFICE else _own_trader(state, e_sad),
        arc=e_sad.excise_movement.administrative_reference_code,
        at=datetime.fromisoformat(entry.recorded_at),
        lrn=e_sad.ead_esad.local_reference_number,
        says=says(message) if says else "",
        quantities=tuple((line.excise_product_code, line.quantity) for line in e_sad.body_ead_esad),
    )


def _own_trader(state: SimulatedState, e_sad: IE801) -> str:
    """The trader of a movement that belongs to a state."""
    consignor = e_sad.consignor_trader.trader_excise_number
    consignee = e_sad.consignee_trader.traderid if e_sad.consignee_trader else None
    return consignor if consignor[:2] == state.code else consignee or ""


_CONCLUSIONS: Final[Mapping[GlobalConclusionOfReceipt, str]] = MappingProxyType(
    dict(
        zip(
            (
                GlobalConclusionOfReceipt.ACCEPTED_AND_SATISFACTORY,
                GlobalConclusionOfReceipt.ACCEPTED_ALTHOUGH_UNSATISFACTORY,
                GlobalConclusionOfReceipt.REFUSED,
                GlobalConclusionOfReceipt.PARTIALLY_REFUSED,
            ),
            SAYS["IE818"],
            strict=True,
        )
    )
)


def _conclusion(message: Any) -> str:
    return _CONCLUSIONS.get(message.report_of_receipt_export.global_conclusion_of_receipt, "")


def _alert_or_rejection(message: Any) -> str:
    alert, rejection = SAYS["IE819"]
    return rejection if message.alert_or_rejection.ead_esad_rejected_flag else alert


def _closed_or_not(message: Any) -> str:
    accepted, rejected = SAYS["IE881"]
    return accepted if message.attributes.manual_closure_request_accepted else rejected


_SAYING: Final[Mapping[str, Callable[[Any], str]]] = MappingProxyType(
    {"IE818": _conclusion, "IE819": _alert_or_rejection, "IE881": _closed_or_not}
)
"""What a message says that says one of several things."""
