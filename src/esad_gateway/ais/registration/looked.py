"""An act as it is looked at: with the case that it is about, what is known, and the law of its day."""

from datetime import date

from esad_gateway.ais.registration.acts import CaseAct
from esad_gateway.ais.registration.case import CaseFacts, RegistrationCase
from esad_gateway.ais.registration.law import Procedure, RegistrationLaw, RequestNeed
from esad_gateway.emcs.moments import day_of
from esad_gateway.emcs.registry import OperatorType
from esad_gateway.frozen import frozen


@frozen(kw_only=True)
class Looked:
    """What every check is given; the ``case`` is that before the act, or that of the act alone which begins one."""

    case: RegistrationCase
    act: CaseAct
    facts: CaseFacts
    law: RegistrationLaw
    procedure: Procedure

    @property
    def today(self) -> date:
        """The day in the state on which the act is entered."""
        return day_of(self.act.at, self.facts.calendar.zone)

    @property
    def day(self) -> date:
        """The day on which it happened."""
        return happened(self.act, self.facts)

    @property
    def status(self) -> OperatorType:
        """The status that the case is about."""
        return self.procedure.status

    def needs(self, need: RequestNeed) -> bool:
        """Whether requests for the status must have something."""
        return any(one.need is need for one in self.procedure.needs)


def happened(act: CaseAct, facts: CaseFacts) -> date:
    """The day on which an act happened: that of its entry, if it says no other."""
    return act.on or day_of(act.at, facts.calendar.zone)
