"""The ASGI app: ``uvicorn --factory avvn_graph.service.app:create_app``."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Annotated, Any

from fastapi import Depends, FastAPI, Query, Request
from starlette.responses import JSONResponse, Response
from starlette.staticfiles import StaticFiles

from avvn_graph import __version__
from avvn_graph.catalogue import load
from avvn_graph.errors import AvvnError
from avvn_graph.service import api, asking, linked_data, metrics, pages, problems, sparql
from avvn_graph.service.deps import State, state
from avvn_graph.service.edge import Edge
from avvn_graph.service.graphs import Graphs
from avvn_graph.settings import Settings, get_settings

_STATIC = Path(__file__).resolve().parent / "static"
_DESCRIPTION = (
    "Letters to the Dutch parliament about the United Nations General Assembly, as a knowledge graph in which every fact has "
    "its sentence."
)
App = Annotated[State, Depends(state)]


def create_app(settings: Settings | None = None) -> FastAPI:
    """The service over the published graph; it starts with none too, and takes the first that is built.

    Raises AvvnError when the canned queries cannot be read.
    """
    settings = settings or get_settings()
    graphs = Graphs(settings)
    counted = metrics.Metrics(graphs)
    shared = State(settings, graphs, load(settings.queries), counted)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        await graphs.open()
        try:
            yield
        finally:
            await graphs.close()

    app = FastAPI(
        title="avvn-graph", version=__version__, description=_DESCRIPTION, lifespan=lifespan, docs_url=None, redoc_url=None,
        swagger_ui_oauth2_redirect_url=None,
    )
    app.state.avvn = shared
    problems.install(app)
    app.add_middleware(Edge, max_body_bytes=settings.max_body_bytes, metrics=counted)
    app.include_router(sparql.router)
    app.include_router(api.router)
    app.include_router(linked_data.router)
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
            return {"status": "ready", "build": snapshot.build.id, "workersIsolatedBy": snapshot.pool.isolated}

    @app.get("/metrics", tags=["Operations"], summary="Prometheus metrics", response_class=Response)
    async def prometheus(app: App) -> Response:
        """Requests by route and status, times, the pool, the build."""
        return Response(app.metrics.text(), headers={"content-type": metrics.CONTENT_TYPE})


def _pages(app: FastAPI) -> None:
    @app.get("/", include_in_schema=False)
    async def home(
        request: Request, app: App, q: Annotated[str | None, Query(max_length=500)] = None,
    ) -> Response:
        """The question box and, below it, the answer."""
        if not app.graphs.now:
            return await pages.home(request, app)
        async with app.graphs.lease() as snapshot:
            if not q or not q.strip():
                return await pages.home(request, app, suggestions=asking.examples(app, pages.language(request)))
            try:
                answer = await asking.ask(app, snapshot, q)
            except AvvnError as error:
                return await pages.home(request, app, question=q, problem=str(error))
            rows = asking.rows(answer)
            shown = asking.columns(rows)
            names = await api.Names.of(snapshot, {i for row in rows for c in shown if c in row for i in _iris(row[c])})
            table = [
                {
                    "cells": [
                        [{"iri": i, "label": names.label(i)} for i in _iris(row[c])] or [{"iri": "", "label": row[c].value}]
                        if c in row else [] for c in shown
                    ],
                    "evidence": api.evidence([row]),
                } for row in rows[:_MOST_ROWS]
            ]
        found = {
            "answered": answer.query is not None, "title": None, "text": answer.summary, "columns": shown, "rows": table,
            "total": len(rows), "sparql": answer.sparql,
        }
        return await pages.home(request, app, question=q, answer=found, suggestions=list(answer.nearest))

    @app.get("/docs", include_in_schema=False)
    async def docs(request: Request) -> Response:
        """The API's manual; from the OpenAPI document, without scripts from elsewhere."""
        return pages.docs(request, request.app.openapi())

    @app.get("/favicon.ico", include_in_schema=False)
    async def favicon() -> Response:
        """There is none."""
        return JSONResponse(None, 204)


_MOST_ROWS = 200


def _iris(term: Any) -> list[str]:
    parts = term.value.split()
    return parts if parts and all(p.startswith(("http://", "https://")) for p in parts) else []
