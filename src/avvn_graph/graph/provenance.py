"""How a build came to be, in PROV-O, in a named graph of its own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from pyoxigraph import Literal, NamedNode, Quad

from avvn_graph.facts import LetterFacts
from avvn_graph.graph.terms import PROV, RDF, RDFS, SCHEMA, Iris, avvn

_TYPE = NamedNode(RDF + "type")
_LABEL = NamedNode(RDFS + "label")
_COMMENT = NamedNode(RDFS + "comment")


def build_quads(facts: Sequence[LetterFacts], build: NamedNode, version: str, iris: Iris) -> Iterator[Quad]:
    """The activity, the documents it used, the software that ran it and the rules that found something."""
    graph = iris.graph("build")
    software = iris.software(version)
    yield Quad(build, _TYPE, avvn("Build"), graph)
    yield Quad(build, _TYPE, NamedNode(PROV + "Activity"), graph)
    yield Quad(build, _LABEL, Literal("Build of the graph from the letters", language="en"), graph)
    yield Quad(build, _LABEL, Literal("Bouw van de graaf uit de brieven", language="nl"), graph)
    yield Quad(build, NamedNode(PROV + "wasAssociatedWith"), software, graph)
    yield Quad(software, _TYPE, NamedNode(PROV + "SoftwareAgent"), graph)
    yield Quad(software, _LABEL, Literal(f"avvn-graph {version}"), graph)
    yield Quad(software, NamedNode(SCHEMA + "softwareVersion"), Literal(version), graph)
    # Which rules the software followed: the plans of its association with the build.
    association = NamedNode(f"{build.value}#association")
    yield Quad(build, NamedNode(PROV + "qualifiedAssociation"), association, graph)
    yield Quad(association, _TYPE, NamedNode(PROV + "Association"), graph)
    yield Quad(association, NamedNode(PROV + "agent"), software, graph)
    for letter in facts:
        yield Quad(build, NamedNode(PROV + "used"), iris.document(letter.letter.meta.slug), graph)
    found = Counter(s.rule for f in facts for s in f.statements)
    for rule in sorted(found):
        node = iris.rule(rule)
        family, _, name = rule.partition(".")
        yield Quad(association, NamedNode(PROV + "hadPlan"), node, graph)
        yield Quad(node, _TYPE, avvn("Rule"), graph)
        yield Quad(node, _LABEL, Literal(rule), graph)
        yield Quad(node, _COMMENT, Literal(f"Rule {name or rule} of the family {family}.", language="en"), graph)
        yield Quad(node, _COMMENT, Literal(f"Regel {name or rule} van de familie {family}.", language="nl"), graph)
        yield Quad(node, avvn("ruleFamily"), Literal(family), graph)
        yield Quad(node, avvn("findings"), Literal(found[rule]), graph)

