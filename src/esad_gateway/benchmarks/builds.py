"""Builds that are measured beside each other, each with its own interpreter, data directories and server processes."""

import asyncio
import json
import os
import sys
import time
from asyncio.subprocess import PIPE
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Final

from esad_gateway.benchmarks import prepared
from esad_gateway.benchmarks.material import Material
from esad_gateway.data_directory import DataDirectory
from esad_gateway.errors import NotConfigured, UnreadableInput
from esad_gateway.signing.pem import load_certificate, load_key
from esad_gateway.signing.pki import Identity, KeyKind
from esad_gateway.simulator.box import LOG, Member, Process

OURS: Final = "ours"
AGAINST: Final = "against"
BARE: Final = "bare"

_ALL_THREADS: Final = 2  # of a process, as its scheduler counts (CPUCLOCK_SCHED)


@dataclass(frozen=True, slots=True)
class Build:
    """A name, and the interpreter that has this build installed."""

    name: str
    interpreter: Path

    @classmethod
    def ours(cls) -> "Build":
        """The build that runs this."""
        return cls(OURS, Path(sys.executable))

    @classmethod
    def against(cls, folder: Path) -> "Build":
        """The build in a virtual environment, or in a checkout that has one. Raises UnreadableInput."""
        for place in ("bin/python", ".venv/bin/python"):
            if (folder / place).is_file():
                return cls(AGAINST, (folder / place).absolute())
        raise UnreadableInput(f"{folder} has no bin/python and no .venv/bin/python, so there is no build to measure")

    async def prepare(self, folder: Path, kind: KeyKind) -> "World":
        """Two member states of this build below ``folder``, which is made. Raises NotConfigured."""
        # Isolated: the folder of the script holds modules of ours, and the build is to find its own.
        command = (str(self.interpreter), "-I", prepared.__file__, str(folder), kind.value)
        made = await asyncio.create_subprocess_exec(*command, stdout=PIPE, stderr=PIPE)
        printed, complaint = await made.communicate()
        if made.returncode:
            told = complaint.decode(errors="replace")[-1000:]
            raise NotConfigured(f"{self.interpreter} cannot make data directories: {told}")
        members = {
            state: Member(state=state, data=DataDirectory(folder / state), port=port)
            for state, port in json.loads(printed).items()
        }
        return World(self, folder, members)

    async def spawn(self, member: Member) -> Process:
        """Start a gateway of this build."""
        return await spawned(member, str(self.interpreter), "-m", "esad_gateway", *member.command)


@dataclass(frozen=True)
class World:
    """Lithuania and Poland of one build."""

    build: Build
    folder: Path
    members: dict[str, Member]

    @cached_property
    def material(self) -> Material:
        """Drafts that Lithuania takes, for consignees in Poland."""
        key, certificate = load_key(self.folder / "agent.key"), load_certificate(self.folder / "agent.pem")
        agent = Identity(certificate=certificate, key=key)  # type: ignore[arg-type]  # made a moment ago, of a kind that signs
        return Material(
            root=self.folder,
            now=datetime.now(UTC),
            data=self.members["LT"].data,
            agent=agent,
            administration=agent,
        )

    def documents(self) -> Iterator[bytes]:
        """Signed drafts without end."""
        return (draft.signed for draft in self.material.drafts())


async def spawned(member: Member, *command: str) -> Process:
    """Start a process that listens as this member. Raises NotConfigured when there can be none."""
    try:
        with (member.data.root / LOG).open("ab") as log:
            return await asyncio.create_subprocess_exec(*command, stdout=log, stderr=log, env=environment())
    except OSError as error:
        raise NotConfigured(f"{command[0]} cannot be started: {error}") from error


def environment() -> dict[str, str]:
    """Ours, in which Python keeps what it has compiled: as users have it."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def cpu_seconds(pid: int) -> float:
    """What a process has used of the processor so far, by Linux's own account: its CPU clock (clock_getres(2))."""
    return time.clock_gettime(~pid << 3 | _ALL_THREADS)


def memory_mb(pid: int) -> float:
    """The most memory that a process ever held, in MiB."""
    return _status_mb(pid, "VmHWM")


def memory_now_mb(pid: int) -> float:
    """The memory that a process holds, in MiB."""
    return _status_mb(pid, "VmRSS")


def _status_mb(pid: int, name: str) -> float:
    with suppress(StopIteration):
        lines = Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines()
        found = next(line for line in lines if line.startswith(name))
        return round(int(found.split()[1]) / 1024, 1)
    return 0.0
