"""What a movement's row keeps."""

from typing import Any, cast

from esad_gateway.emcs.codes import GlobalConclusionOfReceipt
from esad_gateway.emcs.movement import Side, Stage, due_at
from esad_gateway.store.rows import movement_of_row, movement_row
from helpers.playbook import Administration
from helpers.protocol import alert, change, receipt
from helpers.samples import draft


def test_movement_row_keeps_every_version_that_can_be_gone_back_to() -> None:
    """Several changes of destination may be under way: each one's earlier version comes back as it was."""
    lithuania = Administration("LT", Side.DISPATCH)
    for message in (draft(), change(), change(place="PL-THIRD-PLACE")):
        lithuania.takes(message)
    movement = lithuania.movement
    assert movement is not None
    assert movement.version(1) is not None
    row = cast("Any", movement_row(movement, "2026-03-02T10:00:00Z"))
    assert movement_of_row(row) == movement


def test_movement_row_keeps_how_far_its_timers_have_come() -> None:
    """Destination was asked and owes an answer; or the consignor was reminded of the change that it owes."""
    lithuania = Administration("LT", Side.DISPATCH)
    lithuania.takes(draft())
    for message, stages in ((None, (Stage.ASKED, None)), (alert(rejected=True), (Stage.ASKED, Stage.REMINDED))):
        if message:
            lithuania.hears(message)
        assert lithuania.movement is not None
        due = due_at(lithuania.movement)
        assert due is not None
        lithuania.at(due[0]).clock()
        row = cast("Any", movement_row(lithuania.movement, "2026-03-02T10:00:00Z"))
        found = movement_of_row(row)
        assert found == lithuania.movement
        assert (found.journey.stage, found.change and found.change.stage) == stages
        assert (row["clock_at"] is None) == (message is not None)


def test_movement_row_keeps_the_report_of_a_version_that_can_be_gone_back_to() -> None:
    """The report of a version that was refused stands with that version, and comes back as it was."""
    lithuania, poland = Administration("LT", Side.DISPATCH), Administration("PL", Side.DESTINATION)
    poland.hears(lithuania.takes(draft()).sends[0].message)
    lithuania.hears(poland.takes(receipt(GlobalConclusionOfReceipt.REFUSED)).sends[0].message)
    lithuania.takes(change())
    movement = lithuania.movement
    assert movement is not None
    assert movement.version(1) is not None
    row = cast("Any", movement_row(movement, "2026-03-02T10:00:00Z"))
    found = movement_of_row(row)
    assert found == movement
    assert [version.report is not None for version in found.versions] == [True]
