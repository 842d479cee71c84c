"""Sentence boundaries in running Dutch text; abbreviations are data in ``abbreviations.txt``."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

_BOUNDARY = re.compile(r"[.?!](?:[»”\"’)]+)?\s+(?=[«“‘\"(]?[A-ZÀ-Þ0-9−•–])")
_INITIAL = re.compile(r"(?:^|[\s(.])[A-Z]\.$")


@lru_cache(maxsize=1)
def _abbreviations() -> re.Pattern[str]:
    text = (Path(__file__).parent / "abbreviations.txt").read_text(encoding="utf-8")
    forms = [line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#")]
    return re.compile(rf"(?:^|[\s(«])(?:{'|'.join(re.escape(f) for f in sorted(forms, key=len, reverse=True))})$", re.I)


# Abbreviations that may also end a sentence: the next capital decides, unless it begins a number or name they go with.
_MAY_END = re.compile(r"(?:jl|a\.s|j\.l|c\.s|etc|enz)\.$", re.I)


def split(text: str) -> list[tuple[int, int]]:
    """The (start, end) of each sentence; together they cover the text."""
    cuts = [0]
    for m in _BOUNDARY.finditer(text):
        before = text[:m.start() + 1]
        if text[m.start()] == ".":
            if _INITIAL.search(before[-4:]) and not re.search(r"[a-z]{2}\)?\s[A-Z]\.$", before[-6:] + ""):
                continue
            if _INITIAL.search(before[-3:]):
                continue
            if _abbreviations().search(before[-14:]):
                following = text[m.end():m.end() + 20]
                if not (_MAY_END.search(before) and re.match(r"(?:De|Het|Een|In|Dit|Deze|Daar|Hier|Ook|Zo|Met|Bij|Tijdens|Op|Voor|Er|Als)\b", following)):
                    continue
            if re.search(r"(?:^|\s)\d{1,2}\.$", before[-4:]) and re.match(r"[A-Z]", text[m.end():]) and m.start() < 4:
                continue
        elif text[m.end():m.end() + 1].isdigit() and text[m.start()] != "?":
            continue
        cuts.append(m.end())
    cuts.append(len(text))
    return list(pairwise(cuts))
