"""Passages, mentions and statements as Web Annotations over the letters' published texts.

A view made when asked: as triples of the graph they would double it and say nothing that it does not say already. Each
target has both selectors: the quotation, which survives another edition of the text, and the position, which is exact in
the text whose checksum is stated.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any
from urllib.parse import quote

import pyoxigraph as ox
from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from avvn_graph.service import describing, lookups
from avvn_graph.service.dataset import read_text
from avvn_graph.service.deps import State, state
from avvn_graph.service.describing import OFFERS, TYPES
from avvn_graph.service.graphs import Row, Snapshot
from avvn_graph.service.linked_data import LICENSE, thing_iri
from avvn_graph.service.negotiation import best, content_type
from avvn_graph.service.problems import ProblemError
from avvn_graph.store.base import JSONLD

router = APIRouter(tags=["Linked data"])

App = Annotated[State, Depends(state)]
PAGE_SIZE = 200
AROUND = 32
"""So many code points before and after a quotation are its context."""
CONTEXT = "http://www.w3.org/ns/anno.jsonld"
MEDIA_TYPE = f'{JSONLD}; profile="{CONTEXT}"'

_OA = "http://www.w3.org/ns/oa#"
_AS = "http://www.w3.org/ns/activitystreams#"
_OFFERS = (JSONLD, *(o for o in OFFERS if o != JSONLD))
_QUERIES = {
    "passage": "SELECT ?document ?start ?end WHERE { %s a avvn:Passage ; avvn:inDocument ?document ; avvn:start ?start ; avvn:end ?end }",
    "mention": """SELECT ?document ?start ?end ?body WHERE {
      %s avvn:mentionOf ?body ; avvn:inDocument ?document ; avvn:start ?start ; avvn:end ?end }""",
    "statement": """SELECT ?document ?start ?end WHERE {
      %s avvn:evidence ?passage . ?passage avvn:inDocument ?document ; avvn:start ?start ; avvn:end ?end } ORDER BY ?document ?start""",
}
_MOTIVATION = {"passage": "highlighting", "mention": "identifying", "statement": "describing"}
_MENTIONS = """SELECT ?it ?document ?start ?end ?body WHERE {
  VALUES ?document { %s } ?it avvn:mentionOf ?body ; avvn:inDocument ?document ; avvn:start ?start ; avvn:end ?end
} ORDER BY xsd:integer(?start) ?it"""
_KEYS = {
    "motivation": _OA + "motivatedBy", "body": _OA + "hasBody", "target": _OA + "hasTarget", "source": _OA + "hasSource",
    "selector": _OA + "hasSelector", "exact": _OA + "exact", "prefix": _OA + "prefix", "suffix": _OA + "suffix",
    "start": _OA + "start", "end": _OA + "end", "items": _AS + "items", "total": _AS + "totalItems", "partOf": _AS + "partOf",
    "next": _AS + "next", "prev": _AS + "prev", "rights": "http://purl.org/dc/terms/rights",
}
_ACTIVITY = {"AnnotationCollection": _AS + "OrderedCollection", "AnnotationPage": _AS + "OrderedCollectionPage"}
_IRIS = ("body", "source", "partOf", "next", "prev", "rights")


@router.get("/annotation/{kind}/{key:path}", summary="Web Annotations of a passage, mention, statement or letter", response_class=Response)
async def annotation(
    request: Request, app: App, kind: str, key: str, page: Annotated[int, Query(ge=1, le=1_000_000)] = 1
) -> Response:
    """One annotation; of a letter (`document/…`) a page of the annotations of all it mentions. JSON-LD, or RDF by `Accept`."""
    served = best(request.headers.get("accept"), _OFFERS)
    if served is None:
        raise ProblemError(406, "format", "this can be had as " + ", ".join(TYPES), {"vary": "Accept"})
    base = app.settings.base_iri
    iri = thing_iri(base, kind, key)
    address = f"{base}annotation/{quote(kind, safe='')}/{quote(key, safe='/')}"
    async with app.graphs.lease() as snapshot:
        await lookups.must_know(snapshot, iri)
        if kind == "document":
            found = await _letter(snapshot, iri, address, base, page)
        elif kind in _QUERIES:
            rows = await snapshot.select(lookups.HEADER + _QUERIES[kind] % lookups.iri(iri))
            texts = await _texts(snapshot, rows)
            found = _annotation(address, kind, iri, rows, texts, base)
        else:
            raise ProblemError(404, "unknown", "there are annotations of passages, mentions, statements and letters (document/…)")
        headers = {"vary": "Accept", "link": f'<{LICENSE}>; rel="license", <{iri}>; rel="about", <{_OA}Annotation>; rel="type"'}
        if OFFERS[served] == JSONLD:
            headers["content-type"] = MEDIA_TYPE
            body = (json.dumps({"@context": CONTEXT, **found}, ensure_ascii=False, indent=1) + "\n").encode()
        else:
            headers["content-type"] = content_type(served)
            body = await describing.serialise(snapshot, _quads(found, ox.NamedNode(address)), OFFERS[served])
    return Response(body, headers=headers)


async def _letter(snapshot: Snapshot, iri: str, address: str, base: str, page: int) -> dict[str, Any]:
    rows = await snapshot.select(lookups.HEADER + _MENTIONS % lookups.iri(iri))
    pages = max(1, -(-len(rows) // PAGE_SIZE))
    if page > pages:
        raise ProblemError(404, "page", f"page: there are {pages} page(s) of annotations")
    texts = await _texts(snapshot, rows[:1])
    shown = rows[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]
    found: dict[str, Any] = {"id": f"{address}?page={page}", "type": "AnnotationPage"}
    found["partOf"] = {"id": address, "type": "AnnotationCollection", "total": len(rows)}
    found |= {name: f"{address}?page={n}" for name, n in (("prev", page - 1), ("next", page + 1)) if 1 <= n <= pages}
    found["startIndex"] = (page - 1) * PAGE_SIZE
    found["items"] = [
        _annotation(f"{base}annotation/" + row["it"].value.removeprefix(f"{base}id/"), "mention", row["it"].value, [row], texts, base)
        for row in shown
    ]
    return found


async def _texts(snapshot: Snapshot, rows: Iterable[Row]) -> dict[str, str]:
    """The published text of each letter, by its IRI."""
    letters = sorted({row["document"].value for row in rows})
    bodies = await asyncio.gather(*(asyncio.to_thread(read_text, snapshot.build, d.rsplit("/", 1)[-1]) for d in letters))
    return {d: body.decode("utf-8") for d, body in zip(letters, bodies, strict=True)}


def _annotation(
    address: str, kind: str, iri: str, rows: Sequence[Row], texts: Mapping[str, str], base: str
) -> dict[str, Any]:
    targets = []
    for number, row in enumerate(rows):
        text, start, end = texts[row["document"].value], int(row["start"].value), int(row["end"].value)
        node = f"{address}#target{number or ''}"
        targets.append({
            "id": node, "type": "SpecificResource", "source": f"{base}text/{row['document'].value.rsplit('/', 1)[-1]}",
            "selector": [
                {"id": f"{node}-quote", "type": "TextQuoteSelector", "exact": text[start:end],
                 "prefix": text[max(0, start - AROUND) : start], "suffix": text[end : end + AROUND]},
                {"id": f"{node}-position", "type": "TextPositionSelector", "start": start, "end": end},
            ],
        })
    body = next((row["body"].value for row in rows if "body" in row), iri)
    return {
        "id": address, "type": "Annotation", "motivation": _MOTIVATION[kind], "body": body, "rights": LICENSE,
        "target": targets[0] if len(targets) == 1 else targets,
    }


def _quads(node: Mapping[str, Any], graph: ox.NamedNode) -> list[ox.Quad]:
    """The same in RDF, for formats that are not JSON-LD."""
    subject, quads = ox.NamedNode(node["id"]), []
    type_ = ox.NamedNode(_ACTIVITY.get(node["type"], _OA + node["type"]))
    quads.append(ox.Quad(subject, ox.NamedNode(lookups.PREFIXES["rdf"] + "type"), type_, graph))
    for key, predicate in _KEYS.items():
        values = node.get(key, [])
        for value in values if isinstance(values, list) else [values]:
            if isinstance(value, dict):
                term: ox.NamedNode | ox.Literal = ox.NamedNode(value["id"])
                quads += _quads(value, graph)
            elif key in _IRIS:
                term = ox.NamedNode(value)
            elif key == "motivation":
                term = ox.NamedNode(_OA + value)
            elif isinstance(value, int):
                term = ox.Literal(str(value), datatype=ox.NamedNode(lookups.PREFIXES["xsd"] + "nonNegativeInteger"))
            else:
                term = ox.Literal(value)
            quads.append(ox.Quad(subject, ox.NamedNode(predicate), term, graph))
    return quads
