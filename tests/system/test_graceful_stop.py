"""A gateway that is told to stop amid load: what was acknowledged is there, and the next one goes on."""

import json
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any

import pytest

from esad_gateway.audit.check import check
from esad_gateway.signing.pki import KeyKind
from esad_gateway.simulator.box import Member, Trader, provision, register
from esad_gateway.simulator.drafts import Parties
from esad_gateway.simulator.exchange import OPERATORS, ZONES, draft_now
from esad_gateway.simulator.stage import signed
from helpers.gateway import PATIENCE

CONSIGNOR, _, CONSIGNEE, _ = OPERATORS
DOCUMENTS, CLIENTS = 80, 4
HANDED = 'exec env LISTEN_PID=$$ LISTEN_FDS=1 "$@" 3<&"$LISTENING"'
"""How a service manager hands a socket over: as descriptor 3, to the very process."""

XML = {"Content-Type": "application/xml"}


@dataclass
class Load:
    """Clients that submit documents at a port, each again until it has a receipt."""

    port: int
    documents: list[bytes]
    receipts: list[dict[str, Any]] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    taken: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    lock: threading.Lock = field(default_factory=threading.Lock)

    def client(self) -> None:
        """Submit what is left, one after the other, as clients do: the same bytes until there is an answer."""
        while True:
            with self.lock:
                if not self.documents:
                    return
                document = self.documents.pop()
            while not self.submitted(document):
                pass

    def submitted(self, document: bytes) -> bool:
        """Whether there is a receipt now."""
        try:
            with closing(HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)) as connection:
                connection.request("POST", "/v1/messages", document, XML)
                answer = connection.getresponse()
                status, told = answer.status, json.load(answer)
        except ConnectionRefusedError as error:
            self.refused.append(str(error))
            return False
        except (OSError, HTTPException):
            return False
        if status == 503:
            assert answer.headers["Retry-After"]
            return False
        assert status in {200, 201}, told
        with self.lock:
            self.receipts.append(told)
        self.taken.release()
        return True


@pytest.fixture
def parties(tmp_path: Path) -> tuple[Member, Trader]:
    """Lithuania, which knows Poland, whose gateway does not run."""
    now = datetime.now(UTC)
    members = provision(tmp_path, {state: ZONES[state] for state in ("LT", "PL")}, now, KeyKind.P256)
    traders = register(members, [CONSIGNOR, CONSIGNEE], now, KeyKind.P256)
    return members["LT"], traders[CONSIGNOR.seed]


@contextmanager
def served(member: Member, door: socket.socket, manager: Path, *more: str) -> Iterator["subprocess.Popen[str]"]:
    """A gateway to which a socket is handed over, and which tells ``manager`` when it listens and stops."""
    command = (sys.executable, "-m", "esad_gateway", "serve", "--data", str(member.data.root), *more)
    with subprocess.Popen(
        ["bash", "-c", HANDED, "bash", *command],
        env={"PATH": "/usr/bin:/bin", "LISTENING": str(door.fileno()), "NOTIFY_SOCKET": str(manager)},
        pass_fds=(door.fileno(),),
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.terminate()


def ended(process: "subprocess.Popen[str]") -> list[str]:
    """Stop a gateway and wait for its end; what it has logged, but for what cannot be delivered."""
    process.terminate()
    logged = process.communicate(timeout=PATIENCE)[1]
    events = [json.loads(line)["event"] for line in logged.splitlines()]
    return [event for event in events if event != "peer cannot be delivered to"]


def test_stop_amid_load_loses_nothing_and_the_next_process_goes_on(
    parties: tuple[Member, Trader], tmp_path: Path
) -> None:
    """Each document has one effect, each receipt stands in the store, and no connection was refused meanwhile."""
    member, trader = parties
    pair = Parties(CONSIGNOR, CONSIGNEE)
    documents = [signed(trader, draft_now(pair, datetime.now(UTC))) for _ in range(DOCUMENTS)]
    manager = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    with socket.create_server(("127.0.0.1", 0), backlog=256) as door, manager:
        manager.settimeout(PATIENCE)
        manager.bind(str(tmp_path / "manager"))
        load = Load(door.getsockname()[1], documents)
        clients = [threading.Thread(target=load.client) for _ in range(CLIENTS)]
        with served(member, door, tmp_path / "manager") as first:
            assert manager.recv(64) == b"READY=1"
            for client in clients:
                client.start()
            for _ in range(DOCUMENTS // 8):
                assert load.taken.acquire(timeout=PATIENCE)
            with served(member, door, tmp_path / "manager", "--wait", "60") as second:
                told, before = [ended(first)], len(load.receipts)
                assert [manager.recv(64), manager.recv(64)] == [b"STOPPING=1", b"READY=1"]
                for client in clients:
                    client.join(PATIENCE)
                told.append(ended(second))
    outcome = check(member.data, deep=True)
    arcs = [receipt["arc"] for receipt in load.receipts]

    assert load.refused == []
    assert before < DOCUMENTS == len(arcs) == len(set(arcs)) == outcome.movements
    assert outcome.problems == ()
    assert told == [["gateway listens"]] * 2
