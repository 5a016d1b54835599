"""``?wait=``: an answer that comes with the message, whoever commits it, and ends with its client."""

import socket
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from esad_gateway.store.database import writing
from esad_gateway.store.opening import open_store
from helpers.gateway import CONSIGNOR, NOW, PATIENCE, SECOND_CONSIGNOR, copy_of_box, edited, new_draft
from helpers.served import Served, served

MESSAGES = f"/v1/traders/{CONSIGNOR}/messages"
ONE_MORE = """
INSERT INTO message (mailbox, seq, direction, type, identifier, outcome, document, recorded_at)
SELECT mailbox, seq + 1, direction, type, 'another', outcome, document, recorded_at
FROM message WHERE mailbox = :mailbox ORDER BY seq DESC LIMIT 1
"""
ONE_MORE_IS_THERE = "UPDATE mailbox SET last_seq = last_seq + 1 WHERE name = :mailbox"
MOST = 3
"""How many may wait at a time here."""


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A gateway at which few may wait."""
    box = copy_of_box(tmp_path_factory.mktemp("box"))
    box.set("LT", waits_at_once=MOST)
    with served(box) as running:
        yield running


@pytest.fixture(scope="module")
def pool() -> Iterator[ThreadPoolExecutor]:
    """Who asks beside the test."""
    with ThreadPoolExecutor(8) as running:
        yield running


def token(gateway: Served, seed: str = CONSIGNOR) -> str:
    """The token of a trader."""
    return gateway.box.traders[seed].token


def last(gateway: Served) -> int:
    """The number of the last message of the consignor's mailbox."""
    found: int = gateway.get(f"{MESSAGES}?after=1000000", token(gateway)).json["completeThrough"]
    return found


def waits(gateway: Served, seed: str = CONSIGNOR) -> int:
    """How many wait for news of a mailbox."""
    return gateway.station.runtime.following.waiting.number(seed)


def until(reached: Callable[[], bool], seconds: float = PATIENCE) -> None:
    """Return when something is so."""
    ended = threading.Event()
    for _ in range(int(seconds * 50)):
        if reached():
            return
        ended.wait(0.02)
    raise AssertionError("it is never so")


@contextmanager
def waiting(gateway: Served, pool: ThreadPoolExecutor, query: str = "") -> Iterator["Future[Any]"]:
    """Somebody who waits for what comes to the consignor's mailbox, and is waiting already."""
    before = waits(gateway)
    path = f"{MESSAGES}?after={last(gateway)}&wait=60{query}"
    answer = pool.submit(gateway.get, path, token(gateway))
    until(lambda: waits(gateway) > before or answer.done())
    yield answer


def submitted(gateway: Served, seed: str = CONSIGNOR) -> dict[str, Any]:
    """The receipt of a draft that was accepted."""
    answer = gateway.submit(gateway.box.signed(seed, new_draft(seed)))
    assert answer.status == 201
    found: dict[str, Any] = answer.json
    return found


def test_answer_comes_with_the_message(gateway: Served, pool: ThreadPoolExecutor) -> None:
    """Who waits is answered by the commit, with what it has brought."""
    with waiting(gateway, pool) as answer:
        receipt = submitted(gateway)

        page = answer.result(PATIENCE).json
    assert page["messages"][0]["seq"] == receipt["seq"]
    assert page["completeThrough"] >= receipt["seq"]
    until(lambda: waits(gateway) == 0)


def test_message_that_is_there_is_not_waited_for(gateway: Served) -> None:
    """The answer is the same as without waiting."""
    receipt = submitted(gateway)
    path = f"{MESSAGES}?after={receipt['seq'] - 1}"

    assert gateway.get(f"{path}&wait=60", token(gateway)).json == gateway.get(path, token(gateway)).json


def test_nothing_comes_and_time_is_over(gateway: Served) -> None:
    """An empty page, which says how far it has looked."""
    number = last(gateway)

    answer = gateway.get(f"{MESSAGES}?after={number}&wait=1", token(gateway))

    assert (answer.status, answer.json) == (200, {"messages": [], "completeThrough": number})


def test_message_that_is_not_asked_for_wakes_nobody_for_good(gateway: Served, pool: ThreadPoolExecutor) -> None:
    """A filter counts for what comes as well; so does the mailbox."""
    signer = gateway.box.traders[CONSIGNOR].signer
    broken = edited(gateway.box.signed(CONSIGNOR, new_draft()), signer, (b">D05<", b">soon<"))
    with waiting(gateway, pool, "&type=IE917") as refusal, waiting(gateway, pool, "&direction=out") as out:
        submitted(gateway, SECOND_CONSIGNOR)
        receipt = submitted(gateway)

        page = out.result(PATIENCE).json
        assert [(one["direction"], one["arc"]) for one in page["messages"]] == [("out", receipt["arc"])]
        assert not refusal.done()
        assert gateway.submit(broken).status == 422
        assert [one["message"] for one in refusal.result(PATIENCE).json["messages"]] == ["IE917"]


def test_commit_of_another_process_is_heard(gateway: Served, pool: ThreadPoolExecutor) -> None:
    """Nobody of this process tells of it: it is found in the store."""
    member = gateway.station.member
    with waiting(gateway, pool) as answer:
        other = open_store(member.data.database, "NDEA.LT")
        with closing(other), writing(other.writer) as connection:
            connection.execute(text(ONE_MORE), {"mailbox": CONSIGNOR})
            connection.execute(
                text("UPDATE mailbox SET last_seq = last_seq + 1 WHERE name = :name"), {"name": CONSIGNOR}
            )

        (message,) = answer.result(PATIENCE).json["messages"]
    assert message["messageIdentifier"] == "another"


def test_client_that_goes_waits_no_more(gateway: Served) -> None:
    """Its wait ends at once, long before its time."""
    head = f"GET {MESSAGES}?after={last(gateway)}&wait=60 HTTP/1.1\r\nHost: x\r\n"
    with closing(socket.create_connection(("127.0.0.1", gateway.port), PATIENCE)) as connection:
        connection.sendall(f"{head}Authorization: Bearer {token(gateway)}\r\n\r\n".encode())
        until(lambda: waits(gateway) == 1)

    until(lambda: waits(gateway) == 0, PATIENCE / 2)  # a wait that nobody ends has a minute


def test_half_closed_connection_waits_no_more(gateway: Served) -> None:
    """Its client has said that it sends no more: it may be gone, so nobody waits there, and the connection ends."""
    head = f"GET {MESSAGES}?after={last(gateway)}&wait=60 HTTP/1.1\r\nHost: x\r\n"
    with closing(socket.create_connection(("127.0.0.1", gateway.port), PATIENCE / 2)) as connection:
        connection.sendall(f"{head}Authorization: Bearer {token(gateway)}\r\n\r\n".encode())
        until(lambda: waits(gateway) == 1)

        connection.shutdown(socket.SHUT_WR)

        assert connection.recv(1000) == b""
    until(lambda: waits(gateway) == 0, PATIENCE / 2)  # a wait that nobody ends has a minute


def test_no_more_wait_than_may(gateway: Served, pool: ThreadPoolExecutor) -> None:
    """One more is told so, with the setting and when to try again; others are not counted among them."""
    with ExitStack() as all_of_them:
        answers = [all_of_them.enter_context(waiting(gateway, pool)) for _ in range(MOST)]
        refused = gateway.get(f"{MESSAGES}?after={last(gateway)}&wait=60", token(gateway))
        other = gateway.get(
            f"/v1/traders/{SECOND_CONSIGNOR}/messages?after=999&wait=1", token(gateway, SECOND_CONSIGNOR)
        )
        submitted(gateway)

        assert [answer.result(PATIENCE).status for answer in answers] == [200] * MOST
    assert (refused.status, refused.json["type"]) == (429, "/problems/too-many")
    assert (refused.json["setting"], refused.json["limit"]) == ("waits_at_once", MOST)
    assert int(refused.headers["retry-after"]) > 0
    assert other.status == 200


@pytest.mark.parametrize("wait", ["-1", "61", "soon"])
def test_wait_is_a_number_of_seconds(gateway: Served, wait: str) -> None:
    """Up to a minute."""
    answer = gateway.get(f"{MESSAGES}?wait={wait}", token(gateway))

    assert answer.status == 422
    assert [one["parameter"] for one in answer.json["parameters"]] == ["query.wait"]


def test_wait_is_nobody_elses(gateway: Served) -> None:
    """Another trader's mailbox, and one that is missing, are refused at once and alike."""
    for seed in (SECOND_CONSIGNOR, "LT00000000999"):
        answer = gateway.get(f"/v1/traders/{seed}/messages?wait=60", token(gateway))
        assert answer.status == 404
    assert gateway.get(f"{MESSAGES}?wait=60").status == 401


def test_revoked_token_reads_nothing_that_comes(gateway: Served, pool: ThreadPoolExecutor) -> None:
    """It was good when the wait began; it is asked again before the answer."""
    registry = gateway.station.runtime.registry
    path = f"/v1/traders/{SECOND_CONSIGNOR}/messages?after=1000&wait=60"
    answer = pool.submit(gateway.get, path, registry.issue_token(SECOND_CONSIGNOR, NOW))
    until(lambda: waits(gateway, SECOND_CONSIGNOR) == 1)

    registry.revoke_tokens(SECOND_CONSIGNOR, NOW)
    gateway.station.runtime.following.waiting.tell({SECOND_CONSIGNOR: 1001})

    assert answer.result(PATIENCE).status == 401


def test_wait_costs_no_thread(tmp_path: Path) -> None:
    """More wait than there are threads, and others are answered meanwhile."""
    box = copy_of_box(tmp_path)
    box.set("LT", waits_at_once=200, connections_per_address=300)
    with served(box) as gateway, ExitStack() as open_ones:
        before = threading.active_count()
        for _ in range(100):
            connection = open_ones.enter_context(closing(HTTPConnection("127.0.0.1", gateway.port, timeout=PATIENCE)))
            connection.request(
                "GET", f"{MESSAGES}?wait=60", headers={"Authorization": f"Bearer {box.traders[CONSIGNOR].token}"}
            )
        until(lambda: waits(gateway) == 100)

        assert gateway.get("/health").status == 200
        assert threading.active_count() < before + 50


def test_stop_ends_waits(tmp_path: Path) -> None:
    """A gateway that is told to stop answers whoever waits, with the page as it is, and is gone soon."""
    with ThreadPoolExecutor(1) as pool:
        with served(copy_of_box(tmp_path)) as gateway:
            answer = pool.submit(gateway.get, f"{MESSAGES}?wait=60", token(gateway))
            until(lambda: waits(gateway) == 1)

        assert answer.done()
        assert (answer.result().status, answer.result().json["messages"]) == (200, [])
