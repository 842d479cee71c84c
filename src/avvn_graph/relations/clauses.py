"""Clauses of a Dutch sentence: which words and mentions belong together, and what each mention is to its clause.

Dutch puts the finite verb second in a main clause and last in a subordinate one, splits separable verbs around the
rest, and lets almost any constituent stand first; so who does what is told less by order than by prepositions, by the
passive, and by where clauses begin and end. A clause here is a list of pieces (relations/sentence.py) with, for each
mention, the preposition that governs it. Relative pronouns stand for their antecedent.

The splitter is a stack machine over the pieces, after the shallow clause identification of the CoNLL-2001 shared task
(Tjong Kim Sang and Déjean 2001): a pronoun or subordinator opens a clause, the comma behind its verb closes it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise

from avvn_graph.relations.sentence import LETTERS, Piece

PREPOSITIONS = frozenset((
    "aan", "bij", "door", "in", "met", "naar", "namens", "naast", "op", "over", "tegen", "tijdens", "tot", "tussen", "uit", "van", "via",
    "voor", "gedurende", "onder", "binnen", "rond", "na", "middels", "inzake", "jegens", "per", "sinds", "vanuit", "behalve", "behoudens",
    "zonder", "evenals", "ondanks", "vanwege", "wegens", "volgens", "om", "richting", "als"))
_AUXILIARIES = frozenset((
    "is", "zijn", "was", "waren", "wordt", "worden", "werd", "werden", "heb", "heeft", "hebben", "had", "hadden", "zal", "zullen", "zou", "zouden",
    "kan", "kon", "kunnen", "konden", "wil", "willen", "wilde", "wilden", "moet", "moeten", "moest", "moesten", "mag", "mogen", "mocht", "gaat", "gaan",
    "blijft", "bleef", "blijven", "bleven", "ben", "laat", "liet", "lieten"))
_SUBORDINATORS = frozenset((
    "omdat", "nadat", "terwijl", "toen", "zodat", "hoewel", "waarna", "doordat", "voordat", "zodra", "opdat", "wanneer", "indien", "mits", "tenzij",
    "aangezien", "waardoor", "waarom", "hoe", "of", "zoals", "al"))
_RELATIVE_ADVERB = re.compile(r"waar(in|bij|mee|aan|voor|van|over|op|door|naar|uit|toe|tegen|tijdens|tussen|onder)?")
_ARTICLES = frozenset(("de", "het", "een", "deze", "dit", "hun", "onze", "mijn", "geen"))
_ADVERB_PREPOSITION = {"mee": "met", "toe": "tot", None: "waar"}
_BEFORE_COMPLEMENT = frozenset(("feit", "duidelijk", "verheugd", "mening", "hoop", "oog", "weten", "zeggen", "benadrukken", "aangeven", "nodig", "goed", "op", "aan", "erop", "eraan", "ervan", "ertoe"))
_PRONOUN_ADVERB = re.compile(r"(?:daar|hier|er)(in|bij|mee|aan|voor|van|over|op|door|naar|uit|toe|tegen)")
_MONTHS = frozenset(("januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober", "november", "december"))
_INTENTIONS = frozenset(("inzet", "ambitie", "voornemen", "doel", "wens", "streven", "intentie", "plan"))
_BEFORE_ARTICLE = frozenset(("onder", "andere", "anderen", "meer", "name", "zowel", "vooral", "bijvoorbeeld", "al", "heel", "alleen", "zelfs", "juist", "samen", "beide", "als", "van"))
_ROLES = frozenset(("lidmaatschap", "voorzitterschap", "covoorzitterschap", "gastheerschap", "toespraak", "speech", "rede", "slotrede", "openingsrede", "keynote", "verklaring", "zetel"))
"""What somebody has, holds or delivers: "de toespraak die X hield", "het lidmaatschap dat Y bekleedde"."""
_ASKS = frozenset(("verzocht", "verzochten", "verzoekt", "verzoeken", "vroeg", "vroegen", "vraagt", "vragen", "gevraagd", "nodigde", "nodigden", "nodigt", "uitgenodigd", "opgeroepen", "riep", "riepen", "roept"))
NOMINATIVE = frozenset(("ik", "hij", "wij", "we", "zij", "ze"))


@dataclass(slots=True)
class Part:
    """A mention in a clause: its piece, the preposition that governs it (None when bare), the noun the preposition hangs on,
    the words between preposition and mention, and the word behind the mention. A relative pronoun has, nearest first,
    the mentions that it may look back to."""

    piece: Piece
    preposition: str | None
    head: str | None = None
    between: tuple[str, ...] = ()
    following: str = ""
    options: tuple[Piece, ...] = ()
    attributive: bool = False
    """Agent of a participle before a noun: "de door X voorgezeten Y"."""

    @property
    def anaphor(self) -> bool:
        """Whether this is a relative pronoun."""
        return bool(self.options)

    def as_kind(self, kinds: str) -> Piece | None:
        """The piece, when it is of one of some kinds; of a pronoun the nearest antecedent that is."""
        if self.options:
            for q in self.options:
                if q.kind in kinds:
                    return q
                if q.kind in "ER":
                    return None  # a pronoun behind a meeting or resolution looks no further back
            return None
        mixed = self.piece.kind == "A" and any(LETTERS[c.kind] in kinds for c in self.piece.members)
        return self.piece if mixed or self.piece.kind in kinds else None


@dataclass(slots=True)
class Clause:
    """Pieces that belong to one verb. ``link`` is what opened it: "main", "relative", "participle", "om", a subordinator or "en"."""

    link: str = "main"
    parent: Clause | None = None
    antecedents: tuple[Piece, ...] = ()
    relative: str | None = None
    """The preposition of the relative pronoun; "" for a bare one, "waar" for a place."""
    antecedent: str = ""
    """The noun without a mention that a relative pronoun looks back to: "het lidmaatschap dat …"."""
    pieces: list[Piece] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    particles: set[str] = field(default_factory=set)
    """Words that can be the separated part of a verb: no preposition of what follows."""
    inverted: Part | None = None
    """The agent behind the verb where something else than an agent opens the clause: "op die top zegde X toe"."""
    _text: str = ""
    """``text``, kept once the clause is whole."""

    @property
    def text(self) -> str:
        """The words and mentions of the clause, lower-case."""
        return self._text or " ".join(p.text.lower() for p in self.pieces)

    def bare(self, kinds: str) -> list[Part]:
        """The parts without a preposition of some kinds."""
        return [p for p in self.parts if p.preposition is None and p.as_kind(kinds)]

    def subject(self, kinds: str = "ACHO") -> Part | None:
        """Who does it: a pronoun in the nominative, else the first bare agent, else that of the clause it leans on."""
        bare = self.bare(kinds)
        if self.inverted is not None and self.inverted in bare:
            return self.inverted
        nominative = [p for p in bare if p.piece.text.lower() in NOMINATIVE]
        if nominative or bare:
            return (nominative or bare)[0]
        if self.link in ("en", "om", "te") and self.parent:
            above = self.parent.subject(kinds)
            if self.link != "en" and _ASKS & set(self.parent.words):  # "X verzocht Y om …": Y is to do it
                asked = [p for p in self.parent.bare(kinds) if p is not above]
                return asked[0] if asked else above
            if above is None and self.link == "om":  # "de inzet van X is om …"
                above = next((p for p in self.parent.parts if p.preposition == "van" and p.head in _INTENTIONS and p.as_kind(kinds)), None)
            return above
        return None


def split(pieces: Sequence[Piece], finite: frozenset[str], participles: frozenset[str]) -> list[Clause]:
    """The clauses of a row of pieces, in the order in which they begin; ``finite`` and ``participles`` are verb forms."""
    splitter = _Splitter(pieces, finite, participles)
    splitter.run()
    clauses = [c for c in splitter.clauses if c.pieces]
    for clause in clauses:
        _parts(clause, splitter.verbs)
    return clauses


@lru_cache(maxsize=4)
def _forms(finite: frozenset[str], participles: frozenset[str]) -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    """Finite forms, participles and both, without what is a preposition too ("uit" is a form of "uiten")."""
    finite, participles = (finite | _AUXILIARIES) - PREPOSITIONS, participles - PREPOSITIONS
    return finite, participles, finite | participles


class _Splitter:
    def __init__(self, pieces: Sequence[Piece], finite: frozenset[str], participles: frozenset[str]) -> None:
        self.pieces = pieces
        self.words = ["" if p.members else p.text.lower() for p in pieces]
        self.finite, self.participles, self.verbs = _forms(finite, participles)
        self.stack = [Clause()]
        self.clauses = [self.stack[0]]
        self.bracketed: Clause | None = None

    def run(self) -> None:
        i = 0
        while i < len(self.pieces):
            i = self._step(i)

    def _word(self, i: int) -> str:
        return self.words[i] if i < len(self.words) else ""

    def _open(self, clause: Clause, keep: bool = True) -> None:
        if not keep:
            self.stack.pop()
        self.stack.append(clause)
        self.clauses.append(clause)

    def _has_verb(self) -> bool:
        pieces = self.stack[-1].pieces
        return any(not p.members and (word := p.text.lower()) in self.verbs and not (word == "zijn" and n and pieces[n - 1].text.lower() in PREPOSITIONS)
                   and not (n > 1 and pieces[n - 1].members and pieces[n - 2].text.lower() == "door")
                   for n, p in enumerate(pieces))  # "met zijn ambtgenoot" has no verb, "de door X belegde top" none that is finite

    def _antecedents(self) -> tuple[Piece, ...]:
        """The mentions that a relative pronoun here may look back to, nearest first."""
        return tuple(p for p in reversed(self.stack[-1].pieces[-16:]) if p.members and p.kind != "N")

    def _step(self, i: int) -> int:
        p, w = self.pieces[i], self._word(i)
        if w in (".", ";", "!", "?", ":") or (w in ("–", "-") and self._spaced(i)):
            self.stack = [Clause(link="main", parent=self.clauses[-1] if w in (";", ":", "–", "-") else None)]
            self.clauses.append(self.stack[0])
            return i + 1
        comma = w == ","
        at = i + 1 if comma else i
        if w in ("en", "maar") and self.stack[-1].link == "relative" and _RELATIVE_ADVERB.fullmatch(self._word(i + 1)) and self._word(i + 1) != "waar":
            before = self.stack.pop()  # "die in mei plaatsvond en waarvan X gastheer was": both look back to the same
            if not self.stack:
                self.stack = [Clause()]
                self.clauses.append(self.stack[0])
            adverb = _RELATIVE_ADVERB.fullmatch(self._word(i + 1))
            assert adverb
            self._open(Clause("relative", self.stack[-1], before.antecedents, _ADVERB_PREPOSITION.get(adverb[1], adverb[1] or "waar")))
            return i + 2
        relative = self._relative(at, comma)
        if relative is not None:
            preposition, length, antecedent = relative
            if comma and len(self.stack) > 1 and self._has_verb():
                self.stack.pop()
            noun = self._word(at - 1) if at and not antecedent else ""
            self._open(Clause("relative", self.stack[-1], antecedent, preposition, noun))
            return at + length
        word = self._word(at)
        if word in _SUBORDINATORS and (comma or at == 0 or word not in ("of", "al", "toen", "zoals", "hoe")):
            if comma and len(self.stack) > 1 and self._has_verb():
                self.stack.pop()
            self._open(Clause(word, self.stack[-1]))
            return at + 1
        if word == "dat" and not self._is_determiner(at):
            self._open(Clause("dat", self.stack[-1]))
            return at + 1
        if word == "om" and self._te_follows(at):
            self._open(Clause("om", self.stack[-1]))
            return at + 1
        if word in ("en", "maar") and self._new_clause(at + 1):
            before = self.stack[-1]
            shared = self._word(at + 1) in self.finite or (before.link == "relative" and self._no_subject_before_verb(at + 1))
            self._open(Clause("en" if shared else "main", before, before.antecedents if before.link == "relative" and shared else (),
                              before.relative if before.link == "relative" and shared else None), keep=False)
            return at + 1
        if w == "(" and self._participial(i + 1):
            self._open(Clause("participle", self.stack[-1], self._antecedents(), ""))
            self.bracketed = self.stack[-1]
            return i + 1
        if w == ")" and self.stack[-1] is self.bracketed:
            self.stack.pop()
            return i + 1
        if comma and len(self.stack) == 1 and self._has_verb() and at < len(self.pieces) and self.pieces[at].members and self._new_clause(at):
            self._open(Clause("main", self.stack[-1]), keep=False)  # "X stemde tegen, Y onthield zich"
            return at
        if comma:
            if self._participial(at):
                self._open(Clause("participle", self.stack[-1], self._antecedents(), ""))
                return at
            if len(self.stack) > 1 and (self._has_verb() or self._word(at) in self.finite):
                self.stack.pop()
            elif self._te_follows(at) and self._speech_before():
                self._open(Clause("te", self.stack[-1]))
            else:
                self.stack[-1].pieces.append(p)
            return at
        if w in self.finite and len(self.stack) > 1 and self.stack[-1].link not in ("en", "participle") and self._verb_is_over():
            self.stack.pop()  # "de som die Kenia bijdraagt aan X is bestemd …": a subordinate clause has one verb cluster
        self.stack[-1].pieces.append(p)
        return i + 1

    def _verb_is_over(self) -> bool:
        """Whether the clause has a finite verb and has gone on to something else since."""
        pieces = self.stack[-1].pieces
        return self._has_verb() and bool(pieces) and not (not pieces[-1].members and pieces[-1].text.lower() in self.verbs | {"te"})

    def _spaced(self, i: int) -> bool:
        """Whether a dash stands free, and is not that of "2014–2017" or "motie-X"."""
        before = self.pieces[i - 1].end if i else -1
        after = self.pieces[i + 1].start if i + 1 < len(self.pieces) else self.pieces[i].end + 1
        return before < self.pieces[i].start and after > self.pieces[i].end

    def _relative(self, i: int, comma: bool) -> tuple[str, int, tuple[Piece, ...]] | None:
        word, following = self._word(i), self._word(i + 1)
        if word in ("die", "dat") and i and self._word(i - 1) in _ROLES:
            return "", 1, ()
        antecedent = self._antecedents()
        if not antecedent:
            return None
        if word in ("die", "dat"):
            if self._is_determiner(i):
                return None
            before = self.stack[-1].pieces[-1] if self.stack[-1].pieces else None
            near = before is not None and (bool(before.members) or comma or (word == "die") or before.text.lower() not in self.verbs)
            complement = word == "dat" and before is not None and not before.members and not comma and (
                before.text.lower() in self.verbs or before.text.lower() in _BEFORE_COMPLEMENT or not set("EROT") & {q.kind for q in self.stack[-1].pieces[-6:] if q.members})
            return ("", 1, antecedent) if near and not complement else None
        adverb = _RELATIVE_ADVERB.fullmatch(word)
        if adverb and (comma or self.stack[-1].pieces):
            return _ADVERB_PREPOSITION.get(adverb[1], adverb[1] or "waar"), 1, antecedent
        if word in PREPOSITIONS and following in ("wie", "welke"):
            return word, 2, antecedent
        return None

    def _is_determiner(self, i: int) -> bool:
        """Whether "die" or "dat" belongs to the noun behind it ("die resolutie", "dat het fonds" is none)."""
        if i and self._word(i - 1) in PREPOSITIONS and self._word(i - 1) not in ("om", "als"):
            return True  # "bij die gelegenheid"
        return self._word(i) == "die" and i + 1 < len(self.pieces) and bool(self.pieces[i + 1].members) and self.pieces[i + 1].kind in "ER"

    def _new_clause(self, i: int) -> bool:
        """Whether "en" is followed by a clause: a verb at once, or a verb soon while the one before has its own."""
        if self._word(i) in self.finite:
            return True
        if not self._has_verb():
            return False
        for k in range(i, min(i + 6, len(self.pieces))):
            if self._word(k) in (",", ".", ";", "en"):
                return False
            if self._word(k) in self.finite and self._word(k - 1) not in _ARTICLES:  # "de steun" is a noun
                return not (self._word(k) in self.participles and self._waits())
        return False

    def _waits(self) -> bool:
        """Whether an auxiliary of the clause has no participle yet: "heeft in de druk op X, en in de steun voor Y onderstreept"."""
        own = [p.text.lower() for p in self.stack[-1].pieces if not p.members]
        return any(w in _AUXILIARIES for w in own) and not any(w in self.participles for w in own)

    def _no_subject_before_verb(self, i: int) -> bool:
        """Whether only words stand between "en" and the verb: "die is opgericht en sinds juli wordt voorgezeten door …"."""
        if self._word(i) not in PREPOSITIONS and self._word(i) not in ("thans", "sindsdien", "later", "nu", "jaarlijks"):
            return False
        for k in range(i, min(i + 6, len(self.pieces))):
            if self.pieces[k].members:
                return False
            if self._word(k) in self.finite:
                return True
        return False

    def _participial(self, i: int) -> bool:
        """Whether what follows a comma is a participle with what belongs to it: ", in maart georganiseerd door …".

        Not while an auxiliary still waits for its own: "heeft in de Raad, en in New York, het belang onderstreept".
        """
        if self._waits():
            return False
        for k in range(i, min(i + 12, len(self.pieces))):
            word = self._word(k)
            if word in (",", ".", ";", ")", "dat", "die") or word in self.finite - self.participles:
                return False
            if word in self.participles:
                following = self._word(k + 1)
                return following not in self.finite
        return False

    def _te_follows(self, i: int) -> bool:
        for k in range(i, min(i + 30, len(self.pieces))):
            if self._word(k) in (".", ";"):
                return False
            if self._word(k) == "te":
                return True
        return False

    def _speech_before(self) -> bool:
        return bool(re.search(r"\b(?:aangekondigd|besloten|toegezegd|beloofd|voornemens|verzocht|opgeroepen|kondigde|besloot|beloofde|verzocht|gevraagd|bereid|op|aan|toe)$",
                              self.stack[-1].text))


def _parts(clause: Clause, verbs: frozenset[str]) -> None:
    if clause.antecedents and clause.relative is not None:
        clause.parts.append(Part(clause.antecedents[0], clause.relative or None, options=clause.antecedents))
    pieces = clause.pieces
    for k, p in enumerate(pieces):
        following = "" if k + 1 >= len(pieces) or pieces[k + 1].members else pieces[k + 1].text.lower()
        if not p.members or p.kind == "N" or following.startswith("-"):
            continue
        if p.kind == "C" and k + 1 < len(pieces) and pieces[k + 1].kind == "H" and pieces[k + 1].members:
            continue  # "de Serviër Vuk Jeremić"
        preposition, head = None, None
        between: list[str] = []
        skip = 0
        for back in range(k - 1, max(-1, k - 10), -1):
            q = pieces[back]
            if skip:  # "bij het door X voorgezeten overleg": what stands before "door" governs it
                skip -= 1
                if not skip and back and pieces[back - 1].text.lower() in _ARTICLES:
                    governed = back > 1 and pieces[back - 2].text.lower() in PREPOSITIONS
                    preposition = pieces[back - 2].text.lower() if governed else None
                    break
                continue
            if back > 1 and not q.members and pieces[back - 1].members and pieces[back - 2].text.lower() == "door" and (q.text.lower() in verbs or q.text.lower().removesuffix("e") in verbs):
                skip = 2
                continue
            word = q.text.lower()
            if q.kind == "N":
                continue
            his = word == "zijn" and back > 0 and pieces[back - 1].text.lower() in PREPOSITIONS  # "met zijn collega"
            if (q.members and q.kind != "N" and not (q.kind == "C" and back == k - 1 and p.kind == "H")) or word in (",", "(", ")", "en", "–") or (word in verbs and not his):
                break
            if word in PREPOSITIONS:
                preposition = word
                if back and (not pieces[back - 1].members or pieces[back - 1].kind == "E"):
                    head = "overleg" if pieces[back - 1].members else pieces[back - 1].text.lower()
                break
            if (back and q.text[:1].isupper() and not (p.kind == "H" and all(x[:1].isupper() for x in (r.text for r in pieces[back:k])))) or q.text[:1].isdigit() or word in _MONTHS:
                break  # a place or a date closes the phrase before: "nam in Genève resolutie X aan"
            if p.determined and word not in _BEFORE_ARTICLE and not q.members:
                break  # its article begins the phrase: "zal tijdens deze zitting de resolutie steunen"
            between.insert(0, word)
        if preposition == "namens" and head == "mede":
            preposition = "met"
        attributive = preposition == "door" and bool(following) and k + 2 < len(pieces) and bool(pieces[k + 2].members) and (
            following in verbs or following.removesuffix("e") in verbs)
        clause.parts.append(Part(p, preposition, head, tuple(between), following, attributive=attributive))
    if clause.link == "main" and pieces and not (pieces[0].members and pieces[0].kind in "ACHO"):
        behind = {id(p) for before, p in pairwise(pieces) if not before.members and before.text.lower() in verbs and p.members and p.kind in "ACHO"}
        clause.inverted = next((part for part in clause.parts if id(part.piece) in behind and part.preposition is None), None)
    clause.words = [p.text.lower() for p in pieces if not p.members]
    clause._text = clause.text
    for n, p in enumerate(pieces):
        word = p.text.lower()
        if not p.members and (word not in PREPOSITIONS or n + 1 == len(pieces) or (n == 0 and pieces[1].text.lower() in verbs) or (
                not pieces[n + 1].members and (pieces[n + 1].text.lower() in PREPOSITIONS or pieces[n + 1].text.lower() in verbs or pieces[n + 1].text.lower() in (",", "te", "en", ")", "dat")))):
            clause.particles.add(word)
