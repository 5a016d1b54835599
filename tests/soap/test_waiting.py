"""``wait`` over SOAP: an answer that comes with the message, and ends with its client; the same rooms as in REST."""

import socket
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, closing
from typing import Any

import pytest

from esad_gateway.soap.envelope import SOAP_1_1, SOAP_1_2
from helpers.gateway import CONSIGNOR, PATIENCE, SECOND_CONSIGNOR, copy_of_box, new_draft
from helpers.served import Answer, Served, served
from helpers.soap import PATH, ByHand, texts

MOST = 2
"""How many may wait at a time here."""


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A gateway at which few may wait."""
    box = copy_of_box(tmp_path_factory.mktemp("box"))
    box.set("LT", waits_at_once=MOST)
    with served(box) as running:
        assert running.get("/v1/nothing").status == 404
        yield running


@pytest.fixture(scope="module")
def pool() -> Iterator[ThreadPoolExecutor]:
    """Who asks beside the test."""
    with ThreadPoolExecutor(8) as running:
        yield running


def token(gateway: Served) -> str:
    """The consignor's token."""
    return gateway.box.traders[CONSIGNOR].token


def waits(gateway: Served) -> int:
    """How many wait for news of the consignor's mailbox."""
    return gateway.station.runtime.following.waiting.number(CONSIGNOR)


def until(reached: Callable[[], bool]) -> None:
    """Return when something is so."""
    ended = threading.Event()
    for _ in range(int(PATIENCE * 50)):
        if reached():
            return
        ended.wait(0.02)
    raise AssertionError("it is never so")


def waiting(client: ByHand, pool: ThreadPoolExecutor) -> "Future[Answer]":
    """Somebody who waits for what comes to the consignor's mailbox, and is waiting already."""
    before = waits(client.gateway)
    answer = pool.submit(client.post, asked(client), token(client.gateway))
    until(lambda: waits(client.gateway) > before or answer.done())
    return answer


def asked(client: ByHand, wait: int = 60) -> bytes:
    """A request that waits for what comes next."""
    page = client.gateway.get(f"/v1/traders/{CONSIGNOR}/messages?after=100000", token(client.gateway)).json
    return client.request("ListMessages", {"trader": CONSIGNOR, "after": page["completeThrough"], "wait": wait})


def submitted(gateway: Served) -> dict[str, Any]:
    """The receipt of a draft that was accepted."""
    found: dict[str, Any] = gateway.submit(gateway.box.signed(CONSIGNOR, new_draft())).json
    return found


def test_answer_comes_with_the_message(by_hand: ByHand, pool: ThreadPoolExecutor) -> None:
    """Who waits is answered by the commit, with what it has brought; one more than may is told so, at both doors."""
    gateway = by_hand.gateway
    answers = [waiting(by_hand, pool) for _ in range(MOST)]
    refused = by_hand.fault_of(by_hand.post(asked(by_hand), token(gateway)))
    in_rest = gateway.get(f"/v1/traders/{CONSIGNOR}/messages?after=100000&wait=60", token(gateway))
    receipt = submitted(gateway)

    for one in answers:
        page = by_hand.body_of(one.result(PATIENCE))
        assert texts(page, "completeThrough")[0] >= str(receipt["seq"])
        assert page.findtext("{*}message/{*}seq") == str(receipt["seq"])
    assert refused.said("type") == [in_rest.json["type"]] == ["/problems/too-many"]
    assert refused.said("setting") == ["waits_at_once"]
    until(lambda: waits(gateway) == 0)


def test_time_is_over(by_hand: ByHand) -> None:
    """An empty page; and how long that took is counted apart from what the door takes else."""
    page = by_hand.body_of(by_hand.post(asked(by_hand, wait=1), token(by_hand.gateway)))

    assert texts(page, "completeThrough")
    assert not texts(page, "message")
    assert 'route="/soap/gateway?wait"' in by_hand.gateway.get("/metrics").body.decode()


@pytest.mark.parametrize("wait", ["-1", "61", "soon"])
def test_wait_is_a_number_of_seconds(by_hand: ByHand, wait: str) -> None:
    """Up to a minute, as in REST."""
    request = by_hand.request("ListMessages", {"trader": CONSIGNOR, "wait": wait})
    fault = by_hand.fault_of(by_hand.post(request, token(by_hand.gateway)))

    assert fault.said("type") == ["/problems/invalid-parameter"]


def test_another_mailbox_is_not_waited_for(by_hand: ByHand) -> None:
    """It is as one that is missing, at once."""
    for seed in (SECOND_CONSIGNOR, "LT00000000999"):
        request = by_hand.request("ListMessages", {"trader": seed, "wait": 60})
        assert by_hand.fault_of(by_hand.post(request, token(by_hand.gateway))).said("status") == ["404"]


def test_client_that_goes_waits_no_more(gateway: Served) -> None:
    """Its wait ends at once, long before its time."""
    body = asked(ByHand(gateway, SOAP_1_1))
    head = f"POST {PATH} HTTP/1.1\r\nHost: x\r\nContent-Type: text/xml\r\nContent-Length: {len(body)}\r\n"
    with closing(socket.create_connection(("127.0.0.1", gateway.port), PATIENCE)) as connection:
        connection.sendall(f"{head}Authorization: Bearer {token(gateway)}\r\n\r\n".encode() + body)
        until(lambda: waits(gateway) == 1)

    until(lambda: waits(gateway) == 0)


def test_stop_ends_waits(tmp_path_factory: pytest.TempPathFactory) -> None:
    """A gateway that is told to stop answers whoever waits, with the page as it is."""
    with ExitStack() as after:
        pool = after.enter_context(ThreadPoolExecutor(1))
        with served(copy_of_box(tmp_path_factory.mktemp("stopping"))) as gateway:
            answer = waiting(ByHand(gateway, SOAP_1_2), pool)

        assert answer.result(PATIENCE).status == 200
