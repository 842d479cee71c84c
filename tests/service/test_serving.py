"""A server's life: quick to start, without a graph, and through a change of graphs."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from avvn_graph.graph import publish
from avvn_graph.service.app import create_app
from avvn_graph.settings import Settings

from .conftest import free_port, problem, serving

COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
MARK = "<https://w3id.org/avvn/id/mark/{n}> <http://www.w3.org/2000/01/rdf-schema#label> \"{total}\" <https://w3id.org/avvn/graph/mark> .\n"


def marked(store: Path, n: int) -> None:
    """Publish the current graph again with ``n`` marks in it."""
    now = publish.current(store)
    assert now is not None
    lines = [x for x in now.nquads.read_bytes().splitlines(keepends=True) if b"/id/mark/" not in x]
    lines += [MARK.format(n=i, total=n).encode() for i in range(n)]
    publish.publish(store, f"{n:016x}", b"".join(sorted(lines)), {"created": now.manifest.get("created"), "quads": len(lines)})


def test_imports_nothing_of_the_extraction() -> None:
    code = "import sys, json, avvn_graph.service.app; print(json.dumps(sorted(sys.modules)))"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    loaded = {name.split(".")[0] for name in json.loads(out.stdout)}
    assert not loaded & {"spacy", "rdflib", "babel", "pyshacl", "numpy", "requests", "werkzeug"}
    ours = {".".join(name.split(".")[:2]) for name in json.loads(out.stdout) if name.startswith("avvn_graph.")}
    assert not ours & {"avvn_graph.corpus", "avvn_graph.recognition", "avvn_graph.relations", "avvn_graph.extraction"}


def test_answers_at_its_start(real_build: Path) -> None:
    with serving(real_build) as client:
        assert client.get("/api/v1/countries/NL").status_code == 200


def test_without_a_graph_it_says_so_and_takes_the_first(copy: Path) -> None:
    pointer = copy / publish.CURRENT
    build = pointer.read_text()
    pointer.unlink()
    with serving(copy) as client:
        assert client.get("/healthz").status_code == 200
        for path in ("/readyz", "/sparql?query=ASK{}", "/api/v1/resolutions", "/id/country/NL", "/page/country/NL"):
            response = client.get(path)
            assert "avvn-graph build" in str(problem(response, 503)["detail"])
            assert response.headers["retry-after"]
        assert "avvn-graph build" in client.get("/").text
        pointer.write_text(build)
        until = time.monotonic() + 5
        while client.get("/readyz").status_code != 200:
            assert time.monotonic() < until
            time.sleep(0.05)
        assert client.get("/api/v1/resolutions").json()["total"]


def test_a_damaged_pointer_leaves_the_old_graph_served(copy: Path) -> None:
    with serving(copy) as client:
        build = client.get("/readyz").json()["build"]
        (copy / publish.CURRENT).write_text("0123456789abcdef\n")
        time.sleep(1.5)
        assert client.get("/readyz").json()["build"] == build
        assert client.get("/sparql", params={"query": COUNT}).status_code == 200


@pytest.mark.parametrize(("memory_quads", "swaps"), [(500_000, 20), (0, 5)])
def test_new_graphs_are_taken_without_a_break(copy: Path, memory_quads: int, swaps: int) -> None:
    """Asked all the while by several at once, the server gives no error, no answer that is of two graphs and none of one before."""
    ways = (  # of a worker, at once, and the same question again and again
        "SELECT ?l { ?s <http://www.w3.org/2000/01/rdf-schema#label> ?l FILTER(STRSTARTS(STR(?s), 'https://w3id.org/avvn/id/mark/')) } #",
        "SELECT ?l { <https://w3id.org/avvn/id/mark/0> <http://www.w3.org/2000/01/rdf-schema#label> ?l } #",
        "SELECT ?l { GRAPH <https://w3id.org/avvn/graph/mark> { ?s ?p ?l } }",
    )
    seen: list[list[tuple[str, ...]]] = [[] for _ in ways]
    faults: list[str] = []
    stop = threading.Event()

    with serving(copy, memory_quads=memory_quads) as client:
        def ask(way: int) -> None:
            with httpx.Client(base_url=client.base_url, timeout=30) as own:
                number = 0
                while not stop.is_set():
                    number += 1
                    response = own.get("/sparql", params={"query": ways[way] + (str(number) if ways[way].endswith("#") else ""), "format": "csv"})
                    if response.status_code == 200:
                        seen[way].append(tuple(response.text.split()[1:]))
                    else:
                        faults.append(response.text)

        threads = [threading.Thread(target=ask, args=(way,)) for way in range(len(ways))]
        for thread in threads:
            thread.start()
        try:
            for n in range(1, swaps + 1):
                marked(copy, n)
                until = time.monotonic() + 10
                while client.get("/readyz").json()["build"] != f"{n:016x}":
                    assert time.monotonic() < until
                    time.sleep(0.02)
            time.sleep(0.2)
        finally:
            stop.set()
            for thread in threads:
                thread.join()
        assert faults == []
        assert f"avvn_graph_swaps_total {swaps}.0" in client.get("/metrics").text
        assert client.get("/id/mark/2").status_code == 303  # nothing is remembered of the graphs before
    for way, answers in enumerate(seen):
        numbers = [int(answer[0]) if answer else 0 for answer in answers]
        assert set(numbers) >= set(range(swaps + 1)) - {0}
        assert numbers == sorted(numbers)
        assert all(set(answer) <= {str(n)} and len(answer) == (n if way != 1 else min(n, 1)) for n, answer in zip(numbers, answers, strict=True))
        assert len(answers) > 10 * swaps


def test_a_small_graph_is_held_in_memory(real_build: Path) -> None:
    answers = set()
    for quads, where in ((0, "on disk"), (1000, "on disk"), (500_000, "in memory")):
        with serving(real_build, memory_quads=quads) as client:
            assert client.get("/readyz").json()["graphIs"] == where
            answers.add(client.get("/sparql", params={"query": COUNT}).text)
            answers.add(client.get("/sparql", params={"query": f"{COUNT} ORDER BY ?n"}).text)
    assert len(answers) == 1


@pytest.mark.parametrize("path", ["/sparql?query=ASK{}", "/api/v1/countries/NL"])
def test_a_fault_is_told_without_our_insides(real_build: Path, monkeypatch: pytest.MonkeyPatch, path: str) -> None:
    def fault(*_: object, **__: object) -> None:
        raise RuntimeError("/secret/place")

    monkeypatch.setattr("avvn_graph.store.gate.inspect", fault)
    monkeypatch.setattr("avvn_graph.service.lookups.run", fault)
    app = create_app(Settings(store=real_build))

    async def go() -> httpx.Response:
        transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
        async with app.router.lifespan_context(app), httpx.AsyncClient(transport=transport, base_url="http://t") as client:
            return await client.get(path)

    response = asyncio.run(go())
    assert problem(response, 500)["code"] == "fault"
    assert "secret" not in response.text
    assert response.headers["x-request-id"]


@pytest.mark.parametrize("setting", [{"max_query_length": 100}, {"max_result_bytes": 1000}])
def test_limits_are_settings(real_build: Path, setting: dict[str, int]) -> None:
    with serving(real_build, **setting) as client:
        query = "SELECT * { ?s ?p ?o } LIMIT 100" + "#" * 100 * ("max_query_length" in setting)
        problem(client.get("/sparql", params={"query": query}), 413 if "max_query_length" in setting else 422)


def test_several_processes_count_together_and_end_in_good_order(real_build: Path) -> None:
    port = free_port()
    environment = {k: v for k, v in os.environ.items() if not k.startswith("AVVN_")} | {"AVVN_STORE": str(real_build)}
    process = subprocess.Popen([sys.executable, "-m", "avvn_graph.cli", "serve", "--workers", "2", "--port", str(port)], env=environment, stderr=subprocess.DEVNULL)
    try:
        url = f"http://127.0.0.1:{port}"
        until = time.monotonic() + 30
        while True:
            with contextlib.suppress(httpx.TransportError):
                if httpx.get(f"{url}/readyz").status_code == 200:
                    break
            assert process.poll() is None, "the server ended"
            assert time.monotonic() < until, "the server does not answer"
            time.sleep(0.05)
        servers = _servers(process.pid)
        assert len(servers) == 2
        with ThreadPoolExecutor(8) as threads:  # each request on a connection of its own: both processes get some
            answers = list(threads.map(lambda n: httpx.get(f"{url}/sparql", params={"query": f"ASK {{ <x:{n}> ?p ?o }}"}).status_code, range(60)))
        assert answers == [200] * 60
        counts = {re.findall(r'avvn_graph_requests_total{route="/sparql",status="200"} (\S+)', httpx.get(f"{url}/metrics").text)[0] for _ in range(12)}
        assert counts == {"60.0"}
        os.kill(min(servers), signal.SIGKILL)  # another takes its place; what it counted stays
        while httpx.get(f"{url}/readyz").status_code != 200 or len(_servers(process.pid) - {min(servers)}) < 2:
            assert time.monotonic() < until, "the process that was killed is not replaced"
            time.sleep(0.05)
        text = httpx.get(f"{url}/metrics").text
        assert 'avvn_graph_requests_total{route="/sparql",status="200"} 60.0' in text
        assert "avvn_graph_build_info{" in text
        assert len(re.findall(r"^avvn_graph_queries_running \S+$", text, re.M)) == 1
        assert "avvn_graph_swaps_total 0.0" in text
        everyone = _children(process.pid)
    finally:
        process.terminate()
        assert process.wait(15) == 0
    until = time.monotonic() + 5
    while left := [pid for pid in everyone if Path(f"/proc/{pid}").exists()]:
        assert time.monotonic() < until, left
        time.sleep(0.05)


def _servers(pid: int) -> set[int]:
    return {child for child in _children(pid) if "spawn_main" in _read(Path(f"/proc/{child}/cmdline"))}


def _children(pid: int) -> set[int]:
    """A process' descendants."""
    direct = {int(child) for task in Path(f"/proc/{pid}/task").glob("*") for child in _read(task / "children").split()}
    return direct.union(*(_children(child) for child in direct))


def _read(path: Path) -> str:
    """Nothing, once the process has ended."""
    try:
        return path.read_text()
    except OSError:
        return ""
