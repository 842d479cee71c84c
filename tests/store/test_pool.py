"""Workers over the real graph: limits that hold, and nothing that a query does is felt by another."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, TypeVar

import pytest

from avvn_graph.graph import publish
from avvn_graph.store.base import (
    CSV,
    GRAPH_TYPES,
    RESULT_TYPES,
    OutOfMemory,
    Overloaded,
    QueryFailed,
    QueryRefused,
    QuerySyntaxError,
    QueryTimeout,
    ResultTooLarge,
    StoreError,
    Unavailable,
)
from avvn_graph.store.pool import BlockingStore, Pool

from .test_gate import Listener

T = TypeVar("T")
ENDLESS = [
    "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
    "SELECT * { ?a ?b ?c . ?d ?e ?f } ORDER BY ?f ?c",
    "ASK { ?a (<http://a/>|!<http://a/>|^<http://a/>|^(!<http://b/>))* ?b . ?b (!<http://c/>)* ?c FILTER(?c = 1) ?d ?e ?f . ?g ?h ?f }",
]


@pytest.fixture
def ask(real_build: Path, request: pytest.FixtureRequest) -> Callable[..., Any]:
    """Runs ``work(pool)`` with a pool over the real graph, which is held in memory unless the test says ``both``."""
    build = publish.current(real_build)
    assert build is not None
    quads = None if getattr(request, "param", "memory") == "disk" else build.nquads

    def go(work: Callable[[Pool], Awaitable[T]], **options: Any) -> T:
        async def run() -> T:
            pool = Pool(build.store, **{
                "size": 1, "timeout": 5.0, "memory": 2_000_000_000, "max_result_bytes": 2_000_000, "max_query_length": 100_000,
                "quads": quads, **options,
            })
            await pool.open()
            try:
                return await work(pool)
            finally:
                await pool.close()

        return asyncio.run(run())

    return go


both = pytest.mark.parametrize("ask", ["disk", "memory"], indirect=True)


def body(ask: Callable[..., Any], query: str, **options: Any) -> str:
    async def work(pool: Pool) -> str:
        return (await pool.query(query, **options)).body.decode()

    found: str = ask(work)
    return found


@pytest.mark.parametrize("media_type", RESULT_TYPES)
def test_result_formats(ask: Callable[..., Any], media_type: str) -> None:
    async def work(pool: Pool) -> None:
        assert (await pool.query("SELECT ?x { BIND(1 AS ?x) }", media_type=media_type)).media_type == media_type
        assert (await pool.query("ASK {}", media_type=media_type)).media_type == media_type

    ask(work)


@pytest.mark.parametrize("media_type", GRAPH_TYPES)
@both
def test_graph_formats(ask: Callable[..., Any], media_type: str) -> None:
    async def work(pool: Pool) -> None:
        query = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o } LIMIT 3"
        assert (await pool.query(query, media_type=media_type)).media_type == media_type
        plain = await pool.query(query, media_type=media_type, prefixes={"avvn": "https://w3id.org/avvn/ontology#"})
        assert len(plain.body) > 100

    ask(work)


def test_columns_stand_as_in_the_query(ask: Callable[..., Any]) -> None:
    assert body(ask, "SELECT * { ?z ?a ?m } LIMIT 1", media_type=CSV).startswith("z,a,m\r\n")
    assert body(ask, "SELECT DISTINCT * { ?z ?a ?m . { SELECT ?m { ?hidden ?a2 ?m } LIMIT 1 } } LIMIT 1", media_type=CSV).startswith("z,a,m\r\n")
    assert body(ask, "SELECT * {}", media_type=CSV).startswith("\r\n")


@both
def test_default_graph_is_the_union_unless_graphs_are_named(ask: Callable[..., Any]) -> None:
    ontology, build = "https://w3id.org/avvn/graph/ontology", "https://w3id.org/avvn/graph/build"

    async def count(pool: Pool, query: str, **options: Any) -> int:
        return int((await pool.query(query, media_type=CSV, **options)).body.split()[1])

    async def work(pool: Pool) -> None:
        everything = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
        named = "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }"
        whole = await count(pool, everything)
        one = await count(pool, f"SELECT (COUNT(*) AS ?n) {{ GRAPH <{ontology}> {{ ?s ?p ?o }} }}")
        assert whole > one > 100
        assert await count(pool, everything.replace("{", f"FROM <{ontology}> {{", 1)) == one
        assert await count(pool, everything, default_graphs=[ontology]) == one
        assert await count(pool, everything, named_graphs=[ontology]) == 0
        assert await count(pool, named, default_graphs=[ontology]) == 0
        assert await count(pool, named, named_graphs=[ontology]) == one
        assert await count(pool, everything, default_graphs=[ontology, build]) > one
        # The protocol's graphs go before the query's.
        assert await count(pool, everything.replace("{", f"FROM <{build}> {{", 1), default_graphs=[ontology]) == one

    ask(work)


@pytest.mark.parametrize(("query", "line", "column", "says"), [
    ("SELECT * \n{ ?s ?p ?o ", 2, 12, "ends too soon"),
    ("SELECT * \n{ ?s ?p %o }", 2, 9, "%o"),
    ("SELECT *\nWHERE {\n  ?s a avvn:Country .\n  ?s a ?x }", 3, 8, "Prefix not found"),
    ("SELECT * { ?s ?p ?o FILTER ?o > 1 }", 1, 28, "?o > 1"),
    ("hello", 1, 1, "hello"),
    ("", 1, 1, "ends too soon"),
    ("SELECT ?s { ?s ?p 'é' } } ", 1, 25, "}"),
    ("SELECT ?x { ?x ?y 1 }\n\nGROUP ?x", 3, 7, "?x"),
])
def test_syntax_errors_have_their_place(ask: Callable[..., Any], query: str, line: int, column: int, says: str) -> None:
    with pytest.raises(QuerySyntaxError) as error:
        body(ask, query)
    assert (error.value.line, error.value.column) == (line, column)
    assert says in str(error.value)


def test_other_failures(ask: Callable[..., Any]) -> None:
    with pytest.raises(QueryFailed, match="http://a/f"):
        body(ask, "SELECT (<http://a/f>(1) AS ?x) {}")
    with pytest.raises(ResultTooLarge, match="LIMIT"):
        body(ask, "SELECT * { ?s ?p ?o }")
    with pytest.raises(QueryRefused, match="characters"):
        body(ask, "#" * 100_001)
    with pytest.raises(QuerySyntaxError, match="surrogate"):
        body(ask, "ASK { ?s ?p '\ud800' }")


@pytest.mark.parametrize("query", ENDLESS)
@both
def test_time_limit_stops_the_work(ask: Callable[..., Any], query: str) -> None:
    async def work(pool: Pool) -> None:
        worker = pool._idle[0].pid
        began = time.monotonic()
        with pytest.raises(QueryTimeout, match="after 1 seconds"):
            await pool.query(query)
        assert time.monotonic() - began < 1.2
        while Path(f"/proc/{worker}").exists():  # reaped, so that it takes no processor time
            await asyncio.sleep(0.01)
            assert time.monotonic() - began < 2
        assert b"true" in (await pool.query("ASK {}")).body
        assert pool.timeouts == 1

    ask(work, timeout=1.0)


@both
def test_memory_limit_ends_one_query_alone(ask: Callable[..., Any]) -> None:
    async def work(pool: Pool) -> None:
        with pytest.raises(OutOfMemory, match="400 MB"):
            await pool.query("SELECT * { ?a ?b ?c . ?d ?e ?f } ORDER BY ?f ?c")
        assert b"true" in (await pool.query("ASK {}")).body

    ask(work, memory=400_000_000, timeout=30.0)


def test_deep_nesting_ends_one_query_alone(ask: Callable[..., Any]) -> None:
    async def work(pool: Pool) -> None:
        with pytest.raises(OutOfMemory):
            await pool.query("SELECT * {" + "{" * 40_000 + "}" * 40_000 + "}")
        assert b"true" in (await pool.query("ASK {}")).body

    ask(work)


def test_light_queries_run_beside_heavy_ones(ask: Callable[..., Any]) -> None:
    async def work(pool: Pool) -> None:
        heavy = [asyncio.create_task(pool.query(ENDLESS[0])) for _ in range(3)]
        await asyncio.sleep(0.1)
        answers = await asyncio.gather(*(pool.query("ASK { ?s ?p ?o }") for _ in range(20)))
        assert all(b"true" in a.body for a in answers)
        assert not any(task.done() for task in heavy)
        ends = await asyncio.gather(*heavy, return_exceptions=True)
        assert all(isinstance(e, QueryTimeout) for e in ends)

    ask(work, timeout=2.0, size=2)


def test_waits_in_line_and_says_when_that_is_too_long(ask: Callable[..., Any]) -> None:
    async def work(pool: Pool) -> None:
        async def one() -> str:
            try:
                await pool.query(ENDLESS[0])
            except StoreError as error:
                return type(error).__name__
            return "answered"

        ends = await asyncio.gather(*(one() for _ in range(12)))
        assert set(ends) <= {QueryTimeout.__name__, Overloaded.__name__}
        assert ends.count(QueryTimeout.__name__) >= 4
        assert b"true" in (await pool.query("ASK {}")).body

    ask(work, timeout=0.5)


@both
def test_a_killed_worker_is_replaced_unseen(ask: Callable[..., Any]) -> None:
    async def work(pool: Pool) -> None:
        for _ in range(3):
            os.kill(pool._idle[-1].pid, signal.SIGKILL)
            assert b"true" in (await pool.query("ASK {}")).body

    ask(work, size=2)


def test_a_caller_who_goes_away_ends_the_work(ask: Callable[..., Any]) -> None:
    async def work(pool: Pool) -> None:
        worker = pool._idle[0].pid
        task = asyncio.create_task(pool.query(ENDLESS[0]))
        await asyncio.sleep(0.1)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        until = time.monotonic() + 2
        while Path(f"/proc/{worker}").exists():
            await asyncio.sleep(0.01)
            assert time.monotonic() < until

    ask(work)


def test_no_more_workers_than_are_needed(ask: Callable[..., Any]) -> None:
    """Short queries wait while workers start, and those that were started beside long queries go when these are over."""

    async def work(pool: Pool) -> None:
        gone = [asyncio.create_task(pool.query(ENDLESS[0])) for _ in range(2)]
        await asyncio.sleep(0.1)
        for task in gone:
            task.cancel()
        await asyncio.gather(*gone, return_exceptions=True)
        answers = await asyncio.gather(*(pool.query(f"SELECT (COUNT(*) AS ?n) {{ ?s ?p ?o }} # {n}") for n in range(8)))
        assert len({a.body for a in answers}) == 1
        assert pool._count == 2
        long = [asyncio.create_task(pool.query(ENDLESS[0])) for _ in range(2)]
        await asyncio.sleep(0.1)
        assert b"true" in (await pool.query("ASK { ?s ?p ?o }")).body
        assert pool._count > 2
        await asyncio.gather(*long, return_exceptions=True)
        for n in range(4):
            await pool.query(f"ASK {{ ?s ?p {n} }}")
        assert pool._count <= 2

    ask(work, timeout=1.5, size=2)


@both
def test_second_wall_no_network_in_the_worker(ask: Callable[..., Any]) -> None:
    listener = Listener()

    async def work(pool: Pool) -> None:
        assert pool.isolated, "this machine offers neither network namespaces nor seccomp"
        header = {"type": None, "base": None, "limit": 1000, "union": True}
        reply, _ = await pool._run(header, f"SELECT * {{ SERVICE <{listener.url}> {{ ?s ?p ?o }} }}".encode(), 5)
        assert reply == {"error": "store"}

    try:
        ask(work)
        assert listener.calls == 0
    finally:
        listener.socket.close()


_SERVER = """
import asyncio, sys
from pathlib import Path
from avvn_graph.store.pool import Pool

async def main(store, quads, query):
    pool = Pool(Path(store), quads=Path(quads), size=1, timeout=60, memory=10**9, max_result_bytes=1000, max_query_length=1000)
    await pool.open()
    asyncio.get_running_loop().call_later(0.1, lambda: print(pool._nursery._process.pid, next(iter(pool._running)).pid, flush=True))
    await pool.query(query)

asyncio.run(main(*sys.argv[1:]))
"""


def test_workers_end_with_their_server(real_build: Path) -> None:
    build = publish.current(real_build)
    assert build is not None
    with subprocess.Popen([sys.executable, "-c", _SERVER, build.store, build.nquads, ENDLESS[1]], stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        processes = [Path("/proc") / pid for pid in server.stdout.readline().split()]
        assert [p.exists() for p in processes] == [True, True]
        server.kill()
        until = time.monotonic() + 5
        while any(_runs(p) for p in processes):
            time.sleep(0.01)
            assert time.monotonic() < until


def _runs(process: Path) -> bool:
    """Whether it is there and no zombie; who reaps it then is not ours to say."""
    try:
        return (process / "stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@both
def test_a_killed_nursery_takes_its_workers_along_and_is_replaced(ask: Callable[..., Any]) -> None:
    async def work(pool: Pool) -> None:
        assert pool._nursery is not None
        running = asyncio.create_task(pool.query("SELECT (COUNT(*) AS ?n) { ?s ?p ?o . ?o ?q ?r }"))
        await asyncio.sleep(0.01)
        first = pool._idle[0]
        pool._nursery._process.kill()
        pool._nursery._process.wait()
        await asyncio.sleep(0.1)
        assert not first.alive()
        assert b"true" in (await pool.query("ASK { ?s ?p ?o }")).body
        assert (await running).body
        assert first not in pool._idle

    ask(work, size=2)


@both
def test_workers_that_were_forked_from_one_process_draw_numbers_of_their_own(ask: Callable[..., Any]) -> None:
    async def work(pool: Pool) -> None:
        found = set()
        for _ in range(3):
            found.add((await pool.query("SELECT (UUID() AS ?u) (RAND() AS ?r) {}", media_type=CSV)).body)
            await pool._idle[-1].end()
        assert len(found) == 3

    ask(work)


def test_a_worker_may_be_ended_twice(ask: Callable[..., Any]) -> None:
    async def work(pool: Pool) -> None:
        first, nursery = pool._idle[0], pool._nursery
        assert await first.end() in (0, -signal.SIGKILL)  # it ends by itself too, when its socket is closed
        assert await first.end() == -signal.SIGKILL
        assert b"true" in (await pool.query("ASK { ?s ?p ?o }")).body
        assert pool._nursery is nursery

    ask(work)


def test_a_worker_that_nobody_waits_for_any_more_is_ended(ask: Callable[..., Any]) -> None:
    async def work(pool: Pool) -> None:
        assert pool._nursery is not None
        children = Path(f"/proc/{pool._nursery._process.pid}/task/{pool._nursery._process.pid}/children")
        there = children.read_text().split()
        for moment in (0.0, 0.0005, 0.001):
            wanted = asyncio.create_task(pool._nursery.worker())
            await asyncio.sleep(moment)
            wanted.cancel()
            with pytest.raises(asyncio.CancelledError):
                await wanted
        until = time.monotonic() + 5
        while children.read_text().split() != there:
            await asyncio.sleep(0.01)
            assert time.monotonic() < until

    ask(work)


def test_a_store_that_cannot_be_opened(tmp_path: Path) -> None:
    async def run() -> None:
        pool = Pool(tmp_path / "none", size=1, timeout=1, memory=10**9, max_result_bytes=1000, max_query_length=1000)
        with pytest.raises(Unavailable):
            await pool.open()
        pool = Pool(tmp_path, quads=tmp_path / "none", size=1, timeout=1, memory=10**9, max_result_bytes=1000, max_query_length=1000)
        with pytest.raises(Unavailable):
            await pool.open()

    asyncio.run(run())


def test_from_another_thread(ask: Callable[..., Any]) -> None:
    async def work(pool: Pool) -> None:
        store = BlockingStore(pool, asyncio.get_running_loop())
        results = await asyncio.gather(*(asyncio.to_thread(store.query, "ASK {}") for _ in range(20)))
        assert all(b"true" in r.body for r in results)
        with pytest.raises(QuerySyntaxError):
            await asyncio.to_thread(store.query, "nonsense")

    ask(work)
