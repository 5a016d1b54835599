"""``esad record`` as a process: what it tells, how it ends, and what it leaves."""

import json
import signal
import socket
import subprocess
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from esad_gateway.simulator.recording import files
from esad_gateway.simulator.recording.model import Ended
from helpers.command_line import Esad
from helpers.gateway import PATIENCE
from helpers.ready import ready
from helpers.upstream import answers, upstream

OK = "HTTP/1.1 200 OK\nContent-Type: application/json"


@contextmanager
def recording(to: str, out: Path, *more: str) -> Iterator[tuple["subprocess.Popen[str]", HTTPConnection]]:
    """The command, and a client of it."""
    command = [str(ready()), "record", "--to", to, "--out", str(out), "--port", "0", "--json"]
    process = subprocess.Popen([*command, *more], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        listens = json.loads(process.stdout.readline())
        with closing(HTTPConnection(urlsplit(listens["url"]).netloc, timeout=PATIENCE)) as client:
            yield process, client
    finally:
        process.kill()
        process.communicate()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_recording_is_written_when_it_ends(tmp_path: Path, number: signal.Signals) -> None:
    """By either signal: in its folder, with what was answered; the exit code is 0."""
    with upstream(answers(OK, b'{"a": 1}')) as (url, _), recording(url, tmp_path / "out") as (process, client):
        client.request("GET", "/v1")
        assert json.loads(client.getresponse().read()) == {"a": 1}
        process.send_signal(number)
        told, noted = process.communicate(timeout=PATIENCE)

    assert (process.returncode, noted) == (0, "")
    file = tmp_path / "out" / "recording.jsonl"
    assert json.loads(told) == {"file": str(file), "answered": 1, "unanswered": 0, "beyond": 0}
    (one,) = files.read(file).exchanges
    assert one.answer is not None
    assert one.answer.body.value == {"a": 1}


def test_what_was_whole_is_kept_when_it_ends_amid_a_transfer(tmp_path: Path) -> None:
    """A long poll and half a body are on their way: they are in it without an answer, and it ends all the same."""
    polled = threading.Event()

    def answer(connection: socket.socket, head: bytes) -> None:
        if b"/poll" not in head:
            answers(OK, b"{}")(connection, head)
            return
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{")
        polled.set()
        connection.recv(1)

    with upstream(answer) as (url, _), recording(url, tmp_path / "out") as (process, client):
        client.request("GET", "/whole")
        client.getresponse().read()
        client.request("GET", "/poll")
        assert polled.wait(PATIENCE)
        assert client.getresponse().read(1) == b"{"
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=PATIENCE)

    whole, polling = files.read(tmp_path / "out").exchanges
    assert (process.returncode, whole.ended, polling.ended) == (0, Ended.ANSWERED, Ended.LEFT)


def test_gateway_that_is_not_there_is_told(tmp_path: Path) -> None:
    """It may come later, so the recorder stays; the same seed replaces in the same way."""
    with socket.create_server(("127.0.0.1", 0)) as nobody:
        url = f"http://127.0.0.1:{nobody.getsockname()[1]}"
    with recording(url, tmp_path / "out", "--seed", "1") as (process, _):
        process.send_signal(signal.SIGTERM)
        _, noted = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0
    assert "so the clock of this machine counts: " in noted
    assert files.read(tmp_path / "out").exchanges == ()


def test_wrong_words_are_refused_before_anything_is_recorded(esad: Esad, tmp_path: Path) -> None:
    """A port that is taken, an address that is none, a folder that has something; in either language."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        used = esad("record", "--to", "http://127.0.0.1:9", "--out", tmp_path / "a", "--port", port)
    address = esad("record", "--to", "127.0.0.1:9", "--out", tmp_path / "b", "--lang", "lt")
    (tmp_path / "c").mkdir()
    (tmp_path / "c" / "something").write_text("")
    full = esad("record", "--to", "http://127.0.0.1:9", "--out", tmp_path / "c")

    assert (used.code, address.code, full.code) == (2, 2, 2)
    assert port in used.err
    assert "nėra vartų adresas" in address.err
    assert "is not empty" in full.err
