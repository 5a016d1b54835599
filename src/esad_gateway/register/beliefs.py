"""Lists of what is believed: certificates of holders and of CAs, until when, and what is about to end or has ended."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from cryptography import x509

from esad_gateway.emcs.certificates import Registered
from esad_gateway.errors import SignatureRefused
from esad_gateway.signing.revocation import RevocationList, key_fingerprint
from esad_gateway.signing.trust import Trust
from esad_gateway.store.certificates import Kept, fingerprint_of

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
    wrong: tuple[str, ...]
    soon: tuple[str, ...]
    more: dict[str, Any]

    def as_json(self) -> dict[str, Any]:
        """The line as JSON."""
        return {
            "of": self.holder,
            "fingerprint": self.fingerprint,
            "until": stamp(self.until) if self.until else None,
            "validTo": stamp(self.valid_to),
            "wrong": list(self.wrong),
            "soon": list(self.soon),
            **self.more,
        }

    def row(self) -> tuple[str, ...]:
        """The line as texts."""
        until = stamp(self.until) if self.until else "no end"
        holder = f"{self.holder} at {self.more['url']}" if "url" in self.more else self.holder
        holder += f", reads {self.more['release']}" if "release" in self.more else ""
        return holder, self.fingerprint, until, stamp(self.valid_to), "; ".join((*self.wrong, *self.soon))


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
                soon=(*_ends(record.until, at, "is replaced"), *_expires(one.certificate, at)),
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
    expired = [] if at <= authority.not_valid_after_utc else [f"expired {stamp(authority.not_valid_after_utc)}"]
    late = [f"list {one.edition} was due anew by {stamp(one.next_update)}" for one in own if one.next_update < at]
    due = [one for one in own if at <= one.next_update <= at + SOON]
    return Belief(
        holder=authority.subject.rfc4514_string(),
        fingerprint=fingerprint_of(authority),
        until=None,
        valid_to=authority.not_valid_after_utc,
        wrong=(*expired, *late),
        soon=(
            *_expires(authority, at),
            *(f"list {one.edition} is due anew by {stamp(one.next_update)}" for one in due),
        ),
        more={"lists": [{"edition": one.edition, "nextUpdate": stamp(one.next_update)} for one in own]},
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


def _refused(certificate: x509.Certificate, trust: Trust, at: datetime) -> Iterator[str]:
    try:
        trust.check(certificate, at)
    except SignatureRefused as refusal:
        yield f"refused, step {refusal.step}: {refusal.reason}"


def _expires(certificate: x509.Certificate, at: datetime) -> Iterator[str]:
    end = certificate.not_valid_after_utc
    return _ends(end if end >= at else None, at, "expires")


def _ends(end: datetime | None, at: datetime, how: str) -> Iterator[str]:
    if end is not None and end <= at + SOON:
        yield f"{how} {stamp(end)}"
