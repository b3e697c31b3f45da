"""Samples as text for Prometheus."""

from collections.abc import Iterable, Iterator
from itertools import accumulate
from typing import Final

from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    Metric,
)
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest
from prometheus_client.registry import Collector, CollectorRegistry

from apps.delivery.measures import BUCKETS, Times
from whispercms.metrics.families import FAMILIES, Kind, Sample

CONTENT_TYPE: Final = CONTENT_TYPE_PLAIN_0_0_4
KINDS: Final = {
    Kind.COUNTER: CounterMetricFamily,
    Kind.GAUGE: GaugeMetricFamily,
    Kind.HISTOGRAM: HistogramMetricFamily,
}
BOUNDS: Final = (*(str(bound) for bound in BUCKETS), "+Inf")


def exposed(samples: Iterable[Sample]) -> bytes:
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Given(list(samples)))
    return generate_latest(registry)


class _Given(Collector):
    def __init__(self, samples: list[Sample]) -> None:
        self._samples = samples

    def collect(self) -> Iterator[Metric]:
        for family in FAMILIES:
            metric = KINDS[family.kind](family.name, family.help, labels=family.labels)
            for each in sorted(
                (each for each in self._samples if each.family is family),
                key=lambda each: each.labels,
            ):
                if isinstance(each.value, Times):
                    buckets = list(zip(BOUNDS, accumulate(each.value.counts), strict=True))
                    metric.add_metric(each.labels, buckets, sum_value=each.value.seconds)
                else:
                    metric.add_metric(each.labels, each.value)
            if metric.samples:
                yield metric
