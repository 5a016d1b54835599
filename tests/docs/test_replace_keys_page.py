"""Every command of the page on replacing keys is run, in its order, on two administrations that know each other."""

import re
from datetime import UTC, datetime

import pytest

from esad_gateway.signing.pki import KeyKind
from esad_gateway.simulator.box import provision, register
from esad_gateway.simulator.exchange import OPERATORS, ZONES
from helpers import pages

PAGE = pages.ROOT / "docs" / "how-to" / "replace-keys.md"


@pytest.fixture(scope="module")
def transcript(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What all blocks print when they are run one after the other."""
    folder, now = tmp_path_factory.mktemp("page"), datetime.now(UTC)
    members = provision(folder, ZONES, now, KeyKind.P256)
    register(members, OPERATORS, now, KeyKind.P256)
    for state in ("LT", "PL"):
        (folder / state.lower()).symlink_to(folder / state)
    return pages.transcript(PAGE, folder)


def test_page_marks_every_command() -> None:
    """There is no block that is not run."""
    assert pages.unmarked(PAGE) == []


def test_page_links_lead_somewhere() -> None:
    """Every relative link is a file of the project."""
    assert pages.links(PAGE)
    assert [link for link in pages.links(PAGE) if not link.exists()] == []


def test_commands_do_what_the_page_says(transcript: str) -> None:
    """Peers are told what to load, the overlap is stated, and every renewal that is taken back is said to be."""
    assert "to be done at NDEA.PL" in transcript
    assert "esad peer renew --data DIR --state LT --certificate administration-" in transcript
    assert "esad peer restore --data DIR --state LT --overlap 7d" in transcript
    assert len(re.findall(r"NDEA\.LT is believed with [0-9a-f]{64} until", transcript)) == 4
    assert re.search(r"LT00000000101 signs with [0-9a-f]{64} from", transcript)
    assert re.search(r"LT001000 signs with [0-9a-f]{64} from", transcript)
