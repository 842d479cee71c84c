"""Look-ups: queries so small that a worker's round trip would cost more than the answer, evaluated where they arrive.

What cannot be stopped must not be begun unless it is sure to end soon. A query is a look-up only if it has the shape below:
one triple pattern (in a GRAPH or not) whose subject or object is given, with variables that all differ, and nothing that
sorts, counts or filters. Then every solution the engine finds is a row of the answer, and work ends with the answer's
length, which is limited; whatever is longer goes to a worker after all.
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

import pyoxigraph as ox

from avvn_graph.store.base import Result
from avvn_graph.store.worker import RESULTS, Buffer, TooLargeError

_MOST_BYTES = 64 * 1024
"""Of an answer: a millisecond's work."""
_MOST_CHARACTERS = 2000
"""Of a query."""
_REMEMBERED = 1000

# A little narrower than the grammar, where the gate's classes are a little wider: what is not seen here goes to a worker.
_WS = r"(?>[ \t\r\n]|\#[^\r\n]*+)"
_VAR = r"[?$][A-Za-z_][A-Za-z0-9_]*+"
_IRI = r"<[A-Za-z][A-Za-z0-9+.\-]*+:[^<>\"{}|^`\\\x00-\x20]*+>"
_NAME = r"[A-Za-z][A-Za-z0-9_\-]*+:[A-Za-z_][A-Za-z0-9_\-]*+"
_TERM = rf"(?:{_VAR}|{_IRI}|{_NAME})"
_TRIPLE = rf"(?P<s>{_TERM}){_WS}++(?P<p>{_TERM}|a){_WS}++(?P<o>{_TERM}){_WS}*+(?:\.{_WS}*+)?+"
_LOOKUP = re.compile(
    rf"{_WS}*+(?:prefix{_WS}++(?:[A-Za-z][A-Za-z0-9_\-]*+)?+:{_WS}*+{_IRI}{_WS}*+)*+"
    rf"(?:select{_WS}++(?P<what>\*|{_VAR}(?:{_WS}++{_VAR})*+){_WS}*+(?:where{_WS}*+)?+|ask{_WS}*+(?:where{_WS}*+)?+)"
    rf"\{{{_WS}*+(?:graph{_WS}++(?P<g>{_TERM}){_WS}*+\{{{_WS}*+{_TRIPLE}\}}{_WS}*+|{_TRIPLE.replace('?P<', '?P<_')})\}}"
    rf"{_WS}*+(?:limit{_WS}++[0-9]{{1,9}}{_WS}*+)?+",
    re.IGNORECASE,
)


@lru_cache(maxsize=1024)
def _read(text: str) -> str | None:
    """The look-up that a query is, with ``SELECT *`` spelled out in the query's order; None for every other query."""
    match = _LOOKUP.fullmatch(text)
    if match is None:
        return None
    graph = match["g"]
    s, p, o = (match["s"], match["p"], match["o"]) if graph else (match["_s"], match["_p"], match["_o"])
    if s[0] in "?$" and o[0] in "?$":
        return None
    variables = [term[1:] for term in (graph, s, p, o) if term and term[0] in "?$"]
    if len(set(variables)) < len(variables):
        return None
    if match["what"] == "*":
        if not variables:
            return None
        at = match.start("what")
        return text[:at] + " ".join(f"?{v}" for v in variables) + text[at + 1:]
    if match["what"] and not {v[1:] for v in re.findall(_VAR, match["what"])} & set(variables):
        return None  # rows without a value are no measure of the work
    return text


class Lookups:
    """Answers look-ups of one read-only store; to be used on one thread."""

    def __init__(self, store: Path, quads: Path | None = None) -> None:
        """See Pool for ``quads``; raises OSError when these cannot be read."""
        self._too_long: set[str] = set()
        """Look-ups whose answers have shown themselves too long."""
        if quads is None:
            self._store = ox.Store.read_only(str(store))
        else:
            self._store = ox.Store()
            self._store.bulk_load(path=str(quads), format=ox.RdfFormat.N_QUADS)

    def answer(self, text: str, media_type: str | None, *, union: bool, base: str | None) -> Result | None:
        """The answer to a look-up, as a worker would give it; None for what a worker must answer."""
        found = _read(text) if len(text) <= _MOST_CHARACTERS and text not in self._too_long else None
        if found is None or (media_type is not None and media_type not in RESULTS):
            return None
        media_type = media_type or next(iter(RESULTS))
        out = Buffer(_MOST_BYTES)
        try:
            results = self._store.query(found, base_iri=base, use_default_graph_as_union=union)
            assert not isinstance(results, ox.QueryTriples)
            results.serialize(out, RESULTS[media_type])
        except TooLargeError:
            if len(self._too_long) >= _REMEMBERED:
                self._too_long.clear()
            self._too_long.add(text)
            return None
        except (SyntaxError, ValueError, RuntimeError, OSError):
            return None  # a worker says what is wrong
        return Result(out.getvalue(), media_type)
