"""How long a test waits for the states of its world: as long as something happens, and no longer."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count

import pytest

from esad_gateway.errors import OwnError
from esad_gateway.simulator.world.background import AT_ONE_MOMENT, Background, Happened

PATIENCE = 60
SOON = 0.01
"""Seconds after which a look is taken at whether anything has happened."""


@contextmanager
def background(happened: Happened, within: float = SOON) -> Iterator[Background]:
    """A background that is stopped afterwards."""
    made = Background(happened, within)
    try:
        yield made
    finally:
        made.stop()


def counted(then: Callable[[int], object] = lambda _: None, *, moves: bool = True) -> Happened:
    """Something that happens whenever it is looked at, which ``then`` is told; the clock moves with it or stands."""
    looks = count()

    def happened() -> tuple[object, object]:
        look = next(looks)
        then(look)
        return look if moves else "2026-03-02", look

    return happened


async def _for_ever() -> None:
    await asyncio.Event().wait()


def test_what_nothing_comes_of_is_given_up() -> None:
    """The reason is told, and it is cancelled."""
    ended = threading.Event()

    async def work() -> None:
        try:
            await _for_ever()
        finally:
            ended.set()

    with background(lambda: ("2026-03-02", 7)) as states:
        with pytest.raises(OwnError, match=r"Nothing has happened among the simulated states for 0\.01 s"):
            states.run(work())
        assert ended.wait(PATIENCE)


def test_what_blocks_its_thread_is_given_up_too() -> None:
    """Also where nothing in that thread could look at a clock."""
    over = threading.Event()

    async def block() -> None:
        over.wait()

    with background(lambda: (None, None)) as states:
        try:
            with pytest.raises(OwnError):
                states.run(block())
        finally:
            over.set()


def test_work_is_waited_for_while_something_happens() -> None:
    """However often a look is taken: a year of many movements lasts as long as it lasts."""
    done = threading.Event()
    looks = 3 * AT_ONE_MOMENT

    async def work() -> str:
        await asyncio.to_thread(done.wait)
        return "done"

    def end(look: int) -> None:
        if look > looks:
            done.set()

    with background(counted(end)) as states:
        assert states.run(work()) == "done"


def test_what_never_ends_at_one_moment_is_given_up() -> None:
    """Messages that always lead to the next while the clock stands: the moment is told."""
    with (
        background(counted(moves=False)) as states,
        pytest.raises(OwnError, match=r"at one moment \(2026-03-02\)"),
    ):
        states.run(_for_ever())
