"""Which thing of the graph a name means: exact names first, then names of persons by their parts, then small slips of the pen.

Knows neither HTTP nor how the graph is stored: ``Reconciler`` is made of names and finds candidates with a score. What a
newspaper writes ("Min. Kaag", "Ivory Coast", "Bosnie-Herzegovina") should be found; what only looks alike (another person
of the same family, a city) should not be called a match.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from rapidfuzz import fuzz, process

_ARTICLES = {"de", "het", "een", "the", "la", "le", "les", "der", "die", "das", "el", "los", "las", "t"}
_STATE = {"republiek", "republic", "koninkrijk", "kingdom", "republik", "konigreich", "republique", "royaume", "staat", "state", "democratische", "democratic",
          "federale", "federal", "islamitische", "islamic", "volksrepubliek", "people", "peoples", "s", "van", "of", "du", "des", "and", "en", "et", "und"}
_TITLES = {"minister", "min", "ministers", "staatssecretaris", "stas", "president", "premier", "minister-president", "ministerpresident", "mp", "dr", "drs", "mr", "ir", "ing", "prof",
           "sir", "dame", "de", "heer", "mevrouw", "mw", "dhr", "koning", "koningin", "prins", "prinses", "oud", "voormalig", "ex", "mrs", "ms", "lord", "secretaris", "generaal",
           "buitenlandse", "zaken", "commissaris", "eurocommissaris"}
_PARTICLES = {"van", "der", "den", "de", "ten", "ter", "von", "di", "da", "dos", "el", "al", "bin", "ben", "le", "la"}
MATCH = 90.0
"""From this score on a candidate is called a match, when no other is as good."""
_SHORT = 6
_FUZZY = 88.0


@dataclass(frozen=True, slots=True)
class Named:
    """A thing with its names: ``id`` as ``kind/key``, the best name first."""

    id: str
    kind: str
    names: tuple[str, ...]
    family: str | None = None
    """Of a person, the family name with its particles."""
    weight: int = 0
    """How often the letters name it; settles between equals."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A thing that a name may mean; ``score`` is 0 to 100."""

    id: str
    kind: str
    name: str
    score: float
    match: bool


@dataclass(slots=True)
class _Person:
    id: str
    given: set[str] = field(default_factory=set)
    initials: set[str] = field(default_factory=set)


class Reconciler:
    """Finds things by name."""

    def __init__(self, things: Iterable[Named]) -> None:
        """``things`` is everything that can be found."""
        self._things = {t.id: t for t in things}
        self._exact: defaultdict[str, set[str]] = defaultdict(set)
        self._loose: defaultdict[str, set[str]] = defaultdict(set)
        self._families: defaultdict[str, dict[str, _Person]] = defaultdict(dict)
        for thing in self._things.values():
            for name in thing.names:
                self._exact[fold(name)].add(thing.id)
                if thing.kind != "person" and _loose(name):
                    self._loose[_loose(name)].add(thing.id)
            if thing.family:
                self._exact[fold(thing.family)].add(thing.id)
                self._person(thing)
        self._words = [w for w in self._exact if len(w) >= _SHORT]

    def __len__(self) -> int:
        return len(self._things)

    def find(self, name: str, *, kinds: Sequence[str] = (), limit: int = 5) -> list[Candidate]:
        """Candidates for a name, best first; at most one is a match, and only when no other scores as high.

        ``kinds`` restricts to kinds of thing (path segments such as "country").
        """
        scores: dict[str, float] = {}

        def put(ids: Iterable[str], score: float) -> None:
            for i in ids:
                if not kinds or self._things[i].kind in kinds:
                    scores[i] = max(scores.get(i, 0.0), score)

        folded = fold(name)
        if not folded:
            return []
        put(self._exact.get(folded, ()), 100.0)
        if not scores:
            put(self._by_person(name), 98.0)
            put(self._loose.get(_loose(name), ()) if _loose(name) else (), 96.0)
        if not scores and len(folded) >= _SHORT:
            for word, score, _ in process.extract(folded, self._words, scorer=fuzz.ratio, limit=12, score_cutoff=_FUZZY):
                if word[0] == folded[0] and abs(len(word) - len(folded)) <= 2 and not _other_person(folded, word):
                    put(self._exact[word], score if score < MATCH else min(score, 95.0))
        if not scores:
            family = fold(name).split(" ")[-1]
            put(self._families.get(family, ()), 60.0)
        ranked = sorted(scores.items(), key=lambda s: (-s[1], -self._things[s[0]].weight, s[0]))
        best = ranked[0][1] if ranked else 0.0
        alone = sum(1 for _, score in ranked if score > best - 3) == 1
        return [Candidate(i, self._things[i].kind, self._things[i].names[0], round(score, 1), n == 0 and alone and score >= MATCH)
                for n, (i, score) in enumerate(ranked[:limit])]

    def starting(self, prefix: str, *, kinds: Sequence[str] = (), limit: int = 10) -> list[Named]:
        """Things one of whose names, or a word of it, begins with ``prefix``, those named most often first."""
        folded = fold(prefix)
        if not folded:
            return []
        found = [t for t in self._things.values() if (not kinds or t.kind in kinds) and any(f" {fold(n)}".find(f" {folded}") >= 0 for n in t.names)]
        return sorted(found, key=lambda t: (-t.weight, t.names[0]))[:limit]

    def get(self, id: str) -> Named | None:
        """The thing with an id."""
        return self._things.get(id)

    def _person(self, thing: Named) -> None:
        family = fold(thing.family or "")
        person = self._families[family].setdefault(thing.id, _Person(thing.id))
        for name in thing.names:
            first = _before_family(fold(name), family)
            for word in first:
                (person.initials if len(word) == 1 else person.given).add(word)
        person.initials |= {g[0] for g in person.given}

    def _by_person(self, name: str) -> set[str]:
        words = [w for w in fold(name).split(" ") if w]
        while words and ((words[0] in _TITLES and words[0] not in _PARTICLES) or (words[0] == "de" and len(words) > 2 and words[1] in _TITLES)):
            words.pop(0)
        for at in range(len(words)):
            people = self._families.get(" ".join(words[at:]))
            if people:
                first = [w for w in words[:at] if w not in _TITLES]
                return {p.id for p in people.values() if _compatible(first, p)}
        return set()


def fold(text: str) -> str:
    """Lower-case words without accents, hyphens, points and apostrophes: "Côte d’Ivoire" is "cote d ivoire"."""
    plain = unicodedata.normalize("NFKD", text.casefold().replace("ß", "ss").replace("ø", "o").replace("ł", "l").replace("đ", "d"))
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    return " ".join(re.sub(r"[^a-z0-9]+", " ", plain).split())


def _loose(name: str) -> str:
    """The words of a name without articles and the form of state, in any order: "Republiek Moldavië", "Moldova, Republic of"."""
    words = [w for w in fold(re.sub(r"\([^)]*\)", " ", name)).split(" ") if w not in _ARTICLES and w not in _STATE]
    return " ".join(sorted(words)) if len("".join(words)) > 2 else ""


def _before_family(name: str, family: str) -> list[str]:
    return [w for w in name[: -len(family)].split() if w not in _TITLES] if name.endswith(family) and name != family else []


def _compatible(first: Sequence[str], person: _Person) -> bool:
    """Whether first names or initials can be this person's: a full name must be known, or its initial when no full one is."""
    if not first:
        return True
    word = first[0]
    if not person.given and not person.initials:
        return True
    if len(word) == 1:
        return word in person.initials
    if person.given:
        return any(fuzz.ratio(word, g) >= 80 for g in person.given)
    return word[0] in person.initials


def _other_person(name: str, known: str) -> bool:
    """Whether two names of several words differ in a whole word by more than a slip ("Hans Blok", "Stef Blok")."""
    a, b = name.split(" "), known.split(" ")
    return len(a) != len(b) or any(fuzz.ratio(x, y) < 70 for x, y in zip(a, b, strict=True))
