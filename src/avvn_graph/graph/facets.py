"""Counts that a page shows and that take too long to count while a reader waits: made once, at the build.

A small SQLite file beside the store: how often each letter mentions what, which things stand in one passage, and how
many there are of each kind. Read by ``service.facets``.
"""

from __future__ import annotations

import sqlite3
from collections import Counter, defaultdict
from itertools import combinations
from pathlib import Path

FILE = "facets.sqlite"
MOST_TOGETHER = 24
"""So many of the things that most often share a passage with a thing are kept."""

_SCHEMA = """
CREATE TABLE kinds (kind TEXT PRIMARY KEY, things INTEGER NOT NULL, mentions INTEGER NOT NULL);
CREATE TABLE letters (document TEXT PRIMARY KEY, passages INTEGER NOT NULL, mentions INTEGER NOT NULL, statements INTEGER NOT NULL);
CREATE TABLE facets (
  document TEXT NOT NULL, kind TEXT NOT NULL, entity TEXT NOT NULL, mentions INTEGER NOT NULL, PRIMARY KEY (document, kind, entity)
) WITHOUT ROWID;
CREATE INDEX facets_entity ON facets (entity);
CREATE INDEX facets_kind ON facets (kind);
CREATE TABLE together (
  entity TEXT NOT NULL, other TEXT NOT NULL, passages INTEGER NOT NULL, PRIMARY KEY (entity, other)
) WITHOUT ROWID;
"""
_AVVN = "https://w3id.org/avvn/ontology#"
_MENTIONS = f"SELECT ?e ?d ?p WHERE {{ ?m <{_AVVN}mentionOf> ?e ; <{_AVVN}inDocument> ?d ; <{_AVVN}inPassage> ?p }}"
_COUNT = f"SELECT ?d (COUNT(*) AS ?n) WHERE {{ ?x a <{_AVVN}%s> ; <{_AVVN}inDocument> ?d }} GROUP BY ?d"


def write(store: Path, path: Path) -> None:
    """Count the mentions in the store of a build and write the file; ``path`` must not be there yet."""
    from pyoxigraph import QuerySolutions, Store

    opened = Store.read_only(str(store))

    def rows(query: str) -> list[tuple[str, ...]]:
        found = opened.query(query, use_default_graph_as_union=True)
        assert isinstance(found, QuerySolutions)
        return [tuple(getattr(term, "value", "") for term in row) for row in found]

    per_letter: Counter[tuple[str, str]] = Counter()
    passages: defaultdict[str, set[str]] = defaultdict(set)
    for entity, document, passage in rows(_MENTIONS):
        per_letter[document, entity] += 1
        passages[passage].add(entity)
    together: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for things in passages.values():
        for one, other in combinations(sorted(things), 2):
            together[one][other] += 1
            together[other][one] += 1
    counts = {name: {row[0]: int(row[1]) for row in rows(_COUNT % name)} for name in ("Passage", "Mention", "Statement")}
    letters = sorted({document for found in counts.values() for document in found})
    kinds: defaultdict[str, list[int]] = defaultdict(list)
    totals: Counter[str] = Counter()
    for (_, entity), n in per_letter.items():
        totals[entity] += n
    for entity, n in totals.items():
        kinds[_kind(entity)].append(n)
    database = sqlite3.connect(path)
    try:
        with database:
            database.executescript(_SCHEMA)
            database.executemany("INSERT INTO kinds VALUES (?, ?, ?)", ((k, len(n), sum(n)) for k, n in sorted(kinds.items())))
            database.executemany("INSERT INTO letters VALUES (?, ?, ?, ?)", (
                (d, *(counts[name].get(d, 0) for name in ("Passage", "Mention", "Statement"))) for d in letters))
            database.executemany("INSERT INTO facets VALUES (?, ?, ?, ?)", (
                (d, _kind(e), e, n) for (d, e), n in sorted(per_letter.items())))
            database.executemany("INSERT INTO together VALUES (?, ?, ?)", (
                (entity, other, n) for entity, others in sorted(together.items())
                for other, n in sorted(others.items(), key=lambda o: (-o[1], o[0]))[:MOST_TOGETHER]))
    finally:
        database.close()


def _kind(iri: str) -> str:
    """``country`` of ``…/id/country/NL``."""
    return iri.rsplit("/id/", 1)[-1].split("/", 1)[0]
