"""What the server spends on clients before it knows who they are; what is beyond is refused by status, never kept.

``docs/reference/limits.md`` tells every bound with its answer; a test compares the two.
"""

import resource
from dataclasses import dataclass, replace
from typing import Final

from esad_gateway.errors import NotConfigured
from esad_gateway.faults import said

RESERVED: Final = 96
"""File descriptors that are kept for the store, for deliveries, and for connections that are being told to go."""

FEWEST: Final = 8
"""With fewer connections than this there is no service."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpLimits:
    """The bounds of one server; times in seconds, sizes in bytes.

    ``header_bytes`` and ``header_count`` bound one request's line and header (431), ``header_seconds`` how long it may
    take to arrive, ``body_seconds`` how long the body may (408). ``connections`` bounds those of all clients (503),
    ``connections_per_address`` those of one address (429) that is none of ``fronts``: reverse proxies, whose
    ``X-Forwarded-For`` is believed. ``bytes_in_flight`` bounds all bodies that are being received or worked on (503).
    ``answer_seconds`` is how long a client may leave its answer unread, ``drain_bytes`` and ``drain_seconds`` how much
    of a body is read and dropped after its refusal, so that clients which only write see the status.
    """

    header_bytes: int = 32 * 1024
    header_count: int = 100
    header_seconds: float = 10
    body_seconds: float = 60
    connections: int = 512
    connections_per_address: int = 64
    bytes_in_flight: int = 32 * 1024 * 1024
    answer_seconds: float = 30
    drain_bytes: int = 16 * 1024 * 1024
    drain_seconds: float = 5
    fronts: frozenset[str] = frozenset()

    def within_descriptors(self) -> "HttpLimits":
        """These limits with as many connections as the process has file descriptors for; it takes what it may have.

        Raises NotConfigured when that is too few to serve anybody.
        """
        wanted = self.connections + RESERVED
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        if soft != resource.RLIM_INFINITY and soft < wanted:
            soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
            resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
        room = wanted if soft == resource.RLIM_INFINITY else min(wanted, soft)
        if room < RESERVED + FEWEST:
            least = RESERVED + FEWEST
            raise NotConfigured(said("serve.few_descriptors", number=soft, least=least))
        return replace(self, connections=room - RESERVED)
