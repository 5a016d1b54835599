"""Identifiers: what exists, what refuses to, and how the check digit protects an ARC."""

from collections.abc import Callable
from datetime import date
from string import ascii_uppercase, digits

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from esad_gateway.emcs.identifiers import (
    ARC,
    NATIONAL_ADMINISTRATIONS,
    ExciseNumber,
    LocalReferenceNumber,
    Malformed,
    MemberState,
    OfficeReference,
    check_digit,
    reason_of,
)
from esad_gateway.faults import said

CHARACTERS = digits + ascii_uppercase
SAME_REMAINDER = ("1BLV", "2CMW", "3DNX", "4EOY", "5FPZ", "6GQ", "7HR", "8IS", "9JT", "AKU", "0")

ARCS_THAT_FIT = (
    "17DKK1KHPMQH2W23ABI62",
    "25DKWEBLDTMGNKR6T2E18",
    "24DK82N22KKJH5U8DBB10",
    "22XI00000000000366000",
    "11DKWT71BMB8AWEY9BHP2",
    "25XI000000000002164P3",
    "19DKN7XC27BNVA42XMD51",
    "23LT00000000000ABCDP4",
    "26LT0123456789ABCDEP6",
    "26LT000000000000001P2",
)
ARCS_OF_FORMER_STATES = ("18GB00000000000232361", "23GB00000000000377161", "20GB00000000000341760")
ARCS_THAT_DO_NOT_FIT = {
    "95DKWEBLDTMGNKR6T2E18": "4",
    "35WE3B5EDSYSZ86STVKH8": "0",
    "13AB7778889991ABCDEF9": "2",
    "25DKSECURITYTESTING00": "7",
    "18GB00000000000232362": "1",
    "23GB00000000000377163": "1",
    "23IT00000000000190130": "4",
    "25GR666562289759776P3": "4",
    "23XI001868579930929P7": "3",
    "23XI00000000000056333": "0",
}

states = st.sampled_from(sorted(NATIONAL_ADMINISTRATIONS)).map(MemberState)
issued = st.builds(
    ARC.issue,
    st.integers(min_value=2023, max_value=2099),
    states,
    st.text(CHARACTERS, min_size=15, max_size=15),
)


@pytest.mark.parametrize("value", ARCS_THAT_FIT + ARCS_OF_FORMER_STATES)
def test_check_digit_of_a_circulating_arc(value: str) -> None:
    """The digit computed from the first 20 characters is the one that ARCs in circulation end with."""
    assert check_digit(value[:20]) == value[20]


@pytest.mark.parametrize(("value", "expected"), ARCS_THAT_DO_NOT_FIT.items())
def test_check_digit_of_a_mistyped_arc(value: str, expected: str) -> None:
    """For a hand-made or mistyped ARC another digit comes out than the one it ends with."""
    assert check_digit(value[:20]) == expected != value[20]


@pytest.mark.parametrize("first20", ["", "26LT000000000000001", "26LT000000000000001P2", "26lt000000000000001P"])
def test_check_digit_of_something_else(first20: str) -> None:
    """Anything but 20 digits or capitals has no check digit."""
    with pytest.raises(ValueError, match="20 digits or capitals"):
        check_digit(first20)


@pytest.mark.parametrize("value", ARCS_THAT_FIT)
def test_arc_that_fits(value: str) -> None:
    """An ARC with the right structure, state and check digit exists and is its text."""
    assert str(ARC(value)) == value


@pytest.mark.parametrize("value", ARCS_THAT_DO_NOT_FIT)
def test_arc_that_does_not_fit(value: str) -> None:
    """An ARC with a wrong check digit, or of no member state, does not exist."""
    with pytest.raises(ValueError, match=r"check digit|national administration|written 'EL'"):
        ARC(value)


@pytest.mark.parametrize("value", ARCS_OF_FORMER_STATES)
def test_arc_of_a_former_state(value: str) -> None:
    """Great Britain is not in the list of national administrations any more, so its ARCs are refused (R030)."""
    with pytest.raises(ValueError, match="'GB' is no national administration"):
        ARC(value)


@pytest.mark.parametrize(
    "value",
    [
        "",
        "26LT000000000000001P",
        "26LT000000000000001P22",
        "26LT000000000000001PX",
        "26lt000000000000001p2",
        "L6LT000000000000001P2",
        "26L1000000000000001P2",
        " 26LT00000000000001P2",
        "26LT000000000000001P2\n",
    ],
)
def test_arc_of_another_shape(value: str) -> None:
    """What is not 21 characters of the right kind is no ARC, and the refusal says what one looks like."""
    with pytest.raises(ValueError, match="expected 21 characters"):
        ARC(value)


def test_arc_tells_year_and_state() -> None:
    """Year and state are read from the first four characters."""
    arc = ARC("25XI000000000002164P3")
    assert (arc.year, arc.state) == (2025, MemberState("XI"))


@pytest.mark.parametrize(
    ("value", "duty_paid"),
    [
        pytest.param("25XI000000000002164P3", True, id="P since 2023"),
        pytest.param("23LT00000000000ABCDP4", True, id="P in 2023"),
        pytest.param("11DKWT71BMB8AWEY9BHP2", False, id="P by chance before 2023"),
        pytest.param("25DKWEBLDTMGNKR6T2E18", False, id="no P"),
    ],
)
def test_arc_tells_the_type_of_movement(value: str, *, duty_paid: bool) -> None:
    """Position 20 means duty paid only in ARCs from 2023 on."""
    assert ARC(value).duty_paid is duty_paid


@given(issued)
@settings(max_examples=60)
def test_issued_arc(arc: ARC) -> None:
    """Whatever is issued is a valid ARC of a duty-paid movement, with the remainder 10 among them."""
    assert ARC(arc.value) == arc
    assert arc.duty_paid


def test_issued_arc_with_remainder_ten() -> None:
    """A sum that leaves 10 gets the digit 0, as in ARCs in circulation, and is not refused."""
    serial = next(f"{n:015}" for n in range(100) if _remainder(f"26LT{n:015}P") == 10)
    assert ARC.issue(2026, MemberState("LT"), serial).value == f"26LT{serial}P0"


@pytest.mark.parametrize("year", [2022, 2100, 26])
def test_issue_for_a_year_without_duty_paid_arcs(year: int) -> None:
    """Only years from 2023 to 2099 can be told in a duty-paid ARC."""
    with pytest.raises(ValueError, match="from 2023 to 2099"):
        ARC.issue(year, MemberState("LT"), "0" * 15)


@pytest.mark.parametrize("serial", ["", "0" * 14, "0" * 16, "00000000000000a", "Ž" * 15])
def test_issue_for_a_wrong_serial(serial: str) -> None:
    """The serial is 15 digits or capitals, nothing else."""
    with pytest.raises(ValueError, match="15 digits or capitals"):
        ARC.issue(2026, MemberState("LT"), serial)


@given(issued, st.integers(min_value=0, max_value=19), st.sampled_from(CHARACTERS))
@settings(max_examples=150)
def test_check_digit_detects_a_substitution(arc: ARC, position: int, character: str) -> None:
    """One changed character changes the digit, unless both count the same modulo 11 or the sums leave 0 and 10."""
    old = arc.value[:20]
    new = old[:position] + character + old[position + 1 :]
    assume(_class_of(character) != _class_of(old[position]))
    assume({_remainder(old), _remainder(new)} != {0, 10})
    assert check_digit(new) != check_digit(old)


@given(issued, st.integers(min_value=0, max_value=19), st.data())
@settings(max_examples=60)
def test_check_digit_misses_characters_of_equal_value(arc: ARC, position: int, data: st.DataObject) -> None:
    """Characters that count the same modulo 11 are interchangeable without notice, P and 5 among them."""
    old = arc.value[:20]
    character = data.draw(st.sampled_from(_class_of(old[position])))
    assert check_digit(old[:position] + character + old[position + 1 :]) == check_digit(old)


def test_greece_is_written_as_in_the_list_of_administrations() -> None:
    """EL, and not GR: the refusal says so."""
    assert MemberState("EL").code == "EL"
    with pytest.raises(ValueError, match="'GR' is written 'EL'"):
        MemberState("GR")


@pytest.mark.parametrize("code", ["GB", "UK", "lt", "", "LTU", "NO"])
def test_member_state_unknown(code: str) -> None:
    """Only the 27 and XI are national administrations."""
    with pytest.raises(ValueError, match="is no national administration"):
        MemberState(code)


def test_national_administrations_are_the_27_and_northern_ireland() -> None:
    """The code list has 28 entries."""
    assert len(NATIONAL_ADMINISTRATIONS) == 28


@pytest.mark.parametrize("value", ["LT00000000101", "XIPA000000123", "PL2005764cl78"])
def test_excise_number(value: str) -> None:
    """An excise number is its text and tells its state."""
    number = ExciseNumber(value)
    assert (str(number), str(number.state)) == (value, value[:2])


@pytest.mark.parametrize("value", ["LT001000", "IT0830AB"])
def test_office_reference(value: str) -> None:
    """An office reference is its text and tells its state."""
    office = OfficeReference(value)
    assert (str(office), str(office.state)) == (value, value[:2])


@pytest.mark.parametrize("value", ["A", "LT-2026-000001", "x" * 22, "two words"])
def test_local_reference_number(value: str) -> None:
    """A local reference number is any text of 1 to 22 characters."""
    assert str(LocalReferenceNumber(value)) == value


@pytest.mark.parametrize(
    ("identifier", "value"),
    [
        pytest.param(ExciseNumber, "LT0000000010", id="excise number too short"),
        pytest.param(ExciseNumber, "LT0000000010-", id="excise number with a dash"),
        pytest.param(ExciseNumber, "lt00000000101", id="excise number with small state"),
        pytest.param(ExciseNumber, "GB00000000101", id="excise number of no member state"),
        pytest.param(OfficeReference, "LT00100", id="office too short"),
        pytest.param(OfficeReference, "LTabc123", id="office with small letters"),
        pytest.param(OfficeReference, "ZZ001000", id="office of no member state"),
        pytest.param(LocalReferenceNumber, "", id="empty LRN"),
        pytest.param(LocalReferenceNumber, "x" * 23, id="long LRN"),
        pytest.param(LocalReferenceNumber, " A", id="LRN with outer space"),
        pytest.param(LocalReferenceNumber, "A  B", id="LRN with doubled space"),
    ],
)
def test_identifier_refuses_to_exist(identifier: Callable[[str], object], value: str) -> None:
    """A wrong identifier does not exist, and the refusal says what was expected."""
    with pytest.raises(ValueError, match="expected"):
        identifier(value)


def _class_of(character: str) -> str:
    return next(members for members in SAME_REMAINDER if character in members)


def _remainder(first20: str) -> int:
    values = {character: rank for rank, members in enumerate(SAME_REMAINDER, 1) for character in members}
    return sum((values[character] % 11 << position) for position, character in enumerate(first20)) % 11


def test_refusal_of_a_value_says_its_reason_in_every_language() -> None:
    """Ours is a sentence by its key; what a library says is passed on, its first line."""
    with pytest.raises(Malformed) as ours:
        ExciseNumber("lt1")
    with pytest.raises(ValueError, match="month") as foreign:
        date.fromisoformat("2026-13-01")

    assert reason_of(ours.value) == ours.value.why
    assert reason_of(foreign.value) == said("said.library", words=str(foreign.value))
    assert reason_of(ValueError("first\nsecond")) == said("said.library", words="first")
    assert reason_of(ValueError()) == said("said.library", words="")
