"""Groups that many messages have in common are written once, and say the same."""

from dataclasses import replace

from esad_gateway.xml.binding import binder_for
from helpers.gateway import new_draft


def test_one_of_many_is_written_as_alone() -> None:
    """Whether its groups were written before, as the same objects, or only say something similar."""
    binder, draft = binder_for("V3.23"), new_draft()
    assert draft.consignee_trader is not None
    other = replace(draft, consignee_trader=replace(draft.consignee_trader, trader_name="UAB Kitas"))
    back = replace(other, consignee_trader=draft.consignee_trader)

    for one in (draft, draft, other, back, *(replace(other, header=draft.header) for _ in range(3))):
        assert binder.form(one, one_of_many=True) == binder.form(one)


def test_many_groups_are_not_kept_for_ever() -> None:
    """What is kept is forgotten when it is too much; nothing is mistaken for what had its place in memory."""
    binder, draft = binder_for("V3.23"), new_draft()
    assert draft.consignee_trader is not None
    for number in range(600):
        trader = replace(draft.consignee_trader, trader_name=f"UAB {number}")
        one = replace(draft, consignee_trader=trader)
        assert binder.form(one, one_of_many=True) == binder.form(one)
