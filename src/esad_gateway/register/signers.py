"""A registry file as the one that tells who may act with which certificate, for a signature checked offline."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from lxml import etree

from esad_gateway.emcs.delegation import Agency, Delegation
from esad_gateway.emcs.messages import MESSAGES, Message
from esad_gateway.emcs.messages.kinds import written_by_trader
from esad_gateway.emcs.procedure.authority import signer_offline
from esad_gateway.errors import SignatureRefused, UnreadableInput
from esad_gateway.faults import Said
from esad_gateway.register.json_file import holders_by_fingerprint, read_registry
from esad_gateway.signing.steps import Step, asks
from esad_gateway.signing.verifier import Holders, Signed
from esad_gateway.xml.binding import read
from esad_gateway.xml.release import Releases

_BY_ADMINISTRATIONS: Final = frozenset(message.__name__ for message in MESSAGES if not written_by_trader(message))
_NOBODY: Final[frozenset[str]] = frozenset()


@dataclass(frozen=True, slots=True)
class Signers:
    """The holders of certificates, by fingerprint: the traders and offices of a registry file.

    Administrations are not in such a file: to check their signatures, trust is all that is needed.
    """

    holders: Mapping[str, frozenset[str]]
    releases: Releases
    delegations: tuple[Delegation, ...] = ()

    @staticmethod
    def load(path: Path, releases: Releases) -> "Signers":
        """The signers of a registry file. Raises UnreadableInput."""
        file = read_registry(path)
        return Signers(holders_by_fingerprint(file), releases, file.delegations)

    def holders_for(self, root: etree._Element) -> Holders | None:
        """What the verifier's step 12 asks about a document: nothing when an administration writes such messages."""
        return None if etree.QName(root).localname in _BY_ADMINISTRATIONS else self._holders_of

    def signer(self, signed: Signed, at: datetime) -> str:
        """Who signed: the author that the message names, or else the subject of an administration's certificate.

        For an agent it is the trader for whom it may sign at a moment.

        Raises SignerNotAllowed when the certificate's holders may not act for that author, and UnreadableInput when
        the schema refuses the message, which then names nobody.
        """
        holders = self.holders.get(signed.fingerprint, _NOBODY)
        rows = tuple(one for one in self.delegations if one.agent in holders)
        agency = Agency(rows, at) if rows else None
        return signer_offline(self._message(signed.payload), holders, agency) or signed.certificate_subject

    def holder(self, fingerprint: str) -> str:
        """For whom a certificate is registered, one after the other. Raises SignatureRefused (step 12) for none."""
        if fingerprint not in self.holders:
            raise SignatureRefused(Step.REGISTERED, Said("refused.not_registered"), asks(Step.REGISTERED))
        return ", ".join(sorted(self.holders[fingerprint]))

    def _holders_of(self, fingerprint: str, _at: datetime) -> frozenset[str]:
        return self.holders.get(fingerprint, _NOBODY)

    def _message(self, payload: etree._Element) -> Message:
        if not self.releases.accepts(payload):
            raise UnreadableInput(Said("sign.no_author"))
        return read(payload)
