"""The SAAD list of a trader over real HTTP: entered by hand, corrected, withdrawn, listed and exported."""

import json
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import openpyxl
import pytest

from esad_gateway.faults import Said
from esad_gateway.rest.examples_batches import ENTRY
from esad_gateway.texts import in_every_language
from helpers.batch_door import TraderAtDoor
from helpers.gateway import CONSIGNEE, CONSIGNOR, copy_of_box
from helpers.served import Served, served


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The gateway of Lithuania, for all tests of this module."""
    with served(copy_of_box(tmp_path_factory.mktemp("box"))) as running:
        yield running


@pytest.fixture(scope="module")
def trader(gateway: Served) -> TraderAtDoor:
    """A consignee with its token."""
    return TraderAtDoor(gateway, CONSIGNEE)


def entry(document: str, **values: Any) -> bytes:
    """An entry without faults, with these values."""
    return json.dumps({**ENTRY, "document": document, **values}).encode()


def line(**values: str) -> list[dict[str, Any]]:
    """Its line of goods, with these values."""
    return [{**ENTRY["lines"][0], **values}]


def test_entry_is_taken_once(trader: TraderAtDoor) -> None:
    """201 with its place; the same again is unchanged, other values are a correction."""
    first = trader.send("/saad", entry("ONCE"))
    again = trader.send("/saad", entry("ONCE"))
    other = trader.send("/saad", entry("ONCE", lines=line(quantity="900")))

    assert (first.status, first.json["outcome"]) == (201, "taken")
    assert first.headers["location"] == f"/v1/traders/{CONSIGNEE}/saad/{first.json['record']['id']}"
    assert (again.status, again.json["outcome"]) == (200, "unchanged")
    assert (other.status, other.json["outcome"], other.json["record"]["version"]) == (200, "corrected", 2)


def test_correction_keeps_the_versions_before_it(trader: TraderAtDoor) -> None:
    """Each with what it said; a withdrawal is a version as well."""
    number = trader.send("/saad", entry("KEPT")).json["record"]["id"]
    corrected = trader.send(f"/saad/{number}/corrections", entry("KEPT", lines=line(quantity="5")))
    withdrawn = trader.ask("POST", f"/saad/{number}/withdrawal")
    record = trader.get(f"/saad/{number}").json

    assert (corrected.json["outcome"], withdrawn.json["outcome"]) == ("corrected", "withdrawn")
    assert [one["status"] for one in record["versions"]] == ["entered", "corrected", "withdrawn"]
    assert [one["entry"]["lines"][0]["quantity"] for one in record["versions"]] == ["1000", "5", "5"]
    assert record["version"] == 3


def test_correction_of_a_withdrawn_record_enters_it_again(trader: TraderAtDoor) -> None:
    """The answer says so in both languages, and is that of a new entry; a correction of what stands says nothing."""
    number = trader.send("/saad", entry("AGAIN")).json["record"]["id"]
    trader.ask("POST", f"/saad/{number}/withdrawal")
    again = trader.send(f"/saad/{number}/corrections", entry("AGAIN"))
    corrected = trader.send(f"/saad/{number}/corrections", entry("AGAIN", lines=line(quantity="5")))

    assert (again.status, again.json["outcome"], again.json["record"]["status"]) == (201, "taken", "entered")
    assert again.json["said"] == in_every_language(Said("saads.again"))
    assert (corrected.status, corrected.json["said"]) == (200, None)


def test_correction_of_an_older_version_changes_nothing(trader: TraderAtDoor) -> None:
    """It says from which version it was made; the same content is unchanged."""
    number = trader.send("/saad", entry("TWO")).json["record"]["id"]
    place = f"/saad/{number}/corrections"
    first = trader.send(f"{place}?version=1", entry("TWO", lines=line(quantity="900")))
    second = trader.send(f"{place}?version=1", entry("TWO", lines=line(quantity="800")))
    again = trader.send(f"{place}?version=1", entry("TWO", lines=line(quantity="900")))
    none = trader.send(f"{place}?version=0", entry("TWO", lines=line(quantity="800")))

    assert (first.json["outcome"], again.json["outcome"]) == ("corrected", "unchanged")
    assert (second.status, none.status) == (422, 422)
    (fault,) = second.json["faults"]
    assert (fault["rule"], fault["path"], fault["value"]) == ("SAAD-36", "version", "1")
    assert fault["hint"].startswith("Version 2 (corrected) stands since ")
    assert trader.get(f"/saad/{number}").json["entry"]["lines"][0]["quantity"] == "900"


def test_refused_entry_changes_nothing(trader: TraderAtDoor) -> None:
    """Every fault with its rule and its place, in both languages; a correction about another document is refused."""
    refused = trader.send("/saad", entry("BAD", state="LT", lines=line(strength="120")))
    number = trader.send("/saad", entry("GOOD")).json["record"]["id"]
    other = trader.send(f"/saad/{number}/corrections", entry("ANOTHER"))

    assert (refused.status, refused.json["type"]) == (422, "/problems/entry-refused")
    assert {"SAAD-4"} < {one["rule"] for one in refused.json["faults"]}
    assert all(one["text"].keys() == {"en", "lt"} for one in refused.json["faults"])
    assert trader.get("/saad?document=BAD").json["records"] == []
    assert "SAAD-34" in {one["rule"] for one in other.json["faults"]}
    assert len(trader.get(f"/saad/{number}").json["versions"]) == 1


@pytest.mark.parametrize(
    ("body", "media_type", "status", "kind"),
    [
        (b"{", "application/json", 400, "malformed-json"),
        (b"[]", "application/json", 422, "entry-refused"),
        (entry("X", colour="red"), "application/json", 422, "entry-refused"),
        (entry("X"), "text/plain", 415, "media-type"),
        (b" " * (1024 * 1024 + 1), "application/json", 413, "too-large"),
    ],
)
def test_body_that_is_no_entry_is_refused(
    trader: TraderAtDoor, body: bytes, media_type: str, status: int, kind: str
) -> None:
    """Each with what is wrong with it."""
    answer = trader.ask("POST", "/saad", body, {"Content-Type": media_type})
    assert (answer.status, answer.json["type"].rpartition("/")[2]) == (status, kind)


def test_list_is_filtered_and_paged(trader: TraderAtDoor) -> None:
    """By status, lateness, source, document and days; page by page in the order of the last versions."""
    late = trader.send("/saad", entry("LATE", received="2026-02-20", dispatched="2026-02-19")).json["record"]
    trader.send("/saad", entry("FBK", source="fallback"))

    def found(query: str) -> set[str]:
        return {one["entry"]["document"] for one in trader.get(f"/saad?{query}").json["records"]}

    assert (late["status"], late["late"]) == ("late", True)
    assert "LATE" in found("late=true") & found("status=late") & found("received_to=2026-02-20")
    assert "LATE" not in found("late=false") | found("received_from=2026-02-21")
    assert found("source=fallback") == {"FBK"}
    assert found("document=FBK") == {"FBK"}
    every, after = [], 0
    while True:
        page = trader.get(f"/saad?limit=2&after={after}").json
        every += [one["number"] for one in page["records"]]
        after = page["completeThrough"]
        if page["complete"]:
            break
    assert every == sorted(set(every))
    assert len(every) == len(trader.get("/saad").json["records"])
    assert trader.get("/saad?statuss=late").status == trader.get("/saad?late=perhaps").status == 422


def test_others_records_do_not_exist(gateway: Served, trader: TraderAtDoor) -> None:
    """Another trader gets the same answer as for a record that is not there, whatever it wants to do with it."""
    number = trader.send("/saad", entry("MINE")).json["record"]["id"]
    other, missing = TraderAtDoor(gateway, CONSIGNOR), "0" * len(number)
    for method, end, body in (
        ("GET", "", None),
        ("POST", "/corrections", entry("MINE")),
        ("POST", "/withdrawal", None),
    ):
        media = {"Content-Type": "application/json"}
        foreign = other.ask(method, f"/saad/{number}{end}", body, media)
        nowhere = other.ask(method, f"/saad/{missing}{end}", body, media)
        path = f"/v1/traders/{CONSIGNEE}/saad/{number}{end}"
        there = gateway.ask(method, path, body, {"Authorization": f"Bearer {other.token}", **media})
        assert foreign.body.replace(number.encode(), missing.encode()) == nowhere.body
        assert (foreign.status, nowhere.status, there.status) == (404, 404, 404)
        assert gateway.ask(method, path, body, media).status == 401
    assert other.get("/saad").json["records"] == []
    assert len(trader.get(f"/saad/{number}").json["versions"]) == 1


def test_goods_of_a_record_are_summed(trader: TraderAtDoor) -> None:
    """Each product once, with the quantity of all its lines and the unit in every language."""
    two = [{**ENTRY["lines"][0], "quantity": one} for one in ("1000.5", "0.5")]
    wine = {"product": "W200", "cn_code": "22042138", "quantity": "7", "strength": "12"}
    number = trader.send("/saad", entry("GOODS", lines=[two[0], wine, two[1]])).json["record"]["id"]

    goods = trader.get(f"/saad/{number}").json["goods"]

    assert [(one["product"], one["quantity"]) for one in goods] == [("B000", "1001.0"), ("W200", "7")]
    assert goods[0]["unit"] == {"en": "litres at 20 °C", "lt": "litrai esant 20 °C"}


def test_export_in_every_format(trader: TraderAtDoor) -> None:
    """Headings and codes in the language that is asked for; what a spreadsheet would calculate with stays text."""
    document = "=HYPERLINK(1)"
    assert trader.send("/saad", entry(document)).status == 201
    csv = trader.get("/saad/export?language=lt").body.decode("utf-8-sig").splitlines()
    lines = [json.loads(one) for one in trader.get("/saad/export?format=jsonl").body.splitlines()]
    book = openpyxl.load_workbook(BytesIO(trader.get("/saad/export?format=xlsx&language=en").body))
    sheet = book.active
    assert sheet is not None
    heading, *rest = sheet.iter_rows()
    place = [cell.value for cell in heading].index("Document number")

    assert "KN kodas" in csv[0]
    assert csv[0].endswith("Įvedimo laikas")
    assert [one.count(";'=HYPERLINK(1);") for one in csv if document in one] == [1]
    assert document in {one["document"] for one in lines}
    assert all(one["status"] in {"entered", "late", "corrected", "withdrawn"} for one in lines)
    assert all(row[place].data_type == "s" for row in rest)
    assert trader.get("/saad/export?format=ods").body.startswith(b"PK")
    assert b"<document>" in trader.get("/saad/export?format=xml").body
    assert trader.get("/saad/export?format=pdf").status == 422
