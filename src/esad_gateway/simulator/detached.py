"""Processes that outlive the command that started them, and are known again without doubt.

A number alone is not enough: it is given to another process later. Number, moment of the start and boot of the machine
together belong to one process for ever (proc(5), field 22 of ``stat``). Linux only.
"""

import os
import select
import signal
from collections.abc import Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final, Self

from esad_gateway.errors import UnreadableInput
from esad_gateway.faults import said

_PROC: Final = Path("/proc")
_BOOT: Final = _PROC / "sys/kernel/random/boot_id"
_ENDED: Final = frozenset({"Z", "X"})
"""States of a process that has ended, and whose parent has not asked how."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Detached:
    """A process: its number, when it began (ticks after the start of the machine), and which start that was."""

    pid: int
    began: int
    boot: str

    @classmethod
    def start(cls, command: Sequence[str], log: Path) -> Self:
        """Start a program in a session of its own; both of its outputs go to the end of ``log``. Raises OSError."""
        output = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
        try:
            streams = [(os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0)]
            streams += [(os.POSIX_SPAWN_DUP2, output, stream) for stream in (1, 2)]  # type: ignore[misc]
            pid = os.posix_spawn(command[0], [*command], os.environ, file_actions=streams, setsid=True)
        finally:
            os.close(output)
        _, began = _seen(pid) or ("", 0)
        return cls(pid=pid, began=began, boot=_boot())

    @classmethod
    def of(cls, recorded: Mapping[str, Any]) -> Self:
        """What :attr:`record` wrote. Raises UnreadableInput."""
        try:
            return cls(pid=int(recorded["pid"]), began=int(recorded["began"]), boot=str(recorded["boot"]))
        except (KeyError, TypeError, ValueError) as error:
            raise UnreadableInput(said("data.no_process", record=repr(recorded))) from error

    @property
    def record(self) -> dict[str, Any]:
        """All of it, for a file."""
        return asdict(self)

    @property
    def runs(self) -> bool:
        """Whether this very process is still there."""
        state, began = _seen(self.pid) or ("X", 0)
        return began == self.began and state not in _ENDED and self.boot == _boot()

    def end(self, seconds: float) -> bool:
        """Ask the process to end and wait; after ``seconds`` it is killed. Returns whether it was there to be ended."""
        with suppress(ProcessLookupError), closing(_Handle(self.pid)) as handle:
            # The handle holds whatever has the number now; only after that it is asked who it is.
            if self.runs:
                handle.tell(signal.SIGTERM)
                if not handle.ended_within(seconds):
                    handle.tell(signal.SIGKILL)
                    handle.ended_within(seconds)
                return True
        return False


class _Handle:
    """One process, and never another that gets its number later. Raises ProcessLookupError."""

    def __init__(self, pid: int) -> None:
        self._descriptor = os.pidfd_open(pid)

    def tell(self, number: signal.Signals) -> None:
        """Send a signal; nothing happens when the process has ended meanwhile."""
        with suppress(ProcessLookupError):
            signal.pidfd_send_signal(self._descriptor, number)

    def ended_within(self, seconds: float) -> bool:
        """Whether it has ended, at the latest after that time."""
        watched = select.poll()
        watched.register(self._descriptor, select.POLLIN)
        return bool(watched.poll(seconds * 1000))

    def close(self) -> None:
        """Let go of it."""
        os.close(self._descriptor)


def _seen(pid: int) -> tuple[str, int] | None:
    """The state of a process and when it began; ``None`` where there is none."""
    try:
        told = (_PROC / str(pid) / "stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    # The second field is a name in parentheses, which may have any in it.
    fields = told.rpartition(")")[2].split()
    return fields[0], int(fields[19])


def _boot() -> str:
    return _BOOT.read_text(encoding="ascii").strip()
