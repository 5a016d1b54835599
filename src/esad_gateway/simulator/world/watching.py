"""Who watches the worlds of this process: told of each when it begins, and once more before it ends.

Nothing else is imported here: whoever only wants to watch does not wait for a world.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final, Protocol

if TYPE_CHECKING:
    from esad_gateway.simulator.injected.journal import Strike
    from esad_gateway.store.store import SqlStore


class WorldWatcher(Protocol):
    """Somebody who is told of worlds. What is raised comes out where a world is made or closed."""

    def begun(self, world: object) -> None:
        """A world has begun."""

    def ending(self, world: object, stores: "Sequence[SqlStore]", strikes: "Sequence[Strike]") -> None:
        """It is about to be closed: the stores of its gateways can be read yet. ``strikes`` are the faults in it."""


WATCHERS: Final[list[WorldWatcher]] = []
"""Those who watch, in the order in which they are told."""
