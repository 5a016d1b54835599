"""Numbers and their nouns, and numbers with a fraction, by the grammar of each language."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from esad_gateway.faults import Said, said
from esad_gateway.texts import in_every_language, languages, say, sentences
from esad_gateway.texts.plurals import BETWEEN, plural

FORMS = {"en": 2, "lt": 3}
COUNTED = [key for key in sentences("en") if key.startswith("count.")]

every_language = pytest.mark.parametrize("language", languages())


@pytest.mark.parametrize(
    ("count", "english", "lithuanian"),
    [
        (0, "0 faults", "0 klaidų"),
        (1, "1 fault", "1 klaida"),
        (2, "2 faults", "2 klaidos"),
        (9, "9 faults", "9 klaidos"),
        (10, "10 faults", "10 klaidų"),
        (11, "11 faults", "11 klaidų"),
        (12, "12 faults", "12 klaidų"),
        (20, "20 faults", "20 klaidų"),
        (21, "21 faults", "21 klaida"),
        (22, "22 faults", "22 klaidos"),
        (101, "101 faults", "101 klaida"),
        (111, "111 faults", "111 klaidų"),
        (112, "112 faults", "112 klaidų"),
        (1001, "1001 faults", "1001 klaida"),
    ],
)
def test_noun_follows_its_number(count: int, english: str, lithuanian: str) -> None:
    """English has two forms, Lithuanian three."""
    assert in_every_language(said("count.faults", count=count)) == {"en": english, "lt": lithuanian}


@given(st.integers(0, 10**9))
def test_lithuanian_looks_at_the_last_two_digits(count: int) -> None:
    """What stands before them changes nothing."""
    what, last = say(said("count.faults", count=count), "lt"), say(said("count.faults", count=count % 100), "lt")
    assert what.split()[1] == last.split()[1]


@every_language
@pytest.mark.parametrize("key", COUNTED)
def test_everything_counted_has_the_forms_of_the_language(key: str, language: str) -> None:
    """No form is missing, and none is of another number."""
    forms = sentences(language)[key].split(BETWEEN)
    assert len(set(forms)) == FORMS[language]
    assert all("{count}" in form for form in forms)


def test_language_without_a_grammar_has_two_forms() -> None:
    """A further file of texts is enough to begin with."""
    assert [plural("a|b", count, "xx") for count in (0, 1, 2)] == ["b", "a", "b"]


def test_text_is_no_number_to_count_by() -> None:
    """What stands in a document is not counted by."""
    with pytest.raises(TypeError, match="no number"):
        say(said("count.faults", count="1"))


@pytest.mark.parametrize(
    ("what", "english", "lithuanian"),
    [
        (said("hint.net_mass", net="2.5"), "2.5 kg", "2,5 kg"),
        (said("hint.at_most_together", limit="0.125"), "0.125", "0,125"),
        (said("hint.own_rest", own="LT1", product="W200", rest="7.5", wanted="9"), "7.5", "7,5"),
        (said("hint.other_rest", other="LT1", product="W200", wanted="1.5"), "1.5", "1,5"),
    ],
    ids=lambda what: what.key if isinstance(what, Said) else "",
)
def test_fraction_is_written_as_in_the_language(what: Said, english: str, lithuanian: str) -> None:
    """English has a point before it, Lithuanian a comma."""
    told = in_every_language(what)
    assert english in told["en"]
    assert lithuanian in told["lt"]
    assert english == lithuanian or english not in told["lt"]
