"""A gateway is killed while it calls a webhook: each message is told, in order, and what comes twice is the same."""

import asyncio
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from esad_gateway.client import AsyncGatewayClient, operations
from esad_gateway.simulator.box import Member, Trader, running
from helpers.forked import forked
from helpers.gateway import CONSIGNOR, Box, copy_of_box, new_draft
from helpers.pages import free_port
from helpers.receiver import Receiver, receiver
from helpers.webhooks import ALLOWED

KILLS = 3
BETWEEN = 12
"""Submissions between two kills, twice as many messages."""


@pytest.fixture
def box(tmp_path: Path) -> Box:
    """Member states of which Lithuania may call this machine, and gives up late."""
    found = copy_of_box(tmp_path)
    found.set("LT", **{**ALLOWED, "webhook_attempts": 300})
    return found


@pytest.fixture
def hook() -> Iterator[Receiver]:
    """A receiver."""
    with receiver() as one:
        yield one


async def submitted(box: Box, client: AsyncGatewayClient) -> int:
    """Submit some drafts; the number of the last message."""
    last = 0
    for _ in range(BETWEEN):
        status, receipt = await client.answer(operations.submit(box.signed(CONSIGNOR, new_draft(at=datetime.now(UTC)))))
        assert status == 201, receipt
        last = receipt["replies"][-1]["seq"]
    return last


async def played(box: Box, member: Member, trader: Trader, hook: Receiver) -> int:
    """Submit, kill and start again, some times; the number of the last message."""
    async with running([member], forked) as gateways, AsyncGatewayClient(member.url, token=trader.token) as client:
        await client.answer(operations.make_webhook(CONSIGNOR, {"url": hook.url}))
        for _ in range(KILLS):
            await submitted(box, client)
            await gateways.kill(member)
            await gateways.start(member)
        return await submitted(box, client)


def test_killed_gateway_tells_everything_in_order(box: Box, hook: Receiver) -> None:
    """At least once: behind the last number that was written down it goes on, under the same ids."""
    # Its own port is held, so that nobody listens there.
    member = replace(box.members["LT"], port=int(free_port()))
    last = asyncio.run(played(box, member, box.traders[CONSIGNOR], hook))

    told: dict[int, bytes] = {}
    while last not in told:
        call = hook.next()
        seq = json.loads(call.body)["seq"]
        assert told.setdefault(seq, call.body) == call.body
    assert list(told) == list(range(1, last + 1))
