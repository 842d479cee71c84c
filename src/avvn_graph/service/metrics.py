"""What is counted, for Prometheus."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, InfoMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from starlette.types import Scope

if TYPE_CHECKING:
    from collections.abc import Iterator

    from avvn_graph.service.graphs import Graphs

CONTENT_TYPE = CONTENT_TYPE_LATEST
_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)


class _GraphState:
    """Reads the pool's own numbers when it is asked for them."""

    def __init__(self, graphs: Graphs) -> None:
        self._graphs = graphs

    def collect(self) -> Iterator[Metric]:
        yield CounterMetricFamily("avvn_graph_swaps", "Builds taken into service after the first.", value=self._graphs.swaps)
        snapshot = self._graphs.now
        if snapshot is None:
            return
        pool = snapshot.pool
        yield InfoMetricFamily("avvn_graph_build", "The build that is served.", {"id": snapshot.build.id})
        yield GaugeMetricFamily("avvn_graph_queries_running", "Queries being evaluated.", pool.busy)
        yield GaugeMetricFamily("avvn_graph_queries_waiting", "Queries waiting for a worker.", pool.queued)
        yield CounterMetricFamily("avvn_graph_query_timeouts", "Queries stopped at their limit, of this build.", pool.timeouts)
        yield CounterMetricFamily("avvn_graph_result_cache_hits", "SPARQL answers from memory, of this build.", snapshot.results.hits + snapshot.whole.hits)
        yield CounterMetricFamily("avvn_graph_result_cache_misses", "SPARQL answers asked of the store, of this build.", snapshot.results.misses)
        yield GaugeMetricFamily("avvn_graph_result_cache_bytes", "Bytes of SPARQL answers in memory.", snapshot.results.size + snapshot.whole.size)
        yield CounterMetricFamily("avvn_graph_cache_hits", "Canned answers from memory, of this build.", snapshot.hits)
        yield CounterMetricFamily("avvn_graph_cache_misses", "Canned answers asked of the store, of this build.", snapshot.misses)


def route(scope: Scope) -> str:
    """The path template of the route that answered, never what was asked."""
    found: Any = scope.get("route")
    return str(getattr(found, "path", None) or "none")


class Metrics:
    """The counters of one app."""

    def __init__(self, graphs: Graphs) -> None:
        """Its own registry: two apps in one process count apart."""
        self._registry = CollectorRegistry()
        self._registry.register(_GraphState(graphs))
        self._requests = Counter("avvn_graph_requests", "Requests.", ["route", "status"], registry=self._registry)
        self._seconds = Histogram(
            "avvn_graph_request_seconds", "Time to answer.", ["route"], buckets=_BUCKETS, registry=self._registry
        )
        self._by_route: dict[tuple[str, int], tuple[Counter, Histogram]] = {}
        """As ``labels`` would find them, only sooner."""

    def seen(self, scope: Scope, status: int, seconds: float) -> None:
        """Count a request by its route, never by its path: what people ask is not to be found here."""
        key = (route(scope), status)
        counters = self._by_route.get(key)
        if counters is None:
            counters = self._by_route[key] = (self._requests.labels(key[0], str(status)), self._seconds.labels(key[0]))
        counters[0].inc()
        counters[1].observe(seconds)

    def text(self) -> bytes:
        """In Prometheus' text format."""
        return generate_latest(self._registry)
