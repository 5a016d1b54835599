"""What is looked up for whoever asks for metrics, beside what was counted: it is in the store, and on the disk."""

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from esad_gateway.bootstrap import Runtime
from esad_gateway.errors import OwnError
from esad_gateway.gateway.tally import Counters
from esad_gateway.operations.lives import Life, Lives
from esad_gateway.operations.ready import OWN_DUTIES, ReadyNow
from esad_gateway.store.outbox import Outbox, PeerBacklog
from esad_gateway.store.undecided import UndecidedMessages


@dataclass(frozen=True, slots=True)
class InStore:
    """What the store says at a moment; ``lag`` is how long what is due waits to be done."""

    lines: Sequence[PeerBacklog]
    oldest: Mapping[str, datetime]
    undecided: int
    lag: timedelta
    lives: Sequence[Life]


@dataclass(frozen=True, slots=True, kw_only=True)
class Observed:
    """All that metrics are made of; ``stored`` is ``None`` while the store cannot be read."""

    administration: str
    now: datetime
    tally: Counters
    ready: ReadyNow
    free: int
    stored: InStore | None = field(default=None)


class Observer:
    """Looks into a gateway."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._lives = Lives(runtime.data, runtime.registry, runtime.profile.address)

    def observe(self, ready: ReadyNow) -> Observed:
        """What there is to say now; what was found of its readiness is said with it."""
        runtime = self._runtime
        now = runtime.clock.now()
        return Observed(
            administration=runtime.profile.address,
            now=now,
            tally=runtime.tally,
            ready=ready,
            free=shutil.disk_usage(runtime.data.root).free,
            stored=self._stored(now),
        )

    def _stored(self, now: datetime) -> InStore | None:
        store = self._runtime.store
        try:
            outbox, due = Outbox(store), store.upcoming(*OWN_DUTIES)
            return InStore(
                lines=outbox.lines(),
                oldest=outbox.oldest(),
                undecided=UndecidedMessages(store.reader).count(),
                lag=max(now - due[0].at, timedelta(0)) if due else timedelta(0),
                lives=self._lives.at(now),
            )
        except OwnError:
            return None
