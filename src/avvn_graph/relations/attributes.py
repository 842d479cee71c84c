"""When and where an event took place; when a resolution was adopted and what it is about."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from avvn_graph.facts import Letter, Value
from avvn_graph.recognition.candidates import Candidate
from avvn_graph.relations.dates import Dated, date_value, dates
from avvn_graph.relations.draft import Draft
from avvn_graph.relations.modality import modality
from avvn_graph.relations.sentence import Sentence

_PLACE = re.compile(r"\b(?:in|te) (?P<p>(?:Den |New |San |Sint )?[A-ZÀ-Þ][\w’-]+(?: [A-ZÀ-Þ][\w-]+)?)")
# What is dated here is a paper, not a meeting: "de Kamerbrief van 7 november", "ging u reeds toe op 7 november".
_OF_A_PAPER = re.compile(r"(?:\b(?:[Bb]rief|[Kk]amerbrief|brieven|verslag|rapport|[Mm]otie|Kamerstuk\w*|antwoord\w*|nota|agenda|inzet|toe|toeging|toegegaan|toegezonden|geïnformeerd|gemeld)"
                         r"(?: (?!tijdens|bij|op de)[^\s.;]+){0,5}? (?:van|d\.d\.|op)? ?|\bsinds )$")
# Between a meeting and its own date stands no verb of another doing.
_DATED = re.compile(r"\d|januari|februari|maart|april|mei|juni|juli|augustus|september|oktober|november|december|week|jaar")
_VERB_BETWEEN = re.compile(r"\b(?:ging|gingen|toe|is het|was het|heeft|hebben|had|nam|namen|sprak|werkt|werken|lukte|wil|wilde|vroeg|riep|zal|zullen)\b")
# What something is about follows these; what points back to a subject told before says nothing by itself.
_ABOUT = re.compile(r"\b(?:over|inzake|omtrent|aangaande|betreffende|rond|rondom|ter bestrijding van|ter bevordering van|gericht op|gewijd aan|in het teken van|met als thema)\s+(?:de |het )?[«“‘]?$")
_POINTING = re.compile(r"(?:dit|deze|dat|die|dezelfde|het|de|hun|haar|zijn)\s+(?:onderwerp|onderwerpen|thema|thema’s|kwestie|zaak|problematiek|\w+spoor)\b|(?:dit|deze|dat|die|hun|specifieke|verschillende|diverse)\b|\d")
_STARTS = re.compile(r"\b(?:begint|begon|start|startte|opent|opende|van start|aanvang)\b")


def attributes(index: int, sentence: Sentence, letter: Letter, places: dict[str, str], drafts: Sequence[Draft]) -> Iterator[Draft]:
    """Drafts of dates, places and topics for one sentence; ``drafts`` are the relations found in it."""
    text = sentence.passage.text
    events = [c for p in sentence.of_kind("E") for c in p.members if not c.data.get("anaphoric")]
    told = {d.subject.key for d in drafts if d.subject and d.subject.kind == "event" and d.predicate in ("organisedBy", "attendedBy", "chairedBy", "speaker")}
    found = _dates(text, letter, sentence)
    for d in found:
        event = _dated(text, events, told, d, found)
        if event:
            yield Draft(event, "startDate", date_value(d.first), [index], "attribute.date", 0.8)
            if d.last or len(d.first) == 10:
                yield Draft(event, "endDate", date_value(d.last or d.first), [index], "attribute.date", 0.8)
    for m in _PLACE.finditer(text):
        name = m["p"] if m["p"] in places else m["p"].split()[0]
        event = _placed(text, events, told, m) if name in places else None
        if event:
            yield Draft(event, "place", Value(places[name], "string", "nl"), [index], "attribute.place", 0.8)
    for kind in ("R", "E"):
        for c in (c for piece in sentence.of_kind(kind) for c in piece.members):
            topic = c.data.get("topic")
            if topic and not c.data.get("anaphoric") and (kind == "R" or _is_about(text, c, str(topic))):
                yield Draft(c, "topic", Value(" ".join(str(topic).split()[:20]), "string", "nl"), [index], "attribute.topic", 0.9)
    if "aangenomen" in text or "aanname" in text or any(d.predicate == "adoptedBy" for d in drafts):
        resolutions = [c for p in sentence.of_kind("R") for c in p.members]
        when = [d for d in found if _dated(text, [e for e in events if "assembly" not in e.data], set(), d, found) is None]
        if len({c.key for c in resolutions}) == 1 and when:
            yield Draft(resolutions[0], "adoptionDate", date_value(when[0].first), [index], "attribute.adopted", 0.8)


def _is_about(text: str, event: Candidate, topic: str) -> bool:
    """Whether what names an event says what it is about: "een zitting over X" does, "een zitting van X" or "over dit onderwerp" does not."""
    at = text.find(topic, event.start)
    return at > 0 and bool(_ABOUT.search(text[event.start:at])) and not _POINTING.match(topic)


def _dates(text: str, letter: Letter, sentence: Sentence) -> list[Dated]:
    if not _DATED.search(text):
        return []
    return dates(text, letter, modality(letter, sentence.passage, text, "startDate") == "realised")


def _dated(text: str, events: Sequence[Candidate], told: set[str | None], d: Dated, others: Sequence[Dated]) -> Candidate | None:
    """The event a date belongs to, if any.

    The one whose name holds it; the one it follows or precedes with nothing but its place between; the one the clause
    tells of, when the date opens the clause. A sitting of the Assembly lasts for months and its ministerial week for
    days: a single day in a sentence is not theirs, unless they begin or open on it.
    """
    if _OF_A_PAPER.search(text[max(0, d.start - 70):d.start]) and not re.match(r" (?:tijdens|bij) ", text[d.end:d.end + 9]):
        return None
    within = [e for e in events if e.start <= d.start and d.end <= e.data.get("np_end", e.end)]
    if within:
        return within[-1]
    day = len(d.first) == 10 and not d.last
    able = [e for e in events if "assembly" not in e.data or not day or _STARTS.search(text[e.end:d.end + 20]) or e.data["assembly"] == "algemeen-debat-avvn"]
    before = [e for e in able if e.end <= d.start]
    if before:
        e = before[-1]
        between = text[e.end:d.start]
        near = len(between) < 60 and ";" not in between and ". " not in between and not _VERB_BETWEEN.search(between)
        closer = any(e.end <= o.start < d.start for o in others)
        if near and not closer:
            return e
        if near and "assembly" not in e.data:
            return e
    after = [e for e in able if e.start >= d.end]
    if not after or ";" in text[d.end:after[0].start] or ". " in text[d.end:after[0].start]:
        return None
    main = [e for e in after if e.key in told and "assembly" not in e.data]
    opens = re.fullmatch(r"(?:[^,;]{0,60}, )?(?:Op|In|Begin|Eind|Medio|op|in|van|Van|Tijdens [^,]{3,60}, op)?[ ]?(?:de )?(?:\w+dag )?", text[max(0, d.start - 80):d.start] if d.start < 80 else "x" * 200)
    if opens and main:
        return main[0]
    between = text[d.end:after[0].start]
    return after[0] if len(between) < 70 and not re.search(r",|\bvoorafgaand aan|in aanloop naar|ter voorbereiding", between) else None


def _placed(text: str, events: Sequence[Candidate], told: set[str | None], m: re.Match[str]) -> Candidate | None:
    before = [e for e in events if e.end <= m.start() and len(text[e.end:m.start()]) < 60 and not re.search(r";|\. |\b(?:zal|zullen|heeft|hebben|en)\b", text[e.end:m.start()])]
    if before:
        return before[-1]
    within = [e for e in events if e.start <= m.start() and m.end() <= e.data.get("np_end", e.end)]
    if within:
        return within[-1]
    after = [e for e in events if 0 <= e.start - m.end() < 70]
    main = [e for e in after if e.key in told and "assembly" not in e.data]
    return next(iter(main or after), None)
