"""A gateway in a process of its own that is attacked over its sockets, and what it uses meanwhile."""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from http.client import HTTPConnection
from pathlib import Path
from time import monotonic, sleep

from esad_gateway import resources
from esad_gateway.provision import create
from esad_gateway.signing.pki import KeyKind
from helpers.gateway import PATIENCE

START_SECONDS = 120
HEAD = b"POST /v1/messages HTTP/1.1\r\nHost: x\r\n"
XML, JSON = "application/xml", "application/json"
DRAFT = (resources.fixtures() / "messages/ie815/valid/wine-and-beer.xml").read_bytes()


@dataclass(frozen=True)
class Attacked:
    """A gateway's process, where it listens, and its log."""

    process: subprocess.Popen[bytes]
    port: int
    log: Path

    def status(self, method: str, path: str, body: bytes | None = None, kind: str = XML) -> int:
        """The status of the answer to a request."""
        with closing(HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)) as connection:
            connection.request(method, path, body, {"Content-Type": kind})
            response = connection.getresponse()
            response.read()
            return response.status

    def connect(self, *sent: bytes) -> socket.socket:
        """A connection that has sent something, as far as the gateway took it."""
        connection = socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE)
        try:
            for part in sent:
                connection.sendall(part)
        except ConnectionError:
            pass
        return connection

    def peak(self) -> int:
        """The most memory that the process has had, in megabytes."""
        lines = Path(f"/proc/{self.process.pid}/status").read_text(encoding="ascii").splitlines()
        return int(next(line for line in lines if line.startswith("VmHWM")).split()[1]) // 1024

    def cpu(self) -> float:
        """The seconds of CPU that it has used."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def lines(self, event: str) -> list[dict[str, object]]:
        """What the log says of an event; every line of it is JSON."""
        *written, _ = self.log.read_text(encoding="utf-8").split("\n")  # the last is empty, or being written
        found = [json.loads(line) for line in written]
        return [line for line in found if line["event"] == event]


@contextmanager
def attacked(folder: Path, descriptors: int = 1024) -> Iterator[Attacked]:
    """Run a gateway that may have so many file descriptors."""
    data = create(folder / "LT", "LT", "Europe/Vilnius", datetime.now(UTC), KeyKind.P256).root
    serve = f'ulimit -n {descriptors}; exec "$0" -m esad_gateway serve --data "$1" --port 0'
    log = folder / "log"
    with log.open("wb") as errors:
        process = subprocess.Popen(["bash", "-c", serve, sys.executable, str(data)], stderr=errors)
    try:
        gateway = Attacked(process, _port(process, log), log)
        # What is loaded for the first who needs it is no cost of any attack.
        assert gateway.status("GET", "/nothing") == 404
        yield gateway
    finally:
        process.terminate()
        process.wait(PATIENCE)


def _port(process: subprocess.Popen[bytes], log: Path) -> int:
    """Where a gateway listens, as soon as it says so."""
    end = monotonic() + START_SECONDS
    while not (said := Attacked(process, 0, log).lines("gateway listens")):
        assert process.poll() is None, log.read_text(encoding="utf-8")
        assert monotonic() < end, log.read_text(encoding="utf-8")
        sleep(0.05)
    return int(str(said[0]["url"]).rpartition(":")[2])


def in_a_line(content: bytes) -> bytes:
    """A draft with one line that holds ``content``."""
    start, end = DRAFT.index(b"<BodyEadEsad>") + 13, DRAFT.index(b"</BodyEadEsad>")
    return DRAFT[:start] + content + DRAFT[end:]


ATTRIBUTES = b"".join(b' a%d=""' % number for number in range(60))
DEAR = {
    "children in the worst order": ("/v1/messages/validate", in_a_line(b"<NetMass/>" * 24_500 + b"<CnCode/>" * 24_500)),
    "unknown names": (
        "/v1/messages/validate",
        in_a_line(b"".join(b"<CnCodx%d/>" % number for number in range(49_000))),
    ),
    "attributes": ("/v1/messages", b"<a>" + (b"<b" + ATTRIBUTES + b"/>") * 10_000 + b"</a>"),
    "names": ("/v1/messages", b"<a>" + b"".join(b"<x%d/>" % number for number in range(49_000)) + b"</a>"),
    "text": ("/v1/messages", b"<a>" + b"x" * 4_000_000 + b"</a>"),
    "numbers": ("/v1/messages/compose", b'{"message": "IE815", "body_ead_esad": [' + b"1," * 1_800_000 + b"1]}"),
    "unknown fields": (
        "/v1/messages/compose",
        b'{"message": "IE815"' + b"".join(b',"x%d":1' % n for n in range(74_000)) + b"}",
    ),
    "lines that are none": (
        "/v1/messages/compose",
        b'{"message": "IE815", "body_ead_esad": [' + b"{}," * 74_000 + b"{}]}",
    ),
    "nested": ("/v1/messages/compose", b"[" * 4_000_000),
}
