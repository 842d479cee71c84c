"""Links to the rest of the web, from two reviewed files: ``links.csv`` for single things, ``link-patterns.csv`` for what texts name.

No link is made up: a row of either says where it comes from.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import get_args

from pyoxigraph import Literal, NamedNode, Quad

from avvn_graph.errors import AvvnError
from avvn_graph.facts import EntityKind, Ref
from avvn_graph.graph.terms import PREFIXES, Iris

LINKS = "links.csv"
PATTERNS = "link-patterns.csv"

_KINDS: dict[str, EntityKind] = {kind: kind for kind in get_args(EntityKind)}
_REFUSED = PREFIXES["owl"] + "sameAs"


def link_quads(folder: Path, quads: Iterable[Quad], iris: Iris) -> Iterator[Quad]:
    """The links of things that ``quads`` describe, and of those in which a pattern is found.

    Those of ``links.csv`` stand in the graph of the vocabularies, those of patterns where their literal stands. Raises
    AvvnError that names the file and the line when a row is wrong.
    """
    patterns = list(_patterns(folder / PATTERNS))
    properties = {p for p, *_ in patterns}
    subjects = set()
    for quad in quads:
        subjects.add(quad.subject)
        if quad.predicate in properties and isinstance(quad.object, Literal):
            for property_, pattern, relation, target in patterns:
                if property_ == quad.predicate:
                    for match in pattern.finditer(quad.object.value):
                        yield Quad(quad.subject, relation, NamedNode(match.expand(target)), quad.graph_name)
    graph = iris.graph("vocabularies")
    for number, row in _rows(folder / LINKS):
        where = f"{folder / LINKS}:{number}"
        kind = _KINDS.get(row["kind"])
        if kind is None:
            raise AvvnError(f"{where}: {row['kind']!r} is no kind of thing; one of {', '.join(sorted(_KINDS))}")
        node = iris.entity(Ref(kind, row["key"]))
        if node in subjects:  # a link of what no letter names would be all that is said of it
            yield Quad(node, _relation(row, where), _iri(row["target"], where), graph)


def _patterns(path: Path) -> Iterator[tuple[NamedNode, re.Pattern[str], NamedNode, str]]:
    for number, row in _rows(path):
        where = f"{path}:{number}"
        try:
            pattern = re.compile(row["pattern"])
        except re.error as error:
            raise AvvnError(f"{where}: not a regular expression: {error}") from None
        _iri(row["target"].replace("\\1", "1"), where)
        yield _term(row["property"], where), pattern, _relation(row, where), row["target"]


def _rows(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    if not path.is_file():
        return
    lines = path.read_text(encoding="utf-8").splitlines()
    first = next((i for i, line in enumerate(lines) if not line.startswith("#")), len(lines))
    reader = csv.DictReader(lines[first:])
    for row in reader:
        empty = [str(name) for name, value in row.items() if not value]
        if empty or None in row:
            raise AvvnError(f"{path}:{first + reader.line_num}: {', '.join(empty) or 'a value too many'}: every column needs one value, the source too")
        yield first + reader.line_num, row


def _relation(row: dict[str, str], where: str) -> NamedNode:
    relation = _term(row["relation"], where)
    if relation.value == _REFUSED:
        raise AvvnError(f"{where}: owl:sameAs makes one thing of two; use skos:exactMatch or skos:closeMatch")
    return relation


def _term(name: str, where: str) -> NamedNode:
    prefix, _, local = name.partition(":")
    if prefix not in PREFIXES or not local:
        raise AvvnError(f"{where}: {name!r} has no prefix that is known here: {', '.join(PREFIXES)}")
    return NamedNode(PREFIXES[prefix] + local)


def _iri(text: str, where: str) -> NamedNode:
    try:
        return NamedNode(text)
    except ValueError:
        raise AvvnError(f"{where}: {text!r} is no IRI") from None
