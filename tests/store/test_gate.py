"""The gate against what the engine really does: nothing that passes may open a connection."""

from __future__ import annotations

import itertools
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import closing

import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from avvn_graph.store import gate
from avvn_graph.store.base import QueryRefused

# {port} has no colon of its own, so that a port with letters behind it is no port.
PROLOGUE = "PREFIX ex: <http://127.0.0.1:1/> PREFIX : <http://e/> PREFIX port: <http://a:8> "


class Listener:
    """Counts who connects."""

    def __init__(self) -> None:
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.socket.getsockname()[1]}/"
        self.calls = 0
        threading.Thread(target=self._run, daemon=True).start()

    def _run(self) -> None:
        while True:
            try:
                connection, _ = self.socket.accept()
            except OSError:
                return
            self.calls += 1
            connection.close()


@pytest.fixture(scope="module")
def listener() -> Iterator[Listener]:
    found = Listener()
    with closing(found.socket):
        yield found


@pytest.fixture(scope="module")
def store() -> ox.Store:
    found = ox.Store()
    found.add(ox.Quad(ox.NamedNode("http://e/s"), ox.NamedNode("http://e/p"), ox.Literal("o")))
    return found


def passes(query: str) -> bool:
    try:
        gate.inspect(query)
    except QueryRefused:
        return False
    return True


def calls(store: ox.Store, listener: Listener, query: str) -> bool:
    """Whether the engine opens a connection for this query, or would if it had an address."""
    before = listener.calls
    ended = "silent" in query.lower()  # a failure that may have been swallowed
    try:
        results = store.query(query)
        if not isinstance(results, ox.QueryBoolean):
            list(results)
    except RuntimeError as error:
        if "service name" in str(error):
            return True
    except (SyntaxError, ValueError):
        return False
    except OSError:
        ended = True
    # A connection is made by now; the thread that counts it may need a moment.
    deadline = time.monotonic() + 0.01
    while ended and listener.calls == before and time.monotonic() < deadline:
        time.sleep(0.001)
    return listener.calls > before


REFUSED = [
    "SELECT * { SERVICE <http://a/> { ?s ?p ?o } }",
    "SELECT*{sErViCe<http://a/>{}}",
    "SELECT * { SERVICE SILENT ?x { } }",
    "SELECT * { SERVICE#comment\n#another\r<http://a/>{} }",
    PROLOGUE + "SELECT * { SERVICEex:a{} }",
    PROLOGUE + "SELECT * { SERVICESILENTex:a{} }",
    PROLOGUE + "SELECT * { SERVICE:a{} }",
    "SELECT * { ?s ?p trueSERVICE<http://a/>{} }",
    "SELECT * { ?s ?p 1SERVICE<http://a/>{} }",
    "SELECT * { ?s ?p 'a'@en.SERVICE<http://a/>{} }",
    "SELECT * { FILTER(1<2)SERVICE#>\n<http://a/>{} }",
    "SELECT * { FILTER(1<2)SERVICE?x#>\n{} }",
    PROLOGUE + "SELECT * { ?s ?p ex:a.b.SERVICE<http://a/>{} }",
    PROLOGUE + "SELECT * { OPTIONAL { ?s ?p port:SERVICE<http://a/>{} } }",
    "SELECT * { {} MINUS { ?s ?p ('''a')SERVICE<http://a/>{}#\\uD800'''\n} }",
    PROLOGUE + "SELECT * { ?s ?p ex:GRAPH SERVICE:a{} }",
    PROLOGUE + "ASK { GRAPH ex:a {} SERVICE:a{} }",
    "CONSTRUCT { ?s ?p ?o } WHERE { { SELECT * { SERVICE <http://a/> { ?s ?p ?o } } } }",
    "LOAD <http://a/>", "load silent <http://a/> into graph <http://b/>", "PREFIX a: <http://a/>\nINSERT DATA { a:a a:a a:a }",
    "DELETE WHERE { ?s ?p ?o }", "CLEAR ALL", "ASK {} ; LOAD <http://a/>",
]

ALLOWED = [
    "SELECT ?service { ?service <http://a/service> 'SERVICE <http://a/> {' }",
    "# SERVICE <http://a/> {\nASK {}",
    "PREFIX service: <http://a/SERVICE/> SELECT * { GRAPH service:a { ?s service:load service:b } }",
    "SELECT * { ?s ?p '''SERVICE <http://a/> { \"'''@service . _:service ?load \"\"\"a\"b SERVICE ?x {\"\"\" }",
    "SELECT * { ?s ?p <http://a/service#x> .\n?s ?q ?o }",
    "SELECT ($service AS ?load) { BIND(1 AS ?service) }",
    "PREFIX load: <http://a/> SELECT * FROM load:load { ?s load:load ?o }",
    "SELECT * { ?service ?p ?o FILTER(?o<2) }",
]


@pytest.mark.parametrize("query", REFUSED)
def test_refuses(query: str) -> None:
    assert not passes(query)


@pytest.mark.parametrize("query", ALLOWED)
def test_lets_through(query: str, store: ox.Store) -> None:
    assert passes(query)
    store.query(query)  # and it is a query indeed


def test_refused_spellings_are_real(store: ox.Store, listener: Listener) -> None:
    """The engine does take the strange spellings; were it to stop, the gate could be simpler."""
    strange = [
        "SELECT * { FILTER(1<2)SERVICE#>\n<URL>{} }", PROLOGUE + "SELECT * { OPTIONAL { ?s ?p ex:a.b.SERVICE<URL>{} } }",
        PROLOGUE + "SELECT * { OPTIONAL { ?s ?p port:SERVICE<URL>{} } }", "SELECT*{sErViCe<URL>{}}",
        "SELECT * { {} MINUS { ?s ?p ('''a')SERVICE<URL>{}#\\uD800'''\n} }",
    ]
    assert all(calls(store, listener, q.replace("URL", listener.url)) for q in strange)


def test_nothing_that_passes_calls(store: ox.Store, listener: Listener) -> None:
    before = ["", "FILTER(1<2)", "?s ?p ?o.", "?s ?p true", "?s ?p 1", "?s ?p 'a'@en.", "OPTIONAL{?s ?p port:", "{}MINUS{?s ?p ('''a')",
              "GRAPH ex:g {}", "BIND(1 AS ?y)", "?s ?p ex:a.b.", "#", "?s ?p '", "VALUES ?v {", "?s ?p <"]
    words = ["SERVICE", "service ", "SERVICESILENT", "SERVICE#>\n", "SERVICE#'\n", "SERVICE\t#\"\"\"\r\n"]
    targets = [f"<{listener.url}>", "?x", "?x#>\n", "ex:a", ":a"]
    after = ["{}", "{?a ?b ?c}}", "{}#\\uD800'''\n}", "{}'}"]
    bodies = ["".join(parts) for parts in itertools.product(before, words, targets, after)]
    passed = [q for b in bodies if passes(q := f"{PROLOGUE}SELECT * {{ {b} }}")]
    assert len(passed) > 50  # comments and strings
    assert [q for q in passed if calls(store, listener, q)] == []


FRAGMENTS = st.sampled_from([
    "SERVICE", "service", "SILENT", "ex:a", ":a", "ex:", "port:", "?x", "?service", "URL", "{", "}", "{}", "{?s ?p ?o}", "(", ")", "<", ">", "'", "''",
    "'''", '"', '"""', "\\uD800", "\\'", "#", "\n", " ", ".", ";", ",", "true", "1", "1.", "@en", "_:b", "GRAPH", "FILTER(1<2)", "OPTIONAL", "MINUS",
    "?s ?p ", "a",
])


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(FRAGMENTS, max_size=8), st.lists(FRAGMENTS, max_size=4))
def test_nothing_that_passes_calls_at_random(store: ox.Store, listener: Listener, head: list[str], tail: list[str]) -> None:
    text = "".join([*head, "SERVICE", *tail]).replace("URL", f"<{listener.url}>")
    query = f"{PROLOGUE}SELECT * {{ {text} }}"
    if passes(query):
        assert not calls(store, listener, query)


@pytest.mark.parametrize(("query", "form", "star", "dataset"), [
    ("SELECT * { ?s ?p ?o }", "SELECT", 7, False),
    ("#x\nPREFIX a: <http://a/>\nbase <http://b/>\nselect distinct*{}", "SELECT", 57, False),
    ("SELECT ?s FROM <http://a/> { ?s ?p ?o }", "SELECT", None, True),
    ("SELECT (COUNT(*) AS ?n) { ?s ?p ?from }", "SELECT", None, False),
    ("ASK{}", "ASK", None, False),
    ("DESCRIBE <http://from/>", "DESCRIBE", None, False),
    ("CONSTRUCT WHERE { ?s ?p ?o }", "CONSTRUCT", None, False),
    ("nonsense", None, None, False),
    ("", None, None, False),
])
def test_inspects(query: str, form: str | None, star: int | None, dataset: bool) -> None:
    seen = gate.inspect(query)
    assert (seen.form, seen.star, seen.dataset) == (form, star, dataset)
    assert star is None or query[star] == "*"


def test_variables_in_order() -> None:
    assert gate.variables("SELECT * { ?z $a '?no' ; ?p <http://x/?no> . # ?no\n ?a ?b _:c }") == ["z", "a", "p", "b"]


@pytest.mark.parametrize("query", [
    "service" * 14_000, "service#" * 12_000, "service ?x " * 9_000, "<service" * 12_000, "x:service" * 11_000, "'" * 100_000,
    ("service" * 200 + " ") * 70, '"""a' * 25_000, "(" * 99_000 + "service", "a." * 50_000 + "service", "\\" * 99_000 + "service",
    "<" + "a" * 99_000 + " service", "'''\\" * 20_000 + "service",
])
def test_is_quick_on_hostile_text(query: str) -> None:
    began = time.perf_counter()
    passes(query)
    assert time.perf_counter() - began < 2


def test_says_where() -> None:
    with pytest.raises(QueryRefused) as refused:
        gate.inspect("SELECT * {\n  ?s ?p ?o .\n  SERVICE <http://a/> {}\n}")
    assert (refused.value.line, refused.value.column) == (3, 3)
