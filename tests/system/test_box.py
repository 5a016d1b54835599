"""``esad box`` as a program: three gateways that go on after the command, and are known again by it.

The first are started from nothing, as users start them; what comes after them is forked (:mod:`helpers.ready`).
"""

import fcntl
import json
import os
import re
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from select import select
from typing import Any

import pytest

from helpers.pages import three_ports
from helpers.ready import ready

FROM_NOTHING = (sys.executable, "-m", "esad_gateway")
LIMIT = 600
"""Seconds: a command that takes longer hangs."""


@dataclass(frozen=True)
class Ran:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """What it printed, as JSON."""
        return json.loads(self.out)


@dataclass(frozen=True)
class World:
    """A folder with a box in it."""

    root: Path
    port: int

    def esad(self, *arguments: object, program: Sequence[str] = ()) -> Ran:
        """Run a command in a process of its own."""
        command = [*(program or [str(ready())]), *map(str, arguments)]
        done = subprocess.run(command, cwd=self.root, capture_output=True, text=True, timeout=LIMIT, check=False)
        return Ran(done.returncode, done.stdout, done.stderr)

    def box(self, command: str, *options: object) -> Ran:
        """Run a command of the box, as JSON."""
        return self.esad("box", command, "box", "--json", *options)

    def pids(self) -> dict[str, int]:
        """The processes by member state."""
        return {one["state"]: one["pid"] for one in self.box("status").json["gateways"]}


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A box that was set up; each test starts what it needs, which is little when it runs already."""
    world = World(tmp_path_factory.mktemp("world"), three_ports())
    try:
        made = world.esad("box", "up", "box", "--port", world.port, program=FROM_NOTHING)
        assert made.code == 0, made.err
        yield world
    finally:
        world.box("down")


def test_commands_that_up_prints_go_through(world: World) -> None:
    """Compose, sign and submit as printed: the e-SAD is in both mailboxes, whose tokens are printed as well."""
    told = world.box("up").json
    *commands, down = told["next"]
    assert down.endswith("esad box down box")

    def shell(command: str) -> str:
        done = subprocess.run(["bash", "-c", command], cwd=world.root, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    *before, own, other = commands
    assert "accepted" in "".join(map(shell, before))
    assert "IE801" in shell(own)
    deadline = time.monotonic() + LIMIT
    while "IE801" not in shell(other):
        assert time.monotonic() < deadline, "the e-SAD was not delivered"


def test_up_says_who_is_there(world: World) -> None:
    """Each trader has a role, a key, a certificate, a token and the address of a gateway; each gateway its process."""
    told = world.box("up").json

    assert {one["seed"]: one["role"] for one in told["traders"]} == {
        "LT00000000101": "certified consignor",
        "LT00000000102": "certified consignee",
        "PL00000000201": "certified consignee",
        "DE00000000301": "certified consignor",
    }
    for one in told["traders"]:
        assert all((world.root / one[file]).is_file() for file in ("key", "certificate"))
        assert one["token"]
    places = {state: f"http://127.0.0.1:{world.port + place}" for place, state in enumerate(("LT", "PL", "DE"))}
    assert {one["state"]: one["url"] for one in told["gateways"]} == places
    assert {one["url"] for one in told["traders"] if one["seed"].startswith("DE")} == {places["DE"]}


def test_only_the_owner_reads_a_box(world: World) -> None:
    """The folder and the file with the tokens are nobody else's."""
    modes = {name: stat.S_IMODE((world.root / name).stat().st_mode) for name in ("box", "box/box.json")}

    assert modes == {"box": 0o700, "box/box.json": 0o600}


def test_killed_gateway_is_started_again_and_the_others_go_on(world: World) -> None:
    """Status names the one that has ended; up starts that one only, with the data that it had."""
    tokens = {one["seed"]: one["token"] for one in world.box("up").json["traders"]}
    before = world.pids()
    _kill(before["PL"])

    seen = world.box("status")
    again = world.box("up")

    assert seen.code == 1
    assert [one["state"] for one in seen.json["gateways"] if not one["runs"]] == ["PL"]
    assert again.code == 0, again.err
    told = {one["state"]: one["status"] for one in again.json["gateways"]}
    assert told == {"LT": "ran already", "PL": "started", "DE": "ran already"}
    after = world.pids()
    assert {state for state in before if after[state] == before[state]} == {"LT", "DE"}
    assert {one["seed"]: one["token"] for one in again.json["traders"]} == tokens


def test_box_speaks_lithuanian(world: World) -> None:
    """What runs, who may act in it, and how to go on; for programs the words stay English."""
    world.box("up")

    told = world.esad("box", "status", "box", "--lang", "lt").out

    assert re.findall(r"^(..)  http://[^ ]+  veikia  duomenys: ", told, re.MULTILINE) == ["LT", "PL", "DE"]
    assert "LT00000000101  patvirtintas siuntėjas, UAB Pavyzdys\n  raktas           " in told
    assert "\ntoliau, pavyzdžiui:\n" in told
    assert not re.search(r"\b(runs|data|key|token|gateway|next)\b", re.sub(r"[^ ]*/[^ ]*|--[a-z]+|esad.*", "", told))
    assert {one["status"] for one in world.box("status").json["gateways"]} == {"runs"}


def test_down_ends_what_was_started_and_says_so_twice(world: World) -> None:
    """The processes are gone and the ports free; the second time there is nothing to end, which is no error."""
    world.box("up")
    running = world.pids()

    ended, again = world.box("down"), world.box("down")

    assert (ended.code, again.code) == (0, 0)
    assert set(ended.json["gateways"].values()) == {"ended"}
    assert set(again.json["gateways"].values()) == {"did not run"}
    assert [pid for pid in running.values() if _runs(pid)] == []


def test_down_leaves_a_process_alone_that_got_the_number_of_a_gateway(world: World) -> None:
    """A number that was given anew does not make a stranger ours: when it began is compared."""
    world.box("up")
    world.box("down")
    with subprocess.Popen(["sleep", str(LIMIT)]) as stranger:
        try:
            record = {"pid": stranger.pid, "began": 1, "boot": _boot()}
            (world.root / "box" / "processes.json").write_text(json.dumps({"LT": record}), encoding="utf-8")

            ended = world.box("down")

            assert ended.json["gateways"]["LT"] == "had ended before"
            assert stranger.poll() is None
        finally:
            stranger.kill()


def test_gateway_that_does_not_come_up_is_told_and_nothing_is_left(world: World) -> None:
    """What the gateway said is printed; those that were started with it are ended again."""
    world.box("down")
    folder = world.root / "box" / "DE"
    folder.chmod(0o755)
    try:
        refused = world.esad("box", "up", "box")
    finally:
        folder.chmod(0o700)

    assert refused.code == 2
    assert "the gateway of DE did not start" in refused.err
    assert "chmod 700" in refused.err
    assert "Traceback" not in refused.err
    assert set(world.pids().values()) == {None}


def test_port_in_use_is_named_and_nothing_is_made(tmp_path: Path) -> None:
    """The folder is not there afterwards, so that other ports can be taken."""
    world = World(tmp_path, three_ports())
    with socket.socket() as other:
        other.bind(("127.0.0.1", world.port + 1))
        other.listen()
        refused = world.esad("box", "up", "box", "--port", world.port)

    assert refused.code == 2
    assert f"{world.port + 1} (PL)" in refused.err
    assert "--port" in refused.err
    assert list(tmp_path.iterdir()) == []


def test_folder_with_other_things_is_no_place_for_a_box(tmp_path: Path) -> None:
    """Nothing is put between somebody's files, and what is no box is neither shown nor ended."""
    (tmp_path / "box").mkdir()
    (tmp_path / "box" / "letter.txt").write_text("Dear", encoding="utf-8")
    world = World(tmp_path, 8470)

    refused = {command: world.esad("box", command, "box") for command in ("up", "status", "down")}

    assert {one.code for one in refused.values()} == {2}
    assert "other things" in refused["up"].err
    assert "is no box" in refused["down"].err
    assert [path.name for path in (tmp_path / "box").iterdir()] == ["letter.txt"]


def test_box_keeps_its_ports(world: World) -> None:
    """Other administrations know them: another port for a box that is there is wrong usage."""
    refused = world.esad("box", "up", "box", "--port", world.port + 3)

    assert refused.code == 2
    assert str(world.port) in refused.err


def test_two_commands_do_not_work_on_a_box_at_once(world: World) -> None:
    """The second is told so, and changes nothing."""
    with (world.root / "box" / "box.lock").open("w", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        refused = world.esad("box", "down", "box")

    assert refused.code == 2
    assert "another esad box up or down" in refused.err


def _kill(pid: int) -> None:
    """Kill a process that is no child of ours, and wait until it has ended."""
    handle = os.pidfd_open(pid)
    try:
        signal.pidfd_send_signal(handle, signal.SIGKILL)
        assert select([handle], [], [], LIMIT)[0]
    finally:
        os.close(handle)


def _runs(pid: int) -> bool:
    """Whether a process has not ended; whoever is to ask how it did may do that later."""
    with suppress(FileNotFoundError, ProcessLookupError):
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] not in {"Z", "X"}
    return False


def _boot() -> str:
    return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
