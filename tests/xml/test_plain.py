"""Messages as plain data: what goes in comes out, and everything wrong is said at once."""

import json
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from esad_gateway.emcs.messages import IE818, MESSAGES, Message
from esad_gateway.errors import ComposeRefused
from esad_gateway.texts import say
from esad_gateway.xml.plain import message_from_plain, message_to_plain, template, with_header
from esad_gateway.xml.plain_values import kind_of
from helpers.any_message import any_message

HEADER = {
    "message_sender": "NDEA.PL",
    "message_recipient": "NDEA.LT",
    "date_of_preparation": "2025-03-01",
    "time_of_preparation": "08:00:00",
    "message_identifier": "M-1",
}


def _report() -> dict[str, Any]:
    return {
        "message": "IE818",
        "header": HEADER,
        "attributes": {},
        "consignee_trader": {
            "trader_name": "Consignee",
            "street_name": "Street",
            "postcode": "00-001",
            "city": "City",
            "language": "pl",
        },
        "excise_movement": {"administrative_reference_code": "25LT0000000000000P005", "sequence_number": 1},
        "report_of_receipt_export": {
            "date_of_arrival_of_excise_products": "2025-03-01",
            "global_conclusion_of_receipt": "1",
        },
    }


def _faults(data: Any) -> list[tuple[str, str, str | None, str]]:
    with pytest.raises(ComposeRefused) as refused:
        message_from_plain(data)
    return [(fault.rule, fault.path, fault.value, say(fault.hint)) for fault in refused.value.faults]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(message=any_message())
def test_any_message_survives_the_way_through_json(message: Message) -> None:
    """Written as JSON and read back, a message is the same value."""
    assert message_from_plain(json.loads(json.dumps(message_to_plain(message)))) == message


def test_typed_fields_are_read() -> None:
    """Codes, dates, whole numbers and texts get the types of the message."""
    message = message_from_plain(_report())

    assert isinstance(message, IE818)
    assert message.excise_movement.sequence_number == 1
    assert message.report_of_receipt_export.date_of_arrival_of_excise_products == date(2025, 3, 1)
    assert message.body_report_of_receipt_export == ()


def test_group_without_required_fields_may_be_left_out() -> None:
    """Attributes that stay empty at submission need not be written."""
    data = _report()
    del data["attributes"]

    assert message_from_plain(data) == message_from_plain(_report())


def test_null_means_absent() -> None:
    """A field that is null counts as left out."""
    data = _report() | {"destination_office": None}

    assert message_from_plain(data) == message_from_plain(_report())


def test_every_wrong_field_is_reported_at_once() -> None:
    """Unknown, missing and wrongly typed fields come together, each with its place and what was expected."""
    data = _report()
    data["Attributes"] = {}
    data["excise_movement"] = {"administrative_reference_code": 7, "SequenceNumber": "1"}
    data["report_of_receipt_export"]["date_of_arrival_of_excise_products"] = "1 March"
    data["body_report_of_receipt_export"] = [{"body_record_unique_reference": "x", "excise_product_code": "W200"}]

    assert _faults(data) == [
        ("PLAIN-UNKNOWN", "Attributes", "object", "did you mean attributes?"),
        ("PLAIN-UNKNOWN", "excise_movement.SequenceNumber", "1", "did you mean sequence_number?"),
        ("PLAIN-TYPE", "excise_movement.administrative_reference_code", "7", "expected text"),
        ("PLAIN-MISSING", "excise_movement.sequence_number", None, "expected whole number"),
        (
            "PLAIN-TYPE",
            "report_of_receipt_export.date_of_arrival_of_excise_products",
            "1 March",
            "expected date (YYYY-MM-DD)",
        ),
        (
            "PLAIN-TYPE",
            "body_report_of_receipt_export[1].body_record_unique_reference",
            "x",
            "expected whole number",
        ),
    ]


def test_guesses_at_what_was_meant_are_few() -> None:
    """Each takes long, so of many misspelt names the first 20 get one; the others are told what is known."""
    misspelt = [f"attribute{number}" for number in range(60)]

    hints = [hint for rule, *_, hint in _faults(_report() | dict.fromkeys(misspelt, 1)) if rule == "PLAIN-UNKNOWN"]

    assert hints[:20] == ["did you mean attributes?"] * 20
    assert {hint.partition(":")[0] for hint in hints[20:]} == {"known here"}
    assert len(hints) == 60


@pytest.mark.parametrize("name", ["excise_product_kode", "ExciseProductCode"], ids=["misspelt", "as in the XML"])
def test_name_that_is_wrong_in_every_line_is_guessed_in_every_line(name: str) -> None:
    """However many lines there are: it is looked up once, or not at all, and what follows gets a guess as well."""
    lines = [{"body_record_unique_reference": 1, name: "W200"} for _ in range(100)]

    hints = [
        hint
        for rule, *_, hint in _faults(
            _report() | {"body_report_of_receipt_export": lines, "atributes": {}, "Attributes": {}}
        )
        if rule == "PLAIN-UNKNOWN"
    ]

    assert hints == ["did you mean attributes?"] * 2 + ["did you mean excise_product_code?"] * 100


def test_character_that_xml_has_no_form_for_is_named() -> None:
    """The value is told in a form that an answer can have, and so is a name."""
    data = _report() | {"x\udc00": 1}
    data["excise_movement"]["administrative_reference_code"] = "26\ud800"

    [unknown, wrong] = _faults(data)
    assert unknown[:2] == ("PLAIN-UNKNOWN", r"x\udc00")
    assert wrong[2:] == (r"26\ud800", "XML has no form for the character U+D800 in it")


@pytest.mark.parametrize(
    ("data", "rule", "path"),
    [
        pytest.param([], "PLAIN-MISSING", "message", id="no object"),
        pytest.param({}, "PLAIN-MISSING", "message", id="no message"),
        pytest.param({"message": "IE999"}, "PLAIN-TYPE", "message", id="unknown message"),
        pytest.param({"message": ["IE818"]}, "PLAIN-TYPE", "message", id="message is a list"),
        pytest.param(_report() | {"header": "me"}, "PLAIN-TYPE", "header", id="group is a text"),
        pytest.param(
            _report() | {"body_report_of_receipt_export": {}},
            "PLAIN-TYPE",
            "body_report_of_receipt_export",
            id="repeated group is an object",
        ),
        pytest.param(
            {"message": "IE704", "header": HEADER, "functional_error": []},
            "PLAIN-OCCURS",
            "functional_error",
            id="too few",
        ),
        pytest.param({"message": "IE704", "header": HEADER}, "PLAIN-MISSING", "functional_error", id="no list"),
    ],
)
def test_structure_is_checked(data: Any, rule: str, path: str) -> None:
    """What is no message, no object or no list of the right length is refused at its place."""
    assert [(found[0], found[1]) for found in _faults(data)] == [(rule, path)]


@pytest.mark.parametrize(
    ("python_type", "given", "expected"),
    [
        pytest.param(int, "12", 12, id="whole number as text"),
        pytest.param(Decimal, "120.50", Decimal("120.50"), id="decimal as text"),
        pytest.param(Decimal, 0.1, Decimal("0.1"), id="decimal as float"),
        pytest.param(Decimal, 1e-7, Decimal("0.0000001"), id="small float"),
        pytest.param(Decimal, 3, Decimal(3), id="decimal as whole number"),
        pytest.param(bool, "true", True, id="truth as text"),
        pytest.param(bool, "0", False, id="truth as digit"),
        pytest.param(time, "08:00:00Z", time(8), id="time with Z"),
        pytest.param(
            datetime,
            "2025-03-01T10:00:00+02:00",
            datetime.fromisoformat("2025-03-01T08:00"),
            id="moment in another zone",
        ),
        pytest.param(bytes, "AQI=", b"\x01\x02", id="binary"),
    ],
)
def test_values_are_read(python_type: type, given: Any, expected: Any) -> None:
    """JSON's own types and the text of the XML are both understood."""
    read = kind_of(python_type).read(given)

    assert (read, type(read)) == (expected, type(expected))


@pytest.mark.parametrize(
    ("python_type", "given"),
    [
        pytest.param(str, 5, id="number for text"),
        pytest.param(str, "a\x00b", id="character that XML cannot hold"),
        pytest.param(str, "\ud800", id="half a surrogate pair"),
        pytest.param(int, True, id="truth for whole number"),
        pytest.param(int, 1.0, id="float for whole number"),
        pytest.param(int, "9" * 5000, id="endless whole number"),
        pytest.param(Decimal, "1E+999999", id="exponent"),
        pytest.param(Decimal, float("nan"), id="not a number"),
        pytest.param(Decimal, float("inf"), id="infinity"),
        pytest.param(Decimal, True, id="truth for decimal"),
        pytest.param(bool, "yes", id="yes"),
        pytest.param(bool, [], id="list for truth"),
        pytest.param(date, "2025-02-30", id="day that is none"),
        pytest.param(time, "08:00:00+02:00", id="time of another zone"),
        pytest.param(datetime, "0001-01-01T00:00:00+14:00", id="moment before time begins in UTC"),
        pytest.param(datetime, "9999-12-31T23:59:59-14:00", id="moment after it ends there"),
        pytest.param(bytes, "?", id="no base64"),
    ],
)
def test_values_of_another_kind_are_refused(python_type: type, given: Any) -> None:
    """What would be guessed, cut or unrepresentable in XML is refused."""
    with pytest.raises(ValueError, match=r"(?s).*"):
        kind_of(python_type).read(given)


def test_header_is_filled_in() -> None:
    """Identifier, UTC date and time, sender and recipient are added where the data leave them out."""
    now = datetime(2025, 3, 1, 1, 30, 15, 9, tzinfo=timezone(timedelta(hours=2)))
    data = with_header(
        {"message": "IE837", "header": {"message_recipient": "NDEA.LT"}},
        now=now,
        identifier="M-2",
        sender="NDEA.PL",
        recipient="NDEA.SE",
    )

    assert data["header"] == {
        "message_sender": "NDEA.PL",
        "message_recipient": "NDEA.LT",
        "date_of_preparation": "2025-02-28",
        "time_of_preparation": "23:30:15",
        "message_identifier": "M-2",
    }


def test_header_that_is_no_object_is_left_for_the_reader() -> None:
    """A header of the wrong type is not repaired: reading the message refuses it."""
    assert with_header({"header": 5}, now=datetime(2025, 3, 1, tzinfo=UTC), identifier="M") == {"header": 5}


@pytest.mark.parametrize("message", MESSAGES, ids=lambda message: message.__name__)
def test_template_names_every_required_field(message: type[Message]) -> None:
    """Only the values of a skeleton are wrong: no field is unknown, none is missing."""
    for full in (False, True):
        refused = _faults(template(message.__name__, full=full))

        assert {fault[0] for fault in refused} == {"PLAIN-TYPE"}


def test_template_shows_codes_and_optional_fields() -> None:
    """A skeleton says which codes there are, and with ``full`` what may be added."""
    assert template("IE837")["attributes"]["message_role"] == "one of 1, 2"
    assert "complementary_information" not in template("IE837")["attributes"]
    assert template("IE837", full=True)["attributes"]["complementary_information"] == {
        "value": "text",
        "language": "text",
    }


def test_template_of_unknown_message_is_refused() -> None:
    """There is no skeleton of a message that does not belong to the e-SAD procedure."""
    with pytest.raises(ComposeRefused, match="message"):
        template("IE810x")
