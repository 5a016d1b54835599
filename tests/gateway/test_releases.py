"""Two releases of the messages side by side, in gateways that switch on different days."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
import structlog
import structlog.testing

from esad_gateway.emcs.codes import StatusType
from esad_gateway.emcs.messages import IE801
from esad_gateway.emcs.movement import Origin
from esad_gateway.emcs.releases import Schedule
from esad_gateway.errors import NotConfigured
from helpers.gateway import CONSIGNOR, FOREIGN_CONSIGNEE, NOW, Box, HandClock, Station, edited, new_draft
from helpers.protocol import interruption, status_question
from helpers.releases import make_release
from helpers.samples import evolve
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


def test_everybody_gets_messages_in_the_release_that_they_read(box: Box, clock: HandClock) -> None:
    """The peer has switched and the consignor has not: one message, two documents, under one identifier."""
    with box.open("LT", clock) as lt:
        lt.runtime.registry.set_release("NDEA.PL", Schedule(OTHER))
    with box.open("LT", clock) as lt, box.open("PL", clock) as pl:
        dated = evolve(new_draft(), {"ead_esad_draft.invoice_date": NOW.date()})
        with warnings() as logs:
            assert lt.take(box.signed(CONSIGNOR, dated)).faults == ()
        way = Scenario(box, lt, pl, lt.last(CONSIGNOR))
        way.deliver()

        shown, sent = lt.document(CONSIGNOR, 2), lt.document("NDEA.PL", 1)
        assert (release_of(shown), release_of(sent)) == ("3.23", OTHER)
        assert lt.message(CONSIGNOR, 2).ead_esad.invoice_date == NOW.date()
        assert lt.message("NDEA.PL", 1).ead_esad.invoice_date is None
        assert lt.message(CONSIGNOR, 2).header == lt.message("NDEA.PL", 1).header
        assert [entry["left_out"] for entry in logs if "left_out" in entry] == [("EadEsad/InvoiceDate",)]
        assert lt.problems_of_documents(box) == []
        assert way.report().faults == ()
        way.deliver()
        assert (lt.checked().problems, pl.checked().problems) == ((), ())


def test_trader_gets_what_a_peer_wrote_in_the_release_that_it_reads(box: Box, clock: HandClock) -> None:
    """It is issued to the trader anew; the original stays in the mailbox of the administration that signed it."""
    box.set("LT", release=f'"{OTHER}"')
    with box.open("LT", clock) as lt, box.open("PL", clock) as pl:
        way = Scenario.begin(box, lt, pl)

        original, shown = pl.document("NDEA.LT", 1), pl.document(FOREIGN_CONSIGNEE, 1)
        assert (release_of(original), release_of(shown)) == (OTHER, "3.23")
        assert pl.last(FOREIGN_CONSIGNEE).excise_movement == pl.message("NDEA.LT", 1).excise_movement
        clock.move(days=40)
        way.tick()
        way.deliver()
        assert (lt.checked().problems, pl.checked().problems) == ((), ())


def test_gateways_that_switch_on_different_days_go_on(box: Box, clock: HandClock) -> None:
    """Lithuania on the first day, Poland on the second: a movement of every day is closed on the last."""
    first, second = (f"3.23, {OTHER} from {(NOW + timedelta(days=days)).isoformat()}" for days in (1, 2))
    box.set("LT", release=f'"{second}"', trader_release=f'"{first}"')
    box.set("PL", release=f'"{first}"', trader_release=f'"{second}"')
    written = []
    with box.open("LT", clock) as lt, box.open("PL", clock) as pl:
        ways = []
        for _ in range(3):
            assert lt.take(box.signed(CONSIGNOR, new_draft(at=clock.at))).faults == ()
            ways.append(Scenario(box, lt, pl, lt.last(CONSIGNOR)))
            ways[-1].deliver()
            ends = (lt.document(CONSIGNOR, lt.mailbox(CONSIGNOR)[-1].seq), lt.document("NDEA.PL", len(ways)))
            written.append((*map(release_of, ends), release_of(last_document(pl, FOREIGN_CONSIGNEE))))
            clock.move(days=1)
        for way in ways:
            assert way.report().faults == ()
            way.deliver()

        assert written == [("3.23", "3.23", "3.23"), (OTHER, "3.23", "3.23"), (OTHER, OTHER, OTHER)]
        assert {row["state"] for station in (lt, pl) for row in station.rows("movement")} == {"X03"}
        assert (lt.checked().problems, pl.checked().problems) == ((), ())


@contextmanager
def warnings() -> Iterator[list[Any]]:
    """What is logged from warnings on."""
    before = structlog.get_config()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    try:
        with structlog.testing.capture_logs() as logs:
            yield logs
    finally:
        structlog.configure(**before)


def last_document(station: Station, mailbox: str) -> bytes:
    """The newest document of a mailbox."""
    return station.document(mailbox, station.mailbox(mailbox)[-1].seq)


def test_peer_that_reads_an_unknown_release_stops_a_start(box: Box) -> None:
    """Nobody could write for it."""
    with box.open("LT") as lt:
        lt.runtime.registry.set_release("NDEA.PL", Schedule("3.23").then("3.99", NOW))

    with pytest.raises(NotConfigured, match=r"no schemas of release 3\.99; known are 3\.23, 3\.30"), box.open("LT"):
        pass
