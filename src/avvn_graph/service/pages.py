"""The pages: plain HTML rendered on the server, in Dutch or English, that works without JavaScript."""

from __future__ import annotations

from collections import defaultdict
from functools import lru_cache
from pathlib import Path
from typing import Any

from fastapi import Request
from jinja2 import Environment, FileSystemLoader
from starlette.responses import Response

from avvn_graph.service import lookups
from avvn_graph.service.deps import State
from avvn_graph.service.graphs import Row, Snapshot
from avvn_graph.service.words import COLUMNS, WORDS

PREFIXES = lookups.HEADER
_HERE = Path(__file__).resolve().parent
_MOST_ROWS = 300
# Said elsewhere on a page, or of no use to a reader.
_HIDDEN = frozenset({"label", "prefLabel", "altLabel", "type", "title", "text", "wasGeneratedBy"})


def language(request: Request) -> str:
    """``nl`` or ``en``: by ``?lang=``, else by Accept-Language."""
    asked = request.query_params.get("lang")
    if asked in WORDS:
        return asked
    best, quality = "nl", 0.0
    for part in request.headers.get("accept-language", "").split(","):
        name, _, q = part.strip().partition(";q=")
        try:
            weight = float(q or 1)
        except ValueError:
            continue
        if name[:2].lower() in WORDS and weight > quality:
            best, quality = name[:2].lower(), weight
    return best


@lru_cache(maxsize=1)
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_HERE / "templates"), autoescape=True, trim_blocks=True, lstrip_blocks=True, auto_reload=False
    )
    environment.filters["local"] = lookups.local_name
    return environment


def render(request: Request, template: str, status: int = 200, **context: Any) -> Response:
    """A page. ``w`` in the template has the words of its language; ``href`` makes an IRI of ours an address of this server."""
    lang = language(request)
    base = request.app.state.avvn.settings.base_iri

    def href(iri: str) -> str:
        if iri.startswith(f"{base}id/"):
            return "/page/" + iri.removeprefix(f"{base}id/")
        if iri.startswith(lookups.PREFIXES["avvn"]):
            return "/page/ontology#" + lookups.local_name(iri)
        # Nothing but the web: a javascript: IRI in the data must not become a link.
        return iri if iri.startswith(("http://", "https://")) else ""

    other = str(request.url.include_query_params(lang=WORDS[lang]["languageCode"]).query)
    html = _environment().get_template(template).render(
        w=WORDS[lang], lang=lang, href=href, other=f"?{other}", **context
    )
    headers = {"content-type": "text/html; charset=utf-8", "vary": "Accept, Accept-Language"}
    return Response(html, status, headers)


_TRIPLES = """SELECT ?p ?pLabel ?o ?oLabel WHERE { %s ?p ?o
  OPTIONAL { ?p rdfs:label ?pLabel FILTER(LANG(?pLabel) = "%s") }
  OPTIONAL { ?o rdfs:label ?oLabel }
} ORDER BY ?p ?o ?oLabel"""

_STATEMENTS = """SELECT ?statement ?s ?sLabel ?p ?pLabel ?o ?oLabel ?modality ?claimant ?passage ?text ?document ?title WHERE {
  { SELECT DISTINCT ?statement WHERE { { ?statement rdf:subject %(iri)s } UNION { ?statement rdf:object %(iri)s } }
    ORDER BY ?statement LIMIT %(most)d }
  ?statement rdf:subject ?s ; rdf:predicate ?p ; rdf:object ?o ; avvn:modality ?modality ; avvn:evidence ?passage .
  ?passage avvn:text ?text ; avvn:inDocument ?document .
  ?document dcterms:title ?title .
  OPTIONAL { ?statement avvn:claimedBy/rdfs:label ?claimant }
  OPTIONAL { ?s rdfs:label ?sLabel FILTER(LANG(?sLabel) IN ("nl", "")) }
  OPTIONAL { ?o rdfs:label ?oLabel FILTER(LANG(?oLabel) IN ("nl", "")) }
  OPTIONAL { ?p rdfs:label ?pLabel FILTER(LANG(?pLabel) = "%(lang)s") }
} ORDER BY ?p ?s ?o ?passage"""

_MENTIONS = """SELECT ?document ?title ?passage ?start ?quote WHERE {
  ?mention avvn:mentionOf %s ; avvn:inDocument ?document ; avvn:inPassage ?passage ; avvn:start ?start ; avvn:quote ?quote .
  ?document dcterms:title ?title
} ORDER BY ?document ?start LIMIT 2000"""


def _triples(rows: list[Row]) -> list[dict[str, Any]]:
    """Properties with their values, each value once with one label."""
    shown: dict[str, dict[str, Any]] = {}
    for row in rows:
        name = lookups.local_name(row["p"].value)
        if name in _HIDDEN:
            continue
        group = shown.setdefault(row["p"].value, {
            "iri": row["p"].value, "label": row["pLabel"].value if "pLabel" in row else name, "values": {},
        })
        o = row["o"]
        label = row["oLabel"].value if "oLabel" in row else (lookups.local_name(o.value) if o.type == "uri" else o.value)
        group["values"].setdefault((o.type, o.value), {"iri": o.value if o.type == "uri" else "", "label": label, "lang": o.lang})
    return [{**g, "values": list(g["values"].values())} for g in shown.values()]


def _statements(rows: list[Row]) -> list[dict[str, Any]]:
    """Statements under their predicate, each with its passages."""
    found: dict[str, dict[str, Any]] = {}
    for row in rows:
        one = found.setdefault(row["statement"].value, {
            "iri": row["statement"].value, "predicate": row["p"].value,
            "label": row["pLabel"].value if "pLabel" in row else lookups.local_name(row["p"].value),
            "modality": lookups.local_name(row["modality"].value), "claimant": row["claimant"].value if "claimant" in row else None,
            "evidence": {},
            **{side: {
                "iri": row[key].value if row[key].type == "uri" else "",
                "label": row[f"{key}Label"].value if f"{key}Label" in row else lookups.local_name(row[key].value)
                if row[key].type == "uri" else row[key].value,
            } for side, key in (("subject", "s"), ("object", "o"))},
        })
        one["evidence"].setdefault(row["passage"].value, {
            "iri": row["passage"].value, "text": row["text"].value, "document": row["document"].value, "title": row["title"].value,
        })
    return [{**one, "evidence": list(one["evidence"].values())} for one in found.values()]


async def thing(request: Request, app: State, snapshot: Snapshot, iri: str, kind: str) -> Response:
    """The page of anything but a letter."""
    term = lookups.iri(iri)
    lang = language(request)
    facts = await snapshot.select(lookups.HEADER + _TRIPLES % (term, lang))
    statements = await snapshot.select(lookups.HEADER + _STATEMENTS % {"iri": term, "lang": lang, "most": _MOST_ROWS})
    mentions = await snapshot.select(lookups.HEADER + _MENTIONS % term)
    names = (await lookups.labels(snapshot, [iri])).get(iri, [])
    texts = [row["o"].value for row in facts if lookups.local_name(row["p"].value) in ("text", "quote")]
    letters: dict[str, dict[str, Any]] = {}
    for row in mentions:
        letter = letters.setdefault(row["document"].value, {
            "iri": row["document"].value, "title": row["title"].value, "places": [], "count": 0,
        })
        letter["count"] += 1
        if len(letter["places"]) < 20:
            letter["places"].append({"anchor": _anchor(row["passage"].value), "quote": row["quote"].value})
    title = names[0][0] if names else texts[0][:80] if texts else lookups.local_name(iri)
    types = [
        {"iri": row["o"].value, "label": row["oLabel"].value if "oLabel" in row else lookups.local_name(row["o"].value)}
        for row in facts if row["p"].value.endswith("#type") and ("oLabel" not in row or row["oLabel"].lang == lang)
    ]
    return render(
        request, "thing.html", title=title, iri=iri, kind=kind, names=names[1:], types=types, text=texts[0] if texts else None,
        facts=_triples(facts), statements=_statements(statements), letters=list(letters.values()), data=_data_path(app, iri),
        most=_MOST_ROWS,
    )


def _data_path(app: State, iri: str) -> str:
    return "/data/" + iri.removeprefix(f"{app.settings.base_iri}id/")


def _anchor(passage: str) -> str:
    return "p" + passage.rsplit("/", 1)[-1]


_PASSAGES = """SELECT ?passage ?start ?text ?kind ?section ?speaker ?number WHERE {
  ?passage a avvn:Passage ; avvn:inDocument %s ; avvn:start ?start ; avvn:text ?text ; avvn:passageKind ?kind .
  OPTIONAL { ?passage avvn:section ?section }
  OPTIONAL { ?passage avvn:speakerName ?speaker }
  OPTIONAL { ?passage avvn:questionNumber ?number }
} ORDER BY ?start"""

_QUOTES = """SELECT ?passage ?start ?end ?quote ?entity ?label WHERE {
  ?m avvn:inDocument %s ; avvn:inPassage ?passage ; avvn:start ?start ; avvn:end ?end ; avvn:quote ?quote ; avvn:mentionOf ?entity .
  OPTIONAL { ?entity rdfs:label ?label FILTER(LANG(?label) IN ("nl", "")) }
} ORDER BY ?start DESC(?end)"""


async def document(request: Request, app: State, snapshot: Snapshot, iri: str) -> Response:
    """The page of a letter: its text, with what it mentions as links."""
    term = lookups.iri(iri)
    facts = await snapshot.select(lookups.HEADER + _TRIPLES % (term, language(request)))
    passages = await snapshot.select(lookups.HEADER + _PASSAGES % term)
    quotes: defaultdict[str, list[Row]] = defaultdict(list)
    for row in await snapshot.select(lookups.HEADER + _QUOTES % term):
        quotes[row["passage"].value].append(row)
    names = (await lookups.labels(snapshot, [iri])).get(iri, [])
    shown = []
    before = None
    for row in passages:
        speaker = row["speaker"].value if "speaker" in row else None
        shown.append({
            "anchor": _anchor(row["passage"].value), "iri": row["passage"].value, "kind": row["kind"].value,
            "number": row["number"].value if "number" in row else None,
            "speaker": speaker if speaker != before else None, "parts": _parts(row["text"].value, quotes[row["passage"].value]),
        })
        before = speaker
    title = names[0][0] if names else lookups.local_name(iri)
    return render(request, "document.html", title=title, iri=iri, facts=_triples(facts), passages=shown, data=_data_path(app, iri))


def _parts(text: str, quotes: list[Row]) -> list[dict[str, str]]:
    """The text cut into plain stretches and mentions.

    Mentions have source offsets and the text is clean, so each is looked for by its quote, after the one before it; of
    mentions within each other the longest is shown.
    """
    parts: list[dict[str, str]] = []
    position, covered = 0, -1
    for row in quotes:
        if int(row["start"].value) < covered:
            continue
        begin = text.find(row["quote"].value, position)
        if begin < 0:
            continue
        end = begin + len(row["quote"].value)
        label = row["label"].value if "label" in row else lookups.local_name(row["entity"].value)
        parts += [{"text": text[position:begin]}, {"text": text[begin:end], "iri": row["entity"].value, "label": label}]
        position, covered = end, int(row["end"].value)
    parts.append({"text": text[position:]})
    return [p for p in parts if p["text"]]


_TERMS = """SELECT ?term ?type ?label ?comment ?super WHERE { GRAPH %s {
  VALUES ?type { owl:Class owl:ObjectProperty owl:DatatypeProperty }
  ?term a ?type .
  OPTIONAL { ?term rdfs:label ?label FILTER(LANG(?label) = "%s") }
  OPTIONAL { ?term rdfs:comment ?comment FILTER(LANG(?comment) = "%s") }
  OPTIONAL { ?term rdfs:subClassOf|rdfs:subPropertyOf ?super }
} } ORDER BY ?type ?term ?super"""


async def ontology(request: Request, app: State, snapshot: Snapshot) -> Response:
    """The ontology's terms."""
    lang = language(request)
    graph = lookups.iri(f"{app.settings.base_iri}graph/ontology")
    rows = await snapshot.select(lookups.HEADER + _TERMS % (graph, lang, lang))
    groups: dict[str, list[dict[str, Any]]] = {"Class": [], "ObjectProperty": [], "DatatypeProperty": []}
    for (term, type_), same in lookups.grouped(rows, "term", "type").items():
        groups[lookups.local_name(type_)].append({
            "iri": term, "name": lookups.local_name(term), "label": same[0]["label"].value if "label" in same[0] else "",
            "comment": same[0]["comment"].value if "comment" in same[0] else "",
            "supers": list(dict.fromkeys(r["super"].value for r in same if "super" in r)),
        })
    return render(request, "ontology.html", groups=groups)


_LETTERS = """SELECT ?document ?title ?date WHERE { ?document a avvn:Document ; dcterms:title ?title OPTIONAL { ?document dcterms:date ?date } }
ORDER BY ?date ?title"""


async def home(request: Request, app: State, **context: Any) -> Response:
    """The page with the question box."""
    letters: list[Row] = []
    if app.graphs.now:
        async with app.graphs.lease() as snapshot:
            letters = await snapshot.select(lookups.HEADER + _LETTERS)
    columns = COLUMNS[language(request)]
    return render(request, "home.html", letters=letters, columns=columns, built=app.graphs.now is not None, **context)


def docs(request: Request, schema: dict[str, Any]) -> Response:
    """The API's manual, from its OpenAPI document."""
    models = schema.get("components", {}).get("schemas", {})
    groups: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            groups[next(iter(operation.get("tags", ["Service"])))].append({"path": path, "method": method.upper(), **operation})
    return render(request, "docs.html", groups=groups, models=models, info=schema["info"])
