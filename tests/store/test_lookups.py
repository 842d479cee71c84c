"""Look-ups answered where they arrive: the same bytes as from a worker, and nothing that could take long."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from avvn_graph.graph import publish
from avvn_graph.store.base import CSV, RESULT_TYPES, QuerySyntaxError, Result
from avvn_graph.store.lookups import Lookups
from avvn_graph.store.pool import Pool

NL = "<https://w3id.org/avvn/id/country/NL>"
PREFIX = "PREFIX avvn: <https://w3id.org/avvn/ontology#>\n"
LOOKUPS = [
    f"SELECT ?p ?o WHERE {{ {NL} ?p ?o }}", f"SELECT * {{ {NL} ?p ?o . }} LIMIT 3", f"select ?o ?p where {{ graph ?g {{ {NL} ?p ?o }} }} # twice",
    f"SELECT * WHERE {{ GRAPH ?z {{ {NL} ?y ?x }} }}", f"{PREFIX}SELECT ?r WHERE {{ ?r avvn:initiatedBy {NL} }}", f"ASK {{ {NL} a ?t }}",
    f"{PREFIX}SELECT ?nothing ?r {{ ?r avvn:initiatedBy {NL} }}", f"{PREFIX}PREFIX : <http://x/> ASK WHERE {{ ?m avvn:mentionOf {NL} . }}",
    "SELECT ?p ?o { <https://w3id.org/avvn/id/country/XX> ?p ?o }", f"SELECT ?p {{ GRAPH <https://w3id.org/avvn/graph/vocabularies> {{ {NL} ?p ?o }} }}",
    f"\n# why\nSELECT ?p ?o {{ # what\n {NL} ?p ?o\n}}\nLIMIT 2\n",
]
OTHERS = [
    "SELECT * { ?s ?p ?o }", f"SELECT * {{ {NL} ?p ?o . ?o ?q ?r }}", f"SELECT (COUNT(*) AS ?n) {{ {NL} ?p ?o }}", f"SELECT DISTINCT ?p {{ {NL} ?p ?o }}",
    f"SELECT * {{ {NL} ?p ?o }} ORDER BY ?o", f"SELECT ?x {{ {NL} ?p ?o }}", f"SELECT * {{ ?s ?s {NL} }}", f"SELECT * {{ {NL} ?p ?o FILTER(REGEX(?o, '(a+)+$')) }}",
    f"SELECT * {{ {NL} (!<http://x/>)* ?o }}", f"SELECT * {{ SERVICE {NL} {{ {NL} ?p ?o }} }}", f"SELECT * FROM {NL} {{ {NL} ?p ?o }}",
    f"SELECT * {{ {NL} ?p ?o }} OFFSET 100000", "SELECT * { <a> ?p ?o }", f"SELECT * {{ {NL} ?p ?o }} LIMIT 1 VALUES ?p {{ <http://x/> }}", f"DESCRIBE {NL}",
    f"SELECT * {{ OPTIONAL {{ {NL} ?p ?o }} }}", f"SELECT * {{ {NL} ?p ?o ; ?q ?r }}", f"SELECT * {{ {NL} <a> ?o }}", "",
]


@pytest.fixture(params=["disk", "memory"])
def store(real_build: Path, request: pytest.FixtureRequest) -> tuple[Path, Path | None]:
    """The real graph, once read from disk and once held in memory."""
    build = publish.current(real_build)
    assert build is not None
    return build.store, build.nquads if request.param == "memory" else None


def answered(store: tuple[Path, Path | None], work: Callable[[Pool], Awaitable[None]], size: int = 1) -> None:
    """Runs ``work(pool)``, a coroutine, over the real graph."""
    async def run() -> None:
        pool = Pool(store[0], quads=store[1], size=size, timeout=5.0, memory=2_000_000_000, max_result_bytes=2_000_000, max_query_length=100_000, base="https://w3id.org/avvn/sparql")
        await pool.open()
        try:
            await work(pool)
        finally:
            await pool.close()

    asyncio.run(run())


def test_the_same_bytes_as_from_a_worker(store: tuple[Path, Path | None]) -> None:
    async def work(pool: Pool) -> None:
        at_once: dict[tuple[str, str], Result] = {}
        for query in LOOKUPS:
            for media_type in RESULT_TYPES:
                found = pool.at_once(query, media_type=media_type)
                assert found is not None, query
                at_once[query, media_type] = found
        pool._lookups = None
        for (query, media_type), found in at_once.items():
            assert await pool.query(query, media_type=media_type) == found, query

    answered(store, work)


@pytest.mark.parametrize("query", OTHERS)
def test_whatever_might_take_longer_goes_to_a_worker(store: tuple[Path, Path | None], query: str) -> None:
    assert Lookups(*store).answer(query, None, union=True, base=None) is None


def test_a_long_answer_and_a_faulty_query_go_to_a_worker(store: tuple[Path, Path | None]) -> None:
    async def work(pool: Pool) -> None:
        long = f"{PREFIX}SELECT ?m {{ ?m avvn:mentionOf {NL} }}"
        assert pool.at_once(long) is None
        assert len((await pool.query(long, media_type=CSV)).body.split()) > 500
        faulty = f"SELECT ?p {{ {NL} nope:p ?o }}"
        assert pool.at_once(faulty) is None
        with pytest.raises(QuerySyntaxError):
            await pool.query(faulty)

    answered(store, work)


@pytest.mark.parametrize("query", [
    "SELECT ?p { " + "{" * 900, "SELECT " + "?a " * 600 + f"{{ {NL} ?p ?o }}", "PREFIX a: <http://a/> " * 80 + "ASK", f"ASK {{{' ' * 1900}", "#" * 2000, "SELECT ?p#" + "\n#" * 900,
])
def test_the_shape_is_seen_or_not_in_no_time(store: tuple[Path, Path | None], query: str) -> None:
    lookups = Lookups(*store)
    began = time.perf_counter()
    lookups.answer(query, None, union=True, base=None)
    assert time.perf_counter() - began < 0.05


def test_many_short_queries_start_no_more_processes_but_wait_behind_no_long_ones(store: tuple[Path, Path | None]) -> None:
    async def work(pool: Pool) -> None:
        short = "SELECT ?s { ?s ?p ?o . ?o ?q ?r } LIMIT 1"
        await asyncio.gather(*(pool.query(f"{short} #{n}") for n in range(100)))
        assert pool._count == 2
        endless = [asyncio.create_task(pool.query(f"SELECT (COUNT(*) AS ?n) {{ ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }} #{n}")) for n in range(2)]
        await asyncio.sleep(0.05)
        began = time.perf_counter()
        await pool.query(f"{short} # behind")
        assert time.perf_counter() - began < 2.0
        for task in endless:
            task.cancel()
        await asyncio.gather(*endless, return_exceptions=True)

    answered(store, work, size=2)
