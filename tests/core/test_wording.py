"""How a refusal reads: it says what a document must be or what is wrong with it, never the ideal as if it were so."""

import re
from collections.abc import Mapping
from typing import Final

import pytest

from esad_gateway.ais.saad.rules import SAAD_RULES
from esad_gateway.emcs.rules import CATALOGUE, catalogue
from esad_gateway.emcs.seed import REASONS
from esad_gateway.texts import languages, sentences

DEMAND: Final[Mapping[str, str]] = {
    "en": r"\b(must|may|cannot)\b",
    "lt": r"\b(turi|gali|galima|negali|privalom\w+)\b",
}
"""What a sentence that demands something cannot do without."""

DENIAL: Final[Mapping[str, str]] = {
    "en": r"\b(not|no|another|before|already)\b",
    "lt": r"\b(ne\w+|nėra|kit\w+|jau)\b",
}
"""What a sentence that says a fault cannot do without."""

every_language = pytest.mark.parametrize("language", languages())


def without(wanted: str, language: str, keys: list[str]) -> list[str]:
    """The sentences by ``keys`` in which nothing is ``wanted``."""
    told = sentences(language)
    return [f"{key}: {told[key]}" for key in keys if not re.search(wanted, told[key], re.IGNORECASE)]


@every_language
def test_rule_says_what_must_be(language: str) -> None:
    """Beside a refusal, a rule that states how documents are would be untrue."""
    rules = [f"{number}.text" for number in (*CATALOGUE, *SAAD_RULES) if number not in catalogue.ANSWERS]
    assert without(DEMAND[language], language, rules) == []


@every_language
def test_answer_says_what_is_wrong(language: str) -> None:
    """What is answered apart from the rulebook demands something, or says what is wrong."""
    answers = [*catalogue.ANSWERS, *(f"IE714.{reason}" for reason in REASONS)]
    either = f"{DEMAND[language]}|{DENIAL[language]}"
    assert without(either, language, [f"{answer}.text" for answer in answers]) == []


@every_language
@pytest.mark.parametrize(
    ("number", "word"),
    [("BR001", {"en": "already", "lt": "jau"}), ("GW-003", {"en": "before", "lt": "jau"})],
)
def test_refusal_of_what_was_there_says_so(number: str, word: Mapping[str, str], language: str) -> None:
    """Whoever used a number twice, or sent a message twice, reads that, and not a rule on numbers."""
    assert word[language] in sentences(language)[f"{number}.text"]
