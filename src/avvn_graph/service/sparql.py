"""The SPARQL 1.1 Protocol: queries by GET, by form and directly; no updates."""

from __future__ import annotations

from collections.abc import Coroutine
from functools import lru_cache
from typing import Annotated, Any
from urllib.parse import parse_qsl

import pyoxigraph as ox
from fastapi import APIRouter, Depends, Request
from starlette.responses import Response
from starlette.types import Scope

from avvn_graph.service import clients, results, update
from avvn_graph.service.compression import compressed, encoded
from avvn_graph.service.deps import State, state
from avvn_graph.service.graphs import Snapshot
from avvn_graph.service.negotiation import FORMATS, GRAPH_FORMATS, GRAPH_OFFERS, HTML, RESULT_OFFERS, best, content_type
from avvn_graph.service.pages import site
from avvn_graph.service.problems import Problem, ProblemError
from avvn_graph.service.results import Whole
from avvn_graph.store import gate
from avvn_graph.store.base import GRAPH_TYPES, RESULT_TYPES, Result

router = APIRouter(tags=["SPARQL"])

_RESULTS = tuple(RESULT_OFFERS)
_GRAPHS = tuple(GRAPH_OFFERS)
_FORM = "application/x-www-form-urlencoded"
_DIRECT = "application/sparql-query"
_LONGEST_LOOK_UP = 4000
"""Bytes of an address that are looked at."""
_UPDATE = "application/sparql-update"

_DESCRIPTION = """The graph for any SPARQL 1.1 query: `?query=…`, a form, or the query as the body (`application/sparql-query`).

The default graph is the union of all named graphs, unless `default-graph-uri` or `named-graph-uri` is given. SELECT and ASK
answer in JSON, XML, CSV or TSV; CONSTRUCT and DESCRIBE in Turtle, N-Triples, JSON-LD or RDF/XML, by `Accept` or `format`.
Without a query it gives the service description. Updates, SERVICE and LOAD are refused (403). A query that takes too long gets
504, one that needs too much memory 503; never a part of an answer.
"""
_PARAMETERS: list[dict[str, Any]] = [
    {"name": "query", "in": "query", "schema": {"type": "string"}, "description": "The query.",
     "example": "SELECT * WHERE { ?resolution <https://w3id.org/avvn/ontology#initiatedBy> ?initiator } LIMIT 10"},
    {"name": "default-graph-uri", "in": "query", "schema": {"type": "array", "items": {"type": "string"}},
     "description": "A graph to be (part of) the default graph; may be repeated."},
    {"name": "named-graph-uri", "in": "query", "schema": {"type": "array", "items": {"type": "string"}},
     "description": "A graph that GRAPH may ask; may be repeated."},
    {"name": "format", "in": "query", "schema": {"type": "string", "enum": [*FORMATS]},
     "description": "The format, for clients that cannot set `Accept`."},
]
_RESPONSES: dict[int | str, dict[str, Any]] = {
    200: {"description": "The whole answer.", "content": {t: {} for t in (*RESULT_TYPES, *GRAPH_TYPES)}},
    **{status: {"model": Problem, "description": text} for status, text in (
        (400, "Not a query, or not a request of the protocol."), (403, "An update, SERVICE or LOAD."),
        (406, "No format that the client accepts."), (413, "Too long."), (415, "The body is of another type."),
        (422, "The answer is too long."), (503, "Too busy, or the query needs too much memory."), (504, "Over its time."),
    )},
}


@router.get("/sparql", summary="Ask a SPARQL query (GET)", description=_DESCRIPTION, responses=_RESPONSES,
            openapi_extra={"parameters": _PARAMETERS}, response_class=Response)
async def get_sparql(request: Request, app: Annotated[State, Depends(state)]) -> Response:
    """Query by GET, or the service description."""
    fields = _fields(request.scope["query_string"])
    if not any(name in ("query", "update") for name, _ in fields):
        return await _describe(request, app)
    if any(name == "update" for name, _ in fields):
        raise ProblemError(400, "protocol", "an update cannot be sent by GET, and this endpoint is read-only")
    return await _answer(request, app, fields)


@router.post("/sparql", summary="Ask a SPARQL query (POST)", description=_DESCRIPTION, responses=_RESPONSES,
             openapi_extra={"requestBody": {"required": True, "content": {
                 _DIRECT: {"schema": {"type": "string"}, "example": "ASK { ?s ?p ?o }"},
                 _FORM: {"schema": {"type": "object", "properties": {"query": {"type": "string"}}, "required": ["query"]}},
             }}}, response_class=Response)
async def post_sparql(request: Request, app: Annotated[State, Depends(state)]) -> Response:
    """Query by form or directly."""
    kind, _, rest = request.headers.get("content-type", "").partition(";")
    kind = kind.strip().lower()
    charset = next((v.strip().strip('"').lower() for k, _, v in (p.partition("=") for p in rest.split(";"))
                    if k.strip().lower() == "charset"), "utf-8")
    if kind not in (_FORM, _DIRECT, _UPDATE):
        raise ProblemError(415, "content-type", f"the body must be {_DIRECT} or {_FORM}", {"accept-post": f"{_DIRECT}, {_FORM}"})
    if charset not in ("utf-8", "utf8", "us-ascii"):
        raise ProblemError(415, "content-type", f"the body must be in UTF-8, not {charset[:40]}")
    fields = _fields(request.scope["query_string"])
    if kind == _UPDATE:
        update.authorised(request, app)
    body = await request.body()
    if kind == _FORM:
        fields += _fields(body)
    else:
        if any(name in ("query", "update") for name, _ in fields):
            raise ProblemError(400, "protocol", "the query or update is the body; there must not be another in the address")
        try:
            fields.append(("update" if kind == _UPDATE else "query", body.decode()))
        except UnicodeDecodeError:
            raise ProblemError(400, "encoding", "the body is not UTF-8") from None
    if any(name == "update" for name, _ in fields):
        return await _update(request, app, fields)
    return await _answer(request, app, fields)


async def look_up(scope: Scope, snapshot: Snapshot) -> Whole | None:
    """What ``get_sparql`` answers to a look-up (store/lookups.py) without parameters but the query; None for all else."""
    query = _query_alone(scope["query_string"]) if len(scope["query_string"]) <= _LONGEST_LOOK_UP else None
    if query is None:
        return None
    accept: bytes | None = None
    encoding: bytes | None = None
    for name, value in scope["headers"]:
        if name == b"accept":
            if accept is not None:
                return None
            accept = value
        elif name == b"accept-encoding":
            encoding = encoding or value
    offered = best(accept and accept.decode("latin-1"), _RESULTS)
    result = snapshot.pool.at_once(query, media_type=RESULT_OFFERS[offered]) if offered else None
    if result is None or offered is None:
        return None
    body, headers = await encoded(result.body, encoding)
    kind = content_type(offered).encode()
    return Whole(body, [(b"content-type", kind), (b"vary", b"Accept"), (b"content-length", str(len(body)).encode()), *headers], "/sparql")


@lru_cache(maxsize=1024)
def _query_alone(raw: bytes) -> str | None:
    """The query of an address that has one, and nothing else."""
    try:
        fields = _fields(raw)
    except ProblemError:
        return None
    return fields[0][1] if len(fields) == 1 and fields[0][0] == "query" else None


async def _update(request: Request, app: State, fields: list[tuple[str, str]]) -> Response:
    writer = update.authorised(request, app)
    if any(name == "query" for name, _ in fields):
        raise ProblemError(400, "protocol", "a request is a query or an update, not both")
    text = _one(fields, "update")
    assert text is not None
    return await update.run(app, writer, text, _graphs(fields, "using-graph-uri"), _graphs(fields, "using-named-graph-uri"))


def _fields(raw: bytes) -> list[tuple[str, str]]:
    """All fields, repeated ones too: a framework's scalar parameter would hide them."""
    try:
        text = raw.decode("ascii").replace("%20", "+")  # the same in a form, and most of what there is to undo
        return parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=1000)
    except UnicodeDecodeError:
        raise ProblemError(400, "encoding", "the parameters are not percent-encoded UTF-8") from None
    except ValueError:
        raise ProblemError(400, "protocol", "there are too many parameters") from None


def _one(fields: list[tuple[str, str]], name: str) -> str | None:
    values = [value for key, value in fields if key == name]
    if len(values) > 1:
        raise ProblemError(400, "protocol", f"{name} is given {len(values)} times, and may be given once")
    return values[0] if values else None


def _graphs(fields: list[tuple[str, str]], name: str) -> list[str]:
    graphs = [value for key, value in fields if key == name]
    for graph in graphs:
        try:
            ox.NamedNode(graph)
        except ValueError:
            raise ProblemError(400, "protocol", f"{name}: {graph[:200]!r} is not an absolute IRI") from None
    return graphs


async def _answer(request: Request, app: State, fields: list[tuple[str, str]]) -> Response:
    query = _one(fields, "query")
    if query is None:
        raise ProblemError(400, "protocol", "there is no query: send it as `query` in a form, or as the body")
    if len(query) > app.settings.max_query_length:
        most = app.settings.max_query_length
        raise ProblemError(413, "query-too-long", f"the query has {len(query)} characters, and {most} is the most allowed")
    default, named = _graphs(fields, "default-graph-uri"), _graphs(fields, "named-graph-uri")
    wanted = [value for name, value in fields if name == "format" and value]  # some clients give it in two spellings at once
    form = gate.inspect(query).form
    offers, names = (RESULT_OFFERS, _RESULTS) if form in ("SELECT", "ASK", None) else (GRAPH_OFFERS, _GRAPHS)
    spellings = GRAPH_FORMATS if offers is GRAPH_OFFERS else FORMATS
    if form is None:
        offered = names[0]  # it is no query, and gets its syntax error in whatever format it was asked
    elif wanted:
        suitable = [name for name in (spellings.get(w.lower(), w) for w in wanted) if name in offers]
        if not suitable:
            raise ProblemError(406, "format", f"format: {wanted[0][:40]!r} does not suit this query; it can be had as " + ", ".join(
                k for k, v in spellings.items() if v in offers.values()))
        offered = suitable[0]
    else:
        chosen = best(request.headers.get("accept"), names)
        if chosen is None:
            raise ProblemError(406, "format", "this query's answer can be had as " + ", ".join(dict.fromkeys(offers.values())),
                               {"vary": "Accept"})
        offered = chosen
    async with app.graphs.lease() as snapshot:
        key = results.key(query, offers[offered], default, named) if snapshot.results.limit else None
        result = snapshot.results.get(key) if key else None
        if result is None and not (default or named):
            result = snapshot.pool.at_once(query, media_type=offers[offered])
        if result is None:
            with app.clients.one_more(request.client.host if request.client else ""):
                def work() -> Coroutine[Any, Any, Result]:
                    return snapshot.query(query, media_type=offers[offered], default_graphs=default, named_graphs=named)

                result = await clients.while_connected(request, snapshot.flights.join(key, work) if key else work())
            if key:
                snapshot.results.put(key, result)
    answer = Response(result.body, headers={"content-type": content_type(offered), "vary": "Accept"})
    return await compressed(request, answer)


_SD = """@prefix sd: <http://www.w3.org/ns/sparql-service-description#> .
@prefix formats: <http://www.w3.org/ns/formats/> .
@prefix void: <http://rdfs.org/ns/void#> .
<{endpoint}> a sd:Service ;
  sd:endpoint <{endpoint}> ;
  sd:supportedLanguage {languages} ;
{features}  sd:resultFormat formats:SPARQL_Results_JSON, formats:SPARQL_Results_XML, formats:SPARQL_Results_CSV, formats:SPARQL_Results_TSV,
    formats:Turtle, formats:N-Triples, formats:JSON-LD, formats:RDF_XML ;
  sd:defaultDataset <{base}.well-known/void#dataset> .
<{base}.well-known/void#dataset> a sd:Dataset, void:Dataset ;
  sd:defaultGraph <{base}.well-known/void#default> .
<{base}.well-known/void#default> a sd:Graph .
{named}
"""


async def _describe(request: Request, app: State) -> Response:
    kind = best(request.headers.get("accept"), (*_GRAPHS, HTML))
    if kind == HTML:
        return await site.editor(request, app)
    if kind is None:
        raise ProblemError(406, "format", "the service description can be had as " + ", ".join(GRAPH_TYPES), {"vary": "Accept"})
    async with app.graphs.lease() as snapshot:
        # An empty group asks the engine for its list of graphs, and not for every quad; other servers may know no such list.
        graphs = await snapshot.select("SELECT ?g WHERE { GRAPH ?g {} } ORDER BY ?g") or await snapshot.select(
            "SELECT DISTINCT ?g WHERE { GRAPH ?g { ?s ?p ?o } } ORDER BY ?g"
        )
    dataset = f"<{app.settings.base_iri}.well-known/void#dataset>"
    named = "\n".join(f"{dataset} sd:namedGraph [ a sd:NamedGraph ; sd:name {ox.NamedNode(row['g'].value)} ] ." for row in graphs)
    languages = "sd:SPARQL11Query, sd:SPARQL11Update" if app.writer else "sd:SPARQL11Query"
    features = "  sd:feature sd:UnionDefaultGraph ;\n" if app.settings.union_default_graph else ""
    turtle = _SD.format(languages=languages, features=features, endpoint=_endpoint(request, app), base=app.settings.base_iri, named=named)
    body = turtle.encode() if GRAPH_OFFERS[kind] == "text/turtle" else _convert(turtle, GRAPH_OFFERS[kind])
    return Response(body, headers={"content-type": content_type(kind), "vary": "Accept"})


def _endpoint(request: Request, app: State) -> str:
    """The address by which the client came, for it is the client's way to ask."""
    try:
        return ox.NamedNode(str(request.url.replace(query="", fragment="")).rstrip("?")).value
    except ValueError:  # the Host header may hold anything
        return f"{app.settings.base_iri}sparql"


def _convert(turtle: str, media_type: str) -> bytes:
    formats = {"application/n-triples": ox.RdfFormat.N_TRIPLES, "application/ld+json": ox.RdfFormat.JSON_LD,
               "application/rdf+xml": ox.RdfFormat.RDF_XML}
    triples = [q.triple for q in ox.parse(turtle, format=ox.RdfFormat.TURTLE)]
    return ox.serialize(triples, format=formats[media_type]) or b""
