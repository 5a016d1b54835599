"""What a member state decides for itself, from the settings of its gateway to the answers of its traders."""

from esad_gateway.emcs.messages import IE815
from esad_gateway.ports.reading import Outcome, Receipt
from helpers.gateway import CONSIGNOR, Box, HandClock, new_draft
from helpers.samples import evolve

OFF = '["BR001"]'


def again(first: IE815) -> IE815:
    """Another draft with the same local reference number."""
    number = first.ead_esad_draft.local_reference_number
    return evolve(new_draft(), {"ead_esad_draft.local_reference_number": number})


def submitted_twice(box: Box) -> Receipt:
    """The answer to the second draft with one local reference number."""
    first = new_draft()
    with box.open("LT", HandClock()) as lt:
        assert lt.take(box.signed(CONSIGNOR, first)).outcome is Outcome.ACCEPTED
        return lt.take(box.signed(CONSIGNOR, again(first)))


def test_optional_rule_is_asked(box: Box) -> None:
    """Where nothing is decided, a local reference number that was used is refused (BR001)."""
    assert [fault.rule for fault in submitted_twice(box).faults] == ["BR001"]


def test_optional_rule_is_switched_off(box: Box) -> None:
    """Where the state has left BR001 out, the second draft has an ARC of its own."""
    box.set("LT", rules_off=OFF)

    answer = submitted_twice(box)

    assert (answer.outcome, answer.faults) == (Outcome.ACCEPTED, ())
    assert answer.arc is not None


def test_optional_rule_is_switched_off_from_a_day_on(box: Box) -> None:
    """A change that has begun counts, and one that is still to come does not."""
    box.set("LT", changes='{ 2026-03-02 = { rules_off = ["BR001"] }, 2026-12-01 = { rules_off = [] } }')
    assert submitted_twice(box).outcome is Outcome.ACCEPTED

    box.set("LT", changes='{ 2026-12-01 = { rules_off = ["BR001"] } }')
    assert submitted_twice(box).outcome is Outcome.REFUSED
