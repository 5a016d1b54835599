"""The page on tables and papers: its commands are run, and give what it says."""

from pathlib import Path

from helpers import pages
from helpers.gateway import CONSIGNOR, copy_of_box, new_draft
from helpers.papers import text_of
from helpers.served import served

PAGE = pages.ROOT / "docs" / "how-to" / "tables-and-papers.md"


def test_commands_of_the_page_are_all_run() -> None:
    """None is shown that nobody tries, and every link leads somewhere."""
    assert pages.unmarked(PAGE) == []
    assert [link for link in pages.links(PAGE) if not link.exists()] == []


def test_page_does_what_it_says(tmp_path: Path) -> None:
    """Both tables and the e-SAD are there, each with its content."""
    folder = tmp_path / "here"
    folder.mkdir()
    with served(copy_of_box(tmp_path / "box")) as gateway:
        arc = gateway.submit(gateway.box.signed(CONSIGNOR, new_draft())).json["arc"]
        token = gateway.box.traders[CONSIGNOR].token
        where = {"ESAD_URL": gateway.url, "ESAD_TOKEN": token, "SEED": CONSIGNOR, "ARC": arc}
        pages.transcript(PAGE, folder, environment=where)

    messages, movements = ((folder / f"{name}.csv").read_text("utf-8-sig") for name in ("messages", "movements"))
    assert [line.split(";")[2] for line in messages.splitlines()] == ["message", "IE801"]
    assert {line.split(";")[0] for line in movements.splitlines()} == {"arc", arc}
    assert arc in text_of((folder / "e-sad.pdf").read_bytes())
