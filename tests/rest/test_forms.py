"""Lists as tables and documents on paper, by ``Accept``: the same content in another form, and never a formula."""

import csv
import io
from typing import Any

import pytest
import zxingcpp

from esad_gateway.emcs.messages import IE801
from esad_gateway.papers import FORMS
from esad_gateway.rest.forms import AT_ONCE
from esad_gateway.texts import languages
from helpers.batch_door import TraderAtDoor
from helpers.gateway import CONSIGNEE, CONSIGNOR, SECOND_CONSIGNOR, new_draft
from helpers.papers import picture, squeezed, text_of
from helpers.samples import evolve
from helpers.served import JSON, XML, Answer, Served

CSV, PDF = "text/csv", "application/pdf"
MESSAGES, MOVEMENTS = f"/v1/traders/{CONSIGNOR}/messages", f"/v1/traders/{CONSIGNOR}/movements"
FORMULA = "=1+1"


@pytest.fixture(scope="module")
def arcs(gateway: Served) -> list[str]:
    """Three movements of the consignor; the local reference number of the last one is a formula to a spreadsheet."""
    drafts = [new_draft(), new_draft(), evolve(new_draft(), {"ead_esad_draft.local_reference_number": FORMULA})]
    return [gateway.submit(gateway.box.signed(CONSIGNOR, draft)).json["arc"] for draft in drafts]


def ask(gateway: Served, path: str, accept: str, seed: str = CONSIGNOR) -> Answer:
    """What a trader gets who likes that form."""
    return gateway.get(path, gateway.box.traders[seed].token, Accept=accept)


def table(answer: Answer) -> list[dict[str, str]]:
    """The rows of a table."""
    assert (answer.status, answer.headers["content-type"]) == (200, "text/csv; charset=utf-8"), answer.body
    return list(csv.DictReader(io.StringIO(answer.body.decode("utf-8-sig"), newline=""), delimiter=";"))


@pytest.mark.usefixtures("arcs")
def test_mailbox_as_a_table_says_what_json_says(gateway: Served) -> None:
    """Every message, with every member of its line, by the same names; what is null is empty."""
    told = ask(gateway, f"{MESSAGES}?limit=500", JSON).json["messages"]
    rows = table(ask(gateway, MESSAGES, CSV))

    assert [list(row) for row in rows[:1]] == [list(told[0])]
    assert rows == [{name: "" if value is None else str(value) for name, value in one.items()} for one in told]


def test_movements_as_a_table_have_a_row_for_each_line(gateway: Served, arcs: list[str]) -> None:
    """Quantities are numbers with a decimal comma, and what is nested in JSON has a dot in its name."""
    told = {one["arc"]: one for one in ask(gateway, f"{MOVEMENTS}?limit=500", JSON).json["movements"]}
    rows = table(ask(gateway, MOVEMENTS, CSV))
    (first, *_), lines = told.values(), [(one["arc"], line) for one in told.values() for line in one["lines"]]

    assert set(told) >= set(arcs)
    assert [(row["arc"], row["lines.reference"]) for row in rows] == [
        (arc, str(line["reference"])) for arc, line in lines
    ]
    assert [row["lines.quantity"].replace(",", ".") for row in rows] == [line["quantity"] for _, line in lines]
    assert rows[0]["due.what"] == first["due"]["what"]
    assert set(first) - {"report", "due", "lines"} <= set(rows[0])


def test_formula_is_marked(gateway: Served, arcs: list[str]) -> None:
    """A spreadsheet shows it as the text that it is; JSON has it as it was sent."""
    rows = {row["arc"]: row for row in table(ask(gateway, MOVEMENTS, CSV))}
    told = ask(gateway, f"{MOVEMENTS}/{arcs[2]}", JSON).json

    assert rows[arcs[2]]["localReferenceNumber"] == f"'{FORMULA}"
    assert told["localReferenceNumber"] == FORMULA


def test_filters_count_for_tables_as_well(gateway: Served, arcs: list[str]) -> None:
    """The same rows as JSON has; a wrong filter is the same problem."""
    found = table(ask(gateway, f"{MESSAGES}?type=IE801&arc={arcs[0]}", CSV))
    wrong = ask(gateway, f"{MESSAGES}?type=nonsense", CSV)

    assert [(row["message"], row["arc"]) for row in found] == [("IE801", arcs[0])]
    assert (wrong.status, wrong.json["type"]) == (422, "/problems/invalid-parameter")
    assert table(ask(gateway, f"{MOVEMENTS}?state=X07", CSV)) == []


@pytest.mark.usefixtures("arcs")
def test_table_with_a_limit_links_to_what_follows(gateway: Served) -> None:
    """So many rows and no more; the link has the same filters, and the last page has none."""
    first = ask(gateway, f"{MESSAGES}?limit=2&type=IE801", CSV)
    link = first.headers["link"].removeprefix("<").partition(">")[0]
    second = ask(gateway, f"{MESSAGES}{link}", CSV)

    assert first.headers["link"].endswith('rel="next"')
    assert [len(table(one)) for one in (first, second)] == [2, 1]
    assert "link" not in second.headers
    assert "link" not in ask(gateway, MESSAGES, CSV).headers


def test_table_has_more_than_one_page(gateway: Served) -> None:
    """Everything there is, however many pages that are, each once and in order."""
    draft = gateway.box.signed(SECOND_CONSIGNOR, new_draft(SECOND_CONSIGNOR))
    gateway.submit(draft)
    for _ in range(AT_ONCE // 2):
        refused = evolve(new_draft(SECOND_CONSIGNOR), {"header_ead_esad.journey_time": "D99"})
        assert gateway.submit(gateway.box.signed(SECOND_CONSIGNOR, refused)).status == 422

    rows = table(ask(gateway, f"/v1/traders/{SECOND_CONSIGNOR}/messages", CSV, SECOND_CONSIGNOR))

    assert [row["seq"] for row in rows] == [str(number) for number in range(1, AT_ONCE + 3)]


def test_batches_and_their_rows_as_tables(gateway: Served) -> None:
    """A row for a document that was taken, and one for each fault of another."""
    trader = TraderAtDoor(gateway, CONSIGNEE)
    batch = trader.done(
        b"source;document;state;consignor;dispatched;received;consignee;capacity;product;cn_code;quantity;strength;plato\n"
        b"paper;F-1;EL;EL00000000301;2026-02-26;2026-02-27;LT00000000102;certified_consignee;B000;22030001;x;y;12\n"
    )
    place = f"/v1/traders/{CONSIGNEE}/batches"
    told = trader.get(f"/batches/{batch['id']}/rows").json["documents"]
    batches = table(ask(gateway, place, CSV, CONSIGNEE))
    rows = table(ask(gateway, f"{place}/{batch['id']}/rows?outcome=refused", CSV, CONSIGNEE))
    faults = [fault for one in told for fault in one["faults"]]

    assert [(row["id"], row["counts.refused"]) for row in batches] == [(batch["id"], "1")]
    assert len(faults) > 1
    assert [(row["faults.path"], row["faults.text.lt"]) for row in rows] == [
        (f["path"], f["text"]["lt"]) for f in faults
    ]


def test_e_sad_on_paper(gateway: Served, arcs: list[str]) -> None:
    """Of the movement and of the message: box numbers, both languages, and the ARC as barcodes that can be read."""
    (listed,) = ask(gateway, f"{MESSAGES}?type=IE801&arc={arcs[0]}", JSON).json["messages"]
    of_movement = ask(gateway, f"{MOVEMENTS}/{arcs[0]}", PDF)
    of_message = ask(gateway, f"{MESSAGES}/{listed['seq']}", f"{PDF}, application/json;q=0.5")

    assert of_movement.body == of_message.body
    assert (of_movement.headers["content-type"], of_movement.headers["vary"]) == (PDF, "Accept")
    assert of_movement.headers["content-disposition"] == f'inline; filename="{arcs[0]}.pdf"'
    text = squeezed(text_of(of_movement.body))
    for label in ("1d", "9a", "17b", "Vietinisregistracijosnumeris", "Localreferencenumber", arcs[0]):
        assert label in text, label
    found = zxingcpp.read_barcodes(picture(of_movement.body))
    assert {one.text for one in found} == {arcs[0]}
    assert len(found) == len(languages()) == 2
    assert IE801 in FORMS


@pytest.mark.parametrize(
    ("accept", "shown"),
    [
        ("application/pdf", PDF),
        ("application/pdf;q=0.5, application/json", JSON),
        ("application/pdf;q=0", None),
        ("*/*", JSON),
        ("image/png, application/*;q=0.1", JSON),
        ("text/csv", None),
    ],
)
def test_movement_is_shown_as_liked(gateway: Served, arcs: list[str], accept: str, shown: str | None) -> None:
    """Qualities count; 406 names everything that is offered."""
    answer = ask(gateway, f"{MOVEMENTS}/{arcs[0]}", accept)

    if shown is None:
        assert (answer.status, answer.json["type"]) == (406, "/problems/not-acceptable")
        assert answer.json["detail"] == "this is shown as application/json or application/pdf"
    else:
        assert (answer.status, answer.headers["content-type"]) == (200, shown)


def test_what_has_no_paper_is_shown_otherwise_or_not(gateway: Served, arcs: list[str]) -> None:
    """A draft that was taken has an e-SAD, and is none: 406 with what is offered, or what is liked next best."""
    (draft,) = ask(gateway, f"{MESSAGES}?type=IE815&arc={arcs[0]}", JSON).json["messages"]
    place = f"{MESSAGES}/{draft['seq']}"
    refused, second = ask(gateway, place, PDF), ask(gateway, place, f"{PDF}, */*;q=0.1")

    assert refused.status == 406
    assert refused.json["details"]["lt"] == "tai rodoma kaip application/xml arba text/xml arba application/json"
    assert (second.status, second.headers["content-type"]) == (200, XML)


@pytest.mark.parametrize("path", [MESSAGES, MOVEMENTS, f"{MESSAGES}/1", f"{MOVEMENTS}/{{arc}}"])
@pytest.mark.parametrize("accept", [CSV, PDF, JSON])
def test_no_form_shows_what_is_anothers(gateway: Served, arcs: list[str], path: str, accept: str) -> None:
    """The token of another trader gets the same 404 in every form, and no token 401."""
    path = path.format(arc=arcs[0])
    stranger: Any = gateway.box.traders[SECOND_CONSIGNOR].token

    assert gateway.get(path, stranger, Accept=accept).status == 404
    assert gateway.get(path, Accept=accept).status == 401
