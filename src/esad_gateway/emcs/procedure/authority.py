"""Who may sign for whom: judged here alone, for what a gateway takes in and for a file that somebody checks offline."""

from collections.abc import Callable, Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Final

from esad_gateway.emcs.certificates import Party, party_of
from esad_gateway.emcs.messages import Message
from esad_gateway.emcs.messages.kinds import trader_of, written_by_trader
from esad_gateway.emcs.movement import Origin
from esad_gateway.errors import SignerNotAllowed

# A member of an enumeration is slow to reach in Python 3.11.
_OFFICE, _TRADER = Party.OFFICE, Party.TRADER

_PARTIES: Final[Mapping[Origin, Party]] = MappingProxyType(
    {Origin.TRADER: _TRADER, Origin.OFFICE: _OFFICE, Origin.ADMINISTRATION: Party.ADMINISTRATION}
)


def origin_of(door: Origin, holders: frozenset[str], *, by_trader: bool) -> Origin:
    """Whose message it is. Our excise offices use the traders' door, with certificates of their own."""
    if door is not Origin.TRADER or not _by_party(holders)[_OFFICE]:
        return door
    return Origin.TRADER if by_trader else Origin.OFFICE


def names_trader(holders: frozenset[str]) -> bool:
    """Whether a trader is among the holders of a certificate."""
    return bool(_by_party(holders)[_TRADER])


def acting_for(holders: frozenset[str], origin: Origin, own: str) -> frozenset[str]:
    """The holders for whom a message of this origin may be; an office acts for its administration, ``own``.

    Raises SignerNotAllowed when there is none.
    """
    found = _by_party(holders)[_PARTIES[origin]]
    if not found:
        raise SignerNotAllowed(f"any {origin}", holders)
    return frozenset({own}) if origin is Origin.OFFICE else found


def author(message: Message, origin: Origin, acting: frozenset[str]) -> str:
    """The author that a message names, if it is one of those for whom its signer acts. Raises SignerNotAllowed."""
    return _AUTHORS[origin](message, acting)


def signer_offline(message: Message, holders: frozenset[str]) -> str | None:
    """Who signed a message, as far as the holders of its certificate tell: no door, and no administration of our own.

    ``None`` for an administration's message whose certificate has no holders: then only its trust says who that is.
    Where a message names no author (IE813), any registered trader may have written it. Raises SignerNotAllowed.
    """
    offices = _by_party(holders)[_OFFICE]
    if written_by_trader(type(message)):
        return author(message, Origin.TRADER, acting_for(holders, Origin.TRADER, ""))
    if offices:
        return author(message, Origin.OFFICE, frozenset(f"NDEA.{office[:2]}" for office in offices))
    if holders:
        raise SignerNotAllowed(message.header.message_sender, holders)
    return None


@lru_cache(maxsize=4096)  # a certificate has the same holders message after message
def _by_party(holders: frozenset[str]) -> Mapping[Party, frozenset[str]]:
    return MappingProxyType(
        {party: frozenset(holder for holder in holders if party_of(holder) is party) for party in Party}
    )


def _trader(message: Message, acting: frozenset[str]) -> str:
    """The trader that the message names as its author; a message no trader may write is refused by rule, later."""
    trader = trader_of(message)
    if trader is None:
        return min(acting)
    if trader not in acting:
        raise SignerNotAllowed(trader, acting)
    return trader


def _administration(message: Message, acting: frozenset[str]) -> str:
    sender = message.header.message_sender
    if sender not in acting:
        raise SignerNotAllowed(sender, acting)
    return sender


_AUTHORS: Final[Mapping[Origin, Callable[[Message, frozenset[str]], str]]] = MappingProxyType(
    {Origin.TRADER: _trader, Origin.OFFICE: _administration, Origin.ADMINISTRATION: _administration}
)
