"""Batches over real HTTP, worked on by the gateway's own process: handed in, followed, mended, withdrawn."""

import csv
import fcntl
import json
import socket
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
import requests

from esad_gateway.batch.arrivals import MOST_ARRIVING
from esad_gateway.sheets.opening import open_sheet
from esad_gateway.sheets.table import Declared, FileFormat
from esad_gateway.sheets.writing import SheetTable, write_sheet
from esad_gateway.transport.uploads import STREAMED as OF_SERVER
from esad_gateway.web.form import LARGEST_FIELD, MOST_PARTS, STREAMED
from helpers.batch_door import TraderAtDoor, files_of, present, today
from helpers.batches import Office, dispatches, receipts, table
from helpers.gateway import CONSIGNEE, CONSIGNOR, PATIENCE, Box, copy_of_box
from helpers.served import Served, served, serving
from helpers.workers import wait_until

PROBLEM = "/problems/"
MEGABYTE = 1024 * 1024


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The gateway of Lithuania at this moment, for all tests of this module."""
    with served(copy_of_box(tmp_path_factory.mktemp("box")), clock=present()) as running:
        yield running


@pytest.fixture(scope="module")
def trader(gateway: Served) -> TraderAtDoor:
    """A consignee with its token."""
    return TraderAtDoor(gateway, CONSIGNEE)


@pytest.fixture(scope="module")
def mixed(trader: TraderAtDoor) -> dict[str, Any]:
    """A batch of three documents that has ended, of which the one in row 4 was refused."""
    content = table("saad", today(), [*receipts("MIX-1", "MIX-2"), *receipts("MIX-3", quantity="12x")])
    return trader.done(content, "kind=saad&name=goods.csv", Idempotency_Key="mixed")


def rows(*documents: str, **values: str) -> bytes:
    """A table of these documents."""
    return table("saad", today(), receipts(*documents, **values))


def kind_of(answer: Any) -> str:
    """The kind of a problem, which says its title and its detail in both languages."""
    assert answer["titles"].keys() == answer["details"].keys() == {"en", "lt"}
    return str(answer["type"]).removeprefix(PROBLEM)


def test_batch_is_answered_with_its_place(trader: TraderAtDoor) -> None:
    """202, with the address at which it can be followed."""
    answer = trader.hand_in(rows("PLACE-1"))

    assert answer.status == 202
    assert answer.headers["location"] == f"/v1/traders/{CONSIGNEE}/batches/{answer.json['id']}"
    assert (answer.json["repeated"], answer.json["kind"], answer.json["mode"]) == (False, "saad", "row-wise")


def test_batch_says_what_became_of_it(mixed: dict[str, Any]) -> None:
    """Its counts, how far it has come, and what the file was taken for."""
    assert (mixed["state"], mixed["documents"], mixed["name"]) == ("ended", 3, "goods.csv")
    assert {name: count for name, count in mixed["counts"].items() if count} == {"taken": 2, "refused": 1}
    assert mixed["progress"] == {"rows": 3, "of": 3}
    assert mixed["taken"] == {"format": "csv", "encoding": "utf-8", "delimiter": ";"}


def test_rows_are_told_by_outcome_and_page(trader: TraderAtDoor, mixed: dict[str, Any]) -> None:
    """Each document with its rows; a refused one with the cell, its value, and the fault in both languages."""
    place = f"/batches/{mixed['id']}/rows"
    first = trader.get(f"{place}?limit=2").json
    rest = trader.get(f"{place}?limit=2&after={first['completeThrough']}").json
    (refused,) = trader.get(f"{place}?outcome=refused").json["documents"]

    assert [one["rows"] for one in (*first["documents"], *rest["documents"])] == [[2], [3], [4]]
    assert (first["complete"], rest["complete"]) == (False, True)
    assert first["documents"][0]["record"]
    assert [one["document"].split(" / ")[-1] for one in first["documents"]] == ["MIX-1", "MIX-2"]
    (fault,) = refused["faults"]
    assert (fault["path"], fault["line"], fault["value"], fault["rule"]) == ("L4", 4, "12x", "CELL-NUMBER")
    assert fault["text"].keys() == fault["hints"].keys() == {"en", "lt"}


def test_mended_rows_alone_are_handed_in_again(trader: TraderAtDoor, mixed: dict[str, Any]) -> None:
    """The corrections are a table that can be mended and handed in as it is: nothing is entered twice."""
    answer = trader.get(f"/batches/{mixed['id']}/corrections")
    text = answer.body.decode("utf-8-sig")

    assert answer.headers["content-type"].startswith("text/csv")
    assert len(text.splitlines()) == 2
    assert "CELL-NUMBER" in text
    again = trader.done(text.replace(";12x;", ";12;").encode())
    assert again["counts"]["taken"] == 1
    whole = trader.done(rows("MIX-1", "MIX-2", "MIX-3", quantity="12"))
    assert {name: count for name, count in whole["counts"].items() if count} == {"corrected": 2, "unchanged": 1}


def test_corrections_of_xml_in_one_line_are_of_the_refused_alone(trader: TraderAtDoor) -> None:
    """Programs write no ends of lines: documents are told apart by their way, and not by their line."""
    given = [*receipts("ONE-1"), *receipts("ONE-2", quantity="12x"), *receipts("ONE-3")]
    found = [
        "".join(f'<value name="{name}">{text}</value>' for name, text in row.items())
        for row in csv.DictReader(table("saad", today(), given).decode().splitlines(), delimiter=";")
    ]
    documents = "".join(f"<document>{one}</document>" for one in found)
    content = f'<rows xmlns="urn:esad-gateway:rows:1">{documents}</rows>'.encode()
    batch = trader.done(content, "kind=saad&name=goods.xml&format=xml")
    (refused,) = trader.get(f"/batches/{batch['id']}/rows?outcome=refused").json["documents"]
    corrections = trader.get(f"/batches/{batch['id']}/corrections").body.decode()

    assert [fault["path"] for fault in refused["faults"]] == ["document[2].quantity"]
    assert corrections.count("<document>") == 1
    assert "ONE-2" in corrections
    assert "document[2].quantity (CELL-NUMBER)" in corrections


def test_only_what_was_seen_is_changed(trader: TraderAtDoor) -> None:
    """A record and a batch: with another tag nothing happens; with that of the answer it does."""
    batch = trader.done(rows("SEEN-1", "SEEN-2"))
    record = trader.get("/saad?document=SEEN-1").json["records"][0]["id"]
    for path in (f"/saad/{record}", f"/batches/{batch['id']}"):
        tag = trader.get(path).headers["etag"]

        refused = trader.ask("POST", f"{path}/withdrawal", headers={"If-Match": '"other"'})
        untouched = trader.get(path).headers["etag"]
        done = trader.ask("POST", f"{path}/withdrawal", headers={"If-Match": f'"other", {tag}'})

        assert (refused.status, kind_of(refused.json)) == (412, "changed-since")
        assert untouched == tag
        assert done.status in {200, 202}, done.body


def test_stopped_batch_goes_on_only_as_it_was_seen(gateway: Served) -> None:
    """Another tag leaves it stopped, that of the answer lets it go on: here to where it is stopped again."""
    consignor = TraderAtDoor(gateway, CONSIGNOR)
    batch = consignor.done(table("dispatch", today(), dispatches("STOP-1")), "kind=dispatch")
    path, tag = f"/batches/{batch['id']}", consignor.get(f"/batches/{batch['id']}").headers["etag"]

    refused = consignor.ask("POST", f"{path}/resumption", headers={"If-Match": '"other"'})
    untouched = consignor.get(path)
    done = consignor.ask("POST", f"{path}/resumption", headers={"If-Match": tag})

    assert batch["state"] == "stopped"
    assert (refused.status, kind_of(refused.json)) == (412, "changed-since")
    assert (untouched.headers["etag"], untouched.json) == (tag, batch)
    assert (done.status, done.json["state"], done.json["reason"]) == (202, "waiting", None)
    consignor.over(batch["id"])


def test_batches_are_asked_by_kind_and_state(trader: TraderAtDoor, mixed: dict[str, Any]) -> None:
    """Alone and together, as JSON and as a table; what there is not is refused by name."""
    for query, found in (
        ("kind=saad&state=ended", True),
        ("kind=mvv", False),
        ("kind=saad&state=stopped", False),
    ):
        listed = trader.get(f"/batches?{query}&limit=500").json["batches"]
        table_of_them = trader.ask("GET", f"/batches?{query}", headers={"Accept": "text/csv"}).body.decode("utf-8-sig")
        assert (mixed["id"] in {one["id"] for one in listed}) is found
        assert (mixed["id"] in table_of_them) is found
        assert {(one["kind"], one["state"]) for one in listed} <= {("saad", "ended")}
    for wrong, value in (("kind", "wine"), ("state", "gone")):
        answer = trader.get(f"/batches?{wrong}={value}")
        assert (answer.status, answer.json["parameters"][0]["parameter"]) == (422, f"query.{wrong}")


def test_one_key_at_one_time_is_one_batch(trader: TraderAtDoor) -> None:
    """Whoever comes first hands it in, the others get that one; whoever has another file is refused."""
    same, other = rows("AT-ONCE-1"), rows("AT-ONCE-2")
    with ThreadPoolExecutor(4) as pool:
        asked = [pool.submit(trader.hand_in, content, Idempotency_Key="at once") for content in (same, other) * 2]
        answers = [one.result() for one in asked]

    taken = [one for one in answers if one.status != 409]
    assert len({one.json["id"] for one in taken}) == 1
    assert sum(one.status == 202 for one in taken) == 1
    assert {kind_of(one.json) for one in answers if one.status == 409} == {"key-reused"}
    assert len(taken) == 2


def test_same_key_and_file_are_the_same_batch(trader: TraderAtDoor, mixed: dict[str, Any]) -> None:
    """As a form or as a body; with another file the key is refused, and nothing is kept of that."""
    content = table("saad", today(), [*receipts("MIX-1", "MIX-2"), *receipts("MIX-3", quantity="12x")])
    before = files_of(trader.gateway.box)

    again = trader.hand_in(content, "kind=saad&name=goods.csv", Idempotency_Key="mixed")
    other = trader.hand_in(rows("OTHER"), Idempotency_Key="mixed")

    assert (again.status, again.json["id"], again.json["repeated"]) == (200, mixed["id"], True)
    assert (other.status, kind_of(other.json), other.json["batch"]) == (409, "key-reused", mixed["id"])
    assert files_of(trader.gateway.box) == before


def test_form_of_a_foreign_client_is_taken(trader: TraderAtDoor) -> None:
    """The library requests sends fields and a file; the fields say how it is to be taken."""
    answer = requests.post(
        f"{trader.gateway.url}/v1/traders/{CONSIGNEE}/batches",
        data={"kind": "saad", "mode": "all-or-nothing", "delimiter": ";", "language": "lt"},
        files={"file": ("prekės.csv", rows("FORM-1") + rows("FORM-2", quantity="?").split(b"\n", 1)[1])},
        headers={"Authorization": f"Bearer {trader.token}"},
        timeout=PATIENCE,
    )
    batch = trader.over(answer.json()["id"])

    assert (answer.status_code, batch["mode"]) == (202, "all-or-nothing")
    assert {name: count for name, count in batch["counts"].items() if count} == {"left": 1, "refused": 1}
    assert "Tai ne skaičius" in trader.get(f"/batches/{batch['id']}/corrections").body.decode("utf-8-sig")


@pytest.mark.parametrize(
    ("query", "parameter"),
    [("kind=beer", "query.kind"), ("kind=saad&mode=some", "query.mode"), ("kind=saad&shape=x", "query.shape")],
)
def test_wrong_parameters_are_told(trader: TraderAtDoor, query: str, parameter: str) -> None:
    """Each by its name, before anything of the file is read."""
    answer = trader.hand_in(rows("WRONG"), query)

    assert (answer.status, kind_of(answer.json)) == (422, "invalid-parameter")
    assert [one["parameter"] for one in answer.json["parameters"]] == [parameter]


def test_kind_has_to_be_said(trader: TraderAtDoor) -> None:
    """What the rows are is not guessed; the answer says what there is."""
    answer = trader.hand_in(rows("WRONG"), "name=x.csv")

    assert (answer.status, kind_of(answer.json)) == (422, "invalid-parameter")
    assert "saad, mvv, dispatch" in answer.json["detail"]


def form(*parts: tuple[str, bytes], end: bytes = b"--cut--\r\n") -> bytes:
    """A form of parts: what stands in its head, and its content."""
    return b"".join(b"--cut\r\n%b\r\n\r\n%b\r\n" % (head.encode(), content) for head, content in parts) + end


FILE = 'Content-Disposition: form-data; name="file"; filename="a.csv"'
FIELD = 'Content-Disposition: form-data; name="{}"'


@pytest.mark.parametrize(
    ("body", "status", "kind"),
    [
        pytest.param(form((FIELD.format("kind"), b"saad")), 400, "malformed-form", id="no file"),
        pytest.param(form((FILE, b"a"), (FILE, b"b")), 400, "malformed-form", id="two files"),
        pytest.param(form((FILE, b"a"), end=b""), 400, "malformed-form", id="no end"),
        pytest.param(b"kind=saad", 400, "malformed-form", id="no form"),
        pytest.param(form(("Content-Disposition: form-data", b"a")), 400, "malformed-form", id="no name"),
        pytest.param(form((FIELD.format("sheet"), b"a" * (LARGEST_FIELD + 1))), 413, "too-large", id="large field"),
        pytest.param(form(*((FIELD.format(n), b"") for n in range(MOST_PARTS + 1))), 413, "too-large", id="many parts"),
        pytest.param(form((FIELD.format("kind"), b"beer"), (FILE, b"a")), 422, "invalid-parameter", id="wrong field"),
        pytest.param(form((FIELD.format("shape"), b"x"), (FILE, b"a")), 422, "invalid-parameter", id="unknown field"),
    ],
)
def test_bad_form_leaves_nothing(trader: TraderAtDoor, body: bytes, status: int, kind: str) -> None:
    """Each has its answer, and no file is left of it."""
    before = files_of(trader.gateway.box)
    answer = trader.ask("POST", "/batches", body, {"Content-Type": "multipart/form-data; boundary=cut"})

    assert (answer.status, kind_of(answer.json)) == (status, kind)
    assert files_of(trader.gateway.box) == before


def test_form_without_a_boundary_is_refused(trader: TraderAtDoor) -> None:
    """Nobody can tell its parts."""
    answer = trader.ask("POST", "/batches", b"x", {"Content-Type": "multipart/form-data"})
    assert (answer.status, kind_of(answer.json)) == (400, "malformed-form")


def test_others_batches_do_not_exist(gateway: Served, trader: TraderAtDoor, mixed: dict[str, Any]) -> None:
    """Another trader gets the same answer for this batch as for one that is not there, in its place and in its own."""
    other = TraderAtDoor(gateway, CONSIGNOR)
    missing = "0" * len(mixed["id"])
    for method, end in (
        ("GET", ""),
        ("GET", "/rows"),
        ("GET", "/corrections"),
        ("POST", "/withdrawal"),
        ("POST", "/resumption"),
    ):
        foreign = other.ask(method, f"/batches/{mixed['id']}{end}")
        nowhere = other.ask(method, f"/batches/{missing}{end}")
        path = f"/v1/traders/{CONSIGNEE}/batches/{mixed['id']}{end}"
        there = gateway.ask(method, path, None, {"Authorization": f"Bearer {other.token}"})
        assert foreign.body.replace(mixed["id"].encode(), missing.encode()) == nowhere.body
        assert (foreign.status, nowhere.status, there.status) == (404, 404, 404)
        assert gateway.ask(method, path).status == 401
    assert gateway.ask("POST", f"/v1/traders/{CONSIGNEE}/batches?kind=saad", b"x").status == 401
    assert trader.get(f"/batches/{mixed['id']}").json["state"] == "ended"
    assert mixed["id"] not in {one["id"] for one in other.get("/batches").json["batches"]}


def begun(trader: TraderAtDoor) -> bytes:
    """The head of an upload of 100,000 bytes."""
    return (
        f"POST /v1/traders/{trader.seed}/batches?kind=saad HTTP/1.1\r\nHost: x\r\n"
        f"Authorization: Bearer {trader.token}\r\nContent-Type: text/csv\r\nContent-Length: 100000\r\n\r\n"
    ).encode()


def test_client_that_goes_away_leaves_nothing(trader: TraderAtDoor) -> None:
    """Half a file is no batch, and its folder is gone."""
    before = files_of(trader.gateway.box)
    with socket.create_connection(("127.0.0.1", trader.gateway.port), timeout=PATIENCE) as connection:
        connection.sendall(begun(trader) + rows("GONE-1"))
        wait_until(lambda: len(files_of(trader.gateway.box)) > len(before), "the file begins to arrive")
    wait_until(lambda: files_of(trader.gateway.box) == before, "what has arrived is removed")
    assert "GONE-1" not in trader.get("/saad?document=GONE-1").body.decode()


def test_file_larger_than_all_bodies_may_hold_is_taken(trader: TraderAtDoor) -> None:
    """It goes to disk as it comes, so it is bounded by the size of files and not by what bodies hold in memory."""
    line = b"x" * 1023 + b"\n"
    answer = trader.hand_in(line for _ in range(40 * 1024))

    assert OF_SERVER == STREAMED
    assert (answer.status, answer.json["size"]) == (202, 40 * 1024 * 1024)
    assert trader.over(answer.json["id"])["state"] == "unreadable"


def test_trader_hands_in_few_files_at_a_time(trader: TraderAtDoor) -> None:
    """One more than may arrive is told to come again; when one of them is gone, it is taken."""
    head = begun(trader)
    before = len(files_of(trader.gateway.box))
    arriving = [socket.create_connection(("127.0.0.1", trader.gateway.port)) for _ in range(MOST_ARRIVING)]
    for one in arriving:
        one.sendall(head + b"x")
    wait_until(lambda: len(files_of(trader.gateway.box)) == before + MOST_ARRIVING, "all of them arrive")

    refused = trader.hand_in(rows("FEW-1"))
    for one in arriving:
        one.close()
    wait_until(lambda: len(files_of(trader.gateway.box)) == before, "they are gone")

    assert (refused.status, refused.headers["retry-after"]) == (503, "5")
    assert trader.hand_in(rows("FEW-1")).status == 202


def test_withdrawn_batch_takes_its_records_back(trader: TraderAtDoor) -> None:
    """Each is withdrawn by a further version; once more changes nothing."""
    batch = trader.done(rows("BACK-1", "BACK-2"))
    answer = trader.ask("POST", f"/batches/{batch['id']}/withdrawal")
    over = trader.over(batch["id"])
    again = trader.ask("POST", f"/batches/{batch['id']}/withdrawal")

    assert answer.status == 202
    assert (over["state"], over["counts"]["withdrawn"], again.json["state"]) == ("withdrawn", 2, "withdrawn")
    (record,) = trader.get("/saad?document=BACK-1").json["records"]
    assert (record["status"], record["version"], record["batch"]) == ("withdrawn", 2, batch["id"])
    assert trader.ask("POST", f"/batches/{batch['id']}/resumption").json["state"] == "withdrawn"


def test_batches_are_listed_the_newest_first(trader: TraderAtDoor, mixed: dict[str, Any]) -> None:
    """Page by page, towards older ones."""
    every, before = [], ""
    while True:
        page = trader.get(f"/batches?limit=3{before}").json
        every += [one["id"] for one in page["batches"]]
        if page["complete"]:
            break
        before = f"&before={every[-1]}"
    assert len(every) == len(set(every)) >= 2
    assert mixed["id"] in every
    assert trader.get("/batches?before=nothing").status == 404


def test_file_that_is_no_table_says_why(trader: TraderAtDoor) -> None:
    """Its fault stands in the batch, and its corrections are refused with it."""
    batch = trader.done(b"PK\x03\x04 no archive", "kind=saad&format=csv")
    answer = trader.get(f"/batches/{batch['id']}/corrections")

    assert batch["state"] == "unreadable"
    (fault,) = batch["faults"]
    assert (answer.status, kind_of(answer.json)) == (422, "unreadable")
    assert answer.json["faults"][0]["code"] == fault["code"]


def workbook(file: Path, content: bytes) -> bytes:
    """A table as a workbook."""
    heading, *text = [line.split(";") for line in content.decode().splitlines()]
    write_sheet(file, FileFormat.XLSX, SheetTable(heading=tuple(heading), rows=text))
    return file.read_bytes()


def test_workbook_comes_back_as_a_workbook(trader: TraderAtDoor, tmp_path: Path) -> None:
    """Corrections have the format in which the table came."""
    file, content = tmp_path / "book.xlsx", rows("BOOK-1", quantity="=1+1")
    place = content.splitlines()[0].split(b";").index(b"quantity")

    batch = trader.done(workbook(file, content), "kind=saad&format=xlsx")
    file.write_bytes(trader.get(f"/batches/{batch['id']}/corrections").body)

    with open_sheet(file, Declared()) as opened:
        (row,) = opened.rows()
        assert row.cells[place].text == "=1+1"
        assert "CELL-NUMBER" in row.cells[-1].text


def test_answers_are_json_lines(trader: TraderAtDoor, mixed: dict[str, Any]) -> None:
    """As all answers of the door end."""
    body = trader.get(f"/batches/{mixed['id']}").body
    assert body.endswith(b"\n")
    assert json.loads(body) == mixed


def test_encoding_is_said_and_not_guessed(trader: TraderAtDoor) -> None:
    """In the query, or as the charset of the media type; the fault of a file whose encoding is not said says so."""
    content = rows("KODAS-Ž").decode().encode("windows-1257")
    silent = trader.done(content)
    told = trader.done(content, "kind=saad&encoding=windows-1257")
    typed = trader.done(content, Content_Type="text/csv; charset=windows-1257")

    assert (silent["state"], silent["faults"][0]["code"]) == ("unreadable", "SHEET-ENCODING")
    assert (told["counts"]["taken"], told["taken"]["encoding"]) == (1, "windows-1257")
    assert (typed["counts"]["unchanged"], typed["taken"]["encoding"]) == (1, "windows-1257")


def test_mapping_says_what_other_headings_mean(trader: TraderAtDoor) -> None:
    """It comes with the file; the corrections keep those headings."""
    content = rows("MAP-1", quantity="?").replace(b"quantity", b"Kiekis L", 1)
    answer = requests.post(
        f"{trader.gateway.url}/v1/traders/{CONSIGNEE}/batches?kind=saad",
        data={"mapping": '[columns]\n"Kiekis L" = "quantity"\n'},
        files={"file": ("rows.csv", content, "text/csv")},
        headers={"Authorization": f"Bearer {trader.token}"},
        timeout=PATIENCE,
    )
    batch = trader.over(answer.json()["id"])
    refused = trader.get(f"/batches/{batch['id']}/rows").json["documents"]

    assert [one["rule"] for one in refused[0]["faults"]] == ["CELL-NUMBER"]
    assert "Kiekis L" in trader.get(f"/batches/{batch['id']}/corrections").body.decode("utf-8-sig").splitlines()[0]


def test_trader_with_many_batches_waits(tmp_path: Path) -> None:
    """429 as long as as many wait as may; another trader is none the worse."""
    with waiting(tmp_path, {"batches_waiting": 3}, [rows(f"WAIT-{number}") for number in range(3)]) as running:
        refused = TraderAtDoor(running, CONSIGNEE).hand_in(rows("WAIT"))
        taken = TraderAtDoor(running, CONSIGNOR).hand_in(rows("WAIT"))

    assert (refused.status, kind_of(refused.json)) == (429, "over-quota")
    assert (refused.json["limit"], refused.json["setting"]) == (3, "batches_waiting")
    assert taken.status == 202


@pytest.mark.parametrize(("size", "status"), [(2 * MEGABYTE - 1, 202), (2 * MEGABYTE, 429)])
def test_trader_with_large_batches_waits(tmp_path: Path, size: int, status: int) -> None:
    """429 as soon as their files have as many bytes as may wait, and not a byte before."""
    large = rows("LARGE-1").ljust(size, b"\n")
    with waiting(tmp_path, {"batch_megabytes_waiting": 2}, [large]) as running:
        answer = TraderAtDoor(running, CONSIGNEE).hand_in(rows("WAIT"))

    assert answer.status == status
    if status == 429:
        assert (kind_of(answer.json), answer.json["limit"]) == ("over-quota", 2)
        assert answer.json["setting"] == "batch_megabytes_waiting"
        assert "with 2 MB wait already" in answer.json["detail"]


@contextmanager
def waiting(folder: Path, settings: Mapping[str, object], files: Sequence[bytes]) -> Iterator[Served]:
    """A gateway with these settings, at which these files of a consignee wait: somebody holds them all."""
    box = copy_of_box(folder)
    box.set("LT", **settings)
    with box.open("LT", present(), http=True) as station:
        office = Office(station.runtime)
        for content in files:
            office.hand_in(content)
        with holding_all(box), serving(box, station) as running:
            yield running


def test_file_that_is_not_kept_any_more_is_told_as_such(tmp_path: Path) -> None:
    """A month after its batch has ended the gateway removes it by itself; what became of its rows is told as before."""
    clock = present()
    with served(copy_of_box(tmp_path), clock=clock) as running:
        trader = TraderAtDoor(running, CONSIGNEE)
        batch = trader.done(rows("KEPT-1", quantity="12x"))
        clock.move(days=31)
        wait_until(lambda: files_of(running.box) == [], "the file is removed")
        answer = trader.get(f"/batches/{batch['id']}/corrections")
        after = trader.get(f"/batches/{batch['id']}").json
        (refused,) = trader.get(f"/batches/{batch['id']}/rows?outcome=refused").json["documents"]

    assert batch["fileRemovedAt"] is None
    assert (answer.status, kind_of(answer.json)) == (410, "removed")
    assert f"since {clock.at.isoformat(timespec='seconds')}" in answer.json["detail"]
    assert after["fileRemovedAt"]
    assert {**after, "fileRemovedAt": None} == batch
    assert refused["faults"][0]["rule"] == "CELL-NUMBER"


@contextmanager
def holding_all(box: Box) -> Iterator[None]:
    """Hold all batches that there are, as a worker does that works on them."""
    folders = sorted(box.members["LT"].data.batches.iterdir())
    with ExitStack() as end:
        for folder in folders:
            lock = end.enter_context((folder / "lock").open("w"))
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield
