"""Who holds which office, and which papers a letter refers to."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from avvn_graph.recognition.candidates import Candidate
from avvn_graph.relations.draft import Draft
from avvn_graph.text import slug

_BARE = {"minister", "ministers", "staatssecretaris", "collega", "lid", "leden", "de heer", "mevrouw", "voorzitter", "president van de vorige"}


_PLURAL = re.compile(r"(?i)\b(minister-president|president|minister|staatssecretaris|premier)(?:en|sen|s)(?= (?:van|voor)\b|$)")


def offices(index: int, found: list[Candidate], country_name: dict[str, str]) -> Iterator[Draft]:
    """A Draft of ``holdsOffice`` for each person introduced with an office that says what of."""
    for c in found:
        text = str(c.data.get("office_text") or "").strip(" ,")
        if c.kind != "person" or not c.key or not c.data.get("name") or not c.data.get("office") or not text:
            continue
        of = c.data.get("of")
        if not of and _PLURAL.fullmatch(text):  # "de presidenten A van X en B van Y"
            of = next((o.key for o in found if o.kind == "country" and o.key and o.start - c.end in (len(" van "), len(" van de "))), None)
            if of is None:
                continue
        text = _PLURAL.sub(r"\1", text)
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


_AS_HEAD = re.compile(r"[ ]als[ ](?P<post>(?:hoofd|directeur|voorzitter|voorzitster|secretaris-generaal|hoogste baas)[ ]van[ ](?:de[ ]|het[ ])?[A-ZÀ-Þ][\w-]*(?:[ ](?:van|voor|of|en)[ ](?:de[ ]|het[ ])?[A-ZÀ-Þ][\w-]*|[ ][A-ZÀ-Þ][\w-]*)*)")


def capacities(index: int, text: str, found: list[Candidate]) -> Iterator[Draft]:
    """A Draft of ``holdsOffice`` for "X als hoofd van Y"."""
    for c in found:
        m = _AS_HEAD.match(text, c.end) if c.kind == "person" and c.key and "anaphor" not in c.data else None
        if m:
            label = m["post"][0].upper() + m["post"][1:]
            yield Draft(c, "holdsOffice", Candidate("post", m.start("post"), m.end(), "-".join(slug(label).split("-")[:16]), label), [index], "office.capacity", 0.85)


def bare_offices(drafts: Sequence[Draft], titles: dict[str, tuple[int, Candidate]], full: dict[str, tuple[int, Candidate]],
                 country_name: dict[str, str], dutch: set[str]) -> list[Draft]:
    """Who is only ever "Minister X" holds that office, with the field that the letter gives it elsewhere, or without one.

    ``titles`` has the first mention of each person with a title, ``full`` the first by an office with its field alone
    ("de Minister voor …"), ``dutch`` those who held a Dutch office.
    """
    told = {d.subject.key for d in drafts if d.predicate == "holdsOffice" and d.subject}
    made = []
    for key, (index, c) in sorted(titles.items()):
        title = str(c.data["title"])
        if key in told or not c.data.get("name") or slug(title) not in ("minister", "ministers", "staatssecretaris", "staatssecretarissen"):
            continue
        label = {"ministers": "Minister", "staatssecretarissen": "Staatssecretaris"}.get(title.lower(), title[0].upper() + title[1:])
        of = str(c.data.get("of") or ("NL" if key in dutch else ""))
        if not of:
            continue  # whose minister the letter does not say
        if key in full and of == "NL":
            at, office = full[key]
            label = str(office.data["office_text"]).strip()
            label = label[0].upper() + label[1:]
            made.append(Draft(c, "holdsOffice", Candidate("post", c.start, c.end, "-".join(slug(label).split("-")[:16]), label), [index, at], "office.title", 0.8, "realised"))
            continue
        label = f"{label} van {country_name.get(of, of)}"
        made.append(Draft(c, "holdsOffice", Candidate("post", c.start, c.end, slug(label), label), [index], "office.title", 0.8, "realised"))
    return made


def references(index: int, found: list[Candidate]) -> Iterator[Draft]:
    """A Draft of ``references`` for each paper that the letter names."""
    for c in found:
        if c.kind == "dossier":
            yield Draft(None, "references", c, [index], "dossier.reference", 0.99)
