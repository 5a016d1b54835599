"""Persons and entities are named in a way that others can write down."""

import pytest

from esad_gateway.ais.people.entities import Entity, Person
from helpers.people import ENTITY, PERSON, told


def test_person_and_entity_with_code_and_name_are_right() -> None:
    """A personal code, and a user name of the administration as well."""
    assert Person(PERSON, "Person One").faults == Person("vmi-1", "Person Two").faults == ()
    assert Entity(ENTITY, "Trader One").faults == ()


@pytest.mark.parametrize("code", ["", "1" * 21, "a b", "ž", "a\n"])
def test_code_that_nobody_can_write_down_is_told(code: str) -> None:
    """Empty, too long, with spaces, with other letters or with what does not show."""
    assert told(Entity(code, "Trader One").faults) == [("ACC-1", "entity", code)]


@pytest.mark.parametrize("name", ["", "  ", "x" * 183, "a\x1b[2J"])
def test_name_that_says_nothing_or_too_much_is_told(name: str) -> None:
    """Beside what else is wrong."""
    assert told(Person("", name).faults) == [("ACC-1", "person", ""), ("ACC-1", "name", name)]
