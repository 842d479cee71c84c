"""The SPARQL and graph store protocols, by hypothesis: requests that are nearly right."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import httpx
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ..conftest import ROOT
from ..service.conftest import BASE
from .conftest import CASES, budget, sound

PIECES = [
    "SELECT", "*", "?s", "?p", "?o", "$x", "WHERE", "{", "}", "(", ")", ".", ";", ",", "<a:a>", "<relative>", "<>", f"<{BASE}id/country/NL>", "a", "'x'", '"""y"""',
    "'''", "'\\q'", "\\u0053", "1", "1e400", "-1.0", "true", "@nl", "^^", "_:b", "[]", "()", "FILTER", "OPTIONAL", "UNION", "MINUS", "GRAPH", "?g", "BIND(1 AS ?z)",
    "VALUES ?v { 1 UNDEF }", "GROUP BY ?s", "HAVING", "ORDER BY", "LIMIT 1", "OFFSET", "ASK", "CONSTRUCT", "DESCRIBE", "FROM", "NAMED", "PREFIX e: <a:>", "e:x", "BASE <a:b>",
    "SERVICE", "service<http://127.0.0.1:1/>{}", "LOAD", "SILENT", "INTO", "INSERT", "DELETE", "DATA", "WITH", "USING", "CLEAR ALL", "DROP", "CREATE", "COPY", "TO", "DEFAULT",
    "REGEX(?o, '(a+)+$')", "COUNT(*)", "SUM(?o)", "GROUP_CONCAT(?o)", "<<", ">>", "{|", "|}", "EXISTS", "NOT IN", "/", "|", "^", "+", "?", "#", "\n", "\ufeff", "\ud7ff", "é", "\U0001f600", "\x00",
]
CANNED = [(p.read_text(encoding="utf-8")) for p in sorted((ROOT / "queries").glob("*.rq"))[:6]]


@st.composite
def spoiled(draw: st.DrawFn) -> str:
    """A canned query with something taken out of it or put into it."""
    text = draw(st.sampled_from(CANNED))
    for _ in range(draw(st.integers(0, 3))):
        at = draw(st.integers(0, len(text)))
        text = text[:at] + draw(st.one_of(st.sampled_from(PIECES), st.text(max_size=3))) + text[at + draw(st.integers(0, 20)):]
    return text


QUERY = st.one_of(
    st.lists(st.sampled_from(PIECES), max_size=14).map(" ".join), st.lists(st.sampled_from(PIECES), max_size=10).map("".join), spoiled(), spoiled(), st.text(max_size=30),
    st.lists(st.sampled_from(PIECES[:40]), max_size=6).map(lambda p: f"SELECT * {{ ?s ?p ?o {' '.join(p)} }} LIMIT 5"),
    st.just("SELECT * { ?s ?p ?o } LIMIT 3"), st.just("ASK {}"),
)
UPDATE = st.one_of(
    st.lists(st.sampled_from(PIECES), max_size=12).map(" ".join), st.just("INSERT DATA { <a:a> <a:b> 1 }"), st.just("DELETE WHERE { ?s ?p ?o }"),
    st.just("INSERT { ?s <a:c> ?o } WHERE { ?s ?p ?o }"), st.text(max_size=20),
)
IRI = st.sampled_from(["a:a", f"{BASE}graph/ontology", f"{BASE}graph/curation", "", "relative", "http://[", "a b", "a:\x00", "http://e/%31", "é:é", "urn:" + "x" * 3000])
FIELDS = st.lists(st.one_of(
    st.tuples(st.just("query"), QUERY), st.tuples(st.just("update"), UPDATE), st.tuples(st.sampled_from(["default-graph-uri", "named-graph-uri"]), IRI),
    st.tuples(st.sampled_from(["using-graph-uri", "using-named-graph-uri", "graph"]), IRI), st.tuples(st.just("default"), st.just("")),
    st.tuples(st.just("format"), st.sampled_from(["json", "csv", "turtle", "", "nonsense", "text/csv"])), st.tuples(st.text(max_size=5), st.text(max_size=5)),
), max_size=4)
TYPES = ["application/sparql-query", "application/x-www-form-urlencoded", "application/sparql-update", "text/turtle", "application/ld+json", "application/rdf+xml",
         "multipart/form-data; boundary=x", "multipart/form-data", "application/sparql-query; charset=utf-16", "text/plain", ";", "", "a/b; charset=\"", "application/n-triples"]
HEADERS = st.fixed_dictionaries({}, optional={
    "accept": st.one_of(st.sampled_from(["*/*", "text/csv", "text/turtle", "application/sparql-results+json;q=0.5, text/html", "q=;;,,/", "*/*;q=nan", "text/*;q=1e999"]),
                        st.text(alphabet=st.characters(min_codepoint=32, max_codepoint=126), max_size=20).map(str.strip)),
    "content-type": st.sampled_from(TYPES), "host": st.sampled_from(["x", "a<b>", "[", "é".encode().decode("latin-1"), ""]), "origin": st.just("null"),
    "authorization": st.sampled_from(["Bearer", "Bearer \xe9", "Basic x", "Bearer " + "x" * 5000]), "if-none-match": st.sampled_from(["*", '"x"', "W/", ""]),
    "accept-encoding": st.sampled_from(["gzip", "br;q=0", "identity;q=0", "*", "gzip;q=nonsense"]), "range": st.just("bytes=0-1"),
    "if-modified-since": st.sampled_from(["x", "Thu, 01 Jan 1970 00:00:00 GMT", "Fri, 31 Dec 9999 23:59:59 GMT"]), "x-request-id": st.sampled_from(["x", "\xe9", "a" * 500]),
})
TURTLE = st.one_of(st.just("<a:a> <a:b> 1 ."), st.just("@prefix a: <a:> . a:a a:b [ a:c () ] ."), st.lists(st.sampled_from(PIECES), max_size=6).map(" ".join), st.text(max_size=20))
BODY = st.one_of(
    FIELDS.map(lambda f: urlencode(f, errors="replace").encode()), QUERY.map(lambda t: t.encode("utf-8", "replace")), UPDATE.map(lambda t: t.encode("utf-8", "replace")),
    TURTLE.map(lambda t: t.encode("utf-8", "replace")), st.binary(max_size=40), st.just(b""), st.just(b'--x\r\nContent-Disposition: form-data; name="a"; filename="a"\r\nContent-Type: text/turtle\r\n\r\n<a:a> <a:b> 2 .\r\n--x--\r\n'),
    st.just(b'--x\r\nContent-Disposition: form-data\r\n\r\n--x--'), st.just(b"[" * 3000),
)
PATHS = ["/sparql", "/sparql", "/sparql", "/graph-store", "/graph/curation", "/graph/", "/graph/%00", "/graph/a%20b", "/graph/curation/%C3%A9", "/sparql/", "/sparql%00", "//", "/%", "/data/country/NL", "/id/country/%0a"]
REQUEST = st.fixed_dictionaries({
    "method": st.sampled_from(["GET", "GET", "POST", "POST", "PUT", "DELETE", "HEAD", "OPTIONS", "PATCH", "QUERY"]), "path": st.sampled_from(PATHS),
    "fields": FIELDS, "headers": HEADERS, "body": BODY,
})


@st.composite
def nearly(draw: st.DrawFn) -> dict[str, Any]:
    """A request in one of the protocols' own forms, around a query, an update or a graph that may be anything."""
    how = draw(st.sampled_from(["get", "get", "form", "direct", "update form", "update", "put", "post", "graph", "delete"]))
    kinds = {"form": TYPES[1], "direct": TYPES[0], "update form": TYPES[1], "update": TYPES[2], "put": TYPES[3], "post": TYPES[3]}
    headers = {k: v for k, v in draw(HEADERS).items() if k not in ("content-type", "host")} | ({"content-type": kinds[how]} if how in kinds else {})
    text = draw(QUERY if how in ("get", "form", "direct") else UPDATE if how.startswith("update") else TURTLE)
    extra = draw(st.lists(st.tuples(st.sampled_from(["default-graph-uri", "named-graph-uri", "using-graph-uri", "format"]), IRI), max_size=1)) if draw(st.booleans()) else []
    graph = how in ("put", "post", "graph", "delete")
    method = {"get": "GET", "graph": "GET", "put": "PUT", "delete": "DELETE"}.get(how, "POST")
    fields = [("query", text), *extra] if how == "get" else [draw(st.sampled_from([("graph", f"{BASE}graph/curation"), ("graph", "a:a"), ("default", "")]))] if graph else extra if how in ("direct", "update") else []
    body = b"" if method in ("GET", "DELETE") else urlencode([("update" if how == "update form" else "query", text), *extra], errors="replace").encode() if how.endswith("form") else text.encode("utf-8", "replace")
    return {"method": method, "path": "/graph-store" if graph else "/sparql", "fields": fields, "headers": headers, "body": body}


@pytest.mark.parametrize("which", ["reader", "writer"])
def test_protocol(which: str, request: pytest.FixtureRequest) -> None:
    client: httpx.Client = request.getfixturevalue(which)
    sent = 0

    @budget(CASES * 3 // 10 if which == "reader" else CASES // 5)
    @given(case=st.one_of(REQUEST, nearly(), nearly()))
    @example(case={"method": "POST", "path": "/sparql", "fields": [], "headers": {"content-type": "application/sparql-query"}, "body": b"SELECT * { ?s ?p '''\\q''' }"})
    def one(case: dict[str, Any]) -> None:
        nonlocal sent
        headers = {k.encode("latin-1"): v.encode("latin-1") for k, v in case["headers"].items()}
        if which == "writer" and len(case["body"]) % 5:  # mostly with the token
            headers.pop(b"authorization", None)
        address = f"{case['path']}?{urlencode(case['fields'], errors='replace')}" if case["fields"] else case["path"]
        try:
            response = client.request(case["method"], address, headers=headers, content=case["body"])
        except (httpx.LocalProtocolError, httpx.InvalidURL):
            return  # it is no HTTP that a client could send
        sent += 1
        sound(response.status_code, response.headers, response.text)

    one()
    print(f"\n{sent} requests of the protocols to the {which}")
    assert client.get("/healthz").status_code == 200
    assert client.get("/sparql", params={"query": "ASK {}"}).json()["boolean"] is True
