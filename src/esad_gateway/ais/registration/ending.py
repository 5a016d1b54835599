"""When a temporary status ends by itself (CCE-6)."""

from esad_gateway.ais.registration.acts import NumberGiven
from esad_gateway.ais.registration.case import RegistrationCase
from esad_gateway.ais.registration.law import CaseTerm, StartOf
from esad_gateway.ais.registration.looked import Looked, happened
from esad_gateway.ais.terms import TermEnd, due


def temporary_end(given: NumberGiven, case: RegistrationCase, looked: Looked) -> TermEnd | None:
    """The last day of a temporary status by its term, and that term; ``None`` for a status without an end.

    Whether its days count from the first day of validity or from the request is not written anywhere: the procedure
    says it, and both days are kept.
    """
    begins = given.valid_from
    starts = looked.procedure.starts
    if starts is not None and starts.chosen == StartOf.REQUEST:
        begins = happened(case.acts[0], looked.facts)
    term = looked.law.term(CaseTerm.TEMPORARY, looked.status, begins)
    return None if term is None else due(begins, term, looked.facts.calendar)
