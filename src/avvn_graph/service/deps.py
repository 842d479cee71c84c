"""What the routes share: settings, the graph that is served, the canned queries."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from fastapi import Request

from avvn_graph.catalogue import CannedQuery
from avvn_graph.service.graphs import Graphs
from avvn_graph.service.metrics import Metrics
from avvn_graph.settings import Settings

if TYPE_CHECKING:
    from avvn_graph.ask import Asker


@dataclass(frozen=True, slots=True)
class State:
    """One app's state."""

    settings: Settings
    graphs: Graphs
    catalogue: Mapping[str, CannedQuery]
    metrics: Metrics
    askers: dict[str, Asker] = field(default_factory=dict)
    """The question box of the build that is served, by the build's id."""
    making: asyncio.Lock = field(default_factory=asyncio.Lock)
    """Held while an asker is being made."""


async def state(request: Request) -> State:
    """The app's state, as a dependency."""
    found: State = request.app.state.avvn
    return found
