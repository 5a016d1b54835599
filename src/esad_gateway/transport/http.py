"""``ports.Transport`` over HTTP: hands documents to the ``/ndea`` of other administrations."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from esad_gateway.faults import said
from esad_gateway.ports.outbox import Reception, Tried
from esad_gateway.ports.tracing import NoTracing, Tracing
from esad_gateway.transport.later import Later

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from esad_gateway.transport.posting import Posting


class HttpTransport:
    """Delivers over HTTP. ``peers`` tells where each administration listens now: its address (``NDEA.PL``) and URL.

    ``timeout`` is how many seconds an answer may take. The library behind it is loaded with the first delivery: that is
    a tenth of the start of a gateway.
    """

    def __init__(self, peers: Callable[[], Mapping[str, str]], timeout: float, tracing: Tracing | None = None) -> None:
        self._peers = peers
        self._tracing = tracing or NoTracing()
        self._posting = Later(partial(_posting, timeout))

    async def deliver(self, destination: str, document: bytes, identifier: str) -> Tried:
        """Hand over a document. However the peer behaves, the outcome is a value and no exception."""
        url = self._peers().get(destination)
        if url is None:
            return Tried(Reception.UNREACHABLE, said("tried.no_address", destination=destination))
        posting = await self._posting.get()
        with self._tracing.delivery(destination, identifier) as headers:
            return await posting.deliver(url, destination, document, identifier, headers)

    async def close(self) -> None:
        """Close what is open."""
        if self._posting.made is not None:
            await self._posting.made.close()


def _posting(timeout: float) -> Posting:
    from esad_gateway.transport.posting import Posting  # noqa: PLC0415 - see HttpTransport

    return Posting(timeout)
