"""The ontology against the real graph: examples, and what can be asked because of it."""

from __future__ import annotations

from collections.abc import Callable

import rdflib
from rdflib import RDF, URIRef

from avvn_graph.graph import terms
from avvn_graph.graph.terms import AVVN
from avvn_graph.settings import Settings
from tests.conftest import Rows

INFERRED = "https://w3id.org/avvn/graph/inferred"


def test_every_term_has_an_example_from_the_letters(run: Callable[[str], Rows]) -> None:
    """The quoted sentence stands in a letter, or is a letter's title. Two kinds of event the letters have none of."""
    texts = {r["t"] for r in run(f"SELECT ?t {{ ?p <{AVVN}text>|<{AVVN}quote>|<{terms.DCTERMS}title> ?t }}")}
    none = {URIRef(AVVN + name) for name in ("Exhibition", "Exercise")}
    ontology = rdflib.Graph().parse(Settings().ontology / "avvn.ttl")
    for term in {s for s in ontology.subjects(RDF.type) if str(s).startswith(AVVN)} - none:
        (example,) = ontology.objects(term, URIRef(terms.SKOS + "example"))
        assert str(example).removeprefix("«").partition("»")[0] in texts or str(example)[1:str(example).rindex("»")] in texts, term


def test_super_properties_can_be_asked_for(run: Callable[[str], Rows]) -> None:
    for narrow, wide in (
        (f"{AVVN}organisedBy", "https://schema.org/organizer"), (f"{AVVN}memberOf", "http://www.w3.org/ns/org#memberOf"),
        (f"{AVVN}holdsOffice", "http://www.w3.org/ns/org#holds"), (f"{AVVN}inPassage", "http://purl.org/dc/terms/isPartOf"),
    ):
        asserted, found = (run(f"SELECT ?s ?o {{ ?s <{p}> ?o }}") for p in (narrow, wide))
        assert asserted
        assert {tuple(r.items()) for r in asserted} <= {tuple(r.items()) for r in found}
    assert run("SELECT ?x { ?x a <http://xmlns.com/foaf/0.1/Person> } LIMIT 1")


def test_every_triple_stands_in_one_graph(run: Callable[[str], Rows]) -> None:
    assert run(f"SELECT ?s ?p ?o {{ GRAPH <{INFERRED}> {{ ?s ?p ?o }} GRAPH ?g {{ ?s ?p ?o }} FILTER(?g != <{INFERRED}>) }} LIMIT 1") == []
    assert run(f"SELECT ?s {{ GRAPH <{INFERRED}> {{ ?s a <http://www.w3.org/1999/02/22-rdf-syntax-ns#Statement> }} }} LIMIT 1")
