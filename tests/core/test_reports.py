"""Event and control reports: which one a message is, and which ones an interruption is judged by (S19, S21)."""

from dataclasses import replace

import pytest

from esad_gateway.emcs.messages import IE807, Message
from esad_gateway.emcs.messages.groups import ReferenceControlReport, ReferenceEventReport
from esad_gateway.emcs.messages.subject import report_of
from esad_gateway.emcs.procedure.asked import reports_asked
from helpers.playbook import ARC
from helpers.protocol import control_report, delay, event, interruption
from helpers.samples import evolve

EVENT, CONTROL = "PLEVENT000000012", "PLCONTROL0000013"


@pytest.mark.parametrize(
    ("message", "report"),
    [
        pytest.param(control_report(CONTROL), (CONTROL, ARC), id="IE717"),
        pytest.param(evolve(event(), {"header_event_report.event_report_number": EVENT}), (EVENT, ARC), id="IE840"),
        pytest.param(event(), None, id="IE840 that is not validated (C080)"),
        pytest.param(replace(event(), excise_movement=None), None, id="IE840 about no e-SAD"),
        pytest.param(delay(), None, id="IE837"),
    ],
)
def test_report_is_known_by_its_number_and_movement(message: Message, report: tuple[str, str] | None) -> None:
    """What an interruption may name later."""
    assert report_of(message) == report


def test_interruption_is_judged_by_the_reports_that_it_names() -> None:
    """S19: every event and control report of the IE807, about its own movement; no other message names any."""
    order: IE807 = replace(
        interruption(),
        reference_event_report=(ReferenceEventReport(event_report_number=EVENT),),
        reference_control_report=(ReferenceControlReport(control_report_reference=CONTROL),),
    )
    assert reports_asked(order) == {(EVENT, ARC), (CONTROL, ARC)}
    assert reports_asked(interruption()) == frozenset()
    assert reports_asked(event()) == frozenset()
