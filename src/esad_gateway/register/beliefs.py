"""Lists of what is believed: certificates of holders and of CAs, until when, and what is about to end or has ended."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from cryptography import x509

from esad_gateway.emcs.certificates import Registered
from esad_gateway.errors import SignatureRefused
from esad_gateway.faults import Said, Value, listed, said
from esad_gateway.signing.revocation import RevocationList, key_fingerprint
from esad_gateway.signing.trust import Trust
from esad_gateway.store.certificates import Kept, fingerprint_of
from esad_gateway.texts import ENGLISH, say

SOON: Final = timedelta(days=30)
"""How long before something ends the lists warn of it."""

_MOMENT: Final = "%Y-%m-%dT%H:%M:%SZ"


@dataclass(frozen=True, slots=True)
class Belief:
    """A line of a list: whose certificate, until when it is believed and valid.

    ``wrong`` is why it passes no more, ``soon`` what ends within a month, ``more`` what only JSON shows.
    """

    holder: str
    fingerprint: str
    until: datetime | None
    valid_to: datetime
    wrong: tuple[Said, ...]
    soon: tuple[Said, ...]
    more: dict[str, Any]

    def as_json(self) -> dict[str, Any]:
        """The line as JSON."""
        return {
            "of": self.holder,
            "fingerprint": self.fingerprint,
            "until": stamp(self.until) if self.until else None,
            "validTo": stamp(self.valid_to),
            "wrong": list(map(say, self.wrong)),
            "soon": list(map(say, self.soon)),
            **self.more,
        }

    def row(self, language: str = ENGLISH) -> tuple[str, ...]:
        """The line as texts."""
        holder: Value = self.holder
        if "url" in self.more:
            holder = said("belief.at", holder=holder, url=self.more["url"])
        if "release" in self.more:
            holder = said("belief.reads", holder=holder, release=self.more["release"])
        until = stamp(self.until) if self.until else Said("belief.no_end")
        remarks = listed((*self.wrong, *self.soon), "; ")
        cells: tuple[Value, ...] = (holder, self.fingerprint, until, stamp(self.valid_to), remarks)
        return tuple(say(said("said.as_it_is", text=cell), language) for cell in cells)


def of_holder(kept: Iterable[Kept], trust: Trust, at: datetime, url: str | None = None) -> Iterator[Belief]:
    """The certificates of a holder that are believed at a moment or will be; ``url`` is where it listens."""
    for one in kept:
        record = one.record
        if not record.ended(at):
            yield Belief(
                holder=record.holder,
                fingerprint=record.fingerprint,
                until=record.until,
                valid_to=one.certificate.not_valid_after_utc,
                wrong=tuple(_refused(one.certificate, trust, max(at, record.since))),
                soon=(
                    *(said("belief.replaced", at=end) for end in _ends(record.until, at)),
                    *_expires(one.certificate, at),
                ),
                more={
                    "subject": one.certificate.subject.rfc4514_string(),
                    **record_json(record),
                    **({"url": url} if url else {}),
                },
            )


def of_authority(authority: x509.Certificate, lists: Iterable[RevocationList], at: datetime) -> Belief:
    """A CA that is trusted, with the revocation lists of its key."""
    key = key_fingerprint(authority)
    own = [one for one in lists if one.key == key and one.issuer == authority.subject]
    end = authority.not_valid_after_utc
    expired = [] if at <= end else [said("belief.expired", at=stamp(end))]
    late = [
        said("belief.list_late", edition=one.edition, at=stamp(one.next_update)) for one in own if one.next_update < at
    ]
    due = [one for one in own if at <= one.next_update <= at + SOON]
    return Belief(
        holder=authority.subject.rfc4514_string(),
        fingerprint=fingerprint_of(authority),
        until=None,
        valid_to=authority.not_valid_after_utc,
        wrong=(*expired, *late),
        soon=(
            *_expires(authority, at),
            *(said("belief.list_due", edition=one.edition, at=stamp(one.next_update)) for one in due),
        ),
        more={"lists": [{"edition": say(one.edition), "nextUpdate": stamp(one.next_update)} for one in own]},
    )


def record_json(record: Registered) -> dict[str, str | None]:
    """A certificate of a holder, as JSON shows it."""
    return {
        "fingerprint": record.fingerprint,
        "since": stamp(record.since),
        "until": stamp(record.until) if record.until else None,
        "replacedBy": record.replaced_by,
    }


def stamp(at: datetime) -> str:
    """A moment to the second, in UTC."""
    return at.astimezone(UTC).strftime(_MOMENT)


def _refused(certificate: x509.Certificate, trust: Trust, at: datetime) -> Iterator[Said]:
    try:
        trust.check(certificate, at)
    except SignatureRefused as refusal:
        yield said("belief.refused", number=refusal.step, why=refusal.why)


def _replaced(until: datetime | None, at: datetime) -> Iterator[Said]:
    return (said("belief.replaced", at=end) for end in _ends(until, at))


def _expires(certificate: x509.Certificate, at: datetime) -> Iterator[Said]:
    end = certificate.not_valid_after_utc
    return (said("belief.expires", at=one) for one in _ends(end if end >= at else None, at))


def _ends(end: datetime | None, at: datetime) -> Iterator[str]:
    if end is not None and end <= at + SOON:
        yield stamp(end)
