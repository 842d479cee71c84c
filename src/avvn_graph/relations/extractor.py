"""From a linked letter to its statements: frames first, then the families that need more than one sentence."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

from avvn_graph.facts import Entity, LetterFacts, Mention, Passage, Ref, Statement, Value
from avvn_graph.recognition.candidates import Candidate
from avvn_graph.recognition.linking import LinkedLetter, letter_year
from avvn_graph.recognition.vocabulary import Vocabulary
from avvn_graph.relations.adoption import adoption
from avvn_graph.relations.attributes import attributes
from avvn_graph.relations.clauses import Clause
from avvn_graph.relations.discourse import State
from avvn_graph.relations.draft import Draft
from avvn_graph.relations.events import settle, worth_keeping
from avvn_graph.relations.frames import Lexicon, load_confidence, load_lexicon, matches
from avvn_graph.relations.missions import mission_list
from avvn_graph.relations.modality import modality, negated
from avvn_graph.relations.money import money, told_on
from avvn_graph.relations.offices import appointments, bare_offices, capacities, offices, references
from avvn_graph.relations.participation import participation
from avvn_graph.relations.sentence import Sentence, build
from avvn_graph.relations.verbs import Verbs, clauses_of, load_verbs, unsaid, verb_frames
from avvn_graph.text import slug

# What each relation may join; a frame's match with other kinds is dropped.
_ACTORS = {"country", "organisation"}
_SIGNATURES: dict[str, tuple[set[str], set[str]]] = {
    "initiatedBy": ({"resolution"}, _ACTORS), "adoptedBy": ({"resolution"}, {"organisation"}),
    "supportedBy": ({"resolution"}, _ACTORS), "votedAgainstBy": ({"resolution"}, _ACTORS),
    "abstainedBy": ({"resolution"}, _ACTORS), "organisedBy": ({"event"}, {*_ACTORS, "person"}),
    "chairedBy": ({"event", "organisation"}, {*_ACTORS, "person"}), "attendedBy": ({"event"}, {*_ACTORS, "person"}),
    "speaker": ({"event"}, {"person"}), "pledgedBy": ({"amount"}, _ACTORS),
    "recipient": ({"amount"}, {*_ACTORS, "treaty", "mission", "thing"}), "announcedBy": ({"amount"}, {"person"}),
    "memberOf": ({"country"}, {"organisation"}), "contributesTo": ({"country"}, {"mission"}),
    "initiativeOf": ({"treaty", "organisation", "event"}, _ACTORS), "holdsOffice": ({"person"}, {"post"}),
}
_COMPANY = re.compile(r"(?:samen|in samenwerking|gezamenlijk|tezamen|in nauwe samenwerking|in partnerschap|onder andere|en marge) (?:(?:o\.a\.|onder|andere|met) )*met (?:(?![.;] |<)\S+ ){0,3}?(<[ACHO]\d+>) |samen met (<[ACHO]\d+>) ")
_PARTY_SPEAKER = ("kabinet", None)


def statements(linked: LinkedLetter, vocabulary: Vocabulary, folder: Path) -> LetterFacts:
    """All that one linked letter says; ``folder`` holds ``frames.yaml``."""
    return _Extractor(linked, vocabulary, load_lexicon(folder), load_verbs(folder), load_confidence(folder)).run()


class _Extractor:
    def __init__(self, linked: LinkedLetter, vocabulary: Vocabulary, lexicon: Lexicon, verbs: Verbs, confidence: dict[str, float]) -> None:
        self.linked = linked
        self.letter = linked.letter
        self.lexicon = lexicon
        self.verbs = verbs
        self.confidence = confidence
        self.finite = verbs.finite | lexicon.words("says_past", "says_present", "have", "will", "be")
        self.vocabulary = vocabulary
        self.state = State(self.letter, linked)
        self.names = {c.code: c.names[0] for c in vocabulary.countries}
        self.entities: dict[Ref, Candidate] = {}
        self.mentions: dict[str, Mention] = {}
        self.drafts: list[Draft] = []
        self.sender = "NL"
        self.dutch = {slug(h.family_name) for h in vocabulary.holders if h.country == "NL"}
        self.first_titles: dict[str, tuple[int, Candidate]] = {}
        self.offices: dict[str, tuple[int, Candidate]] = {}
        self.amount: Candidate | None = None
        self.sums: dict[str, set[str]] = {}

    def run(self) -> LetterFacts:
        for index, (passage, found) in enumerate(zip(self.linked.passages, self.linked.mentions, strict=True)):
            self.state.enter(passage)
            sentence = build(passage, found, partial(self.state.resolve, passage))
            everything = self._mentioned(found, sentence)
            drafts = [*offices(index, everything, self.names), *appointments(index, passage.text, everything), *capacities(index, passage.text, everything), *references(index, everything)]
            clauses = clauses_of(sentence, self.verbs, self.finite) if any(p.members for p in sentence.pieces) else []
            if passage.kind not in ("heading", "signature"):
                drafts += self._frames(index, sentence, clauses)
                drafts += participation(index, sentence, self.state, self.lexicon)
                drafts += unsaid(drafts, [*verb_frames(index, sentence, clauses, self.state, self.verbs)])
                drafts += mission_list(index, sentence, self.state)
                drafts += attributes(index, sentence, self.letter, self.vocabulary.places, drafts)
                drafts += adoption(index, sentence, self.state, drafts)
                drafts += _implied(drafts)
            drafts = [d for d in drafts if not (d.rule == "organise.genitive" and not _hosts(d))]
            paid = list(money(index, sentence, self.sender if passage.speaker in _PARTY_SPEAKER else None, clauses, self.state.organisation, self.verbs))
            self._name_amounts(sentence, paid)
            paid += self._told_on(index, sentence, clauses, paid)
            drafts += paid
            for c in everything:
                if c.kind == "person" and c.key and c.data.get("title") and c.data.get("minister"):
                    self.first_titles.setdefault(c.key, (index, c))
                if c.kind == "person" and c.key and c.data.get("by_office") and c.data.get("portfolio"):
                    self.offices.setdefault(c.key, (index, c))
            self._record(passage, everything)
            self._keep(index, passage, drafts)
            self._go_on(index, sentence, drafts, everything)
        return self._facts()

    # -- finding -----------------------------------------------------------------------------------------------------
    def _frames(self, index: int, sentence: Sentence, clauses: list[Clause]) -> Iterator[Draft]:
        done: set[tuple[str, str, int, int]] = set()
        for frame, m in matches(self.lexicon, sentence.row):
            slots = {name: sentence.members(value) for name, value in m.groupdict().items() if value and value.startswith("<")}
            stretch = _stretch(sentence, m)
            if frame.excluded(m) or (negated(stretch) and not frame.phrase) or (frame.id.startswith("member.") and re.search(r"\bkandid", stretch)):
                continue  # what is denied, and a seat that is only stood for
            for n, (predicate, subject_slot, object_slot) in enumerate(frame.makes):
                subjects = self._slot(subject_slot, slots, sentence, m)
                objects = self._slot(object_slot, slots, sentence, m)
                passages = [index]
                if frame.company and n == 0:
                    objects = [*objects, *self._company(sentence, objects, clauses)] if object_slot == "subj" else objects
                for s in subjects:
                    for o in objects:
                        key = (predicate, frame.id, id(s), id(o))
                        if key in done or s.key == o.key:
                            continue
                        done.add(key)
                        if "anaphoric" in s.data and s.kind == "event" and self.state.events_at >= 0:
                            passages = [index, self.state.events_at]
                        draft = Draft(s, predicate, o, passages, frame.id, frame.confidence)
                        draft.modality = frame.modality or modality(self.letter, sentence.passage, stretch, predicate)
                        if frame.how:
                            draft.qualifiers.append(("how", Value(frame.how)))
                        yield draft

    def _slot(self, name: str, slots: dict[str, list[Candidate]], sentence: Sentence, m: re.Match[str]) -> list[Candidate]:
        if name == "here":
            local = [c for p in sentence.of_kind("E") for c in p.members if "assembly" not in c.data]
            told = list(self.state.events) if self.state.events_paragraph == sentence.passage.paragraph else []
            return local[:1] or told or ([self.state.assembly] if self.state.assembly else [])
        if name == "antecedent":
            before = [c for token in re.findall(r"<[ACHO]\d+>", sentence.row[:m.start()]) for c in sentence.members(token) if c.kind == "organisation"]
            return before[-1:] or ([self.state.organisation] if self.state.organisation else [])
        if name == "resolution":  # the one the sentence, or the sentence before it, speaks of
            local = [c for p in sentence.of_kind("R") for c in p.members]
            return local[-1:] or ([self.state.resolution] if self.state.resolution and self.state.resolution_paragraph == sentence.passage.paragraph else [])
        if name == "session":
            addressed = any(c.key == "AVVN" for c in slots.get("body", []))
            number = self.letter.meta.session
            return [Candidate("event", m_at.start, m_at.end, f"avvn-{number}", f"{number}e zitting van de AVVN", 0, {"type": "AssemblySession",
                    "session": number, "assembly": "avvn"}) for m_at in slots["body"][:1]] if addressed and number else []
        if name == "council":
            named = [c for p in sentence.of_kind("O") for c in p.members if c.key in ("VNVR", "AVVN", "HRC")]
            return named[:1] or ([self.state.body] if self.state.body else [])
        return slots.get(name, [])

    def _company(self, sentence: Sentence, objects: list[Candidate], clauses: list[Clause]) -> list[Candidate]:
        """Who "samen met" the objects does it: named in a clause of theirs, or in one that theirs leans on."""
        found = []
        theirs = [c for c in clauses if any(o in p.members for p in c.pieces for o in objects)]
        theirs += [c for c in clauses if any(t.parent is c or (c.parent is t and c.link != "en") for t in theirs)]
        for m in _COMPANY.finditer(sentence.row):
            members = sentence.members(m[1] or m[2])
            if not theirs or any(members == p.members for c in theirs for p in c.pieces):
                found += [c for c in members if all(c.key != o.key for o in objects)]
        return found

    def _told_on(self, index: int, sentence: Sentence, clauses: list[Clause], paid: list[Draft]) -> list[Draft]:
        """The recipient of an amount that the sentence before, or an earlier clause, gave without one."""
        given = [d.subject for d in paid if d.predicate == "pledgedBy" and d.subject]
        received = {id(d.subject) for d in paid if d.predicate == "recipient"}
        amount = next((c for c in given if id(c) not in received), None) or (None if given else self.amount)
        if given:
            self.amount = amount
        return list(told_on(index, clauses, amount)) if amount is not None else []

    def _name_amounts(self, sentence: Sentence, drafts: list[Draft]) -> None:
        """Tell equal sums apart by who receives them; one told again without a recipient is the one known of that sum."""
        for piece in sentence.of_kind("M"):
            for c in piece.members:
                total = f"{c.data['currency']}-{c.data['value']}".lower().replace(".", "-")
                recipients = sorted(d.object.key or "" for d in drafts
                                    if d.subject is c and d.predicate == "recipient" and isinstance(d.object, Candidate))
                known = self.sums.setdefault(total, set())
                if recipients:
                    c.key = f"{total}-{slug(recipients[0])}"
                    known.add(c.key)
                elif len(known) == 1:
                    c.key = next(iter(known))
                else:
                    c.key = f"{total}-{self.letter.meta.slug}"

    # -- keeping -----------------------------------------------------------------------------------------------------
    def _mentioned(self, found: list[Candidate], sentence: Sentence) -> list[Candidate]:
        out = [c for c in found if c.key and "anaphor" not in c.data]
        known = {id(c) for c in out}
        for p in sentence.pieces:
            for c in p.members:
                if id(c) not in known:
                    out.append(c)
                    known.add(id(c))
        return sorted(out, key=lambda c: (c.start, c.end, c.kind, c.key or ""))

    def _ref(self, c: Candidate) -> Ref:
        if c.key is None and "made" in c.data:
            c.key = f"{c.data['made']}-{letter_year(self.letter)}"
        return Ref(c.kind, c.key or slug(c.label))

    def _record(self, passage: Passage, found: list[Candidate]) -> None:
        for c in found:
            if c.data.get("implied") or "unnamed" in c.data or c.data.get("anaphoric"):
                continue
            self._mention(passage, c)

    def _mention(self, passage: Passage, c: Candidate) -> None:
        ref = self._ref(c)
        self._entity(ref, c)
        last = min(max(c.end, c.start + 1), len(passage.text))
        quote = passage.text[c.start:last]
        if not quote.strip():
            return
        start, end = passage.span(c.start, last)
        mention = Mention(ref, passage.document, passage.key, start, end, quote)
        self.mentions.setdefault(mention.key, mention)

    def _entity(self, ref: Ref, c: Candidate) -> None:
        known = self.entities.get(ref)
        if known is None or (c.data.get("title") and not known.data.get("title")):
            self.entities[ref] = c
        elif known is not c:
            for key, value in c.data.items():
                known.data.setdefault(key, value)

    def _keep(self, index: int, passage: Passage, drafts: list[Draft]) -> None:
        for d in drafts:
            if isinstance(d.object, Candidate):
                allowed = _SIGNATURES.get(d.predicate)
                if allowed and d.subject and (d.subject.kind not in allowed[0] or d.object.kind not in allowed[1]):
                    continue
            if d.modality is None:
                d.modality = modality(self.letter, passage, passage.text, d.predicate)
            for c in (d.subject, d.object):
                if isinstance(c, Candidate):
                    ref = self._ref(c)
                    self._entity(ref, c)
                    if "unnamed" in c.data or "made" in c.data:
                        self._mention(passage, c)
            self.drafts.append(d)

    def _go_on(self, index: int, sentence: Sentence, drafts: list[Draft], found: list[Candidate]) -> None:
        self.state.remember(sentence.passage.text, found)
        pairs = [p for p in sentence.of_kind("A", "C", "O", "H") if len({c.key for c in p.members if c.kind == "country"}) == 2]
        if pairs:
            self.state.pair = [c for c in pairs[-1].members if c.kind == "country"]
        else:
            countries = {d.object.key: d.object for d in drafts if isinstance(d.object, Candidate) and d.object.kind == "country"}
            if len(countries) == 2:
                self.state.pair = list(countries.values())
        for p in sentence.of_kind("E"):
            for c in p.members:
                if "assembly" in c.data:
                    self.state.assembly = c
        made = [d.subject for d in drafts if d.subject and "made" in d.subject.data]
        fresh = [c for p in sentence.of_kind("E") for c in p.members if "assembly" not in c.data and "anaphoric" not in c.data] + made
        if fresh:
            told = {d.subject.key for d in drafts if d.subject and d.subject.kind == "event" and d.predicate in _SIGNATURES}
            events = [e for e in fresh if e.key in told] or fresh[:1]
            self.state.events = list({e.key: e for e in events}.values())
            self.state.events_at = index
            self.state.events_paragraph = sentence.passage.paragraph

    # -- handing over ------------------------------------------------------------------------------------------------
    def _facts(self) -> LetterFacts:
        settle(self.drafts)
        for d in bare_offices(self.drafts, self.first_titles, self.offices, self.names, self.dutch):
            self._keep(d.passages[0], self.linked.passages[d.passages[0]], [d])
        grouped: dict[tuple[object, ...], Statement] = {}
        evidence: dict[tuple[object, ...], list[str]] = defaultdict(list)
        for d in self.drafts:
            main = self.linked.passages[d.passages[0]]
            claimed = Ref("group", slug(main.speaker)) if main.speaker not in _PARTY_SPEAKER and main.speaker else None
            subject = self._ref(d.subject) if d.subject else None
            obj = self._ref(d.object) if isinstance(d.object, Candidate) else d.object
            state = d.modality or "realised"
            d.confidence = self.confidence.get(d.rule, d.confidence)
            if claimed and main.kind == "question" and d.predicate not in ("holdsOffice", "references") and state == "realised" and "?" in main.text:
                state = "calledFor"
            key = (subject, d.predicate, obj, state, claimed)
            statement = Statement(self.letter.meta.slug, subject, d.predicate, obj, (), state, d.rule, d.confidence,
                                  tuple(d.qualifiers), claimed)
            if key not in grouped or grouped[key].confidence < d.confidence:
                grouped[key] = statement
            if d.predicate == "adoptionDate" and subject is not None and isinstance(d.object, Value):
                self.entities[subject].data.setdefault("adopted", d.object.text[:4])
            for i in d.passages:
                passage_key = self.linked.passages[i].key
                if passage_key not in evidence[key]:
                    evidence[key].append(passage_key)
        _merge_offices(grouped, evidence)
        out = [replace(s, evidence=tuple(evidence[k])) for k, s in grouped.items()]
        told = {r for s in out for r in (s.subject, s.object) if isinstance(r, Ref)}
        unsaid = {r for r, c in self.entities.items() if r.kind == "event" and not worth_keeping(c, r in told)}
        mentions = [m for m in self.mentions.values() if m.entity not in unsaid]
        used = told | {m.entity for m in mentions}
        groups = {s.claimed_by for s in out if s.claimed_by}
        entities = [self._as_entity(r, c) for r, c in self.entities.items() if r in used]
        entities += [Entity(g, (next(p.speaker for p in self.linked.passages if p.speaker and slug(p.speaker) == g.key) or g.key,)) for g in groups]
        return LetterFacts(self.letter, tuple(sorted(entities, key=lambda e: e.ref)),
                           tuple(sorted(mentions, key=lambda m: (m.start, m.end, m.entity))),
                           tuple(sorted(out, key=_statement_order)))

    def _as_entity(self, ref: Ref, c: Candidate) -> Entity:
        d = c.data
        attributes: list[tuple[str, Value | Ref]] = []
        labels = [c.label] if c.label else []
        if ref.kind == "person":
            entry = self.linked.persons.get(ref.key)
            if entry:
                labels = [entry.full_name]
                attributes.append(("familyName", Value(entry.family)))
                attributes.append(("name", Value(entry.full_name)))
                if entry.minister:
                    attributes.append(("minister", Value("true", "boolean")))
                of = entry.of or ("NL" if entry.minister and any(h.country == "NL" and slug(h.family_name) == entry.key for h in self.vocabulary.holders) else None)
                if of:
                    attributes.append(("represents", Ref("organisation", of[4:]) if of.startswith("org:") else Ref("country", of)))
            else:
                name = str(d.get("office_text") or c.label)
                if d.get("suffix"):
                    name = f"{re.sub(r'^[^ ]+ ', '', name)} {self.names.get(d['suffix'], d['suffix'])}"
                labels = [name]
                attributes.append(("name", Value(name)))
                if d.get("minister"):
                    attributes.append(("minister", Value("true", "boolean")))
                of = d.get("of")
                if of:
                    attributes.append(("represents", Ref("organisation", of[4:]) if str(of).startswith("org:") else Ref("country", str(of))))
        elif ref.kind == "country":
            labels = [self.names.get(ref.key, ref.key)]
        elif ref.kind == "amount":
            attributes += [("value", Value(d["value"], "decimal")), ("currency", Value(d["currency"]))]
            if d.get("amountType"):
                attributes.append(("amountType", Value(d["amountType"])))
            if d.get("qualifier"):
                attributes.append(("qualifier", Value(d["qualifier"])))
        elif ref.kind == "resolution":
            if d.get("symbol"):
                labels = [f"Resolutie {d['symbol']}"]
                attributes.append(("symbol", Value(d["symbol"])))
            year = d.get("year") or d.get("adopted")
            if year:
                attributes.append(("year", Value(str(year), "gYear")))
        elif ref.kind == "event":
            if d.get("type"):
                attributes.append(("eventType", Value(d["type"])))
            if d.get("session"):
                attributes.append(("session", Value(str(d["session"]), "integer")))
        elif ref.kind in ("organisation", "mission", "treaty") and d.get("acronym"):
            attributes.append(("acronym", Value(str(d["acronym"]))))
        elif ref.kind == "dossier":
            attributes.append(("identifier", Value(ref.key)))
        return Entity(ref, tuple(labels), tuple(attributes))


def _implied(drafts: list[Draft]) -> list[Draft]:
    """A person who chairs or hosts a meeting, or speaks at it, is there."""
    there = {(d.subject.key, d.object.key) for d in drafts if d.predicate == "attendedBy" and d.subject and isinstance(d.object, Candidate)}
    return [Draft(d.subject, "attendedBy", d.object, list(d.passages), "participation.implied", 0.8, d.modality)
            for d in drafts if isinstance(d.object, Candidate) and d.object.kind == "person" and d.subject and d.subject.kind == "event"
            and (d.predicate in ("chairedBy", "speaker") or d.rule == "organise.host") and (d.subject.key, d.object.key) not in there]


_SAME_OFFICE = {"premier": "minister-president", "sgvn": "secretaris-generaal-van-de-vn", "ministers": "minister",
                "secretaris-generaal": "secretaris-generaal-van-de-vn"}


def _office_words(key: str) -> frozenset[str]:
    for short, full in _SAME_OFFICE.items():
        key = re.sub(rf"^{short}(?=-|$)(?!-van-de-vn)", full, key)
    return frozenset(w for w in key.split("-") if w not in ("van", "voor", "de", "het", "en", "nederland"))


def _merge_offices(grouped: dict[tuple[object, ...], Statement], evidence: dict[tuple[object, ...], list[str]]) -> None:
    """One office told in a shorter and a fuller form ("president", "president van X") is one statement, the fuller."""
    told = {k: _office_words(s.object.key) for k, s in grouped.items() if s.predicate == "holdsOffice" and isinstance(s.object, Ref)}
    for key, mine in told.items():
        for other, theirs in told.items():
            if other == key or other not in grouped or grouped[other].subject != grouped[key].subject:
                continue
            if mine < theirs or (mine == theirs and str(key) > str(other)):
                evidence[other] += [e for e in evidence[key] if e not in evidence[other]]
                del grouped[key]
                break


_HOSTED = frozenset(("receptie", "diner", "lunch", "ontbijt", "werklunch", "werkontbijt", "evenement", "side event", "side-event"))
"""What has one host: "de receptie van president X"; a "bijeenkomst van ministers" is not held by them."""


def _hosts(d: Draft) -> bool:
    """Whether "bijeenkomst van X" says that X holds it: not for talks, launches and sittings; a person only holds what has one host."""
    return (d.subject is not None and d.subject.data.get("type") not in ("BilateralTalk", "Launch", "Session", "AssemblySession", "MinisterialWeek")
            and isinstance(d.object, Candidate) and (d.object.kind != "person" or d.subject.data.get("head") in _HOSTED) and "vergadering" not in d.subject.label)


def _statement_order(s: Statement) -> tuple[str, ...]:
    return (s.evidence[0] if s.evidence else "", s.predicate, str(s.subject), str(s.object), s.modality)


def _stretch(sentence: Sentence, m: re.Match[str]) -> str:
    """The clean text from the first to the last piece of a match, with the few words before it."""
    indices = [int(t) for t in re.findall(r"<[A-Z](\d+)>", m.group())]
    if not indices:
        return sentence.passage.text
    start = sentence.pieces[min(indices)].start
    end = sentence.pieces[max(indices)].end
    text = sentence.passage.text
    return text[max(0, start - 30):min(len(text), end + 40)]
