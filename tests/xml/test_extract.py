"""An IE713 in parts: the same verdict and the same places as for the whole, whatever its size."""

import copy
import io
import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from lxml import etree

from esad_gateway.emcs.messages import IE713
from esad_gateway.errors import MalformedXml
from esad_gateway.faults import Fault
from esad_gateway.xml.binding import Binder
from esad_gateway.xml.extract import KINDS, PART, parts
from esad_gateway.xml.parse import parse
from esad_gateway.xml.release import shipped
from helpers.seed import CONSIGNEE, EXTRACT, TEMPORARY_CONSIGNOR, document, extract, tree

RELEASES = shipped()
SPACE = etree.QName(parse(EXTRACT.read_bytes())).namespace
MANY = 2 * PART + 7


@pytest.fixture(scope="module")
def large() -> IE713:
    """An extract of several parts."""
    traders = [replace(CONSIGNEE, seed=f"PL{number:011}") for number in range(MANY)]
    return extract([*traders, TEMPORARY_CONSIGNOR, TEMPORARY_CONSIGNOR])


def schema_faults(file: io.BytesIO) -> dict[Fault, None]:
    """What the schema finds wrong with an extract part by part, each fault once: all parts have the same header."""
    found = [fault for part in parts(file) if not RELEASES.accepts(part.root) for fault in part.faults(RELEASES)]
    return dict.fromkeys(found)


def faults(root: etree._Element) -> list[tuple[str, str, str | None]]:
    """Path, rule and value of what is wrong with a document when it is read in parts."""
    found = schema_faults(io.BytesIO(etree.tostring(root)))
    return [(fault.path, fault.rule, fault.value) for fault in found]


def of_whole(root: etree._Element) -> list[tuple[str, str, str | None]]:
    """The same, read at once."""
    return [(fault.path, fault.rule, fault.value) for fault in RELEASES.faults(parse(etree.tostring(root)))]


def test_parts_hold_everything_once(large: IE713) -> None:
    """The parts are messages with the same header, and together they have every occurrence in its order."""
    messages = [Binder("V3.23").read(part.root) for part in parts(io.BytesIO(document(large)))]
    assert all(isinstance(one, IE713) and one.header == large.header for one in messages)
    traders = [record for one in messages if isinstance(one, IE713) for record in one.trader_authorisation]
    temporary = [record for one in messages if isinstance(one, IE713) for record in one.temporary_authorisation]
    assert traders == list(large.trader_authorisation)
    assert temporary == list(large.temporary_authorisation)
    assert len(messages) == 4


def test_fixture_is_accepted() -> None:
    """The extract among the fixtures follows its schema, in parts and as a whole."""
    assert not schema_faults(io.BytesIO(EXTRACT.read_bytes()))
    assert RELEASES.accepts(parse(EXTRACT.read_bytes()))


def test_faults_in_every_part_have_their_places(large: IE713) -> None:
    """Faults far apart are all found, with the paths that they have in the whole document."""
    root = tree(large)
    offices = list(root.iter("{*}ReferenceNumberOfExciseOffice"))
    for number in (0, PART, MANY - 1):
        offices[number].text = "x"
    next(root.iter("{*}DateOfExpiry")).text = "tomorrow"

    found = faults(root)

    assert found == of_whole(root)
    assert [re.sub(r".*Operators/", "", path) for path, _, _ in found] == [
        "TraderAuthorisation[1]/ReferenceNumberOfExciseOffice",
        f"TraderAuthorisation[{PART + 1}]/ReferenceNumberOfExciseOffice",
        f"TraderAuthorisation[{MANY}]/ReferenceNumberOfExciseOffice",
        "TemporaryAuthorisation[1]/DateOfExpiry",
    ]


def _stranger(container: etree._Element) -> None:
    container.insert(3, etree.SubElement(container, f"{{{SPACE}}}Foo"))


def _text_between(container: etree._Element) -> None:
    container[2].tail = "text"


def _text_at_the_end(container: etree._Element) -> None:
    container[-1].tail = "text"


def _attributes_missing(container: etree._Element) -> None:
    container.remove(container[0])


def _second_container(container: etree._Element) -> None:
    container.addnext(copy.deepcopy(container))


def _order(container: etree._Element) -> None:
    container.insert(1, container[-1])


def _order_at_the_end_of_a_part(container: etree._Element) -> None:
    container.insert(PART, container[-1])


def _other_namespace(container: etree._Element) -> None:
    container[5].tag = "{urn:other}TraderAuthorisation"


def _header_missing(container: etree._Element) -> None:
    root = container.getroottree().getroot()
    root.remove(root[0])


@pytest.mark.parametrize(
    "spoil",
    [
        _stranger,
        _text_between,
        _text_at_the_end,
        _attributes_missing,
        _second_container,
        _order,
        _order_at_the_end_of_a_part,
        _other_namespace,
        _header_missing,
    ],
    ids=lambda spoil: spoil.__name__.strip("_"),
)
def test_what_the_schema_refuses_in_the_whole_is_refused_in_parts(
    large: IE713, spoil: Callable[[etree._Element], None]
) -> None:
    """Nothing gets through because the document is never looked at as a whole."""
    root = tree(large)
    spoil(root[-1][0])
    assert not RELEASES.accepts(root)
    assert faults(root)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (b"", "no element found|empty|Document is empty"),
        (b"<a><b></a>", "mismatch"),
        (b'<!DOCTYPE a [<!ENTITY e "x">]><IE713/>', "DOCTYPE"),
        (b"<IE815/>", "IE815 is no IE713"),
        (EXTRACT.read_bytes()[:2000], "line 4"),
    ],
    ids=["empty", "not well-formed", "doctype", "another message", "cut off"],
)
def test_what_is_no_ie713_is_refused(text: bytes, reason: str) -> None:
    """What cannot be read is one refusal with its line."""
    with pytest.raises(MalformedXml, match=reason):
        schema_faults(io.BytesIO(text))


def test_no_occurrences_are_no_fault() -> None:
    """An IE713 may say nothing; then there is one part without occurrences."""
    (part,) = parts(io.BytesIO(document(extract([]))))
    assert RELEASES.accepts(part.root)
    assert not any(list(part.root.iter(f"{{*}}{kind}")) for kind in KINDS)
