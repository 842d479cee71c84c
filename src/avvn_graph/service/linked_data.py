"""Every IRI opens: 303 to a page or to RDF; bounded descriptions; the ontology; VoID."""

from __future__ import annotations

from typing import Annotated, Literal
from urllib.parse import quote

import pyoxigraph as ox
from fastapi import APIRouter, Depends, Request
from starlette.responses import RedirectResponse, Response

from avvn_graph.service import lookups
from avvn_graph.service.deps import State, state
from avvn_graph.service.graphs import Snapshot
from avvn_graph.service.negotiation import GRAPH_OFFERS, HTML, best, content_type
from avvn_graph.service.problems import ProblemError
from avvn_graph.store.base import GRAPH_TYPES, JSONLD, NTRIPLES, RDFXML, TURTLE, Result

router = APIRouter(tags=["Linked data"])

App = Annotated[State, Depends(state)]
_OFFERS = tuple(GRAPH_OFFERS)
_SUFFIXES = {".ttl": TURTLE, ".nt": NTRIPLES, ".jsonld": JSONLD, ".rdf": RDFXML}
MOST_STATEMENTS = 500
"""A description has at most so many statements; /sparql has them all."""

# What a thing is, the names of what it points to, what is stated of it, and the sentences that say so. The statements
# are found anew in each branch: the engine takes seconds to join one finding with a union, and milliseconds for this.
_STATED = """{{ SELECT DISTINCT ?statement WHERE {{
      {{ ?statement rdf:subject {thing} }} UNION {{ ?statement rdf:object {thing} }} }} ORDER BY ?statement LIMIT {most} }}"""
_DESCRIPTION = f"""CONSTRUCT {{{{
  {{thing}} ?p ?o .
  ?o rdfs:label ?name .
  ?statement ?sp ?so .
  ?passage avvn:text ?text ; avvn:inDocument ?document ; avvn:start ?start ; avvn:end ?end .
  ?document dcterms:title ?title .
  ?other rdfs:label ?otherName .
}}}} WHERE {{{{
  {{{{ {{thing}} ?p ?o OPTIONAL {{{{ ?o rdfs:label ?name }}}} }}}}
  UNION {{{{ {_STATED} ?statement ?sp ?so }}}}
  UNION {{{{
    {_STATED} ?statement avvn:evidence ?passage .
    ?passage avvn:text ?text ; avvn:inDocument ?document ; avvn:start ?start ; avvn:end ?end .
    ?document dcterms:title ?title
  }}}}
  UNION {{{{ {_STATED} ?statement rdf:subject|rdf:object ?other . ?other rdfs:label ?otherName }}}}
}}}}"""


def redirect(request: Request, page: str, data: str) -> Response:
    """303 to what the client likes better; RDF for one without preference, as machines tend to be."""
    kind = best(request.headers.get("accept"), (*_OFFERS, HTML))
    if kind is None:
        raise ProblemError(406, "format", f"this can be had as {HTML}, " + ", ".join(GRAPH_TYPES), {"vary": "Accept"})
    return RedirectResponse(page if kind == HTML else data, 303, {"vary": "Accept"})


def thing_iri(base: str, kind: str, key: str) -> str:
    """The IRI of a decoded path; raises a 404 problem when that can be no IRI."""
    try:
        return ox.NamedNode(f"{base}id/{quote(kind, safe='')}/{quote(key, safe='/')}").value
    except ValueError:
        raise ProblemError(404, "unknown", "that is no address of a thing") from None


@router.get("/id/{kind}/{key:path}", summary="A thing", status_code=303, response_class=Response,
            responses={404: {"description": "The graph says nothing of it."}})
async def thing(request: Request, app: App, kind: str, key: str) -> Response:
    """303 to the thing's page, or to its description as RDF, by `Accept`."""
    async with app.graphs.lease() as snapshot:
        await lookups.must_know(snapshot, thing_iri(app.settings.base_iri, kind, key))
    path = f"{quote(kind, safe='')}/{quote(key, safe='/')}"
    return redirect(request, f"/page/{path}", f"/data/{path}")


@router.get("/data/{kind}/{key:path}", summary="A thing as RDF", response_class=Response,
            responses={200: {"content": {t: {} for t in GRAPH_TYPES}}, 404: {"description": "The graph says nothing of it."}})
async def data(request: Request, app: App, kind: str, key: str) -> Response:
    """Its triples, names of what it points to, and its statements with the sentences that say so.

    The format by `Accept`, or by a suffix: `.ttl`, `.nt`, `.jsonld` or `.rdf`.
    """
    key, served = _suffix(key)
    served = served or _negotiate(request)
    iri = thing_iri(app.settings.base_iri, kind, key)
    async with app.graphs.lease() as snapshot:
        await lookups.must_know(snapshot, iri)
        query = lookups.HEADER + _DESCRIPTION.format(thing=lookups.iri(iri), most=MOST_STATEMENTS)
        result = await _graph(app, snapshot, query, GRAPH_OFFERS[served])
    headers = {"content-type": content_type(served), "vary": "Accept"}
    headers["link"] = f'<{iri}>; rel="describes", </page/{quote(kind)}/{quote(key)}>; rel="alternate"; type="text/html"'
    return Response(result.body, headers=headers)


def _suffix(key: str) -> tuple[str, str | None]:
    for suffix, media_type in _SUFFIXES.items():
        if key.endswith(suffix):
            return key.removesuffix(suffix), media_type
    return key, None


def _negotiate(request: Request) -> str:
    served = best(request.headers.get("accept"), _OFFERS)
    if served is None:
        raise ProblemError(406, "format", "this can be had as " + ", ".join(GRAPH_TYPES), {"vary": "Accept"})
    return served


async def _graph(app: State, snapshot: Snapshot, query: str, media_type: str) -> Result:
    if media_type == JSONLD:
        # A JSON-LD context in the document would be another thing to keep; full IRIs need none.
        return await snapshot.query(query, media_type=media_type)
    return await snapshot.query(query, media_type=media_type, prefixes=lookups.PREFIXES)


@router.get("/ontology{suffix:path}", summary="The ontology", response_class=Response, include_in_schema=False)
async def ontology(request: Request, app: App, suffix: str) -> Response:
    """303 to the ontology's page or RDF; its versions and files by suffix lead to the same."""
    media_type = _SUFFIXES.get(suffix)
    if media_type:
        return RedirectResponse(f"/data/ontology{suffix}", 303)
    if suffix and not suffix.startswith("/"):
        raise ProblemError(404, "unknown", "there is no such ontology here; there is /ontology")
    return redirect(request, "/page/ontology", "/data/ontology")


@router.get("/data/ontology", summary="The ontology as RDF", response_class=Response)
async def ontology_data(request: Request, app: App) -> Response:
    """In the format of `Accept`; `/data/ontology.ttl` and so on give one format."""
    return await _ontology(app, _negotiate(request))


@router.get("/data/ontology.{suffix}", include_in_schema=False)
async def ontology_file(app: App, suffix: Literal["ttl", "nt", "jsonld", "rdf"]) -> Response:
    """One format."""
    return await _ontology(app, _SUFFIXES[f".{suffix}"])


async def _ontology(app: State, served: str) -> Response:
    graph = f"{app.settings.base_iri}graph/ontology"
    async with app.graphs.lease() as snapshot:
        query = f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH {lookups.iri(graph)} {{ ?s ?p ?o }} }}"
        result = await _graph(app, snapshot, query, GRAPH_OFFERS[served])
    return Response(result.body, headers={"content-type": content_type(served), "vary": "Accept"})


_COUNTS = """SELECT (COUNT(*) AS ?triples) (COUNT(DISTINCT ?s) AS ?subjects) (COUNT(DISTINCT ?p) AS ?properties) WHERE { ?s ?p ?o }"""
_CLASSES = "SELECT ?class (COUNT(?s) AS ?n) WHERE { ?s a ?class } GROUP BY ?class ORDER BY ?class"
_PROPERTIES = "SELECT ?p (COUNT(*) AS ?n) WHERE { ?s ?p ?o } GROUP BY ?p ORDER BY ?p"


@router.get("/.well-known/void", summary="What the data set holds, in VoID", response_class=Response)
async def void(request: Request, app: App) -> Response:
    """Counts by class and property, the endpoint, the vocabularies."""
    served = _negotiate(request)
    base = app.settings.base_iri
    async with app.graphs.lease() as snapshot:
        counts = (await snapshot.select(_COUNTS))[0]
        classes = await snapshot.select(_CLASSES)
        properties = await snapshot.select(_PROPERTIES)
        build = snapshot.build
    node, lit, text = ox.NamedNode, _integer, ox.Literal
    ns, dct = lookups.PREFIXES["void"], lookups.PREFIXES["dcterms"]
    dataset = node(f"{base}.well-known/void#dataset")
    triples = [
        ox.Triple(dataset, node(lookups.PREFIXES["rdf"] + "type"), node(ns + "Dataset")),
        ox.Triple(dataset, node(dct + "title"), text("AVVN graph", language="en")),
        ox.Triple(dataset, node(dct + "identifier"), text(build.id)),
        ox.Triple(dataset, node(ns + "sparqlEndpoint"), node(f"{base}sparql")),
        ox.Triple(dataset, node(ns + "uriSpace"), text(f"{base}id/")),
        ox.Triple(dataset, node(ns + "exampleResource"), node(f"{base}id/country/NL")),
        ox.Triple(dataset, node(ns + "triples"), lit(counts["triples"].value)),
        ox.Triple(dataset, node(ns + "distinctSubjects"), lit(counts["subjects"].value)),
        ox.Triple(dataset, node(ns + "properties"), lit(counts["properties"].value)),
        ox.Triple(dataset, node(ns + "classes"), lit(str(len(classes)))),
        *(ox.Triple(dataset, node(ns + "vocabulary"), node(v)) for v in (
            lookups.PREFIXES[p] for p in ("avvn", "dcterms", "foaf", "prov", "skos"))),
    ]
    created = build.manifest.get("created")
    if isinstance(created, str):
        triples.append(ox.Triple(dataset, node(dct + "created"), text(created, datatype=node(lookups.PREFIXES["xsd"] + "dateTime"))))
    for name, rows, property_, count in (
        ("class", classes, "classPartition", "entities"), ("p", properties, "propertyPartition", "triples")
    ):
        for index, row in enumerate(rows):
            part = node(f"{base}.well-known/void#{property_}-{index}")
            triples += [
                ox.Triple(dataset, node(ns + property_), part),
                ox.Triple(part, node(ns + ("class" if name == "class" else "property")), node(row[name].value)),
                ox.Triple(part, node(ns + count), lit(row["n"].value)),
            ]
    formats = {TURTLE: ox.RdfFormat.TURTLE, NTRIPLES: ox.RdfFormat.N_TRIPLES, JSONLD: ox.RdfFormat.JSON_LD, RDFXML: ox.RdfFormat.RDF_XML}
    prefixes = None if GRAPH_OFFERS[served] == JSONLD else lookups.PREFIXES
    body = ox.serialize(triples, format=formats[GRAPH_OFFERS[served]], prefixes=prefixes) or b""
    return Response(body, headers={"content-type": content_type(served), "vary": "Accept"})


def _integer(text: str) -> ox.Literal:
    return ox.Literal(text, datatype=ox.NamedNode(lookups.PREFIXES["xsd"] + "integer"))
