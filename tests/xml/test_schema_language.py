"""The schemas accept exactly the language of the dictionary: every path, order, bound, facet, code and attribute."""

import copy
import csv
import random
import re
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import xmlschema
from lxml import etree

from esad_gateway import resources
from esad_gateway.xml.schema import SchemaSet
from helpers.dictionary import RELEASE, UNBOUNDED, Item, ItemType, item_types, messages
from helpers.documents import NAMESPACE, append, ensure, sample, small_tree, valid_tree, walk

MESSAGES = sorted(messages())
MANY = 2000
"""Occurrences of what has no bound, twice as many as the largest bound."""
SHARED = Path(__file__).parents[3] / "shared" / "dictionary" / f"v{RELEASE}"

# What goes wrong in practice and at the edges of the types; the tests' own reading of the facets says which are valid.
NASTY = (
    "", " ", "x", "A", "AA", "aa", "AAA", "Lt", "LT", "é", "\xa0", "a  b", " a\tb ", "&<>", "S", "E", "None",
    "X01", "IE801", "NDEA.LT", "NDEA.lt", "SEED.EC", "NDEAxLT", "true", "0", "00", "1", "01", "9", "09", "10",
    "12", "99", "100", "1234", "-1", "+1", "-0", "1 2", "\u0661", "1\u0663", "1.0", "1.", ".5", "0.0", "0.5",
    "00.5", "0.50", "+0.5", "1e2", "1,5", "NaN", "INF", "0.0000001", "0.0001", "99999", "99999.9", "999.99",
    "9999.99", "0.001", "123456789012345", "1234567890123456", "12345678901234567", "2024-02-29", "2023-02-29",
    "2024-2-9", "0000-01-01", "0001-01-01", "9999-12-31", "-2024-01-01", "12024-01-01", "2024-01-01Z",
    "2024-01-01+02:00", "2024-01-01 12:00:00", "2024-01-01T12:00", "2024-01-01T00:00:00", "2024-01-01T24:00:00",
    "2024-01-01T24:00:01", "2024-01-01T23:59:60", "2024-01-01T12:00:00.", "0000-01-01T00:00:00",
    "2024-01-01T12:00:00.1234567890123", "2024-01-01T12:00:00Z", "9999-12-31T24:00:00", "2024-01-01T25:00:00",
    "12:00:00", "24:00:00", "24:00:00.0", "24:00:00.1", "24:01:00", "25:00:00", "12:60:00", "23:59:60",
    "12:00:00Z", "12:00:00.5", "12:0:0", "12:00", "12:00:00.123456789012345678901", "H00", "H24", "H25", "D00",
    "D92", "D93", "h12", "AAAA", "AAA=", "AA==", "AA=A", "A===", "AA A A", "QUJD", "QR==", "////", "AAAAA", "AA*A",
    "AA-_",
)  # fmt: skip


# xmlschema takes every space of Unicode for white space and every digit of Unicode for a digit of a number; libxml2,
# whose verdict counts, follows the standard.
XMLSCHEMA_DIFFERS = re.compile("[\u00a0\u0660-\u0669]")


class Verdicts:
    """Both validators over the same schemas."""

    def __init__(self) -> None:
        folder = resources.schemas() / "emcs" / RELEASE
        self._libxml2 = SchemaSet.load(folder)
        self._xmlschema = xmlschema.XMLSchema10(str(folder / "emcs.xsd"))
        self._asked = 0

    def of_type(self, name: str, text: str) -> bool:
        """What xmlschema says of a text as a value of the type ``emcs:CityType``."""
        prefix, _, local = name.partition(":")
        own = f"{{{NAMESPACE.format(prefix.upper())}}}{local}"
        binary = f"{{{NAMESPACE.format('EMCS')}}}Base64Type"
        return self._xmlschema.maps.types[binary if prefix == "xs" else own].is_valid(text)

    def fast(self, root: etree._Element) -> bool:
        """What libxml2 says."""
        return self._libxml2.accepts(root)

    def of(self, root: etree._Element) -> bool:
        """What both say; they must agree. xmlschema takes thirty times as long and is asked every fifth time."""
        verdict = self.fast(root)
        self._asked += 1
        if self._asked % 5 == 0:
            tree: Any = root
            assert self._xmlschema.is_valid(tree) is verdict, etree.tostring(root)
        return verdict


@pytest.fixture(scope="module")
def verdicts() -> Verdicts:
    """Both validators, compiled once."""
    return Verdicts()


@cache
def paths(message: str) -> tuple[tuple[Item, ...], ...]:
    """All paths of a message."""
    return tuple(walk(messages()[message]))


def seeded(*parts: object) -> random.Random:
    """A generator that depends on ``parts`` alone."""
    return random.Random(repr(parts))  # noqa: S311  (repeatable, not secret)


@pytest.mark.parametrize("message", MESSAGES)
def test_random_valid_documents_are_accepted(message: str, verdicts: Verdicts) -> None:
    """Documents made from the dictionary, from the smallest to one with everything, are accepted by both validators."""
    rng = seeded("valid", message)
    for fullness in (0.0, 0.1, 0.3, 0.5, 0.7, 0.9, 1.0):
        root = valid_tree(message, rng, fullness=fullness)
        assert verdicts.of(root), etree.tostring(root)
        assert all(verdicts.fast(valid_tree(message, rng, fullness=fullness)) for _ in range(10))


def candidates(kind: ItemType, rng: random.Random) -> Iterator[str]:
    """Texts around the edge of a type: nasty ones, its codes, values of it, and values of it slightly changed."""
    yield from NASTY
    yield from kind.codes
    for bound in filter(None, (kind.length, kind.min_length, kind.max_length)):
        for size in (bound - 1, bound, bound + 1):
            yield from ("x" * size, "7" * size, "\U0001d11e" * size, f" {'y' * size}\n")
    for _ in range(6):
        value = sample(kind, rng)
        at = rng.randrange(len(value) + 1)
        yield from (
            value,
            value.swapcase(),
            value[:at] + value[at + 1 :],
            f"{value[:at]}*{value[at:]}",
            value + "0",
            "0" + value,
        )


@pytest.mark.parametrize("name", sorted(item_types()))
def test_values_of_a_type_are_judged_by_its_facets(name: str, verdicts: Verdicts) -> None:
    """The simple type of that name accepts a text, for xmlschema, exactly if the facets of the dictionary do."""
    kind = item_types()[name]
    for text in dict.fromkeys(candidates(kind, seeded("type", name))):
        if not XMLSCHEMA_DIFFERS.search(text):
            assert verdicts.of_type(name, text) is kind.accepts(text), text


@pytest.mark.parametrize("message", MESSAGES)
def test_every_text_item_has_the_type_of_the_dictionary(message: str, verdicts: Verdicts) -> None:
    """At every text item of a message, a text is accepted exactly if the facets of its type in the dictionary do."""
    rng = seeded("leaf", message)
    for path in paths(message):
        if not path[-1].type:
            continue
        kind = item_types()[path[-1].type]
        root, element = small_tree(path, rng)
        for text in dict.fromkeys(candidates(kind, rng)):
            element.text = text
            assert verdicts.fast(root) is kind.accepts(text), ("/".join(item.name for item in path), text)


@pytest.mark.parametrize("message", MESSAGES)
def test_occurrences_are_bounded_as_in_the_dictionary(message: str, verdicts: Verdicts) -> None:
    """An item may be missing exactly if its lower bound is 0, and occur up to its upper bound and not once more."""
    rng = seeded("occurs", message)
    for path in paths(message)[1:]:
        item = path[-1]
        root, element = small_tree(path, rng)
        parent = element.getparent()
        assert parent is not None
        present = [child for child in parent if child.tag == element.tag]
        for _ in range((item.most or MANY) - len(present)):
            element.addnext(copy.deepcopy(element))
        assert verdicts.of(root), path
        element.addnext(copy.deepcopy(element))
        assert verdicts.of(root) is (item.most is None), path
        for child in [child for child in parent if child.tag == element.tag]:
            parent.remove(child)
        assert verdicts.of(root) is (item.least == 0), path


@pytest.mark.parametrize("message", MESSAGES)
def test_order_is_that_of_the_dictionary(message: str, verdicts: Verdicts) -> None:
    """No two neighbouring items of a group can change places."""
    rng = seeded("order", message)
    for path in paths(message):
        for first, second in pairwise(path[-1].children):
            root, group = small_tree(path, rng)
            ahead, behind = (ensure(group, path[-1], item, rng) for item in (first, second))
            assert verdicts.fast(root), (path, first.name)
            behind.addnext(ahead)
            assert not verdicts.of(root), (path, first.name)


@pytest.mark.parametrize("message", MESSAGES)
def test_attributes_are_those_of_the_dictionary(message: str, verdicts: Verdicts) -> None:
    """The language attribute is required, allowed or refused as the dictionary says, and there is no other one."""
    rng = seeded("attributes", message)
    for path in paths(message):
        root, element = small_tree(path, rng)
        element.set("language", "lt")
        assert verdicts.of(root) is bool(path[-1].language), path
        element.set("language", "LT")
        assert not verdicts.of(root), path
        del element.attrib["language"]
        assert verdicts.of(root) is (path[-1].language != "required"), path
        if path[-1].language:
            element.set("language", "lt")
        assert verdicts.fast(root), path
        element.set("lang", "lt")
        assert not verdicts.of(root), path


@pytest.mark.parametrize("message", MESSAGES)
def test_nothing_else_is_accepted_anywhere(message: str, verdicts: Verdicts) -> None:
    """An unknown element, an element of another namespace, text in a group and an element in a text are refused."""
    rng = seeded("else", message)
    for path in paths(message):
        for spoil in (_unknown_inside, _unknown_before, _other_namespace, _no_namespace, _text_inside):
            root, element = small_tree(path, rng)
            expected = spoil(element, path[-1])
            assert verdicts.of(root) is expected, (spoil.__name__, path)


def _unknown_inside(element: etree._Element, _: Item) -> bool:
    etree.SubElement(element, f"{{{etree.QName(element).namespace}}}Foo")
    return False


def _unknown_before(element: etree._Element, _: Item) -> bool:
    parent = element.getparent()
    if parent is None:
        element.tag = f"{{{etree.QName(element).namespace}}}Foo"
        return False
    parent.insert(parent.index(element), etree.Element(f"{{{etree.QName(element).namespace}}}Foo"))
    return False


def _other_namespace(element: etree._Element, _: Item) -> bool:
    name = etree.QName(element)
    tms, other = NAMESPACE.format("TMS"), NAMESPACE.format("IE821")
    element.tag = f"{{{other if name.namespace == tms else tms}}}{name.localname}"
    return False


def _no_namespace(element: etree._Element, _: Item) -> bool:
    element.tag = etree.QName(element).localname
    return False


def _text_inside(element: etree._Element, item: Item) -> bool:
    if item.type:
        element.tail = "x"
        return element.getparent() is None
    element.text = "x"
    return False


def test_language_is_judged_by_its_facets(verdicts: Verdicts) -> None:
    """The language attribute takes exactly the values of its type."""
    kind = item_types()["emcs:LanguageCodeType"]
    root, element = small_tree(next(path for path in paths("IE815") if path[-1].language), seeded("language"))
    for text in dict.fromkeys(candidates(kind, seeded("language"))):
        element.set("language", text)
        assert verdicts.fast(root) is kind.accepts(text), text


def test_type_of_an_instance_cannot_be_exchanged(verdicts: Verdicts) -> None:
    """An xsi:type that names another type does not lift the bounds of an item."""
    path = next(path for path in paths("IE815") if path[-1].name == "City")
    for other in ("emcs:ShippingMarksType", "emcs:CommentsTextType", "xs:token", "xs:string"):
        root, element = small_tree(path, seeded("xsi"))
        spaces = {"xsi": "http://www.w3.org/2001/XMLSchema-instance", "emcs": NAMESPACE.format("EMCS")}
        spaces["xs"] = "http://www.w3.org/2001/XMLSchema"
        typed = etree.Element(element.tag, nsmap=spaces)
        typed.set(f"{{{spaces['xsi']}}}type", other)
        typed.text = "x" * 60
        element.getparent().replace(element, typed)  # type: ignore[union-attr]
        assert not verdicts.fast(root), other


def test_append_of_a_helper_follows_the_dictionary() -> None:
    """The documents of these tests have the header's items, and only those, in the TMS namespace."""
    root = valid_tree("IE815", seeded("helper"))
    names = {etree.QName(element).namespace for element in root[0]}
    assert names == {NAMESPACE.format("TMS")}
    assert etree.QName(root[0]).namespace == NAMESPACE.format("IE815")
    item = messages()["IE815"].children[0]
    assert append(root, item, seeded("x"), 0.0).tag == root[0].tag


def test_committed_dictionary_equals_the_reference() -> None:
    """The transcription that these tests stand on says the same as the reference, where that is at hand."""
    if not SHARED.is_dir():
        pytest.skip(f"the reference dictionary is not beside the checkout: {SHARED}")
    for message in MESSAGES:
        expected = [_reference_row(row) for row in _reference(f"{message}.csv")]
        assert [_own_row(path) for path in paths(message)] == expected
        assert {NAMESPACE.format(message)} == {
            r["namespace"] for r in _reference("messages.csv") if r["message"] == message
        }
    codes: dict[str, set[str]] = {}
    for row in _reference("codelists.csv"):
        codes.setdefault(row["type"], set()).add(row["code"])
    reference = {row["type"]: row for row in _reference("types.csv")}
    for name, kind in item_types().items():
        if name != "xs:base64Binary":
            assert kind.base == reference[name]["base"]
            assert set(kind.codes) == codes.get(name, set())
            assert _own_facets(kind) == {facet for facet in reference[name]["facets"].split(" | ") if "=" in facet}


def _reference(name: str) -> list[dict[str, str]]:
    with (SHARED / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _reference_row(row: dict[str, str]) -> tuple[str, str, str, str, str]:
    language = row["attributes"].removeprefix("@language(").partition(")")[0]
    return row["path"], row["min"], row["max"], row["type"], language


def _own_row(path: tuple[Item, ...]) -> tuple[str, str, str, str, str]:
    item = path[-1]
    most = UNBOUNDED if item.most is None else str(item.most)
    return "/".join(step.name for step in path), str(item.least), most, item.type, item.language


def _own_facets(kind: ItemType) -> set[str]:
    single = {
        "length": kind.length,
        "minLength": kind.min_length or None,
        "maxLength": kind.max_length,
        "totalDigits": kind.total_digits,
        "fractionDigits": kind.fraction_digits,
        "minExclusive": kind.above,
    }
    found = {f"{name}={value}" for name, value in single.items() if value is not None}
    return found | {f"pattern={pattern}" for pattern in kind.patterns}
