"""What the outbox counts is compared with the tries that were noted."""

import re
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from esad_gateway.audit.check import check
from esad_gateway.data_directory import DataDirectory
from helpers.gateway import CONSIGNOR, HandClock, copy_of_box, new_draft
from helpers.protocol import status_question
from helpers.scenario import Scenario

_SETTLED = (
    # Delivered at once; refused once and then delivered; given up; in line after two failures that were alike.
    "INSERT INTO attempt VALUES (1, 1, '2026-03-02', NULL), (2, 2, '2026-03-02', 'no'), (3, 2, '2026-03-03', NULL)",
    "INSERT INTO attempt VALUES (4, 3, '2026-03-02', 'no'), (5, 3, '2026-03-03', 'never'), (6, 4, '2026-03-02', 'out')",
    "UPDATE outbox SET attempts = 1, delivered_at = '2026-03-02' WHERE id = 1",
    "UPDATE outbox SET attempts = 2, refusals = 1, delivered_at = '2026-03-03' WHERE id = 2",
    "UPDATE outbox SET attempts = 2, refusals = 2, dead = 1, last_error = 'never' WHERE id = 3",
    "UPDATE outbox SET attempts = 2, last_error = 'out' WHERE id = 4",
)
_LIES = {
    "delivered, and never tried": "UPDATE outbox SET delivered_at = '2026-03-02', attempts = 1 WHERE id = 5",
    "delivered at another time": "UPDATE outbox SET delivered_at = '2026-03-09' WHERE id = 1",
    "delivered, and the note is gone": "DELETE FROM attempt WHERE id = 3",
    "delivered twice": "INSERT INTO attempt VALUES (7, 1, '2026-03-02', NULL)",
    "delivered, and tried again": "INSERT INTO attempt VALUES (7, 1, '2026-03-03', 'no')",
    "delivered without a try": "UPDATE outbox SET attempts = 0 WHERE id = 1",
    "acknowledged, and to be delivered again": "UPDATE outbox SET delivered_at = NULL WHERE id = 1",
    "another error": "UPDATE outbox SET last_error = 'yes' WHERE id = 4",
    "no error": "UPDATE outbox SET last_error = NULL WHERE id = 3",
    "an error of a document that was never tried": "UPDATE outbox SET last_error = 'no' WHERE id = 5",
    "tries that nobody noted": "UPDATE outbox SET attempts = 3 WHERE id = 5",
    "less than no tries": "UPDATE outbox SET attempts = -1 WHERE id = 5",
    "more refusals than tries": "UPDATE outbox SET refusals = 3 WHERE id = 3",
    "more refusals than are noted": "UPDATE outbox SET refusals = 2 WHERE id = 4",
    "given up without a refusal": "UPDATE outbox SET dead = 1 WHERE id = 4",
    "given up without a try": "UPDATE outbox SET dead = 1 WHERE id = 5",
    "given up and delivered": "UPDATE outbox SET dead = 1 WHERE id = 2",
    "of another movement": "UPDATE outbox SET arc = '26LT00000000000000001' WHERE id = 5",
}


@pytest.fixture(scope="module")
def used(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data directory of a gateway that has five documents to deliver, and has tried four of them."""
    box = copy_of_box(tmp_path_factory.mktemp("box"))
    with box.open("LT") as lt:
        assert [lt.take(box.signed(CONSIGNOR, new_draft())).faults for _ in range(5)] == [()] * 5
        lt.runtime.checkpoints.write()
        lt.run_sql(*map(_in_full, _SETTLED))
    return box.members["LT"].data.root


@pytest.fixture
def data(used: Path, tmp_path: Path) -> DataDirectory:
    """A copy of it."""
    return DataDirectory(Path(shutil.copytree(used, tmp_path / "LT")))


def test_outbox_that_counts_its_tries_is_whole(data: DataDirectory) -> None:
    """Failures that are alike are noted once, so there may be more tries than notes."""
    report = check(data)

    assert (report.waiting, report.dead, report.problems) == (2, 1, ())


def test_document_that_a_person_tries_again_counts_from_the_beginning(data: DataDirectory) -> None:
    """What was noted before stays."""
    _run(data, "UPDATE outbox SET attempts = 0, refusals = 0, dead = 0 WHERE id = 3")

    assert check(data).problems == ()


@pytest.mark.parametrize("lie", _LIES.values(), ids=_LIES)
def test_outbox_that_counts_something_else_is_noticed(data: DataDirectory, lie: str) -> None:
    """The delivery in question is named, and nothing else."""
    _run(data, lie)

    problems = check(data).problems
    assert problems
    assert all(problem.startswith("outbox ") for problem in problems)


def test_answer_to_a_question_waits_in_no_line_of_its_movement(tmp_path: Path) -> None:
    """A state may be told before what happened earlier is delivered: that is no fault of the outbox."""
    box, clock = copy_of_box(tmp_path), HandClock()
    with box.open("LT", clock) as lt, box.open("PL", clock) as pl:
        way = Scenario.begin(box, lt, pl)
        way.peer("PL", status_question())

        assert [row["arc"] for row in lt.rows("outbox")] == [way.arc, None]
        assert lt.checked().problems == ()


def _run(data: DataDirectory, statement: str) -> None:
    with closing(sqlite3.connect(data.database)) as connection:
        connection.execute(_in_full(statement))
        connection.commit()


def _in_full(statement: str) -> str:
    """The statement with the beginning of a day, as the store writes moments, for each day in it."""
    return re.sub(r"'(\d{4}-\d\d-\d\d)'", r"'\1T00:00:00.000000+00:00'", statement)
