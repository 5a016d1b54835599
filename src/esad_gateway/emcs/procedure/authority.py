"""Who may sign for whom: judged here alone, for what a gateway takes in and for a file that somebody checks offline."""

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Final

from esad_gateway.emcs.certificates import Party, party_of
from esad_gateway.emcs.delegation import Agency, Delegation
from esad_gateway.emcs.messages import Message
from esad_gateway.emcs.messages.kinds import trader_of, written_by_trader
from esad_gateway.emcs.movement import Origin
from esad_gateway.errors import SignerNotAllowed
from esad_gateway.frozen import frozen

# A member of an enumeration is slow to reach in Python 3.11.
_OFFICE, _TRADER = Party.OFFICE, Party.TRADER


@frozen
class Voice:
    """For whom a message is signed.

    ``sender`` is one of the names in ``acting``, for which a message of its kind may be signed with the certificate;
    it is empty where an agent acts for several traders and only the movement can tell for which. ``under`` are the
    delegations by which it acts for those who are not holders of the certificate.
    """

    sender: str
    acting: frozenset[str]
    under: tuple[Delegation, ...] = ()


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


def voice_in(message: Message, origin: Origin, holders: frozenset[str], own: str, agency: Agency | None) -> Voice:
    """For whom a message of this origin is signed, by its holders' own right or by delegation.

    ``agency`` is what traders let the holders do, ``None`` for nothing. Raises SignerNotAllowed, with the cause.
    """
    if agency is not None and origin is Origin.TRADER:
        return _delegated(type(message).__name__, trader_of(message), holders, agency)
    acting = acting_for(holders, origin, own)
    return Voice(author(message, origin, acting), acting)


def voice_unread(
    kind: str, named: Iterable[str], origin: Origin, holders: frozenset[str], own: str, agency: Agency | None
) -> Voice:
    """For whom a document called ``kind`` is signed that its schema refuses: for a name in it, or for the first.

    ``named`` are the texts that stand where an author may. Raises SignerNotAllowed, with the cause.
    """
    if agency is None or origin is not Origin.TRADER:
        acting = acting_for(holders, origin, own)
        return Voice(next((name for name in named if name in acting), min(acting)), acting)
    texts, own_names = tuple(named), _by_party(holders)[_TRADER]
    traders = own_names | {one.trader for one in agency.signs(kind)}
    trader = next((name for name in texts if name in traders), None if own_names or not texts else texts[0])
    return _delegated(kind, trader, holders, agency)


def signer_offline(message: Message, holders: frozenset[str], agency: Agency | None = None) -> str | None:
    """Who signed a message, as far as the holders of its certificate tell: no door, and no administration of our own.

    ``None`` for an administration's message whose certificate has no holders: then only its trust says who that is.
    Where a message names no author (IE813), any registered trader may have written it. ``agency`` is what traders let
    the holders do; then it may be signed for one of those. Raises SignerNotAllowed.
    """
    offices = _by_party(holders)[_OFFICE]
    if written_by_trader(type(message)):
        return voice_in(message, Origin.TRADER, holders, "", agency).sender
    if offices:
        return author(message, Origin.OFFICE, frozenset(f"NDEA.{office[:2]}" for office in offices))
    if holders:
        raise SignerNotAllowed(message.header.message_sender, holders)
    return None


def _delegated(kind: str, trader: str | None, holders: frozenset[str], agency: Agency) -> Voice:
    """The voice of somebody who may be an agent. What it may sign as a trader itself needs no delegation."""
    own = _by_party(holders)[_TRADER]
    if trader in own:
        return Voice(trader or "", own)
    under = tuple(one for one in agency.signs(kind, trader) if one.trader not in own)
    if not under and (trader is not None or not own):
        raise SignerNotAllowed(trader or f"any {Origin.TRADER}", holders, agency.why_not(kind, trader))
    if trader is not None:
        return Voice(trader, frozenset({trader}), under)
    others = frozenset(one.trader for one in under)
    return Voice(min(own) if own else min(others) if len(others) == 1 else "", own | others, under)


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
