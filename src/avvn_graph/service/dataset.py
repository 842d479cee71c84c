"""The data set about itself: VoID and DCAT, the quality figures in DQV, the dump and the letters' texts."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated, Any

import pyoxigraph as ox
from fastapi import APIRouter, Depends, Request
from starlette.responses import FileResponse, RedirectResponse, Response

from avvn_graph import __version__
from avvn_graph.graph import publish
from avvn_graph.service import describing, lookups
from avvn_graph.service.deps import State, state
from avvn_graph.service.describing import NQUADS, OFFERS, TYPES
from avvn_graph.service.graphs import Row, Snapshot
from avvn_graph.service.linked_data import LICENSE
from avvn_graph.service.negotiation import best, content_type
from avvn_graph.service.problems import ProblemError
from avvn_graph.store.base import TURTLE

router = APIRouter(tags=["Linked data"])

App = Annotated[State, Depends(state)]
_OFFERS = tuple(OFFERS)
_COUNTS = """SELECT (COUNT(*) AS ?triples) (COUNT(DISTINCT ?s) AS ?subjects) (COUNT(DISTINCT ?p) AS ?properties)
  (COUNT(DISTINCT ?o) AS ?objects) WHERE { ?s ?p ?o }"""
_CLASSES = "SELECT ?class (COUNT(?s) AS ?n) WHERE { ?s a ?class } GROUP BY ?class ORDER BY ?class"
_PROPERTIES = """SELECT ?p (COUNT(*) AS ?n) (COUNT(DISTINCT ?s) AS ?subjects) (COUNT(DISTINCT ?o) AS ?objects)
WHERE { ?s ?p ?o } GROUP BY ?p ORDER BY ?p"""
_LETTERS = "SELECT ?d ?title ?sha WHERE { ?d a avvn:Document ; dcterms:title ?title ; avvn:sha256 ?sha } ORDER BY ?d"

_NS = {
    **lookups.PREFIXES,
    "dcat": "http://www.w3.org/ns/dcat#", "dqv": "http://www.w3.org/ns/dqv#", "spdx": "http://spdx.org/rdf/terms#",
    "sdmx": "http://purl.org/linked-data/sdmx/2009/attribute#",
}
_MEDIA = "https://www.iana.org/assignments/media-types/"


class _Writer:
    """Collects quads in one graph by prefixed names."""

    def __init__(self, graph: str) -> None:
        self.graph = ox.NamedNode(graph)
        self.quads: list[ox.Quad] = []

    def add(self, subject: str, **values: Any) -> None:
        """``prefix_name=value``: an IRI starts with ``<``, anything else is a literal; a list has several."""
        for name, given in values.items():
            prefix, _, local = name.partition("_")
            for value in given if isinstance(given, list) else [given]:
                self.quads.append(ox.Quad(ox.NamedNode(subject), ox.NamedNode(_NS[prefix] + local), _term(value), self.graph))


def _term(value: Any) -> ox.NamedNode | ox.Literal:
    if isinstance(value, ox.Literal):
        return value
    if isinstance(value, str) and value.startswith("<"):
        return ox.NamedNode(value[1:-1])
    return ox.Literal(value)


def _of(name: str) -> str:
    prefix, _, local = name.partition(":")
    return f"<{_NS[prefix]}{local}>"


def _typed(text: str, name: str) -> ox.Literal:
    return ox.Literal(text, datatype=ox.NamedNode(_NS["xsd"] + name))


async def _answer(request: Request, snapshot: Snapshot, writer: _Writer, address: str) -> Response:
    served = best(request.headers.get("accept"), _OFFERS)
    if served is None:
        raise ProblemError(406, "format", "this can be had as " + ", ".join(TYPES), {"vary": "Accept"})
    body = await describing.serialise(snapshot, writer.quads, OFFERS[served])
    links = [f'<{LICENSE}>; rel="license"', f'<{address}>; rel="canonical"']
    return Response(body, headers={"content-type": content_type(served), "vary": "Accept", "link": ", ".join(links)})


@router.get("/.well-known/void", summary="What the data set holds, in VoID", response_class=Response)
async def void(request: Request, app: App) -> Response:
    """Counts by class and property, the endpoint, the vocabularies, the dump; its DCAT is at `/catalog`."""
    base = app.settings.base_iri
    async with app.graphs.lease() as snapshot:
        writer = _Writer(f"{base}.well-known/void")
        await _describe(writer, snapshot, base)
        counts = (await snapshot.select(_COUNTS))[0]
        classes = await snapshot.select(_CLASSES)
        properties = await snapshot.select(_PROPERTIES)
        node = f"{base}.well-known/void#dataset"
        writer.add(
            node, void_triples=int(counts["triples"].value), void_distinctSubjects=int(counts["subjects"].value),
            void_distinctObjects=int(counts["objects"].value), void_properties=int(counts["properties"].value), void_classes=len(classes),
        )
        for part, row in _partitions(f"{base}.well-known/void#class-", "class", classes):
            writer.add(node, void_classPartition=f"<{part}>")
            writer.add(part, **{"void_class": f"<{row['class'].value}>", "void_entities": int(row["n"].value)})
        for part, row in _partitions(f"{base}.well-known/void#property-", "p", properties):
            writer.add(node, void_propertyPartition=f"<{part}>")
            writer.add(
                part, void_property=f"<{row['p'].value}>", void_triples=int(row["n"].value),
                void_distinctSubjects=int(row["subjects"].value), void_distinctObjects=int(row["objects"].value),
            )
        return await _answer(request, snapshot, writer, f"{base}.well-known/void")


def _partitions(start: str, column: str, rows: Sequence[Row]) -> Iterator[tuple[str, Row]]:
    """An IRI for each row, of the term's name, so that it is the same from build to build."""
    known = {namespace: prefix for prefix, namespace in describing.PREFIXES.items()}
    for row in rows:
        iri = row[column].value
        local = lookups.local_name(iri)
        prefix = known.get(iri[: len(iri) - len(local)])
        name = f"{prefix}-{local}" if prefix else base64.urlsafe_b64encode(iri.encode()).decode().rstrip("=")
        yield start + name, row


async def _describe(writer: _Writer, snapshot: Snapshot, base: str) -> None:
    """What VoID and DCAT both say of the data set."""
    build = snapshot.build
    created = str(build.manifest.get("created") or "")
    node = f"{base}.well-known/void#dataset"
    writer.add(
        node, rdf_type=[_of("void:Dataset"), _of("dcat:Dataset")],
        dcterms_title=[ox.Literal("AVVN graph", language="en"), ox.Literal("AVVN-graaf", language="nl")],
        dcterms_description=[
            ox.Literal("What letters to the Dutch parliament say of the United Nations General Assembly, each fact with its sentence.", language="en"),
            ox.Literal("Wat brieven aan de Tweede Kamer zeggen over de Algemene Vergadering van de VN, elk feit met zijn zin.", language="nl"),
        ],
        dcterms_license=f"<{LICENSE}>", dcterms_identifier=build.id, dcterms_language=["nl", "en"],
        dcterms_conformsTo=f"<{base}ontology>", prov_wasGeneratedBy=f"<{base}id/build/{build.path.name}>",
        dcat_version=f"{build.manifest.get('version') or __version__}+{build.id}",
        dcterms_bibliographicCitation=citation(build, base),
        void_sparqlEndpoint=f"<{base}sparql>", void_uriSpace=f"{base}id/", void_exampleResource=f"<{base}id/country/NL>",
        void_dataDump=f"<{base}dump/{build.path.name}.nq>", void_feature=[
            f"<http://www.w3.org/ns/formats/{name}>" for name in ("Turtle", "N-Triples", "RDF_XML", "JSON-LD", "TriG", "N-Quads")],
        void_vocabulary=[f"<{lookups.PREFIXES[p]}>" for p in ("avvn", "dcterms", "foaf", "org", "prov", "schema", "skos")],
        foaf_homepage=f"<{base}>",
    )
    if created:
        writer.add(node, dcterms_issued=_typed(created, "dateTime"), dcterms_modified=_typed(created, "dateTime"))


def citation(build: publish.Build, base: str) -> str:
    """How to cite a build."""
    date = str(build.manifest.get("created") or "")[:10]
    return f"avvn-graph {build.manifest.get('version') or __version__}: knowledge graph of letters to the Dutch parliament about the UN General Assembly, build {build.id}" + (
        f" ({date})" if date else "") + f". {base}"


@router.get("/catalog", summary="The data set in DCAT, its quality in DQV", response_class=Response)
async def catalog(request: Request, app: App) -> Response:
    """Distributions with size and checksum, the SPARQL service, the letters' texts, and how good the graph is."""
    base = app.settings.base_iri
    async with app.graphs.lease() as snapshot:
        writer, build = _Writer(f"{base}catalog"), snapshot.build
        node = f"{base}.well-known/void#dataset"
        await _describe(writer, snapshot, base)
        service = f"{base}catalog#sparql"
        writer.add(
            f"{base}catalog", rdf_type=_of("dcat:Catalog"), dcterms_title=ox.Literal("Catalogue of the AVVN graph", language="en"),
            dcterms_license=f"<{LICENSE}>", dcat_dataset=f"<{node}>", dcat_service=f"<{service}>",
        )
        writer.add(
            service, rdf_type=_of("dcat:DataService"), dcterms_title=ox.Literal("SPARQL 1.1 endpoint", language="en"),
            dcat_endpointURL=f"<{base}sparql>", dcat_servesDataset=f"<{node}>",
            dcterms_conformsTo="<https://www.w3.org/TR/sparql11-protocol/>",
        )
        if build.nquads.is_file():
            dump = f"{base}dump/{build.path.name}.nq"
            writer.add(node, dcat_distribution=f"<{dump}>")
            writer.add(
                dump, rdf_type=_of("dcat:Distribution"), dcterms_title=ox.Literal("All of the graph as canonical N-Quads", language="en"),
                dcat_downloadURL=f"<{dump}>", dcat_accessURL=f"<{base}catalog>", dcat_mediaType=f"<{_MEDIA}{NQUADS}>",
                dcterms_license=f"<{LICENSE}>", dcat_byteSize=_typed(str(build.nquads.stat().st_size), "nonNegativeInteger"),
            )
            if build.manifest.get("sha256"):
                _checksum(writer, dump, str(build.manifest["sha256"]))
        for row in await snapshot.select(lookups.HEADER + _LETTERS):
            text = f"{base}text/{row['d'].value.rsplit('/', 1)[-1]}"
            writer.add(node, dcat_distribution=f"<{text}>")
            writer.add(
                text, rdf_type=_of("dcat:Distribution"), dcterms_title=ox.Literal(row["title"].value, language="nl"),
                dcat_downloadURL=f"<{text}>", dcat_accessURL=f"<{row['d'].value}>", dcat_mediaType=f"<{_MEDIA}text/plain>",
                dcterms_source=f"<{row['d'].value}>",
            )
            _checksum(writer, text, row["sha"].value)
        for found in await asyncio.to_thread(_figures, build.path):
            _measure(writer, node, base, found)
        return await _answer(request, snapshot, writer, f"{base}catalog")


def _checksum(writer: _Writer, of: str, value: str) -> None:
    node = f"{of}#checksum"
    writer.add(of, spdx_checksum=f"<{node}>")
    writer.add(node, rdf_type=_of("spdx:Checksum"), spdx_algorithm=_of("spdx:checksumAlgorithm_sha256"), spdx_checksumValue=_typed(value, "hexBinary"))


def _figures(path: Path) -> list[dict[str, Any]]:
    """What ``avvn-graph evaluate --record`` measured of this build; none when it was not run."""
    try:
        found: list[dict[str, Any]] = json.loads((path / publish.QUALITY).read_text(encoding="utf-8"))["figures"]
    except FileNotFoundError:
        return []
    return found


_METRICS = {
    "precision": ("Precision: the share of what the graph says that annotations bear out.", "Precisie: het deel van wat de graaf zegt dat annotaties bevestigen."),
    "recall": ("Recall: the share of what is annotated that the graph has.", "Vangst: het deel van wat geannoteerd is dat de graaf heeft."),
    "f1": ("F1: the harmonic mean of precision and recall.", "F1: het harmonisch gemiddelde van precisie en vangst."),
}


def _measure(writer: _Writer, dataset: str, base: str, row: dict[str, Any]) -> None:
    dimension = f"{base}catalog#accuracy"
    writer.add(dimension, rdf_type=_of("dqv:Dimension"), skos_prefLabel=[ox.Literal("accuracy", language="en"), ox.Literal("juistheid", language="nl")])
    kind, _, term = str(row["of"]).partition(" ")
    for name, (english, dutch) in _METRICS.items():
        metric = f"{base}catalog#{name}"
        writer.add(
            metric, rdf_type=_of("dqv:Metric"), dqv_inDimension=f"<{dimension}>", dqv_expectedDataType=_of("xsd:decimal"),
            skos_definition=[ox.Literal(english, language="en"), ox.Literal(dutch, language="nl")],
        )
        node = f"{base}catalog#{name}-{kind}-{term or 'all'}"
        writer.add(dataset, dqv_hasQualityMeasurement=f"<{node}>")
        writer.add(
            node, rdf_type=_of("dqv:QualityMeasurement"), dqv_computedOn=f"<{dataset}>", dqv_isMeasurementOf=f"<{metric}>",
            dqv_value=_typed(f"{row[name]:.3f}", "decimal"), rdfs_label=ox.Literal(f"{name} of {row['of']} (n = {row['n']})", language="en"),
        )
        if term and kind in ("entity", "relation"):
            writer.add(node, dcterms_subject=f"<{lookups.PREFIXES['avvn']}{term}>")


@router.get("/dump/{name}.nq", summary="The whole graph as N-Quads", response_class=Response)
async def dump(app: App, name: str) -> Response:
    """`/dump/latest.nq` leads to the file of the build that is served; other builds are not here."""
    async with app.graphs.lease() as snapshot:
        build = snapshot.build
    if name == "latest":
        return RedirectResponse(f"/dump/{build.path.name}.nq", 303)
    if name != build.path.name or not build.nquads.is_file():
        raise ProblemError(404, "unknown", f"there is no dump of a build {name[:40]!r} here; /dump/latest.nq leads to the one that is served")
    headers = {"link": f'<{LICENSE}>; rel="license", </catalog>; rel="describedby"; type="{TURTLE}"'}
    headers |= _digest(str(build.manifest.get("sha256") or ""))
    return FileResponse(build.nquads, media_type=NQUADS, filename=f"avvn-graph-{build.path.name}.nq", headers=headers)


@router.get("/text/{slug}", summary="The text of a letter", response_class=Response)
async def text(app: App, slug: str) -> Response:
    """The text as received, in UTF-8: what all offsets count Unicode code points in. `Repr-Digest` has its checksum."""
    async with app.graphs.lease() as snapshot:
        body = await asyncio.to_thread(read_text, snapshot.build, slug)
        sha = next((str(d.get("sha256")) for d in snapshot.build.manifest.get("documents") or () if d.get("slug") == slug), "")
    headers = {"content-type": "text/plain; charset=utf-8", "content-language": "nl"} | _digest(sha)
    headers["link"] = f'</id/document/{slug}>; rel="describedby", </annotation/document/{slug}>; rel="http://www.w3.org/ns/oa#annotationService"'
    return Response(body, headers=headers)


def read_text(build: publish.Build, slug: str) -> bytes:
    """The published text of a letter; raises a 404 problem when this build has none of that name."""
    if slug in {str(d.get("slug")) for d in build.manifest.get("documents") or ()}:
        path = build.path / publish.TEXTS / f"{slug}.txt"
        if path.is_file():
            return path.read_bytes()
    raise ProblemError(404, "unknown", f"this build publishes no text of a letter {slug[:100]!r}")


def _digest(sha256: str) -> dict[str, str]:
    """Repr-Digest (RFC 9530) and a validator."""
    if not sha256:
        return {}
    return {"repr-digest": f"sha-256=:{base64.b64encode(bytes.fromhex(sha256)).decode()}:", "etag": f'"{sha256}"'}
