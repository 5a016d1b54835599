"""The movement that a message names, found wherever the message has it."""

from dataclasses import fields
from typing import Any

from hypothesis import given, settings

from esad_gateway.emcs.messages import Message
from esad_gateway.emcs.refusals import movement_of
from helpers.any_message import any_message


def named(message: Message, item: str) -> Any:
    """The first value of that name in the groups of a message that stand once."""
    groups = (getattr(message, field.name) for field in fields(message) if "occurs" not in field.metadata)
    return next((value for group in groups if (value := getattr(group, item, None)) is not None), None)


@settings(max_examples=150)
@given(any_message())
def test_movement_of_a_message_is_what_its_groups_say(message: Message) -> None:
    """ARC and sequence number are found whichever groups have them; without an ARC no movement is named."""
    found = movement_of(message)

    arc, sequence = named(message, "administrative_reference_code"), named(message, "sequence_number")
    assert (found is None) == (arc is None)
    if found is not None:
        assert (found.administrative_reference_code, found.sequence_number) == (arc, sequence or 1)
