"""What a world is asked for that it cannot have: refused in words before anything is made, in Python and over HTTP."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from decimal import Decimal
from http.client import HTTPConnection
from typing import Any

import pytest

from esad_gateway.errors import NotConfigured, OwnError, UnreadableInput
from esad_gateway.simulator.goods import wine
from esad_gateway.simulator.served.server import EmcsServer
from esad_gateway.simulator.world.emcs import BEGINS, Emcs
from esad_gateway.simulator.world.traders import SubmissionRefused
from helpers.gateway import PATIENCE
from simulator.test_simulation import ask


@pytest.fixture(scope="module")
def emcs() -> Iterator[Emcs]:
    """Member states of which nothing comes here."""
    with Emcs(seed=7) as found:
        yield found


@pytest.fixture(scope="module")
def server(emcs: Emcs) -> Iterator[EmcsServer]:
    """The same over HTTP."""
    with EmcsServer(emcs) as found:
        yield found


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"name": "\x00"}, "name: expected letters that a message can hold"),
    ({"name": "\ud800"}, "name: expected letters that a message can hold"),
    ({"name": "a" * 183}, "name: expected a text of 1 to 182 letters"),
    ({"name": 5}, "name: expected a text"),
    ({"products": "S200"}, "products: expected a list of excise product codes"),
    ({"products": ["S2OO"]}, "products: expected one of B000"),
    ({"products": [5]}, "products: expected a list of excise product codes"),
    ({"products": 5}, "products: expected a list of excise product codes"),
    ({"will": "dance"}, "will: expected one of accept"),
    ({"will": "interrupt"}, "will: expected one of accept"),
    ({"will": "refuse", "reason": "\x07"}, "reason: expected letters that a message can hold"),
    ({"will": "refuse", "reason": 5}, "reason: expected a text"),
    ({"reason": "broken glass"}, "will: expected one of accept"),
]
LIMITS: list[tuple[dict[str, Any], str]] = [
    ({"quantities": {"S2OO": 5}}, "products: expected one of B000"),
    ({"quantities": {"S200": 0}}, "quantities: expected"),
    ({"quantities": {"S200": -5}}, "quantities: expected"),
]


@pytest.mark.parametrize(("wishes", "words"), WRONG)
def test_trader_that_cannot_be_is_not_made(emcs: Emcs, wishes: dict[str, Any], words: str) -> None:
    """What would be in the way of every message is told at once; no half of a trader is left."""
    before = set(emcs.traders)
    with pytest.raises(UnreadableInput, match=f"^{words}"):
        emcs.trader("consignee", "PL", **wishes)
    assert set(emcs.traders) == before


@pytest.mark.parametrize(
    ("wishes", "words"), [*WRONG, ({"temporary": "no"}, "temporary: expected true or false"), ({"state": 5}, "state: ")]
)
def test_trader_that_cannot_be_is_refused_over_http(server: EmcsServer, wishes: dict[str, Any], words: str) -> None:
    """The answer says the same, and the page goes on showing all others."""
    status, told = ask(f"{server.base('sim')}/traders", {"role": "consignee", "state": "PL", **wishes})
    assert (status, told["detail"].startswith(words)) == (400, True), told
    connection = HTTPConnection("127.0.0.1", server.port, timeout=PATIENCE)
    connection.request("GET", "/sim", headers={"Accept": "text/html"})
    assert connection.getresponse().status == 200
    connection.close()


def test_consignor_is_asked_for_nothing_that_only_consignees_do(server: EmcsServer) -> None:
    """A wish that would be dropped in silence is refused."""
    wish = {"role": "consignor", "state": "LT", "temporary": True, "will": "accept"}
    status, told = ask(f"{server.base('sim')}/traders", wish)
    assert (status, told["detail"].startswith("will: expected one of counterparty")) == (400, True), told


@pytest.mark.parametrize(
    ("move", "words"),
    [
        (lambda emcs: emcs.clock.to(datetime(2027, 1, 1)), "a moment has an offset"),  # noqa: DTZ001 - that is the fault
        (lambda emcs: emcs.clock.to(datetime(9999, 12, 31, tzinfo=UTC)), "is more than 3660 days away"),
        (lambda emcs: emcs.clock.advance(days=1e9), "the clock goes forward by"),
        (lambda emcs: emcs.clock.advance(weeks=1000), "is more than 3660 days away"),
        (lambda emcs: emcs.clock.advance(days=float("nan")), "the clock goes forward by"),
        (lambda emcs: emcs.clock.advance(day=6), "the clock goes forward by seconds"),
        (lambda emcs: emcs.clock.advance(days="6"), "the clock goes forward by"),
        (lambda _: Emcs(datetime(2026, 3, 2)), "a moment has an offset"),  # noqa: DTZ001 - that is the fault
    ],
)
def test_clock_that_cannot_be_moved_so_says_why(emcs: Emcs, move: Callable[[Emcs], object], words: str) -> None:
    """It stands where it stood, and goes on from there."""
    with pytest.raises(UnreadableInput, match=words):
        move(emcs)
    assert emcs.clock.now == BEGINS


@pytest.mark.parametrize("order", [{"rate": 10**400}, {"advance": {"days": 10**400}}])
def test_order_with_a_number_beyond_all_bounds_is_refused(server: EmcsServer, order: object) -> None:
    """Numbers of JSON have no bounds: such a one is wrong, and no defect."""
    status, told = ask(f"{server.base('sim')}/clock", order)
    assert (status, told["type"]) == (400, "/problems/clock-order")


def test_order_behind_the_end_of_all_time_is_refused() -> None:
    """A clock that stands at the end of what a date can say goes no further."""
    with Emcs(datetime(9999, 12, 30, tzinfo=UTC)) as late, EmcsServer(late) as server:
        status, told = ask(f"{server.base('sim')}/clock", {"advance": {"days": 6}})
        assert (status, "nothing is moved so far" in told["detail"]) == (400, True)


def test_fault_about_no_movement_is_refused(server: EmcsServer) -> None:
    """What can never strike is not left to wait for it."""
    status, told = ask(f"{server.base('sim')}/faults", {"name": "lost", "state": "PL", "arc": "x"})
    assert (status, told["type"]) == (400, "/problems/sim-fault")


def test_script_that_is_nested_without_end_is_refused(server: EmcsServer) -> None:
    """It is told as any other unknown key."""
    connection = HTTPConnection("127.0.0.1", server.port, timeout=PATIENCE)
    connection.request("POST", "/sim/scripts", b"a." * 5000 + b"b=1")
    answer = connection.getresponse()
    assert (answer.status, b"a: no such key" in answer.read()) == (400, True)
    connection.close()


def test_connection_that_was_refused_is_noted_without_a_status() -> None:
    """Of what nobody has answered the journal does not say how it was answered."""
    with Emcs(seed=7) as emcs:
        emcs.faults.inject("connection-refused", "PL")
        emcs.consignor("LT").dispatch(to=emcs.consignee("PL"))
        emcs.clock.advance(hours=1)
        assert [strike.outcome for strike in emcs.faults.journal] == ["there is no connection"]


def test_script_that_says_what_no_message_can_is_refused(server: EmcsServer) -> None:
    """It is told before a step is taken: a clock would stop at the letter."""
    step = {"then": {"do": "refuse", "reason": "broken\x07"}}
    status, told = ask(f"{server.base('sim')}/scripts", {"step": [step]})
    assert (status, "step[1].then.reason: expected letters that a message can hold" in told["detail"]) == (400, True)


def test_world_that_is_closed_says_so() -> None:
    """What is asked of it afterwards is answered in words; its server can be closed behind it as well."""
    emcs = Emcs(seed=7)
    server = EmcsServer(emcs)
    emcs.consignor("LT").dispatch(to=emcs.consignee("PL"))
    emcs.close()
    server.close()
    for asked in (lambda: emcs.clock.advance(days=1), lambda: emcs.consignor("LT"), lambda: emcs.consignee("PL")):
        with pytest.raises(OwnError, match="This EMCS has been closed"):
            asked()


@pytest.mark.parametrize(("limits", "words"), LIMITS)
def test_authorisation_that_cannot_be_is_not_made(emcs: Emcs, limits: dict[str, Any], words: str) -> None:
    """It allows some of what there is."""
    before = set(emcs.traders)
    with pytest.raises(UnreadableInput, match=f"^{words}"):
        emcs.trader("consignee", "PL", temporary=True, **limits)
    assert set(emcs.traders) == before


def test_state_that_could_not_be_opened_is_opened_when_its_settings_are_right() -> None:
    """Nothing of the first try is in the way of the second one, which says what is wrong as well."""
    with Emcs(seed=7) as emcs:
        for _ in range(2):
            with pytest.raises(NotConfigured, match="formalities_days: expected 0 or more"):
                emcs.state("IT", formalities_days=-5)
        assert emcs.state("IT", formalities_days=5).runtime.settings.formalities_days == 5


def test_settings_of_a_state_that_there_is_not_are_refused() -> None:
    """Nobody would ever decide so: Greece is EL here."""
    with pytest.raises(UnreadableInput, match="'GR' is written 'EL' in EMCS"):
        Emcs(settings={"GR": {"formalities_days": 5}})


@pytest.mark.parametrize("litres", [Decimal("1e30"), Decimal(0)])
def test_quantity_beyond_all_bounds_is_for_the_gateway_to_refuse(emcs: Emcs, litres: Decimal) -> None:
    """A test of refusals says what it likes, and reads what is wrong with it."""
    with pytest.raises(SubmissionRefused, match=r"BodyEadEsad\[1\]/Quantity"):
        emcs.consignor("LT").dispatch(to=emcs.consignee("PL"), lines=[wine(litres=litres)])
