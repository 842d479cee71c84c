"""The full-text side of the box: names and passages that contain the words asked for."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from avvn_graph.service import facets, words
from avvn_graph.service.deps import State
from avvn_graph.service.graphs import Snapshot
from avvn_graph.service.pages.things import Evidence, Names, Thing, evidence_of, letters
from avvn_graph.stems import forms
from avvn_graph.stems import words as words_of

_MOST_NAMES = 8
_MOST_WORDS = 8
# Words of questions, which say nothing of what is looked for.
_SMALL = frozenset((Path(words.__file__).parent / "small.txt").read_text(encoding="utf-8").split())


@dataclass(frozen=True, slots=True)
class Found:
    """What was found for some words; ``total`` counts the passages; ``loose`` when none has all of the words."""

    names: list[Thing]
    passages: list[Evidence]
    total: int
    loose: bool = False
    stems: frozenset[str] = frozenset()


async def search(app: State, snapshot: Snapshot, asked: str, lang: str, *, most: int) -> Found:
    """Names and passages with the words of a search, the best first; when no passage has all words, those with some."""
    looked = [w for w in dict.fromkeys(words_of(asked)) if w not in _SMALL and len(w) > 1][:_MOST_WORDS]
    if not looked:
        return Found([], [], 0)
    indexed = facets.of(snapshot)
    matching = [iri for iri, _ in indexed.completing(looked, most=_MOST_NAMES, mentioned=True)]
    names = await Names.of(app, snapshot, matching, lang)
    rows, total = indexed.passages(looked, all_of_them=True, most=most)
    loose = not rows and len(looked) > 1
    if loose:
        rows, total = indexed.passages(looked, all_of_them=False, most=most)
    all_letters = await letters(snapshot)
    passages = [evidence_of(passage, text, start, document, all_letters) for passage, document, start, text in rows]
    return Found([names.thing(iri) for iri in matching], passages, total, loose and bool(rows), frozenset(f for w in looked for f in forms(w)))
