"""Gold annotations against a graph: precision, recall and F1 per kind of entity and per predicate.

How things are matched:

- An entity is found when the same document mentions an entity of the same class with the same key (countries by code,
  numbered resolutions by symbol, persons by family name, dossiers and missions by identifier, amounts by currency and
  value), or, for the others, a mention that overlaps the gold quote. Amounts need both.
- A relation is found when the same document has a statement with that predicate and an evidence passage that overlaps the
  gold quote, whose subject and object can be the gold ones: by key where the gold one has a key, else by class.
- What gold marks optional counts for neither side. A finding that no gold line asks for is wrong, except that organisations
  and events are annotated only where they act, that a gold speaker covers an attendance, and that a gold file may cover a
  window of its document, outside which nothing is judged.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from avvn_graph.errors import AvvnError
from avvn_graph.graph import publish
from avvn_graph.graph.terms import AVVN, DCTERMS, FOAF, RDF
from avvn_graph.text import slug

Span = tuple[int, int]

ENTITY_TYPES = ("Country", "Resolution", "Person", "Organisation", "Event", "Amount", "Mission", "Treaty", "Dossier")
PREDICATES = (
    "initiatedBy", "adoptedBy", "supportedBy", "votedAgainstBy", "abstainedBy", "organisedBy", "chairedBy", "attendedBy", "speaker",
    "pledgedBy", "recipient", "announcedBy", "memberOf", "contributesTo", "initiativeOf", "holdsOffice", "references",
)

_KEYED = frozenset({"Country", "Person", "Dossier", "Mission"})
_SELECTIVE = frozenset({"Organisation", "Event"})
"""Classes of which gold has only those that act: another one found is not wrong."""
_COVERED_BY = {"attendedBy": "speaker"}
_PLACES = 200

_FURNITURE = re.compile(r"^(Onze Referentie|BZDOC-\d+-\d+|Tweede Kamer, vergaderjaar .*\d+)\s*$")
_SUFFIXES = {".nq": ox.RdfFormat.N_QUADS, ".nt": ox.RdfFormat.N_TRIPLES, ".ttl": ox.RdfFormat.TURTLE, ".trig": ox.RdfFormat.TRIG}


@dataclass(frozen=True, slots=True)
class Counts:
    """Found, wrong and missed."""

    tp: int = 0
    fp: int = 0
    fn: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(self.tp + other.tp, self.fp + other.fp, self.fn + other.fn)

    @property
    def precision(self) -> float:
        """1 when nothing was predicted."""
        return self.tp / (self.tp + self.fp) if self.tp + self.fp else 1.0

    @property
    def recall(self) -> float:
        """1 when nothing was asked for."""
        return self.tp / (self.tp + self.fn) if self.tp + self.fn else 1.0

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall; 0 when both are."""
        p, r = self.precision, self.recall
        return 2 * p * r / (p + r) if p + r else 0.0


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Counts per class (``entities``) and per predicate (``relations``), and each miss and error in one line."""

    entities: dict[str, Counts]
    relations: dict[str, Counts]
    misses: tuple[str, ...] = field(repr=False)
    lost: tuple[str, ...] = ()
    """Ids of gold lines whose quote is not in the sources."""
    judged: tuple[tuple[float, bool, str], ...] = field(default=(), repr=False)
    """Confidence, rightness and rule of each statement that was judged."""

    @property
    def all_entities(self) -> Counts:
        """Micro total over the classes."""
        return sum(self.entities.values(), Counts())

    @property
    def all_relations(self) -> Counts:
        """Micro total over the predicates."""
        return sum(self.relations.values(), Counts())

    def rows(self) -> list[tuple[str, Counts]]:
        """Every row of the table with its name, totals last."""
        return [
            *((f"entity {k}", v) for k, v in sorted(self.entities.items())),
            *((f"relation {k}", v) for k, v in sorted(self.relations.items())),
            ("ALL entity", self.all_entities),
            ("ALL relation", self.all_relations),
        ]

    def figures(self) -> list[dict[str, Any]]:
        """Precision, recall and F1 by kind and predicate, as they are kept with a build."""
        return [{"of": name, "n": c.tp + c.fn, "precision": c.precision, "recall": c.recall, "f1": c.f1} for name, c in self.rows()]

    def table(self) -> str:
        """The table as text."""
        lines = [f"{'':28}{'tp':>5}{'fp':>5}{'fn':>5}{'P':>8}{'R':>8}{'F1':>8}"]
        lines += [
            f"{name:28}{c.tp:5}{c.fp:5}{c.fn:5}{c.precision:8.3f}{c.recall:8.3f}{c.f1:8.3f}" for name, c in self.rows()
        ]
        return "\n".join(lines)

    def as_dict(self) -> dict[str, dict[str, float]]:
        """The table as plain numbers, for JSON."""
        return {
            name: {"tp": c.tp, "fp": c.fp, "fn": c.fn, "p": round(c.precision, 4), "r": round(c.recall, 4), "f1": round(c.f1, 4)}
            for name, c in self.rows()
        }


def evaluate(graph: Path, gold_files: Sequence[Path], sources: Path) -> Evaluation:
    """Score a graph against gold annotations.

    ``graph`` is a store folder (its served build is taken) or a file in N-Quads, N-Triples, Turtle or TriG;
    ``gold_files`` are JSON Lines files; ``sources`` is the folder with the letters' texts, whose names begin with the
    three digits that gold calls the document. Raises AvvnError that names the file (and line) that cannot be used.
    """
    texts = {p.name[:3]: _Source(p) for p in sorted(sources.glob("*.txt"))}
    if not texts:
        raise AvvnError(f"{sources}: no .txt file here to look the gold quotes up in")
    gold = [line for path in gold_files for line in _read_gold(path, texts)]
    return _score(_Graph(_store(graph)), gold)


def annotated(folder: Path, sources: Path) -> list[Path]:
    """The files in a folder that annotate nothing but letters in ``sources``; raises AvvnError for one that cannot be used."""
    texts = {p.name[:3] for p in sources.glob("*.txt")}
    found = []
    for path in sorted(folder.glob("*.jsonl")):
        try:
            documents = {str(json.loads(line)["doc"]) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()}
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise AvvnError(f"{path}: not a file of annotations: {error}") from error
        if documents <= texts:
            found.append(path)
    return found


# -- gold ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Gold:
    kind: str
    doc: str
    id: str
    quote: str
    spans: tuple[Span, ...]
    optional: bool
    raw: dict[str, Any]

    def __getitem__(self, name: str) -> str:
        return str(self.raw[name])


def _read_gold(path: Path, texts: dict[str, _Source]) -> Iterator[_Gold]:
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise AvvnError(f"{path}: cannot be read: {error}") from error
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            raw = json.loads(line)
            quote, doc = str(raw["quote"]), str(raw["doc"])
            spans = tuple(texts[doc].find(quote)) if quote else ()
            if raw["kind"] == "window":
                spans = ((int(raw["start"]), int(raw["end"])),)
            needed = {"entity": ("type", "entity"), "relation": ("subject", "subject_type", "predicate", "object", "object_type")}
            for name in needed.get(raw["kind"], ()):
                raw[name]
            yield _Gold(raw["kind"], doc, str(raw["id"]), quote, spans, bool(raw.get("optional")), raw)
        except (ValueError, KeyError, TypeError) as error:
            what = f"no {error}" if isinstance(error, KeyError) else str(error)
            raise AvvnError(f"{path}:{number}: not a gold line: {what}") from error


class _Source:
    """A source text in which quotes are found: lines joined, hyphenation undone in either way, furniture dropped."""

    def __init__(self, path: Path) -> None:
        try:
            text = path.read_bytes().decode("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise AvvnError(f"{path}: cannot be read as UTF-8 text: {error}") from error
        self._forms = [_joined(text, keep_hyphen) for keep_hyphen in (False, True)]

    def find(self, quote: str) -> list[Span]:
        """Where the quote stands, as source offsets; a very common one in its first places only."""
        words = " ".join(quote.split())
        found: set[Span] = set()
        for text, offsets in self._forms:
            at = text.find(words)
            while at >= 0 and len(found) < _PLACES:
                found.add((offsets[at], offsets[at + len(words) - 1] + 1))
                at = text.find(words, at + 1)
        return sorted(found)


def _joined(text: str, keep_hyphen: bool) -> tuple[str, list[int]]:
    """The text with each line break turned into a space, or into nothing (or a hyphen) after a hyphenated word."""
    characters: list[str] = []
    offsets: list[int] = []
    begin = 0
    for line in text.splitlines(keepends=True):
        content = line.strip()
        first = begin + len(line) - len(line.lstrip())
        if content and not _FURNITURE.match(content):
            if len(characters) > 1 and characters[-1] == "-" and characters[-2].isalnum():
                if keep_hyphen:
                    offsets[-1] = begin
                else:
                    characters.pop()
                    offsets.pop()
            elif characters:
                characters.append(" ")
                offsets.append(begin)
            for i, character in enumerate(content):
                if character.isspace():
                    if characters and characters[-1] == " ":
                        continue
                    character = " "
                characters.append(character)
                offsets.append(first + i)
        begin += len(line)
    return "".join(characters), offsets


def _overlap(spans: Iterable[Span], others: Iterable[Span]) -> bool:
    others = list(others)
    return any(a < d and c < b for a, b in spans for c, d in others)


# -- graph -----------------------------------------------------------------------------------------------------------


def _store(path: Path) -> ox.Store:
    if path.is_dir():
        build = publish.current(path)
        if build is None:
            raise AvvnError(f"{path}: nothing has been published here yet; run `avvn-graph build`")
        path = build.nquads
    if path.suffix not in _SUFFIXES:
        raise AvvnError(f"{path}: not a graph: give a store folder or a file that ends in {', '.join(_SUFFIXES)}")
    store = ox.Store()
    try:
        store.bulk_load(path=str(path), format=_SUFFIXES[path.suffix])
    except SyntaxError as error:
        raise AvvnError(f"{path}:{error.lineno or '?'}: not valid RDF: {error.msg}") from None
    except OSError as error:
        raise AvvnError(f"{path}: cannot be read: {error.strerror or error}") from error
    return store


@dataclass(frozen=True, slots=True)
class _Found:
    subject: str
    object: str
    spans: tuple[Span, ...]
    confidence: float = 1.0
    rule: str = ""


class _Graph:
    """What a graph says, by document: mentions of entities, statements with their evidence, classes and keys."""

    def __init__(self, store: ox.Store) -> None:
        self._store = store
        self._documents = {s: o[:3] for s, o in self._pairs(AVVN + "sourceFile")}
        self._classes: defaultdict[str, set[str]] = defaultdict(set)
        for entity, kind in self._pairs(RDF + "type"):
            if kind.startswith(AVVN):
                self._classes[entity].add(kind.removeprefix(AVVN))
        self._keys = self._read_keys()
        starts, ends = self._numbers("start"), self._numbers("end")
        self._spans = {node: [(a, b) for a in found for b in ends.get(node, ())] for node, found in starts.items()}
        self._where = self._many(AVVN + "inDocument")
        self.mentions = self._read_mentions()
        self.statements = self._read_statements()

    def is_a(self, entity: str, kind: str) -> bool:
        return kind in self._classes.get(entity, ())

    def keys(self, entity: str) -> set[str]:
        return self._keys.get(entity, set())

    def _pairs(self, predicate: str) -> Iterator[tuple[str, str]]:
        seen = set()
        for quad in self._store.quads_for_pattern(None, ox.NamedNode(predicate), None, None):
            pair = (term_text(quad.subject), term_text(quad.object))
            if pair not in seen:
                seen.add(pair)
                yield pair

    def _many(self, predicate: str) -> dict[str, list[str]]:
        found: defaultdict[str, list[str]] = defaultdict(list)
        for subject, object_ in self._pairs(predicate):
            found[subject].append(object_)
        return dict(found)

    def _numbers(self, name: str) -> dict[str, list[int]]:
        return {node: [int(v) for v in values] for node, values in self._many(AVVN + name).items()}

    def _read_keys(self) -> dict[str, set[str]]:
        keys: defaultdict[str, set[str]] = defaultdict(set)
        for kind, predicate in (
            ("Person", FOAF + "familyName"), ("Person", FOAF + "name"), ("Mission", AVVN + "acronym"),
            ("Organisation", AVVN + "acronym"), ("Dossier", DCTERMS + "identifier"),
        ):
            for entity, key in self._pairs(predicate):
                if self.is_a(entity, kind):
                    keys[entity].add(slug(key))
        for entity in self._classes:
            if self.is_a(entity, "Country"):
                keys[entity].add(entity.rsplit("/", 1)[-1])
        for entity, symbol in self._pairs(AVVN + "symbol"):
            keys[entity].add(re.sub(r"\s*\(\d{4}\)", "", symbol))
        currencies = self._many(AVVN + "currency")
        for entity, value in self._pairs(AVVN + "value"):
            keys[entity].update(_sum(currency, value) for currency in currencies.get(entity, ()))
        return dict(keys)

    def _doc(self, document: str) -> str:
        return self._documents.get(document, document)

    def _read_mentions(self) -> dict[str, dict[str, list[Span]]]:
        """Document to entity to the spans of its mentions."""
        found: defaultdict[str, defaultdict[str, list[Span]]] = defaultdict(lambda: defaultdict(list))
        for mention, entity in self._pairs(AVVN + "mentionOf"):
            if self.is_a(mention, "Mention"):
                for document in self._where.get(mention, ()):
                    found[self._doc(document)][entity] += self._spans.get(mention, ())
        return {doc: dict(entities) for doc, entities in found.items()}

    def _read_statements(self) -> dict[tuple[str, str], list[_Found]]:
        """Document and predicate to the findings, one for each subject and object, with all their evidence."""
        subjects, objects, predicates, evidence = (
            self._many(p) for p in (RDF + "subject", RDF + "object", RDF + "predicate", AVVN + "evidence")
        )
        grouped: defaultdict[tuple[str, str, str, str], set[Span]] = defaultdict(set)
        confidence = self._many(AVVN + "confidence")
        rules = self._many(AVVN + "rule")
        surest: defaultdict[tuple[str, str, str, str], tuple[float, str]] = defaultdict(lambda: (0.0, ""))
        for statement in self._classes:
            if not self.is_a(statement, "Statement"):
                continue
            for passage in evidence.get(statement, ()):
                for document in self._where.get(passage, ()):
                    for predicate in predicates.get(statement, ()):
                        for s in subjects.get(statement, ()):
                            for o in objects.get(statement, ()):
                                key = self._doc(document), predicate.removeprefix(AVVN), s, o
                                grouped[key].update(self._spans.get(passage, ()))
                                rule = rules.get(statement, [""])[0].rsplit("/", 1)[-1]
                                surest[key] = max(surest[key], *((float(c), rule) for c in confidence.get(statement, ["1"])))
        found: defaultdict[tuple[str, str], list[_Found]] = defaultdict(list)
        for (doc, predicate, s, o), spans in sorted(grouped.items()):
            if spans:
                found[doc, predicate].append(_Found(s, o, tuple(sorted(spans)), *surest[doc, predicate, s, o]))
        return dict(found)

    def can_be(self, entity: str, kind: str, identifier: str) -> bool:
        """Whether an entity can be the one that gold calls ``identifier``; where it stands is checked elsewhere."""
        if kind not in ENTITY_TYPES:  # a post, the document, or a recipient that is no entity
            return True
        if not self.is_a(entity, kind):
            return False
        keys = self.keys(entity)
        if kind == "Organisation":  # an acronym must not meet another one; a body known by name only may be any
            unlike = bool(keys) and slug(identifier) not in keys
            return not (unlike and identifier.isupper() and len(identifier) <= 6)
        key = _gold_key(kind, identifier)
        return key is None or key in keys


def _gold_key(kind: str, identifier: str) -> str | None:
    """The key that tells a gold entity from others of its class; None when it has none."""
    if kind == "Country" or (kind == "Resolution" and "/RES/" in identifier):
        return identifier
    if kind == "Amount":
        currency, value = identifier.split()[:2]
        return _sum(currency, value)
    return slug(identifier) if kind in _KEYED else None


def _sum(currency: str, value: str) -> str:
    return f"{currency} {float(value):.2f}"


def term_text(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> str:
    """A term without its syntax: IRI, label or text; a quoted triple as it is written."""
    return str(term) if isinstance(term, ox.Triple) else term.value


def _short(iri: str) -> str:
    """``kind/key`` of an entity."""
    return iri.rsplit("/id/", 1)[-1]


def _at(spans: Sequence[Span]) -> str:
    return ", ".join(f"{a}-{b}" for a, b in spans[:2])


# -- scoring ---------------------------------------------------------------------------------------------------------


def _score(graph: _Graph, gold: Sequence[_Gold]) -> Evaluation:
    windows: defaultdict[str, list[Span]] = defaultdict(list)
    for line in gold:
        if line.kind == "window":
            windows[line.doc] += line.spans

    def judged(doc: str, spans: Iterable[Span]) -> bool:
        return doc not in windows or _overlap(spans, windows[doc])

    entities: defaultdict[str, Counts] = defaultdict(Counts)
    relations: defaultdict[str, Counts] = defaultdict(Counts)
    misses: list[str] = []
    verdicts: list[tuple[float, bool, str]] = []
    documents = sorted({line.doc for line in gold})
    for doc in documents:
        for kind in ENTITY_TYPES:
            asked = [g for g in gold if g.kind == "entity" and g.doc == doc and g["type"] == kind]
            found = {e: spans for e, spans in graph.mentions.get(doc, {}).items() if graph.is_a(e, kind)}
            used: set[str] = set()
            for g in asked:
                by_key = kind in _KEYED or (kind == "Resolution" and "/RES/" in g["entity"])
                hits = {e for e, spans in found.items() if graph.can_be(e, kind, g["entity"]) and (by_key or _overlap(spans, g.spans))}
                used |= hits
                if not g.optional:
                    entities[kind] += Counts(tp=1) if hits else Counts(fn=1)
                    if not hits:
                        misses.append(f"MISS {doc} {kind} {g['entity']}: {g.quote[:90]}")
            for entity in sorted(found.keys() - used):
                if kind not in _SELECTIVE and judged(doc, found[entity]):
                    entities[kind] += Counts(fp=1)
                    misses.append(f"WRONG {doc} {kind} {_short(entity)} at {_at(found[entity])}")
    for doc in documents:
        for predicate in PREDICATES:
            stated = graph.statements.get((doc, predicate), [])
            matched: set[int] = set()
            for g in gold:
                if g.kind != "relation" or g.doc != doc or g["predicate"] not in (predicate, _COVERED_BY.get(predicate)):
                    continue
                fits = {
                    i for i, f in enumerate(stated)
                    if graph.can_be(f.subject, g["subject_type"], g["subject"])
                    and graph.can_be(f.object, g["object_type"], g["object"])
                    and _overlap(f.spans, g.spans)
                }
                matched |= fits
                if g["predicate"] == predicate and not g.optional:
                    relations[predicate] += Counts(tp=1) if fits else Counts(fn=1)
                    if not fits:
                        misses.append(f"MISS {doc} {g['subject']} {predicate} {g['object']}: {g.quote[:110]}")
            for i, f in enumerate(stated):
                if judged(doc, f.spans):
                    verdicts.append((f.confidence, i in matched, f.rule))
                if i not in matched and judged(doc, f.spans):
                    relations[predicate] += Counts(fp=1)
                    misses.append(f"WRONG {doc} {_short(f.subject)} {predicate} {_short(f.object)} at {_at(f.spans)}")
    lost = tuple(g.id for g in gold if g.quote and not g.spans and g.kind != "window")
    return Evaluation(dict(entities), dict(relations), tuple(misses), lost, tuple(verdicts))
