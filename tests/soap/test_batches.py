"""Files of rows over SOAP: handed in, followed, and the same batches that REST shows."""

import socket
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing
from typing import Any

import pytest
from lxml import etree

from esad_gateway.batch.arrivals import MOST_ARRIVING
from esad_gateway.soap.envelope import NS
from helpers.batch_door import TraderAtDoor, files_of, present, today
from helpers.batches import receipts, table
from helpers.gateway import CONSIGNEE, CONSIGNOR, copy_of_box
from helpers.served import Answer, Served, served
from helpers.soap import ByHand, texts
from helpers.workers import wait_until
from helpers.wsse import Signer


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The gateway of Lithuania at this moment, for all tests of this module."""
    with served(copy_of_box(tmp_path_factory.mktemp("box")), clock=present()) as running:
        yield running


@pytest.fixture
def trader(gateway: Served) -> TraderAtDoor:
    """A consignee with its token."""
    return TraderAtDoor(gateway, CONSIGNEE)


def named(element: etree._Element, name: str) -> Mapping[str, str]:
    """Values by name."""
    return {str(one.get("name")): one.text or "" for one in element.iterfind(f"{{{NS}}}{name}")}


def same_batch(element: etree._Element, in_rest: Mapping[str, Any]) -> None:
    """An answer is the batch that REST shows."""
    for member in ("id", "kind", "mode", "state", "name", "sha256", "size", "receivedAt", "endedAt", "documents"):
        assert texts(element, member) == [str(in_rest[member])]
    assert named(element, "count") == {name: str(count) for name, count in in_rest["counts"].items()}
    assert named(element, "taken") == in_rest["taken"]
    assert len(texts(element, "fault")) == len(in_rest["faults"])
    assert texts(element, "reason") == list((in_rest["reasons"] or {}).values())


def handed_in(client: ByHand, seed: str, **members: Any) -> Answer:
    """The answer to a file that a trader hands in, in a request that it has signed."""
    gateway = client.gateway
    signer = Signer(identity=gateway.box.traders[seed].identity, now=gateway.station.clock.now)
    return client.post(signer.signed(client.request("SubmitBatch", {"trader": CONSIGNEE, "kind": "saad", **members})))


def test_file_is_handed_in_once_and_followed(by_hand: ByHand, trader: TraderAtDoor) -> None:
    """The same key and file are the same batch at either door, and its end is told as in REST."""
    name = by_hand.version.content_type[:8]
    content = table("saad", today(), [*receipts(f"{name}-1"), *receipts(f"{name}-2", quantity="12x")])
    asked = {"file": content, "name": "goods.csv", "idempotencyKey": f"soap-{name}"}

    first, again = (by_hand.body_of(handed_in(by_hand, CONSIGNEE, **asked)) for _ in range(2))
    (batch,) = texts(first, "id")
    in_rest = trader.hand_in(content, "kind=saad&name=goods.csv", Idempotency_Key=f"soap-{name}")
    ended = trader.over(batch)

    assert [texts(one, "repeated") for one in (first, again)] == [["false"], ["true"]]
    assert texts(again, "id") == [batch]
    assert (in_rest.status, in_rest.json["id"]) == (200, batch)
    assert ended["counts"]["refused"] == 1
    same_batch(by_hand.call("GetBatch", trader.token, trader=CONSIGNEE, batch=batch), ended)


def test_unreadable_file_says_why(by_hand: ByHand, trader: TraderAtDoor) -> None:
    """Its faults, with their cells."""
    asked = {"file": b"a;b\n1;2\n", "format": "csv", "delimiter": ";"}
    (batch,) = texts(by_hand.body_of(handed_in(by_hand, CONSIGNEE, **asked)), "id")
    ended = trader.over(batch)

    shown = by_hand.call("GetBatch", trader.token, trader=CONSIGNEE, batch=batch)

    assert ended["state"] == "unreadable"
    assert ended["faults"]
    same_batch(shown, ended)


def test_another_traders_batch_is_as_if_not_there(by_hand: ByHand, trader: TraderAtDoor) -> None:
    """Nor is a file taken for it."""
    strange = by_hand.gateway.box.traders[CONSIGNOR].token
    content = table("saad", today(), receipts("OWN-1"))
    batch = trader.hand_in(content).json["id"]

    for name, members in (
        ("GetBatch", {"trader": CONSIGNEE, "batch": batch}),
        ("SubmitBatch", {"trader": CONSIGNEE, "kind": "saad", "file": content}),
    ):
        fault = by_hand.fault_of(by_hand.post(by_hand.request(name, members), strange))
        assert fault.said("status") == ["404"]
    assert by_hand.fault_of(handed_in(by_hand, CONSIGNOR, file=content)).said("status") == ["404"]


def test_token_alone_hands_in_nothing(by_hand: ByHand, trader: TraderAtDoor) -> None:
    """It reads: whoever hands in a file signs the request or the file, and is told so."""
    asked = {"trader": CONSIGNEE, "kind": "saad", "file": table("saad", today(), receipts("TOKEN-1"))}
    before = len(files_of(trader.gateway.box))

    fault = by_hand.fault_of(by_hand.post(by_hand.request("SubmitBatch", asked), trader.token))
    beside = by_hand.post(by_hand.request("SubmitBatch", {**asked, "signature": b"<a/>"}), trader.token)

    assert fault.said("type") == ["/problems/security-refused"]
    assert "a token alone reads" in fault.reason
    # What is beside the file has to be its signature.
    assert by_hand.fault_of(beside).said("type") == ["/problems/signature-refused"]
    assert len(files_of(trader.gateway.box)) == before


def test_key_of_another_file_is_refused(by_hand: ByHand) -> None:
    """And names the batch of that file."""
    key = f"other-{by_hand.version.content_type[:8]}"
    (batch,) = texts(by_hand.body_of(handed_in(by_hand, CONSIGNEE, idempotencyKey=key, file=b"a;b\n")), "id")

    answer = handed_in(by_hand, CONSIGNEE, idempotencyKey=key, file=b"c;d\n")

    assert by_hand.fault_of(answer).said("batch") == [batch]


def test_files_that_arrive_at_both_doors_are_counted_together(by_hand: ByHand, trader: TraderAtDoor) -> None:
    """As many as may arrive at a time do so over REST: the one over SOAP is asked to come again."""
    before = len(files_of(trader.gateway.box))
    head = (
        f"POST /v1/traders/{CONSIGNEE}/batches?kind=saad HTTP/1.1\r\nHost: x\r\nContent-Type: text/csv\r\n"
        f"Authorization: Bearer {trader.token}\r\nContent-Length: 1000\r\n\r\nbeginning"
    ).encode()
    with ExitStack() as end:
        for _ in range(MOST_ARRIVING):
            end.enter_context(closing(socket.create_connection(("127.0.0.1", trader.gateway.port)))).sendall(head)
        wait_until(lambda: len(files_of(trader.gateway.box)) == before + MOST_ARRIVING, "all of them arrive")

        answer = handed_in(by_hand, CONSIGNEE, file=b"a;b\n")

    fault = by_hand.fault_of(answer)
    assert fault.code == by_hand.version.codes["Server"]
    assert answer.headers["retry-after"]
    wait_until(lambda: len(files_of(trader.gateway.box)) == before, "those that were given up are gone")
