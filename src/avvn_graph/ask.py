"""Questions in Dutch and English, answered by a canned query; what cannot be mapped is refused, never guessed.

A question is read in three steps: names of entities that the graph knows (longest first, accents and hyphens
forgiven), years, and the trigger words of ``questions.yaml``. A capitalised word that is neither known nor a word
of the language stops the answer: it may be the very thing that is asked about.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from avvn_graph.catalogue import CannedQuery
from avvn_graph.errors import AvvnError

Row = Mapping[str, str]
Run = Callable[[str], Sequence[Row]]
"""Runs a SELECT and gives its rows, unbound variables as empty strings or absent."""

_ENGLISH = re.compile(r"\b(?:which|what|who|how|did|does|the|of|where|when|list|was|were|is|are|to|by|for)\b", re.I)
_DUTCH = re.compile(r"\b(?:welke?|wat|wie|waarvan|waaraan|lid|noemt|noemen|hoeveel|waar|wanneer|heeft|het|de|een|van|bij|door|aan|in|zijn)\b", re.I)
_YEAR = re.compile(r"\b(?:19|20)\d{2}\b")
# Names of the Kingdom as an actor that no vocabulary row spells in English.
_ALWAYS = {"nl": "country/NL", "knl": "country/NL", "the netherlands": "country/NL", "netherlands": "country/NL", "holland": "country/NL",
           "koninkrijk": "country/NL", "het koninkrijk": "country/NL", "kabinet": "country/NL", "the kingdom": "country/NL"}
_BODIES = {"VNVR", "AVVN", "HRC", "WHO", "WHA"}
# Capitalised words that open questions or are titles, not names to be linked.
_PLAIN = frozenset((
    "welke", "welk", "wat", "wie", "waar", "waarvan", "waaraan", "hoeveel", "wanneer", "bij", "aan", "which", "what", "who", "where", "how",
    "when", "list", "did", "does", "is", "was", "to", "of", "in", "minister", "ministers", "premier", "president", "staatssecretaris",
    "de", "het", "een", "the", "a", "geef", "noem", "toon", "show", "give", "name", "tell", "heeft", "euro", "eur", "usd", "vn", "un", "totals", "total",
))


@dataclass(frozen=True, slots=True)
class Entity:
    """A thing recognised in a question: its ``kind/key``, and the words that named it."""

    ref: str
    words: str

    @property
    def kind(self) -> str:
        """The kind of entity."""
        return self.ref.split("/", 1)[0]


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a question; ``query`` is None when it was refused, and ``nearest`` then holds questions that work."""

    question: str
    language: str
    summary: str
    query: str | None = None
    parameters: dict[str, str] = field(default_factory=dict)
    entities: tuple[Entity, ...] = ()
    sparql: str = ""
    columns: tuple[str, ...] = ()
    rows: tuple[dict[str, str], ...] = ()
    nearest: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """The answer as plain JSON."""
        return {
            "question": self.question, "language": self.language, "summary": self.summary, "query": self.query,
            "parameters": self.parameters, "understood": [{"entity": e.ref, "words": e.words} for e in self.entities],
            "sparql": self.sparql, "columns": list(self.columns), "rows": [dict(r) for r in self.rows], "nearest": list(self.nearest),
        }


def fold(text: str) -> str:
    """Lower case without accents; hyphens and apostrophes become spaces."""
    return _plain(text).lower()


def _plain(text: str) -> str:
    bare = unicodedata.normalize("NFKD", re.sub(r"[’‘]", "'", text)).encode("ascii", "ignore").decode()
    return re.sub(r"\s+", " ", re.sub(r"[-'/]", " ", bare)).strip()


def language_of(question: str) -> str:
    """``"nl"`` or ``"en"``, by the small words of the question."""
    return "en" if len(_ENGLISH.findall(question)) > len(_DUTCH.findall(question)) else "nl"


class Labels:
    """The names by which a question can mean an entity of the graph."""

    def __init__(self, pairs: Sequence[tuple[str, str]]) -> None:
        """``pairs`` are (kind/key, name); the first entity of a folded name keeps it, countries before all others."""
        order = {"country": 0, "organisation": 1, "person": 2, "mission": 3, "treaty": 4, "resolution": 5}
        self._names: dict[str, str] = dict(_ALWAYS)
        self._acronyms: set[str] = set()  # "NAM" is a body, "nam" a verb
        for ref, name in sorted(pairs, key=lambda p: (order.get(p[0].split("/")[0], 9), p[0])):
            key = fold(name)
            if len(key) > 1 and ref.split("/")[0] in order and not key.isdigit():
                self._names.setdefault(key, ref)
                if name.isupper() and len(name) < 5:
                    self._acronyms.add(key)
        self._longest = max((len(n.split()) for n in self._names), default=1)
        self._known_words = {w for n in self._names for w in n.split()}

    def find(self, question: str) -> tuple[list[Entity], str]:
        """The entities a question names, longest names first, and the folded rest of the question."""
        written = [w.strip(".") for w in re.findall(r"[\w.]+", _plain(question)) if w.strip(".")]
        words = [w.lower() for w in written]
        found: list[Entity] = []
        rest: list[str] = []
        n = 0
        while n < len(words):
            for size in range(min(self._longest, len(words) - n), 0, -1):
                name = " ".join(words[n:n + size])
                ref = self._names.get(name)
                if ref is None and size == 1 and name.endswith("s"):
                    ref = self._names.get(name[:-1])
                if name in self._acronyms and name not in _ALWAYS and not written[n].isupper():
                    ref = None
                if ref and not (size == 1 and name in _PLAIN):
                    found.append(Entity(ref, name))
                    n += size
                    break
            else:
                rest.append(words[n])
                n += 1
        return found, " ".join(rest)


@lru_cache(maxsize=4)
def _lexicon(path: Path) -> tuple[dict[str, Any], ...]:
    try:
        return tuple(yaml.safe_load(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise AvvnError(f"{path}: cannot be read ({error.strerror})") from None


def labels_of(catalogue: Mapping[str, CannedQuery], run: Run, base: str) -> Labels:
    """The names in the graph, read by the canned query ``labels``."""
    rows = run(catalogue["labels"].bind({}, base))
    prefix = f"{base}id/"
    # Sorted here: where there are many, the engine takes six times as long to sort as to find them.
    return Labels(sorted((r["entity"].removeprefix(prefix), r["label"]) for r in rows))


def examples(vocabularies: Path, language: str) -> tuple[str, ...]:
    """Questions that can be answered, in a language."""
    return tuple(row["examples"][language] for row in _lexicon(vocabularies / "questions.yaml"))


def understand(question: str, labels: Labels, vocabularies: Path) -> tuple[str, dict[str, str], tuple[Entity, ...]]:
    """The canned query a question asks for, its parameters and the entities named.

    Raises AvvnError, with a reason fit for the asker, when the question cannot be mapped.
    """
    language = language_of(question)
    say = _SAY[language]
    if not question.strip():
        raise AvvnError(say["empty"])
    entities, rest = labels.find(question)
    words = set(rest.split())
    unknown = _unknown_names(question, entities)
    if unknown:
        raise AvvnError(say["unknown"].format(", ".join(unknown)))
    year = _YEAR.search(question)
    text = fold(question)
    for row in _lexicon(vocabularies / "questions.yaml"):
        if not all(any(w in words or (" " in w and fold(w) in text) or fold(w) in words for w in group) for group in row["all"]):
            continue
        if any(fold(w) in words for w in row.get("not", ())) or (row.get("alone") and entities):
            continue
        parameters, used = _fill(row["slots"], entities, year[0] if year else None)
        if any(n not in parameters for n in row["needs"]) or (row.get("one") and not parameters):
            continue
        if any(e not in used for e in entities):
            continue
        parameters |= row.get("fixed", {})
        return row["query"], parameters, tuple(entities)
    raise AvvnError(say["no relation"])


class Asker:
    """Answers questions about one graph; reads its names once."""

    def __init__(self, catalogue: Mapping[str, CannedQuery], vocabularies: Path, base: str, run: Run) -> None:
        """``vocabularies`` holds ``questions.yaml``; ``run`` asks the graph."""
        self._catalogue = catalogue
        self._vocabularies = vocabularies
        self._base = base
        self._run = run
        self._labels = labels_of(catalogue, run, base)

    def answer(self, question: str) -> Answer:
        """Answer a question, or say that it cannot be answered and what can."""
        return answer(question, run=self._run, catalogue=self._catalogue, labels=self._labels,
                      vocabularies=self._vocabularies, base=self._base)


def answer(question: str, *, run: Run, catalogue: Mapping[str, CannedQuery], labels: Labels, vocabularies: Path, base: str) -> Answer:
    """Answer a question, or say that it cannot be answered and what can."""
    language = language_of(question)
    try:
        name, parameters, entities = understand(question, labels, vocabularies)
    except AvvnError as error:
        return Answer(question, language, str(error), nearest=_nearest(question, vocabularies, language))
    query = catalogue[name]
    sparql = query.bind({k: v.split("/", 1)[1] if _bare(query, k) else v for k, v in parameters.items()}, base)
    rows = tuple(dict(r) for r in run(sparql))
    subjects = {r.get("resolution") or r.get("event") or r.get("amount") or r.get("body") or r.get("mission") or r.get("document") or str(n)
                for n, r in enumerate(rows)}
    title = query.title if language == "en" else query.title_nl
    named = ", ".join(e.words for e in entities)
    summary = _SAY[language]["found" if rows else "nothing"].format(title=title, named=f" ({named})" if named else "", n=len(subjects))
    return Answer(question, language, summary, name, parameters, entities, sparql, tuple(rows[0]) if rows else (), rows)


def _bare(query: CannedQuery, name: str) -> bool:
    """Whether a parameter takes the key without its kind."""
    p = next(p for p in query.parameters if p.name == name)
    return p.type in ("country", "body", "document") or (p.type == "entity" and bool(p.kind))


def _fill(slots: Mapping[str, Sequence[str]], entities: Sequence[Entity], year: str | None) -> tuple[dict[str, str], list[Entity]]:
    filled: dict[str, str] = {}
    used: list[Entity] = []
    for slot, kinds in slots.items():
        if "year" in kinds:
            if year:
                filled[slot] = year
            continue
        for e in entities:
            body = "body" in kinds and e.kind == "organisation" and e.ref.split("/", 1)[1] in _BODIES
            if e not in used and (e.kind in kinds or body):
                filled[slot] = e.ref
                used.append(e)
                break
    used += [e for e in entities if e not in used and any(e.ref == f for f in filled.values())]
    return filled, used


def _unknown_names(question: str, entities: Sequence[Entity]) -> list[str]:
    """Capitalised words that no entity covers: names the graph does not know."""
    covered = {w for e in entities for w in e.words.split()}
    unknown = []
    for n, word in enumerate(re.findall(r"[\w’'-]+", question)):
        folded = fold(word)
        if word[0].isupper() and n > 0 and folded not in _PLAIN and not set(folded.split()) <= covered | _PLAIN and folded.rstrip("s") not in covered:
            unknown.append(word)
    return unknown


def _nearest(question: str, vocabularies: Path, language: str, count: int = 3) -> tuple[str, ...]:
    words = set(fold(question).split())
    scored = sorted(((-len(words & set(fold(e).split())), n, e) for n, e in enumerate(examples(vocabularies, language))))
    return tuple(dict.fromkeys(e for _, _, e in scored))[:count]


_SAY = {
    "nl": {
        "empty": "Dit kan ik niet beantwoorden: er staat geen vraag.",
        "unknown": "Dit kan ik niet beantwoorden: ik ken niet wat bedoeld is met {}.",
        "no relation": "Dit kan ik niet beantwoorden: ik herken niet welk verband gevraagd wordt.",
        "found": "{title}{named}: {n} gevonden.",
        "nothing": "{title}{named}: de brieven zeggen hierover niets.",
    },
    "en": {
        "empty": "I cannot answer this: there is no question.",
        "unknown": "I cannot answer this: I do not know what is meant by {}.",
        "no relation": "I cannot answer this: I do not recognise which relation is asked for.",
        "found": "{title}{named}: {n} found.",
        "nothing": "{title}{named}: the letters say nothing about this.",
    },
}
