"""``esad compose``: plain data in, documents out."""

import csv
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from esad_gateway import resources
from esad_gateway.emcs.messages import MESSAGES, Message
from esad_gateway.xml.parse import parse
from esad_gateway.xml.plain import message_to_plain
from esad_gateway.xml.release import current, shipped
from helpers.command_line import Esad

FROM_TO = ("--sender", "NDEA.LT", "--recipient", "NDEA.PL")


def _fixture(name: str) -> Message:
    path = resources.fixtures() / "messages" / name
    return current().read(parse(path.read_bytes()))


def _report() -> dict[str, Any]:
    """A report of receipt as an integrator would write it, without a header."""
    plain = message_to_plain(_fixture("ie818/valid/accepted.xml"))
    return {name: value for name, value in plain.items() if name != "header"}


def _written(folder: Path, data: Any, name: str = "draft.json") -> Path:
    path = folder / name
    path.write_text(json.dumps(data))
    return path


def _text(document: str, name: str) -> str | None:
    element = etree.fromstring(document.encode()).find(f".//{{*}}{name}")
    return None if element is None else element.text


def test_json_becomes_a_document(esad: Esad, tmp_path: Path) -> None:
    """One message is printed; sender, recipient, identifier and time are filled in, and the schema accepts it."""
    printed = esad("compose", _written(tmp_path, _report()), *FROM_TO)

    assert printed.code == 0
    assert shipped().accepts(parse(printed.out.encode()))
    assert [_text(printed.out, name) for name in ("MessageSender", "MessageRecipient")] == ["NDEA.LT", "NDEA.PL"]
    assert len(_text(printed.out, "MessageIdentifier") or "") == 36


def test_line_separators_are_written_as_references(esad: Esad, tmp_path: Path) -> None:
    """So that whoever signs the document in JavaScript, where xmldom reads it, signs the text that was meant."""
    report = _report()
    report["consignee_trader"]["trader_name"] = "Vynas\u2028"
    printed = esad("compose", _written(tmp_path, report), *FROM_TO)

    assert "Vynas&#8232;<" in printed.out


def test_two_messages_have_two_identifiers(esad: Esad, tmp_path: Path) -> None:
    """The items of a list become files of their own, each with an identity of its own."""
    drafts = _written(tmp_path, [_report(), _report()])

    printed = esad("compose", drafts, *FROM_TO, "--output", tmp_path / "out", "--json")

    documents = [tmp_path / "out" / f"draft-{number}.xml" for number in (1, 2)]
    assert printed.objects == [
        {"file": f"{drafts}[{number}]", "ok": True, "message": "IE818", "output": str(document), "faults": []}
        for number, document in enumerate(documents, start=1)
    ]
    assert len({_text(document.read_text(), "MessageIdentifier") for document in documents}) == 2


def test_header_of_the_data_is_kept(esad: Esad, tmp_path: Path) -> None:
    """What the data say about the header is not replaced by options or the clock."""
    draft = _fixture("ie815/valid/full.xml")
    printed = esad("compose", _written(tmp_path, message_to_plain(draft)), *FROM_TO)

    assert current().read(parse(printed.out.encode())) == draft


def test_table_becomes_documents(esad: Esad, tmp_path: Path) -> None:
    """Every row of a table is a message of the type that --message names."""
    rows = [_flat(_report()), _flat(_report()) | {"report_of_receipt_export.global_conclusion_of_receipt": "3"}]
    table = tmp_path / "reports.csv"
    with table.open("w", newline="") as file:
        writer = csv.DictWriter(file, [name for name in rows[0] if name != "message"], extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)

    printed = esad("compose", table, "--message", "IE818", *FROM_TO, "--output", tmp_path)

    documents = [(tmp_path / f"reports-{number}.xml").read_text() for number in (1, 2)]
    assert printed.code == 0
    assert [line.partition(": ")[0] for line in printed.out.splitlines()] == [f"{table}:2", f"{table}:3"]
    assert [_text(document, "GlobalConclusionOfReceipt") for document in documents] == ["1", "3"]


def _flat(data: Any, path: str = "") -> dict[str, str]:
    """Plain data as one row of a table."""
    if isinstance(data, dict):
        inside = ((f"{path}.{name}" if path else name, value) for name, value in data.items())
        return {key: cell for name, value in inside for key, cell in _flat(value, name).items()}
    if isinstance(data, list):
        numbered = ((f"{path}[{number}]", item) for number, item in enumerate(data, start=1))
        return {key: cell for name, item in numbered for key, cell in _flat(item, name).items()}
    return {path: str(data)}


def test_wrong_fields_are_reported_at_once(esad: Esad, tmp_path: Path) -> None:
    """Nothing is printed on standard output, and every wrong field has a line with its place."""
    data = _report() | {"Attributes": {}, "report_of_receipt_export": {"global_conclusion_of_receipt": "9"}}
    draft = _written(tmp_path, data)

    printed = esad("compose", draft, *FROM_TO)

    assert (printed.code, printed.out) == (1, "")
    assert [line.partition(": ")[2].split(" ")[:2] for line in printed.err.splitlines()] == [
        ["PLAIN-UNKNOWN", "Attributes"],
        ["PLAIN-MISSING", "report_of_receipt_export.date_of_arrival_of_excise_products"],
        ["PLAIN-TYPE", "report_of_receipt_export.global_conclusion_of_receipt"],
    ]
    assert "did you mean attributes?" in printed.err


def test_good_rows_are_written_beside_wrong_ones(esad: Esad, tmp_path: Path) -> None:
    """One wrong draft does not hold up the others, but the exit code says that there was one."""
    drafts = _written(tmp_path, [_report(), {"message": "IE818"}, 7])

    printed = esad("compose", drafts, *FROM_TO, "--output", tmp_path / "out", "--json")

    assert printed.code == 1
    assert [outcome["ok"] for outcome in printed.objects] == [True, False, False]
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["draft-1.xml"]


def test_sender_must_come_from_somewhere(esad: Esad, tmp_path: Path) -> None:
    """Nobody is made the sender by default."""
    printed = esad("compose", _written(tmp_path, _report()))

    assert printed.code == 1
    assert "PLAIN-MISSING header.message_sender" in printed.err


def test_document_goes_into_a_file(esad: Esad, tmp_path: Path) -> None:
    """A single message is written to the very file that --output names."""
    printed = esad("compose", _written(tmp_path, _report()), *FROM_TO, "--output", tmp_path / "deep" / "report.xml")

    assert printed.out == f"{tmp_path / 'draft.json'}: IE818 {tmp_path / 'deep' / 'report.xml'}\n"
    assert shipped().accepts(parse((tmp_path / "deep" / "report.xml").read_bytes()))


@pytest.mark.parametrize("message", MESSAGES, ids=lambda message: message.__name__)
def test_template_is_the_beginning_of_a_message(esad: Esad, message: type[Message]) -> None:
    """The skeleton of every message is JSON with that message's name."""
    printed = esad("compose", "--template", message.__name__)

    assert printed.code == 0
    assert json.loads(printed.out)["message"] == message.__name__


def test_template_can_have_every_field(esad: Esad) -> None:
    """With --full the optional fields are there too."""
    brief, full = (json.loads(esad("compose", "--template", "IE815", *more).out) for more in ([], ["--full"]))

    assert set(brief) < set(full)


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param([], id="nothing to do"),
        pytest.param(["--template", "IE999"], id="template of nothing"),
        pytest.param(["missing.json"], id="missing file"),
        pytest.param(["two.json"], id="two messages and nowhere to go"),
        pytest.param(["one.json", "--json"], id="verdicts and documents in one stream"),
        pytest.param(["one.json", "--csv"], id="JSON as a table"),
        pytest.param(["one.json", "--output", "one.json/x.xml"], id="file as a folder"),
    ],
)
def test_wrong_usage_is_2(esad: Esad, tmp_path: Path, arguments: list[str]) -> None:
    """What cannot be read, written or meant ends with exit code 2 and a word on standard error."""
    _written(tmp_path, _report(), "one.json")
    _written(tmp_path, [_report(), _report()], "two.json")
    placed = [str(tmp_path / word) if ".json" in word else word for word in arguments]

    printed = esad("compose", *placed, *FROM_TO)

    assert (printed.code, printed.out) == (2, "")
    assert printed.err


def test_standard_input_becomes_a_document() -> None:
    """A dash reads the data from standard input."""
    command = [sys.executable, "-m", "esad_gateway", "compose", "-", *FROM_TO]

    done = subprocess.run(command, input=json.dumps(_report()).encode(), capture_output=True, check=True)

    assert shipped().accepts(parse(done.stdout))
