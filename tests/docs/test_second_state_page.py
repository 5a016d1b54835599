"""Every command of the page on a second state is run, in its order: two gateways, and an e-SAD that goes over."""

import re
from datetime import UTC, datetime

import pytest

from esad_gateway.provision import create
from esad_gateway.signing.pki import KeyKind
from helpers import pages

PAGE = pages.ROOT / "docs" / "how-to" / "second-state.md"


@pytest.fixture(scope="module")
def transcript(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What all blocks print when they are run one after the other; the page's ports may be taken here."""
    folder = tmp_path_factory.mktemp("page")
    (folder / "fixtures").symlink_to(pages.ROOT / "fixtures")
    # Where the README was followed before, whose data directory is in the way of no other.
    create(folder / "lt", "LT", "Europe/Vilnius", datetime.now(UTC), KeyKind.P256)
    lithuania, poland = pages.free_port(), pages.free_port()
    told = {
        "--port 8461": f"--port {lithuania}",
        "--port 8462": f"--port {poland}",
        ":8461": f":{lithuania}",
        ":8462": f":{poland}",
    }
    return pages.transcript(PAGE, folder, edits=told)


def test_page_marks_every_command() -> None:
    """There is no block that is not run, and no link that leads nowhere."""
    assert pages.unmarked(PAGE) == []
    assert [link for link in pages.links(PAGE) if not link.exists()] == []


def test_both_directions_are_set_up(transcript: str) -> None:
    """Each side says what it believes now: address, CA, certificate, operators."""
    for name, other in (("lt", "PL"), ("pl", "LT")):
        assert re.search(
            rf"states/{name}: knows NDEA\.{other} at http://127\.0\.0\.1:\d+, which reads 3\.23", transcript
        )
        assert re.search(rf"\+ CA CN=Test CA of {other} [0-9a-f]{{64}}", transcript)
        assert f"operators of {other}: 1" in transcript
    assert "PL00000000201\tPrzykład" in transcript


def test_e_sad_goes_over(transcript: str) -> None:
    """The consignee in Poland finds the IE801 in its mailbox, read with the token that is listed."""
    assert "accepted" in transcript
    assert re.search(r"IE801", transcript.split("accepted", maxsplit=1)[1])
    assert re.search(r"PL00000000201\t\d{4}-\d\d-\d\dT", transcript)


def test_other_fingerprint_is_refused(transcript: str) -> None:
    """What a gateway says of itself is believed only as far as somebody confirms it."""
    assert transcript.rstrip().endswith("refused")
    assert transcript.count("operators of PL: none taken over") == 1
