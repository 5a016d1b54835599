"""The door of a state, which answers as it should unless a fault strikes what has come."""

from dataclasses import dataclass
from typing import Final

from esad_gateway.ports.outbox import Reception
from esad_gateway.simulator.injected.carrier import Hand
from esad_gateway.simulator.injected.injections import Struck
from esad_gateway.simulator.injected.model import Answered, Manner, Parcel, Reply
from esad_gateway.simulator.injected.parcels import parcel_in
from esad_gateway.transport.answers import LARGEST_ANSWER, HttpAnswer
from esad_gateway.transport.memory import Door, NoAnswer

_UNANSWERED: Final = {
    Manner.REFUSED: (Reception.UNREACHABLE, "ConnectionRefusedError"),
    Manner.RESET: (Reception.FAILED, "ConnectionResetError"),
    Manner.SILENT: (Reception.FAILED, "TimeoutError"),
    Manner.DRIP: (Reception.FAILED, "TimeoutError within the answer"),
    Manner.CUT: (Reception.FAILED, "IncompleteReadError"),
}
"""What the other side finds of an answer that does not come whole, where no network is between them."""


@dataclass(frozen=True, slots=True)
class FaultyDoor:
    """The door of ``state``, in front of the one of its gateway."""

    state: str
    inner: Door
    hand: Hand

    async def answer(self, envelope: bytes, action: str, client: str) -> HttpAnswer:
        """As the door behind it, or as a fault says. Raises NoAnswer where the other side would get none."""
        struck = self.struck(envelope)
        if struck is None:
            return await self.inner(envelope, action, client)
        return _in_memory(await self.reply(*struck, envelope, action, client))

    def struck(self, envelope: bytes) -> tuple[Struck, Parcel] | None:
        """By what a document is struck that has come in an envelope."""
        if not self.hand.injections.concern(self.state):
            return None
        parcel = parcel_in(envelope, self.state)
        found = self.hand.injections.answered(parcel) if parcel else None
        return (found, parcel) if found and parcel else None

    async def reply(self, struck: Struck, parcel: Parcel, envelope: bytes, action: str, client: str) -> Reply:
        """What is answered, after the commit if the fault is one that commits."""
        act = struck.fault.act
        if not isinstance(act, Answered):
            raise TypeError(struck.fault.name)
        right = await self.inner(envelope, action, client) if act.commits else None
        reply = act.reply(right, struck.chance)
        self.hand.note(struck, parcel, f"HTTP {reply.status}, {reply.manner}{', committed' if act.commits else ''}")
        return reply


def _in_memory(reply: Reply) -> HttpAnswer:
    if reply.manner in _UNANSWERED:
        raise NoAnswer(*_UNANSWERED[reply.manner])
    endless = reply.manner is Manner.ENDLESS
    body = (reply.body * (LARGEST_ANSWER // len(reply.body) + 1))[: LARGEST_ANSWER + 1] if endless else reply.body
    return HttpAnswer(reply.status, reply.headers, body)
