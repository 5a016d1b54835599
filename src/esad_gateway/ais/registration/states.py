"""The tables of the case machine: which act leads from which state to which.

A case is driven by these and by the procedure of its status alone; the manual's picture is drawn from them.
"""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final

from esad_gateway.ais.registration.acts import ActKind
from esad_gateway.ais.registration.case import CaseState, RegistrationCase
from esad_gateway.ais.registration.law import Procedure

_Moves = Mapping[ActKind, CaseState]

_OPEN: Final[_Moves] = {ActKind.REFUSE: CaseState.REFUSED, ActKind.WITHDRAW: CaseState.WITHDRAWN}
_GIVING: Final[_Moves] = {
    **_OPEN,
    ActKind.PAY: CaseState.PAID,
    ActKind.PROVE: CaseState.PROVEN,
    ActKind.GIVE_SECURITY: CaseState.SECURITY_GIVEN,
}

FIRST: Final = CaseState.SUBMITTED
"""The state after the first act, which is a request."""

AFTER: Final[Mapping[CaseState, _Moves]] = MappingProxyType(
    {
        CaseState.SUBMITTED: {
            **_OPEN,
            ActKind.ASK: CaseState.ADDITIONS_ASKED,
            ActKind.ADD: CaseState.SUBMITTED,
            ActKind.SET_AMOUNT: CaseState.AMOUNT_SET,
            ActKind.EXEMPT: CaseState.SECURED,
            ActKind.REGISTER: CaseState.REGISTERED,
        },
        CaseState.ADDITIONS_ASKED: {**_OPEN, ActKind.ADD: CaseState.SUBMITTED},
        CaseState.AMOUNT_SET: {**_GIVING, ActKind.SET_AMOUNT: CaseState.AMOUNT_SET, ActKind.EXEMPT: CaseState.SECURED},
        CaseState.PAID: {**_OPEN, ActKind.PROVE: CaseState.SECURED, ActKind.REJECT_SECURITY: CaseState.AMOUNT_SET},
        CaseState.PROVEN: {**_OPEN, ActKind.PAY: CaseState.SECURED, ActKind.REJECT_SECURITY: CaseState.AMOUNT_SET},
        CaseState.SECURITY_GIVEN: {
            **_OPEN,
            ActKind.ACCEPT_SECURITY: CaseState.SECURED,
            ActKind.REJECT_SECURITY: CaseState.AMOUNT_SET,
        },
        CaseState.SECURED: {
            **_OPEN,
            ActKind.ASK: CaseState.SECURED_ADDITIONS_ASKED,
            ActKind.ADD: CaseState.SECURED,
            # What was added may want more security than there is: then all of it is given anew.
            ActKind.SET_AMOUNT: CaseState.AMOUNT_SET,
            ActKind.REGISTER: CaseState.REGISTERED,
        },
        CaseState.SECURED_ADDITIONS_ASKED: {**_OPEN, ActKind.ADD: CaseState.SECURED},
        CaseState.REGISTERED: {
            ActKind.INFORM: CaseState.REGISTERED,
            ActKind.REQUEST_CHANGE: CaseState.CHANGE_REQUESTED,
            ActKind.NOTE_REVOCATION: CaseState.REGISTERED,
            ActKind.REQUEST_END: CaseState.REGISTERED,
            ActKind.DEREGISTER: CaseState.DEREGISTERED,
        },
        CaseState.CHANGE_REQUESTED: {
            ActKind.INFORM: CaseState.CHANGE_REQUESTED,
            ActKind.CHANGE: CaseState.REGISTERED,
            ActKind.REFUSE_CHANGE: CaseState.REGISTERED,
            ActKind.NOTE_REVOCATION: CaseState.CHANGE_REQUESTED,
            ActKind.REQUEST_END: CaseState.CHANGE_REQUESTED,
            ActKind.DEREGISTER: CaseState.DEREGISTERED,
        },
        CaseState.REFUSED: {ActKind.INFORM: CaseState.REFUSED},
        CaseState.WITHDRAWN: {},
        CaseState.DEREGISTERED: {ActKind.INFORM: CaseState.DEREGISTERED},
    }
)
"""Where each act leads that may follow; an act that does not stand here is out of order."""

OPEN: Final = frozenset(state for state, moves in AFTER.items() if ActKind.REFUSE in moves)
"""The states in which a request is still to be decided."""

BEFORE_SECURITY: Final = OPEN - {CaseState.SECURED, CaseState.SECURED_ADDITIONS_ASKED}
"""The states in which no security is complete."""

DECIDED: Final = frozenset(AFTER) - OPEN - {CaseState.CHANGE_REQUESTED}
"""The states in which there is nothing to decide."""

SECURITY: Final = frozenset(
    {
        *(ActKind.SET_AMOUNT, ActKind.EXEMPT, ActKind.PAY, ActKind.PROVE),
        *(ActKind.GIVE_SECURITY, ActKind.ACCEPT_SECURITY, ActKind.REJECT_SECURITY),
    }
)
"""The acts about security: a status without security has none of them (CCR-2)."""


def state_of(case: RegistrationCase) -> CaseState:
    """Where a case stands: what its acts, one after the other, leave it in."""
    return folded(act.kind for act in case.acts[1:])


def folded(kinds: Iterable[ActKind]) -> CaseState:
    """The state that acts after the first one lead to. Raises ``KeyError`` for one that does not follow."""
    state = FIRST
    for kind in kinds:
        state = AFTER[state][kind]
    return state


def moves(procedure: Procedure, state: CaseState) -> Mapping[ActKind, CaseState]:
    """What may be done in a state, by the procedure of a status, and where that leads.

    Where security is asked for, no number is given before it is there (CCE-4); else there are no acts about it.
    """
    left_out = _UNSECURED if not procedure.secured else _BEFORE_SECURITY if state is FIRST else frozenset()
    left_out |= frozenset() if procedure.reducible else frozenset({ActKind.EXEMPT})
    return {kind: after for kind, after in AFTER[state].items() if kind not in left_out}


_UNSECURED: Final = SECURITY
_BEFORE_SECURITY: Final = frozenset({ActKind.REGISTER})
