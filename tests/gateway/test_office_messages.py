"""Rules that ask the list of offices and the reports that are kept, and the rules on what our own office writes."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from esad_gateway.emcs.administration_codes import ReasonForControl
from esad_gateway.emcs.messages import IE704, IE717, IE807, IE840, Message
from esad_gateway.emcs.messages.groups import ReferenceControlReport, ReferenceEventReport
from esad_gateway.emcs.messages.ie717 import BodyControlReport
from esad_gateway.emcs.movement import Origin
from esad_gateway.emcs.registry import ExciseOffice
from esad_gateway.live_trust import LOOK_AGAIN
from esad_gateway.ports.reading import Outcome, Receipt
from esad_gateway.signing.signer import XmlSigner
from esad_gateway.store.opening import open_store
from esad_gateway.store.registry import Registry
from esad_gateway.xml.binding import Binder
from helpers.counting import statements
from helpers.gateway import CONSIGNOR, FOREIGN_CONSIGNEE, NOW, Box, Station, new_draft
from helpers.protocol import alert, closure_request, control_report, event, interruption
from helpers.samples import evolve
from helpers.scenario import Scenario

OFFICES = [ExciseOffice(reference=reference) for reference in ("LT001000", "PL001000")]
UNKNOWN = "PL009999"
VALIDATED = "attributes.date_and_time_of_validation_of_control_report"
CONTROL = "PL00000000000033"


@pytest.fixture
def offices(box: Box) -> None:
    """Both states keep a list of offices."""
    for member in box.members.values():
        store = open_store(member.data.database, member.address)
        Registry(store).add_operators((), OFFICES)
        store.close()


@pytest.fixture
def way(box: Box, lt: Station, pl: Station) -> Scenario:
    """A movement on its way."""
    return Scenario.begin(box, lt, pl)


def faults(receipt: Receipt) -> list[tuple[str, str, str | None]]:
    """Rule, place below the body, and value of every fault."""
    return [(fault.rule, fault.path.split("/", 4)[4], fault.value) for fault in receipt.faults]


def referring(*, event_report: str | None = None, control: str | None = None) -> IE807:
    """An interruption that refers to a report."""
    return replace(
        interruption(),
        reference_event_report=(ReferenceEventReport(event_report_number=event_report),) if event_report else (),
        reference_control_report=(ReferenceControlReport(control_report_reference=control),) if control else (),
    )


def document(way: Scenario, message: Message, signer: XmlSigner, state: str, *, to: str) -> bytes:
    """What an office or the administration of a state writes about the movement."""
    fresh = way.about(message, state)
    addressed = replace(fresh, header=replace(fresh.header, message_recipient=to))
    return signer.sign(Binder("V3.23").write(addressed))


def asked_of(station: Station, table: str, action: Callable[[], Receipt]) -> int:
    """How often an accepted submission asks a table."""
    with statements(station.runtime.store.writer) as traced:
        assert action().faults == ()
    return sum(f"FROM {table} " in one.replace("\n", " ") for one in traced if one.startswith("SELECT"))


@pytest.mark.usefixtures("offices")
def test_office_that_is_not_in_the_list_is_refused(box: Box, lt: Station, pl: Station) -> None:
    """R236: traders and our own office name offices of the list; the known ones pass."""
    way = Scenario.begin(box, lt, pl)
    place = "DestinationOffice/ReferenceNumber"
    wrong = {"destination_office.reference_number": UNKNOWN}
    draft = evolve(new_draft(), {"competent_authority_dispatch_office.reference_number": "LT009999"})

    assert faults(lt.take(box.signed(CONSIGNOR, draft))) == [
        ("R236", "CompetentAuthorityDispatchOffice/ReferenceNumber", "LT009999")
    ]
    assert faults(way.report(wrong)) == [("R236", place, UNKNOWN)]
    assert faults(way.consignee(evolve(alert(rejected=False), wrong))) == [("R236", place, UNKNOWN)]
    stopped = evolve(interruption(), {"attributes.reference_number_of_excise_office": UNKNOWN})
    assert faults(way.office("PL", stopped)) == [("R236", "Attributes/ReferenceNumberOfExciseOffice", UNKNOWN)]
    reported = evolve(event(), {"header_event_report.reference_number_of_excise_office": UNKNOWN})
    assert faults(way.office("PL", reported)) == [("R236", "HeaderEventReport/ReferenceNumberOfExciseOffice", UNKNOWN)]
    assert way.office("PL", interruption()).faults == ()


def test_list_of_offices_that_is_imported_while_the_gateway_runs(box: Box, lt: Station) -> None:
    """As long as no list is kept R236 is not asked; one that is imported counts once the registry is looked at."""
    draft = {"competent_authority_dispatch_office.reference_number": "LT009999"}
    assert lt.take(box.signed(CONSIGNOR, evolve(new_draft(), draft))).faults == ()

    lt.runtime.registry.add_operators((), OFFICES)
    lt.clock.move(seconds=LOOK_AGAIN + 0.05)

    assert [fault.rule for fault in lt.take(box.signed(CONSIGNOR, evolve(new_draft(), draft))).faults] == ["R236"]


@pytest.mark.usefixtures("offices")
def test_list_of_offices_costs_no_question(box: Box, lt: Station) -> None:
    """The list is in memory: a draft that names an office does not ask the store for it."""
    assert asked_of(lt, "office", lambda: lt.take(box.signed(CONSIGNOR, new_draft()))) == 0


def test_refusal_of_an_office_message_is_an_ie704(way: Scenario) -> None:
    """What our own office writes is refused as a trader's message is, in the administration's own mailbox."""
    receipt = way.office("LT", referring(event_report="PL00000000000011"))

    assert receipt.outcome is Outcome.REFUSED
    refusal = way.lt.last("NDEA.LT")
    assert isinstance(refusal, IE704)
    assert [error.error_type for error in refusal.functional_error] == ["12"]
    assert way.states() == ("X01", "X01")


@pytest.mark.parametrize("state", ["LT", "PL"])
def test_interruption_refers_to_an_event_report_that_is_kept(way: Scenario, state: str) -> None:
    """R098: the report's number is known where it was given and where it was delivered, for its own ARC only."""
    place = "ReferenceEventReport[1]/EventReportNumber"
    assert faults(way.office(state, referring(event_report="PL00000000000011"))) == [
        ("R098", place, "PL00000000000011")
    ]
    assert way.office("PL", event()).faults == ()
    way.deliver()
    report = way.lt.last("NDEA.PL")
    assert isinstance(report, IE840)
    number = report.header_event_report.event_report_number
    other = Scenario.begin(way.box, way.lt, way.pl)

    assert faults(other.office(state, referring(event_report=number))) == [("R098", place, number)]
    assert way.office(state, referring(event_report=number)).faults == ()


def test_interruption_refers_to_a_control_report_that_is_kept(way: Scenario) -> None:
    """R103: a control report of the other administration is kept, without an effect on the movement."""
    assert faults(way.office("LT", referring(control=CONTROL))) == [
        ("R103", "ReferenceControlReport[1]/ControlReportReference", CONTROL)
    ]
    assert way.peer("PL", control_report(CONTROL)).outcome is Outcome.ACCEPTED
    assert way.states() == ("X01", "X01")

    assert way.office("LT", referring(control=CONTROL)).faults == ()


@pytest.mark.parametrize("state", ["LT", "PL"])
def test_s21_control_report_of_our_own_office_goes_to_the_other_state(way: Scenario, state: str) -> None:
    """S21: it gets its validation time, changes no state, and our interruption may refer to it (R103)."""
    unvalidated = evolve(control_report(CONTROL), {VALIDATED: None})

    receipt = way.office(state, unvalidated)
    way.deliver()

    other = way.pl if state == "LT" else way.lt
    arrived = other.last(f"NDEA.{state}")
    assert (receipt.faults, way.states(), way.boxes()) == ((), ("X01", "X01"), ([], []))
    assert isinstance(arrived, IE717)
    assert arrived.attributes.date_and_time_of_validation_of_control_report == NOW.replace(tzinfo=None)
    assert arrived.control_report == unvalidated.control_report
    assert way.office(state, referring(control=CONTROL)).faults == ()


def test_control_report_of_our_own_office_is_held_against_the_rules(way: Scenario) -> None:
    """All faults at once, of the content and against the movement; nothing goes to the other state."""
    wrong = evolve(
        control_report("PLa0000000000033"),
        {
            VALIDATED: None,
            "header_control_report.control_office.phone_number": "+48 22 000 00 00",
            "control_report.reason_for_control": ReasonForControl.EVENT_SIGNALLED,
            "control_report.body_control_report": (BodyControlReport(body_record_unique_reference=99),),
        },
    )
    assert [rule for rule, _, _ in faults(way.office("PL", wrong))] == ["R109", "C091", "C090", "R058"]
    assert way.pl.types("NDEA.LT") == [("in", "IE801")]
    assert isinstance(way.pl.last("NDEA.PL"), IE704)


def test_control_report_on_a_movement_of_duty_suspension(way: Scenario) -> None:
    """An ARC that is none of duty paid is refused once (90), though the movement is not to be found either."""
    about = {"excise_movement.administrative_reference_code": "26LT00000000000000358"}
    wrong = evolve(way.about(control_report(CONTROL), "PL"), about | {"header.message_recipient": "NDEA.LT"})

    receipt = way.pl.take(way.box.office("PL").sign(Binder("V3.23").write(wrong)))

    assert [(fault.rule, fault.code) for fault in receipt.faults] == [("BR020", "90")]


def test_report_of_the_same_group_is_known(way: Scenario) -> None:
    """A report that is committed together with the interruption that refers to it counts as kept."""
    report = document(way, control_report(CONTROL), way.box.administration("PL"), "PL", to="NDEA.LT")
    order = document(way, referring(control=CONTROL), way.box.office("LT"), "LT", to="NDEA.PL")
    group = [way.lt.intake(report, Origin.ADMINISTRATION), way.lt.intake(order)]

    answers = way.lt.runtime.committer.commit(group, way.lt.clock.at)

    assert [isinstance(one, Receipt) and one.outcome for one in answers] == [Outcome.ACCEPTED] * 2


def test_reports_are_asked_for_once_and_only_where_they_are_named(way: Scenario) -> None:
    """A message without references asks no question about reports, one with references a single one."""
    for control in (CONTROL, "PL00000000000044"):
        way.peer("PL", control_report(control))
    both = tuple(ReferenceControlReport(control_report_reference=one) for one in (CONTROL, "PL00000000000044"))
    draft = way.box.signed(CONSIGNOR, new_draft())

    assert asked_of(way.lt, "report", lambda: way.lt.take(draft)) == 0
    assert asked_of(way.pl, "report", lambda: way.office("PL", event())) == 0
    interrupted = replace(interruption(), reference_control_report=both)
    assert asked_of(way.lt, "report", lambda: way.office("LT", interrupted)) == 1


def test_office_message_is_held_against_the_movement(way: Scenario) -> None:
    """R058: an event report of our own office names lines that the e-SAD has."""
    wrong = evolve(event(), {"body_event_report.0.body_record_unique_reference": 99})
    assert [rule for rule, _, _ in faults(way.office("PL", wrong))] == ["R058"]
    assert way.pl.types(FOREIGN_CONSIGNEE) == [("out", "IE801")]


def test_office_message_that_goes_nowhere_is_told_so_once(way: Scenario) -> None:
    """A recipient that is not the other side is one fault, beside those of the rules."""
    receipt = way.pl.take(document(way, closure_request(), way.box.office("PL"), "PL", to="NDEA.DE"))
    assert [fault.rule for fault in receipt.faults] == ["GW-005"]
