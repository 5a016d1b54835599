"""Scenarios S8 to S22 between two gateways that run: HTTP, signatures, stores, clocks; nothing is left out."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from esad_gateway.emcs.codes import GlobalConclusionOfReceipt, SubmitterType
from esad_gateway.emcs.messages import IE802, IE803, IE807, IE813, IE818, IE819, IE837, IE871, IE881
from esad_gateway.simulator.drafts import draft
from esad_gateway.simulator.stage import signed
from helpers.protocol import (
    alert,
    change,
    closure,
    closure_request,
    delay,
    event,
    interruption,
    returned,
    shortage,
    way_back,
)
from helpers.samples import evolve
from helpers.two_states import World, running_world

TIME_TO_CHANGE = timedelta(seconds=1)
SETTINGS = f"days_to_change = {TIME_TO_CHANGE / timedelta(days=1):.9f}"


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Lithuania and Poland, each a process; quick to retry, and with a second to give a new destination."""
    with running_world(tmp_path_factory.mktemp("box"), SETTINGS) as world:
        yield world


def test_s8_alert(world: World) -> None:
    """S8: the alert reaches the consignor; no state changes."""

    async def scenario() -> None:
        goods = await world.begin()
        await goods.submit(world.consignee, alert(rejected=False))
        await goods.consignor_gets(IE819, "PL")
        await goods.states("X01", "X01")

    world.play(scenario())


def test_s9_s17_s11_rejection_reminder_and_return(world: World) -> None:
    """S9: rejected; S17: no new destination in time, a reminder; S11: the goods return and are reported back."""

    async def scenario() -> None:
        goods = await world.begin()
        await goods.submit(world.consignee, alert(rejected=True))
        await goods.consignor_gets(IE819, "PL")
        await goods.states("X05", "X05")
        await goods.consignor_gets(IE802, "LT")
        await goods.submit(world.consignor, way_back())
        await goods.consignee_gets(IE803, "PL")
        await goods.states("X01", "X04")
        arrival = goods.e_sad.ead_esad.date_of_dispatch
        back = evolve(returned(), {"report_of_receipt_export.date_of_arrival_of_excise_products": arrival})
        await goods.submit(world.consignor, back)
        await goods.states("X03", "X04")

    world.play(scenario())


def test_s10_change_of_the_place_of_delivery(world: World) -> None:
    """S10: the change reaches the consignee, and the report names version 2."""

    async def scenario() -> None:
        goods = await world.begin()
        await goods.submit(world.consignor, change())
        await goods.consignee_gets(IE813, "LT")
        await goods.report(**{"excise_movement.sequence_number": 2, "delivery_place_trader": None})
        await goods.consignor_gets(IE818, "PL")
        await goods.states("X03", "X03")

    world.play(scenario())


def test_s12_change_after_refusal(world: World) -> None:
    """S12: refused, sent to another place of the same consignee, accepted there."""

    async def scenario() -> None:
        goods = await world.begin()
        refused = evolve(
            goods.received({1: Decimal(1)}),
            {"report_of_receipt_export.global_conclusion_of_receipt": GlobalConclusionOfReceipt.REFUSED},
        )
        await goods.submit(world.consignee, refused)
        await goods.states("X08", "X08")
        await goods.submit(world.consignor, change())
        await goods.consignee_gets(IE813, "LT")
        await goods.states("X01", "X01")
        await goods.report(**{"excise_movement.sequence_number": 2, "delivery_place_trader": None})
        await goods.states("X03", "X03")

    world.play(scenario())


def test_s12_change_after_a_partial_refusal_limits_the_quantities(world: World) -> None:
    """S12: five litres of the wine were refused and go elsewhere; more of them cannot be reported (BR025)."""

    async def scenario() -> None:
        goods = await world.begin()
        await goods.submit(world.consignee, goods.partly_refused(Decimal(5)))
        await goods.states("X10", "X10")
        await goods.submit(world.consignor, change())
        await goods.consignee_gets(IE813, "LT")
        second = {"excise_movement.sequence_number": 2, "delivery_place_trader": None}
        too_much = evolve(goods.received({1: Decimal(6)}), second)
        document = signed(world.consignee, goods.about(too_much, "PL"))
        status, answer = await world.stage.submit(world.consignee, document)
        assert (status, {fault["rule"] for fault in answer["faults"]}) == (422, {"BR025"})
        await goods.submit(world.consignee, evolve(goods.received({1: Decimal(5)}), second))
        await goods.states("X03", "X03")

    world.play(scenario())


def test_s13_change_of_consignee_is_refused(world: World) -> None:
    """S13: another consignee is refused by BR050, and nothing changes."""

    async def scenario() -> None:
        goods = await world.begin()
        other = evolve(change(), {"destination_changed.new_consignee_trader.traderid": "PL00000000299"})
        document = signed(world.consignor, goods.about(other, "LT"))
        status, answer = await world.stage.submit(world.consignor, document)
        assert status == 422
        assert "BR050" in [fault["rule"] for fault in answer["faults"]]
        await goods.states("X01", "X01")

    world.play(scenario())


def test_s14_s22_deferred_movement_without_a_report(world: World) -> None:
    """S22: a draft after a fallback document; S14: its hour is over, destination is asked, both traders reminded."""

    async def scenario() -> None:
        now = datetime.now(UTC)
        late = draft(world.parties, now, now.date() - timedelta(days=2), deferred=True)
        goods = await world.begin(evolve(late, {"header_ead_esad.journey_time": "H01"}))
        await goods.consignor_gets(IE802, "LT")
        await goods.consignee_gets(IE802, "LT")
        await goods.states("X01", "X01")

    world.play(scenario())


@pytest.mark.parametrize("submitter", SubmitterType, ids=lambda item: item.name.lower())
def test_s16_delay_is_explained(world: World, submitter: SubmitterType) -> None:
    """S16: either trader explains, and the other one reads it."""

    async def scenario() -> None:
        goods = await world.begin()
        consignor = submitter is SubmitterType.CONSIGNOR
        await goods.submit(world.consignor if consignor else world.consignee, delay(submitter))
        await (goods.consignee_gets(IE837, "LT") if consignor else goods.consignor_gets(IE837, "PL"))
        await goods.states("X01", "X01")

    world.play(scenario())


@pytest.mark.parametrize("submitter", SubmitterType, ids=lambda item: item.name.lower())
def test_s18_shortage_is_explained(world: World, submitter: SubmitterType) -> None:
    """S18: after a report with a shortage either trader explains it."""

    async def scenario() -> None:
        goods = await world.begin()
        await goods.submit(world.consignee, goods.received({1: Decimal(10)}))
        await goods.states("X03", "X03")
        consignor = submitter is SubmitterType.CONSIGNOR
        await goods.submit(world.consignor if consignor else world.consignee, shortage(submitter))
        await (goods.consignee_gets(IE871, "LT") if consignor else goods.consignor_gets(IE871, "PL"))

    world.play(scenario())


def test_s19_interruption(world: World) -> None:
    """S19: a Polish office stops the movement; both traders get the order."""

    async def scenario() -> None:
        goods = await world.begin()
        await goods.order("PL", interruption())
        await goods.consignor_gets(IE807, "PL")
        await goods.consignee_gets(IE807, "PL")
        await goods.states("X13", "X13")

    world.play(scenario())


@pytest.mark.parametrize(("accepted", "state"), [(True, "X07"), (False, "X01")], ids=["accepted", "rejected"])
def test_s20_manual_closure(world: World, *, accepted: bool, state: str) -> None:
    """S20: Poland asks for closure; Lithuania accepts and both sides are closed, or rejects and nothing changes."""

    async def scenario() -> None:
        goods = await world.begin()
        await goods.order("PL", closure_request())
        await goods.order("LT", closure(accepted=accepted), "the-request")
        await goods.consignor_gets(IE881, "LT")
        await goods.consignee_gets(IE881, "LT")
        await goods.states(state, state)

    world.play(scenario())


def test_s21_event_report(world: World) -> None:
    """S21: an event is reported between the administrations; the movement goes on."""

    async def scenario() -> None:
        goods = await world.begin()
        await goods.order("PL", event())
        await goods.report()
        await goods.states("X03", "X03")

    world.play(scenario())


def test_stores_are_whole_after_all_of_it(world: World) -> None:
    """Everything that the traders were told stands in the stores, every signature holds, nothing waits or is dead."""

    async def scenario() -> None:
        for member in world.stage.members.values():
            evidence = await world.stage.audited(member)
            assert evidence.report.messages > 0

    world.play(scenario())
