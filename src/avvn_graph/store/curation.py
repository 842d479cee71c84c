"""What people write, kept apart from what is extracted: it survives every rebuild, and cannot change an extracted graph.

    {store_dir}/curation/CURRENT                     the version that is served, a number
    {store_dir}/curation/versions/{version}/quads.nq     everything written: the default graph and graphs of its own
    {store_dir}/curation/versions/{version}/graphs.json  the names of those graphs, empty ones too
    {store_dir}/curation/stores/{build}-{version}/   a build and a version together, as workers open them (made again at need)

A write takes a copy of the served store (hard links, so a matter of milliseconds), changes the copy, makes sure that every
extracted graph in it is what it was, and only then points at it. Whoever reads goes on with the store it opened.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from avvn_graph.errors import AvvnError
from avvn_graph.graph import publish

FOLDER = "curation"
CURRENT = "CURRENT"
_VERSIONS = "versions"
_STORES = "stores"
_QUADS = "quads.nq"
_GRAPHS = "graphs.json"
_STAGING = ".staging-"
_KEPT = 3
"""So many versions, and so many stores, are kept,"""
_KEPT_SECONDS = 60.0
"""and those younger than this, however many: a query on one that was served just now may still need another worker."""


class ProtectedGraphError(AvvnError):
    """A write would have changed what is extracted; nothing is changed."""


@dataclass(frozen=True, slots=True)
class Written:
    """A finished write: the version that is served now."""

    version: int


def own_graph(base_iri: str) -> str:
    """The IRI of the graph that is there to be written to; further ones may stand below it."""
    return f"{base_iri}graph/curation"


def reserved(graph: str, base_iri: str) -> bool:
    """Whether a graph's name is for extracted graphs only, be there one of that name yet or not."""
    own = own_graph(base_iri)
    return graph.startswith(f"{base_iri}graph/") and graph != own and not graph.startswith(f"{own}/")


def served(store_dir: Path, *, without_build: bool = False) -> publish.Build | None:
    """The build to serve, with what is written laid over it; its id changes with every write.

    Without a build there is only something to serve when ``without_build``: an empty store, or what was written to one.
    Raises AvvnError when the folder is damaged or cannot be written.
    """
    build = publish.current(store_dir)
    version = current(store_dir)
    if build is None and not without_build:
        return None
    if build is not None and version == 0:
        return build
    path = _place(store_dir, build, version)
    if not (path / "CURRENT").is_file():  # else no lock, so that a folder that may only be read will do
        with locked(store_dir):
            version = current(store_dir)
            path = _combined(store_dir, build, version)
    return _laid_over(build, version, path)


def _place(store_dir: Path, build: publish.Build | None, version: int) -> Path:
    return store_dir / FOLDER / _STORES / f"{build.id if build else 'none'}-{version}"


def _laid_over(build: publish.Build | None, version: int, store: Path) -> publish.Build:
    if build is None:
        return publish.Build(f"none.{version}", store.parent, store, {"build": f"none.{version}", "documents": []})
    return publish.Build(f"{build.id}.{version}", build.path, store, build.manifest)


def current(store_dir: Path) -> int:
    """The version that is served; 0 when nothing was ever written. Raises AvvnError when the pointer is damaged."""
    pointer = store_dir / FOLDER / CURRENT
    try:
        text = pointer.read_text(encoding="ascii").strip()
    except (FileNotFoundError, NotADirectoryError):
        return 0
    except (OSError, UnicodeDecodeError) as error:
        raise AvvnError(f"{pointer}: cannot be read ({type(error).__name__})") from error
    if not text.isdecimal():
        raise AvvnError(f"{pointer}: holds {text[:40]!r}, which is no version; put there the newest number under {_VERSIONS}/")
    return int(text)


@contextmanager
def locked(store_dir: Path) -> Iterator[None]:
    """One process at a time makes stores and versions; waits for its turn."""
    import fcntl

    folder = store_dir / FOLDER
    try:
        folder.mkdir(parents=True, exist_ok=True)
        file = (folder / ".lock").open("w", encoding="ascii")
    except OSError as error:
        raise AvvnError(f"{folder}: cannot be written ({error.strerror}), which curated statements need") from error
    with file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _combined(store_dir: Path, build: publish.Build | None, version: int) -> Path:
    """The folder of a build and a version in one store, made when it is not there. The caller has the lock."""
    final = _place(store_dir, build, version)
    stores = final.parent
    if (final / "CURRENT").is_file():
        return final
    stores.mkdir(exist_ok=True)
    _clean(stores)
    shutil.rmtree(final, ignore_errors=True)
    staging = _copy(build.store if build else None, stores)
    try:
        store = ox.Store(str(staging))
        if version:
            folder = store_dir / FOLDER / _VERSIONS / str(version)
            try:
                store.bulk_extend(ox.parse(path=str(folder / _QUADS), format=ox.RdfFormat.N_QUADS))
                for name in json.loads((folder / _GRAPHS).read_text(encoding="utf-8")):
                    store.add_graph(ox.NamedNode(name))
            except (OSError, ValueError, SyntaxError) as error:
                raise AvvnError(f"{folder}: the curated statements cannot be read ({error})") from error
        store.flush()
        del store
        staging.rename(final)
    except BaseException:
        shutil.rmtree(staging, ignore_errors=True)
        raise
    _prune(stores)
    return final


def _copy(source: Path | None, folder: Path) -> Path:
    """A store that may be changed, with what ``source`` has; nothing when that is None."""
    staging = Path(tempfile.mkdtemp(prefix=_STAGING, dir=folder))
    if source is not None:
        staging.rmdir()  # the engine wants to make it itself
        ox.Store.read_only(str(source)).backup(str(staging))
    return staging


class Curation:
    """Writes to one store folder. Keep it between writes: it remembers what the extracted graphs are like."""

    def __init__(self, store_dir: Path, base_iri: str) -> None:
        """``base_iri`` ends in a slash; graphs below ``{base_iri}graph/`` are for extraction, but for the curation graph's."""
        self._store_dir = store_dir
        self._base = base_iri
        self._known: tuple[str, frozenset[str], str] = ("", frozenset(), "")

    def write(self, change: Callable[[ox.Store], None], *, graph: str | None = None) -> Written:
        """Apply ``change`` to the served dataset, wholly or, when it raises, not at all.

        ``graph`` is the one graph that it touches, when that is known beforehand: that spares a look at all the others.
        Raises ProtectedGraphError when an extracted graph would be changed or one of a reserved name made, AvvnError when
        the folder is damaged or cannot be written, and whatever ``change`` raises.
        """
        with locked(self._store_dir):
            build = publish.current(self._store_dir)
            before = current(self._store_dir)
            names, digest = self._extracted(build)
            if graph is not None and (graph in names or reserved(graph, self._base)):
                raise self._refusal(graph)
            source = _combined(self._store_dir, build, before)
            folder = self._store_dir / FOLDER
            staging = _copy(source, folder / _STORES)
            version = Path(tempfile.mkdtemp(prefix=_STAGING, dir=folder))
            try:
                store = ox.Store(str(staging))
                change(store)
                own = self._check(store, names, None if graph is not None else digest)
                store.flush()
                _dump(store, own, version)
                del store
                return self._publish(build, before + 1, staging, version)
            except BaseException:
                shutil.rmtree(staging, ignore_errors=True)
                shutil.rmtree(version, ignore_errors=True)
                raise

    def _extracted(self, build: publish.Build | None) -> tuple[frozenset[str], str]:
        """The names of the extracted graphs and a digest of all they hold."""
        if build is None:
            return frozenset(), ""
        if self._known[0] != build.id:
            store = ox.Store.read_only(str(build.store))
            names = frozenset(n.value for n in store.named_graphs() if isinstance(n, ox.NamedNode))
            self._known = (build.id, names, _digest(store, names))
        return self._known[1], self._known[2]

    def _check(self, store: ox.Store, names: frozenset[str], digest: str | None) -> list[ox.NamedNode | ox.BlankNode]:
        """The graphs that are nobody's extraction."""
        own: list[ox.NamedNode | ox.BlankNode] = []
        for node in store.named_graphs():
            if node.value not in names:
                if isinstance(node, ox.NamedNode) and reserved(node.value, self._base):
                    raise self._refusal(node.value)
                own.append(node)
        if digest is not None and names and _digest(store, names) != digest:
            pristine = publish.current(self._store_dir)
            assert pristine is not None
            old = ox.Store.read_only(str(pristine.store))
            changed = next((n for n in sorted(names) if _digest(old, [n]) != _digest(store, [n])), min(names))
            raise self._refusal(changed)
        return own

    def _refusal(self, graph: str) -> ProtectedGraphError:
        return ProtectedGraphError(
            f"<{graph}> is for what is extracted from the documents and cannot be written to; nothing is changed. Write to "
            f"<{own_graph(self._base)}>, or to a graph outside {self._base}graph/"
        )

    def _publish(self, build: publish.Build | None, number: int, staging: Path, version: Path) -> Written:
        folder = self._store_dir / FOLDER
        versions, stores = folder / _VERSIONS, folder / _STORES
        versions.mkdir(exist_ok=True)
        store, quads = _place(self._store_dir, build, number), versions / str(number)
        for leftover in (store, quads):  # of a write that died before it was pointed at
            shutil.rmtree(leftover, ignore_errors=True)
        version.chmod(0o755)
        staging.rename(store)
        version.rename(quads)
        _sync(versions)
        part = folder / f"{_STAGING}{CURRENT}"
        _write(part, f"{number}\n".encode())
        part.replace(folder / CURRENT)
        _sync(folder)
        _clean(folder)
        _clean(stores)
        _prune(versions)
        _prune(stores)
        return Written(number)


def _digest(store: ox.Store, names: frozenset[str] | list[str]) -> str:
    """Of the named graphs; the engine's own order is the same for the same triples."""
    seen = hashlib.sha256()
    for name in sorted(names):
        seen.update(store.dump(format=ox.RdfFormat.N_TRIPLES, from_graph=ox.NamedNode(name)) or b"")
        seen.update(b"\0")
    return seen.hexdigest()


def _dump(store: ox.Store, graphs: list[ox.NamedNode | ox.BlankNode], folder: Path) -> None:
    with (folder / _QUADS).open("wb") as file:
        for graph in (ox.DefaultGraph(), *sorted(graphs, key=str)):
            ox.serialize(store.quads_for_pattern(None, None, None, graph), file, ox.RdfFormat.N_QUADS)
        file.flush()
        os.fsync(file.fileno())
    names = sorted(g.value for g in graphs if isinstance(g, ox.NamedNode))
    _write(folder / _GRAPHS, json.dumps(names, ensure_ascii=False).encode())


def _write(path: Path, content: bytes) -> None:
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _clean(folder: Path) -> None:
    """What writes that died have left. The caller has the lock."""
    for path in folder.glob(f"{_STAGING}*"):
        shutil.rmtree(path, ignore_errors=True)
        path.unlink(missing_ok=True)


def _prune(folder: Path) -> None:
    numbered = [p for p in folder.iterdir() if p.name.rpartition("-")[2].isdecimal()]
    old = time.time() - _KEPT_SECONDS
    for path in sorted(numbered, key=lambda p: int(p.name.rpartition("-")[2]), reverse=True)[_KEPT:]:
        if path.stat().st_mtime < old:
            shutil.rmtree(path, ignore_errors=True)
