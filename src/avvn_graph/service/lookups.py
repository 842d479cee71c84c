"""Small questions that many routes ask of a snapshot: names, evidence, whether a thing is known."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from operator import itemgetter

import pyoxigraph as ox

from avvn_graph import catalogue
from avvn_graph.catalogue import CannedQuery
from avvn_graph.service.graphs import Row, Snapshot
from avvn_graph.service.problems import ProblemError

PREFIXES = {
    "avvn": "https://w3id.org/avvn/ontology#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "dcterms": "http://purl.org/dc/terms/",
    "prov": "http://www.w3.org/ns/prov#",
    "org": "http://www.w3.org/ns/org#",
    "schema": "https://schema.org/",
    "void": "http://rdfs.org/ns/void#",
}
HEADER = "".join(f"PREFIX {prefix}: <{namespace}>\n" for prefix, namespace in PREFIXES.items())

_NAMING = ("skos:prefLabel", "rdfs:label", "dcterms:title", "foaf:name", "skos:altLabel")
_RANK = {PREFIXES[prefix] + name: rank for rank, (prefix, _, name) in enumerate(n.partition(":") for n in _NAMING)}
# A filter, here and elsewhere: of two VALUES side by side, the engine would read every triple that has a subject of the one.
_LABELS = f"SELECT ?e ?p ?label WHERE {{ VALUES ?e {{ %s }} ?e ?p ?label FILTER(?p IN ({', '.join(_NAMING)})) }} ORDER BY ?e ?label"

_BEST = itemgetter(0, 1, 2)
_FIRST_MENTION = """SELECT ?e (MIN(?m) AS ?mention) WHERE { VALUES ?e { %s } ?m avvn:mentionOf ?e } GROUP BY ?e"""
# Two queries: of one, the engine would read every passage that there is.
_PASSAGES = """SELECT ?mention ?passage ?evidence ?document ?documentTitle ?start ?end WHERE {
  VALUES ?mention { %s }
  ?mention avvn:inPassage ?passage .
  ?passage avvn:text ?evidence ; avvn:start ?start ; avvn:end ?end ; avvn:inDocument ?document .
  ?document dcterms:title ?documentTitle
} ORDER BY ?mention ?documentTitle"""


def iri(value: str) -> str:
    """An IRI as it stands in a query; raises ValueError when it is none."""
    return str(ox.NamedNode(value))


def terms(iris: Iterable[str]) -> str:
    """IRIs as a row of VALUES, sorted, so that the same ones make the same query."""
    return " ".join(iri(i) for i in sorted(set(iris)))


async def labels(snapshot: Snapshot, iris: Iterable[str]) -> dict[str, list[tuple[str, str | None]]]:
    """The names (text and language) of things, the preferred ones first and Dutch before others."""
    wanted = terms(iris)
    found: defaultdict[str, list[tuple[int, bool, str, str | None]]] = defaultdict(list)
    if not wanted:
        return {}
    for row in await snapshot.select(HEADER + _LABELS % wanted):
        label = row["label"]
        found[row["e"].value].append((_RANK[row["p"].value], label.lang != "nl", label.value, label.lang))
    out: dict[str, list[tuple[str, str | None]]] = {}
    for thing, names in found.items():
        names.sort(key=_BEST)
        tagged = {text for _, _, text, lang in names if lang}
        out[thing] = list(dict.fromkeys([(text, lang) for _, _, text, lang in names if lang or text not in tagged]))
    return out


def local_name(value: str) -> str:
    """What to call a thing without a label."""
    return value.rstrip("/").replace("#", "/").rsplit("/", 1)[-1]


async def first_mentions(snapshot: Snapshot, iris: Iterable[str]) -> dict[str, list[Row]]:
    """For each thing one passage that names it, if there is any."""
    wanted = terms(iris)
    found: defaultdict[str, list[Row]] = defaultdict(list)
    if not wanted:
        return found
    first = {row["e"].value: row["mention"].value for row in await snapshot.select(HEADER + _FIRST_MENTION % wanted) if "mention" in row}
    if not first:
        return found
    passages = grouped(await snapshot.select(HEADER + _PASSAGES % terms(first.values())), "mention")
    for thing, mention in first.items():
        found[thing] = passages.get((mention,), [])
    return found


async def known(snapshot: Snapshot, value: str) -> bool:
    """Whether the graph says anything of a thing."""
    return bool(await snapshot.select(f"SELECT ?p WHERE {{ {iri(value)} ?p ?o }} LIMIT 1"))


async def must_know(snapshot: Snapshot, value: str, parameter: str | None = None) -> None:
    """Raise a 404 problem when the graph says nothing of a thing."""
    if not await known(snapshot, value):
        raise ProblemError(404, "unknown", f"{parameter + ': ' if parameter else ''}the graph has no {value}")


async def run(
    snapshot: Snapshot, query: CannedQuery, values: Mapping[str, str | None], base: str
) -> tuple[list[str], list[Row], str]:
    """The columns and rows of a canned query, and the SPARQL that was run.

    Raises AvvnError for a missing, unknown or ill-typed parameter and ProblemError for a thing that the graph has not.
    """
    given = {name: value for name, value in values.items() if value is not None and value.strip()}
    text = query.bind(given, base)
    for parameter in query.parameters:
        value = given.get(parameter.name)
        if value and parameter.type in ("country", "entity", "document", "body"):
            await must_know(snapshot, catalogue.term(parameter, value.strip(), base)[1:-1], parameter.name)
    columns, rows = await snapshot.table(text)
    return columns, rows, text


def grouped(rows: Sequence[Row], *keys: str) -> dict[tuple[str, ...], list[Row]]:
    """Rows by the values of some columns, in the order in which these first appear."""
    groups: dict[tuple[str, ...], list[Row]] = {}
    for row in rows:
        groups.setdefault(tuple(row[k].value if k in row else "" for k in keys), []).append(row)
    return groups
