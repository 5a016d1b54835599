"""What the traders of a world mean to do, and when: it falls due among what gateways have to do."""

import heapq
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from typing import TypeAlias

from esad_gateway.ports.clock import Due, What

Act: TypeAlias = Callable[[], Awaitable[None]]
"""Something that is done at its moment."""


@dataclass(slots=True)
class Agenda:
    """Acts in the order of their moments; those of one moment in the order in which they were entered."""

    _acts: list[tuple[datetime, int, Act]] = field(default_factory=list)
    _numbers: "count[int]" = field(default_factory=count)

    def enter(self, at: datetime, act: Act) -> None:
        """Mean to do something at a moment (aware)."""
        heapq.heappush(self._acts, (at, next(self._numbers), act))

    def next_due(self) -> Due | None:
        """The first of them."""
        return Due(self._acts[0][0], What.ACT) if self._acts else None

    async def act(self) -> bool:
        """Do the first of them. What it raises is passed on: a world does not go on as if nothing were."""
        _, _, act = heapq.heappop(self._acts)
        await act()
        return True
