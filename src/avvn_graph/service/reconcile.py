"""``/reconcile``: the Reconciliation Service API 0.2 (https://www.w3.org/community/reports/reconciliation/CG-FINAL-specs-0.2-20230410/).

What OpenRefine and its kin ask: which thing a cell means (in batches), what begins with the letters typed, a preview of a
thing, and further columns about it.
"""

from __future__ import annotations

import html
import json
from collections import defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import JSONResponse, Response

from avvn_graph.service import lookups
from avvn_graph.service.deps import State, state
from avvn_graph.service.graphs import Snapshot
from avvn_graph.service.problems import ProblemError
from avvn_graph.service.words import KINDS

if TYPE_CHECKING:  # loaded when somebody reconciles: a server that only answers queries needs none of it
    from avvn_graph.reconciliation import Candidate, Named, Reconciler

router = APIRouter(tags=["Reconciliation"])
App = Annotated[State, Depends(state)]

TYPES = ("country", "person", "organisation", "event", "resolution", "treaty", "mission", "document", "dossier")
LANGUAGES = ("nl", "en", "de", "fr", "es")
"""Languages whose names of countries (Unicode CLDR) are known beside those of the graph."""
_MOST_QUERIES = 100
_THINGS = lookups.HEADER + """SELECT ?thing ?name ?best ?family WHERE {
  VALUES ?property { rdfs:label skos:prefLabel skos:altLabel foaf:name dcterms:title avvn:acronym avvn:symbol dcterms:identifier }
  ?thing ?property ?name FILTER(STRSTARTS(STR(?thing), "%s"))
  BIND(IF(?property = rdfs:label && LANG(?name) IN ("nl", ""), 0, 1) AS ?best)
  OPTIONAL { ?thing foaf:familyName ?family }
} ORDER BY ?thing ?best ?name"""
_MENTIONS = lookups.HEADER + "SELECT ?thing (COUNT(?m) AS ?n) WHERE { ?m avvn:mentionOf ?thing } GROUP BY ?thing"

# Columns that can be added, by kind: id, name, and the pattern that gives ?value for ?thing.
_COLUMNS: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "iso": ("ISO 3166-1 alpha-2", "", ("country",)),
    "wikidata": ("Wikidata", '?thing skos:exactMatch ?value FILTER(CONTAINS(STR(?value), "wikidata.org"))', ("country", "person")),
    "initiated": ("resolutions initiated", "?value avvn:initiatedBy ?thing", ("country", "organisation")),
    "organised": ("events organised", "?value avvn:organisedBy ?thing", ("country", "organisation", "person")),
    "attended": ("events attended", "?value avvn:attendedBy ?thing", ("country", "organisation", "person")),
    "memberOf": ("member of", "?thing avvn:memberOf ?value", ("country",)),
    "pledged": ("amounts pledged", "?value avvn:pledgedBy ?thing", ("country", "organisation")),
    "represents": ("represents", "?thing avvn:represents ?value", ("person",)),
    "office": ("office", "?thing avvn:holdsOffice ?value", ("person",)),
    "organisedBy": ("organised by", "?thing avvn:organisedBy ?value", ("event",)),
    "startDate": ("first day", "?thing avvn:startDate ?value", ("event",)),
    "initiatedBy": ("initiated by", "?thing avvn:initiatedBy ?value", ("resolution",)),
    "adoptedBy": ("adopted by", "?thing avvn:adoptedBy ?value", ("resolution",)),
}
_PREVIEW_CSP = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors *"


@router.get("/reconcile", summary="Reconcile names (GET)", responses={200: {"description": "The manifest, or results for `queries` or `extend`."}})
async def reconcile_get(
    request: Request, app: App,
    queries: Annotated[str | None, Query(max_length=200_000, description="A batch of queries, JSON.")] = None,
    extend: Annotated[str | None, Query(max_length=200_000, description="A data extension query, JSON.")] = None,
) -> Response:
    """The service manifest; with ``queries`` or ``extend`` their results."""
    return await _answer(request, app, queries, extend)


@router.post("/reconcile", summary="Reconcile names (POST)", openapi_extra={"requestBody": {"content": {
    "application/x-www-form-urlencoded": {"schema": {"type": "object", "properties": {"queries": {"type": "string"}, "extend": {"type": "string"}}}}}}})
async def reconcile_post(request: Request, app: App) -> Response:
    """A batch of queries, or a data extension query, as a form."""
    form = await request.form()
    queries, extend = form.get("queries"), form.get("extend")
    return await _answer(request, app, queries if isinstance(queries, str) else None, extend if isinstance(extend, str) else None)


async def _answer(request: Request, app: State, queries: str | None, extend: str | None) -> Response:
    if queries is None and extend is None:
        return JSONResponse(_manifest(request, app))
    async with app.graphs.lease() as snapshot:
        if queries is not None:
            return JSONResponse(await _batch(snapshot, app, queries))
        return JSONResponse(await _extended(snapshot, app, extend or ""))


def _manifest(request: Request, app: State) -> dict[str, Any]:
    origin = str(request.base_url).rstrip("/")
    base = app.settings.base_iri.rstrip("/")
    service = f"{origin}/reconcile"
    return {
        "versions": ["0.2"], "name": "avvn-graph", "identifierSpace": f"{base}/id/", "schemaSpace": f"{base}/ontology#",
        "defaultTypes": [{"id": t, "name": _type_name(t)} for t in TYPES],
        "view": {"url": f"{origin}/page/{{{{id}}}}"},
        "preview": {"url": f"{service}/preview?id={{{{id}}}}", "width": 400, "height": 140},
        "suggest": {what: {"service_url": service, "service_path": f"/suggest/{what}"} for what in ("entity", "type", "property")},
        "extend": {"propose_properties": {"service_url": service, "service_path": "/propose-properties"}, "property_settings": []},
        "documentation": f"{origin}/about",
    }


def _type_name(kind: str) -> str:
    names = KINDS["en"].get(kind)
    return names[0] if names else kind


async def of(snapshot: Snapshot, base: str) -> Reconciler:
    """The reconciler of a build, made when it is first asked."""
    from avvn_graph.reconciliation import Reconciler

    async with snapshot.making_reconciler:
        if snapshot.reconciler is None:
            snapshot.reconciler = Reconciler(await _things(snapshot, base))
        return snapshot.reconciler


async def _things(snapshot: Snapshot, base: str) -> list[Named]:
    from babel import Locale

    from avvn_graph.reconciliation import Named

    prefix = base.rstrip("/") + "/id/"
    names: defaultdict[str, dict[str, None]] = defaultdict(dict)
    families: dict[str, str] = {}
    for row in await snapshot.select(_THINGS % prefix):
        id = row["thing"].value.removeprefix(prefix)
        if id.partition("/")[0] in TYPES:
            names[id][row["name"].value] = None
            if "family" in row:
                families[id] = row["family"].value
    weights = {row["thing"].value.removeprefix(prefix): int(row["n"].value) for row in await snapshot.select(_MENTIONS)}
    territories = [Locale(lang).territories for lang in LANGUAGES]
    for id, known in names.items():
        kind, _, key = id.partition("/")
        if kind == "country":
            known.update(dict.fromkeys(t[key] for t in territories if key in t))
            known[key] = None
    return [Named(id, id.partition("/")[0], tuple(known), families.get(id), weights.get(id, 0)) for id, known in names.items()]


# -- queries ---------------------------------------------------------------------------------------------------------
async def _batch(snapshot: Snapshot, app: State, text: str) -> dict[str, Any]:
    batch = _json(text, "queries")
    if not all(isinstance(q, dict) for q in batch.values()) or len(batch) > _MOST_QUERIES:
        raise ProblemError(400, "bad-request", f"queries: an object of at most {_MOST_QUERIES} queries, each an object with `query`")
    reconciler = await of(snapshot, app.settings.base_iri)
    return {name: {"result": [_result(c) for c in _found(reconciler, name, query)]} for name, query in batch.items()}


def _found(reconciler: Reconciler, name: str, query: dict[str, Any]) -> list[Candidate]:
    text = query.get("query")
    if not isinstance(text, str):
        raise ProblemError(400, "bad-request", f"queries: {name}: `query` is a string")
    wanted = query.get("type") or query.get("types") or []
    kinds = [wanted] if isinstance(wanted, str) else [w["id"] if isinstance(w, dict) else str(w) for w in wanted]
    kinds = [k.rsplit("/", 1)[-1].rsplit("#", 1)[-1].lower() for k in kinds]
    limit = query.get("limit", 5)
    return reconciler.find(text[:300], kinds=[k for k in kinds if k in TYPES], limit=limit if isinstance(limit, int) and 0 < limit <= 50 else 5)


def _result(c: Candidate) -> dict[str, Any]:
    return {"id": c.id, "name": c.name, "type": [{"id": c.kind, "name": _type_name(c.kind)}], "score": c.score, "match": c.match,
            "features": [{"id": "name_similarity", "value": c.score}]}


def _json(text: str, parameter: str) -> dict[str, Any]:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ProblemError(400, "bad-request", f"{parameter}: no JSON: {error}") from None
    if not isinstance(value, dict):
        raise ProblemError(400, "bad-request", f"{parameter}: an object is needed")
    return value


# -- suggestions -----------------------------------------------------------------------------------------------------
@router.get("/reconcile/suggest/entity", summary="Suggest things")
async def suggest_entity(app: App, prefix: Annotated[str, Query(max_length=200)] = "", type: Annotated[str | None, Query(max_length=40)] = None,
                         cursor: Annotated[int, Query(ge=0, le=10_000)] = 0) -> Response:
    """Things one of whose names has a word that begins with ``prefix``."""
    async with app.graphs.lease() as snapshot:
        reconciler = await of(snapshot, app.settings.base_iri)
    found = reconciler.starting(prefix, kinds=[type] if type in TYPES else (), limit=cursor + 10)[cursor:]
    return JSONResponse({"result": [{"id": t.id, "name": t.names[0], "description": ", ".join(t.names[1:4]),
                                     "notable": [{"id": t.kind, "name": _type_name(t.kind)}]} for t in found]})


@router.get("/reconcile/suggest/type", summary="Suggest types")
async def suggest_type(prefix: Annotated[str, Query(max_length=200)] = "") -> Response:
    """Kinds of thing whose name begins with ``prefix``."""
    return JSONResponse({"result": [{"id": t, "name": _type_name(t)} for t in TYPES if _begins(prefix, t, _type_name(t))]})


@router.get("/reconcile/suggest/property", summary="Suggest properties")
async def suggest_property(prefix: Annotated[str, Query(max_length=200)] = "") -> Response:
    """Columns whose name begins with ``prefix``."""
    return JSONResponse({"result": [{"id": i, "name": name} for i, (name, _, _) in _COLUMNS.items() if _begins(prefix, i, name)]})


def _begins(prefix: str, *names: str) -> bool:
    return any(word.startswith(prefix.casefold()) for name in names for word in [name.casefold(), *name.casefold().split()])


@router.get("/reconcile/preview", summary="A thing in a small frame", response_class=Response)
async def preview(app: App, id: Annotated[str, Query(max_length=300, examples=["country/NL"])]) -> Response:
    """HTML that fits the frame the manifest tells; 404 for what the graph has not."""
    async with app.graphs.lease() as snapshot:
        thing = (await of(snapshot, app.settings.base_iri)).get(id)
    if thing is None:
        raise ProblemError(404, "unknown", f"id: the graph has no {id}")
    others = ", ".join(html.escape(n) for n in thing.names[1:6])
    body = (f"<!doctype html><html lang=nl><meta charset=utf-8><title>{html.escape(thing.names[0])}</title>"
            f"<body style='font:14px sans-serif;margin:.6em'><strong>{html.escape(thing.names[0])}</strong> <span>({html.escape(_type_name(thing.kind))})</span>"
            f"<p>{others}</p><p>{thing.weight} mentions in the letters</p></body></html>")
    return Response(body, media_type="text/html", headers={"content-security-policy": _PREVIEW_CSP})


# -- data extension --------------------------------------------------------------------------------------------------
@router.get("/reconcile/propose-properties", summary="Columns that can be added")
async def propose(type: Annotated[str, Query(max_length=40, examples=["country"])], limit: Annotated[int, Query(ge=1, le=100)] = 50) -> Response:
    """What can be told of things of a type."""
    found = [{"id": i, "name": name} for i, (name, _, kinds) in _COLUMNS.items() if type in kinds]
    return JSONResponse({"type": type, "limit": limit, "properties": found[:limit]})


async def _extended(snapshot: Snapshot, app: State, text: str) -> dict[str, Any]:
    query = _json(text, "extend")
    ids = [i for i in query.get("ids", []) if isinstance(i, str)][:1000]
    wanted = [p["id"] for p in query.get("properties", []) if isinstance(p, dict) and p.get("id") in _COLUMNS]
    reconciler = await of(snapshot, app.settings.base_iri)
    rows: dict[str, dict[str, list[dict[str, Any]]]] = {i: {p: [] for p in wanted} for i in ids}
    known = [i for i in ids if reconciler.get(i)]
    for p in wanted:
        for i, values in (await _values(snapshot, app, p, known)).items():
            rows[i][p] = values
    return {"meta": [{"id": p, "name": _COLUMNS[p][0]} for p in wanted], "rows": rows}


async def _values(snapshot: Snapshot, app: State, column: str, ids: Sequence[str]) -> dict[str, list[dict[str, Any]]]:
    prefix = app.settings.base_iri.rstrip("/") + "/id/"
    if column == "iso":
        return {i: [{"str": i.partition("/")[2]}] for i in ids if i.startswith("country/")}
    found: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    if not ids:
        return found
    iris = lookups.terms(prefix + i for i in ids)
    rows = await snapshot.select(f"{lookups.HEADER}SELECT DISTINCT ?thing ?value WHERE {{ VALUES ?thing {{ {iris} }} {_COLUMNS[column][1]} }} ORDER BY ?thing ?value")
    names = await lookups.labels(snapshot, {r["value"].value for r in rows if r["value"].value.startswith(prefix)})
    for row in rows:
        value = row["value"]
        id = value.value.removeprefix(prefix)
        if id != value.value:
            best = names.get(value.value)
            found[row["thing"].value.removeprefix(prefix)].append({"id": id, "name": best[0][0] if best else id})
        elif value.datatype and value.datatype.endswith(("date", "gYear", "gYearMonth")):
            found[row["thing"].value.removeprefix(prefix)].append({"date": value.value})
        else:
            found[row["thing"].value.removeprefix(prefix)].append({"str": value.value})
    return found
