"""The national domain of a member state: all that its own procedures go by, as one value made of parts.

A state that has one names it in its profile (``State.national``); nothing else knows which state it is. Each part is
data of its own kind, with its sources.
"""

from esad_gateway.ais.board.law import BoardLaw
from esad_gateway.ais.declarations.forms import DeclarationLaw
from esad_gateway.ais.duty.law import DutyLaw
from esad_gateway.ais.guarantees.law import GuaranteeLaw
from esad_gateway.ais.people.law import PeopleLaw
from esad_gateway.ais.refunds.law import RefundLaw
from esad_gateway.ais.registration.law import RegistrationLaw
from esad_gateway.frozen import frozen


@frozen(kw_only=True)
class NationalDomain:
    """What a member state has decided for its own procedures; ``state`` is its code."""

    state: str
    registration: RegistrationLaw | None = None
    duty: DutyLaw | None = None
    board: BoardLaw | None = None
    people: PeopleLaw | None = None
    guarantees: GuaranteeLaw | None = None
    refunds: RefundLaw | None = None
    declarations: DeclarationLaw | None = None
