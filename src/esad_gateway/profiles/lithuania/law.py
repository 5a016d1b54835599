"""What Lithuania makes of messages besides EU law, loaded when the first one is judged."""

from typing import Final

from esad_gateway.ais.declarations.law import RECEIPTS
from esad_gateway.ais.guarantees.reserving import DutyReservations
from esad_gateway.emcs.law import LawInParts, NationalLaw
from esad_gateway.profiles.lithuania.tariffs import DUTY

_PARTS: Final[tuple[NationalLaw, ...]] = (RECEIPTS, DutyReservations(DUTY))

LAW: Final = LawInParts(_PARTS)
"""Every part, in the order in which they are asked."""
