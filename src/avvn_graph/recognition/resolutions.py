"""Resolutions: numbered ("VNVR-resolutie 2417 (2018)", "A/RES/72/279") and by topic ("resolutie over …")."""

from __future__ import annotations

import re
from pathlib import Path

from spacy.language import Language
from spacy.tokens import Doc

from avvn_graph.recognition.candidates import Candidate, propose, text_of
from avvn_graph.recognition.vocabulary import finite_forms, next_constituent

_SYMBOL = re.compile(r"\b(?P<s>S/RES/\d{2,4}|A/RES/(?:ES-)?\d{1,3}/\d{1,4}|A/HRC/RES/(?:S-)?\d{1,3}/\d{1,3})(?:[ ]?\((?P<year>\d{4})\))?")
_WORD = r"(?:[\w-]*[Rr]esolutie(?:s)?|[Rr]esolution)"
_NUMBERED = re.compile(rf"\b(?P<word>{_WORD})[ ](?:nr\.?[ ])?(?P<list>(?:(?:ES-)?\d{{2,4}}(?:/\d{{1,3}})?|S-\d{{1,2}}/\d{{1,2}})(?:[ ]?\(\d{{4}}\))?"
                       r"(?:(?:,[ ]|[ ]en[ ])\d{3,4}(?:[ ]?\(\d{4}\))?)*)(?![.,]?\d|[ ](?:miljoen|miljard|euro))")
_ONE = re.compile(r"(?P<number>S-\d{1,2}/\d{1,2}|(?:ES-)?\d{2,4}(?:/\d{1,3})?)(?:[ ]?\((?P<year>\d{4})\))?")
# Where the topic of a resolution ends: at a finite verb, a participle or the next clause.
_END = re.compile(
    r"[,.;:()«»?!]|[ ](?:werd|werden|wordt|worden|is|zijn|was|waren|heeft|hebben|had|zal|zullen|die|dat|waarin|waarmee|waarbij|"
    r"onthouden|gestemd|presenteren|indienen|agenderen|steunen|ondersteunen|introduceren|inbrengen|opgeroepen|aangenomen|ingediend|unaniem|geïnitieerd|gesteund|om|omdat|nadat|toen|kan|kon|dient|roept|riep|"
    r"tijdens|mede|biedt|bood|als|sprak|spreekt|ook|opnieuw|niet|evenmin|zonder stemming|bij consensus|met overweldigende|met algemene|met brede|in stemming|in stemming komt|in te dienen|te agenderen|met consensus|op initiatief|door|rekenen op|berust|stuit|met (?:een|zijn|haar|hun) veto|voorgestemd|tegengestemd)\b"
)
# The separable part of a verb ("diende … in", "nam … aan") closes the clause and is no part of the topic.
_PARTICLE = re.compile(r"[ ](?:in|aan|voor|op)$")
_TOPIC = re.compile(
    rf"(?P<pre>(?:\b(?:[a-zé]+(?:lijkse|ige|ale|ele|ieve|ende|iële|sche|eerde|ste|ege)|[A-Z][\w-]+)[ ]){{0,3}})\b(?P<word>{_WORD})"
    r"[ ](?P<prep>over|inzake|betreffende|aangaande|tegen|ter|voor|gewijd aan|met betrekking tot|gericht op|on)[ ]"
)
_QUOTED = re.compile(rf"\b(?P<word>{_WORD})[ ](?P<open>[«“\"‘'])(?P<title>[^»”\"’']{{4,160}})[»”\"’']")
_TITLED = re.compile(rf"\b(?P<word>{_WORD})[ ](?P<title>[A-Z][\w-]+(?:[ ](?:of|on|and|for|the|in)|[ ][A-Z][\w-]+)+)")
_NAMED = re.compile(r"(?P<title>(?:[A-Z][\w-]+[ ])+[Rr]esolution\b|(?:[A-Z][\w-]+[ ])+?[A-Z][\w]+-resoluties?\b)")
# Who drafted it stands between the word and the topic: "een ontwerpresolutie van X en Y over Z".
_BY = re.compile(rf"\b(?P<word>{_WORD})[ ]van[ ](?=[A-ZÀ-Þ])(?P<who>(?:(?![ ](?:over|inzake|die|dat|van)[ ])[^.;:()«»]){{3,90}})[ ](?P<prep>over|inzake)[ ]")
# What is done with it stands between: "had de Vergadering een resolutie aangenomen over Z".
_DONE = re.compile(rf"\b(?P<word>{_WORD})[ ](?:aangenomen|aanvaard|ingediend|ingebracht|gepresenteerd|voorgelegd|voorgesteld)[ ](?P<prep>over|inzake)[ ]")
_COUNTRY = re.compile(r"\b(?P<topic>[A-ZÀ-Þ][a-zà-ÿ][\w]+)-(?P<word>(?:ontwerp)?resolutie)\b")
_LATER = re.compile(rf"\b(?P<word>{_WORD})[ ](?P<particle>in|aan|voor)[ ](?P<prep>over|inzake|betreffende|tegen)[ ]")
_BARE = re.compile(rf"\b(?P<det>[Dd]eze|[Dd]e|[Ee]en|[Dd]ie)[ ](?P<by>door[ ](?:[\w’-]+[ ]){{1,8}}?(?:ingediende|ingebrachte|opgestelde|geschreven|voorgestelde|gepresenteerde|geïnitieerde)[ ])?(?:[a-zé-]+e[ ]){{0,3}}(?P<word>{_WORD})\b(?![ ](?:\d|over\b|inzake\b))")


class ResolutionRecogniser:
    """Proposes resolutions; ``data`` has symbol or topic, year and the body that the word itself names."""

    def __init__(self, nlp: Language, vocabularies: str) -> None:
        self._end = re.compile(rf"{_END.pattern}|[ ](?:{'|'.join(map(re.escape, finite_forms(Path(vocabularies))))})\b")

    def __call__(self, doc: Doc) -> Doc:
        """Add the proposals to ``doc._.candidates``."""
        text = text_of(doc)
        if "esoluti" not in text and "RES/" not in text:
            return propose(doc, [])
        found: list[Candidate] = []
        for m in _SYMBOL.finditer(text):
            found.append(_numbered(m.start(), m.end(), m["s"], m["year"], m.group()))
        for m in _NUMBERED.finditer(text):
            body = body_of(m["word"])
            for n, one in enumerate(_ONE.finditer(m["list"])):
                symbol = _symbol(one["number"], body, text)
                if symbol:
                    at = m.start("list")
                    start = m.start() if n == 0 else at + one.start()
                    candidate = _numbered(start, at + one.end(), symbol, one["year"], text[start:at + one.end()])
                    candidate.data["series"] = body is not None  # whether the text says whose it is
                    about = re.compile(r"[ ](?:\([^()]*\)[ ])?(?:aan[ ])?(?:over|inzake)[ ](?:(?:het|de)[ ](?:verband(?:en)?|link)[ ]tussen[ ])?").match(text, at + one.end())
                    if about:
                        candidate.data["topic"] = text[about.end():self._end_of_topic(text, about.end())].strip()
                    found.append(candidate)
        for m in _TOPIC.finditer(text):
            end = self._end_of_topic(text, m.end())
            topic = text[m.end():end].strip()
            if m["word"].lower().endswith("s") and not re.search(r"(?:\d|twee|drie|vier|vijf|beide)[ ]$", text[:m.start()]):
                continue  # "resoluties over mensenrechten" are no one resolution
            if topic:
                pre = " ".join(w for w in m["pre"].split() if w.lower() not in ("de", "het", "een", "deze"))
                found.append(Candidate("resolution", m.start("word"), end, None, f"{m['word']} {m['prep']} {topic}", 3, {
                    "topic": topic, "body": body_of(m["word"]), "pre": pre,
                    "plural": m["word"].lower().endswith("s")}))
        for m in (*_QUOTED.finditer(text), *_TITLED.finditer(text)):
            found.append(Candidate("resolution", m.start(), m.end(), None, m["title"], 4,
                                   {"topic": m["title"].rstrip(" .»"), "title": m["title"], "body": body_of(m["word"])}))
        for m in _NAMED.finditer(text):
            found.append(Candidate("resolution", m.start(), m.end(), None, m.group(), 4,
                                   {"title": m["title"], "body": body_of(m.group())}))
        for m in _COUNTRY.finditer(text):
            if not body_of(m.group()):
                found.append(Candidate("resolution", m.start(), m.end(), None, m.group(), 3, {"topic": m["topic"], "body": None}))
        for m in (*_BY.finditer(text), *_DONE.finditer(text)):
            topic = text[m.end():self._end_of_topic(text, m.end())].strip()
            if topic and not m["word"].lower().endswith("s"):
                found.append(Candidate("resolution", m.start("word"), m.end("word"), None, f"{m['word']} over {topic}", 3, {"topic": topic, "body": body_of(m["word"])}))
        for m in _LATER.finditer(text):
            end = self._end_of_topic(text, m.end())
            topic = text[m.end():end].strip()
            found.append(Candidate("resolution", m.start(), end, None, f"{m['word']} over {topic}", 4,
                                   {"topic": topic, "body": body_of(m["word"]), "particle": m["particle"]}))
        for m in _BARE.finditer(text):
            if not m["word"].lower().endswith("s"):
                found.append(Candidate("resolution", m.start("word"), m.end(), None, m.group(), 0,
                                       {"bare": "een" if m["by"] else m["det"].lower(), "body": body_of(m["word"])}))
        return propose(doc, found)

    def _end_of_topic(self, text: str, start: int) -> int:
        """Where the topic that begins at ``start`` ends."""
        end = self._end.search(text, start)
        stop = next_constituent(text, start, end.start() if end else len(text))
        particle = _PARTICLE.search(text, start, stop)
        return particle.start() if particle else stop


def body_of(word: str) -> str | None:
    """The body that a compound names: ``"VNVR-resolutie"`` gives ``"VNVR"``."""
    lower = word.lower()
    for part, body in (("vnvr", "VNVR"), ("veiligheidsraad", "VNVR"), ("vr-", "VNVR"), ("avvn", "AVVN"),
                       ("mensenrechtenraad", "HRC"), ("hrc", "HRC"), ("who-", "WHO"), ("wha-", "WHO")):
        if part in lower:
            return body
    return None


def _symbol(number: str, body: str | None, text: str) -> str | None:
    if "/" in number:
        return f"A/HRC/RES/{number}" if body == "HRC" or number.startswith("S-") else f"A/RES/{number}"
    if body in (None, "VNVR") and len(number) >= 3:
        return f"S/RES/{number}"
    return None


def _numbered(start: int, end: int, symbol: str, year: str | None, label: str) -> Candidate:
    key = symbol.replace("/", "-")
    return Candidate("resolution", start, end, key, label, 6, {"symbol": symbol, "year": year})


@Language.factory("avvn_resolutions", default_config={"vocabularies": ""})
def create_resolution_recogniser(nlp: Language, name: str, vocabularies: str) -> ResolutionRecogniser:
    """Make the component; ``vocabularies`` is the folder of the vocabulary files."""
    return ResolutionRecogniser(nlp, vocabularies)
