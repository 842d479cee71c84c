"""What is counted, for Prometheus."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.core import InfoMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead
from starlette.types import Scope

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from avvn_graph.service.graphs import Graphs

CONTENT_TYPE = CONTENT_TYPE_LATEST
FOLDER = "PROMETHEUS_MULTIPROC_DIR"
"""The variable that names the folder in which the processes of one server count together; prometheus_client reads it too."""
_EACH_SECONDS = 1.0
_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)


_COUNTED: list[tuple[str, str, Callable[[Graphs], float]]] = [
    ("swaps", "Builds taken into service after the first.", lambda g: g.swaps),
    ("query_timeouts", "Queries stopped at their limit.", lambda g: g.now.pool.timeouts if g.now else 0),
    ("result_cache_hits", "SPARQL answers from memory.", lambda g: g.now.results.hits + g.now.whole.hits if g.now else 0),
    ("result_cache_misses", "SPARQL answers asked of the store.", lambda g: g.now.results.misses if g.now else 0),
    ("cache_hits", "Canned answers from memory.", lambda g: g.now.hits if g.now else 0),
    ("cache_misses", "Canned answers asked of the store.", lambda g: g.now.misses if g.now else 0),
]
_MEASURED: list[tuple[str, str, Callable[[Graphs], float]]] = [
    ("queries_running", "Queries being evaluated.", lambda g: g.now.pool.busy if g.now else 0),
    ("queries_waiting", "Queries waiting for a worker.", lambda g: g.now.pool.queued if g.now else 0),
    ("result_cache_bytes", "Bytes of SPARQL answers in memory.", lambda g: g.now.results.size + g.now.whole.size if g.now else 0),
]


class _Build:
    """Names the build that is served."""

    def __init__(self, graphs: Graphs) -> None:
        self._graphs = graphs

    def collect(self) -> Iterator[Metric]:
        if self._graphs.now is not None:
            yield InfoMetricFamily("avvn_graph_build", "The build that is served.", {"id": self._graphs.now.build.id})


def route(scope: Scope) -> str:
    """The path template of the route that answered, never what was asked."""
    found: Any = scope.get("route")
    return str(getattr(found, "path", None) or "none")


class Metrics:
    """The counters of one app, and of the other processes of the same server."""

    def __init__(self, graphs: Graphs) -> None:
        """Its own registry: two apps in one process count apart."""
        self._graphs = graphs
        self._shared = os.environ.get(FOLDER)
        own = self._registry = CollectorRegistry()
        self._out = CollectorRegistry() if self._shared else own
        if self._shared:
            MultiProcessCollector(self._out, self._shared)
        self._out.register(_Build(graphs))
        self._requests = Counter("avvn_graph_requests", "Requests.", ["route", "status"], registry=own)
        self._seconds = Histogram("avvn_graph_request_seconds", "Time to answer.", ["route"], buckets=_BUCKETS, registry=own)
        self._by_route: dict[tuple[str, int], tuple[Counter, Histogram]] = {}
        """As ``labels`` would find them, only sooner."""
        self._counters = [
            (Counter(f"avvn_graph_{name}", help_, registry=own), read) for name, help_, read in _COUNTED
        ]
        self._gauges = [
            (Gauge(f"avvn_graph_{name}", help_, registry=own, multiprocess_mode="livesum"), read) for name, help_, read in _MEASURED
        ]
        self._before = [0.0] * len(self._counters)

    def seen(self, scope: Scope, status: int, seconds: float) -> None:
        """Count a request by its route, never by its path: what people ask is not to be found here."""
        key = (route(scope), status)
        counters = self._by_route.get(key)
        if counters is None:
            counters = self._by_route[key] = (self._requests.labels(key[0], str(status)), self._seconds.labels(key[0]))
        counters[0].inc()
        counters[1].observe(seconds)

    def _look(self) -> None:
        """Take over what the graphs and their pool have counted themselves."""
        for at, (counter, read) in enumerate(self._counters):
            now = read(self._graphs)
            counter.inc(now - self._before[at] if now >= self._before[at] else now)  # a new build begins from nought
            self._before[at] = now
        for gauge, measure in self._gauges:
            gauge.set(measure(self._graphs))

    async def keep_fresh(self) -> None:
        """Without end: what other processes of the server can tell of this one is no older than a second."""
        while self._shared:
            self._look()
            await asyncio.sleep(_EACH_SECONDS)

    def text(self) -> bytes:
        """In Prometheus' text format, all processes of the server together."""
        self._look()
        if self._shared:
            for file in Path(self._shared).glob("gauge_live*.db"):
                pid = int(file.stem.rpartition("_")[2])
                try:
                    os.kill(pid, 0)  # asks whether it lives
                except ProcessLookupError:
                    mark_process_dead(pid, self._shared)
        return generate_latest(self._out)
