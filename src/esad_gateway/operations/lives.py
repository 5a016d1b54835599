"""When what is signed with and believed ends: our certificates, those of peers and of CAs, and revocation lists."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from threading import Lock
from typing import Final

from esad_gateway.data_directory import DataDirectory
from esad_gateway.signing.trust import Trust
from esad_gateway.store.certificates import Kept
from esad_gateway.store.registry import Registry

NEVER: Final = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Life:
    """Until when something of ``holder`` lasts; ``use`` is ``own``, ``peer``, ``authority`` or ``revocation list``."""

    use: str
    holder: str
    end: datetime


class Lives:
    """The lives of one gateway's certificates; they are read anew when the registry has changed."""

    def __init__(self, data: DataDirectory, registry: Registry, own: str) -> None:
        self._data = data
        self._registry = registry
        self._own = own
        self._lock = Lock()
        self._version = -1
        self._found: tuple[Life, ...] = ()

    def at(self, now: datetime) -> tuple[Life, ...]:
        """What there is at a moment. Raises StoreUnavailable or NotConfigured."""
        with self._lock:
            version = self._registry.version()
            if version != self._version:
                self._found = (*self._of_holders(now), *of_trust(self._data.load_trust()))
                self._version = version
            return self._found

    def _of_holders(self, now: datetime) -> Iterator[Life]:
        for holder in (self._own, *sorted(self._registry.directory().peers)):
            ends = [_end(one) for one in self._registry.certificates(holder) if not one.record.ended(now)]
            # One that comes later counts as well: whoever has planned its renewal has nothing to do.
            if ends:
                yield Life("own" if holder == self._own else "peer", holder, max(ends))


def of_trust(trust: Trust) -> Iterator[Life]:
    """The lives of CAs, and when their revocation lists are due."""
    for authority in trust.authorities:
        yield Life("authority", authority.subject.rfc4514_string(), authority.not_valid_after_utc)
    for one in trust.revocation_lists:
        yield Life("revocation list", one.issuer.rfc4514_string(), one.next_update)


def _end(one: Kept) -> datetime:
    return min(one.certificate.not_valid_after_utc, one.record.until or NEVER)
