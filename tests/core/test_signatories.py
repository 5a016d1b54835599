"""Who may sign what: the trader that each message names."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from esad_gateway.emcs.codes import SubmitterType
from esad_gateway.emcs.messages import MESSAGES, Message
from esad_gateway.emcs.messages.kinds import trader_of, written_by_trader
from esad_gateway.xml.plain import message_to_plain
from helpers.any_message import any_message
from helpers.protocol import CONSIGNEE, CONSIGNOR, alert, change, delay, receipt, reminder, shortage
from helpers.samples import draft

SIGNED_BY = {
    "IE815": ("consignor_trader", "trader_excise_number"),
    "IE813": ("nobody", "named"),
    "IE818": ("consignee_trader", "traderid"),
    "IE819": ("consignee_trader", "traderid"),
    "IE837": ("attributes", "submitter_identification"),
    "IE871/1": ("consignor_trader", "trader_excise_number"),
    "IE871/2": ("consignee_trader", "traderid"),
}


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(message=any_message())
def test_trader_is_the_one_in_the_role_of_the_message(message: Message) -> None:
    """The number comes from the group of the role that signs this type, and is None where that group is absent."""
    plain: dict[str, Any] = message_to_plain(message)
    explainer = f"IE871/{plain['attributes']['submitter_type']}" if plain["message"] == "IE871" else plain["message"]
    group, field = SIGNED_BY.get(explainer, ("an", "administration"))

    assert trader_of(message) == plain.get(group, {}).get(field)


@pytest.mark.parametrize(
    ("message", "trader"),
    [
        pytest.param(draft(), CONSIGNOR, id="IE815"),
        pytest.param(change(), None, id="IE813"),
        pytest.param(receipt(), CONSIGNEE, id="IE818"),
        pytest.param(alert(rejected=False), CONSIGNEE, id="IE819"),
        pytest.param(delay(SubmitterType.CONSIGNOR), CONSIGNOR, id="IE837"),
        pytest.param(shortage(SubmitterType.CONSIGNOR), CONSIGNOR, id="IE871 of the consignor"),
        pytest.param(shortage(SubmitterType.CONSIGNEE), CONSIGNEE, id="IE871 of the consignee"),
        pytest.param(replace(shortage(), consignee_trader=None), None, id="IE871 without its group"),
        pytest.param(replace(shortage(SubmitterType.CONSIGNOR), consignor_trader=None), None, id="IE871 of nobody"),
        pytest.param(reminder(), None, id="IE802"),
    ],
)
def test_trader_who_signs(message: Message, trader: str | None) -> None:
    """The consignor, the consignee or the submitter, as the type says; nobody where an administration writes."""
    assert trader_of(message) == trader


@pytest.mark.parametrize("message_type", MESSAGES, ids=lambda message_type: message_type.__name__)
def test_types_divide_into_traders_and_administrations(message_type: type[Message]) -> None:
    """Six types are written by traders, all others by administrations."""
    traders = {name.partition("/")[0] for name in SIGNED_BY}

    assert written_by_trader(message_type) == (message_type.__name__ in traders)
