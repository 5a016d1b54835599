"""What holds of every registration case, whatever is done in it and in whatever order."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from esad_gateway.ais.registration.acts import ActKind
from esad_gateway.ais.registration.case import (
    ActRefused,
    ActTaken,
    CaseState,
    RegisterOutcome,
    RegistrationCase,
)
from esad_gateway.ais.registration.deadlines import open_terms
from esad_gateway.ais.registration.deciding import decide
from esad_gateway.ais.registration.states import BEFORE_SECURITY, FIRST, folded, moves, state_of
from esad_gateway.emcs.registry import OperatorType
from esad_gateway.texts import fault_json, languages
from helpers.registrations import (
    CALENDAR,
    FACTS,
    LAW,
    OTHER_OFFICER,
    SECURED,
    STATUSES,
    SUBMITTED,
    act,
    begun,
    registered,
    told,
)

statuses = st.sampled_from(STATUSES)
kinds = st.sampled_from([kind for kind in ActKind if kind is not ActKind.SUBMIT])
walks = st.lists(kinds, max_size=12)


def step(case: RegistrationCase, kind: ActKind, number: int) -> ActTaken | ActRefused:
    """One more act of a walk, each day another one."""
    return decide(case, act(kind, min(SUBMITTED + timedelta(days=number), date(2026, 3, 10))), FACTS, LAW)


@given(statuses, walks)
def test_state_is_the_fold_of_the_acts_that_were_taken(status: OperatorType, walk: list[ActKind]) -> None:
    """A refused act changes nothing; a taken one stands at the end, and leads where the table says."""
    case, state = begun(status), FIRST
    for number, kind in enumerate(walk):
        procedure = LAW.procedure(status, SUBMITTED)
        assert procedure is not None
        follows = moves(procedure, state)
        found = step(case, kind, number)
        if isinstance(found, ActTaken) and not found.again:
            state = follows[kind]
            assert found.case.acts[:-1] == case.acts
            case = found.case
        elif isinstance(found, ActTaken):
            assert found.case == case
        else:
            assert found.faults
            assert found.conflict == (kind not in follows)
        assert state_of(case) is state is folded(one.kind for one in case.acts[1:])


@given(st.sampled_from(sorted(SECURED)), walks)
def test_no_number_without_security_where_it_is_asked_for(status: OperatorType, walk: list[ActKind]) -> None:
    """CCE-4: whatever happened before, the register is not changed from a state without security."""
    case = begun(status)
    for number, kind in enumerate(walk):
        before, found = state_of(case), step(case, kind, number)
        if isinstance(found, ActTaken):
            changed = any(isinstance(one, RegisterOutcome) for one in found.outcomes)
            assert not (changed and before in BEFORE_SECURITY)
            case = found.case


@given(statuses, walks)
def test_terms_never_end_before_their_event(status: OperatorType, walk: list[ActKind]) -> None:
    """What is owed has its last day on the day of its event or later, the earliest first."""
    case = begun(status)
    for number, kind in enumerate(walk):
        found = step(case, kind, number)
        case = found.case if isinstance(found, ActTaken) else case
        ends = open_terms(case, LAW, CALENDAR)
        assert all(one.since <= one.end.day for one in ends)
        assert [one.end.moment for one in ends] == sorted(one.end.moment for one in ends)


@given(statuses, st.sampled_from([ActKind.REGISTER, ActKind.REFUSE]))
def test_deciding_twice_is_refused(status: OperatorType, kind: ActKind) -> None:
    """Another official's decision about what is registered is told what stands."""
    found = told(registered(status), act(kind, by=OTHER_OFFICER))

    assert found[0][0] == "already_decided"


@given(statuses, walks)
def test_every_refusal_is_told_in_every_language(status: OperatorType, walk: list[ActKind]) -> None:
    """Text and hint have all their values."""
    case = begun(status)
    for number, kind in enumerate(walk):
        found = step(case, kind, number)
        if isinstance(found, ActTaken):
            case = found.case
            continue
        shown = [fault_json(one) for one in found.faults]
        assert all(set(one["text"]) == set(one["hints"]) == set(languages()) for one in shown)


def test_withdrawn_case_stays_so() -> None:
    """No act leads out of it."""
    case = begun()
    gone = decide(case, act(ActKind.WITHDRAW), FACTS, LAW)

    assert isinstance(gone, ActTaken)
    assert all(isinstance(step(gone.case, kind, 1), ActRefused) for kind in ActKind if kind not in _SAME)
    assert state_of(gone.case) is CaseState.WITHDRAWN


_SAME = {ActKind.SUBMIT, ActKind.WITHDRAW}
"""What that case has already: the same act once more changes nothing."""
