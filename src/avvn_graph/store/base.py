"""The narrow interface of a store, the media types it can answer in, and what can go wrong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from avvn_graph.errors import AvvnError

JSON = "application/sparql-results+json"
XML = "application/sparql-results+xml"
CSV = "text/csv"
TSV = "text/tab-separated-values"
TURTLE = "text/turtle"
NTRIPLES = "application/n-triples"
JSONLD = "application/ld+json"
RDFXML = "application/rdf+xml"

RESULT_TYPES = (JSON, XML, CSV, TSV)
"""Media types of SELECT and ASK results, the server's favourite first."""
GRAPH_TYPES = (TURTLE, NTRIPLES, JSONLD, RDFXML)
"""Media types of CONSTRUCT and DESCRIBE results, the server's favourite first."""


@dataclass(frozen=True, slots=True)
class Result:
    """A whole serialised answer: nothing of the engine is left in it, so it may cross threads and processes."""

    body: bytes
    media_type: str


class Store(Protocol):
    """Something that answers SPARQL queries."""

    async def query(
        self,
        text: str,
        *,
        media_type: str | None = None,
        default_graphs: Sequence[str] = (),
        named_graphs: Sequence[str] = (),
        timeout: float | None = None,
    ) -> Result:
        """Answer one query; the default graph is the union of all graphs unless graphs are named.

        ``media_type`` is one of RESULT_TYPES or GRAPH_TYPES as fits the query's form, None for the favourite;
        ``timeout`` is in seconds (None for the store's own limit). Raises StoreError.
        """
        ...


class Backend(Protocol):
    """A store as the service uses it: what Store has, and its life and its numbers."""

    @property
    def busy(self) -> int:
        """How many queries run."""
        ...

    @property
    def queued(self) -> int:
        """How many queries wait."""
        ...

    timeouts: int
    """How many queries were stopped at their limit."""
    isolated: list[str]
    """What keeps the processes that evaluate off the network."""
    held: str
    """Where the graph is: in memory, on disk or elsewhere."""

    async def open(self) -> None:
        """Get ready; raises Unavailable."""
        ...

    async def close(self, *, patience: float = 0.0) -> None:
        """Take no more queries, give running ones ``patience`` seconds and let go of everything."""
        ...

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
        """As Store.query; ``prefixes`` (prefix to namespace) make a graph's Turtle and RDF/XML readable.

        ``union`` (None: the backend's own) says whether the default graph is the union of all graphs.
        """
        ...

    def at_once(self, text: str, *, media_type: str | None = None, union: bool | None = None) -> Result | None:
        """The answer to a query that takes less time than passing it on would; None for every other query."""
        ...


class StoreError(AvvnError):
    """A query that got no answer; the message is fit for whoever sent it."""


class QuerySyntaxError(StoreError):
    """The query is not SPARQL; ``line`` and ``column`` count from 1, None when unknown."""

    def __init__(self, message: str, line: int | None = None, column: int | None = None) -> None:
        """Keep the place beside the message."""
        super().__init__(message)
        self.line = line
        self.column = column


class QueryRefused(QuerySyntaxError):
    """The query asks for something that this store does not do, such as SERVICE."""


class QueryFailed(StoreError):
    """The query is well-formed and cannot be evaluated (an unknown function, an impossible IRI)."""


class QueryTimeout(StoreError):
    """The query was stopped at its time limit."""


class OutOfMemory(StoreError):
    """The query needed more memory than it may have, or brought its process down."""


class ResultTooLarge(StoreError):
    """The answer is longer than it may be."""


class Overloaded(StoreError):
    """No worker came free in time."""


class Unavailable(StoreError):
    """There is no store to ask."""
