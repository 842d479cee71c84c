"""One identity across letters: a resolution named by topic and by number, a conference announced and then reported."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from avvn_graph.facts import Entity, LetterFacts, Ref, Statement, Value
from avvn_graph.text import slug

_DROPPED = {"de", "het", "een", "van", "voor", "over", "en", "in", "op", "the", "of", "for", "on", "and", "met", "tot", "bij", "aan", "te", "verband", "verbanden", "tussen", "link", "inzake"}
# What comes and goes with an event's name from one mention to the next.
_LOOSE = {"vn", "un", "jaarlijkse", "internationale", "volgende", "komende", "aankomende", "lopende", "vorige", "eerstvolgende", "nederlandse", "to", "dit", "dat"}
_SAME_WORD = {"conference": "conferentie", "summit": "top", "meeting": "bijeenkomst", "evenement": "event", "debate": "debat", "conferenties": "conferentie"}
_YEAR_AT_END = re.compile(r"-((?:19|20)\d\d)$")


def merge_across_letters(facts: Sequence[LetterFacts]) -> list[LetterFacts]:
    """The same facts with one reference for what is one thing.

    An unnumbered resolution takes the identity of the numbered one whose topic it has: the same words (two at least),
    articles and "verband tussen" aside, when only one number has that topic. An event is named by the year it takes
    place in; an amount that a letter gives once without and once with its recipient is one; two events of one year and kind are one when their names have the same words ("Peacekeeping Ministerial",
    "UN Peacekeeping Ministerial"), or when they are on the same day and the name of one says no more than the other's.
    """
    out = [_rename(f, _amounts(f)) for f in facts]
    out = _renamed(out, _resolutions(out))
    out = _renamed(out, _years(out))
    return _renamed(out, _events(out))


def _words(text: str) -> frozenset[str]:
    return frozenset(w for w in slug(text).split("-") if w and w not in _DROPPED)


# -- resolutions -----------------------------------------------------------------------------------------------------
def _topics(facts: Sequence[LetterFacts]) -> dict[Ref, set[frozenset[str]]]:
    topics: dict[Ref, set[frozenset[str]]] = {}
    for letter in facts:
        for s in letter.statements:
            if s.predicate == "topic" and s.subject and isinstance(s.object, Value):
                topics.setdefault(s.subject, set()).add(_words(s.object.text))
    return topics


def _resolutions(facts: Sequence[LetterFacts]) -> dict[Ref, Ref]:
    topics = _topics(facts)
    symbols = {e.ref for f in facts for e in f.entities if any(n == "symbol" for n, _ in e.attributes)}
    renamed: dict[Ref, Ref] = {}
    for ref, found in topics.items():
        if ref in symbols or ref.kind != "resolution":
            continue
        same = {s for s in symbols for words in topics.get(s, ()) if len(words) > 1 and words in found}
        if len(same) == 1:
            renamed[ref] = same.pop()
    return renamed


# -- amounts ---------------------------------------------------------------------------------------------------------
def _amounts(facts: LetterFacts) -> dict[Ref, Ref]:
    """A sum told without its recipient is the only one of that size and giver told with one in the same letter."""
    givers: dict[Ref, set[Ref]] = {}
    received: set[Ref] = set()
    for s in facts.statements:
        if s.subject and s.subject.kind == "amount" and isinstance(s.object, Ref):
            if s.predicate == "pledgedBy":
                givers.setdefault(s.subject, set()).add(s.object)
            elif s.predicate == "recipient":
                received.add(s.subject)
    sums: dict[tuple[str, ...], list[Ref]] = {}
    for e in facts.entities:
        if e.ref.kind == "amount" and e.ref in givers:
            size = tuple(v.text for n, v in e.attributes if n in ("value", "currency") and isinstance(v, Value))
            sums.setdefault(size, []).append(e.ref)
    renamed = {}
    for same in sums.values():
        without = [r for r in same if r not in received]
        if len(same) == 2 and len(without) == 1:
            other = next(r for r in same if r != without[0])
            if givers[without[0]] == givers[other]:
                renamed[without[0]] = other
    return renamed


# -- events ----------------------------------------------------------------------------------------------------------
def _first_days(facts: Sequence[LetterFacts]) -> dict[Ref, set[str]]:
    days: dict[Ref, set[str]] = {}
    for letter in facts:
        for s in letter.statements:
            if s.predicate == "startDate" and s.subject and isinstance(s.object, Value):
                days.setdefault(s.subject, set()).add(s.object.text)
    return days


def _years(facts: Sequence[LetterFacts]) -> dict[Ref, Ref]:
    """Events whose name carries the letter's year, to the year that the letter says they take place in."""
    renamed: dict[Ref, Ref] = {}
    days = _first_days(facts)
    for ref in {e.ref for f in facts for e in f.entities if e.ref.kind == "event"}:
        years = {d[:4] for d in days.get(ref, ())}
        named = _YEAR_AT_END.search(ref.key)
        if named and len(years) == 1 and named[1] not in years:
            renamed[ref] = Ref("event", _YEAR_AT_END.sub("-" + years.pop(), ref.key))
    return renamed


@dataclass(frozen=True, slots=True)
class _Told:
    ref: Ref
    kind: str
    year: str | None
    words: frozenset[str]
    glued: str
    day: str | None
    documents: frozenset[str]


def _told(facts: Sequence[LetterFacts]) -> Iterator[_Told]:
    days = _first_days(facts)
    seen: dict[Ref, Entity] = {}
    documents: dict[Ref, set[str]] = {}
    for f in facts:
        for e in f.entities:
            if e.ref.kind == "event":
                seen.setdefault(e.ref, e)
                documents.setdefault(e.ref, set()).add(f.letter.meta.slug)
    for ref, e in sorted(seen.items()):
        data = dict(e.attributes)
        if "session" in data or not e.labels:
            continue
        words = [_SAME_WORD.get(w, w) for w in slug(e.labels[0]).split("-") if w not in _DROPPED | _LOOSE]
        kind = data.get("eventType")
        exact = sorted(d for d in days.get(ref, ()) if len(d) == 10)
        year = _YEAR_AT_END.search(ref.key)
        yield _Told(ref, kind.text if isinstance(kind, Value) else "", exact[0][:4] if exact else year[1] if year else None,
                    frozenset(words), "".join(words), exact[0] if len(exact) == 1 else None, frozenset(documents[ref]))


def _events(facts: Sequence[LetterFacts]) -> dict[Ref, Ref]:
    renamed: dict[Ref, Ref] = {}
    known: list[_Told] = []
    days = _first_days(facts)
    for one in sorted(_told(facts), key=lambda t: (-len(t.words), t.ref)):
        same = [k for k in known if _same_event(k, one) and _agree(days.get(k.ref, set()), days.get(one.ref, set()))]
        if len(same) == 1:
            renamed[one.ref] = same[0].ref
        else:
            known.append(one)
    return renamed


def _same_event(known: _Told, one: _Told) -> bool:
    if known.kind != one.kind or known.kind in ("BilateralTalk", "Visit", "Session"):
        return False
    if known.day and known.day == one.day:
        return one.words <= known.words
    if _YEAR_AT_END.search(known.ref.key) is None and _YEAR_AT_END.search(one.ref.key) is None and known.documents & one.documents:
        return False
    named = len(one.words) > 1 and (known.words == one.words or known.glued == one.glued)
    return named and known.year is not None and known.year == one.year


def _agree(some: set[str], others: set[str]) -> bool:
    return all(a.startswith(b) or b.startswith(a) for a in some for b in others)


# -- renaming --------------------------------------------------------------------------------------------------------
def _renamed(facts: Sequence[LetterFacts], renamed: dict[Ref, Ref]) -> list[LetterFacts]:
    return [_rename(f, renamed) for f in facts] if renamed else list(facts)


def _rename(facts: LetterFacts, renamed: dict[Ref, Ref]) -> LetterFacts:
    def new(ref: Ref) -> Ref:
        return renamed.get(ref, ref)

    entities: dict[Ref, Entity] = {}
    for e in facts.entities:
        ref = new(e.ref)
        numbered = ref != e.ref and ref.kind == "resolution"  # a numbered resolution keeps its own attributes
        moved = replace(e, ref=ref, attributes=() if numbered else e.attributes)
        known = entities.get(ref)
        entities[ref] = moved if known is None else replace(
            known, labels=tuple(dict.fromkeys((*known.labels, *moved.labels))), attributes=known.attributes or moved.attributes)
    statements: dict[tuple[object, ...], Statement] = {}
    for s in facts.statements:
        s = replace(s, subject=new(s.subject) if s.subject else None, object=new(s.object) if isinstance(s.object, Ref) else s.object)
        key = (s.subject, s.predicate, s.object, s.modality, s.claimed_by)
        if key in statements:
            first = statements[key]
            s = replace(first, evidence=tuple(dict.fromkeys((*first.evidence, *s.evidence))), confidence=max(first.confidence, s.confidence))
        statements[key] = s
    return LetterFacts(facts.letter, tuple(sorted(entities.values(), key=lambda e: e.ref)),
                       tuple(replace(m, entity=new(m.entity)) for m in facts.mentions), tuple(statements.values()))
