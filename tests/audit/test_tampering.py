"""Changes of a store by somebody who knows how it is made are noticed; what cannot be noticed is listed in the docs."""

import shutil
import sqlite3
import tomllib
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest

from esad_gateway.audit.check import check
from esad_gateway.data_directory import DataDirectory
from esad_gateway.errors import OwnError, StoreDamaged
from esad_gateway.store.packing import unpack
from helpers.tampering import tamper, used_store

KINDS = tomllib.loads((Path(__file__).parent / "data" / "tampering.toml").read_text(encoding="utf-8"))
"""Changes by name: lists of statements."""


@pytest.fixture(scope="module")
def used(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory with some of everything."""
    return used_store(tmp_path_factory.mktemp("box"))


@pytest.fixture
def data(used: Path, tmp_path: Path) -> DataDirectory:
    """A copy of it."""
    return DataDirectory(Path(shutil.copytree(used, tmp_path / "PL")))


@pytest.mark.parametrize("deep", [False, True], ids=["digests", "deep"])
def test_store_is_whole_before_anything_happens(data: DataDirectory, *, deep: bool) -> None:
    """The tests below mean something: what they notice was not there before, nor comes from writing chains anew."""
    tamper(data.database)

    report = check(data, deep=deep)

    assert report.problems == ()
    assert report.vouched == report.messages


@pytest.mark.parametrize("statements", KINDS["noticed"].values(), ids=KINDS["noticed"])
def test_change_is_noticed(data: DataDirectory, statements: list[str]) -> None:
    """Whatever a change keeps consistent: it does not have the administration's signature."""
    tamper(data.database, *statements)

    assert check(data).problems


@pytest.mark.parametrize("statements", KINDS["unnoticed"].values(), ids=KINDS["unnoticed"])
def test_change_that_cannot_be_noticed_is_documented(data: DataDirectory, statements: list[str]) -> None:
    """Nothing that was signed speaks of it, which docs/reference/store-check.md says."""
    tamper(data.database, *statements)

    assert check(data).problems == ()


def test_flipped_bits_are_noticed(data: DataDirectory, flips: int) -> None:
    """A bit of the file that changes what is read, anywhere but where the docs say, is noticed."""
    dice = Random(20260302)  # noqa: S311  a seed makes runs alike, nothing is kept secret
    whole, before = data.database.read_bytes(), _read(data.database)
    changed, missed = 0, []
    while changed < flips:
        place, bit = dice.randrange(len(whole)), dice.randrange(8)
        data.database.write_bytes(whole[:place] + bytes([whole[place] ^ 1 << bit]) + whole[place + 1 :])
        if _read(data.database) != before:
            changed += 1
            missed += [(place, bit)] if _is_whole(data) else []

    assert missed == []


def _is_whole(data: DataDirectory) -> bool:
    try:
        return not check(data).problems
    except OwnError:
        return False


def _read(database: Path) -> object:
    """All that is read of a store, but for what the docs leave out; an error where it cannot be read."""
    with closing(sqlite3.connect(f"file:{database}?immutable=1", uri=True)) as connection:
        try:
            rows = {table: connection.execute(f"SELECT * FROM {table}").fetchall() for table in _TABLES}  # noqa: S608
            # Bits that fill up the last byte of what is packed are not read: the document is the same.
            texts = {name: text for name, _, text in rows["carried"]}
            documents = [
                (sha256, unpack(body, texts[name]), name, *more) for sha256, body, name, *more in rows["document"]
            ]
            return rows | {"document": documents, "message": [_without_time(*row) for row in rows["message"]]}
        except (sqlite3.Error, UnicodeDecodeError, StoreDamaged, KeyError) as error:
            return str(error)


def _without_time(*message: object) -> tuple[object, ...]:
    """A row of a mailbox without when it was acknowledged, as long as that is a moment between its coming and today."""
    *before, acknowledged = message
    with suppress(TypeError, ValueError):
        came, read = (datetime.fromisoformat(str(at)) for at in (message[_RECORDED_AT], acknowledged))
        if read.isoformat(timespec="microseconds") == acknowledged and came <= read <= datetime.now(UTC):
            return (*before, "acknowledged")
    return message


_RECORDED_AT = 10

_TABLES = (
    *(
        "carried",
        "document",
        "message",
        "mailbox",
        "inbox_identity",
        "movement",
        "movement_log",
        "held",
        "parked",
        "report",
    ),
    *("operator", "certificate", "peer", "token"),
)
