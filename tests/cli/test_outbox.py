"""``esad outbox``: what waits for other administrations and why, and trying it again."""

from datetime import timedelta
from pathlib import Path

import pytest

from esad_gateway.cli.common.administration import account
from esad_gateway.ports.outbox import Attempt
from helpers.command_line import Esad
from helpers.gateway import CONSIGNOR, NOW, Box, copy_of_box, new_draft
from helpers.protocol import change
from helpers.scenario import Scenario

TOO_LARGE, UNKNOWN, DOWN = "HTTP 413: this document is too large for it", "refused: unknown certificate", "HTTP 503"


def tried(number: int, error: str, refusals: int, *, given_up: bool = False) -> Attempt:
    """A try that failed."""
    due = None if given_up else NOW + timedelta(minutes=5)
    return Attempt(dispatch=number, at=NOW, error=error, next_due=due, refusals=refusals, noted=True)


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Box:
    """Lithuania has five documents for Poland.

    The first is given up, a change of its destination stands behind it, one is refused, and two are in line.
    """
    box = copy_of_box(tmp_path_factory.mktemp("box"))
    with box.open("LT") as lt:
        lt.take(box.signed(CONSIGNOR, new_draft()))
        assert Scenario(box, lt, lt, lt.last(CONSIGNOR)).consignor(change()).faults == ()
        for _ in range(3):
            lt.take(box.signed(CONSIGNOR, new_draft()))
        lt.runtime.store.record([tried(1, UNKNOWN, 1, given_up=True), tried(3, TOO_LARGE, 1), tried(4, DOWN, 0)])
    return box


@pytest.fixture
def box(prepared: Box, tmp_path: Path) -> Box:
    """A copy of those member states."""
    return prepared.copied(tmp_path)


@pytest.fixture
def data(box: Box) -> Path:
    """The data directory of Lithuania, no gateway runs on it."""
    return box.members["LT"].data.root


def test_list_shows_each_administration_and_what_is_in_trouble(esad: Esad, data: Path) -> None:
    """Counts and the reason for each administration; then number, standing, tries, moments, reason of a document."""
    printed = esad("outbox", "list", "--data", data)

    lines = [line.split("\t") for line in printed.out.splitlines()]
    assert printed.code == 1
    assert lines[0] == ["administration", "waiting", "refused", "dead letters", "why"]
    assert lines[1] == ["NDEA.PL", "3", "1", "1", DOWN]
    assert lines[2][:2] == ["number", "for"]
    assert [(line[0], line[2], *line[4:]) for line in lines[3:]] == [
        ("1", "IE801", "dead letter", "1", "2026-03-02T10:00:00Z", "", UNKNOWN),
        ("2", "IE813", "behind", "0", "", "", ""),
        ("3", "IE801", "refused", "1", "2026-03-02T10:00:00Z", "2026-03-02T10:05:00Z", TOO_LARGE),
    ]
    assert lines[3][3] == lines[4][3] != lines[5][3]


def test_list_is_told_in_lithuanian(esad: Esad, data: Path) -> None:
    """The reasons as well, though the store has them in English; in JSON they are in both languages."""
    told = esad("outbox", "list", "--data", data, "--lang", "lt").out
    (shown,) = esad("outbox", "list", "--json", "--data", data).objects

    assert "HTTP būsena 413: šis dokumentas jai per didelis" in told
    assert "nepriima: unknown certificate" in told.replace("nepriimta", "nepriima")
    (line,), (refused,) = shown["administrations"], [one for one in shown["documents"] if one["standing"] == "refused"]
    assert (line["reason"], line["reasons"]) == (DOWN, {"en": DOWN, "lt": "HTTP būsena 503"})
    assert refused["reasons"] == {"en": TOO_LARGE, "lt": "HTTP būsena 413: šis dokumentas jai per didelis"}


def test_list_of_everything_shows_what_is_in_line_as_well(esad: Esad, data: Path) -> None:
    """In JSON the same, with the message identifiers."""
    (shown,) = esad("outbox", "list", "--all", "--json", "--data", data).objects

    documents, both = shown["documents"], {"en": DOWN, "lt": "HTTP būsena 503"}
    assert [one["standing"] for one in documents] == ["dead letter", "behind", "refused", "waiting", "waiting"]
    assert len({one["identifier"] for one in documents}) == 5
    assert shown["administrations"] == [
        {"destination": "NDEA.PL", "waiting": 3, "refused": 1, "dead": 1, "reason": DOWN, "reasons": both}
    ]


def test_list_without_trouble_is_fine(esad: Esad, data: Path) -> None:
    """Exit code 0 as soon as there is no dead letter."""
    esad("outbox", "retry", "--all", "--data", data)
    printed = esad("outbox", "list", "--data", data)

    assert printed.code == 0
    assert len(printed.out.splitlines()) == 2


def test_retry_puts_a_document_back_into_its_line(esad: Esad, data: Path, box: Box) -> None:
    """It is the first again, what stood behind it follows, and its tries are counted anew; its history stays."""
    printed = esad("outbox", "retry", "1", "--data", data)

    assert (printed.code, printed.out) == (0, "document 1 is tried again\n")
    with box.open("LT") as lt:
        assert lt.runtime.store.line("NDEA.PL", 10) == [1, 4, 5]
        assert [(row["attempts"], row["refusals"]) for row in lt.rows("outbox")] == [
            (0, 0),
            (0, 0),
            (1, 1),
            (1, 0),
            (0, 0),
        ]
        assert [row["outbox_id"] for row in lt.rows("attempt")] == [1, 3, 4]


def test_retry_of_what_is_in_no_trouble_says_so(esad: Esad, data: Path) -> None:
    """Exit code 1, the others are tried again all the same."""
    printed = esad("outbox", "retry", "3", "4", "77", "--data", data)
    as_json = esad("outbox", "retry", "1", "4", "--json", "--data", data)

    assert printed.code == as_json.code == 1
    assert printed.out.splitlines() == [
        "document 3 is tried again",
        "document 4 is not refused, given up or dropped; esad outbox list shows what is",
        "document 77 is not refused, given up or dropped; esad outbox list shows what is",
    ]
    assert as_json.objects == [{"retried": [1], "not_in_trouble": [4]}]


@pytest.mark.parametrize("arguments", [(), ("1", "--all")], ids=["nothing", "both"])
def test_retry_wants_to_know_what(esad: Esad, data: Path, arguments: tuple[str, ...]) -> None:
    """Which documents, or all of them."""
    printed = esad("outbox", "retry", *arguments, "--data", data)

    assert printed.code == 2
    assert "say which documents, or --all" in printed.err


def test_retry_of_nothing_is_fine(esad: Esad, data: Path) -> None:
    """The second time there is nothing in trouble."""
    first, second = (esad("outbox", "retry", "--all", "--data", data) for _ in range(2))

    assert first.out.splitlines() == ["document 1 is tried again", "document 3 is tried again"]
    assert (second.code, second.out) == (0, "nothing is refused or given up\n")


def test_store_check_names_dead_letters_until_they_are_tried_again(esad: Esad, data: Path, box: Box) -> None:
    """The store is whole with them; exit code 1 all the same, since a person has to act."""
    with box.open("LT") as lt:
        lt.run_sql("UPDATE outbox SET refusals = attempts WHERE refusals > attempts")
        lt.runtime.checkpoints.write()
        dead = lt.rows("outbox")[0]["identifier"]

    printed, as_json = esad("store", "check", "--data", data), esad("store", "check", "--data", data, "--json")
    esad("outbox", "retry", "1", "--data", data)
    revived = esad("store", "check", "--data", data, "--json")

    line = f"outbox 1 for NDEA.PL: {dead} is a dead letter: {UNKNOWN}; esad outbox retry 1 tries it again"
    assert printed.out.splitlines()[0] == line
    assert printed.out.splitlines()[1].startswith("whole: ")
    assert printed.code == as_json.code == 1
    (verdict,) = as_json.objects
    assert (verdict["ok"], verdict["dead"], verdict["dead_letters"], verdict["problems"]) == (False, 1, [line], [])
    assert (revived.code, revived.objects[0]["dead_letters"]) == (0, [])


def test_dropped_document_is_not_sent_and_nothing_waits_behind_it(esad: Esad, data: Path, box: Box) -> None:
    """Who decided and why stands with its tries; its message stays; the store is whole; retry sends it all the same."""
    printed = esad("outbox", "drop", "1", "5", "--reason", "settled by telephone", "--data", data)

    assert (printed.code, printed.out) == (0, "document 1 is not sent\ndocument 5 is not sent\n")
    with box.open("LT") as lt:
        assert lt.runtime.store.line("NDEA.PL", 10) == [2, 4]
        assert [kind for _, kind in lt.types("NDEA.PL")] == ["IE801", "IE813", "IE801", "IE801", "IE801"]
        assert lt.rows("attempt")[-1]["error"].startswith("dropped by ")
        assert lt.checked().problems == ()
    listed = esad("outbox", "list", "--data", data)
    (everything,) = esad("outbox", "list", "--all", "--json", "--data", data).objects
    assert (listed.code, "dropped" in listed.out) == (0, False)
    dropped = [(one["id"], one["reason"]) for one in everything["documents"] if one["standing"] == "dropped"]
    assert [number for number, _ in dropped] == [1, 5]
    assert all(reason.endswith(": settled by telephone") for _, reason in dropped)

    esad("outbox", "retry", "1", "--data", data)
    with box.open("LT") as lt:
        assert lt.runtime.store.line("NDEA.PL", 10) == [1, 4]


def test_drop_of_what_does_not_wait_says_so(esad: Esad, data: Path, box: Box) -> None:
    """Delivered, dropped before, or none at all: exit code 1; a reason is asked for."""
    with box.open("LT") as lt:
        taken = Attempt(dispatch=5, at=NOW, error=None, next_due=None, refusals=0, noted=True)
        lt.runtime.store.record([taken])
    esad("outbox", "drop", "3", "--reason", "x", "--data", data)

    again = esad("outbox", "drop", "3", "5", "77", "4", "--reason", "x", "--json", "--data", data)
    bare = esad("outbox", "drop", "4", "--data", data)

    assert again.objects == [{"dropped": [4], "not_waiting": [3, 5, 77]}]
    assert (again.code, bare.code) == (1, 2)


def test_history_of_a_movement_says_what_was_delivered(esad: Esad, data: Path, box: Box) -> None:
    """For each document that was given to the other administration: delivered, in line, behind, given up, dropped."""
    with box.open("LT") as lt:
        taken = Attempt(dispatch=5, at=NOW, error=None, next_due=None, refusals=0, noted=True)
        lt.runtime.store.record([taken])
        arcs = {row["id"]: row["arc"] for row in lt.rows("outbox")}

    def told(number: int) -> list[str | None]:
        (shown,) = esad("explain", arcs[number], "--data", data, "--json").objects
        return [one["delivery"] for one in shown["history"]["sides"][0]["messages"] if one["mailbox"] == "NDEA.PL"]

    assert [told(1), told(3), told(4), told(5)] == [["dead letter", "behind"], ["refused"], ["waiting"], ["delivered"]]
    assert "IE801 to NDEA.PL, given up (dead letter)" in esad("explain", arcs[1], "--data", data).out
    esad("outbox", "drop", "1", "--reason", "x", "--data", data)
    assert told(1) == ["dropped", "waiting"]


def test_history_of_a_movement_says_who_dropped_and_why(esad: Esad, data: Path, box: Box) -> None:
    """What was refused or given up says what for, in the line and as ``why``; what waits has nothing to say."""
    with box.open("LT") as lt:
        arcs = {row["id"]: row["arc"] for row in lt.rows("outbox")}

    def why(number: int) -> str | None:
        (shown,) = esad("explain", arcs[number], "--data", data, "--json").objects
        messages = shown["history"]["sides"][0]["messages"]
        return next(str(one["why"]) for one in messages if one["mailbox"] == "NDEA.PL")

    assert [why(1), why(3), why(4)] == [UNKNOWN, TOO_LARGE, "None"]
    assert f"({UNKNOWN})" in esad("explain", arcs[1], "--data", data).out
    esad("outbox", "drop", "1", "4", "--reason", " settled by telephone ", "--data", data)
    assert why(1) == why(4) == f"dropped by {account()}: settled by telephone"
    assert f" ({why(1)})" in esad("explain", arcs[1], "--data", data).out


def test_drop_is_no_try(esad: Esad, data: Path, box: Box) -> None:
    """What nobody has tried to send has no tries and no first one, and the store is whole, before a retry and after."""
    esad("outbox", "drop", "3", "5", "--reason", "settled", "--data", data)

    documents = esad("outbox", "list", "--all", "--json", "--data", data).objects[0]["documents"]
    shown = {one["id"]: (one["standing"], one["attempts"], one["since"]) for one in documents}
    assert (shown[3], shown[5]) == (("dropped", 1, "2026-03-02T10:00:00.000000+00:00"), ("dropped", 0, None))
    for _ in range(2):
        with box.open("LT") as lt:
            assert lt.checked().problems == ()
        esad("outbox", "retry", "3", "5", "--data", data)


@pytest.mark.parametrize("reason", ["", "  \t"])
def test_drop_wants_words_for_its_reason(esad: Esad, data: Path, box: Box, reason: str) -> None:
    """A blank reason is none: wrong usage, of both commands that drop, and nothing is dropped."""
    for dropped in (("outbox", "drop", "1"), ("undecided", "drop", "x")):
        printed = esad(*dropped, "--reason", reason, "--data", data)
        assert (printed.code, "say why" in printed.err) == (2, True)
    with box.open("LT") as lt:
        assert [row["dropped_at"] for row in lt.rows("outbox")] == [None] * 5


@pytest.mark.parametrize("number", ["0", str(2**63), "99999999999999999999"])
@pytest.mark.parametrize(
    "command",
    [
        ("outbox", "retry", "1"),
        ("outbox", "drop", "--reason", "x", "1"),
        ("inbox", "--seed", CONSIGNOR, "--token", "t", "--read"),
        ("inbox", "--seed", CONSIGNOR, "--token", "t", "--acknowledge"),
    ],
)
def test_numbers_that_no_store_has_are_wrong_usage(
    esad: Esad, data: Path, command: tuple[str, ...], number: str
) -> None:
    """Below one or beyond 64 bit: exit code 2 with the range, and the others of a list are not touched."""
    where = ("--data", data) if command[0] == "outbox" else ()
    printed = esad(*command, number, *where)

    assert (printed.code, "Input should be" in printed.err) == (2, True)
    assert esad("outbox", "list", "--data", data).out.count("dead letter\t") == 1
