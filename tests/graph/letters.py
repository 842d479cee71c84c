"""Two tiny letters and what they say: the smallest facts that use every kind of entity and statement."""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256
from typing import Any

from avvn_graph.facts import (
    DocumentMeta,
    Entity,
    Letter,
    LetterFacts,
    Mention,
    Passage,
    Ref,
    Statement,
    Value,
)

NL = Ref("country", "NL")
RESOLUTION = Ref("resolution", "S-RES-2417")
EVENT = Ref("event", "side-event-honger")
KAAG = Ref("person", "kaag")
AMOUNT = Ref("amount", "eur-100000000-gpe")
GPE = Ref("organisation", "GPE")
DOSSIER = Ref("dossier", "26150-171")
VVD = Ref("group", "vvd-fractie")
POST = Ref("post", "minister-voor-bhos")

_LINES = (
    "Nederland diende resolutie 2417 over honger en conflict in.",
    "Minister Kaag sprak op een side event over honger.",
    "Het kabinet roept Frankrijk op een side event te organiseren.",
    "Kaag zegde EUR 100 miljoen toe aan GPE (Kamerstuk 26 150, nr. 171).",
    "De leden van de VVD-fractie stellen dat Nederland het side event organiseerde.",
)


def letter(slug: str = "verslag", lines: tuple[str, ...] = _LINES, source_file: str = "000_verslag.txt") -> Letter:
    """A letter with one line per passage; the last line is a party group's."""
    source, passages = "", []
    for i, line in enumerate(lines):
        start = len(source)
        source += line + "\n"
        passages.append(Passage(
            slug, start, start + len(line), line, tuple(range(start, start + len(line))), section=("Inleiding",),
            paragraph=i, speaker="VVD-fractie" if line.startswith("De leden") else None,
        ))
    meta = DocumentMeta(
        slug, source_file, sha256(source.encode()).hexdigest(), title="Verslag van de 73e zitting", date="2018-10",
        session=73, document_type="report", senders=("De Minister van Buitenlandse Zaken, S.A. Blok",), dossier="26150-180",
    )
    return Letter(meta, source, tuple(passages))


def mention(letter: Letter, line: int, words: str, entity: Ref) -> Mention:
    passage = letter.passages[line]
    at = passage.text.index(words)
    start, end = passage.span(at, at + len(words))
    return Mention(entity, letter.meta.slug, passage.key, start, end, words)


def facts(slug: str = "verslag", source_file: str = "000_verslag.txt") -> LetterFacts:
    """What the letter says: one statement of each modality, one claimed by a party group, one of an attribute."""
    text = letter(slug, source_file=source_file)
    keys = [p.key for p in text.passages]
    return LetterFacts(
        text,
        entities=(
            Entity(RESOLUTION, ("resolutie 2417", "resolutie over honger"), (
                ("symbol", Value("S/RES/2417")), ("year", Value("2018", "gYear")),
            )),
            Entity(EVENT, ("side event over honger",), (("eventType", Value("SideEvent")),)),
            Entity(KAAG, ("Sigrid Kaag", "Kaag"), (
                ("familyName", Value("Kaag")), ("name", Value("Sigrid Kaag")), ("minister", Value("true", "boolean")), ("represents", NL),
            )),
            Entity(AMOUNT, ("EUR 100 miljoen",), (("value", Value("100000000.00", "decimal")), ("currency", Value("EUR")))),
            Entity(GPE, ("Global Partnership for Education",), (("acronym", Value("GPE")),)),
            Entity(DOSSIER, ("Kamerstuk 26 150, nr. 171",), (("identifier", Value("26150-171")),)),
            Entity(POST, ("Minister voor BHOS",)),
        ),
        mentions=(
            mention(text, 0, "Nederland", NL),
            mention(text, 0, "resolutie 2417", RESOLUTION),
            mention(text, 1, "Kaag", KAAG),
            mention(text, 1, "side event", EVENT),
            mention(text, 2, "Frankrijk", Ref("country", "FR")),
            mention(text, 3, "EUR 100 miljoen", AMOUNT),
            mention(text, 3, "GPE", GPE),
        ),
        statements=(
            Statement(slug, RESOLUTION, "initiatedBy", NL, (keys[0],), "realised", "initiative.submitted", 0.9,
                      (("how", Value("submitted")),)),
            Statement(slug, RESOLUTION, "topic", Value("honger en conflict", lang="nl"), (keys[0],), rule="attribute.topic", confidence=0.9),
            Statement(slug, EVENT, "speaker", KAAG, (keys[1],), "realised", "participation.spoke", 1.0),
            Statement(slug, EVENT, "organisedBy", Ref("country", "FR"), (keys[2],), "calledFor", "event.organised", 0.7),
            Statement(slug, AMOUNT, "pledgedBy", NL, (keys[3],), "planned", "money.pledged", 0.8),
            Statement(slug, None, "references", DOSSIER, (keys[3],), rule="reference.dossier"),
            Statement(slug, KAAG, "holdsOffice", POST, (keys[1],), rule="office.title", confidence=0.95),
            Statement(slug, EVENT, "organisedBy", NL, (keys[4],), "realised", "event.organised", 0.7, claimed_by=VVD),
        ),
    )


def broken(good: LetterFacts, **changes: Any) -> LetterFacts:
    """The same facts with the first statement changed."""
    first, *rest = good.statements
    return replace(good, statements=(replace(first, **changes), *rest))
