"""Sentence boundaries in running Dutch text; abbreviations and sentence openers are word lists beside this module."""

from __future__ import annotations

import re
from itertools import pairwise

from avvn_graph.corpus.words import words_of

_BOUNDARY = re.compile(r"[.?!](?:[»”\"’)]+)?\s+(?=[«“‘\"(]?[A-ZÀ-Þ0-9−•–])")
_INITIAL = re.compile(r"(?:^|[\s(.])[A-Z]\.$")
_ABBREVIATION = re.compile(
    rf"(?:^|[\s(«])(?:{'|'.join(re.escape(f) for f in sorted(words_of('abbreviations.txt'), key=len, reverse=True))})$", re.I)
# Abbreviations that may also end a sentence: a word that opens sentences decides.
_MAY_END = re.compile(r"(?:jl|jongstl|a\.s|j\.l|c\.s|etc|enz)\.$", re.I)
# Those that stand behind a date end its phrase: what follows in capitals begins a sentence.
_BEHIND_DATE = re.compile(r"(?:jl|jongstl|a\.s|j\.l)\.$", re.I)
_OPENER = re.compile(rf"(?:{'|'.join(words_of('openers.txt'))})\b")
_NUMBERING = re.compile(r"(?:^|\s)(?:\d{1,2}|[IVX]+)\.$")
_REACH = 20
"""No abbreviation is longer than this many characters."""


def split(text: str) -> list[tuple[int, int]]:
    """The (start, end) of each sentence; together they cover the text. Time is linear in the text's length."""
    cuts = [0]
    for m in _BOUNDARY.finditer(text):
        mark = text[m.start()]
        before = text[max(0, m.start() + 1 - _REACH):m.start() + 1]
        if mark == "." and not _ends(before, text[m.end():m.end() + _REACH], m.start() - cuts[-1]):
            continue
        if mark == "!" and text[m.end()].isdigit():
            continue
        cuts.append(m.end())
    cuts.append(len(text))
    return list(pairwise(cuts))


def _ends(before: str, after: str, length: int) -> bool:
    """Whether a full stop ends a sentence, by what stands before it, after it, and how long the sentence is so far."""
    if _INITIAL.search(before):
        return False
    if length < 5 and _NUMBERING.search(before):
        return False
    if _ABBREVIATION.search(before):
        return bool((length > 25 and _BEHIND_DATE.search(before) and after[:1].isalpha()) or (_MAY_END.search(before) and _OPENER.match(after)))
    return True
