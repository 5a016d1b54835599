"""The door of a state, which answers as it should unless a fault strikes what has come."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

from esad_gateway.ports.outbox import Reception
from esad_gateway.simulator.injected.carrier import Hand
from esad_gateway.simulator.injected.injections import Struck
from esad_gateway.simulator.injected.model import TRADERS, Answered, Manner, Parcel, Reply
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

_WITHOUT_STATUS: Final = frozenset({Manner.REFUSED, Manner.RESET, Manner.SILENT})
"""Of these nobody sees a status."""


@dataclass(frozen=True, slots=True)
class FaultyDoor:
    """The door of ``state``, in front of the one of its gateway."""

    state: str
    inner: Door
    hand: Hand

    async def answer(self, envelope: bytes, action: str, client: str) -> HttpAnswer:
        """As the door behind it, or as a fault says. Raises NoAnswer where the other side would get none."""
        found = self.struck(parcel_in(envelope, self.state)) if self.awaits_any else None
        if found is None:
            return await self.inner(envelope, action, client)
        return _in_memory(await self.reply(*found, lambda: self.inner(envelope, action, client)))

    @property
    def awaits_any(self) -> bool:
        """Whether anything is to be struck here; nothing has to be read otherwise."""
        return self.hand.injections.concern(self.state)

    def struck(self, parcel: Parcel | None) -> tuple[Struck, Parcel] | None:
        """By what is struck what has come; what cannot be read is struck by nothing."""
        found = self.hand.injections.answered(parcel) if parcel else None
        return (found, parcel) if found and parcel else None

    async def reply(self, struck: Struck, parcel: Parcel, right: Callable[[], Awaitable[HttpAnswer]]) -> Reply:
        """What is answered; where the fault commits, after the ``right`` answer is there."""
        act = struck.fault.act
        made = (act.to_traders if parcel.sender == TRADERS else act.reply) if isinstance(act, Answered) else None
        if made is None or not isinstance(act, Answered):
            raise TypeError(struck.fault.name)
        reply = made(await right() if act.commits else None, struck.chance)
        status = "" if reply.manner in _WITHOUT_STATUS else f"HTTP {reply.status}, "
        self.hand.note(struck, parcel, f"{status}{reply.manner}{', committed' if act.commits else ''}")
        return reply


def _in_memory(reply: Reply) -> HttpAnswer:
    if reply.manner in _UNANSWERED:
        raise NoAnswer(*_UNANSWERED[reply.manner])
    endless = reply.manner is Manner.ENDLESS
    body = (reply.body * (LARGEST_ANSWER // len(reply.body) + 1))[: LARGEST_ANSWER + 1] if endless else reply.body
    return HttpAnswer(reply.status, reply.headers, body)
