"""The W3C's manifests, as plain tests."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pyoxigraph as ox

SUITE = Path(__file__).resolve().parents[3] / "shared" / "w3c" / "sparql" / "sparql11"
BASE = "http://w3c.github.io/rdf-tests/sparql/sparql11/"

MF = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#"
QT = "http://www.w3.org/2001/sw/DataAccess/tests/test-query#"
UT = "http://www.w3.org/2009/sparql/tests/test-update#"
HT = "http://www.w3.org/2011/http#"
CNT = "http://www.w3.org/2011/content#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
Node = ox.NamedNode | ox.BlankNode

FORMATS = {
    ".ttl": ox.RdfFormat.TURTLE, ".nt": ox.RdfFormat.N_TRIPLES, ".rdf": ox.RdfFormat.RDF_XML, ".trig": ox.RdfFormat.TRIG,
}


@dataclass(frozen=True)
class Dataset:
    """Files of the default graph, and of graphs by name."""

    default: tuple[str, ...] = ()
    named: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Request:
    """An HTTP request and what may come back."""

    method: str
    path: str
    headers: tuple[tuple[str, str], ...]
    body: bytes
    statuses: tuple[str, ...]
    boolean: bool | None
    format: str | None
    location: str | None
    expected_type: str | None
    expected_body: str | None


@dataclass(frozen=True)
class Test:
    """One test: ``kind`` is the local name of its class."""

    __test__ = False

    name: str
    folder: str
    title: str
    kind: str
    action: str = ""
    data: Dataset = field(default_factory=Dataset)
    result: str = ""
    after: Dataset = field(default_factory=Dataset)
    requests: tuple[Request, ...] = ()

    @property
    def id(self) -> str:
        """Its folder and name."""
        return f"{self.folder}/{self.name}"


def path(iri: str) -> Path:
    """Where a file of the suite is."""
    return SUITE / iri.removeprefix(BASE)


class _Graph:
    def __init__(self, file: Path) -> None:
        base = BASE + file.relative_to(SUITE).as_posix()
        self.store = ox.Store()
        self.store.extend(ox.parse(path=str(file), format=ox.RdfFormat.TURTLE, base_iri=base))
        self.node = ox.NamedNode(base)

    def all(self, subject: Node, name: str) -> list[ox.NamedNode | ox.BlankNode | ox.Literal]:
        return [q.object for q in self.store.quads_for_pattern(subject, ox.NamedNode(name), None) if not isinstance(q.object, ox.Triple)]

    def one(self, subject: Node, name: str) -> ox.NamedNode | ox.BlankNode | ox.Literal | None:
        found = self.all(subject, name)
        assert len(found) < 2, (subject, name)
        return found[0] if found else None

    def text(self, subject: Node, name: str) -> str:
        found = self.one(subject, name)
        return found.value if found is not None else ""

    def list(self, node: object) -> Iterator[Node]:
        while isinstance(node, ox.NamedNode | ox.BlankNode) and node.value != RDF + "nil":
            first = self.one(node, RDF + "first")
            assert isinstance(first, ox.NamedNode | ox.BlankNode)
            yield first
            node = self.one(node, RDF + "rest")

    def dataset(self, node: Node, vocabulary: str) -> Dataset:
        default = tuple(sorted(n.value for n in self.all(node, vocabulary + "data")))
        named = []
        for graph in self.all(node, vocabulary + "graphData"):
            if isinstance(graph, ox.NamedNode):
                named.append((graph.value, graph.value))
            elif isinstance(graph, ox.BlankNode):
                named.append((self.text(graph, RDFS + "label"), self.text(graph, vocabulary + "graph")))
        return Dataset(default, tuple(sorted(named)))

    def requests(self, action: Node) -> Iterator[Request]:
        for node in self.list(self.one(action, HT + "requests")):
            body = self.one(node, HT + "body")
            response = self.one(node, HT + "resp")
            assert isinstance(response, ox.NamedNode | ox.BlankNode)
            content = b""
            if isinstance(body, ox.BlankNode):
                encoding = self.text(body, CNT + "characterEncoding") or "UTF-8"
                content = self.text(body, CNT + "chars").encode(encoding)
            expected = self.one(response, HT + "body")
            boolean = self.text(response, MF + "expectedBoolean")
            headers = self.headers(response)
            yield Request(
                method=self.text(node, HT + "methodName"), path=self.text(node, HT + "absolutePath"), headers=self.headers(node),
                body=content, statuses=tuple(n.value.rpartition("#")[2] for n in self.all(response, MF + "expectedStatus")),
                boolean=None if not boolean else boolean in ("true", "1"), format=self.text(response, MF + "expectedFormat") or None,
                location=self.text(response, MF + "expectedLocation") or None,
                expected_type=next((v for k, v in headers if k.lower() == "content-type"), None),
                expected_body=self.text(expected, CNT + "chars") if isinstance(expected, ox.BlankNode) else None,
            )

    def headers(self, node: Node) -> tuple[tuple[str, str], ...]:
        return tuple((self.text(n, HT + "fieldName"), self.text(n, HT + "fieldValue")) for n in self.list(self.one(node, HT + "headers")))


def read(manifest: str) -> list[Test]:
    """The tests of a manifest, in order; ``manifest`` is relative to the suite and may include others."""
    graph = _Graph(SUITE / manifest)
    tests = [
        test for included in graph.list(graph.one(graph.node, MF + "include")) for test in read(included.value.removeprefix(BASE))
    ]
    folder = manifest.partition("/")[0]
    if folder == "http-rdf-update":
        return [_prose(graph, node) for node in graph.list(graph.one(graph.node, MF + "entries"))]
    for node in graph.list(graph.one(graph.node, MF + "entries")):
        kind = graph.text(node, RDF + "type").rpartition("#")[2]
        action, result = graph.one(node, MF + "action"), graph.one(node, MF + "result")
        test = Test(name=node.value.rpartition("#")[2], folder=folder, title=graph.text(node, MF + "name"), kind=kind)
        changes: dict[str, object] = {}
        if isinstance(action, ox.NamedNode):
            changes["action"] = action.value
        elif isinstance(action, ox.BlankNode):
            changes["action"] = graph.text(action, QT + "query") or graph.text(action, UT + "request")
            changes["data"] = graph.dataset(action, QT if graph.one(action, QT + "query") else UT)
            changes["requests"] = tuple(graph.requests(action))
        if isinstance(result, ox.NamedNode):
            changes["result"] = result.value
        elif isinstance(result, ox.BlankNode):
            changes["after"] = graph.dataset(result, UT)
        if kind == "ProtocolTest":
            changes["data"] = graph.dataset(node, UT)
        tests.append(Test(**{**test.__dict__, **changes}))
    return tests


_REQUEST = re.compile(r"#### Request\s*\n(.*?)#### Response\s*\n(.*)", re.DOTALL)


def _prose(graph: _Graph, node: Node) -> Test:
    """A test of the older kind: a request and a response, written out in a comment."""
    text = next(c.value for c in graph.all(node, RDFS + "comment") if isinstance(c, ox.Literal) and "#### Request" in c.value)
    match = _REQUEST.search(text)
    assert match is not None
    (first, headers, body), (status, expected, content) = (_message(part) for part in match.groups())
    method, where, _ = first.split()
    fields = dict(expected)
    request = Request(
        method=method, path=where, headers=tuple((k, v) for k, v in headers if k.lower() != "host"), body=body.encode(), statuses=(status.split()[0],),
        boolean=None, format=None, location=fields.get("Location"), expected_type=fields.get("Content-Type"), expected_body=content or None,
    )
    return Test(name=node.value.rpartition("#")[2], folder="http-rdf-update", title=graph.text(node, MF + "name"), kind="Prose", requests=(request,))


def _message(text: str) -> tuple[str, list[tuple[str, str]], str]:
    head, _, body = textwrap.dedent(text).strip("\n").partition("\n\n")
    first, *lines = head.splitlines()
    return first, [(k, v.strip()) for k, _, v in (line.partition(":") for line in lines)], body.strip() and body
