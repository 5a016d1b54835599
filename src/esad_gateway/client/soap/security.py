"""WS-Security for zeep, both ways: requests are signed with the trader's key, answers verified with the gateway's."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from threading import Lock
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from lxml import etree

from esad_gateway.client.refused import NotProven
from esad_gateway.errors import SecurityRefused
from esad_gateway.faults import said
from esad_gateway.ports.security import Reply
from esad_gateway.signing.signer import XmlSigner
from esad_gateway.signing.wss.answers import verify_answer
from esad_gateway.signing.wss.replies import signed_reply

_TICK: Final = timedelta(milliseconds=1)
"""How finely a Timestamp is written: two requests with the same one would be one, and be refused."""


class Secured:
    """A plug-in for zeep (``wsse=``), alone and not in a list; may be used by several threads.

    ``certificates`` are the gateway's: one of them has to have signed an answer. Whoever issued them is not asked, nor
    whether they are valid: you have decided to believe them.
    """

    def __init__(self, signer: XmlSigner, certificates: Sequence[x509.Certificate]) -> None:
        self._signer = signer
        self._certificates = frozenset(one.public_bytes(Encoding.DER) for one in certificates)
        self._last = datetime.fromtimestamp(0, UTC)
        self._lock = Lock()

    def apply(self, envelope: etree._Element, headers: dict[str, str]) -> tuple[etree._Element, dict[str, str]]:
        """The envelope with Body and a Timestamp signed, and the certificate before the signature."""
        inside = "".join(etree.tostring(one, encoding="unicode", with_tail=False) for one in envelope[-1])
        namespace = etree.QName(envelope).namespace or ""
        signed = signed_reply(Reply(namespace=namespace, body=inside), self._signer, self._now())
        return etree.fromstring(signed, _PARSER), headers

    def verify(self, envelope: etree._Element) -> etree._Element:
        """The envelope. Raises NotProven unless its Body and a Timestamp of now are signed by the gateway."""
        try:
            verify_answer(envelope, self._certificates, datetime.now(UTC))
        except SecurityRefused as refused:
            raise NotProven(said("client.not_proven", why=refused.what)) from refused
        return envelope

    def _now(self) -> datetime:
        with self._lock:
            self._last = max(datetime.now(UTC), self._last + _TICK)
            return self._last


_PARSER: Final = etree.XMLParser(huge_tree=True, resolve_entities=False, no_network=True)
"""For what was written here."""
