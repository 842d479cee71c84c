"""The server's end of the writer: one write at a time, each within its time, in a process that can be killed."""

from __future__ import annotations

import asyncio
import contextlib
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from avvn_graph.store import curation, gate, worker
from avvn_graph.store.base import (
    OutOfMemory,
    QueryFailed,
    QueryRefused,
    QuerySyntaxError,
    QueryTimeout,
    StoreError,
    Unavailable,
)
from avvn_graph.store.update_text import prepare


class GraphProtected(StoreError):
    """The graph is extracted, or its name is for extracted graphs."""


class GraphMissing(StoreError):
    """There is no graph of this name."""


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of RDF to write: ``media_type`` is one of base.GRAPH_TYPES."""

    media_type: str
    content: bytes


class WriteService:
    """Updates, and graphs replaced, extended and removed."""

    def __init__(self, store: Path, base_iri: str, *, timeout: float, memory: int, max_update_length: int) -> None:
        """``store`` is the folder of the builds; ``timeout`` in seconds and ``memory`` in bytes that a write may take."""
        self._store = store
        self._base = base_iri
        self._timeout = timeout
        self._memory = memory
        self._longest = max_update_length
        self._process: asyncio.subprocess.Process | None = None
        self._turn = asyncio.Lock()

    async def update(self, text: str, *, using: Sequence[str] = (), using_named: Sequence[str] = ()) -> None:
        """Run an update, wholly or not at all; ``using`` and ``using_named`` as the protocol's parameters, valid IRIs.

        Raises QuerySyntaxError, QueryRefused (SERVICE, LOAD), QueryFailed, GraphProtected, QueryTimeout, OutOfMemory.
        """
        if len(text) > self._longest:
            raise QueryRefused(f"the update has {len(text)} characters, and {self._longest} is the most allowed")
        prepared = prepare(text, using, using_named)
        try:
            body = prepared.text.encode()
        except UnicodeEncodeError:
            raise QuerySyntaxError("the update has a lone surrogate, which is no character") from None
        try:
            await self._ask({"op": "update", "refuse": prepared.load is not None}, body)
        except QueryRefused:
            place = gate.where(text, prepared.load or 0)
            raise QueryRefused("LOAD is not allowed here: this endpoint sends no requests of its own", *place) from None

    async def put(self, graph: str | None, parts: Sequence[Part], *, replace: bool) -> bool:
        """Write a graph (None: the default graph), in place of what it held or beside it; true when it is new.

        Raises QuerySyntaxError when a part cannot be read, and as update does.
        """
        head = {"op": "put" if replace else "post", "graph": graph, "parts": [(p.media_type, len(p.content)) for p in parts]}
        return bool((await self._ask(head, b"".join(p.content for p in parts)))["created"])

    async def delete(self, graph: str | None) -> None:
        """Remove a graph; of the default graph, what it holds. Raises GraphMissing, and as update does."""
        await self._ask({"op": "delete", "graph": graph, "parts": []}, b"")

    async def close(self) -> None:
        """End the process, after the write that it is at."""
        async with self._turn:
            await self._end()

    async def _ask(self, header: dict[str, Any], body: bytes) -> dict[str, Any]:
        head = json.dumps({**header, "store": str(self._store), "base": self._base}).encode()
        before = None
        try:
            async with asyncio.timeout(self._timeout), self._turn:
                before = curation.current(self._store)
                reply = await self._exchange(worker.FRAME.pack(len(head), len(body)) + head + body)
        except TimeoutError:
            if before is not None and curation.current(self._store) > before:
                return {"created": False}  # it was done, and there was only no time left to say so
            raise QueryTimeout(f"the write was stopped after {self._timeout:g} seconds; nothing is changed") from None
        match reply.get("error"):
            case None:
                return reply
            case "syntax":
                raise QuerySyntaxError(reply["message"], reply.get("line"), reply.get("column"))
            case "refused":
                raise QueryRefused("refused")
            case "failed":
                raise QueryFailed(reply["message"])
            case "protected":
                raise GraphProtected(reply["message"])
            case "missing":
                raise GraphMissing(reply["message"])
            case "memory":
                raise self._too_much()
            case _:
                raise Unavailable("the store cannot be written; see the server's log")

    async def _exchange(self, frame: bytes) -> dict[str, Any]:
        if self._process is None or self._process.returncode is not None:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "avvn_graph.store.writer", str(self._memory),
                stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, start_new_session=True,
            )
        process = self._process
        assert process.stdin is not None
        assert process.stdout is not None
        done = False
        try:
            process.stdin.write(frame)
            await process.stdin.drain()
            head, _ = worker.FRAME.unpack(await process.stdout.readexactly(worker.FRAME.size))
            reply: dict[str, Any] = json.loads(await process.stdout.readexactly(head))
            done = True
            return reply
        except (asyncio.IncompleteReadError, ConnectionError):
            raise self._too_much() from None
        finally:
            if not done:
                await asyncio.shield(self._end())

    def _too_much(self) -> OutOfMemory:
        return OutOfMemory(
            f"the write needed more than the {self._memory // 1_000_000} MB of memory it may have; nothing is changed"
        )

    async def _end(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()
