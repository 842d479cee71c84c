"""The graph on a SPARQL 1.1 server of one's own: asked by the protocol, filled by the graph store protocol.

Every answer is fetched as JSON or N-Triples and written again by our own engine where another format is wanted, because servers
differ in the rest. The dataset is named in every request (all graphs below ``{base}graph/``), because they differ in what their
default graph is and may hold other people's graphs; but not where the default graph proves to be the union of ours alone.
"""

from __future__ import annotations

import asyncio
import io
import json
import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pyoxigraph as ox

from avvn_graph.errors import AvvnError
from avvn_graph.store import gate, worker
from avvn_graph.store.base import (
    CSV,
    GRAPH_TYPES,
    JSON,
    JSONLD,
    NTRIPLES,
    RDFXML,
    RESULT_TYPES,
    TSV,
    TURTLE,
    XML,
    Overloaded,
    QueryFailed,
    QueryRefused,
    QuerySyntaxError,
    QueryTimeout,
    Result,
    ResultTooLarge,
    StoreError,
    Unavailable,
)

_CHUNK = 1_000_000
"""Bytes of triples sent in one request; a graph with blank nodes goes in one piece, whatever its size."""
_EMPTY = ox.Store()
_RESULTS = {JSON: ox.QueryResultsFormat.JSON, XML: ox.QueryResultsFormat.XML, CSV: ox.QueryResultsFormat.CSV, TSV: ox.QueryResultsFormat.TSV}
_GRAPHS = {TURTLE: ox.RdfFormat.TURTLE, NTRIPLES: ox.RdfFormat.N_TRIPLES, JSONLD: ox.RdfFormat.JSON_LD, RDFXML: ox.RdfFormat.RDF_XML}


@dataclass(frozen=True, slots=True)
class Address:
    """Where a server is: its query endpoint, its graph store (for loading), and how to log in.

    ``auth`` is ``basic:USER:PASSWORD``, ``digest:USER:PASSWORD`` or ``bearer:TOKEN``.
    """

    query: str
    graph_store: str | None = None
    auth: str | None = None

    def options(self) -> dict[str, Any]:
        """For a client of httpx; raises AvvnError when ``auth`` is none of these."""
        kind, _, rest = (self.auth or "").partition(":")
        user, _, password = rest.partition(":")
        match kind:
            case "":
                return {}
            case "basic":
                return {"auth": httpx.BasicAuth(user, password)}
            case "digest":
                return {"auth": httpx.DigestAuth(user, password)}
            case "bearer":
                return {"headers": {"authorization": f"Bearer {rest}"}}
        raise AvvnError("AVVN_STORE_AUTH: must be basic:USER:PASSWORD, digest:USER:PASSWORD or bearer:TOKEN")


class RemoteStore:
    """Answers queries by asking a server; see base.Backend."""

    def __init__(
        self, address: Address, *, timeout: float, max_result_bytes: int, max_query_length: int, base_iri: str, union: bool = True,
        concurrent: int = 16,
    ) -> None:
        """``timeout`` in seconds; at most ``concurrent`` queries run at once, as many again may wait."""
        self._address = address
        self._timeout = timeout
        self._max_result_bytes = max_result_bytes
        self._max_query_length = max_query_length
        self._base = base_iri
        self._union = union
        self._graphs: list[str] = []
        self._plain = False
        self._turns = asyncio.Semaphore(concurrent)
        self._most_waiting = concurrent
        self._client: httpx.AsyncClient | None = None
        self.busy = 0
        self.queued = 0
        self.timeouts = 0
        self.isolated: list[str] = []
        self.held = "elsewhere"

    async def open(self) -> None:
        """Find out which graphs there are; raises Unavailable when the server does not answer."""
        self._client = httpx.AsyncClient(timeout=self._timeout, limits=httpx.Limits(max_connections=None), **self._address.options())
        try:
            graphs = await self._rows("SELECT ?g (COUNT(*) AS ?n) WHERE { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g")
            whole = await self._rows("SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }")
        except BaseException:
            await self.close()
            raise
        self._graphs = sorted(row["g"] for row in graphs if row["g"].startswith(f"{self._base}graph/"))
        self._plain = len(self._graphs) == len(graphs) and sum(int(row["n"]) for row in graphs) == int(whole[0]["n"])

    async def close(self, *, patience: float = 0.0) -> None:
        """Take no more queries, and give running ones ``patience`` seconds."""
        until = time.monotonic() + patience
        while self.busy and time.monotonic() < until:
            await asyncio.sleep(0.02)
        client, self._client = self._client, None
        if client:
            await client.aclose()

    async def build(self) -> tuple[str, str | None] | None:
        """The id and time of the build that is loaded; None when there is none. Raises StoreError."""
        ontology, prov = f"{self._base}ontology#", "http://www.w3.org/ns/prov#"
        found = await self._rows(
            f"SELECT ?b ?t WHERE {{ GRAPH <{self._base}graph/build> {{ ?b a <{ontology}Build> OPTIONAL {{ ?b <{prov}startedAtTime> ?t }} }} }}"
        )
        if not found:
            return None
        return found[0]["b"].rpartition("/")[2], found[0].get("t")

    async def _rows(self, text: str) -> list[dict[str, str]]:
        body = await self._fetch({"query": text}, JSON, self._timeout)
        results = ox.parse_query_results(body, format=ox.QueryResultsFormat.JSON)
        assert isinstance(results, ox.QuerySolutions)
        names = [v.value for v in results.variables]
        return [{n: row[n].value for n in names if row[n] is not None} for row in results]

    def at_once(self, text: str, *, media_type: str | None = None, union: bool | None = None) -> None:
        """See base.Backend: here everything has to be passed on."""
        return

    async def query(
        self,
        text: str,
        *,
        media_type: str | None = None,
        default_graphs: Sequence[str] = (),
        named_graphs: Sequence[str] = (),
        timeout: float | None = None,
        prefixes: Mapping[str, str] | None = None,
        union: bool | None = None,
    ) -> Result:
        """See base.Backend."""
        if len(text) > self._max_query_length:
            raise QueryRefused(f"the query has {len(text)} characters, and {self._max_query_length} is the most allowed")
        seen = gate.inspect(text)
        try:
            text.encode()
        except UnicodeEncodeError:
            raise QuerySyntaxError("the query has a lone surrogate, which is no character") from None
        fields: dict[str, Any] = {"query": text}
        if default_graphs or named_graphs:
            fields |= {"default-graph-uri": list(default_graphs) or [f"{self._base}graph/none"], "named-graph-uri": list(named_graphs)}
        elif not seen.dataset:
            together = self._union if union is None else union
            fields |= {} if self._plain and together else {"default-graph-uri": self._graphs if together else [f"{self._base}graph/none"], "named-graph-uri": self._graphs}
        graph = seen.form in ("CONSTRUCT", "DESCRIBE")
        wanted = media_type if media_type in (GRAPH_TYPES if graph else RESULT_TYPES) else TURTLE if graph else JSON
        limit = min(timeout or self._timeout, self._timeout)
        try:
            async with asyncio.timeout(limit):
                body = await self._fetch(fields, NTRIPLES if graph else JSON, limit)
                return Result(await asyncio.to_thread(_rewrite, body, wanted, prefixes, seen.form == "ASK"), wanted)
        except TimeoutError:
            self.timeouts += 1
            raise QueryTimeout(f"the query was stopped after {limit:g} seconds") from None
        except QueryFailed:
            self._explain(text)
            raise

    def _explain(self, text: str) -> None:
        """Raises QuerySyntaxError when the server is right; servers do not tell where in one way."""
        try:
            _EMPTY.query(text, base_iri=f"{self._base}sparql")
        except SyntaxError as error:
            reply = worker.syntax(str(error))
            raise QuerySyntaxError(reply["message"], reply.get("line"), reply.get("column")) from None
        except (RuntimeError, ValueError, OSError):
            return

    async def _fetch(self, fields: Mapping[str, Any], accept: str, timeout: float) -> bytes:
        client = self._client
        if client is None:
            raise Overloaded("the server is shutting down or changing to a new graph; ask again")
        if self.queued >= self._most_waiting:
            raise Overloaded("too many queries are waiting; try again later")
        self.queued += 1
        try:
            await self._turns.acquire()
        finally:
            self.queued -= 1
        self.busy += 1
        try:
            async with client.stream("POST", self._address.query, data=dict(fields), headers={"accept": accept}) as response:
                body = bytearray()
                async for part in response.aiter_bytes():
                    body += part
                    if len(body) > self._max_result_bytes:
                        raise ResultTooLarge(f"the answer is longer than the {self._max_result_bytes} bytes allowed; add a LIMIT")
                return _checked(response, bytes(body), accept)
        except httpx.TimeoutException:
            raise TimeoutError from None
        except httpx.HTTPError as error:
            raise Unavailable(f"the store does not answer ({type(error).__name__})") from None
        finally:
            self.busy -= 1
            self._turns.release()


def _checked(response: httpx.Response, body: bytes, accept: str) -> bytes:
    if response.status_code in (408, 504):
        raise TimeoutError
    if response.status_code in (429, 503):
        raise Overloaded("the store is busy; try again later")
    if 400 <= response.status_code < 500:
        lines = body[:2000].decode(errors="replace").strip().splitlines()
        raise QueryFailed(f"the store refuses the query ({response.status_code}): {lines[0][:300] if lines else ''}")
    if response.status_code != 200:
        raise Unavailable(f"the store answers with status {response.status_code}")
    kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    # A plain JSON type is what some servers say of results; and N-Triples are text.
    if kind not in (accept, "application/json" if accept == JSON else "text/plain"):
        raise Unavailable(f"the store answers in {kind[:60] or 'no format'} and not in {accept}")
    if "x-sparql-maxrows" in response.headers:  # Virtuoso's word for an answer that it cut
        raise ResultTooLarge("the store cuts its answers at a number of rows; add a LIMIT, or raise ResultSetMaxRows there")
    return body


def _rewrite(body: bytes, media_type: str, prefixes: Mapping[str, str] | None, ask: bool) -> bytes:
    """On one thread from end to end, as the engine wants it."""
    try:
        if media_type in _GRAPHS:
            triples = [q.triple for q in ox.parse(body, format=ox.RdfFormat.N_TRIPLES)]
            return ox.serialize(triples, format=_GRAPHS[media_type], prefixes=dict(prefixes) if prefixes else None) or b""
        results = ox.parse_query_results(body, format=ox.QueryResultsFormat.JSON)
        if ask and isinstance(results, ox.QuerySolutions):  # Virtuoso may answer ASK with a row that holds 1, or none
            yes = any(getattr(row[0], "value", "") in ("1", "true") for row in results)
            results = ox.parse_query_results(json.dumps({"head": {}, "boolean": yes}), format=ox.QueryResultsFormat.JSON)
        out = io.BytesIO()
        results.serialize(out, _RESULTS[media_type])
        return out.getvalue()
    except (SyntaxError, ValueError) as error:
        raise Unavailable(f"the store's answer cannot be read ({str(error)[:100]})") from None


_GRAPH_OF = re.compile(rb"<([^<>]*)> \.$")


def load(address: Address, nquads: Path, base_iri: str, progress: Callable[[str], None] = lambda _: None) -> int:
    """Put a build's N-Quads on a server, graph by graph, and remove graphs of builds before; returns the number of quads.

    The graph that names the build comes last, so that a server of ours which looks for it turns to a graph that is whole; but who
    asks meanwhile may see some graphs old and some new. Other graphs than those below ``{base_iri}graph/``, and what is below
    ``{base_iri}graph/curation``, are left alone. Raises AvvnError when something is refused or does not arrive whole.
    """
    if address.graph_store is None:
        raise AvvnError("AVVN_STORE_GRAPHS: give the graph store's address (SPARQL 1.1 Graph Store HTTP Protocol) to load into")
    graphs: dict[str, list[bytes]] = {}
    for line in nquads.read_bytes().splitlines():
        match = _GRAPH_OF.search(line)
        if match is None:
            raise AvvnError(f"{nquads}: a quad has no graph: {line[:80].decode(errors='replace')}")
        graphs.setdefault(match[1].decode(), []).append(line[:match.start()] + b".")
    last = f"{base_iri}graph/build"
    own = f"{base_iri}graph/curation"
    with httpx.Client(timeout=120, **address.options()) as client:
        for name in sorted(graphs, key=lambda g: (g == last, g)):
            for number, part in enumerate(_chunks(graphs[name])):
                _send(client, "POST" if number else "PUT", address.graph_store, name, part)
            there = _count(client, address.query, name)
            if there != len(graphs[name]):
                raise AvvnError(f"{address.graph_store}: <{name}> has {there} of {len(graphs[name])} triples after it was loaded")
            progress(f"loaded <{name}>: {there} triples")
        prefix = ox.Literal(f"{base_iri}graph/")
        query = f"SELECT DISTINCT ?g WHERE {{ GRAPH ?g {{ ?s ?p ?o }} FILTER(STRSTARTS(STR(?g), {prefix})) }}"
        for name in _column(client, address.query, query):
            if name not in graphs and name != own and not name.startswith(f"{own}/"):
                _send(client, "DELETE", address.graph_store, name, b"")
                progress(f"removed <{name}>")
    return sum(map(len, graphs.values()))


def _chunks(lines: Sequence[bytes]) -> Iterator[bytes]:
    """N-Triples, which are Turtle."""
    whole = any(line.startswith(b"_:") or b" _:" in line for line in lines)
    part: list[bytes] = []
    size = 0
    for line in lines:
        part.append(line)
        size += len(line) + 1
        if size >= _CHUNK and not whole:
            yield b"\n".join(part) + b"\n"
            part, size = [], 0
    if part:
        yield b"\n".join(part) + b"\n"


def _send(client: httpx.Client, method: str, url: str, graph: str, body: bytes) -> None:
    try:
        response = client.request(method, url, params={"graph": graph}, content=body, headers={"content-type": "text/turtle"})
    except httpx.HTTPError as error:
        raise AvvnError(f"{url}: {method} of <{graph}> failed ({type(error).__name__}: {error})") from None
    if response.status_code >= 300 and not (method == "DELETE" and response.status_code == 404):
        first = " ".join(re.sub(r"<[^>]*>", " ", response.text).split())[:200]
        raise AvvnError(f"{url}: {method} of <{graph}> is refused ({response.status_code} {first})")


def _column(client: httpx.Client, url: str, query: str) -> list[str]:
    try:
        response = client.post(url, data={"query": query}, headers={"accept": JSON})
        body = _checked(response, response.content, JSON)
    except (httpx.HTTPError, StoreError, TimeoutError) as error:
        raise AvvnError(f"{url}: cannot be asked what is there ({error})") from None
    results = ox.parse_query_results(body, format=ox.QueryResultsFormat.JSON)
    assert isinstance(results, ox.QuerySolutions)
    return [row[0].value for row in results]


def _count(client: httpx.Client, url: str, graph: str) -> int:
    return int(_column(client, url, f"SELECT (COUNT(*) AS ?n) WHERE {{ GRAPH <{graph}> {{ ?s ?p ?o }} }}")[0])
