"""The other pages: the catalogue of queries, the editor, the ontology, the figures of quality, what this is, the API's manual."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from fastapi import Request
from starlette.responses import Response

from avvn_graph.errors import AvvnError
from avvn_graph.service import asking, facets, lookups, problems
from avvn_graph.service.deps import State
from avvn_graph.service.graphs import Snapshot, Term, parse
from avvn_graph.service.pages.answer import described
from avvn_graph.service.pages.layout import language, render
from avvn_graph.service.pages.things import letters
from avvn_graph.service.words import WORDS
from avvn_graph.settings import resource_root
from avvn_graph.store import gate
from avvn_graph.store.base import JSON, TURTLE

_MOST_ROWS = 500
_OPENING = """SELECT ?resolution ?label ?initiator WHERE {
  ?resolution avvn:initiatedBy ?initiator ; rdfs:label ?label
} LIMIT 100"""


async def catalogue(request: Request, app: State) -> Response:
    """All canned queries with their descriptions."""
    lang = language(request)
    groups: defaultdict[str, list[Any]] = defaultdict(list)
    for query in app.catalogue.values():
        if query.name != "labels":
            groups[_subject(query.text)].append((query, described(query, lang)))
    order = ("Resolution", "Event", "Person", "Amount", "Country", "Document", "Statement")
    return render(
        request, "queries.html", title=WORDS[lang]["queries"], groups={k: groups[k] for k in order if k in groups},
        examples=asking.examples(app, lang),
    )


_SUBJECTS = (
    ("Resolution", ("?resolution ",)), ("Amount", ("?amount ", "?recipient (")), ("Person", ("?person ", "?office ")),
    ("Event", ("?event ", "?participant ", "?chaired ", "?first ")), ("Document", ("?document ?", "?number ", "?kind ", "?dossier ", "?passage ")),
    ("Country", ("?country ", "?body ", "?mission ", "?thing ", "?predicate ?other")),
)


def _subject(text: str) -> str:
    """What the rows of a query are about: by the first of its columns that tells."""
    select = next((line for line in text.splitlines() if line.startswith("SELECT")), "")
    first = re.sub(r"^SELECT (?:DISTINCT )?", "", select)
    return next((name for name, starts in _SUBJECTS if first.startswith(starts)), "Statement")


@dataclass(frozen=True, slots=True)
class Cell:
    """A value of a result."""

    text: str
    iri: str = ""
    lang: str | None = None


async def editor(request: Request, app: State, query: str | None = None) -> Response:
    """The editor; with ``?run=`` the answer to its query as a table below it."""
    asked = query if query is not None else request.query_params.get("query", "")
    context: dict[str, Any] = {"problem": "", "columns_": [], "rows": None, "more": 0, "truth": None, "graph": ""}
    status = 200
    if asked.strip() and request.query_params.get("run"):
        form = gate.inspect(asked).form
        try:
            async with app.graphs.lease() as snapshot:
                if form in ("CONSTRUCT", "DESCRIBE"):
                    context["graph"] = (await snapshot.query(asked, media_type=TURTLE, prefixes=lookups.PREFIXES)).body.decode()
                elif form == "ASK":
                    body = (await snapshot.query(asked, media_type=JSON)).body
                    context["truth"] = b"true" in body
                else:
                    context["columns_"], rows = parse((await snapshot.query(asked, media_type=JSON)).body)
                    context["rows"] = [[_cell(row.get(c)) for c in context["columns_"]] for row in rows[:_MOST_ROWS]]
                    context["more"] = len(rows)
        except AvvnError as error:
            context["problem"], status = str(error), problems.of(error).status_code
    return render(
        request, "sparql.html", status, title="SPARQL", prefixes=lookups.HEADER, sparql=asked or f"{_used(_OPENING)}\n{_OPENING}",
        timeout=f"{app.settings.query_timeout:g}", canned=[q for q in app.catalogue.values() if not any(p.required for p in q.parameters)],
        queries=app.catalogue.values(), base=app.settings.base_iri, **context,
    )


def _used(query: str) -> str:
    return "\n".join(f"PREFIX {p}: <{n}>" for p, n in lookups.PREFIXES.items() if f"{p}:" in query) + "\n"


def _cell(term: Term | None) -> Cell:
    return Cell("") if term is None else Cell(term.value, term.value if term.type == "uri" else "", term.lang)


_TERMS = """SELECT ?term ?type ?label ?comment ?super ?example WHERE { GRAPH %s {
  VALUES ?type { owl:Class owl:ObjectProperty owl:DatatypeProperty }
  ?term a ?type .
  OPTIONAL { ?term rdfs:label ?label FILTER(LANG(?label) = "%s") }
  OPTIONAL { ?term rdfs:comment ?comment FILTER(LANG(?comment) = "%s") }
  OPTIONAL { ?term rdfs:subClassOf|rdfs:subPropertyOf ?super }
  OPTIONAL { ?term skos:example ?example }
} } ORDER BY ?type ?term ?super"""


async def ontology(request: Request, app: State, snapshot: Snapshot) -> Response:
    """The ontology's terms."""
    lang = language(request)
    graph = lookups.iri(f"{app.settings.base_iri}graph/ontology")
    rows = await snapshot.select(lookups.HEADER + _TERMS % (graph, lang, lang))
    groups: dict[str, list[dict[str, Any]]] = {"Class": [], "ObjectProperty": [], "DatatypeProperty": []}
    for (term, type_), same in lookups.grouped(rows, "term", "type").items():
        groups[lookups.local_name(type_)].append({
            "iri": term, "name": lookups.local_name(term), "ours": term.startswith(lookups.PREFIXES["avvn"]), "label": same[0]["label"].value if "label" in same[0] else "",
            "comment": same[0]["comment"].value if "comment" in same[0] else "",
            "example": same[0]["example"].value if "example" in same[0] else "",
            "supers": list(dict.fromkeys(r["super"].value for r in same if "super" in r)),
        })
    return render(request, "ontology.html", title=WORDS[lang]["ontology"], groups=groups)


def quality(request: Request) -> Response:
    """The figures of docs/quality.md."""
    lang = language(request)
    return render(request, "quality.html", title=WORDS[lang]["quality"], body=quality_text())


@lru_cache(maxsize=1)
def quality_text() -> str:
    """docs/quality.md as HTML; empty where the package came without it."""
    from markdown_it import MarkdownIt

    path = resource_root() / "docs" / "quality.md"
    if not path.is_file():
        return ""
    return str(MarkdownIt("commonmark", {"html": False}).enable("table").render(path.read_text(encoding="utf-8")))


async def about(request: Request, app: State) -> Response:
    """What this is, how it was made, and how to take the data along."""
    lang = language(request)
    numbers = facets.Counts()
    count = 0
    if app.graphs.now:
        async with app.graphs.lease() as snapshot:
            counted = facets.of(snapshot)
            each = [counted.letter(iri) for iri in await letters(snapshot)]
            count = len(each)
            numbers = facets.Counts(*(sum(getattr(c, name) for c in each) for name in ("passages", "mentions", "statements")))
    return render(request, "about.html", title=WORDS[lang]["aboutLead"], numbers=numbers, letters=count)


def docs(request: Request, schema: dict[str, Any]) -> Response:
    """The API's manual, from its OpenAPI document."""
    models = schema.get("components", {}).get("schemas", {})
    groups: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            tags: Sequence[str] = operation.get("tags", ["Service"])
            groups[next(iter(tags))].append({"path": path, "method": method.upper(), **operation})
    return render(request, "docs.html", title=WORDS[language(request)]["api"], groups=groups, models=models, info=schema["info"])
