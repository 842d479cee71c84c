"""The SPARQL 1.1 Protocol over HTTP."""

from __future__ import annotations

import importlib
import json
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pyoxigraph as ox
import pytest

from .conftest import BASE, problem

FORM = {"content-type": "application/x-www-form-urlencoded"}
DIRECT = {"content-type": "application/sparql-query"}
SELECT = "SELECT ?s { ?s a <https://w3id.org/avvn/ontology#Country> } LIMIT 2"
CONSTRUCT = "CONSTRUCT { ?s a ?t } WHERE { ?s a ?t } LIMIT 2"
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"


def rows(response: httpx.Response) -> list[dict[str, dict[str, str]]]:
    assert response.status_code == 200, response.text
    found: list[dict[str, dict[str, str]]] = response.json()["results"]["bindings"]
    return found


def test_get_form_and_direct_answer_alike(client: httpx.Client) -> None:
    answers = [
        client.get("/sparql", params={"query": SELECT}), client.post("/sparql", data={"query": SELECT}),
        client.post("/sparql", content=SELECT, headers=DIRECT),
        client.post("/sparql", content=SELECT, headers={"content-type": "application/sparql-query; charset=UTF-8"}),
    ]
    assert len(rows(answers[0])) == 2
    assert len({a.content for a in answers}) == 1
    assert all(a.headers["content-type"] == "application/sparql-results+json" and a.headers["vary"] == "Accept" for a in answers)


@pytest.mark.parametrize(("query", "accept", "type_"), [
    (SELECT, "application/sparql-results+xml", "application/sparql-results+xml"),
    (SELECT, "text/csv", "text/csv; charset=utf-8"),
    (SELECT, "text/tab-separated-values", "text/tab-separated-values; charset=utf-8"),
    (SELECT, "application/json", "application/json"),
    (SELECT, "text/turtle;q=0.9, application/sparql-results+json;q=0.1", "application/sparql-results+json"),
    ("ASK {}", "application/sparql-results+xml", "application/sparql-results+xml"),
    (CONSTRUCT, "*/*", "text/turtle; charset=utf-8"),
    (CONSTRUCT, "application/n-triples", "application/n-triples"),
    (CONSTRUCT, "application/ld+json", "application/ld+json"),
    (CONSTRUCT, "application/rdf+xml", "application/rdf+xml"),
    (f"DESCRIBE <{BASE}id/country/NL>", "application/rdf+xml;q=0.9, text/turtle;q=0.2", "application/rdf+xml"),
])
def test_formats(client: httpx.Client, query: str, accept: str, type_: str) -> None:
    response = client.get("/sparql", params={"query": query}, headers={"accept": accept})
    assert response.status_code == 200
    assert response.headers["content-type"] == type_
    assert response.content


@pytest.mark.parametrize(("query", "name", "type_"), [
    (SELECT, "csv", "text/csv; charset=utf-8"), (CONSTRUCT, "jsonld", "application/ld+json"), (SELECT, "xml", "application/sparql-results+xml"),
])
def test_format_parameter_goes_before_accept(client: httpx.Client, query: str, name: str, type_: str) -> None:
    response = client.get("/sparql", params={"query": query, "format": name}, headers={"accept": "text/html"})
    assert response.headers["content-type"] == type_


def test_not_acceptable(client: httpx.Client) -> None:
    problem(client.get("/sparql", params={"query": SELECT}, headers={"accept": "image/png"}), 406)
    problem(client.get("/sparql", params={"query": SELECT, "format": "turtle"}), 406)
    problem(client.get("/sparql", params={"query": SELECT, "format": "nonsense"}), 406)


@pytest.mark.parametrize(("query", "line", "column"), [
    ("SELECT * {\n  ?s ?p %o\n}", 2, 9), ("SELECT * { ?s ?p ?o ", 1, 21), ("nonsense", 1, 1),
])
def test_syntax_errors_say_where(client: httpx.Client, query: str, line: int, column: int) -> None:
    found = problem(client.get("/sparql", params={"query": query}), 400)
    assert (found["code"], found["line"], found["column"]) == ("syntax", line, column)
    assert str(found["detail"]).startswith(f"line {line}, column {column}: ")


@pytest.mark.parametrize("query", [
    "SELECT * { SERVICE <http://127.0.0.1/> { ?s ?p ?o } }", "select*{sErViCe<http://a/>{}}", "SELECT * { FILTER(1<2)SERVICE#>\n<http://a/>{} }",
    "PREFIX ex: <http://a/> ASK { SERVICEex:a {} }", "LOAD <http://127.0.0.1/>", "LOAD <file:///etc/passwd>", "INSERT DATA { <a:a> <a:a> <a:a> }",
])
@pytest.mark.parametrize("how", ["get", "form", "direct"])
def test_service_load_and_updates_are_refused(client: httpx.Client, query: str, how: str) -> None:
    if how == "get":
        response = client.get("/sparql", params={"query": query})
    elif how == "form":
        response = client.post("/sparql", data={"query": query})
    else:
        response = client.post("/sparql", content=query.encode(), headers=DIRECT)
    assert problem(response, 403)["code"] == "refused"


def test_words_alone_are_not_refused(client: httpx.Client) -> None:
    query = "SELECT ?service { ?service ?load 'SERVICE <http://a/> { } LOAD' . # LOAD <http://a/>\n}"
    assert rows(client.get("/sparql", params={"query": query})) == []


@pytest.mark.parametrize(("status", "request_"), [
    (400, {"method": "GET", "params": {"query": [SELECT, SELECT]}}),
    (400, {"method": "POST", "data": {"query": [SELECT, SELECT]}}),
    (400, {"method": "POST", "params": {"query": SELECT}, "data": {"query": SELECT}}),
    (400, {"method": "POST", "params": {"query": SELECT}, "content": SELECT, "headers": DIRECT}),
    (400, {"method": "POST", "data": {"other": "x"}}),
    (400, {"method": "GET", "params": {"update": "CLEAR ALL"}}),
    (400, {"method": "GET", "params": {"query": SELECT, "default-graph-uri": "no iri"}}),
    (400, {"method": "GET", "params": {"query": SELECT, "default-graph-uri": "relative"}}),
    (400, {"method": "POST", "content": "SELECT * { ?s ?p 'é' }".encode("latin-1"), "headers": DIRECT}),
    (400, {"method": "POST", "content": b"query=%ff", "headers": FORM}),
    (403, {"method": "POST", "data": {"update": "CLEAR ALL"}}),
    (403, {"method": "POST", "content": "CLEAR ALL", "headers": {"content-type": "application/sparql-update"}}),
    (405, {"method": "PUT", "content": SELECT, "headers": DIRECT}),
    (405, {"method": "DELETE"}),
    (413, {"method": "POST", "content": "#" * 200_001, "headers": DIRECT}),
    (413, {"method": "POST", "content": (b"#" * 50_000 for _ in range(5)), "headers": DIRECT}),
    (413, {"method": "POST", "content": "#" * 100_001, "headers": DIRECT}),
    (415, {"method": "POST", "content": SELECT, "headers": {"content-type": "text/plain"}}),
    (415, {"method": "POST", "content": SELECT}),
    (415, {"method": "POST", "content": SELECT.encode("utf-16"), "headers": {"content-type": "application/sparql-query; charset=UTF-16"}}),
])
def test_what_is_no_request_of_the_protocol(client: httpx.Client, status: int, request_: dict[str, Any]) -> None:
    problem(client.request(url="/sparql", **request_), status)


def test_graphs_of_the_protocol(client: httpx.Client) -> None:
    count = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"

    def n(**params: Any) -> int:
        return int(rows(client.get("/sparql", params={"query": count, **params}))[0]["n"]["value"])

    ontology, build = f"{BASE}graph/ontology", f"{BASE}graph/build"
    assert n() > n(**{"default-graph-uri": [ontology, build]}) > n(**{"default-graph-uri": ontology}) > 0
    assert n(**{"named-graph-uri": ontology}) == 0
    assert n(**{"default-graph-uri": "http://nowhere/"}) == 0


def test_head_and_options(client: httpx.Client) -> None:
    head = client.head("/sparql", params={"query": SELECT})
    got = client.get("/sparql", params={"query": SELECT})
    own = ("date", "x-request-id")
    assert (head.status_code, head.content) == (200, b"")
    assert {k: v for k, v in head.headers.items() if k not in own} == {k: v for k, v in got.headers.items() if k not in own}
    options = client.options("/sparql", headers={
        "origin": "http://elsewhere", "access-control-request-method": "POST", "access-control-request-headers": "content-type",
    })
    assert options.status_code == 204
    assert options.headers["access-control-allow-origin"] == "*"
    assert "POST" in options.headers["access-control-allow-methods"]
    assert options.headers["access-control-allow-headers"] == "content-type"
    assert got.headers["access-control-allow-origin"] == "*"


def test_service_description(client: httpx.Client) -> None:
    response = client.get("/sparql", headers={"accept": "text/turtle"})
    assert response.status_code == 200, response.text
    graph = {q.triple for q in ox.parse(response.content, format=ox.RdfFormat.TURTLE)}
    sd = "http://www.w3.org/ns/sparql-service-description#"
    endpoint = ox.NamedNode(f"{client.base_url}/sparql".replace("//sparql", "/sparql"))
    assert ox.Triple(endpoint, ox.NamedNode(sd + "endpoint"), endpoint) in graph
    assert sum(t.predicate.value == sd + "namedGraph" for t in graph) >= 8
    for accept, format_ in (("application/n-triples", ox.RdfFormat.N_TRIPLES), ("application/rdf+xml", ox.RdfFormat.RDF_XML),
                            ("application/ld+json", ox.RdfFormat.JSON_LD)):
        other = client.get("/sparql", headers={"accept": accept})
        assert len(list(ox.parse(other.content, format=format_))) == len(graph)
    page = client.get("/sparql", headers={"accept": "text/html"})
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert "<textarea" in page.text
    hostile = client.get("/sparql", headers={"accept": "text/turtle", "host": "a<b>\"c"})
    assert hostile.status_code < 500


def test_too_long_an_answer_is_no_short_answer(client: httpx.Client) -> None:
    assert problem(client.get("/sparql", params={"query": "SELECT * { ?s ?p ?o }"}), 422)["code"] == "result-too-large"


def test_unknown_function(client: httpx.Client) -> None:
    found = problem(client.get("/sparql", params={"query": "SELECT (<http://a/f>(1) AS ?x) {}"}), 400)
    assert "http://a/f" in str(found["detail"])


@pytest.mark.parametrize("query", [
    ENDLESS, "SELECT * { ?a ?b ?c . ?d ?e ?f } ORDER BY ?f ?c LIMIT 1",
])
def test_timeout_is_a_status(client: httpx.Client, query: str) -> None:
    began = time.monotonic()
    problem(client.get("/sparql", params={"query": query}), 504)
    assert time.monotonic() - began < 1.2 * 2 + 0.1


def test_twenty_at_once_while_one_times_out(client: httpx.Client) -> None:
    def one(query: str) -> tuple[int, float]:
        began = time.monotonic()
        response = client.get("/sparql", params={"query": query})
        return response.status_code, time.monotonic() - began

    light = "SELECT * { ?s ?p ?o } LIMIT 100"
    middle = "SELECT ?p (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY ?p ORDER BY ?p"
    with ThreadPoolExecutor(21) as threads:
        heavy = threads.submit(one, ENDLESS)
        time.sleep(0.1)
        others = [threads.submit(one, light if i % 2 else middle) for i in range(20)]
        answers = [other.result() for other in others]
        assert not heavy.done()
        assert heavy.result()[0] == 504
    assert [status for status, _ in answers] == [200] * 20
    assert client.get("/healthz").status_code == 200


def test_streams_of_the_engine_are_never_shared(client: httpx.Client) -> None:
    """Large results at once killed a server that streamed them from a thread pool."""
    with ThreadPoolExecutor(12) as threads:
        done = list(threads.map(
            lambda i: client.get("/sparql", params={"query": "SELECT * { ?s ?p ?o } LIMIT 10000"}).status_code, range(24)
        ))
    assert done == [200] * 24


@pytest.mark.filterwarnings("ignore::RuntimeWarning")  # of its own about a query that is none
def test_a_foreign_client(client: httpx.Client) -> None:
    wrapper = importlib.import_module("SPARQLWrapper")
    endpoint = wrapper.SPARQLWrapper(f"{client.base_url}/sparql".replace("//sparql", "/sparql"))
    for method in (wrapper.GET, wrapper.POST):
        endpoint.setMethod(method)
        endpoint.setQuery(SELECT)
        endpoint.setReturnFormat(wrapper.JSON)
        assert len(endpoint.query().convert()["results"]["bindings"]) == 2
        endpoint.setQuery(CONSTRUCT)
        endpoint.setReturnFormat(wrapper.TURTLE)
        assert b" a " in endpoint.query().convert() or b"type" in endpoint.query().convert()
    endpoint.setQuery("nonsense")
    with pytest.raises(wrapper.SPARQLExceptions.QueryBadFormed):
        endpoint.query()


def test_json_is_json(client: httpx.Client) -> None:
    query = 'SELECT ("a\\"b\\n\\u00e9"@nl AS ?x) (1 AS ?y) (<http://e/> AS ?z) {}'
    row = rows(client.get("/sparql", params={"query": query}))[0]
    assert row["x"] == {"type": "literal", "value": 'a"b\né', "xml:lang": "nl"}
    assert json.dumps(row["y"])
