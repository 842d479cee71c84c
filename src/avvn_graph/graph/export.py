"""A published build in the formats others read."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import pyoxigraph as ox

from avvn_graph.errors import AvvnError
from avvn_graph.graph import publish
from avvn_graph.graph.terms import PREFIXES

FORMATS = {
    "nquads": ox.RdfFormat.N_QUADS,
    "trig": ox.RdfFormat.TRIG,
    "turtle": ox.RdfFormat.TURTLE,
    "jsonld": ox.RdfFormat.JSON_LD,
}
"""Names of the formats; turtle has the union of all graphs, the others keep the graphs apart."""


def export(store_dir: Path, format: str = "nquads", file: Path | None = None) -> int:
    """Write the served build to ``file`` (None: standard output, in binary) and return the number of quads in it.

    Deterministic: the same build gives the same bytes. A file appears whole or not at all. Raises AvvnError when there
    is no build, the format is unknown or the file cannot be written.
    """
    if format not in FORMATS:
        raise AvvnError(f"--format {format}: not a format; one of {', '.join(FORMATS)}")
    build = publish.current(store_dir)
    if build is None:
        raise AvvnError(f"{store_dir}: nothing has been published here yet; run `avvn-graph build`")
    try:
        with _opened(file) as output:
            _write(build, format, output)
    except OSError as error:
        raise AvvnError(f"{file or 'standard output'}: cannot be written: {error.strerror or error}") from error
    return int(build.manifest["quads"])


def _write(build: publish.Build, format: str, output: IO[bytes]) -> None:
    if format == "nquads":
        with build.nquads.open("rb") as source:
            shutil.copyfileobj(source, output)
        return
    quads = ox.parse(path=str(build.nquads), format=ox.RdfFormat.N_QUADS)
    if format == "turtle":
        # One after another in the file when equal but for the graph, since that stands last in a sorted line.
        ox.serialize(_triples(quads), output, FORMATS[format], prefixes=PREFIXES)
    else:
        grouped = sorted(quads, key=lambda q: str(q.graph_name))  # stable: within a graph the order of the file
        ox.serialize(grouped, output, FORMATS[format], prefixes=PREFIXES)


def _triples(quads: ox.QuadParser) -> Iterator[ox.Triple]:
    last: ox.Triple | None = None
    for quad in quads:
        if quad.triple != last:
            last = quad.triple
            yield last


@contextmanager
def _opened(file: Path | None) -> Iterator[IO[bytes]]:
    if file is None:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    partial = file.with_name(f".{file.name}.partial")
    try:
        with partial.open("wb") as output:
            yield output
        partial.replace(file)
    finally:
        partial.unlink(missing_ok=True)
