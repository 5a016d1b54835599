"""One table of operations: the WSDL, its schema and REST's own description hold the same, and nothing else."""

from collections.abc import Iterator
from typing import Any

import pytest
from lxml import etree

from esad_gateway import resources
from esad_gateway.soap.envelope import NS
from esad_gateway.soap.operations import OPERATIONS, action
from helpers.served import Served

WSDL, XS = "{http://schemas.xmlsoap.org/wsdl/}", "{http://www.w3.org/2001/XMLSchema}"
BINDINGS = ("{http://schemas.xmlsoap.org/wsdl/soap/}", "{http://schemas.xmlsoap.org/wsdl/soap12/}")
FOLDER = resources.schemas() / "gateway"

ONLY_IN_REST = {
    ("POST", "/v1/messages/compose"): "whoever speaks SOAP makes XML already",
    ("GET", "/v1/traders/{seed}/agents"): "who acts for whom is looked after in REST",
    ("POST", "/v1/traders/{seed}/agents/{number}/revocation"): "who acts for whom is looked after in REST",
    ("GET", "/"): "the index",
    ("GET", "/health"): "for those who watch",
    ("GET", "/problems"): "pages",
    ("GET", "/problems/{kind}"): "pages",
    ("GET", "/ready"): "for those who watch",
    ("GET", "/metrics"): "for those who watch",
    ("GET", "/v1/administration"): "for administrations",
}
"""What has no twin in SOAP, and why."""
TABLES_OF_FILES = ("/v1/traders/{seed}/batches", "/v1/traders/{seed}/saad")
"""Files of rows, of which SOAP has the way in and how far they have come, and the list that is made of them."""
NEWS = ("/v1/traders/{seed}/webhooks", "/v1/traders/{seed}/events")
"""What tells over HTTP that something came."""
NATIONAL = ("/v1/national/", "/v1/duty", "/v1/due/", "/v1/traders/{seed}/declarations", "/v1/traders/{seed}/due")
"""What an administration does around the messages: it has no form in SOAP anywhere."""


@pytest.fixture(scope="module")
def wsdl() -> etree._Element:
    """The description as it ships."""
    return etree.parse(FOLDER / "gateway.wsdl").getroot()


@pytest.fixture(scope="module")
def xsd() -> etree._Element:
    """Its schema."""
    return etree.parse(FOLDER / "gateway.xsd").getroot()


def _members(xsd: etree._Element, name: str) -> Iterator[tuple[str, bool]]:
    """The members of an element of the schema, and whether each has to be there."""
    (found,) = xsd.iterfind(f"{XS}element[@name='{name}']")
    named = found.get("type")
    holder = found if named is None else xsd.find(f"{XS}complexType[@name='{named}']")
    assert holder is not None
    for member in holder.iter(f"{XS}element"):
        if member is not found:
            yield member.get("name", ""), member.get("minOccurs") != "0"


def test_every_operation_of_the_description_is_in_the_table(wsdl: etree._Element) -> None:
    """In the port type and in both bindings, each with the action that is taken."""
    ports = [one.get("name") for one in wsdl.iterfind(f"{WSDL}portType/{WSDL}operation")]
    actions = [
        [
            (one.get("name"), named.get("soapAction"))
            for one in binding.iterfind(f"{WSDL}operation")
            for named in one[:1]
        ]
        for binding in wsdl.iterfind(f"{WSDL}binding")
    ]

    assert ports == list(OPERATIONS)
    assert actions == [[(name, action(name)) for name in OPERATIONS]] * len(BINDINGS)
    for binding in BINDINGS:
        assert len(list(wsdl.iter(f"{binding}operation"))) == len(OPERATIONS)


def test_both_ports_have_one_address(wsdl: etree._Element) -> None:
    """Clients post either version to either port."""
    addresses = [one.get("location") for binding in BINDINGS for one in wsdl.iter(f"{binding}address")]

    assert len(addresses) == len(BINDINGS)
    assert len(set(addresses)) == 1


def test_every_twin_is_an_operation_of_rest(gateway: Served) -> None:
    """What OpenAPI describes has a twin in SOAP, or is named here with a reason."""
    described = gateway.get("/openapi.json").json["paths"]
    in_rest = {(method.upper(), path) for path, item in described.items() for method in item}
    twins = {one.twin for one in OPERATIONS.values()}
    left = {one for one in in_rest if one in twins or not one[1].startswith((*TABLES_OF_FILES, *NEWS, *NATIONAL))}

    assert left == twins | ONLY_IN_REST.keys()
    assert len(twins) == len(OPERATIONS)


@pytest.mark.parametrize("name", OPERATIONS)
def test_request_is_read_as_the_schema_has_it(xsd: etree._Element, name: str) -> None:
    """The same members, and the same of them have to be there."""
    fields = OPERATIONS[name].asked.model_fields

    assert dict(_members(xsd, name)) == {field.alias: field.is_required() for field in fields.values()}
    assert list(_members(xsd, f"{name}Response"))


def test_schema_has_nothing_that_clients_bend(xsd: etree._Element) -> None:
    """No choice (zeep refuses positional arguments then), and no moments that a client could write in its own way."""
    types = [one.get("type") for one in xsd.iter(f"{XS}element")]

    assert not list(xsd.iter(f"{XS}choice"))
    assert not {"xs:dateTime", "xs:date", "xs:decimal", "xs:float", "xs:double"} & set(types)
    assert xsd.get("targetNamespace") == NS


@pytest.mark.parametrize("path", ["/openapi.json", "/soap/gateway?wsdl"])
def test_descriptions_need_no_token(gateway: Served, path: str) -> None:
    """Whoever integrates reads them first."""
    found: Any = gateway.get(path)

    assert found.status == 200
