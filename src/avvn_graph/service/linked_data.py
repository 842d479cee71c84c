"""Every IRI opens: 303 to a page or to RDF; bounded descriptions; the ontology and its versions; the JSON-LD context."""

from __future__ import annotations

import asyncio
import json
import re
from typing import Annotated, Literal
from urllib.parse import quote

import pyoxigraph as ox
from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import RedirectResponse, Response

from avvn_graph.errors import AvvnError
from avvn_graph.graph.ontology import version_file
from avvn_graph.service import describing, jsonld, lookups
from avvn_graph.service.deps import State, state
from avvn_graph.service.describing import HYDRA, OFFERS, SUFFIXES, TYPES
from avvn_graph.service.negotiation import HTML, best, content_type
from avvn_graph.service.problems import ProblemError
from avvn_graph.store.base import JSONLD

router = APIRouter(tags=["Linked data"])

App = Annotated[State, Depends(state)]
Page = Annotated[int, Query(ge=1, le=1_000_000, description="Which page of the statements.")]
LICENSE = "https://spdx.org/licenses/MIT"
_OFFERS = tuple(OFFERS)
_VERSION = re.compile(r"\d+\.\d+\.\d+")
_ANNOTATED = ("passage", "mention", "statement", "document")


def alternates(page: str | None, data: str) -> list[str]:
    """Link members for the page and the RDF of a thing, given their addresses."""
    links = [f'<{page}>; rel="alternate"; type="{HTML}"'] if page else []
    return links + [f'<{data}{suffix}>; rel="alternate"; type="{media_type}"' for suffix, media_type in SUFFIXES.items()]


def redirect(request: Request, page: str, data: str) -> Response:
    """303 to what the client likes better; RDF for one without preference, as machines tend to be."""
    kind = best(request.headers.get("accept"), (*_OFFERS, HTML))
    links = [*alternates(page, data), f'<{data}>; rel="describedby"', f'<{LICENSE}>; rel="license"']
    headers = {"vary": "Accept", "link": ", ".join(links)}
    if kind is None:
        raise ProblemError(406, "format", f"this can be had as {HTML}, " + ", ".join(TYPES), headers)
    return RedirectResponse(page if kind == HTML else data, 303, headers)


def thing_iri(base: str, kind: str, key: str) -> str:
    """The IRI of a decoded path; raises a 404 problem when that can be no IRI."""
    try:
        return ox.NamedNode(f"{base}id/{quote(kind, safe='')}/{quote(key, safe='/')}").value
    except ValueError:
        raise ProblemError(404, "unknown", "that is no address of a thing") from None


@router.get("/id/{kind}/{key:path}", summary="A thing", status_code=303, response_class=Response,
            responses={404: {"description": "The graph says nothing of it."}})
async def thing(request: Request, app: App, kind: str, key: str) -> Response:
    """303 to the thing's page, or to its description as RDF, by `Accept`; `Link` has both in every format."""
    async with app.graphs.lease() as snapshot:
        await lookups.must_know(snapshot, thing_iri(app.settings.base_iri, kind, key))
    path = f"{quote(kind, safe='')}/{quote(key, safe='/')}"
    return redirect(request, f"/page/{path}", f"/data/{path}")


@router.get("/data/ontology", summary="The ontology as RDF", response_class=Response)
async def ontology_data(request: Request, app: App) -> Response:
    """In the format of `Accept`; `/data/ontology.ttl` and so on give one format."""
    return await _ontology(app, _negotiate(request, "/page/ontology", "/data/ontology"))


@router.get("/data/ontology.{suffix}", include_in_schema=False)
async def ontology_file(app: App, suffix: Literal["ttl", "nt", "jsonld", "rdf", "trig", "nq"]) -> Response:
    """One format."""
    return await _ontology(app, SUFFIXES[f".{suffix}"])


@router.get("/data/{kind}/{key:path}", summary="A thing as RDF", response_class=Response,
            responses={200: {"content": {t: {} for t in TYPES}}, 404: {"description": "The graph says nothing of it."}})
async def data(request: Request, app: App, kind: str, key: str, page: Page = 1) -> Response:
    """Its triples, the statements about it with the sentences that say so, and names of what they point to.

    The format by `Accept`, or by a suffix: `.ttl`, `.nt`, `.jsonld`, `.rdf`, `.trig` or `.nq`. Many statements come in
    pages; `Link` has the next one, and so has the description (`hydra:next`).
    """
    key, suffix = _suffix(key)
    path = f"{quote(kind, safe='')}/{quote(key, safe='/')}"
    served = SUFFIXES[suffix] if suffix else _negotiate(request, f"/page/{path}", f"/data/{path}")
    base = app.settings.base_iri
    iri = thing_iri(base, kind, key)
    async with app.graphs.lease() as snapshot:
        await lookups.must_know(snapshot, iri)
        found = await describing.describe(snapshot, iri, page)
        if page > found.pages:
            raise ProblemError(404, "page", f"page: the description of {iri} has {found.pages} page(s)")
        quads = [*found.quads, *_about(f"{base}data/{path}", iri, found)]
        created = snapshot.build.manifest.get("created")
        if kind == "build" and created and snapshot.build.path.name == key:
            # The time is no part of the graph, so that the same letters give the same bytes.
            moment = ox.Literal(str(created), datatype=ox.NamedNode(lookups.PREFIXES["xsd"] + "dateTime"))
            quads.append(ox.Quad(ox.NamedNode(iri), ox.NamedNode(lookups.PREFIXES["prov"] + "startedAtTime"), moment, ox.NamedNode(f"{base}data/{path}")))
        body = await describing.serialise(snapshot, quads, OFFERS[served])
    links = [f'<{iri}>; rel="describes"', *alternates(f"/page/{path}", f"/data/{path}"), f'<{LICENSE}>; rel="license"']
    for rel, number in _neighbours(found).items():
        links.append(f'</data/{path}{suffix}?page={number}>; rel="{rel}"')
    if kind in _ANNOTATED:
        links.append(f'</annotation/{path}>; rel="http://www.w3.org/ns/oa#annotationService"; type="{JSONLD}"')
    return Response(body, headers={"content-type": content_type(served), "vary": "Accept", "link": ", ".join(links)})


def _neighbours(found: describing.Description) -> dict[str, int]:
    if found.pages == 1:
        return {}
    neighbours = {"first": 1, "prev": found.page - 1, "next": found.page + 1, "last": found.pages}
    return {rel: n for rel, n in neighbours.items() if 1 <= n <= found.pages}


def _about(address: str, iri: str, found: describing.Description) -> list[ox.Quad]:
    """What the description says of itself: whom it is about, its licence, and its pages."""
    node, ns = ox.NamedNode, lookups.PREFIXES
    document, graph = node(address), node(address)
    quads = [
        ox.Quad(document, node(ns["foaf"] + "primaryTopic"), node(iri), graph),
        ox.Quad(document, node(ns["dcterms"] + "license"), node(LICENSE), graph),
    ]
    if found.pages > 1:
        view = node(f"{address}?page={found.page}")
        total = ox.Literal(str(found.statements), datatype=node(ns["xsd"] + "integer"))
        quads += [
            ox.Quad(document, node(HYDRA + "view"), view, graph),
            ox.Quad(document, node(HYDRA + "totalItems"), total, graph),
            ox.Quad(view, node(ns["rdf"] + "type"), node(HYDRA + "PartialCollectionView"), graph),
            *(ox.Quad(view, node(HYDRA + ("previous" if rel == "prev" else rel)), node(f"{address}?page={n}"), graph)
              for rel, n in _neighbours(found).items()),
        ]
    return quads


def _suffix(key: str) -> tuple[str, str]:
    for suffix in SUFFIXES:
        if key.endswith(suffix):
            return key.removesuffix(suffix), suffix
    return key, ""


def _negotiate(request: Request, page: str | None, data: str) -> str:
    served = best(request.headers.get("accept"), _OFFERS)
    if served is None:
        headers = {"vary": "Accept", "link": ", ".join(alternates(page, data))}
        raise ProblemError(406, "format", "this can be had as " + ", ".join(TYPES), headers)
    return served


@router.get("/context.jsonld", summary="The JSON-LD context", response_class=Response)
async def context(app: App) -> Response:
    """Terms for the ontology's properties, for use in JSON-LD 1.1 documents."""
    async with app.graphs.lease() as snapshot:
        terms = await jsonld.context(snapshot)
    body = json.dumps({"@context": terms}, ensure_ascii=False, indent=1) + "\n"
    return Response(body, headers={"content-type": JSONLD, "link": f'<{LICENSE}>; rel="license"'})


@router.get("/ontology{suffix:path}", summary="The ontology", response_class=Response, include_in_schema=False)
async def ontology(request: Request, app: App, suffix: str) -> Response:
    """303 to the ontology's page or RDF, of any version (`/ontology/1.0.0`); a suffix asks for one format."""
    name, asked = _suffix(suffix)
    if not name:
        return RedirectResponse(f"/data/ontology{asked}", 303) if asked else redirect(request, "/page/ontology", "/data/ontology")
    version = name.removeprefix("/")
    if not (name.startswith("/") and _VERSION.fullmatch(version)):
        raise ProblemError(404, "unknown", "there is no such ontology here; there is /ontology")
    path = await asyncio.to_thread(version_file, app.settings.ontology, version)
    if path is None:
        raise ProblemError(404, "unknown", f"there is no version {version} of the ontology here; there is /ontology")
    address = f"/ontology/{version}"
    if not asked and best(request.headers.get("accept"), (*_OFFERS, HTML)) == HTML:
        return RedirectResponse("/page/ontology", 303, {"vary": "Accept", "link": ", ".join(alternates(None, address))})
    served = SUFFIXES[asked] if asked else _negotiate(request, None, address)
    try:
        quads = list(ox.parse(path=str(path), format=ox.RdfFormat.TURTLE))
    except (OSError, SyntaxError) as error:
        raise AvvnError(f"the file of version {version} cannot be read: {error}") from None
    async with app.graphs.lease() as snapshot:
        body = await describing.serialise(snapshot, quads, OFFERS[served])
    links = [*alternates(None, address), '</ontology>; rel="latest-version"', f'<{LICENSE}>; rel="license"']
    return Response(body, headers={"content-type": content_type(served), "vary": "Accept", "link": ", ".join(links)})


async def _ontology(app: State, served: str) -> Response:
    async with app.graphs.lease() as snapshot:
        quads = await describing.graph(snapshot, f"{app.settings.base_iri}graph/ontology")
        body = await describing.serialise(snapshot, quads, OFFERS[served])
    links = [*alternates("/page/ontology", "/data/ontology"), f'<{LICENSE}>; rel="license"']
    return Response(body, headers={"content-type": content_type(served), "vary": "Accept", "link": ", ".join(links)})
