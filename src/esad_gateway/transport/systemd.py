"""What a service manager and a server tell each other: a socket that is handed over, and when it listens or stops.

The two variables and the datagram are systemd's (sd_listen_fds(3), sd_notify(3)); others speak them too. A socket that
is handed over outlives the process: whoever connects while one process ends and the next one starts waits for it.
"""

import os
import socket
from collections.abc import MutableMapping
from contextlib import suppress
from typing import Final

FIRST: Final = 3
"""The descriptor of the first socket that is handed over."""

_HANDED: Final = ("LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES")


def handed_over(environment: MutableMapping[str, str], own: int) -> socket.socket | None:
    """The socket that was handed to the process ``own``; ``None`` where none was, or more than one.

    What says so is taken out of the environment: it is not meant for processes that this one starts.
    """
    process, many = (environment.get(name, "") for name in _HANDED[:2])
    for name in _HANDED:
        environment.pop(name, None)
    if process != str(own) or many != "1":
        return None
    os.set_inheritable(FIRST, False)  # noqa: FBT003 - as the library has it
    return socket.socket(fileno=FIRST)


def notify(environment: MutableMapping[str, str], state: str) -> None:
    """Tell the service manager ``READY=1`` or ``STOPPING=1``; without one, or when it does not listen, do nothing."""
    address = environment.get("NOTIFY_SOCKET", "")
    if address:
        with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as manager:
            manager.connect(f"\0{address[1:]}" if address.startswith("@") else address)
            manager.sendall(state.encode())
