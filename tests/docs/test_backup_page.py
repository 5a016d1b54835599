"""Every command of the pages on backups and on new versions is run, in its order, on a store with movements."""

from pathlib import Path

import pytest

from helpers import pages
from helpers.tampering import used_store

BACKUP = pages.ROOT / "docs" / "how-to" / "backup.md"
UPGRADE = pages.ROOT / "docs" / "how-to" / "upgrade.md"


@pytest.fixture(scope="module")
def transcripts(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str]:
    """What all blocks of each page print when they are run one after the other."""
    folder = tmp_path_factory.mktemp("pages")
    (folder / "lt").symlink_to(used_store(folder / "box"))
    return pages.transcript(BACKUP, folder), pages.transcript(UPGRADE, folder)


@pytest.mark.parametrize("page", [BACKUP, UPGRADE])
def test_pages_mark_every_command(page: Path) -> None:
    """There is no block that is not run, and every link leads somewhere."""
    assert pages.unmarked(page) == []
    assert [link for link in pages.links(page) if not link.exists()] == []


def test_backup_is_restored_as_the_page_says(transcripts: tuple[str, str]) -> None:
    """The copy names what belongs to it, and what was put back is whole, under its checkpoints."""
    backup, _ = transcripts

    assert "backup.db: the store of NDEA.PL" in backup
    assert "checkpoints   signed proof" in backup
    assert "again/store.db: the store of NDEA.PL" in backup
    assert "whole: " in backup


def test_store_is_brought_up_as_the_page_says(transcripts: tuple[str, str]) -> None:
    """There is nothing to bring up in a store of this version, which is whole."""
    _, upgrade = transcripts

    assert "store.db: up to date" in upgrade
    assert "whole: " in upgrade
