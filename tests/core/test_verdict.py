"""The verdict as one question: a message and what is known in; accepted, parked, filed or refused out, as values."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from esad_gateway.emcs.codes import (
    FunctionalErrorCodes,
    GlobalConclusionOfReceipt,
    StatusRequestMessageType,
    StatusType,
    SubmitterType,
)
from esad_gateway.emcs.messages import IE704, IE714, IE802, IE904, IE905, IE906, IE917, IE934
from esad_gateway.emcs.movement import SENT_AGAIN, Origin, Role, Side
from esad_gateway.emcs.procedure import Incoming, answer_to, clock_ended, content
from esad_gateway.emcs.procedure.asked import asked_by, operators_asked
from esad_gateway.emcs.procedure.verdict import MOST_WAITING
from esad_gateway.emcs.refusals import xml_negative_acknowledgement
from esad_gateway.errors import SignerNotAllowed
from esad_gateway.faults import Faults
from helpers.playbook import ARC, NOW
from helpers.protocol import (
    CONSIGNEE,
    CONSIGNOR,
    change,
    control_report,
    event,
    interruption,
    negative,
    receipt,
    shortage,
    status_answer,
    status_question,
    this,
)
from helpers.samples import draft, evolve
from helpers.seed import CONSIGNEE as REGISTERED
from helpers.seed import TEMPORARY_CONSIGNOR, update
from helpers.state import HOLDERS, State

DELIVERED = GlobalConclusionOfReceipt.ACCEPTED_AND_SATISFACTORY


@pytest.fixture
def lt() -> State:
    """Lithuania, which has issued the e-SAD."""
    state = State("LT")
    assert state.trader(draft()).faults == ()
    return state


@pytest.fixture
def pl(lt: State) -> State:
    """Poland, which has it."""
    state = State("PL")
    begun = State("LT").trader(draft()).issues[0].message
    assert lt.movement.arc == ARC
    assert state.peer(begun).forward_to == (CONSIGNEE,)
    return state


def rules(faults: Faults) -> list[str | None]:
    """The numbers of the rules."""
    return [fault.rule for fault in faults]


def test_draft_begins_a_movement_and_takes_its_number() -> None:
    """S1: the e-SAD for the other state and the consignor; the same LRN is refused in the same group (BR001)."""
    lt = State("LT")
    answer = lt.trader(draft())
    [issue] = answer.issues
    assert (answer.arc, answer.sequence, issue.to, issue.mailboxes, issue.in_line) == (
        ARC,
        1,
        "NDEA.PL",
        (CONSIGNOR,),
        True,
    )
    assert rules(lt.trader(draft()).faults) == ["BR001"]
    assert lt.known.ledger.movements_under[CONSIGNOR] == 1


def test_refusal_of_a_trader_goes_into_its_mailbox(lt: State) -> None:
    """S2: an IE704 with every fault, correlated, in nobody's way."""
    answer = lt.trader(
        evolve(draft(), {"ead_esad_draft.local_reference_number": "LRN-2", "header_ead_esad.journey_time": "D92"})
    )
    [issue] = answer.issues
    assert isinstance(issue.message, IE704)
    assert (issue.to, issue.mailboxes, issue.in_line, answer.movement) == (None, (CONSIGNOR,), False, None)
    assert rules(answer.faults) == ["R054"]
    assert len(issue.message.functional_error) == 1


def test_refusal_of_an_administration_goes_back_to_it(pl: State) -> None:
    """S4: an IE906; a refusal is never refused itself, and only filed."""
    again = State("LT").trader(draft()).issues[0].message
    answer = pl.peer(again)
    assert rules(answer.faults) == ["GW-003"]
    [issue] = answer.issues
    assert isinstance(issue.message, IE906)
    assert (issue.to, issue.mailboxes) == ("NDEA.LT", ())
    unheard = State("PL").peer(negative())
    assert (unheard.faults, unheard.issues, unheard.movement) == ((), (), None)


@pytest.mark.parametrize(("door", "recipient"), [(Origin.TRADER, "NDEA.PL"), (Origin.ADMINISTRATION, "NDEA.LT")])
def test_document_that_no_schema_accepts_is_refused_with_its_places(door: Origin, recipient: str) -> None:
    """S3: an IE917 to whoever the document names, as far as that could be read."""
    pl = State("PL")
    holders = HOLDERS["PL"] if door is Origin.TRADER else frozenset({"NDEA.LT"})
    texts = {
        "Traderid": CONSIGNEE,
        "MessageIdentifier": "sent-1",
        "AdministrativeReferenceCode": ARC,
        "SequenceNumber": "1",
    }
    faults = content("IE829", None, door, NOW, pl.known.profile)
    incoming = Incoming.unread("IE818", faults, texts, "0" * 64, door=door, holders=holders, own=pl.own)
    assert incoming.sender == (CONSIGNEE if door is Origin.TRADER else "NDEA.LT")
    [issue] = pl.asked(incoming).issues
    assert isinstance(issue.message, IE917)
    assert (issue.message.header.message_recipient, issue.message.header.correlation_identifier) == (
        recipient,
        "sent-1",
    )
    nameless = Incoming.unread("IE818", faults, {}, "0" * 64, door=door, holders=holders, own=pl.own)
    assert nameless.identifier == "0" * 44
    assert content("IE818", None, door, NOW, pl.known.profile) == ()


def test_message_waits_for_its_turn_until_its_time_is_over(pl: State) -> None:
    """What comes too early is parked; when the gap never closes it is out of sequence (92)."""
    early = pl.incoming(change(sequence=3), Origin.ADMINISTRATION, frozenset({"NDEA.LT"}))
    answer = pl.asked(early)
    assert answer.until == NOW + pl.known.profile.time_to_wait
    waiting = replace(early, until=answer.until)
    assert pl.asked(waiting).until == answer.until
    pl.known.now = answer.until
    assert rules(pl.asked(waiting).faults) == ["GW-004"]


def test_message_about_a_movement_that_never_comes_is_refused_as_unknown() -> None:
    """Code 90: as many messages wait for one ARC as it can have versions, and not one more."""
    pl = State("PL")
    assert pl.peer(interruption()).until is not None
    pl.known.wait(ARC, MOST_WAITING)
    assert [fault.code for fault in pl.peer(interruption()).faults] == [FunctionalErrorCodes.UNKNOWN_ARC]


def test_report_is_held_and_what_explains_it_follows(pl: State) -> None:
    """S5, S18: the receipt waits for the formalities, and the explanation of a shortage for the receipt."""
    pl.known.profile = replace(pl.known.profile, formalities=timedelta(days=3))
    pl.known.now = NOW + timedelta(days=2)
    arrived = {"report_of_receipt_export.date_of_arrival_of_excise_products": date(2026, 3, 4)}
    [held] = pl.trader(evolve(receipt(), arrived)).issues
    assert held.until == NOW + timedelta(days=5)
    assert pl.movement.state is StatusType.PARTIALLY_REFUSED
    [explained] = pl.trader(shortage()).issues
    assert explained.after_held
    assert explained.until == held.until


def test_consignor_named_by_no_message_is_the_one_of_the_movement(lt: State) -> None:
    """IE813 names no author: its sender is the trader of the movement on that side."""
    incoming = lt.incoming(change(), Origin.TRADER, HOLDERS["LT"])
    assert incoming.attributed(lt.known.movements).sender == CONSIGNOR
    assert incoming.attributed({}).sender == CONSIGNOR
    reported = lt.incoming(receipt(), Origin.TRADER, frozenset({CONSIGNEE}))
    assert reported.attributed(lt.known.movements) is reported


def test_who_takes_part_in_another_role_is_told_so(lt: State) -> None:
    """GW-009: the consignee of a movement may not change its destination; a stranger never hears that it exists."""
    consignee = replace(
        lt.incoming(change(), Origin.TRADER, HOLDERS["LT"]), holders=frozenset({CONSIGNEE}), sender=CONSIGNEE
    )
    assert consignee.role(lt.known.movements) is Role.CONSIGNEE
    assert rules(answer_to(consignee, lt.known, ARC).faults) == ["GW-009"]
    stranger = replace(consignee, holders=frozenset({"LT00000000102"}), sender="LT00000000102")
    assert "BR020" in rules(answer_to(stranger, lt.known, ARC).faults)


def test_nobody_signs_for_another(lt: State) -> None:
    """A trader for itself, an administration for itself, an office for its administration; and each by its own door."""
    with pytest.raises(SignerNotAllowed):
        lt.incoming(receipt(), Origin.TRADER, frozenset({"LT00000000102"}))
    with pytest.raises(SignerNotAllowed):
        Incoming.read(
            evolve(interruption(), {"header.message_sender": "NDEA.LV"}),
            (),
            door=Origin.ADMINISTRATION,
            holders=frozenset({"NDEA.PL"}),
            own="NDEA.LT",
        )
    with pytest.raises(SignerNotAllowed):
        Incoming.read(interruption(), (), door=Origin.ADMINISTRATION, holders=frozenset({CONSIGNOR}), own="NDEA.LT")


def test_office_acts_for_its_administration(lt: State) -> None:
    """S19: the order goes to the other side and to the trader; an order to another address is refused (GW-005)."""
    [issue] = lt.office(interruption()).issues
    assert (issue.to, issue.mailboxes) == ("NDEA.PL", (CONSIGNOR,))
    assert lt.movement.state is StatusType.STOPPED


def test_message_that_nobody_takes_here_is_refused_or_filed(lt: State) -> None:
    """An e-SAD of a trader is refused (15); what administrations only tell each other is filed, and changes nothing."""
    e_sad = State("LT").trader(draft()).issues[0].message
    refused = lt.asked(lt.incoming(e_sad, Origin.TRADER, frozenset({CONSIGNOR})))
    assert "GW-001" in rules(refused.faults)
    told = xml_negative_acknowledgement((), lt.known.stamp(ARC), "NDEA.LT", "sent-1")
    filed = lt.peer(told)
    assert (filed.faults, filed.movement, filed.issues) == ((), None, ())
    about = lt.peer(replace(told, attributes=this(2)))
    assert (about.arc, about.sequence) == (ARC, 2)


def test_wrong_heading_is_told_once(lt: State) -> None:
    """GW-005: what the content shows is not found again where the movement stands."""
    elsewhere = evolve(draft(), {"header.message_recipient": "NDEA.PL"})
    faults = content("IE815", elsewhere, Origin.TRADER, NOW, lt.known.profile)
    incoming = Incoming.read(elsewhere, faults, door=Origin.TRADER, holders=HOLDERS["LT"], own=lt.own)
    assert rules(State("LT").asked(incoming).faults) == ["GW-005"]


def test_status_is_answered_with_what_is_lacked_and_the_history(lt: State) -> None:
    """S14, S15: the answer overtakes everything; what is lacked and the package of what was exchanged follow."""
    lt.trader(change())
    lt.known.sent = [evolve(change(sequence=2), {"header.message_recipient": "NDEA.PL"})]
    lt.known.exchanged = [("IE801", b"<IE801/>")]
    question = status_question(StatusType.ACCEPTED, StatusRequestMessageType.MOVEMENT_HISTORY)
    answer = lt.peer(question)
    assert isinstance(answer.issues[0].message, IE905)
    assert {type(issue.message).__name__ for issue in answer.issues} == {"IE905", "IE813", "IE934"}
    assert [issue.in_line for issue in answer.issues if isinstance(issue.message, IE905 | IE934)] == [False, False]
    synchronised = lt.peer(status_question(StatusType.ACCEPTED)).issues
    assert {type(issue.message).__name__ for issue in synchronised} == {"IE905", "IE813"}
    lt.known.exchanged = []
    assert not [issue for issue in lt.peer(question).issues if isinstance(issue.message, IE934)]
    assert lt.peer(status_answer(StatusType.ACCEPTED, sequence=2)).issues == ()


def test_clock_asks_and_only_at_dispatch(lt: State, pl: State) -> None:
    """TIM_EAD_ESAD: the question waits for no document before it."""
    assert clock_ended(ARC, lt.known, ARC) is None
    lt.known.now = pl.known.now = NOW + timedelta(days=60)
    limit = lt.known.movements[ARC, Side.DISPATCH].limit
    assert clock_ended(ARC, lt.known, ARC, limit - timedelta(seconds=1)) is None
    answer = clock_ended(ARC, lt.known, ARC, limit)
    assert answer is not None
    assert answer.act is not None
    assert answer.act.at == limit
    [issue] = answer.issues
    prepared = issue.message.header
    assert prepared.date_of_preparation == lt.known.now.date()
    assert isinstance(issue.message, IE904)
    assert not issue.in_line
    assert clock_ended(ARC, pl.known, ARC) is None
    lt.known.learn(answer)
    asked = lt.peer(status_answer())
    assert [type(one.message) for one in asked.issues] == [IE802]


def test_late_report_names_the_version_that_is_open(pl: State) -> None:
    """R255 and 26: what is about another version is told so, and not only out of sequence."""
    assert pl.peer(change(sequence=2)).faults == ()
    assert rules(pl.peer(change(sequence=2)).faults) == ["GW-003"]


def test_register_is_changed_by_its_own_state_only() -> None:
    """IE713: all that it says, known to the rest of the group; or nothing, and an IE714 or an IE906 says why."""
    lt = State("LT")
    lt.known.operators = {REGISTERED.seed: ()}
    message: Any = update([REGISTERED, replace(REGISTERED, seed="PL00000000299")])
    answer = lt.peer(message)
    assert [one.operator.seed for one in answer.changes] == [REGISTERED.seed, "PL00000000299"]
    assert [one.seed for one in lt.known.operators[REGISTERED.seed]] == [REGISTERED.seed]
    [refusal] = lt.peer(message).issues
    assert isinstance(refusal.message, IE714)
    elsewhere = lt.incoming(message, Origin.ADMINISTRATION, frozenset({"NDEA.PL"}))
    wrong = replace(elsewhere, message=evolve(message, {"header.message_recipient": "NDEA.LV"}))
    assert rules(lt.asked(wrong).faults) == ["GW-005"]


def test_register_that_is_empty_knows_nobody() -> None:
    """R233, BR051: the counterparty of a temporary consignor must be registered, and nobody else may name it."""
    lt = State("LT")
    assert rules(State("PL").peer(update([TEMPORARY_CONSIGNOR])).faults) == ["R233"]
    assert lt.known.pending.consignors_linked_to(CONSIGNEE) == frozenset()


def test_reports_may_be_named_from_now_on(lt: State) -> None:
    """S21: an event report by its number, once it is validated; a control report as it comes."""
    answer = lt.peer(control_report("PLCONTROL0000013"))
    assert answer.reports == lt.known.reports == {("PLCONTROL0000013", ARC)}
    lt.peer(control_report("PLCONTROL0000021"))
    assert lt.known.reports == {("PLCONTROL0000013", ARC), ("PLCONTROL0000021", ARC)}
    [sent] = lt.office(event()).issues
    assert (sent.to, sent.message.header.message_recipient) == ("NDEA.PL", "NDEA.PL")


def test_rules_know_in_which_release_a_message_came(lt: State) -> None:
    """What a rule has since or until a release is judged by that of the message."""
    case = lt.known.case(receipt(), lt.movement, frozenset(), "V3.13")
    assert case.context.release == "V3.13"


def test_what_waits_for_one_movement_is_counted_by_itself(lt: State) -> None:
    """What comes adds to it, what is decided is taken away, and other movements have counts of their own."""
    for arc, more in (("A", 1), ("A", 1), ("B", 1), ("A", -1)):
        lt.known.wait(arc, more)
    assert {arc: lt.known.waiting[arc] for arc in "AB"} == {"A": 1, "B": 1}


def test_what_is_looked_up_for_a_message() -> None:
    """The consignee to whom an e-SAD is passed on; a draft's number; what is held; what may be lost."""
    e_sad = State("LT").trader(draft()).issues[0].message
    assert CONSIGNEE in asked_by(e_sad, Origin.ADMINISTRATION).seeds
    assert asked_by(draft(), Origin.TRADER).lrns == {(CONSIGNOR, draft().ead_esad_draft.local_reference_number)}
    assert asked_by(shortage(SubmitterType.CONSIGNEE), Origin.TRADER).held
    assert asked_by(status_answer(), Origin.ADMINISTRATION).sent_again == SENT_AGAIN
    assert asked_by(status_question(), Origin.OFFICE).sent_again == frozenset()
    assert operators_asked(negative()) == frozenset()


def test_register_that_nobody_knows_any_more_is_not_asked() -> None:
    """What was decided long ago is decided again without the rules that ask the register."""
    lt = State("LT")
    lt.known.operators = {}
    assert "R044" in rules(lt.trader(draft()).faults)
    lt.known.operators = None
    assert lt.trader(draft()).faults == ()
