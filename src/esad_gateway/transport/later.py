"""What a gateway needs some time after its start, and not before the port answers."""

import asyncio
import threading
from collections.abc import Callable
from typing import ClassVar, Generic, TypeVar

T = TypeVar("T")


class Later(Generic[T]):
    """What ``make`` makes, once, when it is first asked for; in a thread, so that the event loop goes on meanwhile.

    ``made`` is it, or ``None`` before. Where making fails, whoever asked gets the exception, and the next one who asks
    has it made again. In all of a process one is made at a time: FastAPI changes the filters of warnings for a moment
    while it reads a route, and two that do so beside each other leave warnings of theirs to whoever comes next.
    """

    making: ClassVar[threading.Lock] = threading.Lock()

    def __init__(self, make: Callable[[], T]) -> None:
        self._make = make
        self.made: T | None = None
        self._begun: asyncio.Task[T] | None = None

    async def get(self) -> T:
        """It; after the first time at once."""
        made = self.made
        return await asyncio.to_thread(self._get) if made is None else made

    def begin(self) -> None:
        """Have it made without waiting for it; nothing happens when that was begun before."""
        if self._begun is None:
            self._begun = asyncio.create_task(self.get())

    def _get(self) -> T:
        with self.making:
            made = self.made
            if made is None:
                made = self.made = self._make()
            return made
