"""What a page shows of many things at once, and that takes too long to gather while a reader waits: made once, at the build.

A small SQLite file beside the store: how often and where each letter mentions what, which things stand in one passage, how
many there are of each kind, what each thing is called in Dutch and English, and an index of the words of passages (by
their stems) and names. Read by ``service.facets``.
"""

from __future__ import annotations

import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path

from avvn_graph.stems import forms, words

FILE = "facets.sqlite"
VERSION = 3
"""Of the tables; a file of another version is as good as none."""
MOST_TOGETHER = 24
"""So many of the things that most often share a passage with a thing are kept."""
MOST_PLACES = 12
"""Of so many places where a letter mentions a thing the words are kept."""

_SCHEMA = f"""
PRAGMA user_version = {VERSION};
CREATE TABLE kinds (kind TEXT PRIMARY KEY, things INTEGER NOT NULL, mentions INTEGER NOT NULL);
CREATE TABLE letters (document TEXT PRIMARY KEY, passages INTEGER NOT NULL, mentions INTEGER NOT NULL, statements INTEGER NOT NULL);
CREATE TABLE facets (
  document TEXT NOT NULL, kind TEXT NOT NULL, entity TEXT NOT NULL, mentions INTEGER NOT NULL, PRIMARY KEY (document, kind, entity)
) WITHOUT ROWID;
CREATE INDEX facets_entity ON facets (entity);
CREATE INDEX facets_kind ON facets (kind);
CREATE TABLE places (entity TEXT NOT NULL, document TEXT NOT NULL, start INTEGER NOT NULL, place TEXT NOT NULL, quote TEXT NOT NULL);
CREATE INDEX places_entity ON places (entity);
CREATE TABLE names (entity TEXT PRIMARY KEY, kind TEXT NOT NULL, nl TEXT NOT NULL, en TEXT NOT NULL) WITHOUT ROWID;
CREATE INDEX names_kind ON names (kind);
CREATE TABLE aliases (id INTEGER PRIMARY KEY, entity TEXT NOT NULL, name TEXT NOT NULL);
CREATE VIRTUAL TABLE called USING fts5(words, content='', prefix='1 2 3', tokenize='ascii');
CREATE TABLE passages (id INTEGER PRIMARY KEY, passage TEXT NOT NULL, document TEXT NOT NULL, start INTEGER NOT NULL, text TEXT NOT NULL);
CREATE VIRTUAL TABLE stems USING fts5(words, content='', tokenize='ascii');
CREATE TABLE together (
  entity TEXT NOT NULL, other TEXT NOT NULL, passages INTEGER NOT NULL, PRIMARY KEY (entity, other)
) WITHOUT ROWID;
"""
_AVVN = "https://w3id.org/avvn/ontology#"
_MENTIONS = f"""SELECT ?e ?d ?p ?s ?q WHERE {{
  ?m <{_AVVN}mentionOf> ?e ; <{_AVVN}inDocument> ?d ; <{_AVVN}inPassage> ?p ; <{_AVVN}start> ?s ; <{_AVVN}quote> ?q }}"""
# The best first: a name in the language asked for before another, but no other name before the preferred one.
_NAMES = (
    "http://www.w3.org/2004/02/skos/core#prefLabel", "http://www.w3.org/2000/01/rdf-schema#label", "http://purl.org/dc/terms/title",
    "http://xmlns.com/foaf/0.1/name", "http://www.w3.org/2004/02/skos/core#altLabel",
)
_CALLED = f"SELECT ?e ?p ?name (LANG(?name) AS ?lang) WHERE {{ VALUES ?p {{ {' '.join(f'<{p}>' for p in _NAMES)} }} ?e ?p ?name }}"
_PASSAGES = f"SELECT ?p ?d ?s ?t WHERE {{ ?p a <{_AVVN}Passage> ; <{_AVVN}inDocument> ?d ; <{_AVVN}start> ?s ; <{_AVVN}text> ?t }}"
_COUNT = f"SELECT ?d (COUNT(*) AS ?n) WHERE {{ ?x a <{_AVVN}%s> ; <{_AVVN}inDocument> ?d }} GROUP BY ?d"


def current(path: Path) -> bool:
    """Whether the file is there and has the tables of this version."""
    if not path.is_file():
        return False
    database = sqlite3.connect(f"{path.resolve().as_uri()}?immutable=1", uri=True)
    try:
        return bool(database.execute("PRAGMA user_version").fetchone()[0] == VERSION)
    except sqlite3.DatabaseError:
        return False
    finally:
        database.close()


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
    places: list[tuple[str, str, int, str, str]] = []
    for entity, document, passage, start, quote in rows(_MENTIONS):
        per_letter[document, entity] += 1
        passages[passage].add(entity)
        places.append((entity, document, int(start), passage.rsplit("/", 1)[-1], quote))
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
            database.executemany("INSERT INTO places VALUES (?, ?, ?, ?, ?)", _first(sorted(places)))
            called = rows(_CALLED)
            database.executemany("INSERT INTO names VALUES (?, ?, ?, ?)", _named(called))
            aliases = list(enumerate(sorted({(entity, name) for entity, _, name, _ in called if "/id/" in entity}), 1))
            database.executemany("INSERT INTO aliases VALUES (?, ?, ?)", ((n, *alias) for n, alias in aliases))
            database.executemany("INSERT INTO called (rowid, words) VALUES (?, ?)", ((n, " ".join(words(name))) for n, (_, name) in aliases))
            texts = list(enumerate(sorted((d, int(s), p, t) for p, d, s, t in rows(_PASSAGES)), 1))
            database.executemany("INSERT INTO passages VALUES (?, ?, ?, ?, ?)", ((n, p, d, s, t) for n, (d, s, p, t) in texts))
            database.executemany("INSERT INTO stems (rowid, words) VALUES (?, ?)", (
                (n, " ".join(form for word in words(text) for form in forms(word))) for n, (_, _, _, text) in texts))
            database.executemany("INSERT INTO together VALUES (?, ?, ?)", (
                (entity, other, n) for entity, others in sorted(together.items())
                for other, n in sorted(others.items(), key=lambda o: (-o[1], o[0]))[:MOST_TOGETHER]))
    finally:
        database.close()


def _first(places: list[tuple[str, str, int, str, str]]) -> Iterator[tuple[str, str, int, str, str]]:
    """Of each thing in each letter the first places."""
    seen: Counter[tuple[str, str]] = Counter()
    for place in places:
        seen[place[:2]] += 1
        if seen[place[:2]] <= MOST_PLACES:
            yield place


def _named(rows: list[tuple[str, ...]]) -> list[tuple[str, str, str, str]]:
    """What to call each thing."""
    found: defaultdict[str, list[tuple[int, str, str]]] = defaultdict(list)
    for entity, predicate, name, lang in rows:
        if "/id/" in entity:
            found[entity].append((_NAMES.index(predicate), lang, name))
    out = []
    for entity, names in sorted(found.items()):
        names.sort(key=lambda n: (n[0], n[1] != "nl", n[2]))
        dutch = next((n for n in names if n[1] in ("nl", "")), names[0])[2]
        english = next((n for n in names if n[1] == "en" and n[0] < len(_NAMES) - 1), (0, "", dutch))[2]
        out.append((entity, _kind(entity), dutch, english))
    return out


def _kind(iri: str) -> str:
    """``country`` of ``…/id/country/NL``."""
    return iri.rsplit("/id/", 1)[-1].split("/", 1)[0]
