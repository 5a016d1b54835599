"""The movement that a message names, found wherever the message has it."""

from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from esad_gateway.emcs.identifiers import ARC, MemberState
from esad_gateway.emcs.messages import Message
from esad_gateway.emcs.messages.groups import ExciseMovement
from esad_gateway.emcs.messages.subject import movement_named, movement_of
from esad_gateway.emcs.procedure.out_of_turn import unknown
from esad_gateway.xml.parse import parse
from helpers.any_message import any_message
from helpers.case import FIXTURES
from helpers.fixtures import load


def named(message: Message, item: str) -> Any:
    """The first value of that name in the groups of a message that stand once."""
    groups = (getattr(message, field.name) for field in fields(message) if "occurs" not in field.metadata)
    return next((value for group in groups if (value := getattr(group, item, None)) is not None), None)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(any_message())
def test_movement_of_a_message_is_what_its_groups_say(message: Message) -> None:
    """ARC and sequence number are found whichever groups have them; without an ARC no movement is named."""
    found = movement_of(message)

    arc, sequence = named(message, "administrative_reference_code"), named(message, "sequence_number")
    assert (found is None) == (arc is None)
    if found is not None:
        assert (found.administrative_reference_code, found.sequence_number) == (arc, sequence or 1)


CODE = ARC.issue(2026, MemberState("LT"), "1" * 15).value


@pytest.mark.parametrize(
    ("sequence", "read"),
    [("7", 7), (None, 1), ("many", 1), ("0", 1), ("100", 1)],
    ids=["readable", "missing", "a word", "nought", "too large"],
)
def test_movement_of_an_unreadable_document_is_what_its_texts_say(sequence: str | None, read: int) -> None:
    """The ARC is there, and the version as far as there can be such a version; else it is the first."""
    expected = ExciseMovement(administrative_reference_code=CODE, sequence_number=read)
    assert movement_named("IE801", CODE, sequence) == expected


@pytest.mark.parametrize(
    ("type_name", "arc"),
    [("IE801", None), ("IE801", f"{CODE[:-1]}X"), ("IE815", CODE), ("IE713", CODE)],
    ids=["no ARC", "an ARC that is none", "a draft", "no message about a movement"],
)
def test_movement_of_an_unreadable_document_is_left_out(type_name: str, arc: str | None) -> None:
    """Where no ARC can be read, or the refusal of the type names none (TR0104), nothing is guessed."""
    assert movement_named(type_name, arc, "1") is None


VALID = sorted(path for path in FIXTURES.glob("ie*/valid/*.xml") if movement_of(load(path)) is not None)


@pytest.mark.parametrize("path", VALID, ids=lambda path: f"{path.parent.parent.name}-{path.stem}")
def test_fault_about_a_movement_leads_to_its_arc(path: Path) -> None:
    """Code 90 names the ARC and where it stands, whichever group of the message that is."""
    [found] = unknown(load(path))

    steps = "/".join(f"*[local-name()='{step}']" for step in found.path.strip("/").split("/"))
    elements = parse(path.read_bytes()).getroottree().xpath(f"/{steps}")
    assert [element.text for element in elements] == [found.value]


def test_valid_fixtures_have_their_arc_in_different_groups() -> None:
    """The test above sees every structure that there is."""
    places = {unknown(load(path))[0].path.rsplit("/", 2)[1] for path in VALID}
    assert places == {"ExciseMovement", "UpdateEadEsad", "Attributes", "ExciseNotification"}
