"""JSON-LD 1.1 of quads, compacted with the ontology's own context: ``initiatedBy`` rather than a long IRI.

The context is made from the ontology, so that the two cannot disagree, and published at ``/context.jsonld``. A document
carries the part of it that it uses: it can be read without asking for anything else.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

import pyoxigraph as ox

from avvn_graph.service import lookups
from avvn_graph.service.graphs import Snapshot

Context = Mapping[str, Any]

_AVVN = lookups.PREFIXES["avvn"]
_XSD = lookups.PREFIXES["xsd"]
_TYPE = lookups.PREFIXES["rdf"] + "type"
_EXTRA = {"hydra": "http://www.w3.org/ns/hydra/core#", "oa": "http://www.w3.org/ns/oa#"}
_NAMESPACES = {**lookups.PREFIXES, **_EXTRA}
_LOCAL = re.compile(r"[A-Za-z_][\w.-]*")
_INTEGER = re.compile(r"-?(0|[1-9]\d{0,14})")
_TERMS = """SELECT ?p ?kind ?range WHERE {
  VALUES ?kind { owl:ObjectProperty owl:DatatypeProperty } ?p a ?kind OPTIONAL { ?p rdfs:range ?range }
} ORDER BY ?p ?range"""


async def context(snapshot: Snapshot) -> Context:
    """Prefixes, ``id`` and ``type``, and a term for each property of the ontology with the type of its values."""
    terms: dict[str, Any] = {"@version": 1.1, "id": "@id", "type": "@type", **_NAMESPACES}
    for row in await snapshot.select(lookups.HEADER + _TERMS):
        name = row["p"].value.removeprefix(_AVVN)
        if name == row["p"].value or name in terms:
            continue
        terms[name] = definition = {"@id": f"avvn:{name}"}
        if row["kind"].value.endswith("ObjectProperty"):
            definition["@type"] = "@id"
        elif "range" in row and row["range"].value.startswith(_XSD) and row["range"].value != f"{_XSD}string":
            definition["@type"] = "xsd:" + row["range"].value.removeprefix(_XSD)
    return terms


def document(quads: Iterable[ox.Quad], context: Context) -> bytes:
    """The triples of the quads (not their graphs) as a flat list of nodes, indented, with what it uses of ``context``."""
    used: set[str] = {"id", "type"}
    nodes: dict[str, defaultdict[str, list[Any]]] = {}
    for triple in dict.fromkeys(q.triple for q in quads):
        node = nodes.setdefault(_node(triple.subject), defaultdict(list))
        if triple.predicate.value == _TYPE and isinstance(triple.object, ox.NamedNode):
            node["type"].append(_compact(triple.object.value, used))
        else:
            key, coerced = _key(triple.predicate.value, context, used)
            node[key].append(_value(triple.object, coerced, used))
    graph = [
        {"id": name, **{k: v[0] if len(v) == 1 else v for k, v in properties.items()}} for name, properties in nodes.items()
    ]
    kept = {k: v for k, v in context.items() if k == "@version" or k in used}
    for value in list(kept.values()):
        if isinstance(value, dict):
            kept["avvn"] = _AVVN
            if str(value.get("@type", "")).startswith("xsd:"):
                kept["xsd"] = _XSD
    return (json.dumps({"@context": kept, "@graph": graph}, ensure_ascii=False, indent=1) + "\n").encode()


def _node(term: object) -> str:
    assert isinstance(term, ox.NamedNode | ox.BlankNode)  # the graph has no triple terms
    return term.value if isinstance(term, ox.NamedNode) else f"_:{term.value}"


def _key(predicate: str, context: Context, used: set[str]) -> tuple[str, str | None]:
    name = predicate.removeprefix(_AVVN)
    if name != predicate and isinstance(context.get(name), dict):
        used.add(name)
        return name, context[name].get("@type")
    return _compact(predicate, used), None


def _compact(iri: str, used: set[str]) -> str:
    for prefix, namespace in _NAMESPACES.items():
        if iri.startswith(namespace) and _LOCAL.fullmatch(iri[len(namespace):]):
            used.add(prefix)
            return f"{prefix}:{iri[len(namespace):]}"
    return iri


def _value(term: object, coerced: str | None, used: set[str]) -> Any:
    if not isinstance(term, ox.Literal):
        return _node(term) if coerced == "@id" else {"id": _node(term)}
    if term.language:
        return {"@value": term.value, "@language": term.language}
    datatype = _compact(term.datatype.value, used)
    if coerced == datatype:
        return int(term.value) if datatype == "xsd:integer" and _INTEGER.fullmatch(term.value) else term.value
    if datatype == "xsd:string":
        return term.value if coerced is None else {"@value": term.value}
    return {"@value": term.value, "@type": datatype}
