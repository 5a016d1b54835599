"""The worker: a process of its own that works on the batches of a store until nothing is left to do.

It may be killed at any moment: what was committed stays, and the next worker goes on behind it. Several may work on one
store; a batch is worked on by one of them at a time.
"""

import errno
import fcntl
import gc
import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager, suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Final

import structlog

from esad_gateway.batch.tables.columns import BatchKind
from esad_gateway.batch.tables.opening import OpenedBatch, Opener
from esad_gateway.batch.trader_keys import TraderKeys
from esad_gateway.batch.work.committing import Aside, Progress, StateChanged, at_once
from esad_gateway.batch.work.dispatch_work import DispatchWork
from esad_gateway.batch.work.helpers import NOBODY, Helped, HelperLost, Helpers, helping
from esad_gateway.batch.work.pace import Pace
from esad_gateway.batch.work.priority import Promptly, deaf_threads, lower
from esad_gateway.batch.work.saad_work import SaadWork
from esad_gateway.batch.work.signing_again import KeyNotBelieved, NoKey
from esad_gateway.batch.work.steps import KindOfWork, Steps
from esad_gateway.batch.work.withdrawing import Withdrawing
from esad_gateway.bootstrap import Parts, Runtime, build
from esad_gateway.errors import Busy, OverQuota, OwnError, StoreDamaged, StoreUnavailable
from esad_gateway.faults import Faults, Said, said
from esad_gateway.file_errors import why
from esad_gateway.gateway.pace import SystemClock
from esad_gateway.ports.batches import BATCH_FILE, Batch, BatchState
from esad_gateway.ports.clock import Clock
from esad_gateway.sheets.flaws import flaw
from esad_gateway.store.batches import Batches
from esad_gateway.xml.binding import Binder

MOST_AT_ONCE: Final = 4
"""Batches that are worked on in turns: a small one does not wait for a large one to end."""

MOST_TRIES: Final = 10
"""How often a worker may begin on a batch and end without having got any further, before the batch is stopped."""

GARBAGE: Final = (20_000, 20, 100)
"""After how many new objects garbage is looked for, as in the gateway that is served."""

_FOR_NOW: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.EINTR})
"""What keeps a folder from being used for now, and says nothing of the batch."""

LOOK_AGAIN: Final = 0.5
"""Seconds between two looks for batches that have come meanwhile."""

log = structlog.get_logger(__name__)


class Worker:
    """Works on the batches of one gateway's store."""

    def __init__(self, runtime: Runtime, helpers: Helpers = NOBODY, aside: Aside = at_once) -> None:
        self._runtime = runtime
        self._batches = Batches(runtime.store)
        self._pace = Pace()
        self._aside = aside
        law = runtime.settings.saad_law()
        self._opener = opener_of(runtime)
        opening = Helped(self._opener, helpers, TraderKeys(runtime.data.trader_keys).signer)
        self._steps = Steps(opening, runtime.data.batches, runtime.clock)
        self._saad = SaadWork(law, runtime.clock)
        self._withdrawing = Withdrawing(law, runtime.clock)
        self._keys = TraderKeys(runtime.data.trader_keys)

    def steps(self) -> Iterator[None]:
        """Work until nothing is left that nobody else works on, with a pause after each step.

        Raises StoreUnavailable or Busy, where it has to be tried again later.
        """
        jobs: dict[str, Iterator[None]] = {}
        looked = -LOOK_AGAIN
        while True:
            if self._pace.elapsed() - looked > LOOK_AGAIN or not jobs:
                self._begin(jobs)
                looked = self._pace.elapsed()
            if not jobs:
                return
            for number, job in list(jobs.items()):
                if next(job, self) is self:
                    del jobs[number]
                    looked = -LOOK_AGAIN
                yield

    def _begin(self, jobs: dict[str, Iterator[None]]) -> None:
        """Begin on batches that nobody works on, the oldest first, a few at a time."""
        for batch in self._batches.at_work():
            if len(jobs) >= MOST_AT_ONCE:
                return
            if batch.id not in jobs:
                job = self._job(batch.id)
                if next(job, self) is not self:
                    jobs[batch.id] = job

    def _job(self, number: str) -> Iterator[None]:
        """All steps on a batch, unless somebody else works on it."""
        with self._claimed(number) as ours:
            while ours:
                batch = next((one for one in self._batches.at_work() if one.id == number), None)
                if batch is None:
                    return
                yield
                yield from self._told(self._begun(batch))

    @contextmanager
    def _claimed(self, number: str) -> Iterator[bool]:
        """Whether a batch is ours. One whose folder cannot be used is stopped, and stops no other one."""
        try:
            lock = _lock_of(self._runtime.data.batches / number)
        except OSError as error:
            if error.errno in _FOR_NOW:
                raise StoreUnavailable(said("batch.not_now", batch=number, why=why(error))) from error
            reason = said("batch.no_folder", why=why(error))
            self._batches.change(number, lambda now: replace(now, state=BatchState.STOPPED, reason=reason))
            yield False
            return
        with _locked(lock) as ours:
            yield ours

    def _begun(self, batch: Batch) -> Batch:
        """Count that a worker begins: what kills it again and again is stopped."""
        tries = batch.tries + 1
        if tries <= MOST_TRIES:
            return self._batches.change(batch.id, lambda now: replace(now, tries=tries))
        reason = said("batch.tries", number=MOST_TRIES)
        return self._batches.change(batch.id, lambda now: replace(now, state=BatchState.STOPPED, reason=reason))

    def _told(self, batch: Batch) -> Iterator[None]:
        """The steps on a batch; a defect stops the batch, and no other one."""
        try:
            yield from self._all(Progress(self._batches, self._pace, batch, self._aside))
        except StateChanged:
            return
        except HelperLost:
            raise  # whatever it was, a worker that comes to no end so often is the batch's own fault
        except (NoKey, KeyNotBelieved) as unsigned:
            self._stop(batch, *_why_unsigned(batch.trader, unsigned))
        except StoreDamaged as error:
            self._stop(batch, error.why)
        except (StoreUnavailable, Busy, SystemExit, GeneratorExit):
            # A store that is full, or a gateway that is stopped, says nothing of the batch.
            with suppress(OwnError):
                self._batches.change(batch.id, lambda now: replace(now, tries=max(0, now.tries - 1)))
            raise
        except (OwnError, OverQuota) as error:
            self._stop(batch, error.what)
        except Exception as error:
            log.exception("a batch is stopped by a defect", batch=batch.id)
            self._stop(batch, said("batch.defect", words=f"{type(error).__name__}: {error}"))

    def _all(self, progress: Progress) -> Iterator[None]:
        batch = progress.batch
        if batch.state is BatchState.STOPPED:
            return
        if batch.state is BatchState.WITHDRAWING:
            yield from self._kind(batch).settled(progress)
            yield from self._withdrawing.all(progress)
        else:
            yield from self._steps.all(progress, self._kind(batch))

    def _kind(self, batch: Batch) -> KindOfWork:
        if batch.kind != BatchKind.DISPATCH.value:
            return self._saad
        return DispatchWork(self._runtime.gateway, partial(self._keys.signer, batch.trader), self._reopen)

    def _reopen(self, batch: Batch) -> AbstractContextManager[OpenedBatch]:
        return self._opener(batch, self._runtime.data.batches / batch.id / BATCH_FILE)

    def _stop(self, batch: Batch, reason: Said, faults: Faults = ()) -> None:
        stopped = {"state": BatchState.STOPPED, "reason": reason, "faults": faults}
        self._batches.change(batch.id, lambda now: replace(now, **stopped))


def _why_unsigned(trader: str, unsigned: NoKey | KeyNotBelieved) -> tuple[Said, Faults]:
    """Why the drafts of a trader cannot be signed here, and the fault that tells it."""
    if isinstance(unsigned, NoKey):
        return Said("batch.no_key"), (flaw("BATCH-KEY", trader=trader).fault(),)
    fault = flaw("BATCH-SIGNER", trader=trader, reason=unsigned.why).fault()
    return Said("batch.key_not_believed"), (fault,)


def opener_of(runtime: Runtime) -> Opener:
    """What opens the files of batches on this runtime."""

    def binder() -> Binder:
        return runtime.readers.at(runtime.clock.now()).traders

    return Opener(runtime.profile, runtime.settings.saad_law(), runtime.readers.releases, binder)


def helped(runtime: Runtime) -> AbstractContextManager[Helpers]:
    """Helpers for a worker on this runtime, to be begun before any thread is."""
    opener, folder = opener_of(runtime), runtime.data.batches

    def reopen(batch: Batch) -> AbstractContextManager[OpenedBatch]:
        return opener(batch, folder / batch.id / BATCH_FILE, checked=True)

    return helping(reopen, TraderKeys(runtime.data.trader_keys).signer)


def work(root: Path, asked: Callable[[], bool] = lambda: False, clock: Clock | None = None) -> None:
    """Work on the batches of a data directory until nothing is left, or we are ``asked`` to end.

    ``clock`` dates what is done, the machine's unless it is said.

    Whatever holds the store keeps its priority, all else has a lower one.

    Raises NotConfigured, and StoreUnavailable or Busy where it has to be tried again later.
    """
    runtime = build(Parts(root, clock=clock or SystemClock()))
    # What is loaded by now stays, and rows leave no cycles behind: looking for garbage would be a tenth of the work.
    gc.freeze()
    gc.set_threshold(*GARBAGE)
    with closing(runtime.store), helped(runtime) as helpers, Promptly() as promptly:
        with deaf_threads():
            runtime.gateway.writer.start()
        lower(helpers.pids)
        try:
            for _ in Worker(runtime, helpers, promptly).steps():
                if asked():
                    break
        finally:
            runtime.gateway.writer.stop()
            runtime.gateway.turns.stop()


def _lock_of(folder: Path) -> int:
    """The descriptor of what is locked in the folder of a batch, by whoever works on it. Raises OSError."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return os.open(folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)


@contextmanager
def _locked(descriptor: int) -> Iterator[bool]:
    """Whether the lock is ours until the end of the block, or of the process, however that ends."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        yield False
    else:
        yield True
    finally:
        os.close(descriptor)
