"""The reviewed vocabularies as quads of their own named graph."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from pyoxigraph import Quad

from avvn_graph.graph.terms import Iris


def vocabulary_quads(folder: Path, iris: Iris) -> Iterator[Quad]:
    """Quads for the vocabularies graph."""
    return iter(())
