"""Fair turns: what is large, and who sends much, waits for itself."""

import asyncio
import threading
from collections.abc import Callable, Iterator

import pytest

from esad_gateway.gateway.turns import BYTES_OF_A_THREAD, LARGE, WORKERS, Turns
from helpers.blocked import Blocked


@pytest.fixture
def turns() -> Iterator[Turns]:
    """Turns whose threads end with the test."""
    running = Turns()
    yield running
    running.stop()


def test_result_and_exception_come_back(turns: Turns) -> None:
    """What work returns is returned, what it raises is raised."""

    def fails() -> None:
        raise ValueError("as expected")

    async def both() -> int:
        with pytest.raises(ValueError, match="as expected"):
            await turns.run(fails, size=1, client="a")
        return await turns.run(lambda: 42, size=1, client="a")

    assert asyncio.run(both()) == 42


def test_ordinary_documents_do_not_wait_for_large_ones(turns: Turns) -> None:
    """However many large ones there are, they have one thread."""
    large = Blocked()

    async def play() -> str:
        waiting = [asyncio.create_task(turns.run(large, size=LARGE + 1, client=f"c{n}")) for n in range(10)]
        await asyncio.sleep(0)
        answer = await turns.run(lambda: "answered", size=LARGE, client="honest")
        assert not any(task.done() for task in waiting)
        large.free.set()
        await asyncio.gather(*waiting)
        return answer

    assert asyncio.run(play()) == "answered"


def test_clients_take_turns(turns: Turns) -> None:
    """Who sends twenty at a time is followed by the next client after each of them."""
    first, done = Blocked(), list[str]()

    def note(name: str) -> Callable[[], None]:
        return lambda: done.append(name)

    async def play() -> None:
        size = LARGE + 1  # the lane of one thread, so that the order is the order of turns
        waiting = [asyncio.create_task(turns.run(first, size=size, client="greedy"))]
        await first.begun()
        waiting += [asyncio.create_task(turns.run(note("greedy"), size=size, client="greedy")) for _ in range(20)]
        waiting += [asyncio.create_task(turns.run(note("honest"), size=size, client="honest")) for _ in range(2)]
        await asyncio.sleep(0)
        first.free.set()
        await asyncio.gather(*waiting)

    asyncio.run(play())

    assert done == ["greedy", "honest"] * 2 + ["greedy"] * 18


def test_thread_reads_a_bounded_number_of_bytes(turns: Turns) -> None:
    """Names that a thread has read stay in memory until it ends: so it hands over to another one."""
    threads: list[threading.Thread] = []

    async def play() -> None:
        for _ in range(6):
            await turns.run(lambda: threads.append(threading.current_thread()), size=BYTES_OF_A_THREAD // 2, client="a")

    asyncio.run(play())

    assert [threads.count(thread) for thread in dict.fromkeys(threads)] == [2, 2, 2]


def test_several_ordinary_documents_are_worked_on_at_a_time(turns: Turns) -> None:
    """While one is in a C library, another one may run."""
    work = Blocked()

    async def play() -> None:
        waiting = [asyncio.create_task(turns.run(work, size=1, client="a")) for _ in range(WORKERS)]
        await work.begun(WORKERS)
        work.free.set()
        await asyncio.gather(*waiting)

    asyncio.run(play())
