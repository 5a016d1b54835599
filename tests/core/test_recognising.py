"""What was kept or sent in English is read back as what it says, and told in every language."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from esad_gateway.faults import Said, Value, said
from esad_gateway.recognising import recognised
from esad_gateway.texts import ENGLISH, languages, say, sentences

TRIED = [key for key in sentences(ENGLISH) if key.startswith("tried.")]
QUOTED = "[Errno 7] what a library says"


@pytest.mark.parametrize("key", TRIED)
def test_reason_of_a_delivery_is_told_in_every_language(key: str) -> None:
    """The store has it in English; none of that English is left in another language but what was quoted."""
    names = dict.fromkeys(("why", "words", "reason", "account", "destination", "found", "expected", "name"), QUOTED)
    values: dict[str, Value] = {
        **names,
        "status": 413,
        "known": "accepted, duplicate",
        "most": said("count.bytes", count=65536),
    }
    needed = {name: value for name, value in values.items() if f"{{{name}}}" in sentences(ENGLISH)[key]}
    reason = said(key, **needed)

    found = recognised(say(reason))

    assert [say(found, language) for language in languages()] == [say(reason, language) for language in languages()]


def test_reason_within_a_reason_is_told_as_well() -> None:
    """What another gateway said is a sentence of ours, too: in Lithuanian it is so to its end."""
    kept = "while others are taken: cannot take it now: no reason given"

    told = say(recognised(kept), "lt")

    assert "dabar priimti negali: priežastis nenurodyta" in told
    assert "while" not in told


def test_step_of_another_gateway_is_told_in_lithuanian() -> None:
    """It sends its refusals in English."""
    why, wanted = said("refused.lacks", name="Reference", key="URI"), Said("wanted.one_signature")
    step = said("refused.step", number=5, why=why, wanted=wanted)
    kept = say(said("tried.refused", why=step))

    assert say(recognised(kept), "lt") == say(said("tried.refused", why=step), "lt")


@given(st.text() | st.lists(st.sampled_from(list(sentences(ENGLISH).values())), max_size=4).map(": ".join))
def test_words_of_others_are_never_changed(words: str) -> None:
    """Whatever a peer wrote there: in English it reads as it was kept."""
    assert say(recognised(words)) == words
