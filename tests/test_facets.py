"""What the pages are given ready-made is what the graph says."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from avvn_graph.graph import facets, publish

AVVN = "https://w3id.org/avvn/ontology#"
NL = "https://w3id.org/avvn/id/country/NL"


@pytest.fixture
def tables(real_build: Path) -> sqlite3.Connection:
    build = publish.current(real_build)
    assert build is not None
    return sqlite3.connect(build.path / facets.FILE)


def test_counts_are_those_of_the_graph(tables: sqlite3.Connection, run: Callable[[str], list[dict[str, str]]]) -> None:
    rows = run(f"SELECT ?e ?d (COUNT(*) AS ?n) WHERE {{ ?m <{AVVN}mentionOf> ?e ; <{AVVN}inDocument> ?d }} GROUP BY ?e ?d")
    assert set(tables.execute("SELECT entity, document, mentions FROM facets")) == {(r["e"], r["d"], int(r["n"])) for r in rows}
    things: dict[str, set[str]] = {}
    for row in rows:
        things.setdefault(row["e"].split("/id/")[1].split("/")[0], set()).add(row["e"])
    assert dict(tables.execute("SELECT kind, things FROM kinds")) == {k: len(v) for k, v in things.items()}
    [counts] = run(f"SELECT (COUNT(*) AS ?n) WHERE {{ ?s a <{AVVN}Statement> }}")
    assert tables.execute("SELECT SUM(statements) FROM letters").fetchone() == (int(counts["n"]),)


def test_together_counts_passages(tables: sqlite3.Connection, run: Callable[[str], list[dict[str, str]]]) -> None:
    kept = tables.execute("SELECT other, passages FROM together WHERE entity = ? ORDER BY passages DESC, other", [NL]).fetchall()
    rows = run(f"""SELECT ?o (COUNT(DISTINCT ?p) AS ?n) WHERE {{ ?m <{AVVN}mentionOf> <{NL}> ; <{AVVN}inPassage> ?p . ?x <{AVVN}inPassage> ?p ;
        <{AVVN}mentionOf> ?o FILTER(?o != <{NL}>) }} GROUP BY ?o""")
    expected = sorted(((r["o"], int(r["n"])) for r in rows), key=lambda r: (-r[1], r[0]))[:facets.MOST_TOGETHER]
    assert kept == expected


def test_names_and_places(tables: sqlite3.Connection) -> None:
    assert tables.execute("SELECT nl, en FROM names WHERE entity = ?", [NL]).fetchone() == ("Nederland", "Netherlands")
    places = tables.execute("SELECT document, COUNT(*), MIN(quote) FROM places WHERE entity = ? GROUP BY document", [NL]).fetchall()
    assert places
    assert all(0 < n <= facets.MOST_PLACES and quote for _, n, quote in places)


def test_a_file_of_another_version_is_none(tmp_path: Path) -> None:
    path = tmp_path / facets.FILE
    assert not facets.current(path)
    sqlite3.connect(path).execute("PRAGMA user_version = 1")
    assert not facets.current(path)
    path.write_bytes(b"no database")
    assert not facets.current(path)
