"""Tree to message and back: nothing is lost, every schema fits its dataclasses, odd values are decided."""

import random
import re
import threading
import typing
from collections.abc import Callable
from dataclasses import fields, is_dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise
from types import NoneType, UnionType
from typing import Any, get_args, get_origin, get_type_hints

import pytest
import xmlschema
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from esad_gateway import resources
from esad_gateway.emcs.messages import IE801, IE815, IE818, MESSAGES, Message
from esad_gateway.emcs.messages.fields import Text
from esad_gateway.errors import MalformedXml, TooLarge
from esad_gateway.signing.canonical import canonical
from esad_gateway.xml.binding import Binder
from esad_gateway.xml.items import xml_name
from esad_gateway.xml.parse import DEFAULT_LIMITS, parse
from esad_gateway.xml.schema import SchemaSet
from esad_gateway.xml.values import collapse
from helpers.any_message import any_message
from helpers.dictionary import messages
from helpers.documents import NAMESPACE, small_tree, valid_document, walk

FOLDER = resources.schemas() / "emcs" / "3.23"
SCHEMAS = SchemaSet.load(FOLDER)
BINDER = Binder("V3.23")
NAMES = sorted(messages())


@given(st.sampled_from(NAMES), st.integers(0, 2**32), st.sampled_from([0.0, 0.2, 0.5, 0.8, 1.0]))
@settings(max_examples=250, deadline=None)
def test_message_survives_writing_and_reading(name: str, seed: int, fullness: float) -> None:
    """Every message that can be read is written to an accepted document that is read to the same message."""
    root = parse(valid_document(name, random.Random(seed), fullness=fullness))  # noqa: S311  (repeatable, not secret)
    message = BINDER.read(root)
    written = BINDER.write(message)
    assert type(message).__name__ == name
    assert SCHEMAS.accepts(written)
    assert BINDER.read(written) == message
    _assert_same(root, written)


def _assert_same(root: etree._Element, written: etree._Element) -> None:
    """Nothing is lost or moved: the same elements and attributes with the same values."""
    before, after = list(root.iter()), list(written.iter())
    assert [element.tag for element in before] == [element.tag for element in after]
    assert [dict(element.attrib) for element in after] == [_collapsed(element) for element in before]
    for one, other in zip(before, after, strict=True):
        if not len(one):
            assert _normal(one.text or "") == _normal(other.text or "")


def _collapsed(element: etree._Element) -> dict[str, str]:
    return {str(name): collapse(str(value)) for name, value in element.attrib.items()}


def _normal(text: str) -> str:
    """``text`` without what reading normalises: leading zeros of codes, fractions of a second below a microsecond."""
    text = collapse(text)
    if re.fullmatch(r"0*[0-9]{1,4}", text):
        return str(int(text))
    return re.sub(r"(:\d\d\.\d{6})\d+$|(:\d\d)\.0+$", r"\1\2", text).replace(".250000", ".25").replace(" ", "")


@pytest.fixture(scope="module")
def elements() -> Any:
    """The elements that the schemas declare for the messages, as xmlschema sees them."""
    return xmlschema.XMLSchema10(str(FOLDER / "emcs.xsd")).maps.elements


@pytest.mark.parametrize("message", MESSAGES, ids=lambda message: message.__name__)
def test_schema_fits_dataclasses(message: type[Any], elements: Any) -> None:
    """Every element of a schema is a field and the reverse: same names, order, bounds and types, all the way down."""
    root = elements[f"{{{NAMESPACE.format(message.__name__)}}}{message.__name__}"]
    header, body = root.type.content
    (container,) = body.type.content
    assert (root.local_name, header.local_name, body.local_name) == (message.__name__, "Header", "Body")
    assert container.local_name == message.BODY
    hints = get_type_hints(message)
    _assert_group_fits(header, hints["header"])
    _assert_group_fits(container, message)


def _assert_group_fits(element: Any, cls: type[Any]) -> None:
    hints = get_type_hints(cls)
    items = [field for field in fields(cls) if field.name not in ("header", "language")]
    assert [child.local_name for child in element.type.content] == [xml_name(field.name) for field in items]
    for child, field in zip(element.type.content, items, strict=True):
        _assert_item_fits(child, hints[field.name], field.metadata.get("occurs"))
    language = element.type.attributes.get("language")
    assert hints.get("language") == (None if language is None else str if language.use == "required" else str | None)


def _assert_item_fits(element: Any, hint: Any, occurs: tuple[int, int] | None) -> None:
    bounds = (element.min_occurs, element.max_occurs)
    if get_origin(hint) is tuple:
        assert occurs == bounds
        kind = get_args(hint)[0]
    else:
        assert occurs is None
        assert bounds == (0 if isinstance(hint, UnionType) else 1, 1)
        kind = next(arg for arg in get_args(hint) if arg is not NoneType) if isinstance(hint, UnionType) else hint
    if is_dataclass(kind) and kind is not Text:
        _assert_group_fits(element, typing.cast("type[Any]", kind))
    else:
        assert (kind is Text) == bool(element.type.attributes.get("language") if element.type.is_complex() else None)
        simple = element.type.content if element.type.is_complex() else element.type
        assert (str if kind is Text else kind) in _python_types(simple), element.name


WHOLE_NUMBERS = {
    "BodyRecordUniqueReferenceType",
    "ErrorColumnNumberType",
    "ErrorLineNumberType",
    "NumberOfPackagesType",
    "SequenceNumberType",
    "SizeOfProducerType",
    "YearType",
}
BUILT_IN = {"decimal": Decimal, "date": date, "time": time, "dateTime": datetime, "base64Binary": bytes}


def _python_types(simple: Any) -> list[Any]:
    """The types that a field of this simple type may have."""
    if simple.local_name == "Flag":
        return [bool]
    if simple.enumeration:
        codes = {str(code) for code in simple.enumeration}
        return [kind for kind in StrEnum.__subclasses__() if {str(member) for member in kind} == codes]
    built_in = simple.primitive_type.local_name
    if built_in == "string":
        return [int if simple.local_name in WHOLE_NUMBERS else str]
    return [BUILT_IN[built_in]]


def test_element_name_of_a_field_is_unambiguous() -> None:
    """Every item name of the dictionary comes from exactly one field name and is found again."""
    names = {path[-1].name for name in NAMES for path in walk(messages()[name])}
    for name in names:
        parts = re.findall("[A-Z][a-z0-9]*", name)
        if "".join(parts) == name and not re.search("[A-Z]{2}", name):
            assert xml_name("_".join(part.lower() for part in parts)) == name


def document(message: str, item: str, text: str) -> etree._Element:
    """A small document in which the first ``item`` has that text."""
    path = next(path for path in walk(messages()[message]) if path[-1].name == item)
    root, element = small_tree(path, random.Random(item))  # noqa: S311  (repeatable, not secret)
    element.text = text
    sent = parse(etree.tostring(root))
    assert SCHEMAS.accepts(sent)
    return sent


def value_of(message: Any, item: str) -> Any:
    """The first value of the field of ``item`` anywhere in a message."""
    found = (
        getattr(group, field.name)
        for group in _groups(message)
        for field in fields(group)
        if xml_name(field.name) == item
    )
    return next(value for value in found if value is not None)


def _groups(value: Any) -> typing.Iterator[Any]:
    if isinstance(value, tuple):
        for one in value:
            yield from _groups(one)
    elif is_dataclass(value):
        yield value
        for field in fields(value):
            yield from _groups(getattr(value, field.name))


@pytest.mark.parametrize(
    ("message", "item", "text", "value", "written"),
    [
        ("IE815", "CnCode", "\n  22042109\t", "22042109", "22042109"),
        ("IE815", "TraderName", " UAB \n\t Vynas  &  Ko ", "UAB Vynas & Ko", "UAB Vynas & Ko"),
        ("IE815", "TraderName", "\u00a0a\u2003\u2003b", "\u00a0a\u2003\u2003b", "\u00a0a\u2003\u2003b"),
        ("IE815", "TraderName", "]]> \"a\" 'b' <c>", "]]> \"a\" 'b' <c>", "]]> \"a\" 'b' <c>"),
        ("IE815", "DestinationTypeCode", " 0009 ", "9", "9"),
        ("IE815", "DestinationTypeCode", "+10", "10", "10"),
        ("IE815", "DeferredSubmissionFlag", "01", True, "1"),
        ("IE815", "DeferredSubmissionFlag", "-0", False, "0"),
        ("IE815", "GrossMass", " 10.500000 ", Decimal("10.500000"), "10.500000"),
        ("IE815", "GrossMass", "0.000001", Decimal("0.000001"), "0.000001"),
        ("IE815", "Quantity", "100000000000000", Decimal(10**14), "100000000000000"),
        ("IE815", "BodyRecordUniqueReference", "1\u0663", 13, "13"),
        ("IE815", "DateOfDispatch", "0001-01-01", date(1, 1, 1), "0001-01-01"),
        ("IE815", "TimeOfDispatch", "24:00:00", time(0), "00:00:00"),
        ("IE815", "TimeOfDispatch", "24:00:00.000", time(0), "00:00:00"),
        ("IE815", "TimeOfDispatch", "23:59:59.999999999", time(23, 59, 59, 999999), "23:59:59.999999"),
        ("IE815", "TimeOfDispatch", "12:00:00.5", time(12, 0, 0, 500000), "12:00:00.500000"),
        ("IE802", "LimitDateAndTime", "2024-02-28T24:00:00", datetime(2024, 2, 29), "2024-02-29T00:00:00"),  # noqa: DTZ001
        ("IE802", "LimitDateAndTime", "2024-01-01T00:00:00.0", datetime(2024, 1, 1), "2024-01-01T00:00:00"),  # noqa: DTZ001
        ("IE904", "LastReceivedMessageType", " None ", "None", "None"),
        ("IE840", "ImageOfEvidence", " QU JD\n", b"ABC", "QUJD"),
        ("IE840", "ImageOfEvidence", "", b"", ""),
    ],
)
def test_odd_value_is_read_and_written_in_one_form(
    message: str, item: str, text: str, value: Any, written: str
) -> None:
    """What the schema accepts in several forms is one value, and is written in its plain form."""
    read = BINDER.read(document(message, item, text))
    assert value_of(read, item) == value
    assert type(value_of(read, item)) is type(value) or isinstance(value_of(read, item), StrEnum)
    element = next(BINDER.write(read).iter(f"{{*}}{item}"))
    assert (element.text or "") == written


def test_value_without_room_in_python_is_refused_with_its_line() -> None:
    """The schema accepts midnight at the end of the year 9999, Python has no such moment: a refusal, no crash."""
    root = document("IE802", "LimitDateAndTime", "9999-12-31T24:00:00")
    etree.indent(root)
    sent = parse(etree.tostring(root))
    with pytest.raises(MalformedXml, match="LimitDateAndTime cannot be represented") as refused:
        BINDER.read(sent)
    assert refused.value.line == next(sent.iter("{*}LimitDateAndTime")).sourceline


MOMENTS = st.from_regex(
    r"[0-9]{4}-(0[0-9]|1[0-3])-[0-3][0-9]T[0-2][0-9]:[0-6][0-9]:[0-6][0-9](\.[0-9]{1,30})?", fullmatch=True
)


@given(MOMENTS)
@settings(max_examples=120, deadline=None)
def test_any_moment_that_the_schema_accepts_is_read_or_refused(text: str) -> None:
    """Dates and times of any spelling that the schema accepts are read, written and accepted again, or refused."""
    path = next(path for path in walk(messages()["IE802"]) if path[-1].name == "LimitDateAndTime")
    root, element = small_tree(path, random.Random(1))  # noqa: S311  (repeatable, not secret)
    element.text = text
    if not SCHEMAS.accepts(root):
        return
    try:
        message = BINDER.read(root)
    except MalformedXml:
        assert text.startswith("9999-12-31T24")
        return
    assert SCHEMAS.accepts(BINDER.write(message))


def example(message: type[Any]) -> Any:
    """A message with everything in it."""
    return BINDER.read(parse(valid_document(message.__name__, random.Random(7), fullness=1.0)))  # noqa: S311


def test_written_document_declares_two_namespaces_on_its_root() -> None:
    """The own namespace and that of the header are declared once, on the root, and nowhere else."""
    root = BINDER.write(example(IE815))
    text = etree.tostring(root, encoding="unicode")
    assert text.count("xmlns") == 2
    assert set(root.nsmap.values()) == {NAMESPACE.format("IE815"), NAMESPACE.format("TMS")}


def test_numbers_are_written_without_exponent() -> None:
    """However a decimal was computed, it is written with digits only."""
    message = example(IE815)
    for number, text in ((Decimal("1E+3"), "1000"), (Decimal("1E-6"), "0.000001"), (Decimal("2.50"), "2.50")):
        line = replace(message.body_ead_esad[0], gross_mass=number)
        root = BINDER.write(replace(message, body_ead_esad=(line,)))
        assert next(root.iter("{*}GrossMass")).text == text


def test_moment_with_a_zone_is_written_in_utc() -> None:
    """A moment that says its zone is written as UTC without one; a moment without a zone already means UTC."""
    message = example(IE801)
    summer = timezone(timedelta(hours=3))
    for moment in (datetime(2026, 7, 1, 2, 30, tzinfo=summer), datetime(2026, 6, 30, 23, 30, tzinfo=UTC)):
        header = replace(message.header_ead_esad, date_and_time_of_update_validation=moment)
        root = BINDER.write(replace(message, header_ead_esad=header))
        assert next(root.iter("{*}DateAndTimeOfUpdateValidation")).text == "2026-06-30T23:30:00"


@pytest.mark.parametrize("to", [BINDER.write, BINDER.form], ids=["tree", "form"])
@pytest.mark.parametrize("character", ["\x00", "\x0b", "\ufffe", "\ud800"], ids=ascii)
def test_character_that_xml_cannot_carry_is_refused(character: str, to: Callable[[Message], object]) -> None:
    """A text with a control character or half a surrogate pair cannot be written, and that is said."""
    message = example(IE818)
    consignee = replace(message.consignee_trader, trader_name=f"a{character}b")
    with pytest.raises(MalformedXml):
        to(replace(message, consignee_trader=consignee))


@given(st.sampled_from(NAMES), st.integers(0, 2**32), st.sampled_from([0.0, 0.5, 1.0]))
@settings(max_examples=100, deadline=None)
def test_form_is_the_canonical_form_of_what_is_read(name: str, seed: int, fullness: float) -> None:
    """For every message that can be read, the form that is signed is libxml2's canonical form, byte for byte."""
    message = BINDER.read(parse(valid_document(name, random.Random(seed), fullness=fullness)))  # noqa: S311  (repeatable)
    assert BINDER.form(message) == canonical(BINDER.write(message))


@given(any_message())
@settings(max_examples=100, deadline=None)
def test_form_is_the_canonical_form_of_any_message(message: Message) -> None:
    """It is so for values as well that no schema would accept."""
    assert BINDER.form(message) == canonical(BINDER.write(message))


@pytest.mark.parametrize("text", list("&<>\"'\t\n\r\x85\xa0\u2028 ]😀"), ids=ascii)
def test_form_has_the_references_of_canonical_form(text: str) -> None:
    """Each character that canonical form treats apart stands as it wants it, in a value and in a language."""
    message = example(IE818)
    trader = replace(message.consignee_trader, trader_name=f"a{text}b", language=f"l{text}t")
    changed = replace(message, consignee_trader=trader)
    assert BINDER.form(changed) == canonical(BINDER.write(changed))


def test_form_is_within_the_limits_of_what_is_read() -> None:
    """What is larger than any gateway reads is not signed but refused."""
    trader = replace(example(IE818).consignee_trader, trader_name="a" * DEFAULT_LIMITS.max_bytes)
    with pytest.raises(TooLarge):
        BINDER.form(replace(example(IE818), consignee_trader=trader))


def test_markup_in_values_stays_text() -> None:
    """Brackets, ampersands and quotes in a value or in a language cannot become markup."""
    message = example(IE818)
    nasty = "</ie:TraderName><!-- ]]> &amp; {header} %s \" '"
    consignee = replace(message.consignee_trader, trader_name=nasty, language='"><x/>')
    root = BINDER.write(replace(message, consignee_trader=consignee))
    trader = next(root.iter("{*}ConsigneeTrader"))
    assert next(trader.iter("{*}TraderName")).text == nasty
    assert trader.get("language") == '"><x/>'


def test_message_of_another_release_is_not_read() -> None:
    """A binder reads the messages of its own release only, and a later release needs nothing but its name."""
    later = Binder("V3.24")
    message = example(IE818)
    root = later.write(message)
    assert etree.QName(root).namespace == NAMESPACE.format("IE818").replace("V3.23", "V3.24")
    assert later.read(root) == message
    with pytest.raises(MalformedXml, match=r"no message of release V3\.23"):
        BINDER.read(root)


def test_threads_share_a_new_binder() -> None:
    """Threads that start with the same unused binder read the same messages."""
    shared = Binder("V3.23")
    documents = [parse(valid_document(name, random.Random(3), fullness=0.7)) for name in NAMES]  # noqa: S311
    expected = [BINDER.read(root) for root in documents]
    found: list[bool] = []
    threads = [
        threading.Thread(target=lambda: found.append([shared.read(r) for r in documents] == expected)) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [True] * 4


def test_order_of_fields_is_order_of_elements() -> None:
    """The children of a written group stand in the order of the fields."""
    body = BINDER.write(example(IE815))[1][0]
    order = [xml_name(field.name) for field in fields(IE815)]
    positions = [order.index(etree.QName(child).localname) for child in body]
    assert all(one <= other for one, other in pairwise(positions))
