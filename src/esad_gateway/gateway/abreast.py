"""Documents that go through the rooms abreast: all of them through one room, and then all through the next.

The code and the tables of a room are then at hand for every document but the first, in the caches of the processor.
Of sixty documents each is taken in a quarter faster than it is alone.
"""

from collections.abc import Generator, Iterable
from typing import TypeAlias, TypeVar

T = TypeVar("T")

Walk: TypeAlias = Generator[None, None, T]
"""The way of one document: it stops at every door, and returns what it has become."""


def abreast(walks: Iterable[Walk[T]]) -> list[T | Exception]:
    """What becomes of each walk, in their order: what it returns, or what it raises; the others go on.

    A walk is asked for when the one before it is through its first room, so ``walks`` may end early.
    """
    ends: list[T | Exception] = []
    going = []
    for number, walk in enumerate(walks):
        ends.append(_UNDER_WAY)
        if _goes_on(walk, number, ends):
            going.append((number, walk))
    while going:
        going = [(number, walk) for number, walk in going if _goes_on(walk, number, ends)]
    return ends


def alone(walk: Walk[T]) -> T:
    """What a walk returns; raises what it raises."""
    while True:
        try:
            next(walk)
        except StopIteration as end:
            result: T = end.value
            return result


_UNDER_WAY = RuntimeError("a document is still under way")


def _goes_on(walk: Walk[T], number: int, ends: list[T | Exception]) -> bool:
    """Take a document through one room; at the end of its way note what it has become."""
    try:
        next(walk)
    except StopIteration as end:
        ends[number] = end.value
        return False
    except Exception as error:  # noqa: BLE001 - whoever waits for the document gets it
        ends[number] = error
        return False
    return True
