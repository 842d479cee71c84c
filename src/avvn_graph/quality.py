"""The quality page: precision and recall by kind and predicate, calibration and the commonest errors, from gold."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import sqrt
from pathlib import Path

from avvn_graph.evaluation import Evaluation, evaluate

_BANDS = ((0.0, 0.75), (0.75, 0.85), (0.85, 0.9), (0.9, 0.95), (0.95, 1.01))


def page(graph: Path, gold: Sequence[Path], sources: Path) -> str:
    """The page as Markdown: all gold files together, then each by itself."""
    together = evaluate(graph, gold, sources)
    parts = [
        "# Quality",
        "Made by `avvn-graph quality " + " ".join(f"data/gold/{g.name}" for g in gold) + "`; do not edit.",
        "Precision (P) is the share of what the graph says that the annotations bear out; recall (R) the share of the annotations that the graph "
        "has; n the number of annotations that count (optional ones count for neither). The interval is Wilson's, 95 %. How things are matched "
        "stands in `src/avvn_graph/evaluation.py`. The rules were written with these annotations at hand: the figures say how well the graph "
        "tells these texts, not how well it will tell the next.",
        "## Everything together", _table(together),
        "## Confidence",
        "A statement's confidence is set by its rule. Of the statements that could be judged, the share that is right in each band:",
        _calibration(together),
    ]
    parts.append("## Each annotated text")
    for path in gold:
        one = evaluate(graph, [path], sources)
        e, r = one.all_entities, one.all_relations
        parts.append(f"- `{path.name}`: entities P {e.precision:.3f} R {e.recall:.3f}; relations P {r.precision:.3f} R {r.recall:.3f} (n {r.tp + r.fn})")
    wrong = [m for m in together.misses if m.startswith("WRONG")]
    missed = [m for m in together.misses if m.startswith("MISS")]
    parts += ["## What is wrong", *(f"- `{m}`" for m in wrong[:40]), "## What is missed", *(f"- `{m}`" for m in missed[:60])]
    return _joined(parts)


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
        band = [right for confidence, right in evaluation.judged if low <= confidence < high]
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
