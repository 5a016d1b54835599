"""MTOM: documents beside the envelope are taken, and given to whoever has sent one so."""

import base64
from email.parser import BytesParser
from email.policy import HTTP

import pytest
import requests
import zeep
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from zeep.transports import Transport

from esad_gateway.soap.envelope import NS, SOAP_1_1, SOAP_1_2, SoapVersion
from helpers.gateway import CONSIGNOR, PATIENCE, new_draft
from helpers.served import Answer, Served
from helpers.soap import PATH, ByHand, texts

INCLUDE = '<i:Include xmlns:i="http://www.w3.org/2004/08/xop/include" href="{}"/>'
BOUNDARY = "a-boundary"


def part(content: bytes, name: str, media_type: str = "application/octet-stream", encoding: str = "binary") -> bytes:
    """One part, with its fields."""
    head = f"Content-Type: {media_type}\r\nContent-Transfer-Encoding: {encoding}\r\nContent-ID: <{name}>\r\n\r\n"
    return f"--{BOUNDARY}\r\n{head}".encode() + content + b"\r\n"


def related(client: ByHand, *parts: bytes, **more: str) -> tuple[bytes, str]:
    """A body of parts, and its Content-Type."""
    kind = client.version.content_type.partition(";")[0]
    told = "".join(f'; {name.replace("_", "-")}="{value}"' for name, value in more.items())
    content_type = f'multipart/related; type="application/xop+xml"; start-info="{kind}"; boundary="{BOUNDARY}"{told}'
    return b"".join(parts) + f"--{BOUNDARY}--\r\n".encode(), content_type


def asking(client: ByHand, operation: str, members: str) -> bytes:
    """The envelope of a request, as a part."""
    kind = client.version.content_type.partition(";")[0]
    envelope = client.around(f'<{operation} xmlns="{NS}">{members}</{operation}>')
    return part(envelope, "root", f'application/xop+xml; charset=UTF-8; type="{kind}"')


def post(client: ByHand, *parts: bytes, token: str | None = None, **more: str) -> Answer:
    """Post parts."""
    body, content_type = related(client, *parts, **more)
    return client.post(body, token, Content_Type=content_type)


def document_of(href: str = "cid:draft") -> str:
    """A member that is in a part of its own."""
    return f"<document>{INCLUDE.format(href)}</document>"


@pytest.mark.parametrize(
    ("href", "name"),
    [("cid:draft", "draft"), ("cid:a%20b%40c", "a b@c"), (" cid:x@y ", "x@y")],
    ids=["plain", "escaped", "blanks"],
)
def test_document_in_a_part_is_taken_as_it_is(at_fresh: ByHand, href: str, name: str) -> None:
    """Its bytes are those that were signed; the same in base64 is the same message."""
    document = at_fresh.gateway.box.signed(CONSIGNOR, new_draft())
    parts = asking(at_fresh, "SubmitMessage", document_of(href)), part(document, name)

    answer = post(at_fresh, *parts)
    again = at_fresh.call("SubmitMessage", document=document)

    assert texts(at_fresh.body_of(answer), "outcome") == ["accepted"]
    assert texts(again, "repeated") == ["true"]


def test_envelope_is_the_part_that_start_names(by_hand: ByHand) -> None:
    """Or the first, where it names none."""
    document = by_hand.gateway.box.signed(CONSIGNOR, new_draft())
    envelope, draft = asking(by_hand, "ValidateMessage", document_of()), part(document, "draft")

    for answer in (post(by_hand, draft, envelope, start="<root>"), post(by_hand, envelope, draft, start="<other>")):
        assert texts(by_hand.body_of(answer), "ok") == ["true"]


def test_answer_is_in_parts_to_a_request_in_parts_alone(by_hand: ByHand) -> None:
    """The envelope first; the document is byte for byte that of REST."""
    gateway, token = by_hand.gateway, by_hand.gateway.box.traders[CONSIGNOR].token
    receipt = gateway.submit(gateway.box.signed(CONSIGNOR, new_draft())).json
    seq = receipt["replies"][0]["seq"]
    wanted = f"<trader>{CONSIGNOR}</trader><seq>{seq}</seq>"

    answer = post(by_hand, asking(by_hand, "FetchMessage", wanted), token=token)
    plain = by_hand.call("FetchMessage", token, trader=CONSIGNOR, seq=seq)

    whole = BytesParser(policy=HTTP).parsebytes(
        f"Content-Type: {answer.headers['content-type']}\r\n\r\n".encode() + answer.body
    )
    envelope, document = whole.iter_parts()
    in_rest = gateway.get(f"/v1/traders/{CONSIGNOR}/messages/{seq}", token).body
    assert answer.headers["content-type"].startswith(
        'multipart/related; type="application/xop+xml"; start="<envelope>"'
    )
    assert (envelope["Content-ID"], document["Content-ID"]) == ("<envelope>", "<document>")
    assert envelope.get_content_type() == "application/xop+xml"
    assert document.get_payload(decode=True) == in_rest
    assert texts(plain, "document") == [base64.b64encode(in_rest).decode()]


class InParts(Transport):  # type: ignore[misc]  # zeep has no types
    """Posts what zeep writes as the root of a package, as clients with MTOM do; zeep itself only reads it."""

    def post(self, address: str, message: bytes, headers: dict[str, str]) -> requests.Response:
        """Post a package of one part."""
        kind = headers["Content-Type"].partition(";")[0]
        told = f'multipart/related; type="application/xop+xml"; start-info="{kind}"; boundary="{BOUNDARY}"'
        body = part(message, "root", f'application/xop+xml; type="{kind}"') + f"--{BOUNDARY}--\r\n".encode()
        response: requests.Response = super().post(address, body, {**headers, "Content-Type": told})
        return response


@pytest.mark.parametrize("port", ["GatewaySoap", "GatewaySoap12"])
def test_zeep_reads_an_answer_in_parts(gateway: Served, port: str) -> None:
    """By its own reader of MTOM."""
    receipt = gateway.submit(gateway.box.signed(CONSIGNOR, new_draft())).json
    transport = InParts(timeout=PATIENCE, operation_timeout=PATIENCE)
    token = gateway.box.traders[CONSIGNOR].token
    transport.session.headers["Authorization"] = f"Bearer {token}"
    seq = receipt["replies"][0]["seq"]

    with zeep.Client(f"{gateway.url}{PATH}?wsdl", transport=transport) as client:
        document = client.bind("Gateway", port).FetchMessage(CONSIGNOR, seq)

    assert document == gateway.get(f"/v1/traders/{CONSIGNOR}/messages/{seq}", token).body


def test_package_that_cannot_be_read_is_told(by_hand: ByHand) -> None:
    """A part that there is not, two of one name, one that is encoded, one too many, no end, no boundary."""
    envelope, draft = asking(by_hand, "ValidateMessage", document_of()), part(b"<a/>", "draft")
    kind = by_hand.version.content_type
    for answer, reason in (
        (post(by_hand, envelope), "no part of the message is called 'cid:draft'"),
        (post(by_hand, asking(by_hand, "ValidateMessage", document_of("http://x/")), draft), "'http://x/'"),
        (post(by_hand, envelope, draft, draft), "two parts are called draft"),
        (post(by_hand, envelope, part(b"", "draft", encoding="base64")), "Content-Transfer-Encoding base64"),
        (post(by_hand, envelope, *(part(b"", f"p{number}") for number in range(20))), "20"),
        (by_hand.post(envelope + draft, Content_Type=related(by_hand)[1]), ""),
        (by_hand.post(b"", Content_Type=related(by_hand)[1]), ""),
        (by_hand.post(envelope, Content_Type="multipart/related"), ""),
    ):
        client = by_hand if answer.headers["content-type"] == kind else ByHand(by_hand.gateway, SOAP_1_1)
        fault = client.fault_of(answer)
        assert fault.code == client.version.codes["Client"]
        assert reason in fault.reason


def test_action_of_a_package_is_looked_at(by_hand: ByHand) -> None:
    """Wherever it stands; one of another operation is refused."""
    envelope, draft = asking(by_hand, "ValidateMessage", document_of()), part(b"<a/>", "draft")
    wrong, right = f"{NS}/SubmitMessage", f"{NS}/ValidateMessage"

    assert post(by_hand, envelope, draft, action=right).status == 200
    assert wrong in by_hand.fault_of(post(by_hand, envelope, draft, action=wrong)).reason
    body, content_type = related(by_hand, envelope, draft)
    assert wrong in by_hand.fault_of(by_hand.post(body, Content_Type=content_type, SOAPAction=f'"{wrong}"')).reason


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data(), version=st.sampled_from([SOAP_1_1, SOAP_1_2]))
def test_mutilated_package_is_answered(gateway: Served, data: st.DataObject, version: SoapVersion) -> None:
    """A piece is cut out, doubled, or overwritten, anywhere: an envelope comes back, and no defect."""
    client = ByHand(gateway, version)
    whole, content_type = related(client, asking(client, "ValidateMessage", document_of()), part(b"<a/>", "draft"))
    begin, end = sorted(data.draw(st.tuples(*[st.integers(0, len(whole))] * 2)))
    instead = data.draw(st.sampled_from([b"", whole[begin:end] * 2]) | st.binary(max_size=8))

    answer = client.post(whole[:begin] + instead + whole[end:], Content_Type=content_type)

    assert answer.status in {200, 400, 500}
    assert b"problem:internal" not in answer.body
    assert b":Envelope" in answer.body
