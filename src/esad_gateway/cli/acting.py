"""A registry file as the judge of who may act for whom, as the gateway's intake judges it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from lxml import etree

from esad_gateway.emcs.messages import MESSAGES, Message
from esad_gateway.emcs.messages.kinds import written_by_trader
from esad_gateway.emcs.movement import Origin
from esad_gateway.emcs.procedure import Incoming
from esad_gateway.errors import SignerNotAllowed, UnreadableInput
from esad_gateway.register.json_file import holders_by_fingerprint, read_registry
from esad_gateway.signing.verifier import Holders, Signed
from esad_gateway.xml.binding import read
from esad_gateway.xml.release import Releases

_BY_ADMINISTRATIONS: Final = frozenset(message.__name__ for message in MESSAGES if not written_by_trader(message))
_NOBODY: Final[frozenset[str]] = frozenset()


@dataclass(frozen=True, slots=True)
class Register:
    """Traders' certificates by fingerprint. Administrations are not in a registry file: trust is all they need here."""

    holders: Mapping[str, frozenset[str]]
    releases: Releases

    @staticmethod
    def load(path: Path, releases: Releases) -> "Register":
        """The register of a registry file. Raises UnreadableInput."""
        return Register(holders_by_fingerprint(read_registry(path).operators), releases)

    def holders_for(self, root: etree._Element) -> Holders | None:
        """What the verifier's step 12 asks about a document: nothing when an administration writes such messages."""
        return None if etree.QName(root).localname in _BY_ADMINISTRATIONS else self._holders_of

    def signer(self, signed: Signed) -> str:
        """Who signed, when that holder may act for the author that the message names.

        A message that names no author (IE813) may be any registered trader's: only the movement could tell. Raises
        SignerNotAllowed, or UnreadableInput when the schema refuses the message, which then names nobody.
        """
        holders = self.holders.get(signed.fingerprint, _NOBODY)
        message = self._message(signed.payload)
        if not written_by_trader(type(message)):
            return _administration(message, signed, holders)
        return Incoming.read(message, (), door=Origin.TRADER, holders=holders, own="").sender

    def _holders_of(self, fingerprint: str, _at: datetime) -> frozenset[str]:
        return self.holders.get(fingerprint, _NOBODY)

    def _message(self, payload: etree._Element) -> Message:
        if not self.releases.accepts(payload):
            raise UnreadableInput("the schema refuses the message, so it names no author: see esad validate")
        return read(payload)


def _administration(message: Message, signed: Signed, holders: frozenset[str]) -> str:
    """The signer of an administration's message: a certificate that is registered for a trader will not do."""
    if holders:
        raise SignerNotAllowed(message.header.message_sender, holders)
    return signed.certificate_subject
