"""What the gateway itself refuses: who may write, to whom, about which version, in which role (GW-001 to GW-009)."""

from dataclasses import replace
from typing import Any

import pytest

from esad_gateway.emcs.codes import StatusType, SubmitterType
from esad_gateway.emcs.documents import validated, validated_document
from esad_gateway.emcs.messages import IE810, IE837, Message, ie810
from esad_gateway.emcs.messages.groups import MovementReference
from esad_gateway.emcs.messages.kinds import is_validated
from esad_gateway.emcs.messages.subject import LAST_SEQUENCE
from esad_gateway.emcs.movement import (
    Movement,
    Origin,
    OutOfSequence,
    Role,
    Side,
    Trigger,
    may_write,
    parties_in,
    role_in,
    trigger_of,
    writer_of,
)
from esad_gateway.emcs.procedure.out_of_turn import out_of_sequence, outdated, unknown
from esad_gateway.emcs.procedure.standing import (
    addressee_faults,
    no_standing,
    not_accepted,
    office_faults,
    peer_faults,
)
from esad_gateway.emcs.procedure.stateless import heading_faults, no_such_message
from esad_gateway.faults import Faults
from esad_gateway.texts import say
from helpers.playbook import Administration, stamp
from helpers.protocol import (
    CONSIGNEE,
    CONSIGNOR,
    alert,
    change,
    closure,
    delay,
    interruption,
    negative,
    receipt,
    returned,
    shortage,
    status_question,
    way_back,
)
from helpers.samples import HEADER, draft, evolve

LT, PL = stamp("LT").profile, stamp("PL").profile
E_SAD = validated_document(draft(), stamp("LT"))


def movement(side: Side = Side.DISPATCH) -> Movement:
    """A movement that has begun, as Lithuania or as Poland sees it."""
    administration = Administration("LT" if side is Side.DISPATCH else "PL", side)
    found = (administration.takes(draft()) if side is Side.DISPATCH else administration.hears(E_SAD)).movement
    assert found is not None
    return found


def to(message: Message, recipient: str, sender: str = "NDEA.LT") -> Any:
    """The message with other addresses in its header."""
    return evolve(message, {"header.message_recipient": recipient, "header.message_sender": sender})


def said(faults: Faults) -> list[tuple[str, str | None, str]]:
    """Rule, value, and the last step of the place of each fault."""
    return [(fault.rule, fault.value, fault.path.rpartition("/")[2]) for fault in faults]


def test_message_that_nobody_may_send_here_names_itself() -> None:
    """Code 15: a trader sends no e-SAD, an administration no draft; a cancellation exists for duty suspension only."""
    assert said(not_accepted(E_SAD, Origin.TRADER)) == [("GW-001", "IE801", "IE801")]
    assert said(not_accepted(draft(), Origin.ADMINISTRATION)) == [("GW-002", "IE815", "IE815")]
    cancellation = IE810(
        header=HEADER,
        attributes=ie810.Attributes(),
        excise_movement_ead=MovementReference(administrative_reference_code=movement().arc),
        cancellation=ie810.Cancellation(cancellation_reason_code="1"),
    )
    assert not_accepted(cancellation, Origin.TRADER) == no_such_message("IE810")


def test_peer_writes_only_about_its_own_movements() -> None:
    """BR020: about a movement with Poland nobody but Poland may write; to anybody else it does not exist."""
    message = to(receipt(), "NDEA.LT")
    assert peer_faults(message, movement(), "NDEA.PL", LT) == ()
    assert said(peer_faults(message, movement(), "NDEA.LV", LT)) == [
        ("BR020", movement().arc, "AdministrativeReferenceCode")
    ]


def test_peer_writes_about_what_has_not_arrived_as_the_state_of_its_arc() -> None:
    """Before the e-SAD only the state that gave the ARC may write about it; who names no movement may not at all."""
    message = to(interruption(), "NDEA.PL")
    assert peer_faults(message, None, "NDEA.LT", PL) == ()
    assert said(peer_faults(message, None, "NDEA.LV", PL)) == said(unknown(message))
    nameless = to(replace(negative(), attributes=None), "NDEA.PL")
    assert [rule for rule, _, _ in said(peer_faults(nameless, None, "NDEA.LT", PL))] == ["BR020"]


def test_peer_writes_to_the_administration_that_is_here() -> None:
    """GW-005: what is addressed to somebody else is not read on."""
    assert addressee_faults(to(receipt(), "NDEA.LT"), LT) == ()
    assert said(peer_faults(to(receipt(), "NDEA.LV"), movement(), "NDEA.PL", LT)) == [
        ("GW-005", "NDEA.LV", "MessageRecipient")
    ]


@pytest.mark.parametrize(
    ("sender", "consignee", "expected"),
    [
        pytest.param("NDEA.LT", CONSIGNEE, [], id="as it should be"),
        pytest.param(
            "NDEA.LV", CONSIGNEE, [("GW-006", E_SAD.excise_movement.administrative_reference_code)], id="sender"
        ),
        pytest.param("NDEA.LT", "EE00000000201", [("GW-005", "EE00000000201")], id="consignee elsewhere"),
    ],
)
def test_e_sad_comes_from_its_state_to_a_consignee_of_ours(
    sender: str, consignee: str, expected: list[tuple[str, str]]
) -> None:
    """GW-006: the ARC says who issued it; GW-005: whoever it names as consignee would be given a mailbox here."""
    document = to(evolve(E_SAD, {"consignee_trader.traderid": consignee}), "NDEA.PL")
    assert [(rule, value) for rule, value, _ in said(peer_faults(document, None, sender, PL))] == expected


def test_e_sad_without_a_consignee_has_no_mailbox_here() -> None:
    """GW-005 as well: duty paid always has a consignee, and it is one of the state that the e-SAD goes to."""
    document = to(replace(E_SAD, consignee_trader=None), "NDEA.PL")
    assert said(peer_faults(document, None, "NDEA.LT", PL)) == [("GW-005", None, "Traderid")]


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        pytest.param(change(sequence=2), [], id="next change"),
        pytest.param(change(sequence=1), [("GW-003", "1", "SequenceNumber")], id="change that is there"),
        pytest.param(receipt(sequence=1), [], id="report of this version"),
        pytest.param(receipt(sequence=2), [("R255", "2", "SequenceNumber")], id="report of another version"),
        pytest.param(delay(), [], id="what has no version of its own"),
        pytest.param(change(), [], id="draft of a change"),
    ],
)
def test_version_is_the_one_that_is_open(message: Message, expected: list[tuple[str, str, str]]) -> None:
    """R255: a report names the latest version; a change that is there already is a duplicate (26)."""
    assert said(outdated(message, movement(Side.DESTINATION))) == expected
    assert outdated(message, None) == ()


def test_office_writes_to_the_other_side() -> None:
    """GW-005: an order about a movement with Poland goes to Poland, and the hint says so."""
    assert office_faults(to(interruption(), "NDEA.PL"), movement()) == ()
    [fault] = office_faults(to(interruption(), "NDEA.LV"), movement())
    assert (fault.rule, fault.value) == ("GW-005", "NDEA.LV")
    assert say(fault.hint) == "The other side of this movement is NDEA.PL."


def test_office_names_a_movement_that_is_there() -> None:
    """BR020; what is no ARC of duty paid has been refused for its content already."""
    assert said(office_faults(interruption(), None)) == [("BR020", movement().arc, "AdministrativeReferenceCode")]
    suspension = evolve(interruption(), {"attributes.administrative_reference_code": "26LT000000000000001A5"})
    assert office_faults(suspension, None) == ()


@pytest.mark.parametrize(
    ("seen", "message", "why"),
    [
        pytest.param(
            replace(movement(), state=StatusType.REFUSED),
            receipt(),
            "In state X08 (refused) it cannot be taken.",
            id="state",
        ),
        pytest.param(movement(), change(sequence=4), "Version 2 of the movement comes next.", id="version"),
        pytest.param(
            replace(movement(), sequence=LAST_SEQUENCE),
            change(),
            f"Version {LAST_SEQUENCE} is the last that a movement can have.",
            id="last version",
        ),
    ],
)
def test_out_of_sequence_says_why(seen: Movement, message: Message, why: str) -> None:
    """Code 92 names what stands in the way."""
    [fault] = out_of_sequence(message, OutOfSequence(seen.state, trigger_of(message)), seen)
    assert (fault.rule, fault.code, say(fault.hint)) == ("GW-004", "92", why)


def test_out_of_sequence_of_goods_on_their_way_back_says_so() -> None:
    """A return cannot be changed, and its receipt is the consignor's to report."""
    lithuania, poland = Administration("LT", Side.DISPATCH), Administration("PL", Side.DESTINATION)
    poland.hears(lithuania.takes(draft()).sends[0].message)
    [sent] = lithuania.takes(way_back()).sends
    [found] = out_of_sequence(change(), lithuania.refuses(change()), lithuania.movement)
    assert say(found.hint) == "The goods are on their way back to the consignor, and stay so."
    poland.hears(sent.message)
    for message in (receipt(sequence=2), alert(rejected=True)):
        [found] = out_of_sequence(message, poland.refuses(message), poland.movement)
        assert say(found.hint) == "The goods go back to the consignor, who reports their receipt."


def test_document_that_is_there_is_a_duplicate() -> None:
    """Code 26 for an e-SAD that came before; what begins nothing is out of sequence (92)."""
    poland = movement(Side.DESTINATION)
    [again] = out_of_sequence(E_SAD, OutOfSequence(poland.state, Trigger.VALIDATED_DOCUMENT), poland)
    [never] = out_of_sequence(interruption(), OutOfSequence(StatusType.NONE, Trigger.INTERRUPTION), None)
    assert [(one.rule, one.code) for one in (again, never)] == [("GW-003", "26"), ("GW-004", "92")]


@pytest.mark.parametrize(
    ("sender", "recipient", "expected"),
    [
        pytest.param("NDEA.LT", "NDEA.LT", [], id="own administration"),
        pytest.param("NDEA.PL", "NDEA.LT", ["GW-008"], id="sender elsewhere"),
        pytest.param("NDEA.LT", "NDEA.PL", ["GW-005"], id="recipient elsewhere"),
        pytest.param("NDEA.GR", "NDEA.GR", ["GW-008", "GW-005"], id="both, and no such state"),
    ],
)
def test_trader_writes_to_its_own_administration(sender: str, recipient: str, expected: list[str]) -> None:
    """GW-008 and GW-005; the hint says where else the message may have to go, when there is such a place."""
    faults = heading_faults(to(draft(), recipient, sender), LT)
    assert [fault.rule for fault in faults] == expected
    hints = {fault.rule: say(fault.hint) for fault in faults}
    assert "This is NDEA.LT: give that as sender." in hints.get("GW-008", "This is NDEA.LT: give that as sender.")
    if "GW-005" in hints:
        assert ("or send the message to NDEA.PL" in hints["GW-005"]) == (recipient == "NDEA.PL")
        assert ("EL" in hints["GW-005"]) == (recipient == "NDEA.GR")


def test_validated_copy_is_known_by_the_time_of_its_validation() -> None:
    """C149: a draft of a trader has none, and only what a trader writes is validated."""
    assert not is_validated(receipt())
    assert is_validated(validated(receipt(), stamp("PL"), movement()))
    assert not is_validated(interruption())


def test_heading_of_an_administration_is_not_a_traders() -> None:
    """Messages that no trader writes go elsewhere by their nature."""
    assert heading_faults(to(E_SAD, "NDEA.PL"), LT) == ()


@pytest.mark.parametrize(
    ("message", "origin", "role", "writer", "item"),
    [
        pytest.param(
            change(), Origin.TRADER, Role.CONSIGNEE, Role.CONSIGNOR, "AdministrativeReferenceCode", id="IE813"
        ),
        pytest.param(
            receipt(), Origin.TRADER, Role.CONSIGNOR, Role.CONSIGNEE, "AdministrativeReferenceCode", id="IE818"
        ),
        pytest.param(delay(), Origin.TRADER, Role.CONSIGNOR, Role.CONSIGNEE, "SubmitterType", id="IE837"),
        pytest.param(
            shortage(SubmitterType.CONSIGNOR),
            Origin.TRADER,
            Role.CONSIGNEE,
            Role.CONSIGNOR,
            "SubmitterType",
            id="IE871",
        ),
        pytest.param(
            closure(accepted=True),
            Origin.ADMINISTRATION,
            Role.DESTINATION,
            Role.DISPATCH,
            "AdministrativeReferenceCode",
            id="IE881",
        ),
        pytest.param(
            status_question(), Origin.OFFICE, Role.DESTINATION, Role.DISPATCH, "AdministrativeReferenceCode", id="IE904"
        ),
    ],
)
def test_role_that_may_not_write_is_told_which_one_may(
    message: Message, origin: Origin, role: Role, writer: Role, item: str
) -> None:
    """GW-009 names both roles, at what the message says of its writer."""
    [fault] = no_standing(message, origin, role)
    assert (fault.rule, fault.path.rpartition("/")[2]) == ("GW-009", item)
    assert say(fault.text).startswith(f"You are the {role} of this movement; only the {writer} may ")
    assert say(fault.text, "lt").startswith("Šiame gabenime esate ")
    assert writer_of(message, origin) is writer


def test_role_of_a_message_that_names_no_movement() -> None:
    """The fault has no value then, and a place all the same."""
    nameless = replace(negative(), attributes=None)
    [fault] = no_standing(nameless, Origin.ADMINISTRATION, Role.DESTINATION)
    assert fault.value is None


@pytest.mark.parametrize(
    ("side", "origin", "name", "role"),
    [
        (Side.DISPATCH, Origin.TRADER, CONSIGNOR, Role.CONSIGNOR),
        (Side.DISPATCH, Origin.TRADER, CONSIGNEE, Role.CONSIGNEE),
        (Side.DISPATCH, Origin.TRADER, "LT00000000999", None),
        (Side.DISPATCH, Origin.OFFICE, "LT001000", Role.DISPATCH),
        (Side.DESTINATION, Origin.OFFICE, "PL001000", Role.DESTINATION),
        (Side.DISPATCH, Origin.ADMINISTRATION, "NDEA.PL", Role.DESTINATION),
        (Side.DESTINATION, Origin.ADMINISTRATION, "NDEA.LT", Role.DISPATCH),
        (Side.DESTINATION, Origin.ADMINISTRATION, "NDEA.LV", None),
    ],
)
def test_role_is_who_somebody_is_to_the_movement(side: Side, origin: Origin, name: str, role: Role | None) -> None:
    """Whoever has no role may not know that the movement exists."""
    assert role_in(movement(side), origin, {name}) is role


def test_consignee_keeps_its_role_when_the_goods_go_back() -> None:
    """A return puts the consignor in its place; both take part all the same."""
    lithuania = Administration("LT", Side.DISPATCH)
    lithuania.takes(draft())
    back = lithuania.takes(way_back()).movement
    assert back is not None
    assert role_in(back, Origin.TRADER, {CONSIGNEE}) is Role.CONSIGNEE
    assert parties_in(back) == {CONSIGNOR, CONSIGNEE}
    assert parties_in(movement()) == {CONSIGNOR, CONSIGNEE}


@pytest.mark.parametrize(
    ("side", "message", "origin", "name", "may"),
    [
        pytest.param(Side.DISPATCH, change(), Origin.TRADER, CONSIGNOR, True, id="consignor changes"),
        pytest.param(Side.DISPATCH, change(), Origin.TRADER, CONSIGNEE, False, id="consignee does not"),
        pytest.param(Side.DESTINATION, receipt(), Origin.TRADER, CONSIGNEE, True, id="consignee reports"),
        pytest.param(Side.DISPATCH, receipt(), Origin.TRADER, CONSIGNOR, False, id="consignor reports no receipt"),
        pytest.param(Side.DESTINATION, delay(), Origin.TRADER, CONSIGNEE, True, id="consignee explains"),
        pytest.param(Side.DISPATCH, delay(), Origin.TRADER, CONSIGNOR, False, id="not as the other one"),
        pytest.param(Side.DISPATCH, receipt(), Origin.ADMINISTRATION, "NDEA.PL", True, id="other side"),
        pytest.param(Side.DISPATCH, receipt(), Origin.ADMINISTRATION, "NDEA.LV", False, id="third side"),
    ],
)
def test_message_belongs_to_one_role(side: Side, message: Message, origin: Origin, name: str, *, may: bool) -> None:
    """Who writes must be the trader on that side, and write as that trader."""
    assert may_write(movement(side), message, origin, {name}) is may


def test_consignor_reports_the_receipt_of_what_comes_back() -> None:
    """S11: only of goods that return, and as itself."""
    lithuania = Administration("LT", Side.DISPATCH)
    lithuania.takes(draft())
    back = lithuania.takes(way_back()).movement
    assert back is not None
    assert may_write(back, returned(), Origin.TRADER, {CONSIGNOR})
    assert isinstance(delay(SubmitterType.CONSIGNOR), IE837)
    assert may_write(back, delay(SubmitterType.CONSIGNOR), Origin.TRADER, {CONSIGNOR})
