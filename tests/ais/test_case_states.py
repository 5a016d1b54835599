"""The case machine: which act leads where, and what an act says of itself."""

from esad_gateway.ais.registration.acts import OFFICIAL, VALUES, ActKind
from esad_gateway.ais.registration.case import CaseState
from esad_gateway.ais.registration.states import AFTER, FIRST, OPEN, folded


def test_every_state_is_in_the_table_and_can_be_reached() -> None:
    """No state stands in the table for nothing, and none is left out."""
    reached = {after for moves in AFTER.values() for after in moves.values()} | {FIRST}

    assert set(AFTER) == set(CaseState) == reached


def test_every_act_has_values_and_follows_somewhere() -> None:
    """Each kind of act says what it carries; all but the first follow in some state."""
    followed = {kind for moves in AFTER.values() for kind in moves}

    assert set(VALUES) == set(ActKind)
    assert followed == set(ActKind) - {ActKind.SUBMIT}
    assert set(ActKind) >= OFFICIAL


def test_open_request_may_be_refused_and_withdrawn_whatever_it_waits_for() -> None:
    """Whoever asks may ask no more, and whoever decides may decide, until there is a decision."""
    assert all(AFTER[state][ActKind.WITHDRAW] is CaseState.WITHDRAWN for state in OPEN)
    assert CaseState.REGISTERED not in OPEN


def test_deposit_is_complete_with_the_money_and_its_proof_in_whatever_order() -> None:
    """RC-8: payment alone does not complete the step, nor does a proof alone."""
    paid = folded([ActKind.SET_AMOUNT, ActKind.PAY])
    proven = folded([ActKind.SET_AMOUNT, ActKind.PROVE])

    assert (paid, proven) == (CaseState.PAID, CaseState.PROVEN)
    assert folded([ActKind.SET_AMOUNT, ActKind.PAY, ActKind.PROVE]) is CaseState.SECURED
    assert folded([ActKind.SET_AMOUNT, ActKind.PROVE, ActKind.PAY]) is CaseState.SECURED
