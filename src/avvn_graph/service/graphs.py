"""The graph that is served: the current build with its workers, replaced without a break when a new build is published."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import os
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from avvn_graph.errors import AvvnError
from avvn_graph.graph import publish
from avvn_graph.service.flights import Flights
from avvn_graph.service.results import ResultCache, Whole
from avvn_graph.settings import Settings
from avvn_graph.store import curation
from avvn_graph.store.base import JSON, Backend, Result, Unavailable
from avvn_graph.store.pool import Pool

if TYPE_CHECKING:
    from avvn_graph.ask import Asker
    from avvn_graph.reconciliation import Reconciler

log = logging.getLogger(__name__)

_LOOK_SECONDS = 1.0
_CACHE_BYTES = 32_000_000


@dataclass(frozen=True, slots=True)
class Term:
    """An RDF term of a result row: ``type`` is uri, literal or bnode."""

    type: str
    value: str
    lang: str | None = None
    datatype: str | None = None

    def __str__(self) -> str:
        return self.value


Row = Mapping[str, Term]
"""A row of a result: variable to term; unbound variables are absent."""


class Snapshot:
    """One build, for as long as somebody asks it something; every answer of it comes from that build alone."""

    def __init__(self, build: publish.Build, pool: Backend, cache_bytes: int = 0) -> None:
        """``pool`` must be open; ``cache_bytes`` of SPARQL answers are kept."""
        self.results: ResultCache[Result] = ResultCache(cache_bytes)
        self.whole: ResultCache[Whole] = ResultCache(cache_bytes // 2)
        """Answers to GETs as they went out."""
        self.build = build
        self.pool = pool
        self.leases = 0
        self._rows: OrderedDict[str, tuple[int, list[str], list[Row]]] = OrderedDict()
        self._size = 0
        self.asker: Asker | None = None
        """The question box over this snapshot, once somebody has asked."""
        self.making_asker = asyncio.Lock()
        self.reconciler: Reconciler | None = None
        """The names of this snapshot, once somebody has reconciled with them."""
        self.making_reconciler = asyncio.Lock()
        self.hits = 0
        self.misses = 0
        self.flights: Flights[Result] = Flights()
        """Queries under way that others may wait for too."""

    async def query(self, text: str, **options: Any) -> Result:
        """See store.Pool.query."""
        return await self.pool.query(text, **options)

    async def select(self, text: str) -> list[Row]:
        """The rows of one of our own queries; a build never changes, so they are kept."""
        return (await self.table(text))[1]

    async def table(self, text: str) -> tuple[list[str], list[Row]]:
        """The variables, in order, and rows of one of our own queries; neither may be changed."""
        kept = self._rows.get(text)
        if kept is not None:
            self._rows.move_to_end(text)
            self.hits += 1
            return kept[1], kept[2]
        self.misses += 1
        result = await self.flights.join((text,), lambda: self.pool.query(text, media_type=JSON))
        columns, rows = parse(result.body)
        size = 4 * len(result.body) + len(text)  # about what the objects take
        if size <= _CACHE_BYTES // 4 and text not in self._rows:
            self._rows[text] = (size, columns, rows)
            self._size += size
            while self._size > _CACHE_BYTES:
                self._size -= self._rows.popitem(last=False)[1][0]
        return columns, rows


def parse(body: bytes) -> tuple[list[str], list[Row]]:
    """The variables and rows of SPARQL JSON results."""
    data = json.loads(body)
    rows: list[Row] = [
        {
            name: Term(t["type"], t["value"], t.get("xml:lang"), t.get("datatype"))
            for name, t in row.items() if t["type"] != "triple"
        }
        for row in data["results"]["bindings"]
    ]
    return data["head"]["vars"], rows


_ABSENT = (0, 0)


def _stamp(path: Path) -> tuple[int, int]:
    """What changes when the file is replaced."""
    try:
        stat = os.stat(path)  # noqa: PTH116 - cheaper than through Path, once a second
    except OSError:
        return _ABSENT
    return stat.st_ino, stat.st_mtime_ns


class Lease:
    """A snapshot for the time of an ``async with``."""

    __slots__ = ("_snapshot",)

    def __init__(self, snapshot: Snapshot) -> None:
        """See Graphs.lease."""
        self._snapshot = snapshot

    async def __aenter__(self) -> Snapshot:
        """Have it kept open."""
        self._snapshot.leases += 1
        return self._snapshot

    async def __aexit__(self, *exception: object) -> None:
        """Let it go."""
        self._snapshot.leases -= 1


class Graphs:
    """Keeps the current snapshot, and looks once a second whether another build is published."""

    def __init__(self, settings: Settings) -> None:
        """Open it with ``open``."""
        self._settings = settings
        self._now: Snapshot | None = None
        self._seen: tuple[tuple[int, int], ...] | None = None
        self._looking = asyncio.Lock()
        self._watch: asyncio.Task[None] | None = None
        self._retiring: set[asyncio.Task[None]] = set()
        self.swaps = 0

    async def open(self) -> None:
        """Serve the current build, if there is one, and watch for others."""
        await self._look()
        self._watch = asyncio.create_task(self._keep_looking())

    async def close(self) -> None:
        """End all workers."""
        if self._watch:
            self._watch.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._watch
        for task in list(self._retiring):
            task.cancel()
        await asyncio.gather(*self._retiring, return_exceptions=True)
        if self._now:
            await self._now.pool.close(patience=1.0)

    @property
    def now(self) -> Snapshot | None:
        """The current snapshot; take a lease to ask it something."""
        return self._now

    def lease(self) -> Lease:
        """The current snapshot, which stays open until the block is left; raises Unavailable when there is none."""
        if self._now is None:
            raise Unavailable("no graph has been built yet; run `avvn-graph build`")
        return Lease(self._now)

    async def _keep_looking(self) -> None:
        while True:
            await asyncio.sleep(_LOOK_SECONDS)
            try:
                await self._look()
            except Exception:  # whatever it is, the old build is still served and the next look may do better
                log.exception("cannot look for a new build")

    async def refresh(self) -> None:
        """Serve what is published or written at this moment."""
        await self._look()

    async def _look(self) -> None:
        async with self._looking:
            await self._look_alone()

    async def _look_alone(self) -> None:
        if self._settings.store_url:
            await self._look_elsewhere()
            return
        folder = self._settings.store
        seen = tuple(map(_stamp, (folder / publish.CURRENT, folder / curation.FOLDER / curation.CURRENT)))
        if seen == self._seen or (seen[0] == _ABSENT and not self._settings.writable):
            return  # nothing new, or no build: none yet, or it has gone and what is served stays
        self._seen = seen
        try:
            build = await asyncio.to_thread(curation.served, folder, without_build=self._settings.writable)
            if build is None or (self._now and build.id == self._now.build.id):
                return
            pool: Backend = self._pool(build)
            await pool.open()
        except AvvnError as error:
            # Not seen after all, so that it is tried again: a pointer may be replaced while it is being read.
            self._seen = None
            log.error("%s", error)
            return
        self._swap(Snapshot(build, pool, self._settings.cache_bytes))

    async def _look_elsewhere(self) -> None:
        """The same on a server of one's own, which says itself what build it holds."""
        from avvn_graph.store.remote import Address, RemoteStore

        s = self._settings
        now = self._now.pool if self._now else None
        try:
            if isinstance(now, RemoteStore) and self._now and (await now.build() or ("",))[0] == self._now.build.id:
                return
        except (AvvnError, TimeoutError):
            return  # it is away, or busy: whoever asks will be told
        store = RemoteStore(
            Address(s.store_url or "", s.store_graphs, s.store_auth.get_secret_value() if s.store_auth else None),
            timeout=s.query_timeout, max_result_bytes=s.max_result_bytes, max_query_length=s.max_query_length, base_iri=s.base_iri,
            union=s.union_default_graph,
        )
        kept = False
        try:
            await store.open()
            found = await store.build()
            if found is None or (self._now and self._now.build.id == found[0]):
                return
            folder = s.store / publish.BUILDS / found[0]
            manifest: dict[str, Any] = {"build": found[0], "created": found[1], "documents": []}
            kept = True
            self._swap(Snapshot(publish.Build(found[0], folder, folder / publish.STORE, manifest), store))
        except (AvvnError, TimeoutError) as error:
            log.error("%s: %s", s.store_url, error)
        finally:
            if not kept:
                await store.close()

    def _swap(self, snapshot: Snapshot) -> None:
        old, self._now = self._now, snapshot
        log.info("serving build %s", snapshot.build.id)
        if old:
            self.swaps += 1
            task = asyncio.create_task(self._retire(old))
            self._retiring.add(task)
            task.add_done_callback(self._retiring.discard)

    def _pool(self, build: publish.Build) -> Pool:
        s = self._settings
        # What is written changes too often to be loaded each time, and stands in no file of N-Quads.
        small = build.store == build.path / publish.STORE and 0 < int(build.manifest.get("quads", 0)) <= s.memory_quads
        return Pool(
            build.store, quads=build.nquads if small else None, size=s.query_workers, timeout=s.query_timeout, memory=s.query_memory,
            max_result_bytes=s.max_result_bytes, max_query_length=s.max_query_length, base=f"{s.base_iri}sparql",
            union=s.union_default_graph,
        )

    async def _retire(self, old: Snapshot) -> None:
        try:
            while old.leases:
                await asyncio.sleep(0.05)
        finally:
            await old.pool.close()
