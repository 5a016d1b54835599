"""Where the way of a message is told to whoever collects traces: its rooms, its commit and its deliveries."""

from collections.abc import Callable, Generator, Mapping
from contextlib import AbstractContextManager, nullcontext
from types import MappingProxyType
from typing import Any, Protocol, TypeVar

T = TypeVar("T")

Followed = Callable[[Generator[None, None, T]], Generator[None, None, T]]
"""Makes of the way of a document through its rooms the same way, followed."""


class Tracing(Protocol):
    """Follows messages. What it does costs nothing where nobody collects."""

    def message(self, door: str) -> AbstractContextManager[Followed[Any]]:
        """A block in which a message is taken in and committed; what it is entered with follows its rooms."""

    def delivery(self, destination: str, identifier: str) -> AbstractContextManager[Mapping[str, str]]:
        """A block in which a document is handed over once; what it is entered with are the headers that go with it."""


def _unfollowed(walk: Generator[None, None, T]) -> Generator[None, None, T]:
    return walk


_NO_MESSAGE = nullcontext(_unfollowed)
_NO_HEADERS: AbstractContextManager[Mapping[str, str]] = nullcontext(MappingProxyType({}))


class NoTracing:
    """Nobody collects."""

    def message(self, door: str) -> AbstractContextManager[Followed[Any]]:
        """Follow nothing."""
        del door
        return _NO_MESSAGE

    def delivery(self, destination: str, identifier: str) -> AbstractContextManager[Mapping[str, str]]:
        """Send nothing along."""
        del destination, identifier
        return _NO_HEADERS

    def around(self, app: T) -> T:
        """An application as it is."""
        return app
