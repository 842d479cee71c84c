"""Updates and the graph store: who may, what is protected, what survives."""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pyoxigraph as ox
import pytest

from avvn_graph.errors import AvvnError
from avvn_graph.graph import publish
from avvn_graph.service.app import create_app
from avvn_graph.settings import Settings
from avvn_graph.store import curation

from .conftest import BASE, problem, serving
from .test_serving import marked

TOKEN = "correct horse battery"
AUTH = {"authorization": f"Bearer {TOKEN}"}
UPDATE = {"content-type": "application/sparql-update"}
TURTLE = {"content-type": "text/turtle"}
OWN = f"{BASE}graph/curation"
EXTRACTED = f"{BASE}graph/ontology"


@pytest.fixture(scope="module")
def store(real_build: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Path(shutil.copytree(real_build, tmp_path_factory.mktemp("curated") / "graph"))


@pytest.fixture(scope="module")
def curated(store: Path) -> Iterator[httpx.Client]:
    """A writable server over the real graph."""
    with serving(store, writable=1, token=TOKEN) as client:
        yield client


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A writable server over nothing, whose default graph is one of its own."""
    with serving(tmp_path_factory.mktemp("empty"), writable=1, token=TOKEN, union_default_graph=0, query_timeout=3) as client:
        client.headers.update(AUTH)
        yield client


def ask(client: httpx.Client, pattern: str, **params: Any) -> bool:
    response = client.get("/sparql", params={"query": f"ASK {{ {pattern} }}", **params})
    assert response.status_code == 200, response.text
    return bool(response.json()["boolean"])


def update(client: httpx.Client, text: str, **params: Any) -> httpx.Response:
    return client.post("/sparql", content=text.encode(), headers=UPDATE | AUTH, params=params)


def clear(client: httpx.Client) -> None:
    assert update(client, "DROP ALL").status_code == 204


@pytest.mark.parametrize("settings", [{"writable": True}, {"writable": True, "token": ""}, {"writable": True, "token": "short"}])
def test_never_without_a_token(tmp_path: Path, settings: dict[str, Any]) -> None:
    with pytest.raises((AvvnError, ValueError), match=r"(?i)token"):
        create_app(Settings(store=tmp_path, **settings))


@pytest.mark.parametrize("authorization", [None, "", "Bearer", "Basic dTpw", "Bearer wrong", f"Bearer {TOKEN}x", TOKEN, "Bearer \xff"])
@pytest.mark.parametrize(("method", "path", "content", "kind"), [
    ("POST", "/sparql", "INSERT DATA { <a:a> <a:b> 1 }", "application/sparql-update"),
    ("POST", "/sparql", "update=CLEAR+ALL", "application/x-www-form-urlencoded"),
    ("PUT", "/graph-store?default", "", "text/turtle"), ("POST", "/graph-store", "", "text/turtle"),
    ("DELETE", f"/graph-store?graph={EXTRACTED}", "", ""), ("PUT", "/graph/curation", "", "text/turtle"), ("DELETE", "/graph/nothing", "", ""),
])
def test_who_has_no_token_learns_nothing(
    curated: httpx.Client, method: str, path: str, content: str, kind: str, authorization: str | None
) -> None:
    headers = {"content-type": kind} | ({} if authorization is None else {"authorization": authorization})
    response = curated.request(method, path, content=content, headers={k.encode(): v.encode("latin-1") for k, v in headers.items()})
    assert response.headers["www-authenticate"].startswith("Bearer realm=")
    assert problem(response, 401)["code"] == "token"
    assert TOKEN not in response.text


def test_read_only_is_the_default(client: httpx.Client) -> None:
    for method, path in (("PUT", "/graph-store?default"), ("DELETE", f"/graph-store?graph={EXTRACTED}"), ("POST", "/graph/x")):
        assert problem(client.request(method, path, headers=AUTH | TURTLE), 403)["code"] == "read-only"
    assert problem(update(client, "CLEAR ALL"), 403)["code"] == "read-only"
    assert client.get("/graph-store", params={"graph": EXTRACTED}).status_code == 200
    assert client.get("/graph/ontology", headers={"accept": "application/n-triples"}).content
    problem(client.get("/graph/nothing"), 404)
    assert client.head("/graph/ontology").status_code == 200


def test_what_is_written_is_seen_at_once_and_after_a_rebuild(curated: httpx.Client, store: Path) -> None:
    triple = f"<{BASE}id/country/NL> <http://e/note> 'seen by hand'@en"
    assert update(curated, f"INSERT DATA {{ GRAPH <{OWN}> {{ {triple} }} <a:s> <a:p> 'without a graph' }}").status_code == 204
    assert ask(curated, triple)
    assert ask(curated, f"GRAPH <{OWN}> {{ {triple} }}")
    assert ask(curated, "<a:s> <a:p> 'without a graph'")
    assert curated.put("/graph/curation/more", content="<a:s> <a:p> <rel> .", headers=TURTLE | AUTH).status_code == 201
    assert ask(curated, f"GRAPH <{OWN}/more> {{ <a:s> <a:p> <{BASE}graph/curation/rel> }}")
    before = curated.get("/readyz").json()["build"]
    marked(store, 2)
    until = time.monotonic() + 10
    while not curated.get("/readyz").json()["build"].startswith(f"{2:016x}"):
        assert time.monotonic() < until
        time.sleep(0.05)
    assert curated.get("/readyz").json()["build"] != before
    assert ask(curated, triple)
    assert ask(curated, f"GRAPH <{OWN}/more> {{ <a:s> <a:p> ?o }} . ?mark <http://www.w3.org/2000/01/rdf-schema#label> '2'")
    with serving(store) as reader:  # another server, that takes no updates
        assert ask(reader, triple)
        assert reader.get("/readyz").json()["build"] == curated.get("/readyz").json()["build"]
    assert update(curated, f"DROP GRAPH <{OWN}/more> ; DELETE WHERE {{ <a:s> ?p ?o }}").status_code == 204
    assert not ask(curated, "<a:s> ?p ?o")
    assert ask(curated, triple)


@pytest.mark.parametrize("text", [
    "DROP ALL", "CLEAR NAMED", f"CLEAR GRAPH <{EXTRACTED}>", f"INSERT DATA {{ GRAPH <{EXTRACTED}> {{ <a:a> <a:b> 1 }} }}",
    "DELETE { GRAPH ?g { ?s ?p ?o } } WHERE { GRAPH ?g { ?s ?p ?o } }",
    "DELETE { GRAPH ?g { ?s ?p ?o } } INSERT { GRAPH ?g { ?s ?p 1 } } WHERE { { SELECT * { GRAPH ?g { ?s ?p ?o } } LIMIT 1 } }",
    f"INSERT DATA {{ GRAPH <{BASE}graph/made-up> {{ <a:a> <a:b> 1 }} }}", f"MOVE <{EXTRACTED}> TO DEFAULT", f"COPY DEFAULT TO <{EXTRACTED}>",
    f"INSERT DATA {{ <a:a> <a:b> 1 }} ; WITH <{EXTRACTED}> DELETE {{ ?s ?p ?o }} WHERE {{ ?s ?p ?o }}",
])
def test_what_is_extracted_cannot_be_changed(curated: httpx.Client, text: str) -> None:
    before = curated.get("/graph-store", params={"graph": EXTRACTED}).content
    found = problem(update(curated, text), 403)
    assert found["code"] == "protected-graph"
    assert OWN in str(found["detail"])
    assert curated.get("/graph-store", params={"graph": EXTRACTED}).content == before
    assert not ask(curated, "<a:a> <a:b> 1")


@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE"])
@pytest.mark.parametrize("path", [f"/graph-store?graph={EXTRACTED}", "/graph/ontology", "/graph/made-up"])
def test_nor_by_the_graph_store(curated: httpx.Client, method: str, path: str) -> None:
    response = curated.request(method, path, content="" if method == "DELETE" else "<a:a> <a:b> 1 .", headers=AUTH | TURTLE)
    assert problem(response, 403)["code"] == "protected-graph"


def test_extracted_graphs_can_be_read_in_an_update(curated: httpx.Client) -> None:
    text = f"INSERT {{ GRAPH <{OWN}> {{ ?c <a:seen> true }} }} WHERE {{ ?c a <http://www.w3.org/2002/07/owl#Class> }}"
    assert update(curated, text).status_code == 204
    assert not ask(curated, "?s <a:seen> true")
    assert update(curated, text, **{"using-graph-uri": EXTRACTED}).status_code == 204
    assert ask(curated, "?s <a:seen> true")


@pytest.mark.parametrize(("text", "status", "code"), [
    ("LOAD <http://127.0.0.1:9/>", 403, "refused"), ("load<file:///etc/passwd>into graph<a:a>", 403, "refused"),
    ("PREFIX e: <http://127.0.0.1/>LOADe:a", 403, "refused"), ("CLEAR ALL;LOADSILENT<http://a/>", 403, "refused"),
    ("INSERT DATA { <a:a> <a:b> 1 } ; LOAD <http://127.0.0.1/>", 403, "refused"), ("LOAD <http://a/> nonsense", 400, "syntax"),
    ("INSERT { <a:a> <a:b> ?x } WHERE { VALUES ?x { '''a' } } ; LOAD <http://127.0.0.1/> #\\q''' } }", 403, "refused"),
    ("INSERT { ?s ?p ?o } WHERE { sErViCe<http://127.0.0.1/>{ ?s ?p ?o } }", 403, "refused"),
    ("INSERT DATA {", 400, "syntax"), ("ASK {}", 400, "syntax"), ("CREATE GRAPH <a:g> ; CREATE GRAPH <a:g>", 400, "failed"),
    ("DROP GRAPH <a:nothing>", 400, "failed"),
])
def test_updates_that_are_none(empty: httpx.Client, text: str, status: int, code: str) -> None:
    assert problem(update(empty, text), status)["code"] == code
    assert not ask(empty, "?s ?p ?o")


def test_silent_loads_do_nothing(empty: httpx.Client) -> None:
    clear(empty)
    text = "LOAD SILENT <http://127.0.0.1:9/> INTO GRAPH <a:g> ; INSERT DATA { <a:a> <a:b> 'LOAD <a:a>; # load' } # LOAD <a:a>"
    assert update(empty, text).status_code == 204
    assert ask(empty, "<a:a> <a:b> 'LOAD <a:a>; # load'")
    assert not ask(empty, "GRAPH <a:g> {}")
    clear(empty)


@pytest.mark.parametrize(("where", "expected"), [
    ("DELETE { ?s ?p ?o } INSERT { ?s <a:new> ?o } WHERE { ?s ?p ?o }", True),
    ("INSERT { ?s <a:new> ?o } WHERE { { SELECT ?s ?o WHERE { ?s ?p ?o } } # WHERE\n }", True),
    ("INSERT{?s<a:new>?o}WHERE{?s?p?o}", True), ("DELETE WHERE { ?s ?p ?o }", False),
    ("INSERT DATA { <a:x> <a:where> 'WHERE' } ; INSERT { ?s <a:new> ?o } WHERE { ?s ?p ?o }", True),
])
def test_using_by_parameter(empty: httpx.Client, where: str, expected: bool) -> None:
    clear(empty)
    assert update(empty, "INSERT DATA { <a:d> <a:p> 0 GRAPH <a:g1> { <a:s1> <a:p> 1 } GRAPH <a:g2> { <a:s2> <a:p> 2 } }").status_code == 204
    assert update(empty, where, **{"using-graph-uri": ["a:g1"]}).status_code == 204
    assert ask(empty, "<a:s1> <a:new> 1") is expected
    assert not ask(empty, "<a:s2> <a:new> ?x")
    assert not ask(empty, "<a:d> <a:new> ?x")
    assert ask(empty, "<a:d> <a:p> 0")
    clear(empty)


@pytest.mark.parametrize("text", ["WITH <a:g> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }", "DELETE { ?s ?p ?o } USING <a:g> WHERE { ?s ?p ?o }"])
def test_two_datasets_are_too_many(empty: httpx.Client, text: str) -> None:
    problem(update(empty, text, **{"using-named-graph-uri": "a:h"}), 400)
    problem(update(empty, text, **{"using-graph-uri": "no iri"}), 400)


def test_a_write_ends_in_time_and_changes_nothing(empty: httpx.Client) -> None:
    clear(empty)
    data = " . ".join(f"<a:{i}> <a:p> {i}" for i in range(300))
    assert update(empty, f"INSERT DATA {{ {data} }}").status_code == 204
    began = time.monotonic()
    problem(update(empty, "INSERT { ?a ?b ?f } WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"), 504)
    assert time.monotonic() - began < 3 * 1.2 + 0.1
    assert update(empty, "INSERT DATA { <a:last> <a:p> 1 }").status_code == 204
    assert ask(empty, "<a:last> <a:p> 1 . <a:299> <a:p> 299")
    clear(empty)


def test_graph_store(empty: httpx.Client) -> None:
    clear(empty)
    graph = {"graph": "http://e/g%31?x=1&y"}
    ttl = {"content-type": "text/turtle; charset=utf-8"}
    problem(empty.get("/graph-store", params=graph), 404)
    assert empty.put("/graph-store", params=graph, content="<s> <p> _:b . _:b <q> 'é' .", headers=ttl).status_code == 201
    assert empty.put("/graph-store", params=graph, content="<s> <p> _:b .", headers=ttl).status_code == 204
    got = empty.get("/graph-store", params=graph, headers={"accept": "application/n-triples"})
    assert got.text.startswith("<http://e/s> <http://e/p> _:")
    assert got.headers["content-type"] == "application/n-triples"
    assert empty.post("/graph-store", params=graph, content='{"@id": "a:s", "a:p": {"@id": "a:o"}}',
                      headers={"content-type": "application/ld+json"}).status_code == 204
    assert empty.get("/graph-store", params=graph, headers={"accept": "application/n-triples"}).text.count("\n") == 2
    assert empty.head("/graph-store", params=graph).status_code == 200
    assert empty.delete("/graph-store", params=graph).status_code == 204
    problem(empty.delete("/graph-store", params=graph), 404)
    assert empty.put("/graph-store", params=graph, content="", headers=ttl).status_code == 201
    assert empty.get("/graph-store", params=graph).content == b""
    fresh = empty.post("/graph-store", content="<> <p> 1 .", headers=ttl)
    assert fresh.status_code == 201
    where = fresh.headers["location"]
    assert ask(empty, f"GRAPH <{where}> {{ <{where}> <{OWN}/p> 1 }}")
    assert empty.get(where.removeprefix(BASE.rstrip("/"))).status_code == 200
    assert empty.put("/graph-store?default", content="<a:s> <a:p> 1 .", headers=ttl).status_code == 204
    assert ask(empty, "<a:s> <a:p> 1")
    files = [("a", ("a.ttl", b"<a:f> <a:p> 1 .", "text/turtle")), ("b", ("b.nt", b"<a:f> <a:p> <a:o> .", "application/n-triples"))]
    assert empty.post("/graph-store?default", files=files).status_code == 204
    assert ask(empty, "<a:s> <a:p> 1 . <a:f> <a:p> 1, <a:o>")
    assert empty.delete("/graph-store?default").status_code == 204
    assert not ask(empty, "?s ?p ?o")


@pytest.mark.parametrize(("status", "request_"), [
    (400, {"method": "GET", "url": "/graph-store"}), (400, {"method": "GET", "url": "/graph-store?graph=relative"}),
    (400, {"method": "GET", "url": "/graph-store?graph=a:a&graph=a:b"}), (400, {"method": "GET", "url": "/graph-store?default&graph=a:b"}),
    (400, {"method": "PUT", "url": "/graph-store?default", "content": "<s> nonsense", "headers": TURTLE}),
    (415, {"method": "PUT", "url": "/graph-store?default", "content": "x"}),
    (415, {"method": "PUT", "url": "/graph-store?default", "content": "<a:g> { }", "headers": {"content-type": "application/trig"}}),
    (415, {"method": "PUT", "url": "/graph-store?default", "content": "x", "headers": {"content-type": "text/turtle; charset=utf-16"}}),
    (415, {"method": "POST", "url": "/graph-store?default", "files": {"a": ("a", b"x", "image/png")}}),
    (400, {"method": "POST", "url": "/graph-store?default", "content": "x", "headers": {"content-type": "multipart/form-data; boundary=q"}}),
    (400, {"method": "POST", "url": "/graph-store?default", "content": "x", "headers": {"content-type": "multipart/form-data"}}),
    (406, {"method": "GET", "url": "/graph-store?default", "headers": {"accept": "image/png"}}),
    (413, {"method": "PUT", "url": "/graph-store?default", "content": "#" * 1_000_001, "headers": TURTLE}),
    (400, {"method": "POST", "url": "/sparql", "data": {"update": ["CLEAR ALL", "CLEAR ALL"]}}),
    (400, {"method": "POST", "url": "/sparql", "data": {"update": "CLEAR ALL", "query": "ASK {}"}}),
    (400, {"method": "POST", "url": "/sparql?update=CLEAR+ALL", "content": "CLEAR ALL", "headers": UPDATE}),
    (400, {"method": "POST", "url": "/sparql", "content": b"\xff", "headers": UPDATE}),
    (400, {"method": "GET", "url": "/sparql?update=CLEAR+ALL"}),
])
def test_what_is_no_request_of_the_protocols(empty: httpx.Client, status: int, request_: dict[str, Any]) -> None:
    problem(empty.request(**request_), status)


def test_a_writer_that_died_leaves_a_whole_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever it left is not served, and is gone after the next write."""
    folder = tmp_path / "graph"
    writes = curation.Curation(folder, BASE)
    quad = ox.Quad(ox.NamedNode("a:s"), ox.NamedNode("a:p"), ox.Literal("1"), ox.NamedNode(OWN))
    writes.write(lambda s: s.add(quad))

    def dies(s: ox.Store) -> None:
        s.clear()
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        writes.write(dies)
    (folder / "curation" / ".staging-left").mkdir()
    (folder / "curation" / "stores" / "none-2").mkdir()
    assert writes.write(lambda s: s.add_graph(ox.NamedNode("a:empty"))).version == 2
    found = curation.served(folder, without_build=True)
    assert found is not None
    reader = ox.Store.read_only(str(found.store))
    assert list(reader) == [quad]
    assert reader.contains_named_graph(ox.NamedNode("a:empty"))
    assert not list((folder / "curation").glob("**/.staging-*"))
    monkeypatch.setattr(curation, "_KEPT_SECONDS", 0.0)
    for n in range(5):
        writes.write(lambda s: s.add_graph(ox.NamedNode(f"a:{n}")))  # noqa: B023 - called at once
    assert len(list((folder / "curation" / "versions").iterdir())) == len(list((folder / "curation" / "stores").iterdir())) == 3
    shutil.rmtree(folder / "curation" / "stores")  # they can be made again
    again = curation.served(folder, without_build=True)
    assert again is not None
    assert list(ox.Store.read_only(str(again.store))) == [quad]
    assert publish.current(folder) is None
    (folder / "curation" / "CURRENT").write_text("nonsense")
    with pytest.raises(AvvnError, match="CURRENT"):
        curation.served(folder, without_build=True)


def test_many_write_and_read_at_once(empty: httpx.Client) -> None:
    """No write is lost, no answer is an error, and no answer is of a time before one that its reader has seen."""
    clear(empty)
    stop = threading.Event()
    faults: list[str] = []

    def read() -> None:
        seen = 0
        with httpx.Client(base_url=empty.base_url, timeout=30) as own:
            while not stop.is_set():
                found = own.get("/sparql", params={"query": "SELECT (COUNT(*) AS ?n) { ?s <a:at-once> ?o }"})
                if found.status_code != 200:
                    faults.append(found.text)
                    return
                now = int(found.json()["results"]["bindings"][0]["n"]["value"])
                if now < seen:
                    faults.append(f"{now} after {seen}")
                seen = now

    readers = [threading.Thread(target=read) for _ in range(2)]
    for reader in readers:
        reader.start()
    try:
        with ThreadPoolExecutor(4) as writers:
            done = list(writers.map(lambda i: update(empty, f"INSERT DATA {{ <a:{i}> <a:at-once> {i} }}").status_code, range(8)))
    finally:
        stop.set()
        for reader in readers:
            reader.join()
    assert done == [204] * 8
    assert faults == []
    assert ask(empty, " . ".join(f"<a:{i}> <a:at-once> {i}" for i in range(8)))
    clear(empty)
