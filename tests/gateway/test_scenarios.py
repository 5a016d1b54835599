"""Scenarios S8 to S21 through two whole gateways: rules, signatures, stores and deliveries; only HTTP is left out."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from esad_gateway.emcs.codes import (
    GlobalConclusionOfReceipt,
    StatusRequestMessageType,
    StatusType,
    SubmitterType,
)
from esad_gateway.emcs.messages import Message
from esad_gateway.emcs.movement import Origin
from esad_gateway.emcs.procedure import MOST_WAITING
from esad_gateway.ports.reading import Outcome, Receipt
from esad_gateway.texts import say
from esad_gateway.xml.binding import Binder
from helpers.gateway import CONSIGNOR, FOREIGN_CONSIGNEE, SECOND_CONSIGNOR, Box, Station, new_draft
from helpers.protocol import (
    alert,
    change,
    closure,
    closure_request,
    delay,
    event,
    interruption,
    negative,
    receipt,
    returned,
    shortage,
    status_answer,
    status_question,
    way_back,
)
from helpers.samples import evolve
from helpers.scenario import Scenario


@pytest.fixture
def way(box: Box, lt: Station, pl: Station) -> Iterator[Scenario]:
    """A movement on its way; afterwards every document that was sent is valid and its signature holds."""
    scenario = Scenario.begin(box, lt, pl)
    yield scenario
    assert lt.problems_of_documents(box) == []


def test_s8_alert(way: Scenario) -> None:
    """The alert reaches the consignor, its echo the consignee, and the goods go on."""
    assert way.consignee(alert(rejected=False)).faults == ()
    way.deliver()
    assert way.boxes() == (["IE819"], ["IE819"])
    assert way.states() == ("X01", "X01")


def test_s9_rejection_then_return(way: Scenario) -> None:
    """Rejected on both sides; the goods return, the consignee gets an IE803, and the consignor reports them back."""
    assert way.consignee(alert(rejected=True)).faults == ()
    way.deliver()
    assert way.states() == ("X05", "X05")
    assert way.consignor(way_back()).faults == ()
    way.deliver()
    assert way.states() == ("X01", "X04")
    assert way.boxes()[1] == ["IE819", "IE803"]
    way.lt.clock.move(days=2)
    assert way.consignor(returned()).faults == ()
    way.deliver()
    assert way.states() == ("X03", "X04")
    assert way.boxes()[0] == ["IE819", "IE813", "IE818"]


def test_s11_diverted_movement_ends_when_the_office_asks(way: Scenario) -> None:
    """The goods are back: the office of destination asks, dispatch says Delivered, and the consignee reads it."""
    assert way.consignor(way_back()).faults == ()
    way.deliver()
    assert way.consignor(returned()).faults == ()
    way.deliver()
    assert way.states() == ("X03", "X04")
    question = evolve(status_question(StatusType.DIVERTED), {"attributes.sequence_number": 2})
    assert way.office("PL", question).faults == ()
    way.deliver()
    assert way.states() == ("X03", "X03")
    assert way.boxes()[1] == ["IE803", "IE905"]
    refused = way.consignee(receipt(GlobalConclusionOfReceipt.ACCEPTED_AND_SATISFACTORY, 2))
    assert [fault.rule for fault in refused.faults] == ["GW-004"]
    assert say(refused.faults[0].hint) == "The goods go back to the consignor, who reports their receipt."


def test_s10_change_of_the_place_of_delivery(way: Scenario) -> None:
    """The change gets sequence number 2, and the report names it."""
    assert way.consignor(change()).faults == ()
    way.deliver()
    assert way.states() == ("X01", "X01")
    assert way.boxes() == (["IE813"], ["IE813"])
    place = {"delivery_place_trader": None, "excise_movement.sequence_number": 2}
    assert way.report(place).faults == ()
    way.deliver()
    assert way.states() == ("X03", "X03")


def test_s13_change_of_consignee_is_refused(way: Scenario) -> None:
    """Another consignee is not a change of destination that duty paid knows (BR050); nothing changes."""
    foreign = change(place="PL-Y")
    answer = way.consignor(evolve(foreign, {"destination_changed.new_consignee_trader.traderid": "PL00000000299"}))
    assert "BR050" in [fault.rule for fault in answer.faults]
    assert answer.outcome is Outcome.REFUSED


def test_s14_no_report_at_expiry(way: Scenario) -> None:
    """The clock fires once, also after a restart; Poland answers; both traders are reminded."""
    way.lt.clock.move(days=30)
    way.tick()
    way.tick()
    way.deliver()
    assert way.boxes() == (["IE802"], ["IE802"])
    assert [kind for _, kind in way.lt.types("NDEA.PL")] == ["IE801", "IE904", "IE905", "IE802"]
    way.tick()
    way.deliver()
    assert way.boxes() == (["IE802"], ["IE802"])


def test_s15_lost_report_is_sent_again(way: Scenario) -> None:
    """The report is lost on the wire; the status request finds it out, and it comes again, correlated (TR9121)."""
    assert way.report().faults == ()
    way.pl.run_sql("UPDATE outbox SET dead = 1 WHERE destination = 'NDEA.LT'")
    way.lt.clock.move(days=30)
    way.tick()
    way.deliver()
    assert way.states() == ("X03", "X03")
    again = way.lt.last(CONSIGNOR)
    question = next(way.lt.message("NDEA.PL", row.seq) for row in way.lt.mailbox("NDEA.PL") if row.type == "IE904")
    assert again.header.correlation_identifier == question.header.message_identifier


def test_s15_e_sad_that_never_arrived_is_sent_again(box: Box, lt: Station, pl: Station) -> None:
    """Poland never got the e-SAD: it answers X09 None, and gets it then, with the reminder that its report is late."""
    assert lt.take(box.signed(CONSIGNOR, new_draft())).faults == ()
    lt.run_sql("UPDATE outbox SET dead = 1")
    way = Scenario(box, lt, pl, lt.last(CONSIGNOR))
    lt.clock.move(days=30)
    way.tick()
    way.deliver()
    assert way.states() == ("X01", "X01")
    assert pl.types(FOREIGN_CONSIGNEE) == [("out", "IE801"), ("out", "IE802")]


def test_s15_what_was_sent_again_is_not_read_again(way: Scenario) -> None:
    """However often Poland asks, Lithuania reads and sends what it once sent, and not the copies of it."""
    assert way.consignor(change()).faults == ()
    assert way.office("LT", interruption()).faults == ()
    for _ in range(3):
        known = len(way.lt.mailbox("NDEA.PL"))
        assert way.peer("PL", status_question(StatusType.NONE)).faults == ()
        again = [listed.type for listed in way.lt.mailbox("NDEA.PL")[known:] if listed.direction == "out"]
        assert again == ["IE905", "IE801", "IE813", "IE807"]
        with way.lt.runtime.store.transaction() as transaction:
            exchanged = [one.type for one in transaction.exchanged(way.arc, "NDEA.PL") if one.direction == "out"]
        assert [kind for kind in exchanged if kind != "IE905"] == ["IE801", "IE813", "IE807"]


def test_s15_lost_interruption_is_sent_again(way: Scenario) -> None:
    """The order of our office is lost on the wire; the status shows it, and it comes again, signed by us."""
    assert way.office("LT", interruption()).faults == ()
    way.lt.run_sql("UPDATE outbox SET dead = 1")
    assert way.office("LT", status_question(StatusType.STOPPED)).faults == ()
    way.deliver()
    assert way.states() == ("X13", "X13")
    again = way.pl.last("NDEA.LT")
    answer = next(way.lt.message("NDEA.PL", row.seq) for row in way.lt.mailbox("NDEA.PL") if row.type == "IE905")
    assert type(again).__name__ == "IE807"
    assert again.header.correlation_identifier == answer.header.message_identifier


def test_s15_history_is_packed(way: Scenario) -> None:
    """A request of type 2 is answered with the status and an IE934 that holds every message, byte for byte."""
    assert way.report().faults == ()
    way.deliver()
    question = status_question(StatusType.DELIVERED, StatusRequestMessageType.MOVEMENT_HISTORY)
    assert way.office("LT", question).faults == ()
    way.deliver()
    package = way.lt.last("NDEA.PL", "IE934")
    kinds = [body.technical_message_type for body in package.message_body]
    assert kinds[:2] == ["IE801", "IE818"]
    assert package.message_body[0].message_data == way.lt.document("NDEA.PL", 1)
    asked = way.pl.last("NDEA.LT", "IE904")
    assert package.header.correlation_identifier == asked.header.message_identifier


@pytest.mark.parametrize("submitter", SubmitterType, ids=lambda item: item.name.lower())
def test_s16_delay_explained(way: Scenario, submitter: SubmitterType) -> None:
    """Either trader explains a delay, and the other one reads it."""
    side = way.consignor if submitter is SubmitterType.CONSIGNOR else way.consignee
    assert side(delay(submitter)).faults == ()
    way.deliver()
    assert way.boxes() == (["IE837"], ["IE837"])
    assert way.states() == ("X01", "X01")


def test_s17_time_to_change_is_over(way: Scenario) -> None:
    """After a rejection without a new destination the consignor is reminded, once."""
    assert way.consignee(alert(rejected=True)).faults == ()
    way.deliver()
    way.lt.clock.move(days=31)
    way.tick()
    way.tick()
    assert way.boxes()[0] == ["IE819", "IE802"]


def partly_refused(way: Scenario, sequence: int = 1) -> Receipt:
    """The consignee refuses 90 litres of the wine, and 10 are missing."""
    return way.consignee(evolve(receipt(), {"excise_movement.sequence_number": sequence}))


def test_s12_change_after_partial_refusal_limits_the_next_report(way: Scenario) -> None:
    """90 litres were refused and go to another place: more than that cannot be missing there (BR025)."""
    assert partly_refused(way).faults == ()
    way.deliver()
    assert way.states() == ("X10", "X10")
    assert way.consignor(change()).faults == ()
    way.deliver()
    assert way.states() == ("X01", "X01")
    assert {fault.rule for fault in partly_refused(way, 2).faults} == {"BR025"}
    assert way.states() == ("X01", "X01")


@pytest.mark.parametrize("submitter", SubmitterType, ids=lambda item: item.name.lower())
def test_s18_shortage_explained(way: Scenario, submitter: SubmitterType) -> None:
    """After a report with a shortage either trader explains it, and the other one reads it."""
    assert partly_refused(way).faults == ()
    way.deliver()
    side = way.consignor if submitter is SubmitterType.CONSIGNOR else way.consignee
    assert side(shortage(submitter)).faults == ()
    way.deliver()
    assert way.boxes() == (["IE818", "IE871"], ["IE818", "IE871"])


def test_s18_nothing_to_explain_before_the_report(way: Scenario) -> None:
    """Before a report of receipt an explanation of a shortage is out of sequence."""
    assert [fault.code for fault in way.consignee(shortage()).faults] == ["92"]


@pytest.mark.parametrize("state", ["LT", "PL"])
def test_s19_interruption(way: Scenario, state: str) -> None:
    """An office of either side stops the movement; the other side and both traders get the order as it was signed."""
    assert way.office(state, interruption()).faults == ()
    way.deliver()
    assert way.states() == ("X13", "X13")
    assert way.boxes() == (["IE807"], ["IE807"])


def test_s20_manual_closure(way: Scenario) -> None:
    """Poland asks, Lithuania accepts, both sides are Manually closed."""
    assert way.office("PL", closure_request()).faults == ()
    way.deliver()
    assert way.states() == ("X01", "X01")
    question = way.lt.last("NDEA.PL")
    answer = closure(accepted=True)
    fresh = way.about(answer, "LT")
    correlated = replace(
        fresh,
        header=replace(
            fresh.header,
            message_recipient="NDEA.PL",
            correlation_identifier=question.header.message_identifier,
        ),
    )
    assert way.lt.take(way.box.office("LT").sign(Binder("V3.23").write(correlated))).faults == ()
    way.deliver()
    assert way.states() == ("X07", "X07")
    assert way.boxes() == (["IE881"], ["IE881"])


def test_s21_event_report(way: Scenario) -> None:
    """A Polish office reports an event; Lithuania files it, numbered and validated; no trader gets it."""
    assert way.office("PL", event()).faults == ()
    way.deliver()
    assert way.lt.last("NDEA.PL").header_event_report.event_report_number.startswith("PL")
    assert way.boxes() == ([], [])


def test_messages_before_their_e_sad_are_parked_and_then_taken_in_order(box: Box, lt: Station, pl: Station) -> None:
    """A change arrives before its e-SAD: it waits, is acknowledged, and is decided when the e-SAD has come."""
    assert lt.take(box.signed(CONSIGNOR, new_draft())).faults == ()
    way = Scenario(box, lt, pl, lt.last(CONSIGNOR))
    assert way.consignor(change()).faults == ()
    (_, e_sad), (_, changed) = lt.due()
    assert pl.take(changed, Origin.ADMINISTRATION).outcome is Outcome.PARKED
    assert pl.types(FOREIGN_CONSIGNEE) == []
    assert pl.take(e_sad, Origin.ADMINISTRATION).outcome is Outcome.ACCEPTED
    assert pl.types(FOREIGN_CONSIGNEE) == [("out", "IE801"), ("out", "IE813")]
    assert [(row["sequence"], row["delivery_place"]) for row in pl.rows("movement")] == [(2, "PL-OTHER-PLACE")]
    assert pl.rows("parked") == []
    assert [listed.outcome for listed in pl.mailbox("NDEA.LT")] == ["accepted", "accepted"]


@pytest.mark.parametrize(
    ("message", "state"),
    [(interruption(), "X13"), (event(), "X01"), (delay(SubmitterType.CONSIGNOR), "X01")],
    ids=["interruption", "event report", "explanation"],
)
def test_whatever_dispatch_writes_before_its_e_sad_waits_for_it(
    box: Box, lt: Station, pl: Station, message: Message, state: str
) -> None:
    """What either side may write is for destination when the state that issued the ARC writes it: it is not refused."""
    assert lt.take(box.signed(CONSIGNOR, new_draft())).faults == ()
    way = Scenario(box, lt, pl, lt.last(CONSIGNOR))
    assert way.peer("LT", message).outcome is Outcome.PARKED

    way.deliver()

    assert way.states()[1] == state
    assert pl.rows("parked") == []
    assert {listed.outcome for listed in pl.mailbox("NDEA.LT")} == {"accepted"}


def test_parked_message_is_taken_with_what_it_waited_for_in_the_same_group(box: Box, lt: Station, pl: Station) -> None:
    """A change and, after it, its e-SAD are committed together: both are taken, and nothing goes on waiting."""
    assert lt.take(box.signed(CONSIGNOR, new_draft())).faults == ()
    assert Scenario(box, lt, pl, lt.last(CONSIGNOR)).consignor(change()).faults == ()
    (_, e_sad), (_, changed) = lt.due()
    pl.commit(changed, e_sad, origin=Origin.ADMINISTRATION)
    assert pl.types(FOREIGN_CONSIGNEE) == [("out", "IE801"), ("out", "IE813")]
    assert pl.rows("parked") == []
    assert [listed.outcome for listed in pl.mailbox("NDEA.LT")] == ["accepted", "accepted"]


def test_parked_message_whose_turn_never_comes_is_refused(box: Box, lt: Station, pl: Station) -> None:
    """Nothing is silently dropped: after its time a parked message is refused with code 90."""
    assert lt.take(box.signed(CONSIGNOR, new_draft())).faults == ()
    way = Scenario(box, lt, pl, lt.last(CONSIGNOR))
    way.consignor(change())
    pl.take(lt.due()[1][1], Origin.ADMINISTRATION)
    way.tick()
    assert len(pl.rows("parked")) == 1
    pl.clock.move(days=2)
    way.tick()
    assert pl.rows("parked") == []
    refusal = pl.last("NDEA.LT")
    assert [error.error_type for error in refusal.functional_error] == ["90"]


def test_flood_of_messages_that_have_to_wait_is_refused(way: Scenario) -> None:
    """As many as a movement has versions may wait for the gap to close; what comes on top is refused at once."""
    flood = [way.peer("LT", change(sequence=3 + number % 2)).outcome for number in range(MOST_WAITING + 2)]
    assert flood == [*[Outcome.PARKED] * MOST_WAITING, Outcome.REFUSED, Outcome.REFUSED]
    assert way.peer("LT", change(sequence=2)).outcome is Outcome.ACCEPTED
    assert way.pl.rows("parked") == []
    assert way.pl.rows("movement")[0]["sequence"] == 4


def test_changes_that_arrive_in_the_opposite_order_are_all_taken(way: Scenario) -> None:
    """Versions 4, 3 and 2: the last to come brings the one before it into its turn, and that one the first to come."""
    outcomes = [way.peer("LT", change(sequence=version)).outcome for version in (4, 3, 2)]

    assert outcomes == [Outcome.PARKED, Outcome.PARKED, Outcome.ACCEPTED]
    assert way.pl.rows("parked") == []
    assert [row["sequence"] for row in way.pl.rows("movement")] == [4]
    assert [entry.outcome for entry in way.pl.mailbox("NDEA.LT") if entry.type == "IE813"] == ["accepted"] * 3


def test_change_that_crosses_a_report_is_resolved(way: Scenario) -> None:
    """Both sides act at once: destination refuses the change, dispatch undoes it and takes the report instead."""
    assert way.report().faults == ()
    assert way.consignor(change()).faults == ()
    way.deliver()
    assert way.states() == ("X03", "X03")
    assert [(row["sequence"], row["state"]) for row in way.lt.rows("movement")] == [(1, "X03")]
    assert way.lt.rows("parked") == []


def test_peer_that_refuses_a_change_and_all_that_follows_is_asked_once(way: Scenario) -> None:
    """The change is refused, the question, and the change that is sent again: after that nothing more is sent."""
    answers: dict[str, Message] = {"IE813": negative(), "IE904": status_answer()}
    for place in ("PL-SECOND-PLACE", "PL-THIRD-PLACE"):
        known = len(way.lt.mailbox("NDEA.PL"))
        assert way.consignor(change(place=place)).faults == ()
        for _ in range(5):
            new = [listed for listed in way.lt.mailbox("NDEA.PL")[known:] if listed.direction == "out"]
            known = len(way.lt.mailbox("NDEA.PL"))
            for listed in new:
                way.peer("PL", answers[listed.type], {"header.correlation_identifier": listed.identifier})
                if listed.type == "IE904":
                    way.peer("PL", negative(), {"header.correlation_identifier": listed.identifier})
        assert new == []
    sent = [kind for direction, kind in way.lt.types("NDEA.PL") if direction == "out"]
    assert sent == ["IE801", "IE813", "IE904", "IE813", "IE813", "IE904", "IE813", "IE813"]


def test_status_question_is_answered(way: Scenario) -> None:
    """Whoever asks gets our state, latest version and last message, correlated."""
    assert way.peer("LT", status_question()).faults == ()
    answer = way.pl.last("NDEA.LT")
    assert (answer.attributes.status, answer.attributes.sequence_number) == (StatusType.ACCEPTED, 1)


def test_other_traders_movement_does_not_exist(way: Scenario) -> None:
    """A change by a consignor who has no part in the movement: code 90, whatever the ARC."""
    answer = way.lt.take(way.box.signed(SECOND_CONSIGNOR, way.about(change(), "LT")))
    assert [(fault.rule, fault.code) for fault in answer.faults] == [("BR020", "90")]
    assert answer.mailbox == SECOND_CONSIGNOR
