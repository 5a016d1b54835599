"""Until when something is due in a case, and what an official may do because time has passed (RC-4, RC-12 to RC-14).

Nothing here changes a case: a candidate is shown with its reason, and an official decides.
"""

from collections.abc import Iterator
from datetime import date
from typing import Final

from esad_gateway.ais.board.item import DueItem, DueKind
from esad_gateway.ais.registration.acts import ActKind, AmountSet, CaseAct, EndGround
from esad_gateway.ais.registration.case import CaseState, RegistrationCase
from esad_gateway.ais.registration.law import CaseTerm, RegistrationLaw
from esad_gateway.ais.registration.outcomes import TOLD_WITHIN
from esad_gateway.ais.registration.states import state_of
from esad_gateway.ais.terms import TermEnd, due
from esad_gateway.emcs.moments import day_of
from esad_gateway.emcs.working_days import Calendar
from esad_gateway.frozen import frozen


@frozen(kw_only=True)
class CaseDue:
    """Something that the administration owes in a case, since a day and until the end of a term."""

    purpose: CaseTerm
    since: date
    end: TermEnd


@frozen(kw_only=True)
class TradeFacts:
    """What is known of a number that is in use: the days of its last dispatch and of the end of its security.

    ``None``: no dispatch yet, security without an end.
    """

    last_dispatch: date | None = None
    cover_until: date | None = None


@frozen(kw_only=True)
class CaseCandidate:
    """That a registration may be ended on a ground since a day; ``end`` is the term that is over, if there was one."""

    ground: EndGround
    since: date
    rule: str
    end: TermEnd | None = None


def open_terms(case: RegistrationCase, law: RegistrationLaw, calendar: Calendar) -> tuple[CaseDue, ...]:
    """What the administration owes in a case, the earliest first; nothing while the applicant has to do something.

    A decision is due so many days after the request, or after the last action that it waited for if that is later
    (RC-4: how the source's "and/or" combines them is inferred).
    """
    return tuple(sorted(_due(case, law, calendar), key=lambda one: one.end.moment))


def candidates(
    case: RegistrationCase, facts: TradeFacts, law: RegistrationLaw, calendar: Calendar, today: date
) -> tuple[CaseCandidate, ...]:
    """On which grounds the registration of a case may be ended today; none of one that is not in force."""
    if state_of(case) not in {CaseState.REGISTERED, CaseState.CHANGE_REQUESTED}:
        return ()
    over = [one for one in _watched(case, facts, law, calendar) if one.end is None or one.end.day < today]
    return tuple(one for one in over if one.since <= today)


def watched_terms(
    case: RegistrationCase, facts: TradeFacts, law: RegistrationLaw, calendar: Calendar
) -> tuple[CaseCandidate, ...]:
    """Terms after which a registration may be ended, whether they are over or not, so that a trader is warned."""
    return tuple(one for one in _watched(case, facts, law, calendar) if one.end is not None)


def case_items(
    case: RegistrationCase, law: RegistrationLaw, calendar: Calendar, facts: TradeFacts | None = None
) -> tuple[DueItem, ...]:
    """The lines of the deadline board about a case; with ``facts``, the terms of a number that is in use as well."""
    known = () if facts is None else watched_terms(case, facts, law, calendar)
    ends = [*((one.since, one.end) for one in open_terms(case, law, calendar))]
    ends += [(one.since, one.end) for one in known if one.end is not None]
    seed = case.registered.seed if case.registered else case.request.applicant.code
    return tuple(DueItem(kind=DueKind.CASE, seed=seed, about=case.number, since=since, end=end) for since, end in ends)


def _due(case: RegistrationCase, law: RegistrationLaw, calendar: Calendar) -> Iterator[CaseDue]:
    state = state_of(case)
    if state in _RUNS:
        purpose, kinds = _RUNS[state]
        yield from _term(_quicker(case, state, purpose, law, calendar), kinds, case, law, calendar)
    told = case.last(*TOLD_WITHIN)
    if told is not None and case.last(*TOLD_WITHIN, ActKind.INFORM) is told:
        yield from _term(TOLD_WITHIN[told.kind], (told.kind,), case, law, calendar)


def _term(
    purpose: CaseTerm, kinds: tuple[ActKind, ...], case: RegistrationCase, law: RegistrationLaw, calendar: Calendar
) -> Iterator[CaseDue]:
    """The term that runs from the latest of some acts, by the days on which they happened."""
    since = max(_day(act, calendar) for act in case.acts if act.kind in kinds)
    term = law.term(purpose, case.status, since)
    if term is not None:
        yield CaseDue(purpose=purpose, since=since, end=due(since, term, calendar))


def _quicker(
    case: RegistrationCase, state: CaseState, purpose: CaseTerm, law: RegistrationLaw, calendar: Calendar
) -> CaseTerm:
    """The shorter term for a decision, where all of the duty is secured and the status has one."""
    asked = case.last(ActKind.SET_AMOUNT)
    full = asked is not None and isinstance(asked.values, AmountSet) and asked.values.full
    day = _day(case.acts[-1], calendar)
    quick = state is CaseState.SECURED and full and law.term(CaseTerm.SECURED_DECISION, case.status, day) is not None
    return CaseTerm.SECURED_DECISION if quick else purpose


def _watched(
    case: RegistrationCase, facts: TradeFacts, law: RegistrationLaw, calendar: Calendar
) -> Iterator[CaseCandidate]:
    given = case.registered
    if given is None:
        return
    begins = max(given.valid_from, facts.last_dispatch or given.valid_from)
    yield from _ended(EndGround.INACTIVE, CaseTerm.INACTIVITY, begins, case, law, calendar)
    if facts.cover_until is not None:
        yield from _ended(EndGround.NO_COVER, CaseTerm.COVER, facts.cover_until, case, law, calendar)
    if case.revocations:
        first = min(one.from_day for one in case.revocations)
        yield CaseCandidate(ground=EndGround.LICENCE_REVOKED, since=first, rule="RC-13")
    asked = case.last(ActKind.REQUEST_END)
    if asked is not None:
        yield CaseCandidate(ground=EndGround.OWN_REQUEST, since=_day(asked, calendar), rule="RC-13")


def _ended(
    ground: EndGround, purpose: CaseTerm, since: date, case: RegistrationCase, law: RegistrationLaw, calendar: Calendar
) -> Iterator[CaseCandidate]:
    term = law.term(purpose, case.status, since)
    if term is not None:
        yield CaseCandidate(ground=ground, since=since, rule=term.rule, end=due(since, term, calendar))


def _day(act: CaseAct, calendar: Calendar) -> date:
    return act.on or day_of(act.at, calendar.zone)


_ACTIONS: Final = (ActKind.SUBMIT, ActKind.ADD, ActKind.PAY, ActKind.PROVE, ActKind.GIVE_SECURITY, ActKind.EXEMPT)
"""What a decision waits for."""

_RUNS: Final = {
    CaseState.SUBMITTED: (CaseTerm.DECISION, _ACTIONS),
    CaseState.PROVEN: (CaseTerm.DECISION, _ACTIONS),
    CaseState.SECURITY_GIVEN: (CaseTerm.SECURITY_DECISION, (ActKind.GIVE_SECURITY,)),
    CaseState.SECURED: (CaseTerm.DECISION, _ACTIONS),
    CaseState.CHANGE_REQUESTED: (CaseTerm.CHANGE, (ActKind.REQUEST_CHANGE,)),
}
"""The term that runs in a state, and the acts from the latest of which it runs."""
