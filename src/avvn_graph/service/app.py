"""The ASGI app: ``uvicorn --factory avvn_graph.service.app:create_app``."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Annotated, Any

from brotli_asgi import BrotliMiddleware
from fastapi import Depends, FastAPI
from starlette.responses import JSONResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Receive, Scope, Send

from avvn_graph import __version__
from avvn_graph.catalogue import load
from avvn_graph.service import (
    api,
    complete,
    dataset,
    feeds,
    graph_store,
    linked_data,
    metrics,
    neighbours,
    prefixes,
    problems,
    reconcile,
    sparql,
    update,
    web_annotations,
)
from avvn_graph.service.background import beside
from avvn_graph.service.clients import Clients
from avvn_graph.service.deps import State, state
from avvn_graph.service.edge import Edge
from avvn_graph.service.express import Express
from avvn_graph.service.graphs import Graphs
from avvn_graph.service.pages import routes as pages
from avvn_graph.service.pages import site, warm
from avvn_graph.settings import Settings, get_settings

_STATIC = Path(__file__).resolve().parent / "static"
_DESCRIPTION = (
    "Letters to the Dutch parliament about the United Nations General Assembly, as a knowledge graph in which every fact has "
    "its sentence."
)
App = Annotated[State, Depends(state)]


class Service(FastAPI):
    """A FastAPI app that has something before all of the framework's own layers, which take as long as a small answer does."""

    before: ASGIApp | None = None
    """Gets every HTTP request; passes on to ``within`` what it does not answer itself."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if self.before and scope["type"] == "http":
            scope["app"] = self
            await self.before(scope, receive, send)
        else:
            await super().__call__(scope, receive, send)

    async def within(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer by the routes."""
        await super().__call__(scope, receive, send)


def create_app(settings: Settings | None = None) -> Service:
    """The service over the published graph; it starts with none too, and takes the first that is built.

    Raises AvvnError when the canned queries cannot be read.
    """
    settings = settings or get_settings()
    graphs = Graphs(settings)
    counted = metrics.Metrics(graphs)
    writer = update.writer_for(settings)
    shared = State(settings, graphs, load(settings.queries), counted, Clients(settings.queries_per_client), writer)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        await graphs.open()
        try:
            async with beside(counted.keep_fresh()), beside(warm.keep_warm(shared, app.openapi, site.quality_text)):
                yield
        finally:
            await graphs.close()
            if writer:
                await writer.close()

    app = Service(
        title="avvn-graph", version=__version__, description=_DESCRIPTION, lifespan=lifespan, docs_url=None, redoc_url=None,
        swagger_ui_oauth2_redirect_url=None,
    )
    app.state.avvn = shared
    problems.install(app)
    # Pages and what they load; results of queries may be of any size, and are left as they are.
    app.add_middleware(BrotliMiddleware, quality=5, minimum_size=1000, excluded_handlers=[r"^/(?!$|page|queries|quality|about|docs$|static/)"])
    direct = {("GET", "/sparql"): sparql.get_sparql, ("POST", "/sparql"): sparql.post_sparql}
    express = Express(app.within, handlers=direct, state=shared)
    app.before = Edge(
        express, max_body_bytes=settings.max_body_bytes, metrics=counted, graphs=graphs, quick={"/sparql": sparql.look_up}, log=settings.access_log,
    )
    app.include_router(sparql.router)
    app.include_router(graph_store.router)
    app.include_router(api.router)
    app.include_router(complete.router)
    app.include_router(neighbours.router)
    app.include_router(prefixes.router)
    app.include_router(linked_data.router)
    app.include_router(web_annotations.router)
    app.include_router(dataset.router)
    app.include_router(feeds.router)
    app.include_router(reconcile.router)
    _operations(app)
    _pages(app)
    app.mount("/static", StaticFiles(directory=_STATIC), name="static")
    return app


def _operations(app: FastAPI) -> None:
    @app.get("/healthz", tags=["Operations"], summary="Is the process alive?")
    async def healthz() -> dict[str, str]:
        """Always, when it answers at all."""
        return {"status": "ok"}

    @app.get("/readyz", tags=["Operations"], summary="Can it answer?", responses={503: {"model": problems.Problem}})
    async def readyz(app: App) -> dict[str, Any]:
        """Asks the store something; 503 when there is no graph yet."""
        async with app.graphs.lease() as snapshot:
            await snapshot.query("ASK {}")
            return {"status": "ready", "build": snapshot.build.id, "graphIs": snapshot.pool.held, "workersIsolatedBy": snapshot.pool.isolated}

    @app.get("/metrics", tags=["Operations"], summary="Prometheus metrics", response_class=Response)
    async def prometheus(app: App) -> Response:
        """Requests by route and status, times, the pool, the build."""
        return Response(app.metrics.text(), headers={"content-type": metrics.CONTENT_TYPE})


def _pages(app: FastAPI) -> None:
    app.include_router(pages.router)

    @app.get("/favicon.ico", include_in_schema=False)
    async def favicon() -> Response:
        """There is none."""
        return JSONResponse(None, 204)
