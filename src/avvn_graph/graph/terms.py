"""Namespaces, the ontology's terms, and the one place where IRIs are minted."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from urllib.parse import quote

from pyoxigraph import NamedNode

from avvn_graph.facts import EntityKind, Ref, Statement, Value

# The ontology keeps its name wherever the data is published: AVVN_BASE_IRI moves the things, not the terms.
AVVN = "https://w3id.org/avvn/ontology#"
ONTOLOGY = "https://w3id.org/avvn/ontology"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
OWL = "http://www.w3.org/2002/07/owl#"
XSD = "http://www.w3.org/2001/XMLSchema#"
PROV = "http://www.w3.org/ns/prov#"
FOAF = "http://xmlns.com/foaf/0.1/"
ORG = "http://www.w3.org/ns/org#"
SCHEMA = "https://schema.org/"
DCTERMS = "http://purl.org/dc/terms/"
SKOS = "http://www.w3.org/2004/02/skos/core#"
SPDX = "http://spdx.org/rdf/terms#"
VOID = "http://rdfs.org/ns/void#"
WIKIDATA = "http://www.wikidata.org/entity/"
EU_COUNTRY = "http://publications.europa.eu/resource/authority/country/"

PREFIXES = {
    "avvn": AVVN, "rdf": RDF, "rdfs": RDFS, "owl": OWL, "xsd": XSD, "prov": PROV, "foaf": FOAF, "org": ORG,
    "schema": SCHEMA, "dcterms": DCTERMS, "skos": SKOS, "void": VOID, "spdx": SPDX,
}
"""Prefixes for exports, prefix to namespace."""

CLASS_OF_KIND: dict[EntityKind, str] = {
    "country": "Country", "resolution": "Resolution", "person": "Person", "event": "Event", "amount": "Amount",
    "organisation": "Organisation", "mission": "Mission", "treaty": "Treaty", "dossier": "Dossier", "post": "Post",
    "group": "PartyGroup", "thing": "NamedThing",
}
"""The ontology's class for each kind of entity."""

EVENT_CLASSES = frozenset({
    "SideEvent", "Meeting", "MinisterialMeeting", "BilateralTalk", "Summit", "Conference", "PledgingConference", "Debate",
    "Session", "MinisterialWeek", "Visit", "Launch", "Speech", "Exercise", "Exhibition", "Election", "Negotiation",
})
"""Sub-classes of avvn:Event that an entity's ``eventType`` may name."""

BUILD_PLACEHOLDER = "0" * 16
"""Stands for the build's id while the id, a hash over the quads, is not known yet."""


@lru_cache(maxsize=512)
def avvn(name: str) -> NamedNode:
    """The ontology term ``avvn:name``."""
    return NamedNode(AVVN + name)


@lru_cache(maxsize=64)
def xsd(name: str) -> NamedNode:
    """The datatype ``xsd:name``."""
    return NamedNode(XSD + name)


def escape(key: str, safe: str = "") -> str:
    """A key as it stands in an IRI path: everything but unreserved characters percent-encoded (UTF-8)."""
    return quote(key, safe=safe)


class Iris:
    """Mints the IRIs of one base; the same input gives the same IRI in every build."""

    def __init__(self, base: str) -> None:
        """``base`` ends in a slash (AVVN_BASE_IRI)."""
        self.base = base
        self._entities: dict[Ref, NamedNode] = {}

    def _id(self, kind: str, key: str) -> NamedNode:
        return NamedNode(f"{self.base}id/{kind}/{key}")

    def entity(self, ref: Ref) -> NamedNode:
        """``id/{kind}/{key}``."""
        node = self._entities.get(ref)
        if node is None:
            node = self._entities[ref] = self._id(ref.kind, escape(ref.key))
        return node

    def document(self, slug: str) -> NamedNode:
        """``id/document/{slug}``."""
        return self._id("document", escape(slug))

    def text(self, slug: str) -> NamedNode:
        """``text/{slug}``: the letter's text, as published."""
        return NamedNode(f"{self.base}text/{escape(slug)}")

    def passage(self, key: str) -> NamedNode:
        """``id/passage/{document}/{start}-{end}``."""
        return self._id("passage", escape(key, "/"))

    def mention(self, key: str) -> NamedNode:
        """``id/mention/{document}/{start}-{end}-{kind}``."""
        return self._id("mention", escape(key, "/"))

    def statement(self, statement: Statement) -> NamedNode:
        """``id/statement/{16 hex}``: the hash of who says what of whom, and how firmly; not of where it was found."""
        parts = (
            statement.document,
            _name(statement.subject) if statement.subject else "",
            statement.predicate,
            _name(statement.object),
            statement.modality,
            _name(statement.claimed_by) if statement.claimed_by else "",
        )
        return self._id("statement", hashlib.sha256("|".join(parts).encode()).hexdigest()[:16])

    def rule(self, name: str) -> NamedNode:
        """``id/rule/{family.rule}``."""
        return self._id("rule", escape(name))

    def build(self, key: str = BUILD_PLACEHOLDER) -> NamedNode:
        """``id/build/{build-id}``."""
        return self._id("build", key)

    def software(self, version: str) -> NamedNode:
        """``id/software/avvn-graph-{version}``."""
        return self._id("software", escape(f"avvn-graph-{version}"))

    def document_graph(self, slug: str) -> NamedNode:
        """``graph/document/{slug}``: the named graph of one letter."""
        return NamedNode(f"{self.base}graph/document/{escape(slug)}")

    def graph(self, name: str) -> NamedNode:
        """``graph/{ontology|vocabularies|build}``."""
        return NamedNode(f"{self.base}graph/{name}")


def _name(thing: Ref | Value) -> str:
    if isinstance(thing, Ref):
        return f"{thing.kind}/{thing.key}"
    return f'"{thing.text}"{"@" + thing.lang if thing.lang else "^^" + thing.datatype}'
