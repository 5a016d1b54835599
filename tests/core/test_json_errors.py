"""What is wrong with a text that is no JSON is told in every language, whatever the reader of JSON calls it."""

import json

import pytest

from esad_gateway.json_errors import TooDeep, why_no_json
from esad_gateway.texts import say
from esad_gateway.xml.plain_json import read_json

WRONG = {
    b"{": ("line 1, column 2", "json.name"),
    b'{"a": 1,}': ("line 1, column 9", "json.name"),
    b"[1,]": ("line 1, column 4", "json.value"),
    b"": ("line 1, column 1", "json.value"),
    b'{"a"\n"b"}': ("line 2, column 1", "json.colon"),
    b'{"a": 1 "b": 2}': ("line 1, column 9", "json.comma"),
    b"1 2": ("line 1, column 3", "json.more"),
    b'"abc': ("line 1, column 1", "json.quote"),
    b'"\x01"': ("line 1, column 2", "json.control"),
    b'"\\q"': ("line 1, column 2", "json.escape"),
    b'"\\u12"': ("line 1, column 3", "json.unicode"),
}


@pytest.mark.parametrize(("content", "told"), WRONG.items(), ids=[key for _, key in WRONG.values()])
def test_reader_is_translated(content: bytes, told: tuple[str, str]) -> None:
    """Each of its complaints, with line and column."""
    with pytest.raises(json.JSONDecodeError) as caught:
        read_json(content)
    found = why_no_json(caught.value)

    why = dict(found.values)["why"]
    assert (say(found).partition(":")[0], getattr(why, "key", None)) == told


def test_text_that_is_no_utf8_is_told_by_its_byte() -> None:
    """And by the line in which it stands."""
    with pytest.raises(UnicodeDecodeError) as caught:
        read_json(b'{"a":\n"\xe0"}')

    assert say(why_no_json(caught.value), "lt") == "2 eilutė: baitas 0xe0 nėra UTF-8 tekstas"


def test_text_that_is_nested_too_deeply_is_told_so() -> None:
    """It is an error of the text, and of nobody else."""
    with pytest.raises(TooDeep) as caught:
        read_json(b"[" * 100_000)

    assert say(why_no_json(caught.value)) == "it is nested more deeply than anything that is meant"


def test_words_that_are_not_known_are_quoted() -> None:
    """Another version of Python may have some; Lithuanian says who says them."""
    told = why_no_json(json.JSONDecodeError("Something else", "", 0))

    assert say(told, "lt") == "1 eilutė, 1 pozicija: biblioteka praneša: Something else"
