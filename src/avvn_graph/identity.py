"""One identity across letters: a resolution named by topic in one letter and by number in another is one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from avvn_graph.facts import LetterFacts, Ref, Value
from avvn_graph.text import slug

_DROPPED = {"de", "het", "een", "van", "voor", "over", "en", "in", "op", "the", "of", "for", "on", "and", "met", "tot", "bij", "aan", "te", "verband", "verbanden", "tussen", "link", "inzake"}


def _words(text: str) -> frozenset[str]:
    return frozenset(w for w in slug(text).split("-") if w and w not in _DROPPED)


def _topics(facts: Sequence[LetterFacts]) -> dict[Ref, set[frozenset[str]]]:
    topics: dict[Ref, set[frozenset[str]]] = {}
    for letter in facts:
        for s in letter.statements:
            if s.predicate == "topic" and s.subject and isinstance(s.object, Value):
                words = _words(s.object.text)
                topics.setdefault(s.subject, set()).add(words)
    return topics


def merge_across_letters(facts: Sequence[LetterFacts]) -> list[LetterFacts]:
    """Give an unnumbered resolution the identity of the numbered one whose topic it has, in whichever letter.

    The topics must be the same words (two at least), articles and "verband tussen" aside, and only one number may
    have that topic.
    """
    topics = _topics(facts)
    symbols = {e.ref for f in facts for e in f.entities if any(n == "symbol" for n, _ in e.attributes)}
    renamed: dict[Ref, Ref] = {}
    for ref, found in topics.items():
        if ref in symbols or ref.kind != "resolution":
            continue
        same = {s for s in symbols for words in topics.get(s, ()) if len(words) > 1 and words in found}
        if len(same) == 1:
            renamed[ref] = same.pop()
    return [_rename(f, renamed) for f in facts] if renamed else list(facts)


def _rename(facts: LetterFacts, renamed: dict[Ref, Ref]) -> LetterFacts:
    def new(ref: Ref) -> Ref:
        return renamed.get(ref, ref)

    return LetterFacts(
        facts.letter,
        tuple(replace(e, ref=new(e.ref), attributes=()) if e.ref in renamed else e for e in facts.entities),
        tuple(replace(m, entity=new(m.entity)) for m in facts.mentions),
        tuple(replace(s, subject=new(s.subject) if s.subject else None,
                      object=new(s.object) if isinstance(s.object, Ref) else s.object) for s in facts.statements),
    )
