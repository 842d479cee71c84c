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
