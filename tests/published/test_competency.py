"""The competency questions are answered by the queries that they name."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from avvn_graph.catalogue import load
from tests.conftest import ROOT, Rows

LINES = [
    (query, dict(pair.split("=", 1) for pair in parameters.split()))
    for query, parameters in re.findall(r"^\| .+\? \| `([\w-]+)` \| (.*?) ?\|$", (ROOT / "docs" / "competency-questions.md").read_text("utf-8"), re.M)
]


@pytest.mark.parametrize(("query", "parameters"), LINES, ids=[query for query, _ in LINES])
def test_it_has_an_answer(canned: Callable[..., Rows], query: str, parameters: dict[str, str]) -> None:
    assert canned(query, **parameters)


def test_there_are_enough_and_each_names_a_query() -> None:
    assert len(LINES) >= 25
    assert {query for query, _ in LINES} <= set(load(ROOT / "queries"))
