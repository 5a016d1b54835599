"""An ARC taken apart (R030), and the words for codes and states."""

import pytest

from esad_gateway.emcs.codes import FunctionalErrorCodes, StatusType
from esad_gateway.emcs.identifiers import ARC, MemberState
from esad_gateway.emcs.movement import Side, Trigger
from esad_gateway.explain.anatomy import take_apart
from esad_gateway.explain.meanings import error_meaning, neighbours, state_name
from esad_gateway.texts import in_every_language, say
from helpers.transitions import table_of

GOOD_ARC = ARC.issue(2026, MemberState("LT"), "000000000000001").value


def test_right_arc_is_told_part_by_part() -> None:
    """Year, state, serial, type of movement and check digit, by their positions; nothing is wrong with them."""
    parts = take_apart(GOOD_ARC)
    assert [(part.positions, part.value) for part in parts] == [
        ("1-2", "26"),
        ("3-4", "LT"),
        ("5-19", "000000000000001"),
        ("20", "P"),
        ("21", "2"),
    ]
    assert all(part.ok for part in parts)
    assert say(parts[0].text) == "year of acceptance: 2026"


def test_wrong_check_digit_is_told_with_the_right_one() -> None:
    """It can be computed, so it is said."""
    check = take_apart(f"{GOOD_ARC[:-1]}7")[4]
    assert (check.ok, say(check.text)) == (False, "check digit, wrong: expected 2")


@pytest.mark.parametrize(
    ("arc", "wrong"),
    [
        pytest.param("2XLT000000000000001P0", "year", id="year"),
        pytest.param("26ZZ000000000000001P0", "state", id="state"),
        pytest.param("26LT00000000000000-P0", "serial", id="serial"),
        pytest.param("26LT000000000000001-0", "type", id="type"),
    ],
)
def test_each_part_can_be_wrong(arc: str, wrong: str) -> None:
    """A part that breaks the form is the one that is said to."""
    assert wrong in {part.name for part in take_apart(arc) if not part.ok}


@pytest.mark.parametrize(
    ("start", "meaning"),
    [
        ("26LT000000000000001P", "duty paid"),
        ("26LT000000000000001A", "not duty paid"),
        ("22LT000000000000001P", "nothing"),
    ],
)
def test_type_means_something_since_2023(start: str, meaning: str) -> None:
    """A P in position 20 of an older ARC is chance."""
    assert meaning in say(take_apart(f"{start}0")[3].text)


def test_arc_of_another_length_has_no_parts() -> None:
    """No character has a known place then."""
    with pytest.raises(ValueError, match="has 20 characters; an ARC has 21"):
        take_apart(GOOD_ARC[:-1])


@pytest.mark.parametrize("code", FunctionalErrorCodes, ids=lambda code: code.value)
def test_every_functional_error_has_a_meaning_in_both_languages(code: FunctionalErrorCodes) -> None:
    """TC49, in English and in Lithuanian."""
    told = in_every_language(error_meaning(code))
    assert told["en"]
    assert told["lt"]
    assert told["en"] != told["lt"]


@pytest.mark.parametrize("side", Side)
@pytest.mark.parametrize("state", StatusType, ids=lambda state: state.name.lower())
def test_neighbours_of_a_state_are_those_of_the_domain_facts(state: StatusType, side: Side) -> None:
    """What leads into a state, out of it, and leaves it as it is."""
    steps = {(before, trigger, after) for (before, trigger), after in table_of(side).items()}
    found = neighbours(state, side)
    assert {(step.before, step.trigger, step.after) for step in found.into} == {
        step for step in steps if step[2] is state is not step[0]
    }
    assert {(step.before, step.trigger, step.after) for step in found.out_of} == {
        step for step in steps if step[0] is state is not step[2]
    }
    assert set(found.staying) == {trigger for before, trigger, after in steps if before is after is state}


def test_diverted_is_a_state_of_destination_only() -> None:
    """4: at dispatch goods that return are Accepted."""
    nothing = neighbours(StatusType.DIVERTED, Side.DISPATCH)
    assert (nothing.into, nothing.out_of, nothing.staying) == ((), (), ())
    assert {step.trigger for step in neighbours(StatusType.DIVERTED, Side.DESTINATION).into} == {Trigger.RETURN}


def test_name_of_a_state_is_a_word() -> None:
    """As people write it."""
    assert state_name(StatusType.PARTIALLY_REFUSED) == "Partially refused"
