"""Who is on the other side of a door, and what that one may read and present. No door decides it by itself."""

from dataclasses import dataclass
from typing import Final

from esad_gateway.emcs.movement import Origin
from esad_gateway.errors import NotFound, NoToken, SignerNotAllowed
from esad_gateway.ports.reading import TokenHolders


@dataclass(frozen=True, slots=True)
class Principal:
    """Who presents a document or asks for something: as what, and who it is as far as it has proved that.

    ``origin`` is for whom the door is that it came through. ``name`` is its SEED number, its office or its
    administration (``NDEA.PL``), and empty for one that has proved nothing: then only the signature of what it
    presents tells whose that is, and it may read nothing.
    """

    origin: Origin
    name: str = ""


A_TRADER: Final = Principal(Origin.TRADER)
"""Anybody at the traders' door: a trader, an office, or a stranger."""

A_PEER: Final = Principal(Origin.ADMINISTRATION)
"""Anybody at the administrations' door."""


@dataclass(frozen=True, slots=True)
class Access:
    """Tells who somebody is by what it shows."""

    tokens: TokenHolders

    def bearer(self, token: str) -> Principal:
        """The holder of an access token, which may be empty. Raises NoToken when it was not issued, or is revoked."""
        holder = self.tokens.holder_of_token(token) if token else None
        if holder is None:
            raise NoToken
        return Principal(Origin.TRADER, holder)


def check_reads(who: Principal, mailbox: str) -> None:
    """That a mailbox is somebody's own. Raises NotFound: a foreign mailbox and a missing one get the same answer."""
    if not reads_in_full(who, mailbox):
        raise NotFound(f"no mailbox {mailbox}")


def reads_in_full(who: Principal, name: str) -> bool:
    """Whether somebody reads all about a SEED number, an office or an administration: only that one itself does."""
    return who.name == name != ""


def check_presents(who: Principal, signers: frozenset[str]) -> None:
    """That who has proved its name presents what it has signed itself. Raises SignerNotAllowed.

    ``signers`` are the holders of the certificate that signed it. Who has proved nothing may present anything: it is
    judged by its signature, and answered as its signer would be.
    """
    if who.name and who.name not in signers:
        raise SignerNotAllowed(who.name, signers)


def hears_of(who: Principal, mailbox: str, own: str) -> bool:
    """Whether what was answered about a message in a mailbox is told at the door that somebody came through.

    A door tells of what came through it, and who has proved its name hears of its own messages only. ``own`` is the
    address of our administration, whose offices use the traders' door.
    """
    of_peer = mailbox.startswith("NDEA.") and mailbox != own
    return who.name in {"", mailbox} and of_peer is (who.origin is Origin.ADMINISTRATION)
