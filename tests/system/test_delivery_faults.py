"""A gateway as a process of its own delivers to an administration that misbehaves, over real connections."""

import asyncio
import json
import resource
import subprocess
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from aiohttp import web

from esad_gateway.client import AsyncGatewayClient, operations
from esad_gateway.emcs.messages import IE815
from esad_gateway.settings import FILE
from esad_gateway.signing.pem import load_certificates
from esad_gateway.signing.pki import KeyKind
from esad_gateway.simulator.box import Gateways, Member, Trader, provision, register, running
from esad_gateway.simulator.drafts import Parties
from esad_gateway.simulator.exchange import OPERATORS, ZONES, draft_now
from esad_gateway.simulator.stage import signed
from esad_gateway.store.opening import open_store
from esad_gateway.store.registry import Registry
from esad_gateway.transport.envelope import fault
from helpers.foreign_peer import ForeignPeer, acknowledges, answer, listening, takes
from helpers.forked import forked
from helpers.gateway import PATIENCE
from helpers.ready import ready

CONSIGNOR, _, CONSIGNEE, _ = OPERATORS
QUICK = "retry_first = 0.05\nretry_longest = 0.2\noutbox_pause = 0.1\n"


@dataclass(frozen=True)
class Scene:
    """Lithuania's gateway runs; Poland is somebody else's."""

    gateways: Gateways
    lithuania: Member
    consignor: Trader
    peer: ForeignPeer

    async def submit(self, count: int = 1, lines: int = 1) -> None:
        """So many drafts with so many lines are accepted, one after the other."""
        async with self.consignor.client() as client:
            for _ in range(count):
                message = with_lines(draft_now(Parties(CONSIGNOR, CONSIGNEE), datetime.now(UTC)), lines)
                status, receipt = await client.answer(operations.submit(signed(self.consignor, message)))
                assert status == 201, receipt

    async def status(self) -> int:
        """What a draft is answered."""
        async with self.consignor.client() as client:
            draft = draft_now(Parties(CONSIGNOR, CONSIGNEE), datetime.now(UTC))
            return (await client.answer(operations.submit(signed(self.consignor, draft))))[0]

    def log(self) -> list[dict[str, Any]]:
        """What the gateway has logged."""
        text = (self.lithuania.data.root / "serve.log").read_text(encoding="utf-8")
        return [json.loads(line) for line in text.splitlines()]

    async def outbox(self, *arguments: str) -> dict[str, Any]:
        """What ``esad outbox`` answers; the peer goes on answering meanwhile."""
        command = [str(ready()), "outbox", *arguments, "--json", "--data", str(self.lithuania.data.root)]
        shown = await asyncio.to_thread(subprocess.run, command, capture_output=True, check=False)
        found: dict[str, Any] = json.loads(shown.stdout)
        return found

    async def health(self) -> dict[str, int]:
        """What the gateway says of its outbox."""
        async with AsyncGatewayClient(self.lithuania.url) as client:
            counts: dict[str, int] = (await client.answer(operations.health()))[1]["outbox"]
        return counts

    async def counts(self, **expected: int) -> None:
        """Wait until the outbox has so many documents in each standing."""
        wanted = {"waiting": 0, "refused": 0, "dead": 0, **expected}
        async with asyncio.timeout(PATIENCE):
            while await self.health() != wanted:  # noqa: ASYNC110  what is awaited happens in another process
                await asyncio.sleep(0.05)


def with_lines(message: IE815, count: int) -> IE815:
    """The draft with its first line so many times."""
    line = message.body_ead_esad[0]
    lines = tuple(replace(line, body_record_unique_reference=number) for number in range(1, count + 1))
    return replace(message, body_ead_esad=lines)


@asynccontextmanager
async def scene(folder: Path, settings: str = QUICK) -> AsyncIterator[Scene]:
    """Both administrations, until the end of the block."""
    now = datetime.now(UTC)
    members = provision(folder, {state: ZONES[state] for state in ("LT", "PL")}, now, KeyKind.P256)
    lithuania = members["LT"]
    with (lithuania.data.root / FILE).open("a", encoding="utf-8") as file:
        file.write(settings)
    consignor = register(members, [CONSIGNOR, CONSIGNEE], now, KeyKind.P256)[CONSIGNOR.seed]
    async with listening() as peer:
        store = open_store(lithuania.data.database, lithuania.address)
        Registry(store).add_peer("NDEA.PL", peer.url, load_certificates(members["PL"].data.certificate))
        store.close()
        async with running([lithuania], forked) as gateways:
            yield Scene(gateways, lithuania, consignor, peer)


def play(folder: Path, plot: Callable[[Scene], Awaitable[None]], settings: str = QUICK) -> None:
    """Play one test's plot."""

    async def playing() -> None:
        async with scene(folder, settings) as begun:
            await plot(begun)

    asyncio.run(playing())


def test_document_that_is_too_large_for_a_peer_waits_alone(tmp_path: Path) -> None:
    """A front takes what is small only: three small ones go at once, the large one is shown with the reason."""

    async def plot(on: Scene) -> None:
        async def front(document: bytes) -> web.Response:
            return answer(413, b"<html></html>") if len(document) > 50_000 else acknowledges(document)

        on.peer.behave = front
        await on.submit(lines=200)
        await on.submit(count=3)
        await on.peer.until(lambda: len(on.peer.taken) == 3)
        await on.counts(refused=1)
        listed = await on.outbox("list")
        (large,) = listed["documents"]
        assert large["standing"] == "refused"
        assert large["reason"] == "HTTP 413: this document is too large for it"
        assert {len(document) > 50_000 for document in on.peer.taken} == {False}
        on.peer.behave = takes
        await on.peer.until(lambda: len(on.peer.taken) == 4)
        await on.counts()

    play(tmp_path, plot)


def test_acknowledgement_of_another_message_is_no_acknowledgement(tmp_path: Path) -> None:
    """The attempt failed, both identifiers stand in the reason, and the same bytes are delivered again."""

    async def plot(on: Scene) -> None:
        async def mixed_up(document: bytes) -> web.Response:
            return acknowledges(document, "LT-another")

        on.peer.behave = mixed_up
        await on.submit()
        await on.peer.until(lambda: len(on.peer.posted) >= 3)
        (line,) = (await on.outbox("list"))["administrations"]
        assert "acknowledges message 'LT-another'; expected '" in line["reason"]
        on.peer.behave = takes
        await on.counts()
        assert len(set(on.peer.posted)) == 1

    play(tmp_path, plot)


def test_document_that_a_peer_fails_on_steps_aside(tmp_path: Path) -> None:
    """A Server fault for one document, again and again, does not stop the state."""

    async def plot(on: Scene) -> None:
        async def poisoned(document: bytes) -> web.Response:
            if document == on.peer.posted[0]:
                return answer(500, fault("Server", "out of order"))
            return acknowledges(document)

        on.peer.behave = poisoned
        await on.submit(count=4)
        await on.peer.until(lambda: len(on.peer.taken) == 3)
        await on.counts(refused=1)
        (aside,) = (await on.outbox("list"))["documents"]
        assert aside["reason"].endswith("cannot take it now: out of order")
        (why, *_) = [line["reason"] for line in on.log() if line["event"] == "a document is refused and waits alone"]
        assert why == "while others are taken: cannot take it now: out of order"

    play(tmp_path, plot)


def test_dead_letter_is_an_error_and_can_be_revived(tmp_path: Path) -> None:
    """It is counted, logged as an error and listed with exit code 1; retry delivers it, and what waited behind it."""

    async def plot(on: Scene) -> None:
        async def refuses(_: bytes) -> web.Response:
            return answer(500, fault("Client", "unknown certificate"))

        on.peer.behave = refuses
        await on.submit()
        await on.counts(dead=1)
        (line,) = [entry for entry in on.log() if entry["level"] == "error"]
        assert line["event"].startswith("dead letter")
        assert line["reason"] == "refused: unknown certificate"
        on.peer.behave = takes
        assert (await on.outbox("retry", "--all"))["retried"] == [1]
        await on.counts()
        assert len(set(on.peer.posted)) == 1

    play(tmp_path, plot, QUICK + "retry_attempts = 3\n")


def test_peer_that_is_back_is_noticed_soon(tmp_path: Path) -> None:
    """With the longest pause that a gateway has by itself: never more than a few seconds, however long it was away."""

    async def plot(on: Scene) -> None:
        async def down(_: bytes) -> web.Response:
            return answer(503)

        on.peer.behave = down
        await on.submit()
        await on.peer.until(lambda: len(on.peer.posted) >= 3)
        on.peer.behave = takes
        back = time.monotonic()
        await on.peer.until(lambda: on.peer.taken)
        # It is four seconds. A pause that had gone on doubling would be one of sixteen.
        assert time.monotonic() - back < 15

    play(tmp_path, plot, "retry_first = 4\n")


def test_kill_in_the_middle_of_deliveries_sends_again_what_was_on_its_way(tmp_path: Path) -> None:
    """Each delivery is recorded before another takes its place: only those three on their way come twice."""
    at_once = 3

    async def plot(on: Scene) -> None:
        async def closed(_: bytes) -> web.Response:
            return answer(503)

        on.peer.behave = closed
        await on.submit(count=12)
        before = len(on.peer.posted)
        await on.peer.until(lambda: len(on.peer.posted) > before)
        killed = asyncio.Event()

        async def slow(document: bytes) -> web.Response:
            if len(on.peer.taken) >= 6:
                await killed.wait()
            return acknowledges(document)

        on.peer.posted.clear()
        on.peer.behave = slow
        await on.peer.until(lambda: len(on.peer.taken) >= 6 and on_their_way(on.peer) == at_once)
        await on.gateways.kill(on.lithuania)
        on.peer.posted[:] = set(on.peer.posted)
        on.peer.behave = takes
        killed.set()
        await on.gateways.start(on.lithuania)
        await on.peer.until(lambda: len(set(on.peer.posted)) == 12)
        await on.counts()
        assert sorted(Counter(on.peer.posted).values()) == [1] * (12 - at_once) + [2] * at_once

    play(tmp_path, plot, f"{QUICK}deliveries_in_flight = {at_once}\n")


def on_their_way(peer: ForeignPeer) -> int:
    """How many documents came to a peer that it has not acknowledged."""
    return len(set(peer.posted) - set(peer.taken))


def test_full_disk_posts_nothing_twice(tmp_path: Path) -> None:
    """What was acknowledged and could not be noted is kept until there is room; nothing else is sent before."""

    async def plot(on: Scene) -> None:
        async def closed(_: bytes) -> web.Response:
            return answer(503)

        async def fills_the_disk(document: bytes) -> web.Response:
            resource.prlimit(pid, resource.RLIMIT_FSIZE, full)
            return acknowledges(document)

        on.peer.behave = closed
        await on.submit(count=5)
        pid = on.gateways.pid(on.lithuania)
        limits = resource.prlimit(pid, resource.RLIMIT_FSIZE)
        full = (0, limits[1])
        # The disk is full from the moment at which a document is on its way: what came before has been noted.
        on.peer.behave = fills_the_disk
        await on.peer.until(lambda: on.peer.taken)
        on.peer.behave = takes
        # Each commit that fails is followed by a look at the outbox.
        assert [await on.status() for _ in range(5)] == [503] * 5
        assert len(on.peer.taken) == 1
        resource.prlimit(pid, resource.RLIMIT_FSIZE, limits)
        await on.counts()
        assert Counter(on.peer.taken).most_common(1)[0][1] == 1
        assert len(on.peer.taken) == 5

    play(tmp_path, plot)
