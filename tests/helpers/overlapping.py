"""Committers of several gateways on one store, each of which can be stopped between its look-ups and the write lock.

They are stopped where they sign, by the signer that they are handed; everything else is as in ``esad serve``.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from threading import Semaphore, Thread
from typing import Any

from esad_gateway.bootstrap import Parts, build
from esad_gateway.gateway.access import A_TRADER
from esad_gateway.gateway.commit import Committer
from esad_gateway.gateway.intake import Accepted, Submission
from esad_gateway.ports.reading import Receipt
from helpers.gateway import NOW, PATIENCE, HandClock, Station


def while_signing(committer: Committer, *others: Callable[[], object]) -> Committer:
    """The same committer; when it signs for the first time, so before it takes the write lock, others act."""
    waiting = list(others)

    def signer() -> Any:
        while waiting:
            waiting.pop(0)()
        return committer.signer()

    return replace(committer, signer=signer)


def commit(committer: Committer, station: Station, *items: Accepted) -> list[Any]:
    """The answers to a group."""
    return list(committer.commit(items, station.clock.at))


def commit_all(root: Path, groups: Sequence[Sequence[bytes]], begin: Any, answers: Any) -> None:
    """Commit groups of traders' documents in a process of its own, when all others are ready too.

    The place, the outcome and the faults of every document go to ``answers``.
    """
    runtime = build(Parts(root, clock=HandClock()))
    submitted = [[Submission(raw=raw, principal=A_TRADER, channel="test") for raw in group] for group in groups]
    taken = [[runtime.gateway.intake.take(one, NOW) for one in group] for group in submitted]
    begin.wait(PATIENCE)
    told = {}
    for group in taken:
        for item, answer in zip(group, runtime.committer.commit(group, NOW), strict=True):
            assert isinstance(answer, Receipt), answer
            told[item.sha256] = (answer.seq, answer.outcome.value, [fault.rule for fault in answer.faults])
    answers.put(told)
    runtime.store.close()


@dataclass
class Worker:
    """A process that commits groups one after the other, in steps that somebody else gives out.

    A step ends where the first document of a group is signed, or with the group. Only one worker moves at a time.
    """

    committer: Committer
    groups: Sequence[Sequence[Accepted]]
    now: datetime
    ended: list[tuple[Sequence[Accepted], list[Any]]]
    """What all workers have written, in the order in which they did."""
    _go: Semaphore = field(default_factory=lambda: Semaphore(0))
    _stopped: Semaphore = field(default_factory=lambda: Semaphore(0))
    _may_stop: bool = False
    _failed: BaseException | None = None
    _left: int = field(init=False)
    _thread: Thread = field(init=False)

    def __post_init__(self) -> None:
        self._left = len(self.groups)
        self._thread = Thread(target=self._run, daemon=True)
        self._thread.start()

    def step(self) -> None:
        """Let it go on until it stops; nothing, where it has done everything."""
        if self._left == 0:
            return
        self._go.release()
        assert self._stopped.acquire(timeout=PATIENCE)
        if self._failed is not None:
            raise self._failed

    def _run(self) -> None:
        try:
            committer = replace(self.committer, signer=self._signer)
            for group in self.groups:
                self._go.acquire()
                self._may_stop = True
                answers = list(committer.commit(group, self.now))
                self.ended.append((group, answers))
                self._left -= 1
                self._stopped.release()
        except BaseException as error:  # noqa: BLE001 - whoever gives out steps raises it
            self._failed = error
            self._stopped.release()

    def _signer(self) -> Any:
        # Once a group: what is decided again is decided under the lock, and others would wait for that.
        if self._may_stop:
            self._may_stop = False
            self._stopped.release()
            self._go.acquire()
        return self.committer.signer()
