"""Who is on the other side of a door, and what that one may read and present. No door decides it by itself."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from esad_gateway.emcs.movement import Origin
from esad_gateway.errors import NotFound, NoToken, SignerNotAllowed
from esad_gateway.faults import said
from esad_gateway.ports.reading import TokenHolders


@dataclass(frozen=True, slots=True)
class Principal:
    """Somebody who presents a document or asks for something.

    ``origin`` says what the door that it came through is for: traders, offices or administrations. ``name`` is what it
    has proved to be: a SEED number, an office or an administration (``NDEA.PL``). With an empty ``name`` it has proved
    nothing and may read nothing; whose document it presents is told by the signature alone.
    """

    origin: Origin
    name: str = ""


A_TRADER: Final = Principal(Origin.TRADER)
"""Anybody at the traders' door: a trader, an office, or a stranger."""

A_PEER: Final = Principal(Origin.ADMINISTRATION)
"""Anybody at the administrations' door."""


@dataclass(frozen=True, slots=True)
class Access:
    """Turns an access token into the principal to whom it was issued.

    ``seen`` is told of each token whether it is good.
    """

    tokens: TokenHolders
    seen: Callable[[str, bool], object] = lambda *_: None

    def bearer(self, token: str) -> Principal:
        """The holder of an access token, which may be empty. Raises NoToken when it was not issued, or is revoked."""
        holder = self.tokens.holder_of_token(token) if token else None
        if token:
            self.seen(token, holder is not None)
        if holder is None:
            raise NoToken(shown=bool(token))
        return Principal(Origin.TRADER, holder)


def signer_of(holders: frozenset[str], wanted: str) -> Principal:
    """Who asks, where one of these holders of a certificate has signed the request and asks about ``wanted``.

    A certificate may be registered for several: then it is the one who is asked about, if that is among them.
    """
    return Principal(Origin.TRADER, wanted if wanted in holders else min(holders, default=""))


def check_reads(who: Principal, mailbox: str) -> None:
    """Raise NotFound unless the mailbox is the principal's own: a foreign one is answered like one that is missing."""
    if not reads_in_full(who, mailbox):
        raise NotFound(said("detail.no_mailbox", mailbox=mailbox))


def reads_in_full(who: Principal, name: str) -> bool:
    """Return whether a principal may read all about a name: a SEED number, an office or an administration, its own."""
    return who.name == name != ""


def check_presents(who: Principal, signers: frozenset[str]) -> None:
    """Raise SignerNotAllowed when a principal with a name presents what somebody else has signed.

    ``signers`` are the holders of the certificate that signed the document. A principal without a name may present
    anything: the gateway judges it by its signature, and answers as it would answer the signer.
    """
    if who.name and who.name not in signers:
        raise SignerNotAllowed(who.name, signers)


def hears_of(who: Principal, mailbox: str, own: str) -> bool:
    """Return whether a principal may be told what was answered about a message in ``mailbox``.

    A door tells only of what came through that door. A principal with a name is told only of its own messages. ``own``
    is the address of our administration; its offices use the traders' door.
    """
    of_peer = mailbox.startswith("NDEA.") and mailbox != own
    return who.name in {"", mailbox} and of_peer is (who.origin is Origin.ADMINISTRATION)
