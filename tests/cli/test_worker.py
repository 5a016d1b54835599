"""``esad worker``: the command that ``esad serve`` starts, and that an operator may start."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from esad_gateway.batch.work.priority import LOWER
from esad_gateway.batch.work.worker import work
from esad_gateway.cli.worker import ENDED, EndSignal
from esad_gateway.ports.batches import BatchState, RowOutcome
from helpers.batches import Office, numbered, receipts, table
from helpers.forked import ready
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
    with (
        with_much_to_do(tmp_path) as root,
        subprocess.Popen([sys.executable, "-m", "esad_gateway", "worker", "--data", str(root)]) as worker,
    ):
        lower = min(19, os.getpriority(os.PRIO_PROCESS, 0) + LOWER)
        try:
            wait_until(lambda: os.getpriority(os.PRIO_PROCESS, worker.pid) == lower, "the worker steps back")
        finally:
            worker.kill()


def test_worker_is_asked_to_end_in_its_first_thread(tmp_path: Path) -> None:
    """No other thread takes the signal, so it is heard wherever the first one waits; the worker ends by it."""
    with (
        with_much_to_do(tmp_path) as root,
        subprocess.Popen([sys.executable, "-m", "esad_gateway", "worker", "--data", str(root)]) as worker,
    ):
        try:
            wait_until(lambda: _alone_hears(worker.pid), "the threads that commit have begun, and only the first hears")
            worker.terminate()
            assert worker.wait(PATIENCE) == ENDED
        finally:
            worker.kill()


def _alone_hears(pid: int) -> bool:
    deaf = _deaf(pid)
    return len(deaf) >= 2 and pid not in deaf  # while another thread begins, the first is deaf as well


def _deaf(pid: int) -> set[int]:
    """The threads of a process that get no SIGTERM."""
    found = set()
    for status in Path(f"/proc/{pid}/task").glob("*/status"):
        (blocked,) = (line for line in status.read_text().splitlines() if line.startswith("SigBlk"))
        if int(blocked.split()[1], 16) >> (signal.SIGTERM - 1) & 1:
            found.add(int(status.parent.name))
    return found


@contextmanager
def with_much_to_do(tmp_path: Path) -> Iterator[Path]:
    """The data directory of a gateway with a batch that takes a while."""
    box = copy_of_box(tmp_path)
    with box.open("LT", HandClock(datetime.now(UTC))) as station:
        day = datetime.now(ZoneInfo("Europe/Vilnius")).date()
        Office(station.runtime).hand_in(table("saad", day, receipts(*numbered("A", 20_000))))
        yield box.members["LT"].data.root


def test_worker_of_a_gateway_that_is_killed_ends(tmp_path: Path) -> None:
    """Nobody is left who works on its store; the next gateway goes on behind it."""
    with with_much_to_do(tmp_path) as root:
        command = [sys.executable, "-m", "esad_gateway", "serve", "--data", str(root), "--port", "0"]
        with subprocess.Popen(command, stderr=subprocess.DEVNULL) as gateway:
            try:
                wait_until(lambda: _children(gateway.pid) != [], "the gateway starts a worker")
                (worker,) = _children(gateway.pid)
                wait_until(lambda: len(_deaf(worker)) >= 2, "the worker works")
            finally:
                gateway.kill()
        wait_until(lambda: not _runs(worker), "the worker ends")


def test_worker_whose_gateway_has_ended_before_it_began_ends(tmp_path: Path) -> None:
    """It looks who its parent is, and does nothing."""
    box = copy_of_box(tmp_path)
    command = [sys.executable, "-m", "esad_gateway", "worker", "--data", str(box.members["LT"].data.root)]
    ended = subprocess.run([*command, "--beside", "1"], timeout=PATIENCE, check=False)

    assert ended.returncode == ENDED


def _children(pid: int) -> list[int]:
    return [int(one) for file in Path(f"/proc/{pid}/task").glob("*/children") for one in file.read_text().split()]


def _runs(pid: int) -> bool:
    """Whether a process goes on: one that nobody waits for is a zombie."""
    try:
        return _behind_the_name(Path(f"/proc/{pid}/stat"))[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def test_worker_keeps_its_priority_where_others_wait_for_it(tmp_path: Path) -> None:
    """Whoever holds the lock of the store and does not get the processor would hold up every message."""
    with with_much_to_do(tmp_path) as root:
        ours = os.getpriority(os.PRIO_PROCESS, 0)
        with subprocess.Popen([sys.executable, "-m", "esad_gateway", "worker", "--data", str(root)]) as worker:
            try:
                wait_until(lambda: {ours, min(19, ours + LOWER)} <= _priorities(worker.pid), "it has both")
            finally:
                worker.kill()


def _priorities(pid: int) -> set[int]:
    """Those of all threads of a process."""
    return {int(_behind_the_name(one)[16]) for one in Path(f"/proc/{pid}/task").glob("*/stat")}


def _behind_the_name(stat: Path) -> list[str]:
    return stat.read_text().rpartition(")")[2].split()


def test_worker_that_was_asked_to_end_ends_after_a_commit(tmp_path: Path) -> None:
    """Also where the exception that the signal raises is lost: it is asked after every step."""
    told = EndSignal()
    with suppress(SystemExit):
        told()
    box = copy_of_box(tmp_path)
    with box.open("LT", HandClock(datetime.now(UTC))) as station:
        office, day = Office(station.runtime), datetime.now(ZoneInfo("Europe/Vilnius")).date()
        batch = office.hand_in(table("saad", day, receipts(*numbered("A", 2_000))))
        process = ready.Process(target=work, args=(box.members["LT"].data.root, told.asked))
        process.start()
        process.join(PATIENCE)

        assert process.exitcode == 0
        assert office.desk.batch(batch.trader, batch.id).state is BatchState.WORKING


def test_worker_of_no_data_directory_says_so(tmp_path: Path) -> None:
    """As every command does."""
    command = [sys.executable, "-m", "esad_gateway", "worker", "--data", str(tmp_path)]
    ended = subprocess.run(command, capture_output=True, timeout=PATIENCE, check=False, text=True)

    assert ended.returncode == 2
    assert "no data directory" in ended.stderr
