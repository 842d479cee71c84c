"""The W3C's SPARQL 1.1 tests over HTTP: what passes, passes; what fails is known by name."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from .manifest import SUITE
from .report import CAUSES, PAGE, page
from .runner import SUITES, Outcome, folder, run, server

pytestmark = pytest.mark.skipif(not SUITE.is_dir(), reason=f"the W3C's tests are not at {SUITE}")


@pytest.fixture(scope="module")
def outcomes() -> Iterator[list[Outcome]]:
    with folder() as store, server(store) as client:
        yield run(client)


@pytest.mark.parametrize(("suite", "bar"), [
    ("query", 318), ("results in CSV and TSV", 4), ("results in JSON", 4), ("update", 157), ("protocol", 34), ("service description", 3),
    ("graph store protocol", 13), ("graph store protocol, in prose (deprecated)", 12),
])
def test_suite(outcomes: list[Outcome], suite: str, bar: int) -> None:
    its = [o for o in outcomes if o.suite == suite]
    assert {o.test.id: o.fault for o in its if o.fault and o.test.id not in CAUSES} == {}
    assert sum(not o.fault for o in its) >= bar
    assert set(SUITES) == {o.suite for o in outcomes}


def test_the_page_tells_of_this_run(outcomes: list[Outcome]) -> None:
    assert PAGE.read_text(encoding="utf-8") == page(outcomes), "run: make conformance"
    assert {o.test.id for o in outcomes if o.fault} == set(CAUSES), "something passes that is said to fail"
