"""What a reader keeps in mind from sentence to sentence: who "hij" is, which meeting is being told of."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from avvn_graph.facts import Letter, Passage
from avvn_graph.recognition.candidates import Candidate
from avvn_graph.recognition.linking import LinkedLetter, content_words, letter_year
from avvn_graph.recognition.resolutions import body_of
from avvn_graph.text import short_slug, slug

_YEAR = re.compile(r"\b(20[0-4]\d|19[89]\d)\b")
_ANSWERED = re.compile(r"\b(?:vragen|opmerkingen)\b.*\b(?:beantwoord|geantwoord|antwoordt|beantwoordde|beantwoordt)\b|\b(?:geantwoord|beantwoord)\b.*\bvragen\b", re.S)
_COMPANION = re.compile(r"\b(?:met (?:zijn|haar)|onder (?:leiding|voorzitterschap) van(?: de)?|(?:voorgezeten|geleid|georganiseerd|belegd) door(?: de)?) (?:\w+ )?$")
_GOVERNED = re.compile(r"\b(?:met|door|van|aan|bij|tot|over|namens|naast|voor) (?:(?:de|het|zijn|haar|hun) )?(?:[\w-]+ )?$")
_FOR_THE_STATE = re.compile(r"\b[Nn]amens (?:Nederland|het Koninkrijk|het kabinet|de regering)\b")
_THIS_ONE = re.compile(r"\b(?:[Dd]eze|[Dd]ie) (?:eerste |nieuwe |jaarlijkse |tweejaarlijkse |laatste )?$")
_SITTINGS = ("Session", "Debate")
"""Types that only a sitting or debate told before can be spoken of as."""
DELIBERATE = {"AVVN", "VNVR", "HRC", "WHO", "WHA", "UNESCO", "IAEA", "UNEA"}


@dataclass(slots=True)
class KnownResolution:
    """A resolution of this letter: its key and the words that tell what it is about."""

    candidate: Candidate
    words: frozenset[str]
    year: str | None


@dataclass(slots=True)
class State:
    """The discourse so far. ``events`` are those being told of, set in passage ``events_at``."""

    letter: Letter
    linked: LinkedLetter
    paragraph: int = -1
    opens_paragraph: bool = False
    """Whether the sentence is the first of its paragraph."""
    events: list[Candidate] = field(default_factory=list)
    events_at: int = -1
    events_paragraph: int = -1
    signer: Candidate | None = None
    person: Candidate | None = None
    minister: Candidate | None = None
    pair: list[Candidate] = field(default_factory=list)
    organisation: Candidate | None = None
    treaty: Candidate | None = None
    mission: Candidate | None = None
    mission_paragraph: int = -1
    resolution: Candidate | None = None
    resolution_paragraph: int = -1
    resolutions: list[KnownResolution] = field(default_factory=list)
    assembly: Candidate | None = None
    sitting: Candidate | None = None
    """The session of a body named last."""
    body: Candidate | None = None
    """The deliberating body (Assembly, Council) named last."""
    opening: tuple[int, list[Candidate]] | None = None
    """The sentence that opened the list being read, and who it says contributes."""

    def __post_init__(self) -> None:
        """Who "ik" is: the one minister who signs the letter or, in a consultation, who is said to answer."""
        signers = {c.key: c for passage, found in zip(self.linked.passages, self.linked.mentions, strict=True) if passage.kind == "signature"
                   for c in found if c.kind == "person" and c.key and "anaphor" not in c.data}
        for passage, found in zip(self.linked.passages, self.linked.mentions, strict=True) if not signers else ():
            if _ANSWERED.search(passage.text):
                signers |= {c.key: c for c in found if c.kind == "person" and c.key and (entry := self.linked.persons.get(c.key)) and entry.minister}
        self.signer = next(iter(signers.values())) if len(signers) == 1 else None

    # -- what an anaphor stands for --------------------------------------------------------------------------------
    def resolve(self, passage: Passage, c: Candidate, group: bool = False) -> list[Candidate]:
        """The mentions a candidate stands for: itself, its antecedents, or none."""
        anaphor = c.data.get("anaphor")
        if c.kind == "resolution":
            return self._resolution(passage, c)
        if c.key and not anaphor:
            return [*c.data.get("with", ()), c]
        found: list[Candidate | None]
        if anaphor == "minister":
            found = [self.minister]
        elif anaphor in ("hij", "ze", "zij", "person"):
            found = [] if passage.speaker not in (None, "kabinet") else [self.minister if self.minister and _FOR_THE_STATE.search(passage.text) else self.person]
            if anaphor == "person" and (self.person is None or str(c.data.get("title", "")).lower() not in
                                        self._titles(self.person)):
                found = []
        elif anaphor == "ik":
            found = [self.signer] if passage.speaker in (None, "kabinet") else []
        elif anaphor == "both":
            return list(self.pair)
        elif anaphor in ("we", "wij"):
            found = [Candidate("country", c.start, c.end, "NL", "Nederland")] if passage.speaker in (None, "kabinet") else []
        elif anaphor == "event":
            alike = [e for e in self.events if c.data.get("type") not in _SITTINGS or e.data.get("type") == c.data.get("type") or str(c.data.get("head")) in e.label.lower()]
            if not alike and self.sitting is not None and c.data.get("head") in ("zitting", "sessie") and not c.data.get("pre"):
                return [_moved(self.sitting, c)]
            if self.events and not alike:  # "de zitting" after a meeting that is none: another one
                c.key = f"{slug(str(c.data.get('head') or c.label))}-{self.letter.meta.slug}-{passage.paragraph}"
                c.data = {k: v for k, v in c.data.items() if k != "anaphor"}
                return [c]
            return [_moved(e, c) for e in alike]
        elif c.data.get("unnamed"):
            beside = [o for other in c.data.get("with", ()) for o in self.resolve(passage, other)]
            c.key, c.label = _office_key(c, self.linked)
            return [*beside, c]
        else:
            found = []
        return [_moved(f, c) for f in found if f is not None]

    def _titles(self, person: Candidate) -> set[str]:
        entry = self.linked.persons.get(person.key or "")
        return entry.titles if entry else set()

    def _resolution(self, passage: Passage, c: Candidate) -> list[Candidate]:
        if c.key:
            if not any(k.candidate.key == c.key for k in self.resolutions) or c.data.get("topic"):
                self.resolutions.append(KnownResolution(c, content_words(c.data.get("topic") or ""), c.data.get("year")))
            return [c]
        if c.data.get("bare") in ("deze", "die"):
            here = [o for o in self.linked.mentions[self.linked.passages.index(passage)] if o.kind == "resolution" and o.key and o.end <= c.start]
            if here:
                return [_moved(here[-1], c)]
        if "bare" in c.data:
            if c.data["bare"] == "een" or self.resolution is None:
                return [self._new(passage, c, c.label)]
            return [_moved(self.resolution, c)]
        if self.resolution is not None and self.resolution_paragraph == self.paragraph and _THIS_ONE.search(passage.text[:c.start]):
            return [_moved(self.resolution, c)]
        words = content_words(c.data.get("title") or c.data.get("topic") or c.label)
        for known in reversed(self.resolutions):
            if known.words and words and (known.words == words or (min(len(words), len(known.words)) > 1 and (words <= known.words or known.words <= words))):
                return [_moved(known.candidate, c)]
        return [self._new(passage, c, c.data.get("title") or c.data.get("topic") or c.label)]

    def _new(self, passage: Passage, c: Candidate, about: str) -> Candidate:
        year = _YEAR.search(passage.text)
        c.data["year"] = year[1] if year else None  # an attribute only when the text states it
        when = year[1] if year else str(letter_year(self.letter) or "")
        body = c.data.get("body") or self._body(passage)
        c.data["body"] = body
        about = "" if "bare" in c.data else about
        stem = [body.lower()] if body else ["resolutie"]
        c.key = "-".join([*stem, when, short_slug(about, 8) or str(passage.start)]).strip("-")
        c.data["fresh"] = True
        self.resolutions.append(KnownResolution(c, content_words(about), c.data["year"]))
        return c

    def _body(self, passage: Passage) -> str | None:
        named = body_of(passage.text.split("esolutie")[0][-20:])
        if named:
            return named
        index = self.linked.passages.index(passage)
        for found in (self.linked.mentions[index],):
            for c in found:
                if c.kind == "organisation" and c.key in DELIBERATE:
                    return c.key
                if c.kind == "organisation" and c.key and "ommissie" in c.label and re.search(r"(?i)eerste|tweede|derde|vierde|vijfde|zesde", c.label):
                    return "AVVN"
        return None

    # -- going on to the next sentence -----------------------------------------------------------------------------
    def enter(self, passage: Passage) -> None:
        """Begin a sentence; a new paragraph ends what only holds inside one."""
        self.opens_paragraph = passage.paragraph != self.paragraph
        if self.opens_paragraph:
            self.paragraph = passage.paragraph
            self.pair = []

    def remember(self, text: str, found: list[Candidate]) -> None:
        """Take in the mentions of a sentence, in text order; ``text`` is the sentence."""
        free = any(c.kind == "person" and c.key and not _GOVERNED.search(text[:c.start]) for c in found)
        for c in found:
            if c.kind == "person" and _GOVERNED.search(text[:c.start]) and (free or (_COMPANION.search(text[:c.start]) and self.person is not None)):
                continue  # whom something is done by or with is not who does the next thing
            if c.kind == "person" and c.key and "anaphor" not in c.data and not c.data.get("bare_signature"):
                self.person = c
                entry = self.linked.persons.get(c.key)
                if entry and (entry.minister or any("minister" in t or "staatssecretaris" in t for t in entry.titles)):
                    self.minister = c
            elif c.kind == "organisation" and c.key:
                self.organisation = c
                if c.key in DELIBERATE:
                    self.body = c
            elif c.kind == "event" and c.key and "anaphor" not in c.data and c.data.get("type") in ("Session", "AssemblySession"):
                self.sitting = c
            elif c.kind == "treaty" and c.key:
                self.treaty = c
            elif c.kind == "mission" and c.key:
                self.mission, self.mission_paragraph = c, self.paragraph
            elif c.kind == "resolution" and c.key:
                self.resolution, self.resolution_paragraph = c, self.paragraph


def _moved(c: Candidate, to: Candidate) -> Candidate:
    """The same entity at another place of the text."""
    return Candidate(c.kind, to.start, to.end, c.key, c.label, c.weight, c.data | {"anaphoric": True})


def _office_key(c: Candidate, linked: LinkedLetter) -> tuple[str, str]:
    text = str(c.data["office_text"])
    of = c.data.get("of")
    if of and not str(of).startswith("org:") and of != "NL" and c.data.get("adjective"):
        text = re.sub(r"^\S+ ", "", text)
        c.data["suffix"] = of
    return short_slug(f"{text} {of or ''}" if c.data.get("suffix") else text, 12), text
