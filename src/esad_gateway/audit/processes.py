"""Work that other processes do, so that a check uses every core."""

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from functools import partial
from itertools import islice
from multiprocessing import get_context
from typing import Final, TypeAlias, TypeVar

from esad_gateway.faults import Said

_Item = TypeVar("_Item")
_Found = TypeVar("_Found")

_CHUNK: Final = 250
_FEW: Final = 2
"""How many chunks are worked on here. A movement takes 3 ms to prove, a process 1 s to start."""
_UNDER_WAY: Final = 8
"""How many chunks are in memory at most."""

Begin: TypeAlias = Callable[..., Callable[[], list[Said]]]
"""Takes a function that finds problems with its arguments, and gives another that waits for them."""


@contextmanager
def beside(processes: int) -> Iterator[Begin]:
    """Begin work in so many processes beside this one; with none of them it is done here when it is waited for."""
    if not processes:
        yield partial
        return
    with _pool(processes) as pool:
        yield lambda work, *arguments: pool.submit(work, *arguments).result


def spread(
    items: Iterable[_Item], work: Callable[[Sequence[_Item]], list[_Found]], few: int = _FEW
) -> Iterator[_Found]:
    """What ``work`` finds in chunks of the items: the first ``few`` are worked on here, others by a process a core."""
    remaining = iter(items)
    for chunk in islice(iter(lambda: list(islice(remaining, _CHUNK)), []), few):
        yield from work(chunk)
    first = list(islice(remaining, _CHUNK))
    if not first:
        return
    with _pool(os.cpu_count()) as pool:
        under_way = [pool.submit(work, first)]
        for chunk in iter(lambda: list(islice(remaining, _CHUNK)), []):
            under_way.append(pool.submit(work, chunk))
            if len(under_way) == _UNDER_WAY:
                yield from under_way.pop(0).result()
        for one in under_way:
            yield from one.result()


def _pool(processes: int | None) -> ProcessPoolExecutor:
    # Not forked: a lock that another thread holds just now would be held for ever.
    return ProcessPoolExecutor(processes, get_context("spawn"))
