"""The quality page: precision and recall by kind and predicate, what they rest on, calibration and errors, from gold."""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Iterator, Sequence
from itertools import pairwise
from math import sqrt
from pathlib import Path

import pyoxigraph as ox

from avvn_graph.evaluation import Counts, Evaluation, evaluate, term_text
from avvn_graph.graph.terms import AVVN
from avvn_graph.settings import Settings

_BANDS = ((0.0, 0.75), (0.75, 0.85), (0.85, 0.9), (0.9, 0.95), (0.95, 1.01))
FIRST_CONTACT = "first-contact.csv"
"""Beside the gold files: what a file's first comparison with the rules of the day found, before they were mended."""


def page(graph: Path, gold: Sequence[Path], sources: Path, settings: Settings) -> str:
    """The page as Markdown.

    ``graph`` is a file with the served graph, ``sources`` the folder of its letters. Gold about a text in the folder
    ``texts`` beside the gold files is measured on a graph that is built of these texts alone.
    """
    texts = gold[0].parent / "texts"
    with tempfile.TemporaryDirectory() as folder:
        measured = list(_measured(graph, gold, sources, texts, settings, Path(folder)))
        given = [m for m in measured if not m.gold.name.startswith("own-")]
        parts = [
            "# Quality",
            "Made by `avvn-graph quality " + " ".join(f"data/gold/{g.name}" for g in gold) + "`; do not edit.",
            "Precision (P) is the share of what the graph says that the annotations bear out; recall (R) the share of the annotations that the graph "
            "has; n the number of annotations that count (optional ones count for neither). The interval is Wilson's, 95 %. How things are matched "
            "stands in `src/avvn_graph/evaluation.py`.",
            "## Everything together",
            "The given annotations, by kind and predicate. The rules were written with them at hand: the figures say how well the graph "
            "tells these texts, not how well it will tell the next.",
            _table(_sum([m.evaluation for m in given])),
            "## Each annotated text",
            "Files that begin with `own-` are annotations of the project's own, made by a reader who did not see the extraction; the texts `t…` "
            "are letters of other years, written for measuring: t80 to t82 and those before to be worded otherwise than the ministry does, t83 to t88 in its own "
            "register. *First* is what the comparison found the first time, before any rule was mended with the "
            "annotations in sight: the fairest figure for a letter that is not known yet.",
            _each(measured, gold[0].parent / FIRST_CONTACT),
            "## Each letter as if it had never been read",
            "Only the rules that also find something in some other letter count here: what the lexicon would have known had this letter not been among those it was written from.",
            _left_out(measured, Path(folder)),
            "## Confidence",
            "A statement's confidence is the share of its rule's findings that are right (see `confidence.yaml`). Of the statements that could be judged in all "
            "these texts, the share that is right in each band:",
            _calibration(_sum([m.evaluation for m in measured])),
        ]
        for title, start in (("## What is wrong", "WRONG"), ("## What is missed", "MISS")):
            lines = [line for m in measured for line in m.evaluation.misses if line.startswith(start)]
            parts += [title, *(f"- `{line}`" for line in lines[:80])]
    return _joined(parts)


def calibration(graph: Path, gold: Sequence[Path], sources: Path, settings: Settings) -> str:
    """``confidence.yaml``: for each rule that could be judged, the share of its findings that is right.

    Smoothed towards the share of all rules with the weight of four findings, so that one finding decides nothing.
    """
    with tempfile.TemporaryDirectory() as folder:
        together = _sum([m.evaluation for m in _measured(graph, gold, sources, gold[0].parent / "texts", settings, Path(folder))])
    rules: dict[str, list[bool]] = {}
    for _, right, rule in together.judged:
        rules.setdefault(rule, []).append(right)
    everything = [right for rights in rules.values() for right in rights]
    prior = sum(everything) / max(1, len(everything))
    head = ("# How sure a rule's findings are: the share that annotated texts bear out, smoothed towards the share of all rules.\n"
            "# Made by `avvn-graph quality --calibrate`; right and judged are what it was made of. A rule that is not here keeps its own.\n")
    lines = [f"{rule}: {{confidence: {(sum(r) + 4 * prior) / (len(r) + 4):.2f}, right: {sum(r)}, judged: {len(r)}}}" for rule, r in sorted(rules.items())]
    return head + "\n".join(lines) + "\n"


class Measured:
    """One gold file with the graph and sources it is about, and its scores."""

    def __init__(self, gold: Path, graph: Path, sources: Path) -> None:
        self.gold, self.graph, self.sources = gold, graph, sources
        self.evaluation = evaluate(graph, [gold], sources)


def _measured(graph: Path, gold: Sequence[Path], sources: Path, texts: Path, settings: Settings, folder: Path) -> Iterator[Measured]:
    known = {p.name[:3] for p in texts.glob("*.txt")} if texts.is_dir() else set()
    made: Path | None = None
    for path in gold:
        if not any(f'"doc": "{doc}"' in path.read_text(encoding="utf-8") for doc in known):
            yield Measured(path, graph, sources)
            continue
        if made is None:
            from avvn_graph.graph import publish
            from avvn_graph.graph.build import build

            build(settings, input=texts, output=folder / "store")
            current = publish.current(folder / "store")
            assert current is not None
            made = current.path / "graph.nq"
        yield Measured(path, made, texts)


def _sum(evaluations: Sequence[Evaluation]) -> Evaluation:
    entities: dict[str, Counts] = {}
    relations: dict[str, Counts] = {}
    for e in evaluations:
        for total, part in ((entities, e.entities), (relations, e.relations)):
            for name, counts in part.items():
                total[name] = total.get(name, Counts()) + counts
    return Evaluation(entities, relations, tuple(m for e in evaluations for m in e.misses), tuple(x for e in evaluations for x in e.lost),
                      tuple(j for e in evaluations for j in e.judged))


def _each(measured: Sequence[Measured], first_contact: Path) -> str:
    first = {}
    groups: dict[str, Counts] = {}
    if first_contact.is_file():
        with first_contact.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                first[row["file"]] = Counts(int(row["relations_right"]), int(row["relations_wrong"]), int(row["relations_missed"]))
                groups[row["wording"]] = groups.get(row["wording"], Counts()) + first[row["file"]]
    lines = ["| file | entities P | R | relations P | R | n | first: relations P | R |", "|---|---|---|---|---|---|---|---|"]
    for m in measured:
        e, r = m.evaluation.all_entities, m.evaluation.all_relations
        f = first.get(m.gold.name)
        lines.append(f"| `{m.gold.name}` | {e.precision:.3f} | {e.recall:.3f} | {r.precision:.3f} | {r.recall:.3f} | {r.tp + r.fn} | "
                     + (f"{f.precision:.3f} | {f.recall:.3f} |" if f else "– | – |"))
    for wording, title in _WORDINGS.items():
        if f := groups.get(wording):
            lines.append(f"| *{title}, the first time* | | | | | {f.tp + f.fn} | {f.precision:.3f} | {f.recall:.3f} |")
    return "\n".join(lines)


_WORDINGS = {"letters": "stretches of the letters", "varied": "texts worded otherwise than the ministry does", "ministry": "texts in the ministry's register"}
"""The groups of ``first-contact.csv`` by column ``wording``."""


def _left_out(measured: Sequence[Measured], folder: Path) -> str:
    """Every file again, on its graph without the statements of rules that find something in its own letter only."""
    stores = {m.graph: _load(m.graph) for m in measured}
    fired: dict[str, set[str]] = {}
    for store in stores.values():
        for rule, documents in _rules(store).items():
            fired.setdefault(rule, set()).update(documents)
    lines = ["| file | relations P | R | rules left out |", "|---|---|---|---|"]
    for m in measured:
        docs = {doc for doc in {d for ds in fired.values() for d in ds} if f'"doc": "{doc}"' in m.gold.read_text(encoding="utf-8")}
        alone = {rule for rule, documents in fired.items() if documents and documents <= docs}
        reduced = _without(stores[m.graph], alone, folder / f"{m.gold.stem}.nq")
        names = ", ".join(f"`{rule.rsplit('/', 1)[-1]}`" for rule in sorted(alone)) or "none"
        r = evaluate(reduced, [m.gold], m.sources).all_relations
        lines.append(f"| `{m.gold.name}` | {r.precision:.3f} | {r.recall:.3f} | {names} |")
    return "\n".join(lines)


def _load(graph: Path) -> ox.Store:
    store = ox.Store()
    store.bulk_load(path=str(graph))
    return store


def _rules(store: ox.Store) -> dict[str, set[str]]:
    """The rules that find something, each with the documents (first three characters of the file)."""
    found: dict[str, set[str]] = {}
    query = (f"SELECT DISTINCT ?rule ?file WHERE {{ ?s <{AVVN}rule> ?rule ; <{AVVN}inDocument> ?d . ?d <{AVVN}sourceFile> ?file }}")
    solutions = store.query(query, use_default_graph_as_union=True)
    assert isinstance(solutions, ox.QuerySolutions)
    for row in solutions:
        rule, file = row["rule"], row["file"]
        assert rule is not None
        assert file is not None
        found.setdefault(term_text(rule), set()).add(term_text(file)[:3])
    return found


def _without(store: ox.Store, rules: set[str], path: Path) -> Path:
    """The graph as a file, without the statements that only these rules found."""
    copy = ox.Store()
    gone = {q.subject for q in store.quads_for_pattern(None, ox.NamedNode(AVVN + "rule"), None, None) if term_text(q.object) in rules}
    copy.bulk_extend(q for q in store if q.subject not in gone)
    copy.dump(str(path), ox.RdfFormat.N_QUADS)
    return path


def _joined(parts: Sequence[str]) -> str:
    out = parts[0]
    for before, part in pairwise(parts):
        out += ("\n" if before.startswith("- ") and part.startswith("- ") else "\n\n") + part
    return out + "\n"


def _table(evaluation: Evaluation) -> str:
    lines = ["| | n | P | R | F1 | interval of P | interval of R |", "|---|---|---|---|---|---|---|"]
    for name, c in evaluation.rows():
        lines.append(f"| {name} | {c.tp + c.fn} | {c.precision:.3f} | {c.recall:.3f} | {c.f1:.3f} | {_interval(c.tp, c.tp + c.fp)} | {_interval(c.tp, c.tp + c.fn)} |")
    return "\n".join(lines)


def _calibration(evaluation: Evaluation) -> str:
    lines = ["| confidence | statements | right |", "|---|---|---|"]
    for low, high in _BANDS:
        band = [right for confidence, right, _ in evaluation.judged if low <= confidence < high]
        share = f"{sum(band) / len(band):.3f}" if band else "–"
        lines.append(f"| {low:.2f} to {min(high, 1.0):.2f} | {len(band)} | {share} |")
    return "\n".join(lines)


def _interval(hits: int, of: int) -> str:
    """Wilson's score interval at 95 %."""
    if not of:
        return "–"
    z, p = 1.96, hits / of
    middle = (p + z * z / (2 * of)) / (1 + z * z / of)
    half = z * sqrt(p * (1 - p) / of + z * z / (4 * of * of)) / (1 + z * z / of)
    return f"{max(0.0, middle - half):.2f}–{min(1.0, middle + half):.2f}"
