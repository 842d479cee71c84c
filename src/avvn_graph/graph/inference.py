"""What follows from the ontology, as quads of a graph of their own, and whether the graph is consistent with it.

The ontology uses few of OWL 2 RL's axioms: sub-classes, sub-properties, domains, ranges, inverse, symmetric and transitive
properties, disjoint classes, functional data properties and individuals that differ. These rules over plain sets
take a fraction of a second where general reasoners take several; a test holds them against one. What all resources have
in common (rdfs:Resource, owl:Thing) and what is about the ontology's own terms is not written.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import pyoxigraph as ox

from avvn_graph.errors import AvvnError
from avvn_graph.graph.terms import OWL, RDF, RDFS, Iris

_TYPE = RDF + "type"
_TRIVIAL = frozenset({RDFS + "Resource", OWL + "Thing", RDFS + "Literal"})
_SHOWN = 20

Triple = tuple[str, str, str]
"""IRIs as plain strings, which are several times faster to compare than the engine's terms."""
Above = Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Inferred:
    """What follows: quads of ``graph/inferred``, each once, sorted; and where the graph contradicts the ontology."""

    quads: tuple[ox.Quad, ...]
    contradictions: tuple[str, ...]

    def check(self) -> None:
        """Raise AvvnError, with a line for each contradiction (the first 20), when there are any."""
        if self.contradictions:
            more = len(self.contradictions) - _SHOWN
            lines = [f"the graph contradicts the ontology in {len(self.contradictions)} place(s) and is not published:"]
            lines += [f"  {fault}" for fault in self.contradictions[:_SHOWN]]
            raise AvvnError("\n".join(lines + ([f"  and {more} more"] if more > 0 else [])))


def infer(quads: Iterable[ox.Quad], ontology: Iterable[ox.Quad], iris: Iris) -> Inferred:
    """What follows from ``quads`` by the ``ontology`` and stands in neither."""
    ontology = list(ontology)
    rules = _Rules.read(ontology)
    known = {
        (q.subject.value, q.predicate.value, q.object.value) for q in ontology
        if isinstance(q.subject, ox.NamedNode) and isinstance(q.object, ox.NamedNode)
    }
    relations: list[Triple] = []
    values: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    literals: set[tuple[str, str, ox.Literal]] = set()
    typed: set[Triple] = set()
    already: set[tuple[str, str, ox.Literal]] = set()
    upper = frozenset().union(*rules.properties.values())
    for quad in quads:
        if not isinstance(quad.subject, ox.NamedNode):
            continue  # the graph has no blank nodes
        subject, predicate, object_ = quad.subject.value, quad.predicate.value, quad.object
        if isinstance(object_, ox.NamedNode):
            relations.append((subject, predicate, object_.value))
        elif isinstance(object_, ox.Literal):
            if predicate in rules.functional:
                values[subject, predicate].add(str(object_))
            if predicate in upper:
                already.add((subject, predicate, object_))
            for above in rules.properties.get(predicate, ()):
                literals.add((subject, above, object_))
            typed.update((subject, _TYPE, class_) for class_ in rules.domains.get(predicate, ()))
    stated = set(relations)
    whole = _closure(stated, typed, rules)
    graph, nodes = iris.graph("inferred"), _Nodes()
    found = [
        ox.Quad(nodes[subject], nodes[predicate], nodes[value], graph) for subject, predicate, value in sorted(whole - stated - known)
        if not (predicate == _TYPE and value in _TRIVIAL)
    ]
    found += [
        ox.Quad(nodes[subject], nodes[predicate], literal, graph)
        for subject, predicate, literal in sorted(literals - already, key=lambda t: (t[0], t[1], str(t[2])))
    ]
    return Inferred(tuple(found), tuple(_contradictions(whole, values, rules)))


class _Nodes(dict[str, ox.NamedNode]):
    def __missing__(self, iri: str) -> ox.NamedNode:
        node = self[iri] = ox.NamedNode(iri)
        return node


@dataclass(frozen=True, slots=True)
class _Rules:
    classes: Above
    """Class to all that it is a sub-class of."""
    properties: Above
    domains: Above
    """Property to the classes of its subjects, through its super-properties too."""
    ranges: Above
    """The same of its values, where these are no literals."""
    inverses: Above
    symmetric: frozenset[str]
    transitive: frozenset[str]
    functional: frozenset[str]
    disjoint: frozenset[tuple[str, str]]

    @classmethod
    def read(cls, ontology: Iterable[ox.Quad]) -> _Rules:
        found: defaultdict[str, defaultdict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
        kinds: defaultdict[str, set[str]] = defaultdict(set)
        for q in ontology:
            if isinstance(q.subject, ox.NamedNode) and isinstance(q.object, ox.NamedNode):
                found[q.predicate.value][q.subject.value].add(q.object.value)
                if q.predicate.value == _TYPE:
                    kinds[q.object.value].add(q.subject.value)
        inverses: defaultdict[str, set[str]] = defaultdict(set)
        for one, others in found[OWL + "inverseOf"].items():
            for other in others:
                inverses[one].add(other)
                inverses[other].add(one)
        properties = _all_above(found[RDFS + "subPropertyOf"])
        data = kinds[OWL + "DatatypeProperty"]
        domains, ranges = found[RDFS + "domain"], found[RDFS + "range"]
        every = {*properties, *domains, *ranges}
        return cls(
            classes=_all_above(found[RDFS + "subClassOf"]), properties=properties,
            domains=_through(every, properties, domains),
            ranges=_through(every - data, properties, {p: r for p, r in ranges.items() if p not in data}),
            inverses={p: frozenset(others) for p, others in inverses.items()},
            symmetric=frozenset(kinds[OWL + "SymmetricProperty"]), transitive=frozenset(kinds[OWL + "TransitiveProperty"]),
            functional=frozenset(kinds[OWL + "FunctionalProperty"] & data),
            disjoint=frozenset((min(a, b), max(a, b)) for a, others in found[OWL + "disjointWith"].items() for b in others),
        )


def _through(every: Iterable[str], properties: Above, direct: Mapping[str, set[str]]) -> dict[str, frozenset[str]]:
    out = {p: frozenset().union(*(direct.get(q, frozenset()) for q in (p, *properties.get(p, ())))) for p in every}
    return {p: classes for p, classes in out.items() if classes}


def _all_above(direct: Mapping[str, set[str]]) -> dict[str, frozenset[str]]:
    out = {}
    for start in direct:
        seen: set[str] = set()
        todo = [start]
        while todo:
            for above in direct.get(todo.pop(), ()):
                if above not in seen:
                    seen.add(above)
                    todo.append(above)
        out[start] = frozenset(seen - {start})
    return out


@dataclass(slots=True)
class _Chains:
    """The edges of transitive properties, both ways."""

    out: defaultdict[tuple[str, str], set[str]] = field(default_factory=lambda: defaultdict(set))
    into: defaultdict[tuple[str, str], set[str]] = field(default_factory=lambda: defaultdict(set))

    def add(self, subject: str, predicate: str, object_: str) -> list[Triple]:
        self.out[subject, predicate].add(object_)
        self.into[object_, predicate].add(subject)
        longer = [(subject, predicate, further) for further in self.out[object_, predicate]]
        return longer + [(before, predicate, object_) for before in self.into[subject, predicate]]


def _closure(stated: set[Triple], typed: set[Triple], rules: _Rules) -> set[Triple]:
    whole = stated | typed
    todo = list(whole)
    chains = _Chains()
    while todo:
        subject, predicate, object_ = todo.pop()
        if predicate == _TYPE:
            new = [(subject, _TYPE, above) for above in rules.classes.get(object_, ())]
        else:
            new = [(subject, above, object_) for above in rules.properties.get(predicate, ())]
            new += [(subject, _TYPE, class_) for class_ in rules.domains.get(predicate, ())]
            new += [(object_, _TYPE, class_) for class_ in rules.ranges.get(predicate, ())]
            new += [(object_, other, subject) for other in rules.inverses.get(predicate, ())]
            if predicate in rules.symmetric:
                new.append((object_, predicate, subject))
            if predicate in rules.transitive:
                new += chains.add(subject, predicate, object_)
        for triple in new:
            if triple not in whole:
                whole.add(triple)
                todo.append(triple)
    return whole


def _contradictions(whole: Iterable[Triple], values: Mapping[tuple[str, str], set[str]], rules: _Rules) -> list[str]:
    types: defaultdict[str, set[str]] = defaultdict(set)
    for subject, predicate, object_ in whole:
        if predicate == _TYPE:
            types[subject].add(object_)
    clashing = {frozenset(own): own for own in types.values()}  # few sets of classes, many things
    bad = {own for own in clashing if any(a in own and b in own for a, b in rules.disjoint)}
    faults = [
        f"<{subject}>: is both {_name(a)} and {_name(b)}, which are disjoint"
        for subject, own in types.items() if bad and frozenset(own) in bad for a, b in rules.disjoint if a in own and b in own
    ]
    faults += [
        f"<{subject}>: has {len(own)} values of {_name(predicate)}, which is functional: {', '.join(sorted(own))}"
        for (subject, predicate), own in values.items() if len(own) > 1
    ]
    return sorted(faults)


def _name(iri: str) -> str:
    return iri.replace("#", "/").rsplit("/", 1)[-1]
