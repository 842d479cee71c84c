"""What must be known of an update before the engine sees it; see gate.py, whose reading of SPARQL this shares.

The engine would fetch what LOAD and SERVICE name. SERVICE is refused in every spelling; LOAD is taken out before the engine
sees the update: ``LOAD SILENT`` becomes an operation that does nothing, which is what the standard has a failed one do.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from avvn_graph.store import gate
from avvn_graph.store.base import QueryFailed, QueryRefused, QuerySyntaxError

_NOTHING = "DELETE DATA {}"


@dataclass(frozen=True, slots=True)
class Prepared:
    """An update without LOAD; ``load`` is the place (offset in the text given) of the first that would have to be done."""

    text: str
    load: int | None


def prepare(text: str, using: Sequence[str] = (), using_named: Sequence[str] = ()) -> Prepared:
    """An update that the engine may be given, over the dataset that the protocol's using-graph-uri parameters name.

    ``using`` and ``using_named`` must be valid IRIs. Raises QueryRefused for SERVICE and for a LOAD that cannot be told
    apart from the rest, QueryFailed when the update names a dataset and so do the parameters.
    """
    tokens = gate.tokens(text)
    service = gate.service(text)
    if service is not None:
        raise QueryRefused("SERVICE is not allowed here: this endpoint sends no requests of its own", *gate.where(text, service))
    words = [(i, text[b:e].lower(), b) for i, (kind, b, e) in enumerate(tokens) if kind == "word"]
    edits: list[tuple[int, int, str]] = []
    load = None
    for i, word, begin in words:
        if word.startswith("load"):
            end, silent = _load(text, tokens, i)
            if end is None and word == "load":
                raise QuerySyntaxError("LOAD [SILENT] <iri> [INTO GRAPH <iri>] is how LOAD is written", *gate.where(text, begin))
            if end is None:
                raise QueryRefused("LOAD is not allowed here: this endpoint sends no requests of its own", *gate.where(text, begin))
            edits.append((begin, end, _NOTHING))
            load = begin if load is None and not silent else load
    left = text.lower()
    for begin, end, _ in edits:
        left = left[:begin] + " " * (end - begin) + left[end:]
    if "load" in left:
        hidden = _hidden(text, tokens)
        if hidden is not None:
            raise QueryRefused(
                "LOAD is not allowed here, nor what some reading takes for it: a long string with a backslash beside the word",
                *gate.where(text, hidden),
            )
    if using or using_named:
        edits += _using(text, tokens, using, using_named)
    for begin, end, new in sorted(edits, reverse=True):
        text = f"{text[:begin]} {new} {text[end:]}"
    return Prepared(text, load)


def _load(text: str, tokens: Sequence[tuple[str, int, int]], i: int) -> tuple[int | None, bool]:
    """The offset after ``LOAD [SILENT] iri [INTO GRAPH iri]`` (None when it is nothing of the kind), and whether it is silent."""
    def word(at: int) -> str:
        return text[tokens[at][1]:tokens[at][2]].lower() if at < len(tokens) and tokens[at][0] == "word" else ""

    def iri(at: int) -> bool:
        return at < len(tokens) and tokens[at][0] in ("iri", "name")

    if word(i) != "load" or _depth(text, tokens, i):
        return None, False
    silent = word(i + 1) == "silent"
    at = i + 2 if silent else i + 1
    if not iri(at):
        return None, silent
    if word(at + 1) == "into":
        if word(at + 2) != "graph" or not iri(at + 3):
            return None, silent
        at += 3
    return tokens[at][2], silent


def _hidden(text: str, tokens: Sequence[tuple[str, int, int]]) -> int | None:
    """Where the engine, which knows no word boundaries and backtracks, might find a LOAD that is not among the words.

    An operation begins after a semicolon, after a declaration, or at the start; and only a long string with an impossible
    escape can be read in two ways.
    """
    for i, (kind, begin, end) in enumerate(tokens):
        before = text[tokens[i - 1][1]:tokens[i - 1][2]] if i else ";"
        if kind == "long" and "\\" in text[begin:end]:
            return begin
        if kind == "name" and text[begin:end].lower().startswith("load") and (before == ";" or before.endswith((">", "'", '"'))):
            return begin
    return None


def _depth(text: str, tokens: Sequence[tuple[str, int, int]], i: int) -> int:
    signs = [text[b] for kind, b, _ in tokens[:i] if kind == "other"]
    return signs.count("{") - signs.count("}")


def _using(
    text: str, tokens: Sequence[tuple[str, int, int]], using: Sequence[str], using_named: Sequence[str]
) -> list[tuple[int, int, str]]:
    """USING before every WHERE that may have it; ``DELETE WHERE`` is first spelled out, for it may not."""
    clause = "".join([*(f"USING <{g}> " for g in using), *(f"USING NAMED <{g}> " for g in using_named)])
    edits: list[tuple[int, int, str]] = []
    depth, before = 0, ""
    for i, (kind, begin, end) in enumerate(tokens):
        sign = text[begin:end] if kind == "other" else ""
        if sign:
            depth += {"{": 1, "}": -1}.get(sign, 0)
            before = sign
            continue
        word = text[begin:end].lower() if kind == "word" else ""
        if depth == 0 and word in ("with", "using"):
            raise QueryFailed(f"the update says {word.upper()}, and so it may not be sent with using-graph-uri or using-named-graph-uri")
        if depth == 0 and word == "where":
            template = _group(text, tokens, i) if before == "delete" else ""
            edits.append((begin, begin, f"{template} {clause}"))
        before = word
    return edits


def _group(text: str, tokens: Sequence[tuple[str, int, int]], i: int) -> str:
    """The group in braces after token ``i``."""
    depth, start = 0, None
    for kind, begin, end in tokens[i + 1:]:
        if kind == "other" and text[begin] in "{}":
            start = begin if start is None else start
            depth += 1 if text[begin] == "{" else -1
            if depth == 0:
                return text[start:end]
    return ""  # it is not closed, which the engine will say
