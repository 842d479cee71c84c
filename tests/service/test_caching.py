"""Validators, answers from memory, request ids and logs, on the real server."""

from __future__ import annotations

import asyncio
import json
import re
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from avvn_graph.service.flights import Flights

from .conftest import serving

COUNT = "SELECT (COUNT(*) AS ?n) WHERE { ?s a <https://w3id.org/avvn/ontology#Statement> }"
ENDLESS = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"

_OF_THE_REQUEST = ("x-request-id", "date")


@pytest.fixture(scope="module")
def nothing_kept(real_build: Path) -> Iterator[httpx.Client]:
    with serving(real_build, cache_bytes=0) as client:
        yield client


@pytest.mark.parametrize(("path", "parameters"), [
    ("/sparql", {"query": COUNT}), ("/api/v1/resolutions", {"initiator": "NL"}), ("/data/country/NL", {}), ("/page/country/NL", {}),
])
def test_what_has_not_changed_is_not_sent_again(client: httpx.Client, path: str, parameters: dict[str, str]) -> None:
    first = client.get(path, params=parameters)
    assert first.status_code == 200
    tag = first.headers["etag"]
    assert re.fullmatch(r"\w{3}, \d\d \w{3} \d{4} [\d:]{8} GMT", first.headers["last-modified"])
    again = client.get(path, params=parameters, headers={"if-none-match": tag})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    assert client.get(path, params=parameters, headers={"if-none-match": '"other"'}).status_code == 200


def test_formats_and_queries_have_their_own_tags(client: httpx.Client) -> None:
    tags = {client.get("/sparql", params={"query": q}, headers={"accept": a}).headers["etag"]
            for q in (COUNT, "ASK {}") for a in ("text/csv", "application/sparql-results+json")}
    assert len(tags) == 4


LOOK_UP = "SELECT ?p ?o WHERE { <https://w3id.org/avvn/id/country/NL> ?p ?o }"


@pytest.mark.parametrize("query", [LOOK_UP, "ASK { <https://w3id.org/avvn/id/country/NL> ?p ?o }", "SELECT ?m { ?m <https://w3id.org/avvn/ontology#mentionOf> <https://w3id.org/avvn/id/country/NL> }"])
@pytest.mark.parametrize("accept", ["*/*", "text/csv", "application/sparql-results+xml;q=0.5, text/html"])
@pytest.mark.parametrize("encoding", ["", "identity", "gzip, br;q=0.5", "br"])
def test_look_ups_are_answered_as_all_others_are(nothing_kept: httpx.Client, query: str, accept: str, encoding: str) -> None:
    """A GET of a look-up goes another way than HEAD and POST do."""
    headers = {"accept": accept, "accept-encoding": encoding}
    got, head, again, posted = (
        nothing_kept.get("/sparql", params={"query": query}, headers=headers), nothing_kept.head("/sparql", params={"query": query}, headers=headers),
        nothing_kept.get("/sparql", params={"query": query}, headers=headers), nothing_kept.post("/sparql", data={"query": query}, headers=headers),
    )
    assert got.status_code == 200
    for other in (head, again):
        assert sorted(pair for pair in got.headers.multi_items() if pair[0] not in _OF_THE_REQUEST) == sorted(
            pair for pair in other.headers.multi_items() if pair[0] not in _OF_THE_REQUEST)
        assert got.headers["x-request-id"] != other.headers["x-request-id"]
    assert got.content == posted.content == again.content
    assert got.headers.get("content-encoding") == posted.headers.get("content-encoding")
    assert nothing_kept.get("/sparql", params={"query": query}, headers={**headers, "if-none-match": got.headers["etag"]}).status_code == 304


@pytest.mark.parametrize("query", ["SELECT (NOW() AS ?n) {}", "SELECT (rand ( ) AS ?n) {}", "SELECT (STRUUID() AS ?n) {}"])
def test_what_changes_is_asked_each_time(client: httpx.Client, query: str) -> None:
    first, second = (client.get("/sparql", params={"query": query}) for _ in range(2))
    assert "etag" not in first.headers
    assert first.content != second.content


def numbers(client: httpx.Client) -> dict[str, float]:
    """The metrics without labels."""
    return {line.split()[0]: float(line.split()[1]) for line in client.get("/metrics").text.splitlines() if not line.startswith("#") and "{" not in line}


def test_answers_are_kept_within_their_bytes(real_build: Path) -> None:
    with serving(real_build, cache_bytes=20_000) as client:
        for _ in range(3):
            assert client.post("/sparql", data={"query": COUNT}).status_code == 200
        assert numbers(client)["avvn_graph_result_cache_hits_total"] == 2
        for n in range(200):
            client.post("/sparql", data={"query": f"SELECT * WHERE {{ ?s ?p ?o }} LIMIT {n % 40}"})
        assert numbers(client)["avvn_graph_result_cache_bytes"] <= 20_000
    with serving(real_build, cache_bytes=0) as client:
        for _ in range(3):
            assert client.post("/sparql", data={"query": COUNT}).json()["results"]["bindings"]
        assert numbers(client)["avvn_graph_result_cache_hits_total"] == 0


def test_request_ids_go_in_and_out(client: httpx.Client) -> None:
    assert client.get("/healthz", headers={"x-request-id": "abc-1"}).headers["x-request-id"] == "abc-1"
    made = {client.get("/healthz", headers={"x-request-id": "no good!"}).headers["x-request-id"] for _ in range(2)}
    assert len(made) == 2


def test_the_log_tells_no_more_than_it_must(real_build: Path, capfd: pytest.CaptureFixture[str]) -> None:
    with serving(real_build) as client:
        client.get("/sparql", params={"query": "SELECT * WHERE { ?secret ?p ?o } LIMIT 1"}, headers={"x-request-id": "log-1"})
    lines = [json.loads(line) for line in capfd.readouterr().err.splitlines() if line.startswith("{")]
    mine = next(line for line in lines if line["id"] == "log-1")
    assert mine.keys() == {"time", "id", "method", "route", "status", "ms", "bytes"}
    assert (mine["method"], mine["route"], mine["status"]) == ("GET", "/sparql", 200)
    with serving(real_build, access_log="false") as client:
        client.get("/healthz")
    assert not [line for line in capfd.readouterr().err.splitlines() if line.startswith("{")]


def test_one_client_cannot_take_every_worker(real_build: Path) -> None:
    with serving(real_build, query_timeout=2, queries_per_client=3) as client, ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda n: client.post("/sparql", data={"query": f"{ENDLESS} #{n}"}), range(6)))
        assert sorted({a.status_code for a in answers}) == [503, 504]
        refused = next(a for a in answers if a.status_code == 503)
        assert refused.headers["retry-after"] == "1"
        assert "one client" in refused.json()["detail"]
        assert client.post("/sparql", data={"query": "ASK {}"}).status_code == 200


def test_who_goes_away_ends_the_query(real_build: Path) -> None:
    with serving(real_build, query_timeout=30) as client:
        def leave() -> None:
            with pytest.raises(httpx.ReadTimeout):
                httpx.post(str(client.base_url.join("/sparql")), data={"query": ENDLESS}, timeout=0.7)

        thread = threading.Thread(target=leave)
        thread.start()
        time.sleep(0.4)
        assert numbers(client)["avvn_graph_queries_running"] == 1
        thread.join()
        until = time.monotonic() + 5
        while numbers(client)["avvn_graph_queries_running"]:
            assert time.monotonic() < until, "the query runs on"
            time.sleep(0.05)


def test_those_who_ask_the_same_wait_for_one_evaluation(real_build: Path) -> None:
    with serving(real_build, query_timeout=3) as client, ThreadPoolExecutor(7) as pool:
        same = [pool.submit(client.post, "/sparql", data={"query": ENDLESS}) for _ in range(5)]
        with pytest.raises(httpx.ReadTimeout):  # one of them leaves, and the others are answered all the same
            httpx.post(str(client.base_url.join("/sparql")), data={"query": ENDLESS}, timeout=0.7)
        other = pool.submit(client.post, "/sparql", data={"query": f"{ENDLESS} #"})
        while numbers(client)["avvn_graph_queries_running"] != 2:  # what the server makes ready at its start may run beside
            assert not other.done()
            time.sleep(0.05)
        assert {f.result().status_code for f in same} == {504}
        assert other.result().status_code == 504
        assert numbers(client)["avvn_graph_query_timeouts_total"] == 2


def test_work_that_is_shared_ends_with_the_last_who_waits() -> None:
    async def run() -> None:
        flights: Flights[int] = Flights()
        calls, ended = 0, 0

        async def work() -> int:
            nonlocal calls, ended
            calls += 1
            try:
                await asyncio.sleep(0.05)
            except asyncio.CancelledError:
                ended += 1
                raise
            if calls == 3:
                raise ValueError
            return calls

        async def leave(*tasks: asyncio.Task[int]) -> None:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

        first, second = (asyncio.create_task(flights.join("a", work)) for _ in range(2))
        await asyncio.sleep(0.01)
        await leave(first)
        assert (await second, calls, ended) == (1, 1, 0)
        third, fourth = (asyncio.create_task(flights.join("a", work)) for _ in range(2))
        await asyncio.sleep(0.01)
        await leave(third, fourth)
        assert (calls, ended) == (2, 1)
        failures = await asyncio.gather(*(flights.join("a", work) for _ in range(2)), return_exceptions=True)
        assert [type(f) for f in failures] == [ValueError, ValueError]
        assert (await flights.join("a", work), calls, ended) == (4, 4, 1)

    asyncio.run(run())
