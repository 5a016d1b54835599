"""Messages that refuse: what they name of what they refuse (C150, C151, TR0104, TR9121)."""

from dataclasses import replace

import pytest

from esad_gateway.emcs.messages import Message, ie704
from esad_gateway.emcs.messages.groups import ExciseMovement
from esad_gateway.emcs.refusals import (
    fit,
    functional_negative_acknowledgement,
    generic_refusal,
    xml_negative_acknowledgement,
)
from esad_gateway.emcs.rules.mechanism import fault
from esad_gateway.place import at
from helpers.playbook import ARC, stamp
from helpers.protocol import alert, negative, receipt, this
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
