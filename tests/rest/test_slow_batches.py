"""Uploads that hardly come: bounded in time and in number, and everybody else goes on beside them."""

import socket
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from select import select

import pytest

from esad_gateway.batch.arrivals import MOST_ARRIVING
from helpers.batch_door import TraderAtDoor, files_of, today
from helpers.batches import receipts, table
from helpers.gateway import CONSIGNEE, CONSIGNOR, PATIENCE, copy_of_box, new_draft
from helpers.served import Served, served
from helpers.workers import wait_until

HASTE = 3.0
"""Seconds that a megabyte of a body may take here."""

CONTENT = table("saad", today(), receipts("SLOW-1"))


@pytest.fixture
def gateway(tmp_path: Path) -> Iterator[Served]:
    """A gateway that does not wait long."""
    box = copy_of_box(tmp_path)
    box.set("LT", body_seconds=HASTE)
    with served(box) as running:
        yield running


def upload(trader: TraderAtDoor, length: int = 100_000) -> socket.socket:
    """A connection on which the file of a batch begins to arrive."""
    connection = socket.create_connection(("127.0.0.1", trader.gateway.port), timeout=PATIENCE)
    connection.sendall(
        f"POST /v1/traders/{trader.seed}/batches?kind=saad HTTP/1.1\r\nHost: x\r\nContent-Type: text/csv\r\n"
        f"Authorization: Bearer {trader.token}\r\nContent-Length: {length}\r\n\r\nx".encode()
    )
    return connection


def dripped(connections: list[socket.socket]) -> list[int]:
    """The statuses that come while each connection sends one byte after the other."""
    answers = dict.fromkeys(connections, b"")
    while waiting := [one for one in connections if not answers[one]]:
        told, _, _ = select(waiting, [], [], 0.2)
        for one in waiting:
            if one in told:
                answers[one] = one.recv(1000)
                assert answers[one], "closed without an answer"
            else:
                one.sendall(b"x")
    return [int(answers[one].split(b" ", 2)[1]) for one in connections]


def test_file_of_single_bytes_is_awaited_for_a_bounded_time(gateway: Served) -> None:
    """408 as for any body that is too slow, nothing of it is kept, and the same file is taken when it comes at once."""
    trader = TraderAtDoor(gateway, CONSIGNEE)
    with closing(upload(trader)) as slow:
        statuses = dripped([slow])
    wait_until(lambda: files_of(gateway.box) == [], "what has arrived is removed")

    assert statuses == [408]
    assert trader.hand_in(CONTENT).status == 202


def test_many_slow_files_keep_nobody_out(gateway: Served) -> None:
    """Messages, other files and questions are answered beside them; one trader has so many of them and no more."""
    slow, other = TraderAtDoor(gateway, CONSIGNOR), TraderAtDoor(gateway, CONSIGNEE)
    with ExitStack() as end:
        arriving = [end.enter_context(closing(upload(slow))) for _ in range(MOST_ARRIVING)]
        wait_until(lambda: len(files_of(gateway.box)) == MOST_ARRIVING, "all of them arrive")
        one_more = slow.hand_in(CONTENT)
        taken = other.hand_in(CONTENT)
        receipt = gateway.submit(gateway.box.signed(CONSIGNOR, new_draft()))
        asked = other.get(f"/batches/{taken.json['id']}")
        statuses = dripped(arriving)
    again = slow.hand_in(CONTENT)

    assert (one_more.status, one_more.headers["retry-after"]) == (503, "5")
    assert (taken.status, receipt.status, asked.status) == (202, 201, 200)
    assert statuses == [408] * MOST_ARRIVING
    assert again.status == 202
    wait_until(lambda: len(files_of(gateway.box)) == 2, "only what was taken is there")
