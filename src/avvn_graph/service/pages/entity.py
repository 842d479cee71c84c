"""The page of a thing: what the letters say of it, by relation or by letter, where it is named, and what stands around it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from fastapi import Request
from starlette.responses import Response

from avvn_graph.service import facets, lookups
from avvn_graph.service.deps import State
from avvn_graph.service.graphs import Row, Snapshot
from avvn_graph.service.pages import figures, structured
from avvn_graph.service.pages.layout import Addresses, date, language, name_of, render
from avvn_graph.service.pages.things import (
    MOST_STATEMENTS,
    Evidence,
    Letter,
    Names,
    Said,
    Thing,
    introduces,
    letters,
    statements_about,
    statements_where,
)
from avvn_graph.service.words import PROPERTIES, RELATIONS, WORDS

_TRIPLES = """SELECT ?p ?pLabel ?o WHERE { %s ?p ?o OPTIONAL { ?p rdfs:label ?pLabel FILTER(LANG(?pLabel) = "%s") } } ORDER BY ?p ?o"""
_TYPES = """SELECT ?type ?label ?super WHERE {
  %s a ?type . ?type rdfs:label ?label FILTER(LANG(?label) = "%s") OPTIONAL { ?type rdfs:subClassOf ?super } } ORDER BY ?type"""
# Statements that point at a thing otherwise than by their subject or object.
_HERE = {
    "passage": "?statement avvn:evidence %s", "rule": "?statement avvn:rule %s", "group": "?statement avvn:claimedBy %s",
    "statement": "VALUES ?statement { %s } ?statement a avvn:Statement",
    "mention": "%s avvn:inPassage ?passage_ . ?statement avvn:evidence ?passage_",
}
_DATES = """SELECT ?event (MIN(STR(?d)) AS ?date) WHERE { VALUES ?event { %s } ?event avvn:startDate ?d } GROUP BY ?event"""

# Said elsewhere on the page, or of no use to a reader.
_HIDDEN = frozenset({"label", "prefLabel", "altLabel", "hiddenLabel", "type", "title", "text", "wasGeneratedBy", "name", "familyName", "inScheme", "isDefinedBy"})
# The page of a statement, passage or mention says these in its own way.
_SHOWN = frozenset({
    "subject", "predicate", "object", "modality", "evidence", "inDocument", "start", "end", "paragraph", "passageKind", "quote", "inPassage",
})
_RELATED = frozenset(name for name, _ in RELATIONS["nl"])
_ELSEWHERE = frozenset({"exactMatch", "closeMatch", "sameAs", "seeAlso", "page", "isPrimaryTopicOf", "homepage"})
_BROAD = frozenset({"Entity", "Actor"})
_TOGETHER = 12
_ORDER = (
    "initiatedBy", "initiativeOf", "holdsOffice", "organisedBy", "chairedBy", "speaker", "attendedBy", "pledgedBy", "recipient",
    "announcedBy", "contributesTo", "memberOf", "adoptedBy", "supportedBy", "votedAgainstBy", "abstainedBy", "topic", "adoptionDate",
    "startDate", "endDate", "place", "period", "purpose", "references",
)
# What a country's or organisation's sections are called: more than the bare relation.
_TITLES = {
    ("initiatedBy", "object"): "initiatedResolutions", ("organisedBy", "object"): "organisedEvents", ("pledgedBy", "object"): "contributions",
    ("contributesTo", "subject"): "missionContributions", ("memberOf", "subject"): "memberships",
}


@dataclass(slots=True)
class Section:
    """Statements of one relation (or letter) under their heading."""

    anchor: str
    title: str
    rows: list[Line]


@dataclass(slots=True)
class Line:
    """What stands on the other side, by all the statements that say so."""

    thing: Thing
    relation: str
    said: list[Said]
    modality: str
    note: str | None = None

    @property
    def evidence(self) -> list[tuple[Said, Evidence]]:
        """Each sentence once, with the statement that rests on it."""
        seen: dict[str, tuple[Said, Evidence]] = {}
        for said in self.said:
            for e in said.evidence:
                seen.setdefault(e.iri, (said, e))
        return sorted(seen.values(), key=lambda pair: introduces(pair[1]))


@dataclass(slots=True)
class Places:
    """Where one letter names the thing."""

    letter: Letter
    count: int
    places: list[tuple[str, str]] = field(default_factory=list)


@dataclass(slots=True)
class Meeting:
    """A line of somebody's agenda."""

    event: Thing
    date: str
    roles: list[str]
    modality: str
    said: Said

    @property
    def near(self) -> str:
        """The date, or that of the letter when the letters give none."""
        return self.date or self.said.evidence[0].letter.date


async def page(request: Request, app: State, snapshot: Snapshot, iri: str, kind: str) -> Response:
    """The page of anything but a letter."""
    lang = language(request)
    href = Addresses(app.settings.base_iri)
    term = lookups.iri(iri)
    triples = await snapshot.select(lookups.HEADER + _TRIPLES % (term, lang))
    said = await statements_about(app, snapshot, iri, lang)
    here = _HERE.get(kind)
    told = await statements_where(app, snapshot, here % term, lang) if here else []
    labels = (await lookups.labels(snapshot, [iri])).get(iri, [])
    texts = [row["o"].value for row in triples if lookups.local_name(row["p"].value) in ("text", "quote")]
    title = name_of(labels, lang) or (texts[0] if texts else lookups.local_name(iri))
    if kind == "passage" and (slug := href.path(iri).split("/")[1]):
        letter = (await letters(snapshot)).get(f"{app.settings.base_iri}id/document/{slug}")
        title = WORDS[lang]["passageOf"].format(letter=letter.short(lang) if letter else slug)
    elif kind == "statement" and told:
        one = told[0]
        title = f"{one.subject.label} {RELATIONS[lang].get((one.predicate, 'subject'), one.predicate).lower()} {one.object.label}"
    counts = facets.of(snapshot)
    together = counts.together(iri, _TOGETHER)
    values = {row["o"].value for row in triples if row["o"].type == "uri" and href.ours(row["o"].value)}
    names = await Names.of(app, snapshot, [*values, *(other for other, _ in together)], lang)
    by_letter = request.query_params.get("by") == "letter"
    meetings = await _agenda(snapshot, said) if kind == "person" else []
    if meetings:  # the agenda tells them
        listed = [s for s in said if not (s.predicate in ("attendedBy", "speaker") and s.side == "object")]
    else:
        listed = said
    sections = _by_letter(said, lang) if by_letter else _by_relation(listed, kind, lang)
    mentions = _mentions(counts, iri, await letters(snapshot))
    contributions = await figures.contributions(app, snapshot, iri, lang) if any(s.predicate == "pledgedBy" and s.side == "object" for s in said) else None
    types = await snapshot.select(lookups.HEADER + _TYPES % (term, lang))
    return render(
        request, "entity.html", title=title if len(title) <= 160 else title[:159] + "…", iri=iri, kind=kind, path_=href.path(iri),
        names=_others(labels, title), types=_types(types), text=texts[0] if texts else None, facts=_facts(triples, kind, names, href, lang),
        elsewhere=_elsewhere(triples, href), sections=sections, meetings=meetings, by_letter=by_letter and bool(said),
        mentions=mentions, mentioned=sum(m.count for m in mentions), together=[(names.thing(other), n) for other, n in together],
        statements=len(said), letters_of=len({e.letter.iri for s in said for e in s.evidence}), contributions=contributions,
        neighbours=sections if any(s.other.iri for s in said) else [], data=f"/data/{href.path(iri)}",
        graph=[s for s in said if s.other.iri], structured=structured.of(iri, kind, title, labels, triples, said, request),
        told=told, most=MOST_STATEMENTS, party=title if kind == "group" else "", place=_place(triples, href, kind),
    )


def _by_relation(said: Sequence[Said], kind: str, lang: str) -> list[Section]:
    groups: dict[tuple[str, str], list[Said]] = {}
    spoke = {one.other.iri for one in said if (one.predicate, one.side) == ("speaker", "subject")}
    for one in said:
        if (one.predicate, one.side) == ("attendedBy", "subject") and one.other.iri in spoke:
            continue  # who spoke was there
        groups.setdefault((one.predicate, one.side), []).append(one)

    def place(key: tuple[str, str]) -> tuple[int, str, str]:
        return (_ORDER.index(key[0]) if key[0] in _ORDER else len(_ORDER), *key)

    sections = []
    for key in sorted(groups, key=place):
        special = _TITLES.get(key) if kind in ("country", "organisation") else None
        title = WORDS[lang][special] if special else RELATIONS[lang].get(key, key[0])
        sections.append(Section(f"{key[0]}-{key[1]}", title, _lines(groups[key], lang)))
    return sections


def _by_letter(said: Iterable[Said], lang: str) -> list[Section]:
    groups: dict[str, tuple[Letter, list[Said]]] = {}
    for one in said:
        letter = one.evidence[0].letter
        groups.setdefault(letter.iri, (letter, []))[1].append(one)
    ordered = sorted(groups.values(), key=lambda g: (g[0].date, g[0].iri))
    return [Section(f"letter-{letter.slug}", letter.short(lang), _lines(found, lang)) for letter, found in ordered]


_FIRMNESS = {"realised": 0, "planned": 1, "calledFor": 2}


def _lines(said: Iterable[Said], lang: str) -> list[Line]:
    """Statements of the same, told by several letters or twice in one, are one line."""
    lines: dict[tuple[str, str, str, str], Line] = {}
    for one in said:
        relation = RELATIONS[lang].get((one.predicate, one.side), one.predicate)
        key = (one.predicate, one.side, one.other.iri or one.other.label.casefold().rstrip("?."), one.modality if one.claimant or one.modality == "calledFor" else "")
        line = lines.get(key)
        if line is None:
            lines[key] = Line(one.other, relation, [one], one.modality, one.note)
            continue
        line.said.append(one)
        line.note = line.note or one.note
        if _FIRMNESS.get(one.modality, 3) < _FIRMNESS.get(line.modality, 3):
            line.modality = one.modality
    return list(lines.values())


async def _agenda(snapshot: Snapshot, said: Iterable[Said]) -> list[Meeting]:
    there = [s for s in said if s.side == "object" and s.predicate in ("attendedBy", "speaker", "organisedBy", "chairedBy")]
    dates: dict[str, str] = {}
    if there:
        rows = await snapshot.select(lookups.HEADER + _DATES % lookups.terms(s.other.iri for s in there))
        dates = {row["event"].value: row["date"].value for row in rows if "event" in row}
    meetings: dict[str, Meeting] = {}
    for one in there:
        event = one.other
        meeting = meetings.get(event.iri)
        if meeting is None:
            meetings[event.iri] = Meeting(event, dates.get(event.iri, ""), [one.predicate], one.modality, one)
            continue
        if one.predicate not in meeting.roles:
            meeting.roles.append(one.predicate)
        if _FIRMNESS.get(one.modality, 3) < _FIRMNESS.get(meeting.modality, 3):
            meeting.modality = one.modality
    for meeting in meetings.values():
        if "speaker" in meeting.roles and "attendedBy" in meeting.roles:
            meeting.roles.remove("attendedBy")  # who spoke was there
    return sorted(meetings.values(), key=lambda m: (m.near, m.said.evidence[0].letter.iri, m.said.evidence[0].start))


def _mentions(counts: facets.Facets, iri: str, all_letters: dict[str, Letter]) -> list[Places]:
    found = {document: Places(all_letters[document], n) for document, n in counts.letters_of(iri) if document in all_letters}
    for document, place, quote in counts.places(iri):
        if document in found:
            found[document].places.append((f"p{place}", quote))
    return sorted(found.values(), key=lambda p: (p.letter.date, p.letter.iri))


def _others(labels: list[tuple[str, str | None]], title: str) -> list[tuple[str, str | None]]:
    seen = {title.casefold()}
    others = []
    for text, tag in labels:
        if text.casefold() not in seen:
            seen.add(text.casefold())
            others.append((text, tag))
    return others


def _types(rows: list[Row]) -> list[tuple[str, str]]:
    """The narrowest classes."""
    broader = {row["super"].value for row in rows if "super" in row}
    found = {
        row["type"].value: row["label"].value for row in rows
        if row["type"].value not in broader and lookups.local_name(row["type"].value) not in _BROAD
        and row["type"].value.startswith(lookups.PREFIXES["avvn"])
    }
    return list(found.items())


@dataclass(frozen=True, slots=True)
class Fact:
    """An attribute with its values."""

    iri: str
    label: str
    values: list[Thing]


def _facts(rows: list[Row], kind: str, names: Names, href: Addresses, lang: str) -> list[Fact]:
    """Attributes that no statement tells and that are no name."""
    facts: dict[str, Fact] = {}
    for row in rows:
        name = lookups.local_name(row["p"].value)
        o = row["o"]
        if name in _HIDDEN or name in _ELSEWHERE or (kind in _HERE and name in _SHOWN) or (name in _RELATED and name != "represents"):
            continue
        if o.type == "uri" and not href.ours(o.value) and not href(o.value):
            continue
        if "pLabel" not in row and name not in PROPERTIES[lang]:
            continue  # follows from the ontology, in the words of another vocabulary
        label = row["pLabel"].value if "pLabel" in row else PROPERTIES[lang].get(name, name)
        value = Thing(o.value, href.path(o.value) if not href.ours(o.value) else names.thing(o.value).label, href.kind(o.value)) \
            if o.type == "uri" else Thing("", date(o.value, lang) if name in ("date", "period", "startDate", "endDate") else o.value, lang=o.lang)
        fact = facts.setdefault(row["p"].value, Fact(row["p"].value, label, []))
        if value not in fact.values:
            fact.values.append(value)
    return list(facts.values())


def _elsewhere(rows: list[Row], href: Addresses) -> list[str]:
    return list(dict.fromkeys(
        row["o"].value for row in rows
        if row["o"].type == "uri" and lookups.local_name(row["p"].value) in _ELSEWHERE and not href.ours(row["o"].value) and href(row["o"].value)
    ))


def _place(rows: list[Row], href: Addresses, kind: str) -> str:
    """For a passage or mention: where it stands in its letter."""
    if kind not in ("passage", "mention"):
        return ""
    values = {lookups.local_name(row["p"].value): row["o"].value for row in rows}
    if kind == "mention":
        return href(values["inPassage"]) if "inPassage" in values else ""
    place = next((row["o"].value for row in rows if lookups.local_name(row["p"].value) == "inDocument"), "")
    span = f"p{values['start']}-{values['end']}" if {"start", "end"} <= values.keys() else ""
    return f"{href(place)}#{span}" if place and span else ""
