"""What becomes of an act in a case: it is taken, with all that it brings about, or refused with every fault."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from esad_gateway.ais.registration.act_checks import act_faults, values_fault
from esad_gateway.ais.registration.acts import DECISIONS, ActKind, CaseAct, Submitted, is_official
from esad_gateway.ais.registration.case import (
    ActRefused,
    ActTaken,
    CaseDecision,
    CaseFacts,
    CaseState,
    RegistrationCase,
)
from esad_gateway.ais.registration.flaws import CaseFlaw, fault, place
from esad_gateway.ais.registration.law import Procedure, RegistrationLaw
from esad_gateway.ais.registration.looked import Looked, happened
from esad_gateway.ais.registration.outcomes import outcomes_of
from esad_gateway.ais.registration.states import BEFORE_SECURITY, DECIDED, moves, state_of
from esad_gateway.ais.registration.value_checks import value_faults
from esad_gateway.emcs.registry import OperatorType
from esad_gateway.faults import Fault, Said, Value, listed


def decide(case: RegistrationCase | None, act: CaseAct, facts: CaseFacts, law: RegistrationLaw) -> CaseDecision:
    """What becomes of ``act`` in ``case``, ``None`` for the request that begins one.

    An act that stands there already, word for word and by the same hand, is taken again and changes nothing. A clock
    that has stepped back is not believed: an act is entered no earlier than the one before it. Whatever an official has
    to weigh is in the act. Not checked: whether the case is the actor's, and whether ``facts`` are true.
    """
    act = _in_order(case, act)
    procedure = _procedure(case, act, facts, law)
    if procedure is None:
        return ActRefused(faults=(_no_procedure(act, facts, law),))
    stands = case or RegistrationCase(acts=(act,))
    looked = Looked(case=stands, act=act, facts=facts, law=law, procedure=procedure)
    if case is not None and _stands_already(case, act, looked):
        return ActTaken(case=case, again=True)
    out_of_order = () if case is None else tuple(_order_faults(looked))
    amiss = values_fault(looked)
    found = (*out_of_order, *act_faults(looked), *((amiss,) if amiss else value_faults(looked)))
    if found:
        return ActRefused(faults=found, conflict=bool(out_of_order))
    after = stands if case is None else replace(case, acts=(*case.acts, act))
    return ActTaken(case=after, outcomes=outcomes_of(after, looked))


def _in_order(case: RegistrationCase | None, act: CaseAct) -> CaseAct:
    return act if case is None or act.at >= case.acts[-1].at else replace(act, at=case.acts[-1].at)


def _procedure(case: RegistrationCase | None, act: CaseAct, facts: CaseFacts, law: RegistrationLaw) -> Procedure | None:
    """The procedure of a case is that of the day on which it began."""
    status = case.status if case is not None else _status_asked(act)
    first = act if case is None else case.acts[0]
    return None if status is None else law.procedure(status, happened(first, facts))


def _status_asked(act: CaseAct) -> OperatorType | None:
    return act.values.request.status if isinstance(act.values, Submitted) else None


def _no_procedure(act: CaseAct, facts: CaseFacts, law: RegistrationLaw) -> Fault:
    known = {one.status: Said(f"operator.{one.status}") for one in law.procedures}
    status = _status_asked(act)
    told: dict[str, Value] = {"known": listed(known.values()), "day": f"{happened(act, facts)}"}
    return fault(CaseFlaw.NO_PROCEDURE, "CCE-3", place("request", "status"), status or act.kind, **told)


def _stands_already(case: RegistrationCase, act: CaseAct, looked: Looked) -> bool:
    """Whether it is a repetition: of the last act, or of an earlier one that could not follow once more."""
    known = [(one.kind, one.values, one.by, one.on) for one in case.acts]
    again = (act.kind, act.values, act.by, act.on)
    return known[-1] == again or (again in known and act.kind not in moves(looked.procedure, state_of(case)))


def _order_faults(looked: Looked) -> Iterator[Fault]:
    """An act follows in the state in which the case is; it is told what stands, and what may be done."""
    case, kind, procedure = looked.case, looked.act.kind, looked.procedure
    state = state_of(case)
    follow = moves(procedure, state)
    if kind in follow:
        return
    if kind is ActKind.REGISTER and procedure.secured and state in BEFORE_SECURITY:
        yield fault(CaseFlaw.BEFORE_SECURITY, procedure.security_rule, place("kind"), kind, state=_named(state))
        return
    flaw = CaseFlaw.ALREADY_DECIDED if state in DECIDED and kind in DECISIONS else CaseFlaw.OUT_OF_ORDER
    yield fault(flaw, procedure.decision_rule, place("kind"), kind, **_stands(case, follow, looked))


def _stands(case: RegistrationCase, follow: Mapping[ActKind, CaseState], looked: Looked) -> dict[str, Value]:
    """What stands, since when, by whom (officials alone hear that), and what may follow."""
    last = case.last(*DECISIONS) or case.acts[-1]
    return {
        "state": _named(state_of(case)),
        "since": f"{last.at:%Y-%m-%dT%H:%M:%SZ}",
        "by": last.by.name if is_official(looked.act.by) else Said("case.not_told"),
        "possible": listed(Said(f"case.act.{kind}") for kind in follow) if follow else Said("case.nothing"),
    }


def _named(state: CaseState) -> Said:
    return Said(f"case.state.{state}")
