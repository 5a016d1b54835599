"""The page on signing what is handed out is run, command after command."""

from pathlib import Path

from helpers import pages, xmlsec1
from helpers.gateway import copy_of_box
from helpers.programs import require

PAGE = pages.ROOT / "docs" / "how-to" / "sign-files.md"


def test_page_marks_every_command() -> None:
    """There is no block that is not run."""
    assert pages.unmarked(PAGE) == []


def test_files_are_signed_and_verified_as_the_page_says(tmp_path: Path) -> None:
    """Both files hold for us, and the one that xmlsec1 is asked about holds for it."""
    require(xmlsec1.PROGRAM)
    box = copy_of_box(tmp_path)
    (tmp_path / "lt").symlink_to(box.members["LT"].data.root)

    printed = pages.transcript(PAGE, tmp_path)

    assert "movements.csv: signed movements.csv.xades.xml" in printed
    for file in ("register.json", "check.json", "movements.csv"):
        assert f"{file}: ok signed by CN=" in printed
