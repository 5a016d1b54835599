"""Two releases of the messages side by side, in gateways that switch on different days."""

import pytest

from esad_gateway.emcs.codes import StatusType
from esad_gateway.emcs.messages import IE801
from esad_gateway.emcs.movement import Origin
from helpers.gateway import CONSIGNOR, FOREIGN_CONSIGNEE, Box, HandClock, Station, edited, new_draft
from helpers.protocol import interruption, status_question
from helpers.releases import make_release
from helpers.scenario import Scenario
from helpers.served import served

OTHER = "3.30"


@pytest.fixture
def box(box: Box) -> Box:
    """Member states that have a later release beside the present one."""
    for member in box.members.values():
        make_release(member.data.root / "schemas", OTHER)
    return box


def release_of(document: bytes) -> str:
    """The release in which a document is written."""
    return document.partition(b"PHASE4:IE")[2].partition(b":V")[2].partition(b'"')[0].decode()


def test_traders_and_peers_of_the_present_release_are_read_by_a_gateway_that_has_switched(
    box: Box, clock: HandClock
) -> None:
    """Nobody has to switch on the day on which somebody else does."""
    box.set("LT", release=f'"{OTHER}"')
    with box.open("LT", clock) as lt, box.open("PL", clock) as pl:
        way = Scenario.begin(box, lt, pl)
        assert way.report().faults == ()
        way.deliver()

        assert way.states() == ("X03", "X03")
        assert release_of(lt.document(CONSIGNOR, 2)) == OTHER
        assert release_of(pl.document("NDEA.LT", 2)) == "3.23"


def test_trader_of_the_later_release_is_read_by_a_gateway_that_has_not_switched(box: Box, lt: Station) -> None:
    """Its documents are judged by their own schemas, and what is issued is written in the gateway's release."""
    later = edited(
        box.signed(CONSIGNOR, new_draft()), box.traders[CONSIGNOR].signer, (b":V3.23", f":V{OTHER}".encode())
    )

    receipt = lt.take(later)

    assert receipt.faults == ()
    assert [release_of(lt.document(CONSIGNOR, seq)) for seq in (1, 2)] == [OTHER, "3.23"]


def test_status_of_a_movement_of_the_present_release_is_answered_after_the_switch(box: Box, clock: HandClock) -> None:
    """What we sent before is read from the store, and what the other side lacks is sent again."""
    with box.open("LT", clock) as lt, box.open("PL", clock) as pl:
        way = Scenario.begin(box, lt, pl)
    box.set("LT", release=f'"{OTHER}"')
    with box.open("LT", clock) as lt, box.open("PL", clock) as pl:
        later = Scenario(box, lt, pl, way.e_sad)

        assert later.peer("PL", status_question(StatusType.NONE)).faults == ()
        assert [kind for _, kind in lt.types("NDEA.PL")] == ["IE801", "IE904", "IE905", "IE801"]
        assert isinstance(lt.last("NDEA.PL"), IE801)


def test_parked_message_of_the_present_release_is_answered_after_the_switch(box: Box, clock: HandClock) -> None:
    """It is read again as what it was, when the message before it has come."""
    with box.open("LT", clock) as lt, box.open("PL", clock) as pl:
        lt.take(box.signed(CONSIGNOR, new_draft()))
        ((_, e_sad),) = lt.due()
        way = Scenario(box, lt, pl, lt.last(CONSIGNOR))
        assert way.peer("LT", interruption()).outcome == "parked"
    box.set("PL", release=f'"{OTHER}"')
    with box.open("PL", clock) as pl:
        pl.take(e_sad, Origin.ADMINISTRATION)

        assert [row["outcome"] for row in pl.rows("message") if row["type"] == "IE807"][:1] == ["accepted"]


def test_message_of_the_present_release_has_its_fields_after_the_switch(box: Box) -> None:
    """The JSON view is read by the release of the document, not by that in which the gateway writes."""
    with box.open("LT") as lt:
        lt.take(box.signed(CONSIGNOR, new_draft()))
    box.set("LT", release=f'"{OTHER}"')
    with served(box) as gateway:
        path, token = f"/v1/traders/{CONSIGNOR}/messages/2", gateway.trader(CONSIGNOR).token

        answer = gateway.get(path, token, accept="application/json")

        assert (answer.status, answer.json["message"]) == (200, "IE801")


def test_store_of_two_releases_proves_itself(box: Box, clock: HandClock) -> None:
    """The check decides every movement again, from documents of either release."""
    with box.open("LT", clock) as lt, box.open("PL", clock) as pl:
        way = Scenario.begin(box, lt, pl)
    box.set("PL", release=f'"{OTHER}"')
    with box.open("LT", clock) as lt, box.open("PL", clock) as pl:
        later = Scenario(box, lt, pl, way.e_sad)
        assert later.report().faults == ()
        later.deliver()

        assert later.states() == ("X03", "X03")
        assert {release_of(pl.document("NDEA.LT", seq)) for seq in (1, 2)} == {"3.23", OTHER}
        assert (lt.checked().problems, pl.checked().problems) == ((), ())
        assert pl.types(FOREIGN_CONSIGNEE)[-1] == ("out", "IE818")
