"""Reading a mailbox: a cursor without gaps, exact bytes, and nothing for strangers."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import text

from esad_gateway.ports.reading import Listed
from esad_gateway.signing.verifier import Verifier
from esad_gateway.simulator.drafts import read
from esad_gateway.views.json import listed_view
from esad_gateway.xml.parse import parse
from esad_gateway.xml.plain import message_from_plain
from helpers.gateway import CONSIGNEE, CONSIGNOR, NOW, SECOND_CONSIGNOR, edited, new_draft
from helpers.served import JSON, XML, Answer, Served

MESSAGES = f"/v1/traders/{CONSIGNOR}/messages"
NOBODY = "LT00000000999"


@pytest.fixture(scope="module")
def token(gateway: Served) -> str:
    """The consignor's token; its mailbox holds three drafts with their e-SADs, and a broken one with its IE917."""
    signer = gateway.box.traders[CONSIGNOR].signer
    for _ in range(3):
        assert gateway.submit(gateway.box.signed(CONSIGNOR, new_draft())).status == 201
    broken = edited(gateway.box.signed(CONSIGNOR, new_draft()), signer, (b">D05<", b">soon<"))
    assert gateway.submit(broken).status == 422
    assert gateway.submit(gateway.box.signed(SECOND_CONSIGNOR, new_draft(SECOND_CONSIGNOR))).status == 201
    return gateway.box.traders[CONSIGNOR].token


def page(gateway: Served, token: str, query: str = "") -> dict[str, Any]:
    """A page of the consignor's mailbox."""
    answer = gateway.get(f"{MESSAGES}?{query}", token)
    assert (answer.status, answer.headers["content-type"]) == (200, JSON)
    found: dict[str, Any] = answer.json
    return found


def pages(gateway: Served, token: str, limit: int) -> Iterator[dict[str, Any]]:
    """All pages from the beginning, up to the first empty one."""
    after = 0
    while (one := page(gateway, token, f"after={after}&limit={limit}"))["messages"]:
        yield one
        assert one["completeThrough"] > after
        after = one["completeThrough"]


def numbers(found: dict[str, Any]) -> list[int]:
    """The numbers on a page."""
    return [item["seq"] for item in found["messages"]]


def test_moment_at_the_end_of_time_is_shown_in_utc() -> None:
    """Clocks ahead of UTC have no such moment; a page that holds it is answered all the same."""
    last = "9999-12-31T23:59:59.999999+00:00"
    listed = Listed(
        mailbox="LT00000000101",
        seq=1,
        direction="in",
        type="IE801",
        identifier="id",
        correlation=None,
        arc=None,
        sequence=None,
        outcome="accepted",
        document=bytes(32),
        recorded_at=last,
        acknowledged_at=None,
    )

    assert listed_view(listed, ZoneInfo("Europe/Vilnius"))["recordedAt"] == last


def test_page_lists_everything_in_order(gateway: Served, token: str) -> None:
    """Oldest first, with what is known of each message."""
    found = page(gateway, token)

    assert numbers(found) == list(range(1, 9))
    assert found["completeThrough"] == 8
    assert [item["message"] for item in found["messages"]] == ["IE815", "IE801"] * 3 + ["IE815", "IE917"]
    assert [item["direction"] for item in found["messages"]] == ["in", "out"] * 4
    assert [item["outcome"] for item in found["messages"]] == ["accepted"] * 6 + ["refused", "accepted"]
    first, second = found["messages"][:2]
    assert first["arc"] == second["arc"]
    assert first["recordedAt"] == "2026-03-02T12:00:00.000000+02:00"
    assert (first["acknowledgedAt"], second["sequenceNumber"]) == (None, 1)


@pytest.mark.parametrize("limit", [1, 3, 8, 500])
def test_cursor_skips_and_repeats_nothing(gateway: Served, token: str, limit: int) -> None:
    """Page by page, every message comes once."""
    found = list(pages(gateway, token, limit))

    assert [number for one in found for number in numbers(one)] == list(range(1, 9))
    assert all(len(numbers(one)) <= limit for one in found)
    assert [one["completeThrough"] for one in found] == [numbers(one)[-1] for one in found]


def test_page_beyond_the_end_is_empty_and_honest(gateway: Served, token: str) -> None:
    """Nothing is complete beyond the last number that was given out."""
    assert page(gateway, token, "after=8") == {"messages": [], "completeThrough": 8}
    assert page(gateway, token, "after=1000") == {"messages": [], "completeThrough": 8}


def test_filters_narrow_a_page(gateway: Served, token: str) -> None:
    """By type and by movement; the page says how far it has looked, not where the last match stood."""
    arc = page(gateway, token)["messages"][2]["arc"]

    by_type, by_arc, both = (
        page(gateway, token, query) for query in ("type=IE801", f"arc={arc}", f"arc={arc}&type=IE801")
    )

    assert (numbers(by_type), by_type["completeThrough"]) == ([2, 4, 6], 8)
    assert (numbers(by_arc), by_arc["completeThrough"]) == ([3, 4], 8)
    assert numbers(both) == [4]
    assert page(gateway, token, "type=IE802") == {"messages": [], "completeThrough": 8}
    assert page(gateway, token, "type=IE829") == {"messages": [], "completeThrough": 8}
    assert page(gateway, token, "type=IE801&limit=2")["completeThrough"] == 4


def test_direction_narrows_a_page(gateway: Served, token: str) -> None:
    """What the trader sent, or what it was sent."""
    sent, received = (page(gateway, token, f"direction={way}") for way in ("in", "out"))

    assert (numbers(sent), numbers(received)) == ([1, 3, 5, 7], [2, 4, 6, 8])
    assert sent["completeThrough"] == received["completeThrough"] == 8
    assert numbers(page(gateway, token, "direction=out&type=IE917")) == [8]


def test_since_narrows_a_page(fresh: Served) -> None:
    """Recorded at that moment or later, in whatever zone it is said; a clock that was put back hides nothing."""
    token, clock = fresh.box.traders[CONSIGNOR].token, fresh.station.clock
    for hours in (0, 2, 2, -3, 5):
        clock.set_hands(hours=hours)
        assert fresh.submit(fresh.box.signed(CONSIGNOR, new_draft())).status == 201

    found = {
        since: numbers(page(fresh, token, f"direction=in&since={quote(since)}"))
        for since in ("2026-03-02T12:00:00Z", "2026-03-02T14:00:00+02:00", "2026-03-02T12:00:00.000001Z")
    }
    later = [
        numbers(page(fresh, token, f"direction=in&since=2026-03-{day}Z&after=3")) for day in ("02T14:00", "03T00:00")
    ]

    assert list(found.values()) == [[3, 5, 9], [3, 5, 9], [5, 9]]
    assert later == [[5, 9], []]
    assert page(fresh, token, "since=2026-03-03T00:00Z")["completeThrough"] == 10


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("direction=both", "'in' or 'out'"),
        ("since=2026-03-02", "timezone"),
        ("since=yesterday", "valid datetime"),
        ("type=ie801", "IE801, IE802"),
        ("type=IE0801", "known are IE"),
        ("type=", "known are IE"),
        ("arc=26ltjl4ntrk6hxfgsg5p6", "expected 21 characters"),
        ("arc=26LTJL4NTRK6HXFGSG5P7", "wrong check digit; expected"),
        ("arc=", "expected 21 characters"),
    ],
)
def test_filter_that_nothing_can_match_is_refused(gateway: Served, token: str, query: str, said: str) -> None:
    """An empty page would move the cursor past what was there: the value and what would do are told instead."""
    answer = gateway.get(f"{MESSAGES}?after=0&{query}", token)

    assert (answer.status, answer.json["type"]) == (422, "/problems/invalid-parameter")
    (wrong,) = answer.json["parameters"]
    name, _, value = query.partition("=")
    assert (wrong["parameter"], wrong["value"]) == (f"query.{name}", value)
    assert said in wrong["message"]


@pytest.mark.parametrize(
    ("accept", "shown"),
    [
        ("application/json", JSON),
        ("application/json, application/xml;q=0.5", JSON),
        ("APPLICATION/JSON;charset=utf-8", JSON),
        ("text/xml", "text/xml; charset=utf-8"),
        ("application/xml, application/json;q=0.9", XML),
        ("application/json;q=0, */*", XML),
        ("application/json;q=0", None),
        ("application/*;q=0.2, text/html", XML),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", XML),
        ("application/jsonlines", None),
        ("application/xml;profile=application/json", XML),
        ("", XML),
        ("nonsense", XML),
        ("image/png", None),
    ],
)
def test_accept_says_what_a_message_is_shown_as(gateway: Served, token: str, accept: str, shown: str | None) -> None:
    """Ranges, qualities and parameters count; a name inside another one does not; what nobody can show is 406."""
    answer = gateway.get(f"{MESSAGES}/2", token, Accept=accept)

    if shown is None:
        assert (answer.status, answer.json["type"]) == (406, "/problems/not-acceptable")
        assert "application/json" in answer.json["detail"]
    else:
        assert (answer.status, answer.headers["content-type"]) == (200, shown)


def test_acknowledged_messages_are_not_unread(fresh: Served) -> None:
    """Unread is what was sent to the trader and not acknowledged; the first acknowledgement counts."""
    fresh.submit(fresh.box.signed(CONSIGNOR, new_draft()))
    fresh.submit(fresh.box.signed(CONSIGNOR, new_draft()))
    token = fresh.box.traders[CONSIGNOR].token
    access = {"Authorization": f"Bearer {token}"}
    assert numbers(page(fresh, token, "unread=true")) == [2, 4]

    first = fresh.ask("PUT", f"{MESSAGES}/2/acknowledgement", headers=access)
    fresh.station.clock.move(hours=1)
    second = fresh.ask("PUT", f"{MESSAGES}/2/acknowledgement", headers=access)

    assert (first.status, second.status) == (200, 200)
    assert first.json == second.json
    assert first.json["acknowledgedAt"] == "2026-03-02T12:00:00.000000+02:00"
    assert numbers(page(fresh, token, "unread=true")) == [4]
    assert numbers(page(fresh, token)) == [1, 2, 3, 4]


def test_message_is_given_back_byte_by_byte(gateway: Served) -> None:
    """What was sent comes back as it was sent, and its signature still holds."""
    document = gateway.box.signed(SECOND_CONSIGNOR, new_draft(SECOND_CONSIGNOR))
    receipt = gateway.submit(document).json
    token = gateway.box.traders[SECOND_CONSIGNOR].token
    mine, theirs = (
        gateway.get(f"/v1/traders/{SECOND_CONSIGNOR}/messages/{number}", token)
        for number in (receipt["seq"], receipt["replies"][0]["seq"])
    )

    assert (mine.status, mine.headers["content-type"]) == (200, XML)
    assert mine.body == document
    trust = gateway.station.member.data.load_trust()
    fingerprints = [Verifier(trust, None).verify(parse(answer.body), NOW).fingerprint for answer in (mine, theirs)]
    assert fingerprints == [
        gateway.box.traders[SECOND_CONSIGNOR].signer.fingerprint,
        gateway.box.administration("LT").fingerprint,
    ]


def test_message_has_a_json_view(gateway: Served, token: str) -> None:
    """The fields of the message, from which the same message can be made."""
    xml = gateway.get(f"{MESSAGES}/2", token)
    view = gateway.get(f"{MESSAGES}/2", token, Accept=JSON)

    assert (view.status, view.headers["content-type"]) == (200, JSON)
    assert view.json["message"] == "IE801"
    assert message_from_plain(view.json) == read(xml.body)


def test_message_without_fields_has_no_json_view(gateway: Served, token: str) -> None:
    """What the schema refused can be had as it came, and only so."""
    view = gateway.get(f"{MESSAGES}/7", token, Accept=JSON)

    assert (view.status, view.json["type"]) == (406, "/problems/no-json-view")
    assert b">soon<" in gateway.get(f"{MESSAGES}/7", token).body


@pytest.mark.parametrize(
    ("method", "place"),
    [
        ("GET", "messages"),
        ("GET", "messages/1"),
        ("GET", "messages/100"),
        ("PUT", "messages/1/acknowledgement"),
        ("GET", "movements"),
        ("GET", "movements/26LT999999999999999P2"),
    ],
)
def test_foreign_mailbox_is_like_a_missing_one(gateway: Served, token: str, method: str, place: str) -> None:
    """Neither status nor text nor headers tell whether somebody else's mailbox exists."""
    access = {"Authorization": f"Bearer {token}"}

    foreign, missing = (
        gateway.ask(method, f"/v1/traders/{seed}/{place}", headers=access) for seed in (SECOND_CONSIGNOR, NOBODY)
    )

    assert foreign.status == missing.status == 404
    assert foreign.body == missing.body.replace(NOBODY.encode(), SECOND_CONSIGNOR.encode())
    assert foreign.headers.keys() == missing.headers.keys()
    assert foreign.json["type"] == "/problems/not-found"


def test_missing_message_is_not_found(gateway: Served, token: str) -> None:
    """A number that was not given out yet."""
    access = {"Authorization": f"Bearer {token}"}

    assert gateway.get(f"{MESSAGES}/9", token).status == 404
    assert gateway.ask("PUT", f"{MESSAGES}/9/acknowledgement", headers=access).status == 404


def test_empty_mailbox_is_an_empty_page(gateway: Served) -> None:
    """A trader that nothing was sent to has an empty mailbox, not a missing one."""
    trader = gateway.box.traders[CONSIGNEE]

    assert gateway.get(f"/v1/traders/{CONSIGNEE}/messages", trader.token).json == {
        "messages": [],
        "completeThrough": 0,
    }


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": ""},
        {"Authorization": "Bearer"},
        {"Authorization": "Bearer "},
        {"Authorization": "Bearer nonsense"},
        {"Authorization": "Bearer \xe9\xff"},
        {"Authorization": "Basic {token}"},
        {"Authorization": "{token}"},
    ],
    ids=str,
)
@pytest.mark.parametrize("path", [MESSAGES, f"{MESSAGES}/1", f"/v1/operators/{CONSIGNOR}"])
def test_reading_needs_a_token(gateway: Served, token: str, path: str, headers: dict[str, str]) -> None:
    """401, the same whatever is wrong with the token: whether one was shown at all is all that is told."""
    answer = gateway.ask("GET", path, headers={name: value.format(token=token) for name, value in headers.items()})

    assert (answer.status, answer.headers["www-authenticate"]) == (401, "Bearer")
    assert answer.json["type"] == "/problems/no-token"
    shown = headers.get("Authorization", "").strip() not in {"", "Bearer"} and "Bearer" in headers["Authorization"]
    assert ("is not known to this gateway" in answer.json["detail"]) is shown


def test_token_that_was_revoked_opens_nothing(gateway: Served) -> None:
    """Revoking works at once, in a gateway that runs."""
    registry = gateway.station.runtime.registry
    token = registry.issue_token(CONSIGNEE, NOW)
    path = f"/v1/traders/{CONSIGNEE}/messages"
    before = gateway.get(path, token)
    registry.revoke_tokens(CONSIGNEE, NOW)

    assert (before.status, gateway.get(path, token).status) == (200, 401)


@pytest.mark.parametrize(
    "query",
    [
        "after=-1",
        "after=x",
        f"after={2**63}",
        "limit=0",
        "limit=501",
        "unread=perhaps",
        "before=1",
        "after=1&limit=-1",
    ],
)
def test_wrong_parameters_are_told_all_at_once(gateway: Served, token: str, query: str) -> None:
    """422 names every parameter that cannot be, and what was expected."""
    answer = gateway.get(f"{MESSAGES}?{query}", token)

    assert (answer.status, answer.json["type"]) == (422, "/problems/invalid-parameter")
    assert [item["parameter"].startswith("query.") for item in answer.json["parameters"]] == [True]


@pytest.mark.parametrize("number", ["0", "-1", "x", str(2**63), "1.5"])
def test_number_that_cannot_be_is_a_wrong_parameter(gateway: Served, token: str, number: str) -> None:
    """What no message can be numbered is told as such."""
    assert gateway.get(f"{MESSAGES}/{number}", token).status == 422


def test_reader_misses_nothing_while_others_write(fresh: Served) -> None:
    """A reader that asks for what came after its last page, while messages pour in, sees each once and in order."""
    token = fresh.box.traders[CONSIGNOR].token
    documents = [fresh.box.signed(CONSIGNOR, new_draft()) for _ in range(20)]
    seen: list[int] = []
    after = 0

    def submit(document: bytes) -> Answer:
        return fresh.submit(document)

    with ThreadPoolExecutor(4) as threads:
        pending = [threads.submit(submit, document) for document in documents]
        while len(seen) < 40:
            finished = all(future.done() for future in pending)
            one = page(fresh, token, f"after={after}&limit=3")
            seen += numbers(one)
            assert one["completeThrough"] > after or not finished
            after = one["completeThrough"]

    assert seen == list(range(1, 41))


def test_reading_goes_on_while_somebody_writes(fresh: Served) -> None:
    """A transaction that takes long holds up no reader."""
    token = fresh.box.traders[CONSIGNOR].token
    fresh.submit(fresh.box.signed(CONSIGNOR, new_draft()))
    with fresh.station.runtime.store.writer.begin() as connection:
        connection.execute(text("DELETE FROM attempt"))

        assert numbers(page(fresh, token)) == [1, 2]
