"""``esad fallback``: documents on paper."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import zxingcpp
from lxml import etree

from esad_gateway.emcs.messages import IE801
from esad_gateway.papers import paper_of
from esad_gateway.xml.parse import parse
from esad_gateway.xml.payload import SIGNATURE
from esad_gateway.xml.plain import message_to_plain
from helpers.command_line import Esad
from helpers.fixtures import load
from helpers.papers import picture, squeezed, text_of
from helpers.rulebook import ROOT
from helpers.samples import draft

VALID = ROOT / "fixtures" / "messages"
DRAFTS = ROOT / "fixtures" / "drafts"
ENTRY = {
    "source": "mvv",
    "document": "FR-2026-18",
    "state": "FR",
    "consignor": "Domaine Exemple",
    "dispatched": "2026-02-20",
    "received": "2026-03-02",
    "consignee": "LT00000000102",
    "capacity": "certified_consignee",
    "lines": [{"product": "W200", "cn_code": "22042138", "quantity": "90.5"}],
}


def written(folder: Path, data: Any) -> Path:
    """``data`` as a file of JSON."""
    file = folder / "draft.json"
    file.write_text(json.dumps(data), encoding="utf-8")
    return file


def plain(**changes: Any) -> dict[str, Any]:
    """A draft as plain data without a header."""
    return {name: value for name, value in {**message_to_plain(draft()), **changes}.items() if name != "header"}


def test_draft_in_json_becomes_a_fallback_document(esad: Esad, tmp_path: Path) -> None:
    """As ``esad compose`` takes it, without a header; in both languages when none is asked for."""
    pdf = tmp_path / "goods.pdf"
    printed = esad("fallback", written(tmp_path, plain()), "--pdf", pdf)
    assert printed.code == 0
    assert printed.out.endswith(
        f"Fallback accompanying document for movements of excise goods LT00000000101/LT-2026-000003: {pdf}\n"
    )
    text = squeezed(text_of(pdf.read_bytes()))
    assert squeezed("Fallback accompanying document for movements of excise goods") in text
    assert squeezed("9a Local reference number (LRN) / Vietinis registracijos numeris (LRN)") in text


@pytest.mark.parametrize(
    ("file", "title"),
    [
        ("ie815/valid/deferred.xml", "Atsarginis akcizais apmokestinamų prekių gabenimo lydimasis dokumentas"),
        ("ie801/valid/wine-and-beer.xml", "Elektroninis supaprastintas administracinis dokumentas (e-SAD)"),
        (
            "ie813/valid/other-place.xml",
            "Atsarginis akcizais apmokestinamų prekių gabenimo paskirties vietos pakeitimo",
        ),
        ("ie818/valid/shortage.xml", "Atsarginis pranešimas apie gabenamų akcizais apmokestinamų prekių gavimą"),
    ],
)
def test_message_in_xml_becomes_its_paper(esad: Esad, tmp_path: Path, file: str, title: str) -> None:
    """Each under its own title, in the language that was asked for and in no other."""
    pdf = tmp_path / "paper.pdf"
    assert esad("fallback", VALID / file, "--pdf", pdf, "--lang", "lt").code == 0
    text = text_of(pdf.read_bytes())
    assert squeezed(title) in squeezed(text)
    assert "Destination" not in text
    assert "page" not in text


def test_esad_carries_its_arc(esad: Esad, tmp_path: Path) -> None:
    """What an inspector scans is the ARC."""
    file, pdf = VALID / "ie801" / "valid" / "wine-and-beer.xml", tmp_path / "esad.pdf"
    esad("fallback", file, "--pdf", pdf)
    message = load(file)
    assert isinstance(message, IE801)
    read = {one.text for one in zxingcpp.read_barcodes(picture(pdf.read_bytes()))}
    assert read == {message.excise_movement.administrative_reference_code}


def test_same_file_gives_the_same_pdf(esad: Esad, tmp_path: Path) -> None:
    """A draft without a header too: nothing of the moment of printing is in it."""
    file = written(tmp_path, plain())
    first, second = tmp_path / "1.pdf", tmp_path / "2.pdf"
    esad("fallback", file, "--pdf", first)
    esad("fallback", file, "--pdf", second)
    assert first.read_bytes() == second.read_bytes()


@pytest.mark.parametrize("data", [ENTRY, {"entry": ENTRY}])
def test_record_of_the_saad_list_in_json(esad: Esad, tmp_path: Path, data: dict[str, Any]) -> None:
    """An entry, or a record around it."""
    facts = {"version": 1, "status": "late", "late": True, "due": "2026-03-03"}
    moments = {"entered_at": "2026-03-05T08:00:00Z", "since": "2026-03-05T08:00:00Z"}
    pdf = tmp_path / "saad.pdf"
    whole = {**data, **facts, **moments} if "entry" in data else data
    printed = esad("fallback", written(tmp_path, whole), "--pdf", pdf, "--json")
    (answer,) = printed.objects
    assert (printed.code, answer["kind"], answer["mark"]) == (0, "saad", "FR/Domaine Exemple/FR-2026-18")
    text = text_of(pdf.read_bytes())
    assert "90.5" in text
    assert ("2026-03-05 08:00:00" in text) == ("entry" in data)


def test_wrong_fields_are_all_told(esad: Esad, tmp_path: Path) -> None:
    """Each with its place in the data, as by ``esad compose``; there is no PDF then."""
    pdf = tmp_path / "none.pdf"
    wrong = {**ENTRY, "received": "2 March", "lines": [{"product": "W200", "quantity": "much"}], "colour": "red"}
    printed = esad("fallback", written(tmp_path, wrong), "--pdf", pdf, "--json")
    (answer,) = printed.objects
    assert (printed.code, pdf.exists()) == (1, False)
    assert {fault["path"] for fault in answer["faults"]} == {
        "received",
        "lines[1].quantity",
        "lines[1].cn_code",
        "colour",
    }


def test_draft_that_the_schema_refuses_is_told_by_field(esad: Esad, tmp_path: Path) -> None:
    """What could never be submitted later is not printed now; the fault says where, and what was expected."""
    long = {**plain()["ead_esad_draft"], "local_reference_number": "L" * 23}
    printed = esad(
        "fallback", written(tmp_path, plain(ead_esad_draft=long)), "--pdf", tmp_path / "x.pdf", "--lang", "both"
    )
    assert printed.code == 1
    assert "/LocalReferenceNumber" in printed.out
    assert "22" in printed.out
    assert "draft.json: " in printed.out  # no line: JSON has others than XML


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "not JSON"),
        (b"\xff\xfe", "not JSON"),
        (b"[]", "0 drafts; expected one"),
        (b"<IE815", "no EMCS message"),
        (b"<!DOCTYPE a []><a/>", "no EMCS message"),
        (
            (VALID / "ie704" / "valid" / "draft.xml").read_bytes(),
            "IE704 is not put on paper; expected one of IE801, IE8",
        ),
    ],
)
def test_what_is_no_document_is_wrong_usage(esad: Esad, tmp_path: Path, content: bytes, told: str) -> None:
    """Said in one line, with what was expected."""
    file = tmp_path / "file"
    file.write_bytes(content)
    printed = esad("fallback", file, "--pdf", tmp_path / "x.pdf")
    assert printed.code == 2
    assert told in printed.err
    assert len(printed.err.splitlines()) == 1


def test_draft_of_another_procedure_is_not_printed(esad: Esad, tmp_path: Path) -> None:
    """Goods under suspension move under another title."""
    other = plain(attributes={"submission_message_type": "1"})
    printed = esad("fallback", written(tmp_path, other), "--pdf", tmp_path / "x.pdf")
    assert printed.code == 2
    assert "submission message type 1; only duty paid (3)" in printed.err


def test_signature_is_no_part_of_the_paper(esad: Esad, tmp_path: Path) -> None:
    """A signed document is printed as the unsigned one; a signature that holds nothing shows that none is verified."""
    unsigned, signed = VALID / "ie818" / "valid" / "shortage.xml", tmp_path / "signed.xml"
    root = parse(unsigned.read_bytes())
    etree.SubElement(root, SIGNATURE)
    signed.write_bytes(etree.tostring(root))
    first, second = tmp_path / "signed.pdf", tmp_path / "unsigned.pdf"
    assert esad("fallback", signed, "--pdf", first).code == 0
    assert esad("fallback", unsigned, "--pdf", second).code == 0
    assert first.read_bytes() == second.read_bytes()


def test_pdf_that_cannot_be_written_is_wrong_usage(esad: Esad, tmp_path: Path) -> None:
    """A folder, say."""
    printed = esad("fallback", written(tmp_path, plain()), "--pdf", tmp_path)
    assert printed.code == 2
    assert str(tmp_path) in printed.err


@pytest.mark.parametrize(("options", "told"), [((), True), (("--local-times",), False)])
def test_times_are_utc_unless_it_is_said(esad: Esad, tmp_path: Path, options: tuple[str, ...], *, told: bool) -> None:
    """Then the local time of the consignor's member state stands beside them."""
    pdf = tmp_path / "late.pdf"
    late = {**plain()["ead_esad_draft"], "time_of_dispatch": "22:30:00"}
    esad("fallback", written(tmp_path, plain(ead_esad_draft=late)), "--pdf", pdf, "--lang", "en", *options)
    text = squeezed(text_of(pdf.read_bytes()))
    assert "22:30:00" in text
    assert (squeezed("22:30:00 (UTC; local time 2026-03-04 00:30+02:00)") in text) == told


def test_rules_are_not_asked(esad: Esad, tmp_path: Path) -> None:
    """Goods may leave under a fallback document that still has a fault; only what could not be read is refused."""
    early = replace(draft().ead_esad_draft, invoice_number="-")
    assert paper_of(replace(draft(), ead_esad_draft=early)).sections
    old = {**plain()["ead_esad_draft"], "date_of_dispatch": "2020-01-01"}
    assert esad("fallback", written(tmp_path, plain(ead_esad_draft=old)), "--pdf", tmp_path / "x.pdf").code == 0
