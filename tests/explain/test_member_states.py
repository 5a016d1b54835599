"""What is known of a member state is told with its source, and what counts where nothing is known."""

import pytest

from esad_gateway.explain.member_states import facts, member_state
from esad_gateway.profiles import STATES
from esad_gateway.texts import languages, say


def told(code: str, about: str) -> str:
    """What is told about one thing of a state, in English."""
    return " ".join(say(fact.told) for fact in facts(code) if fact.about == about)


@pytest.mark.parametrize("code", STATES)
def test_every_state_is_told_in_every_language(code: str) -> None:
    """Zone, e-SAD, Plato, formalities, journeys, language and days off, as JSON and as lines."""
    found = member_state(code, languages())
    assert found is not None
    assert {fact["about"] for fact in found.as_json["facts"]} >= {
        "zone",
        "esad",
        "plato",
        "formalities",
        "journeys",
        "language",
        "calendar",
    }
    assert all(fact["what"].keys() == set(languages()) for fact in found.as_json["facts"])
    assert len(found.lines) == len(found.as_json["facts"]) + 1


def test_what_is_known_has_its_source() -> None:
    """And what is not is told with what counts instead."""
    assert (
        told("XI", "esad") == "It takes part in the e-SAD since 2024-08-19. [HM Revenue & Customs, Excise Notice 204b]"
    )
    assert told("NL", "plato").startswith("It taxed beer by degree Plato until 2023-12-31. [")
    assert told("LT", "plato").startswith("It does not tax beer by degree Plato. [")
    assert told("LT", "formalities").startswith("From 2023-02-13 on a report of receipt goes on at once. [")
    assert told("PL", "formalities").endswith("is not known: the report goes on at once (formalities_days).")
    assert told("PL", "journeys").endswith("those of the Union count (maximum_journey_days).")
    assert told("AT", "eves").endswith("[Bundesabgabenordnung, § 108(3)]")


def test_greece_is_found_by_either_code() -> None:
    """It is EL in EMCS; who asks for GR is told."""
    greece = member_state("GR", ["en"])
    assert greece is not None
    assert greece.as_json["state"] == "EL"
    assert "Written EL in EMCS, where others write GR." in str(greece.lines)


@pytest.mark.parametrize("name", ["US", "GB", "", "POLAND"])
def test_what_is_no_state_is_not_told(name: str) -> None:
    """The United Kingdom takes part with Northern Ireland alone, which is XI."""
    assert member_state(name, ["en"]) is None
