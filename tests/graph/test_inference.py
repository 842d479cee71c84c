"""What follows from the ontology stands in a graph of its own, all of it and nothing else."""

from __future__ import annotations

import owlrl
import pyoxigraph as ox
import pytest
from rdflib import OWL, RDF, RDFS, Graph, Literal, URIRef

from avvn_graph.errors import AvvnError
from avvn_graph.graph.inference import infer
from avvn_graph.graph.publish import Build
from avvn_graph.graph.terms import Iris
from avvn_graph.settings import Settings

BASE = "https://w3id.org/avvn/"
INFERRED = f"{BASE}graph/inferred"
HEADER = "@prefix : <http://x/> . @prefix owl: <http://www.w3.org/2002/07/owl#> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> ."


def quads(turtle: str) -> list[ox.Quad]:
    return list(ox.parse(f"{HEADER} {turtle}".encode(), format=ox.RdfFormat.TURTLE))


def follows(ontology: str, data: str) -> set[str]:
    found = infer(quads(data), quads(ontology), Iris(BASE))
    assert {q.graph_name for q in found.quads} <= {ox.NamedNode(INFERRED)}
    return {str(q.triple).replace("http://x/", "").replace(str(RDF.type), "a") for q in found.quads}


@pytest.mark.parametrize(("ontology", "data", "expected"), [
    (":A rdfs:subClassOf :B . :B rdfs:subClassOf :C .", ":x a :A .", {"<x> <a> <B>", "<x> <a> <C>"}),
    (":p rdfs:subPropertyOf :q . :q rdfs:subPropertyOf :r .", ":x :p :y .", {"<x> <q> <y>", "<x> <r> <y>"}),
    (":p rdfs:subPropertyOf :q .", ':x :p "1" ; :q "1" . :y :p "2"@nl .', {'<y> <q> "2"@nl'}),
    (":p rdfs:domain :A ; rdfs:range :B . :B rdfs:subClassOf :C .", ":x :p :y .", {"<x> <a> <A>", "<y> <a> <B>", "<y> <a> <C>"}),
    (":q rdfs:domain :A . :p rdfs:subPropertyOf :q .", ':x :p "1" .', {"<x> <a> <A>", '<x> <q> "1"'}),
    (":p owl:inverseOf :q .", ":x :p :y . :z :q :w .", {"<y> <q> <x>", "<w> <p> <z>"}),
    (":p a owl:SymmetricProperty .", ":x :p :y .", {"<y> <p> <x>"}),
    (":p a owl:TransitiveProperty .", ":a :p :b . :b :p :c . :c :p :d .", {"<a> <p> <c>", "<a> <p> <d>", "<b> <p> <d>"}),
    (":A rdfs:subClassOf owl:Thing .", ":x a :A .", set()),
])
def test_rules(ontology: str, data: str, expected: set[str]) -> None:
    assert follows(ontology, data) == expected


@pytest.mark.parametrize(("ontology", "data", "message"), [
    (":A owl:disjointWith :B . :C rdfs:subClassOf :B .", ":x a :A, :C .", "is both A and B, which are disjoint"),
    (":p a owl:DatatypeProperty, owl:FunctionalProperty .", ':x :p "1", "2" .', "has 2 values of p, which is functional"),
])
def test_contradictions_are_told(ontology: str, data: str, message: str) -> None:
    with pytest.raises(AvvnError, match=message):
        infer(quads(data), quads(ontology), Iris(BASE)).check()


def test_a_general_reasoner_finds_the_same(published: Build) -> None:
    """Of what owlrl infers of the letters, all that is about them and is not true of everything is in the graph."""
    data, stated = Graph(), set()
    ontology = Graph().parse(Settings().ontology / "avvn.ttl")
    inferred = set()
    for q in ox.parse(path=str(published.nquads), format=ox.RdfFormat.N_QUADS):
        name = q.graph_name.value
        if "/graph/document/" in name:
            data.parse(data=f"{q.triple} .", format="nt")
        elif name == INFERRED:
            inferred.add(q.triple)
        stated.add(q.triple)
    own = {s for s in data.subjects() if isinstance(s, URIRef)}
    whole = data + ontology
    owlrl.DeductiveClosure(owlrl.OWLRL_Semantics).expand(whole)
    trivial = {OWL.Thing, RDFS.Resource, RDFS.Literal}
    expected = {
        (s, p, o) for s, p, o in whole
        if s in own and p not in (OWL.sameAs, OWL.differentFrom) and o not in trivial and not isinstance(o, Literal) and (s, p, o) not in data
    }
    assert len(expected) > 50
    missing = {t for t in expected if ox.Triple(*(ox.NamedNode(str(x)) for x in t)) not in stated}
    assert missing == set()
    ours = {(URIRef(t.subject.value), URIRef(t.predicate.value), URIRef(t.object.value)) for t in inferred
            if isinstance(t.object, ox.NamedNode) and URIRef(t.subject.value) in own}
    # The vocabularies were left out of the reasoner's data, for its speed: what follows from them may be ours alone.
    vocabulary = {s for s, p, _ in ours if p == RDF.type}
    assert {t for t in ours - expected if t[0] not in vocabulary} == set()
