"""Every IRI opens, as a page and as RDF."""

from __future__ import annotations

import httpx
import pyoxigraph as ox
import pytest

from .conftest import BASE, problem

FORMATS = {
    "ttl": ("text/turtle; charset=utf-8", ox.RdfFormat.TURTLE), "nt": ("application/n-triples", ox.RdfFormat.N_TRIPLES),
    "jsonld": ("application/ld+json", ox.RdfFormat.JSON_LD), "rdf": ("application/rdf+xml", ox.RdfFormat.RDF_XML),
}


def triples(response: httpx.Response, format_: ox.RdfFormat) -> set[ox.Triple]:
    assert response.status_code == 200, response.text
    return {q.triple for q in ox.parse(response.content, format=format_)}


@pytest.mark.parametrize(("accept", "place"), [
    ("text/html", "/page/country/NL"), ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "/page/country/NL"),
    ("text/turtle", "/data/country/NL"), ("application/ld+json", "/data/country/NL"), ("*/*", "/data/country/NL"), (None, "/data/country/NL"),
])
def test_id_redirects_by_accept(client: httpx.Client, accept: str | None, place: str) -> None:
    request = client.build_request("GET", "/id/country/NL")
    del request.headers["accept"]
    if accept:
        request.headers["accept"] = accept
    response = client.send(request)
    assert response.status_code == 303
    assert response.headers["location"] == place
    assert response.headers["vary"] == "Accept"


def test_the_unknown_is_404_everywhere(client: httpx.Client) -> None:
    for path in ("/id/country/ZZ", "/data/country/ZZ", "/data/country/ZZ.ttl", "/page/country/ZZ", "/id/nothing/x", "/id/country/a%20b%3E", "/ontologyx"):
        problem(client.get(path), 404)
    problem(client.get("/id/country/NL", headers={"accept": "image/png"}), 406)
    problem(client.get("/data/country/NL", headers={"accept": "text/html"}), 406)


@pytest.mark.parametrize("suffix", FORMATS)
@pytest.mark.parametrize("thing", ["country/NL", "resolution/S-RES-2417", "person/kaag", "document/verslag-avvn-73"])
def test_descriptions(client: httpx.Client, thing: str, suffix: str) -> None:
    type_, format_ = FORMATS[suffix]
    response = client.get(f"/data/{thing}.{suffix}")
    assert response.headers["content-type"] == type_
    found = triples(response, format_)
    assert found == triples(client.get(f"/data/{thing}", headers={"accept": type_}), format_)
    subject = ox.NamedNode(f"{BASE}id/{thing}")
    predicates = {t.predicate.value.rsplit("#", 1)[-1].rsplit("/", 1)[-1] for t in found}
    assert any(t.subject == subject for t in found)
    assert {"label", "evidence", "text", "title", "confidence"} <= predicates
    # A named thing that it points to has its name.
    evidence = {t.object for t in found if t.predicate.value.endswith("#evidence")}
    texts = {t.subject for t in found if t.predicate.value.endswith("#text")}
    assert evidence <= texts


def test_turtle_is_readable(client: httpx.Client) -> None:
    assert "avvn:initiatedBy" in client.get("/data/resolution/S-RES-2417.ttl").text


def test_every_kind_of_thing_has_a_page(client: httpx.Client) -> None:
    query = f"""SELECT (SAMPLE(?s) AS ?one) {{ ?s a ?t FILTER(STRSTARTS(STR(?s), "{BASE}id/"))
        BIND(STRBEFORE(STRAFTER(STR(?s), "{BASE}id/"), "/") AS ?kind) }} GROUP BY ?kind"""
    found = client.get("/sparql", params={"query": query}).json()["results"]["bindings"]
    things = [row["one"]["value"] for row in found]
    assert len(things) >= 14
    for iri in things:
        path = iri.removeprefix(BASE)
        to = client.get(f"/{path}", headers={"accept": "text/html"})
        assert to.status_code == 303, path
        page = client.get(to.headers["location"])
        assert page.status_code == 200, path
        assert "<h1" in page.text
        assert iri in page.text
        assert client.get(f"/data/{path.removeprefix('id/')}.nt").content, path


def test_pages_link_facts_to_their_sentences(client: httpx.Client) -> None:
    page = client.get("/page/resolution/S-RES-2417").text
    assert "op initiatief van het Koninkrijk" in page
    assert 'href="/page/document/inzet-avvn-75#p' in page
    assert '<link rel="alternate" type="text/turtle"' in page


def test_ontology_and_void(client: httpx.Client) -> None:
    assert client.get("/ontology", headers={"accept": "text/html"}).headers["location"] == "/page/ontology"
    data = client.get("/ontology", headers={"accept": "text/turtle"})
    assert (data.status_code, data.headers["location"], data.headers["vary"]) == (303, "/data/ontology", "Accept")
    for suffix, (_, format_) in FORMATS.items():
        found = triples(client.get(f"/data/ontology.{suffix}"), format_)
        assert ox.NamedNode("https://w3id.org/avvn/ontology#Resolution") in {t.subject for t in found}
        assert client.get(f"/ontology.{suffix}").headers["location"] == f"/data/ontology.{suffix}"
    assert 'id="initiatedBy"' in client.get("/page/ontology").text
    void = triples(client.get("/.well-known/void"), ox.RdfFormat.TURTLE)
    dataset = ox.NamedNode(f"{BASE}.well-known/void#dataset")
    values = {t.predicate.value.rsplit("#", 1)[-1]: t.object.value for t in void if t.subject == dataset and not isinstance(t.object, ox.Triple)}
    count = client.get("/sparql", params={"query": "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"}).json()["results"]["bindings"][0]["n"]["value"]
    assert values["triples"] == count


def test_head_of_pages(client: httpx.Client) -> None:
    for path in ("/", "/page/country/NL", "/data/country/NL.ttl", "/id/country/NL", "/docs", "/static/style.css", "/healthz"):
        head = client.head(path)
        assert head.status_code == client.get(path).status_code
        assert head.content == b""


def test_operations(client: httpx.Client) -> None:
    assert client.get("/healthz").json() == {"status": "ok"}
    ready = client.get("/readyz").json()
    assert ready["status"] == "ready"
    client.get("/data/country/NL.ttl")
    text = client.get("/metrics").text
    assert f'avvn_graph_build_info{{id="{ready["build"]}"}} 1.0' in text
    assert 'avvn_graph_requests_total{route="/data/{kind}/{key:path}",status="200"}' in text
    assert "country/NL" not in text


def test_nothing_there(client: httpx.Client) -> None:
    assert "/docs" in str(problem(client.get("/nothing"), 404)["detail"])
    problem(client.get("/static/../app.py"), 404)
    problem(client.get("/static/%2e%2e/app.py"), 404)
    problem(client.post("/api/v1/resolutions"), 405)
