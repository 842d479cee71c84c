"""The full-text side of the box: names and passages that contain the words asked for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from weakref import WeakKeyDictionary

import pyoxigraph as ox

from avvn_graph.ask import fold
from avvn_graph.service import facets, lookups, words
from avvn_graph.service.deps import State
from avvn_graph.service.graphs import Row, Snapshot
from avvn_graph.service.pages.things import Evidence, Names, Thing, evidence_of, letters

_PASSAGES = """SELECT ?passage ?text ?start ?document WHERE {
  ?passage a avvn:Passage ; avvn:text ?text ; avvn:start ?start ; avvn:inDocument ?document .
  BIND(LCASE(STR(?text)) AS ?low)
  FILTER(%s)
} ORDER BY ?document ?start LIMIT 1000"""
_MOST_NAMES = 8
_MOST_WORDS = 8
_NAMED = ("country", "organisation", "person", "event", "resolution", "treaty", "mission", "dossier")
# Words of questions, which say nothing of what is looked for.
_SMALL = frozenset((Path(words.__file__).parent / "small.txt").read_text(encoding="utf-8").split())


@dataclass(frozen=True, slots=True)
class Found:
    """What was found for some words; ``total`` counts the passages; ``loose`` when none has all of the words."""

    names: list[Thing]
    passages: list[Evidence]
    total: int
    loose: bool = False
    words: tuple[str, ...] = ()


_KEPT: WeakKeyDictionary[Snapshot, list[tuple[str, str]]] = WeakKeyDictionary()


async def search(app: State, snapshot: Snapshot, asked: str, lang: str, *, most: int) -> Found:
    """Names and passages with the words of a search; passages with more of the words first."""
    looked = [w for w in dict.fromkeys(re.findall(r"[^\W_]+", asked.lower())) if w not in _SMALL and len(w) > 1][:_MOST_WORDS]
    if not looked:
        return Found([], [], 0)
    names = await Names.of(app, snapshot, (matching := _matching(snapshot, [fold(w) for w in looked])), lang)
    things = [names.thing(iri) for iri in matching]
    tests = [f"CONTAINS(?low, {ox.Literal(word)})" for word in looked]
    rows = await snapshot.select(lookups.HEADER + _PASSAGES % " && ".join(tests))
    loose = False
    if not rows and len(looked) > 2:
        # Most of the words will do, the longer of them before the others.
        loose = True
        some = await snapshot.select(lookups.HEADER + _PASSAGES % " || ".join(tests))
        scored = [(sum(len(w) for w in looked if w in row["text"].value.lower()), row) for row in some]
        best = max((score for score, _ in scored), default=0)
        rows = [row for score, row in sorted(scored, key=lambda s: -s[0]) if score >= 0.6 * best]
    return Found(things, await _evidence(snapshot, rows[:most]), len(rows), loose, tuple(looked))


async def _evidence(snapshot: Snapshot, rows: list[Row]) -> list[Evidence]:
    all_letters = await letters(snapshot)
    return [evidence_of(r["passage"].value, r["text"].value, int(r["start"].value), r["document"].value, all_letters) for r in rows]


def _matching(snapshot: Snapshot, folded: list[str]) -> list[str]:
    """The things whose name has all the words, those most often mentioned first."""
    kept = _KEPT.get(snapshot)
    counted = facets.of(snapshot)
    if kept is None:
        kept = _KEPT[snapshot] = [
            (f" {fold(counted.name(iri, 'nl'))} {fold(counted.name(iri, 'en'))} ", iri) for kind in _NAMED for iri in counted.named(kind)]
    found = [iri for name, iri in kept if all(w in name for w in folded)]
    mentions = {iri: n for kind in _NAMED for iri, n in counted.of_kind(kind).items()} if found else {}
    return sorted((iri for iri in found if iri in mentions), key=lambda iri: (-mentions[iri], iri))[:_MOST_NAMES]
