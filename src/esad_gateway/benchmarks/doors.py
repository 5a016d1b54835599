"""The doors that take the same signed document: REST, SOAP, and SOAP with WS-Security both ways."""

import base64
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from esad_gateway.ports.security import Reply
from esad_gateway.signing.pki import Identity
from esad_gateway.signing.signer import XmlSigner
from esad_gateway.signing.wss.replies import signed_reply
from esad_gateway.soap.envelope import NS
from esad_gateway.soap.wsdl import PATH
from esad_gateway.transport.envelope import SOAP as SOAP_1_1

REST: Final = "rest"
SOAP: Final = "soap"
SIGNED: Final = "soap_signed"
USUAL: Final = "usual_soap"

_ENVELOPE: Final = f'<e:Envelope xmlns:e="{SOAP_1_1}"><e:Body>%b</e:Body></e:Envelope>'.encode()
_ACCEPTED: Final = (b"<outcome>accepted</outcome>",)
_SUBMIT: Final = f'<SubmitMessage xmlns="{NS}"><document>%b</document></SubmitMessage>'.encode()


@dataclass(frozen=True, slots=True)
class Door:
    """Where a document goes, in what, and which status and words the answer has when it was taken."""

    path: str
    content_type: str
    wrap: Callable[[bytes], bytes]
    status: int
    says: tuple[bytes, ...]

    def request(self, document: bytes) -> bytes:
        """The request of HTTP that hands a document in."""
        body = self.wrap(document)
        line, fields = f"POST {self.path} HTTP/1.1", f"Host: 127.0.0.1\r\nContent-Type: {self.content_type}"
        return f"{line}\r\n{fields}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body

    def has_taken(self, status: int, body: bytes) -> bool:
        """Whether an answer says that the document was taken."""
        return status == self.status and all(word in body for word in self.says)


def _submission(document: bytes) -> bytes:
    return _SUBMIT % base64.b64encode(document)


def _soap(wrap: Callable[[bytes], bytes], says: tuple[bytes, ...]) -> Door:
    return Door(PATH, "text/xml; charset=utf-8", wrap, 200, says)


REST_DOOR: Final = Door("/v1/messages", "application/xml", bytes, 201, ())
SOAP_DOOR: Final = _soap(lambda document: _ENVELOPE % _submission(document), _ACCEPTED)


def signed_door(identity: Identity) -> Door:
    """SOAP with WS-Security: Body and Timestamp signed by a registered certificate; the answer has to be signed."""
    signer = XmlSigner(identity.key, identity.certificate)

    def wrap(document: bytes) -> bytes:
        return signed_reply(Reply(SOAP_1_1, _submission(document).decode()), signer, datetime.now(UTC))

    return _soap(wrap, (*_ACCEPTED, b"<ds:SignatureValue>"))
