"""Who signs with which certificate, and since when until when: replacing a key is an act that is stated and undone.

A signature is judged as of the moment it is received, so a certificate that was replaced still proves what was signed
before, and nothing that comes later. No record is ever taken out: what is believed no more has an end.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from esad_gateway.emcs.identifiers import Malformed
from esad_gateway.faults import Said, said
from esad_gateway.frozen import frozen

_OFFICE_LENGTH: Final = 8
_TOLD: Final = "%Y-%m-%dT%H:%M:%SZ"


class Party(StrEnum):
    """Kinds of holders of a certificate."""

    ADMINISTRATION = "administration"
    OFFICE = "office"
    TRADER = "trader"
    AGENT = "agent"


def party_of(holder: str) -> Party:
    """The kind of a holder: ``NDEA.LT``, ``AG.LT302123456``, an office such as ``LT001000``, or a SEED number."""
    if holder.startswith("NDEA."):
        return Party.ADMINISTRATION
    if holder.startswith("AG."):
        return Party.AGENT
    return Party.OFFICE if len(holder) == _OFFICE_LENGTH else Party.TRADER


@frozen(kw_only=True)
class Registered:
    """That a holder signs with a certificate, from ``since`` on and before ``until`` (aware; ``None``: open).

    ``fingerprint`` is the SHA-256 of the certificate (DER) in hexadecimal, ``replaced_by`` that of the certificate that
    takes its place, ``None`` for one that nobody replaces.
    """

    holder: str
    fingerprint: str
    since: datetime
    until: datetime | None = None
    replaced_by: str | None = None

    def counts(self, at: datetime) -> bool:
        """Whether the certificate is believed at a moment."""
        return self.since <= at and (self.until is None or at < self.until)

    def ended(self, at: datetime) -> bool:
        """Whether it is believed no more."""
        return self.until is not None and self.until <= at


def current(records: Iterable[Registered], at: datetime) -> Registered | None:
    """What a holder signs with itself at a moment: the newest of those that count then and are not being replaced."""
    return max((one for one in records if one.counts(at)), key=lambda one: (one.until is None, one.since), default=None)


def why_not(records: Sequence[Registered], at: datetime) -> tuple[Said, Said]:
    """Why a certificate that is or was registered is not believed at a moment, and what would be.

    Whose it is stays untold: at that point nobody has proved to be anybody.
    """
    last = max(records, key=lambda one: one.since)
    one = last.fingerprint
    if last.since > at:
        begun = said("refused.not_yet", fingerprint=one, since=f"{last.since:{_TOLD}}")
        return begun, Said("wanted.believed_already")
    until = f"{last.until:{_TOLD}}"
    if last.replaced_by is None:
        return said("refused.no_longer", fingerprint=one, until=until), Said("wanted.certificate_of_sender")
    replaced = said("refused.replaced", fingerprint=one, other=last.replaced_by, until=until)
    return replaced, Said("wanted.key_in_place")


def held_only(
    records: Sequence[Registered], holder: str, fingerprints: Collection[str], at: datetime
) -> tuple[Registered, ...]:
    """All records of a holder when it has these certificates from ``at`` on, and no others.

    One that it had already is not begun anew; an end that was stated for it is taken back.
    """
    kept = [_kept(one, fingerprints, at) for one in records if not one.ended(at)]
    known = {one.fingerprint for one in kept if one.until is None}
    begun = [
        Registered(holder=holder, fingerprint=one, since=at) for one in dict.fromkeys(fingerprints) if one not in known
    ]
    return (*(one for one in records if one.ended(at)), *kept, *begun)


def renewed(
    records: Sequence[Registered], holder: str, fingerprint: str, at: datetime, overlap: timedelta
) -> tuple[Registered, ...]:
    """All records of a holder that signs with another certificate from ``at`` on.

    What it signed with before is believed for ``overlap`` more (0: not at all), or until an end stated earlier.
    Raises ValueError when the certificate is the holder's already, or when an earlier renewal has not begun yet: which
    of the two the one before is to be believed with would be a guess.
    """
    pending = next((one for one in records if one.since > at and not one.ended(one.since)), None)
    if pending:
        since = f"{pending.since:{_TOLD}}"
        raise Malformed(said("certificate.pending", holder=holder, fingerprint=pending.fingerprint, since=since))
    if any(one.fingerprint == fingerprint and not one.ended(at) for one in records):
        raise Malformed(said("certificate.already", holder=holder, fingerprint=fingerprint))
    ending = [_ending(one, fingerprint, at, overlap) for one in records]
    return (*ending, Registered(holder=holder, fingerprint=fingerprint, since=at))


def restored(records: Sequence[Registered], at: datetime, overlap: timedelta) -> tuple[Registered, ...]:
    """All records of a holder after its last replacement was undone; the replacement counts for ``overlap`` yet.

    One that has not begun is never believed.

    Only what that replacement ended is believed without end again; what an earlier one ended keeps its end.
    Raises ValueError when nothing can be brought back: nothing was replaced, or its overlap is over.
    """
    newest = max((one for one in records if one.until is None), key=lambda one: one.since, default=None)
    back = [one for one in records if newest and one.replaced_by == newest.fingerprint and not one.ended(at)]
    if newest is None or not back:
        raise Malformed(Said("certificate.none_back"))
    # Nobody has signed with one that has not begun: there is nothing for it to overlap with.
    until = newest.since if newest.since > at else at + overlap
    ended = replace(newest, until=until, replaced_by=back[-1].fingerprint)
    opened = {one: replace(one, until=None, replaced_by=None) for one in back}
    return tuple(ended if one is newest else opened.get(one, one) for one in records)


def _kept(record: Registered, fingerprints: Collection[str], at: datetime) -> Registered:
    if record.fingerprint in fingerprints:
        return replace(record, until=None, replaced_by=None)
    return replace(record, until=max(record.since, at))


def _ending(record: Registered, successor: str, at: datetime, overlap: timedelta) -> Registered:
    end = max(record.since, at + overlap)
    if record.until is None:
        return replace(record, until=end, replaced_by=successor)
    return replace(record, until=min(record.until, end))  # what took its place stays the same: see restored
