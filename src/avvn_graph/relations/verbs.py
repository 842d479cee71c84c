"""Verb frames: who did what, read off the clauses of a sentence (``verbs.yaml``)."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import product
from pathlib import Path
from typing import Any

import yaml

from avvn_graph.errors import AvvnError
from avvn_graph.facts import Modality, Value
from avvn_graph.recognition.candidates import Candidate
from avvn_graph.recognition.linking import COUNCILS
from avvn_graph.relations.clauses import Clause, Part, split
from avvn_graph.relations.discourse import State
from avvn_graph.relations.draft import Draft
from avvn_graph.relations.modality import modality
from avvn_graph.relations.sentence import LETTERS, Sentence

_PASSIVE = frozenset(("wordt", "worden", "werd", "werden", "is", "zijn", "was", "waren", "geworden"))
_HAVE = frozenset(("heb", "heeft", "hebben", "had", "hadden"))
_POSSESSIVE = frozenset(("mijn", "zijn", "haar", "hun", "onze", "ons", "onder", "andere", "de", "het", "gezamenlijk", "respectievelijk", "collega", "ambtgenoot"))
_PLACES = frozenset(("tijdens", "bij", "op", "in", "gedurende", "waar", "waarin", "aan"))
_HERE = re.compile(r"\b(?:er|daar|daarbij|hier|hierbij|aldaar|daaraan|hieraan|eraan|daarin|daarop)\b", re.I)
_NOT = re.compile(r"\b(?:niet|geen|nooit|evenmin|noch)\b(?!-)")
_NOT_ONLY = re.compile(r"\bniet (?:alleen|slechts|enkel)\b")
_PLANNED = re.compile(r"\b(?:zal|zullen|van plan|voornemens|gaat|gaan|voorzien|gepland|beoogt)\b")
_CALLED = re.compile(r"\b(?:zou|zouden|moet|moeten|dient te|dienen te|verzoekt|verzoeken|verzocht|oproep|opgeroepen|hoopt|hopen|dringt aan|drong aan|riep op|roept op|"
                     r"roepen op|riepen op|gevraagd|vraagt|vragen|vroeg|vroegen|pleit|pleitte|bereid|wens|wil|willen|overweegt|overwegen|mogelijk|verwacht)\b")
_INTENDS = re.compile(r"\b(?:aangekondigd|kondigde|besloten|toegezegd|beloofd)\b.*\bte \w+en\b")
_CALLS = re.compile(r"\b(?:verzoek\w*|verzocht|oproep\w*|opgeroepen|hoopt|hopen|hoopte|aandringt|dringt|drong|riep|roept|riepen|roepen|gevraagd|vraagt|vragen|vroeg|vroegen|pleit\w*|wens\w*|wil|willen|bereid|overweegt)\b")
_WEIGHS = re.compile(r"\b(?:mogelijkheid|mogelijkheden|beziet|bezien|verkent|verkennen)\b")
_TEXT = re.compile(r"\b(?:tekst|ontwerp|ontwerptekst|ontwerpresolutie|voorstel|resolutietekst)\b")
_THIS = re.compile(r"\b(?:dit|dat|het) (?:verdrag|fonds|initiatief|netwerk|register|forum|platform|partnerschap|bondgenootschap|mechanisme)\b|\b(?:deze|die|de) (?:coalitie|alliantie|groep|werkgroep|vriendengroep|kerngroep)\b")
_ONLY_SOLDIERS = re.compile(r"\b(?:levert|leveren|leverde|leverden|stuurt|sturen|stuurde|stuurden) (?:(?!aan|in|bij|naar|voor)\S+ ){0,4}(?:militairen|agenten|politiefunctionarissen|troepen|blauwhelmen|stafofficieren)\W*$")
_THIS_MISSION = re.compile(r"\b(?:deze|die|dezelfde) (?:VN-|vredes)?(?:missie|operatie|vredesmissie|vredesoperatie)\b")
_SOLDIERS = re.compile(r"\b(?:militair|militairen|agent|agenten|soldaten|stafofficier\w*|waarnemers?|politie\w*|troepen|mariniers|officieren|blauwhelmen|marechaussees|experts|adviseurs|eenheid|contingent|contingenten|helikopters?|vliegtuigen?)\b")


@dataclass(frozen=True, slots=True)
class Role:
    """A slot of a verb frame: subject, object or prepositions, and the kinds of mention it takes."""

    names: tuple[str, ...]
    kinds: str
    from_context: bool


@dataclass(frozen=True, slots=True)
class VerbFrame:
    """A verb, or several, with what its mentions are to it."""

    id: str
    verbs: tuple[Verb, ...]
    with_words: frozenset[str]
    without: frozenset[str]
    also: frozenset[str]
    """Words that must all stand in the clause."""
    makes: tuple[tuple[str, Role, Role], ...]
    company: bool
    change: bool
    how: str | None
    role: bool
    """Whether "als" with one of the words says the same of the subject of any verb: "als voorzitter van X riep Y op …"."""
    either: bool
    """Whether only the first of ``makes`` that finds something counts: "een bijeenkomst van X, waar Y voorzitter van is" is of X."""


@dataclass(frozen=True, slots=True)
class Verb:
    """The forms of a verb; ``joined`` and ``participles`` hold those with the particle, when there is one."""

    simple: frozenset[str]
    particle: str | None
    joined: frozenset[str]
    participles: frozenset[str]
    bare_participles: frozenset[str]
    """Those without the particle, written apart from it: "tegen gestemd"."""
    attributive: frozenset[str]
    """The participles as they stand before a noun: "georganiseerde", "voorgezeten"."""
    others: frozenset[str]
    """The particles with which the verb is another one: "in" for "leiden"."""


@dataclass(frozen=True, slots=True)
class WordClass:
    """Verbs, in all their forms, and other words that say one thing, such as that money is given."""

    words: frozenset[str]
    separated: tuple[tuple[frozenset[str], str], ...]
    """The simple forms of each separable verb, with the particle that must stand elsewhere."""

    def said(self, text: str) -> bool:
        """Whether a text (lower-case words between spaces) has one of the words or verbs."""
        here = set(text.split())
        return bool(self.words & here) or any(particle in here and simple & here for simple, particle in self.separated)


@dataclass(frozen=True, slots=True)
class Verbs:
    """All verb frames, and the forms by which the clause splitter knows a verb."""

    frames: tuple[VerbFrame, ...]
    finite: frozenset[str]
    participles: frozenset[str]
    by_form: dict[str, tuple[tuple[int, VerbFrame, Verb], ...]]
    """Frames, numbered in the order of the file, by each form of their verbs."""
    by_attributive: dict[str, tuple[VerbFrame, ...]]
    classes: dict[str, WordClass]
    roles: tuple[tuple[int, VerbFrame], ...]
    """The frames that "als" with one of their words states too, numbered in the order of the file."""


@lru_cache(maxsize=4)
def load_verbs(folder: Path) -> Verbs:
    """Read ``verbs.yaml`` of a vocabulary folder; raises AvvnError naming the frame and what is wrong with it."""
    path = folder / "verbs.yaml"
    rows: dict[str, Any] = yaml.load(path.read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    forms = {verb: tuple(part.split() for part in text.split("|")) for verb, text in rows["forms"].items()}
    frames, finite, participles = [], set(), set()
    separable = {v for row in (*rows["frames"], *rows.get("classes", {}).values()) for v in row.get("verbs", ()) if "+" in v}

    def verb_of(name: str, where: str) -> Verb:
        particle, _, base = name.rpartition("+")
        if base not in forms:
            raise AvvnError(f"{path}: {where}: the verb {base!r} has no forms under `forms`")
        simple, past = forms[base]
        participles_ = frozenset(particle + f for f in past)
        # "voorstel", "oproep": joined, the form of the first person is a noun as often as not, and such letters say "ik stel voor".
        third = [f for f in simple if f + "t" not in simple]
        return Verb(frozenset(simple), particle or None, frozenset(particle + f for f in third) if particle else frozenset(),
                    participles_, frozenset(past) if particle else frozenset(), frozenset(f if f.endswith("en") else f + "e" for f in participles_) | participles_,
                    frozenset(p for p, _, b in (v.rpartition("+") for v in separable) if b == base and p) if not particle else frozenset())

    classes = {}
    for name, row in rows.get("classes", {}).items():
        members = [verb_of(v, f"class {name}") for v in row.get("verbs", ())]
        alone = frozenset().union(*(v.joined | v.participles | (v.simple if v.particle is None else frozenset()) for v in members))
        classes[name] = WordClass(alone | frozenset(row.get("words", ())), tuple((v.simple | v.bare_participles, v.particle) for v in members if v.particle))
        finite |= {f for v in members for f in (v.joined | v.simple if v.particle is None else v.joined)}
        participles |= {f for v in members for f in v.participles}
    for row in rows["frames"]:
        verbs = [verb_of(name, f"frame {row['id']}") for name in row["verbs"]]
        frames.append(VerbFrame(
            row["id"], tuple(verbs), frozenset(row.get("with", ())), frozenset(row.get("without", ())), frozenset(row.get("also", ())),
            tuple((m[0], _role(m[1]), _role(m[2])) for m in row["makes"]), bool(row.get("company")), row.get("perfect") == "zijn", row.get("how"), bool(row.get("role")), bool(row.get("either"))))
    for simple, past in forms.values():
        finite.update(simple)
        participles.update(past)
    for frame in frames:
        for verb in frame.verbs:
            finite |= verb.joined
            participles |= verb.participles
    by_form: dict[str, list[tuple[int, VerbFrame, Verb]]] = defaultdict(list)
    by_attributive: dict[str, list[VerbFrame]] = defaultdict(list)
    for n, frame in enumerate(frames):
        for verb in frame.verbs:
            for form in verb.simple | verb.joined | verb.participles | verb.bare_participles:
                by_form[form].append((n, frame, verb))
            for form in verb.attributive if not frame.with_words else ():
                by_attributive[form].append(frame)
    return Verbs(tuple(frames), frozenset(finite), frozenset(participles), {k: tuple(v) for k, v in by_form.items()},
                 {k: tuple(v) for k, v in by_attributive.items()}, classes, tuple((n, f) for n, f in enumerate(frames) if f.role))


def clauses_of(sentence: Sentence, verbs: Verbs, finite: frozenset[str]) -> list[Clause]:
    """The clauses of a sentence; ``finite`` are all finite verb forms, those of the frames among them."""
    return split(sentence.pieces, finite, verbs.participles)


def _role(text: str) -> Role:
    names, _, kinds = text.partition(":")
    return Role(tuple(names.split("|")), kinds.rstrip("?").replace("A", "ACHO"), kinds.endswith("?"))


def verb_frames(index: int, sentence: Sentence, clauses: Sequence[Clause], state: State, verbs: Verbs) -> Iterator[Draft]:
    """Drafts of the relations that the clauses of one sentence state.

    A denied clause states nothing. What a clause only calls for, or plans, has that modality; what it leaves to the
    letter has none.
    """
    for clause in clauses:
        yield from _attributive(index, sentence, clause, verbs)
        yield from _led(index, clause)
        yield from _delegation(index, sentence, clause, state)
        if _denied(clause) or (clause.link in ("om", "te") and clause.parent is not None and _denied(clause.parent)):
            continue
        if not clause.parts and not any(w in clause.words[:4] for _, frame in verbs.roles for w in frame.with_words):
            continue
        done: set[int] = set()
        known = {id(verb): (n, frame, verb) for word in clause.words for n, frame, verb in verbs.by_form.get(word, ())}
        for n, frame, verb in sorted(known.values(), key=lambda k: k[0]):
            voice = _voice(clause, frame, verb, verbs.finite) if n not in done else None
            if voice and frame.id in ("verb.vote-for", "verb.vote-against", "verb.vote") and not _votes(frame, clause):
                continue
            if voice:
                done.add(n)
                yield from _made(index, sentence, clause, frame, voice, state)
        another = any(p.preposition == "met" and p.following == "als" for p in clause.parts)  # "met X als gastheer": X is
        for n, frame in verbs.roles if "als" in clause.words and not another else ():
            if n not in done and not frame.without & set(clause.words) and any(f" als {w} " in f" {clause.text} " for w in frame.with_words):
                yield from _made(index, sentence, clause, frame, "active", state)


_COUNTED = re.compile(r"(?:\d|\b(?:met|algemene|unanieme|meerderheid van|\w+tien|\w+tig)) stemmen\b")
_VOTED = frozenset(("stemt", "stemde", "stemden", "gestemd", "voorstemde", "voorstemden", "tegenstemde", "tegenstemden", "voorgestemd", "tegengestemd"))


def _votes(frame: VerbFrame, clause: Clause) -> bool:
    """Whether somebody votes so: not in "met 18 stemmen voor", nor where the clause alone does not tell who ("A stemde voor, B tegen")."""
    words = set(clause.words)
    if _COUNTED.search(clause.text) and not words & _VOTED:
        return False
    return frame.id == "verb.vote" or not {"voor", "tegen"} <= words


def _denied(clause: Clause) -> bool:
    return bool(_NOT.search(clause.text)) and not _NOT_ONLY.search(clause.text)


def _voice(clause: Clause, frame: VerbFrame, verb: Verb, finite: frozenset[str]) -> str | None:
    """"active" or "passive" when the clause has the verb, else None."""
    words = set(clause.words)
    if frame.with_words and not (frame.with_words & words or (clause.link == "relative" and clause.relative == "" and clause.antecedent in frame.with_words) or (clause.link == "en" and clause.parent is not None and any(w[0] == "*" and x.endswith(w[1:]) for w in frame.with_words for x in clause.parent.words)) or any(((" " in w or w[-1] == "$") and _has_phrase(clause.text, w)) or (w[0] == "*" and any(x.endswith(w[1:]) for x in words)) for w in frame.with_words)):
        return None
    if frame.without & words or not frame.also <= words:
        return None
    participle = {w for w in verb.participles & words if not _is_attributive(clause, w)} or (verb.bare_participles & words if verb.particle in clause.particles else frozenset())
    if participle:
        if words & _HAVE:
            return "active"
        if frame.change and words & _PASSIVE:
            return "active"
        if words & _PASSIVE or clause.link == "participle":
            return "passive"
    if verb.joined & words:
        return "active"
    simple = {w for w in verb.simple & words if not _is_attributive(clause, w)}
    if simple and simple <= verb.participles and words & (finite - simple):
        return None  # "een goed bezocht side event": an adjective beside the verb of the clause
    if simple and verb.particle is None and verb.others & clause.particles and "te" in words:
        return None  # "in te leiden" is not "te leiden"
    if simple and (verb.particle is None or verb.particle in clause.particles):
        return "active"
    return None


def _has_phrase(text: str, phrase: str) -> bool:
    """Whether a phrase stands in a clause; one with "$" at its end only where no more is said of it ("van de partij", not "van de Partij voor …")."""
    if phrase.endswith("$"):
        return bool(re.search(rf"\b{re.escape(phrase[:-1])}(?= (?:bij|tijdens|op|in|en)\b|\W*$)", text))
    return phrase in text


def _led(index: int, clause: Clause) -> Iterator[Draft]:
    """Who leads: "onder leiding van X" beside the only meeting of the clause."""
    if "delegatie" in clause.words:
        return  # it is the delegation that somebody leads
    events = [p for p in clause.parts if p.as_kind("E")]
    for part in clause.parts:
        if part.preposition == "van" and part.head in ("leiding", "voorzitterschap") and re.search(rf"\bonder (?:\w+ )?{part.head}\b", clause.text) and events and not part.between:
            bare = [p for p in events if p.preposition is None] or events
            for s, o in product(_of(bare[0], "E"), _of(part, "ACHO")):
                yield Draft(s, "chairedBy", o, [index], "verb.led", 0.85)
        elif part.preposition == "van" and part.head in ("leiding", "voorzitterschap") and re.search(rf"\bonder (?:\w+ )?{part.head}\b", clause.text) and not events and not part.between:
            for s, o in product([c for p in clause.bare("O") for c in _of(p, "O")][:1], _of(part, "ACHO")):
                if s.key != o.key:
                    yield Draft(s, "chairedBy", o, [index], "verb.led", 0.8)


_LED_DELEGATION = re.compile(r"delegatie\b.*\b(?:onder (?:aanvoering|leiding) van|(?:werd|wordt|is|was) geleid door|aangevoerd door) ")


_IN_DELEGATION = re.compile(r"\bmaak(?:t|te|ten|en)\b.*\bdeel\b.*\buit\b")


def _delegation(index: int, sentence: Sentence, clause: Clause, state: State) -> Iterator[Draft]:
    """Who leads a delegation, or is of one, is at the session: "de delegatie stond onder leiding van X; Y maakte er deel van uit"."""
    if state.assembly and _IN_DELEGATION.search(clause.text) and "delegatie" in sentence.passage.text.lower() and "delegatie" not in clause.text and not _denied(clause):
        for part in clause.bare("H"):
            for person in _of(part, "H"):
                yield Draft(state.assembly, "attendedBy", person, [index], "verb.in-delegation", 0.85)
    if state.assembly and _LED_DELEGATION.search(clause.text) and not clause.bare("E"):
        for part in clause.parts:
            if (part.preposition == "van" and part.head in ("leiding", "aanvoering")) or part.preposition == "door":
                for person in _of(part, "H"):
                    yield Draft(state.assembly, "attendedBy", person, [index], "verb.leads-delegation", 0.85)


def _is_attributive(clause: Clause, word: str) -> bool:
    """Whether a form belongs to a noun: "een door Egypte belegde bijeenkomst", "het op te richten fonds"."""
    pieces = clause.pieces
    for n in range(2, len(pieces) - 1):
        if not pieces[n].members and pieces[n].text.lower() == word:
            by = bool(pieces[n - 1].members) and pieces[n - 2].text.lower() == "door"
            if by or (pieces[n - 1].text.lower() == "te" and bool(pieces[n + 1].members)):
                return True
    return False


def _attributive(index: int, sentence: Sentence, clause: Clause, verbs: Verbs) -> Iterator[Draft]:
    """"De door X geleide Y", "een door X ingediende resolutie": a passive inside a noun phrase."""
    pieces = clause.pieces
    for n in range(len(pieces) - 3):
        if pieces[n].members or pieces[n].text.lower() != "door" or not pieces[n + 1].members or pieces[n + 1].kind not in "ACHO":
            continue
        form = pieces[n + 2].text.lower() if not pieces[n + 2].members else ""
        noun = next((p for p in pieces[n + 3:n + 6] if p.members and p.kind != "N"), None)
        if not form or noun is None:
            continue
        for frame in verbs.by_attributive.get(form, ()):
            for predicate, first, second in frame.makes:
                if "object" not in first.names or "subject" not in second.names or noun.kind not in first.kinds:
                    continue
                for s, o in product(noun.members, pieces[n + 1].members):
                    if _letter(s) in first.kinds and _letter(o) in second.kinds:
                        draft = Draft(s, predicate, o, [index], f"{frame.id}-attributive", 0.88)
                        if frame.how:
                            draft.qualifiers.append(("how", Value(frame.how)))
                        yield draft


def _made(index: int, sentence: Sentence, clause: Clause, frame: VerbFrame, voice: str, state: State) -> Iterator[Draft]:
    mode = clause_modality(clause)
    if clause.link in ("om", "te") and clause.parent is not None and _WEIGHS.search(clause.parent.text):
        return  # "beziet de mogelijkheid om een resolutie in te dienen" promises nothing
    if frame.makes[0][0] == "contributesTo" and any(p.kind == "M" for p in clause.pieces) and not _SOLDIERS.search(clause.text):
        return  # money for a mission sends nobody
    made = False
    for predicate, first, second in frame.makes:
        if made and frame.either:
            return
        subjects = _fill(clause, first, voice, sentence, state, frame)
        taken = {id(c) for c in subjects}
        objects = [c for c in _fill(clause, second, voice, sentence, state, frame) if id(c) not in taken] if subjects else []
        if not subjects or not objects:
            continue
        if frame.company or (predicate != "talk" and any(p.preposition in ("naast", "evenals", "behalve") or (p.preposition == "als" and p.head == "net") for p in clause.parts)):
            doers, is_first = (subjects, True) if "subject" in first.names else (objects, False)
            kinds = (first if is_first else second).kinds
            extra = [c for c in _company(clause, sentence, frame.company) if _letter(c) in kinds and all(c.key != d.key for d in doers)]
            doers.extend(extra)
        if predicate == "talk":
            yield from _talk(index, sentence, clause, frame, subjects, objects, mode)
            continue
        for s in subjects:
            for o in objects:
                if (s.key is not None and s.key == o.key) or (predicate == "speaker" and s.data.get("type") == "BilateralTalk"):
                    continue
                if frame.id == "verb.says" and s.data.get("type") in ("AssemblySession", "MinisterialWeek"):
                    continue  # what is said "tijdens de AVVN" is said somewhere in those months
                draft = Draft(s, predicate, o, [index], frame.id, 0.85, mode or modality(state.letter, sentence.passage, _surface(clause, sentence), predicate))
                if frame.how:
                    draft.qualifiers.append(("how", Value(frame.how)))
                made = True
                yield draft


def _fill(clause: Clause, role: Role, voice: str, sentence: Sentence, state: State, frame: VerbFrame) -> list[Candidate]:
    for name in role.names:
        found: list[Candidate] = []
        if name == "subject":
            found = _agent(clause, voice, role.kinds, frame.how == "initiative" or frame.makes[0][0] in ("initiativeOf", "organisedBy"))
            if not found and role.kinds == "C" and _SOLDIERS.search(clause.text):
                found = _whose_soldiers(clause) or _sender(clause, sentence)
        elif name == "object":
            found = _patient(clause, voice, role.kinds)
            if not found and role.kinds == "R" and _TEXT.search(clause.text + (" " + clause.parent.text if clause.link == "en" and clause.parent is not None else "")):
                found = _told_resolution(sentence, state)
            if not found and role.kinds == "R" and voice == "passive" and _surface(clause, sentence).startswith("Deze "):
                found = _told_resolution(sentence, state)
        elif name == "all":
            found = [c for p in clause.parts if p.preposition in (None, "door", "uit") or (p.preposition == "van" and p.head in ("delegatie", "vertegenwoordigers", "vertegenwoordiger", "afvaardiging"))
                     for c in _of(p, role.kinds)]
        elif name == "session":
            found = _session(clause, state)
        elif name == "council":
            found = [state.body] if state.body and state.organisation and state.organisation.key == state.body.key in COUNCILS and not any(p.as_kind("OE") for p in clause.parts) else []
        elif name == "assembly":
            found = [state.assembly] if state.assembly else []
        elif name == "told":
            found = _told_event(clause, sentence, state)
            if "assembly" in role.names and all("assembly" in c.data for c in found):
                found = []  # who is "van de partij" is there all week
        elif name == "at":
            parts = [p for p in clause.parts if p.preposition in _PLACES and p.as_kind(role.kinds) and p.head not in ("marge", "aanloop", "voorbereiding")]
            up = clause.parent
            while not parts and up is not None and clause.link != "relative" and not clause.bare(role.kinds):
                parts = [p for p in up.parts if p.preposition in _PLACES and p.as_kind(role.kinds) and p.head not in ("marge", "aanloop", "voorbereiding")]
                up = up.parent
            found = [c for p in parts[:1] for c in _of(p, role.kinds)]
        elif name == "unplaced":
            found = _told_event(clause, sentence, state) if not any(p.preposition in ("aan", "in") for p in clause.parts) and not clause.bare("E") else []
        else:
            parts = [p for p in clause.parts if (p.preposition == name or (p.anaphor and p.preposition == "waar" and name in clause.particles)) and p.as_kind(role.kinds)]
            found = [c for p in [p for p in parts if p.head in frame.with_words] or parts for c in _of(p, role.kinds)]
            if not found and role.kinds in "EO" and re.search(rf"\b(?:daar|hier|er){_adverb(name)}\b|\ber\b[^,;]{{1,40}}\b{_adverb(name)} uit\b", _surface(clause, sentence)):
                found = _told_event(clause, sentence, state) if role.kinds == "E" else _told_body(clause, sentence, state)
        if found:
            return found
    here = [c for p in sentence.of_kind("P") for c in p.members if clause.pieces and c.end <= clause.pieces[0].start] if role.kinds == "P" else []
    if here and _SOLDIERS.search(clause.text) and re.search(r"\ber\b", _surface(clause, sentence)):
        return here[-1:]
    if role.kinds == "P" and state.mission and (_THIS_MISSION.search(_surface(clause, sentence)) or (
            state.mission_paragraph == sentence.passage.paragraph and ((_ONLY_SOLDIERS.search(clause.text) and not any(p.preposition for p in clause.parts)) or (
                _SOLDIERS.search(clause.text) and re.search(r"\ber\b", _surface(clause, sentence)))))):
        return [state.mission]
    heads = frame.role and bool(frame.with_words & set(clause.words[:4]))  # "Sprekers waren X en Y": of what was told
    if role.from_context and role.kinds == "E" and (heads or _HERE.search(_surfaces(clause, sentence))):
        return _told_event(clause, sentence, state)
    if role.from_context and role.kinds == "R":
        named = re.search(rf"\b(?:{'|'.join(map(re.escape, frame.with_words))}) (?:{'|'.join(map(re.escape, role.names))})\b", clause.text) if frame.role else None
        if named:  # "penvoerder van het dossier": of something else
            return []
        return _told_resolution(sentence, state)
    if role.from_context and role.kinds in "TO" and _THIS.search(clause.text):
        return [state.treaty] if role.kinds == "T" and state.treaty else [state.organisation] if role.kinds == "O" and state.organisation else []
    return []


def _session(clause: Clause, state: State) -> list[Candidate]:
    """The session of the Assembly that is addressed: "spreekt de AVVN toe", "sprak in de Algemene Vergadering"."""
    number = state.letter.meta.session
    return [Candidate("event", c.start, c.end, f"avvn-{number}", f"{number}e zitting van de AVVN", 0, {"type": "AssemblySession", "session": number, "assembly": "avvn"})
            for p in clause.parts if p.preposition in (None, "in", "voor", "tot", "aan", "van", "tijdens", "bij", "op") for c in _of(p, "O") if c.key == "AVVN"][:1] if number else []


def _told_resolution(sentence: Sentence, state: State) -> list[Candidate]:
    local = [c for p in sentence.of_kind("R") for c in p.members]
    if local:
        return local[-1:]
    if state.resolution and state.resolution_paragraph == sentence.passage.paragraph:
        return [state.resolution]
    return []


def _told_body(clause: Clause, sentence: Sentence, state: State) -> list[Candidate]:
    before = [c for p in sentence.pieces if p.kind == "O" and clause.pieces and p.end <= clause.pieces[0].start for c in p.members]
    return before[-1:] or ([state.organisation] if state.organisation else [])


def _adverb(preposition: str) -> str:
    return {"met": "mee", "tot": "toe"}.get(preposition, preposition)


def _agent(clause: Clause, voice: str, kinds: str, initiative: bool) -> list[Candidate]:
    if voice == "passive":
        by = [p for p in clause.parts if ((p.preposition == "door" and not p.attributive) or (initiative and p.preposition == "van" and p.head == "initiatief")) and p.as_kind(kinds)]
        if by:
            return [c for p in by for c in _of(p, kinds)]
        return [c for n, p in enumerate(clause.pieces) if initiative and p.kind == "N" and "C" in kinds and n + 1 < len(clause.pieces)
                and clause.pieces[n + 1].text.lower() == "initiatief" for c in p.members]
    if clause.link == "relative" and clause.relative == "":
        own = [p for p in clause.bare("ACHO") if not p.anaphor]
        part = own[0] if own else next((p for p in clause.parts if p.anaphor and p.as_kind(kinds)), None)
    else:
        part = clause.subject()
    return _of(part, kinds) if part else []


def _patient(clause: Clause, voice: str, kinds: str) -> list[Candidate]:
    bare = clause.bare(kinds)
    if voice == "passive":
        return [c for p in bare for c in _of(p, kinds)] if kinds in ("ACHO", "CHO", "ACHO") else [c for p in bare[:1] for c in _of(p, kinds)]
    if clause.link == "relative" and clause.relative == "" and any(not p.anaphor for p in clause.bare("ACHO")):
        anaphor = next((p for p in bare if p.anaphor), None)
        if anaphor:
            return _of(anaphor, kinds)
    subject = clause.subject()
    rest = [p for p in bare if p is not subject and not (clause.link in ("en", "om", "te") and p.anaphor)]
    return _of(rest[0], kinds) if rest else []


def _of(part: Part, kinds: str) -> list[Candidate]:
    piece = part.as_kind(kinds + "A")
    return [c for c in piece.members if _letter(c) in kinds] if piece else []


def _letter(c: Candidate) -> str:
    return LETTERS.get(c.kind, "?")


def _company(clause: Clause, sentence: Sentence, together: bool) -> list[Candidate]:
    """Who is with the subject: "naast X", "net als X", and where the frame says so (``together``) "met X"."""
    found: list[Candidate] = []
    also_for = "mede namens" in _surface(clause, sentence).lower()
    for p in clause.parts:
        beside = ("naast", "evenals") if "ook" not in sentence.passage.text.split() else ("naast", "evenals", "behalve")  # "behalve X ook Y"
        with_others = (p.preposition in (("met", *beside) if together else beside) or (p.preposition == "als" and p.head == "net")) and p.head not in ("steun", "overleg", "contact", "gesprek", "bijeenkomst") and p.following != "als"
        with_others = with_others or (together and also_for and p.preposition == "namens")
        if with_others and set(p.between) <= _POSSESSIVE and not p.anaphor and p.piece.kind in "ACHO":
            found += p.piece.members
    return found


def _surface(clause: Clause, sentence: Sentence) -> str:
    """The words of a clause as printed, fillers and "er" among them."""
    if not clause.pieces:
        return ""
    return sentence.passage.text[clause.pieces[0].start:clause.pieces[-1].end]


def _surfaces(clause: Clause, sentence: Sentence) -> str:
    """The words of a clause and of those it leans on: "zette daar zijn plan uiteen, waarna X het woord voerde"."""
    return " ".join(_surface(c, sentence) for c in (clause, clause.parent) if c is not None and (c is clause or clause.link == "waarna"))


def _told_event(clause: Clause, sentence: Sentence, state: State) -> list[Candidate]:
    before = [c for p in sentence.pieces if p.kind == "E" and clause.pieces and p.end <= clause.pieces[0].start for c in p.members]
    if before:
        return before[-1:]
    return list(state.events) if state.events_paragraph == sentence.passage.paragraph else []


def _whose_soldiers(clause: Clause) -> list[Candidate]:
    """The country of "de Nederlandse militairen", "de politieagenten uit Rwanda"."""
    for n, p in enumerate(clause.pieces[:-1]):
        if p.kind == "N" and p.members and _SOLDIERS.fullmatch(clause.pieces[n + 1].text.lower()):
            return p.members
    return [c for p in clause.parts if p.preposition in ("uit", "van") and p.head and _SOLDIERS.fullmatch(p.head) for c in _of(p, "C")]


def _sender(clause: Clause, sentence: Sentence) -> list[Candidate]:
    if sentence.passage.speaker not in (None, "kabinet") or any(p.piece.kind in "CN" for p in clause.parts):
        return []
    p = clause.pieces[0]
    return [Candidate("country", p.start, p.end, "NL", "Nederland", 0, {"implied": True})]


def clause_modality(clause: Clause) -> Modality | None:
    """What a clause says of itself: planned, only called for, or nothing (None); what its matrix clause says weighs too."""
    text = clause.text
    up = clause.parent
    if clause.link in ("om", "te", "dat") and up is not None:
        if _CALLS.search(up.text):
            return "calledFor"
        if re.search(r"\b(?:aangekondigd|kondigde|kondigt|besloten|toegezegd|voornemens|van plan|ambitie|voornemen|beloofd|plan)\b", up.text):
            return "planned"
    if _PLANNED.search(text) or _INTENDS.search(text):
        return "planned"
    if _CALLED.search(text):
        return "calledFor"
    return None


def _talk(index: int, sentence: Sentence, clause: Clause, frame: VerbFrame, sides: Sequence[Candidate], others: Sequence[Candidate],
          mode: Modality | None) -> Iterator[Draft]:
    if any(p.piece.kind == "M" for p in clause.parts):
        return  # "ontving van Nederland EUR 20 miljoen" is no talk
    if any(p.piece.kind == "E" and any(c.data.get("type") == "BilateralTalk" for c in p.piece.members) for p in clause.parts):
        return
    if not any(c.kind == "person" for c in (*sides, *others)) or (frame.id == "verb.meet" and not any(c.kind == "person" for c in sides)):
        return
    start, end = min(c.start for c in (*sides, *others)), max(c.end for c in (*sides, *others))
    event = Candidate("event", start, end, None, "Gesprek " + " en ".join(c.label for c in [*sides[:1], *others[:2]]), 0,
                      {"type": "BilateralTalk", "made": "gesprek-" + "-".join(str(c.key).lower() for c in [*sides[:2], *others[:3]])})
    for c in (*sides, *others):
        yield Draft(event, "attendedBy", c, [index], frame.id, 0.85, mode)


def unsaid(found: Sequence[Draft], by_clause: Sequence[Draft]) -> list[Draft]:
    """Of what the clauses say, what nothing else has said of the sentence."""
    known = {(d.subject.key if d.subject else None, d.subject.label if d.subject else None, d.predicate, d.object.key if isinstance(d.object, Candidate) else None) for d in found}
    told = {(k[0] or k[1], k[2], k[3]) for k in known}
    return [replace(d) for d in by_clause
            if (d.subject and (d.subject.key or d.subject.label), d.predicate, d.object.key if isinstance(d.object, Candidate) else None) not in told]
