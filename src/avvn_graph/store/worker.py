"""A query worker: a process of its own that opens a store read-only, and evaluates and serialises in one place.

Run as a script by pool.py, with a socket as standard input; it imports nothing of ours, so that it is up in some 50 ms.
The engine can neither be interrupted nor be told how much memory it may use, and its result iterators abort the process when
another thread touches them. So everything happens on one thread here, under an address-space limit, and whoever has
waited long enough kills the process.

Frames, both ways: two unsigned 32-bit lengths (network order), then a JSON header, then a body.
Request header: type, base, default, named, union, star, order, limit, prefixes, or check (parse only); its body is
the query. Reply header: type, or error with message, line and column.
"""

from __future__ import annotations

import ctypes
import io
import json
import os
import platform
import re
import resource
import select
import socket
import struct
import sys
import threading
from typing import Any

import pyoxigraph as ox

FRAME = struct.Struct("!II")
NICENESS = 5
_SMALL = 1 << 16
"""A body of so many bytes is sent in one piece with what goes before it."""

RESULTS = {
    "application/sparql-results+json": ox.QueryResultsFormat.JSON,
    "application/sparql-results+xml": ox.QueryResultsFormat.XML,
    "text/csv": ox.QueryResultsFormat.CSV,
    "text/tab-separated-values": ox.QueryResultsFormat.TSV,
}
GRAPHS = {
    "text/turtle": ox.RdfFormat.TURTLE,
    "application/n-triples": ox.RdfFormat.N_TRIPLES,
    "application/ld+json": ox.RdfFormat.JSON_LD,
    "application/rdf+xml": ox.RdfFormat.RDF_XML,
}

_CLONE_NEWUSER = 0x10000000
_CLONE_NEWNET = 0x40000000
_PR_SET_NO_NEW_PRIVS = 38
_PR_SET_SECCOMP = 22
_SECCOMP_MODE_FILTER = 2
# Architecture as the kernel names it, and the number of its socket(2).
_SOCKET_CALL = {"x86_64": (0xC000003E, 41), "aarch64": (0xC00000B7, 198)}

_EMPTY = ox.Store()


class TooLargeError(Exception):
    """The answer has outgrown its limit."""


class Buffer(io.BytesIO):
    """Collects what the engine serialises and stops it when that is too much."""

    def __init__(self, limit: int) -> None:
        super().__init__()
        self._limit = limit

    def write(self, data: Any) -> int:
        if self.tell() + len(data) > self._limit:
            raise TooLargeError
        return super().write(data)


def isolate() -> list[str]:
    """Cut this process off from the network, by every means that works here; returns those means."""
    means: list[str] = []
    if sys.platform != "linux":
        return means
    libc = ctypes.CDLL(None, use_errno=True)
    for flags in (_CLONE_NEWUSER | _CLONE_NEWNET, _CLONE_NEWNET):
        if libc.unshare(flags) == 0:
            means.append("namespace")
            break
    if _forbid_sockets(libc):
        means.append("seccomp")
    return means


def _forbid_sockets(libc: ctypes.CDLL) -> bool:
    """From now on socket(2) fails with EACCES in this process."""
    if platform.machine() not in _SOCKET_CALL:
        return False
    architecture, number = _SOCKET_CALL[platform.machine()]
    load, equal, give = 0x20, 0x15, 0x06
    allow, kill, deny = 0x7FFF0000, 0x80000000, 0x00050000 | 13
    program = b"".join(
        struct.pack("HBBI", *line)
        for line in (
            (load, 0, 0, 4),  # the architecture
            (equal, 1, 0, architecture),
            (give, 0, 0, kill),
            (load, 0, 0, 0),  # the number of the call
            (equal, 0, 1, number),
            (give, 0, 0, deny),
            (give, 0, 0, allow),
        )
    )
    code = ctypes.create_string_buffer(program, len(program))
    filter_ = ctypes.create_string_buffer(struct.pack("HxxxxxxP", len(program) // 8, ctypes.addressof(code)))
    if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        return False
    return bool(libc.prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, filter_, 0, 0) == 0)


def answer(store: ox.Store, request: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    """Evaluate one request; returns the reply's header and body."""
    try:
        return _answer(store, request)
    except SyntaxError as error:
        return syntax(str(error)), b""
    except TooLargeError:
        return {"error": "too-large"}, b""
    except MemoryError:
        return {"error": "memory"}, b""
    except (RuntimeError, ValueError) as error:
        return {"error": "failed", "message": str(error)[:500]}, b""
    except OSError as error:
        print(f"query worker: {error}", file=sys.stderr, flush=True)
        return {"error": "store"}, b""


def _answer(store: ox.Store, request: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    query: str = request["query"]
    base: str | None = request.get("base")
    if request.get("check"):
        _EMPTY.query(query, base_iri=base)
        return {"type": None}, b""
    if request.get("star") is not None:
        query = _spell_out(query, request["star"], request["order"], base)
    default, named = request.get("default"), request.get("named")
    results = store.query(
        query,
        base_iri=base,
        use_default_graph_as_union=request["union"],
        default_graph=None if default is None else [ox.NamedNode(g) for g in default],
        named_graphs=None if named is None else [ox.NamedNode(g) for g in named],
    )
    out = Buffer(request["limit"])
    media_type: str | None = request.get("type")
    if isinstance(results, ox.QueryTriples):
        media_type = media_type if media_type in GRAPHS else "text/turtle"
        if request.get("prefixes"):
            ox.serialize(results, out, GRAPHS[media_type], prefixes=request["prefixes"])
        else:
            results.serialize(out, GRAPHS[media_type])
    else:
        media_type = media_type if media_type in RESULTS else "application/sparql-results+json"
        results.serialize(out, RESULTS[media_type])
    return {"type": media_type}, out.getvalue()


def _spell_out(query: str, star: int, order: list[str], base: str | None) -> str:
    """``SELECT *`` with its variables by name in the query's order; the engine would give them in the alphabet's."""
    results = _EMPTY.query(query, base_iri=base)
    assert isinstance(results, ox.QuerySolutions)
    names = {v.value for v in results.variables}
    if not names or [v.value for v in results.variables] == [n for n in order if n in names]:
        return query
    if not names <= set(order):
        return query
    return query[:star] + " ".join(f"?{n}" for n in order if n in names) + " " + query[star + 1:]


_PLACE = re.compile(r"(?:error at )?(\d+):(\d+): ?(.*)", re.DOTALL)
_RANGES = re.compile(r"\[(?:'[^']*'|'\\''| ?\.\.= ?| ?\| ?|\n|\\u\{[0-9A-F]+\})+\]|<unreported>")


def syntax(message: str) -> dict[str, Any]:
    """A reply that gives the engine's complaint, and where."""
    match = _PLACE.match(message)
    if match is None:
        return {"error": "syntax", "message": message[:500]}
    text = " ".join(_RANGES.sub("", match[3]).split())
    return {"error": "syntax", "message": text, "line": int(match[1]), "column": int(match[2])}


def address_space() -> int:
    """Bytes of address space that this process has."""
    with open("/proc/self/statm", encoding="ascii") as file:  # noqa: PTH123 - pathlib is not imported, for speed
        return int(file.read().split()[0]) * resource.getpagesize()


def _receive(connection: socket.socket, size: int, data: bytearray) -> None:
    """Read on until there are ``size`` bytes in ``data``."""
    while len(data) < size:
        part = connection.recv(1 << 18)
        if not part:
            raise EOFError
        data += part


def _request(connection: socket.socket) -> dict[str, Any]:
    """The next request; whoever asks waits for the answer, so that no other follows it in what is read."""
    data = bytearray()
    _receive(connection, FRAME.size, data)
    head, body = FRAME.unpack_from(data)
    begin = FRAME.size + head
    _receive(connection, begin + body, data)
    request: dict[str, Any] = json.loads(data[FRAME.size:begin])
    request["query"] = data[begin:begin + body].decode()
    return request


def _send(connection: socket.socket, header: dict[str, Any], body: bytes) -> None:
    head = json.dumps(header).encode()
    frame = FRAME.pack(len(head), len(body)) + head
    if len(body) <= _SMALL:
        connection.sendall(frame + body)
    else:
        connection.sendall(frame)
        connection.sendall(body)


def _end_with(connection: socket.socket) -> None:
    """End this process as soon as the other end of the socket is closed, whatever the engine is doing."""
    poll = select.poll()
    poll.register(connection, getattr(select, "POLLRDHUP", select.POLLHUP))
    poll.poll()
    os._exit(0)


def serve(store_path: str, memory: int) -> None:
    """Answer requests until the other end is closed."""
    # Ours is a duplicate of fd 0, so that nothing else in the process reads from it.
    connection = socket.socket(fileno=os.dup(0))
    connection.setblocking(True)
    means = isolate()
    os.nice(NICENESS)  # the server's own process comes first, or a heavy query would make every other answer late
    store = ox.Store.read_only(store_path)
    if sys.platform == "linux":  # elsewhere the kernel does not hold a process to it
        most = address_space() + memory  # beyond what an idle worker takes, which is some 300 MB of it
        resource.setrlimit(resource.RLIMIT_AS, (most, most))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    threading.stack_size(256 * 1024)
    threading.Thread(target=_end_with, args=(connection,), daemon=True).start()
    _send(connection, {"ready": os.getpid(), "isolated": means}, b"")
    while True:
        try:
            request = _request(connection)
        except EOFError:
            return
        reply, content = answer(store, request)
        _send(connection, reply, content)


if __name__ == "__main__":
    serve(sys.argv[1], int(sys.argv[2]))
