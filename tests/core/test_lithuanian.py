"""Lithuanian as its administration writes it: one term for one thing, and sentences that can be acted on."""

import re
import tomllib
from pathlib import Path

import pytest

from esad_gateway.texts import sentences

TEXTS = sentences("lt")
AS_WRITTEN = tomllib.loads((Path(__file__).parent / "data" / "lithuanian.toml").read_text(encoding="utf-8"))

OTHER_TERMS = {
    "pranešimas apie prekių gavimą": r"gavimo praneš",
    "pranešimas apie įvykį": r"įvykio praneš",
    "asmuo or šalis": r"prekiautoj",
    "patvirtintas": r"sertifikuot",
    "pagrindžiamasis": r"pagrindžianč",
    "vienas iš jų": r"vienas jų",
    "failas": r"rinkmen",
    "projektas": r"juodrašt",
    "pranešimas apie prekių gavimą, not a report": r"gavimo ataskait|apie gavimą\b",
    "perspėjimas (IE819)": r"arba įspėjim",
    "e-SAD and e-RoR": r"\be\. (SAD|RoR)\b",
}
"""What the texts say, and what they do not call it."""


@pytest.mark.parametrize("key", AS_WRITTEN)
def test_sentence_is_as_lithuanians_would_write_it(key: str) -> None:
    """Whoever changes a sentence looks whether it is still one."""
    assert TEXTS[key] == AS_WRITTEN[key]


@pytest.mark.parametrize("word", OTHER_TERMS.values(), ids=OTHER_TERMS)
def test_one_term_is_used_for_one_thing(word: str) -> None:
    """The terms are those of the law and of the administration's own pages."""
    assert [text for text in TEXTS.values() if re.search(word, text, re.IGNORECASE)] == []
