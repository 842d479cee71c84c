"""The SPARQL 1.1 Graph Store Protocol: whole graphs by name; reading for all, writing for those with the token."""

from __future__ import annotations

import uuid
from typing import Annotated, Any

import pyoxigraph as ox
from fastapi import APIRouter, Depends, Request
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException
from starlette.responses import Response

from avvn_graph.service import update
from avvn_graph.service.compression import compressed
from avvn_graph.service.deps import State, state
from avvn_graph.service.negotiation import GRAPH_FORMATS, GRAPH_OFFERS, best, content_type
from avvn_graph.service.problems import Problem, ProblemError
from avvn_graph.store.base import GRAPH_TYPES, JSON
from avvn_graph.store.curation import own_graph
from avvn_graph.store.writing import GraphMissing, GraphProtected, Part, WriteService

router = APIRouter(tags=["Graph store"])
App = Annotated[State, Depends(state)]

_MULTIPART = "multipart/form-data"
_PARAMETERS: list[dict[str, Any]] = [
    {"name": "graph", "in": "query", "schema": {"type": "string", "format": "iri"}, "description": "The graph's IRI."},
    {"name": "default", "in": "query", "schema": {"type": "string"}, "description": "Give it, empty, for the default graph."},
]
_BODY: dict[str, Any] = {"requestBody": {"required": True, "content": {
    **{t: {"schema": {"type": "string"}} for t in GRAPH_TYPES},
    _MULTIPART: {"schema": {"type": "object", "additionalProperties": {"type": "string", "format": "binary"}}},
}}}


def _problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    return {status: {"model": Problem} for status in statuses}


_READ: dict[int | str, dict[str, Any]] = {
    200: {"description": "The whole graph.", "content": {t: {} for t in GRAPH_TYPES}}, **_problems(400, 404, 406, 422, 503, 504),
}
_WRITE: dict[int | str, dict[str, Any]] = {
    201: {"description": "There is a new graph."}, 204: {"description": "Done."}, **_problems(400, 401, 403, 404, 413, 415, 503, 504),
}


@router.get("/graph-store", summary="A graph", responses=_READ, response_class=Response, openapi_extra={"parameters": _PARAMETERS})
async def get_indirect(request: Request, app: App) -> Response:
    """All of a graph, by `?graph=` or `?default`."""
    return await _get(request, app, _named(request))


@router.put("/graph-store", summary="Replace a graph", responses=_WRITE, response_class=Response,
            openapi_extra={"parameters": _PARAMETERS, **_BODY})
async def put_indirect(request: Request, app: App) -> Response:
    """Needs the token."""
    writer = update.authorised(request, app)
    return await _write(request, app, writer, _named(request), replace=True)


@router.post("/graph-store", summary="Add to a graph", responses=_WRITE, response_class=Response,
             openapi_extra={"parameters": _PARAMETERS, **_BODY})
async def post_indirect(request: Request, app: App) -> Response:
    """Needs the token. Without a graph it makes a new one, whose IRI is in `Location`."""
    writer = update.authorised(request, app)
    if not request.scope["query_string"]:
        fresh = f"{own_graph(app.settings.base_iri)}/{uuid.uuid4()}"
        response = await _write(request, app, writer, fresh, replace=False)
        response.headers["location"] = fresh
        return response
    return await _write(request, app, writer, _named(request), replace=False)


@router.delete("/graph-store", summary="Remove a graph", responses=_WRITE, response_class=Response,
               openapi_extra={"parameters": _PARAMETERS})
async def delete_indirect(request: Request, app: App) -> Response:
    """Needs the token."""
    writer = update.authorised(request, app)
    return await _delete(app, writer, _named(request))


@router.get("/graph/{path:path}", summary="A graph by its own address", responses=_READ, response_class=Response)
async def get_direct(request: Request, path: str, app: App) -> Response:
    """All of the graph whose IRI has this path."""
    return await _get(request, app, _direct(app, path))


@router.put("/graph/{path:path}", summary="Replace a graph by its own address", responses=_WRITE, response_class=Response,
            openapi_extra=_BODY)
async def put_direct(request: Request, path: str, app: App) -> Response:
    """Needs the token."""
    writer = update.authorised(request, app)
    return await _write(request, app, writer, _direct(app, path), replace=True)


@router.post("/graph/{path:path}", summary="Add to a graph by its own address", responses=_WRITE, response_class=Response,
             openapi_extra=_BODY)
async def post_direct(request: Request, path: str, app: App) -> Response:
    """Needs the token."""
    writer = update.authorised(request, app)
    return await _write(request, app, writer, _direct(app, path), replace=False)


@router.delete("/graph/{path:path}", summary="Remove a graph by its own address", responses=_WRITE, response_class=Response)
async def delete_direct(request: Request, path: str, app: App) -> Response:
    """Needs the token."""
    writer = update.authorised(request, app)
    return await _delete(app, writer, _direct(app, path))


def _named(request: Request) -> str | None:
    """The graph that the parameters name, None for the default graph."""
    given = request.query_params.multi_items()
    graphs = [value for name, value in given if name == "graph"]
    defaults = [value for name, value in given if name == "default"]
    if len(graphs) + len(defaults) != 1:
        raise ProblemError(400, "protocol", "name one graph: ?graph= with its IRI, or ?default")
    return _iri(graphs[0]) if graphs else None


def _direct(app: State, path: str) -> str:
    return _iri(f"{app.settings.base_iri}graph/{path}")


def _iri(text: str) -> str:
    try:
        return ox.NamedNode(text).value
    except ValueError:
        raise ProblemError(400, "protocol", f"graph: {text[:200]!r} is not an absolute IRI") from None


async def _get(request: Request, app: State, graph: str | None) -> Response:
    wanted = request.query_params.get("format")
    offers = tuple(GRAPH_OFFERS)
    chosen = GRAPH_FORMATS.get(wanted.lower(), wanted) if wanted else best(request.headers.get("accept"), offers)
    if chosen not in GRAPH_OFFERS:
        raise ProblemError(406, "format", "a graph can be had as " + ", ".join(GRAPH_TYPES), {"vary": "Accept"})
    async with app.graphs.lease() as snapshot:
        if graph is None:
            text = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"
        else:
            there = await snapshot.query(f"ASK {{ GRAPH <{graph}> {{}} }}", media_type=JSON)
            if b"true" not in there.body:
                raise ProblemError(404, "not-found", f"there is no graph <{graph[:500]}>")
            text = f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH <{graph}> {{ ?s ?p ?o }} }}"
        result = await snapshot.query(text, media_type=GRAPH_OFFERS[chosen], union=False)
    return await compressed(request, Response(result.body, headers={"content-type": content_type(chosen), "vary": "Accept"}))


async def _write(request: Request, app: State, writer: WriteService, graph: str | None, *, replace: bool) -> Response:
    parts = await _parts(request)
    try:
        created = await writer.put(graph, parts, replace=replace)
    except GraphProtected as error:
        raise update.protected(error) from None
    await app.graphs.refresh()
    return Response(status_code=201 if created else 204)


async def _delete(app: State, writer: WriteService, graph: str | None) -> Response:
    try:
        await writer.delete(graph)
    except GraphProtected as error:
        raise update.protected(error) from None
    except GraphMissing as error:
        raise update.missing(error) from None
    await app.graphs.refresh()
    return Response(status_code=204)


async def _parts(request: Request) -> list[Part]:
    header = request.headers.get("content-type", "")
    if header.partition(";")[0].strip().lower() != _MULTIPART:
        return [Part(_media_type(header), await request.body())]
    try:
        async with request.form() as form:
            parts = [
                Part(_media_type(value.content_type or ""), await value.read())
                for value in form.values() if isinstance(value, UploadFile)
            ]
    except (MultiPartException, KeyError, ValueError) as error:
        raise ProblemError(400, "protocol", f"the form cannot be read: {str(error)[:200]}") from None
    if not parts:
        raise ProblemError(400, "protocol", "the form has no file")
    return parts


def _media_type(header: str) -> str:
    kind, _, rest = header.partition(";")
    kind = kind.strip().lower()
    charset = next((v.strip().strip('"').lower() for k, _, v in (p.partition("=") for p in rest.split(";"))
                    if k.strip().lower() == "charset"), "utf-8")
    if kind not in GRAPH_TYPES or charset not in ("utf-8", "utf8", "us-ascii"):
        raise ProblemError(415, "content-type", "a graph must be in UTF-8, as " + ", ".join(GRAPH_TYPES))
    return kind
