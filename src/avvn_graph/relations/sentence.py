"""A sentence as a row of pieces: settled mentions, co-ordinated ones joined, and the words between them.

The row is also written as one string in which a piece of kind K at position i stands as ``<Ki>``; the frames of
the lexicon are patterns over that string (a cascade of finite-state steps, after FASTUS, Hobbs et al. 1997).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from avvn_graph.facts import Passage
from avvn_graph.recognition.candidates import Candidate
from avvn_graph.recognition.linking import outermost

# C country, H person, O organisation (A in a frame is any of these, or a mixed group), N nationality, E event, R resolution, M money, P peace mission,
# T treaty, K dossier.
LETTERS = {"country": "C", "person": "H", "organisation": "O", "event": "E", "resolution": "R", "amount": "M",
           "mission": "P", "treaty": "T", "dossier": "K"}
_FILLERS = frozenset((
    "ook", "tevens", "daarnaast", "voorts", "bovendien", "verder", "dan", "er", "eveneens",
    "opnieuw", "wederom", "actief", "nauw", "mede", "zelf", "onlangs", "recent", "recentelijk",
    "reeds", "al", "nogmaals", "namelijk", "specifiek", "bijvoorbeeld", "jaarlijks", "inmiddels", "dus",
    "daarom", "echter", "vervolgens", "tegelijkertijd", "eerder", "nadrukkelijk", "expliciet", "o.a.", "o.m.",
    "ondermeer", "zo", "wel", "respectievelijk", "beiden", "momenteel", "vanzelfsprekend",
    "succesvol", "derhalve", "één",
))
_PHRASES = re.compile(
    r"\b(?:onder meer|onder anderen|onder andere|dit jaar|vorig jaar|dit najaar|het afgelopen jaar|afgelopen jaar|tot slot|met name|in het bijzonder|"
    r"ten slotte|op dit moment|voor de laatste keer|met succes|in dat kader|in dit kader|in VN-verband|"
    r"namens het Koninkrijk(?: der Nederlanden)?|namens Nederland|in oktober|in \d{4}|op \d{1,2} (?:januari|februari|maart|april|mei|juni|juli|"
    r"augustus|september|oktober|november|december)(?: \d{4})?(?: jl\.| j\.l\.| a\.s\.)?|"
    r"(?:in|begin|eind|medio) (?:januari|februari|maart|april|mei|juni|juli|augustus|september|oktober|november|december)(?: \d{4})?(?: jl\.| j\.l\.)?|"
    r"op (?:verschillende|meerdere|diverse|enkele) (?:dagen|momenten)|(?:volgende|vorige|afgelopen|komende) (?:week|maand)|(?:de )?hele week|"
    r"(?:op )?(?:maan|dins|woens|donder|vrij|zater|zon)dag(?:ochtend|middag|avond)?(?: \d{1,2} (?:januari|februari|maart|april|mei|juni|juli|augustus|september|oktober|november|december)(?: \d{4})?)?|"
    r"in het (?:najaar|voorjaar) van \d{4}|sinds (?:begin|eind) \d{4}|zoals gebruikelijk|van dit jaar|dit jaar|per \d{1,2} (?:januari|februari|maart|april|mei|juni|juli|augustus|september|"
    r"oktober|november|december)(?: \d{4})?)(?!\w)", re.I)
_FINITE = frozenset(("was", "waren", "is", "zijn", "vroeg", "vroegen", "nam", "namen", "sprak", "spraken", "had", "heeft", "hebben", "gaf", "benadrukte",
                     "wees", "riep", "stelde", "organiseerde", "presenteerde", "onderstreepte", "noemde", "pleitte", "kondigde", "zegde", "werd", "zal", "zullen", "woont", "woonde", "neemt", "organiseert",
                     "presenteert", "spreekt", "bezoekt", "leidt", "leidde", "kondigt", "opende", "trad", "treedt", "bepleitte", "sloot", "heeft"))
_DETERMINERS = {"de", "het", "een", "'s", "’s"}
_JOINERS = {"en", "alsmede", "alsook", "evenals", "&", "/"}
_SORT = re.compile(r"(?:VN-)?[a-z-]*(?:programma|fonds|organisatie|agentschap|coalitie|bureau|kantoor|ngo|stichting|denktank)")
_WORD = re.compile(r"[\w’'.-]*[\w’']|[^\w\s]")


@dataclass(slots=True)
class Piece:
    """A mention, a group of co-ordinated mentions, or a word; offsets are in the clean text."""

    kind: str
    text: str
    start: int
    end: int
    members: list[Candidate] = field(default_factory=list)
    determined: bool = False
    """Whether an article or demonstrative stood before the mention, and so began its noun phrase."""


@dataclass(slots=True)
class Sentence:
    """A passage ready for the frames: ``row`` is the pattern string, ``pieces[i]`` what ``<Ki>`` stands for."""

    passage: Passage
    pieces: list[Piece]
    row: str

    def members(self, token: str | None) -> list[Candidate]:
        """The mentions behind a token of the row such as ``<A3>``."""
        return self.pieces[int(token[2:-1])].members if token else []

    def of_kind(self, *letters: str) -> list[Piece]:
        """The pieces of some kinds, in text order."""
        return [p for p in self.pieces if p.kind in letters]


def build(passage: Passage, found: Sequence[Candidate], resolve: Callable[[Candidate], list[Candidate]]) -> Sentence:
    """Cut a passage into pieces; ``resolve`` gives what an anaphoric mention stands for (none: it is a word)."""
    text = passage.text
    tops = outermost(c for c in found if not (c.kind == "country" and _inside_event_title(c, found)))
    pieces: list[Piece] = []
    at = 0
    for c in tops:
        if c.start < at:
            continue
        if _in_compound(text, c):
            continue
        pieces += _words(text, at, c.start)
        pieces.append(_piece(c, text, resolve))
        at = c.end
    pieces += _words(text, at, len(text))
    pieces = _pronouns(_consisting(pieces) if "bestaande" in text else pieces, resolve)
    pieces = _clean(pieces)
    pieces = _join(_meetings(pieces))
    row = "".join((f"<{p.kind}{i}> " if p.members else p.text.lower() + " ") for i, p in enumerate(pieces))
    return Sentence(passage, pieces, row)


_COMPOUND = re.compile(r"-(?!lid\b|leden\b|lidstaat|lidstaten|lidmaatschap|voorzitterschap|fonds\b|programma\b|kantoor\b|bondgenootschap\b|operaties?\b|appeal\b|oproep\b)[a-z]")


def _in_compound(text: str, c: Candidate) -> bool:
    """Whether a body's name is only the first part of a longer word ("VN-missies"), which does not act."""
    return c.kind == "organisation" and bool(_COMPOUND.match(text, c.end) or re.match(r"/[A-Z][\w ]{0,20}(?:-[a-z]|[a-z]comité)", text[c.end:]))


def _inside_event_title(c: Candidate, found: Sequence[Candidate]) -> bool:
    return any(e.kind == "event" and e.covers(c) for e in found)


def _piece(c: Candidate, text: str, resolve: Callable[[Candidate], list[Candidate]]) -> Piece:
    members = resolve(c)
    kind = LETTERS[c.kind]
    if c.kind == "country" and c.data.get("form") == "adjective":
        kind = "N"
        colleague = re.match(r"[ ](?:\w+[ ])?(?:collega|ambts?genoot|ambtgenote|ambtscollega|counterpart|evenknie|homoloog)\b", text[c.end:])
        if colleague:  # "zijn Marokkaanse collega" speaks for Morocco
            return Piece("C", text[c.start:c.end + colleague.end()], c.start, c.end + colleague.end(), members)
    return Piece(kind if members else "w", text[c.start:c.end], c.start, c.end, members)


def _words(text: str, start: int, end: int) -> list[Piece]:
    chunk = text[start:end]
    masked = _PHRASES.sub(lambda m: " " * len(m.group()), chunk)
    return [Piece("w", m.group(), start + m.start(), start + m.end()) for m in _WORD.finditer(masked)
            if m.group() != "." or not text[start + m.end():start + m.end() + 3].strip() or text[start + m.end():].lstrip()[:1].isupper()]


def _pronouns(pieces: list[Piece], resolve: Callable[[Candidate], list[Candidate]]) -> list[Piece]:
    out: list[Piece] = []
    skip = False
    person: list[Candidate] = []
    first: list[Candidate] = []
    for n, p in enumerate(pieces):
        if skip:
            skip = False
            continue
        if p.kind == "H" and len(p.members) == 1 and not _with_whom(out):
            person = p.members
            first = first or p.members
        word = p.text.lower()
        following = pieces[n + 1].text.lower() if n + 1 < len(pieces) else ""
        if not p.members and (word in ("ik", "mij", "mijzelf", "mezelf", "ondergetekende") or (word == "ons" and following in ("land", "voorzitterschap", "lidmaatschap"))):
            members = resolve(Candidate("person", p.start, p.end, None, word, 0, {"anaphor": "ik" if word != "ons" else "wij"}))
            if members:
                skip = following == "land"
                out.append(Piece("H" if members[0].kind == "person" else "C", p.text, p.start, pieces[n + 1].end if skip else p.end, members))
            else:
                out.append(p)
        elif not p.members and n == 0 and word in ("deze", "die") and following in _FINITE and (told := resolve(
                Candidate("person", p.start, p.end, None, word, 0, {"anaphor": "hij"}))):
            out.append(Piece("H", p.text, p.start, p.end, told))
        elif not p.members and (word in ("hij", "zij", "ze", "we", "wij") or (word == "hem" and n and pieces[n - 1].text.lower() in ("naast", "met", "door"))):
            members = resolve(Candidate("person", p.start, p.end, None, word, 0, {"anaphor": "hij" if word == "hem" else word}))
            if first and word in ("hij", "zij", "ze") and out and out[-1].text.lower() == "wie":
                person = first  # "X ontmoette Y, met wie hij sprak"
            if person and word in ("hij", "zij", "ze"):  # whoever the sentence itself named last
                members = [Candidate(m.kind, p.start, p.end, m.key, m.label, m.weight, m.data | {"anaphoric": True}) for m in person]
            out.append(Piece("H" if members and members[0].kind == "person" else "C", p.text, p.start, p.end, members) if members else p)
        elif not p.members and word == "beide" and n + 1 < len(pieces) and pieces[n + 1].text.lower() in ("landen", "partijen", "staten"):
            members = resolve(Candidate("country", p.start, pieces[n + 1].end, None, "beide landen", 0, {"anaphor": "both"}))
            if members:
                out.append(Piece("C", "beide landen", p.start, pieces[n + 1].end, members))
                skip = True
            else:
                out.append(p)
        else:
            out.append(p)
    return out


_GROUPS = frozenset(("kerngroep", "groep", "coalitie", "kopgroep", "vriendengroep"))


def _consisting(pieces: list[Piece]) -> list[Piece]:
    """Without the word for a group whose members follow: "ingediend door een kerngroep bestaande uit Brazilië en Canada"."""
    out: list[Piece] = []
    n = 0
    while n < len(pieces):
        words = [q.text.lower() for q in pieces[n + 1:n + 5]]
        at = words.index("bestaande") if "bestaande" in words else -1
        if pieces[n].text.lower() in _GROUPS and at in (0, 2) and words[at + 1:at + 2] == ["uit"]:
            n += at + 3
            if out and out[-1].text.lower() == "een":
                out.pop()
            continue
        out.append(pieces[n])
        n += 1
    return out


def _with_whom(before: Sequence[Piece]) -> bool:
    """Whether the next piece is who someone is with ("met zijn collega X sprak hij"), and so not who "hij" is."""
    return any(p.text.lower() == "met" for p in before[-1:]) or ([p.text.lower() for p in before[-2:]] in (["met", "zijn"], ["met", "haar"]))


def _meetings(pieces: list[Piece]) -> list[Piece]:
    """A group that is organised or chaired is a meeting of it: "de Group of Friends …, georganiseerd door …"."""
    for n, p in enumerate(pieces):
        following = [q.text.lower() for q in pieces[n + 1:n + 3]]
        if p.kind == "O" and len(p.members) == 1 and following[:2] in (["georganiseerd", "door"], ["voorgezeten", "door"]):
            c = p.members[0]
            pieces[n] = Piece("E", p.text, p.start, p.end, [Candidate(
                "event", c.start, c.end, None, f"Bijeenkomst van {c.label}", 0, {"type": "Meeting", "made": f"bijeenkomst-{c.key}".lower()})])
    return pieces


def _clean(pieces: list[Piece]) -> list[Piece]:
    """Without fillers, brackets that name nothing, and determiners before a mention."""
    out: list[Piece] = []
    n = 0
    by = any(p.text == "door" for p in pieces)
    while n < len(pieces):
        p = pieces[n]
        if p.kind == "C" and p.members and n + 1 < len(pieces) and pieces[n + 1].kind == "H" and pieces[n + 1].members:
            out.append(Piece("N", p.text, p.start, p.end, p.members))  # "de Serviër Vuk Jeremić"
            n += 1
            continue
        if not p.members:
            if p.text == "(" and n + 2 < len(pieces) and pieces[n + 2].text == ")" and _told(out, pieces[n + 1]):
                n += 3  # "de resolutie over X (A/RES/77/10)": the number of what was just named
                continue
            if p.text == "(":
                close = next((k for k in range(n, len(pieces)) if pieces[k].text == ")"), None)
                if close is not None and not any(q.members for q in pieces[n:close]):
                    n = close + 1
                    continue
            word = p.text.lower()
            following = pieces[n + 1] if n + 1 < len(pieces) else None
            if by and word == "," and following is not None and (_BY_WHOM.search(" ".join(q.text.lower() if not q.members else "<>" for q in pieces[max(0, n - 6):n]))
                                                          or (out and out[-1].text.lower() == "een" and following.text.lower() == "door")):
                n += 1  # "een, door X georganiseerde, bijeenkomst"
                continue
            if word == "," and "," not in {q.text for q in out} and out and out[-1].members and out[-1].kind in "CHOA" and following is not None \
                    and following.text.lower() in _FINITE and not following.members:
                n += 1  # the comma that closes an apposition: "Minister X van Y, vroeg aandacht"
                continue
            if word in ("deze", "dit", "die") and following is not None and following.kind in "ER" and following.members:
                following.determined = True
                n += 1
                continue
            if word in ("haar", "mijn", "onze", "hun") and following is not None and following.kind == "H" and following.members and (not out or out[-1].text.lower() in ("zowel", ".", ";")):
                n += 1  # "Haar Duitse collega X riep op …"
                continue
            if word in _DETERMINERS and following is not None and following.members:
                following.determined = True
                n += 1
                continue
            if word in _FILLERS or word in "«»“”\"‘’'":
                n += 1
                continue
        out.append(p)
        n += 1
    return out


def _told(before: Sequence[Piece], p: Piece) -> bool:
    """Whether a resolution was named just before, in other words."""
    keys = {c.key for c in p.members if c.kind == "resolution"}
    return bool(keys) and any(c.key in keys for q in before if q.kind == "R" for c in q.members)


def _join(pieces: list[Piece]) -> list[Piece]:
    """Join "A, B en C" (and "A en B") of one kind into one piece; a list without "en" stays apart."""
    out: list[Piece] = []
    n = 0
    both = False
    while n < len(pieces):
        p = pieces[n]
        if not p.members and p.text.lower() == "zowel":
            both = True
            n += 1
            continue
        if not p.members or p.kind not in "CHOANEP":
            out.append(p)
            n += 1
            continue
        k, last, commas = n, n, 0
        after_with = bool(out) and out[-1].text.lower() == "met"
        while True:
            j, joined = k + 1, False
            if j < len(pieces) and pieces[j].text == ",":
                j += 1
            if j < len(pieces) and (pieces[j].text.lower() in _JOINERS or (both and pieces[j].text.lower() == "als")):
                joined, j = True, j + 1
                while (after_with or both) and j < len(pieces) and pieces[j].text.lower() in (",", "met"):
                    j += 1  # "met Turkije en, sinds begin 2017, ook met Koeweit"
                if j + 3 < len(pieces) and pieces[j].text == "," and pieces[j + 1].text.lower() == "namens" and pieces[j + 3].text == ",":
                    j += 4  # "A, B en, namens Curaçao, C"
                elif j + 2 < len(pieces) and pieces[j].text.lower() == "namens" and pieces[j + 1].kind == "C" and pieces[j + 2].kind == "H":
                    j += 2
                if j + 1 < len(pieces) and pieces[j].text.lower() in ("zijn", "haar", "hun", "mijn", "onze", "diens") and pieces[j + 1].kind in "CH" and pieces[j + 1].members:
                    j += 1  # "Minister X en zijn Noorse ambtgenoot Y"
                if j + 1 < len(pieces) and pieces[j + 1].kind == "O" and pieces[j + 1].members and not pieces[j].members and _SORT.fullmatch(pieces[j].text):
                    j += 1  # "Bangladesh en het milieuprogramma UNEP"
                elif j + 2 < len(pieces) and pieces[j].text.lower() in _DETERMINERS and pieces[j + 2].kind == "O" and pieces[j + 2].members and _SORT.fullmatch(pieces[j + 1].text):
                    j += 2
                if j < len(pieces) and pieces[j].text.lower() in ("van", "sinds", "aan", "met"):
                    if pieces[j].text.lower() == "met" and not (after_with or both):
                        break
                    j += 1
            if joined and pieces[j - 1].text.lower() == "evenals" and j < len(pieces) and pieces[j].members and pieces[j].kind != p.kind:
                break  # "lid van de Raad, evenals Peru": beside somebody else of the sentence
            if joined and j < len(pieces) and not pieces[j].members and commas and _OTHERS.match(" ".join(q.text.lower() for q in pieces[j:j + 3])):
                last = k  # "Canada, Duitsland en vijf andere landen"
            if j == k + 1 or j >= len(pieces) or not _alike(pieces[j].kind, p.kind) or not pieces[j].members:
                break
            if joined and p.kind == "H" and pieces[j].kind == "C" and j + 1 < len(pieces) and pieces[j + 1].text.lower() == "door":
                break  # "X was vertegenwoordigd door minister Y en Z door minister W"
            k = j
            commas += 1
            if joined or commas >= 3:  # a list of four needs no "en" to be one
                last = k
        if last > n:
            joint = pieces[n:last + 1]
            kinds = {q.kind for q in joint if q.members}
            out.append(Piece(p.kind if len(kinds) == 1 else "A", " ".join(q.text for q in joint), p.start, pieces[last].end,
                             [m for q in joint for m in q.members], p.determined))
        else:
            out.append(p)
        both = False
        n = last + 1
    return out


_BY_WHOM = re.compile(r"(?<!\S)door (?:\S+ ){0,3}<> (?:\S+ )?(?:ge|be|ver)\w+(?:de|te|en)$")
_OTHERS = re.compile(r"(?:\S+ ){0,2}(?:andere|anderen|overige|landen|lidstaten|partners|organisaties|gelijkgezinden)\b")


def _alike(one: str, other: str) -> bool:
    """Whether two pieces can stand in one list: the same kind, or both agents."""
    return one == other or (one in "CHOA" and other in "CHOA")
