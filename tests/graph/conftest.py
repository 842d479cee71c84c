"""A published graph of the two tiny letters."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest

from avvn_graph.facts import LetterFacts
from avvn_graph.graph import publish
from avvn_graph.graph.build import BuildReport, build_letters
from avvn_graph.settings import Settings

from . import letters

TIME = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)

SETTINGS = Settings(vocabularies=Path(__file__).parent / "vocabularies")

Publish = Callable[..., BuildReport]


@pytest.fixture
def run(tmp_path: Path) -> Publish:
    """Builds and publishes facts into ``tmp_path/graph`` (or ``output``)."""

    def go(facts: Sequence[LetterFacts] | None = None, output: Path | None = None, **options: Any) -> BuildReport:
        facts = [letters.facts()] if facts is None else facts
        options = {"created": TIME, **options}
        return build_letters(
            [f.letter for f in facts], SETTINGS, output=output or tmp_path / "graph", extractor=lambda _: facts,
            **options,
        )

    return go


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> publish.Build:
    """The graph of two letters with the same facts, built once."""
    facts = [letters.facts(), letters.facts("inzet", "001_inzet.txt")]
    return build_letters(
        [f.letter for f in facts], SETTINGS, output=tmp_path_factory.mktemp("graph"), extractor=lambda _: facts, created=TIME,
    ).build


@pytest.fixture(scope="module")
def store(published: publish.Build) -> ox.Store:
    return ox.Store.read_only(str(published.store))
