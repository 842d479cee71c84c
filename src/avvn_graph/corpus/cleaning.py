"""Cleaning: lines of a printed page to running text, every character knowing where it stood.

Line-break hyphenation is undone by what the letter itself shows first (the joined or the hyphenated word occurs
elsewhere in it), then by a short reviewed list, then by rule.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from avvn_graph.corpus.words import words_of

# What the printing of parliamentary papers and letterheads puts between the lines of the text, wherever it stands.
_FURNITURE = re.compile(
    r"^(?:Tweede Kamer(?: der Staten-Generaal)?,? (?:V|v)ergaderjaar \d{4}[–-]\d{4}\b.*|Eerste Kamer,? (?:V|v)ergaderjaar .*|"
    r"(?:Onze|Uw) [Rr]eferentie|Uw brief(?: van| d\.d\.)?|[A-Z][A-Za-z-]{2,}[-./]\d[\d./-]{4,}|Min-?BuZa[.\d-]+|Bijlagen?(?:\(n\))?|"
    r"kst-[\w-]+|ISSN [\d X-]+|[’']s-Gravenhage \d{4}|[Pp]agina \d+(?: van \d+)?|- ?\d{1,3} ?-)$"
)
_PAGE_NUMBER = re.compile(r"^\d{1,3}$")
_SALUTATION = re.compile(r"^(?:Geachte|Mijnheer|Mevrouw|Hooggeachte)\b.*,?$")
_DATELINE = re.compile(r"^(?:Den Haag|[’']s-Gravenhage),? \d{1,2} [a-z]+ \d{4}$")
# Lines of a letterhead that say something of the letter itself.
_TELLING = re.compile(r"^(?:Datum|Betreft|Onderwerp|Den Haag, \d|[’']s-Gravenhage, \d|(?:Nr|nr)\. ?\d|\d{2} ?\d{3}\b|BRIEF|LIJST|VERSLAG)")
_SUBJECT = re.compile(r"^(?:Betreft|Onderwerp)\b")
_HEAD_LINES = 80


# Parts that keep the hyphen before a following lower-case part.
_KEEPING = re.compile(r"(?:^|[^\w])(?:anti|niet|non|oud|ex|vice|co|pro|staakt-het|e|high|follow|side|semi|quasi|mede-|[A-Z]{2,}[\w]*|[A-Z]\d|\d+)$")
_KEPT_WORDS = frozenset(words_of("hyphenated.txt"))
_ADDRESS = re.compile(r"(?:https?://|www\.)[^\s()]*[-/]$|https?://$")
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
    """The lines of a text with their offsets; ``\\r\\n``, ``\\n`` and ``\\r`` each end a line, a form feed begins a page."""
    out = []
    at = 0
    for end in re.finditer(r"\r\n|\n|\r|\Z", source):
        if end.start() < at:
            break
        out.append(Line(source[at:end.start()].rstrip("\f").replace("\ufeff", " "), at))
        at = end.end()
    return out


@dataclass(frozen=True, slots=True)
class Page:
    """The lines of a letter without page furniture, and what its letterhead tells of its date or subject."""

    lines: list[Line]
    head: list[list[Line]]


def without_furniture(lines: Sequence[Line]) -> Page:
    """Take out what the page and the letterhead add.

    Dropped are the running foot of parliamentary papers, references and their labels, page numbers between blank lines,
    and everything that stands before a salutation or a date line ("Den Haag, 6 juli 2018") within the first lines of the
    letter: addresses, addressees, telephone numbers.
    """
    head_end = next((n + 1 if _DATELINE.match(line.body) else n for n, line in enumerate(lines[:_HEAD_LINES])
                     if _SALUTATION.match(line.body) or _DATELINE.match(line.body)), 0)
    head: list[list[Line]] = []
    going_on = False
    previous = -1
    for line in lines[:head_end]:
        if _TELLING.match(line.body) and not _FURNITURE.match(line.body):
            head.append([line])
            going_on = line.body.split()[-1].isupper()
        elif going_on and line.body.isupper():
            head[-1].append(line)
        elif head and _SUBJECT.match(head[-1][0].body) and line.body and len(head[-1]) < 4 and not _FURNITURE.match(line.body) and previous == head[-1][-1].start:
            head[-1].append(line)  # the subject goes on
        else:
            going_on = False
        previous = line.start
    kept: list[Line] = []
    rest = lines[head_end:]
    for n, line in enumerate(rest):
        if _FURNITURE.match(line.body):
            continue
        if _PAGE_NUMBER.match(line.body):
            around = [x.body for x in (*rest[max(0, n - 1):n], *rest[n + 1:n + 2])]
            if all(not x or _FURNITURE.match(x) for x in around):
                continue
        kept.append(line)
    return Page(kept, head)


class Joiner:
    """Joins lines to running text; knows the words of one letter."""

    def __init__(self, lines: Sequence[Line]) -> None:
        words = [w.lower() for line in lines for w in re.findall(r"\w+(?:-\w+)*", line.body.rstrip("-"))]
        self._words = Counter(words)
        # First parts that the letter writes with a hyphen inside a line: "Qaeda-sanctielijst" tells of "Qaeda-/sanctiecomité".
        self._hyphenated = {w.split("-")[0] for w in words if "-" in w}

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
                tail = "".join(chars[-200:])
                if _ADDRESS.search(tail) and not re.match(r"[A-ZÀ-Þ«“(]", body):
                    pass  # an address broken at a slash or hyphen goes on as it is
                elif chars[-1] in "-\u00ad" and len(chars) > 1 and chars[-2].isalnum():
                    hyphenation = "join" if chars[-1] == "\u00ad" else self._hyphen(tail[-60:], body)
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
        if _KEEPING.search(first):
            return "keep"
        if first[0].isupper() and first.lower() in self._hyphenated and self._words[first.lower()]:
            return "keep"
        return "join"
