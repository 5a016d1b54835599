"""Every command of the page on another country is run: its package, its tariffs, its registrations, its terms."""

import re
from datetime import date

import pytest

from esad_gateway.ais.domain import NationalDomain
from helpers import pages

PAGE = pages.ROOT / "docs" / "how-to" / "another-country.md"


@pytest.fixture(scope="module")
def transcript(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What all blocks print when they are run one after the other."""
    folder = tmp_path_factory.mktemp("page")
    (folder / "tests").symlink_to(pages.ROOT / "tests")
    return pages.transcript(PAGE, folder)


def test_page_marks_every_command_and_leads_somewhere() -> None:
    """There is no block that is not run, and no link to nothing."""
    assert pages.unmarked(PAGE) == []
    assert [link for link in pages.links(PAGE) if not link.exists()] == []


def test_commands_do_what_the_page_says(transcript: str) -> None:
    """Its duty, its number, its term of two months, and of one when the settings say so."""
    assert "Duty on 2026-03-02: 63.00 EUR" in transcript
    assert "DE00000000001 Trader One: registered" in transcript
    due = dict(re.findall(r"^\d{4}-(\d+)\t.*\tsubmitted\t\t(\S+)\t", transcript, re.MULTILINE))
    earlier = date.fromisoformat(due["000001"]) - date.fromisoformat(due["000002"])
    assert 27 <= earlier.days <= 31
    assert "decided in the settings: X-8" in transcript


def test_page_names_the_parts_that_there_are() -> None:
    """Each field of a domain has its row, and no other has one."""
    rows = re.findall(r"^\| (`.*?) \|", PAGE.read_text(encoding="utf-8"), re.MULTILINE)

    assert sorted(re.findall(r"`(\w+)`", " ".join(rows))) == sorted({*NationalDomain.__annotations__} - {"state"})
