"""``docs/conformance.md``, from a run."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from .runner import SUITES, Outcome

PAGE = Path(__file__).resolve().parents[2] / "docs" / "conformance.md"

_ENGINE = "the engine"
CAUSES = {
    "aggregates/agg-groupconcat-04": f"{_ENGINE} drops the language that all strings of a GROUP_CONCAT share",
    "aggregates/agg-groupconcat-06": f"{_ENGINE} drops the language that all strings of a GROUP_CONCAT share",
    "aggregates/agg-empty-group-count-graph": f"{_ENGINE} evaluates an aggregate inside `GRAPH ?g` over all graphs at once",
    "bindings/graph": f"{_ENGINE} does not join `VALUES` inside `GRAPH ?g` graph by graph",
    "negation/graph-minus": f"{_ENGINE} does not evaluate `MINUS` inside `GRAPH ?g` graph by graph",
    "functions/bnode01": f"{_ENGINE} has `BNODE(string)` give one node in all solutions, and not one in each",
    **{f"property-path/{name}": f"{_ENGINE} finds no zero-length path at a constant that is in no triple" for name in (
        "zero_or_more_set_start", "zero_or_more_set_end", "zero_or_one_set_start", "zero_or_one_set_end")},
    "csv-tsv-res/csv03": f"{_ENGINE} stores numbers by value: `1.0E6` comes back as `1000000`",
    "csv-tsv-res/tsv03": f"{_ENGINE} stores numbers by value: `-3` of type `xsd:negativeInteger` comes back as an `xsd:integer`",
    "http-rdf-update/put__default_graph": "the test: it wants 201, but the default graph is not created by a PUT; the newer test takes 204",
    "http-rdf-update/delete__existing_graph": "the test: nothing before it makes the graph that it deletes",
    "http-rdf-update/post__existing_graph": "the test: its Turtle lacks the last full stop",
    "http-rdf-update/get_of_post__existing_graph": "the test: it follows the one before, and expects a name that a test before has replaced",
    "http-rdf-update/post__multipart_formdata": "the test: its Turtle lacks the last full stop",
    "http-rdf-update/get_of_post__multipart_formdata": "the test: it follows the two before",
}
"""What is known to fail, and why."""

_BESIDE = """## Not run

- `service` and `syntax-fed` (10): SERVICE is refused here whatever it asks, so that nobody can have this server send requests.
- `entailment` (70): the store answers by the asserted triples.

## How

`make conformance` starts one server, writable over an empty store, with the default graph of the standard (`AVVN_UNION_DEFAULT_GRAPH=0`), and
drives it over HTTP only. Query tests name their dataset by `default-graph-uri` and `named-graph-uri`; update tests begin with the
data they ask for and compare the whole dataset afterwards. `LOAD` is refused (403) after its syntax has been checked, which counts as passing a
syntax test; `LOAD SILENT` does nothing, as the standard has it for a LOAD that fails. Graphs are compared up to the names of blank nodes,
rows as bags, numbers by their value and exact datatype. The older graph store tests, in prose, are read from the comments
they stand in and run one after another.
"""


def page(outcomes: Iterable[Outcome]) -> str:
    """The page, in Markdown."""
    found = list(outcomes)
    lines = ["# Conformance to SPARQL 1.1", "", "The W3C's tests, run over HTTP against our own server. Made by `make conformance`; do not edit.", "",
             "| suite | passed | of |", "|---|---|---|"]
    for suite in SUITES:
        its = [o for o in found if o.suite == suite]
        lines.append(f"| {suite} | {sum(not o.fault for o in its)} | {len(its)} |")
    lines += ["", "## What fails", "", "| test | what it is about | cause |", "|---|---|---|"]
    for outcome in found:
        if outcome.fault:
            cause = CAUSES.get(outcome.test.id, f"not known: {outcome.fault}")
            lines.append(f"| `{outcome.test.id}` | {outcome.test.title} | {cause} |")
    return "\n".join([*lines, "", _BESIDE])
