"""Spans of a message, as a collector gets them: its rooms, its commit and its delivery, in the caller's trace."""

import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from esad_gateway.operations.traces import ROOMS
from esad_gateway.settings import FILE
from esad_gateway.signing.pki import KeyKind
from esad_gateway.simulator.box import Member, Trader, provision, register
from esad_gateway.simulator.drafts import Parties
from esad_gateway.simulator.exchange import OPERATORS, ZONES, draft_now
from esad_gateway.simulator.stage import signed
from helpers.gateway import PATIENCE

CONSIGNOR, _, CONSIGNEE, _ = OPERATORS
TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
XML = {"Content-Type": "application/xml", "traceparent": f"00-{TRACE}-00f067aa0ba902b7-01"}
WITHOUT = """
import sys
sys.modules["opentelemetry"] = None  # as Python marks what cannot be imported
from esad_gateway.cli import main
main(sys.argv[1:])
"""


@dataclass
class Listener:
    """A collector, and another administration that takes nothing: everything that was posted, by path."""

    spans: list[Span] = field(default_factory=list)
    traced: list[str] = field(default_factory=list)
    delivered: threading.Event = field(default_factory=threading.Event)

    def take(self, path: str, headers: dict[str, str], body: bytes) -> None:
        """Keep what came."""
        if path == "/v1/traces":
            sent = ExportTraceServiceRequest.FromString(body)
            self.spans += [span for one in sent.resource_spans for scope in one.scope_spans for span in scope.spans]
        else:
            self.traced.append(headers.get("traceparent", ""))
            self.delivered.set()


@contextmanager
def listening(port: int = 0) -> Iterator[tuple[Listener, int]]:
    """Both, at a port."""
    listener = Listener()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            """Take it."""
            body = self.rfile.read(int(self.headers["Content-Length"]))
            listener.take(self.path, {name.lower(): value for name, value in self.headers.items()}, body)
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield listener, server.server_address[1]
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def parties(tmp_path: Path) -> tuple[Member, Member, Trader]:
    """Lithuania, Poland, which does not run, and who sends."""
    now = datetime.now(UTC)
    members = provision(tmp_path, {state: ZONES[state] for state in ("LT", "PL")}, now, KeyKind.P256)
    traders = register(members, [CONSIGNOR, CONSIGNEE], now, KeyKind.P256)
    return members["LT"], members["PL"], traders[CONSIGNOR.seed]


@contextmanager
def running(member: Member) -> Iterator[None]:
    """The gateway of a member state, until the end of the block, by which it has ended."""
    with subprocess.Popen(
        (sys.executable, "-m", "esad_gateway", *member.command), stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stderr is not None
        assert "gateway listens" in process.stderr.readline()
        yield
        process.terminate()
        process.communicate(timeout=PATIENCE)


def test_message_is_one_trace_from_the_caller_to_its_commit(parties: tuple[Member, Member, Trader]) -> None:
    """Each room is a span in the caller's trace; the delivery is one of its own, which goes on over there."""
    member, other, trader = parties
    document = signed(trader, draft_now(Parties(CONSIGNOR, CONSIGNEE), datetime.now(UTC)))
    with listening(other.port) as (peer, _), listening() as (collector, port):
        with (member.data.root / FILE).open("a", encoding="utf-8") as file:
            file.write(f'traces = "http://127.0.0.1:{port}"\n')
        with running(member):
            connection = HTTPConnection("127.0.0.1", member.port, timeout=PATIENCE)
            connection.request("POST", "/v1/messages", document, XML)
            assert connection.getresponse().status == 201
            connection.close()
            assert peer.delivered.wait(PATIENCE)
    ours = {span.name: span for span in collector.spans if span.trace_id.hex() == TRACE}
    tries = {f"00-{one.trace_id.hex()}-{one.span_id.hex()}" for one in collector.spans if one.name == "deliver"}
    told = b"".join(span.SerializeToString() for span in collector.spans)

    assert ours.keys() == {"POST", "message", *ROOMS, "commit"}
    assert ours["POST"].parent_span_id.hex() == "00f067aa0ba902b7"
    assert {ours[name].parent_span_id for name in (*ROOMS, "commit")} == {ours["message"].span_id}
    assert {one.rpartition("-")[0] for one in peer.traced} <= tries
    assert not [text for text in (CONSIGNOR.name, CONSIGNEE.name, trader.token) if text.encode() in told]


def test_traces_without_the_extra_say_how_to_get_it(parties: tuple[Member, Member, Trader]) -> None:
    """Nothing is started: whoever wants traces is not to miss them silently."""
    member, _, _ = parties
    with (member.data.root / FILE).open("a", encoding="utf-8") as file:
        file.write('traces = "http://127.0.0.1:9"\n')
    command = [sys.executable, "-c", WITHOUT, *member.command]
    ended = subprocess.run(command, capture_output=True, text=True, check=False, timeout=PATIENCE)

    assert ended.returncode == 2
    assert "pip install 'esad-gateway[traces]'" in ended.stderr
