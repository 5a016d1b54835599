"""The pages on tables: the reference is drawn from the layouts, and every command of the guide is run."""

import json
from pathlib import Path

from esad_gateway.sheets.flaws import CODES
from helpers import pages
from helpers.draw_batch import BAD_INPUT, PAGE, page
from helpers.ready import ready

PORT = "8460"
GUIDE = pages.ROOT / "docs" / "how-to" / "batch.md"


PROGRAM = """#!/bin/sh
case $1 in serve) exec '{served}' "$@" ;; esac
exec '{ready}' "$@"
"""
"""Commands are forks; the gateway is not: its workers end when it is not their parent."""


def programs(folder: Path) -> Path:
    """A folder with ``esad``."""
    program = folder / "programs" / "esad"
    program.parent.mkdir()
    program.write_text(PROGRAM.format(served=pages.INSTALLED / "esad", ready=ready()), encoding="utf-8")
    program.chmod(0o700)
    return program.parent


def test_reference_is_drawn_from_the_layouts() -> None:
    """Whoever changes a column or a code draws the page anew (python tests/helpers/draw_batch.py)."""
    assert PAGE.read_text(encoding="utf-8") == page()


def test_bad_input_is_answered_as_the_page_says() -> None:
    """Each row names a code that there is, and a test that there is."""
    known = {"", *CODES}
    for what, code, test in BAD_INPUT:
        file, _, name = test.partition("::")
        assert f"def {name}(" in (pages.ROOT / "tests" / file).read_text(encoding="utf-8"), what
        assert code in known, what


def test_guide_marks_every_command() -> None:
    """There is no block that is not run, and every link of both pages leads somewhere."""
    assert pages.unmarked(GUIDE) == []
    assert [link for one in (GUIDE, PAGE) for link in pages.links(one) if not link.exists()] == []


def test_guide_leads_from_a_template_to_a_list_that_is_right(tmp_path: Path) -> None:
    """The one mistake is told and mended, nothing is entered twice, and the list is corrected and withdrawn."""
    (tmp_path / "fixtures").symlink_to(pages.ROOT / "fixtures")

    printed = pages.transcript(GUIDE, tmp_path, {PORT: pages.free_port()}, programs=programs(tmp_path))
    batch, again = (json.loads((tmp_path / f"{name}.json").read_text()) for name in ("batch", "again"))

    assert "\t1.234\tCELL-AMBIGUOUS\t" in printed
    assert '"KN kodai" = "cn_code"' in printed
    assert 'ignored = ["Sandėlio eilė"]' in printed
    assert len((tmp_path / "mend.csv").read_text(encoding="utf-8-sig").splitlines()) == 3
    assert (batch["counts"]["taken"], batch["counts"]["refused"]) == (1, 1)
    assert (again["id"], again["counts"]) == (batch["id"], batch["counts"])
    assert [printed.count(f"\t{status}\t") for status in ("entered", "corrected", "withdrawn")] == [3, 2, 1]
    assert (tmp_path / "saad.xlsx").read_bytes().startswith(b"PK")
    assert '"kind":"saad"' in printed
    assert ": ended; 1 document, of them 1 taken" in printed
    assert 'N2 "PL00000000999" 12 R045: ' in printed
    assert len((tmp_path / "left-over.csv").read_text(encoding="utf-8-sig").splitlines()) == 3
