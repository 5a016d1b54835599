"""Rules on IE801, the e-SAD, as far as the state of destination asks them of another administration.

The state of dispatch answers for the content of its e-SADs: it has judged the draft. What stands here is that this is
an e-SAD at all, one of duty paid, and of who sends it. An upstream ARC, of a movement that was split, is judged by its
form alone: it would be one of duty suspension.
"""

from collections.abc import Iterator
from typing import Final

from esad_gateway.emcs.messages import IE801
from esad_gateway.emcs.rules.arcs import arc_of_duty_paid, form_of_arc
from esad_gateway.emcs.rules.code_lists import DUTY_PAID_DESTINATIONS
from esad_gateway.emcs.rules.mechanism import Context, Finding, Rule, content
from esad_gateway.emcs.rules.patterns import northern_ireland
from esad_gateway.place import at


def r258(message: IE801, _context: Context) -> Iterator[Finding]:
    """A duty-paid movement has destination 9, 10 or 11. That the ARC is one of duty paid is BR020's to ask."""
    destination = message.header_ead_esad.destination_type_code
    if destination not in DUTY_PAID_DESTINATIONS:
        yield Finding(at("HeaderEadEsad/DestinationTypeCode"), destination)


_ARC: Final = "ExciseMovement/AdministrativeReferenceCode"

RULES: Final[tuple[Rule, ...]] = (
    northern_ireland(
        "R271",
        IE801,
        "ConsigneeTrader/Traderid",
        _ARC,
        "ConsignorTrader/TraderExciseNumber",
        "PlaceOfDispatchTrader/ReferenceOfTaxWarehouse",
        "DeliveryPlaceTrader/Traderid",
        "MovementGuarantee/GuarantorTrader/TraderExciseNumber",
    ),
    form_of_arc(IE801, _ARC, "EadEsad/UpstreamArc"),
    arc_of_duty_paid(IE801, _ARC),
    content("R258", IE801, "HeaderEadEsad/DestinationTypeCode", r258),
)
