"""Immutable builds, side by side, and a pointer to the served one.

    {store_dir}/CURRENT                      the served build's id
    {store_dir}/builds/{id}/store/           Oxigraph directory
    {store_dir}/builds/{id}/graph.nq         the same quads as canonical, sorted N-Quads
    {store_dir}/builds/{id}/facets.sqlite    counts for the pages (see facets.py)
    {store_dir}/builds/{id}/texts/{slug}.txt the letters' texts, which offsets count in
    {store_dir}/builds/{id}/seen.json        which build had what first (see seen.py)
    {store_dir}/builds/{id}/quality.json     what `avvn-graph evaluate --record` measured, once it was run
    {store_dir}/builds/{id}/manifest.json    what is in it
    {store_dir}/builds/.staging-*/           a build under way, or what a crash left of one

A build is made in a staging folder, forced to disk, renamed into place and only then pointed at. Whatever moment the
process dies, CURRENT names a whole build. This module is what a server needs of the build and imports no more than
the standard library (the store engine only when it writes).
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from avvn_graph.errors import AvvnError
from avvn_graph.graph import facets

CURRENT = "CURRENT"
BUILDS = "builds"
GRAPH = "graph.nq"
STORE = "store"
MANIFEST = "manifest.json"
TEXTS = "texts"
QUALITY = "quality.json"
KEPT_BUILDS = 2

_STAGING = ".staging-"
_ID = re.compile(r"[0-9a-f]{16}")


@dataclass(frozen=True, slots=True)
class Build:
    """A published build: its id and where its parts are."""

    id: str
    path: Path
    store: Path
    manifest: dict[str, Any] = field(repr=False)

    @property
    def nquads(self) -> Path:
        """The canonical N-Quads file."""
        return self.path / GRAPH


def current(store_dir: Path) -> Build | None:
    """The served build; None when nothing has been published here yet.

    Raises AvvnError when the pointer is there but what it points at is not.
    """
    pointer = store_dir / CURRENT
    try:
        build_id = pointer.read_text(encoding="ascii").strip()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise AvvnError(f"{pointer}: cannot be read ({_reason(error)})") from error
    if not _ID.fullmatch(build_id):
        raise AvvnError(f"{pointer}: holds {build_id[:40]!r}, which is no build id; run `avvn-graph build` again")
    build = _load(store_dir / BUILDS / build_id)
    if build is None:
        raise AvvnError(f"{pointer}: build {build_id} is missing or damaged; run `avvn-graph build` again")
    return build


def record_quality(build: Build, figures: list[dict[str, Any]]) -> None:
    """Keep what was measured of a build beside it; raises AvvnError when its folder cannot be written."""
    path = build.path / QUALITY
    beside = path.with_name(f".{QUALITY}.part")
    try:
        _write(beside, (json.dumps({"figures": figures}, indent=1) + "\n").encode())
        beside.replace(path)
    except OSError as error:
        raise AvvnError(f"{path}: cannot be written: {_reason(error)}") from error


def builds(store_dir: Path) -> list[Build]:
    """All whole builds, newest first."""
    folder = store_dir / BUILDS
    if not folder.is_dir():
        return []
    found = [b for p in sorted(folder.iterdir()) if _ID.fullmatch(p.name) and (b := _load(p))]
    return sorted(found, key=lambda b: (b.path.stat().st_mtime_ns, b.id), reverse=True)


def _load(path: Path) -> Build | None:
    try:
        manifest = json.loads((path / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    store = path / STORE
    whole = isinstance(manifest, dict) and manifest.get("build") == path.name
    if not whole or not (store / "CURRENT").is_file() or not (path / GRAPH).is_file():
        return None
    return Build(path.name, path, store, manifest)


def publish(
    store_dir: Path,
    build_id: str,
    nquads: bytes,
    manifest: dict[str, Any],
    stage: Callable[[str], None] = lambda _: None,
    check: Callable[[], None] = lambda: None,
    files: Mapping[str, bytes] | None = None,
) -> Build:
    """Write a build beside the others, then serve it; returns the build now served.

    ``nquads`` is the whole canonical file; ``manifest`` gets ``build`` and ``sha256`` (of the file) added. ``stage`` is
    told each step as it begins. ``check`` runs while the store is filled, which takes another core; when it raises,
    nothing is published. ``files`` are further ones to put beside the store, by their path there. When a whole build with this id is there already it is served as it is. Only one process at a
    time may publish to a folder.

    Raises AvvnError, with the served build left as it was, when the folder cannot be written or is in use by another
    build.
    """
    try:
        with _locked(store_dir):
            return _publish(store_dir, build_id, nquads, manifest, stage, check, files or {})
    except (OSError, RuntimeError) as error:
        raise AvvnError(f"{store_dir}: cannot write the graph: {_reason(error)}; what was served before is unchanged") from error


def _publish(
    store_dir: Path, build_id: str, nquads: bytes, manifest: dict[str, Any], stage: Callable[[str], None],
    check: Callable[[], None], files: Mapping[str, bytes],
) -> Build:
    folder = store_dir / BUILDS
    folder.mkdir(exist_ok=True)
    _clean(folder)
    final = folder / build_id
    digest = hashlib.sha256(nquads).hexdigest()
    build = _load(final)
    if build is not None and _intact(build) and all((final / name).is_file() for name in files):
        check()
    else:
        staging = Path(tempfile.mkdtemp(prefix=_STAGING, dir=folder))
        try:
            stage("store")
            _write(staging / GRAPH, nquads)
            with ThreadPoolExecutor(max_workers=1) as other:
                filled = other.submit(_fill, staging / STORE, staging / GRAPH)
                check()
            filled.result()
            stage("facets")
            facets.write(staging / STORE, staging / facets.FILE)
            for name, content in files.items():
                path = staging / name
                path.parent.mkdir(parents=True, exist_ok=True)
                _write(path, content)
            stage("manifest")
            whole = {"build": build_id, **manifest, "sha256": digest}
            _write(staging / MANIFEST, (json.dumps(whole, indent=2, ensure_ascii=False) + "\n").encode())
            staging.chmod(0o755)
            _sync_tree(staging)
            stage("rename")
            if final.exists():  # damaged: out of the way, to be removed by the next build's cleaning at the latest
                final.rename(folder / f"{_STAGING}damaged-{build_id}")
            staging.rename(final)
            _sync(folder)
        except BaseException:
            shutil.rmtree(staging, ignore_errors=True)
            raise
    stage("swap")
    _point(store_dir, build_id)
    stage("clean")
    os.utime(final)
    _clean(folder)
    for old in [b for b in builds(store_dir) if b.id != build_id][KEPT_BUILDS - 1:]:
        shutil.rmtree(old.path, ignore_errors=True)
    served = current(store_dir)
    if served is None:
        raise AvvnError(f"{store_dir}: the pointer to the new build vanished; run `avvn-graph build` again")
    return served


def _intact(build: Build) -> bool:
    """Whether all parts are there, the file is what the manifest says and the store opens with as many quads."""
    from pyoxigraph import Store

    if not facets.current(build.path / facets.FILE):
        return False
    with build.nquads.open("rb") as file:
        if hashlib.file_digest(file, "sha256").hexdigest() != build.manifest.get("sha256"):
            return False
    try:
        return len(Store.read_only(str(build.store))) == build.manifest.get("quads")
    except (OSError, RuntimeError):  # the engine says "Corruption" with the latter
        return False


def _fill(store: Path, nquads: Path) -> None:
    from pyoxigraph import RdfFormat, Store

    filled = Store(str(store))
    filled.bulk_load(path=str(nquads), format=RdfFormat.N_QUADS)
    filled.flush()
    del filled  # closes the database, so that its files are complete before they are forced to disk


def _point(store_dir: Path, build_id: str) -> None:
    handle, name = tempfile.mkstemp(prefix=f".{CURRENT}-", dir=store_dir)
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(build_id + "\n")
            file.flush()
            os.fchmod(file.fileno(), 0o644)
            os.fsync(file.fileno())
        Path(name).replace(store_dir / CURRENT)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    _sync(store_dir)


def _clean(folder: Path) -> None:
    """Remove what crashed builds left; safe because only the holder of the lock comes here."""
    for path in folder.glob(f"{_STAGING}*"):
        shutil.rmtree(path, ignore_errors=True)
    for path in folder.parent.glob(f".{CURRENT}-*"):
        path.unlink(missing_ok=True)


@contextmanager
def _locked(store_dir: Path) -> Iterator[None]:
    import fcntl

    store_dir.mkdir(parents=True, exist_ok=True)
    # The kernel gives the lock back when the process ends, however it ends.
    with (store_dir / ".lock").open("w", encoding="ascii") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AvvnError(f"{store_dir}: another build is writing here; wait for it or give another --output") from None
        yield


def _write(path: Path, content: bytes) -> None:
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _sync_tree(folder: Path) -> None:
    for path in folder.rglob("*"):
        _sync(path)
    _sync(folder)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _reason(error: Exception) -> str:
    if isinstance(error, OSError) and error.strerror:
        return f"{error.strerror}: {error.filename}" if error.filename else error.strerror
    return str(error).splitlines()[0] if str(error) else type(error).__name__
