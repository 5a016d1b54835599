"""The table of metrics in the text that Prometheus reads, or in OpenMetrics, by its own library."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

from prometheus_client import CollectorRegistry, ProcessCollector
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily
from prometheus_client.exposition import choose_encoder
from prometheus_client.metrics_core import Metric as Family
from prometheus_client.registry import Collector

from esad_gateway.gateway.tally import Spread
from esad_gateway.operations.metrics import METRICS, Metric, MetricKind, buckets
from esad_gateway.operations.observed import Observed

_Family = CounterMetricFamily | GaugeMetricFamily | HistogramMetricFamily
_FAMILIES: Final[Mapping[MetricKind, type[_Family]]] = MappingProxyType(
    {
        MetricKind.COUNTER: CounterMetricFamily,
        MetricKind.GAUGE: GaugeMetricFamily,
        MetricKind.HISTOGRAM: HistogramMetricFamily,
    }
)


class _Told(Collector):
    """The table, as the library wants it."""

    def __init__(self, observed: Observed) -> None:
        self._observed = observed

    def collect(self) -> Iterator[Family]:
        return (_family(metric, self._observed) for metric in METRICS)


def _family(metric: Metric, observed: Observed) -> Family:
    family = _FAMILIES[metric.kind](metric.name, metric.text, labels=metric.labels)
    for labels, value in metric.samples(observed):
        if isinstance(family, HistogramMetricFamily) and isinstance(value, Spread):
            family.add_metric(labels, buckets(value), value.sum)
        elif isinstance(family, CounterMetricFamily | GaugeMetricFamily) and not isinstance(value, Spread):
            family.add_metric(labels, value)
    return family


def exposed(observed: Observed, accept: str = "") -> tuple[bytes, str]:
    """What is told of a gateway, with that of its process, and the media type of that."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Told(observed))
    ProcessCollector(registry=registry)
    encode, media_type = choose_encoder(accept)
    return encode(registry), media_type
