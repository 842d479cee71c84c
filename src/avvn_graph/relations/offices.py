"""Who holds which office, and which papers a letter refers to."""

from __future__ import annotations

import re
from collections.abc import Iterator

from avvn_graph.recognition.candidates import Candidate
from avvn_graph.relations.draft import Draft
from avvn_graph.text import slug

_BARE = {"minister", "ministers", "staatssecretaris", "collega", "lid", "leden", "de heer", "mevrouw", "voorzitter", "president van de vorige"}


def offices(index: int, found: list[Candidate], country_name: dict[str, str]) -> Iterator[Draft]:
    """A Draft of ``holdsOffice`` for each person introduced with an office that says what of."""
    for c in found:
        text = str(c.data.get("office_text") or "").strip(" ,")
        if c.kind != "person" or not c.key or not c.data.get("name") or not c.data.get("office") or not text:
            continue
        of = c.data.get("of")
        if slug(text) in {slug(b) for b in _BARE} and not of:
            continue
        if slug(text).startswith(("minister", "staatssecretaris", "premier", "president")) and of and not str(of).startswith("org:"):
            name = country_name.get(of, of)
            if c.data.get("adjective"):
                text = text.split(" ", 1)[1]
            if slug(name) not in slug(text):
                text = f"{text} van {name}"
        label = text[0].upper() + text[1:]
        yield Draft(c, "holdsOffice", Candidate("post", c.start, c.end, "-".join(slug(label).split("-")[:16]), label), [index],
                    "office.apposition", 0.93)


# "is aangetreden als …", "werd benoemd tot …", "in haar hoedanigheid van …": an office told by the verb, not by a title.
_TAKES_OFFICE = re.compile(
    r"\b(?:(?:aangetreden|aangesteld|verkozen|gekozen|beëdigd|benoemd|geïnstalleerd)[ ](?:als|tot)"
    r"|in[ ](?:zijn|haar)[ ](?:hoedanigheid|functie|rol)[ ](?:van|als))[ ](?:(?:de|het|een|nieuwe)[ ]){0,2}(?P<post>[A-ZÀ-Þa-z][^,.;:»]{4,110})")


def appointments(index: int, text: str, found: list[Candidate]) -> Iterator[Draft]:
    """A Draft of ``holdsOffice`` for a person of whom the sentence tells the office with a verb."""
    for m in _TAKES_OFFICE.finditer(text):
        before = [c for c in found if c.kind == "person" and c.key and c.end <= m.start() and "anaphor" not in c.data]
        label = m["post"].strip()
        if before and (label[0].isupper() or m.group().startswith("in ")):
            label = label[0].upper() + label[1:]
            yield Draft(before[-1], "holdsOffice", Candidate("post", m.start("post"), m.end(), "-".join(slug(label).split("-")[:16]), label),
                        [index], "office.appointment", 0.85)


def references(index: int, found: list[Candidate]) -> Iterator[Draft]:
    """A Draft of ``references`` for each paper that the letter names."""
    for c in found:
        if c.kind == "dossier":
            yield Draft(None, "references", c, [index], "dossier.reference", 0.99)
