"""The bounded description of a thing: its triples, the statements about it with their evidence, names of all they point to.

A description is gathered in a few small queries that each start from known IRIs, since the engine is quick at those, and
serialised here in whatever format is asked, with the graph of each triple where the format can say it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pyoxigraph as ox

from avvn_graph.service import jsonld, lookups
from avvn_graph.service.graphs import Row, Snapshot, Term
from avvn_graph.service.negotiation import GRAPH_OFFERS
from avvn_graph.store.base import JSONLD, NTRIPLES, RDFXML, TURTLE

TRIG = "application/trig"
NQUADS = "application/n-quads"
OFFERS = {**GRAPH_OFFERS, TRIG: TRIG, NQUADS: NQUADS}
"""What a client may ask for, the server's favourite first, and the format that it is."""
TYPES = (TURTLE, NTRIPLES, JSONLD, RDFXML, TRIG, NQUADS)
SUFFIXES = {".ttl": TURTLE, ".nt": NTRIPLES, ".jsonld": JSONLD, ".rdf": RDFXML, ".trig": TRIG, ".nq": NQUADS}
PAGE_SIZE = 100
"""Statements a page."""

HYDRA = "http://www.w3.org/ns/hydra/core#"
PREFIXES = {**lookups.PREFIXES, "hydra": HYDRA, "oa": "http://www.w3.org/ns/oa#"}

_FORMATS = {
    TURTLE: ox.RdfFormat.TURTLE, NTRIPLES: ox.RdfFormat.N_TRIPLES, RDFXML: ox.RdfFormat.RDF_XML,
    TRIG: ox.RdfFormat.TRIG, NQUADS: ox.RdfFormat.N_QUADS,
}
_RDF = lookups.PREFIXES["rdf"]
_AVVN = lookups.PREFIXES["avvn"]
_RELATING = ("rdf:subject", "rdf:object", "avvn:evidence", "avvn:rule", "avvn:claimedBy", "avvn:inDocument", "prov:wasGeneratedBy")
_ABOUT = " UNION ".join(f"{{ ?statement {p} %(thing)s }}" for p in _RELATING)
_STATEMENTS = f"SELECT DISTINCT ?statement WHERE {{ {{ {_ABOUT} }} ?statement a avvn:Statement }} ORDER BY ?statement LIMIT %(size)d OFFSET %(offset)d"
_COUNT = f"SELECT (COUNT(DISTINCT ?statement) AS ?n) WHERE {{ {{ {_ABOUT} }} ?statement a avvn:Statement }}"
_OWN = "SELECT ?g ?s ?p ?o WHERE { VALUES ?s { %s } GRAPH ?g { ?s ?p ?o } }"
_SOME = "SELECT ?g ?s ?p ?o WHERE { VALUES ?s { %s } GRAPH ?g { ?s ?p ?o } FILTER(?p IN (%s)) }"
_PASSAGE = "rdf:type, avvn:text, avvn:inDocument, avvn:start, avvn:end"
_NAMES = "rdfs:label, dcterms:title"


@dataclass(frozen=True, slots=True)
class Description:
    """One page of a description; pages count from 1 and ``pages`` is at least 1."""

    quads: tuple[ox.Quad, ...]
    page: int
    pages: int
    statements: int


async def describe(snapshot: Snapshot, thing: str, page: int = 1) -> Description:
    """The page of the description of ``thing``; a page past the last has the thing's own triples only."""
    names = {"thing": lookups.iri(thing), "size": PAGE_SIZE, "offset": (page - 1) * PAGE_SIZE}
    count = int((await snapshot.select(lookups.HEADER + _COUNT % names))[0]["n"].value)
    quads = _quads(await snapshot.select(lookups.HEADER + _OWN % lookups.iri(thing)))
    found = [row["statement"].value for row in await snapshot.select(lookups.HEADER + _STATEMENTS % names)]
    if found:
        quads += _quads(await snapshot.select(lookups.HEADER + _OWN % lookups.terms(found)))
    passages = _objects(quads, _AVVN + "evidence", _AVVN + "inPassage")
    if passages:
        quads += _quads(await snapshot.select(lookups.HEADER + _SOME % (lookups.terms(passages), _PASSAGE)))
    pointed = {q.object.value for q in quads if isinstance(q.object, ox.NamedNode)} | {q.predicate.value for q in quads}
    quads += _quads(await snapshot.select(lookups.HEADER + _SOME % (lookups.terms(pointed), _NAMES)))
    return Description(tuple(dict.fromkeys(quads)), page, max(1, -(-count // PAGE_SIZE)), count)


async def graph(snapshot: Snapshot, name: str) -> list[ox.Quad]:
    """All of one named graph."""
    node = lookups.iri(name)
    rows = await snapshot.select(f"SELECT ?s ?p ?o WHERE {{ GRAPH {node} {{ ?s ?p ?o }} }}")
    return [ox.Quad(*_triple(row), ox.NamedNode(name)) for row in rows]


async def serialise(snapshot: Snapshot, quads: Iterable[ox.Quad], media_type: str) -> bytes:
    """The quads in one of TYPES, the same quads always as the same bytes."""
    kept = sorted(set(quads), key=str)
    if media_type == JSONLD:
        return jsonld.document(kept, await jsonld.context(snapshot))
    form = _FORMATS[media_type]
    if form.supports_datasets:
        grouped = sorted(kept, key=lambda q: str(q.graph_name))
        return ox.serialize(grouped, format=form, prefixes=PREFIXES if media_type == TRIG else None) or b""
    triples = list(dict.fromkeys(q.triple for q in kept))
    return ox.serialize(triples, format=form, prefixes=None if media_type == NTRIPLES else PREFIXES) or b""


def _objects(quads: Sequence[ox.Quad], *predicates: str) -> list[str]:
    return [q.object.value for q in quads if q.predicate.value in predicates and isinstance(q.object, ox.NamedNode)]


def _quads(rows: Iterable[Row]) -> list[ox.Quad]:
    return [ox.Quad(*_triple(row), ox.NamedNode(row["g"].value)) for row in rows]


def _triple(row: Row) -> tuple[ox.NamedNode | ox.BlankNode, ox.NamedNode, ox.NamedNode | ox.BlankNode | ox.Literal]:
    subject = row["s"]
    return (
        ox.BlankNode(subject.value) if subject.type == "bnode" else ox.NamedNode(subject.value),
        ox.NamedNode(row["p"].value), _term(row["o"]),
    )


def _term(term: Term) -> ox.NamedNode | ox.BlankNode | ox.Literal:
    if term.type == "uri":
        return ox.NamedNode(term.value)
    if term.type == "bnode":
        return ox.BlankNode(term.value)
    if term.lang:
        return ox.Literal(term.value, language=term.lang)
    return ox.Literal(term.value, datatype=ox.NamedNode(term.datatype)) if term.datatype else ox.Literal(term.value)
