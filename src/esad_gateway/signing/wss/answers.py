"""A client's side of WS-Security: that an answer is signed by the gateway whose certificate is known."""

from collections.abc import Set as AbstractSet
from datetime import datetime
from typing import Final

from lxml import etree

from esad_gateway.errors import SignatureRefused
from esad_gateway.faults import Said
from esad_gateway.signing.verifier import read_credential
from esad_gateway.signing.wss.guard import verified
from esad_gateway.signing.wss.steps import SecurityStep, refuse
from esad_gateway.signing.wss.structure import Addressee, claims_security, outline
from esad_gateway.signing.wss.window import created

_ANYBODY: Final = Addressee("actor", frozenset({""}))


def verify_answer(root: etree._Element, certificates: AbstractSet[bytes], at: datetime) -> None:
    """That Body and Timestamp of an envelope are signed by one of these certificates (DER), at about this moment.

    Raises SecurityRefused with the step that failed. Not checked: who issued the certificate, and whether an answer was
    given before; it came on the connection of its request.
    """
    _check_shape(root)
    parts = outline(root, _ANYBODY)
    created(parts.timestamp, at, Said("security.clock_here"), Said("security.clocks"))
    if not isinstance(parts.token, bytes) or parts.token not in certificates:
        refuse(SecurityStep.REGISTERED, Said("security.other_certificate"), Said("security.known_certificate"))
    try:
        credential = read_credential(parts.token)
    except SignatureRefused as refusal:
        refuse(SecurityStep.CERTIFICATE, refusal.why)
    if credential.algorithm is not parts.algorithm:
        refuse(SecurityStep.KEY, Said("security.other_certificate"), Said("security.known_certificate"))
    verified(parts, credential)


def _check_shape(root: etree._Element) -> None:
    """A Header and then a Body, and nothing else: whoever reads the answer finds the Body that was signed (step 1)."""
    names = [etree.QName(one) for one in root.iterchildren(etree.Element)]
    namespace = etree.QName(root).namespace
    shaped = [(name.namespace, name.localname) for name in names] == [(namespace, "Header"), (namespace, "Body")]
    if not shaped or len(root) != len(names) or not claims_security(root):
        refuse(SecurityStep.HEADER, Said("security.not_signed"))
