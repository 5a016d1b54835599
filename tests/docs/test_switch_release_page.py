"""Every command of the page on switching to another release is run, in order; the gateway starts with what it says."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from esad_gateway.bootstrap import Parts, build
from helpers import pages
from helpers.gateway import HandClock, copy_of_box

PAGE = pages.ROOT / "docs" / "how-to" / "switch-release.md"
SWITCH = datetime(2030, 2, 14, tzinfo=UTC)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the page begins: a data directory, beside the fixtures and schemas of the checkout."""
    folder = tmp_path_factory.mktemp("page")
    box = copy_of_box(folder)
    (folder / "lt").symlink_to(box.members["LT"].data.root)
    for name in ("fixtures", "schemas"):
        (folder / name).symlink_to(pages.ROOT / name)
    return folder


@pytest.fixture(scope="module")
def transcript(folder: Path) -> str:
    """What all blocks print when they are run one after the other."""
    return pages.transcript(PAGE, folder)


def test_page_marks_every_command() -> None:
    """There is no block that is not run."""
    assert pages.unmarked(PAGE) == []


def test_commands_do_what_the_page_says(transcript: str) -> None:
    """The draft is read by the new release, and the switch of the peer is listed."""
    assert "later.xml: ok IE815 (release 3.30)" in transcript
    assert "NDEA.PL reads 3.23, 3.30 from 2030-02-14T00:00:00+00:00" in transcript
    assert 'trader_release = "3.23, 3.30 from 2030-02-13T22:00:00Z"' in transcript


@pytest.mark.usefixtures("transcript")
def test_gateway_switches_at_the_moments_of_the_page(folder: Path) -> None:
    """Traders two hours before the administrations; nobody before that."""
    runtime = build(Parts((folder / "lt").resolve(), clock=HandClock()))
    try:
        moments = [SWITCH.replace(day=13, hour=hour) for hour in (21, 22)] + [SWITCH]
        readers = ("LT00000000101", "NDEA.PL", "NDEA.DE")
        written = [[runtime.readers.at(moment).binder_for(one).release for one in readers] for moment in moments]
    finally:
        runtime.store.close()

    assert written == [["V3.23"] * 3, ["V3.30", "V3.23", "V3.23"], ["V3.30"] * 3]
