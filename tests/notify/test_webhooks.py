"""Webhooks: told of each message once it is committed, signed, in order, until it is taken or given up."""

import base64
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler
from queue import Queue
from threading import Event

import pytest

from esad_gateway.notify.desk import MOST
from esad_gateway.store.registry import Registry
from helpers.agents import BROKER, let
from helpers.gateway import CONSIGNEE, CONSIGNOR, PATIENCE
from helpers.receiver import Receiver, receiver
from helpers.served import JSON, Served
from helpers.webhooks import Hooks, until, until_letters


@pytest.fixture
def hooks(gateway: Served) -> Hooks:
    """The webhooks of the consignor; those of the test before are gone."""
    found = Hooks(gateway)
    for one in found.ask("GET").json["webhooks"]:
        assert found.ask("DELETE", f"/{one['id']}").status == 200
    return found


def test_webhook_is_told_of_each_message_by_its_identifiers(hooks: Hooks, hook: Receiver) -> None:
    """Both messages of an accepted draft, in order, with a link and nothing of what is in them."""
    made = hooks.make(hook.url)

    last = hooks.submit()

    draft, e_sad = hook.next(), hook.next()
    assert [draft.told["message"], e_sad.told["message"]] == ["IE815", "IE801"]
    assert e_sad.told == {
        "id": f"{made['id']}-{last}",
        "webhook": made["id"],
        "kind": "message",
        "trader": CONSIGNOR,
        "seq": last,
        "direction": "out",
        "message": "IE801",
        "messageIdentifier": e_sad.told["messageIdentifier"],
        "correlationIdentifier": e_sad.told["correlationIdentifier"],
        "arc": e_sad.told["arc"],
        "recordedAt": e_sad.told["recordedAt"],
        "link": f"https://ndea.example/v1/traders/{CONSIGNOR}/messages/{last}",
    }
    assert e_sad.headers["content-type"] == "application/json"
    assert all(one.signed_by(made["secret"]) for one in (draft, e_sad))


def test_messages_from_before_are_told_of_where_that_is_asked_for(hooks: Hooks, hook: Receiver) -> None:
    """From the number on that is given, in order, and then what comes."""
    first = hooks.submit() - 1
    made = hooks.make(hook.url, after=first - 1)

    last = hooks.submit()

    assert [hook.next().told["seq"] for _ in range(4)] == [first, first + 1, last - 1, last]
    assert made["completeThrough"] == first - 1


def test_number_that_is_not_there_yet_begins_at_the_newest(hooks: Hooks, hook: Receiver) -> None:
    """Nothing that comes is passed over."""
    last = hooks.submit()
    made = hooks.make(hook.url, after=10_000)

    assert made["completeThrough"] == last


@pytest.mark.parametrize(("wanted", "told"), [({"types": ["IE801"]}, "IE801"), ({"direction": "in"}, "IE815")])
def test_webhook_is_told_of_what_it_wants(hooks: Hooks, hook: Receiver, wanted: dict[str, object], told: str) -> None:
    """Of the other messages it is not told, and it has passed them."""
    made = hooks.make(hook.url, **wanted)

    hooks.submit()
    last = hooks.submit()

    assert [hook.next().told["message"] for _ in range(2)] == [told, told]
    assert until(hooks, made["id"], completeThrough=last)["waiting"] == 0
    assert hook.calls.empty()


def test_what_is_not_taken_is_told_again_and_in_order(hooks: Hooks, hook: Receiver) -> None:
    """The same body under the same id, after a pause by the clock of the gateway; what comes after it waits."""
    hook.planned.append(500)
    made = hooks.make(hook.url)

    last = hooks.submit()
    first = hook.next()
    failing = until(hooks, made["id"], tries=1)
    hooks.gateway.station.clock.move(seconds=1)

    again, second = hook.next(), hook.next()
    assert (again.id, again.body) == (first.id, first.body)
    assert (second.told["seq"], first.told["seq"]) == (last, last - 1)
    assert (failing["reason"], failing["reasons"]["lt"], failing["waiting"]) == ("HTTP 500", "HTTP būsena 500", 2)
    assert int(again.headers["webhook-timestamp"]) > int(first.headers["webhook-timestamp"])
    assert until(hooks, made["id"], tries=0)["failingSince"] is None


def given_up(hooks: Hooks, hook: Receiver) -> tuple[str, int]:
    """A webhook that did not take a notification as often as may be; the number of that message."""
    hook.planned.extend([500] * 3)
    made = hooks.make(hook.url, direction="out")
    last = hooks.submit()
    for tries, pause in ((1, 1), (2, 2)):
        until(hooks, made["id"], tries=tries)
        hooks.gateway.station.clock.move(seconds=pause)
    until(hooks, made["id"], deadLetters=1)
    assert [hook.next().told["seq"] for _ in range(3)] == [last] * 3
    return made["id"], last


def test_what_is_never_taken_is_a_dead_letter_and_the_next_one_is_told(hooks: Hooks, hook: Receiver) -> None:
    """It is listed with the reason, and holds up nobody."""
    webhook, last = given_up(hooks, hook)

    following = hooks.submit()

    assert hook.next().told["seq"] == following
    (letter,) = hooks.ask("GET", f"/{webhook}/dead-letters").json["deadLetters"]
    assert (letter["seq"], letter["tries"], letter["reason"], letter["sentAgain"]) == (last, 3, "HTTP 500", False)


def test_dead_letter_is_sent_again_by_hand(hooks: Hooks, hook: Receiver) -> None:
    """One that is not taken then either is a dead letter as before; one that is taken is none any more."""
    webhook, last = given_up(hooks, hook)
    hook.planned.append(410)

    answer = hooks.ask("POST", f"/{webhook}/dead-letters/resending?seq={last}&seq=999999")
    refused = hook.next()
    (letter,) = until_letters(hooks, webhook, tries=4)
    every = hooks.ask("POST", f"/{webhook}/dead-letters/resending")
    taken = hook.next()

    assert (answer.status, answer.json) == (200, {"sentAgain": [last], "noDeadLetters": [999999]})
    assert (letter["reason"], letter["sentAgain"], every.json["sentAgain"]) == ("HTTP 410", False, [last])
    assert refused.id == taken.id
    assert until(hooks, webhook, deadLetters=0)["waiting"] == 0


def test_receiver_that_is_away_is_told_when_it_is_back(hooks: Hooks) -> None:
    """Nobody listening is as good as an answer that refuses, and told in words."""
    with receiver() as gone:
        port, url = gone.port, gone.url
    made = hooks.make(url, direction="out")
    last = hooks.submit()

    failing = until(hooks, made["id"], tries=1)
    with receiver(port) as back:
        hooks.gateway.station.clock.move(seconds=1)
        told = back.next().told["seq"]

    assert "cannot be reached" in failing["reason"]
    assert told == last


def test_receiver_that_wants_a_pause_gets_it(hooks: Hooks, hook: Receiver) -> None:
    """``Retry-After`` in seconds counts where it is longer than the pause would be."""

    def later(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(429)
        handler.send_header("Retry-After", "60")
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    hook.planned.append(later)
    made = hooks.make(hook.url, direction="out")
    hooks.submit()
    failing = until(hooks, made["id"], tries=1)

    now = hooks.gateway.station.clock.now()
    assert datetime.fromisoformat(failing["nextTry"]) == now + timedelta(seconds=60)


def test_redirect_is_not_followed(hooks: Hooks, hook: Receiver) -> None:
    """Wherever it leads: who may be called is what was registered."""

    def elsewhere(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(307)
        handler.send_header("Location", hook.url.replace("/hook", "/elsewhere"))
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    hook.planned.append(elsewhere)
    made = hooks.make(hook.url, direction="out")

    hooks.submit()

    assert until(hooks, made["id"], tries=1)["reason"] == "HTTP 307"
    assert hook.next().path == "/hook"
    assert hook.calls.empty()


def test_slow_receiver_holds_up_nobody_else(hooks: Hooks, hook: Receiver) -> None:
    """While one does not answer, another one of the same trader is told of everything."""
    over = Event()

    def slow(handler: BaseHTTPRequestHandler) -> None:
        over.wait(PATIENCE)
        handler.send_response(204)
        handler.end_headers()

    with receiver() as quick:
        hook.planned.append(slow)
        hooks.make(hook.url)
        hooks.make(quick.url)

        last = hooks.submit()
        hook.next()
        told = [quick.next().told["seq"] for _ in range(2)]
        later = hooks.submit()
        told += [quick.next().told["seq"] for _ in range(2)]
        over.set()

        assert told == [last - 1, last, later - 1, later]
        assert [hook.next().told["seq"] for _ in range(3)] == [last, later - 1, later]


def test_answer_without_end_is_not_read(hooks: Hooks, hook: Receiver) -> None:
    """Its status counts, its body is nobody's: the connection is closed after a little of it."""
    broke_off: Queue[bool] = Queue()

    def endless(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        handler.close_connection = True
        try:
            for _ in range(1_000_000):
                handler.wfile.write(b"x" * 65_536)
        except OSError:
            broke_off.put(True)  # noqa: FBT003 - what is in the queue is what is waited for

    hook.planned.append(endless)
    made = hooks.make(hook.url, direction="out")

    last = hooks.submit()

    assert broke_off.get(timeout=PATIENCE)
    assert until(hooks, made["id"], completeThrough=last)["tries"] == 0


def test_secret_is_shown_once_and_stands_nowhere(hooks: Hooks, hook: Receiver) -> None:
    """Not in an answer, not in the store; the key that it is made of is its owner's only."""
    made = hooks.make(hook.url)
    data = hooks.gateway.station.member.data
    secret = base64.b64decode(made["secret"].removeprefix("whsec_"))

    shown = [hooks.ask("GET").body, hooks.ask("GET", f"/{made['id']}").body]
    stored = b"".join(file.read_bytes() for file in data.root.glob("store.db*"))

    assert len(secret) == 32
    assert all(b"whsec_" not in one for one in shown)
    assert not any(one in stored for one in (secret, made["secret"].encode(), secret.hex().encode()))
    assert data.webhook_key.stat().st_mode & 0o777 == 0o600


def test_secret_is_replaced_with_an_overlap(hooks: Hooks, hook: Receiver) -> None:
    """Both sign until it is over, then the new one alone; a second replacement ends the first one's overlap."""
    made = hooks.make(hook.url, direction="out")

    rotated = hooks.ask("POST", f"/{made['id']}/rotation?overlap=60").json
    hooks.submit()
    both = hook.next()
    hooks.gateway.station.clock.move(seconds=60)
    hooks.submit()
    one = hook.next()

    assert rotated["secret"] != made["secret"]
    assert datetime.fromisoformat(rotated["previousSecretUntil"]) > datetime.fromisoformat(made["createdAt"])
    assert [both.signed_by(each["secret"]) for each in (rotated, made)] == [True, True]
    assert [one.signed_by(each["secret"]) for each in (rotated, made)] == [True, False]


def test_webhook_is_tried_by_a_ping(hooks: Hooks, hook: Receiver) -> None:
    """It is called at once, without news, and what came of it is told."""
    made = hooks.make(hook.url)
    hook.planned.extend([204, 500])

    taken, refused = (hooks.ask("POST", f"/{made['id']}/ping") for _ in range(2))

    ping = hook.next()
    assert (ping.told["kind"], ping.signed_by(made["secret"])) == ("ping", True)
    assert (taken.status, taken.json["taken"], taken.json["status"]) == (200, True, 204)
    assert (refused.json["taken"], refused.json["reason"]) == (False, "HTTP 500")


def test_webhook_of_another_trader_does_not_exist(hooks: Hooks, hook: Receiver) -> None:
    """By any method, and by the same words as one that there is not."""
    made, other = hooks.make(hook.url), Hooks(hooks.gateway, CONSIGNEE)
    asked = [("GET", ""), ("DELETE", ""), ("POST", "/rotation"), ("POST", "/ping"), ("GET", "/dead-letters")]
    asked.append(("POST", "/dead-letters/resending"))

    for method, path in asked:
        theirs = other.ask(method, f"/{made['id']}{path}")
        nobodys = other.ask(method, f"/{'0' * 32}{path}")
        assert (theirs.status, theirs.body) == (404, nobodys.body.replace(b"0" * 32, made["id"].encode()))
    foreign = replace(hooks, seed=CONSIGNEE).gateway.get(
        f"/v1/traders/{CONSIGNOR}/webhooks", hooks.gateway.box.traders[CONSIGNEE].token
    )
    assert foreign.status == 404
    assert hooks.one(made["id"])["id"] == made["id"]


def test_agent_has_no_say_in_the_webhooks_of_a_trader(hooks: Hooks, hook: Receiver) -> None:
    """Whatever it may read: its own token opens none of them, as if there was no such trader, and it makes none."""
    made, station = hooks.make(hook.url), hooks.gateway.station
    token = Registry(station.runtime.store).issue_token(BROKER, datetime.now(UTC))
    let(station, CONSIGNOR, reads=["*"])
    path, headers = f"/v1/traders/{CONSIGNOR}/webhooks", {"Authorization": f"Bearer {token}", "Content-Type": JSON}
    body = json.dumps({"url": hook.url}).encode()
    asked = [("GET", ""), ("POST", ""), ("GET", f"/{made['id']}"), ("DELETE", f"/{made['id']}")]
    asked += [("POST", f"/{made['id']}/{what}") for what in ("rotation", "ping", "dead-letters/resending")]

    assert hooks.gateway.get(f"/v1/traders/{CONSIGNOR}/messages", token).status == 200
    for method, more in asked:
        answer = hooks.gateway.ask(method, path + more, body if method == "POST" else None, headers)
        assert (answer.status, answer.json["type"]) == (404, "/problems/not-found"), (method, more)
    assert [one["id"] for one in hooks.ask("GET").json["webhooks"]] == [made["id"]]


def test_trader_has_so_many_webhooks(hooks: Hooks, hook: Receiver) -> None:
    """One more is refused, and one that is removed makes room."""
    made = [hooks.make(hook.url) for _ in range(MOST)]

    refused = hooks.ask("POST", body={"url": hook.url})
    hooks.ask("DELETE", f"/{made[0]['id']}")

    assert (refused.status, refused.json["type"]) == (422, "/problems/webhook-refused")
    assert hooks.make(hook.url)
    assert hooks.ask("GET", f"/{made[0]['id']}").status == 404


@pytest.mark.parametrize(
    ("body", "kind", "told"),
    [
        ({"url": "http://10.0.0.1/"}, "webhook-refused", "webhook_hosts"),
        ({"url": "https://127.0.0.1/"}, "webhook-refused", "webhook_schemes"),
        ({}, "invalid-parameter", "url"),
        ({"url": 1, "types": ["IE999"], "direction": "up", "after": -1, "more": 1}, "invalid-parameter", "direction"),
        ([], "invalid-parameter", "dictionary"),
    ],
)
def test_webhook_that_cannot_be_is_refused(hooks: Hooks, body: object, kind: str, told: str) -> None:
    """With everything that is wrong, or with the setting that decides it."""
    answer = hooks.ask("POST", body=body)

    assert (answer.status, answer.json["type"]) == (422, f"/problems/{kind}")
    assert told in answer.json["detail"]
    assert hooks.ask("GET").json["webhooks"] == []


def test_webhook_that_is_removed_is_not_called_any_more(hooks: Hooks, hook: Receiver) -> None:
    """With what was waiting and what was given up."""
    webhook, _ = given_up(hooks, hook)

    assert hooks.ask("DELETE", f"/{webhook}").status == 200
    hooks.submit()

    assert hooks.gateway.station.rows("webhook_dead_letter") == []
    assert hook.calls.empty()


def test_key_that_is_lost_keeps_webhooks_waiting(fresh: Served, hook: Receiver) -> None:
    """Nothing is told unsigned; the reason says what to bring back, and then it goes on."""
    hooks = Hooks(fresh)
    made = hooks.make(hook.url, direction="out")
    key = fresh.station.member.data.webhook_key
    content = key.read_bytes()
    key.write_bytes(b"damaged")

    last = hooks.submit()
    failing = until(hooks, made["id"], tries=1)
    key.write_bytes(content)
    fresh.station.clock.move(seconds=1)

    assert "is not the key" in failing["reason"]
    assert hook.next().signed_by(made["secret"])
    assert until(hooks, made["id"], completeThrough=last)["tries"] == 0
