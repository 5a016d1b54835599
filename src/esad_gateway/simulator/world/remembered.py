"""What a store says, asked again only when it may have changed: most of a test is looking at what comes next."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from esad_gateway.gateway.pace import Duties
from esad_gateway.ports.clock import Due, What
from esad_gateway.store.shared import Commits

T = TypeVar("T")


class UntilCommit(Generic[T]):
    """What ``ask`` returns, until something is committed."""

    def __init__(self, commits: Commits, ask: Callable[[], T]) -> None:
        self._commits = commits
        self._ask = ask
        self._known: tuple[int, T] | None = None

    def get(self) -> T:
        """It, as it is now."""
        committed = self._commits.count  # before it is asked: who commits meanwhile has it asked again
        if self._known is None or self._known[0] != committed:
            self._known = committed, self._ask()
        return self._known[1]

    def forget(self) -> None:
        """Ask again the next time."""
        self._known = None


@dataclass(slots=True)
class RememberedDuties:
    """The duties of a gateway. What is due changes by commits and by acting, and what waits in line with the clock."""

    duties: Duties
    due: UntilCommit[Due | None]

    def next_due(self) -> Due | None:
        """What is due first; ``None`` for nothing."""
        found = self.due.get()
        if found is not None and found.what is What.WAITING:
            self.due.forget()
        return found

    async def act(self) -> bool:
        """Do what is due now. Returns whether any of it could be done."""
        self.due.forget()
        return await self.duties.act()
