"""The gateway of a system under test, which is none of the simulated ones: who it is, and how its clock is moved."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Self

from esad_gateway.client import AsyncGatewayClient, operations
from esad_gateway.errors import PeerError
from esad_gateway.faults import said
from esad_gateway.introduction import NDEA, Introduction, asked

PATIENCE: Final = 300.0
"""Seconds that it may be silent, unless it is said."""

_FINE: Final = 200
_TEST: Final = "test"


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A gateway elsewhere: what it says of itself, what its clock showed, and whether that can be moved.

    ``patience`` is how many seconds it may be silent.
    """

    introduced: Introduction
    now: datetime
    movable: bool
    patience: float = PATIENCE

    @classmethod
    async def at(cls, url: str, patience: float = PATIENCE) -> Self:
        """The gateway that listens at an address, with or without ``/ndea``. Raises PeerError where there is none."""
        introduced = await asked(url.rstrip("/").removesuffix(NDEA))
        async with AsyncGatewayClient(introduced.url, timeout=patience) as client:
            _, health = await client.answer(operations.health())
        try:
            return cls(introduced, _aware(health["now"]), health.get("clock") == _TEST, patience)
        except (KeyError, TypeError, ValueError) as error:
            raise PeerError(said("simulate.no_health", url=introduced.url)) from error

    async def due(self) -> tuple[datetime, datetime | None]:
        """What its clock shows, and when something is due first. Raises PeerError."""
        told = await self._told()
        try:
            return _aware(told["now"]), told["due"] and _aware(told["due"]["at"])
        except (KeyError, TypeError, ValueError) as error:
            raise PeerError(said("simulate.no_clock", url=self.introduced.url, found=f"{dict(told)!r:.80}")) from error

    async def move(self, to: datetime) -> None:
        """Move its clock to a moment (aware), and wait until everything on the way is done. Raises PeerError."""
        await self._told({"to": to.isoformat()})

    async def run(self, rate: float) -> None:
        """Let its clock run so many times as fast as the machine's. Raises PeerError."""
        await self._told({"rate": rate})

    async def _told(self, order: Mapping[str, Any] | None = None) -> Mapping[str, Any]:
        async with AsyncGatewayClient(self.introduced.url) as client:
            status, answer = await client.answer(operations.clock_of_tests(order, self.patience))
        if status != _FINE:
            raise PeerError(
                said(
                    "simulate.unmoved", url=self.introduced.url, status=status, why=f"{answer.get('detail', '')!s:.400}"
                )
            )
        return answer


def _aware(text: str) -> datetime:
    """A moment with its offset. Raises ValueError."""
    found = datetime.fromisoformat(text)
    if found.tzinfo is None:
        raise ValueError(text)
    return found
