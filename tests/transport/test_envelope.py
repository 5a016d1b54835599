"""The envelopes of ``/ndea``: what goes in comes out, and whatever else comes in is refused as what it is."""

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from esad_gateway.errors import EnvelopeRefused, MalformedXml, TooLarge
from esad_gateway.ports.outbox import DeliveryOutcome
from esad_gateway.transport.envelope import (
    LARGEST_ENVELOPE,
    Acknowledgement,
    SoapFault,
    answer_of,
    deliver,
    delivered,
    document_of,
    fault,
)
from esad_gateway.xml.parse import DEFAULT_LIMITS

XML_TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe\uffff"))


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=500))
def test_document_comes_out_as_it_went_in(document: bytes) -> None:
    """Whatever the bytes are, the envelope carries them."""
    assert document_of(deliver(document)) == document


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(DeliveryOutcome), XML_TEXT)
def test_acknowledgement_comes_out_as_it_went_in(outcome: DeliveryOutcome, identifier: str) -> None:
    """An identifier may have any character that XML has."""
    acknowledgement = Acknowledgement(outcome, identifier)

    assert answer_of(delivered(acknowledgement)) == acknowledgement


@settings(max_examples=100, deadline=None)
@given(XML_TEXT)
def test_reason_of_a_fault_is_escaped(reason: str) -> None:
    """What a sender wrote stands in a fault as text and never as structure."""
    root = etree.fromstring(fault("Client", reason))

    assert [etree.QName(element).localname for element in root.iter()] == [
        "Envelope",
        "Body",
        "Fault",
        "faultcode",
        "faultstring",
    ]
    assert answer_of(fault("Client", reason)) == SoapFault(blames_sender=True, reason=" ".join(reason.split())[:500])


def test_largest_document_fits() -> None:
    """A document of the largest size that a message may have can be delivered."""
    document = b" " * DEFAULT_LIMITS.max_bytes

    assert len(deliver(document)) < LARGEST_ENVELOPE
    assert document_of(deliver(document)) == document


def test_base64_may_be_folded() -> None:
    """Lines of 76 characters, as many libraries write them."""
    folded = deliver(b"x" * 200).replace(b"eHh4", b"eHh4\r\n ")

    assert document_of(folded) == b"x" * 200


HOSTILE = {
    "nothing": b"",
    "text": b"hello",
    "not UTF-8": deliver(b"x").decode().encode("utf-16"),
    "another root": b"<Deliver xmlns='urn:esad-gateway:ndea:1'><document>eA==</document></Deliver>",
    "SOAP 1.2": deliver(b"x").replace(
        b"http://schemas.xmlsoap.org/soap/envelope/", b"http://www.w3.org/2003/05/soap-envelope"
    ),
    "no body": deliver(b"x").replace(b"e:Body", b"e:Head"),
    "empty body": b"<e:Envelope xmlns:e='http://schemas.xmlsoap.org/soap/envelope/'><e:Body/></e:Envelope>",
    "two bodies": deliver(b"x").replace(b"<e:Body>", b"<e:Body/><e:Body>"),
    "two operations": deliver(b"x").replace(b"</Deliver>", b"</Deliver><Deliver/>"),
    "another operation": deliver(b"x").replace(b"Deliver", b"Collect"),
    "no document": deliver(b"x").replace(b"<document>eA==</document>", b""),
    "no base64": deliver(b"x").replace(b"eA==", b"e*A="),
    "base64 beyond ASCII": deliver(b"x").replace(b"eA==", "ąĄ==".encode()),
    "half of base64": deliver(b"x").replace(b"eA==", b"eA"),
    "entity bomb": b'<!DOCTYPE a [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>' + deliver(b"x").replace(b"eA==", b"&b;"),
    "external entity": b'<!DOCTYPE a SYSTEM "file:///etc/passwd">' + deliver(b"x"),
    "deep": b"<a>" * 100_000,
    "many elements": deliver(b"x").replace(b"<document>", b"<a/>" * 100_000 + b"<document>"),
    "many namespaces": deliver(b"x").replace(
        b"<document>", b"<a" + b"".join(b' xmlns:n%d="u"' % n for n in range(5000)) + b"/><document>"
    ),
}


@pytest.mark.parametrize("request_body", HOSTILE.values(), ids=HOSTILE)
def test_hostile_request_is_malformed(request_body: bytes) -> None:
    """What is no Deliver request is refused as such, and nothing else is raised."""
    with pytest.raises((MalformedXml, EnvelopeRefused)):
        document_of(request_body)


@pytest.mark.parametrize("answer", HOSTILE.values(), ids=HOSTILE)
def test_hostile_answer_is_no_acknowledgement(answer: bytes) -> None:
    """The same as an answer says nothing of a document."""
    with pytest.raises(MalformedXml):
        answer_of(answer)


def test_request_beyond_the_limit_is_too_large() -> None:
    """The size of an envelope is bounded."""
    with pytest.raises(TooLarge):
        document_of(b" " * (LARGEST_ENVELOPE + 1))


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_altered_request_is_a_document_or_refused(data: st.DataObject) -> None:
    """Whatever is done to the bytes of a request, a document comes out or it is refused."""
    request = bytearray(deliver(b"<a>document</a>"))
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(request) - 1))
        request[place : place + data.draw(st.integers(0, 9))] = data.draw(st.binary(max_size=9))
    with suppress(MalformedXml, EnvelopeRefused):
        assert isinstance(document_of(bytes(request)), bytes)
