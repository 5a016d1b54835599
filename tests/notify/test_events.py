"""``GET …/events``: what comes, as it comes, once and in order; resumed by the id of the last event."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from typing import Any

import pytest

from esad_gateway.store.registry import Registry
from helpers.agents import BROKER, let, revoke
from helpers.gateway import CONSIGNEE, CONSIGNOR, PATIENCE, copy_of_box
from helpers.served import Served, served, serving
from helpers.webhooks import ALLOWED, Hooks, awaited

EVENTS = f"/v1/traders/{CONSIGNOR}/events"
MOST = 2
"""How many may hear of a mailbox at a time here."""


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A gateway whose streams say often that they are there."""
    box = copy_of_box(tmp_path_factory.mktemp("box"))
    box.set("LT", **{**ALLOWED, "event_pause": 0.2, "waits_at_once": MOST})
    with served(box) as running:
        yield running


class Stream:
    """One stream, read line by line."""

    def __init__(self, response: HTTPResponse) -> None:
        self.response = response
        self.retry = self.line()
        assert self.line() == ""

    def line(self) -> str:
        """The next line."""
        return self.response.readline().decode().removesuffix("\n")

    def event(self) -> dict[str, str]:
        """The next event, by its fields; comments are passed over."""
        fields: dict[str, str] = {}
        while True:
            line = self.line()
            if not line and fields:
                return fields
            if line and not line.startswith(":"):
                name, _, value = line.partition(": ")
                fields[name] = value

    def told(self) -> Any:
        """What the next event tells."""
        return json.loads(self.event()["data"])


@contextmanager
def stream(gateway: Served, query: str = "", token: str = "", **headers: str) -> Iterator[Stream]:
    """The stream of the consignor's mailbox, which has begun."""
    connection = HTTPConnection("127.0.0.1", gateway.port, timeout=PATIENCE)
    try:
        access = {"Authorization": f"Bearer {token or gateway.box.traders[CONSIGNOR].token}"}
        connection.request("GET", EVENTS + query, headers={**access, **headers})
        yield Stream(connection.getresponse())
    finally:
        connection.close()
        awaited(lambda: gateway.station.runtime.following.waiting.number(CONSIGNOR), lambda number: number < MOST)


def test_stream_tells_of_what_comes_by_identifiers(gateway: Served) -> None:
    """As Server-Sent Events: the id is the number of the message, the data what webhooks are told."""
    with stream(gateway) as one:
        last = Hooks(gateway).submit()
        draft, e_sad = one.event(), one.event()

    assert one.response.headers["content-type"] == "text/event-stream; charset=utf-8"
    assert one.response.headers["cache-control"] == "no-store"
    assert one.retry == "retry: 2000"
    assert [draft["id"], e_sad["id"]] == [str(last - 1), str(last)]
    told = json.loads(e_sad["data"])
    assert (e_sad["event"], told["message"], told["seq"]) == ("message", "IE801", last)
    assert told["link"] == f"https://ndea.example/v1/traders/{CONSIGNOR}/messages/{last}"


def test_stream_goes_on_behind_the_last_event(gateway: Served) -> None:
    """Whoever comes again with its id misses nothing, and hears nothing twice."""
    hooks = Hooks(gateway)
    first = hooks.submit() - 1
    hooks.submit()

    with stream(gateway, **{"Last-Event-ID": str(first)}) as again:
        told = [again.told()["seq"] for _ in range(3)]
    with stream(gateway, f"?after={first - 1}") as by_number:
        begun = by_number.told()["seq"]
    with stream(gateway, f"?after={first}", **{"Last-Event-ID": str(first + 2)}) as both:
        rest = both.told()["seq"]

    assert told == [first + 1, first + 2, first + 3]
    assert (begun, rest) == (first, first + 3)


@pytest.mark.parametrize(("query", "message"), [("?type=IE801", "IE801"), ("?direction=in", "IE815")])
def test_stream_tells_of_what_is_wanted(gateway: Served, query: str, message: str) -> None:
    """The others are passed over."""
    with stream(gateway, query) as one:
        Hooks(gateway).submit()
        Hooks(gateway).submit()
        assert [one.told()["message"] for _ in range(2)] == [message] * 2


def test_stream_says_that_it_is_there(gateway: Served) -> None:
    """By comments, so that nobody in between takes it for dead."""
    with stream(gateway) as one:
        assert [one.line() for _ in range(4)] == [": ", "", ": ", ""]


def test_so_many_streams_of_a_mailbox_and_no_more(gateway: Served) -> None:
    """One more is told so before it begins."""
    token = gateway.box.traders[CONSIGNOR].token
    with stream(gateway), stream(gateway):
        refused = gateway.get(EVENTS, token)

    assert (refused.status, refused.json["type"]) == (429, "/problems/too-many")


def test_stream_of_another_trader_does_not_exist(gateway: Served) -> None:
    """Nor one without a token, or with a parameter that is none."""
    theirs = gateway.get(EVENTS, gateway.box.traders[CONSIGNEE].token)
    nobodys = gateway.get(EVENTS.replace(CONSIGNOR, "LT00000000999"), gateway.box.traders[CONSIGNEE].token)
    wrong = gateway.get(f"{EVENTS}?type=IE999&more=1", gateway.box.traders[CONSIGNOR].token)

    assert (theirs.status, theirs.body) == (404, nobodys.body.replace(b"LT00000000999", CONSIGNOR.encode()))
    assert gateway.get(EVENTS).status == 401
    assert (wrong.status, len(wrong.json["parameters"])) == (422, 2)


def test_agent_hears_of_the_kinds_that_it_reads(gateway: Served) -> None:
    """Of no other message it is told that there is one; before it was let, there is no such mailbox for it."""
    token = Registry(gateway.station.runtime.store).issue_token(BROKER, datetime.now(UTC))
    before = gateway.get(EVENTS, token)
    let(gateway.station, CONSIGNOR, reads=["IE801"])

    with stream(gateway, token=token) as one:
        lasts = [Hooks(gateway).submit() for _ in range(2)]
        told = [one.told() for _ in range(2)]

    assert before.status == 404
    assert [(event["message"], event["seq"]) for event in told] == [("IE801", last) for last in lasts]


def test_stream_of_an_agent_ends_when_it_is_let_no_more(gateway: Served) -> None:
    """At the next comment, though its token is still good; then the mailbox is as one that there is not."""
    token = Registry(gateway.station.runtime.store).issue_token(f"{BROKER}7", datetime.now(UTC))
    given = let(gateway.station, CONSIGNOR, name=f"{BROKER}7", reads=["*"])

    with stream(gateway, token=token) as one:
        assert one.retry == "retry: 2000"
        revoke(gateway.station, given)
        rest = one.response.read()

    assert b"event" not in rest
    assert gateway.get(EVENTS, token).status == 404


def test_revoked_token_ends_its_stream(tmp_path: Path) -> None:
    """At the next look at it, which comes with the next message or the next comment."""
    box = copy_of_box(tmp_path)
    box.set("LT", event_pause=0.2)
    with served(box) as gateway, stream(gateway) as one:
        Registry(gateway.station.runtime.store).revoke_tokens(CONSIGNOR, datetime.now(UTC))
        rest = one.response.read()

    assert b"event" not in rest


def test_stop_of_the_gateway_ends_streams(tmp_path: Path) -> None:
    """At once and in order: the client comes again, to the gateway that is started then."""
    box = copy_of_box(tmp_path)
    with box.open("LT", http=True) as station:
        with serving(box, station) as gateway:
            connection = HTTPConnection("127.0.0.1", gateway.port, timeout=PATIENCE)
            headers = {"Authorization": f"Bearer {box.traders[CONSIGNOR].token}"}
            connection.request("GET", EVENTS, headers=headers)
            response = connection.getresponse()
        rest = response.read()
        connection.close()

    assert rest == b"retry: 2000\n\n"
