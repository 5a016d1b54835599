"""Many messages are acknowledged in one request, which tells what it has changed."""

import json
from typing import Any

import pytest

from helpers.gateway import CONSIGNOR, SECOND_CONSIGNOR, new_draft
from helpers.served import JSON, Answer, Served

MESSAGES = f"/v1/traders/{CONSIGNOR}/messages"
PLACE = f"{MESSAGES}/acknowledgements"


@pytest.fixture(scope="module")
def token(gateway: Served) -> str:
    """The consignor's token; its mailbox has four drafts and their e-SADs."""
    for _ in range(4):
        assert gateway.submit(gateway.box.signed(CONSIGNOR, new_draft())).status == 201
    return gateway.box.traders[CONSIGNOR].token


def acknowledge(gateway: Served, token: str, asked: Any, path: str = PLACE) -> Answer:
    """Acknowledge many."""
    headers = {"Authorization": f"Bearer {token}", "Content-Type": JSON}
    return gateway.ask("POST", path, json.dumps(asked).encode(), headers)


def unread(gateway: Served, token: str) -> list[int]:
    """The numbers of what was not acknowledged."""
    return [one["seq"] for one in gateway.get(f"{MESSAGES}?unread=true", token).json["messages"]]


def test_those_that_are_named_are_acknowledged(gateway: Served, token: str) -> None:
    """A second time changes nothing, and what there is not is told; then all up to a number, then all."""
    assert unread(gateway, token) == [2, 4, 6, 8]

    first = acknowledge(gateway, token, {"messages": [4, 4, 99, 1]})
    again = acknowledge(gateway, token, {"messages": [4, 2]})
    through = acknowledge(gateway, token, {"through": 6})

    assert first.json == {"changed": [1, 4], "missing": [99], "complete": True}
    assert again.json == {"changed": [2], "missing": [], "complete": True}
    assert through.json == {"changed": [6], "missing": [], "complete": True}
    assert unread(gateway, token) == [8]
    assert acknowledge(gateway, token, {"through": 2**53 - 1}).json["changed"] == [8]
    assert acknowledge(gateway, token, {"through": 8}).json["changed"] == []
    assert unread(gateway, token) == []


@pytest.mark.parametrize(
    ("asked", "wrong"),
    [
        ({}, "body"),
        ({"through": 1, "messages": [1]}, "body"),
        ({"through": "1"}, "body.through"),
        ({"through": 0}, "body.through"),
        ({"messages": []}, "body.messages"),
        ({"messages": [1, "2"]}, "body.messages.1"),
        ({"messages": [1] * 1001}, "body.messages"),
        ({"since": 1, "through": 1}, "body.since"),
        ([1], "body"),
    ],
)
def test_what_cannot_be_meant_is_refused(gateway: Served, token: str, asked: Any, wrong: str) -> None:
    """Nothing is acknowledged, and the place is told."""
    answer = acknowledge(gateway, token, asked)

    assert (answer.status, answer.json["type"]) == (422, "/problems/invalid-parameter")
    assert [one["parameter"] for one in answer.json["parameters"]] == [wrong]


def test_another_mailbox_is_as_one_that_is_missing(gateway: Served, token: str) -> None:
    """Whatever is asked of it."""
    for asked in ({"through": 1}, {"nonsense": 1}):
        answers = [
            acknowledge(gateway, token, asked, PLACE.replace(CONSIGNOR, seed))
            for seed in (SECOND_CONSIGNOR, "LT00000000999")
        ]
        assert [one.status for one in answers] == [404, 404]
    assert gateway.ask("POST", PLACE, b"{}", {"Content-Type": JSON}).status == 401


def test_body_is_json(gateway: Served, token: str) -> None:
    """By its type, and in truth."""
    access = {"Authorization": f"Bearer {token}"}

    assert gateway.ask("POST", PLACE, b"{}", {**access, "Content-Type": "text/plain"}).status == 415
    assert gateway.ask("POST", PLACE, b"{", {**access, "Content-Type": JSON}).status == 400
    assert gateway.ask("POST", PLACE, b" " * 70_000, {**access, "Content-Type": JSON}).status == 413
