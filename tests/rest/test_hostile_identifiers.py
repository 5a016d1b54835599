"""Identifiers that the schema takes and that somebody could mean something by: text everywhere, and the same text."""

import csv
import io
from dataclasses import replace

import pytest
from lxml import etree

from esad_gateway.soap.envelope import SOAP_1_1, SOAP_1_2
from helpers.gateway import CONSIGNOR, new_draft
from helpers.samples import evolve
from helpers.served import Served
from helpers.soap import ByHand

TRADER = f"/v1/traders/{CONSIGNOR}"
IDENTIFIERS = {
    "markup": '<b id="x">&amp;\'</b>',
    "end of a section": "]]><a/><!-- -->",
    "formula": "=1+1",
    "sign of a number": "-1+1",
    "name of a function": "@SUM(1)",
    "separators": '";,|"',
    "line ends elsewhere": "a\u2028b\u0085c",
    "other direction": "\u202eabc\u202c",
    "composed in two": "e\u0307 \U0001f377",
    "templates": "{{7*7}} ${x} {0} %s",
    "escapes": "%0d%0aX:%20y \\n",
    "part of a query": "' OR 1=1; --",
    "path": "../../x?y#z",
}
"""None is longer than a local reference number may be."""


@pytest.mark.parametrize("identifier", IDENTIFIERS.values(), ids=IDENTIFIERS)
def test_identifier_comes_back_as_it_was_sent(gateway: Served, identifier: str) -> None:
    """In receipts, lists, movements, documents and refusals, in every form; in a table a formula is marked."""
    token = gateway.box.traders[CONSIGNOR].token
    draft = evolve(
        new_draft(),
        {"ead_esad_draft.local_reference_number": identifier, "header.message_identifier": identifier},
    )
    document = gateway.box.signed(CONSIGNOR, draft)

    receipt = gateway.submit(document).json
    again = gateway.submit(gateway.box.signed(CONSIGNOR, replace(new_draft(), header=draft.header)))
    entries = gateway.get(f"{TRADER}/messages?arc={receipt['arc']}", token).json["messages"]
    movement = gateway.get(f"{TRADER}/movements/{receipt['arc']}", token).json
    table = gateway.get(f"{TRADER}/messages?arc={receipt['arc']}", token, Accept="text/csv").body.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(table, newline=""), delimiter=";"))
    e_sad = gateway.get(f"{TRADER}/messages/{receipt['replies'][0]['seq']}", token)

    assert (receipt["outcome"], receipt["messageIdentifier"]) == ("accepted", identifier)
    assert (again.status, again.json["identifier"]) == (409, identifier)
    assert [one["messageIdentifier"] for one in entries][:1] == [identifier]
    assert movement["localReferenceNumber"] == identifier
    assert rows[0]["messageIdentifier"] == (f"'{identifier}" if identifier[0] in "=+-@" else identifier)
    assert gateway.get(f"{TRADER}/messages/{receipt['seq']}", token).body == document
    assert etree.fromstring(e_sad.body).findtext(".//{*}LocalReferenceNumber") == identifier
    assert gateway.get(f"{TRADER}/movements/{receipt['arc']}", token, Accept="application/pdf").body[:5] == b"%PDF-"
    for client in (ByHand(gateway, SOAP_1_1), ByHand(gateway, SOAP_1_2)):
        listed = client.call("ListMessages", token, trader=CONSIGNOR, arc=receipt["arc"])
        shown = client.call("GetMovement", token, trader=CONSIGNOR, arc=receipt["arc"])
        assert listed.findtext(".//{*}messageIdentifier") == identifier
        assert shown.findtext(".//{*}localReferenceNumber") == identifier
