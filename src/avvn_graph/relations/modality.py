"""Realised, planned or only called for: read off auxiliaries, dates and the kind of letter."""

from __future__ import annotations

import re

from avvn_graph.facts import Letter, Modality, Passage

_PLANNED = re.compile(r"\b(?:zal|zullen|van plan|voornemens|is voorzien|zijn voorzien|voorziet|gepland|aankomende|aanstaande|a\.s\.|beoogt|gaat \w+en)\b")
_CALLED_FOR = re.compile(r"\b(?:zou moeten|zouden moeten|dient te|dienen te|zou kunnen|moet kunnen deelnemen|verzoekt|verzoeken|roept \S+ op|roepen \S+ op|dringt aan|hoopt|bereid om|bereid te|bereid is|bereid zijn|is bereid|zijn bereid|vragen of|vraagt of|vroeg of|vroegen of|pleit ervoor|pleitte ervoor)\b")
_PRESENT = re.compile(r"\b(?:organiseert|organiseren|neemt|nemen|treedt|treden|belegt|presenteert|spreekt|leidt|zit|vindt|verzorgt)\b")
_NOW = re.compile(rf"{_PRESENT.pattern}|\b(?:houdt|woont|doet|sluit|is|zijn)\b")
"""The present tense where a date after the letter's shows what it means."""
_PAST = re.compile(r"\b\w+(?:de|den|te|ten)\b|\b(?:heeft|hebben|werd|werden|was|waren|had|hadden|nam|namen|sprak|spraken|gaf|vond|vonden|zat|zaten|trad|traden|is \w+ge\w+)\b")
_TOLD = re.compile(r"\b(?:heeft|hebben|werd|werden|was|waren|had|hadden|nam|namen|sprak|spraken|gaf|vond|vonden|zat|zaten|trad|traden)\b")
_NEGATED = re.compile(r"\b(?:niet|geen|nooit|noch)\b")
_YEAR = re.compile(r"\b(?:in|begin|eind|medio|voor|januari|februari|maart|april|mei|juni|juli|augustus|september|oktober|november|december) (20[0-4]\d)\b")
_YEARLY = re.compile(r"\bjaarlijks\b")
_ONGOING = {"memberOf", "chairedBy", "contributesTo", "holdsOffice", "references", "initiativeOf"}


_COMING = re.compile(r"\b(?:volgende|komende|aanstaande|eerstkomende) (?:week|maand|jaar|dagen|najaar|voorjaar|zomer|maandag|dinsdag|woensdag|donderdag|vrijdag|zaterdag|zondag)\b|\bmorgen\b")
_DAY = re.compile(r"\b(?P<day>\d{1,2}) (?P<month>januari|februari|maart|april|mei|juni|juli|augustus|september|oktober|november|december)(?: (?P<year>\d{4}))?\b")
_MONTHS = ("januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober", "november", "december")


def _ahead(letter: Letter, text: str) -> bool:
    """Whether what is told in the present tense is dated after the letter: "neemt vrijdag 22 september deel" in one of the 14th."""
    if not letter.meta.date or len(letter.meta.date) < 10 or not _NOW.search(text) or _TOLD.search(text):
        return False
    days = [(m["year"] or letter.meta.date[:4]) + f"-{_MONTHS.index(m['month']) + 1:02}-{int(m['day']):02}" for m in _DAY.finditer(text)]
    return bool(_COMING.search(text)) or (bool(days) and min(days) > letter.meta.date[:10])


def modality(letter: Letter, passage: Passage, text: str, predicate: str) -> Modality:
    """The modality of a fact stated in ``text``, the stretch of the passage around its trigger."""
    if predicate in ("references", "holdsOffice"):
        return "realised"
    if _CALLED_FOR.search(text):
        return "calledFor"
    if _PLANNED.search(text):
        return "planned"
    years = [int(y) for y in _YEAR.findall(text)]
    if letter.meta.date and years and min(years) > int(letter.meta.date[:4]):
        return "planned"
    if predicate not in _ONGOING and _ahead(letter, passage.text):
        return "planned"
    if letter.meta.document_type in ("plans", "written-consultation") and predicate not in _ONGOING \
            and _PRESENT.search(text) and not _YEARLY.search(text) and not re.search(r"\b(?:heeft|hebben|werd|werden|had)\b", text):
        return "planned"
    if letter.meta.document_type == "report" and re.search(r"\borganiseert\b|\borganiseren\b", text) and not _YEARLY.search(text):
        return "planned"
    return "realised"


def negated(text: str) -> bool:
    """Whether a stretch of text denies what it says."""
    return bool(_NEGATED.search(text)) and not re.search(r"niet[- ](?:alleen|slechts|permanente|bindende|statelijke)|niet-", text)
