"""``esad worker``: the command that ``esad serve`` starts, and that an operator may start."""

import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from esad_gateway.cli.worker import LOWER
from esad_gateway.ports.batches import RowOutcome
from helpers.batches import Office, numbered, receipts, table
from helpers.gateway import HandClock, copy_of_box
from helpers.workers import PATIENCE, wait_until


def test_worker_ends_when_nothing_is_left(tmp_path: Path) -> None:
    """It works on what waits, says nothing, and ends well; again it has nothing to do."""
    box = copy_of_box(tmp_path)
    root = box.members["LT"].data.root
    command = [sys.executable, "-m", "esad_gateway", "worker", "--data", str(root)]
    with box.open("LT", HandClock(datetime.now(UTC))) as station:
        office = Office(station.runtime)
        day = datetime.now(ZoneInfo("Europe/Vilnius")).date()
        batch = office.hand_in(table("saad", day, receipts("A")))
        ended = [subprocess.run(command, capture_output=True, timeout=PATIENCE, check=False) for _ in range(2)]

        assert [(one.returncode, one.stdout, one.stderr) for one in ended] == [(0, b"", b"")] * 2
        assert office.outcomes(batch) == [RowOutcome.TAKEN]


def test_worker_has_a_lower_priority(tmp_path: Path) -> None:
    """Whoever takes messages on the same machine goes first."""
    box = copy_of_box(tmp_path)
    root = box.members["LT"].data.root
    with box.open("LT", HandClock(datetime.now(UTC))) as station:
        day = datetime.now(ZoneInfo("Europe/Vilnius")).date()
        Office(station.runtime).hand_in(table("saad", day, receipts(*numbered("A", 20_000))))
        with subprocess.Popen([sys.executable, "-m", "esad_gateway", "worker", "--data", str(root)]) as worker:
            lower = min(19, os.getpriority(os.PRIO_PROCESS, 0) + LOWER)
            try:
                wait_until(lambda: os.getpriority(os.PRIO_PROCESS, worker.pid) == lower, "the worker steps back")
            finally:
                worker.kill()


def test_worker_of_no_data_directory_says_so(tmp_path: Path) -> None:
    """As every command does."""
    command = [sys.executable, "-m", "esad_gateway", "worker", "--data", str(tmp_path)]
    ended = subprocess.run(command, capture_output=True, timeout=PATIENCE, check=False, text=True)

    assert ended.returncode == 2
    assert "no data directory" in ended.stderr
