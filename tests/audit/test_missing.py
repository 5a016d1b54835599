"""A table or a column that is gone is a line of the report, and everything else is looked at all the same."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from esad_gateway.audit.check import check
from esad_gateway.data_directory import DataDirectory
from esad_gateway.errors import StoreUnavailable
from esad_gateway.store.tables import metadata
from helpers.gateway import CONSIGNOR, copy_of_box, new_draft

_LAST_COLUMNS = {name: list(table.columns)[-1].name for name, table in metadata.tables.items()}


@pytest.fixture(scope="module")
def used(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data directory of a gateway that has sent an e-SAD."""
    box = copy_of_box(tmp_path_factory.mktemp("box"))
    with box.open("LT") as lt:
        assert lt.take(box.signed(CONSIGNOR, new_draft())).faults == ()
        lt.runtime.checkpoints.write()
    return box.members["LT"].data.root


@pytest.fixture
def data(used: Path, tmp_path: Path) -> DataDirectory:
    """A copy of it, in which something else is wrong: a delivery was counted and not noted."""
    copy = DataDirectory(Path(shutil.copytree(used, tmp_path / "LT")))
    _run(copy, "UPDATE outbox SET attempts = 1")
    return copy


@pytest.mark.parametrize("table", _LAST_COLUMNS)
def test_table_that_is_gone_is_told_and_the_others_are_checked(data: DataDirectory, table: str) -> None:
    """It counts as empty, and what needs it says that it cannot be read."""
    _run(data, f"DROP TABLE {table}")

    report = check(data)

    assert f"database: the table {table} is gone" in report.problems
    assert _knows_the_delivery(report.problems, table)
    assert report.messages == (0 if table == "message" else 3)


@pytest.mark.parametrize(("table", "column"), _LAST_COLUMNS.items())
def test_column_that_is_gone_is_told_and_the_others_are_checked(data: DataDirectory, table: str, column: str) -> None:
    """Under another name it is as good as gone."""
    _run(data, f"ALTER TABLE {table} RENAME COLUMN {column} TO gone")

    problems = check(data).problems

    assert any(problem.startswith(f"database: the table {table} was made in another way") for problem in problems)
    assert _knows_the_delivery(problems, table)


@pytest.mark.parametrize(
    "damaged", ["x'ff' || CAST(sql AS BLOB)", "replace(CAST(sql AS BLOB), 'TABLE', x'5441ff4c45')"]
)
def test_description_of_a_table_that_is_damaged_ends_the_check_with_its_reason(
    data: DataDirectory, damaged: str
) -> None:
    """Bytes that are no text: SQLite opens nothing by them, and its own message may quote them."""
    _run(
        data,
        "PRAGMA writable_schema = ON",
        f"UPDATE sqlite_master SET sql = CAST({damaged} AS TEXT) WHERE name = 'peer'",  # noqa: S608
    )

    with pytest.raises(StoreUnavailable, match="the store is damaged: "):
        check(data)


def _knows_the_delivery(problems: tuple[str, ...], damaged: str) -> bool:
    """Whether the other fault is told, where the tables that show it are not those that are damaged."""
    return damaged in {"outbox", "attempt", "message"} or any("counts tries" in problem for problem in problems)


def _run(data: DataDirectory, *statements: str) -> None:
    with closing(sqlite3.connect(data.database)) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()
