"""Every box of the regulation is on the paper, and every field of a message has its box."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, get_args, get_type_hints
from zoneinfo import ZoneInfo

import pytest

from esad_gateway.ais.saad.record import SaadEntry, SaadRecord
from esad_gateway.emcs.codes import DestinationTypeCode, GuarantorTypeCode, SubmissionType
from esad_gateway.emcs.messages import IE801, IE813, IE815, IE818
from esad_gateway.emcs.messages.fields import Text
from esad_gateway.faults import Said
from esad_gateway.papers import FORMS, home_of, paper_of
from esad_gateway.papers.boxes import WHOLE_ROW, BoxGroup
from esad_gateway.papers.meanings import SPOKEN
from esad_gateway.texts import languages, say
from helpers import draw_boxes
from helpers.papers import ENTRY, RECORD
from helpers.samples import draft, report

# Annex I of Delegated Regulation (EU) 2022/1636 (in force from 13 February 2024): the groups, and their last letters.
TABLE_1 = "1g 2g 3g 4a 5h 6b 7g 8a 9g 9.1a 10a 11a 12h 13c 14g 15g 16g 17w 17.1f 17.2e 17.2.1a 18f"
TABLE_3 = "1a 2i 3a 4h 5g 6a 7a 7.1h 8g 9g 10g"
TABLE_6 = "1a 2b 3h 4g 5a 6d 7e 7.1c"
TWO_GUARANTORS = ["transporter", "owner of goods"]
ADDED_AT_VALIDATION = {"1d", "1e", "1f", "1g", "9g"}
"""What the authorities add to a draft, so that no draft has it: ARC, times, sequence number, upstream ARC."""

NEVER_ON_PAPER = {"attributes.submission_message_type", "attributes.deferred_submission_flag"}
"""Beside the header: Table 1 says of both that they must not occur in a fallback document."""


def regulation(table: str) -> set[str]:
    """The boxes of a table of the regulation: in each of its groups all letters up to the last one."""
    return {
        f"{group[:-1]}{letter}" for group in table.split() for letter in map(chr, range(ord("a"), ord(group[-1]) + 1))
    }


def boxes(groups: Any) -> Iterator[tuple[str, str, str]]:
    """Every box with its number, letter and label, as often as there is one."""
    for group in groups:
        for box in group.boxes:
            for letter in filter(None, (box.letter, box.language)):
                yield group.number, letter, box.label
        yield from boxes(group.groups)


def printed(group: BoxGroup, above: str = "") -> Iterator[str]:
    """The paths of the fields that have a box."""
    path = ".".join(filter(None, (above, group.path)))
    for box in group.boxes:
        yield ".".join(filter(None, (path, box.field)))
    for below in group.groups:
        yield from printed(below, path)


def leaves(kind: type, above: str = "") -> Iterator[str]:
    """The paths of all fields that have a value of their own, whatever is optional or repeated on the way."""
    hints = get_type_hints(kind)
    for field in fields(kind):
        content = next((one for one in get_args(hints[field.name]) if one is not type(None)), hints[field.name])
        path = f"{above}.{field.name}".removeprefix(".")
        if is_dataclass(content) and content is not Text:
            assert isinstance(content, type)
            yield from leaves(content, path)
        else:
            yield path


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (IE815, regulation(TABLE_1) - ADDED_AT_VALIDATION),
        (IE801, regulation(TABLE_1)),
        (IE813, regulation(TABLE_3)),
        (IE818, regulation(TABLE_6)),
    ],
)
def test_boxes_are_those_of_the_regulation(kind: type, expected: set[str]) -> None:
    """All of them, each once, and no others."""
    found = [f"{number}{letter}" for number, letter, _ in boxes(FORMS[kind].groups)]
    assert sorted(found) == sorted(expected)


@pytest.mark.parametrize("kind", FORMS)
def test_every_field_has_a_box(kind: type) -> None:
    """No field of a message is forgotten; what stands on no paper is named here."""
    found = [path for group in FORMS[kind].groups for path in printed(group)]
    expected = {path for path in leaves(kind) if not path.startswith("header.")} - NEVER_ON_PAPER
    assert sorted(found) == sorted(expected)


@pytest.mark.parametrize("kind", FORMS)
def test_every_box_fits_on_the_page(kind: type) -> None:
    """No box is wider than a row, with the language of its text beside it."""
    groups = list(FORMS[kind].groups)
    for group in groups:
        groups.extend(group.groups)
        assert all(box.width + (2 if box.language else 0) <= WHOLE_ROW for box in group.boxes)


@pytest.mark.parametrize("kind", [IE815, IE801, IE813, IE818])
def test_letters_stand_in_their_order(kind: type) -> None:
    """As in the regulation, so that whoever compares the two goes down both."""
    groups = list(FORMS[kind].groups)
    for group in groups:
        groups.extend(group.groups)
        letters = [box.letter for box in group.boxes if box.letter]
        assert letters == sorted(letters)


def test_what_the_regulation_forbids_is_not_on_a_fallback_document() -> None:
    """A deferred draft looks as any other."""
    deferred = draft({"attributes.deferred_submission_flag": True})
    assert deferred.attributes.submission_message_type == SubmissionType.DUTY_PAID_B2B
    assert paper_of(deferred) == paper_of(draft())


def test_repeated_groups_are_counted() -> None:
    """Each line of goods says which it is, and its packages follow it."""
    goods = [one for one in paper_of(draft()).sections if one.number.startswith("17")]
    assert [(one.number, one.position, one.count) for one in goods] == [
        ("17", 1, 2),
        ("17.1", 1, 1),
        ("17", 2, 2),
        ("17.1", 1, 1),
    ]


def test_values_stand_as_in_the_document() -> None:
    """Codes as codes, flags as 0 and 1, amounts with all their digits and no exponent, dates and times in ISO 8601."""
    value = draft(
        {
            "body_ead_esad.0.quantity": Decimal("1E+3"),
            "body_ead_esad.0.gross_mass": Decimal("1480.500000"),
            "body_ead_esad.0.fiscal_mark_used_flag": False,
            "body_ead_esad.0.commercial_description": Text("Vynas", "lt"),
            "ead_esad_draft.time_of_dispatch": time(8, 5),
        }
    )
    cells = {cell.number: cell.value for one in paper_of(value).sections[:-2] for cell in one.cells}
    assert {number: cells[number] for number in ("1a", "9e", "9f")} == {"1a": "9", "9e": "2026-03-03", "9f": "08:05:00"}
    first = next(one for one in paper_of(value).sections if one.number == "17")
    goods = {cell.number: cell.value for cell in first.cells}
    assert goods["17d"] == "1000"
    assert goods["17e"] == "1480.500000"
    assert goods["17k"] == "0"
    assert (goods["17p"], goods["17q"]) == ("Vynas", "lt")


def test_report_is_a_fallback_until_it_is_validated() -> None:
    """The time that only the authorities give (box 1a) tells one from the other."""
    when = datetime(2026, 3, 2, 12, 0)  # noqa: DTZ001 - as the messages have it
    path = "attributes.date_and_time_of_validation_of_report_of_receipt_export"
    title = say(paper_of(report()).title)
    assert title == "Fallback report of receipt for movements of excise goods"
    assert "allback" not in say(paper_of(report({path: when})).title)


@pytest.mark.parametrize("value", [ENTRY, RECORD])
def test_record_has_the_boxes_of_a_report_where_they_are_alike(value: SaadEntry | SaadRecord) -> None:
    """What a report of receipt has a box for has its number; the rest stands beside it without one."""
    sections = paper_of(value).sections
    numbered = {cell.number: cell.value for one in sections for cell in one.cells if cell.number}
    assert numbered["3a"] == "LT00000000102"
    assert numbered["6a"] == "2026-03-02"
    assert (numbered["7c"], numbered["7d"]) == ("0.5", "B000")
    assert {"EL-77/2026", "22042138", "12.5"} <= {cell.value for one in sections for cell in one.cells}
    assert paper_of(value).mark == "EL/Αμπελώνες Παράδειγμα/EL-77/2026"


@pytest.mark.parametrize(
    ("changes", "number", "meaning"),
    [
        ({}, "1a", ["certified consignee"]),
        ({"header_ead_esad.destination_type_code": DestinationTypeCode.EXPORT}, "1a", []),
        ({}, "11a", ["consignee"]),
        ({"movement_guarantee.guarantor_type_code": GuarantorTypeCode.TRANSPORTER_OWNER}, "11a", TWO_GUARANTORS),
        ({}, "13a", ["road"]),
        ({}, "17d", ["litres at 20 °C"]),
        ({"body_ead_esad.0.excise_product_code": "T200"}, "17d", ["thousands of pieces"]),
        ({"body_ead_esad.0.excise_product_code": "X999"}, "17d", []),
        ({}, "2b", []),
    ],
)
def test_codes_say_what_they_mean(changes: dict[str, Any], number: str, meaning: list[str]) -> None:
    """Beside the code, where it has a meaning for duty paid; a quantity has the unit of its product."""
    cells = [cell for one in paper_of(draft(changes)).sections for cell in one.cells]
    first = next(cell for cell in cells if cell.number == number)
    assert [say(one) for one in first.meaning] == meaning


def test_times_in_utc_have_the_local_time_beside_them() -> None:
    """Half past ten at night in UTC is the next day in Vilnius, and whoever stops the lorry reads Vilnius time."""
    late = draft({"ead_esad_draft.time_of_dispatch": time(22, 30)})
    assert home_of(late) == "LT"
    for zone, expected in ((ZoneInfo("Europe/Vilnius"), ["UTC; local time 2026-03-04 00:30+02:00"]), (None, [])):
        cells = [cell for one in paper_of(late, zone).sections for cell in one.cells if cell.number == "9f"]
        assert [cell.value for cell in cells] == ["22:30:00"]
        assert [say(one) for cell in cells for one in cell.meaning] == expected


def test_last_hour_of_all_has_no_local_time() -> None:
    """There is no day after the last one, and the document is printed all the same."""
    changes = {"ead_esad_draft.date_of_dispatch": date.max, "ead_esad_draft.time_of_dispatch": time(23)}
    cells = [cell for one in paper_of(draft(changes), ZoneInfo("Europe/Vilnius")).sections for cell in one.cells]
    assert [cell.meaning for cell in cells if cell.number == "9f"] == [()]


@pytest.mark.parametrize("kind", FORMS)
def test_home_is_a_field_with_a_box(kind: type) -> None:
    """The member state whose time counts is told by what stands on the paper."""
    assert FORMS[kind].home[0] in {path for group in FORMS[kind].groups for path in printed(group)}


def test_every_meaning_is_of_codes_that_have_sentences() -> None:
    """The groups that boxes name are those of the table, and none of the table is left over."""
    groups = [group for form in FORMS.values() for group in form.groups]
    for group in groups:
        groups.extend(group.groups)
    assert {box.meaning for group in groups for box in group.boxes} - {""} == set(SPOKEN)


@pytest.mark.parametrize("language", languages())
def test_every_box_has_a_label(language: str) -> None:
    """In every language."""
    for kind in FORMS:
        for _, _, label in boxes(FORMS[kind].groups):
            assert say(Said(f"box.{label}"), language)


def test_page_is_made_from_the_tables() -> None:
    """docs/reference/boxes.md is as ``python tests/helpers/draw_boxes.py`` writes it."""
    assert draw_boxes.PAGE.read_text(encoding="utf-8") == draw_boxes.page()
