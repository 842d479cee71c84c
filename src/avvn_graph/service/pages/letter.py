"""The page of a letter: all of its text, what it names marked by kind, and beside each sentence what it states."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from weakref import WeakKeyDictionary

from fastapi import Request
from markupsafe import Markup, escape
from starlette.responses import Response

from avvn_graph.service import facets, lookups
from avvn_graph.service.deps import State
from avvn_graph.service.graphs import Row, Snapshot
from avvn_graph.service.pages import structured
from avvn_graph.service.pages.layout import Addresses, language, render
from avvn_graph.service.pages.things import Names, Said, Thing, letters, statements_where
from avvn_graph.service.problems import ProblemError
from avvn_graph.service.words import RELATIONS, WORDS

_FACTS = "SELECT ?p ?o WHERE { %s ?p ?o } ORDER BY ?p ?o"
_PASSAGES = """SELECT ?passage ?start ?end ?text ?kind ?paragraph ?section ?speaker ?number ?anchor WHERE {
  ?passage a avvn:Passage ; avvn:inDocument %s ; avvn:start ?start ; avvn:end ?end ; avvn:text ?text ; avvn:passageKind ?kind .
  OPTIONAL { ?passage avvn:paragraph ?paragraph }
  OPTIONAL { ?passage avvn:section ?section }
  OPTIONAL { ?passage avvn:speakerName ?speaker }
  OPTIONAL { ?passage avvn:questionNumber ?number }
  OPTIONAL { ?passage avvn:anchor ?anchor }
} ORDER BY ?start"""
_QUOTES = """SELECT ?passage ?start ?end ?quote ?entity WHERE {
  ?m avvn:inDocument %s ; avvn:inPassage ?passage ; avvn:start ?start ; avvn:end ?end ; avvn:quote ?quote ; avvn:mentionOf ?entity
} ORDER BY ?start DESC(?end)"""
_CABINET = "kabinet"
_PLACE = re.compile(r"(\d{1,9})[,-](\d{1,9})")
_TOP = 8


@dataclass(slots=True)
class Entry:
    """A line of the side list; ``inner`` are those below it."""

    anchor: str
    title: str
    inner: list[Entry] = field(default_factory=list)


@dataclass(slots=True)
class Prepared:
    """A letter made ready for one language: its body, its side list, and which offsets are where."""

    body: str
    entries: list[Entry]
    spans: list[tuple[int, int]]
    said: list[Said]


_KEPT: WeakKeyDictionary[Snapshot, dict[tuple[str, str], Prepared]] = WeakKeyDictionary()
_MOST_KEPT = 64


async def page(request: Request, app: State, snapshot: Snapshot, iri: str) -> Response:
    """The page of a letter.

    ``?char=start,end`` marks the sentences of these offsets, ``?passage=start-end`` opens what a sentence states,
    ``?mark=kind/key`` marks one thing; each works without a script.
    """
    lang = language(request)
    letter = (await letters(snapshot)).get(iri)
    if letter is None:
        raise ProblemError(404, "unknown", "the graph has no such letter")
    ready = await prepared(app, snapshot, iri, lang)
    triples = await snapshot.select(lookups.HEADER + _FACTS % lookups.iri(iri))
    counts = facets.of(snapshot)
    mentioned = counts.of_letter(iri)
    names = await Names.of(app, snapshot, [entity for found in mentioned.values() for entity, _ in found[:_TOP]], lang)
    values: defaultdict[str, list[str]] = defaultdict(list)
    for row in triples:
        values[lookups.local_name(row["p"].value)].append(row["o"].value)
    body = ready.body
    lit = _lit(request, ready.spans)
    for start, end in lit:
        body = body.replace(f'id="p{start}-{end}"', f'id="p{start}-{end}" data-lit', 1)
    opened = request.query_params.get("passage", "")
    if opened:
        body = body.replace(f'<details class="says" data-of="p{opened}"', f'<details open class="says" data-of="p{opened}"', 1)
    mark = request.query_params.get("mark", "")
    if mark:
        href = Addresses(app.settings.base_iri)(f"{app.settings.base_iri}id/{mark}")
        body = body.replace(f'href="{escape(href)}"', f'href="{escape(href)}" data-lit')
    kinds = [(kind, len(found), sum(n for _, n in found)) for kind, found in mentioned.items()]
    dossier = next((v for v in values["identifier"]), "")
    return render(
        request, "letter.html", title=letter.title, letter=letter, iri=iri, body=Markup(body), entries=ready.entries,
        kinds_here=sorted(kinds, key=lambda k: -k[2]), top={k: [(names.thing(e), n) for e, n in found[:_TOP]] for k, found in mentioned.items()},
        senders=values["sender"], dossier=dossier, source=next(iter(values["sourceFile"]), ""), elsewhere=values["seeAlso"],
        counts=counts.letter(iri), data=f"/data/document/{letter.slug}", lit=bool(lit), mark=mark,
        structured=structured.of(iri, "document", letter.title, [], triples, [], request),
    )


def _lit(request: Request, spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The passages that ``?char=`` or ``?passage=`` points at."""
    for name in ("char", "passage"):
        found = _PLACE.fullmatch(request.query_params.get(name, ""))
        if found:
            start, end = int(found[1]), int(found[2])
            return [s for s in spans if s[0] < end and s[1] > start]
    return []


async def prepared(app: State, snapshot: Snapshot, iri: str, lang: str) -> Prepared:
    """A letter made ready for one language; made once."""
    kept = _KEPT.setdefault(snapshot, {})
    found = kept.get((iri, lang))
    if found is None:
        found = await _prepare(app, snapshot, iri, lang)
        if len(kept) >= _MOST_KEPT:
            del kept[next(iter(kept))]
        kept[iri, lang] = found
    return found


async def _prepare(app: State, snapshot: Snapshot, iri: str, lang: str) -> Prepared:
    term = lookups.iri(iri)
    passages = await snapshot.select(lookups.HEADER + _PASSAGES % term)
    quotes: defaultdict[str, list[Row]] = defaultdict(list)
    for row in await snapshot.select(lookups.HEADER + _QUOTES % term):
        quotes[row["passage"].value].append(row)
    said: defaultdict[str, list[Said]] = defaultdict(list)
    statements = await statements_where(app, snapshot, f"?statement a avvn:Statement ; avvn:inDocument {term}", lang)
    for one in statements:
        for evidence in one.evidence:
            said[evidence.iri].append(one)
    setter = _Setter(Addresses(app.settings.base_iri), lang, quotes, said, _notes(passages))
    setter.set(passages)
    spans = [(int(row["start"].value), int(row["end"].value)) for row in passages]
    return Prepared("".join(setter.out), setter.entries, spans, statements)


def _notes(passages: list[Row]) -> dict[str, list[Row]]:
    """Footnotes by the passage in which their mark stands."""
    marks = sorted((int(row["anchor"].value), n, row) for n, row in enumerate(passages) if "anchor" in row)
    found: dict[str, list[Row]] = {}
    for row in passages:
        if row["kind"].value == "footnote":
            continue
        start, end = int(row["start"].value), int(row["end"].value)
        while marks and marks[0][0] < start:
            marks.pop(0)
        while marks and marks[0][0] <= end:
            found.setdefault(row["passage"].value, []).append(marks.pop(0)[2])
    return found


class _Setter:
    """Sets passages as HTML: paragraphs, lists, headings, questions and answers, notes at the end."""

    def __init__(
        self, href: Addresses, lang: str, quotes: dict[str, list[Row]], said: dict[str, list[Said]], notes: dict[str, list[Row]]
    ) -> None:
        self.out: list[str] = []
        self.entries: list[Entry] = []
        self._href = href
        self._lang = lang
        self._w = WORDS[lang]
        self._quotes = quotes
        self._said = said
        self._notes = notes
        self._open: list[str] = []
        self._turns: set[str] = set()

    def set(self, passages: list[Row]) -> None:
        """All of a letter."""
        block: tuple[str, ...] | None = None
        turn: tuple[str, str] | None = None
        for row in passages:
            kind = row["kind"].value
            if kind == "footnote":
                continue
            this_turn = (kind, row["number"].value if "number" in row else "") if kind in ("question", "answer") else None
            heading = kind == "heading"
            if heading and "speaker" in row and row["speaker"].value == _CABINET and "number" in row:
                continue  # "1. Antwoord van het kabinet": the answer's own head says it
            if this_turn != turn:
                self._close("div", "ul", "section")
                block = None
                if this_turn:
                    self._turn(row, *this_turn)
                turn = this_turn
            if heading:
                self._close("div", "ul", "section")
                block, turn = None, None
                self._heading(row)
                continue
            tag = "ul" if kind == "item" else "p"
            now = ("ul",) if tag == "ul" else ("p", kind, row["paragraph"].value if "paragraph" in row else row["start"].value)
            if now != block:
                self._close("div", "ul")
                self.out.append("<ul>" if tag == "ul" else '<div class="p signature">' if kind == "signature" else '<div class="p">')
                self._open.append("ul" if tag == "ul" else "div")
                block = now
            elif tag == "p":
                self.out.append(" ")
            if tag == "ul":
                self.out.append("<li>")
            self._sentence(row)
            if tag == "ul":
                self.out.append("</li>")
        self._close("div", "ul", "section")
        self._footnotes(passages)

    def _close(self, *tags: str) -> None:
        while self._open and self._open[-1] in tags:
            self.out.append(f"</{self._open.pop()}>")

    def _heading(self, row: Row) -> None:
        path = row["section"].value.split(" › ") if "section" in row else []
        text = row["text"].value
        depth = max(1, len(path) if path and path[-1] == text else len(path) + 1)
        anchor = _anchor(row)
        level = min(depth + 1, 5)
        self.out.append(f'<h{level} id="{anchor}" class="s">{self._marked(row)}</h{level}>')
        entries = self.entries
        for _ in range(min(depth, 3) - 1):
            if not entries:
                break
            entries = entries[-1].inner
        entries.append(Entry(anchor, text))

    def _turn(self, row: Row, kind: str, number: str) -> None:
        speaker = row["speaker"].value if "speaker" in row else ""
        who = self._w["cabinet"] if speaker == _CABINET else speaker
        title = self._w[f"{kind}N"].format(n=number).strip()
        anchor = f"{kind}-{number or row['start'].value}"
        self._open.append("section")
        if anchor in self._turns:  # goes on after a heading
            self.out.append(f'<section class="turn {kind}">')
            return
        self._turns.add(anchor)
        self.out.append(
            f'<section class="turn {kind}" id="{escape(anchor)}"><h4><a href="#{escape(anchor)}">{escape(title)}</a>'
            f' <span class="who">{escape(who)}</span></h4>')

    def _sentence(self, row: Row) -> None:
        anchor = _anchor(row)
        self.out.append(f'<span class="s" id="{anchor}">{self._marked(row)}</span>')
        for note in self._notes.get(row["passage"].value, ()):
            label = note["text"].value.split(" ", 1)[0]
            self.out.append(f'<sup><a class="noteref" href="#{_anchor(note)}">{escape(label)}</a></sup>')
        self._statements(anchor, self._said.get(row["passage"].value, []))

    def _statements(self, anchor: str, said: list[Said]) -> None:
        if not said:
            return
        label = self._w["saysOne"] if len(said) == 1 else self._w["saysHere"].format(n=len(said))
        self.out.append(f'<details class="says" data-of="{anchor}"><summary aria-label="{escape(label)}">{len(said)}</summary><span class="said">')
        for one in said:
            relation = RELATIONS[self._lang].get((one.predicate, "subject"), one.predicate)
            claimed = f' <i>{self._w["claimedBy"]} {escape(one.claimant)}</i>' if one.claimant else ""
            firm = f' <b class="modality {one.modality}">{self._w[one.modality]}</b>' if one.modality != "realised" else ""
            self.out.append(
                f"<span>{self._link(one.subject)} <i>{escape(relation[:1].lower() + relation[1:])}</i> {self._link(one.object)}{firm}{claimed}</span>")
        self.out.append("</span></details>")

    def _link(self, thing: Thing) -> str:
        return f'<a href="{escape(self._href(thing.iri))}">{escape(thing.label)}</a>' if thing.iri else f"<q>{escape(thing.label)}</q>"

    def _marked(self, row: Row) -> str:
        """The text of a passage with what it mentions as links.

        Mentions have source offsets and the text is clean, so each is looked for by its quote, after the one before it; of
        mentions within each other the longest is shown.
        """
        text = row["text"].value
        parts: list[str] = []
        position, covered = 0, -1
        for quote in self._quotes.get(row["passage"].value, ()):
            if int(quote["start"].value) < covered:
                continue
            begin = text.find(quote["quote"].value, position)
            if begin < 0:
                continue
            end = begin + len(quote["quote"].value)
            entity = quote["entity"].value
            parts += (
                str(escape(text[position:begin])),
                f'<a class="m {self._href.kind(entity)}" href="{escape(self._href(entity))}">{escape(text[begin:end])}</a>',
            )
            position, covered = end, int(quote["end"].value)
        parts.append(str(escape(text[position:])))
        return "".join(parts)

    def _footnotes(self, passages: list[Row]) -> None:
        notes = [row for row in passages if row["kind"].value == "footnote"]
        if not notes:
            return
        self.out.append(f'<aside class="notes" aria-label="{self._w["notes"]}">')
        for row in notes:
            self.out.append('<div class="p">')
            self._sentence(row)
            self.out.append("</div>")
        self.out.append("</aside>")


def _anchor(row: Row) -> str:
    return f"p{row['start'].value}-{row['end'].value}"
