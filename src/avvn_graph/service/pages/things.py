"""What pages show again and again: things with their names, letters, and statements with the sentences they rest on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from weakref import WeakKeyDictionary

from avvn_graph.service import facets, lookups
from avvn_graph.service.deps import State
from avvn_graph.service.graphs import Row, Snapshot, Term
from avvn_graph.service.pages.layout import Addresses, capital, date, name_of
from avvn_graph.service.words import WORDS

MOST_STATEMENTS = 400
"""A page shows at most so many statements; /sparql has them all."""


@dataclass(frozen=True, slots=True)
class Thing:
    """Something and what it is called; a value that is no thing has no IRI."""

    iri: str
    label: str
    kind: str = ""
    lang: str | None = None


@dataclass(frozen=True)
class Letter:
    """A letter in short."""

    iri: str
    title: str
    date: str = ""
    session: str = ""
    type: str = "letter"

    def short(self, lang: str) -> str:
        """The letter in a few words: what sort, about which session, when."""
        w = WORDS[lang]
        what = w.get(f"type_{self.type}", w["type_letter"])
        about = f"{w['assembly']} {self.session}" if self.session else ""
        when = date(self.date, lang)
        return ", ".join(part for part in (f"{what} {about}".strip(), when) if part) if about or when else self.title

    @cached_property
    def slug(self) -> str:
        """The key of the letter."""
        return self.iri.rsplit("/", 1)[-1]


@dataclass(frozen=True, slots=True)
class Evidence:
    """A sentence of a letter; ``place`` is its anchor on the letter's page."""

    iri: str
    text: str
    letter: Letter
    start: int
    place: str


def introduces(evidence: Evidence) -> bool:
    """Whether a sentence only opens a list; the item says more, and stands first."""
    return evidence.text.rstrip().endswith(":")


@dataclass(slots=True)
class Said:
    """A statement as seen from the thing whose page it is."""

    iri: str
    predicate: str
    side: str
    subject: Thing
    object: Thing
    modality: str
    claimant: str | None = None
    note: str | None = None
    evidence: list[Evidence] = field(default_factory=list)

    @property
    def other(self) -> Thing:
        """What stands on the other side."""
        return self.object if self.side == "subject" else self.subject


_LETTERS = """SELECT ?document ?title ?date ?session ?type WHERE {
  ?document a avvn:Document ; dcterms:title ?title .
  OPTIONAL { ?document dcterms:date ?date } OPTIONAL { ?document avvn:session ?session } OPTIONAL { ?document avvn:documentType ?type }
} ORDER BY ?date ?document"""
_KEPT: WeakKeyDictionary[Snapshot, dict[str, Letter]] = WeakKeyDictionary()


async def letters(snapshot: Snapshot) -> dict[str, Letter]:
    """All letters by IRI, oldest first."""
    found = _KEPT.get(snapshot)
    if found is None:
        found = {}
        for row in await snapshot.select(lookups.HEADER + _LETTERS):
            found.setdefault(row["document"].value, Letter(
                row["document"].value, row["title"].value, row["date"].value if "date" in row else "",
                row["session"].value if "session" in row else "", row["type"].value if "type" in row else "letter",
            ))
        _KEPT[snapshot] = found
    return found


class Names:
    """Names of things for a reader of one language."""

    def __init__(self, found: Mapping[str, str], lang: str, base: str) -> None:
        """``found`` has a name for each thing that has one."""
        self._found = found
        self._lang = lang
        self._href = Addresses(base)

    @classmethod
    async def of(cls, app: State, snapshot: Snapshot, iris: Iterable[str], lang: str) -> Names:
        """The names of these things."""
        counted = facets.of(snapshot)
        found = {iri: counted.name(iri, lang) for iri in set(iris)}
        unknown = [iri for iri, name in found.items() if not name]
        if unknown:  # a build from before names were kept, or things that came after it
            found |= {iri: name_of(names, lang) for iri, names in (await lookups.labels(snapshot, unknown)).items()}
        return cls(found, lang, app.settings.base_iri)

    def thing(self, iri: str) -> Thing:
        """A thing with its name."""
        return Thing(iri, self._found.get(iri) or lookups.local_name(iri), self._href.kind(iri))

    def term(self, term: Term) -> Thing:
        """A thing with its name, or a value as it is written."""
        if term.type == "uri":
            return self.thing(term.value)
        dated = term.datatype and term.datatype.rsplit("#", 1)[-1] in ("date", "gYear", "gYearMonth", "duration")
        return Thing("", date(term.value, self._lang) if dated else term.value, lang=term.lang)


_STATEMENTS = """SELECT ?statement ?s ?p ?o ?modality ?claimant ?how ?personnel ?passage ?text ?start ?document WHERE {
  { SELECT DISTINCT ?statement WHERE { %(which)s } ORDER BY ?statement LIMIT %(most)d }
  ?statement rdf:subject ?s ; rdf:predicate ?p ; rdf:object ?o ; avvn:modality ?modality ; avvn:evidence ?passage .
  ?passage avvn:text ?text ; avvn:start ?start ; avvn:inDocument ?document .
  OPTIONAL { ?statement avvn:claimedBy/rdfs:label ?claimant }
  OPTIONAL { ?statement avvn:how ?how }
  OPTIONAL { ?statement avvn:personnel ?personnel }
} ORDER BY ?p ?start"""


async def statements_about(app: State, snapshot: Snapshot, iri: str, lang: str) -> list[Said]:
    """The statements in which a thing stands, each from the thing's side."""
    term = lookups.iri(iri)
    return await _statements(app, snapshot, f"{{ ?statement rdf:subject {term} }} UNION {{ ?statement rdf:object {term} }}", lang, iri)


async def statements_where(app: State, snapshot: Snapshot, which: str, lang: str) -> list[Said]:
    """The statements that a pattern over ``?statement`` picks."""
    return await _statements(app, snapshot, which, lang, None)


async def _statements(app: State, snapshot: Snapshot, which: str, lang: str, around: str | None) -> list[Said]:
    rows = await snapshot.select(lookups.HEADER + _STATEMENTS % {"which": which, "most": MOST_STATEMENTS})
    all_letters = await letters(snapshot)
    names = await Names.of(app, snapshot, {row[c].value for row in rows for c in ("s", "o") if row[c].type == "uri"}, lang)
    found: dict[str, Said] = {}
    for row in rows:
        one = found.get(row["statement"].value)
        if one is None:
            one = found[row["statement"].value] = Said(
                row["statement"].value, lookups.local_name(row["p"].value), "object" if row["o"].value == around else "subject",
                names.term(row["s"]), names.term(row["o"]), lookups.local_name(row["modality"].value),
                row["claimant"].value if "claimant" in row else None, _note(row, lang),
            )
        if all(e.iri != row["passage"].value for e in one.evidence):
            one.evidence.append(evidence_of(row["passage"].value, row["text"].value, int(row["start"].value), row["document"].value, all_letters))
    return list(found.values())


def _note(row: Row, lang: str) -> str | None:
    w = WORDS[lang]
    if "how" in row:
        return w.get(f"how_{row['how'].value}", row["how"].value)
    return f"{row['personnel'].value} {w['troops']}" if "personnel" in row else None


def evidence_of(passage: str, text: str, start: int, document: str, all_letters: dict[str, Letter]) -> Evidence:
    """A sentence with its letter and place."""
    letter = all_letters.get(document) or Letter(document, capital(lookups.local_name(document)))
    return Evidence(passage, text, letter, start, f"p{passage.rsplit('/', 1)[-1]}")
