"""A gateway whose traders write and read local time: UTC between administrations all the same."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time

import pytest

from esad_gateway.emcs.codes import StatusType
from esad_gateway.ports.reading import MovementQuery, Outcome
from helpers.gateway import (
    CONSIGNEE,
    CONSIGNOR,
    FOREIGN_CONSIGNEE,
    FOREIGN_CONSIGNOR,
    NOW,
    Box,
    Station,
    new_draft,
    new_report,
)

AFTER_MIDNIGHT = time(0, 30)


@pytest.fixture
def local(box: Box) -> Iterator[Station]:
    """The gateway of Lithuania, with local times towards its traders; two hours ahead of UTC in March."""
    box.set("LT", trader_times='"local"')
    with box.open("LT") as station:
        yield station


def test_e_sad_is_in_utc_for_the_other_state_and_local_for_the_consignor(box: Box, local: Station, pl: Station) -> None:
    """Goods leave half an hour after midnight: the day before in UTC. Nobody notices a difference but in the hours."""
    plain = new_draft()
    draft = replace(plain, ead_esad_draft=replace(plain.ead_esad_draft, time_of_dispatch=AFTER_MIDNIGHT))

    local.take(box.signed(CONSIGNOR, draft))
    local.deliver_to(pl)

    theirs, own = pl.last("NDEA.LT"), local.last(CONSIGNOR)
    assert (theirs.ead_esad.date_of_dispatch, theirs.ead_esad.time_of_dispatch) == (date(2026, 3, 1), time(22, 30))
    assert (own.ead_esad.date_of_dispatch, own.ead_esad.time_of_dispatch) == (date(2026, 3, 2), AFTER_MIDNIGHT)
    assert _hour(theirs.excise_movement.date_and_time_of_validation_of_ead_esad) == NOW.hour
    assert _hour(own.excise_movement.date_and_time_of_validation_of_ead_esad) == NOW.hour + 2
    assert own.header.message_identifier != theirs.header.message_identifier
    assert local.types(CONSIGNOR) == [("in", "IE815"), ("out", "IE801")]
    # Destination keeps UTC towards its own traders, so that its consignee gets what came.
    assert pl.document(FOREIGN_CONSIGNEE, 1) == local.document("NDEA.PL", 1)
    [movement] = local.runtime.mailboxes.movement(CONSIGNOR, own.excise_movement.administrative_reference_code)
    assert movement.dispatched_at == datetime(2026, 3, 1, 22, 30, tzinfo=UTC)
    assert local.problems_of_documents(box) == []


def test_foreign_e_sad_is_issued_anew_and_its_report_goes_out_in_utc(box: Box, local: Station, pl: Station) -> None:
    """The consignee gets the e-SAD from its own administration; the original stays where it came from."""
    pl.take(box.signed(FOREIGN_CONSIGNOR, new_draft(FOREIGN_CONSIGNOR, CONSIGNEE)))
    pl.deliver_to(local)
    original, issued = local.last("NDEA.PL"), local.last(CONSIGNEE)

    receipt = local.take(box.signed(CONSIGNEE, new_report(issued)))
    local.deliver_to(pl)

    assert local.document("NDEA.PL", 1) == pl.document("NDEA.LT", 1)
    assert original.header.message_sender == "NDEA.PL"
    assert issued.header.message_sender == "NDEA.LT"
    assert _hour(issued.header_ead_esad.date_and_time_of_update_validation) == NOW.hour + 2
    assert receipt.outcome is Outcome.ACCEPTED
    echoed, sent = local.last(CONSIGNEE), pl.last("NDEA.LT")
    assert _hour(echoed.attributes.date_and_time_of_validation_of_report_of_receipt_export) == NOW.hour + 2
    assert _hour(sent.attributes.date_and_time_of_validation_of_report_of_receipt_export) == NOW.hour
    [movement] = pl.runtime.mailboxes.movements(FOREIGN_CONSIGNOR, MovementQuery())
    assert movement.state is StatusType.DELIVERED
    assert local.problems_of_documents(box) == []


def test_held_report_is_released_in_both_times(box: Box, pl: Station) -> None:
    """What was held keeps both documents: local for the consignee, UTC for the other administration."""
    box.set("LT", trader_times='"local"', formalities_days=1)
    with box.open("LT") as lt:
        pl.take(box.signed(FOREIGN_CONSIGNOR, new_draft(FOREIGN_CONSIGNOR, CONSIGNEE)))
        pl.deliver_to(lt)
        lt.take(box.signed(CONSIGNEE, new_report(lt.last(CONSIGNEE))))
        assert lt.types(CONSIGNEE) == [("out", "IE801"), ("in", "IE818")]

        lt.clock.move(days=1)
        lt.deliver_to(pl)

        echoed, sent = lt.last(CONSIGNEE), pl.last("NDEA.LT")
        assert _hour(echoed.attributes.date_and_time_of_validation_of_report_of_receipt_export) == NOW.hour + 2
        assert _hour(sent.attributes.date_and_time_of_validation_of_report_of_receipt_export) == NOW.hour
        assert lt.problems_of_documents(box) == []


def test_refusal_is_written_in_local_time(box: Box, local: Station) -> None:
    """The IE704 of a refused draft is for its trader only."""
    wrong = replace(new_draft(), transport_mode=replace(new_draft().transport_mode, transport_mode_code="6"))

    receipt = local.take(box.signed(CONSIGNOR, wrong))

    assert receipt.outcome is Outcome.REFUSED
    assert local.last(CONSIGNOR).header.time_of_preparation.hour == NOW.hour + 2


def _hour(moment: datetime) -> int:
    return moment.hour
