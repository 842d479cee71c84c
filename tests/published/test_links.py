"""Links to the rest of the web: each from a row that says where it comes from."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox
import pytest

from avvn_graph.errors import AvvnError
from avvn_graph.graph.links import link_quads
from avvn_graph.graph.terms import Iris
from avvn_graph.settings import Settings
from tests.conftest import Rows

BASE = "https://w3id.org/avvn/"
FOLDER = Settings().vocabularies


def rows(name: str) -> list[dict[str, str]]:
    lines = (FOLDER / name).read_text("utf-8").splitlines()
    return list(csv.DictReader(line for line in lines if not line.startswith("#")))


def test_numbered_resolutions_lead_to_the_un(run: Callable[[str], Rows]) -> None:
    found = run("""PREFIX avvn: <https://w3id.org/avvn/ontology#> PREFIX foaf: <http://xmlns.com/foaf/0.1/>
        SELECT ?symbol ?page { ?r avvn:symbol ?symbol ; foaf:page ?page }""")
    assert len(found) >= 7
    for row in found:
        assert re.fullmatch(rf"https://docs\.un\.org/en/{row['symbol']}\(\d{{4}}\)", row["page"])
    assert all(r["source"] for r in rows("links.csv") + rows("link-patterns.csv"))


def test_goals_and_papers_lead_out_where_the_text_names_them(run: Callable[[str], Rows]) -> None:
    goals = run("""PREFIX avvn: <https://w3id.org/avvn/ontology#> PREFIX dcterms: <http://purl.org/dc/terms/>
        SELECT ?text ?goal { ?p avvn:text ?text ; dcterms:subject ?goal }""")
    assert goals
    for row in goals:
        number = row["goal"].removeprefix("http://metadata.un.org/sdg/")
        assert re.search(rf"SDG[ \u00a0]?{number}(?!\d)", row["text"])
    papers = run("""PREFIX avvn: <https://w3id.org/avvn/ontology#> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
        SELECT ?d ?at { ?d a avvn:Dossier ; rdfs:seeAlso ?at }""")
    assert len(papers) > 10
    for row in papers:
        assert row["at"] == f"https://zoek.officielebekendmakingen.nl/kst-{row['d'].rsplit('/', 1)[-1]}.html"


def test_topics_lead_to_the_thesaurus_of_the_un_library_where_the_text_names_the_concept(run: Callable[[str], Rows]) -> None:
    found = run("""PREFIX avvn: <https://w3id.org/avvn/ontology#> PREFIX dcterms: <http://purl.org/dc/terms/>
        SELECT ?topic ?concept { ?r avvn:topic ?topic ; dcterms:subject ?concept FILTER(CONTAINS(STR(?concept), "/thesaurus/")) }""")
    assert {(r["topic"].split()[0], r["concept"].rsplit("/", 1)[-1]) for r in found} >= {("honger", "1003004"), ("tuberculose", "1006731")}
    assert not any("vrouwen" in r["topic"] for r in found)  # violence against women has no number of which we are sure


def test_nothing_is_said_to_be_the_same_as_something_else(run: Callable[[str], Rows]) -> None:
    assert run("SELECT ?s { ?s <http://www.w3.org/2002/07/owl#sameAs> ?o } LIMIT 1") == []
    # One thing has one exact match in one authority's table, and is that of no other.
    found = run("""PREFIX skos: <http://www.w3.org/2004/02/skos/core#> SELECT ?s ?o { ?s skos:exactMatch ?o }""")
    assert len(found) > 400
    assert len({r["o"] for r in found}) == len(found)
    assert len({(r["s"], r["o"].rsplit("/", 1)[0]) for r in found}) == len(found)


@pytest.mark.parametrize(("row", "message"), [
    ("resolution,S-RES-1,owl:sameAs,http://x/,y", "links.csv:2: owl:sameAs makes one thing of two"),
    ("resolution,S-RES-1,foaf:page,http://x/,", "links.csv:2: source: every column needs one value"),
    ("resolution,S-RES-1,nope:page,http://x/,y", "'nope:page' has no prefix"),
    ("planet,mars,foaf:page,http://x/,y", "'planet' is no kind of thing"),
    ("resolution,S-RES-1,foaf:page,not an iri,y", "'not an iri' is no IRI"),
])
def test_a_wrong_row_is_refused_by_file_and_line(tmp_path: Path, row: str, message: str) -> None:
    (tmp_path / "links.csv").write_text(f"kind,key,relation,target,source\n{row}\n", "utf-8")
    node = ox.NamedNode(f"{BASE}id/resolution/S-RES-1")
    stated = [ox.Quad(node, ox.NamedNode("http://p"), ox.Literal("x"), node)]
    with pytest.raises(AvvnError, match=re.escape(message)):
        list(link_quads(tmp_path, stated, Iris(BASE)))
