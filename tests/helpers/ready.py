"""``esad`` without its start: a process that has the imports behind it waits, and each command is a fork of it.

Nine tenths of a short command are imports. :func:`ready` makes a program that is called as ``esad`` and as
``python -m esad_gateway`` are, and hands arguments, folder, environment and the three streams to the process that
waits. The fork runs the command from its first word, gets the signals that the program gets, and the program ends as it
does. What a start itself does is tested where nothing waits: in the README, a demonstration, and test_start.py.
"""

import atexit
import gc
import io
import json
import os
import pkgutil
import selectors
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

LOADED_LATER = (
    "esad_gateway.batch.work.worker",
    "esad_gateway.operations.exposition",
    "esad_gateway.rest.framework",
    "esad_gateway.rest.traders",
    "esad_gateway.soap.door",
    "esad_gateway.transport.posting",
)
"""What a gateway loads beside its first answers."""

_PROGRAM = """#!{python} -IS
import json, os, signal, socket, sys
if sys.argv[1:2] == ["-P"]:  # another module of the package, to which this process is no start
    os.execv({python!r}, [{python!r}, *sys.argv[1:]])
with socket.socket(socket.AF_UNIX) as server:
    server.connect({address!r})
    arguments = sys.argv[3:] if sys.argv[1:3] == ["-m", "esad_gateway"] else sys.argv[1:]
    socket.send_fds(server, [b" "], [0, 1, 2])
    asked = dict(program=sys.argv[0], arguments=arguments, folder=os.getcwd(), environment=dict(os.environ))
    server.sendall(json.dumps(asked).encode() + b"\\n")
    with server.makefile() as said:
        number = int(said.readline())
        for one in (signal.SIGINT, signal.SIGTERM):
            signal.signal(one, lambda given, _frame: os.kill(number, given))
        code = int(said.readline() or 1)
if code < 0:
    signal.signal(-code, signal.SIG_DFL)
    os.kill(os.getpid(), -code)
sys.exit(code)
"""


@cache
def ready() -> Path:
    """The program, in a folder of its own, so that a shell finds it as ``esad``; it is there until pytest ends."""
    folder = TemporaryDirectory(prefix="esad-ready-")
    program, address = Path(folder.name) / "esad", f"{folder.name}/socket"
    program.write_text(_PROGRAM.format(python=sys.executable, address=address), encoding="utf-8")
    program.chmod(0o700)
    command = [sys.executable, __file__, address]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    atexit.register(_end, process, folder)
    assert process.stdout is not None
    assert process.stdout.readline() == b"ready\n"
    return program


def _end(process: "subprocess.Popen[bytes]", folder: "TemporaryDirectory[str]") -> None:
    with process:
        assert process.stdin is not None
        process.stdin.close()
    folder.cleanup()


@dataclass(frozen=True, slots=True)
class _Running:
    """A command under way, and the program that waits for how it ends."""

    number: int
    program: socket.socket

    def ended(self, code: int) -> None:
        """Tell the program; one that was killed listens no longer."""
        with self.program, suppress(ConnectionError):
            self.program.sendall(b"%d\n" % code)

    def abandoned(self) -> None:
        """The program was killed, and so is the command."""
        os.kill(self.number, signal.SIGKILL)


def _wait(address: str) -> None:
    """Fork for whoever comes, until standard input ends; never returns in a fork."""
    with socket.create_server(address, family=socket.AF_UNIX) as door, selectors.DefaultSelector() as watched:
        watched.register(door, selectors.EVENT_READ)
        watched.register(0, selectors.EVENT_READ)
        sys.stdout.buffer.write(b"ready\n")
        sys.stdout.flush()
        while True:
            for key, _ in watched.select():
                if key.fileobj == 0:
                    return
                if key.data is None:
                    _begin(door.accept()[0], watched)
                else:
                    _go_on(key, watched)


def _begin(program: socket.socket, watched: selectors.BaseSelector) -> None:
    _, streams, _, _ = socket.recv_fds(program, 1, 3)
    with program.makefile() as said:
        asked = said.readline()
    number = os.fork() if asked else -1
    if number == 0:
        _become(streams, **json.loads(asked))
    for stream in streams:
        os.close(stream)
    if number < 0:  # the program was killed before it could say anything
        program.close()
        return
    running = _Running(number, program)
    with suppress(ConnectionError):
        program.sendall(b"%d\n" % number)
    watched.register(os.pidfd_open(number), selectors.EVENT_READ, running)
    watched.register(program, selectors.EVENT_READ, running)


def _go_on(key: selectors.SelectorKey, watched: selectors.BaseSelector) -> None:
    """A command has ended, or its program has."""
    if watched.get_map().get(key.fileobj) is not key:  # both at once
        return
    running: _Running = key.data
    watched.unregister(key.fileobj)
    if key.fileobj is running.program:
        running.abandoned()
        return
    os.close(key.fd)
    if running.program in (one.fileobj for one in watched.get_map().values()):
        watched.unregister(running.program)
    running.ended(os.waitstatus_to_exitcode(os.waitpid(running.number, 0)[1]))


def _become(
    streams: list[int], program: str, arguments: list[str], folder: str, environment: Mapping[str, str]
) -> None:
    """Be the process that the program would have been. Ends it."""
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)  # what is started from here, and goes on behind it, is not to hold it open
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    time.tzset()
    sys.path[:0] = filter(None, environment.get("PYTHONPATH", "").split(os.pathsep))
    sys.stdin, sys.stdout, sys.stderr = _text(0, "r"), _text(1, "w"), _text(2, "w")
    # Whatever starts a gateway of its own starts it likewise.
    sys.executable, sys.argv = program, [program, *arguments]
    import_module("esad_gateway.cli").main()


def _text(stream: int, mode: str) -> io.TextIOWrapper:
    buffered: Any = os.fdopen(stream, f"{mode}b", closefd=False)
    return io.TextIOWrapper(
        buffered,
        encoding="utf-8",
        errors="backslashreplace" if stream == 2 else "strict",
        line_buffering=stream == 2 or os.isatty(stream),
    )


def _load() -> None:
    """Import what commands need."""
    cli = import_module("esad_gateway.cli")
    commands = (one.name for one in pkgutil.iter_modules(cli.__path__, "esad_gateway.cli."))
    for name in ("esad_gateway.server", *LOADED_LATER, *commands):
        import_module(name)
    gc.freeze()  # a fork looks through nothing of this, and shares all of it


if __name__ == "__main__":
    _load()
    _wait(sys.argv[1])
