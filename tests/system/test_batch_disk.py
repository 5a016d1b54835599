"""Batches of a gateway of its own whose disk is full for a while, or whose files somebody changes behind its back."""

import json
import os
import resource
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import requests

from esad_gateway.audit.check import check
from helpers.batch_door import OVER, RARELY, files_of, today
from helpers.batches import numbered, receipts, table
from helpers.gateway import CONSIGNEE, PATIENCE, Box, copy_of_box
from helpers.workers import wait_until

ROOM = 1024 * 1024
"""Bytes that a file may have while the disk is as good as full."""

MANY = 4000


@dataclass(frozen=True)
class Gateway:
    """``esad serve`` as a process, and a trader at its door."""

    box: Box
    process: "subprocess.Popen[bytes]"
    url: str
    log: Path

    def ask(self, method: str, path: str, **more: Any) -> requests.Response:
        """Ask for something of the trader's own."""
        head = {"Authorization": f"Bearer {self.box.traders[CONSIGNEE].token}", "Content-Type": "text/csv"}
        place = f"{self.url}/v1/traders/{CONSIGNEE}/batches{path}"
        return requests.request(method, place, headers=head, timeout=PATIENCE, **more)

    def hand_in(self, content: bytes) -> requests.Response:
        """Hand in a file."""
        return self.ask("POST", "?kind=saad", data=content)

    def batch(self, number: str) -> dict[str, Any]:
        """How a batch stands."""
        found: dict[str, Any] = self.ask("GET", f"/{number}").json()
        return found

    def over(self, number: str) -> dict[str, Any]:
        """A batch when nothing is left to do."""
        wait_until(lambda: self.batch(number)["state"] in OVER, "the worker comes to the end", RARELY)
        return self.batch(number)

    def full(self) -> Callable[[], object]:
        """Have no file grow any more, nor those of workers that are started; what is returned makes room again."""
        pid, limits = self.process.pid, resource.prlimit(self.process.pid, resource.RLIMIT_FSIZE)
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (ROOM, limits[1]))
        return partial(resource.prlimit, pid, resource.RLIMIT_FSIZE, limits)


@pytest.fixture
def gateway(tmp_path: Path) -> Iterator[Gateway]:
    """The gateway of Lithuania."""
    box, log = copy_of_box(tmp_path), tmp_path / "serve.log"
    command = [sys.executable, "-m", "esad_gateway", "serve", "--data", str(box.members["LT"].data.root), "--port", "0"]
    with log.open("wb") as told, subprocess.Popen(command, stdout=told, stderr=told) as process:
        try:
            wait_until(lambda: b"\n" in log.read_bytes(), "the gateway listens")
            yield Gateway(box, process, json.loads(log.read_text().splitlines()[0])["url"], log)
        finally:
            process.terminate()


def test_disk_that_is_full_while_a_file_arrives_takes_nothing(gateway: Gateway) -> None:
    """503 and come again, nothing of the file stays, and it is taken when there is room."""
    content = table("saad", today(), receipts("A")) + (b" " * 30_000 + b"\n") * (ROOM // 15_000)
    room = gateway.full()
    refused = gateway.hand_in(content)
    left = files_of(gateway.box)
    room()
    taken = gateway.hand_in(content)

    assert (refused.status_code, refused.headers["retry-after"], left) == (503, "5", [])
    assert taken.status_code == 202
    assert gateway.over(taken.json()["id"])["counts"]["taken"] == 1


def test_disk_that_is_full_while_a_worker_works_loses_nothing(gateway: Gateway) -> None:
    """Workers end and others begin, the gateway answers all the while, and the batch goes on when there is room."""
    room = gateway.full()
    handed_in = gateway.hand_in(table("saad", today(), receipts(*numbered("D", MANY))))
    assert handed_in.status_code == 202, handed_in.text
    number = handed_in.json()["id"]
    wait_until(lambda: gateway.log.read_text().count("a worker has ended, and left something to do") > 1, "both end")
    meanwhile = gateway.batch(number)
    room()
    after = gateway.over(number)

    assert meanwhile["state"] in ("waiting", "working")
    assert meanwhile["documents"] < MANY
    assert (after["state"], after["counts"]["taken"]) == ("ended", MANY)
    problems = check(gateway.box.members["LT"].data).problems
    assert [one for one in problems if "checkpoint" not in one] == []


def gone(path: Path) -> None:
    """Somebody has removed it."""
    path.unlink()


def other(path: Path) -> None:
    """Somebody has written into it."""
    path.write_bytes(path.read_bytes().replace(b"B-1", b"B-2"))


def no_file(path: Path) -> None:
    """Somebody has put something else in its place."""
    path.unlink()
    path.mkdir()


@pytest.mark.parametrize(("harm", "status"), [(gone, 404), (other, 503), (no_file, 503)])
def test_file_that_is_changed_behind_the_gateway_makes_no_corrections(
    gateway: Gateway, harm: Callable[[Path], None], status: int
) -> None:
    """Nothing is told of another file than was handed in; the check says which, and what became of its rows stays."""
    batch = gateway.over(gateway.hand_in(table("saad", today(), receipts("B-1", quantity="x"))).json()["id"])
    before = gateway.ask("GET", f"/{batch['id']}/corrections").status_code
    file = gateway.box.members["LT"].data.batches / batch["id"] / "file"
    harm(file)
    answer = gateway.ask("GET", f"/{batch['id']}/corrections")
    rows = gateway.ask("GET", f"/{batch['id']}/rows").json()["documents"]

    assert (before, answer.status_code) == (200, status)
    assert os.fspath(file.parent.parent) not in answer.text
    assert [one["outcome"] for one in rows] == ["refused"]
    assert any(batch["id"] in one for one in check(gateway.box.members["LT"].data).problems)
