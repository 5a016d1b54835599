"""A server of which a test says every byte: what a proxy has to do with answers of any kind."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from helpers.gateway import PATIENCE


@contextmanager
def upstream(answer: Callable[[socket.socket, bytes], object]) -> Iterator[tuple[str, list[bytes]]]:
    """Answers each connection by ``answer``, which gets the head of the request; where it is, and all heads so far."""
    heads: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            with suppress(OSError):
                while True:
                    connection, _ = server.accept()
                    threading.Thread(target=one, args=(connection,), daemon=True).start()

        def one(connection: socket.socket) -> None:
            connection.settimeout(PATIENCE)
            with connection, suppress(OSError):
                head = b""
                while b"\r\n\r\n" not in head and (piece := connection.recv(65536)):
                    head += piece
                heads.append(head)
                answer(connection, head)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.getsockname()[1]}", heads
        finally:
            server.shutdown(socket.SHUT_RDWR)
    thread.join(PATIENCE)


def answers(head: str, body: bytes = b"") -> Callable[[socket.socket, bytes], object]:
    """The same answer to everybody: its status line and fields, and the body."""
    told = "\r\n".join((*head.strip().splitlines(), f"Content-Length: {len(body)}", "", "")).encode() + body
    return lambda connection, _: connection.sendall(told)
