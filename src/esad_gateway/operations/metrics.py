"""The table of metrics: what each is called, by what it is told apart, and where its values come from."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from importlib.metadata import version
from itertools import accumulate
from typing import Final

from esad_gateway.build import own_build
from esad_gateway.gateway.tally import MOST_NAMES, Occurrences, Spread, Spreads
from esad_gateway.operations.observed import InStore, Observed
from esad_gateway.store.outbox import PeerBacklog
from esad_gateway.web.problems import KINDS

Value = float | Spread
Sample = tuple[Sequence[str], Value]


class MetricKind(StrEnum):
    """The kinds of metrics."""

    COUNTER = "counter"
    GAUGE = "gauge"
    HISTOGRAM = "histogram"


class Of(StrEnum):
    """Whose the values are where several processes work on one store."""

    PROCESS = "process"
    STORE = "store"


@dataclass(frozen=True, slots=True)
class Metric:
    """A metric; ``name`` is without the ``_total`` of a counter, ``samples`` gives its values now."""

    name: str
    kind: MetricKind
    of: Of
    labels: tuple[str, ...]
    text: str
    samples: Callable[[Observed], Iterable[Sample]]

    @property
    def shown(self) -> str:
        """The name under which its values are found."""
        return f"{self.name}_total" if self.kind is MetricKind.COUNTER else self.name


def buckets(spread: Spread) -> list[tuple[str, float]]:
    """A spread as Prometheus has it: how many values were up to each bound."""
    bounds = [*map(str, spread.bounds), "+Inf"]
    return list(zip(bounds, accumulate(spread.counts), strict=True))


def _counts(counts: Occurrences) -> Iterator[Sample]:
    return ((tuple(map(_named, names)), float(many)) for names, many in counts)


def _spreads(spreads: Spreads) -> Iterator[Sample]:
    return ((tuple(map(_named, names)), spread) for names, spread in spreads)


def _named(name: object) -> str:
    """A name of the tally; an exception's class by the kind of problem with which it is answered."""
    if not isinstance(name, type):
        return str(name)
    return next((KINDS[cls][1] for cls in name.__mro__ if cls in KINDS), "internal")


def _build(observed: Observed) -> Iterator[Sample]:
    yield (observed.administration, version("esad-gateway"), own_build()), 1


def _ready(observed: Observed) -> Iterator[Sample]:
    return (((name,), float(why is None)) for name, why in observed.ready.checks.items())


def _free(observed: Observed) -> Iterator[Sample]:
    yield (), observed.free


def _answers(observed: Observed) -> Iterator[Sample]:
    yield (), float(observed.stored is not None)


def _stored(samples: Callable[[InStore, Observed], Iterable[Sample]]) -> Callable[[Observed], Iterable[Sample]]:
    """Values out of the store, of which there are none while it cannot be read."""
    return lambda observed: () if observed.stored is None else list(samples(observed.stored, observed))[:MOST_NAMES]


def _documents(stored: InStore, _: Observed) -> Iterator[Sample]:
    return (sample for line in stored.lines for sample in _line(line))


def _line(line: PeerBacklog) -> Iterator[Sample]:
    yield (line.destination, "waiting"), line.waiting
    yield (line.destination, "refused"), line.refused
    yield (line.destination, "dead"), line.dead


def _oldest(stored: InStore, observed: Observed) -> Iterator[Sample]:
    return (((peer,), max(0.0, (observed.now - at).total_seconds())) for peer, at in stored.oldest.items())


def _undecided(stored: InStore, _: Observed) -> Iterator[Sample]:
    yield (), stored.undecided


def _lag(stored: InStore, _: Observed) -> Iterator[Sample]:
    yield (), stored.lag.total_seconds()


def _days(stored: InStore, observed: Observed) -> Iterator[Sample]:
    return (((life.use, life.holder), (life.end - observed.now) / timedelta(days=1)) for life in stored.lives)


METRICS: Final = (
    Metric(
        "esad_build_info",
        MetricKind.GAUGE,
        Of.PROCESS,
        ("administration", "version", "build"),
        "Which gateway this is; always 1.",
        _build,
    ),
    Metric(
        "esad_messages",
        MetricKind.COUNTER,
        Of.PROCESS,
        ("door", "outcome"),
        "Answered messages: accepted, parked, refused (kept with their faults), repeated, not_taken (nobody's), "
        "undecided (a defect), failed (nothing was written).",
        lambda one: _counts(one.tally.messages),
    ),
    Metric(
        "esad_refusals",
        MetricKind.COUNTER,
        Of.PROCESS,
        ("door", "code"),
        "Refused messages by functional error code; a message with several codes counts for each of them.",
        lambda one: _counts(one.tally.refusals),
    ),
    Metric(
        "esad_not_taken",
        MetricKind.COUNTER,
        Of.PROCESS,
        ("door", "reason"),
        "Documents that stand in no mailbox, by the kind of problem with which they were answered.",
        lambda one: _counts(one.tally.not_taken),
    ),
    Metric(
        "esad_message_seconds",
        MetricKind.HISTOGRAM,
        Of.PROCESS,
        ("door",),
        "From the whole document to its receipt, which comes after the commit.",
        lambda one: _spreads(one.tally.message_seconds),
    ),
    Metric(
        "esad_group_messages",
        MetricKind.HISTOGRAM,
        Of.PROCESS,
        (),
        "How many messages one transaction has written.",
        lambda one: [((), one.tally.groups)],
    ),
    Metric(
        "esad_group_seconds",
        MetricKind.HISTOGRAM,
        Of.PROCESS,
        (),
        "How long a group took to be decided, signed and written.",
        lambda one: [((), one.tally.group_seconds)],
    ),
    Metric(
        "esad_requests",
        MetricKind.COUNTER,
        Of.PROCESS,
        ("route", "method", "status"),
        "Requests that were answered.",
        lambda one: _counts(one.tally.requests),
    ),
    Metric(
        "esad_request_seconds",
        MetricKind.HISTOGRAM,
        Of.PROCESS,
        ("route",),
        "From the head of a request to the head of its answer; those that wait for news have a route of their own.",
        lambda one: _spreads(one.tally.request_seconds),
    ),
    Metric(
        "esad_delivery_tries",
        MetricKind.COUNTER,
        Of.PROCESS,
        ("destination", "reception"),
        "Tries to deliver a document: acknowledged, refused, failed, unreachable.",
        lambda one: _counts(one.tally.tries),
    ),
    Metric(
        "esad_delivery_seconds",
        MetricKind.HISTOGRAM,
        Of.PROCESS,
        ("destination",),
        "How long an administration took to answer a try.",
        lambda one: _spreads(one.tally.try_seconds),
    ),
    Metric(
        "esad_outbox_documents",
        MetricKind.GAUGE,
        Of.STORE,
        ("destination", "standing"),
        "Documents that were not delivered: waiting in line, refused (tried again alone), dead letters.",
        _stored(_documents),
    ),
    Metric(
        "esad_outbox_oldest_seconds",
        MetricKind.GAUGE,
        Of.STORE,
        ("destination",),
        "How long the oldest document that is not given up has waited.",
        _stored(_oldest),
    ),
    Metric(
        "esad_undecided_messages",
        MetricKind.GAUGE,
        Of.STORE,
        (),
        "Messages, clocks and parked messages that a defect keeps from being decided.",
        _stored(_undecided),
    ),
    Metric(
        "esad_clock_lag_seconds",
        MetricKind.GAUGE,
        Of.STORE,
        (),
        "How long the first clock, parked message or held report that is due waits to be acted on.",
        _stored(_lag),
    ),
    Metric(
        "esad_certificate_days_left",
        MetricKind.GAUGE,
        Of.STORE,
        ("use", "holder"),
        "Days until nothing that is believed is left: own, peer, authority; until the next revocation list is due.",
        _stored(_days),
    ),
    Metric(
        "esad_store_answers",
        MetricKind.GAUGE,
        Of.PROCESS,
        (),
        "Whether the store could be read for this answer; where it is 0, what comes out of it is left out.",
        _answers,
    ),
    Metric(
        "esad_ready",
        MetricKind.GAUGE,
        Of.PROCESS,
        ("check",),
        "What /ready says of each of its checks: 1 when it is in order.",
        _ready,
    ),
    Metric("esad_disk_free_bytes", MetricKind.GAUGE, Of.PROCESS, (), "Room that is left where the store is.", _free),
)
"""Every metric, in the order in which they are told."""
