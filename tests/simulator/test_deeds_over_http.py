"""What states are told over HTTP to do: faults, scripts, and moments in words about a movement."""

import json
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

import pytest

from esad_gateway.simulator.injected.catalogue import INJECTED
from esad_gateway.simulator.injected.reading import injection, injection_of, injection_told, words_of
from esad_gateway.simulator.served.server import EmcsServer
from esad_gateway.simulator.world.emcs import BEGINS, Emcs
from helpers.gateway import PATIENCE


def ask(server: EmcsServer, path: str, body: object = None, method: str = "POST") -> tuple[int, Any]:
    """Status and JSON of an answer; a text is sent as it is, other bodies as JSON, none is GET."""
    sent = body if isinstance(body, str | None) else json.dumps(body)
    with closing(HTTPConnection(urlsplit(server.base("sim")).netloc, timeout=PATIENCE)) as connection:
        connection.request("GET" if sent is None and method == "POST" else method, f"/sim/{path}", sent)
        answer = connection.getresponse()
        return answer.status, json.load(answer)


@pytest.fixture
def server() -> Iterator[EmcsServer]:
    """Member states that are served."""
    with Emcs(seed=7) as emcs, EmcsServer(emcs) as found:
        yield found


def test_fault_is_injected_over_http_and_strikes(server: EmcsServer) -> None:
    """The report of receipt is lost; the journal says when, which message and about what, and how to have it again."""
    status, injected = ask(server, "faults", {"name": "lost", "state": "PL", "message": "IE818", "after": "3 days"})
    assert (status, injected["words"]) == (201, "lost PL message=IE818 'after=3 days'")
    assert injected["waits"] is True
    movement = server.emcs.consignor("LT").dispatch(server.emcs.consignee("PL", will="accept"))
    server.emcs.clock.advance(days=2)
    _, told = ask(server, "faults")
    (strike,) = told["journal"]
    assert [strike[name] for name in ("name", "state", "message", "arc")] == ["lost", "PL", "IE818", movement.arc]
    assert strike["at"].startswith("2026-03-03")
    assert (told["seed"], told["injected"][0]["struck"], told["injected"][0]["waits"]) == (7, 1, False)
    assert told["again"].endswith("--emcs-seed 7")


def test_fault_is_about_one_movement(server: EmcsServer) -> None:
    """Its ARC is given as inject has it; what is not said of it is as usual."""
    movement = server.emcs.consignor("LT").dispatch(server.emcs.consignee("PL"))
    wish = {"name": "lost", "state": "PL", "movement": movement.arc, "times": None, "traders": False, "other": None}
    status, injected = ask(server, "faults", wish)
    assert (status, injected["words"]) == (201, f"lost PL arc={movement.arc} times=always")


def test_faults_are_given_up_over_http(server: EmcsServer) -> None:
    """What waits strikes no more, and nobody misses it."""
    ask(server, "faults", {"name": "lost", "state": "PL", "message": "IE818"})
    assert ask(server, "faults", method="DELETE") == (200, {"given_up": 1})
    assert ask(server, "faults", method="DELETE") == (200, {"given_up": 0})
    movement = server.emcs.consignor("LT").dispatch(server.emcs.consignee("PL", will="accept"))
    server.emcs.clock.advance(days=3)
    assert movement.delivered
    server.emcs.faults.check()


@pytest.mark.parametrize(
    ("told", "says"),
    [
        ({"name": "lots", "state": "PL"}, ["perhaps you mean: lost"]),
        ({"name": "lost"}, ["a fault needs its state"]),
        ({}, ["a fault needs its name", "a fault needs its state"]),
        ({"name": 7, "state": []}, ["a fault needs its name", "a fault needs its state"]),
        ({"name": "lots", "state": "PL", "mesage": "IE818"}, ["perhaps you mean: lost", "perhaps you mean: message"]),
        ({"name": "lost", "state": "PL", "nth": "x", "share": {}}, ["nth cannot be 'x'", "share cannot be '{}'"]),
        ({"name": "lost", "state": "PL", "nth": 0, "share": 2}, ["nth is 0", "share is 2"]),
        ({"name": "lost", "state": "PL", "nth": True}, ["nth cannot be"]),
        ({"name": "lost", "state": "PL", "after": 3}, ["after cannot be '3'"]),
        ({"name": "lost", "state": "GR"}, ["EL"]),
        ([], ["an object in JSON; found []"]),
        ("{", ["is to be JSON"]),
        ("[" * 60_000, ["is to be JSON"]),
    ],
)
def test_fault_that_cannot_be_is_refused_with_everything(server: EmcsServer, told: object, says: list[str]) -> None:
    """Nothing is injected; whatever is wrong is told at once, in every language, with what would do."""
    status, refused = ask(server, "faults", told)
    assert (status, refused["type"]) == (400, "/problems/sim-fault")
    assert all(one in refused["detail"] for one in says)
    assert len(refused.get("reasons", says)) == len(says)
    assert set(refused["details"]) == {"en", "lt"}
    assert ask(server, "faults")[1]["injected"] == []


@pytest.mark.parametrize("name", INJECTED)
def test_fault_in_words_is_the_same_again(name: str) -> None:
    """Whatever is said of it, as it is read from JSON and from the command line."""
    whole = {"state": "PL", "message": "IE818", "movement": "26PL1", "other": "DE", "nth": 2, "share": 0.5}
    told = injection_told({"name": name, **whole, "times": 3, "after": "36 hours", "traders": True, "rule": "BR025"})
    assert injection_of(words_of(told)) == told
    usual = injection(INJECTED[name], "PL")
    assert injection_of(words_of(usual)) == usual


TOML = """
[[step]]
when = { state = "PL", message = "IE801" }
then = { do = "refuse", reason = "goods damaged", after = "1 day" }
"""
IN_JSON = {"step": [{"when": {"state": "PL"}, "then": {"do": "refuse", "reason": "goods damaged", "after": "1 day"}}]}


@pytest.mark.parametrize("script", [TOML, IN_JSON])
def test_script_is_played_over_http(server: EmcsServer, script: object) -> None:
    """In TOML or in JSON with the same keys; what has not happened of it is told while all goes on."""
    if script == TOML:
        script = TOML.replace(', message = "IE801"', "")
    vilnius, warsaw = server.emcs.consignor("LT"), server.emcs.consignee("PL")
    status, played = ask(server, "scripts", script)
    assert (status, played) == (201, {"title": "", "steps": 1, "traffic": 0})
    (unmet,) = ask(server, "scripts")[1]["unmet"]
    assert set(unmet) == {"en", "lt"}
    movement = vilnius.dispatch(warsaw)
    ask(server, "clock", {"advance": {"days": 2}})
    assert movement.state == "refused"
    assert ask(server, "scripts")[1] == {"unmet": []}


def test_movements_of_a_script_begin_at_once(server: EmcsServer) -> None:
    """What falls due with it has happened before the answer."""
    script = {"traffic": [{"from": "PL", "to": "LT", "every": "1 day", "count": 1, "after": "0 days"}]}
    assert ask(server, "scripts", script)[0] == 201
    assert len(ask(server, "movements")[1]["movements"]) == 1


@pytest.mark.parametrize(
    ("script", "reasons"),
    [
        ({"step": [{"when": {"stat": "PL"}, "then": {"do": "dance"}}]}, 2),
        ({"step": [{"then": {"do": "refuse"}, "times": float("nan")}]}, 1),
        ({"step": None}, 1),
        ("[[step", 1),
        ("", 1),
        ("{", 1),
        ("\xff", 1),
    ],
)
def test_script_that_cannot_be_is_refused_with_everything(server: EmcsServer, script: object, reasons: int) -> None:
    """As the check of a file does: nothing of it is played."""
    status, refused = ask(server, "scripts", script)
    assert (status, refused["type"]) == (400, "/problems/sim-script")
    assert len(refused.get("reasons", [refused["details"]])) == reasons
    assert ask(server, "scripts")[1] == {"unmet": []}


def test_clock_goes_to_a_moment_of_a_movement(server: EmcsServer) -> None:
    """In words, about the movement of an ARC or the only one; as in Python."""
    movement = server.emcs.consignor("LT").dispatch(server.emcs.consignee("PL"), journey_days=5)
    status, told = ask(server, "clock", {"to": "journey over + 1 day", "movement": movement.arc})
    assert movement.known is not None
    assert (status, told["now"]) == (200, (movement.known.limit + timedelta(days=1)).isoformat())
    status, told = ask(server, "clock", {"to": "journey over + 2 days", "freeze": True})
    assert (status, told["rate"]) == (200, 0)
    far = {"to": f"journey over + {'9' * 3000} days", "movement": movement.arc}
    assert "names no moment" in ask(server, "clock", far)[1]["detail"]
    status, refused = ask(server, "clock", {"to": "journey over"})
    assert (status, "goes forward only" in refused["detail"]) == (400, True)


@pytest.mark.parametrize(
    ("order", "says"),
    [
        ({"to": "journey over + 1 day", "movement": "26LT00000000000000001"}, "nothing is known of that movement"),
        ({"to": "journey over"}, "say which movement is meant: there are 0"),
        ({"to": "journey over + 1 fortnight"}, "names no moment"),
        ({"to": f"journey over + {'9' * 3000} days"}, "say which movement is meant"),
        ({"to": "tomorrow"}, "names no moment: say 'journey over'"),
        ({"to": "2026-03-09T10:00:00Z", "movement": "26LT00000000000000001"}, "an order to the clock is one of"),
        ({"to": "journey over", "movement": 7}, "an order to the clock is one of"),
        ({"movement": "26LT00000000000000001"}, "an order to the clock is one of"),
    ],
)
def test_moment_in_words_that_is_none_is_refused(server: EmcsServer, order: object, says: str) -> None:
    """Nothing is moved, and the answer says what would do."""
    status, refused = ask(server, "clock", order)
    assert (status, says in refused["detail"]) == (400, True)
    assert server.emcs.clock.now == BEGINS
