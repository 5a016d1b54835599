"""The SOAP 1.1 envelopes of ``/ndea``: Deliver, DeliverResponse, Fault. Bytes in, values out, and back."""

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass
from xml.sax.saxutils import escape

from lxml import etree

from esad_gateway.errors import EnvelopeRefused, MalformedXml
from esad_gateway.faults import Said, said
from esad_gateway.ports.outbox import DeliveryOutcome
from esad_gateway.xml.parse import Limits, parse

SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
SOAP_12 = "http://www.w3.org/2003/05/soap-envelope"
NDEA = "urn:esad-gateway:ndea:1"
ACTION = f"{NDEA}/Deliver"
"""What a client may say in ``SOAPAction``; the WSDL names it."""

CONTENT_TYPE = "text/xml; charset=utf-8"
LARGEST_ENVELOPE = 9 * 1024 * 1024
"""Bytes: the largest document (6 MiB) grows by a third in base64, and some break that into lines."""

_LONGEST_REASON = 500
_LIMITS = Limits(max_bytes=LARGEST_ENVELOPE, max_text=LARGEST_ENVELOPE)
_ENVELOPE = f"{{{SOAP}}}Envelope"
_HEADER = f"{{{SOAP}}}Header"
_MUST_UNDERSTAND = f"{{{SOAP}}}mustUnderstand"
_ACTOR = f"{{{SOAP}}}actor"
_FOR_US = frozenset({"", "http://schemas.xmlsoap.org/soap/actor/next"})
"""Actors whose header blocks are ours to process: nobody named is the ultimate receiver (SOAP 1.1, 4.2.2)."""

_ACTION_OF_TYPE = re.compile(r';\s*action\s*=\s*("[^"]*"|[^;\s]*)', re.IGNORECASE)
"""SOAP 1.2 moved the action into the media type (RFC 3902)."""

_DELIVER = f"{{{NDEA}}}Deliver"
_DOCUMENT = f"{{{NDEA}}}document"
_RESPONSE = f"{{{NDEA}}}DeliverResponse"


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """A technical acknowledgement: the document was committed, now or earlier."""

    outcome: DeliveryOutcome
    message_identifier: str


@dataclass(frozen=True, slots=True)
class SoapFault:
    """A SOAP fault: whether it blames what was sent (Client in 1.1, Sender in 1.2), and its text, if any, shortened."""

    blames_sender: bool
    reason: str


def deliver(document: bytes) -> bytes:
    """The request that delivers a document."""
    content = base64.b64encode(document).decode()
    return _envelope(f'<Deliver xmlns="{NDEA}"><document>{content}</document></Deliver>')


def delivered(acknowledgement: Acknowledgement) -> bytes:
    """The answer after the commit."""
    return _envelope(
        f'<DeliverResponse xmlns="{NDEA}"><outcome>{acknowledgement.outcome}</outcome>'
        f"<messageIdentifier>{escape(acknowledgement.message_identifier)}</messageIdentifier></DeliverResponse>"
    )


def fault(code: str, reason: str) -> bytes:
    """The answer to a document that cannot be taken; ``code`` is one of SOAP 1.1, 4.4.1, without its prefix."""
    return _envelope(
        f'<s:Fault xmlns:s="{SOAP}"><faultcode>s:{code}</faultcode>'
        f"<faultstring>{escape(reason[:_LONGEST_REASON])}</faultstring></s:Fault>"
    )


def action_of(headers: Mapping[str, str]) -> str:
    """The action that a request names, without quotes; empty when it names none, which SOAP allows.

    ``headers`` are found by small letters.
    """
    named = headers.get("soapaction", "").strip().strip('"')
    in_type = _ACTION_OF_TYPE.search(headers.get("content-type", ""))
    return named or (in_type[1].strip('"') if in_type else "")


def document_of(request: bytes, action: str = "") -> bytes:
    """The document of a Deliver request; ``action`` is what its HTTP header says that it asks for, if anything.

    Raises MalformedXml or TooLarge when the bytes are no such request, and EnvelopeRefused, with the fault code, for
    another version of SOAP, for a header block that must be understood, and for another action.
    """
    envelope = parse(request, _LIMITS)
    _check_version(envelope)
    _check_header(envelope)
    if action not in {"", ACTION}:
        raise EnvelopeRefused("Client", said("detail.soap_action", found=repr(action), expected=repr(ACTION)))
    operation = _operation(envelope)
    content = operation.findtext(_DOCUMENT) if operation.tag == _DELIVER else None
    if content is None:
        raise MalformedXml(Said("xml.no_operation"), operation.sourceline or 1)
    try:
        return base64.b64decode("".join(content.split()), validate=True)
    except ValueError as error:
        raise MalformedXml(Said("xml.operation_base64"), operation.sourceline or 1) from error


def answer_of(response: bytes) -> Acknowledgement | SoapFault:
    """Read a response: an acknowledgement or a fault. Faults of SOAP 1.2 are read too: fronts and brokers send them.

    Raises MalformedXml or TooLarge when the bytes are neither, and ValueError for an unknown outcome.
    """
    envelope = parse(response, _LIMITS)
    operation = _operation(envelope, SOAP_12 if envelope.tag == f"{{{SOAP_12}}}Envelope" else SOAP)
    if operation.tag == _RESPONSE:
        outcome = DeliveryOutcome(operation.findtext(f"{{{NDEA}}}outcome") or "")
        return Acknowledgement(outcome, operation.findtext(f"{{{NDEA}}}messageIdentifier") or "")
    if operation.tag == f"{{{SOAP}}}Fault":
        return _fault(operation.findtext("faultcode"), operation.findtext("faultstring"))
    if operation.tag == f"{{{SOAP_12}}}Fault":
        in_12 = {"s": SOAP_12}
        return _fault(
            operation.findtext("s:Code/s:Value", None, in_12), operation.findtext("s:Reason/s:Text", None, in_12)
        )
    raise MalformedXml(said("xml.other_answer", name=etree.QName(operation).localname), operation.sourceline or 1)


def _fault(code: str | None, reason: str | None) -> SoapFault:
    name = (code or "").strip().rpartition(":")[2]
    # SOAP 1.1, 4.4.1: Client.something is a kind of Client. What 1.1 calls Client is Sender in 1.2.
    blames_sender = name.partition(".")[0] in {"Client", "Sender"}
    return SoapFault(blames_sender, " ".join((reason or "").split())[:_LONGEST_REASON])


def _envelope(content: str) -> bytes:
    return f'<e:Envelope xmlns:e="{SOAP}"><e:Body>{content}</e:Body></e:Envelope>'.encode()


def _check_version(envelope: etree._Element) -> None:
    name = etree.QName(envelope)
    if name.localname == "Envelope" and envelope.tag != _ENVELOPE:
        given = repr(name.namespace or "")
        raise EnvelopeRefused("VersionMismatch", said("detail.soap_version", found=given, expected=repr(SOAP)))


def _check_header(envelope: etree._Element) -> None:
    """No block is known here, so one that we must understand cannot be obeyed; any other changes nothing."""
    for block in envelope.iterfind(f"{_HEADER}/*"):
        ours = block.get(_ACTOR, "").strip() in _FOR_US
        if ours and block.get(_MUST_UNDERSTAND, "0").strip() not in {"0", "false"}:
            raise EnvelopeRefused("MustUnderstand", said("detail.soap_header", name=etree.QName(block).text))


def _operation(envelope: etree._Element, soap: str = SOAP) -> etree._Element:
    bodies = envelope.findall(f"{{{soap}}}Body") if envelope.tag == f"{{{soap}}}Envelope" else []
    if len(bodies) != 1 or len(bodies[0]) != 1:
        raise MalformedXml(Said("xml.no_envelope"), envelope.sourceline or 1)
    return bodies[0][0]
