"""A pool of query workers over one read-only store, with a hard limit on time, memory and the size of an answer."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import re
import signal
import time
from bisect import bisect_right
from collections import deque
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from avvn_graph.store import gate
from avvn_graph.store.base import (
    Backend,
    OutOfMemory,
    Overloaded,
    QueryFailed,
    QueryRefused,
    QuerySyntaxError,
    QueryTimeout,
    Result,
    ResultTooLarge,
    Unavailable,
)
from avvn_graph.store.lookups import Lookups
from avvn_graph.store.nursery import THREADS, GoneError, Nursery, Worker

log = logging.getLogger(__name__)

_FIRST = 2
"""Workers that are there from the beginning."""
_LONG = ((0.05, 10), (1.0, 15))
"""A query that has run for so many seconds gets such a niceness: what takes longest goes behind all that takes less."""
_GROWTH = 4
"""So many times ``size`` workers may live at once, so that light queries need not wait behind a few heavy ones."""
_STUCK_SECONDS = 0.25
"""When all queries have run for so long, another worker is started for those that wait."""
_SPARE_SECONDS = 2.0
"""A worker more than ``size`` that has had nothing to do for so long is ended."""
_QUEUE = 64
"""So many queries may wait per worker that there may be."""
_CLOSING = "the server is shutting down or changing to a new graph; ask again"


class Pool:
    """Answers queries on the event loop it was opened on; see BlockingStore for other threads.

    A query that is over its time, or whose caller went away, is ended by killing its worker; another takes its place.
    """

    def __init__(
        self, store: Path, *, size: int, timeout: float, memory: int, max_result_bytes: int, max_query_length: int,
        base: str | None = None, union: bool = True, quads: Path | None = None,
    ) -> None:
        """``timeout`` in seconds, ``memory`` in bytes that a query may take, ``base`` for relative IRIs.

        ``union``: the default graph is the union of all graphs, unless a query says otherwise. ``quads``: the same graph as
        N-Quads, to be held in memory; None reads the store from disk, which takes three to five times as long.
        """
        self._union = union
        self._store = store
        self._quads = quads
        self._nursery: Nursery | None = None
        self._nursing = asyncio.Lock()
        self._size = size
        self._most = size * _GROWTH
        self._timeout = timeout
        self._memory = memory
        self._max_result_bytes = max_result_bytes
        self._max_query_length = max_query_length
        self._base = base
        self._idle: list[Worker] = []
        self._waiting: deque[asyncio.Future[None]] = deque()
        self._count = 0
        self._busy = 0
        self._closed = False
        self._tasks: set[asyncio.Task[None]] = set()
        self._running: dict[Worker, float] = {}
        """When each began with its query."""
        self._trimming: asyncio.TimerHandle | None = None
        self._lookups: Lookups | None = None
        self.timeouts = 0
        self.isolated: list[str] = []
        self.held = "on disk" if quads is None else "in memory"

    async def open(self) -> None:
        """Start the first workers, the others come when they are needed; raises Unavailable when the store cannot be opened."""
        lookups = asyncio.get_running_loop().run_in_executor(THREADS, Lookups, self._store, self._quads)  # while the nursery loads the same
        workers = await asyncio.gather(*(self._start() for _ in range(min(self._size, _FIRST))), return_exceptions=True)
        failures = [w for w in workers if isinstance(w, BaseException)]
        self._idle.extend(w for w in workers if isinstance(w, Worker))
        try:
            self._lookups = await lookups
        except OSError as error:
            log.warning("look-ups go to the workers too: %s", error)
        if failures:
            await self.close()
            raise failures[0]
        if not self.isolated:
            log.warning("query workers could not be cut off from the network here; SERVICE is refused by the lexer alone")

    async def close(self, *, patience: float = 0.0) -> None:
        """Take no more queries, give running ones ``patience`` seconds and end every worker."""
        self._closed = True
        self._lookups = None
        if self._trimming:
            self._trimming.cancel()
        until = time.monotonic() + patience
        while self._busy and time.monotonic() < until:
            await asyncio.sleep(0.02)
        self._wake(len(self._waiting))
        idle, self._idle = self._idle, []
        await asyncio.gather(*(w.end() for w in idle))
        self._count -= len(idle)
        for task in list(self._tasks):
            with contextlib.suppress(asyncio.CancelledError):
                await task
        async with self._nursing:
            if self._nursery:
                await self._nursery.close()

    @property
    def busy(self) -> int:
        """How many queries run."""
        return self._busy

    @property
    def queued(self) -> int:
        """How many queries wait for a worker."""
        return len(self._waiting)

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
        """See base.Store; ``prefixes`` (prefix to namespace) make a graph's Turtle and RDF/XML readable.

        ``union`` goes before the pool's own.
        """
        found = self.at_once(text, media_type=media_type, union=union) if not (default_graphs or named_graphs) else None
        if found is not None:
            return found
        if len(text) > self._max_query_length:
            raise QueryRefused(f"the query has {len(text)} characters, and {self._max_query_length} is the most allowed")
        seen = gate.inspect(text)
        named = bool(default_graphs or named_graphs)
        header: dict[str, Any] = {
            "type": media_type, "base": self._base, "limit": self._max_result_bytes,
            "union": (self._union if union is None else union) and not named and not seen.dataset,
        }
        if named:
            header |= {"default": list(default_graphs), "named": list(named_graphs)}
        if seen.star is not None:
            header |= {"star": seen.star, "order": gate.variables(text)}
        if prefixes:
            header["prefixes"] = dict(prefixes)
        try:
            body = text.encode()
        except UnicodeEncodeError:
            raise QuerySyntaxError("the query has a lone surrogate, which is no character") from None
        reply, content = await self._run(header, body, min(timeout or self._timeout, self._timeout))
        if reply.get("error") == "syntax":
            raise await self._explained(text, reply)
        return Result(content, self._read(reply))

    def at_once(self, text: str, *, media_type: str | None = None, union: bool | None = None) -> Result | None:
        """See base.Backend."""
        if self._lookups is None or len(text) > self._max_query_length:
            return None
        return self._lookups.answer(text, media_type, union=self._union if union is None else union, base=self._base)

    async def _explained(self, text: str, reply: dict[str, Any]) -> QuerySyntaxError:
        """The engine's complaint, at the place where the fault is."""
        message = reply["message"]
        if reply.get("line") is None:
            return QuerySyntaxError(message)
        apart, places = gate.spread(text)
        again, _ = await self._run({"check": True, "base": self._base}, apart.encode(), self._timeout)
        if again.get("line") is None:
            return QuerySyntaxError(message, reply["line"], reply["column"])
        offset = _offset(apart, again["line"], again["column"])
        place = bisect_right(places, offset, key=lambda pair: pair[0]) - 1
        begin = len(text) if offset >= len(apart) else places[place][1] if place >= 0 else 0
        rest = " ".join(text[begin:begin + 40].split())
        near = f"unexpected {rest[:24]!r}" if rest else "the query ends too soon"
        exact = not rest or offset == places[place][0]
        return QuerySyntaxError(_complaint(near, again["message"], exact), *gate.where(text, begin))

    async def _run(self, header: dict[str, Any], body: bytes, timeout: float) -> tuple[dict[str, Any], bytes]:
        for attempt in (1, 2):
            w = await self._take(timeout)
            self._busy += 1
            self._running[w] = time.monotonic()
            whole = False
            long = [asyncio.get_running_loop().call_later(seconds, w.step_back, niceness) for seconds, niceness in _LONG]
            try:
                async with asyncio.timeout(timeout):
                    reply = await w.ask(header, body)
                whole = w.step_forward()
                return reply
            except TimeoutError:
                self.timeouts += 1
                raise QueryTimeout(f"the query was stopped after {timeout:g} seconds") from None
            except GoneError:
                code = await w.end()
                # Killed from outside before it began, most likely; a query that brings its process down does so by a fault.
                if attempt == 2 or code not in (0, -signal.SIGKILL, -signal.SIGTERM):
                    log.warning("a query worker ended with %s", code)
                    raise OutOfMemory(
                        f"the query needed more than the {self._memory // 1_000_000} MB of memory it may have, "
                        "or more than the engine can do; ask for less at once"
                    ) from None
            finally:
                for step in long:
                    step.cancel()
                self._busy -= 1
                del self._running[w]
                self._put(w) if whole else self._replace(w)
        raise AssertionError("unreachable")

    def _read(self, reply: dict[str, Any]) -> str:
        match reply.get("error"):
            case None:
                media_type: str = reply["type"]
                return media_type
            case "failed":
                raise QueryFailed(reply["message"])
            case "too-large":
                raise ResultTooLarge(f"the answer is longer than the {self._max_result_bytes} bytes allowed; add a LIMIT")
            case "memory":
                raise OutOfMemory(f"the query needed more than the {self._memory // 1_000_000} MB of memory it may have")
            case other:
                raise Unavailable(f"the store could not be read ({other})")

    # Workers come and go.

    async def _start(self) -> Worker:
        self._count += 1
        try:
            w = await self._born()
        except BaseException:
            self._count -= 1
            raise
        self.isolated = w.isolated
        return w

    async def _born(self) -> Worker:
        """A new worker; of a new nursery, if something has ended the one that was."""
        for _ in range(2):
            async with self._nursing:
                if self._closed:
                    raise Overloaded(_CLOSING)
                if self._nursery is None or self._nursery.gone:
                    if self._nursery:
                        await self._nursery.close()
                    self._nursery = await Nursery.start(self._store, self._quads, self._memory)
            with contextlib.suppress(GoneError):
                return await self._nursery.worker()
        raise Unavailable("the store cannot be opened; see the server's log")

    async def _take(self, timeout: float) -> Worker:
        until = time.monotonic() + timeout
        while True:
            if self._closed:
                raise Overloaded(_CLOSING)
            while self._idle:
                w = self._idle.pop()
                if w.alive():
                    return w
                self._replace(w)
            if self._count < self._size:
                return await self._start()
            if len(self._waiting) >= self._most * _QUEUE:
                raise Overloaded("too many queries are waiting; try again later")
            turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._waiting.append(turn)
            try:
                while not turn.done():
                    left = until - time.monotonic()
                    if left <= 0:
                        raise Overloaded("all query workers are busy; try again later")
                    if self._count < self._most and self._stuck():
                        return await self._start()
                    await asyncio.wait({turn}, timeout=min(left, _STUCK_SECONDS / 5))
            finally:
                if turn in self._waiting:
                    self._waiting.remove(turn)

    def _stuck(self) -> bool:
        """Whether no worker will be free soon: among short queries, or while all workers start, a turn comes sooner than a new process."""
        began = time.monotonic() - _STUCK_SECONDS
        return not self._idle and bool(self._running) and all(at < began for at in self._running.values())

    def _wake(self, count: int = 1) -> None:
        while count and self._waiting:
            turn = self._waiting.popleft()
            if not turn.done():
                turn.set_result(None)
                count -= 1

    def _put(self, w: Worker) -> None:
        if self._closed:
            self._count -= 1
            self._later(w, renew=False)
            return
        w.idle_since = time.monotonic()
        if self._count > self._size and not any(at < w.idle_since - _STUCK_SECONDS for at in self._running.values()):
            self._count -= 1  # the long queries that it was started beside are over
            self._later(w, renew=False)
            self._wake()
            return
        self._idle.append(w)
        self._wake()
        if self._count > self._size and self._trimming is None:
            self._trimming = asyncio.get_running_loop().call_later(_SPARE_SECONDS, self._trim)

    def _trim(self) -> None:
        """End a worker that is more than there should be and has not been needed for some time, and look again later."""
        self._trimming = None
        if self._closed or self._count <= self._size:
            return
        if self._idle and self._idle[0].idle_since < time.monotonic() - _SPARE_SECONDS:  # the first has been idle for longest
            self._count -= 1
            self._later(self._idle.pop(0), renew=False)
        self._trimming = asyncio.get_running_loop().call_later(_SPARE_SECONDS, self._trim)

    def _replace(self, w: Worker) -> None:
        self._count -= 1
        self._later(w, renew=not self._closed)

    def _later(self, w: Worker, *, renew: bool) -> None:
        async def run() -> None:
            await w.end()
            if renew and not self._closed and self._count < self._size:
                try:
                    fresh = await self._start()
                except Unavailable:
                    log.exception("a query worker could not be started")
                    return
                self._put(fresh)
            self._wake()

        task = asyncio.get_running_loop().create_task(run())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


_EXPECTED = re.compile(r'"(?:[^"\\]|\\.)*"|[^,"]+')


def _complaint(near: str, message: str, exact: bool) -> str:
    """The engine's list of what it expected, made readable: a reason if it gives one, else a few of the tokens."""
    if not message.startswith("expected"):
        return f"{near}: {message}" if message else near
    items = [i.strip() for i in _EXPECTED.findall(message.removeprefix("expected").removeprefix(" one of"))]
    reasons = [i for i in items if " " in i and i[0].isupper()]
    if reasons:
        return f"{near}: {reasons[0]}"
    tokens = [i for i in dict.fromkeys(items) if i and i != "[_]"]
    if not exact or not tokens or len(tokens) > 8:
        return near
    return f"{near}; expected {' or '.join(tokens)}"


def _offset(text: str, line: int, column: int) -> int:
    lines = text.split("\n")
    return sum(len(one) + 1 for one in lines[:line - 1]) + column - 1


class BlockingStore:
    """A pool for callers on other threads than its event loop's."""

    def __init__(self, pool: Backend, loop: asyncio.AbstractEventLoop) -> None:
        """``loop`` is the running loop on which ``pool`` was opened."""
        self._pool = pool
        self._loop = loop

    def query(self, text: str, *, media_type: str | None = None, timeout: float | None = None) -> Result:
        """As Pool.query, but waits; never call it on the loop's own thread."""
        call = self._pool.query(text, media_type=media_type, timeout=timeout)
        return asyncio.run_coroutine_threadsafe(call, self._loop).result()
