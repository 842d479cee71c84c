"""Whether an answer is the one expected: graphs up to the names of blank nodes, rows in any order, numbers by their value."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from pathlib import Path

import pyoxigraph as ox

from .manifest import BASE, FORMATS, RDF, SUITE

_XSD = "http://www.w3.org/2001/XMLSchema#"
_RS = "http://www.w3.org/2001/sw/DataAccess/tests/result-set#"
Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple
Row = dict[str, Term]


def parse(file: Path) -> list[ox.Triple]:
    """The triples of a file of the suite."""
    base = BASE + file.relative_to(SUITE).as_posix()
    return [q.triple for q in ox.parse(path=str(file), format=FORMATS[file.suffix], base_iri=base, rename_blank_nodes=True)]


def same_graph(one: Iterable[ox.Triple], other: Iterable[ox.Triple]) -> bool:
    """Isomorphic."""
    return same_dataset(*([ox.Quad(t.subject, t.predicate, t.object) for t in graph] for graph in (one, other)))


def same_dataset(one: Iterable[ox.Quad], other: Iterable[ox.Quad]) -> bool:
    """Isomorphic; a graph that is empty is as one that is not there."""
    found = []
    for quads in (one, other):
        dataset = ox.Dataset(quads)
        dataset.canonicalize(ox.CanonicalizationAlgorithm.UNSTABLE)
        found.append(dataset)
    return found[0] == found[1]


def rows_of(results: ox.QuerySolutions) -> tuple[list[str], list[Row]]:
    """Variables and rows."""
    names = [v.value for v in results.variables]
    return names, [{n: term for n in names if (term := row[n]) is not None} for row in results]


def rows_of_graph(triples: list[ox.Triple]) -> tuple[list[str], list[Row]] | bool | None:
    """The same of a result set in the tests' own RDF vocabulary; None when the graph is none."""
    store = ox.Store()
    store.extend(ox.Quad(t.subject, t.predicate, t.object) for t in triples)

    def of(subject: Term, name: str) -> list[Term]:
        assert not isinstance(subject, ox.Literal)
        return [q.object for q in store.quads_for_pattern(subject, ox.NamedNode(_RS + name), None)]

    sets = list(store.quads_for_pattern(None, ox.NamedNode(RDF + "type"), ox.NamedNode(_RS + "ResultSet")))
    if not sets:
        return None
    root = sets[0].subject
    if boolean := of(root, "boolean"):
        return str(getattr(boolean[0], "value", "")) == "true"
    names = [str(getattr(v, "value", "")) for v in of(root, "resultVariable")]
    rows = [
        {getattr(of(b, "variable")[0], "value", ""): of(b, "value")[0] for b in of(solution, "binding")} for solution in of(root, "solution")
    ]
    return names, rows


def same_rows(one: tuple[list[str], list[Row]], other: tuple[list[str], list[Row]]) -> bool:
    """The same variables and the same rows as often."""
    if sorted(one[0]) != sorted(other[0]) or len(one[1]) != len(other[1]):
        return False
    if not any(isinstance(t, ox.BlankNode) for _, rows in (one, other) for row in rows for t in row.values()):
        return _counted(one[1]) == _counted(other[1])
    return same_graph(_graph(one[1]), _graph(other[1]))


def _counted(rows: list[Row]) -> Counter[frozenset[tuple[str, str]]]:
    return Counter(frozenset((n, str(_plain(t))) for n, t in row.items()) for row in rows)


def _graph(rows: list[Row]) -> list[ox.Triple]:
    triples = [ox.Triple(ox.BlankNode(), ox.NamedNode("urn:x:row"), ox.Literal("")) for _ in rows]
    for triple, row in zip(list(triples), rows, strict=True):
        triples += (ox.Triple(triple.subject, ox.NamedNode(f"urn:x:{n}"), _plain(t)) for n, t in row.items())
    return triples


def _plain(term: Term) -> Term:
    """Numbers and truth in one spelling."""
    if not isinstance(term, ox.Literal) or not term.datatype.value.startswith(_XSD):
        return term
    kind = term.datatype.value.removeprefix(_XSD)
    try:
        if kind == "boolean":
            return ox.Literal({"0": "false", "1": "true"}.get(term.value, term.value), datatype=term.datatype)
        if kind in ("double", "float"):
            return ox.Literal(repr(float(term.value)), datatype=term.datatype)
        if kind in ("decimal", "integer"):
            return ox.Literal(str(Decimal(term.value).normalize()), datatype=term.datatype)
    except (ValueError, InvalidOperation):
        return term
    return term


def same_csv(one: str, other: str) -> bool:
    """The same header, in its order, and the same rows; blank nodes by that they are some."""
    found = []
    for text in (one, other):
        rows = [[re.sub(r"^_:\w+$", "_:", cell) for cell in row] for row in csv.reader(io.StringIO(text))]
        found.append((rows[:1], sorted(rows[1:])))
    return found[0] == found[1]
