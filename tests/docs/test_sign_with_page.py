"""Every recipe of the page on signing with other tools is run, in its order, and what each makes is verified."""

import re

import pytest

from helpers import javascript, pages
from helpers.programs import require, require_packages

PAGE = pages.ROOT / "docs" / "how-to" / "sign-with.md"
SIGNERS = {"esad", "xmlsec1", "signxml", "xml-crypto", "xmldsigjs", "xadesjs", "java"}


@pytest.fixture(scope="module")
def transcript(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What all blocks print when they are run one after the other, beside the packages that the page asks for."""
    for program in ("openssl", "xmlsec1", javascript.PROGRAM, "java"):
        require(program)
    require_packages(javascript.INSTALLED)
    folder = tmp_path_factory.mktemp("page")
    (folder / "fixtures").symlink_to(pages.ROOT / "fixtures")
    (folder / "node_modules").symlink_to(javascript.INSTALLED)
    return pages.transcript(PAGE, folder)


def test_page_marks_every_command() -> None:
    """There is no block that is not run, and no link that leads nowhere."""
    assert pages.unmarked(PAGE) == []
    assert [link for link in pages.links(PAGE) if not link.exists()] == []


def test_page_names_the_packages_that_are_tried() -> None:
    """The versions on the page are those that are locked for the tests."""
    named = dict(re.findall(r"([@/\w-]+)@(\d[\d.]*\d)", PAGE.read_text(encoding="utf-8")))

    assert named == javascript.locked()


def test_every_recipe_makes_what_the_gateway_takes(transcript: str) -> None:
    """One document each, and each is verified."""
    assert set(re.findall(r"by-([\w-]+)\.xml: ok", transcript)) == SIGNERS
