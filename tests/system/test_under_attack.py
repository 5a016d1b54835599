"""A gateway in a process of its own, attacked over its sockets: what strangers cost is bounded."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, closing
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic, sleep

import pytest

from esad_gateway.provision import create
from esad_gateway.signing.pki import KeyKind
from esad_gateway.transport.envelope import SOAP
from helpers.attacked import DEAR, DRAFT, HEAD, JSON, XML, Attacked, attacked
from helpers.gateway import PATIENCE


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Attacked]:
    """One gateway for the attacks that leave nothing behind."""
    with attacked(tmp_path_factory.mktemp("attacked")) as running:
        yield running


def test_flood_of_headers_takes_no_memory(gateway: Attacked) -> None:
    """30 MB of small header lines on one connection: refused after 32 KiB of them, and nothing is kept."""
    before = gateway.peak()

    with closing(gateway.connect(HEAD, *[b"A: b\r\n" * 20_000] * 250)):
        assert gateway.peak() - before < 20

    assert gateway.status("GET", "/health") == 200


def test_unfinished_uploads_hold_bounded_memory(gateway: Attacked) -> None:
    """50 uploads of 4 MB that never end would hold 200 MB: what they hold together is bounded."""
    before = gateway.peak()
    upload = HEAD + b"Content-Type: application/xml\r\nContent-Length: 4100000\r\n\r\n" + b" " * 4_000_000

    with ExitStack() as stack:
        for _ in range(50):
            stack.enter_context(closing(gateway.connect(upload)))
        assert gateway.status("GET", "/health") == 200

    assert gateway.peak() - before < 120


def test_half_sent_requests_shut_nobody_out_where_descriptors_are_few(tmp_path: Path) -> None:
    """400 half-sent requests at 256 file descriptors: an honest client is answered all the while."""
    with attacked(tmp_path, descriptors=256) as gateway, ExitStack() as stack:
        for number in range(400):
            stack.enter_context(closing(gateway.connect(HEAD)))
            if number % 100 == 0:
                assert gateway.status("GET", "/health") == 200

        assert gateway.status("GET", "/health") == 200


def test_too_few_descriptors_are_refused_at_start(tmp_path: Path) -> None:
    """With a word on how many are needed, instead of a service that fails under the first load."""
    data = create(tmp_path / "LT", "LT", "Europe/Vilnius", datetime.now(UTC), KeyKind.P256).root
    serve = 'ulimit -n 80; exec "$0" -m esad_gateway serve --data "$1" --port 0'

    ended = subprocess.run(
        ["bash", "-c", serve, sys.executable, data], capture_output=True, timeout=PATIENCE, check=False
    )

    assert ended.returncode == 2
    assert b"80 file descriptors are too few" in ended.stderr


@pytest.mark.parametrize(("path", "body"), DEAR.values(), ids=DEAR)
def test_stranger_costs_a_bounded_time(gateway: Attacked, path: str, body: bytes) -> None:
    """What anybody may send is at most a few tenths of a second of CPU, the second time as the first."""
    kind = JSON if path.endswith("compose") else XML
    gateway.status("POST", "/v1/messages/validate", DRAFT.replace(b"CnCode", b"NoCode"))
    before = gateway.cpu()

    for _ in range(2):
        gateway.status("POST", path, body, kind)

    # The aim is 0.1 seconds; the bound leaves room for a machine that is four times slower.
    assert gateway.cpu() - before < 2 * 0.4


def test_aborted_upload_is_one_line_of_the_log(gateway: Attacked) -> None:
    """Who, and where; no traceback."""
    before = len(gateway.lines("an upload was aborted"))

    # One after the other: two doors may tell in any order.
    for number, path in enumerate((b"/v1/messages", b"/ndea"), start=1):
        head = HEAD.replace(b"/v1/messages", path) + b"Content-Type: application/xml\r\nContent-Length: 9\r\n\r\n<a>"
        gateway.connect(head).close()
        end = monotonic() + PATIENCE
        while len(gateway.lines("an upload was aborted")) < before + number and monotonic() < end:
            sleep(0.02)

    lines = gateway.lines("an upload was aborted")[before:]
    assert [(line["client"], line["path"]) for line in lines] == [("127.0.0.1", "/v1/messages"), ("127.0.0.1", "/ndea")]


def test_flood_of_refusals_is_a_few_lines_of_the_log(gateway: Attacked) -> None:
    """What is refused before it is a request is told once for many, with the address of one."""
    before = len(gateway.lines("a connection was refused"))

    for _ in range(200):
        with closing(gateway.connect(b"no HTTP at all\r\n\r\n")) as connection:
            connection.recv(1000)

    lines = gateway.lines("a connection was refused")[before:]
    assert 1 <= len(lines) < 100
    assert all(line["client"] == "127.0.0.1" for line in lines)


HOSTILE = {
    "line ends": ("a\nb\rc\td", "a&#10;b&#13;c&#9;d"),
    "another member": ('", "event": "x', "&quot;, &quot;event&quot;: &quot;x"),
    "line ends elsewhere": ("a\u2028b\u0085c", "a\u2028b\u0085c"),
    "other direction": ("\u202ea\x7f", "\u202ea\x7f"),
    "templates": ("%s{0}${x}", "%s{0}${x}"),
}


@pytest.mark.parametrize(("name", "written"), HOSTILE.values(), ids=HOSTILE)
def test_hostile_name_is_one_line_of_the_log(gateway: Attacked, name: str, written: str) -> None:
    """What nobody has signed may be called anything: a line of the log is one object in ASCII, which has it as text."""
    before, size = len(gateway.lines("not attributed")), len(gateway.log.read_bytes())
    envelope = f'<e:Envelope xmlns:e="{SOAP}"><e:Body><o xmlns="{written}"/></e:Body></e:Envelope>'

    gateway.status("POST", "/soap/gateway", envelope.encode(), "text/xml")

    (line,) = gateway.lines("not attributed")[before:]
    told = gateway.log.read_bytes()[size:]
    assert (line["channel"], " ".join(name.split()) in str(line["reason"])) == ("soap", True), line
    assert (told.count(b"\n"), told.isascii()) == (1, True)
