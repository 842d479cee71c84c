"""The real graph, built once for all tests that ask it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox
import pytest

from avvn_graph.catalogue import load
from avvn_graph.graph import publish
from avvn_graph.graph.build import build
from avvn_graph.settings import Settings

ROOT = Path(__file__).resolve().parent.parent
Rows = list[dict[str, str]]


@pytest.fixture(scope="session")
def real_build(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a build of the five letters."""
    output = tmp_path_factory.mktemp("graph")
    build(Settings(), input=None, output=output, progress=lambda line: None)
    return output


@pytest.fixture(scope="session")
def real_store(real_build: Path) -> ox.Store:
    """The store of that build, read-only."""
    current = publish.current(real_build)
    assert current is not None
    return ox.Store.read_only(str(current.store))


@pytest.fixture(scope="session")
def run(real_store: ox.Store) -> Callable[[str], Rows]:
    """A function that runs a SELECT on the real graph and gives plain rows."""

    def rows(sparql: str) -> Rows:
        found = real_store.query(sparql, use_default_graph_as_union=True)
        assert isinstance(found, ox.QuerySolutions)
        names = [v.value for v in found.variables]
        return [{n: row[n].value for n in names if row[n] is not None} for row in found]

    return rows


@pytest.fixture(scope="session")
def canned(run: Callable[[str], Rows]) -> Callable[..., Rows]:
    """A function that runs a canned query with parameters on the real graph."""
    catalogue = load(ROOT / "queries")

    def rows(name: str, **parameters: str) -> Rows:
        return run(catalogue[name].bind(parameters, "https://w3id.org/avvn/"))

    return rows
