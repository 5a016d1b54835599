"""What is made when it is needed: once, beside what goes on, and again only when it could not be made."""

import asyncio
import threading

import pytest

from esad_gateway.transport.later import Later
from helpers.gateway import PATIENCE


def test_value_is_made_once_for_everybody_who_asks() -> None:
    """Many who ask at once get the same object, made in a thread that is not theirs."""
    made = list[threading.Thread]()

    def make() -> object:
        made.append(threading.current_thread())
        return object()

    async def ask() -> set[object]:
        later = Later(make)
        assert later.made is None
        first = await asyncio.gather(*(later.get() for _ in range(20)))
        return {*first, await later.get(), later.made}

    assert len(asyncio.run(ask())) == 1
    assert len(made) == 1
    assert made[0] is not threading.current_thread()


def test_event_loop_goes_on_while_a_value_is_made() -> None:
    """Making waits for what only the event loop can do."""
    released = threading.Event()

    async def ask() -> bool:
        later = Later(lambda: released.wait(PATIENCE))
        later.begin()
        later.begin()
        await asyncio.sleep(0)
        released.set()
        return await later.get()

    assert asyncio.run(ask()) is True


def test_value_that_could_not_be_made_is_made_for_the_next_one() -> None:
    """Whoever asked is told why; nothing is kept of the failure."""
    outcomes: list[OSError | str] = ["it", OSError("no room")]

    def make() -> str:
        outcome = outcomes.pop()
        if isinstance(outcome, OSError):
            raise outcome
        return outcome

    async def ask() -> str:
        later = Later(make)
        with pytest.raises(OSError, match="no room"):
            await later.get()
        return await later.get()

    assert asyncio.run(ask()) == "it"


def test_no_two_values_of_a_process_are_made_beside_each_other() -> None:
    """Gateways that begin together make theirs one after the other: while one is made, nobody else can begin."""
    free = list[bool]()

    def make() -> None:
        free.append(Later.making.acquire(blocking=False))

    async def ask() -> None:
        await asyncio.gather(*(Later(make).get() for _ in range(3)))

    asyncio.run(ask())
    assert free == [False] * 3
