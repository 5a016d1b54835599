"""Rooms 3 to 6 of the walk: bytes in, an attributed and judged message out. CPU only; no store is asked."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from types import MappingProxyType

from lxml import etree

from esad_gateway.emcs.certificates import Party, party_of
from esad_gateway.emcs.messages import Message
from esad_gateway.emcs.messages.groups import ExciseMovement
from esad_gateway.emcs.movement import Origin
from esad_gateway.emcs.refusals import movement_named
from esad_gateway.emcs.signatories import trader_of, written_by_trader
from esad_gateway.errors import IssuedHere, SignerNotAllowed, TooLargeToIssue
from esad_gateway.faults import Faults
from esad_gateway.gateway.judge import Judge
from esad_gateway.ports.crypto import Verifier
from esad_gateway.xml.parse import DEFAULT_LIMITS, TRADERS, parse

ROOM_TO_ISSUE = 64 * 1024
"""Bytes that what is issued of a trader's message has besides it, at most: ARC, stamps, header and signature."""

MAY_OUTGROW = 900_000
"""Bytes from which on a message may be too large when written out: text can become five times as long (``&amp;``)."""

LONGEST_IDENTIFIER = 44
"""How many characters a message identifier has at most (TMS)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """Room 1's result: the bytes as they came, and who is on the other side.

    The door's name and the client's address (empty when there is no network between) are for the security log.
    """

    raw: bytes
    origin: Origin
    channel: str
    client: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """Room 6's result: a document with a known sender, ready for the commit, and every fault found so far.

    ``sender`` is a SEED number or an administration, as the door takes them: one of the ``holders`` of the signing
    certificate. ``message`` is ``None`` when the schema refused the document; then ``identifier`` is what stands where
    a message identifier should, or the digest when nothing there can be one, and ``about`` is the movement that
    it names, if its refusal has to (TR0104). ``place`` is where it stands in its sender's mailbox when it was parked.
    """

    raw: bytes
    sha256: bytes
    origin: Origin
    sender: str
    holders: frozenset[str]
    fingerprint: str
    type: str
    identifier: str
    message: Message | None
    faults: Faults = ()
    about: ExciseMovement | None = None
    place: int | None = None


@dataclass(frozen=True, slots=True)
class Intake:
    """Runs rooms 3 to 6 in order, and nothing else."""

    verifier: Verifier
    judge: Judge

    def take(self, submission: Submission, now: datetime) -> Accepted:
        """Parse, verify, validate, bind and check the content rules, at ``now`` (aware, UTC).

        Raises MalformedXml, TooLarge, SignatureRefused or SignerNotAllowed when the document cannot be attributed to
        a registered signer who may act, and IssuedHere for one that this administration signed, at every door.
        Schema and rule faults are answers: they come back in ``Accepted.faults``.
        """
        signed = self.verifier.verify(parse(submission.raw, _LIMITS[submission.origin]), now)
        own = self.judge.profile.address
        if own in signed.holders:
            raise IssuedHere(own, etree.QName(signed.payload).localname)
        judgement = self.judge.judge(signed.payload, submission.origin, now)
        digest = hashlib.sha256(submission.raw).digest()
        message = judgement.message
        if message is not None and submission.origin is Origin.TRADER and len(submission.raw) > MAY_OUTGROW:
            self._check_issuable(message)
        origin = _origin(submission.origin, message, signed.holders)
        holders = _acting(signed.holders, origin, own)
        if message is None:
            sender = _likely_sender(signed.payload, holders)
            identifier = _likely_identifier(signed.payload) or digest.hex()[:LONGEST_IDENTIFIER]
        else:
            sender = _SENDERS[origin](message, holders)
            identifier = message.header.message_identifier
        return Accepted(
            raw=submission.raw,
            sha256=digest,
            origin=origin,
            sender=sender,
            holders=holders,
            fingerprint=signed.fingerprint,
            type=judgement.type,
            identifier=identifier,
            message=message,
            faults=judgement.faults,
            about=None if message else _likely_movement(signed.payload, judgement.type),
        )

    def _check_issuable(self, message: Message) -> None:
        """That what is issued of a message can be taken by a gateway with the limits of this one."""
        size, most = self.judge.binder.size(message), DEFAULT_LIMITS.max_bytes - ROOM_TO_ISSUE
        if size > most:
            raise TooLargeToIssue(size, most)


_LIMITS = MappingProxyType(
    {Origin.TRADER: TRADERS, Origin.OFFICE: DEFAULT_LIMITS, Origin.ADMINISTRATION: DEFAULT_LIMITS}
)
"""What is issued of a trader's largest message is within the limits of administrations."""


def _origin(door: Origin, message: Message | None, holders: frozenset[str]) -> Origin:
    """Whose message it is: our excise offices come through the traders' door, with certificates of their own."""
    parties = _by_party(holders)
    if door is not Origin.TRADER or not parties[_OFFICE]:
        return door
    by_trader = bool(parties[_TRADER]) if message is None else written_by_trader(type(message))
    return Origin.TRADER if by_trader else Origin.OFFICE


def _acting(holders: frozenset[str], origin: Origin, own: str) -> frozenset[str]:
    """The holders for whom a message may be: administrations and traders through their doors, each for themselves.

    An office acts for its administration.
    """
    found = _by_party(holders)[_PARTIES[origin]]
    if not found:
        raise SignerNotAllowed(f"any {origin}", holders)
    return frozenset({own}) if origin is Origin.OFFICE else found


@lru_cache(maxsize=4096)  # a certificate has the same holders message after message
def _by_party(holders: frozenset[str]) -> Mapping[Party, frozenset[str]]:
    return MappingProxyType(
        {party: frozenset(holder for holder in holders if party_of(holder) is party) for party in Party}
    )


def _trader(message: Message, holders: frozenset[str]) -> str:
    """The trader that the message names as its author; a message no trader may write is refused by rule, later."""
    trader = trader_of(message)
    if trader is None:
        return min(holders)
    if trader not in holders:
        raise SignerNotAllowed(trader, holders)
    return trader


def _administration(message: Message, holders: frozenset[str]) -> str:
    sender = message.header.message_sender
    if sender not in holders:
        raise SignerNotAllowed(sender, holders)
    return sender


_PARTIES: Mapping[Origin, Party] = MappingProxyType(
    {Origin.TRADER: Party.TRADER, Origin.OFFICE: Party.OFFICE, Origin.ADMINISTRATION: Party.ADMINISTRATION}
)

# A member of an enumeration is slow to reach in Python 3.11.
_OFFICE, _TRADER = Party.OFFICE, Party.TRADER

_SENDERS: Mapping[Origin, Callable[[Message, frozenset[str]], str]] = MappingProxyType(
    {Origin.TRADER: _trader, Origin.OFFICE: _administration, Origin.ADMINISTRATION: _administration}
)


def _likely_sender(payload: etree._Element, holders: frozenset[str]) -> str:
    """Whose mailbox gets the refusal of a document that cannot be read: a holder it names, else the signer's first."""
    named = (_text_of(payload, name) for name in ("TraderExciseNumber", "Traderid", "MessageSender"))
    return next((name for name in named if name in holders), min(holders))


def _likely_identifier(payload: etree._Element) -> str | None:
    named = _text_of(payload, "MessageIdentifier")
    return named if named and len(named) <= LONGEST_IDENTIFIER else None


def _likely_movement(payload: etree._Element, type_name: str) -> ExciseMovement | None:
    named = (_text_of(payload, name) for name in ("AdministrativeReferenceCode", "SequenceNumber"))
    return movement_named(type_name, *named)


def _text_of(payload: etree._Element, name: str) -> str | None:
    element = next(payload.iter(f"{{*}}{name}"), None)
    return (element.text or "").strip() or None if element is not None else None
