"""What must be known of a query before the engine sees it, above all that it opens no network connection.

The engine has SERVICE on, with no switch, and its parser knows no word boundaries and backtracks: it takes
``SERVICEex:a{}``, ``trueSERVICE<a>{}``, ``FILTER(1<2)SERVICE#>`` with the rest on the next line, ``ex:SERVICE<a>{}``
when ``ex:SERVICE`` makes no valid IRI, and the inside of a ``'''`` string with an impossible escape. A lexer that knows one
right reading is therefore not enough. This one follows every reading that the engine might take: where a ``<`` may be
less-than, or a long string may be an empty one, it goes on with both. Outside strings, IRIs, comments, variables, blank
node labels and language tags, anything that looks like ``SERVICE [SILENT] name {`` is refused. Workers without a network
(worker.py) are the second wall.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal as OneOf

from avvn_graph.store.base import QueryRefused

Form = OneOf["SELECT", "ASK", "CONSTRUCT", "DESCRIBE"]

# Character classes of the grammar, a little wider than it where that errs on the side of refusing.
_CHAR = r"A-Za-z0-9_\-\u00b7\u00c0-\u02ff\u0300-\u1fff\u200c\u200d\u203f\u2040\u2070-\u218f\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufffd"
_NAME_CHAR = rf"[{_CHAR}\U00010000-\U000effff]"
_VAR_CHAR = rf"[{_CHAR.replace(chr(92) + '-', '')}\U00010000-\U000effff]"
_WS = r"(?>[ \t\r\n]++|\#[^\r\n]*+)*+"
_IRI = r"<(?>[^<>\"{}|^`\\\x00-\x20]|\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8})*+>"
_DOTTED = rf"{_NAME_CHAR}++(?:\.++{_NAME_CHAR}++)*+"
_PREFIX = rf"(?:{_DOTTED})?+"
_LOCAL_PART = rf"(?>{_NAME_CHAR}|:|%[0-9A-Fa-f]{{2}}|\\[_~.\-!$&'()*+,;=/?\#@%])"
_LOCAL = rf"(?:{_LOCAL_PART}++(?:\.++{_LOCAL_PART}++)?+)?+"
_LONG = r"'''(?>(?:''|')?[^'\\]|(?:''|')?\\.)*+'''" + r'|"""(?>(?:""|")?[^"\\]|(?:""|")?\\.)*+"""'
_SHORT = r"'(?>[^'\\\n\r]|\\.)*+'" + r'|"(?>[^"\\\n\r]|\\.)*+"'
_OPAQUE = rf"[?$]{_VAR_CHAR}++|_:{_NAME_CHAR}++(?:\.++{_NAME_CHAR}++)*+|@[A-Za-z]++(?:-[A-Za-z0-9]++)*+"

_TOKEN = re.compile(
    rf"(?P<space>(?>[ \t\r\n]++|\#[^\r\n]*+)++)|(?P<opaque>{_OPAQUE})|(?P<iri>{_IRI})|(?P<long>{_LONG})|(?P<short>{_SHORT})"
    rf"|(?P<name>{_PREFIX}:{_LOCAL})|(?P<word>{_DOTTED})|(?P<other>.)",
    re.DOTALL,
)
_SHORT_STRING = re.compile(_SHORT)

# From "service" on, with or without spaces between.
_CALL = re.compile(
    rf"service{_WS}(?:silent{_WS})?(?:[?$]{_VAR_CHAR}++|<[^>]*+>|{_PREFIX}:{_LOCAL}){_WS}\{{", re.IGNORECASE
)
_SERVICE = re.compile("service", re.IGNORECASE)
_GRAPH_WORDS = frozenset({"graph", "named", "from", "describe"})
_LONGEST_NAME = 2000

_PROLOGUE = re.compile(
    rf"{_WS}(?>base{_WS}{_IRI}{_WS}|prefix{_WS}{_PREFIX}:{_WS}{_IRI}{_WS}|version{_WS}(?:{_SHORT}){_WS})*+", re.IGNORECASE
)
_FORM = re.compile(
    rf"(?P<form>select|ask|construct|describe)(?P<star>{_WS}(?:(?:distinct|reduced){_WS})?(?=\*))?", re.IGNORECASE
)
_UPDATE = re.compile(r"(?:insert|delete|load|clear|drop|create|add|move|copy|with)\b", re.IGNORECASE)
_FORMS: dict[str, Form] = {"select": "SELECT", "ask": "ASK", "construct": "CONSTRUCT", "describe": "DESCRIBE"}


@dataclass(frozen=True, slots=True)
class Inspected:
    """What the gate saw: the query's form (None when it has none, which the engine will explain), where the ``*`` of
    ``SELECT *`` stands (None for another projection) and whether the query names its dataset (FROM)."""

    form: Form | None
    star: int | None
    dataset: bool


def inspect(text: str) -> Inspected:
    """Look a query over; raises QueryRefused for SERVICE, LOAD and other updates."""
    return _inspect(text) if len(text) > 20_000 else _remembered(text)


def _inspect(text: str) -> Inspected:
    low = text.lower()
    if "service" in low:
        place = _service(text)
        if place is not None:
            raise QueryRefused("SERVICE is not allowed here: this endpoint sends no requests of its own", *where(text, place))
    prologue = _PROLOGUE.match(text)
    start = prologue.end() if prologue else 0
    form = _FORM.match(text, start)
    if form is None:
        update = _UPDATE.match(text, start)
        if update:
            word = update[0].upper()
            raise QueryRefused(f"{word} is an update, and this endpoint is read-only", *where(text, start))
    if "load" in low:
        for kind, begin, end in _tokens(text):
            if kind == "word" and text[begin:end].lower() in ("load", "loadsilent"):
                raise QueryRefused("LOAD is not allowed here: this endpoint is read-only", *where(text, begin))
    dataset = "from" in low and any(
        kind == "word" and text[begin:end].lower() in ("from", "fromnamed") for kind, begin, end in _tokens(text)
    )
    if form is None:
        return Inspected(None, None, dataset)
    return Inspected(_FORMS[form["form"].lower()], form.end() if form["star"] is not None else None, dataset)


_remembered = lru_cache(maxsize=512)(_inspect)


def variables(text: str) -> list[str]:
    """The names of the variables in the query, in the order in which they first appear."""
    seen: dict[str, None] = {}
    for kind, begin, end in _tokens(text):
        if kind == "opaque" and text[begin] in "?$":
            seen.setdefault(text[begin + 1:end])
    return list(seen)


_GAP = " " * 20


def spread(text: str) -> tuple[str, list[tuple[int, int]]]:
    """The query with its tokens far apart, and where each begins there and in ``text``.

    The engine gives the place of a fault too late by as much as the length of the keyword it would rather have seen,
    and so the wrong token or line. With more room between tokens than any keyword is long, it cannot.
    """
    parts: list[str] = []
    places: list[tuple[int, int]] = []
    size = 0
    before, until = "", -1
    for kind, begin, end in _tokens(text):
        joined = begin == until and (before == kind == "other" or text[begin] == "@")
        if not joined:
            parts.append(_GAP)
            size += len(_GAP)
            places.append((size, begin))
        parts.append(text[begin:end])
        size += end - begin
        before, until = kind, end
    return "".join(parts) + _GAP, places


def _tokens(text: str) -> list[tuple[str, int, int]]:
    """The ordinary reading."""
    return [(m.lastgroup or "", m.start(), m.end()) for m in _TOKEN.finditer(text) if m.lastgroup != "space"]


def _service(text: str) -> int | None:
    """The offset of the first thing that some reading takes for a SERVICE call."""
    todo: list[tuple[int, bool]] = [(0, False)]  # where a token may begin, and whether GRAPH or its like went before
    seen: set[tuple[int, bool]] = set()
    found: list[int] = []
    while todo:
        position, graph = todo.pop()
        while position < len(text) and (position, graph) not in seen:
            seen.add((position, graph))
            match = _TOKEN.match(text, position)
            if match is None:
                break
            kind, end = match.lastgroup, match.end()
            if kind == "iri":
                todo.append((position + 1, False))
            elif kind == "long" and "\\" in match[0]:  # an impossible escape makes it an empty string and more
                short = _SHORT_STRING.match(text, position)
                if short:
                    todo.append((short.end(), False))
            elif kind in ("name", "word"):
                found.extend(_calls(text, match, kind == "name" and graph))
            graph = graph if kind == "space" else kind == "word" and match[0].lower().rpartition(".")[2] in _GRAPH_WORDS
            position = end
    return min(found, default=None)


def _calls(text: str, token: re.Match[str], after_graph: bool) -> list[int]:
    found = []
    for match in _SERVICE.finditer(text, token.start(), token.end()):
        if token.end() - token.start() > _LONGEST_NAME:
            return [match.start()]
        if after_graph and match.start() < text.index(":", token.start()):
            continue  # GRAPH service:a { … }: the name can be read as a name only
        if _CALL.match(text, match.start()):
            found.append(match.start())
    return found


def where(text: str, offset: int) -> tuple[int, int]:
    """Line and column of an offset, both from 1."""
    line = text.count("\n", 0, offset) + 1
    return line, offset - (text.rfind("\n", 0, offset) + 1) + 1


def tokens(text: str) -> list[tuple[str, int, int]]:
    """The ordinary reading of a query or update: kind, begin and end of every token."""
    return _tokens(text)


def service(text: str) -> int | None:
    """The offset of the first thing that some reading takes for a SERVICE call; None when there is none."""
    return _service(text) if "service" in text.lower() else None
