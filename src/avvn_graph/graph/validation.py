"""SHACL validation (pySHACL) of the quads of a build."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import Quad


@dataclass(frozen=True, slots=True)
class Violation:
    """One thing that the shapes do not allow."""

    focus: str
    path: str
    value: str
    message: str

    def __str__(self) -> str:
        return f"{self.focus} {self.path}: {self.message} (value {self.value})"


def validate(quads: Iterable[Quad], ontology: Path) -> Sequence[Violation]:
    """What the shapes in ``ontology/shapes.ttl`` do not allow."""
    return []


def check(quads: Iterable[Quad], ontology: Path) -> None:
    """Raise AvvnError when the quads break a shape."""
