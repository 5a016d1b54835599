"""The national domain of a member state is a value that its profile names, or that its administration does."""

from decimal import Decimal
from pathlib import Path

import pytest

from esad_gateway.ais.figures import Decided, choices_of, figures_of
from esad_gateway.ais.provenance import Mark
from esad_gateway.emcs.identifiers import Malformed
from esad_gateway.errors import NotConfigured
from esad_gateway.profiles import STATES
from esad_gateway.profiles.national import domain_named, domain_of
from esad_gateway.settings import FILE, Settings, read_settings


def read(folder: Path, text: str) -> Settings:
    """The settings of a gateway for Lithuania with more lines."""
    (folder / FILE).write_text(f'state = "LT"\n{text}\n', encoding="utf-8")
    return read_settings(folder)


def test_lithuania_has_a_national_domain_and_others_have_none() -> None:
    """The profile says which module has it, and nobody else does."""
    found = {code: domain_of(code) for code in STATES}

    assert {code: one.state for code, one in found.items() if one} == {"LT": "LT"}


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("esad_gateway.profiles:STATES", "is no national domain"),
        ("esad_gateway.profiles", "expected a Python module and a value in it"),
        ("no_such_module:DOMAIN", "cannot be imported by this Python: ModuleNotFoundError"),
        ("esad_gateway.profiles:DOMAIN", "cannot be imported by this Python: AttributeError"),
    ],
)
def test_name_of_something_else_is_refused(name: str, told: str) -> None:
    """What a profile or a setting names has to be a national domain."""
    with pytest.raises(Malformed, match=told):
        domain_named(name)


def test_domain_of_another_state_is_refused() -> None:
    """A gateway acts for one state only."""
    with pytest.raises(Malformed, match="is the domain of LT, and this gateway is one of PL"):
        domain_of("PL", "esad_gateway.profiles.lithuania:DOMAIN")


def test_figures_are_decided_in_the_settings(tmp_path: Path) -> None:
    """A number alone, or with the unit; each says that the administration has decided it."""
    text = "[national_terms]\nRCV-2_report = 7\nRCV-2_report_awaited = { number = 5, unit = 'working_days' }"
    domain = read(tmp_path, text).national_domain()

    known = figures_of(domain)
    found = {name: (one.number, one.provenance.mark) for name, one in known.items() if name.startswith("RCV-2")}
    assert found == {"RCV-2_report": (7, Mark.DECIDED), "RCV-2_report_awaited": (5, Mark.DECIDED)}


def test_choices_are_made_in_the_settings(tmp_path: Path) -> None:
    """From which day a temporary number counts, and how numbers look: no source says either."""
    text = '[national_choices]\nCCE-6 = "request"\nCCE-5 = "LT000########"'
    domain = read(tmp_path, text).national_domain()

    found = {name: (one.chosen, one.provenance.mark) for name, one in choices_of(domain).items()}
    assert found == {
        "CCE-5": ("LT000########", Mark.DECIDED),
        "CCE-6": ("request", Mark.DECIDED),
        "CCR-1": ("validity", Mark.NOT_FOUND),
    }


def test_domain_is_as_known_where_nothing_is_decided(tmp_path: Path) -> None:
    """The very value of the profile."""
    assert read(tmp_path, "").national_domain() is domain_of("LT")


def test_everything_wrong_is_told_at_once(tmp_path: Path) -> None:
    """Nobody has to start a gateway five times to correct five decisions."""
    text = """[national_terms]
RC-99 = 1
RCV-2_raport = 7
RCV-2_report = 1.5
RCV-2_report_awaited = { number = 99, unit = "day_of_next_month" }
RCV-2 = 6"""

    with pytest.raises(NotConfigured) as caught:
        read(tmp_path, text)

    expected = ("'RC-99' is no figure", "'RCV-2_raport' is no", "RCV-2_report: expected", "1 to 31", "'RCV-2' is no")
    assert [one for one in expected if one not in str(caught.value)] == []


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('[national_terms]\nRC-4 = "20"', "national_terms.RC-4: expected a table in { } (got '20')"),
        ("[national_terms]\nRC-4 = true", "national_terms.RC-4: expected a table in { } (got True)"),
        ("[national_terms]\nRC-4 = -1", "national_terms.RC-4.number: expected 0 or more (got -1)"),
        ("[national_terms]\nRC-4 = { nummer = 1 }", "did you mean number?"),
        ('[national_terms]\nRC-4 = { number = 1, unit = "weeks" }', "RC-4.unit: expected 'working_days'"),
        ('[national_choices]\nCCE-6 = "arrival"', "CCE-6: expected one of validity, request (got 'arrival')"),
        ('[national_choices]\nCCE-7 = "request"', "'CCE-7' is no choice of the national procedures"),
        ('national = "nowhere"', "national: 'nowhere' names no national domain"),
    ],
)
def test_what_is_no_decision_is_refused(tmp_path: Path, text: str, told: str) -> None:
    """Place, what was expected, and what stands there."""
    with pytest.raises(NotConfigured) as caught:
        read(tmp_path, text)

    assert told in str(caught.value)


def test_state_without_procedures_has_no_figures() -> None:
    """There is nothing to decide until a domain is named."""
    with pytest.raises(Malformed, match="EE has no national procedures"):
        domain_of("EE", "", {"RC-4": Decided(number=Decimal(20))})
