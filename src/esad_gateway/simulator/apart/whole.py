"""One clock for states that are a process each, and for a gateway elsewhere: what falls due happens in one order."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from esad_gateway.errors import PeerError
from esad_gateway.faults import said
from esad_gateway.ports.clock import Due, What
from esad_gateway.simulator.apart.asking import HANDS, told
from esad_gateway.simulator.apart.children import StateProcess
from esad_gateway.simulator.injected.journal import replay_command
from esad_gateway.simulator.served.neighbour import Neighbour
from esad_gateway.simulator.served.together import MOST_ROUNDS
from esad_gateway.simulator.timed.clock import TestClock
from esad_gateway.simulator.timed.orders import ClockOrder
from esad_gateway.web.problems import Problem

CLOCK: Final = "/sim/clock"

_KIND: Final = "clock-order"


@dataclass(frozen=True, slots=True)
class _Shown:
    """What the clock of one of them shows, and what is due there first."""

    now: datetime
    due: Due | None


class Whole:
    """The simulation whose states are ``children``; all methods but the first belong into one event loop.

    ``command`` is what has begun it, without its seed.
    """

    def __init__(
        self,
        children: Sequence[StateProcess],
        clock: TestClock,
        neighbour: Neighbour | None,
        seed: int,
        command: Sequence[str] = (),
    ) -> None:
        self.children = {one.code: one for one in children}
        self.clock = clock
        self.neighbour = neighbour
        self.seed = seed
        self.later: list[str] = []
        """Faults that were injected since, in words."""
        self._command = command
        self._due: Due | None = None
        self._turn = asyncio.Lock()

    @property
    def outside(self) -> str | None:
        """The state of the gateway elsewhere, if there is one."""
        return self.neighbour.introduced.state if self.neighbour else None

    def again(self) -> str:
        """The one command that has the same again, with all faults from its beginning on."""
        words = [word for one in self.later for word in ("--fault", one)]
        return replay_command(self.seed, (*self._command, *words))

    def first_due(self) -> Due | None:
        """What was due first when somebody looked."""
        return self._due

    async def each(self, path: str, body: object = None, method: str | None = None) -> list[Mapping[str, Any]]:
        """What each process answers, in the order of the codes. Raises PeerError."""
        return await asyncio.gather(*(told(one.url, path, body, method) for one in self.children.values()))

    async def look(self) -> None:
        """Look what is due first. Raises PeerError."""
        async with self._turn:
            await self._look()

    async def settle(self) -> None:
        """Let everything happen that is due now, wherever; clocks that run do it by themselves. Raises PeerError."""
        async with self._turn:
            if not self.clock.rate and (self.neighbour is None or self.neighbour.movable):
                await self._go(self.clock.now())

    async def obey(self, order: ClockOrder) -> None:
        """Do what an order says, and everything that falls due on the way. Raises Problem."""
        if self.neighbour is not None and not self.neighbour.movable:
            raise Problem(409, _KIND, said("simulate.by_machine", url=self.neighbour.introduced.url))
        async with self._turn, _as_problem():
            rate = self.clock.rate if order.rate is None else order.rate
            if order.to is not None:
                await self._run(0)
                await self._go(order.to)
            await self._run(rate)
            await self._look()

    async def run(self, rate: float) -> None:
        """Let all clocks run so many times as fast as the machine's; 0 stops them. Raises PeerError."""
        async with self._turn:
            await self._run(rate)

    async def _run(self, rate: float) -> None:
        self.clock.run(rate)
        if self.neighbour is not None and self.neighbour.movable:
            await self.neighbour.run(rate)
        await self.each(CLOCK, {"rate": rate})

    async def _go(self, to: datetime) -> None:
        """Move all clocks to a moment, or, where they ran until now, to the latest that one of them shows."""
        shown = await self._look()
        to = max(to, self.clock.now(), *(one.now for one in shown))
        before, rounds = None, 0
        while True:
            at = self._next(shown, to)
            before, rounds = at, rounds + 1 if at == before else 0
            if rounds > MOST_ROUNDS:
                raise PeerError(said("simulate.apart_no_end", moment=(at or to).isoformat()))
            await self._move(at or to, shown)
            shown = await self._look()
            if at is None and self._next(shown, to) is None:
                return

    async def _move(self, at: datetime, shown: Sequence[_Shown]) -> None:
        """Have everybody show a moment, then do what is due at it, one after the other.

        So nobody gets a letter from a day that has not come there.
        """
        await self.each(HANDS, {"at": at.isoformat()})
        self.clock.move_to(at)
        if self.neighbour is not None:
            await self.neighbour.move(at)
        for child, known in zip(self.children.values(), shown, strict=False):
            if known.due is not None and known.due.at <= at:
                await told(child.url, CLOCK, {"to": at.isoformat()})

    async def _look(self) -> list[_Shown]:
        """What everybody shows, the gateway elsewhere last."""
        shown = [_shown(one) for one in await self.each(CLOCK)]
        if self.neighbour is not None and self.neighbour.movable:
            now, due = await self.neighbour.due()
            shown.append(_Shown(now, None if due is None else Due(due, What.CLOCK)))
        self._due = min((one.due for one in shown if one.due is not None), default=None)
        return shown

    def _next(self, shown: Iterable[_Shown], to: datetime) -> datetime | None:
        """The next moment at which something is due anywhere until then; ``None`` for nothing more."""
        dues = [one.due.at for one in shown if one.due is not None and one.due.at <= to]
        return max(min(dues), self.clock.now()) if dues else None


@asynccontextmanager
async def _as_problem() -> AsyncIterator[None]:
    try:
        yield
    except PeerError as error:
        raise Problem(502, _KIND, error.what) from error


def _shown(answer: Mapping[str, Any]) -> _Shown:
    due = answer["due"]
    return _Shown(
        datetime.fromisoformat(answer["now"]),
        due and Due(datetime.fromisoformat(due["at"]), What(due["what"])),
    )
