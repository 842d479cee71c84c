"""The process that writes: one at a time, under a memory limit and without a network, killed by the server when it takes too long.

Frames, both ways over standard input and output: two unsigned 32-bit lengths (network order), a JSON header, a body.
Request header: ``op`` (update, put, post, delete), ``store``, ``base``; for an update ``refuse`` (say so instead of doing it,
when it is well-formed); else ``graph`` (None for the default graph) and ``parts``, a media type and a length for each part of
the body. Reply header: ``version`` and ``created``, or ``error`` with a message, line and column.
"""

from __future__ import annotations

import ctypes
import json
import os
import resource
import signal
import sys
from pathlib import Path
from typing import Any, BinaryIO

import pyoxigraph as ox

from avvn_graph.errors import AvvnError
from avvn_graph.store import worker
from avvn_graph.store.base import JSONLD, NTRIPLES, RDFXML, TURTLE
from avvn_graph.store.curation import Curation, ProtectedGraphError

FORMATS = {
    TURTLE: ox.RdfFormat.TURTLE, NTRIPLES: ox.RdfFormat.N_TRIPLES, JSONLD: ox.RdfFormat.JSON_LD, RDFXML: ox.RdfFormat.RDF_XML,
}
_PR_SET_PDEATHSIG = 1


class MissingGraphError(AvvnError):
    """There is no such graph to delete."""


class Writer:
    """Does what is asked, for any number of store folders."""

    def __init__(self) -> None:
        """Nothing is opened yet."""
        self._curations: dict[tuple[str, str], Curation] = {}

    def answer(self, request: dict[str, Any], body: bytes) -> dict[str, Any]:
        """The reply to one request."""
        try:
            if request["op"] == "update":
                return self._update(request, body.decode())
            return self._graph(request, body)
        except SyntaxError as error:
            return worker.syntax(str(error))
        except ProtectedGraphError as error:
            return {"error": "protected", "message": str(error)}
        except MissingGraphError as error:
            return {"error": "missing", "message": str(error)}
        except MemoryError:
            return {"error": "memory"}
        except (RuntimeError, ValueError) as error:
            return {"error": "failed", "message": str(error)[:500]}
        except (OSError, AvvnError) as error:
            print(f"writer: {error}", file=sys.stderr, flush=True)
            return {"error": "store"}

    def _curation(self, request: dict[str, Any]) -> Curation:
        key = (request["store"], request["base"])
        if key not in self._curations:
            self._curations = {key: Curation(Path(key[0]), key[1])}
        return self._curations[key]

    def _update(self, request: dict[str, Any], text: str) -> dict[str, Any]:
        endpoint = f"{request['base']}sparql"
        if request.get("refuse"):
            ox.Store().update(text, base_iri=endpoint)  # for its syntax errors
            return {"error": "refused"}
        written = self._curation(request).write(lambda store: store.update(text, base_iri=endpoint))
        return {"version": written.version, "created": False}

    def _graph(self, request: dict[str, Any], body: bytes) -> dict[str, Any]:
        name: str | None = request["graph"]
        graph = ox.DefaultGraph() if name is None else ox.NamedNode(name)
        triples: list[ox.Triple] = []
        at = 0
        for media_type, length in request["parts"]:
            triples += (q.triple for q in ox.parse(
                body[at:at + length], format=FORMATS[media_type], base_iri=name or f"{request['base']}sparql",
                without_named_graphs=True, rename_blank_nodes=True,
            ))
            at += length
        created = False

        def change(store: ox.Store) -> None:
            nonlocal created
            created = isinstance(graph, ox.NamedNode) and not store.contains_named_graph(graph)
            if request["op"] == "delete" and created:
                raise MissingGraphError(f"there is no graph <{name}>")
            if request["op"] == "delete":
                store.remove_graph(graph)  # of the default graph this leaves an empty one
                return
            if request["op"] == "put":
                store.clear_graph(graph)
            if isinstance(graph, ox.NamedNode):
                store.add_graph(graph)
            store.extend(ox.Quad(t.subject, t.predicate, t.object, graph) for t in triples)

        written = self._curation(request).write(change, graph=name or "")
        return {"version": written.version, "created": created}


def _read(file: BinaryIO, size: int) -> bytes:
    data = file.read(size)
    if len(data) < size:
        raise EOFError
    return data


def serve(memory: int) -> None:
    """Answer requests until standard input is closed; ``memory`` is in bytes."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    requests, replies = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # nothing but replies goes where replies go
    worker.isolate()
    if sys.platform == "linux":
        most = worker.address_space() + memory
        resource.setrlimit(resource.RLIMIT_AS, (most, most))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    writer = Writer()
    while True:
        try:
            head, length = worker.FRAME.unpack(_read(requests, worker.FRAME.size))
        except EOFError:
            return
        request = json.loads(_read(requests, head))
        reply = json.dumps(writer.answer(request, _read(requests, length))).encode()
        replies.write(worker.FRAME.pack(len(reply), 0) + reply)
        replies.flush()


if __name__ == "__main__":
    serve(int(sys.argv[1]))
