"""Messages that refuse: what they name of what they refuse (C150, C151, TR0104, TR9121)."""

from dataclasses import replace

import pytest

from esad_gateway.emcs.documents import Stamp
from esad_gateway.emcs.messages import IE704, Message, ie704
from esad_gateway.emcs.messages.groups import ExciseMovement
from esad_gateway.emcs.refusals import (
    fit,
    functional_negative_acknowledgement,
    generic_refusal,
    xml_negative_acknowledgement,
)
from esad_gateway.emcs.rules.mechanism import fault
from esad_gateway.place import at
from esad_gateway.profiles import profile_of
from esad_gateway.texts import languages, say
from helpers.playbook import ARC, stamp
from helpers.protocol import alert, change, negative, receipt, this
from helpers.samples import draft, evolve

WRONG = (fault("R255", at("IE818/Body"), "1"),)


@pytest.mark.parametrize(
    ("refused", "named"),
    [
        pytest.param(draft(), ie704.Attributes(local_reference_number="LRN-0001"), id="C151: the LRN of a draft"),
        pytest.param(
            receipt(sequence=2),
            ie704.Attributes(administrative_reference_code=ARC, sequence_number=2),
            id="C150: ARC and version of everything else",
        ),
        pytest.param(replace(negative(), attributes=None), None, id="nothing of what names nothing"),
    ],
)
def test_refusal_of_a_trader_names_what_it_refuses(refused: Message, named: ie704.Attributes | None) -> None:
    """IE704: correlated with the refused message, to the own administration's traders."""
    if named and named.local_reference_number:
        refused = evolve(refused, {"ead_esad_draft.local_reference_number": named.local_reference_number})
    refusal = generic_refusal(refused, WRONG, stamp("LT"))
    assert refusal.attributes == named
    assert refusal.header.correlation_identifier == refused.header.message_identifier
    assert refusal.header.message_recipient == "NDEA.LT"


def test_refusal_of_an_administration_names_the_movement() -> None:
    """IE906: back to who sent it, with ARC and version (TR0104)."""
    refused = evolve(alert(rejected=True), {"header.message_sender": "NDEA.PL"})
    refusal = functional_negative_acknowledgement(refused, WRONG, stamp("LT"))
    assert (refusal.header.message_recipient, refusal.attributes) == ("NDEA.PL", this())


@pytest.mark.parametrize("about", [None, this(3)], ids=["unreadable", "readable"])
def test_refusal_of_xml_names_what_could_be_read(about: ExciseMovement | None) -> None:
    """IE917: every fault with its line and column; the movement as far as it was readable."""
    found = replace(WRONG[0], line=7, column=3)
    refusal = xml_negative_acknowledgement((found,), stamp("LT"), "NDEA.PL", "sent-1", about)
    assert refusal.attributes == about
    assert refusal.header.correlation_identifier == "sent-1"
    [error] = refusal.xml_error
    assert (error.error_line_number, error.error_column_number) == (7, 3)


@pytest.mark.parametrize(
    ("text", "fitted"),
    [
        (None, None),
        (" \n ", None),
        ("two\n lines", "two lines"),
        ("x" * 350, "x" * 350),
        ("x" * 351, "x" * 349 + "…"),
    ],
)
def test_text_of_an_error_fits_in_one_line_of_350_characters(text: str | None, fitted: str | None) -> None:
    """``ErrorReasonType``: what is longer is cut, and shows that it was."""
    assert fit(text) == fitted


def at_home(state: str) -> Stamp:
    """A stamp of ``state`` as it is known here, with its language."""
    return replace(stamp(state), profile=profile_of(state))


def reasons(refusal: IE704) -> set[str]:
    """In which languages an IE704 says its reasons."""
    told = [one.error_reason or "" for one in refusal.functional_error]
    return {language for language in languages() if any(say(WRONG[0].text, language) in one for one in told)}


@pytest.mark.parametrize(
    ("language", "state", "read"),
    [
        pytest.param("lt", "PL", "lt", id="the writer's own"),
        pytest.param("en", "LT", "en", id="the writer's own, though the state has another one"),
        pytest.param("fr", "LT", "lt", id="that of the state, where the writer's own has no sentences"),
        pytest.param("pl", "PL", "en", id="English, where neither has"),
    ],
)
def test_refusal_of_a_trader_is_in_the_language_of_its_writer(language: str, state: str, read: str) -> None:
    """ErrorReason: as the message describes its writer, or as the state writes to its traders."""
    refused = evolve(draft(), {"consignor_trader.language": language})
    assert reasons(generic_refusal(refused, WRONG, at_home(state))) == {read}


def test_other_party_has_no_say_in_the_language() -> None:
    """The group of somebody else than the writer does not count."""
    refused = evolve(draft(), {"consignor_trader.language": "en", "consignee_trader.language": "lt"})
    assert reasons(generic_refusal(refused, WRONG, at_home("LT"))) == {"en"}


def test_refusal_of_what_names_no_writer_is_in_the_language_of_the_state() -> None:
    """A change of destination names no consignor (C116): its state knows how to write to its traders."""
    assert reasons(generic_refusal(change(), WRONG, at_home("LT"))) == {"lt"}


def test_administrations_are_written_to_in_english() -> None:
    """IE906 and IE917: states speak English to each other, and an IE917 to a trader is in the state's language."""
    refused = evolve(alert(rejected=True), {"header.message_sender": "NDEA.PL"})
    [error] = functional_negative_acknowledgement(refused, WRONG, at_home("LT")).functional_error
    told = {
        recipient: xml_negative_acknowledgement(WRONG, at_home("LT"), recipient, "sent-1").xml_error[0].error_reason
        for recipient in ("NDEA.PL", "NDEA.LT")
    }

    assert say(WRONG[0].text) in (error.error_reason or "")
    assert say(WRONG[0].text) in told["NDEA.PL"]
    assert say(WRONG[0].text, "lt") in told["NDEA.LT"]
