"""Cleaning: lines of a printed page to running text, every character knowing where it stood.

Line-break hyphenation is undone by what the letter itself shows first (the joined or the hyphenated word occurs
elsewhere in it), then by rule, then by a short reviewed list.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

# What the printing of parliamentary papers and letterheads puts between the lines of the text.
FURNITURE = re.compile(
    r"^(?:Tweede Kamer(?: der Staten-Generaal)?, vergaderjaar \d{4}[–-]\d{4}, .*|Eerste Kamer, vergaderjaar .*|"
    r"Onze Referentie|Uw Referentie|Uw brief|BZDOC-[\d-]+|Min-?BuZa[.\d-]+|Bijlage\(n\)|kst-[\w-]+|ISSN [\d -]+|’s-Gravenhage \d{4}|"
    r"Pagina \d+ van \d+|-? ?\d{1,3} ?-?|T? ?\+?31 \(?0?\)?[\d ]+|www\.[\w.]+|Postbus \d+|\d{4} [A-Z]{2} Den Haag|"
    r"Rijnstraat \d+|Binnenhof \d+\w?|Nederland|Contactpersoon|Onze referentie)\s*$"
)
# Parts that keep the hyphen before a following lower-case part.
_KEEPING = re.compile(r"(?:^|[^\w])(?:anti|niet|non|oud|ex|vice|co|pro|staakt-het|e|high|follow|side|semi|quasi|mede-|[A-Z]{2,}[\w]*|[A-Z]\d|\d+)$")
_KEPT_WORDS = frozenset({"binnenlands-politiek", "sociaal-economische", "sociaal-economisch", "financieel-economische", "staakt-het-vuren",
                         "publiek-private", "politiek-diplomatieke", "multi-stakeholder", "grond-lucht", "technisch-inhoudelijke"})
_SUSPENDED = re.compile(r"(?:en|of|als|dan|tot|,|en/of)\b")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the source: its text without line end, and where it starts."""

    text: str
    start: int

    @property
    def body(self) -> str:
        """The line without surrounding blanks."""
        return self.text.strip()


def lines_of(source: str) -> list[Line]:
    """The lines of a text with their offsets; ``\\r\\n`` and ``\\n`` both end a line."""
    out = []
    at = 0
    for raw in source.split("\n"):
        out.append(Line(raw.rstrip("\r\f").replace("\ufeff", " "), at))
        at += len(raw) + 1
    return out


class Joiner:
    """Joins lines to running text; knows the words of one letter."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self._words = Counter(w.lower() for line in lines for w in re.findall(r"\w+(?:-\w+)*", line.body.rstrip("-"))
                              )

    def join(self, lines: Sequence[Line]) -> tuple[str, list[int]]:
        """The running text of some lines and the source offset of each of its characters."""
        chars: list[str] = []
        where: list[int] = []
        for line in lines:
            lead = len(line.text) - len(line.text.lstrip())
            body = line.body
            if not body:
                continue
            if chars:
                if chars[-1] in "-\u00ad" and len(chars) > 1 and chars[-2].isalnum():
                    hyphenation = self._hyphen("".join(chars[-40:]), body)
                    if hyphenation == "join":
                        chars.pop()
                        where.pop()
                    elif hyphenation == "space":
                        chars.append(" ")
                        where.append(line.start)
                else:
                    chars.append(" ")
                    where.append(line.start)
            for i, c in enumerate(body):
                if c.isspace():
                    if chars and chars[-1] == " ":
                        continue
                    c = " "
                chars.append(c)
                where.append(line.start + lead + i)
        return "".join(chars), where

    def _hyphen(self, before: str, after: str) -> str:
        """What becomes of a hyphen at a line's end: "join", "keep" or "space"."""
        first_match = re.search(r"[\w’'-]*\w-$", before)
        first = first_match.group()[:-1] if first_match else ""
        second_match = re.match(r"\w+(?:-\w+)*", after)
        second = second_match.group() if second_match else ""
        if _SUSPENDED.match(after) and second in ("en", "of", "als", "dan", "tot", ""):
            return "space"
        if not second:
            return "keep"
        joined, kept = self._words[(first + second).lower()], self._words[f"{first}-{second}".lower()]
        if f"{first}-{second}".lower() in _KEPT_WORDS:
            return "keep"
        if joined != kept:
            return "join" if joined > kept else "keep"
        if second[0].isupper() or not first:
            return "keep"
        if _KEEPING.search(first.split("-")[-1] if "-" not in first else first):
            return "keep"
        return "join"
