"""Rooms 3 to 6 of the walk: bytes in, an attributed and judged message out. CPU only; no store is asked."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from types import MappingProxyType
from typing import Any

import structlog
from lxml import etree

from esad_gateway.emcs.messages import Message
from esad_gateway.emcs.movement import Origin
from esad_gateway.emcs.procedure import Incoming
from esad_gateway.errors import EsadError, IssuedHere, SignerNotAllowed, TooLargeToIssue
from esad_gateway.gateway.abreast import Walk, alone
from esad_gateway.gateway.access import Principal, check_presents, check_writes
from esad_gateway.gateway.validator import Validation, Validator
from esad_gateway.ports.crypto import Agencies, Signed, Verifier, nobody_delegates
from esad_gateway.xml.binding import binder_for, release_in
from esad_gateway.xml.parse import DEFAULT_LIMITS, TRADERS, parse

log = structlog.get_logger(__name__)

ROOM_TO_ISSUE = 64 * 1024
"""Bytes by which what is issued is larger than the trader's message, at most: ARC, stamps, header and signature."""

MOST_REMEMBERED = 1000
"""How many documents that ran into a defect are remembered at once: it bounds memory, all of them are in the store."""

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
    it was parked. ``defect`` is the defect of ours that kept it from being judged, empty for one that was judged.
    """

    raw: bytes
    sha256: bytes
    fingerprint: str
    incoming: Incoming
    place: int | None = None
    defect: str = ""

    @property
    def identity(self) -> tuple[str, str]:
        """Who sent it, and under which message identifier."""
        return self.incoming.sender, self.incoming.identifier

    @property
    def signed_as(self) -> tuple[str, str]:
        """Each holder of the signing certificate, with the message identifier: known before the sender is."""
        return min(self.incoming.holders), self.incoming.identifier

    def attributed(self, movements: Mapping[tuple[str, Any], Any]) -> "Accepted":
        """The same document with the sender that its movement tells, when the certificate has several holders."""
        incoming = self.incoming.attributed(movements)
        return self if incoming is self.incoming else replace(self, incoming=incoming)


@dataclass(frozen=True, slots=True)
class Intake:
    """Runs rooms 3 to 6 in order, and nothing else."""

    verifier: Verifier
    validator: Validator
    agencies: Agencies = nobody_delegates
    """What traders let the holders of a certificate do."""
    failed: dict[bytes, str] = field(default_factory=dict)
    """What ran into a defect of ours lately, by digest, and into which: sent again, it does not do so again."""

    def take(self, submission: Submission, now: datetime) -> Accepted:
        """Parse, verify, validate, bind and check the content rules, at ``now`` (aware, UTC).

        Raises MalformedXml, TooLarge, SignatureRefused or SignerNotAllowed when the document cannot be attributed to
        a registered signer who may act, or was signed by somebody else than the principal that has proved its name,
        RoleMissing for a person who may not present it, and IssuedHere for one that this administration signed, at
        every door.
        Schema and rule faults are answers: they come back in ``Accepted.faults``. So does a defect of ours behind the
        signature: it is known by then whose document it is, so it can be kept.
        """
        return alone(self.walk(submission, now))

    def walk(self, submission: Submission, now: datetime) -> Walk[Accepted]:
        """As :meth:`take`, stopping at the door of every room, for documents that walk :func:`.abreast`."""
        origin = submission.principal.origin
        root = parse(submission.raw, _LIMITS[origin])
        yield
        signed = self.verifier.verify(root, now)
        check_presents(submission.principal, signed.holders)
        own = self.validator.profile.address
        if own in signed.holders:
            raise IssuedHere(own, etree.QName(signed.payload).localname)
        raw, digest = submission.raw, hashlib.sha256(submission.raw).digest()
        defect = self.failed.get(digest, "")
        yield
        try:
            incoming = None if defect else (yield from self._judged(signed, origin, digest, len(raw), now))
        except EsadError:
            raise
        except Exception as error:
            log.exception("a document cannot be judged by a defect", sha256=digest.hex())
            defect, incoming = self._remember(digest, f"{type(error).__name__}: {error}"), None
        # What could not be judged is attributed by the little that a document which no schema accepts tells as well.
        if incoming is None:
            judged = Validation(etree.QName(signed.payload).localname, None, None, ())
            incoming = self._incoming(signed, judged, origin, digest.hex(), now)
        if submission.principal.person is not None:
            check_writes(submission.principal, incoming.type, incoming.writers)
        return Accepted(raw=raw, sha256=digest, fingerprint=signed.fingerprint, incoming=incoming, defect=defect)

    def forget(self, digest: bytes) -> None:
        """Forget that a document has run into a defect, so that :meth:`take` judges it anew."""
        self.failed.pop(digest, None)

    def _remember(self, digest: bytes, defect: str) -> str:
        if len(self.failed) >= MOST_REMEMBERED:
            self.failed.clear()
        self.failed[digest] = defect
        return defect

    def _judged(self, signed: Signed, origin: Origin, digest: bytes, size: int, now: datetime) -> Walk[Incoming]:
        validation = yield from self.validator.walk(signed.payload, origin, now)
        if origin is Origin.TRADER and size > MAY_OUTGROW and validation.message is not None:
            self._check_issuable(signed.payload, validation.message)
        return self._incoming(signed, validation, origin, digest.hex(), now)

    def _incoming(self, signed: Signed, judged: Validation, door: Origin, substitute: str, now: datetime) -> Incoming:
        """The message with whose it is; before an agent is refused, it is asked whether somebody has just agreed."""
        try:
            return self._read(signed, judged, door, substitute, now)
        except SignerNotAllowed:
            return self._read(signed, judged, door, substitute, now, anew=True)

    def _read(
        self, signed: Signed, judged: Validation, door: Origin, substitute: str, now: datetime, *, anew: bool = False
    ) -> Incoming:
        own, holders = self.validator.profile.address, signed.holders
        message, faults, agency = judged.message, judged.faults, self.agencies(holders, now, anew=anew)
        if message is not None:
            release = judged.release
            return Incoming.read(message, faults, release=release, door=door, holders=holders, own=own, agency=agency)
        texts = {place: text for place in Incoming.TELLING if (text := _text_of(signed.payload, place))}
        name = judged.type
        return Incoming.unread(name, faults, texts, substitute, door=door, holders=holders, own=own, agency=agency)

    @staticmethod
    def _check_issuable(payload: etree._Element, message: Message) -> None:
        """Raise TooLarge when what we issue of a message would be beyond the limits of a gateway like this one."""
        size, most = binder_for(release_in(payload)).size(message), DEFAULT_LIMITS.max_bytes - ROOM_TO_ISSUE
        if size > most:
            raise TooLargeToIssue(size, most)


_LIMITS = MappingProxyType(
    {Origin.TRADER: TRADERS, Origin.OFFICE: DEFAULT_LIMITS, Origin.ADMINISTRATION: DEFAULT_LIMITS}
)
"""What is issued of a trader's largest message is within the limits of administrations."""


def _text_of(payload: etree._Element, name: str) -> str:
    element = next(payload.iter(f"{{*}}{name}"), None)
    return (element.text or "").strip() if element is not None else ""
