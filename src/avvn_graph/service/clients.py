"""Who asks: how much at once, and whether they are still there."""

from __future__ import annotations

import asyncio
import contextlib
from collections import Counter
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from starlette.requests import Request

from avvn_graph.service.problems import ProblemError

T = TypeVar("T")

_SOON = 0.05


class Clients:
    """Counts the queries that each client has running; an address is kept only while it has one."""

    def __init__(self, most: int) -> None:
        """``most`` queries at once for one client."""
        self._most = most
        self._running: Counter[str] = Counter()

    @contextmanager
    def one_more(self, client: str) -> Iterator[None]:
        """While a query of a client runs; raises a 503 problem when it has too many."""
        if self._running[client] >= self._most:
            raise ProblemError(503, "too-many-queries", f"{self._most} of your queries are running, which is the most for one client; ask again when one has ended",
                               {"retry-after": "1"})
        self._running[client] += 1
        try:
            yield
        finally:
            self._running[client] -= 1
            if not self._running[client]:
                del self._running[client]


class ClientGoneError(Exception):
    """The client went away before its answer was ready."""


async def while_connected(request: Request, work: Coroutine[Any, Any, T]) -> T:
    """What ``work`` returns; it is cancelled, and ClientGoneError raised, when the client goes away first.

    The body of the request must have been read.
    """
    task = asyncio.ensure_future(work)
    gone: asyncio.Future[None] | None = None
    try:
        await asyncio.wait({task}, timeout=_SOON)  # nobody goes away so soon that it would be worth looking
        if task.done():
            return task.result()
        gone = asyncio.ensure_future(_gone(request))
        await asyncio.wait({task, gone}, return_when=asyncio.FIRST_COMPLETED)
        if task.done():
            return task.result()
        raise ClientGoneError
    finally:
        for waiting in (task, gone):
            if waiting and not waiting.done():
                waiting.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await waiting


async def _gone(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass
