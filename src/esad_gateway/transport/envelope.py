"""The SOAP 1.1 envelopes of ``/ndea``: Deliver, DeliverResponse, Fault. Bytes in, values out, and back."""

import base64
from dataclasses import dataclass
from xml.sax.saxutils import escape

from lxml import etree

from esad_gateway.errors import MalformedXml, PeerError, PeerRefused
from esad_gateway.ports import DeliveryOutcome
from esad_gateway.xml.parse import Limits, parse

SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
NDEA = "urn:esad-gateway:ndea:1"
CONTENT_TYPE = "text/xml; charset=utf-8"
LARGEST_ENVELOPE = 8 * 1024 * 1024
"""Bytes: the largest document (4 MiB) grows by a third in base64."""

_LONGEST_REASON = 500
_LIMITS = Limits(max_bytes=LARGEST_ENVELOPE)
_BODY = f"{{{SOAP}}}Body"
_DELIVER = f"{{{NDEA}}}Deliver"
_DOCUMENT = f"{{{NDEA}}}document"
_RESPONSE = f"{{{NDEA}}}DeliverResponse"
_FAULT = f"{{{SOAP}}}Fault"


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """A technical acknowledgement: the document was committed, now or earlier."""

    outcome: DeliveryOutcome
    message_identifier: str


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
    """The answer to a document that cannot be taken; ``code`` is ``Client`` or ``Server``, whoever has to act."""
    return _envelope(
        f'<s:Fault xmlns:s="{SOAP}"><faultcode>s:{code}</faultcode>'
        f"<faultstring>{escape(reason)}</faultstring></s:Fault>"
    )


def document_of(request: bytes) -> bytes:
    """The document of a Deliver request. Raises MalformedXml or TooLarge when the bytes are no such request."""
    operation = _operation(request)
    content = operation.findtext(_DOCUMENT) if operation.tag == _DELIVER else None
    if content is None:
        raise MalformedXml("no Deliver operation with a document in the SOAP body", operation.sourceline or 1)
    try:
        return base64.b64decode("".join(content.split()), validate=True)
    except ValueError as error:
        raise MalformedXml("the document is not base64", operation.sourceline or 1) from error


def acknowledgement_of(response: bytes) -> Acknowledgement:
    """The acknowledgement of a response.

    Raises PeerRefused for a SOAP fault that blames the document, PeerError for any other fault and everything else.
    """
    try:
        operation = _operation(response)
        if operation.tag == _RESPONSE:
            outcome = DeliveryOutcome(operation.findtext(f"{{{NDEA}}}outcome") or "")
            return Acknowledgement(outcome, operation.findtext(f"{{{NDEA}}}messageIdentifier") or "")
    except (MalformedXml, ValueError) as error:
        raise PeerError(f"the answer is no acknowledgement: {error}") from error
    if operation.tag == _FAULT:
        raise _refusal(operation)
    raise PeerError(f"the answer is no acknowledgement: {etree.QName(operation).localname}")


def _refusal(soap_fault: etree._Element) -> PeerError:
    reason = " ".join((soap_fault.findtext("faultstring") or "no reason given").split())[:_LONGEST_REASON]
    code = (soap_fault.findtext("faultcode") or "").strip().rpartition(":")[2]
    # SOAP 1.1, 4.4.1: Client.something is a kind of Client.
    blames_document = code.partition(".")[0] == "Client"
    return PeerRefused(f"refused: {reason}") if blames_document else PeerError(f"cannot take it now: {reason}")


def _envelope(content: str) -> bytes:
    return f'<e:Envelope xmlns:e="{SOAP}"><e:Body>{content}</e:Body></e:Envelope>'.encode()


def _operation(envelope: bytes) -> etree._Element:
    root = parse(envelope, _LIMITS)
    body = root.find(_BODY) if root.tag == f"{{{SOAP}}}Envelope" else None
    if body is None or len(body) != 1:
        raise MalformedXml("no SOAP 1.1 envelope with one operation", root.sourceline or 1)
    return body[0]
