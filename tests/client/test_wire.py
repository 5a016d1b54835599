"""The connection of a client: what happens to an answer that breaks off."""

import socket
import struct
from contextlib import closing
from io import BytesIO
from threading import Event, Thread

import pytest

from esad_gateway.client.request import Request
from esad_gateway.client.wire import Wire
from esad_gateway.errors import PeerError
from helpers.gateway import PATIENCE

HEAD = b"HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n"
WHOLE = b"twenty bytes of rows"


class Written(BytesIO):
    """A file that says when something was written to it."""

    def __init__(self) -> None:
        super().__init__()
        self.begun = Event()

    def write(self, piece: bytes) -> int:  # type: ignore[override]  # what a client writes
        """Write, and say so."""
        written = super().write(piece)
        self.begun.set()
        return written


def answering(server: socket.socket, file: Written) -> None:
    """Answer well; then break off in the midst, on the same connection; then well to whoever asks once more."""
    with server.accept()[0] as connection:
        for sent in (HEAD + WHOLE, HEAD + WHOLE[:10]):
            connection.recv(65_536)
            connection.sendall(sent)
        assert file.begun.wait(PATIENCE)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    with server.accept()[0] as connection:
        if connection.recv(65_536):
            connection.sendall(HEAD + WHOLE)


def test_file_is_not_written_twice_when_an_answer_breaks_off() -> None:
    """On a connection that was used before: it was alive, so the same is not asked for again behind half of it."""
    file = Written()
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(PATIENCE)
        thread = Thread(target=answering, args=(server, file))
        thread.start()
        with closing(Wire(f"http://127.0.0.1:{server.getsockname()[1]}", {}, None)) as wire:
            assert wire.send(Request(path="/")).body == WHOLE
            with pytest.raises(PeerError, match="broke off"):
                wire.send(Request(path="/", to=file))
        socket.create_connection(server.getsockname(), PATIENCE).close()
        thread.join(PATIENCE)
    assert file.getvalue() == WHOLE[:10]
