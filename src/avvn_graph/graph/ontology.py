"""The ontology file as quads of its own named graph."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox

from avvn_graph.errors import AvvnError
from avvn_graph.graph.terms import Iris

FILE = "avvn.ttl"


def read_turtle(path: Path) -> ox.Dataset:
    """A Turtle file as a dataset with canonical blank nodes (RDFC-1.0), so that the same file gives the same quads.

    Raises AvvnError that names the file, and the line when it is not Turtle.
    """
    try:
        data = ox.Dataset(ox.parse(path=str(path), format=ox.RdfFormat.TURTLE))
    except FileNotFoundError:
        raise AvvnError(f"{path}: file is missing; set AVVN_ONTOLOGY to the folder that has it") from None
    except SyntaxError as error:
        raise AvvnError(f"{path}:{error.lineno or '?'}: not valid Turtle: {error.msg}") from None
    data.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return data


def ontology_quads(folder: Path, iris: Iris) -> Iterator[ox.Quad]:
    """The triples of ``avvn.ttl`` in the graph ``graph/ontology``."""
    graph = iris.graph("ontology")
    for quad in read_turtle(folder / FILE):
        yield ox.Quad(quad.subject, quad.predicate, quad.object, graph)


def version_file(folder: Path, version: str) -> Path | None:
    """The file of a version of the ontology: the present one, or one kept as ``versions/avvn-{version}.ttl``; None if unknown."""
    present = folder / FILE
    kept = folder / "versions" / f"avvn-{version}.ttl"
    if kept.is_file():
        return kept
    stated = f"<https://w3id.org/avvn/ontology/{version}>"
    return present if f"owl:versionIRI {stated}" in present.read_text(encoding="utf-8") else None
