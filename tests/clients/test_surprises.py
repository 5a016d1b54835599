"""What documents look like that programs have written, and what the page says of all that."""

import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
import xmlschema

from esad_gateway.soap.envelope import SOAP_1_1
from esad_gateway.transport.envelope import deliver
from helpers.gateway import CONSIGNEE, CONSIGNOR, FOREIGN_CONSIGNOR, copy_of_box, edited, new_draft
from helpers.served import Served, served
from helpers.soap import ByHand, texts
from helpers.soap_clients import PAGE, surprises_of_page

ROOT = Path(__file__).parents[2]
DECIMAL = (
    '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:element name="quantity" type="xs:decimal"/></xs:schema>'
)


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A gateway for both doors."""
    with served(copy_of_box(tmp_path_factory.mktemp("box"))) as running:
        yield running


def changed(gateway: Served, old: bytes, new: bytes) -> bytes:
    """A draft in which something is written otherwise, signed afterwards."""
    signer = gateway.box.traders[CONSIGNOR].signer
    return edited(gateway.box.signed(CONSIGNOR, new_draft()), signer, (old, new))


def indented(gateway: Served) -> bytes:
    """A draft whose day of dispatch stands in a line of its own."""
    return changed(gateway, b">2026-03-02<", b">\n      2026-03-02\n    <")


def new_e_sad(gateway: Served) -> bytes:
    """An e-SAD of Poland to the consignee here, as its administration has signed it."""
    with gateway.box.open("PL") as pl:
        pl.take(gateway.box.signed(FOREIGN_CONSIGNOR, new_draft(FOREIGN_CONSIGNOR, CONSIGNEE)))
        ((_, document),) = pl.due()
    return document


def test_indented_day_is_taken_at_each_door(gateway: Served) -> None:
    """In documents and in the members of a request: programs indent whatever they write."""
    client, token = ByHand(gateway, SOAP_1_1), gateway.box.traders[CONSIGNOR].token

    assert gateway.submit(indented(gateway)).json["outcome"] == "accepted"
    assert texts(client.call("SubmitMessage", document=indented(gateway)), "outcome") == ["accepted"]
    assert texts(client.call("ListMovements", token, trader=CONSIGNOR, since="\n  2026-03-02\n"), "complete") == [
        "true"
    ]


def test_indented_day_is_taken_from_an_administration(gateway: Served) -> None:
    """Its programs indent as well: the document of a delivery is taken as it was signed, and acknowledged."""
    e_sad = new_e_sad(gateway)
    document = edited(e_sad, gateway.box.administration("PL"), (b">2026-03-02<", b">\n      2026-03-02\n    <"))

    answer = gateway.ask("POST", "/ndea", deliver(document), {"Content-Type": "text/xml; charset=utf-8"})

    assert (answer.status, b"DeliverResponse" in answer.body) == (200, True), answer.body
    taken = [one.seq for one in gateway.station.mailbox("NDEA.PL") if one.direction == "in"]
    assert [gateway.station.document("NDEA.PL", seq) for seq in taken] == [document]


@pytest.mark.parametrize("written", ["1E+2", "1e2"])
def test_decimal_with_an_exponent_is_told_with_its_value(gateway: Served, written: str) -> None:
    """Neither is one for the schema, and the fault says where it stands."""
    old, new = b":Quantity>1000<", b":Quantity>%s<" % written.encode()
    found = gateway.ask(
        "POST", "/v1/messages/validate", changed(gateway, old, new), {"Content-Type": "application/xml"}
    )

    assert written in [fault["value"] for fault in found.json["faults"]]


def test_xmlschema_writes_an_exponent_without_a_word() -> None:
    """A decimal that a calculation has left so."""
    written = xmlschema.XMLSchema(DECIMAL).encode(Decimal("1E+2"), path="quantity")

    assert not isinstance(written, (list, tuple, type(None)))
    assert written.text == "1E+2"


def test_script_of_the_page_pins_the_versions_of_the_page() -> None:
    """What is said of a library can be seen again."""
    page = PAGE.read_text(encoding="utf-8")
    (script,) = re.findall(r"`(findings/[\w-]+\.sh)`", page)
    text = (ROOT / script).read_text(encoding="utf-8")

    assert "soap@1.13.0" in text
    assert "| npm soap | 1.13.0 |" in page


def test_page_names_fourteen_surprises_and_the_tests_that_show_them() -> None:
    """Files that there are, and pages too."""
    rows = surprises_of_page()

    assert len(rows) == 14
    for page, shown in rows:
        assert (ROOT / shown).is_file(), shown
        assert page == "this page" or (PAGE.parent / page.partition("](")[2].partition("#")[0].rstrip(")")).is_file()
