"""Every command of the page on declarations is run; the page on FFData names what a definition may ask for."""

import re

import pytest

from esad_gateway.ais.declarations.filling import FORM_VALUES, ROW_VALUES
from helpers import pages

PAGE = pages.ROOT / "docs" / "how-to" / "declare.md"
FORMAT = pages.ROOT / "docs" / "reference" / "ffdata.md"


@pytest.fixture(scope="module")
def transcript(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What all blocks print when they are run one after the other."""
    folder, port = tmp_path_factory.mktemp("page"), pages.free_port()
    (folder / "fixtures").symlink_to(pages.ROOT / "fixtures")
    return pages.transcript(PAGE, folder, edits={"--port 8460": f"--port {port}", ":8460": f":{port}"})


def test_page_marks_every_command_and_leads_somewhere() -> None:
    """There is no block that is not run, and no link to nothing."""
    assert pages.unmarked(PAGE) == []
    assert all(link.exists() for page in (PAGE, FORMAT) for link in pages.links(page))


def test_commands_do_what_the_page_says(transcript: str) -> None:
    """The month is seen, explained, filed once, and written."""
    assert "saad\t" in transcript
    assert transcript.count("Filed: AKC430") == 1
    assert transcript.count("It had been filed already") == 1
    assert "Written: declared.ffdata" in transcript
    assert "seed,period,number,form,figure" in transcript
    assert "D/110" in transcript


def test_page_names_what_a_definition_may_ask_for() -> None:
    """Each value, and no other."""
    told = re.findall(
        r"`(\w+)`", "\n".join(re.findall(r"^\| (`.*?) \|", FORMAT.read_text(encoding="utf-8"), re.MULTILINE))
    )
    assert told == [*FORM_VALUES, *ROW_VALUES]
