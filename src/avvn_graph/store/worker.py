"""Query workers: processes of their own that evaluate and serialise in one place, and the nursery that they are forked from.

Run as a script by nursery.py, with a socket as standard input; it imports nothing of ours, so that it is up in some 50 ms.
The engine can neither be interrupted nor be told how much memory it may use, and its result iterators abort the process when
another thread touches them. So everything happens on one thread here, under an address-space limit, and whoever has
waited long enough kills the process.

The nursery first sends a STATUS, when it is ready. It is sent STATUSes: 0, with a socket, for a worker at its other end, whose
process id is the reply (-1 if there can be none); or the process id of a worker, which is killed, and the reply is how it ended.

Frames to and from a worker: two unsigned 32-bit lengths (network order), then a JSON header, then a body.
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
import signal
import socket
import struct
import sys
import threading
from typing import Any

import pyoxigraph as ox

FRAME = struct.Struct("!II")
STATUS = struct.Struct("!q")
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
_PR_SET_PDEATHSIG = 1
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


def _loaded(quads: str) -> ox.Store:
    """A graph in memory, from N-Quads."""
    store = ox.Store()
    # On a thread that is over before the first fork: the engine's random numbers are a thread's own, and were they begun on
    # this one, all workers would go on with the same, and give the same UUID().
    failures: list[BaseException] = []

    def load() -> None:
        try:
            store.bulk_load(path=quads, format=ox.RdfFormat.N_QUADS)
        except BaseException as error:  # told to the thread that waits
            failures.append(error)

    thread = threading.Thread(target=load)
    thread.start()
    thread.join()
    if failures:
        raise failures[0]
    return store


def _serve(connection: socket.socket, store: ox.Store, memory: int, means: list[str]) -> None:
    """Answer requests until the other end is closed."""
    if sys.platform == "linux":  # elsewhere the kernel does not hold a process to it
        most = address_space() + memory  # beyond what an idle worker takes, which is some 300 MB of it
        resource.setrlimit(resource.RLIMIT_AS, (most, most))
    try:
        _send(connection, {"isolated": means}, b"")
        while True:
            request = _request(connection)
            reply, content = answer(store, request)
            _send(connection, reply, content)
    except (EOFError, ConnectionError):
        return


def _worker(connection: socket.socket, store_path: str, store: ox.Store | None, memory: int, means: list[str]) -> None:
    """What a forked process does; it never returns."""
    status = 1
    try:
        if sys.platform == "linux":
            ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)  # a nursery that is killed ends nobody
        # The store on disk is opened here, since the engine's threads for it would not be forked.
        _serve(connection, store or ox.Store.read_only(store_path), memory, means)
        status = 0
    except BaseException as error:  # nothing here may go back to the nursery's own loop
        print(f"query worker: {type(error).__name__}: {error}", file=sys.stderr, flush=True)
    finally:
        os._exit(status)


def nurse(store_path: str, quads: str, memory: int) -> None:
    """Fork and end workers until the other end is closed; ``quads`` is empty when the store is to be read from disk."""
    # Ours is a duplicate of fd 0, so that nothing else in the process reads from it, and no worker holds it open.
    control = socket.socket(fileno=os.dup(0))
    control.setblocking(True)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    means = isolate()
    os.nice(NICENESS)  # the server's own process comes first, or a heavy query would make every other answer late
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    store = _loaded(quads) if quads else None
    control.sendall(STATUS.pack(0))
    workers: set[int] = set()
    while True:
        message, descriptors, _, _ = socket.recv_fds(control, STATUS.size, 1)
        if not message:
            break
        (pid,) = STATUS.unpack(message)
        if pid in workers:
            os.kill(pid, signal.SIGKILL)
            workers.discard(pid)
            reply = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        elif pid:
            reply = -signal.SIGKILL  # it was ended before, and its number may be another process's by now
        else:
            connection = socket.socket(fileno=descriptors[0])
            connection.setblocking(True)
            try:
                reply = os.fork()
            except OSError as error:
                print(f"query worker: {error}", file=sys.stderr, flush=True)
                reply = -1
            if reply == 0:
                control.close()
                _worker(connection, store_path, store, memory, means)
            connection.close()
            if reply > 0:
                workers.add(reply)
        control.sendall(STATUS.pack(reply))
    for pid in workers:
        os.kill(pid, signal.SIGKILL)


if __name__ == "__main__":
    nurse(sys.argv[1], sys.argv[2], int(sys.argv[3]))
