"""``/api/v1``: the canned queries as JSON and CSV, item by item with names and evidence."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from typing import Annotated, Any, Literal, TypeVar

from fastapi import APIRouter, Depends, Query, Request
from fastapi.dependencies.models import Dependant
from starlette.responses import Response

from avvn_graph import stems
from avvn_graph.service import asking, facets, lookups, models
from avvn_graph.service.deps import State, state
from avvn_graph.service.graphs import Row, Snapshot
from avvn_graph.service.negotiation import best
from avvn_graph.service.problems import Problem, ProblemError

_JSON, _CSV = "application/json", "text/csv"
_PROBLEMS: dict[int | str, dict[str, Any]] = {
    400: {"model": Problem, "description": "A parameter is missing, unknown or of the wrong type."},
    404: {"model": Problem, "description": "The graph has no such thing."},
    406: {"model": Problem, "description": "Neither JSON nor CSV is accepted."},
    422: {"model": Problem, "description": "A parameter is out of range."},
    503: {"model": Problem, "description": "Too busy, or no graph yet."},
    504: {"model": Problem, "description": "The query took too long."},
}


async def _only_known(request: Request) -> None:
    """A misspelt filter must not give everything."""
    route = request.scope["route"]
    allowed = _PARAMETERS.get(route.path)
    if allowed is None:
        allowed = _PARAMETERS[route.path] = tuple(_names(route.dependant))
    for name in request.query_params:
        if name not in allowed:
            takes = ", ".join(allowed) or "none"
            raise ProblemError(400, "parameter", f"{name[:80]}: there is no such parameter here; there are: {takes}")


def _names(dependant: Dependant) -> list[str]:
    names = [p.alias for p in dependant.query_params]
    return names + [name for inner in dependant.dependencies for name in _names(inner)]


_PARAMETERS: dict[str, tuple[str, ...]] = {}

router = APIRouter(prefix="/api/v1", responses=_PROBLEMS)
_STRICT = [Depends(_only_known)]


class Paging:
    """Which page, and in which format."""

    def __init__(self, page: int, size: int, csv: bool) -> None:
        """``page`` counts from 1; ``csv`` or JSON."""
        self.page = page
        self.size = size
        self.csv = csv

    def cut(self, items: Sequence[Any]) -> Sequence[Any]:
        """The items of this page."""
        return items[(self.page - 1) * self.size:self.page * self.size]

    def of(self, items: list[M], total: int, query: str | None) -> models.Page[M]:
        """A page that has been cut and filled."""
        # No validation: the items are models already.
        return models.Page.model_construct(items=items, total=total, page=self.page, size=self.size, query=query)

    def send(self, body: models.Model, rows: Iterable[models.Model] | None = None) -> Response:
        """The answer; ``rows`` are the lines of its CSV (by default the items, or the body itself)."""
        if self.csv:
            lines = rows if rows is not None else getattr(body, "items", [body])
            return Response(_csv([flat(line.model_dump(mode="json", by_alias=True)) for line in lines]), headers=_CSV_HEADERS)
        return Response(body.model_dump_json(by_alias=True), headers=_JSON_HEADERS)


async def paging(
    request: Request,
    page: Annotated[int, Query(ge=1, le=1_000_000, description="Number of the page, from 1.")] = 1,
    size: Annotated[int, Query(ge=1, le=1000, description="Items per page.")] = 50,
    format: Annotated[Literal["json", "csv"] | None, Query(description="Instead of `Accept`.")] = None,
) -> Paging:
    """What a request asks for; raises a 406 problem when the client takes neither format."""
    chosen = {"json": _JSON, "csv": _CSV}[format] if format else best(request.headers.get("accept"), (_JSON, _CSV))
    if chosen is None:
        raise ProblemError(406, "format", f"this can be had as {_JSON} and {_CSV}", {"vary": "Accept"})
    return Paging(page, size, chosen == _CSV)


M = TypeVar("M", bound=models.Model)
App = Annotated[State, Depends(state)]
Paged = Annotated[Paging, Depends(paging)]
_JSON_HEADERS = {"content-type": _JSON, "vary": "Accept"}
_CSV_HEADERS = {"content-type": "text/csv; charset=utf-8; header=present", "vary": "Accept"}


def flat(item: dict[str, Any], prefix: str = "") -> dict[str, str]:
    """An item as a line of CSV: one level, lists joined with `` | ``, a thing as its name with its IRI beside it."""
    line: dict[str, str] = {}
    for key, value in item.items():
        if key == "evidence":
            line |= {f"{prefix}{to}": " | ".join(str(e[of]) for e in value) for to, of in _EVIDENCE_COLUMNS.items()}
        elif isinstance(value, dict) and set(value) == {"iri", "label"}:
            line |= {f"{prefix}{key}": value["label"], f"{prefix}{key}Iri": value["iri"]}
        elif isinstance(value, dict):
            line |= flat(value, f"{prefix}{key}.")
        elif isinstance(value, list):
            if value and isinstance(value[0], dict) and "iri" in value[0]:
                line |= {
                    f"{prefix}{key}": " | ".join(v["label"] for v in value), f"{prefix}{key}Iri": " | ".join(v["iri"] for v in value)
                }
            else:
                line[prefix + key] = " | ".join(v["value"] if isinstance(v, dict) else str(v) for v in value)
        else:
            line[prefix + key] = "" if value is None else str(value)
    return line


_EVIDENCE_COLUMNS = {
    "evidence": "text", "document": "document", "documentTitle": "documentTitle", "start": "start", "end": "end", "passage": "iri",
}


def _csv(lines: list[dict[str, str]], columns: Sequence[str] = ("iri", "label", "labels")) -> str:
    if lines:
        columns = list(dict.fromkeys(column for line in lines for column in line))
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, restval="", lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(lines)
    return out.getvalue()


# From rows to models.


def evidence(rows: Iterable[Row]) -> list[models.Evidence]:
    """The different passages of some rows, in their order."""
    found: dict[str, models.Evidence] = {}
    for row in rows:
        if "passage" in row and row["passage"].value not in found:
            found[row["passage"].value] = models.Evidence.model_construct(
                text=row["evidence"].value, document=row["document"].value,
                document_title=row["documentTitle"].value if "documentTitle" in row else "",
                start=int(row["start"].value), end=int(row["end"].value), iri=row["passage"].value,
            )
    return list(found.values())


def _text(rows: Sequence[Row], name: str) -> str | None:
    return next((row[name].value for row in rows if name in row), None)


def _all(rows: Sequence[Row], name: str) -> list[str]:
    return list(dict.fromkeys(row[name].value for row in rows if name in row))


def _iris(rows: Sequence[Row], name: str) -> list[str]:
    """IRIs in a column that holds one or, space-separated, several."""
    return sorted({part for value in _all(rows, name) for part in value.split()})


def _number(text: str | None) -> int | float:
    number = float(text or 0)
    return int(number) if number.is_integer() else number


class Names:
    """The names of all that a page shows, fetched at once."""

    def __init__(self, found: dict[str, list[tuple[str, str | None]]]) -> None:
        """``found`` as lookups.labels gives it."""
        self._found = found

    @classmethod
    async def of(cls, snapshot: Snapshot, iris: Iterable[str]) -> Names:
        """The names of these things."""
        return cls(await lookups.labels(snapshot, iris))

    def label(self, iri: str) -> str:
        """The preferred name."""
        names = self._found.get(iri)
        return names[0][0] if names else lookups.local_name(iri)

    def labels(self, iri: str) -> list[models.Label]:
        """All names."""
        return [models.Label.model_construct(value=text, lang=lang) for text, lang in self._found.get(iri, [])]

    def name(self, iri: str) -> models.Name:
        """The thing with its name."""
        return models.Name.model_construct(iri=iri, label=self.label(iri))

    def names(self, iris: Iterable[str]) -> list[models.Name]:
        """Things with their names."""
        return [self.name(i) for i in iris]

    def item(self, iri: str) -> dict[str, Any]:
        """What every item begins with."""
        return {"iri": iri, "label": self.label(iri), "labels": self.labels(iri)}


async def _groups(
    app: State, snapshot: Snapshot, name: str, key: str, values: dict[str, str | None], page: Paging
) -> tuple[list[tuple[str, list[Row]]], int]:
    """One page of a canned query's rows by what they are about, and how many groups there are."""
    _, rows, _ = await lookups.run(snapshot, app.catalogue[name], values, app.settings.base_iri)
    groups = list(lookups.grouped(rows, key).items())
    return [(k[0], r) for k, r in page.cut(groups)], len(groups)


def _things(groups: list[tuple[str, list[Row]]], *columns: str) -> list[str]:
    return [k for k, _ in groups] + [i for _, rows in groups for column in columns for i in _iris(rows, column)]


def _resolution(names: Names, iri: str, rows: list[Row]) -> dict[str, Any]:
    return {
        **names.item(iri), "evidence": evidence(rows), "symbol": _text(rows, "symbol"), "year": _text(rows, "year"),
        "topic": _text(rows, "topic"), "initiators": names.names(_iris(rows, "initiators")),
        "bodies": names.names(_iris(rows, "bodies")),
    }


_ISO = Query(description="ISO 3166-1 alpha-2 code.", examples=["NL"])


@router.get("/resolutions", tags=["Resolutions"], summary="Resolutions", response_model=models.Page[models.Resolution],
            dependencies=_STRICT)
async def resolutions(
    app: App, page: Paged,
    initiator: Annotated[str | None, _ISO] = None,
    body: Annotated[str | None, Query(description="Key of the adopting body.", examples=["VNVR"])] = None,
    year: Annotated[str | None, Query(description="Year of the resolution.", examples=["2018"])] = None,
) -> Response:
    """All resolutions that the letters name, or those of one initiator, adopting body or year."""
    async with app.graphs.lease() as snapshot:
        values = {"initiator": initiator, "body": body, "year": year}
        groups, total = await _groups(app, snapshot, "resolutions", "resolution", values, page)
        names = await Names.of(snapshot, _things(groups, "initiators", "bodies"))
    items = [models.Resolution.model_construct(**_resolution(names, iri, rows)) for iri, rows in groups]
    return page.send(page.of(items, total, "resolutions"))


@router.get("/countries/{iso}", tags=["Countries"], summary="A country", response_model=models.Country, dependencies=_STRICT)
async def country(app: App, page: Paged, iso: str) -> Response:
    """A country with its names, its place in other vocabularies and, paged, what the letters say of it."""
    async with app.graphs.lease() as snapshot:
        query = app.catalogue["country-overview"]
        _, rows, _ = await lookups.run(snapshot, query, {"country": iso}, app.settings.base_iri)
        iri = f"{app.settings.base_iri}id/country/{iso.upper()}"
        groups = list(lookups.grouped(rows, "statement", "role").items())
        cut = [(k[0], r) for k, r in page.cut(groups)]
        facts = await snapshot.select(lookups.HEADER + f"""SELECT ?p ?o WHERE {{ VALUES ?p {{ skos:exactMatch avvn:constituentOf }}
            {lookups.iri(iri)} ?p ?o }} ORDER BY ?p ?o""")
        parents = [row["o"].value for row in facts if row["p"].value.endswith("constituentOf")]
        names = await Names.of(snapshot, [iri, *parents, *(r[0]["other"].value for _, r in cut if r[0]["other"].type == "uri")])
        mentions = await lookups.first_mentions(snapshot, [iri])
    relations = [
        models.Relation.model_construct(
            iri=statement, predicate=rows[0]["predicate"].value, role=rows[0]["role"].value,
            other=names.name(rows[0]["other"].value), modality=rows[0]["modality"].value, evidence=evidence(rows),
        ) for statement, rows in cut
    ]
    found = models.Country.model_construct(
        **names.item(iri), evidence=evidence(mentions[iri]), constituent_of=names.names(parents),
        same_as=[row["o"].value for row in facts if row["p"].value.endswith("exactMatch")],
        relations=page.of(relations, len(groups), "country-overview"),
    )
    return page.send(found, relations)


@router.get("/countries/{iso}/resolutions", tags=["Countries"], summary="Resolutions that a country initiated",
            response_model=models.Page[models.InitiatedResolution], dependencies=_STRICT)
async def country_resolutions(
    app: App, page: Paged, iso: str,
    body: Annotated[str | None, Query(description="Key of the adopting body.", examples=["VNVR"])] = None,
    year: Annotated[str | None, Query(description="Year of the resolution.", examples=["2018"])] = None,
) -> Response:
    """What it took the initiative for, tabled or is penholder of, with who else did and the sentences that say so."""
    async with app.graphs.lease() as snapshot:
        values = {"initiator": iso, "body": body, "year": year}
        groups, total = await _groups(app, snapshot, "resolutions-initiated-by", "resolution", values, page)
        extra = await _initiators_and_bodies(snapshot, [iri for iri, _ in groups])
        names = await Names.of(snapshot, [*_things(groups), *(i for pair in extra.values() for side in pair for i in side)])
    items = []
    for iri, rows in groups:
        initiators, bodies = extra.get(iri, ([], []))
        items.append(models.InitiatedResolution.model_construct(**{
            **_resolution(names, iri, rows), "initiators": names.names(initiators), "bodies": names.names(bodies),
            "how": _all(rows, "how"), "modality": _all(rows, "modality"), "statements": _all(rows, "statement"),
        }))
    return page.send(page.of(items, total, "resolutions-initiated-by"))


async def _initiators_and_bodies(snapshot: Snapshot, iris: list[str]) -> dict[str, tuple[list[str], list[str]]]:
    """The things behind the names that the canned query joins."""
    if not iris:
        return {}
    rows = await snapshot.select(lookups.HEADER + f"""SELECT ?r ?p ?o WHERE {{ VALUES ?r {{ {lookups.terms(iris)} }}
        ?r ?p ?o FILTER(?p IN (avvn:initiatedBy, avvn:adoptedBy)) }} ORDER BY ?r ?p ?o""")
    found: dict[str, tuple[list[str], list[str]]] = {}
    for row in rows:
        found.setdefault(row["r"].value, ([], []))[row["p"].value.endswith("adoptedBy")].append(row["o"].value)
    return found


@router.get("/ministers", tags=["Ministers"], summary="Ministers", response_model=models.Page[models.Minister],
            dependencies=_STRICT)
async def ministers(app: App, page: Paged) -> Response:
    """Ministers whom the letters name, those with most events first; the evidence is where each is first named."""
    async with app.graphs.lease() as snapshot:
        groups, total = await _groups(app, snapshot, "ministers", "person", {}, page)
        names = await Names.of(snapshot, _things(groups, "represents"))
        mentions = await lookups.first_mentions(snapshot, [iri for iri, _ in groups])
    items = [
        models.Minister.model_construct(
            **names.item(iri), evidence=evidence(mentions[iri]), events=int(_text(rows, "events") or 0),
            represents=next(iter(names.names(_iris(rows, "represents"))), None),
        ) for iri, rows in groups
    ]
    return page.send(page.of(items, total, "ministers"))


@router.get("/ministers/{slug}/events", tags=["Ministers"], summary="Events that a minister attended",
            response_model=models.Page[models.PersonEvent], dependencies=_STRICT)
async def minister_events(
    app: App, page: Paged, slug: str,
    year: Annotated[str | None, Query(description="Year of the event.", examples=["2018"])] = None,
    role: Annotated[Literal["attendedBy", "speaker"] | None, Query(description="Only as this.")] = None,
) -> Response:
    """Where the minister was or spoke, with the sentences that say so."""
    async with app.graphs.lease() as snapshot:
        values = {"person": slug, "year": year, "role": role}
        groups, total = await _groups(app, snapshot, "person-events", "event", values, page)
        names = await Names.of(snapshot, _things(groups))
    items = [
        models.PersonEvent.model_construct(
            **names.item(iri), evidence=evidence(rows), roles=_all(rows, "role"), date=_text(rows, "date"),
            place=_text(rows, "place"), modality=_all(rows, "modality"), statements=_all(rows, "statement"),
        ) for iri, rows in groups
    ]
    return page.send(page.of(items, total, "person-events"))


@router.get("/events", tags=["Events"], summary="Events", response_model=models.Page[models.Event], dependencies=_STRICT)
async def events(
    app: App, page: Paged,
    organiser: Annotated[str | None, Query(description="kind/key of an organiser.", examples=["country/NL"])] = None,
    attendee: Annotated[str | None, Query(description="kind/key of somebody who was there.", examples=["person/kaag"])] = None,
    from_: Annotated[str | None, Query(alias="from", description="First day.", examples=["2018-09"])] = None,
    to: Annotated[str | None, Query(description="Last day.", examples=["2018-12-31"])] = None,
    session: Annotated[str | None, Query(description="Session that the letter is about.", examples=["73"])] = None,
) -> Response:
    """Meetings, summits, visits and the like, with who organised and who attended them."""
    async with app.graphs.lease() as snapshot:
        values = {"organiser": _ref(organiser), "attendee": _ref(attendee), "from": from_, "to": to, "session": session}
        groups, total = await _groups(app, snapshot, "events", "event", values, page)
        names = await Names.of(snapshot, _things(groups, "organisers", "attendees"))
    items = [
        models.Event.model_construct(
            **names.item(iri), evidence=evidence(rows), type=_text(rows, "type"), date=_text(rows, "date"),
            place=_text(rows, "place"), organisers=names.names(_iris(rows, "organisers")),
            attendees=names.names(_iris(rows, "attendees")),
        ) for iri, rows in groups
    ]
    return page.send(page.of(items, total, "events"))


def _ref(value: str | None) -> str | None:
    """``NL`` is short for ``country/NL``, as in the other routes."""
    return f"country/{value.upper()}" if value and len(value) == 2 and value.isalpha() else value


@router.get("/amounts", tags=["Amounts"], summary="Pledged amounts", response_model=models.Page[models.Amount],
            dependencies=_STRICT)
async def amounts(
    app: App, page: Paged,
    contributor: Annotated[str | None, Query(description="kind/key of who gives; NL is short for country/NL.")] = None,
    recipient: Annotated[str | None, Query(description="kind/key of who gets it.", examples=["organisation/GPE"])] = None,
    currency: Annotated[str | None, Query(description="ISO 4217 code.", examples=["EUR"])] = None,
    min: Annotated[str | None, Query(description="Least value.", examples=["1000000"])] = None,
) -> Response:
    """Who pledged how much to whom, largest first within a currency."""
    async with app.graphs.lease() as snapshot:
        values = {"contributor": _ref(contributor), "recipient": _ref(recipient), "currency": currency, "min": min}
        groups, total = await _groups(app, snapshot, "amounts", "amount", values, page)
        names = await Names.of(snapshot, _things(groups, "contributor", "recipient", "announcer"))
    items = [
        models.Amount.model_construct(
            **names.item(iri), evidence=evidence(rows), value=_number(_text(rows, "value")), currency=_text(rows, "currency") or "",
            contributors=names.names(_iris(rows, "contributor")), recipients=names.names(_iris(rows, "recipient")),
            announcers=names.names(_iris(rows, "announcer")), period=_text(rows, "period"), purpose=_text(rows, "purpose"),
            modality=_all(rows, "modality"), statements=_all(rows, "statement"),
        ) for iri, rows in groups
    ]
    return page.send(page.of(items, total, "amounts"))


@router.get("/amounts/summary", tags=["Amounts"], summary="Totals", response_model=models.Page[models.AmountTotal],
            dependencies=_STRICT)
async def amounts_summary(
    app: App, page: Paged,
    by: Annotated[Literal["recipient"], Query(description="What to add up by.")] = "recipient",
    contributor: Annotated[str | None, Query(description="kind/key of who gives; NL is short for country/NL.")] = None,
) -> Response:
    """What was pledged to each recipient in each currency; an amount that is told several times counts once."""
    base = app.settings.base_iri
    async with app.graphs.lease() as snapshot:
        values = {"contributor": _ref(contributor)}
        _, rows, _ = await lookups.run(snapshot, app.catalogue["amount-totals-by-recipient"], values, base)
        _, single, _ = await lookups.run(snapshot, app.catalogue["amounts"], values, base)
        rows = [row for row in rows if "recipient" in row]
        cut = page.cut(rows)
        names = await Names.of(snapshot, [row["recipient"].value for row in cut])
    backing = lookups.grouped(single, "recipient", "currency")
    items = [
        models.AmountTotal.model_construct(
            **names.item(row["recipient"].value), currency=row["currency"].value, total=_number(row["total"].value),
            amounts=int(row["amounts"].value), evidence=evidence(backing.get((row["recipient"].value, row["currency"].value), [])),
        ) for row in cut
    ]
    return page.send(page.of(items, len(rows), "amount-totals-by-recipient"))


def _statement(names: Names, iri: str, rows: list[Row]) -> models.Statement:
    row = rows[0]
    subject = names.name(row["subject"].value)
    is_thing = row["object"].type == "uri"
    object_: models.Name | str = names.name(row["object"].value) if is_thing else row["object"].value
    text = f"{subject.label} {row['predicate'].value} {object_ if isinstance(object_, str) else object_.label}"
    return models.Statement.model_construct(
        iri=iri, label=text, labels=[], evidence=evidence(rows), subject=subject, predicate=row["predicate"].value,
        object=object_, modality=row["modality"].value, confidence=float(row["confidence"].value), rule=row["rule"].value,
        claimed_by=names.name(row["claimedBy"].value) if "claimedBy" in row else None,
    )


async def _statement_names(snapshot: Snapshot, groups: list[tuple[str, list[Row]]], *more: str) -> Names:
    things = [r[0][c].value for _, r in groups for c in ("subject", "object", "claimedBy") if c in r[0] and r[0][c].type == "uri"]
    return await Names.of(snapshot, [*things, *more])


@router.get("/documents/{slug}", tags=["Letters"], summary="A letter", response_model=models.Document, dependencies=_STRICT)
async def document(app: App, page: Paged, slug: str) -> Response:
    """A letter with its date, session and type and, paged, what it says; the evidence is its first passage."""
    async with app.graphs.lease() as snapshot:
        groups, total = await _groups(app, snapshot, "document-statements", "statement", {"document": slug}, page)
        iri = f"{app.settings.base_iri}id/document/{slug}"
        facts = await snapshot.select(lookups.HEADER + f"SELECT ?p ?o WHERE {{ {lookups.iri(iri)} ?p ?o }} ORDER BY ?p ?o")
        counts = (await snapshot.select(lookups.HEADER + f"""SELECT ?passages ?mentions WHERE {{
            {{ SELECT (COUNT(*) AS ?passages) WHERE {{ ?x a avvn:Passage ; avvn:inDocument {lookups.iri(iri)} }} }}
            {{ SELECT (COUNT(*) AS ?mentions) WHERE {{ ?y a avvn:Mention ; avvn:inDocument {lookups.iri(iri)} }} }} }}"""))[0]
        first = await snapshot.select(lookups.HEADER + f"""SELECT ?passage ?evidence ?document ?documentTitle ?start ?end WHERE {{
            VALUES ?document {{ {lookups.iri(iri)} }} ?document dcterms:title ?documentTitle .
            ?passage avvn:inDocument ?document ; avvn:text ?evidence ; avvn:start ?start ; avvn:end ?end }} ORDER BY ?start LIMIT 1""")
        names = await _statement_names(snapshot, groups, iri)
    values = lookups.grouped(facts, "p")

    def texts(term: str) -> list[str]:
        return next((_all(rows, "o") for (p,), rows in values.items() if lookups.local_name(p) == term), [])

    if "Document" not in {lookups.local_name(t) for t in texts("type")}:
        raise ProblemError(404, "unknown", f"the graph has no letter {slug[:100]!r}")
    statements = [_statement(names, statement, rows) for statement, rows in groups]
    session = next(iter(texts("session")), None)
    found = models.Document.model_construct(
        **names.item(iri), evidence=evidence(first), date=next(iter(texts("date")), None),
        session=int(session) if session else None, type=next(iter(texts("documentType")), None),
        source_file=next(iter(texts("sourceFile")), ""), senders=texts("sender"), passages=int(counts["passages"].value),
        mentions=int(counts["mentions"].value), statements=page.of(statements, total, "document-statements"),
    )
    return page.send(found, statements)


@router.get("/statements/{id}", tags=["Statements"], summary="A statement", response_model=models.Statement,
            dependencies=_STRICT)
async def statement(app: App, page: Paged, id: str) -> Response:
    """One extracted fact: its parts, the rule that found it, how sure that is and the sentences it rests on."""
    async with app.graphs.lease() as snapshot:
        _, rows, _ = await lookups.run(snapshot, app.catalogue["statement"], {"statement": id}, app.settings.base_iri)
        if not rows:
            raise ProblemError(404, "unknown", f"the graph has no statement {id[:100]!r}")
        iri = rows[0]["statement"].value
        names = await _statement_names(snapshot, [(iri, rows)])
    return page.send(_statement(names, iri, rows))


_MOST_WORDS = 12
_WORDS = re.compile(r"[\w\s'’.,?-]+")
_FOUND = """SELECT ?passage ?evidence ?section ?document ?documentTitle ?start ?end WHERE { VALUES ?passage { %s }
  ?passage avvn:text ?evidence ; avvn:start ?start ; avvn:end ?end ; avvn:inDocument ?document . ?document dcterms:title ?documentTitle .
  OPTIONAL { ?passage avvn:section ?section } } ORDER BY ?document ?start"""


@router.get("/search", tags=["Search"], summary="Search in the letters", response_model=models.Page[models.Found],
            dependencies=_STRICT)
async def search(
    app: App, page: Paged, q: Annotated[str, Query(min_length=2, max_length=200, description="Words, in whatever form, or a part of the text.",
                                                   examples=["honger"])],
) -> Response:
    """Passages that have all of the words in some form, those that are most about them first; else those that contain the text as it is given."""
    async with app.graphs.lease() as snapshot:
        words = list(dict.fromkeys(stems.words(q)))[:_MOST_WORDS] if _WORDS.fullmatch(q) else []
        first, total = facets.of(snapshot).passages(words, all_of_them=True, most=page.size, skip=(page.page - 1) * page.size)
        if total:
            wanted = lookups.terms(passage for passage, *_ in first)
            found = lookups.grouped(await snapshot.select(lookups.HEADER + _FOUND % wanted), "passage") if wanted else {}
            groups = [(passage, found[passage,]) for passage, *_ in first]
            query = None
        else:
            groups, total = await _groups(app, snapshot, "search", "passage", {"q": q}, page)
            query = "search"
    items = []
    for iri, rows in groups:
        row = rows[0]
        items.append(models.Found.model_construct(
            iri=iri, label=row["evidence"].value[:120], labels=[], evidence=evidence(rows), section=_text(rows, "section"),
            document=models.Name.model_construct(iri=row["document"].value, label=row["documentTitle"].value),
        ))
    return page.send(page.of(items, total, query))


@router.get("/queries", tags=["Canned queries"], summary="All canned queries", response_model=models.Queries,
            dependencies=_STRICT)
async def queries(app: App) -> Response:
    """What can be asked ready-made, with its parameters."""
    items = [
        models.QueryInfo(
            name=q.name, title=q.title, title_nl=q.title_nl, description=q.description, href=f"/api/v1/queries/{q.name}", sparql=q.text,
            parameters=[models.QueryParameter(name=p.name, type=p.type, required=p.required, description=p.description,
                                              example=p.example) for p in q.parameters],
        ) for q in app.catalogue.values()
    ]
    return Response(models.Queries(items=items, total=len(items)).model_dump_json(by_alias=True), headers=_JSON_HEADERS)


@router.get("/queries/{name}", tags=["Canned queries"], summary="Run a canned query", response_model=models.QueryResult,
            openapi_extra={"parameters": [{
                "name": "parameters", "in": "query", "style": "form", "explode": True, "description": "The query's own parameters.",
                "schema": {"type": "object", "additionalProperties": {"type": "string"}}, "example": {"initiator": "NL"},
            }]})
async def query(request: Request, app: App, page: Paged, name: str) -> Response:
    """Its rows, the SPARQL that was run, and for each row what it is about and the sentence it rests on."""
    canned = app.catalogue.get(name)
    if canned is None:
        raise ProblemError(404, "unknown", f"there is no canned query {name[:100]!r}; /api/v1/queries lists them")
    values: dict[str, str | None] = {}
    for key, value in request.query_params.multi_items():
        if key in ("page", "size", "format"):
            continue
        if key in values:
            raise ProblemError(400, "parameter", f"{key[:80]}: is given twice")
        values[key] = value
    async with app.graphs.lease() as snapshot:
        columns, rows, sparql = await lookups.run(snapshot, canned, values, app.settings.base_iri)
        cut = page.cut(rows)
        items = await row_items(snapshot, columns, cut)
    if page.csv:
        lines = [{c: row[c].value if c in row else "" for c in columns} for row in cut]
        return Response(_csv(lines, columns), headers=_CSV_HEADERS)
    return page.send(models.QueryResult.model_construct(
        query=name, title=canned.title, sparql=sparql, columns=columns, items=items, total=len(rows), page=page.page, size=page.size,
    ))


async def row_items(snapshot: Snapshot, columns: Sequence[str], rows: Sequence[Row]) -> list[models.QueryRow]:
    """Rows of whatever query as items: each is about the first thing in it."""
    about = [next((row[c].value for c in columns if c in row and row[c].type == "uri"), None) for row in rows]
    names = await Names.of(snapshot, [iri for iri in about if iri])
    return [
        models.QueryRow.model_construct(
            iri=iri, label=names.label(iri) if iri else None, labels=names.labels(iri) if iri else [], evidence=evidence([row]),
            values={c: row[c].value for c in columns if c in row},
        ) for iri, row in zip(about, rows, strict=True)
    ]


@router.get("/ask", tags=["Ask"], summary="Ask a question", response_model=models.Answer, dependencies=_STRICT)
async def ask(
    app: App, page: Paged, q: Annotated[str, Query(min_length=1, max_length=500, description="A question in Dutch or English.",
                                                   examples=["welke resoluties heeft Nederland geïnitieerd?"])],
) -> Response:
    """The answer with the query it ran, its parameters and the evidence; what it cannot map it does not guess."""
    async with app.graphs.lease() as snapshot:
        answer = await asking.ask(app, snapshot, q)
        rows = asking.rows(answer)
        cut = page.cut(rows)
        columns = list(dict.fromkeys(name for row in rows for name in row))
        items = await row_items(snapshot, columns, cut)
    if page.csv:
        return Response(_csv([{c: row[c].value if c in row else "" for c in columns} for row in cut], columns), headers=_CSV_HEADERS)
    return page.send(models.Answer.model_construct(
        question=q, answered=answer.query is not None, summary=answer.summary, query=answer.query, parameters=answer.parameters,
        sparql=answer.sparql, nearest=list(answer.nearest), items=items, total=len(rows), page=page.page, size=page.size,
    ))
