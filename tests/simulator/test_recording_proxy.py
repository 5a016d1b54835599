"""A proxy that forwards what it gets as it is, over real sockets: between a client and a server that say every byte."""

import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlsplit

import pytest

from esad_gateway.simulator.recording import passing
from esad_gateway.simulator.recording.model import Ended, RecordedExchange
from esad_gateway.simulator.recording.recorder import Recorder
from helpers.gateway import PATIENCE
from helpers.upstream import answers, upstream

OK = "HTTP/1.1 200 OK\nContent-Type: application/json"


@contextmanager
def between(answer: Callable[[socket.socket, bytes], object]) -> Iterator[tuple[Recorder, list[bytes]]]:
    """A recorder before a server that answers like this, which has been asked what time it is there."""
    with upstream(answer) as (url, heads), Recorder(url) as recorder:
        heads.clear()
        yield recorder, heads


def connected(recorder: Recorder) -> closing[HTTPConnection]:
    """A client of the recorder."""
    return closing(HTTPConnection(urlsplit(recorder.url).netloc, timeout=PATIENCE))


def told(recorder: Recorder) -> list[RecordedExchange]:
    """What is recorded when all of it has ended."""
    recorder.close()
    return list(recorder.recording(7).exchanges)


def test_request_goes_on_as_it_is() -> None:
    """Method, path, query, every field and the body, byte for byte; the host is that of the gateway."""
    bodies: list[bytes] = []

    def answer(connection: socket.socket, head: bytes) -> None:
        if b"/health" in head:
            answers(OK, b"{}")(connection, head)
            return
        body = head.partition(b"\r\n\r\n")[2]
        while len(body) < 9:
            body += connection.recv(9)
        bodies.append(body)
        answers(OK, b"{}")(connection, head)

    with between(answer) as (recorder, heads), connected(recorder) as client:
        client.putrequest("PATCH", "/v1/a%2Fb/%41?x=%20&y=a+b&z", skip_accept_encoding=True)
        for name, value in (("X-One", "1"), ("X-One", "2"), ("Cookie", "a=b"), ("Content-Length", "9")):
            client.putheader(name, value)
        client.endheaders(b"\x00\xff<bytes>")
        assert client.getresponse().read() == b"{}"
        port = recorder.time._url.rpartition(":")[2]  # noqa: SLF001 - where it is sent
    head = heads[0].partition(b"\r\n\r\n")[0].split(b"\r\n")
    assert head[0] == b"PATCH /v1/a%2Fb/%41?x=%20&y=a+b&z HTTP/1.1"
    # Each connection is for one request, so none ends at the moment in which it is used again.
    assert sorted(one.lower() for one in head[1:]) == sorted(
        [
            b"connection: close",
            b"host: 127.0.0.1:" + port.encode(),
            b"x-one: 1",
            b"x-one: 2",
            b"cookie: a=b",
            b"content-length: 9",
        ]
    )
    assert bodies == [b"\x00\xff<bytes>"]


@pytest.mark.parametrize("status", [200, 201, 302, 404, 429, 500, 503])
def test_answer_comes_back_as_it_is(status: int) -> None:
    """Status, fields that come twice, a body that is packed, and no redirect is followed."""
    head = f"HTTP/1.1 {status} Whatever\nDate: Mon, 02 Mar 2026 10:00:00 GMT\nServer: other\nSet-Cookie: a=1\n"
    head += "Set-Cookie: b=2\nLocation: http://127.0.0.1:9/\nRetry-After: 7\nContent-Encoding: gzip"
    with between(answers(head, b"\x1f\x8bno gzip")) as (recorder, _), connected(recorder) as client:
        client.request("GET", "/")
        answer = client.getresponse()
        assert (answer.status, answer.read()) == (status, b"\x1f\x8bno gzip")
        fields = [(name.lower(), value) for name, value in answer.getheaders()]
    assert sorted(fields) == sorted(
        [
            ("date", "Mon, 02 Mar 2026 10:00:00 GMT"),
            ("server", "other"),
            ("set-cookie", "a=1"),
            ("set-cookie", "b=2"),
            ("location", "http://127.0.0.1:9/"),
            ("retry-after", "7"),
            ("content-encoding", "gzip"),
            ("content-length", "9"),
        ]
    )


def test_pieces_come_while_the_answer_goes_on() -> None:
    """A stream is not waited for: the first piece is read before the server sends the second."""
    read = threading.Event()

    def answer(connection: socket.socket, _: bytes) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\none\r\n")
        assert read.wait(PATIENCE)
        connection.sendall(b"3\r\ntwo\r\n0\r\n\r\n")

    with upstream(answer) as (url, _):
        read.set()
        with Recorder(url) as recorder, connected(recorder) as client:
            read.clear()
            client.request("GET", "/")
            response = client.getresponse()
            assert response.read(3) == b"one"
            read.set()
            assert response.read() == b"two"
            assert [one.ended for one in told(recorder)] == [Ended.ANSWERED]


def test_pieces_go_while_the_request_goes_on() -> None:
    """A body in pieces is not collected: the server has the first one before the client sends the second."""
    came = threading.Event()

    def answer(connection: socket.socket, head: bytes) -> None:
        if b"/health" in head:
            answers(OK, b"{}")(connection, head)
            return
        while b"first" not in head:
            head += connection.recv(65536)
        came.set()
        while b"second" not in head:
            head += connection.recv(65536)
        answers(OK, b'{"took": "both"}')(connection, head)

    with upstream(answer) as (url, _), Recorder(url) as recorder, connected(recorder) as client:
        client.putrequest("POST", "/")
        client.putheader("Transfer-Encoding", "chunked")
        client.endheaders()
        client.send(b"5\r\nfirst\r\n")
        assert came.wait(PATIENCE)
        client.send(b"6\r\nsecond\r\n0\r\n\r\n")
        assert json.loads(client.getresponse().read()) == {"took": "both"}


def test_nobody_is_there() -> None:
    """The client's connection is cut, as the gateway itself would not have answered; that is recorded."""
    with socket.create_server(("127.0.0.1", 0)) as nobody:
        port = nobody.getsockname()[1]
    with Recorder(f"http://127.0.0.1:{port}") as recorder, connected(recorder) as client:
        assert recorder.time.absent is not None
        client.request("POST", "/v1/messages", b"{}")
        with pytest.raises((HTTPException, OSError)):
            client.getresponse()
        (one,) = told(recorder)
    assert (one.ended, one.answer) == (Ended.UNREACHED, None)
    assert one.request.body.value == {}


def test_answer_breaks_off() -> None:
    """What came is passed on, and then the connection is cut as well: nobody takes half an answer for a whole one."""

    def answer(connection: socket.socket, _: bytes) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n" + b"half")

    with between(answer) as (recorder, _), connected(recorder) as client:
        client.request("GET", "/")
        response = client.getresponse()
        with pytest.raises((HTTPException, OSError)):
            response.read()
        (one,) = told(recorder)
    assert (one.ended, one.answer) == (Ended.BROKEN, None)


def test_client_leaves_a_long_poll() -> None:
    """The gateway learns it at once: its connection ends as well."""
    polled, ended = threading.Event(), threading.Event()

    def answer(connection: socket.socket, head: bytes) -> None:
        if b"/health" in head:
            answers(OK, b"{}")(connection, head)
            return
        polled.set()
        assert connection.recv(1) == b""
        ended.set()

    with between(answer) as (recorder, _):
        with connected(recorder) as client:
            client.request("GET", "/poll")
            assert polled.wait(PATIENCE)
        assert ended.wait(PATIENCE)
        (one,) = told(recorder)
    assert (one.ended, one.answer) == (Ended.LEFT, None)


def test_body_without_end_passes_and_is_not_kept() -> None:
    """As long as the client reads; of what is too large nothing is kept but that, and how much passed."""
    piece, pieces = b"x" * 65536, passing.LARGEST_BODY // 65536 + 2

    def answer(connection: socket.socket, head: bytes) -> None:
        if b"/health" in head:
            answers(OK, b"{}")(connection, head)
            return
        connection.sendall(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")
        for _ in range(pieces):
            connection.sendall(piece)

    with between(answer) as (recorder, _), connected(recorder) as client:
        client.request("GET", "/")
        assert len(client.getresponse().read()) == pieces * 65536
        assert sum(len(one.came.content) for one in recorder.passings.all) == 0
        (one,) = told(recorder)
    assert one.answer is not None
    assert one.answer.body.left_out == f"it is larger than {passing.LARGEST_BODY} bytes"
    assert one.answer.body.size == pieces * 65536


def test_secrets_are_not_recorded() -> None:
    """No token, cookie or key, wherever one stands; that there was a token is kept."""
    secret = "wA5secretsecret"
    body = json.dumps({"token": secret, "key": f"-----BEGIN PRIVATE KEY-----\n{secret}\n-----END PRIVATE KEY-----\n"})
    with between(answers(f"{OK}\nSet-Cookie: {secret}", body.encode())) as (recorder, _), connected(recorder) as client:
        client.request("GET", f"/v1?token={secret}", headers={"Authorization": f"Bearer {secret}", "Cookie": secret})
        assert secret in client.getresponse().read().decode()
        (one,) = told(recorder)
        lines = "".join(recorder.recording(7).lines())
    assert secret not in lines
    assert one.request.token


def test_more_than_is_kept_is_counted() -> None:
    """It passes; the recording says how much more there was."""
    moment = datetime(2026, 3, 2, tzinfo=UTC)
    passings = passing.Passings(began=moment)
    half = passing.LARGEST_RECORDING // 2 + 1
    for _ in range(3):
        one = passing.Passing(at=moment, method="GET", target="/", headers={})
        one.came.content = bytearray(half)
        passings.keep(one)
    assert (len(passings.all), passings.beyond) == (1, 2)


def test_strange_methods_and_statuses_do_not_cost_the_recording() -> None:
    """A method with a hyphen, a question about the whole server, and a status that there is not, which is no answer."""

    def answer(connection: socket.socket, head: bytes) -> None:
        strange = b"/strange" in head
        answers("HTTP/1.1 999 Strange" if strange else OK, b"{}")(connection, head)

    with between(answer) as (recorder, _):
        for method, target in (("M-SEARCH", "/"), ("OPTIONS", "*"), ("GET", "/strange")):
            with connected(recorder) as client, suppress(HTTPException, OSError):
                client.request(method, target)
                client.getresponse().read()
        exchanges = told(recorder)
        lines = list(recorder.recording(7).lines())
    assert {one.request.method: one.ended for one in exchanges}["M-SEARCH"] is Ended.ANSWERED
    assert exchanges[-1].ended is Ended.BROKEN
    assert len(lines) == len(exchanges) + 1
