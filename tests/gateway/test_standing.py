"""Who may write: headers of traders' messages, and what is told to those who take part in another role."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from esad_gateway.emcs.codes import SubmitterType
from esad_gateway.emcs.messages import IE704, IE906, Message
from esad_gateway.emcs.movement import Origin
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
    receipt,
    reminder,
    returned,
    shortage,
    way_back,
)
from helpers.samples import evolve
from helpers.scenario import Scenario

STANDING = ("GW-009", "15")
AS_CONSIGNOR = {"consignee_trader.traderid": CONSIGNOR}
AS_CONSIGNEE = {"consignor_trader.trader_excise_number": FOREIGN_CONSIGNEE}


@pytest.fixture
def way(box: Box, lt: Station, pl: Station) -> Iterator[Scenario]:
    """A movement on its way; afterwards nothing has happened to it, and every document that was sent is valid."""
    scenario = Scenario.begin(box, lt, pl)
    yield scenario
    assert scenario.states() == ("X01", "X01")
    assert lt.problems_of_documents(box) == []


def codes(receipt: Receipt) -> list[tuple[str, str]]:
    """Rule and functional error code of every fault."""
    return [(fault.rule, str(fault.code)) for fault in receipt.faults]


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        pytest.param({"message_recipient": "NDEA.PL"}, [("GW-005", "MessageRecipient", "NDEA.PL")], id="destination"),
        pytest.param({"message_sender": "NDEA.PL"}, [("GW-008", "MessageSender", "NDEA.PL")], id="other sender"),
        pytest.param({"message_sender": "SEED.EC"}, [("GW-008", "MessageSender", "SEED.EC")], id="no administration"),
        pytest.param(
            {"message_sender": "NDEA.DE", "message_recipient": "NDEA.DE"},
            [("GW-008", "MessageSender", "NDEA.DE"), ("GW-005", "MessageRecipient", "NDEA.DE")],
            id="both",
        ),
    ],
)
def test_header_of_a_draft(box: Box, lt: Station, header: dict[str, str], expected: list[tuple[str, str, str]]) -> None:
    """A draft goes to its own administration, which is named as sender too; every other address is a fault there."""
    draft = evolve(new_draft(), {f"header.{name}": address for name, address in header.items()})

    answer = lt.take(box.signed(CONSIGNOR, draft))

    assert answer.outcome is Outcome.REFUSED
    assert [(fault.rule, fault.path, fault.value) for fault in answer.faults] == [
        (rule, f"/IE815/Header/{item}", address) for rule, item, address in expected
    ]
    assert all("NDEA.LT" in say(fault.hint) and fault.line for fault in answer.faults)
    assert lt.rows("movement") == []


@pytest.mark.parametrize(
    ("recipient", "hint"),
    [
        pytest.param("NDEA.PL", "This is NDEA.LT: give that as recipient, or send the message to NDEA.PL.", id="other"),
        pytest.param("NDEA.GR", "This is NDEA.LT: give that as recipient; 'GR' is written 'EL' in EMCS.", id="Greece"),
    ],
)
def test_wrong_recipient_is_told_where_else(box: Box, lt: Station, recipient: str, hint: str) -> None:
    """Another administration is named only when there is one of that name."""
    draft = evolve(new_draft(), {"header.message_recipient": recipient})

    assert [say(fault.hint) for fault in lt.take(box.signed(CONSIGNOR, draft)).faults] == [hint]


@pytest.mark.parametrize(
    "message", [change(), delay(SubmitterType.CONSIGNOR)], ids=lambda message: type(message).__name__
)
def test_header_of_what_follows(way: Scenario, message: Message) -> None:
    """What the consignor writes later is held to the same, and the other administration is not its recipient."""
    fresh = way.about(message, "LT")
    foreign = replace(fresh, header=replace(fresh.header, message_recipient="NDEA.PL"))

    answer = way.lt.take(way.box.signed(CONSIGNOR, foreign))

    assert codes(answer) == [("GW-005", "12")]


def test_validated_copy_is_no_submission(way: Scenario) -> None:
    """Who submits a validated copy reads that the stamp does not belong there, and where the message goes."""
    stamp = {"attributes.date_and_time_of_validation_of_explanation_on_delay": way.lt.clock.at.replace(tzinfo=None)}
    copy = evolve(way.about(delay(SubmitterType.CONSIGNOR), "LT"), {**stamp, "header.message_recipient": "NDEA.PL"})

    assert codes(way.lt.take(way.box.signed(CONSIGNOR, copy))) == [("GW-005", "12"), ("C149", "15")]


WRONG_ROLE: dict[str, tuple[Callable[[], Message], str, str]] = {
    "change by the consignee": (
        change,
        "You are the consignee of this movement; only the consignor may change its destination.",
        "Šiame gabenime esate gavėjas; pakeisti jo paskirties vietą gali tik siuntėjas.",
    ),
    "return by the consignee": (
        way_back,
        "You are the consignee of this movement; only the consignor may change its destination.",
        "Šiame gabenime esate gavėjas; pakeisti jo paskirties vietą gali tik siuntėjas.",
    ),
    "delay explained by the consignee as consignor": (
        lambda: evolve(delay(SubmitterType.CONSIGNOR), {"attributes.submitter_identification": FOREIGN_CONSIGNEE}),
        "You are the consignee of this movement; only the consignor may explain a delay as this submitter type.",
        "Šiame gabenime esate gavėjas; šia pateikėjo rūšimi paaiškinti vėlavimą gali tik siuntėjas.",
    ),
    "shortage explained by the consignee as consignor": (
        lambda: evolve(shortage(SubmitterType.CONSIGNOR), AS_CONSIGNEE),
        "You are the consignee of this movement; only the consignor may explain a shortage as this submitter type.",
        "Šiame gabenime esate gavėjas; šia pateikėjo rūšimi paaiškinti trūkumą gali tik siuntėjas.",
    ),
    "receipt by the consignor": (
        lambda: evolve(receipt(), AS_CONSIGNOR),
        "You are the consignor of this movement; only the consignee may report its receipt.",
        "Šiame gabenime esate siuntėjas; pranešti apie prekių gavimą gali tik gavėjas.",
    ),
    "alert by the consignor": (
        lambda: evolve(alert(rejected=False), AS_CONSIGNOR),
        "You are the consignor of this movement; only the consignee may alert to it or reject it.",
        "Šiame gabenime esate siuntėjas; dėl jo įspėti arba jį atmesti gali tik gavėjas.",
    ),
    "delay explained by the consignor as consignee": (
        lambda: evolve(delay(SubmitterType.CONSIGNEE), {"attributes.submitter_identification": CONSIGNOR}),
        "You are the consignor of this movement; only the consignee may explain a delay as this submitter type.",
        "Šiame gabenime esate siuntėjas; šia pateikėjo rūšimi paaiškinti vėlavimą gali tik gavėjas.",
    ),
    "shortage explained by the consignor as consignee": (
        lambda: evolve(shortage(SubmitterType.CONSIGNEE), AS_CONSIGNOR),
        "You are the consignor of this movement; only the consignee may explain a shortage as this submitter type.",
        "Šiame gabenime esate siuntėjas; šia pateikėjo rūšimi paaiškinti trūkumą gali tik gavėjas.",
    ),
}
"""Every message of traders about a movement, written by its other party; and what that party is told."""


@pytest.mark.parametrize("name", WRONG_ROLE)
def test_party_in_another_role_is_told_who_may(way: Scenario, name: str) -> None:
    """Who takes part reads its own role and whose message this is, in both languages, in its own mailbox."""
    make, en, lt = WRONG_ROLE[name]
    by_consignor = name.endswith(("by the consignor", "by the consignor as consignee"))
    submit, station, seed = (
        (way.consignor, way.lt, CONSIGNOR) if by_consignor else (way.consignee, way.pl, FOREIGN_CONSIGNEE)
    )

    answer = submit(make())

    assert codes(answer) == [STANDING]
    (fault,) = answer.faults
    assert (say(fault.text), say(fault.text, "lt")) == (en, lt)
    assert fault.value in {way.arc, "1", "2"}
    refusal = station.last(seed)
    assert isinstance(refusal, IE704)
    # The consignee of an IE871 is described in Lithuanian; an explained delay describes nobody, and Poland has no file.
    reads = lt if by_consignor or name.startswith("shortage") else en
    assert reads in (refusal.functional_error[0].error_reason or "")


@pytest.mark.parametrize("make", [change, lambda: evolve(receipt(), {"consignee_trader.traderid": SECOND_CONSIGNOR})])
def test_stranger_is_told_nothing(way: Scenario, make: Callable[[], Message]) -> None:
    """For a trader without any part in it the movement does not exist, whatever the message."""
    answer = way.lt.take(way.box.signed(SECOND_CONSIGNOR, way.about(make(), "LT")))

    assert ("BR020", "90") in codes(answer)
    assert STANDING not in codes(answer)
    assert CONSIGNOR.encode() not in way.lt.document(SECOND_CONSIGNOR, 2)


@pytest.mark.parametrize(
    ("state", "make", "roles"),
    [
        pytest.param("PL", lambda: change(sequence=2), ("destination", "dispatch"), id="change from destination"),
        pytest.param("PL", reminder, ("destination", "dispatch"), id="reminder from destination"),
        pytest.param("PL", lambda: closure(accepted=True), ("destination", "dispatch"), id="closure from destination"),
        pytest.param("LT", receipt, ("dispatch", "destination"), id="receipt from dispatch"),
        pytest.param("LT", lambda: alert(rejected=True), ("dispatch", "destination"), id="rejection from dispatch"),
        pytest.param("LT", closure_request, ("dispatch", "destination"), id="request from dispatch"),
    ],
)
def test_administration_on_the_other_side_is_told_who_may(
    way: Scenario, state: str, make: Callable[[], Message], roles: tuple[str, str]
) -> None:
    """The other side of a movement reads which side it is, and which one such a message belongs to."""
    answer = way.peer(state, make())

    assert codes(answer) == [STANDING]
    assert f"You are the state of {roles[0]} of this movement; only the state of {roles[1]} may" in say(
        answer.faults[0].text
    )
    station = way.lt if state == "PL" else way.pl
    assert isinstance(station.last(f"NDEA.{state}"), IE906)


def test_e_sad_that_comes_back_is_told_whose_it_is(way: Scenario) -> None:
    """The state of destination does not send the e-SAD of the state of dispatch."""
    answer = way.peer("PL", way.e_sad)

    assert codes(answer) == [STANDING]
    assert say(answer.faults[0].text).endswith("only the state of dispatch may send its e-SAD.")


@pytest.mark.parametrize("make", [lambda: change(sequence=2), receipt, closure_request])
def test_administration_without_a_part_is_told_nothing(way: Scenario, make: Callable[[], Message]) -> None:
    """To a third state the movement does not exist."""
    fresh = way.about(make(), "DE")
    addressed = replace(fresh, header=replace(fresh.header, message_recipient="NDEA.LT"))

    answer = way.lt.take(way.box.administration("DE").sign(Binder("V3.23").write(addressed)), Origin.ADMINISTRATION)

    assert codes(answer) == [("BR020", "90")]


def test_office_on_the_wrong_side_is_told_who_may(way: Scenario) -> None:
    """Our own office at dispatch does not ask for a manual closure: destination's does."""
    answer = way.office("LT", closure_request())

    assert codes(answer) == [STANDING]
    assert say(answer.faults[0].text) == (
        "You are the state of dispatch of this movement; only the state of destination may ask for its manual closure."
    )


def test_consignee_reports_after_the_goods_were_sent_back(box: Box, lt: Station, pl: Station) -> None:
    """Once the goods return, the consignee reads who reports them, and the consignor does."""
    way = Scenario.begin(box, lt, pl)
    assert way.consignor(way_back()).faults == ()
    way.deliver()

    late = way.report({"excise_movement.sequence_number": 2, "delivery_place_trader": None})
    lt.clock.move(days=2)

    assert [(fault.rule, say(fault.hint)) for fault in late.faults] == [
        ("GW-004", "The goods go back to the consignor, who reports their receipt.")
    ]
    assert way.consignor(returned()).faults == ()
