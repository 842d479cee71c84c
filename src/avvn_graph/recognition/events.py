"""Events: gatherings named by a head noun with what belongs to it, by an English title, or by a session number."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml
from spacy.language import Language
from spacy.tokens import Doc

from avvn_graph.recognition.candidates import Candidate, propose, text_of
from avvn_graph.recognition.vocabulary import finite_forms, next_constituent

_CAP = r"[A-ZÀ-Þ0-9][\w’'+&-]*"
# Words that may stand between the determiner and the head.
_MODIFIER = re.compile(r"\d+(?:e|de|ste)|[a-zà-ÿ]+(?:-[a-zà-ÿ]+)*(?:e|en|eel|ief|aal|goed|ste)|high-level|side|zeer|pledging|review|donor|follow-up|kick-off|[A-Z][\w-]*")
_STOP_MODIFIER = {"de", "het", "een", "deze", "die", "dit", "tijdens", "bij", "aan", "en", "of", "in", "op", "met", "van",
                  "door", "werd", "werden", "heeft", "hebben", "organiseerde", "organiseerden", "georganiseerde", "waarbij",
                  "zijn", "haar", "hun", "onze", "deed", "wijde", "the", "beide", "alle", "enkele", "diverse", "aantal",
                  "verzorgde", "leidde", "voor", "naar", "ook", "ter", "zo", "er", "ze", "je", "we", "me", "wat", "twee", "drie", "vier", "vele"}
_TOPIC = re.compile(r"(?:[ ]op[ ](?:(?:hoog|ministerieel|politiek|ambtelijk|technisch|het[ ]hoogste)[ ]niveau|leidersniveau))?(?:[ ](?:in|van)[ ](?:de|het)[ ](?:VN[ -]?)?[A-Z][\w-]+(?:[ ]\([A-Z]+\))?(?=[ ]over))?[ ](?:\([^()]{1,60}\)[ ])?(?P<prep>over|inzake|rond|rondom|betreffende|getiteld|onder de (?:titel|noemer)|met als (?:thema|titel)|"
                    r"gericht op|gewijd aan|ter gelegenheid van|on|of the|of|for|voor(?! (?:over|van|tijdens|de rol))|van|met betrekking tot|ten behoeve van|ter voorbereiding op)[ ]")
_LATER = re.compile(r"[ ](?P<particle>bijeen|plaats|samen|georganiseerd|belegd|gehouden)[ ](?P<prep>over|inzake|rond|gewijd aan)[ ]")
_END = re.compile(
    r"[,.;:()?!]|[ ](?:werd|werden|wordt|worden|is|zijn|was|waren|heeft|hebben|had|zal|zullen|zou|die|dat|waar|waarin|waarmee|waarbij|waaraan|"
    r"waarvoor|georganiseerd|voorgezeten|onder leiding|bijgewoond|gelanceerd|benadrukte|organiseert|organiseerde|organiseren|"
    r"plaats|plaatsvindt|plaatsvond|bijeen|om te|en marge|en riep|en wees|en vroeg|en sprak|en benadrukte|waaronder|"
    r"nam|namen|sprak|gaf|stond|stonden|kwam|kwamen|maakte|tijdens|wees|vroeg|noemde|zette|"
    r"presenteerde|pleitte|onderstreepte|voor|beleggen|bijwonen|op \d+)\b"
)
_PARTICIPLE = re.compile(r"(?:(?:op|aan|mede|mee)?ge\w+|be\w+|ver\w+)(?:de|te|en)")
_WHEN = re.compile(r"[ ](?:in|begin|eind|medio|van|op)[ ](?:\d{1,2}[ ](?:(?:en|tot en met|t/m|tot|–|-)[ ]\d{1,2}[ ])?)?(?:januari|februari|maart|april|mei|juni|juli|augustus|september|oktober|november|december|(?:19|20)\d\d)(?:[ ]\d{4})?(?:[ ]jl)?$")
_FOR_WHOM = re.compile(r"[ ]voor[ ](?:de[ ]|het[ ])?[A-ZÀ-Þ]")  # "gerechtigheid voor Soedan": no separable part of a verb
_DATE = re.compile(r"\d{1,2}[ ](?:(?:en|tot en met|t/m|tot|–|-)[ ]\d{1,2}[ ])?(?:januari|februari|maart|april|mei|juni|juli|augustus|september|oktober|november|december)\b")
_QUOTED = re.compile(r"[ ]?(?:\([^()]*\)[ ])?(?:over[ ]|getiteld[ ]|[\w]+[ ])?[«“\"‘](?P<title>[^»”\"’]{3,200})[»”\"’]")
_TITLE_BEHIND = re.compile(r"[«“\"‘](?P<title>[^»”\"’]{3,200})[»”\"’]$")
_ENGLISH_HEAD = (r"(?:Summit|Meeting|Conference|Forum|Dialogue|Ministerial|Event|Debate|Week|Assembly|Roundtable|"
                 r"Consultations?|Symposium|Convention|Moment|Breakfast|Review Conference|Pledging Conference)")
_ENGLISH = re.compile(
    rf"\b(?P<title>(?:{_CAP}[ ](?:(?:on|of|for|the|and|in|to)[ ]){{0,2}}){{1,8}}?{_ENGLISH_HEAD}"
    rf"(?:[ ](?:on|of|for|in)(?:[ ](?:the|our))?[ ]{_CAP}(?:[ ](?:(?:of|and|on|the|for|in)[ ]){{0,2}}{_CAP})*)?)\b"
)
_ABOUT = re.compile(r"[ ](?:over|inzake|rond)[ ](?!te[ ]|dat[ ]|hoe[ ]|of[ ])")
_ENGLISH_WORD = re.compile(rf"{_ENGLISH_HEAD}|[Ll]evel")
_ENGLISH_LOWER = re.compile(rf"\b(?P<title>(?:High[- ][Ll]evel[ ](?:event|meeting|week|dialogue)|[Hh]igh[- ][Ll]evel[ ][Ss]egment)(?:[ ](?:on|of|for)(?:[ ]the)?[ ]{_CAP}(?:[ ](?:(?:of|and|on|the|for|in)[ ]){{0,2}}{_CAP})*)?)")
_COP = re.compile(r"\bCOP[ -]?(?P<n>\d{1,2})\b")
_ORDINAL = r"(?P<n>\d{1,3})(?:e|de|ste)"
_SITTING = r"(?:herfst|najaars|voorjaars)?(?:zitting|sessie)[ ]van[ ]de[ ]"
_SESSION = re.compile(
    rf"(?:\b{_SITTING})?\b{_ORDINAL}[ ]?(?:\([^()]*\)[ ])?(?:{_SITTING}(?:VN[ -])?)?(?:{_SITTING}Algemene[ ]Vergadering|Algemene[ ]Vergadering|AVVN)"
    r"(?:[ ]van[ ]de[ ](?:Verenigde[ ]Naties|VN))?(?:[ ]?\(AVVN\))?(?:-zitting)?"
    r"|\b(?P<n3>\d{1,3})(?:st|nd|rd|th)[ ][Ss]ession[ ]of[ ]the[ ](?:United[ ]Nations[ ]|UN[ ])?General[ ]Assembly(?:[ ]of[ ]the[ ]United[ ]Nations)?"
    rf"|\((?P<n2>\d{{2}})(?:e|de|ste)\)[ ]zitting[ ]van[ ]de[ ]AVVN"
)
_AVVN = re.compile(r"\b(?:[Tt]ijdens|[Gg]edurende|[Bb]ij|[Vv]oor)[ ](?:de[ ]|deze[ ])(?:komende[ ]|aankomende[ ]|aanstaande[ ]|afgelopen[ ]|vorige[ ]|huidige[ ])?(?P<e>AVVN(?:-zitting|-week)?|Algemene Vergadering)\b")
_WEEK = re.compile(r"\b(?P<e>(?:ministeri(?:ë|e)le|openings|AVVN-|high[- ]level[ -]?)[ ]?week|openingsweek|AVVN-week|High Level Week|(?<=deze )week|(?<=aan de )week|(?<=tijdens de )week|(?<=gedurende de )week)\b"
                   rf"(?:[ ]van[ ]de[ ](?:vorige[ ]AVVN|{_ORDINAL}[ ](?:zitting[ ]van[ ]de[ ])?(?:Algemene[ ]Vergadering(?:[ ]van[ ]de[ ]Verenigde[ ]Naties)?(?:[ ]\(AVVN\))?|AVVN)|AVVN))?", re.I)
_GENERAL_DEBATE = re.compile(r"\b(?:General Debate|[Aa]lgeme(?:ne|en) [Dd]ebat)\b(?! (?:over|inzake)\b)")


class EventRecogniser:
    """Proposes events; ``data`` has type, head, topic or title, whether definite, and the session for the Assembly."""

    def __init__(self, nlp: Language, vocabularies: str) -> None:
        rows: dict[str, Any] = yaml.safe_load((Path(vocabularies) / "events.yaml").read_text(encoding="utf-8"))
        self._types = {f.lower(): r["type"] for r in rows["heads"] for f in (r["form"], r.get("plural")) if f}
        self._plural = {r["plural"].lower() for r in rows["heads"] if r.get("plural")}
        self._exceptions = {x.lower() for x in rows["exceptions"]}
        self._general = set(rows["general"])
        self._not_before = tuple(rows["not_before"])
        self._needs_compound = set(rows["needs_compound"])
        self._short, self._before_short = set(rows["short_heads"]), set(rows["before_short_heads"])
        verbs = _verbs(Path(vocabularies) / "frames.yaml", rows["verb_classes"]) | set(finite_forms(Path(vocabularies)))
        self._never_modifier = _STOP_MODIFIER | set(rows["not_modifiers"]) | verbs
        self._phrase_end = re.compile(rf"{_END.pattern}|[ ](?:{'|'.join(map(re.escape, [*rows['phrase_end'], *sorted(verbs)]))})\b")
        forms = "|".join(re.escape(f).replace(r"\ ", "[ ]") for f in sorted(self._types, key=len, reverse=True))
        self._head = re.compile(rf"(?:{forms})(?![\w-])")  # over lower-case text: several times faster than without regard to case

    def __call__(self, doc: Doc) -> Doc:
        """Add the proposals to ``doc._.candidates``."""
        text = text_of(doc)
        found: list[Candidate] = []
        assembly = "AVVN" in text or "ergadering" in text or "zitting" in text or "Assembly" in text
        for m in _SESSION.finditer(text) if assembly else ():
            found.append(_assembly(m.start(), m.end(), "avvn", int(m["n"] or m["n2"] or m["n3"]), m.group()))
        for m in _AVVN.finditer(text) if assembly else ():
            found.append(_assembly(m.start("e"), m.end("e"), "avvn", None, m["e"]))
        lower = text.lower()
        for m in _WEEK.finditer(text) if "week" in lower else ():
            previous = bool(re.search(r"vorige", m.group()))
            c = _assembly(m.start(), m.end(), "ministeriele-week-avvn", int(m["n"]) if m["n"] else None, m.group())
            c.data["previous"] = previous
            found.append(c)
        for m in _GENERAL_DEBATE.finditer(text) if "eba" in text else ():
            found.append(_assembly(m.start(), m.end(), "algemeen-debat-avvn", None, m.group()))
        for m in _COP.finditer(text):
            found.append(Candidate("event", m.start(), m.end(), f"cop-{m['n']}", m.group(), 6,
                                   {"type": "Conference", "title": f"COP {m['n']}", "fixed": True}))
        for pattern in (_ENGLISH, _ENGLISH_LOWER) if _ENGLISH_WORD.search(text) else ():
            for m in pattern.finditer(text):
                title = re.sub(r"^(?:De|Het|Een|In|Tijdens|Op|Bij|Ook)[ ]", "", m["title"])
                start = m.end() - len(title)
                at_it = re.search(r"(?i)\b(?:tijdens|bij|op|voorafgaand aan|gedurende)[ ](?:(?:het|de|een|dit|deze)[ ])?(?:\w+[ ])?$", text[:start])
                if (title.endswith("Forum") or " Forum on " in title) and not at_it:
                    continue  # a forum is a body, and a meeting only where something happens at it
                if len(title.split()) > 1 and " Session of " not in title:
                    data = {"type": _english_type(title), "title": title, "head": title.lower(), "definite": True}
                    about = _ABOUT.match(text, m.end())
                    if about:  # "de High Level Meeting over tuberculose"
                        end = self._end_of_phrase(text, about.end())
                        topic = text[about.end():end].strip()
                        title = f"{title}{about.group()}{topic}"
                        data |= {"np_end": end, "topic": topic, "title": title}
                    found.append(Candidate("event", start, m.end(), None, title, 5, data))
        for m in self._head.finditer(lower if len(lower) == len(text) else text):
            start = m.start()  # of the compound that the head ends
            while start and (text[start - 1].isalnum() or text[start - 1] in "-_"):
                start -= 1
            candidate = self._by_head(text, start, m.start(), m.end())
            if candidate:
                found.append(candidate)
        return propose(doc, found)

    def _by_head(self, text: str, start: int, at: int, end: int) -> Candidate | None:
        head, compound, whole = text[at:end].lower(), text[start:at], text[start:end].lower()
        if compound[:1] == "-":
            return None
        if text[start:end].endswith("Panel"):
            return None  # "het High-Level Panel" is a body
        if whole in self._exceptions or compound.lower().rstrip("-").endswith(self._not_before):
            return None
        if head in self._needs_compound and not compound:
            return None
        if head in self._short and compound and not compound.endswith("-") and compound.lower().rsplit("-", 1)[-1] not in self._before_short:
            return None
        words: list[str] = []
        for word in reversed(text[max(0, start - 80):start].split(" ")[:-1][-6:]):
            if word.lower() in self._never_modifier or not _MODIFIER.fullmatch(word):
                break
            if words and word[0].isupper() and _PARTICIPLE.fullmatch(words[0]):
                break  # "een door Nederland georganiseerde bijeenkomst": Nederland is the agent, no part of the name
            words.insert(0, word)
        pre = " ".join(words)
        start -= len(pre) + 1 if pre else 0
        determiner = re.search(r"\b(\w+)[ ]$", text[:start])
        det = determiner[1].lower() if determiner else ""
        if head == "zitting" and (not pre or not any(w.islower() for w in pre.split())) and not compound and det not in ("de", "een", "deze", "die", "elke", "iedere", "tijdens"):
            return None  # "heeft zitting in de Raad"
        if head == "zitting" and pre[:1].isupper() and re.match(r"[ ](?:te[ ])?(?:nemen|neemt|nam|namen|genomen|hebben|heeft|had)\b", text[end:]):
            return None  # "in de Raad zitting nemen"
        data: dict[str, Any] = {"type": self._types[head], "head": head, "pre": pre, "compound": compound,
                                "plural": head in self._plural, "det": det}
        quoted = _QUOTED.match(text, end)
        label = text[start:end]
        if quoted:
            data["title"], label, end = quoted["title"], quoted["title"], quoted.end()
        else:
            named = re.compile(rf"[ ](?P<title>\d+(?:[ ][a-z]+){{2,10}}|(?:\d+[ ])?[A-Z][\w’'-]+(?:[ ](?:[a-z]{{2,8}}|{_CAP}|on|of|the|and)){{0,9}}?[ ]?(?:{_CAP})?)(?=[ ](?:met|werd|is|was|als|onder|van|door|in)[ ]|[,.:;]|$)").match(text, end)
            topic = _TOPIC.match(text, end) or _LATER.match(text, end)
            if topic and re.match(r"(?:te|dat|hoe|of)[ ]", text[topic.end():topic.end() + 4]):
                topic = None
            if topic and _DATE.match(text, topic.end()):
                topic = None  # "de top van 24 en 25 september"
            if topic:
                end_topic = self._end_of_phrase(text, topic.end())
                particle = re.compile(r"[ ](?:bij|aan|in|op|toe|mee|af|uit|voor|door|over|samen|en)$").search(text, topic.end(), end_topic)
                end_topic = particle.start() if particle else end_topic
                # "bijeenkomst van X over Y": go on to the topic behind the body
                further = re.search(r"[ ](?:over|inzake)[ ]", text[topic.end():end_topic])
                data["topic"] = text[topic.end() + (further.end() if further else 0):end_topic].strip()
                titled = _TITLE_BEHIND.search(text, topic.end(), end_topic)
                when = _WHEN.search(text, topic.end(), end_topic)
                label = text[start:when.start() if when else end_topic].strip()
                if topic.groupdict().get("particle"):  # "riep een top bijeen over …": the particle is no part of the name
                    label = label.replace(f" {topic['particle']} ", " ", 1)
                if when:
                    data["topic"] = _WHEN.sub("", " " + data["topic"]).strip()
                data["np_end"] = end_topic
                if titled and topic["prep"] == "van":
                    data["title"], label, end = titled["title"], titled["title"], titled.end()
            elif named and data["type"] != "BilateralTalk" and not named["title"].split()[0].isupper():
                data["title"], label, end = named["title"].strip(), named["title"].strip(), named.end()
        data["general"] = head in self._general and not (pre or compound or "topic" in data or "title" in data)
        return Candidate("event", start, end, None, label, 2 if "title" not in data else 4, data)


    def _end_of_phrase(self, text: str, start: int) -> int:
        """Where the noun phrase that begins at ``start`` ends."""
        stop = self._phrase_end.search(text, start)
        while stop and _FOR_WHOM.match(text, stop.start()):
            stop = self._phrase_end.search(text, stop.end())
        return next_constituent(text, start, stop.start() if stop else len(text))


def _verbs(path: Path, classes: Sequence[str]) -> set[str]:
    known = yaml.load(path.read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))["classes"]
    return {word for name in classes for word in known[name]}


def _assembly(start: int, end: int, prefix: str, session: int | None, label: str) -> Candidate:
    kind = {"avvn": "AssemblySession", "ministeriele-week-avvn": "MinisterialWeek"}.get(prefix, "Debate")
    return Candidate("event", start, end, f"{prefix}-{session}" if session else None, label, 7,
                     {"type": kind, "assembly": prefix, "session": session, "definite": True})


def _english_type(title: str) -> str:
    for word, kind in (("Summit", "Summit"), ("Conference", "Conference"), ("Debate", "Debate"), ("Forum", "Conference")):
        if word in title:
            return kind
    return "Meeting"


@Language.factory("avvn_events", default_config={"vocabularies": ""})
def create_event_recogniser(nlp: Language, name: str, vocabularies: str) -> EventRecogniser:
    """Make the component; ``vocabularies`` is the folder of the vocabulary files."""
    return EventRecogniser(nlp, vocabularies)
