"""Rooms 3 to 6 of the walk: bytes in, an attributed and judged message out. CPU only; no store is asked."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType
from typing import Any

from lxml import etree

from esad_gateway.emcs.messages import Message
from esad_gateway.emcs.movement import Origin
from esad_gateway.emcs.procedure import Incoming
from esad_gateway.errors import IssuedHere, TooLargeToIssue
from esad_gateway.gateway.access import Principal, check_presents
from esad_gateway.gateway.judge import Judge, Judgement
from esad_gateway.ports.crypto import Signed, Verifier
from esad_gateway.xml.binding import binder_for, release_in
from esad_gateway.xml.parse import DEFAULT_LIMITS, TRADERS, parse

ROOM_TO_ISSUE = 64 * 1024
"""Bytes that what is issued of a trader's message has besides it, at most: ARC, stamps, header and signature."""

MAY_OUTGROW = 900_000
"""Bytes from which on a message may be too large when written out: text can become five times as long (``&amp;``)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """Room 1's result: the bytes as they came, and who presents them.

    The door's name and the client's address (empty when there is no network between) are for the security log.
    """

    raw: bytes
    principal: Principal
    channel: str
    client: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """Room 6's result: a document with a known sender, ready to be answered.

    ``fingerprint`` is that of the certificate that signed it. ``place`` is where it stands in its sender's mailbox when
    it was parked.
    """

    raw: bytes
    sha256: bytes
    fingerprint: str
    incoming: Incoming
    place: int | None = None

    @property
    def identity(self) -> tuple[str, str]:
        """Who sent it, and under which message identifier."""
        return self.incoming.sender, self.incoming.identifier

    def attributed(self, movements: Mapping[tuple[str, Any], Any]) -> "Accepted":
        """The document with its sender, where only the movement that it is about tells whose it is."""
        incoming = self.incoming.attributed(movements)
        return self if incoming is self.incoming else replace(self, incoming=incoming)


@dataclass(frozen=True, slots=True)
class Intake:
    """Runs rooms 3 to 6 in order, and nothing else."""

    verifier: Verifier
    judge: Judge

    def take(self, submission: Submission, now: datetime) -> Accepted:
        """Parse, verify, validate, bind and check the content rules, at ``now`` (aware, UTC).

        Raises MalformedXml, TooLarge, SignatureRefused or SignerNotAllowed when the document cannot be attributed to
        a registered signer who may act, or was signed by somebody else than the principal that has proved its name,
        and IssuedHere for one that this administration signed, at every door.
        Schema and rule faults are answers: they come back in ``Accepted.faults``.
        """
        origin = submission.principal.origin
        signed = self.verifier.verify(parse(submission.raw, _LIMITS[origin]), now)
        check_presents(submission.principal, signed.holders)
        own = self.judge.profile.address
        if own in signed.holders:
            raise IssuedHere(own, etree.QName(signed.payload).localname)
        judgement = self.judge.judge(signed.payload, origin, now)
        if origin is Origin.TRADER and len(submission.raw) > MAY_OUTGROW and judgement.message is not None:
            self._check_issuable(signed.payload, judgement.message)
        digest = hashlib.sha256(submission.raw).digest()
        return Accepted(
            raw=submission.raw,
            sha256=digest,
            fingerprint=signed.fingerprint,
            incoming=_incoming(signed, judgement, origin, own, digest.hex()),
        )

    @staticmethod
    def _check_issuable(payload: etree._Element, message: Message) -> None:
        """That what is issued of a message can be taken by a gateway with the limits of this one."""
        size, most = binder_for(release_in(payload)).size(message), DEFAULT_LIMITS.max_bytes - ROOM_TO_ISSUE
        if size > most:
            raise TooLargeToIssue(size, most)


_LIMITS = MappingProxyType(
    {Origin.TRADER: TRADERS, Origin.OFFICE: DEFAULT_LIMITS, Origin.ADMINISTRATION: DEFAULT_LIMITS}
)
"""What is issued of a trader's largest message is within the limits of administrations."""


def _incoming(signed: Signed, judgement: Judgement, door: Origin, own: str, substitute: str) -> Incoming:
    message, faults, holders = judgement.message, judgement.faults, signed.holders
    if message is not None:
        return Incoming.read(message, faults, release=judgement.release, door=door, holders=holders, own=own)
    texts = {name: text for name in Incoming.TELLING if (text := _text_of(signed.payload, name))}
    return Incoming.unread(judgement.type, faults, texts, substitute, door=door, holders=holders, own=own)


def _text_of(payload: etree._Element, name: str) -> str:
    element = next(payload.iter(f"{{*}}{name}"), None)
    return (element.text or "").strip() if element is not None else ""
