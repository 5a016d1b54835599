"""Bounds the bytes that all bodies hold together, and chooses the upload that gives way when there are too many.

The address that holds most loses its largest upload. So strangers that never finish, however many they are and however
often they begin again, end each other's uploads, and not the small ones of others. A body that is being worked on
counts for its address, and is not taken away.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(eq=False, slots=True)
class Body:
    """One body: the address that it comes from, the bytes that are held for it, and whether more is to come."""

    address: str
    held: int = 0
    more: bool = True
    gives_way: bool = False


class Room:
    """Room for ``most`` bytes of bodies; used in one event loop only."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._held = 0
        # In the order in which they began: of equals, the one that has been going on for longest gives way.
        self._bodies: dict[Body, None] = {}

    def take(self, body: Body, size: int) -> list[Body]:
        """Hold ``size`` bytes more for a body; returns the bodies that have to give way, perhaps also this one."""
        self._bodies[body] = None
        body.held += size
        self._held += size
        return list(self._made())

    def leave(self, body: Body) -> None:
        """Hold nothing for a body any more."""
        self._bodies.pop(body, None)
        self._held -= body.held
        body.held = 0

    def _made(self) -> Iterator[Body]:
        while self._held > self._most:
            of_address: Counter[str] = Counter()
            for body in self._bodies:
                of_address[body.address] += body.held
            unfinished = (body for body in self._bodies if body.more)
            largest = max(unfinished, key=lambda body: (of_address[body.address], body.held), default=None)
            if largest is None:
                return
            largest.gives_way = True
            self.leave(largest)
            yield largest
