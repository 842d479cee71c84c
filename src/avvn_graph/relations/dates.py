"""Dates as Dutch letters write them, resolved against the letter's own date."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from avvn_graph.facts import Letter, Value
from avvn_graph.recognition.linking import letter_year

_MONTHS = {m: i for i, m in enumerate(
    ["januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober", "november", "december"], 1)}
_MONTH = "|".join(_MONTHS)
_PAST_WORDS = r"jl\b\.?|j\.l\b\.?|jongstleden|laatstleden"
_NEXT_WORDS = r"a\.s\b\.?|aanstaande|eerstvolgend"
_RANGE = re.compile(rf"(?:[Vv]an )?(?P<d1>\d{{1,2}})(?: (?P<m1>{_MONTH}))?(?: (?P<y1>\d{{4}}))? ?(?:tot en met|t/m|tot|–|-|en) ?(?P<d2>\d{{1,2}}) (?P<m2>{_MONTH})(?: (?P<y2>\d{{4}}))?(?P<rel> (?:{_PAST_WORDS}|{_NEXT_WORDS}))?")
_DAY = re.compile(rf"(?P<d>\d{{1,2}}) (?P<m>{_MONTH})(?: (?P<y>\d{{4}}))?(?P<rel> (?:{_PAST_WORDS}|{_NEXT_WORDS}))?")
_MONTH_ONLY = re.compile(rf"\b(?P<pre>(?i:in|begin|eind|medio|van|afgelopen|vorige|komende|aanstaande|sinds))(?: de maand)? (?P<m>{_MONTH})(?: (?P<y>\d{{4}}))?(?P<rel> (?:{_PAST_WORDS}|{_NEXT_WORDS}))?")
_YEAR_ONLY = re.compile(r"\b(?i:in|uit|van|voor|begin|eind|medio|najaar|voorjaar|zomer) (?P<y>(?:19|20)\d\d)\b")
_WEEK = re.compile(r"(?i)\b(?P<w>volgende|komende|aankomende|vorige|afgelopen|deze) week\b")
_THAT_YEAR = re.compile(r"(?i)\b(?P<w>volgend|komend|vorig) jaar\b")


@dataclass(frozen=True, slots=True)
class Dated:
    """A date in a text: where (code points of the text), its first day, month or year, and the last of a period."""

    start: int
    end: int
    first: str
    last: str | None = None


def dates(text: str, letter: Letter, past: bool | None = None) -> list[Dated]:
    """The dates of a text in ISO 8601, in text order.

    A month without a year is that of the letter's own year, unless ``past`` says whether the sentence looks back
    (then it is not long after the letter, or, in the account of a year, not after it) or ahead (then not before it); "jl." and "a.s." say so themselves. A week has
    the month it lies in, or none when it lies in two.
    """
    found: list[Dated] = []
    written = letter.meta.date or ""

    def year_of(month: int, stated: str | None, relative: str = "") -> str:
        if stated:
            return stated
        base = letter_year(letter)
        if len(written) >= 7:
            back = re.search(_PAST_WORDS + "|afgelopen|vorige", relative) or (past is True and not relative.strip())
            ahead = re.search(_NEXT_WORDS + "|komende", relative) or (past is False and not relative.strip())
            lookback = letter.meta.document_type == "council-year" or bool(relative.strip())
            if back and month > int(written[5:7]) + (0 if lookback else 3):
                return str(base - 1)
            if ahead and month < int(written[5:7]):
                return str(base + 1)
        return str(base)

    def free(m: re.Match[str]) -> bool:
        return all(m.end() <= d.start or m.start() >= d.end for d in found)

    for m in _RANGE.finditer(text):
        month2 = _MONTHS[m["m2"]]
        month1 = _MONTHS[m["m1"]] if m["m1"] else month2
        year2 = year_of(month2, m["y2"], m["rel"] or "")
        year1 = m["y1"] or (year2 if month1 <= month2 else str(int(year2) - 1))
        found.append(Dated(m.start(), m.end(), f"{year1}-{month1:02}-{int(m['d1']):02}", f"{year2}-{month2:02}-{int(m['d2']):02}"))
    for m in filter(free, _DAY.finditer(text)):
        if 1 <= int(m["d"]) <= 31:
            month = _MONTHS[m["m"]]
            found.append(Dated(m.start(), m.end(), f"{year_of(month, m['y'], m['rel'] or '')}-{month:02}-{int(m['d']):02}"))
    for m in filter(free, _MONTH_ONLY.finditer(text)):
        month = _MONTHS[m["m"]]
        relative = (m["rel"] or "") + (m["pre"].lower() if m["pre"].lower() in ("afgelopen", "vorige", "komende", "aanstaande") else "")
        found.append(Dated(m.start(), m.end(), f"{year_of(month, m['y'], relative)}-{month:02}"))
    for m in filter(free, _YEAR_ONLY.finditer(text)):
        found.append(Dated(m.start(), m.end(), m["y"]))
    if len(written) == 10:
        for m in _WEEK.finditer(text):
            monday = date.fromisoformat(written)
            monday += timedelta(weeks={"volgende": 1, "komende": 1, "aankomende": 1, "deze": 0}.get(m["w"].lower(), -1), days=-monday.weekday())
            if monday.month == (monday + timedelta(days=6)).month:
                found.append(Dated(m.start(), m.end(), monday.isoformat()[:7]))
    if len(written) >= 4:
        for m in _THAT_YEAR.finditer(text):
            found.append(Dated(m.start(), m.end(), str(int(written[:4]) + (1 if m["w"].lower() in ("volgend", "komend") else -1))))
    return sorted(found, key=lambda d: d.start)


def date_value(iso: str) -> Value:
    """A date, month or year as a typed literal."""
    return Value(iso, "date" if len(iso) == 10 else "gYearMonth" if len(iso) == 7 else "gYear")


def compatible(one: str, other: str) -> bool:
    """Whether two dates can be one, the shorter being less exact."""
    return one.startswith(other) or other.startswith(one)


