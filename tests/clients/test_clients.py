"""The clients that people have, against the real server."""

from __future__ import annotations

import hashlib
import importlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import pyoxigraph as ox
import pytest

from avvn_graph.service.negotiation import GRAPH_OFFERS, RESULT_OFFERS

from ..service.conftest import BASE, problem

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of the clients' own making
HERE = Path(__file__).resolve().parent
SELECT = "SELECT ?c ?name { ?c a <https://w3id.org/avvn/ontology#Country> ; <http://www.w3.org/2000/01/rdf-schema#label> ?name } ORDER BY ?c ?name LIMIT 7"
CONSTRUCT = "CONSTRUCT { ?c a ?t } WHERE { ?c a ?t } LIMIT 5"
ASK = f"ASK {{ <{BASE}id/country/NL> ?p ?o }}"
GRAPHS = {"default": f"{BASE}graph/ontology", "other": f"{BASE}graph/build"}


@pytest.fixture(scope="module")
def endpoint(client: httpx.Client) -> str:
    return str(client.base_url.join("/sparql"))


@pytest.fixture(scope="module")
def expected(client: httpx.Client) -> list[dict[str, str]]:
    rows = client.get("/sparql", params={"query": SELECT}).json()["results"]["bindings"]
    assert len(rows) == 7
    return [{name: term["value"] for name, term in row.items()} for row in rows]


# Python.

@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("how", ["urlencoded", "postdirectly"])
@pytest.mark.filterwarnings("ignore::RuntimeWarning")  # of its own about a query that is none
def test_sparqlwrapper(endpoint: str, expected: list[dict[str, str]], method: str, how: str) -> None:
    wrapper = importlib.import_module("SPARQLWrapper")
    asked = wrapper.SPARQLWrapper(endpoint)
    asked.setMethod(method)
    asked.setRequestMethod(how)

    def get(query: str, format_: str) -> Any:
        asked.setQuery(query)
        asked.setReturnFormat(format_)
        return asked.queryAndConvert()

    rows = get(SELECT, wrapper.JSON)["results"]["bindings"]
    assert [{n: t["value"] for n, t in row.items()} for row in rows] == expected
    assert len(get(SELECT, wrapper.XML).getElementsByTagName("result")) == 7
    assert get(SELECT, wrapper.CSV).decode().splitlines()[0] == "c,name"
    assert get(SELECT, wrapper.TSV).decode().splitlines()[0] == "?c\t?name"
    assert get(ASK, wrapper.JSON)["boolean"] is True
    assert len(get(CONSTRUCT, wrapper.RDFXML)) == len(get(CONSTRUCT, wrapper.XML)) == 5
    assert len(get(CONSTRUCT, wrapper.JSONLD)) == 5
    assert get(CONSTRUCT, wrapper.TURTLE)
    asked.addDefaultGraph(GRAPHS["default"])
    assert get(ASK, wrapper.JSON)["boolean"] is False
    asked.setQuery("nonsense")
    with pytest.raises(wrapper.SPARQLExceptions.QueryBadFormed):
        asked.query()


@pytest.mark.parametrize("method", ["GET", "POST", "POST_FORM"])
def test_rdflib(endpoint: str, expected: list[dict[str, str]], method: str) -> None:
    rdflib = importlib.import_module("rdflib")
    store = importlib.import_module("rdflib.plugins.stores.sparqlstore").SPARQLStore(endpoint, method=method)
    graph = rdflib.Dataset(store=store, default_union=True)
    assert [{"c": str(r.c), "name": str(r.name)} for r in graph.query(SELECT)] == expected
    assert bool(graph.query(ASK))
    assert len(graph.query(CONSTRUCT).graph) == 5
    netherlands = rdflib.URIRef(f"{BASE}id/country/NL")
    assert "https://w3id.org/avvn/ontology#Country" in {str(o) for o in graph.objects(netherlands, rdflib.RDF.type)}
    assert len(list(graph.triples((netherlands, rdflib.RDFS.label, None)))) >= 2


_FEDERATED = """import sys, json, pyoxigraph as ox
endpoint, country = sys.argv[1:]
store = ox.Store()
store.add(ox.Quad(ox.NamedNode("a:mine"), ox.NamedNode("a:about"), ox.NamedNode(country)))
rows = store.query("SELECT ?name { ?mine <a:about> ?c SERVICE <%s> { ?c <http://www.w3.org/2000/01/rdf-schema#label> ?name } }" % endpoint)
print(json.dumps(sorted(r["name"].value for r in rows)))
"""


def test_federated_from_another_process(client: httpx.Client, endpoint: str) -> None:
    out = subprocess.run([sys.executable, "-c", _FEDERATED, endpoint, f"{BASE}id/country/NL"], capture_output=True, text=True, timeout=60)
    assert out.returncode == 0, out.stderr
    query = f"SELECT ?n {{ <{BASE}id/country/NL> <http://www.w3.org/2000/01/rdf-schema#label> ?n }}"
    rows = client.get("/sparql", params={"query": query}).json()["results"]["bindings"]
    assert json.loads(out.stdout) == sorted(r["n"]["value"] for r in rows)
    assert len(rows) >= 2


# JavaScript.

@pytest.fixture(scope="module")
def node() -> Path:
    """A folder with the clients of package.json installed, kept from run to run.

    The override there is for Node 20: Comunica would take a version of undici that wants 22.
    """
    if shutil.which("node") is None or shutil.which("npm") is None:
        pytest.skip("Node and npm are not installed")
    manifest = (HERE / "package.json").read_bytes()
    cache = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "avvn-graph" / "clients"
    folder = cache / hashlib.sha256(manifest).hexdigest()[:16]
    if not (folder / "installed").exists():
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        (folder / "package.json").write_bytes(manifest)
        install = ["npm", "install", "--no-package-lock", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"]
        try:
            done = subprocess.run(install, cwd=folder, capture_output=True, text=True, timeout=240)
        except subprocess.TimeoutExpired:
            pytest.skip("npm takes too long to install the clients")
        if done.returncode:
            pytest.skip(f"npm cannot install the clients: {done.stderr[-300:]}")
        (folder / "installed").touch()
    shutil.copy(HERE / "clients.mjs", folder)
    return folder


def test_javascript(node: Path, endpoint: str, expected: list[dict[str, str]]) -> None:
    done = subprocess.run(["node", "clients.mjs", endpoint, SELECT, CONSTRUCT, ASK], cwd=node, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr[-2000:]
    found = json.loads(done.stdout)
    assert "400" in found.pop("error")
    assert set(found) == {"fetch GET", "fetch POST", "comunica object", "comunica string"}
    for name, answer in found.items():
        assert answer["rows"] == expected, name
        assert answer["triples"] == 5, name
        assert answer["ask"] is True, name


# curl.

def curl(*arguments: str) -> tuple[dict[str, str], bytes]:
    """Headers (names in lower case, with ``status``) and body."""
    if shutil.which("curl") is None:
        pytest.skip("curl is not installed")
    out = subprocess.run(["curl", "-sS", "-i", "--max-time", "20", *arguments], capture_output=True, check=True).stdout
    head, _, body = out.partition(b"\r\n\r\n")
    first, *lines = head.decode().split("\r\n")
    pairs = (line.partition(":") for line in lines)
    return {"status": first.split()[1], **{k.lower(): v.strip() for k, _, v in pairs}}, body


def test_curl(endpoint: str, expected: list[dict[str, str]], tmp_path: Path) -> None:
    file = tmp_path / "query.rq"
    file.write_text(SELECT)
    get = curl("-G", endpoint, "--data-urlencode", f"query={SELECT}", "-H", "accept: text/csv")
    form = curl(endpoint, "--data-urlencode", f"query@{file}", "-H", "accept: text/csv")
    direct = curl(endpoint, "--data-binary", f"@{file}", "-H", "content-type: application/sparql-query", "-H", "accept: text/csv")
    assert get[1] == form[1] == direct[1]
    assert get[1].decode().splitlines()[1].startswith(expected[0]["c"])
    plain = curl(endpoint, "--data-urlencode", f"query={SELECT}")  # */*
    assert plain[0]["content-type"] == "application/sparql-results+json"
    head, body = curl("-I", "-G", endpoint, "--data-urlencode", f"query={SELECT}")
    assert (head["status"], body) == ("200", b"")
    fault, body = curl("-G", endpoint, "--data-urlencode", "query=nonsense")
    assert (fault["status"], fault["content-type"]) == ("400", "application/problem+json")
    assert json.loads(body)["line"] == 1
    wild, _ = curl("--http1.0", "-G", endpoint, "--data-urlencode", f"query={ASK}")
    assert wild["status"] == "200"


# What every client may do.

@pytest.mark.parametrize("method", ["get", "form", "direct"])
@pytest.mark.parametrize(("query", "type_"), [
    *((SELECT, t) for t in RESULT_OFFERS), *((ASK, t) for t in RESULT_OFFERS), *((CONSTRUCT, t) for t in GRAPH_OFFERS), *((f"DESCRIBE <{BASE}id/country/NL>", t) for t in GRAPH_OFFERS),
])
def test_every_format(client: httpx.Client, query: str, type_: str, method: str) -> None:
    accept = {"accept": f"image/png, {type_};q=0.5, */*;q=0.1"}
    if method == "get":
        found = client.get("/sparql", params={"query": query}, headers=accept)
    elif method == "form":
        found = client.post("/sparql", data={"query": query}, headers=accept)
    else:
        found = client.post("/sparql", content=query, headers={"content-type": "application/sparql-query", **accept})
    assert found.status_code == 200
    assert found.headers["content-type"].partition(";")[0] == type_
    if query in (SELECT, ASK):
        real = RESULT_OFFERS[type_]
        if real == "text/csv":
            assert found.text.splitlines()[0] in ("c,name", "true")
            return
        format_ = ox.QueryResultsFormat.from_media_type(real)
        assert format_ is not None
        results = ox.parse_query_results(found.content, format=format_)
        assert bool(results) if isinstance(results, ox.QueryBoolean) else len(list(results)) == 7
    else:
        rdf = ox.RdfFormat.from_media_type(GRAPH_OFFERS[type_])
        assert rdf is not None
        triples = list(ox.parse(found.content, format=rdf))
        assert len(triples) == 5 or query.startswith("DESCRIBE")
        assert triples


@pytest.mark.parametrize(("accept", "type_"), [
    ("text/csv;q=0.2, text/tab-separated-values;q=0.7", "text/tab-separated-values"), ("text/*;q=0.4, application/*;q=0.3", "text/csv"),
    ("*/*", "application/sparql-results+json"), ("", "application/sparql-results+json"), ("application/sparql-results+json;q=0, */*", "application/sparql-results+xml"),
    ("TEXT/CSV", "text/csv"), ("text/csv; header=present", "text/csv"), ("text/html, application/xhtml+xml, application/xml;q=0.9, */*;q=0.8", "application/xml"),
    ("text/csv;q=nonsense, application/sparql-results+xml;q=0.001", "application/sparql-results+xml"),
])
def test_quality(client: httpx.Client, accept: str, type_: str) -> None:
    found = client.get("/sparql", params={"query": SELECT}, headers={"accept": accept})
    assert found.headers["content-type"].partition(";")[0] == type_
    assert "accept" in found.headers["vary"].lower()


@pytest.mark.parametrize("accept", ["image/png", "text/csv;q=0", "*/*;q=0", "text/turtle"])
def test_nothing_that_suits(client: httpx.Client, accept: str) -> None:
    problem(client.get("/sparql", params={"query": SELECT}, headers={"accept": accept}), 406)


@pytest.mark.parametrize(("name", "query", "type_"), [
    ("json", SELECT, "application/sparql-results+json"), ("xml", SELECT, "application/sparql-results+xml"), ("csv", SELECT, "text/csv"),
    ("tsv", SELECT, "text/tab-separated-values"), ("turtle", CONSTRUCT, "text/turtle"), ("ttl", CONSTRUCT, "text/turtle"),
    ("nt", CONSTRUCT, "application/n-triples"), ("jsonld", CONSTRUCT, "application/ld+json"), ("rdf", CONSTRUCT, "application/rdf+xml"),
    ("xml", CONSTRUCT, "application/rdf+xml"), ("json", CONSTRUCT, "application/ld+json"), ("text/csv", SELECT, "text/csv"), ("CSV", SELECT, "text/csv"),
])
def test_format_in_a_browsers_address(client: httpx.Client, name: str, query: str, type_: str) -> None:
    browser = {"accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
    found = client.get("/sparql", params={"query": query, "format": name}, headers=browser)
    assert found.headers["content-type"].partition(";")[0] == type_


def test_graphs_by_parameter(client: httpx.Client) -> None:
    query = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
    named = "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }"

    def n(text: str, how: str, **params: Any) -> int:
        if how == "get":
            found = client.get("/sparql", params={"query": text, **params})
        elif how == "form":
            found = client.post("/sparql", data={"query": text, **params})
        else:
            found = client.post("/sparql", params=params, content=text, headers={"content-type": "application/sparql-query"})
        return int(found.json()["results"]["bindings"][0]["n"]["value"])

    for how in ("get", "form", "direct"):
        both = n(query, how, **{"default-graph-uri": [*GRAPHS.values()]})
        assert both == sum(n(query, how, **{"default-graph-uri": g}) for g in GRAPHS.values())
        assert n(named, how, **{"named-graph-uri": [*GRAPHS.values()]}) == both
        assert n(named, how, **{"default-graph-uri": GRAPHS["default"]}) == 0
        # The protocol's dataset goes before the query's own.
        assert n(f"SELECT (COUNT(*) AS ?n) FROM <{GRAPHS['other']}> {{ ?s ?p ?o }}", how, **{"default-graph-uri": "http://nowhere/"}) == 0


def test_from_another_site(client: httpx.Client) -> None:
    """What a page elsewhere does, in a browser: ask first, then send."""
    for path, method in (("/sparql", "POST"), ("/graph-store", "PUT"), ("/api/v1/queries", "GET")):
        first = client.options(path, headers={
            "origin": "https://elsewhere.example", "access-control-request-method": method, "access-control-request-headers": "content-type, authorization",
        })
        assert first.status_code in (200, 204)
        assert first.headers["access-control-allow-origin"] in ("*", "https://elsewhere.example")
        assert method in first.headers["access-control-allow-methods"]
        assert "content-type" in first.headers["access-control-allow-headers"].lower()
    for found in (client.get("/sparql", params={"query": ASK}, headers={"origin": "https://elsewhere.example"}), client.get("/sparql?query=x", headers={"origin": "https://a"})):
        assert found.headers["access-control-allow-origin"] == "*"
        assert "access-control-allow-credentials" not in found.headers


def test_head(client: httpx.Client) -> None:
    for path in (f"/sparql?query={ASK}", "/sparql", f"/graph-store?graph={GRAPHS['default']}", "/graph/ontology", "/api/v1/queries"):
        head, got = client.head(path), client.get(path)
        assert (head.status_code, head.content) == (got.status_code, b""), path
        assert head.headers["content-type"] == got.headers["content-type"]
    assert client.head("/sparql", params={"query": "nonsense"}).status_code == 400


@pytest.mark.parametrize(("accept", "encoding"), [
    ("gzip", "gzip"), ("br", "br"), ("gzip, deflate, br, zstd", "br"), ("br;q=0.5, gzip", "gzip"), ("*", "br"), ("br;q=0, *;q=0.5", "gzip"), ("identity", None), ("", None),
    ("gzip;q=0", None), ("zstd", None),
])
@pytest.mark.parametrize("path", ["/sparql?query=SELECT * { ?s ?p ?o } LIMIT 200", "/graph/ontology"])
def test_compression(client: httpx.Client, path: str, accept: str, encoding: str | None) -> None:
    plain = client.get(path, headers={"accept-encoding": "identity", "accept": "*/*"})
    found = client.get(path, headers={"accept-encoding": accept, "accept": "*/*"})
    assert found.headers.get("content-encoding") == encoding
    assert found.content == plain.content  # the client has undone it
    assert "accept-encoding" in found.headers["vary"].lower()
    if encoding:
        assert int(found.headers["content-length"]) < len(plain.content) / 2
        head = client.head(path, headers={"accept-encoding": accept, "accept": "*/*"})
        assert head.headers["content-length"] == found.headers["content-length"]


def test_short_answers_stay_as_they_are(client: httpx.Client) -> None:
    found = client.get("/sparql", params={"query": ASK}, headers={"accept-encoding": "br, gzip"})
    assert "content-encoding" not in found.headers


def test_curl_undoes_compression(endpoint: str) -> None:
    query = ["-G", endpoint, "--data-urlencode", "query=SELECT * { ?s ?p ?o } LIMIT 200", "-H", "accept: text/csv"]
    headers, body = curl("--compressed", *query)
    assert headers["content-encoding"] in ("br", "gzip")
    assert body == curl(*query)[1]
