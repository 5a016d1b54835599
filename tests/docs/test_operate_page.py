"""Every command of the page on operating a gateway is run, and everything that it points to is there."""

from datetime import UTC, datetime
from pathlib import Path

from esad_gateway.operations.findings import CHECKS
from esad_gateway.provision import create
from esad_gateway.signing.pki import KeyKind
from esad_gateway.transport.server import STOP_SECONDS
from helpers import pages

PAGE = pages.ROOT / "docs" / "how-to" / "operate.md"


def test_commands_of_the_page_do_what_it_says(tmp_path: Path) -> None:
    """A new gateway is well, and every check of it has its line."""
    create(tmp_path / "lt", "LT", "Europe/Vilnius", datetime.now(UTC), KeyKind.P256)
    told = pages.transcript(PAGE, tmp_path)

    assert {line.split("\t")[0] for line in told.splitlines() if "\t" in line} >= set(CHECKS) - {
        "peers",
        "providers",
        "waits",
    }
    assert "\twrong\t" not in told


def test_page_says_what_is_so() -> None:
    """All commands are marked, links lead somewhere, and bounds are those of the code."""
    text = PAGE.read_text(encoding="utf-8")

    assert pages.unmarked(PAGE) == []
    assert [link for link in pages.links(PAGE) if not link.exists()] == []
    assert f"has {STOP_SECONDS} seconds" in text
    assert all(f"`{name}`" in text for name in ("store", "key", "clock", "disk"))
