"""What is served of a world beside its gateways: its clock, its traders, and a gateway elsewhere that follows it."""

import asyncio
import json
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from esad_gateway.bootstrap import Parts, build
from esad_gateway.errors import UnreadableInput
from esad_gateway.server import application
from esad_gateway.simulator.served.introducing import introduced, make_known
from esad_gateway.simulator.served.neighbour import Neighbour
from esad_gateway.simulator.served.server import EmcsServer
from esad_gateway.simulator.timed.clock import TestClock
from esad_gateway.simulator.timed.gateway import timed_application
from esad_gateway.simulator.world.emcs import BEGINS, Emcs
from esad_gateway.simulator.world.foundry import foundry
from helpers.gateway import PATIENCE
from helpers.listening import listening


def ask(url: str, body: object = None) -> tuple[int, Any]:
    """Status and JSON of an answer; a body is posted."""
    where = urlsplit(url)
    with closing(HTTPConnection(where.netloc, timeout=PATIENCE)) as connection:
        connection.request("GET" if body is None else "POST", where.path, None if body is None else json.dumps(body))
        answer = connection.getresponse()
        return answer.status, json.load(answer)


@pytest.fixture
def server() -> Iterator[EmcsServer]:
    """Member states that are served, and have no traders yet."""
    with Emcs(seed=7) as emcs, EmcsServer(emcs) as found:
        yield found


def test_clock_of_a_world_is_moved_over_http(server: EmcsServer) -> None:
    """Whatever falls due on the way is done before the answer comes; every state shows the same time."""
    vilnius = server.emcs.consignor("LT")
    movement = vilnius.dispatch(server.emcs.consignee("PL", will="accept"))
    status, clock = ask(f"{server.base('sim')}/clock", {"advance": {"days": 3}})
    assert (status, clock["now"]) == (200, (BEGINS + timedelta(days=3)).isoformat())
    assert movement.delivered
    assert ask(f"{server.base('pl')}/health")[1]["now"] == clock["now"]
    assert ask(f"{server.base('pl')}/health")[1]["clock"] == "test"
    (shown,) = ask(f"{server.base('sim')}/movements")[1]["movements"]
    assert (shown["arc"], shown["states"]) == (movement.arc, {"dispatch": "delivered", "destination": "delivered"})
    status, refused = ask(f"{server.base('sim')}/clock", {"to": BEGINS.isoformat()})
    assert (status, "goes forward only" in refused["detail"]) == (400, True)


def test_clock_of_a_world_runs_by_itself(server: EmcsServer) -> None:
    """A million times as fast as the machine's, the consignee's day is over at once, and its report is sent."""
    movement = server.emcs.consignor("LT").dispatch(server.emcs.consignee("PL", will="accept"))
    assert ask(f"{server.base('sim')}/clock", {"rate": 1_000_000})[0] == 200

    async def ends() -> None:
        async with asyncio.timeout(PATIENCE):
            while not movement.delivered:  # noqa: ASYNC110  what is awaited happens in another thread
                await asyncio.sleep(0.01)

    asyncio.run(ends())
    assert ask(f"{server.base('sim')}/clock", {"freeze": True})[1]["rate"] == 0


def test_trader_is_asked_for_over_http(server: EmcsServer) -> None:
    """It comes with all that is needed to act as it; what cannot be is refused with what there is."""
    status, trader = ask(f"{server.base('sim')}/traders", {"role": "consignee", "state": "EL", "products": ["S200"]})
    assert (status, trader["type"], trader["url"]) == (201, "certified_consignee", server.base("el"))
    assert trader["key"].startswith("-----BEGIN PRIVATE KEY-----")
    assert trader["certificate"].startswith("-----BEGIN CERTIFICATE-----")
    assert ask(f"{server.base('sim')}")[1]["traders"] == [trader["seed"]]
    wishes: tuple[object, ...] = (
        {"role": "consignee"},
        {"role": "king", "state": "PL"},
        {"role": "consignor", "state": "GR"},
        [],
        "x",
    )
    for wish in wishes:
        status, refused = ask(f"{server.base('sim')}/traders", wish)
        assert (status, refused["type"]) == (400, "urn:esad-gateway:problem:trader-wish")
    assert ask(f"{server.base('sim')}/traders", {"role": "consignee", "state": "PL", "will": "dance"})[0] == 400


@contextmanager
def under_test(folder: Path, *, movable: bool = True) -> Iterator[tuple[Neighbour, Path]]:
    """A gateway of Lithuania that is none of a world, at a port of this machine, and its data directory."""
    data = foundry().copy("LT", folder / "LT")
    clock = TestClock(BEGINS)
    runtime = build(Parts(data.root, clock=clock) if movable else Parts(data.root))
    app = timed_application(runtime, clock) if movable else application(runtime)
    with listening(app) as port:
        yield asyncio.run(Neighbour.at(f"http://127.0.0.1:{port}/ndea")), data.root


def test_gateway_elsewhere_follows_the_clock(tmp_path: Path) -> None:
    """Goods leave Poland for it; the journey ends, both sides are asked in order, and both clocks show the same."""
    with under_test(tmp_path) as (neighbour, root), Emcs() as emcs:
        introduced(emcs, neighbour, root)
        with EmcsServer(emcs, 0, neighbour) as server:
            make_known(emcs, root, ["PL"], server.base)
            status, _ = ask(f"{server.base('sim')}/clock", {"advance": {"days": 2}})
            shown = asyncio.run(neighbour.due())[0]
            assert (status, shown, emcs.clock.now) == (200, BEGINS + timedelta(days=2), BEGINS + timedelta(days=2))
            assert ask(f"{server.base('lt')}/health")[0] == 404
            with pytest.raises(UnreadableInput, match="LT is not simulated"):
                emcs.consignor("LT")


def test_gateway_by_the_machines_clock_is_not_followed(tmp_path: Path) -> None:
    """Nothing is moved then, and the answer says how such a gateway would have to be started."""
    with under_test(tmp_path, movable=False) as (neighbour, root), Emcs(neighbour.now) as emcs:
        introduced(emcs, neighbour, root)
        with EmcsServer(emcs, 0, neighbour) as server:
            status, refused = ask(f"{server.base('sim')}/clock", {"advance": {"days": 2}})
            assert (status, "esad serve --test-clock" in refused["detail"]) == (409, True)
            assert emcs.clock.now == neighbour.now


def test_data_directory_of_another_administration_is_refused(tmp_path: Path) -> None:
    """The directory of Poland is not that of the gateway that answers: nothing is entered anywhere."""
    with under_test(tmp_path) as (neighbour, _), Emcs() as emcs:
        poland = foundry().copy("PL", tmp_path / "PL")
        with pytest.raises(UnreadableInput, match="belongs to PL"):
            introduced(emcs, neighbour, poland.root)
        assert emcs.world.outside == {}
