"""``ports.Transport`` within one process: envelopes go from gateway to gateway, and no network is between them."""

from collections.abc import Awaitable, Callable, Mapping
from typing import TypeAlias

from esad_gateway.faults import said
from esad_gateway.ports.outbox import Reception, Tried
from esad_gateway.transport.answers import HttpAnswer, tried
from esad_gateway.transport.envelope import ACTION, deliver

Door: TypeAlias = Callable[[bytes, str, str], Awaitable[HttpAnswer]]
"""Takes an envelope, the action that is asked for, and the address it came from; answers as over HTTP, or raises
NoAnswer."""


class NoAnswer(Exception):
    """A door gives no answer, as when a network is between: whether it could be reached, and what a program says."""

    def __init__(self, reception: Reception, words: str) -> None:
        super().__init__(words)
        self.reception = reception
        self.words = words

    def tried(self, destination: str) -> Tried:
        """What a delivery came to."""
        if self.reception is Reception.UNREACHABLE:
            return Tried(self.reception, said("tried.unreached", destination=destination, words=self.words))
        return Tried(self.reception, said("tried.no_answer", destination=destination, words=self.words))


class MemoryTransport:
    """Delivers to ``doors``, which may change: those of this process by their administration's address (``NDEA.PL``).

    Envelopes, acknowledgements and faults are those of HTTP, byte for byte. An administration without a door here is
    out of reach.
    """

    def __init__(self, doors: Mapping[str, Door]) -> None:
        self._doors = doors

    async def deliver(self, destination: str, document: bytes, identifier: str) -> Tried:
        """Hand over a document; the outcome is a value, as over HTTP."""
        door = self._doors.get(destination)
        if door is None:
            return Tried(Reception.UNREACHABLE, said("tried.no_door_here", destination=destination))
        try:
            return tried(await door(deliver(document), ACTION, ""), identifier)
        except NoAnswer as error:
            return error.tried(destination)

    async def close(self) -> None:
        """Nothing is open: the doors belong to the gateways behind them."""
