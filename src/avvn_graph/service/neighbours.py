"""``/api/v1/neighbours``: the things that stand in one statement with a thing, as nodes and edges for a drawing."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from pydantic import Field
from starlette.responses import Response

from avvn_graph.service import lookups
from avvn_graph.service.api import router as api
from avvn_graph.service.deps import State, state
from avvn_graph.service.graphs import Snapshot
from avvn_graph.service.linked_data import thing_iri
from avvn_graph.service.models import Model
from avvn_graph.service.pages.layout import language
from avvn_graph.service.pages.things import Names
from avvn_graph.service.words import RELATIONS

router = APIRouter(prefix=api.prefix, tags=["Graph"], responses=api.responses)
App = Annotated[State, Depends(state)]


class Node(Model):
    """A thing in the drawing."""

    id: str = Field(description="Its IRI.", examples=["https://w3id.org/avvn/id/country/NL"])
    kind: str = Field(examples=["country"])
    key: str = Field(examples=["NL"])
    label: str = Field(examples=["Nederland"])
    href: str = Field(description="Its page.", examples=["/page/country/NL"])
    degree: int = Field(description="In how many statements with other things it stands, in the whole graph.")


class Edge(Model):
    """A statement between two things; several letters may state the same."""

    id: str = Field(description="IRI of a statement.")
    source: str = Field(description="IRI of the subject.")
    target: str = Field(description="IRI of the object.")
    predicate: str = Field(description="Ontology term.", examples=["initiatedBy"])
    label: str = Field(description="The relation in words, from the subject to the object.", examples=["Op initiatief van"])
    modality: str = Field(description="realised, planned or calledFor; realised when any letter says so.")
    statements: int = Field(description="How many statements say this.")
    href: str = Field(description="Page of the statement.")


class RelationCount(Model):
    """A relation by which neighbours can be chosen."""

    name: str = Field(examples=["initiatedBy"])
    label: str
    count: int = Field(description="Neighbours by this relation.")


class Neighbourhood(Model):
    """What stands around a thing."""

    center: str = Field(description="IRI of the thing.")
    nodes: list[Node] = Field(description="The thing itself first, then those most connected.")
    edges: list[Edge]
    relations: list[RelationCount] = Field(description="All relations of the thing, whatever was asked for.")
    total: int = Field(description="How many neighbours there are by the relations asked for; `nodes` may have fewer.")
    left: int = Field(description="How many of them `nodes` leaves out.")


_AROUND = """SELECT ?statement ?s ?p ?o ?modality WHERE {
  { ?statement rdf:subject %(iri)s } UNION { ?statement rdf:object %(iri)s }
  ?statement rdf:subject ?s ; rdf:predicate ?p ; rdf:object ?o ; avvn:modality ?modality .
  FILTER(ISIRI(?o))
} ORDER BY ?p ?statement"""
_BETWEEN = """SELECT ?statement ?s ?p ?o ?modality WHERE {
  VALUES ?s { %(iris)s } ?statement rdf:subject ?s . ?statement rdf:object ?o ; rdf:predicate ?p ; avvn:modality ?modality
  FILTER(?o IN (%(list)s))
} ORDER BY ?p ?statement"""
_DEGREES = """SELECT ?e (COUNT(DISTINCT ?statement) AS ?n) WHERE {
  VALUES ?e { %s } { ?statement rdf:subject ?e ; rdf:object ?o FILTER(ISIRI(?o)) } UNION { ?statement rdf:object ?e }
} GROUP BY ?e"""
_FIRMNESS = ("realised", "planned", "calledFor")


@router.get("/neighbours/{kind}/{key:path}", summary="What stands around a thing", response_model=Neighbourhood)
async def neighbours(
    request: Request, app: App, kind: str, key: str,
    relation: Annotated[list[str] | None, Query(description="Only by this relation; may be repeated.", examples=[["initiatedBy"]])] = None,
    limit: Annotated[int, Query(ge=1, le=200, description="At most so many neighbours, the most connected first.")] = 40,
) -> Response:
    """The neighbours of a thing with the statements that bind them, those between neighbours too.

    Names are in the language of `lang`, or of `Accept-Language`.
    """
    iri = thing_iri(app.settings.base_iri, kind, key)
    async with app.graphs.lease() as snapshot:
        await lookups.must_know(snapshot, iri)
        found = await around(app, snapshot, iri, language(request), frozenset(relation or ()), limit)
    headers = {"content-type": "application/json", "vary": "Accept, Accept-Language, Cookie"}
    return Response(found.model_dump_json(by_alias=True), headers=headers)


async def around(app: State, snapshot: Snapshot, iri: str, lang: str, wanted: frozenset[str], limit: int) -> Neighbourhood:
    """The neighbourhood of a thing; ``wanted`` are the relations to keep, all when empty."""
    edges: dict[tuple[str, str, str], Edge] = {}
    by_relation: dict[str, set[str]] = {}
    others: dict[str, int] = {}
    for row in await snapshot.select(lookups.HEADER + _AROUND % {"iri": lookups.iri(iri)}):
        name = lookups.local_name(row["p"].value)
        other = row["o"].value if row["s"].value == iri else row["s"].value
        by_relation.setdefault(name, set()).add(other)
        if wanted and name not in wanted:
            continue
        others[other] = others.get(other, 0) + 1
        _add(edges, row["statement"].value, row["s"].value, name, row["o"].value, row["modality"].value, lang)
    others.pop(iri, None)
    degrees: dict[str, int] = {}
    if others:
        rows = await snapshot.select(lookups.HEADER + _DEGREES % lookups.terms([iri, *others]))
        degrees = {row["e"].value: int(row["n"].value) for row in rows if "e" in row}
    chosen = sorted(others, key=lambda o: (-others[o], -degrees.get(o, 0), o))[:limit]
    kept = {iri, *chosen}
    drawn = {k: e for k, e in edges.items() if e.source in kept and e.target in kept}
    if chosen:
        terms = lookups.terms(chosen)
        for row in await snapshot.select(lookups.HEADER + _BETWEEN % {"iris": terms, "list": terms.replace("> <", ">, <")}):
            name = lookups.local_name(row["p"].value)
            if not wanted or name in wanted:
                _add(drawn, row["statement"].value, row["s"].value, name, row["o"].value, row["modality"].value, lang)
    names = await Names.of(app, snapshot, kept, lang)
    base = f"{app.settings.base_iri}id/"
    nodes = [
        Node(id=i, kind=names.thing(i).kind, key=i.removeprefix(base).split("/", 1)[-1], label=names.thing(i).label,
             href=f"/page/{i.removeprefix(base)}", degree=degrees.get(i, 0)) for i in [iri, *chosen]
    ]
    for edge in drawn.values():
        edge.href = f"/page/{edge.id.removeprefix(base)}"
    relations = [RelationCount(name=n, label=RELATIONS[lang].get((n, "subject"), n), count=len(o)) for n, o in sorted(by_relation.items())]
    return Neighbourhood(center=iri, nodes=nodes, edges=list(drawn.values()), relations=relations, total=len(others), left=len(others) - len(chosen))


def _add(edges: dict[tuple[str, str, str], Edge], statement: str, s: str, name: str, o: str, modality: str, lang: str) -> None:
    modality = lookups.local_name(modality)
    edge = edges.get((s, name, o))
    if edge is None:
        edges[s, name, o] = Edge(
            id=statement, source=s, target=o, predicate=name, label=RELATIONS[lang].get((name, "subject"), name), modality=modality,
            statements=1, href="",
        )
        return
    edge.statements += 1
    if _FIRMNESS.index(modality) < _FIRMNESS.index(edge.modality):
        edge.id, edge.modality = statement, modality
