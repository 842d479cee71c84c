"""When and where an event took place; when a resolution was adopted and what it is about."""

from __future__ import annotations

import re
from collections.abc import Iterator

from avvn_graph.facts import Letter, Value
from avvn_graph.recognition.candidates import Candidate
from avvn_graph.recognition.linking import letter_year
from avvn_graph.relations.draft import Draft
from avvn_graph.relations.sentence import Sentence

_MONTHS = {m: i for i, m in enumerate(
    ["januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober", "november", "december"], 1)}
_MONTH = "|".join(_MONTHS)
_RANGE = re.compile(rf"(?:[Vv]an )?(?P<d1>\d{{1,2}})(?: (?P<m1>{_MONTH}))?(?: (?P<y1>\d{{4}}))? ?(?:tot en met|t/m|tot|–|-|en) ?(?P<d2>\d{{1,2}}) (?P<m2>{_MONTH})(?: (?P<y2>\d{{4}}))?")
_DAY = re.compile(rf"(?P<d>\d{{1,2}}) (?P<m>{_MONTH})(?: (?P<y>\d{{4}}))?(?P<rel> (?:jl|a\.s|j\.l|jongstleden|aanstaande)\b)?")
_MONTH_ONLY = re.compile(rf"\b(?:in|begin|eind|medio|van) (?P<m>{_MONTH})(?: (?P<y>\d{{4}}))?")
_YEAR_ONLY = re.compile(r"\b(?:in|uit|van|najaar van|voorjaar van) (?P<y>(?:19|20)\d\d)\b")
_PLACE = re.compile(r"\b(?:in|te) (?P<p>(?:Den |New |San |Sint )?[A-ZÀ-Þ][\w’-]+(?: [A-ZÀ-Þ][\w-]+)?)")


def dates(text: str, letter: Letter) -> list[tuple[int, int, str, str | None]]:
    """The dates of a text as (start, end, first, last) in ISO 8601, against the letter's date; last None for a point."""
    found: list[tuple[int, int, str, str | None]] = []

    def year_of(month: int, stated: str | None, relative: str = "") -> str:
        if stated:
            return stated
        base = letter_year(letter)
        written = letter.meta.date or ""
        if len(written) >= 7 and ("jl" in relative or "j.l" in relative or "jongst" in relative) and month > int(written[5:7]):
            return str(base - 1)
        if len(written) >= 7 and "a.s" in relative and month < int(written[5:7]):
            return str(base + 1)
        return str(base)

    def free(start: int, end: int) -> bool:
        return all(end <= s or start >= e for s, e, _, _ in found)

    for m in _RANGE.finditer(text):
        month2 = _MONTHS[m["m2"]]
        month1 = _MONTHS[m["m1"]] if m["m1"] else month2
        year2 = year_of(month2, m["y2"])
        year1 = m["y1"] or (year2 if month1 <= month2 else str(int(year2) - 1))
        found.append((m.start(), m.end(), f"{year1}-{month1:02}-{int(m['d1']):02}", f"{year2}-{month2:02}-{int(m['d2']):02}"))
    for m in _DAY.finditer(text):
        if free(m.start(), m.end()) and 1 <= int(m["d"]) <= 31:
            month = _MONTHS[m["m"]]
            found.append((m.start(), m.end(), f"{year_of(month, m['y'], m['rel'] or '')}-{month:02}-{int(m['d']):02}", None))
    for m in _MONTH_ONLY.finditer(text):
        if free(m.start(), m.end()):
            month = _MONTHS[m["m"]]
            found.append((m.start(), m.end(), f"{year_of(month, m['y'])}-{month:02}", None))
    for m in _YEAR_ONLY.finditer(text):
        if free(m.start(), m.end()):
            found.append((m.start(), m.end(), m["y"], None))
    return sorted(found)


def date_value(iso: str) -> Value:
    """A date, month or year as a typed literal."""
    return Value(iso, "date" if len(iso) == 10 else "gYearMonth" if len(iso) == 7 else "gYear")


def attributes(index: int, sentence: Sentence, letter: Letter, places: dict[str, str]) -> Iterator[Draft]:
    """Drafts of dates, places and topics for one sentence.

    A date or place belongs to the event nearest before it in the clause, or to the sentence's only event.
    """
    text = sentence.passage.text
    events = [c for p in sentence.of_kind("E") for c in p.members if not c.data.get("anaphoric")]
    for start, end, first, last in dates(text, letter):
        event = _owner(text, events, start, end)
        if event:
            yield Draft(event, "startDate", date_value(first), [index], "attribute.date", 0.8)
            if last or len(first) == 10:
                yield Draft(event, "endDate", date_value(last or first), [index], "attribute.date", 0.8)
    for m in _PLACE.finditer(text):
        name = m["p"] if m["p"] in places else m["p"].split()[0]
        event = _owner(text, events, m.start(), m.end()) if name in places else None
        if event:
            yield Draft(event, "place", Value(places[name], "string", "nl"), [index], "attribute.place", 0.8)
    for piece in sentence.of_kind("R"):
        for c in piece.members:
            topic = c.data.get("topic")
            if topic and not c.data.get("anaphoric"):
                yield Draft(c, "topic", Value(" ".join(str(topic).split()[:12]), "string", "nl"), [index], "attribute.topic", 0.9)
    if "aangenomen" in text or "aanname" in text:
        resolutions = [c for p in sentence.of_kind("R") for c in p.members]
        when = [d for d in dates(text, letter) if _owner(text, [e for e in events if "assembly" not in e.data], d[0], d[1]) is None]
        if len({c.key for c in resolutions}) == 1 and when:
            yield Draft(resolutions[0], "adoptionDate", date_value(when[0][2]), [index], "attribute.adopted", 0.8)


def _owner(text: str, events: list[Candidate], start: int, end: int) -> Candidate | None:
    before = [e for e in events if e.end <= start and ";" not in text[e.end:start] and len(text[e.end:start]) < 60 and ". " not in text[e.end:start]]
    if before:
        return before[-1]
    after = [e for e in events if 0 <= e.start - end < 70]
    return after[0] if after else None
