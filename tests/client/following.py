"""A program that follows a mailbox and writes down what it was handed; it can be told when to die.

Arguments: address, SEED number, token, folder, and after how many messages it kills itself, before or after the note.
"""

import os
import signal
import sys
from pathlib import Path

from esad_gateway.client import CursorFile, GatewayClient, ReceivedMessage

url, seed, token, folder, when, count = sys.argv[1:]
notes = Path(folder) / "handled"
left = int(count)


def die(moment: str) -> None:
    """End at once, as by kill -9, if this is the moment."""
    if left == 0 and moment == when:
        os.kill(os.getpid(), signal.SIGKILL)


def handle(message: ReceivedMessage) -> None:
    """Write down which message it was."""
    global left  # noqa: PLW0603 - a program of one file
    left -= 1
    die("before")
    with notes.open("a", encoding="ascii") as file:
        file.write(f"{message.entry.seq}\n")
    die("after")


class Dying(CursorFile):
    """A cursor file before whose number is replaced the program may die."""

    def write(self, seq: int) -> None:
        """Put the number into the file, or die."""
        die("cursor")
        super().write(seq)


with GatewayClient(url, seed=seed, token=token) as gateway:
    gateway.follow(handle, Dying(Path(folder) / "cursor"), seconds=0)
