"""Signing what the gateway answers: Body and Timestamp, by a token before the signature, without a PrefixList.

Timestamp and SignedInfo are written in canonical form from the start, so they are digested as they stand; the Body is
read once, by libxml2, which knows its form whatever is in it.
"""

import base64
import hashlib
from datetime import datetime
from typing import Final

from lxml import etree

from esad_gateway.ports.security import Reply
from esad_gateway.signing.canonical import canonical
from esad_gateway.signing.profile import DS, EXCLUSIVE_C14N, SHA256
from esad_gateway.signing.signer import XmlSigner
from esad_gateway.signing.wss.names import BASE64, WINDOW, WSSE, WSU, X509_TOKEN

_PARSER: Final = etree.XMLParser(huge_tree=True, resolve_entities=False, no_network=True)
"""For what the gateway has written itself."""

_BODY, _TIMESTAMP, _TOKEN = "body", "timestamp", "token"


def signed_reply(reply: Reply, signer: XmlSigner, at: datetime) -> bytes:
    """The envelope of an answer that is signed at a moment."""
    timestamp = _timestamp(at)
    body = f'<e:Body xmlns:e="{reply.namespace}" xmlns:wsu="{WSU}" wsu:Id="{_BODY}">'
    whole = etree.fromstring(f"{body}{reply.whole or reply.body}</e:Body>".encode(), _PARSER)
    references = _reference(_BODY, canonical(whole)) + _reference(_TIMESTAMP, timestamp.encode())
    security = f"{timestamp}{_token(signer.certificate)}{_signature(signer, references)}"
    header = f'{reply.header}<wsse:Security xmlns:wsse="{WSSE}">{security}</wsse:Security>'
    inside = f"<e:Header>{header}</e:Header>{body}{reply.body}</e:Body>"
    return f'<e:Envelope xmlns:e="{reply.namespace}">{inside}</e:Envelope>'.encode()


def _timestamp(at: datetime) -> str:
    return (
        f'<wsu:Timestamp xmlns:wsu="{WSU}" wsu:Id="{_TIMESTAMP}"><wsu:Created>{_moment(at)}</wsu:Created>'
        f"<wsu:Expires>{_moment(at + WINDOW)}</wsu:Expires></wsu:Timestamp>"
    )


def _moment(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03d}Z"


def _token(certificate: str) -> str:
    return (
        f'<wsse:BinarySecurityToken xmlns:wsu="{WSU}" EncodingType="{BASE64}" ValueType="{X509_TOKEN}" '
        f'wsu:Id="{_TOKEN}">{certificate}</wsse:BinarySecurityToken>'
    )


def _reference(identifier: str, form: bytes) -> str:
    digest = base64.b64encode(hashlib.sha256(form).digest()).decode()
    return (
        f'<ds:Reference URI="#{identifier}"><ds:Transforms><ds:Transform Algorithm="{EXCLUSIVE_C14N}"></ds:Transform>'
        f'</ds:Transforms><ds:DigestMethod Algorithm="{SHA256}"></ds:DigestMethod>'
        f"<ds:DigestValue>{digest}</ds:DigestValue></ds:Reference>"
    )


def _signature(signer: XmlSigner, references: str) -> str:
    content = f"{signer.method}{references}</ds:SignedInfo>"
    return (
        f'<ds:Signature xmlns:ds="{DS}"><ds:SignedInfo>{content}'
        f"<ds:SignatureValue>{signer.value(content)}</ds:SignatureValue><ds:KeyInfo><wsse:SecurityTokenReference>"
        f'<wsse:Reference URI="#{_TOKEN}" ValueType="{X509_TOKEN}"></wsse:Reference></wsse:SecurityTokenReference>'
        "</ds:KeyInfo></ds:Signature>"
    )
