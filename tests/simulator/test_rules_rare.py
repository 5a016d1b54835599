"""Rules that only rare movements break are met by whole gateways as well: temporary ones, returns, Northern Ireland."""

import re
from dataclasses import replace
from decimal import Decimal

import pytest
from lxml import etree

from esad_gateway.emcs.messages import IE818, Message
from esad_gateway.emcs.messages.groups import Office
from esad_gateway.emcs.registry import ExciseOffice
from esad_gateway.simulator.making.maker import Maker, Wanted
from esad_gateway.simulator.scripts.model import Do, Then
from esad_gateway.simulator.world.emcs import Emcs
from esad_gateway.simulator.world.traders import SimulatedTrader
from esad_gateway.xml.release import current


def refused_by(trader: SimulatedTrader, message: Message) -> set[str]:
    """The rules by which the gateway of a trader refuses what it submits."""
    return {fault.rule for fault in trader.submit(message).faults}


def test_office_that_has_not_issued_the_authorisation_is_refused() -> None:
    """BR027: the report of a consignee with a temporary authorisation names another office that there is."""
    with Emcs() as emcs:
        warsaw = emcs.consignee("PL", temporary=True)
        movement = emcs.consignor("LT").dispatch(to=warsaw)
        warsaw.home.runtime.registry.add_operators((), [ExciseOffice(reference="PL002000")])
        report = warsaw.answer(movement.arc, Then(do=Do.ACCEPT))
        assert isinstance(report, IE818)

        other = replace(report, destination_office=Office(reference_number="PL002000"))

        assert refused_by(warsaw, other) == {"BR027"}


def test_place_of_delivery_of_goods_that_have_returned_is_refused() -> None:
    """C118: whoever has taken the goods back receives them where they left."""
    with Emcs() as emcs:
        vilnius, warsaw = emcs.consignor("LT"), emcs.consignee("PL")
        movement = vilnius.dispatch(to=warsaw)
        place = vilnius.e_sad(movement.arc).delivery_place_trader
        vilnius.take_back(movement)
        report = vilnius.answer(movement.arc, Then(do=Do.REPORT_RETURN))
        assert isinstance(report, IE818)

        assert refused_by(vilnius, replace(report, delivery_place_trader=place)) == {"C118"}


def test_authorisation_that_was_cut_down_covers_no_change() -> None:
    """BR053: of 1,000 litres 900 are on their way; then the office leaves 100, and the goods are to go elsewhere."""
    with Emcs() as emcs:
        vilnius = emcs.consignor("LT")
        warsaw = emcs.consignee("PL", temporary=True, reusable=True, quantities={"W200": 1000})
        movement = vilnius.dispatch(to=warsaw)
        temporary = warsaw.operator.temporary
        assert temporary is not None
        less = replace(temporary, quantities=dict.fromkeys(temporary.quantities, Decimal(1)))
        warsaw.register(replace(warsaw.operator, temporary=less))
        change = vilnius.answer(movement.arc, Then(do=Do.SEND_ELSEWHERE, place="Gdynia"))
        assert change is not None

        assert refused_by(vilnius, change) == {"BR053"}


@pytest.mark.parametrize("message", ["IE717", "IE840"])
def test_report_of_northern_ireland_is_about_northern_ireland(message: str) -> None:
    """R274: goods from Poland are on their way to it; its office reports on them under a number of another state."""
    with Emcs() as emcs:
        movement = emcs.consignor("PL").dispatch(to=emcs.consignee("XI"))
        office = emcs.office("XI")
        made = Maker().broken_sample(Wanted(message=message, own="LT", other="PL"), "R274-of-other-states")
        text = etree.tostring(current().write(made.message)).decode()
        text = re.sub(r"(?<=AdministrativeReferenceCode>)\w+", movement.arc, text)
        text = re.sub(r"(?<=ReferenceNumberOf)(\w+Office)>\w+", rf"\1>{office.reference}", text)

        receipt = emcs.run(emcs.world.take("XI", office.signer.sign(etree.fromstring(text))))

        assert "R274" in {fault.rule for fault in receipt.faults}
