"""JSON as people send it: what is read, and what is said of the rest."""

from decimal import Decimal

import pytest

from esad_gateway.errors import ComposeRefused
from esad_gateway.xml.plain import message_from_plain
from esad_gateway.xml.plain_json import read_json

LONG = b"9" * 4_000


@pytest.mark.parametrize("text", [b"7", b"-120", b"9" * 40], ids=["short", "negative", "longer than any value"])
def test_whole_number_is_an_integer(text: bytes) -> None:
    """As JSON has it."""
    read = read_json(text)

    assert type(read) is int
    assert read == int(text)


def test_number_with_thousands_of_digits_is_kept_as_it_stands() -> None:
    """To make an integer of it takes time that grows with the square of its length."""
    read = read_json(b"[%b, -%b]" % (LONG, LONG))

    assert [type(one) for one in read] == [Decimal, Decimal]
    assert str(read[1]) == f"-{LONG.decode()}"


def test_number_that_is_too_long_is_refused_with_its_beginning() -> None:
    """It is no value of any field, and the fault says where it stands."""
    data = read_json(b'{"message": "IE815", "body_ead_esad": [{"body_record_unique_reference": %b}]}' % LONG)

    with pytest.raises(ComposeRefused) as refused:
        message_from_plain(data)

    (fault,) = [one for one in refused.value.faults if one.path.endswith("body_record_unique_reference")]
    assert fault.value
    assert LONG.decode().startswith(fault.value)
    assert len(fault.value) < 1_000


@pytest.mark.parametrize(
    ("text", "told"),
    [(b"[" * 100_000, "nested more deeply"), (b"{", "line 1 column 2"), (b"\xff", "position 0")],
    ids=["nested", "cut off", "no text"],
)
def test_what_is_no_json_is_told(text: bytes, told: str) -> None:
    """The reason is about the text."""
    with pytest.raises(ValueError, match=told):
        read_json(text)
