"""What commands write to a terminal."""

import os
import pty
import subprocess
import sys
from pathlib import Path


def on_a_terminal(*arguments: str | Path) -> str:
    """What Python with these arguments writes to a terminal."""
    ours, theirs = pty.openpty()
    environment = {**os.environ, "COLUMNS": "200", "TERM": "xterm"}
    environment.pop("NO_COLOR", None)
    command = [sys.executable, *map(str, arguments)]
    with subprocess.Popen(command, stdout=theirs, stderr=theirs, env=environment) as process:
        os.close(theirs)
        written = b""
        while chunk := _read(ours):
            written += chunk
        process.wait(60)
    os.close(ours)
    return written.decode().replace("\r\n", "\n")


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65536)
    except OSError:  # the other end is closed
        return b""
