"""A store is backed up while its gateway takes messages, and put in place again where it was lost."""

import os
import stat
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from threading import Event, Semaphore
from typing import Any

import pytest

from esad_gateway.audit.check import check
from esad_gateway.data_directory import DataDirectory
from esad_gateway.errors import NotConfigured, UnreadableInput
from esad_gateway.ports.batches import Batch, RowOutcome
from esad_gateway.provision import create
from esad_gateway.signing.pki import KeyKind
from esad_gateway.store.backup import back_up, restore
from helpers.batches import Office, dispatches, keep_key, numbered, receipts, table
from helpers.command_line import ran
from helpers.gateway import CONSIGNOR, NOW, PATIENCE, Box, copy_of_box, new_draft
from helpers.served import Served, served

OWN = "NDEA.LT"
CLIENTS = 4
MANY = 200
"""Dispatches of a batch that is worked on in several groups."""


@pytest.fixture
def box(tmp_path: Path) -> Box:
    """Fresh member states."""
    return copy_of_box(tmp_path / "box")


@pytest.fixture
def gateway(box: Box) -> Iterator[Served]:
    """The gateway of Lithuania, for one test."""
    with served(box) as running:
        yield running


@contextmanager
def loaded(gateway: Served) -> Iterator[list[str]]:
    """Clients submit drafts, each one after the other; the ARC of what was acknowledged stands in the list at once."""
    known, begun, stop = list[str](), Semaphore(0), Event()

    def submitting() -> None:
        while not stop.is_set():
            answer = gateway.submit(gateway.box.signed(CONSIGNOR, new_draft()))
            assert answer.status == 201, answer.body
            known.append(answer.json["arc"])
            begun.release()

    with ThreadPoolExecutor(CLIENTS) as pool:
        clients = [pool.submit(submitting) for _ in range(CLIENTS)]
        try:
            assert all(begun.acquire(timeout=PATIENCE) for _ in range(2 * CLIENTS))
            yield known
        finally:
            stop.set()
    for client in clients:
        client.result()


def lost(data: DataDirectory, away: Path) -> None:
    """The store is gone, as after a broken disk; checkpoints, keys and settings are still there."""
    away.mkdir()
    for file in data.root.glob("store.db*"):
        file.rename(away / file.name)


def arcs(capsys: pytest.CaptureFixture[str], gateway: Served) -> set[str]:
    """The movements of the consignor, as the gateway shows them."""
    token = gateway.box.traders[CONSIGNOR].token
    answer = gateway.get(f"/v1/traders/{CONSIGNOR}/movements?limit=200", token)
    assert answer.status == 200, capsys.readouterr()
    return {one["arc"] for one in answer.json["movements"]}


def test_backup_under_load_has_everything_that_was_acknowledged_before_it(
    box: Box, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Four clients submit all the while; the copy is whole, and a gateway goes on with it and takes more."""
    data, file = box.members["LT"].data, tmp_path / "backup.db"
    with served(box) as gateway, loaded(gateway) as known:
        for _ in range(100):  # a small store is copied fast, perhaps between two answers
            file.unlink(missing_ok=True)
            before = set(known)
            made = ran(capsys, "store", "backup", file, "--data", data.root)
            during = set(known)
            if before < during:
                break
    lost(data, tmp_path / "lost")
    put_back = ran(capsys, "store", "restore", file, "--data", data.root, "--json")
    found = check(data)
    with served(box) as gateway:
        there = arcs(capsys, gateway)
        again = gateway.submit(box.signed(CONSIGNOR, new_draft()))

    assert (made.code, put_back.code, again.status) == (0, 0, 201), made.err + put_back.err
    assert before < during
    assert before <= there <= set(known)
    assert found.messages == put_back.objects[0]["messages"]
    assert all("checkpoint" in problem for problem in found.problems), found.problems
    assert [name for name in ("keys", "trust", "pki", "settings.toml", "checkpoints") if name not in made.out] == []
    assert stat.S_IMODE(data.database.stat().st_mode) == 0o600
    assert [one.name for one in tmp_path.glob("backup.db*")] == ["backup.db"]


def test_backup_of_a_quiet_store_is_whole(box: Box, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing was taken since: the check finds nothing, checkpoints included."""
    data, file = box.members["LT"].data, tmp_path / "backup.db"
    with served(box) as gateway:
        gateway.submit(box.signed(CONSIGNOR, new_draft()))
    made = ran(capsys, "store", "backup", file, "--data", data.root, "--json").objects[0]
    lost(data, tmp_path / "lost")
    ran(capsys, "store", "restore", file, "--data", data.root)

    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert (made["administration"], made["messages"] > 1) == (OWN, True)
    assert check(data, deep=True).problems == ()


def test_restore_leaves_a_store_that_is_there(box: Box, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Whole, empty, or only what SQLite keeps beside it: nothing is overwritten, and the way out is told."""
    data, file = box.members["LT"].data, tmp_path / "backup.db"
    back_up(data.database, file, OWN)
    kept = data.database.read_bytes()

    refused = ran(capsys, "store", "restore", file, "--data", data.root)
    assert (refused.code, data.database.read_bytes()) == (2, kept)
    assert f"there is a store: {data.database}" in refused.err
    assert "move these files away first" in refused.err
    lost(data, tmp_path / "lost")
    left = data.database.with_name("store.db-wal")
    left.touch(0o600)
    with pytest.raises(UnreadableInput, match=r"store\.db-wal"):
        restore(file, data.database, OWN)
    assert left.exists()
    assert not data.database.exists()


def test_restore_beside_a_gateway_is_refused(gateway: Served, tmp_path: Path) -> None:
    """Its store is there."""
    data, file = gateway.box.members["LT"].data, tmp_path / "backup.db"
    back_up(data.database, file, OWN)

    with pytest.raises(UnreadableInput, match="there is a store"):
        restore(file, data.database, OWN)


def test_backup_overwrites_nothing(box: Box, tmp_path: Path) -> None:
    """A file that is there stays as it is; a folder that is not is told."""
    data, file = box.members["LT"].data, tmp_path / "backup.db"
    file.write_text("something else", encoding="utf-8")

    with pytest.raises(UnreadableInput, match="is there already and is left as it is"):
        back_up(data.database, file, OWN)
    with pytest.raises(UnreadableInput, match="No such file"):
        back_up(data.database, tmp_path / "none" / "backup.db", OWN)
    assert file.read_text(encoding="utf-8") == "something else"


def broken(file: Path) -> None:
    """A page of the copy is noise, as after a bad disk."""
    with file.open("r+b") as damaged:
        damaged.seek(8192)
        damaged.write(b"\xff" * 4096)


def shortened(file: Path) -> None:
    """A copy that was cut off."""
    os.truncate(file, file.stat().st_size // 2)


def emptied(file: Path) -> None:
    """A copy of nothing."""
    os.truncate(file, 0)


@pytest.mark.parametrize("spoil", [broken, shortened, emptied, Path.unlink])
def test_damaged_backup_is_not_restored(box: Box, tmp_path: Path, spoil: Any) -> None:
    """It is refused, and there is no store afterwards either."""
    data, file = box.members["LT"].data, tmp_path / "backup.db"
    back_up(data.database, file, OWN)
    lost(data, tmp_path / "lost")
    spoil(file)

    with pytest.raises((NotConfigured, UnreadableInput), match=r"damaged|empty|missing|cannot be copied|malformed"):
        restore(file, data.database, OWN)
    assert list(data.root.glob("store.db*")) == []


def test_backup_of_another_administration_is_not_restored(box: Box, tmp_path: Path) -> None:
    """Poland's store does not become Lithuania's."""
    other = create(tmp_path / "PL", "PL", "Europe/Warsaw", datetime.now(UTC), KeyKind.P256)
    data, file = box.members["LT"].data, tmp_path / "backup.db"
    back_up(other.database, file, "NDEA.PL")
    lost(data, tmp_path / "lost")

    with pytest.raises(NotConfigured, match=r"the store of NDEA\.PL, and this is NDEA\.LT"):
        restore(file, data.database, OWN)
    assert list(data.root.glob("store.db*")) == []


def test_half_a_batch_goes_on_where_its_backup_is_put(
    box: Box, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """On another machine: with dispatches that have an ARC, those that are signed, and those that nobody has read."""
    data, file, other = box.members["LT"].data, tmp_path / "backup.db", box.copied(tmp_path / "other")
    there = other.members["LT"].data
    there.database.unlink()
    with box.open("LT") as lt:
        office = Office(lt.runtime)
        ended, batch = (office.done(table("saad", NOW.date(), receipts("A"))), half_done(office, box))
        before = {row.number: row.arc for row in office.rows(batch) if row.arc}
        made = ran(capsys, "store", "backup", file, "--data", data.root)
    put_back = ran(capsys, "store", "restore", file, "--data", there.root, "--json")
    keep_key(other)
    with other.open("LT") as lt:
        office = Office(lt.runtime)
        office.work()
        after = {row.number: row.arc for row in office.rows(batch)}
        mend = office.desk.file(ended.trader, ended.id)

    assert (made.code, put_back.objects[0]["batches"]) == (0, 2), made.err + put_back.err
    assert f"{file}.batches: the files of 2 batches" in " ".join(made.out.split())
    assert 0 < len(before) < MANY
    assert after == {**after, **before}
    assert len(set(after.values())) == MANY
    assert stat.S_IMODE(mend.stat().st_mode) == 0o600
    assert [problem for problem in check(there).problems if not problem.startswith("checkpoints")] == []


def half_done(office: Office, box: Box) -> Batch:
    """A batch of dispatches of which some have an ARC, and others are signed and not submitted yet."""
    keep_key(box)
    rows = dispatches(*numbered("B", MANY))
    batch = office.hand_in(table("dispatch", NOW.date(), rows), "dispatch", CONSIGNOR)
    with closing(office.steps()) as steps:
        for _ in steps:
            outcomes = office.outcomes(batch)
            if RowOutcome.TAKEN in outcomes and (RowOutcome.WAITING in outcomes or len(outcomes) < MANY):
                return batch
    raise AssertionError(outcomes)


def test_batch_whose_file_is_lost_lets_no_backup_pass_for_a_good_one(box: Box, tmp_path: Path) -> None:
    """What could not go on is no backup: it says which file is missing, and no copy stays."""
    data, file = box.members["LT"].data, tmp_path / "backup.db"
    with box.open("LT") as lt:
        office = Office(lt.runtime)
        batch = office.hand_in(table("saad", NOW.date(), receipts("B")))
        office.desk.file(batch.trader, batch.id).unlink()

    with pytest.raises(UnreadableInput, match="the file of a batch that has not ended cannot be copied"):
        back_up(data.database, file, OWN)
    assert not file.exists()
