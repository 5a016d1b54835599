"""What is served of a world beside its gateways: its clock, its traders, and a gateway elsewhere that follows it."""

import asyncio
import json
import socket
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import replace
from datetime import date, timedelta
from http.client import HTTPConnection
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from starlette.types import Receive, Scope, Send

from esad_gateway.bootstrap import Parts, build
from esad_gateway.data_directory import DataDirectory
from esad_gateway.emcs.registry import Operator, OperatorType
from esad_gateway.errors import PeerError, UnreadableInput
from esad_gateway.ports.reading import MailboxQuery
from esad_gateway.server import application
from esad_gateway.simulator.scripts.model import Script, Traffic
from esad_gateway.simulator.served.introducing import introduced, make_known
from esad_gateway.simulator.served.neighbour import Neighbour
from esad_gateway.simulator.served.server import EmcsServer
from esad_gateway.simulator.timed.clock import TestClock
from esad_gateway.simulator.timed.gateway import timed_application
from esad_gateway.simulator.world.emcs import BEGINS, Emcs
from esad_gateway.simulator.world.foundry import foundry
from esad_gateway.store.mailboxes import Mailboxes
from esad_gateway.store.opening import open_store
from esad_gateway.store.registry import Registry
from esad_gateway.web.answer import JsonAnswer
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
    until(lambda: movement.delivered)
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
        assert (status, refused["type"]) == (400, "/problems/trader-wish")


def test_wishes_that_there_are_not_are_told_all_at_once(server: EmcsServer) -> None:
    """Each has its own sentence, with the word that was meant; an answer is short whatever is asked for."""
    status, refused = ask(f"{server.base('sim')}/traders", {"state": "PL", "wil": "accept", "nmae": "x"})
    assert status == 400
    assert [one["en"] for one in refused["reasons"]] == [
        'role has to be there, as in {"role": "consignee", "state": "PL"}',
        "wil: did you mean will?",
        "nmae: did you mean name?",
    ]
    many = {"role": "consignee", "state": "PL", **{f"{number}{'x' * 1000}": 1 for number in range(50)}}
    assert len(json.dumps(ask(f"{server.base('sim')}/traders", many)[1])) < 50_000
    assert ask(server.base("sim"))[1]["traders"] == []


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
    with under_test(tmp_path) as (neighbour, root), Emcs() as emcs, EmcsServer(emcs) as server:
        server.introduce(neighbour.introduced.url, root)
        status, _ = ask(f"{server.base('sim')}/clock", {"advance": {"days": 2}})
        shown = asyncio.run(neighbour.due())[0]
        assert (status, shown, emcs.clock.now) == (200, BEGINS + timedelta(days=2), BEGINS + timedelta(days=2))
        assert ask(f"{server.base('lt')}/health")[0] == 404
        with pytest.raises(UnreadableInput, match="LT is not simulated"):
            emcs.consignor("LT")


def test_state_is_simulated_by_one_simulator_for_one_gateway(tmp_path: Path) -> None:
    """A second one would have all that the first one waits for: it is told; where nobody answers it takes over."""
    with under_test(tmp_path) as (_, root), Emcs() as emcs, EmcsServer(emcs) as second:
        with Emcs() as before, EmcsServer(before) as first:
            make_known(before, root, ["PL"], first.base)
            with pytest.raises(UnreadableInput, match=f"NDEA.PL is at {first.base('pl')}.*: end that one"):
                make_known(emcs, root, ["DE", "PL"], second.base)
        make_known(emcs, root, ["DE", "PL"], second.base)
        make_known(emcs, root, ["DE", "PL"], second.base)


def test_gateway_by_the_machines_clock_is_not_followed(tmp_path: Path) -> None:
    """Nothing is moved then, and the answer says how such a gateway would have to be started."""
    with under_test(tmp_path, movable=False) as (neighbour, root), Emcs() as emcs, EmcsServer(emcs) as server:
        server.introduce(neighbour.introduced.url, root)
        before = emcs.clock.now
        status, refused = ask(f"{server.base('sim')}/clock", {"advance": {"days": 2}})
        assert (status, "esad serve --test-clock" in refused["detail"]) == (409, True)
        for move in (lambda: emcs.clock.advance(days=2), emcs.clock.freeze, lambda: emcs.clock.run(60)):
            with pytest.raises(UnreadableInput, match="esad serve --test-clock"):
                move()
        assert (emcs.clock.rate, neighbour.now <= before) == (1, True)
        assert emcs.clock.now - before < timedelta(days=1)


def test_gateway_of_a_state_that_has_begun_is_not_introduced(tmp_path: Path) -> None:
    """There would be two of that state; nothing is moved."""
    with under_test(tmp_path) as (neighbour, _), Emcs() as emcs, EmcsServer(emcs) as server:
        emcs.consignor("LT")
        with pytest.raises(UnreadableInput, match="stands for LT, which is simulated here already"):
            server.introduce(neighbour.introduced.url)
        assert emcs.mover is emcs.alone


def test_clock_of_a_test_runs_and_stands_still_again() -> None:
    """As over HTTP: so many times as fast as the machine's, and what falls due happens as it comes."""
    with Emcs() as emcs:
        movement = emcs.consignor("LT").dispatch(emcs.consignee("PL", will="accept"))
        emcs.clock.run(1_000_000)
        assert emcs.clock.rate == 1_000_000
        until(lambda: movement.delivered)
        emcs.clock.freeze()
        now = emcs.clock.now
        assert (emcs.clock.rate, now > BEGINS + timedelta(days=1), emcs.clock.now) == (0, True, now)
        emcs.clock.advance(days=1)
        assert emcs.clock.now == now + timedelta(days=1)
        for rate in (-1, 10**7, float("nan"), "fast"):
            with pytest.raises(UnreadableInput, match="rate takes a number"):
                emcs.clock.run(rate)  # type: ignore[arg-type]


def until(happened: Callable[[], bool]) -> None:
    """Wait for what happens in another thread."""

    async def ends() -> None:
        async with asyncio.timeout(PATIENCE):
            while not happened():  # noqa: ASYNC110  what is awaited happens in another thread
                await asyncio.sleep(0.01)

    asyncio.run(ends())


def test_data_directory_of_another_administration_is_refused(tmp_path: Path) -> None:
    """The directory of Poland is not that of the gateway that answers: nothing is entered anywhere."""
    with under_test(tmp_path) as (neighbour, _), Emcs() as emcs:
        poland = foundry().copy("PL", tmp_path / "PL")
        with pytest.raises(UnreadableInput, match="belongs to PL"):
            introduced(emcs, neighbour, poland.root)
        assert emcs.world.outside == {}


def test_operators_of_a_gateway_elsewhere_are_told_in_a_file(tmp_path: Path) -> None:
    """Without its data directory: whom simulated states have to know stands in a file, as registers read it."""
    record = {"name": "Vynai", "office": "LT001000", "valid_from": "2023-02-13", "categories": ["W"]}
    told = {"operators": [{**record, "seed": "LT00000000101", "type": "certified_consignee"}]}
    file = tmp_path / "operators.json"
    file.write_text(json.dumps(told), encoding="utf-8")
    with under_test(tmp_path) as (neighbour, _), Emcs() as emcs:
        introduced(emcs, neighbour, None, file)
        assert emcs.state("PL").runtime.registry.operator("LT00000000101") is not None
        stranger = {**record, "seed": "PL00000000201", "office": "PL001000", "type": "certified_consignee"}
        told["operators"].append(stranger)
        file.write_text(json.dumps(told), encoding="utf-8")
        with pytest.raises(UnreadableInput, match=r"traders of other states than LT, .*: PL00000000201"):
            introduced(emcs, neighbour, None, file)


def test_each_state_listens_at_a_port_of_its_own() -> None:
    """Its doors have no code before them then; the simulator has the first port, and tells all of them."""
    with Emcs() as emcs, EmcsServer(emcs, each=["LT", "PL"]) as server:
        assert len({server.port, *server.simulation.ports.values()}) == 3
        assert [ask(f"{server.base(code)}/health")[1]["state"] for code in ("LT", "PL")] == ["LT", "PL"]
        states = ask(f"{server.root}/sim")[1]["states"]
        assert [states[code]["url"] for code in ("LT", "PL")] == [server.base("LT"), server.base("PL")]
        _, trader = ask(f"{server.root}/sim/traders", {"role": "consignee", "state": "PL"})
        assert trader["url"] == server.base("PL")
        movement = emcs.consignor("LT").dispatch(emcs.consignee("PL", will="accept"))
        emcs.clock.advance(days=2)
        assert movement.delivered


def test_ports_of_states_are_had_together_or_not_at_all() -> None:
    """The one that is taken is named; the others are free again."""
    with socket.socket() as taken, Emcs() as emcs:
        first = _two_free_ports()
        taken.bind(("127.0.0.1", first + 1))
        taken.listen()
        with pytest.raises(UnreadableInput, match=rf"127\.0\.0\.1:{first + 1}: .*Take port 0"):
            EmcsServer(emcs, first, each=["LT"])
        with EmcsServer(emcs, first) as server:
            assert server.port == first
        with pytest.raises(UnreadableInput, match="no port of this number"):
            EmcsServer(emcs, 65535, each=["LT", "PL"])


def _two_free_ports() -> int:
    """The first of two ports at which nothing listens."""
    while True:
        with socket.socket() as one, socket.socket() as next_one, suppress(OSError):
            one.bind(("127.0.0.1", 0))
            port: int = one.getsockname()[1]
            next_one.bind(("127.0.0.1", port + 1))
            return port


Answers = Callable[[int], dict[str, object] | None]
"""What a clock answers the how-manieth time; ``None``: never."""


@contextmanager
def bad_system(folder: Path, answers: Answers, patience: float = PATIENCE) -> Iterator[EmcsServer]:
    """Simulated states for a gateway whose clock answers badly."""
    data, clock, turns = foundry().copy("LT", folder / "LT"), TestClock(BEGINS), count()
    app = timed_application(build(Parts(data.root, clock=clock)), clock)

    async def bad(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"] == "/test-clock":
            told = answers(next(turns))
            if told is None:
                await receive()
                while (await receive())["type"] != "http.disconnect":
                    pass
                return
            await JsonAnswer(told)(scope, receive, send)
        else:
            await app(scope, receive, send)

    with listening(bad) as port, Emcs() as emcs:
        neighbour = asyncio.run(Neighbour.at(f"http://127.0.0.1:{port}", patience))
        introduced(emcs, neighbour, None)
        with EmcsServer(emcs) as server:
            server.simulation.meet(neighbour)
            yield server


FINE: dict[str, object] = {"now": BEGINS.isoformat(), "rate": 0, "due": None}


@pytest.mark.parametrize(
    ("answers", "says"),
    [
        (lambda _: {"now": "soon", "due": None}, "does not say what its clock for tests shows"),
        (lambda _: {"now": BEGINS.isoformat(), "due": {"at": 7}}, "does not say what its clock for tests shows"),
        (lambda _: {"now": "2026-03-02T10:00:00", "due": None}, "does not say what its clock for tests shows"),
        (lambda _: {"hello": "x" * 100_000}, "does not say what its clock for tests shows"),
        (lambda _: {**FINE, "due": {"at": BEGINS.isoformat()}}, "is due at http"),
        (lambda turn: FINE if turn < 1 else {}, "no JSON"),
    ],
)
def test_system_that_answers_wrongly_is_told(tmp_path: Path, answers: Answers, says: str) -> None:
    """Which gateway, what it answered, and that nothing is moved any further; the simulator goes on."""
    with bad_system(tmp_path, answers) as server:
        status, refused = ask(f"{server.base('sim')}/clock", {"advance": {"days": 2}})
        assert (status, says in refused["detail"], len(refused["detail"]) < 1000) == (502, True, True), refused
        assert ask(f"{server.base('pl')}/health")[0] == 200
        with pytest.raises(PeerError, match=says if says != "no JSON" else "does not say|no JSON"):
            server.emcs.clock.advance(days=2)


def test_system_that_never_answers_is_told(tmp_path: Path) -> None:
    """After so many real seconds as it may be silent; nothing is moved, and nothing hangs."""
    with bad_system(tmp_path, lambda _: None, patience=0.3) as server:
        status, refused = ask(f"{server.base('sim')}/clock", {"advance": {"days": 2}})
        assert (status, refused["type"]) == (502, "/problems/clock-order")
        assert server.emcs.clock.now == BEGINS


def operator(seed: str, what: OperatorType, **record: Any) -> Operator:
    """A record of the register of Lithuania."""
    return Operator(seed=seed, name=seed, operator_type=what, office="LT001000", valid_from=date(2023, 2, 13), **record)


LITHUANIANS = (
    operator("LT00000000101", OperatorType.CERTIFIED_CONSIGNOR, categories=frozenset("W")),
    operator("LT00000000201", OperatorType.CERTIFIED_CONSIGNEE, categories=frozenset("B")),
    operator("LT00000000202", OperatorType.CERTIFIED_CONSIGNEE, categories=frozenset("W")),
    operator("LT00000000203", OperatorType.CERTIFIED_CONSIGNEE, categories=frozenset("W")),
)


def to_lithuania(consignee: str | None) -> Traffic:
    """Three movements of wine, six hours apart."""
    return Traffic(origin="PL", destination="LT", every=timedelta(hours=6), count=3, consignee=consignee)


@pytest.mark.parametrize(("named", "receives"), [(None, "LT00000000202"), ("LT00000000203", "LT00000000203")])
def test_traffic_of_a_script_comes_to_the_system_under_test(tmp_path: Path, named: str | None, receives: str) -> None:
    """Its register decides who may receive; every six hours an e-SAD is there."""
    with (
        under_test(tmp_path) as (neighbour, root),
        closing(open_store(DataDirectory(root).database, "NDEA.LT")) as store,
        Emcs() as emcs,
    ):
        Registry(store).add_operators((one, {}, None) for one in LITHUANIANS)
        with EmcsServer(emcs) as server:
            server.introduce(neighbour.introduced.url, root)
            emcs.play(Script(traffic=(to_lithuania(named),)))
            assert ask(f"{server.base('sim')}/clock", {"advance": {"days": 1}})[0] == 200
            query = MailboxQuery(limit=10)
            assert [one.type for one in Mailboxes(store).page(receives, query).messages] == ["IE801"] * 3


def test_test_in_python_moves_the_system_under_test_as_well(tmp_path: Path) -> None:
    """What falls due on either side is dated at its moment: e-SADs as they leave Poland, reminders by its own clock."""
    with (
        under_test(tmp_path) as (neighbour, root),
        closing(open_store(DataDirectory(root).database, "NDEA.LT")) as store,
        Emcs() as emcs,
        EmcsServer(emcs) as server,
    ):
        Registry(store).add_operators((one, {}, None) for one in LITHUANIANS)
        server.introduce(neighbour.introduced.url, root)
        emcs.play(Script(traffic=(to_lithuania(None),)))
        emcs.clock.advance(days=9)
        assert asyncio.run(neighbour.due())[0] == emcs.clock.now == BEGINS + timedelta(days=9)
        (consignor,) = emcs.traders.values()
        there = Mailboxes(store).page("LT00000000202", MailboxQuery(limit=10)).messages
        ours = [one.recorded_at for one in consignor.home.entries(consignor.seed) if one.type == "IE801"]
        assert [one.recorded_at for one in there if one.type == "IE801"] == ours
        assert [one.type for one in there] == ["IE801"] * 3 + ["IE802"] * 3


def test_traffic_to_nobody_of_the_system_under_test_is_refused(tmp_path: Path) -> None:
    """Nobody there may receive the goods, or the one that is named is unknown."""
    with under_test(tmp_path) as (neighbour, root), Emcs() as emcs:
        introduced(emcs, neighbour, root)
        for named, why in ((None, "may receive S200"), ("LT00000000999", "LT00000000999 is none of them")):
            traffic = replace(to_lithuania(named), product="S200")
            with pytest.raises(UnreadableInput, match=f"by --data or --operators: .*{why}"):
                emcs.play(Script(traffic=(traffic,)))
        assert emcs.traders == {}
