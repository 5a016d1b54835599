"""Poland changes its operators while both gateways run: an IE713 through /ndea, and what follows from it."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from esad_gateway.emcs.messages import IE713, IE801
from esad_gateway.identities import header
from esad_gateway.ports.outbox import DeliveryOutcome
from esad_gateway.signing.pki import KeyKind
from esad_gateway.signing.signer import load_signer
from esad_gateway.simulator.box import Trader, register
from esad_gateway.simulator.drafts import Parties
from esad_gateway.simulator.exchange import draft_now
from esad_gateway.simulator.stage import signed, until
from esad_gateway.xml.binding import Binder
from helpers.crash import read_books
from helpers.seed import update
from helpers.two_states import CONSIGNEE, CONSIGNOR, World, deliver, running_world

NEW = replace(CONSIGNEE, seed="PL00000000299", name="Nowy Sp. z o.o.")


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Lithuania and Poland."""
    with running_world(tmp_path_factory.mktemp("box")) as world:
        yield world


def creation(world: World) -> tuple[str, bytes]:
    """Poland's IE713 with the new operator: its identifier and document."""
    poland, now = world.stage.members["PL"], datetime.now(UTC)
    heading = replace(header("PL", now), message_recipient="NDEA.LT")
    message: IE713 = replace(update([NEW], activation=now.date()), header=heading)
    signer = load_signer(poland.data.key, poland.data.certificate)
    return heading.message_identifier, signer.sign(Binder("V3.23").write(message))


async def submit_draft(world: World) -> tuple[int, dict[str, Any]]:
    """The consignor submits a draft for the new operator."""
    message = draft_now(Parties(CONSIGNOR, NEW), datetime.now(UTC))
    return await world.stage.submit(world.consignor, signed(world.consignor, message))


def new_trader(world: World) -> Trader:
    """The new operator, whom only Poland knows so far."""
    poland = {"PL": world.stage.members["PL"]}
    return register(poland, [NEW], datetime.now(UTC), KeyKind.P256)[NEW.seed]


def test_operator_that_another_state_adds_can_be_sent_to(world: World) -> None:
    """Unknown, then added by its own state, then sent to; its e-SAD reaches it. The same IE713 again is a duplicate."""

    async def scenario() -> None:
        lithuania, trader = world.stage.members["LT"], new_trader(world)
        status, answer = await submit_draft(world)
        assert (status, [fault["rule"] for fault in answer["faults"]]) == (422, ["R045"])
        _, document = creation(world)
        assert (await deliver(lithuania, document)).outcome is DeliveryOutcome.ACCEPTED
        assert (await deliver(lithuania, document)).outcome is DeliveryOutcome.DUPLICATE
        status, answer = await submit_draft(world)
        assert status == 201, answer
        await world.stage.arrived(trader, IE801, answer["arc"], lithuania)

    world.play(scenario())


def test_change_that_cannot_be_made_is_answered_with_an_ie714(world: World) -> None:
    """Poland creates the operator twice: the refusal comes back over HTTP, correlated, and is not answered in turn."""

    async def scenario() -> None:
        lithuania, poland = (world.stage.members[state] for state in ("LT", "PL"))
        _, first = creation(world)
        identifier, second = creation(world)
        for document in (first, second):
            assert (await deliver(lithuania, document)).outcome is DeliveryOutcome.ACCEPTED

        async def look() -> str | None:
            books = await asyncio.to_thread(read_books, poland)
            answers = (row["type"] for row in books.messages if row["correlation"] == identifier)
            return next(answers, None)

        assert await until(look, "the refusal reaches Poland") == "IE714"
        assert [row["destination"] for row in read_books(poland).outbox] == []

    world.play(scenario())
