"""SHACL validation (pySHACL) of a build's quads, before they are published and again on demand.

pySHACL works on rdflib graphs, and filling one is the larger part of the cost. The shapes are SHACL Core without closed
shapes, so a triple whose predicate no shape's path or target names cannot change the outcome; such triples are not copied.
What is copied is every triple that the shapes can see.
"""

from __future__ import annotations

import gc
import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox

from avvn_graph.errors import AvvnError
from avvn_graph.graph.ontology import FILE as ONTOLOGY_FILE
from avvn_graph.graph.ontology import read_turtle
from avvn_graph.graph.terms import AVVN, PREFIXES, RDF, RDFS

if TYPE_CHECKING:
    from rdflib import Graph
    from rdflib.term import Node

SHAPES_FILE = "shapes.ttl"

_SH = "http://www.w3.org/ns/shacl#"
_TYPE = RDF + "type"
_SUB_CLASS = RDFS + "subClassOf"
_SHOWN = 20

# Predicates of the shapes language whose object is a predicate (or class) of the data.
_COMPARED = ("equals", "disjoint", "lessThan", "lessThanOrEquals", "targetSubjectsOf", "targetObjectsOf")
_UNSUPPORTED = ("closed", "sparql", "target", "js", "rule")


@dataclass(frozen=True, slots=True, order=True)
class Violation:
    """One thing that the shapes do not allow: where, along which path, what value, and the shape's message."""

    focus: str
    path: str
    value: str
    message: str

    def __str__(self) -> str:
        path = f" {self.path}" if self.path else ""
        value = f", but found {self.value}" if self.value else ", but found none"
        return f"{self.focus}{path}: {self.message}{value}"


def check(quads: Iterable[ox.Quad], ontology: Path) -> None:
    """Raise AvvnError with a line for each violation (the first 20) when the quads break a shape.

    ``ontology`` is the folder with avvn.ttl and shapes.ttl.
    """
    violations = validate(quads, ontology)
    if violations:
        lines = [f"the graph breaks {len(violations)} constraint(s) of {ontology / SHAPES_FILE} and is not published:"]
        lines += [f"  {v}" for v in violations[:_SHOWN]]
        if len(violations) > _SHOWN:
            lines.append(f"  and {len(violations) - _SHOWN} more")
        raise AvvnError("\n".join(lines))


def check_file(nquads: Path, ontology: Path) -> int:
    """The same for a published N-Quads file; returns the number of quads checked."""
    try:
        quads = list(ox.parse(path=str(nquads), format=ox.RdfFormat.N_QUADS))
    except SyntaxError as error:
        raise AvvnError(f"{nquads}:{error.lineno or '?'}: not valid N-Quads: {error.msg}") from None
    except OSError as error:
        raise AvvnError(f"{nquads}: cannot be read: {error.strerror or error}") from None
    check(quads, ontology)
    return len(quads)


def validate(quads: Iterable[ox.Quad], ontology: Path) -> list[Violation]:
    """What the shapes and the ontology do not allow, sorted; the quads' graph names do not matter.

    A term of our namespace that the ontology does not define is a violation too. Raises AvvnError when a file of the
    ontology is missing or wrong.
    """
    shapes = read_turtle(ontology / SHAPES_FILE)
    terms = read_turtle(ontology / ONTOLOGY_FILE)
    quads = list(quads)
    found = _undefined(quads, terms)
    with _collector_off():
        found += _violations(_data(quads, terms, _seen(shapes, ontology / SHAPES_FILE)), shapes)
    return sorted(set(found))


def _undefined(quads: Iterable[ox.Quad], terms: ox.Dataset) -> list[Violation]:
    defined = {q.subject.value for q in terms if isinstance(q.subject, ox.NamedNode)}
    used: dict[str, ox.Quad] = {}
    for quad in quads:
        predicate = quad.predicate.value
        if predicate == _TYPE and isinstance(quad.object, ox.NamedNode):
            predicate = quad.object.value
        if predicate not in used:
            used[predicate] = quad
    return [
        Violation(_short(str(quad.subject)), "", _short(f"<{term}>"), "uses a term that the ontology does not define")
        for term, quad in used.items()
        if term.startswith(AVVN) and term not in defined
    ]


def _seen(shapes: ox.Dataset, path: Path) -> frozenset[str]:
    """The predicates that the shapes can see."""
    for name in _UNSUPPORTED:
        if any(True for _ in shapes.quads_for_predicate(ox.NamedNode(_SH + name))):
            raise AvvnError(f"{path}: sh:{name} is not supported here; use SHACL Core with property paths")
    seen = {_TYPE, _SUB_CLASS}
    for name in _COMPARED:
        seen |= {q.object.value for q in shapes.quads_for_predicate(ox.NamedNode(_SH + name)) if isinstance(q.object, ox.NamedNode)}
    # A path is a predicate, or blank nodes (lists, inverses, alternatives) that lead to predicates.
    todo = [q.object for q in shapes.quads_for_predicate(ox.NamedNode(_SH + "path"))]
    while todo:
        node = todo.pop()
        if isinstance(node, ox.NamedNode):
            seen.add(node.value)
        elif isinstance(node, ox.BlankNode):
            todo += [q.object for q in shapes.quads_for_subject(node)]
    return frozenset(seen)


def _data(quads: Iterable[ox.Quad], terms: ox.Dataset, seen: frozenset[str]) -> Graph:
    """An rdflib graph of what the shapes can see, and the ontology's classes."""
    from rdflib import Graph

    graph = Graph(bind_namespaces="none")
    add = graph.store.add
    nodes: dict[object, Node] = {}

    def node(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> Node:
        known = nodes.get(term)
        if known is None:
            known = nodes[term] = _node(term)
        return known

    for quad in quads:
        if quad.predicate.value in seen:
            add((node(quad.subject), node(quad.predicate), node(quad.object)), graph)
    for quad in terms:
        if quad.predicate.value in (_SUB_CLASS, _TYPE):
            add((node(quad.subject), node(quad.predicate), node(quad.object)), graph)
    return graph


def _node(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> Node:
    from rdflib import BNode, Literal, URIRef

    if isinstance(term, ox.NamedNode):
        return URIRef(term.value)
    if isinstance(term, ox.Literal):
        if term.language:
            return Literal(term.value, lang=term.language)
        return Literal(term.value, datatype=URIRef(term.datatype.value), normalize=False)
    if isinstance(term, ox.BlankNode):
        return BNode(term.value)
    raise AvvnError(f"{term}: triple terms cannot be validated")


def _violations(data: Graph, shapes: ox.Dataset) -> list[Violation]:
    import pyshacl
    from rdflib import Graph, Literal, URIRef

    logging.getLogger("pyshacl").setLevel(logging.ERROR)
    shape_graph = Graph(bind_namespaces="none")
    for quad in shapes:
        shape_graph.add((_node(quad.subject), _node(quad.predicate), _node(quad.object)))
    conforms, report, _ = pyshacl.validate(
        data, shacl_graph=shape_graph, inference="none", meta_shacl=False, advanced=False, inplace=True,
        do_owl_imports=False,
    )
    if conforms:
        return []
    if not isinstance(report, Graph):
        raise AvvnError(f"the shapes cannot be applied: {report}")

    def text(result: Node, name: str) -> str:
        value = report.value(result, URIRef(_SH + name))
        return "" if value is None else f'"{value}"' if isinstance(value, Literal) else value.n3()

    return [
        Violation(
            _short(text(result, "focusNode")),
            _short(path) if (path := text(result, "resultPath")).startswith("<") else "",
            _short(text(result, "value")),
            str(report.value(result, URIRef(_SH + "resultMessage")) or "breaks a shape"),
        )
        for result in report.objects(None, URIRef(_SH + "result"))
    ]


def _short(term: str) -> str:
    """A term with a prefix where one fits, on one line and of bounded length."""
    if term.startswith("<") and term.endswith(">"):
        for prefix, namespace in PREFIXES.items():
            if term.startswith(f"<{namespace}") and "/" not in term[len(namespace) + 1:]:
                return f"{prefix}:{term[len(namespace) + 1:-1]}"
    term = " ".join(term.split())
    return term if len(term) <= 160 else term[:157] + "..."


@contextmanager
def _collector_off() -> Iterator[None]:
    # A hundred thousand live tuples make every full collection slow, and nothing here is cyclic garbage for long.
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()
