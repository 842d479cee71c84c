"""The register: what kinds of things there are, and all things of a kind."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import Request
from starlette.responses import Response

from avvn_graph.ask import fold
from avvn_graph.service import facets, lookups
from avvn_graph.service.deps import State
from avvn_graph.service.graphs import Row, Snapshot
from avvn_graph.service.pages import figures
from avvn_graph.service.pages.answer import page_number
from avvn_graph.service.pages.layout import Addresses, language, money, render
from avvn_graph.service.pages.things import Names, Thing, letters
from avvn_graph.service.problems import ProblemError
from avvn_graph.service.words import KINDS, WORDS

_PER_PAGE = 500
_PER_PAGE_PLAIN = 100
_LISTED = ("document", "country", "organisation", "person", "event", "resolution", "amount", "treaty", "mission", "dossier", "post", "group", "thing")

_OF_KIND = """SELECT DISTINCT ?e WHERE { ?e a %s FILTER(STRSTARTS(STR(?e), "%s")) } ORDER BY ?e"""
# Of the many kinds without names the class, so that not every subject of the graph is looked at.
_CLASS = {"statement": "avvn:Statement", "passage": "avvn:Passage", "mention": "avvn:Mention"}
# What else stands in the line of a thing, by kind: column and pattern.
_DETAILS: dict[str, tuple[tuple[str, str], ...]] = {
    "resolution": (("symbol", "?e avvn:symbol ?v"), ("year", "?e avvn:year ?v"), ("initiators", "?e avvn:initiatedBy ?v"), ("bodies", "?e avvn:adoptedBy ?v")),
    "person": (("office", "?e avvn:holdsOffice ?v"), ("represents", "?e avvn:represents ?v")),
    "event": (("date", "?e avvn:startDate ?v"), ("place", "?e avvn:place ?v"), ("organisers", "?e avvn:organisedBy ?v")),
    "amount": (("contributor", "?e avvn:pledgedBy ?v"), ("recipient", "?e avvn:recipient ?v"), ("purpose", "?e avvn:purpose ?v")),
    "organisation": (("acronym", "?e avvn:acronym ?v"),),
    "mission": (("contributors", "?v avvn:contributesTo ?e"),),
    "treaty": (), "dossier": (), "post": (("holders", "?v avvn:holdsOffice ?e"),), "country": (), "group": (), "thing": (),
    "statement": (("subject", "?e rdf:subject ?v"), ("predicate", "?e rdf:predicate ?v"), ("object", "?e rdf:object ?v"), ("modality", "?e avvn:modality ?v")),
    "passage": (("quote", "?e avvn:text ?v"),), "mention": (("quote", "?e avvn:quote ?v"),), "rule": (), "build": (), "software": (),
}
_FIGURES = """SELECT ?e ?value ?currency WHERE { ?e a avvn:Amount ; avvn:value ?value ; avvn:currency ?currency }"""


@dataclass(frozen=True, slots=True)
class Line:
    """A thing with how often it is named and what else is told of it."""

    thing: Thing
    mentions: int
    details: dict[str, list[Thing]]
    initial: str


async def register(request: Request, app: State, snapshot: Snapshot) -> Response:
    """All kinds with their number, and the things most often named of each."""
    lang = language(request)
    counted = facets.of(snapshot)
    kinds = counted.kinds()
    most = {kind: sorted(counted.of_kind(kind).items(), key=lambda e: (-e[1], e[0]))[:6] for kind in _LISTED if kind in kinds}
    names = await Names.of(app, snapshot, [iri for found in most.values() for iri, _ in found], lang)
    rows = [(kind, kinds[kind][0], [(names.thing(iri), n) for iri, n in most[kind]]) for kind in _LISTED if kind in kinds]
    all_letters = list((await letters(snapshot)).values())
    return render(request, "register.html", title=WORDS[lang]["register"], rows=rows, letters=all_letters)


async def index(request: Request, app: State, snapshot: Snapshot, kind: str) -> Response:
    """All things of a kind; raises a 404 problem for what is no kind."""
    lang = language(request)
    if kind not in KINDS[lang]:
        raise ProblemError(404, "unknown", f"there is no kind of thing {kind[:60]!r}; /page has them")
    if kind == "document":
        found = list((await letters(snapshot)).values())
        counted = facets.of(snapshot)
        return render(request, "documents.html", title=KINDS[lang][kind][1], kind=kind, letters=[(one, counted.letter(one.iri)) for one in found])
    prefix = f"{app.settings.base_iri}id/{kind}/"
    counted = facets.of(snapshot)
    mentions = counted.of_kind(kind)
    iris = counted.named(kind) or [row["e"].value for row in await snapshot.select(lookups.HEADER + _OF_KIND % (_CLASS.get(kind, "?type"), prefix))]
    wanted = request.query_params.get("name", "").strip()[:100]
    plain = kind in ("statement", "passage", "mention", "rule", "build", "software")
    names = await Names.of(app, snapshot, iris, lang) if not plain else Names({}, lang, app.settings.base_iri)
    things = [names.thing(iri) for iri in iris]
    if mentions and not wanted:  # the vocabularies have every country; a reader looks for those in the letters
        things = [t for t in things if t.iri in mentions]
    if wanted:
        things = [t for t in things if fold(wanted) in fold(t.label)]
    if not plain:
        things.sort(key=lambda t: (fold(t.label), t.iri))
    page = page_number(request)
    per_page = _PER_PAGE_PLAIN if plain else _PER_PAGE
    pages = max(1, -(-len(things) // per_page))
    cut = things[(page - 1) * per_page:page * per_page]
    if kind == "amount":
        cut = await _priced(snapshot, cut, lang)
    details = await _details(app, snapshot, kind, [t.iri for t in cut], lang)
    lines = [Line(t, mentions.get(t.iri, 0), details.get(t.iri, {}), fold(t.label)[:1].upper()) for t in cut]
    columns = [name for name, _ in _DETAILS.get(kind, ())]
    if kind == "event":
        lines.sort(key=lambda one: min((v.label for v in one.details.get("date", [])), default="9999"))
    contributions = await figures.contributions(app, snapshot, None, lang) if kind == "amount" and not wanted else None
    return render(
        request, "index.html", title=KINDS[lang][kind][1], kind=kind, lines=lines, columns_=columns, total=len(things), wanted=wanted,
        page=page, pages=pages, contributions=contributions, plain=plain,
    )


async def _priced(snapshot: Snapshot, things: list[Thing], lang: str) -> list[Thing]:
    """Amounts under what they come to, the largest first."""
    figures_: dict[str, Row] = {row["e"].value: row for row in await snapshot.select(lookups.HEADER + _FIGURES)}
    ordered = sorted(things, key=lambda t: (
        figures_[t.iri]["currency"].value, -float(figures_[t.iri]["value"].value)) if t.iri in figures_ else ("~", 0.0))
    return [
        Thing(t.iri, money(figures_[t.iri]["value"].value, figures_[t.iri]["currency"].value, lang), t.kind) if t.iri in figures_ else t
        for t in ordered
    ]


async def _details(app: State, snapshot: Snapshot, kind: str, iris: list[str], lang: str) -> dict[str, dict[str, list[Thing]]]:
    found: dict[str, dict[str, list[Thing]]] = {}
    if not iris:
        return found
    raw: list[tuple[str, str, Row]] = []
    for name, pattern in _DETAILS.get(kind, ()):
        query = f"SELECT DISTINCT ?e ?v WHERE {{ VALUES ?e {{ {lookups.terms(iris)} }} {pattern} }} ORDER BY ?e ?v"
        raw += [(row["e"].value, name, row) for row in await snapshot.select(lookups.HEADER + query)]
    href = Addresses(app.settings.base_iri)
    names = await Names.of(app, snapshot, {row["v"].value for _, _, row in raw if row["v"].type == "uri" and href.ours(row["v"].value)}, lang)
    for iri, name, row in raw:
        value = row["v"]
        thing = names.term(value) if name != "date" else Thing("", value.value)
        if value.type == "uri" and not href.ours(value.value):
            thing = Thing(value.value, lookups.local_name(value.value))
        found.setdefault(iri, {}).setdefault(name, []).append(thing)
    return found
