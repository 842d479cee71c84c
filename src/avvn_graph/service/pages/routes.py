"""The addresses of the pages. A problem is a page too, for a client that asks for one."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from fastapi.routing import APIRoute
from starlette.responses import Response

from avvn_graph.errors import AvvnError
from avvn_graph.service import lookups, problems
from avvn_graph.service.deps import State, state
from avvn_graph.service.linked_data import thing_iri
from avvn_graph.service.negotiation import HTML, best, content_type
from avvn_graph.service.pages import answer, entity, home, kinds, letter, site
from avvn_graph.service.pages.layout import render
from avvn_graph.service.problems import ProblemError
from avvn_graph.store.base import TURTLE

App = Annotated[State, Depends(state)]


class PageRoute(APIRoute):
    """A route whose problems are shown as a page to a browser, and stay problem documents for programs."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """See FastAPI."""
        handler = super().get_route_handler()

        async def shown(request: Request) -> Response:
            try:
                return await handler(request)
            except (ProblemError, AvvnError) as error:
                if best(request.headers.get("accept"), (problems.MEDIA_TYPE, HTML)) != HTML:
                    raise
                status = error.status if isinstance(error, ProblemError) else problems.of(error).status_code
                return render(request, "problem.html", status, title=str(status), code=status, detail=str(error))

        return shown


router = APIRouter(route_class=PageRoute, include_in_schema=False)


@router.get("/")
async def first(request: Request, app: App, q: Annotated[str | None, Query(max_length=500)] = None) -> Response:
    """The question box or, when something was asked, the answer."""
    if not q or not q.strip() or app.graphs.now is None:
        return await home.home(request, app)
    async with app.graphs.lease() as snapshot:
        return await answer.question(request, app, snapshot, q.strip())


@router.get("/queries")
async def queries(request: Request, app: App, query: Annotated[str | None, Query(max_length=100)] = None) -> Response:
    """The catalogue; with ``?query=`` to one of them, with the parameters that it shares."""
    if query:
        return answer.chosen(request, app, query)
    return await site.catalogue(request, app)


@router.get("/queries/{name}.ttl")
async def turtle(request: Request, app: App, name: str) -> Response:
    """What a canned query found as Turtle: statements, evidence, names."""
    query = answer.known(app, name)
    async with app.graphs.lease() as snapshot:
        _, rows, _ = await lookups.run(snapshot, query, answer.given(request, query), app.settings.base_iri)
        result = await snapshot.query(answer.turtle(rows), media_type=TURTLE, prefixes=lookups.PREFIXES)
    return Response(result.body, headers={"content-type": content_type(TURTLE)})


@router.get("/queries/{name}")
async def canned(request: Request, app: App, name: str) -> Response:
    """A canned query: its form and its answer."""
    async with app.graphs.lease() as snapshot:
        return await answer.canned(request, app, snapshot, name)


@router.get("/quality")
async def quality(request: Request) -> Response:
    """How good the graph is."""
    return site.quality(request)


@router.get("/about")
async def about(request: Request, app: App) -> Response:
    """What this is."""
    return await site.about(request, app)


@router.get("/docs")
async def docs(request: Request) -> Response:
    """The API's manual; from the OpenAPI document, without scripts from elsewhere."""
    return site.docs(request, request.app.openapi())


@router.get("/page")
async def register(request: Request, app: App) -> Response:
    """All kinds of things."""
    async with app.graphs.lease() as snapshot:
        return await kinds.register(request, app, snapshot)


@router.get("/page/ontology")
async def ontology(request: Request, app: App) -> Response:
    """The ontology for people."""
    async with app.graphs.lease() as snapshot:
        return await site.ontology(request, app, snapshot)


@router.get("/page/sparql")
async def sparql(request: Request, app: App) -> Response:
    """The editor."""
    return await site.editor(request, app)


@router.get("/page/{kind}")
async def index(request: Request, app: App, kind: str) -> Response:
    """All things of a kind."""
    async with app.graphs.lease() as snapshot:
        return await kinds.index(request, app, snapshot, kind)


@router.get("/page/{kind}/{key:path}")
async def thing(request: Request, app: App, kind: str, key: str) -> Response:
    """A thing for people."""
    iri = thing_iri(app.settings.base_iri, kind, key)
    async with app.graphs.lease() as snapshot:
        await lookups.must_know(snapshot, iri)
        if kind == "document":
            return await letter.page(request, app, snapshot, iri)
        return await entity.page(request, app, snapshot, iri, kind)
