"""Entity tags: what a client has already is not sent again."""

import json
import sys
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from traceback import walk_stack

import pytest

from esad_gateway.batch.saad_list import SaadList
from esad_gateway.rest.examples_batches import ENTRY
from esad_gateway.store.database import writing
from esad_gateway.web.conditional import entity_tag, names
from helpers.batch_door import TraderAtDoor
from helpers.gateway import CONSIGNEE, CONSIGNOR, FOREIGN_CONSIGNEE, PATIENCE, new_draft
from helpers.served import Answer, Served

SEEN = {**ENTRY, "lines": [dict(one) for one in ENTRY["lines"]]}
THREE = {**SEEN["lines"][0], "quantity": "3"}
MANY = 2
TRADER = f"/v1/traders/{CONSIGNOR}"


@pytest.fixture(scope="module")
def token(gateway: Served) -> str:
    """The consignor's token; its mailbox has a draft and its e-SAD."""
    assert gateway.submit(gateway.box.signed(CONSIGNOR, new_draft())).status == 201
    return gateway.box.traders[CONSIGNOR].token


@pytest.fixture(scope="module")
def arc(gateway: Served, token: str) -> str:
    """The ARC of that movement."""
    found: str = gateway.get(f"{TRADER}/messages", token).json["messages"][0]["arc"]
    return found


def places(arc: str) -> Mapping[str, str]:
    """What is read with a token, by what it is."""
    return {
        "document": f"{TRADER}/messages/2",
        "mailbox": f"{TRADER}/messages",
        "movements": f"{TRADER}/movements",
        "movement": f"{TRADER}/movements/{arc}",
        "operator": f"/v1/operators/{FOREIGN_CONSIGNEE}",
        "batches": f"{TRADER}/batches",
        "SAAD list": f"{TRADER}/saad",
    }


@pytest.mark.parametrize("what", places(""))
def test_what_is_here_already_is_not_sent_again(gateway: Served, token: str, arc: str, what: str) -> None:
    """The same tag each time, nothing else of the answer, and nobody in between keeps it."""
    path = places(arc)[what]
    first, again = gateway.get(path, token), gateway.get(path, token)
    tag = first.headers["etag"]

    known = gateway.get(path, token, **{"If-None-Match": f'"other", W/{tag}'})
    other = gateway.get(path, token, **{"If-None-Match": '"other"'})

    assert first.status == again.status == other.status == 200
    assert again.headers["etag"] == other.headers["etag"] == tag == entity_tag(first.body)
    assert first.headers["cache-control"] == "private, no-cache"
    assert "Accept" in first.headers["vary"]
    assert (known.status, known.body, known.headers["etag"]) == (304, b"", tag)
    assert other.body == first.body


def test_tag_tells_one_form_from_another(gateway: Served, token: str) -> None:
    """Of the same message, its bytes and its fields."""
    document, fields = (
        gateway.get(f"{TRADER}/messages/2", token, Accept=f"application/{form}") for form in ("xml", "json")
    )
    known = gateway.get(
        f"{TRADER}/messages/2", token, **{"Accept": "application/json", "If-None-Match": document.headers["etag"]}
    )

    assert document.headers["etag"] != fields.headers["etag"]
    assert (known.status, known.body) == (200, fields.body)


def test_changed_list_is_sent(gateway: Served, token: str) -> None:
    """What came in between is in it; so is what was acknowledged."""
    tag = gateway.get(f"{TRADER}/messages", token).headers["etag"]
    acknowledged = gateway.ask(
        "PUT", f"{TRADER}/messages/2/acknowledgement", headers={"Authorization": f"Bearer {token}"}
    )

    assert acknowledged.status == 200
    assert gateway.get(f"{TRADER}/messages", token, **{"If-None-Match": tag}).status == 200


def change(gateway: Served, token: str, method: str, path: str, tag: str, body: bytes | None = None) -> Answer:
    """Change something on a condition."""
    headers = {"Authorization": f"Bearer {token}", "If-Match": tag, "Content-Type": "application/json"}
    return gateway.ask(method, path, body, headers)


def test_only_the_message_that_was_seen_is_acknowledged(gateway: Served, token: str) -> None:
    """By the tag of its bytes; with another one nothing happens."""
    path = f"{TRADER}/messages/1"
    shown = gateway.get(path, token)

    refused = change(gateway, token, "PUT", f"{path}/acknowledgement", '"other", W/"another"')
    untouched = gateway.get(f"{TRADER}/messages", token).json["messages"][0]["acknowledgedAt"]
    done = change(gateway, token, "PUT", f"{path}/acknowledgement", f'"other", {shown.headers["etag"]}')

    assert (refused.status, refused.json["type"]) == (412, "/problems/changed-since")
    assert shown.headers["etag"] in refused.json["detail"]
    assert untouched is None
    assert (done.status, done.json["seq"]) == (200, 1)


def test_only_the_record_that_was_seen_is_changed(gateway: Served) -> None:
    """A correction and a withdrawal of what somebody else has corrected meanwhile: with the new tag they are taken."""
    trader = TraderAtDoor(gateway, CONSIGNEE)
    number = trader.send("/saad", json.dumps(SEEN).encode()).json["record"]["id"]
    path, entry = f"/v1/traders/{CONSIGNEE}/saad/{number}", json.dumps({**SEEN, "lines": [THREE]}).encode()
    seen = gateway.get(path, trader.token).headers["etag"]

    corrected = change(gateway, trader.token, "POST", f"{path}/corrections", seen, entry)
    late = change(gateway, trader.token, "POST", f"{path}/corrections", seen, json.dumps(SEEN).encode())
    too_late = change(gateway, trader.token, "POST", f"{path}/withdrawal", seen)
    now = gateway.get(path, trader.token)
    withdrawn = change(gateway, trader.token, "POST", f"{path}/withdrawal", now.headers["etag"])

    assert (corrected.status, corrected.json["outcome"]) == (200, "corrected")
    assert [one.json["type"] for one in (late, too_late)] == ["/problems/changed-since"] * 2
    assert (late.status, too_late.status, now.json["version"]) == (412, 412, 2)
    assert (withdrawn.status, withdrawn.json["outcome"]) == (200, "withdrawn")


def at_the_store() -> int:
    """How many threads are about to enter something in a SAAD list, or wait until they may."""
    running = sys._current_frames().values()  # noqa: SLF001 - nothing else tells where threads are
    entering = {SaadList.correct.__code__, SaadList.withdraw.__code__}
    return sum(any(frame.f_code in entering for frame, _ in walk_stack(top)) for top in running)


def test_of_many_who_have_seen_the_same_record_one_changes_it(gateway: Served) -> None:
    """All are at the store before the first one writes: the others are told, and set nobody's correction back."""
    trader = TraderAtDoor(gateway, CONSIGNEE)
    seen = {**SEEN, "document": "D-2026-412"}
    number = trader.send("/saad", json.dumps(seen).encode()).json["record"]["id"]
    path = f"/v1/traders/{CONSIGNEE}/saad/{number}"
    tag = gateway.get(path, trader.token).headers["etag"]

    def corrects(person: int) -> int:
        body = json.dumps({**seen, "lines": [{**THREE, "quantity": str(person + 10)}]}).encode()
        return change(gateway, trader.token, "POST", f"{path}/corrections", tag, body).status

    with ThreadPoolExecutor(MANY + 1) as pool:
        with writing(gateway.station.runtime.store.writer):
            statuses = [pool.submit(corrects, person) for person in range(MANY)]
            withdrawal = pool.submit(change, gateway, trader.token, "POST", f"{path}/withdrawal", tag)
            until(lambda: at_the_store() == MANY + 1)
        answered = sorted([*(one.result(PATIENCE) for one in statuses), withdrawal.result(PATIENCE).status])

    assert answered == [200] + [412] * MANY
    assert gateway.get(path, trader.token).json["version"] == 2


def until(reached: Callable[[], bool]) -> None:
    """Return when something is so."""
    waiting = Event()
    for _ in range(int(PATIENCE * 50)):
        if reached():
            return
        waiting.wait(0.02)
    raise AssertionError("it is never so")


def test_only_the_batch_that_was_seen_is_resumed_or_withdrawn(gateway: Served) -> None:
    """By the tag of what was shown of it; with another one it stays as it is."""
    trader = TraderAtDoor(gateway, CONSIGNEE)
    path = f"/v1/traders/{CONSIGNEE}/batches/{trader.hand_in(b'state', kind='saad').json['id']}"
    before = gateway.get(path, trader.token)

    refused = [change(gateway, trader.token, "POST", f"{path}/{deed}", '"a"') for deed in ("resumption", "withdrawal")]

    assert [(one.status, one.json["type"]) for one in refused] == [(412, "/problems/changed-since")] * 2
    assert gateway.get(path, trader.token).json["state"] == before.json["state"]


def test_condition_on_what_is_not_there_is_not_found(gateway: Served, token: str) -> None:
    """Any tag names something that is there."""
    for method, path in (
        ("PUT", f"{TRADER}/messages/99/acknowledgement"),
        ("POST", f"{TRADER}/batches/{'0' * 32}/resumption"),
        ("POST", f"{TRADER}/saad/{'0' * 32}/withdrawal"),
    ):
        assert change(gateway, token, method, path, '"a"').status == 404
        assert change(gateway, token, method, path, "*").status in {404, 422}


def test_refusal_has_no_tag(gateway: Served, token: str) -> None:
    """A condition changes nothing about who may read what."""

    def asked(path: str, access: str | None) -> Answer:
        return gateway.get(path, access, **{"If-None-Match": "*"})

    missing, foreign, nobody = (
        asked(f"{TRADER}/messages/99", token),
        asked("/v1/traders/LT00000000102/messages", token),
        asked(f"{TRADER}/messages", None),
    )

    assert [one.status for one in (missing, foreign, nobody)] == [404, 404, 401]
    assert not any("etag" in one.headers for one in (missing, foreign, nobody))


@pytest.mark.parametrize(
    ("condition", "named"),
    [
        ("*", True),
        (' "a" ', True),
        ('W/"a"', True),
        ('"b" ,W/"a"', True),
        (',, "a"', True),
        ('"a,b", "a"', True),
        ('"a,b"', False),
        ('"aa"', False),
        ("a", False),
        ("", False),
        ('b, "a"', False),
        ('"a', False),
        ('"a" "b"', False),
    ],
)
def test_condition_is_a_list_of_tags(condition: str, named: bool) -> None:  # noqa: FBT001 - what is expected
    """Weak or not, in any place; what is no list names nothing behind its mistake."""
    assert names(condition, '"a"') is named
