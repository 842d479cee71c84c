"""The one language between the rooms: what a letter is and what it says.

Plain frozen dataclasses; this module imports nothing of ours. All offsets count Unicode code points in
the source text as stored (decoded, line ends untouched), so ``source[start:end]`` is what they point at.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal as OneOf

EntityKind = OneOf[
    "country", "resolution", "person", "event", "amount", "organisation", "mission", "treaty", "dossier",
    "post", "group", "thing",
]
"""Kinds of entity; the kind is the path segment of the IRI.

``post`` is an office (avvn:Post), ``group`` a parliamentary party group (avvn:PartyGroup), ``thing`` anything
named that is none of the others, such as the programme or place that receives an amount.
"""

Modality = OneOf["realised", "planned", "calledFor"]
PassageKind = OneOf["heading", "sentence", "item", "question", "answer", "footnote", "signature"]
Datatype = OneOf["string", "date", "gYear", "gYearMonth", "integer", "decimal", "duration", "boolean"]


@dataclass(frozen=True, slots=True, order=True)
class Ref:
    """A reference to an entity: its kind and key, which together make its IRI ``id/{kind}/{key}``."""

    kind: EntityKind
    key: str


@dataclass(frozen=True, slots=True, order=True)
class Value:
    """A literal: lexical form, XSD datatype (local name) and, for strings, a language tag."""

    text: str
    datatype: Datatype = "string"
    lang: str | None = None


@dataclass(frozen=True, slots=True)
class Passage:
    """A sentence, list item, heading, footnote or signature line of a letter.

    ``start`` and ``end`` are source offsets; ``text`` is clean (line breaks and hyphenation undone, page
    furniture gone). ``offsets[i]`` is the source offset of ``text[i]`` and ``len(offsets) == len(text)``.
    ``section`` is the path of headings above it, outermost first. ``speaker`` says who is speaking in a
    written consultation: a party group's name as printed or "kabinet"; None in a letter of the cabinet.
    ``number`` is the number of the question or answer it belongs to. ``paragraph`` counts from 0 over the letter.
    ``anchor`` is, for a footnote, the source offset of the mark in the running text that it belongs to.
    """

    document: str
    start: int
    end: int
    text: str
    offsets: tuple[int, ...] = field(repr=False)
    kind: PassageKind = "sentence"
    section: tuple[str, ...] = ()
    paragraph: int = 0
    speaker: str | None = None
    number: int | None = None
    anchor: int | None = None

    @property
    def key(self) -> str:
        """Stable from build to build for the same source text."""
        return f"{self.document}/{self.start}-{self.end}"

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Source offsets of ``text[start:end]`` (non-empty)."""
        return self.offsets[start], self.offsets[end - 1] + 1


@dataclass(frozen=True, slots=True)
class DocumentMeta:
    """What is known of a letter beside its text. ``date`` is YYYY, YYYY-MM or YYYY-MM-DD."""

    slug: str
    source_file: str
    sha256: str
    title: str | None = None
    date: str | None = None
    session: int | None = None
    document_type: OneOf["report", "plans", "council-year", "written-consultation", "letter"] = "letter"
    senders: tuple[str, ...] = ()
    dossier: str | None = None
    language: str = "nl"


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter, read and divided: ``source`` is the text as stored; ``passages`` stand in reading order, a footnote after the paragraph it interrupts."""

    meta: DocumentMeta
    source: str = field(repr=False)
    passages: tuple[Passage, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Mention:
    """A stretch of one passage that names an entity; ``quote`` is its clean text."""

    entity: Ref
    document: str
    passage: str
    start: int
    end: int
    quote: str

    @property
    def key(self) -> str:
        """Stable from build to build for the same source text."""
        return f"{self.document}/{self.start}-{self.end}-{self.entity.kind}"


@dataclass(frozen=True, slots=True)
class Entity:
    """Something the letters speak of.

    ``labels`` are the names found or known, best first. ``attributes`` are (name, value) pairs whose names are
    ontology terms without prefix; they describe identity (familyName, name, acronym, symbol, year, value,
    currency, identifier, minister, represents) as the text or a vocabulary gives it. What a letter *claims*
    of an entity is a Statement.
    """

    ref: Ref
    labels: tuple[str, ...] = ()
    attributes: tuple[tuple[str, Value | Ref], ...] = ()


@dataclass(frozen=True, slots=True)
class Statement:
    """One extracted fact with its evidence.

    ``predicate`` is an ontology term without prefix (``initiatedBy``; ``references`` has the document itself as
    subject and then ``subject`` is None). ``evidence`` holds Passage keys. ``rule`` names what found it,
    ``family.rule``. ``qualifiers`` are (name, value) pairs such as ("how", Value("submitted")) or
    ("personnel", Value("300", "integer")). ``claimed_by`` is the party group that claims it; None for the sender.
    """

    document: str
    subject: Ref | None
    predicate: str
    object: Ref | Value
    evidence: tuple[str, ...]
    modality: Modality = "realised"
    rule: str = ""
    confidence: float = 1.0
    qualifiers: tuple[tuple[str, Value], ...] = ()
    claimed_by: Ref | None = None


@dataclass(frozen=True, slots=True)
class LetterFacts:
    """All that one letter says."""

    letter: Letter
    entities: tuple[Entity, ...]
    mentions: tuple[Mention, ...]
    statements: tuple[Statement, ...]
