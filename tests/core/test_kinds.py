"""One row a message type: nothing is missing in it, and nothing in it contradicts anything else."""

import pytest

from esad_gateway.emcs.messages import MESSAGES, Message
from esad_gateway.emcs.messages.kinds import KINDS, Kind, kind_of
from esad_gateway.emcs.messages.triggers import Origin
from esad_gateway.emcs.rules.places import steps

ROWS = [
    pytest.param(message, kind, id=message.__name__)
    for message, kind in zip(MESSAGES, map(kind_of, MESSAGES), strict=True)
]


def test_every_message_has_its_row() -> None:
    """A message without a row could not be answered; the rows stand in the order of the messages' numbers."""
    assert list(KINDS) == [message.__name__ for message in MESSAGES]
    assert list(MESSAGES) == sorted(MESSAGES, key=lambda message: message.__name__)


@pytest.mark.parametrize(("message", "kind"), ROWS)
def test_who_may_send_a_message_about_a_movement_moves_it(message: type[Message], kind: Kind) -> None:
    """What acts on a side of a movement triggers something there, and what triggers something comes from somebody."""
    assert bool(kind.sides) is (kind.trigger is not None), message
    assert all(kind.sides.values()), message


@pytest.mark.parametrize(("message", "kind"), ROWS)
def test_traders_sign_what_traders_send(message: type[Message], kind: Kind) -> None:
    """Only a trader's message names a trader as its author; all others are signed by administrations."""
    assert (Origin.TRADER in kind.sides) is (kind.signed_by is not None), message


@pytest.mark.parametrize(("message", "kind"), ROWS)
def test_time_of_validation_has_its_place(message: type[Message], kind: Kind) -> None:
    """What is stamped is an item of the attributes, and only traders' messages are stamped on their way (C149)."""
    if kind.stamped is None:
        return
    assert kind.stamped in {step.field for step in steps(message, f"Attributes/{kind.stamped.replace('_', '')}")}
    assert kind.signed_by is not None


@pytest.mark.parametrize(("message", "kind"), ROWS)
def test_what_can_be_lacked_comes_from_an_administration(message: type[Message], kind: Kind) -> None:
    """Only what administrations send each other about a movement is sent again; what is filed moves none."""
    assert not kind.sent_again or Origin.ADMINISTRATION in kind.sides, message
    assert not (kind.filed and kind.sides), message
