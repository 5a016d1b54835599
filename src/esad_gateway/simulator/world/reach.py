"""``ports.Transport`` of a simulated state: to the others of its world in memory, to a gateway elsewhere over HTTP."""

from collections.abc import Mapping
from typing import Final

from esad_gateway.introduction import NDEA, Introduction
from esad_gateway.ports.outbox import Tried
from esad_gateway.transport.http import HttpTransport
from esad_gateway.transport.memory import Door, MemoryTransport

TIMEOUT: Final = 30.0
"""Seconds that a gateway elsewhere may take to answer a delivery, as is usual."""


class Reach:
    """Delivers to ``doors`` of this process, and to the gateways ``outside`` it; both may change."""

    def __init__(self, doors: Mapping[str, Door], outside: Mapping[str, Introduction]) -> None:
        self._outside = outside
        self._near = MemoryTransport(doors)
        self._far = HttpTransport(self._listening, TIMEOUT)

    async def deliver(self, destination: str, document: bytes, identifier: str) -> Tried:
        """Hand over a document; the outcome is a value."""
        to = self._far if destination in self._outside else self._near
        return await to.deliver(destination, document, identifier)

    async def close(self) -> None:
        """Close what is open."""
        await self._far.close()

    def _listening(self) -> Mapping[str, str]:
        return {address: one.url + NDEA for address, one in self._outside.items()}
