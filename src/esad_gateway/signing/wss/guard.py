"""The guard of the traders' SOAP door: proves who signed an envelope, lets each be used once, and signs the answers.

The order is from cheap to dear, and from what anybody can send to what only a registered signer can:

- 1 to 12, the tree (``structure``): places, Ids, form, algorithms, sizes. No cryptography.
- 13, the moment that it names (``window``).
- 14 to 20, the certificate: registered, of a key of the profile, trusted. The same code and caches as for documents.
- 21 and 22, the digests of what the references name, and the signature over SignedInfo.
- 23, the first use: what was signed is noted in the store, together for all that ask at the same time.
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from hmac import compare_digest
from typing import Protocol, TypeVar

from lxml import etree

from esad_gateway.emcs.certificates import Party, party_of
from esad_gateway.errors import SecurityRefused, SignatureRefused
from esad_gateway.faults import Said, said
from esad_gateway.ports.certificates import IssuerSerial, SubjectKey
from esad_gateway.ports.security import Proof, Reply, UsedEnvelopes
from esad_gateway.signing.signer import XmlSigner
from esad_gateway.signing.steps import Step as Profile
from esad_gateway.signing.values import check_length
from esad_gateway.signing.verifier import Credential, Verifier
from esad_gateway.signing.wss.canonical import form
from esad_gateway.signing.wss.names import WINDOW
from esad_gateway.signing.wss.replies import signed_reply
from esad_gateway.signing.wss.steps import SecurityStep, as_here, asks, refuse
from esad_gateway.signing.wss.structure import Addressee, SignedEnvelope, claims_security, outline
from esad_gateway.signing.wss.window import created

_T = TypeVar("_T")


class Believing(Protocol):
    """The registry and the trust as they are now, and what the gateway signs with."""

    def ask(self, question: Callable[[Verifier], _T]) -> _T:
        """Ask a verifier, and once more of a registry that has changed where it knows no such certificate."""

    def named(self, by: IssuerSerial | SubjectKey) -> Sequence[bytes]:
        """The registered certificates (DER) that are meant."""

    def signer(self) -> XmlSigner:
        """What we sign with at this moment. Raises NotConfigured."""


@dataclass(frozen=True, slots=True)
class Guard:
    """Verifies envelopes for the SOAP door, and signs its answers; ``now`` is the gateway's clock."""

    believing: Believing
    used: UsedEnvelopes
    now: Callable[[], datetime]

    def is_claimed(self, root: etree._Element) -> bool:
        """Whether an envelope has anything of WS-Security: then it has to be right, and its answer is signed."""
        return claims_security(root)

    def prove(
        self, root: etree._Element, attribute: str, ours: frozenset[str], make_whole: Callable[[], object]
    ) -> Proof:
        """Prove who signed an envelope (steps 1 to 22).

        ``attribute`` says of a header block for whom it is, ``ours`` are its values that mean the gateway.
        ``make_whole`` puts into the tree what came beside it (XOP): that is signed as if it stood there. Raises
        SecurityRefused. Not checked: that it is the first use (:meth:`use`).
        """
        at = self.now()
        parts = outline(root, Addressee(attribute, ours))
        begin = created(parts.timestamp, at)
        with as_here():
            credential, holders = self.believing.ask(lambda verifier: self._believed(verifier, parts, at))
            check_length(parts.value_element, parts.value, credential.length, credential.key)
        make_whole()
        signed_info = verified(parts, credential)
        # By the key and not by the certificate, which is not signed: a key may have several, as after a renewal.
        digest = hashlib.sha256(credential.key_digest + signed_info).digest()
        return Proof(holders, credential.fingerprint, digest, begin + WINDOW)

    def use(self, proofs: Sequence[Proof]) -> list[SecurityRefused | None]:
        """Use envelopes (step 23): of each why it may not be used, if it was before. Raises StoreUnavailable."""
        first = self.used.first_uses([(one.digest, one.until) for one in proofs], self.now())
        again = SecurityRefused(SecurityStep.FIRST_USE, Said("security.used"), asks(SecurityStep.FIRST_USE))
        return [None if fresh else again for fresh in first]

    def sign(self, reply: Reply) -> bytes:
        """An answer as an envelope, its Body and Timestamp signed by the gateway. Raises NotConfigured."""
        return signed_reply(reply, self.believing.signer(), self.now())

    def _believed(self, verifier: Verifier, parts: SignedEnvelope, at: datetime) -> tuple[Credential, frozenset[str]]:
        token = parts.token
        certificates = (token,) if isinstance(token, bytes) else self.believing.named(token)
        if not certificates:
            raise SignatureRefused(Profile.REGISTERED, _unknown(token), asks(SecurityStep.REGISTERED))
        credential, holders = verifier.believed(certificates[0], parts.algorithm, at)
        if all(party_of(one) is Party.ADMINISTRATION for one in holders):
            raise SignatureRefused(Profile.REGISTERED, Said("security.administration"), asks(SecurityStep.REGISTERED))
        return credential, holders


def _unknown(token: object) -> Said:
    if isinstance(token, IssuerSerial):
        return said("security.no_serial", serial=str(token.serial), issuer=token.issuer)
    return Said("security.no_subject_key")


def verified(parts: SignedEnvelope, credential: Credential) -> bytes:
    """SignedInfo in its canonical form, when it holds the digests of its parts and the key has signed it (21, 22).

    Raises SecurityRefused.
    """
    for part in parts.parts:
        digest = hashlib.sha256(_form(part.element, part.prefixes, SecurityStep.DIGESTS)).digest()
        if not compare_digest(digest, part.digest):
            name = etree.QName(part.element).localname
            reason = said("refused.part_digest", name=name, found=digest.hex(), signed=part.digest.hex())
            refuse(SecurityStep.DIGESTS, reason)
    signed_info = _form(parts.signed_info, parts.prefixes, SecurityStep.SIGNATURE_VALUE)
    if not credential.check(parts.value, signed_info):
        refuse(SecurityStep.SIGNATURE_VALUE, Said("refused.value"))
    return signed_info


def _form(element: etree._Element, prefixes: tuple[str, ...], step: SecurityStep) -> bytes:
    try:
        return form(element, prefixes)
    except etree.LxmlError as error:
        refuse(step, said("refused.no_form", words=str(error)))
