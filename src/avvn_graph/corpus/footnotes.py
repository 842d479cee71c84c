"""Footnotes: which lines are notes, and where in the running text the mark of each is glued to a word.

A note is known by three things together: it follows a blank line (or another note), its number is the next one, and
that number stands glued to a word before it. The mark need not look like one: in "17 juni 20199 over" it is the last
9, in "COVID-1917." the 17, because the letter writes "2019" and "COVID-19" but neither longer form elsewhere.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from avvn_graph.corpus.cleaning import Line

_NOTE = re.compile(r"^(?P<n>\d{1,3})[ \t]+(?=[^\W\d_]|[«“‘\"(\[])")
_AFTER = r"(?=[\s.,;:?!»”\"’)\]]|$)"
_CLOSING = ".,;:?!»”\"’')]"
_NEAR = 20_000
"""A mark stands on the page of its note, so not more than this many characters before it."""
_YEAR = re.compile(r"(?:19|20)\d\d")


@dataclass(slots=True)
class Footnotes:
    """Notes by the offset of their first line, and marks by note number as (start, end) in the source."""

    notes: dict[int, int] = field(default_factory=dict)
    marks: dict[int, tuple[int, int]] = field(default_factory=dict)


def starts_page(line: Line) -> bool:
    """Whether a line is the first of a page: a form feed or one blank stands before its text."""
    return line.text[:1] in (" ", "\f") and not line.text.startswith("  ") and bool(line.body)


def find_footnotes(lines: Sequence[Line], source: str) -> Footnotes:
    """The footnotes among some lines (page furniture already taken out) of a source text."""
    found = Footnotes()
    words = Counter(re.findall(r"\w+(?:[-/]\w+)*", source))
    searched = 0
    in_note = False
    after_blank = True
    for line in lines:
        if not line.body:
            after_blank = True
            continue
        candidate = _NOTE.match(line.body)
        expected = len(found.notes) + 1
        if candidate and int(candidate["n"]) == expected and (after_blank or in_note):
            mark = _mark(source, words, expected, max(searched, line.start - _NEAR), line.start)
            if mark is not None or in_note:
                found.notes[line.start] = expected
                in_note, after_blank = True, False
                if mark is not None:
                    found.marks[expected] = mark
                    searched = mark[1]
                continue
            searched = line.start  # this number's mark is not before here: no need to look there again
        if after_blank or starts_page(line):
            in_note = False
        after_blank = False
    return found


def _mark(source: str, words: Counter[str], number: int, start: int, end: int) -> tuple[int, int] | None:
    """Where the mark of a note stands between two offsets: after a word or its punctuation, else after a name or year."""
    doubtful: tuple[int, int] | None = None
    for m in re.finditer(rf"(?<=\S){number}{_AFTER}", source[start:end]):
        at = start + m.start()
        token = re.search(r"\S*$", source[max(0, at - 80):at])
        before = token.group() if token else ""
        if "/" in before or "@" in before or "www." in before:
            continue
        glued = before[-1]
        if glued in _CLOSING:
            stem = before.rstrip(_CLOSING)
            # A figure such as 4,6 or 26.150 is no word with a mark; a year with a full stop is.
            if stem[-1:].isdigit() and glued in ".,:" and not _YEAR.fullmatch(re.sub(r"\D", "", stem)):
                continue
            if re.search(r"(?:^|[(«])(?:nr|nrs|art|p|blz|no)\.$", before):
                continue
            return at, at + len(str(number))
        if glued.islower():
            return at, at + len(str(number))
        stem = re.sub(r"^\W+", "", before)
        if doubtful is None and _names(words, stem, stem + str(number)):
            doubtful = at, at + len(str(number))
    return doubtful


def _names(words: Counter[str], stem: str, whole: str) -> bool:
    """Whether a letter writes a form ending in a capital or figure by itself, and the form with the mark just once."""
    if stem.isdigit():
        return bool(_YEAR.fullmatch(stem))
    return words[whole] == 1 and words[stem] > 0
