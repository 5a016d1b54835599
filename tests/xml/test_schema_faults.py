"""What a refused document's sender is told: every fault, where it is, and what was expected."""

import copy
import random
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from lxml import etree

from esad_gateway import resources
from esad_gateway.errors import NotConfigured
from esad_gateway.faults import MOST_FAULTS, Fault
from esad_gateway.place import Place
from esad_gateway.texts import say
from esad_gateway.xml.parse import parse
from esad_gateway.xml.place import LONGEST_VALUE, locate
from esad_gateway.xml.schema import SchemaSet
from helpers.dictionary import messages
from helpers.documents import NAMESPACE, ensure, small_tree, valid_document, walk

FOLDER = resources.schemas() / "emcs" / "3.23"
OWN = f"{{{NAMESPACE.format('IE815')}}}"
BODY = "/IE815/Body/SubmittedDraftOfEADESAD"


@pytest.fixture(scope="module")
def schemas() -> SchemaSet:
    """The schemas; each is compiled when it is needed."""
    return SchemaSet.load(FOLDER)


def draft(*items: str) -> etree._Element:
    """A small IE815 whose second line has the optional ``items``."""
    rng = random.Random("draft")  # noqa: S311  (repeatable, not secret)
    path = next(path for path in walk(messages()["IE815"]) if path[-1].name == "BodyEadEsad")
    root, line = small_tree(path, rng)
    ensure(line.getparent(), path[-2], next(i for i in path[-2].children if i.name == "ConsigneeTrader"), rng)  # type: ignore[arg-type]
    line.addnext(copy.deepcopy(line))
    second = line.getnext()
    assert second is not None
    for item in path[-1].children:
        if item.name in items:
            ensure(second, path[-1], item, rng)
    etree.indent(root)
    return root


def at(root: etree._Element, path: str) -> etree._Element:
    """The first element below the container of ``root`` with that path of names."""
    found = root.find(f"{OWN}Body/{OWN}SubmittedDraftOfEADESAD/" + "/".join(OWN + step for step in path.split("/")))
    assert found is not None, path
    return found


def line_2(root: etree._Element, name: str) -> etree._Element:
    """An item of the second line."""
    return at(root, f"BodyEadEsad[2]/{name}")


def faults_of(schemas: SchemaSet, root: etree._Element) -> list[Fault]:
    """The faults of ``root`` once it has been sent and parsed."""
    return list(schemas.faults(parse(etree.tostring(root))))


def put(name: str, value: str) -> Callable[[etree._Element], None]:
    """Give an item of the second line another value."""
    return lambda root: setattr(line_2(root, name), "text", value)


def _remove(root: etree._Element) -> None:
    element = line_2(root, "GrossMass")
    element.getparent().remove(element)  # type: ignore[union-attr]


def _remove_language(root: etree._Element) -> None:
    del at(root, "ConsigneeTrader").attrib["language"]


def _double(root: etree._Element) -> None:
    line_2(root, "CnCode").addnext(copy.deepcopy(line_2(root, "CnCode")))


def _swap(root: etree._Element) -> None:
    line_2(root, "Quantity").addnext(line_2(root, "CnCode"))


def _unknown(root: etree._Element) -> None:
    unknown = etree.Element(f"{OWN}Colour")
    unknown.text = "red"
    line_2(root, "NetMass").addnext(unknown)


def _misspelt(root: etree._Element) -> None:
    line_2(root, "CnCode").tag = f"{OWN}CNCode"


def _header_in_own_namespace(root: etree._Element) -> None:
    root[0][0].tag = f"{OWN}MessageSender"


def _text_between(root: etree._Element) -> None:
    at(root, "HeaderEadEsad").text = "hello"


def _element_in_text(root: etree._Element) -> None:
    etree.SubElement(line_2(root, "CnCode"), f"{OWN}b")


def _language_on_office(root: etree._Element) -> None:
    at(root, "CompetentAuthorityDispatchOffice").set("language", "lt")


def _third_guarantor(root: etree._Element) -> None:
    guarantee = at(root, "MovementGuarantee")
    for _ in range(3):
        etree.SubElement(guarantee, f"{OWN}GuarantorTrader")


CASES = {
    "value of the wrong form": (
        put("CnCode", "2204 21"),
        ("12", f"{BODY}/BodyEadEsad[2]/CnCode", "2204 21", "CnCode: this value is not allowed", "eight digits"),
    ),
    "number out of bounds": (
        put("GrossMass", "007.5"),
        ("12", f"{BODY}/BodyEadEsad[2]/GrossMass", "007.5", "GrossMass: this value is not allowed", "no leading zeros"),
    ),
    "text too long": (
        put("CommercialDescription", "x" * 360),
        (
            "12",
            f"{BODY}/BodyEadEsad[2]/CommercialDescription",
            "x" * 350,
            "not allowed",
            "350 characters; this value has 360",
        ),
    ),
    "unknown code": (
        put("FiscalMarkUsedFlag", "2"),
        ("12", f"{BODY}/BodyEadEsad[2]/FiscalMarkUsedFlag", "2", "not allowed", "one of the codes 0 (no), 1 (yes)"),
    ),
    "empty optional item": (
        put("SizeOfProducer", ""),
        ("12", f"{BODY}/BodyEadEsad[2]/SizeOfProducer", "", "SizeOfProducer is empty", "Leave the element out"),
    ),
    "missing item": (
        _remove,
        ("12", f"{BODY}/BodyEadEsad[2]/GrossMass", None, "GrossMass is missing", "after Quantity and before NetMass"),
    ),
    "missing attribute": (
        _remove_language,
        ("12", f"{BODY}/ConsigneeTrader/@language", None, "attribute language is missing", "two small letters"),
    ),
    "attribute of the wrong form": (
        lambda root: at(root, "ConsigneeTrader").set("language", "LT"),
        ("12", f"{BODY}/ConsigneeTrader/@language", "LT", "attribute language has a value", "two small letters"),
    ),
    "attribute too many": (
        _language_on_office,
        ("15", f"{BODY}/CompetentAuthorityDispatchOffice/@language", "lt", "no attribute language", "none"),
    ),
    "item twice": (
        _double,
        ("15", f"{BODY}/BodyEadEsad[2]/CnCode[2]", "12345678", "CnCode stands here 2 times, at most 1", "Take out"),
    ),
    "group too often": (
        _third_guarantor,
        ("15", f"{BODY}/MovementGuarantee/GuarantorTrader[3]", "", "stands here 3 times, at most 2", "Take out"),
    ),
    "wrong order": (
        _swap,
        (
            "15",
            f"{BODY}/BodyEadEsad[2]/Quantity",
            "1",
            "Quantity is not at its place",
            "after CnCode and before GrossMass",
        ),
    ),
    "unknown item": (
        _unknown,
        (
            "15",
            f"{BODY}/BodyEadEsad[2]/Colour",
            "red",
            "Colour does not belong here",
            "AlcoholicStrengthByVolumeInPercentage or",
        ),
    ),
    "wrong namespace": (
        _header_in_own_namespace,
        ("15", "/IE815/Header/MessageSender", "NDEA.LT", "does not belong here", "PHASE4:TMS:V3.23"),
    ),
    "text between elements": (
        _text_between,
        ("15", f"{BODY}/HeaderEadEsad", None, "text between the elements", "elements only"),
    ),
    "element in a text": (
        _element_in_text,
        ("15", f"{BODY}/BodyEadEsad[2]/CnCode/b", "", "b does not belong here", "CnCode holds text only"),
    ),
}


@pytest.mark.parametrize(("spoil", "expected"), CASES.values(), ids=CASES)
def test_single_fault_is_explained(
    spoil: Callable[[etree._Element], None], expected: tuple[str, str, str | None, str, str], schemas: SchemaSet
) -> None:
    """One mistake gives one fault with its code, place, value, a text in both languages and a hint."""
    root = draft("CommercialDescription", "FiscalMarkUsedFlag", "SizeOfProducer")
    line_2(root, "CnCode").text, line_2(root, "Quantity").text, root[0][0].text = "12345678", "1", "NDEA.LT"
    spoil(root)
    (fault,) = faults_of(schemas, root)
    code, path, value, text, hint = expected
    assert (fault.rule, fault.code, fault.path, fault.value) == ("XSD", code, path, value)
    assert text in say(fault.text)
    assert hint in say(fault.hint)
    assert say(fault.text, "lt")
    assert fault.line is not None


def test_misspelt_item_is_recognised(schemas: SchemaSet) -> None:
    """A name that is nearly right is answered with the right one, and the right one is missing."""
    root = draft()
    _misspelt(root)
    unknown, missing = sorted(faults_of(schemas, root), key=lambda fault: fault.code, reverse=True)
    assert say(unknown.hint) == "Did you mean CnCode?"
    assert missing.path == f"{BODY}/BodyEadEsad[2]/CnCode"


def test_all_faults_are_listed_at_once_in_the_order_of_lines(schemas: SchemaSet) -> None:
    """Several mistakes in one group, where a validator stops at the first, and others are all in one answer."""
    root = draft("CommercialDescription")
    for spoil in (
        _swap,
        _remove,
        _unknown,
        _double,
        _remove_language,
        put("NetMass", "-1"),
        put("ExciseProductCode", "W"),
    ):
        spoil(root)
    faults = faults_of(schemas, root)
    assert {fault.path.removeprefix(BODY) for fault in faults} == {
        "/ConsigneeTrader/@language",
        "/BodyEadEsad[2]/ExciseProductCode",
        "/BodyEadEsad[2]/Quantity",
        "/BodyEadEsad[2]/CnCode[2]",
        "/BodyEadEsad[2]/GrossMass",
        "/BodyEadEsad[2]/NetMass",
        "/BodyEadEsad[2]/Colour",
    }
    assert len(faults) == 7
    lines = [fault.line or 0 for fault in faults]
    assert lines == sorted(lines)


def test_accepted_document_has_no_faults(schemas: SchemaSet) -> None:
    """What the schema accepts has no faults, and spaces that XML does not know as such are text."""
    root = draft("CommercialDescription")
    line_2(root, "CommercialDescription").text = "\u00a0"
    assert faults_of(schemas, root) == []
    put("CnCode", "x")(root)
    assert [fault.path for fault in faults_of(schemas, root)] == [f"{BODY}/BodyEadEsad[2]/CnCode"]


def test_number_of_faults_is_bounded(schemas: SchemaSet) -> None:
    """A document of thousands of mistakes gives 999 faults, as many as an answer can carry."""
    root = parse(f'<IE815 xmlns="{NAMESPACE.format("IE815")}">{"<Foo/>" * 5000}</IE815>'.encode())
    assert len(schemas.faults(root)) == MOST_FAULTS == 999


@pytest.mark.parametrize(
    ("namespace", "name"),
    [
        (NAMESPACE.format("IE815").replace("V3.23", "V3.13"), "IE815"),
        (NAMESPACE.format("IE815"), "IE801"),
        (NAMESPACE.format("IE821"), "IE821"),
        ("", "IE815"),
        ("urn:x", "x" * 200),
    ],
)
def test_unknown_message_is_answered_with_the_known_ones(namespace: str, name: str, schemas: SchemaSet) -> None:
    """Another release, another message or no namespace gives one fault that names what is known."""
    root = parse(f'<{name} xmlns="{namespace}"/>'.encode())
    (fault,) = schemas.faults(root)
    assert schemas.message_name(root) is None
    assert (fault.code, fault.path, fault.value, fault.line) == ("15", f"/{name[:80]}", namespace or None, 1)
    assert "V3.23" in say(fault.hint)
    assert all(message in say(fault.hint) for message in messages())


def test_schema_set_knows_its_messages_and_release(schemas: SchemaSet) -> None:
    """A set names its release and recognises all its messages by their root element."""
    assert schemas.release == "V3.23"
    for message in messages():
        root = parse(valid_document(message, random.Random(1)))  # noqa: S311  (repeatable, not secret)
        assert schemas.message_name(root) == message
        assert schemas.faults(root) == ()


def test_refusal_by_libxml2_alone_is_explained_in_its_words(schemas: SchemaSet) -> None:
    """A value that only libxml2 refuses (digits that are not ASCII) still has a fault with place and value."""
    root = draft("FiscalMarkUsedFlag")
    put("FiscalMarkUsedFlag", "\u0661")(root)
    fault, *_ = faults_of(schemas, root)
    assert (fault.code, fault.value) == ("12", "\u0661")
    assert fault.path == f"{BODY}/BodyEadEsad[2]/FiscalMarkUsedFlag"
    assert "FiscalMarkUsedFlag" in say(fault.text)
    assert "{" not in say(fault.text).partition("is not")[0]


@pytest.mark.parametrize("message", sorted(messages()))
def test_every_spoilt_document_is_explained(message: str, schemas: SchemaSet) -> None:
    """Whatever is taken out, doubled, renamed or changed, a refused document has a fault, and its place is found."""
    rng = random.Random(message)  # noqa: S311  (repeatable, not secret)
    for _ in range(25):
        root = parse(valid_document(message, rng, fullness=rng.random()))
        for _ in range(rng.randint(1, 3)):
            _spoil(rng.choice(list(root.iter())[1:]), rng)
        sent = parse(etree.tostring(root))
        faults = schemas.faults(sent)
        assert bool(faults) is not schemas.accepts(sent)
        for fault in faults:
            assert locate(sent, fault.place) is not None
            assert fault.value is None or fault.value == _quoted(sent, fault.place)


def _quoted(root: etree._Element, place: Place) -> str:
    """The text of the element or attribute at a place, as XPath finds it, as far as a fault quotes it."""
    path = re.sub(r"/([^/@\[]+)", r"/*[local-name()='\1']", str(place))
    [found] = root.xpath(path)
    return str(found if isinstance(found, str) else found.text or "")[:LONGEST_VALUE]


def _spoil(element: etree._Element, rng: random.Random) -> None:
    parent = element.getparent()
    assert parent is not None
    choice = rng.randrange(6)
    if choice == 0 and len(parent) > 1:
        parent.remove(element)
    elif choice == 1:
        element.addnext(copy.deepcopy(element))
    elif choice == 2:
        element.tag = f"{{{etree.QName(element).namespace}}}Foo"
    elif choice == 3:
        element.text = "#" * 1000
    elif choice == 4:
        element.set("language", rng.choice(["lt", "XX", ""]))
    else:
        parent.append(element)


def test_folder_without_schemas_is_a_configuration_error(tmp_path: Path) -> None:
    """A folder without schemas, with broken ones or with none for a message is refused when it is loaded."""
    contents = [None, "<broken", '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"/>', "<x/>"]
    for content in contents:
        if content is not None:
            (tmp_path / "emcs.xsd").write_text(content)
        with pytest.raises(NotConfigured, match="emcs"):
            SchemaSet.load(tmp_path)


def test_missing_schema_of_a_message_is_a_configuration_error(tmp_path: Path) -> None:
    """What is listed and missing is refused at once: libxml2 would refuse every document of that message instead."""
    folder = shutil.copytree(FOLDER, tmp_path / "3.23")
    (folder / "ie815.xsd").unlink()

    with pytest.raises(NotConfigured, match=r"ie815\.xsd is missing, and .*emcs\.xsd lists it"):
        SchemaSet.load(folder)


@pytest.mark.parametrize("content", ["<broken", '<schema xmlns="http://www.w3.org/2001/XMLSchema"><x/></schema>'])
def test_broken_schema_of_a_message_is_a_configuration_error(content: str, tmp_path: Path) -> None:
    """What is listed and broken is refused when all are compiled and when a document needs it; other messages go on."""
    folder = shutil.copytree(FOLDER, tmp_path / "3.23")
    (folder / "ie815.xsd").write_text(content)
    broken = SchemaSet.load(folder)

    with pytest.raises(NotConfigured, match="is no usable schema"):
        broken.compile()
    with pytest.raises(NotConfigured, match=r"ie815\.xsd is no usable schema"):
        broken.accepts(draft())
    report = next((resources.fixtures() / "messages" / "ie818" / "valid").glob("*.xml"))
    assert broken.accepts(parse(report.read_bytes()))


def test_schemas_that_were_compiled_together_say_the_same(schemas: SchemaSet) -> None:
    """A document is judged alike by the schema of its message alone, and among all of them."""
    together = SchemaSet.load(FOLDER)
    together.compile()
    documents = [path.read_bytes() for path in sorted((resources.fixtures() / "messages").glob("*/valid/*.xml"))]

    for document in documents:
        root = parse(document)
        assert together.accepts(root)
        assert schemas.accepts(root)
        root[0].clear()
        assert not together.accepts(root)
        assert not schemas.accepts(root)


def test_accepting_needs_no_xmlschema() -> None:
    """Loading the schemas and accepting a document imports nothing of xmlschema; explaining a refusal does."""
    program = """
import sys
from pathlib import Path
from esad_gateway.xml.parse import parse
from esad_gateway.xml.schema import SchemaSet
schemas = SchemaSet.load(Path(sys.argv[1]))
good, bad = (parse(text.encode()) for text in sys.argv[2:])
assert schemas.accepts(good) and not schemas.faults(good) and not schemas.accepts(bad)
assert "xmlschema" not in sys.modules and "elementpath" not in sys.modules
assert schemas.faults(bad)
assert "xmlschema" in sys.modules
"""
    good = etree.tostring(draft(), encoding="unicode")
    bad = good.replace("CnCode>", "Cn>")
    subprocess.run([sys.executable, "-c", program, str(FOLDER), good, bad], check=True)


def test_threads_judge_side_by_side(schemas: SchemaSet) -> None:
    """Threads that share the compiled schemas get each the verdict and the faults of their own document."""
    good = parse(etree.tostring(draft()))
    wrong: list[object] = []

    def work(name: str) -> None:
        spoilt = draft()
        put("CnCode", name)(spoilt)
        mine = parse(etree.tostring(spoilt))
        verdicts = {(schemas.accepts(copy.deepcopy(good)), schemas.accepts(mine)) for _ in range(150)}
        wrong.extend(verdicts - {(True, False)})
        wrong.extend(fault for _ in range(5) for fault in schemas.faults(mine) if fault.value != name)

    threads = [threading.Thread(target=work, args=(name,)) for name in ("a", "b", "c", "d")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
