"""The administrations' door as SOAP knows it: version, header blocks and action are obeyed before any document is."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import quoteattr

import pytest
from lxml import etree

from esad_gateway.settings import FILE
from esad_gateway.transport.envelope import ACTION, NDEA, SOAP, deliver
from helpers.gateway import CONSIGNEE, FOREIGN_CONSIGNOR, copy_of_box, new_draft
from helpers.served import Answer, Served, served

SOAP_12 = "http://www.w3.org/2003/05/soap-envelope"
NEXT = f"{SOAP[:-9]}actor/next"
PUBLIC = "https://ndea.example/excise"


@dataclass(frozen=True)
class Door:
    """Lithuania's door, and a Deliver request of Poland that it takes."""

    gateway: Served
    request: bytes

    def with_header(self, *blocks: str) -> bytes:
        """The request with these header blocks."""
        header = f"<e:Header>{''.join(blocks)}</e:Header><e:Body>".encode()
        return self.request.replace(b"<e:Body>", header)

    def ask(self, request: bytes, **headers: str) -> Answer:
        """Post a request."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.gateway.ask("POST", "/ndea", request, {"Content-Type": "text/xml; charset=utf-8"} | named)

    def taken(self) -> int:
        """How many documents of Poland the gateway has."""
        return len(self.gateway.station.mailbox("NDEA.PL"))


@pytest.fixture
def door(fresh: Served) -> Door:
    """A door nothing came through yet."""
    with fresh.box.open("PL") as pl:
        pl.take(fresh.box.signed(FOREIGN_CONSIGNOR, new_draft(FOREIGN_CONSIGNOR, CONSIGNEE)))
        ((_, document),) = pl.due()
    return Door(fresh, deliver(document))


def block(must_understand: str | None = None, actor: str | None = None) -> str:
    """A header block that nobody here knows."""
    said = "" if must_understand is None else f" e:mustUnderstand={quoteattr(must_understand)}"
    meant = "" if actor is None else f" e:actor={quoteattr(actor)}"
    return f'<t:Route xmlns:t="urn:example:route"{said}{meant}>by night</t:Route>'


def fault_of(answer: Answer) -> tuple[str, str]:
    """Code, in the namespace of SOAP 1.1, and text of a fault."""
    fault = etree.fromstring(answer.body).find(f"{{{SOAP}}}Body/{{{SOAP}}}Fault")
    assert answer.status == 500
    assert fault is not None
    prefix, _, code = fault.findtext("faultcode", "").rpartition(":")
    assert fault.nsmap[prefix] == SOAP
    return code, fault.findtext("faultstring", "")


MUST = {
    "for the receiver": block("1"),
    "as a boolean": block(" true "),
    "for the next node": block("1", NEXT),
    "for an actor without a name": block("1", ""),
    "after one that is optional": block("0") + block("1"),
    "with an unlawful value": block("yes"),
}


@pytest.mark.parametrize("blocks", MUST.values(), ids=MUST)
def test_header_block_that_must_be_understood_is_named(door: Door, blocks: str) -> None:
    """Fault MustUnderstand with the block's name; nothing is committed."""
    code, text = fault_of(door.ask(door.with_header(blocks)))

    assert code == "MustUnderstand"
    assert "{urn:example:route}Route" in text
    assert door.taken() == 0


MAY = {
    "not said": block(),
    "said to be optional": block("0"),
    "optional as a boolean": block("false"),
    "for another actor": block("1", "urn:example:broker"),
    "several": block("0") + block("1", "urn:example:broker"),
}


@pytest.mark.parametrize("blocks", MAY.values(), ids=MAY)
def test_other_header_block_changes_nothing(door: Door, blocks: str) -> None:
    """What need not be understood, or is for somebody else, does not keep a document out."""
    answer = door.ask(door.with_header(blocks))

    assert (answer.status, door.taken()) == (200, 1)


@pytest.mark.parametrize("namespace", [SOAP_12, "urn:example:soap", ""])
def test_another_version_is_a_mismatch(door: Door, namespace: str) -> None:
    """The fault is one of SOAP 1.1, says what was sent and what is spoken here, and nothing is committed."""
    request = door.request.replace(b"<e:", b"<").replace(b"</e:", b"</").replace(b"xmlns:e=", b"xmlns=")
    code, text = fault_of(
        door.ask(request.replace(SOAP.encode(), namespace.encode()), Content_Type="application/soap+xml")
    )

    assert code == "VersionMismatch"
    assert f"{namespace!r}; expected SOAP 1.1, '{SOAP}'" in text
    assert door.taken() == 0


WRONG_ACTION = {
    "SOAPAction": {"SOAPAction": f'"{NDEA}/Collect"'},
    "SOAPAction without quotes": {"SOAPAction": f"{NDEA}/Collect"},
    "media type": {"Content_Type": f'application/soap+xml; charset=utf-8; action="{NDEA}/Collect"'},
    "the namespace alone": {"SOAPAction": f'"{NDEA}"'},
}


@pytest.mark.parametrize("headers", WRONG_ACTION.values(), ids=WRONG_ACTION)
def test_another_action_is_a_fault_of_the_client(door: Door, headers: dict[str, str]) -> None:
    """What was asked for stands in the fault beside what can be asked for; nothing is committed."""
    code, text = fault_of(door.ask(door.request, **headers))

    assert code == "Client"
    assert text.startswith(f"the action is '{NDEA}")
    assert text.endswith(f"expected '{ACTION}', or none")
    assert door.taken() == 0


RIGHT_ACTION = {
    "SOAPAction": {"SOAPAction": f'"{ACTION}"'},
    "SOAPAction without quotes": {"SOAPAction": ACTION},
    "SOAPAction that is empty": {"SOAPAction": '""'},
    "none": {},
    "media type": {"Content_Type": f'application/soap+xml; action="{ACTION}"; charset=utf-8'},
}


@pytest.mark.parametrize("headers", RIGHT_ACTION.values(), ids=RIGHT_ACTION)
def test_action_may_be_said_in_every_way(door: Door, headers: dict[str, str]) -> None:
    """Clients quote it, leave it out, or put it where SOAP 1.2 has it; the envelope decides."""
    answer = door.ask(door.request, **headers)

    assert (answer.status, door.taken()) == (200, 1)


def test_refused_envelope_is_noted_in_the_security_log(door: Door) -> None:
    """As everything that cannot be attributed."""
    door.ask(door.with_header(block("1")))

    (noted,) = door.gateway.station.rows("security_log")
    assert noted["reason"].startswith("EnvelopeRefused: header block {urn:example:route}Route")


FROM_A_FRONT = {
    "Host": "stranger.example",
    "X-Forwarded-Proto": "https",
    "X-Forwarded-Host": "stranger.example",
    "Forwarded": "host=stranger.example;proto=https",
}


def location(gateway: Served) -> str:
    """Where the WSDL says that the service is, asked through a front that adds headers."""
    answer = gateway.ask("GET", "/ndea?wsdl", headers=FROM_A_FRONT)
    assert b"stranger" not in answer.body
    address = etree.fromstring(answer.body).find(".//{http://schemas.xmlsoap.org/wsdl/soap/}address")
    assert address is not None
    return address.get("location", "")


def test_wsdl_names_the_socket_and_no_strangers_word(gateway: Served) -> None:
    """Without a setting the address is where the connection came in, whatever the headers say."""
    assert location(gateway) == f"http://127.0.0.1:{gateway.port}/ndea"


@pytest.fixture
def behind_a_front(tmp_path: Path) -> Iterator[Served]:
    """A gateway that knows its public address."""
    box = copy_of_box(tmp_path)
    with (box.members["LT"].data.root / FILE).open("a", encoding="utf-8") as file:
        file.write(f'public_url = "{PUBLIC}/"\n')
    with served(box) as running:
        yield running


def test_public_address_stands_in_the_descriptions(behind_a_front: Served) -> None:
    """The WSDL and the OpenAPI document send clients to the front."""
    assert location(behind_a_front) == f"{PUBLIC}/ndea"
    assert behind_a_front.get("/openapi.json").json["servers"] == [{"url": PUBLIC}]


def test_description_without_a_public_address_names_no_server(gateway: Served) -> None:
    """OpenAPI then means the server that the document came from."""
    assert "servers" not in gateway.get("/openapi.json").json
