"""Simulated traders with a temporary authorisation, and what the rules say about them."""

from collections.abc import Iterator
from datetime import date

import pytest

from esad_gateway.emcs.registry import OperatorType
from esad_gateway.errors import UnreadableInput
from esad_gateway.simulator.goods import beer, spirits, wine
from esad_gateway.simulator.world.emcs import Emcs
from esad_gateway.simulator.world.traders import SimulatedTrader, SubmissionRefused


@pytest.fixture
def emcs() -> Iterator[Emcs]:
    """A world without states."""
    with Emcs() as world:
        yield world


def broken(refused: pytest.ExceptionInfo[SubmissionRefused]) -> list[str]:
    """The rules that a refusal names."""
    return [fault.rule for fault in refused.value.receipt.faults]


def named_by(trader: SimulatedTrader) -> str | None:
    """Whom the authorisation of a trader names now."""
    assert trader.operator.temporary is not None
    return trader.operator.temporary.counterparty


def test_greek_trader_with_a_temporary_authorisation_receives_spirits(emcs: Emcs) -> None:
    """It is known on both sides, and the first consignor that sends to it is the one that it names from then on."""
    vilnius = emcs.consignor("LT")
    athens = emcs.consignee("EL", products=["S200"], temporary=True, will="accept")
    assert athens.operator.operator_type is OperatorType.TEMPORARY_CERTIFIED_CONSIGNEE
    assert named_by(athens) is None

    movement = vilnius.dispatch(to=athens, lines=[spirits(litres=100)])
    emcs.clock.advance(days=1)

    assert movement.delivered
    assert named_by(athens) == vilnius.seed
    assert athens.e_sad(movement.arc).header_ead_esad.destination_type_code == "10"


def test_goods_for_a_temporary_consignee_are_sent_to_another_place(emcs: Emcs) -> None:
    """R045: the change of destination says as the e-SAD does that the consignee has a temporary authorisation."""
    vilnius, warsaw = emcs.consignor("LT"), emcs.consignee("PL", temporary=True)
    movement = vilnius.dispatch(to=warsaw)

    vilnius.send_to_other_place(movement, "Gdynia")

    assert warsaw.home.known(movement.arc) is not None
    assert "IE813" in movement.messages()


def test_temporary_consignor_is_registered_when_it_names_somebody(emcs: Emcs) -> None:
    """C209: its authorisation has to name a consignee, so nobody knows it before its first draft."""
    vilnius, warsaw = emcs.consignor("LT", temporary=True), emcs.consignee("PL")
    assert vilnius.seed not in emcs.world.operators

    movement = vilnius.dispatch(to=warsaw)

    assert named_by(vilnius) == warsaw.seed
    assert movement.state_at_destination == "accepted"


def test_two_temporary_traders_name_each_other(emcs: Emcs) -> None:
    """BR047 holds for two that meet in their first draft."""
    movement = emcs.consignor("LT", temporary=True).dispatch(to=emcs.consignee("PL", temporary=True))

    assert movement.state_at_destination == "accepted"


@pytest.mark.parametrize(("who", "rule"), [((True, False), "BR045"), ((False, True), "BR046"), ((True, True), "BR047")])
def test_authorisation_that_names_somebody_else_allows_nothing(emcs: Emcs, who: tuple[bool, bool], rule: str) -> None:
    """BR045 to BR047: whoever is named by an authorisation is the only one to deal with."""
    others = emcs.consignor("LT"), emcs.consignee("PL")
    vilnius = emcs.consignor("LT", temporary=True, counterparty=others[1]) if who[0] else emcs.consignor("LT")
    warsaw = emcs.consignee("PL", temporary=True, counterparty=others[0]) if who[1] else emcs.consignee("PL")

    with pytest.raises(SubmissionRefused) as refused:
        vilnius.dispatch(to=warsaw)

    assert broken(refused) == [rule]


def test_authorisation_is_good_for_one_movement(emcs: Emcs) -> None:
    """BR052: a second e-SAD is refused, unless the authorisation is reusable."""
    vilnius = emcs.consignor("LT")
    once, often = emcs.consignee("PL", temporary=True), emcs.consignee("PL", temporary=True, reusable=True)
    for warsaw in (once, often, often):
        vilnius.dispatch(to=warsaw)

    with pytest.raises(SubmissionRefused) as refused:
        vilnius.dispatch(to=once)

    assert broken(refused) == ["BR052"]


def test_quantities_are_used_up(emcs: Emcs) -> None:
    """BR052: what an e-SAD took of a reusable authorisation is gone."""
    vilnius = emcs.consignor("LT", temporary=True, reusable=True, quantities={"W200": 1000})
    warsaw = emcs.consignee("PL")
    vilnius.dispatch(to=warsaw, lines=[wine(litres=900)])

    with pytest.raises(SubmissionRefused) as refused:
        vilnius.dispatch(to=warsaw, lines=[wine(litres=101)])

    assert broken(refused) == ["BR052"]
    vilnius.dispatch(to=warsaw, lines=[wine(litres=100)])


def test_product_without_a_quantity_is_refused(emcs: Emcs) -> None:
    """BR049: the authorisation of the consignee has a quantity for wine, and none for beer."""
    with pytest.raises(SubmissionRefused) as refused:
        emcs.consignor("LT").dispatch(
            to=emcs.consignee("PL", temporary=True, products=["W200"]), lines=[wine(litres=1), beer(litres=1)]
        )

    assert broken(refused) == ["BR049"]


def test_journey_that_ends_after_the_authorisation_is_refused(emcs: Emcs) -> None:
    """BR055: the authorisation holds through the last day of the journey."""
    vilnius = emcs.consignor("LT")
    warsaw = emcs.consignee("PL", temporary=True, until=date(2026, 3, 7))

    with pytest.raises(SubmissionRefused) as refused:
        vilnius.dispatch(to=warsaw, journey_days=6)

    assert broken(refused) == ["BR055"]
    vilnius.dispatch(to=warsaw, journey_days=5)


def test_register_takes_no_authorisation_within_one_state(emcs: Emcs) -> None:
    """R233: the counterparty is in another member state; the rule is told, and nothing was entered."""
    vilnius = emcs.consignor("LT")

    with pytest.raises(UnreadableInput, match=rf"R233: .*it says '{vilnius.seed}'"):
        emcs.consignee("LT", temporary=True, counterparty=vilnius)

    assert list(emcs.world.operators) == [vilnius.seed]


def test_register_takes_no_second_consignor_of_a_temporary_consignee(emcs: Emcs) -> None:
    """BR051: no other temporary consignor may name the same temporary consignee meanwhile."""
    warsaw = emcs.consignee("PL", temporary=True)
    emcs.consignor("LT", temporary=True, counterparty=warsaw)

    with pytest.raises(UnreadableInput, match="BR051"):
        emcs.consignor("DE", temporary=True, counterparty=warsaw)


def test_limits_of_a_trader_that_is_not_temporary_are_refused(emcs: Emcs) -> None:
    """Nothing that somebody asked for is left out in silence."""
    with pytest.raises(UnreadableInput, match="quantities, reusable belongs to a temporary authorisation"):
        emcs.consignee("PL", quantities={"W200": 1}, reusable=True)


def test_greece_takes_part_when_a_state_knows_since_when() -> None:
    """GW-010: where Lithuania is told since when Greece takes part, an earlier draft is refused with that day."""
    with Emcs(settings={"LT": {"esad_from": {"EL": date(2026, 3, 4)}}}) as emcs:
        vilnius, athens = emcs.consignor("LT"), emcs.consignee("EL")
        with pytest.raises(SubmissionRefused, match="EL takes part in the e-SAD from 2026-03-04 on") as refused:
            vilnius.dispatch(to=athens)
        assert broken(refused) == ["GW-010"]

        emcs.clock.advance(days=2)
        assert vilnius.dispatch(to=athens).state_at_destination == "accepted"


def test_state_that_does_not_exist_is_refused_with_the_right_code(emcs: Emcs) -> None:
    """Greece is EL here; whoever says GR is told so."""
    with pytest.raises(UnreadableInput, match="EL"):
        emcs.consignor("GR")
    with pytest.raises(UnreadableInput, match="'ZZ'"):
        emcs.consignor("ZZ")


def test_trader_has_a_name_that_people_read(emcs: Emcs) -> None:
    """Without a name of its own a trader is called by its number."""
    assert emcs.consignor("LT").operator.name == "Trader LT00000000101"
