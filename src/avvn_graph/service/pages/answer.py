"""A canned query as a page: what was understood, the answer in a sentence, the table with evidence, and ways to take it along."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode
from weakref import WeakKeyDictionary

from fastapi import Request
from starlette.responses import RedirectResponse, Response

from avvn_graph.catalogue import CannedQuery
from avvn_graph.errors import AvvnError
from avvn_graph.service import asking, lookups
from avvn_graph.service.deps import State
from avvn_graph.service.graphs import Row, Snapshot
from avvn_graph.service.pages.choices import Field, fields
from avvn_graph.service.pages.found import search
from avvn_graph.service.pages.layout import language, render
from avvn_graph.service.pages.sentences import sentence
from avvn_graph.service.pages.tables import MOST_ROWS, Table, table
from avvn_graph.service.problems import ProblemError
from avvn_graph.service.words.descriptions import DESCRIPTIONS
from avvn_graph.store.base import StoreError

if TYPE_CHECKING:
    from avvn_graph.ask import Answer

# What asks for an answer, rather than for words in the letters.
_QUESTION = re.compile(r"\?|^(?:wie|wat|waar\w*|wanneer|welke?|hoe\w*|waarom|is|zijn|heeft|who|what|where|when|which|how|why|did|does|do|has)\b", re.I)
_MOST_PASSAGES = 5
_MANY_PASSAGES = 20


@dataclass(frozen=True, slots=True)
class Result:
    """What a canned query came to."""

    query: CannedQuery
    fields: list[Field]
    sentence: str
    table: Table
    sparql: str
    link: str
    data: dict[str, str]
    editor: str


async def result(
    app: State, snapshot: Snapshot, query: CannedQuery, values: Mapping[str, str], rows: Sequence[Row], sparql: str, lang: str,
    page: int = 1,
) -> Result:
    """The answer of a canned query that has been run."""
    form = await fields(app, snapshot, query, values, lang)
    found = await table(app, snapshot, query.name, rows, lang, first=(page - 1) * MOST_ROWS)
    given = {f.name: f.value for f in form if f.value}
    asked = urlencode(given)
    api = f"/api/v1/queries/{query.name}"
    return Result(
        query, form, sentence(query, {f.name: f.said for f in form if f.value} | {k: v for k, v in given.items() if k in ("role", "year")}, found, lang),
        found, sparql, f"/queries/{query.name}" + (f"?{asked}" if asked else ""),
        {
            "CSV": f"{api}?{urlencode({**given, 'size': 1000, 'format': 'csv'})}", "JSON": f"{api}?{urlencode({**given, 'size': 1000, 'format': 'json'})}",
            "Turtle": f"/queries/{query.name}.ttl" + (f"?{asked}" if asked else ""),
        },
        f"/page/sparql?{urlencode({'query': sparql})}",
    )


async def question(request: Request, app: State, snapshot: Snapshot, asked: str) -> Response:
    """The page of a question: its answer if there is one, and the passages with its words."""
    lang = language(request)
    answered: Result | None = None
    problem, nearest = "", []
    try:
        answer = await answer_to(app, snapshot, asked)
    except StoreError:
        raise  # too busy and the like: the page of the problem says so
    except AvvnError as error:
        problem = str(error)
    else:
        nearest = list(answer.nearest)
        if answer.query is None:
            problem = answer.summary
        else:
            answered = await result(app, snapshot, app.catalogue[answer.query], answer.parameters, asking.rows(answer), answer.sparql, lang)
    found = await search(app, snapshot, asked, lang, most=_MOST_PASSAGES if answered else _MANY_PASSAGES)
    searched = bool(found.passages or found.names) and not _QUESTION.search(asked)
    return render(
        request, "answer.html", search_only=searched, asked=asked, result=answered, problem=problem, nearest=nearest, found=found,
        catalogue=relations(app, lang), title=asked, page=1, pages=1,
    )


_KEPT: WeakKeyDictionary[Snapshot, dict[str, Answer]] = WeakKeyDictionary()
_MOST_KEPT = 200


async def answer_to(app: State, snapshot: Snapshot, asked: str) -> Answer:
    """The answer to a question; a build answers the same each time, so the last ones are kept."""
    kept = _KEPT.setdefault(snapshot, {})
    answer = kept.pop(asked, None) or await asking.ask(app, snapshot, asked)
    kept[asked] = answer
    while len(kept) > _MOST_KEPT:
        del kept[next(iter(kept))]
    return answer


def relations(app: State, lang: str) -> list[tuple[str, str]]:
    """The canned queries a question can be: name and title."""
    titles = [(q.name, q.title_nl if lang == "nl" else q.title) for q in app.catalogue.values() if q.name not in ("labels", "search", "statement")]
    return sorted(titles, key=lambda t: t[1].casefold())


async def canned(request: Request, app: State, snapshot: Snapshot, name: str) -> Response:
    """The page of a canned query: its form, and its answer when it has what it needs."""
    lang = language(request)
    query = known(app, name)
    values = given(request, query)
    page = page_number(request)
    context: dict[str, Any] = {"query_": query, "description": described(query, lang), "result": None, "problem": "", "page": page, "pages": 1, "catalogue": relations(app, lang)}
    if all(values.get(p.name) for p in query.parameters if p.required):
        try:
            _, rows, sparql = await lookups.run(snapshot, query, values, app.settings.base_iri)
            found = await result(app, snapshot, query, values, rows, sparql, lang, page)
            context["feed"] = f"/feeds/queries/{name}" + (f"?{urlencode(values)}" if values else "")
            context |= {"result": found, "pages": max(1, -(-found.table.total // MOST_ROWS))}
        except ProblemError as error:
            context["problem"] = error.detail
        except StoreError:
            raise
        except AvvnError as error:
            context["problem"] = str(error)
    form = context["result"].fields if context["result"] else await fields(app, snapshot, query, values, lang)
    title = query.title_nl if lang == "nl" else query.title
    return render(request, "query.html", status=400 if context["problem"] else 200, title=title, form=form, **context)


def described(query: CannedQuery, lang: str) -> tuple[str, str]:
    """What a canned query gives, and the language of the text."""
    dutch = DESCRIPTIONS.get(query.name) if lang == "nl" else None
    return (dutch, "nl") if dutch else (query.description, "en")


def known(app: State, name: str) -> CannedQuery:
    """A canned query; raises a 404 problem when there is none of the name."""
    found = app.catalogue.get(name)
    if found is None:
        raise ProblemError(404, "unknown", f"there is no canned query {name[:100]!r}; /queries lists them")
    return found


def given(request: Request, query: CannedQuery) -> dict[str, str]:
    """The values of a query's parameters in an address; what is not its parameter is left."""
    names = {p.name for p in query.parameters}
    return {k: v.strip()[:300] for k, v in request.query_params.items() if k in names and v.strip()}


def page_number(request: Request) -> int:
    """``?page=``, from 1; 1 when it is no number."""
    text = request.query_params.get("page", "")
    return max(1, int(text)) if text.isdecimal() and len(text) < 7 else 1


def chosen(request: Request, app: State, name: str) -> Response:
    """To another canned query, with what the two have in common: how a reader changes what was understood."""
    query = known(app, name)
    # A country that initiated may also have organised: what fits the kind of thing goes along.
    told = {k: v for k, v in request.query_params.items() if v and k not in ("query", "lang", "theme", "page")}
    values: dict[str, str] = {}
    for parameter in query.parameters:
        if parameter.name in told:
            values[parameter.name] = told[parameter.name]
        elif parameter.type == "country":
            country = next((v for k, v in told.items() if v.startswith("country/") or (len(v) == 2 and v.isupper())), "")
            if country:
                values[parameter.name] = country.removeprefix("country/")
        elif parameter.type == "entity" and not parameter.kind and parameter.name in ("organiser", "contributor", "entity", "attendee"):
            country = next((v for v in told.values() if len(v) == 2 and v.isupper()), "")
            if country:
                values[parameter.name] = f"country/{country}"
    asked = urlencode(values)
    return RedirectResponse(f"/queries/{name}" + (f"?{asked}" if asked else ""), 303)


_TURTLE = """CONSTRUCT {
  ?statement ?sp ?so . ?s ?p ?o . ?thing rdfs:label ?name .
  ?passage avvn:text ?text ; avvn:inDocument ?document ; avvn:start ?start ; avvn:end ?end . ?document dcterms:title ?title .
} WHERE {
  { VALUES ?statement { %(statements)s } ?statement ?sp ?so }
  UNION { VALUES ?statement { %(statements)s } ?statement rdf:subject ?s ; rdf:predicate ?p ; rdf:object ?o . ?s ?p ?o }
  UNION { VALUES ?statement { %(statements)s } ?statement avvn:evidence ?passage .
    ?passage avvn:text ?text ; avvn:inDocument ?document ; avvn:start ?start ; avvn:end ?end . ?document dcterms:title ?title }
  UNION { VALUES ?thing { %(things)s } ?thing rdfs:label ?name }
}"""


def turtle(rows: Sequence[Row]) -> str:
    """A CONSTRUCT query for what some rows say: their statements with evidence, and the names of the things in them."""
    statements = {row["statement"].value for row in rows if "statement" in row}
    things = {part for row in rows for name, term in row.items() if term.type == "uri" and name not in ("statement", "passage") for part in [term.value]}
    return lookups.HEADER + _TURTLE % {"statements": lookups.terms(statements), "things": lookups.terms(things)}
