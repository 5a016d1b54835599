"""zeep with its WS-Security plug-in: reads a mailbox with signed requests, and verifies what is answered.

Says "name: value" lines.
"""

import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, TypeAlias

import xmlsec
import zeep
import zeep.exceptions
from lxml import etree
from zeep.wsse.compose import Compose
from zeep.wsse.signature import BinarySignature, verify_envelope
from zeep.wsse.utils import ID_ATTR, WSU, get_security_header

url, seed, key, certificate, administration = sys.argv[1:6]
_Request: TypeAlias = tuple[etree._Element, dict[str, str]]  # noqa: SLF001 -- lxml's name of its type


class Signature(BinarySignature):  # type: ignore[misc]
    """Verifies with the gateway's certificate (zeep: with the client's), and that Body and Timestamp are signed."""

    def verify(self, envelope: etree._Element) -> etree._Element:
        """Verify what is answered. Raises SignatureVerificationFailed."""
        verify_envelope(envelope, administration)
        signed = {one.get("URI") for one in envelope.iterfind("{*}Header/{*}Security//{*}SignedInfo/{*}Reference")}
        (stamp,) = envelope.iterfind("{*}Header/{*}Security/{*}Timestamp")
        if not {f"#{part.get(ID_ATTR)}" for part in (envelope[-1], stamp)} <= signed:
            raise zeep.exceptions.SignatureVerificationFailed
        return envelope


class Timestamp:
    """The moment of each request, which zeep does not make by itself; before the signature, which then covers it."""

    def apply(self, envelope: etree._Element, headers: dict[str, str]) -> _Request:
        """Put it into a request."""
        now = datetime.now(UTC)
        moments = (WSU.Created(f"{now:%FT%TZ}"), WSU.Expires(f"{now + timedelta(minutes=5):%FT%TZ}"))
        get_security_header(envelope).append(WSU.Timestamp(*moments))
        return envelope, headers

    def verify(self, envelope: etree._Element) -> etree._Element:
        """What is answered has one of its own, which the signature covers."""
        return envelope


def outcome(wsse: object, ask: Callable[[Any], object]) -> str:
    """What a request leads to that is signed so."""
    try:
        return str(ask(zeep.Client(f"{url}/soap/gateway?wsdl", wsse=wsse).service))
    except (zeep.exceptions.Error, AttributeError) as error:
        return f"{type(error).__name__} {error}"


def entries(service: Any) -> str:
    """How many messages are listed."""
    return f"{len(service.ListMessages(trader=seed, limit=1).message)} entries"


def fault(service: Any) -> object:
    """A request for what is not there."""
    return service.FetchMessage(trader=seed, seq=999_999_999)


strong = {"signature_method": xmlsec.constants.TransformRsaSha256, "digest_method": xmlsec.constants.TransformSha256}
signature = Signature(key, certificate, **strong)
for name, wsse, ask in (
    ("signed", Compose([Timestamp(), signature]), entries),
    ("fault", Compose([Timestamp(), signature]), fault),
    ("algorithms", Compose([Timestamp(), Signature(key, certificate)]), entries),
    ("no moment", signature, entries),
    ("own certificate", Compose([Timestamp(), BinarySignature(key, certificate, **strong)]), entries),
    ("list", [Timestamp(), signature], entries),
):
    sys.stdout.write(f"{name}: {outcome(wsse, ask)}\n")
