"""What the routes share: settings, the graph that is served, the canned queries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from fastapi import Request

from avvn_graph.catalogue import CannedQuery
from avvn_graph.service.clients import Clients
from avvn_graph.service.graphs import Graphs
from avvn_graph.service.metrics import Metrics
from avvn_graph.settings import Settings
from avvn_graph.store.writing import WriteService


@dataclass(frozen=True, slots=True)
class State:
    """One app's state."""

    settings: Settings
    graphs: Graphs
    catalogue: Mapping[str, CannedQuery]
    metrics: Metrics
    clients: Clients
    writer: WriteService | None = None
    """Only of a server that takes updates."""


async def state(request: Request) -> State:
    """The app's state, as a dependency."""
    found: State = request.app.state.avvn
    return found
