"""What facts become in the graph, asked through the published store."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from avvn_graph.errors import AvvnError
from avvn_graph.facts import Ref, Value
from avvn_graph.graph.publish import Build
from avvn_graph.graph.quads import decimal_text, literal
from avvn_graph.graph.terms import PREFIXES, Iris

from . import letters
from .conftest import Publish

BASE = "https://w3id.org/avvn/"
_PREFIXES = "".join(f"PREFIX {p}: <{n}>\n" for p, n in PREFIXES.items()) + f"PREFIX id: <{BASE}id/>\n"


def rows(store: ox.Store, query: str) -> list[tuple[str, ...]]:
    found = store.query(_PREFIXES + query, use_default_graph_as_union=True)
    assert isinstance(found, ox.QuerySolutions)
    return sorted(tuple("" if v is None else v.value for v in row) for row in found)


def ask(store: ox.Store, pattern: str) -> bool:
    return bool(store.query(f"{_PREFIXES} ASK {{ {pattern} }}", use_default_graph_as_union=True))


def test_the_evidence_of_a_statement_is_the_text_between_its_offsets(store: ox.Store) -> None:
    source = letters.letter().source
    found = rows(store, """SELECT ?text ?start ?end WHERE { ?s rdf:subject <https://w3id.org/avvn/id/resolution/S-RES-2417> ;
        rdf:predicate avvn:initiatedBy ; avvn:evidence ?p ; avvn:inDocument id:document\\/verslag .
        ?p avvn:text ?text ; avvn:start ?start ; avvn:end ?end }""")
    assert [source[int(start):int(end)] for _, start, end in found] == [text for text, _, _ in found]
    assert found[0][0] == "Nederland diende resolutie 2417 over honger en conflict in."


@pytest.mark.parametrize(("pattern", "asserted"), [
    ("id:resolution\\/S-RES-2417 avvn:initiatedBy id:country\\/NL", True),
    ("id:resolution\\/S-RES-2417 avvn:topic 'honger en conflict'@nl", True),
    ("id:event\\/side-event-honger avvn:speaker id:person\\/kaag", True),
    ("id:event\\/side-event-honger avvn:attendedBy id:person\\/kaag", True),
    ("id:amount\\/eur-100000000-gpe avvn:pledgedBy id:country\\/NL", True),
    ("id:document\\/verslag avvn:references id:dossier\\/26150-171", True),
    ("id:document\\/verslag dcterms:references id:dossier\\/26150-171", True),
    ("id:person\\/kaag avvn:holdsOffice id:post\\/minister-voor-bhos", True),
    # called for, and claimed by a party group
    ("id:event\\/side-event-honger avvn:organisedBy id:country\\/FR", False),
    ("id:event\\/side-event-honger avvn:organisedBy id:country\\/NL", False),
])
def test_a_fact_is_asserted_directly_unless_only_called_for_or_claimed(store: ox.Store, pattern: str, asserted: bool) -> None:
    assert ask(store, pattern) is asserted


def test_every_direct_relation_has_its_statement(store: ox.Store) -> None:
    relations = "avvn:initiatedBy avvn:topic avvn:speaker avvn:pledgedBy avvn:references avvn:holdsOffice"
    assert rows(store, f"""SELECT ?s ?p ?o WHERE {{ VALUES ?p {{ {relations} }} ?s ?p ?o
        FILTER NOT EXISTS {{ ?x rdf:subject ?s ; rdf:predicate ?p ; rdf:object ?o ; avvn:evidence ?e }} }}""") == []


def test_statements_carry_modality_rule_confidence_claimant_and_qualifiers(store: ox.Store) -> None:
    found = rows(store, """SELECT ?p ?m ?r ?c ?g ?how WHERE { ?s avvn:inDocument id:document\\/verslag ; rdf:predicate ?p ;
        avvn:modality ?m ; avvn:rule/rdfs:label ?r ; avvn:confidence ?c ; prov:wasGeneratedBy ?b
        OPTIONAL { ?s avvn:claimedBy/rdfs:label ?g } OPTIONAL { ?s avvn:how ?how } }""")
    short = [tuple(v.removeprefix("https://w3id.org/avvn/ontology#") for v in row) for row in found]
    assert ("initiatedBy", "realised", "initiative.submitted", "0.9", "", "submitted") in short
    assert ("organisedBy", "calledFor", "event.organised", "0.7", "", "") in short
    assert ("organisedBy", "realised", "event.organised", "0.7", "VVD-fractie", "") in short
    assert ("speaker", "realised", "participation.spoke", "1", "", "") in short
    assert len(short) == 8


def test_entities_have_their_classes_and_identity(store: ox.Store) -> None:
    def types(name: str) -> set[str]:
        return {t.rsplit("#", 1)[-1] for (t,) in rows(store, f"SELECT DISTINCT ?t WHERE {{ GRAPH ?g {{ id:{name} a ?t }} FILTER(!STRENDS(STR(?g), '/inferred')) }}")}

    assert types("person\\/kaag") == {"Person", "Minister"}
    assert types("event\\/side-event-honger") == {"Event", "SideEvent"}
    assert types("country\\/FR") == {"Country"}
    assert ask(store, "id:person\\/kaag foaf:familyName 'Kaag' ; foaf:name 'Sigrid Kaag' ; avvn:represents id:country\\/NL")
    assert ask(store, "id:amount\\/eur-100000000-gpe avvn:value '100000000'^^xsd:decimal ; avvn:currency 'EUR'")
    assert ask(store, "id:dossier\\/26150-171 rdfs:seeAlso <https://zoek.officielebekendmakingen.nl/kst-26150-171.html>")
    assert ask(store, "id:resolution\\/S-RES-2417 skos:altLabel 'resolutie over honger'@nl ; avvn:year '2018'^^xsd:gYear")


def test_a_triple_of_two_letters_stands_once(store: ox.Store) -> None:
    assert rows(store, "SELECT ?l WHERE { id:event\\/side-event-honger rdfs:label ?l }") == [("side event over honger",)]
    assert rows(store, "SELECT (SUM(?v) AS ?total) WHERE { ?a a avvn:Amount ; avvn:value ?v }") == [("100000000",)]
    assert rows(store, "SELECT ?g WHERE { GRAPH ?g { id:event\\/side-event-honger a avvn:Event } }") == [(f"{BASE}graph/document/verslag",)]


def test_each_letter_has_its_own_passages_mentions_and_statements(store: ox.Store) -> None:
    assert rows(store, """SELECT ?g (COUNT(?x) AS ?n) WHERE { VALUES ?t { avvn:Passage avvn:Mention avvn:Statement }
        GRAPH ?g { ?x a ?t } } GROUP BY ?g""") == [(f"{BASE}graph/document/{d}", str(5 + 7 + 8)) for d in ("inzet", "verslag")]


def test_countries_have_names_in_two_languages_and_matches_elsewhere(store: ox.Store) -> None:
    assert ask(store, "GRAPH <https://w3id.org/avvn/graph/vocabularies> { id:country\\/NL skos:prefLabel 'Nederland'@nl, 'Netherlands'@en ; "
                      "skos:altLabel 'Koninkrijk der Nederlanden'@nl, 'het kabinet'@nl ; "
                      "skos:exactMatch <http://www.wikidata.org/entity/Q29999>, <http://publications.europa.eu/resource/authority/country/NLD> }")
    assert ask(store, "id:country\\/AW avvn:constituentOf id:country\\/NL")
    assert ask(store, "id:country\\/FR skos:hiddenLabel 'Franse'@nl, 'Fransen'@nl")
    assert ask(store, "id:country\\/XK skos:prefLabel 'Kosovo'@nl, 'Kosovo'@en")
    assert not ask(store, "id:country\\/XK skos:exactMatch ?x")


def test_bodies_party_groups_and_office_holders_come_from_the_vocabularies(store: ox.Store) -> None:
    assert ask(store, "id:organisation\\/VNVR avvn:acronym 'VNVR' ; skos:prefLabel 'Veiligheidsraad'@nl, 'United Nations Security Council'@en ; "
                      "skos:altLabel 'VN-Veiligheidsraad'")
    assert ask(store, "id:group\\/partij-voor-de-dieren a avvn:PartyGroup ; skos:prefLabel 'Partij voor de Dieren'@nl ; skos:altLabel 'PvdD'")
    assert ask(store, "?t a avvn:Tenure ; org:member id:person\\/blok ; schema:roleName 'Minister van Buitenlandse Zaken'@nl ; "
                      "schema:startDate '2018-03-07'^^xsd:date ; schema:endDate '2021-05-25'^^xsd:date")


def test_a_party_group_speaks_in_its_passages(store: ox.Store) -> None:
    assert rows(store, "SELECT DISTINCT ?n WHERE { ?p avvn:spokenBy id:group\\/vvd-fractie ; avvn:speakerName ?n }") == [("VVD-fractie",)]


def test_each_letter_the_vocabularies_the_ontology_and_the_build_have_a_graph(store: ox.Store) -> None:
    assert {g.value for g in store.named_graphs() if isinstance(g, ox.NamedNode)} == {
        f"{BASE}graph/{g}" for g in ("document/verslag", "document/inzet", "vocabularies", "ontology", "build", "inferred")
    }


def test_the_build_says_what_it_used_and_which_rules_it_followed(store: ox.Store, published: Build) -> None:
    build = f"<{BASE}id/build/{published.id}>"
    assert rows(store, f"SELECT ?d WHERE {{ {build} a prov:Activity ; prov:used ?d }}") == [
        (f"{BASE}id/document/inzet",), (f"{BASE}id/document/verslag",),
    ]
    assert published.manifest["created"] == "2026-01-02T03:04:05+00:00"
    assert ask(store, f"{build} prov:qualifiedAssociation [ prov:agent [ a prov:SoftwareAgent ] ; prov:hadPlan [ a avvn:Rule ] ]")
    assert ask(store, f"{build} prov:wasAssociatedWith [ a prov:SoftwareAgent ; schema:softwareVersion ?v ]")
    assert ask(store, f"?s a avvn:Statement ; prov:wasGeneratedBy {build} ; avvn:rule [ a avvn:Rule ; avvn:findings 2 ]")


def test_no_blank_nodes(published: Build) -> None:
    assert b"_:" not in b"".join(line.split(b'"')[0] for line in published.nquads.read_bytes().splitlines())


def test_the_store_and_the_dump_hold_the_same_quads(store: ox.Store, published: Build) -> None:
    dumped = store.dump(format=ox.RdfFormat.N_QUADS)
    assert dumped is not None
    assert sorted(dumped.splitlines()) == published.nquads.read_bytes().splitlines()


def test_the_same_fact_found_twice_is_one_statement_with_all_its_evidence(run: Publish) -> None:
    good = letters.facts()
    first = good.statements[0]
    again = type(first)(first.document, first.subject, first.predicate, first.object, (good.letter.passages[2].key,),
                        rule="initiative.other", confidence=0.5, qualifiers=(("personnel", Value("3", "integer")),))
    report = run([type(good)(good.letter, good.entities, good.mentions, (*good.statements, again))])
    store = ox.Store.read_only(str(report.build.store))
    assert rows(store, "SELECT ?r ?n (COUNT(?e) AS ?c) WHERE { ?s rdf:predicate avvn:initiatedBy ; avvn:rule/rdfs:label ?r ; "
                       "avvn:personnel ?n ; avvn:evidence ?e } GROUP BY ?r ?n") == [("initiative.submitted", "3", "2")]


def test_evidence_that_the_letter_does_not_have_is_refused(run: Publish) -> None:
    with pytest.raises(AvvnError, match=r"000_verslag\.txt: rule initiative\.submitted gives passage verslag/9-99"):
        run([letters.broken(letters.facts(), evidence=("verslag/9-99",))])


def test_keys_are_percent_encoded_and_the_base_is_a_setting() -> None:
    iris = Iris("http://localhost:8000/")
    assert iris.entity(Ref("thing", "a b/é<>")).value == "http://localhost:8000/id/thing/a%20b%2F%C3%A9%3C%3E"
    assert iris.passage("brief/1-9").value == "http://localhost:8000/id/passage/brief/1-9"


@pytest.mark.parametrize(("value", "expected"), [
    (Value("58500000.00", "decimal"), '"58500000"^^<http://www.w3.org/2001/XMLSchema#decimal>'),
    (Value("0.50", "decimal"), '"0.5"^^<http://www.w3.org/2001/XMLSchema#decimal>'),
    (Value("1E+3", "decimal"), '"1000"^^<http://www.w3.org/2001/XMLSchema#decimal>'),
    (Value("007", "integer"), '"7"^^<http://www.w3.org/2001/XMLSchema#integer>'),
    (Value("zeven", "integer"), '"zeven"^^<http://www.w3.org/2001/XMLSchema#integer>'),
    (Value("2018-07", "gYearMonth"), '"2018-07"^^<http://www.w3.org/2001/XMLSchema#gYearMonth>'),
    (Value("Genève", lang="nl"), '"Genève"@nl'),
])
def test_literals(value: Value, expected: str) -> None:
    assert str(literal(value)) == expected


def test_whole_numbers_keep_their_zeros() -> None:
    from decimal import Decimal

    assert [decimal_text(Decimal(n)) for n in ("100", "0", "0.10", "100.0")] == ["100", "0", "0.1", "100"]
