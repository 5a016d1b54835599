"""Connections and bodies within limits, over real sockets: what is beyond is refused, and keeps nobody out."""

import asyncio
import json
import socket
import struct
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing
from http.client import HTTPResponse
from pathlib import Path
from select import select

import pytest

from esad_gateway.faults import Said
from esad_gateway.ports.outbox import Reception, Tried
from esad_gateway.texts import in_every_language
from esad_gateway.transport.answers import HttpAnswer, tried
from esad_gateway.transport.http import HttpTransport
from helpers.batch_door import files_of
from helpers.gateway import CONSIGNOR, PATIENCE, copy_of_box, new_draft
from helpers.served import XML, Served, served

PER_ADDRESS = 6
SOON = 1.0
"""Seconds that a head or a body may take here."""

HALF = b"POST /v1/messages HTTP/1.1\r\nHost: x\r\n"
UPLOAD = HALF + b"Content-Type: application/xml\r\nContent-Length: %d\r\n\r\n"
HEALTH = b"GET /health HTTP/1.1\r\nHost: x\r\n%b\r\n"


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A gateway with little room that waits, for all tests that leave nothing behind."""
    box = copy_of_box(tmp_path_factory.mktemp("box"))
    box.set("LT", connections_per_address=PER_ADDRESS, megabytes_in_flight=16)
    with served(box) as running:
        yield running


@pytest.fixture(scope="module")
def hasty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A gateway that does not wait."""
    box = copy_of_box(tmp_path_factory.mktemp("box"))
    box.set("LT", header_seconds=SOON, body_seconds=SOON)
    with served(box) as running:
        yield running


@pytest.fixture
def patient(tmp_path: Path) -> Iterator[Served]:
    """A gateway with little room that waits, for one test."""
    box = copy_of_box(tmp_path)
    box.set("LT", connections_per_address=PER_ADDRESS, megabytes_in_flight=16)
    with served(box) as running:
        yield running


def connect(gateway: Served, *sent: bytes, source: str = "127.0.0.1") -> socket.socket:
    """A connection that has sent something."""
    connection = socket.create_connection(("127.0.0.1", gateway.port), timeout=PATIENCE, source_address=(source, 0))
    for part in sent:
        connection.sendall(part)
    return connection


def said(connection: socket.socket) -> bytes:
    """Everything that comes until the connection ends; a reset is an end."""
    got = b""
    try:
        while part := connection.recv(65_536):
            got += part
    except ConnectionError:
        pass
    return got


def status_of(answer: bytes) -> int:
    """The status of the first answer; 0 for none."""
    return int(answer.split(b" ", 2)[1]) if answer else 0


def answered(connection: socket.socket) -> tuple[HTTPResponse, bytes]:
    """The first answer, without waiting for the end of the connection, and its body."""
    answer = HTTPResponse(connection)
    answer.begin()
    return answer, answer.read()


def ask(gateway: Served, *sent: bytes) -> bytes:
    """What comes back on a connection of its own."""
    with closing(connect(gateway)) as connection:
        try:
            for part in sent:
                connection.sendall(part)
        except ConnectionError:
            pass
        return said(connection)


def first_told(connections: list[socket.socket]) -> socket.socket:
    """The first of some connections to which anything is said."""
    told, _, _ = select(connections, [], [], PATIENCE)
    found: socket.socket = told[0]
    return found


def is_well(gateway: Served) -> bool:
    """Whether an honest trader is served."""
    return gateway.submit(gateway.box.signed(CONSIGNOR, new_draft())).status == 201


WITHOUT_PATH = {
    "a host": "http://x",
    "with a port": "http://x:8460",
    "an address of six": "http://[::1]:8460",
    "in capitals": "HTTP://X",
    "with a question": "http://x?a=/b",
}


@pytest.mark.parametrize("offer", [b"", b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n"], ids=["", "h2c"])
@pytest.mark.parametrize("address", WITHOUT_PATH.values(), ids=WITHOUT_PATH)
def test_absolute_address_without_a_path_is_asked_for_the_root(gateway: Served, address: str, offer: bytes) -> None:
    """It is answered as ``/``, with the index, and the connection goes on."""
    request = f"GET {address} HTTP/1.1\r\nHost: x\r\n".encode() + offer + b"\r\n"
    root = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"

    with closing(connect(gateway, request)) as connection:
        without, body = answered(connection)
        connection.sendall(root)
        known = answered(connection)

    assert (without.status, body) == (200, known[1])
    assert known[0].status == 200


HEADS = {
    "one field without end": [HALF, b"X: ", *[b"x" * 10_000] * 20],
    "many fields": [HALF, b"".join(b"X-%d: x\r\n" % number for number in range(200)), b"\r\n"],
    "many fields without end": [HALF, *[b"X: x\r\n" * 2_000] * 20],
    "a long address": [b"GET /" + b"x" * 40_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n"],
    "an address without end": [b"GET /", *[b"x" * 10_000] * 20],
    "many fields behind the body": [
        HALF + b"Content-Type: application/xml\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n",
        *[b"X: x\r\n" * 2_000] * 20,
    ],
}


@pytest.mark.parametrize("sent", HEADS.values(), ids=HEADS)
def test_head_beyond_its_limits_is_refused(gateway: Served, sent: list[bytes]) -> None:
    """431 as a problem in both languages, with its page, however the bytes are divided; others are served."""
    answer = ask(gateway, *sent)

    assert status_of(answer) == 431
    head, _, body = answer.partition(b"\r\n\r\n")
    problem = json.loads(body)
    assert b"application/problem+json" in head
    assert (problem["status"], problem["type"]) == (431, "/problems/connection")
    assert problem["details"] == in_every_language(Said("detail.connection_head"))
    assert problem["titles"].keys() == problem["details"].keys()
    assert gateway.get(problem["type"]).json["type"] == problem["type"]
    assert is_well(gateway)


NO_HOST = b"GET /health HTTP/1.%d\r\n%b\r\n"
HOSTS = {
    "none": ([NO_HOST % (1, b"")], "there are 0 Host fields"),
    "two": ([NO_HOST % (1, b"Host: a\r\nHost: b\r\n")], "there are 2 Host fields"),
    "twice the same": ([NO_HOST % (1, b"Host: a\r\nHOST: a\r\n")], "there are 2 Host fields"),
    "two in an old request": ([NO_HOST % (0, b"Host: a\r\nHost: b\r\n")], "there are 2 Host fields"),
    "none in a request that offers another protocol": (
        [NO_HOST % (1, b"Connection: Upgrade\r\nUpgrade: h2c\r\n")],
        "there are 0 Host fields",
    ),
    "none in the second request": ([HEALTH % b"", NO_HOST % (1, b"")], "there are 0 Host fields"),
    "a path": ([NO_HOST % (1, b"Host: a/b\r\n")], "the Host field is no name"),
    "a user": ([NO_HOST % (1, b"Host: somebody@a\r\n")], "the Host field is no name"),
    "a blank": ([NO_HOST % (1, b"Host: a b\r\n")], "the Host field is no name"),
    "a port in words": ([NO_HOST % (1, b"Host: a:http\r\n")], "the Host field is no name"),
}


@pytest.mark.parametrize(("sent", "why"), HOSTS.values(), ids=HOSTS)
def test_request_that_names_no_single_host_is_refused(gateway: Served, sent: list[bytes], why: str) -> None:
    """400, with what is wrong: a front and the gateway might take such a request for two different ones."""
    with closing(connect(gateway)) as connection:
        for request in sent[:-1]:
            connection.sendall(request)
            assert answered(connection)[0].status == 200
        connection.sendall(sent[-1])
        answer, body = answered(connection)

        assert answer.status == 400
        assert json.loads(body)["detail"].startswith(why)
        assert said(connection) == b""
    assert is_well(gateway)


@pytest.mark.parametrize(
    "host",
    ["a", "a ", "\t a \t", "a:80", "a:", "", "127.0.0.1:8460", "[::1]", "[fe80::1%25eth0]:8460", "x_y.a-b.lt"],
)
def test_host_may_be_any_name_or_address(gateway: Served, host: str) -> None:
    """Which it is changes nothing: whoever reaches the gateway is answered."""
    request = NO_HOST % (1, f"Host: {host}\r\nConnection: close\r\n".encode())

    assert status_of(ask(gateway, request)) == 200


def test_old_request_needs_no_host(gateway: Served) -> None:
    """HTTP/1.0 has no such field."""
    assert status_of(ask(gateway, NO_HOST % (0, b""))) == 200


def test_old_client_is_not_told_to_continue(gateway: Served) -> None:
    """HTTP/1.0 knows no interim answer: its first answer is the answer."""
    head = b"POST /v1/messages HTTP/1.%d\r\nHost: x\r\nContent-Type: application/xml\r\nContent-Length: 1\r\n%b\r\n"

    asked = b"Expect: 100-continue\r\nConnection: close\r\n"

    assert status_of(ask(gateway, head % (0, asked), b"x")) == 400
    assert status_of(ask(gateway, head % (1, asked), b"x")) == 100


def test_usual_heads_are_far_within_limits(gateway: Served) -> None:
    """A proxy's many fields and a long cookie are taken."""
    fields = b"".join(b"X-Forwarded-%d: some value\r\n" % number for number in range(60))

    assert status_of(ask(gateway, HEALTH % (fields + b"Cookie: " + b"c" * 8_000 + b"\r\nConnection: close\r\n"))) == 200


def test_half_a_head_is_awaited_for_a_bounded_time(hasty: Served) -> None:
    """408 when the head is late; who said nothing is told nothing."""
    with closing(connect(hasty, HALF)) as half, closing(connect(hasty)) as silent:
        assert status_of(said(half)) == 408
        assert said(silent) == b""


@pytest.mark.parametrize("sent", [(HEALTH % b"", HALF), (HEALTH % b"" + HALF,)], ids=["apart", "in one breath"])
def test_half_a_second_request_is_awaited_for_a_bounded_time(hasty: Served, sent: tuple[bytes, ...]) -> None:
    """A connection that was honest once is not open for ever."""
    with closing(connect(hasty, *sent)) as connection:
        answers = said(connection)

    assert answers.startswith(b"HTTP/1.1 200 ")
    assert answers.count(b"HTTP/1.1 408 ") == 1


OFFER = (
    b"POST /v1/messages/validate HTTP/1.1\r\nHost: x\r\nConnection: Upgrade, HTTP2-Settings, close\r\nUpgrade: h2c\r\n"
    b"HTTP2-Settings: AAEAAEAAAAIAAAAA\r\nContent-Type: application/xml\r\n%b\r\n\r\n"
)


@pytest.mark.parametrize("apart", [False, True], ids=["one write", "two writes"])
@pytest.mark.parametrize("chunked", [False, True], ids=["a length", "chunks"])
def test_offer_of_another_protocol_is_passed_over(gateway: Served, *, apart: bool, chunked: bool) -> None:
    """A client that would rather speak HTTP/2 is answered in HTTP/1.1, and its body is read."""
    draft = gateway.box.signed(CONSIGNOR, new_draft())
    length = b"Transfer-Encoding: chunked" if chunked else b"Content-Length: %d" % len(draft)
    body = b"%x\r\n%b\r\n0\r\n\r\n" % (len(draft), draft) if chunked else draft
    head = OFFER % length

    answer = ask(gateway, *((head, body) if apart else (head + body,)))

    assert status_of(answer) == 200
    assert answer.count(b"HTTP/1.1 ") == 1
    assert json.loads(answer.partition(b"\r\n\r\n")[2])["message"] == "IE815"


def test_requests_behind_an_offer_are_answered_in_order(gateway: Served) -> None:
    """What comes behind such a request on the same connection is one more request."""
    offer = HEALTH % b"Connection: Upgrade\r\nUpgrade: websocket\r\n"

    answer = ask(gateway, offer * 3 + HEALTH % b"Connection: close\r\n")

    assert answer.count(b"HTTP/1.1 200 ") == 4


def test_tunnel_is_refused(gateway: Served) -> None:
    """CONNECT is no request of ours, and what is behind it is not read."""
    answer = ask(gateway, b"CONNECT x:1 HTTP/1.1\r\nHost: x\r\n\r\n" + HEALTH % b"")

    assert status_of(answer) == 400
    assert b"nothing is connected to from here" in answer


def test_body_is_awaited_for_a_bounded_time(hasty: Served) -> None:
    """408 at every door when the body drips or stops, in SOAP a fault of the server; what is sent again is taken."""
    doors = {
        ("/v1/messages", XML): 408,
        ("/v1/messages/validate", XML): 408,
        ("/ndea", "text/xml"): 408,
        ("/soap/gateway", "text/xml"): 500,
        ("/soap/gateway", "application/soap+xml"): 500,
    }
    for (path, kind), status in doors.items():
        head = f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Type: {kind}\r\nContent-Length: 9000\r\n\r\n".encode()

        with closing(connect(hasty, head, b"<a>")) as connection:
            assert status_of(connection.recv(1000)) == status, path
    draft = hasty.box.signed(CONSIGNOR, new_draft())
    # Here and there a machine that is busy with much else keeps an honest client for too long as well.
    assert 201 in (hasty.submit(draft).status for _ in range(20))


def test_half_sent_requests_shut_nobody_out(patient: Served) -> None:
    """Who keeps us waiting longest makes room: an honest client of the same address is served at once."""
    with ExitStack() as stack:
        waiting = [stack.enter_context(closing(connect(patient, HALF))) for _ in range(3 * PER_ADDRESS)]
        started = time.monotonic()

        assert is_well(patient)

        assert time.monotonic() - started < patient.station.runtime.settings.header_seconds
        assert status_of(said(waiting[0])) == 408


def test_unfinished_uploads_shut_nobody_out(patient: Served) -> None:
    """Neither as connections nor as bytes: those that go on for longest give way, and are told to come again."""
    with ExitStack() as stack:
        size = 4_000_000
        uploads = [
            stack.enter_context(closing(connect(patient, UPLOAD % (size + 1), b"x" * size)))
            for _ in range(PER_ADDRESS - 1)
        ]

        assert is_well(patient)

        answer = first_told(uploads).recv(1000)
        assert status_of(answer) == 503
        assert b"retry-after: 5" in answer.lower()


def test_delivery_for_which_there_is_no_room_may_come_again(patient: Served) -> None:
    """503 as a fault of the server: another administration blames neither its document nor, for long, this one."""
    transport = HttpTransport(lambda: {"NDEA.LT": f"{patient.url}/ndea"}, PATIENCE)

    async def delivered() -> Tried:
        try:
            return await transport.deliver("NDEA.LT", b"x" * 6_000_000, "PL-1")
        finally:
            await transport.close()

    with ExitStack() as stack:
        for _ in range(PER_ADDRESS - 1):
            stack.enter_context(closing(connect(patient, UPLOAD % 3_000_001, b"A" * 3_000_000)))
        tried = asyncio.run(delivered())
        assert tried.reception is Reception.FAILED
        assert tried.why == "cannot take it now: too much is being uploaded at a time; send the same again"
        upload = UPLOAD.replace(b"/v1/messages", b"/ndea") % 8_000_001
        answer, body = answered(stack.enter_context(closing(connect(patient, upload, b"A" * 8_000_000))))
        assert (answer.status, answer.getheader("retry-after")) == (503, "5")
        assert b"<faultcode>s:Server</faultcode>" in body


def test_delivery_that_is_too_slow_is_not_blamed_for_it(hasty: Served) -> None:
    """The line is slow, not the document wrong: its sender may try the same again."""
    upload = UPLOAD.replace(b"/v1/messages", b"/ndea") % 1_000

    with closing(connect(hasty, upload, b"<a>")) as connection:
        answer, body = answered(connection)

    assert answer.status == 408
    assert tried(HttpAnswer(408, {}, body), "PL-1").reception is Reception.FAILED


def test_upload_that_is_small_goes_on_beside_large_ones(patient: Served) -> None:
    """Of one address it is the largest that gives way, however long a small one has been going on."""
    document = patient.box.signed(CONSIGNOR, new_draft())
    with ExitStack() as stack:
        honest = stack.enter_context(closing(connect(patient, UPLOAD % len(document), document[:1_000])))
        large = UPLOAD % 4_000_001 + b"A" * 4_000_000
        strangers = [stack.enter_context(closing(connect(patient, large))) for _ in range(PER_ADDRESS - 1)]
        assert status_of(first_told(strangers).recv(1000)) == 503

        honest.sendall(document[1_000:])

        assert status_of(honest.recv(1000)) == 201


@pytest.mark.parametrize("honest", [("127.0.0.2", b""), ("127.0.0.1", b"X-Forwarded-For: 203.0.113.10\r\n")])
def test_address_that_holds_little_goes_on_beside_one_that_holds_much(
    tmp_path: Path, honest: tuple[str, bytes]
) -> None:
    """By the socket or by the word of a front: the largest upload of all is not the one that gives way."""
    box = copy_of_box(tmp_path)
    box.set("LT", fronts=["127.0.0.1"], megabytes_in_flight=16)
    address, field = honest
    body = b"<a>%b</a>" % (b"x" * 3_800_000)
    with served(box) as gateway, ExitStack() as stack:
        upload = stack.enter_context(closing(connect(gateway, source=address)))
        upload.sendall(UPLOAD[:-2] % len(body) + field + b"\r\n" + body[:-1])
        head = UPLOAD[:-2] % 4_000_000 + b"X-Forwarded-For: 203.0.113.9\r\n\r\n"
        strangers = [stack.enter_context(closing(connect(gateway, head, b"A" * 3_500_000))) for _ in range(5)]
        assert status_of(first_told(strangers).recv(1000)) == 503

        upload.sendall(body[-1:])

        assert status_of(upload.recv(1000)) == 403


def test_upload_without_end_makes_room_for_another(patient: Served) -> None:
    """Where every connection of an address waits for its body, the first goes."""
    with ExitStack() as stack:
        for _ in range(2 * PER_ADDRESS):
            stack.enter_context(closing(connect(patient, UPLOAD % 100, b"<a>")))

        assert is_well(patient)


REFUSED_EARLY = {
    "too large": (413, "/v1/messages", XML),
    "of a wrong type": (415, "/v1/messages", "text/plain"),
    "at no place": (404, "/v1/nothing", XML),
    "at a door for reading": (405, "/health", XML),
    "delivered and too large": (413, "/ndea", "text/xml"),
}


@pytest.mark.parametrize(("status", "path", "kind"), REFUSED_EARLY.values(), ids=REFUSED_EARLY)
@pytest.mark.parametrize("connection", ["close", "keep-alive"])
def test_client_that_only_writes_sees_its_refusal(
    patient: Served, status: int, path: str, kind: str, connection: str
) -> None:
    """The whole body is written before anything is read: the answer is there, every time."""
    size = 9_500_000
    head = (
        f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Type: {kind}\r\nConnection: {connection}\r\n"
        f"Content-Length: {size}\r\n\r\n"
    )
    with closing(connect(patient, head.encode(), b"a" * size)) as client:
        assert status_of(client.recv(65_536)) == status


def test_answer_comes_before_the_body_that_it_does_not_need(patient: Served) -> None:
    """Whoever drips a body has the answer at once; the rest is read and dropped, and what follows is a request."""
    with closing(connect(patient, HEALTH % b"Content-Length: 100000\r\n", b"x")) as client:
        answer, body = answered(client)

        assert answer.status == 200
        assert json.loads(body)["state"] == "LT"
        client.sendall(b"x" * 99_999 + HEALTH % b"Connection: close\r\n")
        assert status_of(said(client)) == 200


def test_refused_body_is_not_read_for_ever(patient: Served) -> None:
    """What comes after a refusal is dropped for a bounded while, then the connection ends."""
    sent = 0
    with closing(connect(patient, UPLOAD % 10**12)) as client:
        try:
            while sent < 200_000_000:
                client.sendall(b"a" * 100_000)
                sent += 100_000
        except ConnectionError:
            pass

    assert sent < 100_000_000
    assert is_well(patient)


def test_body_in_tiny_chunks_is_refused(patient: Served) -> None:
    """A chunk of one byte costs as much as one of thousands: many of them are no way to write a document."""
    head = HALF + b"Content-Type: application/xml\r\nTransfer-Encoding: chunked\r\n\r\n"

    assert status_of(ask(patient, head, *[b"1\r\na\r\n" * 10_000] * 20)) in {0, 400}
    assert is_well(patient)


def test_body_in_many_small_chunks_is_taken(gateway: Served) -> None:
    """What a writer of XML produces is no attack."""
    document = gateway.box.signed(CONSIGNOR, new_draft())
    chunks = (document[start : start + 3] for start in range(0, len(document), 3))

    assert gateway.ask("POST", "/v1/messages", chunks, {"Content-Type": XML}).status == 201


def test_pipelined_requests_are_answered_in_order(gateway: Served) -> None:
    """A few may be on their way at a time."""
    answers = ask(gateway, HEALTH % b"" * 4 + HEALTH % b"Connection: close\r\n")

    assert answers.count(b"HTTP/1.1 200 ") == 5


def test_pipeline_without_end_is_cut(gateway: Served) -> None:
    """Each request that waits is memory: of hundreds in one piece, not even the answers are owed."""
    answers = ask(gateway, HEALTH % b"" * 2_000)

    assert answers.count(b"HTTP/1.1 200 ") < 2_000
    assert is_well(gateway)


def test_pipeline_that_is_cut_is_no_error_of_ours(gateway: Served, caplog: pytest.LogCaptureFixture) -> None:
    """Whoever goes while several requests are answered leaves no traceback: not one of them has a reader."""
    refused = UPLOAD % 4 + b"<a/>"
    for sent in (HEALTH % b"" * 200, *[refused * 3] * 10):
        with closing(connect(gateway, sent)) as client:
            # Closed with a reset: what is not sent or read yet is dropped.
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    assert is_well(gateway)
    assert [record.getMessage() for record in caplog.records if record.exc_info] == []


def test_what_is_no_http_is_a_problem(gateway: Served) -> None:
    """Not even a request line: 400 in the form of every other refusal."""
    answer = ask(gateway, b"\x16\x03\x01\x02\x00\x01\x00\r\n\r\n")

    assert status_of(answer) == 400
    assert b"application/problem+json" in answer


@pytest.mark.parametrize(("fronts", "noted"), [([], "127.0.0.1"), (["127.0.0.1"], "203.0.113.9")])
def test_only_a_front_is_believed_about_an_address(tmp_path: Path, fronts: list[str], noted: str) -> None:
    """Anybody can write ``X-Forwarded-For``; the security log has what the socket says, or what a front says."""
    box = copy_of_box(tmp_path)
    box.set("LT", fronts=fronts)
    with served(box) as gateway:
        headers = {"Content-Type": XML, "X-Forwarded-For": "203.0.113.9"}

        assert gateway.ask("POST", "/v1/messages", b"rubbish", headers).status == 400

        (note,) = gateway.station.rows("security_log")
        assert note["client"] == noted


def begun(gateway: Served, size: int) -> bytes:
    """The head of a file of rows, as its trader hands it in."""
    token = gateway.box.traders[CONSIGNOR].token
    head = f"POST /v1/traders/{CONSIGNOR}/batches?kind=saad HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n"
    return f"{head}Content-Type: text/csv\r\nContent-Length: {size}\r\n\r\n".encode()


def test_file_that_stops_arriving_is_given_up(hasty: Served) -> None:
    """408 after the time of a body, and nothing of it is kept."""
    with closing(connect(hasty, begun(hasty, 1000), b"source;")) as connection:
        assert status_of(said(connection)) == 408
    assert files_of(hasty.box) == []


def test_file_that_goes_on_arriving_has_time_for_it(hasty: Served) -> None:
    """What has come buys time for what comes: it is taken after the time that an ordinary body has."""
    large = b"x" * 1023 + b"\n"
    with closing(connect(hasty, begun(hasty, len(large) * 30_001))) as connection:
        for _ in range(30_000):
            connection.sendall(large)
        assert select([connection], [], [], 2 * SOON)[0] == []
        connection.sendall(large)
        assert status_of(connection.recv(1000)) == 202
