"""The ontology: every term explained twice, within OWL 2 RL, and consistent with what the graph says."""

from __future__ import annotations

import owlrl
import pyoxigraph as ox
import pytest
import rdflib
from rdflib import OWL, RDF, RDFS, Literal, URIRef

from avvn_graph.graph import terms
from avvn_graph.graph.ontology import read_turtle
from avvn_graph.graph.publish import Build
from avvn_graph.settings import Settings

AVVN = terms.AVVN
FILE = Settings().ontology / "avvn.ttl"


@pytest.fixture(scope="module")
def ontology() -> rdflib.Graph:
    return rdflib.Graph().parse(FILE)


def ours(ontology: rdflib.Graph) -> set[rdflib.term.Node]:
    return {s for s in ontology.subjects(RDF.type) if str(s).startswith(AVVN)}


@pytest.mark.parametrize("property", [RDFS.label, RDFS.comment])
def test_every_term_is_labelled_and_commented_once_in_english_and_once_in_dutch(ontology: rdflib.Graph, property: URIRef) -> None:
    assert len(ours(ontology)) > 100
    for term in ours(ontology):
        assert sorted(str(o.language) for o in ontology.objects(term, property) if isinstance(o, Literal)) == ["en", "nl"], term


def test_the_terms_of_the_contract_are_there(ontology: rdflib.Graph) -> None:
    classes = ["Country", "Resolution", "Person", "Minister", "Event", "Amount", "Organisation", "Mission", "Treaty", "Dossier", "Document", "Passage", "Mention", "Statement", "Post"]
    objects = ["initiatedBy", "adoptedBy", "supportedBy", "votedAgainstBy", "abstainedBy", "organisedBy", "chairedBy", "attendedBy", "speaker", "pledgedBy", "recipient", "announcedBy", "memberOf", "contributesTo", "initiativeOf", "holdsOffice", "references", "represents", "constituentOf", "inDocument", "inPassage", "mentionOf", "evidence", "modality", "rule"]
    values = ["adoptionDate", "topic", "startDate", "endDate", "place", "period", "purpose", "symbol", "year", "session", "value", "currency", "acronym", "sourceFile", "documentType", "start", "end", "text", "section", "quote", "confidence", "how", "personnel"]
    for names, kind in ((classes, OWL.Class), (objects, OWL.ObjectProperty), (values, OWL.DatatypeProperty)):
        assert [n for n in names if (URIRef(AVVN + n), RDF.type, kind) not in ontology] == []
    assert {URIRef(AVVN + m) for m in ("realised", "planned", "calledFor")} == set(ontology.subjects(RDF.type, URIRef(AVVN + "Modality")))


@pytest.mark.parametrize(("term", "above"), [
    ("speaker", AVVN + "attendedBy"), ("references", terms.DCTERMS + "references"), ("holdsOffice", terms.ORG + "holds"),
    ("Minister", AVVN + "Person"), ("Statement", terms.RDF + "Statement"), ("Person", terms.FOAF + "Person"),
    ("Organisation", terms.ORG + "Organization"), ("Event", "https://schema.org/Event"), ("Build", terms.PROV + "Activity"),
])
def test_alignments(ontology: rdflib.Graph, term: str, above: str) -> None:
    node = URIRef(AVVN + term)
    assert (node, RDFS.subClassOf, URIRef(above)) in ontology or (node, RDFS.subPropertyOf, URIRef(above)) in ontology


def test_the_classes_that_the_code_uses_are_defined(ontology: rdflib.Graph) -> None:
    kinds = set(terms.CLASS_OF_KIND.values()) | terms.EVENT_CLASSES
    assert {n for n in kinds if (URIRef(AVVN + n), RDF.type, OWL.Class) not in ontology} == set()
    events = {str(c).removeprefix(AVVN) for c in ontology.transitive_subjects(RDFS.subClassOf, URIRef(AVVN + "Event"))}
    assert events == terms.EVENT_CLASSES | {"Event"}


def test_the_header(ontology: rdflib.Graph) -> None:
    node = URIRef(terms.ONTOLOGY)
    version = str(ontology.value(node, OWL.versionInfo))
    assert ontology.value(node, OWL.versionIRI) == URIRef(f"{terms.ONTOLOGY}/{version}")
    assert ontology.value(node, URIRef(terms.DCTERMS + "license")) is not None
    assert any(str(n).startswith(f"{version}:") for n in ontology.objects(node, URIRef(terms.SKOS + "changeNote")))


def test_it_keeps_to_owl_2_rl(ontology: rdflib.Graph) -> None:
    """Named classes only, and the constructs and datatypes that the profile has."""
    allowed = {"Class", "ObjectProperty", "DatatypeProperty", "AnnotationProperty", "NamedIndividual", "FunctionalProperty",
               "Ontology", "disjointWith", "differentFrom", "versionIRI", "versionInfo", "priorVersion"}
    used = {str(t).removeprefix(terms.OWL) for triple in ontology for t in triple if str(t).startswith(terms.OWL)}
    assert used <= allowed
    assert not any(isinstance(t, rdflib.BNode) for triple in ontology for t in triple)
    ranges = {o for p in ontology.subjects(RDF.type, OWL.DatatypeProperty) for o in ontology.objects(p, RDFS.range)}
    assert {str(r) for r in ranges} <= {terms.XSD + t for t in ("string", "integer", "decimal")} | {terms.RDFS + "Literal"}
    declared = set(ontology.subjects(RDF.type))
    for above in (RDFS.subClassOf, RDFS.subPropertyOf, RDFS.domain):
        assert set(ontology.objects(None, above)) <= declared
    classes, objects, values = (set(ontology.subjects(RDF.type, k)) for k in (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty))
    assert not (classes & objects | classes & values | objects & values)


def test_sub_properties_stay_within_domain_and_range(ontology: rdflib.Graph) -> None:
    above = {c: set(ontology.transitive_objects(c, RDFS.subClassOf)) for c in ontology.subjects(RDF.type, OWL.Class)}
    for p, q in ontology.subject_objects(RDFS.subPropertyOf):
        for side in (RDFS.domain, RDFS.range):
            wide, narrow = ontology.value(q, side), ontology.value(p, side)
            assert wide is None or narrow is None or wide in above.get(narrow, {narrow}), (p, q)


def closure(published: Build, *extra: str) -> rdflib.Graph:
    """What OWL 2 RL makes of the letters' graphs with the ontology."""
    graph = rdflib.Graph()
    for quad in ox.parse(path=str(published.nquads), format=ox.RdfFormat.N_QUADS):
        if "graph/vocabularies" not in str(quad.graph_name):
            graph.parse(data=f"{quad.triple} .", format="nt")
    for line in extra:
        graph.parse(data=line, format="nt")
    owlrl.DeductiveClosure(owlrl.OWLRL_Semantics).expand(graph)
    return graph


def errors(graph: rdflib.Graph) -> list[str]:
    error = URIRef("http://www.daml.org/2002/03/agents/agent-ont#ErrorMessage")
    found = [str(o) for s in graph.subjects(RDF.type, error) for o in graph.objects(s)]
    return [m for m in found if "agent-ont" not in m]


def test_the_graph_is_consistent_and_infers_what_it_should(published: Build) -> None:
    graph = closure(published)
    assert errors(graph) == []
    thing = "https://w3id.org/avvn/id/"
    assert (URIRef(thing + "person/kaag"), RDF.type, URIRef(terms.FOAF + "Person")) in graph
    assert (URIRef(thing + "event/side-event-honger"), URIRef("https://schema.org/attendee"), URIRef(thing + "person/kaag")) in graph
    # Nothing is inferred to be of a second kind.
    kinds = [URIRef(AVVN + c) for c in ("Country", "Person", "Resolution", "Event", "Amount", "Document", "Passage", "Mention", "Statement", "Dossier", "Post")]
    several = {s for s in set(graph.subjects()) if sum((s, RDF.type, k) in graph for k in kinds) > 1}
    assert several == set()


def test_a_contradiction_is_found(published: Build) -> None:
    wrong = f"<https://w3id.org/avvn/id/person/kaag> <{RDF.type}> <{AVVN}Country> ."
    assert errors(closure(published, wrong))


def test_blank_nodes_would_be_named_the_same_every_time(tmp_path: object) -> None:
    shapes = Settings().ontology / "shapes.ttl"
    assert set(read_turtle(shapes)) == set(read_turtle(shapes))
