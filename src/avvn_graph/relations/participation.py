"""Who was at a meeting and who spoke there, from reporting verbs and the meeting that is being told of.

A report tells of a meeting and then of what people said ("De Minister benadrukte …"). A reporting verb whose
subject is a person makes that person a speaker at the meeting named in the same sentence ("tijdens …"), or else
at the one the paragraph is telling of; a country or body that "speaks" took part. In a bilateral talk nobody
holds a speech: both sides took part.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from avvn_graph.recognition.candidates import Candidate
from avvn_graph.relations.discourse import DELIBERATE, State
from avvn_graph.relations.draft import Draft
from avvn_graph.relations.frames import Lexicon
from avvn_graph.relations.sentence import Sentence

_A = r"(?P<subj><[ACHO]\d+>) "
# A side of a talk is not governed by a preposition: "tijdens het bezoek aan Kenia ontmoette Minister X …".
_FREE = "".join(rf"(?<!{word} )" for word in ("aan", "met", "van", "in", "voor", "bij", "door", "uit", "naar", "over", "tijdens"))
_WORD = r"(?:(?![.;,] |<)\S+ )"
_DEICTIC = re.compile(r"(?<!\S)(?:hier|hierbij|daarbij|daar|(?:sprak|spraken|pleitte|pleitten|benadrukte|vroeg|presenteerde|onderstreepte) er|bij die gelegenheid|waar <[ACHO]\d+>|in (?:zijn|haar|hun) (?:toespraak|speech|verklaring|reactie|interventie|bijdrage|keynote|rede))\b")
_SPEECH = re.compile(r"\bin (?:zijn|haar|hun) (?:keynote |opening)?s?(?:toespraak|speech|openingsspeech|verklaring|reactie|interventie|bijdrage|keynote|rede)\b")
_LOCATIVE = re.compile(r"(?<!\S)(?P<prep>tijdens|bij|op|in|gedurende|naar aanleiding van) (?!(?:de )?(?:marges?|aanloop|voorbereiding|vervolg|navolging|opmaat|reactie) )(?:(?![.;,] |<)\S+ ){0,3}?(?:door <[ACHO]\d+> \S+ )?(?P<event><E\d+>) ")
_TALK_WITH = re.compile(rf"(?<!\S)(?:(?P<v1>sprak|spraken|spreekt|overlegde|overlegden|overlegt|vergaderde|ontmoette|ontmoetten) {_A}(?:{_WORD}){{0,6}}?|" +
                        _FREE + r"(?P<subj2><[ACHO]\d+>) (?:sprak|spraken|overlegde|overlegden|spreekt|vergaderde) (?:(?![.;,] |<)\S+ ){0,4}?)met (?:(?![.;,] |<)\S+ ){0,4}?(?P<with><[ACHO]\d+>) ")
_WITH_TALKED = re.compile(r"(?<!\S)met (?:(?![.;,] |<)\S+ ){0,4}?(?P<with><[ACHO]\d+>) (?:van <[CO]\d+> )?(?:sprak|spraken|spreekt|overlegde|overlegden|besprak|bespraken|wisselde|wisselden) (?P<subj><[ACHO]\d+>) ")
_TALKED_WITH_COUNTRIES = re.compile(r"(?<!\S)bewindspersonen (?:overlegden|spraken) met (?:landen als )?(?P<with><[ACHO]\d+>) ")
_MET = re.compile(rf"(?<!\S)(?:(?:ontmoette|ontmoetten|ontving|ontvingen) {_A}|" + _FREE + r"(?P<subj2><[ACHO]\d+>) (?:ontmoette|ontmoetten|ontving|ontvingen) )(?:(?![.;,] |<)\S+ ){0,4}?(?P<with><[ACHO]\d+>) ")
_TALK_NOUN = re.compile(rf"(?<!\S)(?:(?:had|hadden|voerde|voerden|heeft|hebben) {_A}|" + _FREE + r"(?P<subj2><[ACHO]\d+>) (?:had|hadden|voerde|voerden|heeft|hebben) )(?:(?![.;,] |<)\S+ ){0,5}?(?P<event><E\d+>) (?:, )?(?:(?![.;,] |<)\S+ ){0,2}?met (?:(?![.;,] |<)\S+ ){0,4}?(?P<with><[ACHO]\d+>) ")
_TALKS_OF = re.compile(r"(?<!\S)(?P<event><E\d+>) van (?P<subj><[ACHO]\d+>) met (?:(?![.;,] |<)\S+ ){0,3}?(?P<with><[ACHO]\d+>) ")
# Verbs that report speech only together with another word.
_WEAK = {
    "gaf": r" aan (?:dat|nog|geen|te|blij|bereid)| aandacht aan | toelichting| presentatie| uitleg| keynote| speech | toespraak| lezing| inleiding", "gaven": r" aan (?:dat|nog|geen|te)| toelichting",
    "bracht": r" naar voren | voor het voetlicht | over | in | ter sprake", "brachten": r" naar voren | voor het voetlicht | ter sprake",
    "zette": r" uiteen", "ging": r" in op", "maakte": r" duidelijk | bekend | kenbaar", "deelde": r" mee | notie | zorgen ",
    "deelden": r" mee | zorgen ", "hield": r" toespraak | pleidooi | verklaring | keynote | speech | betoog",
    "voerde": r" het woord | woord ", "voerden": r" het woord | woord ", "nam": r" het woord ", "namen": r" het woord ",
    "hielden": r" toespraak | pleidooi | verklaring", "toonde": r" zich ", "stelde": r" dat | vast | voor (?:om|dat|te|[.,;]) ", "stelden": r" dat | vast | voor (?:om|dat|te|[.,;]) ",
    "wees": r" op | erop ", "wezen": r" op | erop ", "riep": r" op ", "riepen": r" op ", "vroeg": r" aandacht | om ", "vroegen": r" aandacht | om ",
    "drong": r" aan ", "drongen": r" aan ", "lichtte": r" toe ", "lichtten": r" toe ", "zegde": r" toe ", "zegden": r" toe ",
    "moedigde": r" aan ", "kondigde": r" aan ", "kondigden": r" aan ", "stelt": r" dat | voor ",
}
_TALKED = re.compile(r"(?:^|[.;] )met (?:(?![.;,] |<)\S+ ){0,4}?<[AH]\d+> (?:van <[CO]\d+> )?$")
_NOT_A_WORD = re.compile(r"(?:voerden?|namen?|nam|hield|hielden|neemt|voert) (?:(?![.;,] )\S+ ){0,6}?(?:niet|geen)(?! alleen| slechts) ")
_ON_SOMEBODY = re.compile(r"(?:drong|drongen) (?:er )?bij ")
_TALK = re.compile(r"(?<!\S)(?:in|bij) (?:een |het )?(?P<event><E\d+>) met (?P<with><[ACHO]\d+>) ")


def says(lexicon: Lexicon, row: str) -> Iterator[tuple[str, int, bool]]:
    """Yield (subject token, offset in the row, whether past tense) of each reporting verb with its subject."""
    for m in lexicon.classes["says_past"].finditer(row):
        yield from _subject(row, m, True)
    for m in lexicon.classes["says_present"].finditer(row):
        yield from _subject(row, m, False)
    for m in lexicon.classes["said"].finditer(row):
        before = row[:m.start()]
        aux = re.search(r"(?:(?:heeft|hebben|had|hadden) (?P<a><[ACHO]\d+>) |(?P<b><[ACHO]\d+>) (?:heeft|hebben|had|hadden) )(?:(?![.;] |waarin |waarbij |waarmee |die |dat )\S+ ){0,24}$", before)
        if aux:
            yield aux["a"] or aux["b"], m.start(), True
    for m in lexicon.classes["say"].finditer(row):
        before = row[:m.start()]
        aux = re.search(r"(?:(?:zal|zullen|wil|gaat) (?P<a><[ACHO]\d+>) |(?<!door )(?P<b><[ACHO]\d+>) (?:(?![.;] )\S+ ){0,12}?(?:zal|zullen|wil|gaat) )(?:(?![.;] )\S+ ){0,16}$", before)
        if aux:
            yield aux["a"] or aux["b"], m.start(), False


def _subject(row: str, m: re.Match[str], past: bool) -> Iterator[tuple[str, int, bool]]:
    clause = re.search(r"(?:waarbij|waarin|waar|dat|toen|terwijl|en) (?:namens <[ACHO]\d+> )?(<[ACHO]\d+>) (?:(?!waarbij |waarin |dat )[^<.;,\s]\S* |<[ETRNMKO]\d+> |namens <[ACHO]\d+> ){0,22}$", row[:m.start()])
    if clause and not re.match(r" <[ACHO]\d+> ", row[m.end():]):
        yield clause[1], m.start(), past
        return
    adjacent = re.search(r"(?:^|[.;] )(<[ACHO]\d+>) $", row[:m.start()])
    if adjacent:
        yield adjacent[1], m.start(), past
        return
    after = re.match(r" (<[ACHO]\d+>) ", row[m.end():])
    if after:
        yield after[1], m.start(), past
        return
    before = re.search(r"(?:(?:(?<=^)|(?<=[.;,:] )|(?<=en )|(?<=dat )|(?<=waarbij )|(?<=\) )|(?<=– ))(?P<a><[ACHO]\d+>) (?:, (?:(?![.;] )\S+ ){1,14}?, )?(?:zelf |die )?|(?P<b><[ACHO]\d+>) (?:[a-z]+ ){0,3}(?:<[ETRACHO]\d+> )?(?:(?![.;,] )\S+ ){0,14}?en )$", row[:m.start()])
    if before:
        yield before["a"] or before["b"], m.start(), past


def participation(index: int, sentence: Sentence, state: State, lexicon: Lexicon) -> Iterator[Draft]:
    """Drafts of ``attendedBy`` and ``speaker`` for one sentence."""
    row = sentence.row
    yield from _talks(index, sentence)
    yield from acting(index, sentence)
    local = _local_events(sentence)
    yield from _in_speech(index, sentence, state, local)
    deictic = bool(_DEICTIC.search(row)) or any(c.data.get("anaphoric") for p in sentence.of_kind("E") for c in p.members)
    for token, at, past in says(lexicon, row):
        verb = row[at:].split(" ", 1)[0]
        if verb in ("sprak", "spraken", "spreekt", "spreken") and re.match(r"\S+ (?:<[ACHO]\d+> )?(?:(?![.;,] )\S+ ){0,5}?met (?:(?![.;,] )\S+ ){0,3}?<[ACHO]\d+> ", row[at:]):
            continue
        needed = _WEAK.get(verb)
        if needed and not re.search(needed, row[at:at + 160]) and not re.search(needed, row[max(0, at - 60):at]):
            continue
        if _TALKED.search(row[:at]) or _NOT_A_WORD.match(row[at:]):
            continue  # "Met Minister X sprak ik …" is a talk, "voerde niet het woord" no speech
        subjects = [c for c in sentence.members(token) if c.kind in ("person", "country", "organisation") and c.key]
        if _ON_SOMEBODY.match(row[at:]):
            subjects = [c for c in subjects if c.kind == "person"]  # "drongen er bij Nederland op aan" may be anywhere
        passages = [index]
        before = [c for t in re.findall(r"<E\d+>", row[:at]) for c in sentence.members(t) if "assembly" not in c.data]
        if local:
            events = local
        elif before and deictic:  # "nam deel aan X en onderstreepte daar …"
            events = before[-1:]
        elif state.events and ((deictic and (state.events_paragraph == sentence.passage.paragraph or state.opens_paragraph)
                                and sentence.passage.paragraph - state.events_paragraph <= 1) or (past and _continues(index, sentence, state))):
            events = [e for e in state.events if e.kind == "event" and (deictic or e.data.get("type") != "BilateralTalk" or any(c.kind == "person" for c in subjects))]
            passages = [index, state.events_at]
        else:
            continue
        if passages != [index] and verb in lexicon.members["said"]:
            subjects = [c for c in subjects if c.kind == "person"]  # "heeft de VN gevraagd" may be anywhere
        talk = verb in ("besprak", "bespraken") or any(e.data.get("type") == "BilateralTalk" for e in events)
        for event in events:
            for c in subjects:
                if c.kind == "person" and not talk:
                    yield Draft(event, "speaker", c, passages, "participation.reporting-verb", 0.85 if local else 0.75, "realised" if past else None)
                    yield Draft(event, "attendedBy", c, passages, "participation.reporting-verb", 0.85 if local else 0.75, "realised" if past else None)
                else:
                    yield Draft(event, "attendedBy", c, passages, "participation.reporting-verb", 0.8 if local else 0.7, "realised" if past else None)


_SUBJECT_FIRST = re.compile(r"(?P<subj><[AH]\d+>) [a-zà-ÿ]+ (?!niet |geen )")


def _in_speech(index: int, sentence: Sentence, state: State, local: list[Candidate]) -> Iterator[Draft]:
    """Whoever does something "in haar bijdrage" spoke at the meeting."""
    m = _SUBJECT_FIRST.match(sentence.row) if _SPEECH.search(sentence.row) else None
    if not m:
        return
    told = [e for e in state.events if e.data.get("type") != "BilateralTalk"] if _continues(index, sentence, state) else []
    for event in local or told:
        for c in sentence.members(m["subj"]):
            if c.kind == "person" and c.key:
                for predicate in ("speaker", "attendedBy"):
                    yield Draft(event, predicate, c, [index] if local else [index, state.events_at], "participation.in-speech", 0.8)


_OWN = frozenset(("Session", "AssemblySession", "MinisterialWeek", "Debate"))
"""What a body that deliberates holds itself, and does not attend."""
_ACTING = re.compile(r"^(?:tijdens|bij|in|op|gedurende) (?!aanloop|voorbereiding|aanvulling|vervolg|reactie|lijn|navolging|opdracht|verband|gesprek )(?:(?![.;,] |<)\S+ ){0,3}?(?P<event><E\d+>) (?:(?![.;] )\S+ ){0,24}?"
                     r"(?:[a-z]{3,}(?:de|te|den|ten)|nam|namen|gaf|gaven|sprak|spraken|riep|riepen|drong|sloot|hield|wees|droeg|heeft|hebben|zal|zullen) (?:(?:mijn|zijn|haar|onze) )?(?P<subj><[ACHO]\d+>) ")
_BRINGS_TOGETHER = re.compile(r"(?P<subj><[ACHO]\d+>) (?:bracht|brachten) (?P<who>(?:(?![.;,] |<E)\S+ ){1,8}?)(?:bijeen|samen) |(?:bracht|brachten) (?P<subj2><[ACHO]\d+>) (?:(?![.;,] |<E)\S+ ){1,8}?(?:bijeen|samen) ")


def acting(index: int, sentence: Sentence) -> Iterator[Draft]:
    """Whoever does something "tijdens" a meeting that opens the sentence was there; who brings people together holds one."""
    m = _ACTING.match(sentence.row)
    if m and not re.search(r"\bwerd\b|\bstond\b", sentence.row[m.start():m.end()].split(m["event"])[1]):
        for event in sentence.members(m["event"]):
            ahead = bool(re.search(r" (?:zal|zullen) (?:\S+ )?$", sentence.row[:m.start("subj")]))
            for c in (c for c in sentence.members(m["subj"]) if not (c.key in DELIBERATE and event.data.get("type") in _OWN)):
                if not ahead or c.kind == "person":  # what a country will do during a meeting, it may do anywhere
                    yield Draft(event, "attendedBy", c, [index], "participation.acting", 0.72, "planned" if ahead else "realised")
    together = _BRINGS_TOGETHER.search(sentence.row)
    if together:
        for c in sentence.members(together["subj"] or together["subj2"]):
            start = c.start
            event = Candidate("event", start, min(len(sentence.passage.text), start + 60), None, sentence.passage.text[start:].rstrip(" .")[:120], 0,
                              {"type": "Meeting", "made": f"bijeenkomst-{c.key}-{sentence.passage.start}".lower()})
            yield Draft(event, "organisedBy", c, [index], "organise.brings-together", 0.8)


def _continues(index: int, sentence: Sentence, state: State) -> bool:
    """Whether the sentence still tells of the meeting: same paragraph, close by, and no new scene."""
    if sentence.passage.paragraph != state.events_paragraph or index - state.events_at > 5:
        return False
    if any(e.data.get("type") == "Visit" for e in state.events):
        return False
    return not any(p.kind == "E" and any("assembly" not in c.data for c in p.members) for p in sentence.pieces)


def _local_events(sentence: Sentence) -> list[Candidate]:
    for m in _LOCATIVE.finditer(sentence.row):
        found = [c for c in sentence.members(m["event"]) if c.kind == "event"]
        if m["prep"] == "op" and all("assembly" in c.data for c in found):
            continue
        if found:
            return found
    return []


def _talks(index: int, sentence: Sentence) -> Iterator[Draft]:
    row = sentence.row
    for pattern in (_TALK_NOUN, _TALKS_OF, _TALK):
        for m in pattern.finditer(row):
            groups = m.groupdict()
            events = [e for e in sentence.members(m["event"]) if e.data.get("type") == "BilateralTalk" or pattern is not _TALK]
            for event in events:
                if event.data.get("type") != "BilateralTalk":
                    continue
                for token in (groups.get("subj") or groups.get("subj2"), m["with"]):
                    for c in sentence.members(token):
                        yield Draft(event, "attendedBy", c, [index], "participation.talk", 0.88)
    for pattern in (_TALK_WITH, _WITH_TALKED, _MET, _TALKED_WITH_COUNTRIES):
        for m in pattern.finditer(row):
            if re.search(r"\b(?:niet|geen) (?!alleen|slechts)", m.group()):
                continue
            groups = m.groupdict()
            sides = [c for t in (groups.get("subj"), groups.get("subj2")) for c in sentence.members(t)]
            others = sentence.members(m["with"])
            if not others:
                continue
            together = [others] if pattern is not _TALKED_WITH_COUNTRIES else [[o] for o in others]
            for side in together:
                start, end = sides[0].start if sides else side[0].start, side[-1].end
                names = " en ".join(c.label for c in [*sides[:1], *side[:2]])
                year = sentence.passage.text and ""
                event = Candidate("event", start, end, None, f"Gesprek {names}{year}", 0,
                                  {"type": "BilateralTalk", "made": "gesprek-" + "-".join(str(c.key).lower() for c in [*sides[:2], *side[:3]])})
                for c in (*sides, *side):
                    yield Draft(event, "attendedBy", c, [index], "participation.talk-verb", 0.85)
