"""Runs the W3C's tests over HTTP against our own server, writable over nothing, with the standard's default graph."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pyoxigraph as ox

from . import compare
from .manifest import FORMATS, RDF, Dataset, Request, Test, path, read

TOKEN = "a token for the tests of the standard"
SUITES: dict[str, tuple[str, ...]] = {
    "query": ("manifest-sparql11-query.ttl",),
    "results in CSV and TSV": ("csv-tsv-res/manifest.ttl",),
    "results in JSON": ("json-res/manifest.ttl",),
    "update": ("manifest-sparql11-update.ttl",),
    "protocol": ("protocol/manifest.ttl",),
    "service description": ("service-description/manifest.ttl",),
    "graph store protocol": ("graph-store-protocol/manifest-direct.ttl", "graph-store-protocol/manifest-indirect.ttl"),
    "graph store protocol, in prose (deprecated)": ("http-rdf-update/manifest.ttl",),
}
_SD = "http://www.w3.org/ns/sparql-service-description#"
_EMPTY = "urn:x:empty"
_RESULTS = {
    ".srx": ("application/sparql-results+xml", ox.QueryResultsFormat.XML), ".srj": ("application/sparql-results+json", ox.QueryResultsFormat.JSON),
    ".tsv": ("text/tab-separated-values", ox.QueryResultsFormat.TSV),
}
_STATUS = {"OK": 200, "Created": 201, "NoContent": 204, "NotFound": 404}


class Failed(Exception):
    """What is wrong with the answer."""


@dataclass(frozen=True)
class Outcome:
    """What a test came to; ``fault`` is empty when it passed."""

    suite: str
    test: Test
    fault: str


@contextmanager
def folder() -> Iterator[Path]:
    """An empty folder, in memory where there is such a place: hundreds of writes to a disk take their time."""
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(prefix="avvn-conformance-", dir=memory if os.access(memory, os.W_OK) else None) as name:
        yield Path(name)


@contextmanager
def server(folder: Path) -> Iterator[httpx.Client]:
    """A writable server over an empty folder, and a client that has the token."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {k: v for k, v in os.environ.items() if not k.startswith("AVVN_")} | {
        "AVVN_STORE": str(folder), "AVVN_WRITABLE": "1", "AVVN_TOKEN": TOKEN, "AVVN_UNION_DEFAULT_GRAPH": "0",
        "AVVN_QUERY_WORKERS": "1", "AVVN_BASE_IRI": f"http://127.0.0.1:{port}/",
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "uvicorn", "--factory", "avvn_graph.service.app:create_app", "--port", str(port), "--log-level", "error"],
        env=environment,
    )
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=30, headers={"authorization": f"Bearer {TOKEN}"}) as client:
            until = time.monotonic() + 20
            while True:
                try:
                    client.get("/healthz")
                    break
                except httpx.TransportError:
                    assert process.poll() is None
                    assert time.monotonic() < until
                    time.sleep(0.05)
            yield client
    finally:
        process.terminate()
        process.wait(10)


def run(client: httpx.Client, suites: Iterable[str] = SUITES) -> list[Outcome]:
    """All tests of the suites; an unexpected failure of ours is a failed test too."""
    outcomes: list[Outcome] = []
    _VARIABLES.clear()
    for suite in suites:
        tests = [test for manifest in SUITES[suite] for test in read(manifest)]
        queries = [t for t in tests if t.data.default or t.data.named]
        if suite in ("query", "results in CSV and TSV", "results in JSON"):
            _load_all(client, queries)
        else:
            _update(client, "DROP ALL")
        for test in tests:
            try:
                _RUN[test.kind](client, test)
                fault = ""
            except Failed as error:
                fault = str(error)
            outcomes.append(Outcome(suite, test, fault))
    return outcomes


# Data.

def _block(triples: Iterable[ox.Triple], graph: str | None) -> str:
    text = "\n".join(f"{t} ." for t in triples)
    return f"GRAPH <{graph}> {{ {text} }}" if graph else text


def _load_all(client: httpx.Client, tests: list[Test]) -> None:
    """Every file into the graph of its own name, so that a test names its dataset by the protocol's parameters."""
    files = sorted({f for t in tests for f in (*t.data.default, *(file for _, file in t.data.named))})
    graphs = "".join(f"CREATE GRAPH <{f}> ; " for f in files)
    _update(client, f"DROP ALL ; {graphs}INSERT DATA {{ {' '.join(_block(compare.parse(path(f)), f) for f in files)} }}")


def _load(client: httpx.Client, data: Dataset) -> None:
    graphs = "".join(f"CREATE GRAPH <{name}> ; " for name in dict(data.named))
    blocks = [_block(compare.parse(path(f)), None) for f in data.default] + [_block(compare.parse(path(f)), n) for n, f in data.named]
    _update(client, f"DROP ALL ; {graphs}INSERT DATA {{ {' '.join(blocks)} }}")


def _update(client: httpx.Client, text: str) -> httpx.Response:
    response = client.post("/sparql", content=text.encode(), headers={"content-type": "application/sparql-update"})
    if response.status_code >= 300:
        raise Failed(f"update: {response.status_code} {response.text[:200]}")
    return response


# Queries.

def _query(client: httpx.Client, test: Test, accept: str) -> httpx.Response:
    text = path(test.action).read_text(encoding="utf-8")
    names = [name for name, _ in test.data.named]
    params = {"default-graph-uri": list(test.data.default) or [_EMPTY], "named-graph-uri": names}
    if re.search(r"\bFROM\b", text):
        params = {}  # it names its dataset itself
    return client.post("/sparql", params=params, data={"query": f"BASE <{test.action}>\n{text}"}, headers={"accept": accept})


def _evaluation(client: httpx.Client, test: Test) -> None:
    file = path(test.result)
    if file.suffix == ".csv":
        found = _query(client, test, "text/csv")
        _ok(found)
        if not compare.same_csv(found.text, file.read_text(encoding="utf-8")):
            raise Failed("another answer")
        return
    if file.suffix in _RESULTS:
        accept, format_ = _RESULTS[file.suffix]
        expected: Any = ox.parse_query_results(path=str(file), format=format_)
        if isinstance(expected, ox.QuerySolutions):
            expected = compare.rows_of(expected)
        found = _query(client, test, accept)
        _ok(found)
        _compare(expected, ox.parse_query_results(found.content, format=format_))
        return
    triples = compare.parse(file)
    rows = compare.rows_of_graph(triples)
    if rows is not None:
        found = _query(client, test, "application/sparql-results+json")
        _ok(found)
        _compare(rows, ox.parse_query_results(found.content, format=ox.QueryResultsFormat.JSON))
        return
    found = _query(client, test, "text/turtle")
    _ok(found)
    if not compare.same_graph(triples, [q.triple for q in ox.parse(found.content, format=ox.RdfFormat.TURTLE)]):
        raise Failed("another graph")


def _compare(expected: Any, found: ox.QuerySolutions | ox.QueryBoolean) -> None:
    if isinstance(found, ox.QueryBoolean):
        if isinstance(expected, tuple) or bool(expected) != bool(found):
            raise Failed(f"{bool(found)}")
    elif not isinstance(expected, tuple) or not compare.same_rows(expected, compare.rows_of(found)):
        raise Failed("another answer")


def _ok(response: httpx.Response) -> None:
    if response.status_code != 200:
        detail = response.json().get("detail", "") if "json" in response.headers["content-type"] else ""
        raise Failed(f"status {response.status_code}: {detail[:200]}")


def _syntax(client: httpx.Client, test: Test, *, good: bool) -> None:
    update = test.action.endswith(".ru")  # one folder calls updates queries
    name, kind = ("update", "application/sparql-update") if update else ("query", "application/sparql-query")
    response = client.post("/sparql", content=path(test.action).read_bytes(), headers={"content-type": kind, "accept": "*/*"})
    code = response.json().get("code") if response.status_code >= 400 else None
    if not good and code != "syntax":
        raise Failed(f"a {name} that is none got {response.status_code} {code}")
    # Well-formed and then refused (LOAD) or impossible (a graph that is not there): the syntax was taken.
    if good and code not in (None, "failed", "refused"):
        raise Failed(f"a {name} got {response.status_code} {response.text[:200]}")


# Updates.

def _update_evaluation(client: httpx.Client, test: Test) -> None:
    _load(client, test.data)
    _update(client, f"BASE <{test.action}>\n{path(test.action).read_text(encoding='utf-8')}")
    response = client.get("/sparql", params={"query": "SELECT ?g ?s ?p ?o { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }"})
    results = ox.parse_query_results(response.content, format=ox.QueryResultsFormat.JSON)
    assert isinstance(results, ox.QuerySolutions)
    found = [ox.Quad(r["s"], r["p"], r["o"], r["g"] or ox.DefaultGraph()) for r in results]
    expected = [ox.Quad(t.subject, t.predicate, t.object) for f in test.after.default for t in compare.parse(path(f))]
    for name, f in test.after.named:
        expected += (ox.Quad(t.subject, t.predicate, t.object, ox.NamedNode(name)) for t in compare.parse(path(f)))
    if not compare.same_dataset(expected, found):
        raise Failed("another dataset")


# Protocols.

def _protocol(client: httpx.Client, test: Test) -> None:
    if test.data.named:
        _load(client, test.data)
    _exchange(client, test.requests, lambda p: p.replace("/sparql/", "/sparql", 1))


def _graph_store(client: httpx.Client, test: Test) -> None:
    _update(client, "DROP ALL")
    _exchange(client, test.requests, lambda p: p.replace("/gsp/", "/graph/curation/", 1) if p.startswith("/gsp/") else p.replace("/gsp", "/graph-store", 1))


_VARIABLES: dict[str, str] = {}
"""What the older tests tell one another: each goes on where the one before ended."""


def _prose(client: httpx.Client, test: Test) -> None:
    (request,) = test.requests
    host = client.base_url.netloc.decode()

    def filled(text: str) -> str:
        for name, value in {"$HOST$": host, "$GRAPHSTORE$": "graph/curation", **_VARIABLES}.items():
            text = text.replace(name, value)
        return text

    # Its graph store has one address for both kinds of names; ours has two.
    where = re.sub(r"^\$GRAPHSTORE\$(?=\?|$)", "graph-store", request.path)
    body = filled(request.body.decode())
    if any(v.startswith("multipart/") for _, v in request.headers):
        body = body.replace("\n", "\r\n")
    found = client.request(request.method, httpx.URL(str(client.base_url)).join("/" + filled(where) if "$NEWPATH$" not in where else filled(where)), headers=list(request.headers), content=body.encode())
    same = {"200", "204"}  # with something to say, or nothing
    status = str(found.status_code)
    if status not in (same if same & set(request.statuses) else request.statuses):
        raise Failed(f"status {status}, not {request.statuses[0]}")
    if request.location:
        _VARIABLES[request.location] = found.headers["location"]
    if request.expected_body is not None:
        expected = filled(request.expected_body)
        try:
            graphs = [[q.triple for q in ox.parse(t, format=FORMATS[".ttl"], base_iri=str(found.url))] for t in (expected, found.content)]
        except SyntaxError as error:
            raise Failed(f"what is expected is not Turtle: {error}") from None
        if not compare.same_graph(*graphs):
            raise Failed("another graph")


def _exchange(client: httpx.Client, requests: Iterable[Request], at: Callable[[str], str]) -> None:
    variables: dict[str, str] = {}
    for number, request in enumerate(requests, 1):
        where, body = at(request.path), request.body
        for name, value in variables.items():
            where, body = where.replace(name, value), body.replace(name.encode(), value.encode())
        found = client.request(request.method, where, headers=list(request.headers), content=body)
        try:
            _expected(request, found)
        except Failed as error:
            raise Failed(f"request {number}: {error}") from None
        if request.location:
            variables[request.location] = found.headers["location"]


def _expected(request: Request, found: httpx.Response) -> None:
    if not any(found.status_code == _STATUS[s] if s in _STATUS else s == f"StatusCode{found.status_code // 100}xx" for s in request.statuses):
        raise Failed(f"status {found.status_code}, not {' or '.join(request.statuses)}")
    kind = found.headers.get("content-type", "").partition(";")[0]
    if request.boolean is not None:
        results = ox.parse_query_results(found.content, format=next(f for t, f in _RESULTS.values() if t == kind))
        if not isinstance(results, ox.QueryBoolean) or bool(results) != request.boolean:
            raise Failed("another answer")
    if request.format == "tabular" and not isinstance(ox.parse_query_results(found.content, format=ox.QueryResultsFormat.JSON), ox.QuerySolutions):
        raise Failed("no table")
    if request.format == "RDF":
        list(ox.parse(found.content, format=ox.RdfFormat.TURTLE))
    if request.expected_type and kind != request.expected_type.partition(";")[0]:
        raise Failed(f"{kind}, not {request.expected_type}")
    if request.location and "location" not in found.headers:
        raise Failed("no Location")
    if request.expected_body is not None:
        graphs = [[q.triple for q in ox.parse(text, format=FORMATS[".ttl"], base_iri=str(found.url))] for text in (request.expected_body, found.content)]
        if not compare.same_graph(*graphs):
            raise Failed("another graph")


def _service_description(client: httpx.Client, test: Test) -> None:
    found = client.get("/sparql", headers={"accept": "text/turtle"})
    _ok(found)
    triples = {q.triple for q in ox.parse(found.content, format=ox.RdfFormat.TURTLE)}
    endpoint = ox.NamedNode(str(found.url))
    good = {
        "returns-rdf": bool(triples),
        "has-endpoint-triple": any(t.predicate.value == _SD + "endpoint" and t.object == endpoint for t in triples),
        # A service, its languages and formats from the vocabulary, and everything of the vocabulary where it belongs.
        "conforms-to-schema": any(t.predicate.value == RDF + "type" and t.object == ox.NamedNode(_SD + "Service") for t in triples)
        and all(isinstance(t.object, ox.NamedNode | ox.BlankNode) for t in triples if t.predicate.value.startswith(_SD))
        and {t.object.value for t in triples if t.predicate.value == _SD + "supportedLanguage"} <= {_SD + n for n in ("SPARQL10Query", "SPARQL11Query", "SPARQL11Update")},
    }
    if not good[test.name]:
        raise Failed("it does not")


_RUN: dict[str, Callable[[httpx.Client, Test], None]] = {
    "QueryEvaluationTest": _evaluation, "CSVResultFormatTest": _evaluation, "UpdateEvaluationTest": _update_evaluation,
    "PositiveSyntaxTest11": lambda c, t: _syntax(c, t, good=True),
    "NegativeSyntaxTest11": lambda c, t: _syntax(c, t, good=False),
    "PositiveUpdateSyntaxTest11": lambda c, t: _syntax(c, t, good=True),
    "NegativeUpdateSyntaxTest11": lambda c, t: _syntax(c, t, good=False),
    "ProtocolTest": _protocol, "GraphStoreProtocolTest": _graph_store, "ServiceDescriptionTest": _service_description,
    "Prose": _prose,
}
