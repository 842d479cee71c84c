"""Linking: from proposals to mentions with keys, over a whole letter.

Settles overlaps, gives one key to all names of one person or body, resolves offices through the letter itself
and through the dated office holders, completes amounts, and numbers sessions of the Assembly.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from avvn_graph.facts import Letter, Passage
from avvn_graph.recognition.candidates import Candidate
from avvn_graph.recognition.vocabulary import Vocabulary
from avvn_graph.text import short_slug, slug

FIRST_SESSION_YEAR = 1945
"""The n-th regular session of the Assembly opens in September of the year 1945 + n (UN practice since 1952)."""

_SG_TITLES = re.compile(r"(?i)^(?:VN[ -])?(?:SGVN|secretaris[- ]generaal)")
_HEAD_OF_GOVERNMENT = re.compile(r"(?i)^(?:minister-presidente?n?t?e?n?|premier|minister-presidenten)$")


@dataclass(slots=True)
class PersonEntry:
    """What one letter tells of one person."""

    key: str
    family: str
    given: str | None = None
    initials: str | None = None
    of: str | None = None
    minister: bool = False
    offices: dict[str, str] = field(default_factory=dict)  # slug of the office -> its text
    portfolios: set[str] = field(default_factory=set)
    titles: set[str] = field(default_factory=set)
    name: str | None = None  # foaf:name when it is more than the family name

    @property
    def full_name(self) -> str:
        """The fullest name the letter gives."""
        if self.name:
            return self.name
        first = self.given or self.initials
        return f"{first} {self.family}" if first else self.family


@dataclass(slots=True)
class LinkedLetter:
    """A letter's passages with their settled mentions, and the persons they name."""

    letter: Letter
    passages: tuple[Passage, ...]
    mentions: tuple[list[Candidate], ...]
    persons: dict[str, PersonEntry]


def link(letter: Letter, passages: Sequence[Passage], proposals: Sequence[Sequence[Candidate]],
         vocabulary: Vocabulary) -> LinkedLetter:
    """Settle the proposals of every passage of one letter; ``proposals[i]`` belong to ``passages[i]``."""
    settled = [_settle(p) for p in _in_context(proposals)]
    persons = _Persons(letter, vocabulary)
    persons.read(settled)
    persons.resolve_offices(passages, settled)
    persons.find_bare_names(passages, settled)
    for passage, found in zip(passages, settled, strict=True):
        _with_symbol(passage, found)
        _of_council(letter, found)
    _number_told_later(passages, settled)
    _organisations(passages, settled)
    _amounts(settled)
    _assembly_sessions(letter, passages, settled)
    _event_keys(letter, passages, settled)
    for i, found in enumerate(settled):
        settled[i] = _settle([c for c in found if c.key or c.kind == "resolution" or "anaphor" in c.data or c.data.get("unnamed")])
    return LinkedLetter(letter, tuple(passages), tuple(settled), persons.entries)


def _in_context(proposals: Sequence[Sequence[Candidate]]) -> list[list[Candidate]]:
    """Without the short forms ("de Raad") of bodies that the letter has not named in full before."""
    seen: set[str] = set()
    council: Candidate | None = None
    out = []
    for found in proposals:
        seen |= {c.key or "" for c in found if c.kind == "organisation" and "needs" not in c.data}
        kept = [c for c in found if "needs" not in c.data or c.data["needs"] in seen or (c.data["needs"] in COUNCILS and seen & COUNCILS)]
        for c in sorted(kept, key=lambda c: c.start):
            if c.key in COUNCILS and "needs" not in c.data and c.kind == "organisation":
                council = c
            elif c.data.get("needs") in COUNCILS and council is not None:
                c.key, c.label, c.data["acronym"] = council.key, council.label, council.data.get("acronym")
        out.append(kept)
    return out


COUNCILS = frozenset(("VNVR", "HRC"))
"""Bodies that "de Raad" stands for: whichever was named last."""


def _with_symbol(passage: Passage, found: list[Candidate]) -> None:
    """A resolution whose number stands in brackets behind what it says is that number: "de resolutie waarmee … (A/RES/77/276)"."""
    numbered = [c for c in found if c.kind == "resolution" and c.data.get("symbol") and passage.text[max(0, c.start - 1):c.start] == "("]
    for c in found:
        if c.kind == "resolution" and not c.key and c.data.get("bare") != "een":
            behind = [n for n in numbered if n.start >= c.end]
            before = [o for o in found if o.kind == "resolution" and o.data.get("symbol") and o.end <= c.start]
            if before and c.data.get("bare") and passage.text[before[-1].end:c.start].strip() in (", de", ", een", "– de", "(de"):
                c.key, c.data = before[-1].key, {k: v for k, v in c.data.items() if k != "bare"} | {"symbol": before[-1].data["symbol"]}
                continue  # "resolutie 2231, de resolutie die …"
            between = [o for o in found if o.kind == "resolution" and behind and c.end <= o.start < behind[0].start]
            if behind and not between:
                c.key, c.data = behind[0].key, c.data | {"symbol": behind[0].data["symbol"], "year": behind[0].data.get("year")}
                c.data.pop("bare", None)


_TEXT_NUMBERED = re.compile(r"\b(?:[Dd]e|[Hh]et|[Dd]eze|[Dd]it|[Dd]ie) (?:(?:genoemde|bovengenoemde|bedoelde|aangenomen|uiteindelijke) )?(?P<word>tekst|resolutie|ontwerp|ontwerpresolutie|voorstel) \($")


def _number_told_later(passages: Sequence[Passage], settled: Sequence[list[Candidate]]) -> None:
    """"… een resolutie over X aangenomen. De tekst (A/RES/78/1) kwam van Y": the number is of what was told without one before."""
    told: Candidate | None = None
    where = 0
    for n, (passage, found) in enumerate(zip(passages, settled, strict=True)):
        for c in sorted((c for c in found if c.kind == "resolution"), key=lambda c: c.start):
            if c.data.get("symbol") and told is not None and n - where <= _NEAR and (m := _TEXT_NUMBERED.search(passage.text[:c.start])) \
                    and not any(o.data.get("topic") and o.end <= c.start for o in found if o.kind == "resolution"):
                told.key, told.data = c.key, told.data | {"symbol": c.data["symbol"], "year": c.data.get("year")}
                for o in found:
                    if o.kind == "resolution" and o.start == m.start("word"):
                        o.key, o.data = c.key, {k: v for k, v in o.data.items() if k != "bare"} | {"symbol": c.data["symbol"]}
                told = None
            elif not c.key and c.data.get("topic"):
                told, where = c, n
            elif c.data.get("symbol"):
                told = None


_NEAR = 4
"""Passages that a text may lie back when its number is told."""
_HRC_BEGAN, _HRC_A_YEAR = 2006, 3


def _of_council(letter: Letter, found: list[Candidate]) -> None:
    """A bare "resolutie 42/2" is of the Human Rights Council where 42 was its session in those years and long past for the Assembly.

    The Council has sat three times a year since 2006, the Assembly has one session a year.
    """
    year = letter_year(letter)
    for c in found:
        number = re.fullmatch(r"A/RES/(\d{1,3})/(\d{1,3})", str(c.data.get("symbol"))) if c.kind == "resolution" and c.data.get("series") is False else None
        if number and year:
            session = int(number[1])
            if abs(session - (year - _HRC_BEGAN) * _HRC_A_YEAR) <= 2 * _HRC_A_YEAR and session < year - FIRST_SESSION_YEAR - 5:
                c.data["symbol"] = f"A/HRC/RES/{number[1]}/{number[2]}"
                c.key = c.data["symbol"].replace("/", "-")


def letter_year(letter: Letter) -> int:
    """The year a letter is about when its sentences give none."""
    if letter.meta.date:
        return int(letter.meta.date[:4])
    return FIRST_SESSION_YEAR + letter.meta.session if letter.meta.session else 0


def _settle(found: list[Candidate]) -> list[Candidate]:
    """Drop proposals that a longer or weightier one of a competing kind covers."""
    kept: list[Candidate] = []
    for c in sorted(found, key=lambda c: (-(c.end - c.start), -c.weight, c.start, c.kind, c.key or "")):
        if any(_displaces(k, c) for k in kept):
            continue
        kept.append(c)
    return sorted(kept, key=lambda c: (c.start, -c.end, c.kind))


_RIVALS = {"organisation", "treaty", "mission"}


def _displaces(kept: Candidate, c: Candidate) -> bool:
    if not kept.overlaps(c):
        return False
    if kept.kind == c.kind:
        if c.kind == "dossier":
            return kept.key == c.key
        if c.kind == "event" and kept.data.get("assembly") and c.data.get("assembly"):
            return kept.covers(c) and kept.data["assembly"] == c.data["assembly"]
        return not (c.kind == "event" and "assembly" in c.data and "assembly" not in kept.data)
    if c.kind == "country":
        return kept.kind == "amount" or (kept.kind == "person" and "name_at" in kept.data
                                         and c.start >= kept.data["name_at"] and c.end <= kept.data["name_at"] + len(kept.data["name"]))
    if kept.kind in _RIVALS and c.kind in _RIVALS:
        return kept.weight >= c.weight or kept.covers(c)
    if kept.kind == "person" and c.kind == "organisation":
        return not c.data.get("known")
    if kept.kind == "dossier":
        return c.kind in ("amount", "organisation")
    return kept.kind in ("treaty", "organisation", "resolution") and c.kind == "event" and kept.covers(c) and "assembly" not in c.data


_NEXT_COUNTRY = re.compile(r"(?:,[ ]|[ ]en[ ]|[ ]alsmede[ ])(?:van[ ])?(?:de[ ]|het[ ])?(?P<p>[A-ZÀ-Þ][\w-]+(?:[ ][A-ZÀ-Þ][\w-]+)?)")
_SINGULAR = re.compile(r"(?i)(president|minister|premier|minister-president|staatssecretaris|collega|ambtgenoot|vicepresident|ambassadeur)(?:s|en|sen|’s|'s)$")


class _Persons:
    def __init__(self, letter: Letter, vocabulary: Vocabulary) -> None:
        self.letter = letter
        self.vocabulary = vocabulary
        self.entries: dict[str, PersonEntry] = {}
        self._dutch = {slug(h.family_name) for h in vocabulary.holders if h.country == "NL"}
        self._date = (letter.meta.date or f"{letter_year(letter) or 9999}-09")[:10]

    # -- names -----------------------------------------------------------------------------------------------------
    def read(self, settled: Sequence[list[Candidate]]) -> None:
        named = [c for found in settled for c in found if c.kind == "person" and "name" in c.data]
        # Fuller introductions first, so that a bare "Minister X" joins them whatever the order of the text.
        members: dict[str, list[Candidate]] = {}
        for c in sorted(named, key=lambda c: -sum(bool(c.data.get(k)) for k in ("portfolio", "of", "given", "complement"))):
            entry = self._entry(c)
            members.setdefault(entry.key, []).append(c)
            self._learn(entry, c)
        for key, cs in members.items():
            entry = self.entries.pop(key)
            fuller = slug(entry.family)
            if key != fuller and fuller.endswith(key) and fuller not in self.entries:
                entry.key = fuller  # "Römer" turned out to be Camelia-Römer
            self.entries[entry.key] = entry
            for c in cs:
                c.key, c.label = entry.key, entry.full_name

    def _entry(self, c: Candidate) -> PersonEntry:
        family = c.data["family"]
        key = slug(family)
        for entry in self.entries.values():
            same = slug(entry.family) == key
            part = not same and (slug(entry.family).endswith("-" + key) or key.endswith("-" + slug(entry.family)))
            if (same or part) and self._compatible(entry, c, strict=part):
                if part and len(key) > len(slug(entry.family)):
                    entry.family = family
                return entry
        if key in self.entries:
            first = c.data.get("given") or c.data.get("initials") or c.data.get("of") or str(len(self.entries))
            key = f"{key}-{slug(str(first))}"
        entry = PersonEntry(key, family)
        self.entries[key] = entry
        return entry

    @staticmethod
    def _compatible(entry: PersonEntry, c: Candidate, strict: bool) -> bool:
        first, other = entry.given or entry.initials, c.data.get("given") or c.data.get("initials")
        if first and other and first[0] != other[0] and entry.given and c.data.get("given"):
            return False
        of = c.data.get("of")
        if of and entry.of and of != entry.of and not (of.startswith("org:") or entry.of.startswith("org:")):
            return False
        if strict:  # "Römer" and "Camelia-Römer" are one when they serve one country
            return bool(of and of == entry.of)
        return True

    def _learn(self, entry: PersonEntry, c: Candidate) -> None:
        d = c.data
        entry.given = entry.given or d.get("given")
        entry.initials = entry.initials or d.get("initials")
        entry.name = entry.name or d.get("full")
        entry.of = entry.of or d.get("of")
        entry.minister = entry.minister or bool(d.get("minister"))
        if d.get("title"):
            entry.titles.add(str(d["title"]).lower().rstrip("s"))
        if d.get("portfolio"):
            entry.portfolios.add(slug(d["portfolio"]))

    # -- offices ---------------------------------------------------------------------------------------------------
    def resolve_offices(self, passages: Sequence[Passage], settled: list[list[Candidate]]) -> None:
        self._signatures(passages, settled)
        for passage, found in zip(passages, settled, strict=True):
            extra: list[Candidate] = []
            for c in found:
                if c.kind == "person" and c.data.get("by_office"):
                    extra += self._resolve(passage, c)
            found += extra

    def _signatures(self, passages: Sequence[Passage], settled: list[list[Candidate]]) -> None:
        """"De Minister van X, / S.A. Blok": the office and the name below it belong together."""
        for passage, found in zip(passages, settled, strict=True):
            if passage.kind != "signature":
                continue
            office = next((c for c in found if c.data.get("by_office")), None)
            name = next((c for c in found if c.kind == "person" and c.data.get("name")), None)
            if office and name and name.key:
                entry = self.entries[name.key]
                name.data |= {k: office.data.get(k) for k in ("office_text", "portfolio", "title", "office", "minister")}
                name.data["of"] = "NL"
                name.start = min(name.start, office.start)
                self._learn(entry, name)
                office.data["by_office"] = False
                office.data["anaphor"] = "signature"
                found.remove(office)

    def _resolve(self, passage: Passage, c: Candidate) -> list[Candidate]:
        """Give an office without a name its holder; returns further holders of a co-ordinated office."""
        d = c.data
        title, portfolio, of = str(d["title"]), d.get("portfolio"), d.get("of")
        extra: list[Candidate] = []
        ends: list[tuple[str, int]] = []
        codes: list[str | None] = [of]
        if of and not of.startswith("org:") and title.lower().endswith(("s", "en")):
            ends = self._further_countries(passage.text, c.end)
            codes += [code for code, _ in ends]
        if _SG_TITLES.match(title) and not (portfolio or (of and of not in ("org:VN", "org:AVVN"))):
            d["of"] = "org:VN"
            entry = next((e for e in self.entries.values() if any(_SG_TITLES.match(t) for t in e.titles)), None)
            if entry:
                self._assign(c, entry, "")
            else:
                d |= {"unnamed": True, "office_text": "Secretaris-Generaal"}
            return []
        if re.search(r"(?i)\bkoning(?:in)?$", title) and not portfolio and not of:
            alone = title.lower().split()[-1]
            reigning = [e for e in self.entries.values() if any(t.split()[-1] == alone for t in e.titles)]
            if len(reigning) == 1 and not d.get("adjective"):
                self._assign(c, reigning[0], "")
                return []
            c.data |= {"unnamed": True, "office_text": re.split(r"[ ]", title)[-1].capitalize()}
            return []
        for n, code in enumerate(codes):
            target = c if n == 0 else Candidate("person", c.start, ends[n - 1][1], None, c.label, c.weight, dict(d) | {"of": code})
            if len(codes) > 1:  # one of several: "de presidenten van X, Y en Z" are three, each with an office of their own
                target.data |= {"office_text": _SINGULAR.sub(r"\1", title) + (f" {d.get('prep', 'van')} {portfolio}" if portfolio else ""), "adjective": code}
            entry = self._in_letter(title, portfolio, code) or self._in_vocabulary(title, portfolio, code)
            if entry:
                self._assign(target, entry, "")
            elif re.search(r"(?i)ministers$|presidenten$|collega.s$", title) and (not code or code.startswith("org:")):
                target.data["anaphor"] = "several"
            elif portfolio or code or d.get("complement"):
                target.data["unnamed"] = True
            elif re.search(r"(?i)s$|bewinds|leden$", title):
                target.data["anaphor"] = "several"
            else:
                target.data["anaphor"] = "minister" if d.get("minister") else "person"
            if n:
                extra.append(target)
        if extra:
            extra[-1].data["with"] = [c, *extra[:-1]]
        return extra

    def _further_countries(self, text: str, at: int) -> list[tuple[str, int]]:
        """The countries that go on a list behind an office in the plural: (code, end) each, none when the list has no end."""
        found: list[tuple[str, int]] = []
        while m := _NEXT_COUNTRY.match(text, at):
            code = next(((c, n) for n in (m["p"], m["p"].split()[0]) if (c := _country_code(self.vocabulary, n))), None)
            if code is None:
                break
            at = m.start("p") + len(code[1])
            found.append((code[0], at))
            if " en " in m.group() or " alsmede " in m.group():
                return found
        return []

    def _in_letter(self, title: str, portfolio: str | None, of: str | None) -> PersonEntry | None:
        country = of or "NL"
        for entry in self.entries.values():
            if (entry.of or ("NL" if not entry.of and self._is_dutch(entry) else None)) != country:
                continue
            if portfolio and slug(portfolio) in entry.portfolios:
                return entry
            if not portfolio and _HEAD_OF_GOVERNMENT.match(title) and any(_HEAD_OF_GOVERNMENT.match(t) for t in entry.titles):
                return entry
        return None

    def _is_dutch(self, entry: PersonEntry) -> bool:
        return entry.key in self._dutch

    def _in_vocabulary(self, title: str, portfolio: str | None, of: str | None) -> PersonEntry | None:
        if portfolio:
            wanted = re.sub(r"s$", "", title) + " " + portfolio
        elif _HEAD_OF_GOVERNMENT.match(title):
            wanted = "Minister-President"
        else:
            return None
        return self._by_holder(wanted, of or "NL")

    def _by_holder(self, office: str, of: str) -> PersonEntry | None:
        wanted = re.sub(r"-(?:van|voor)-", "-", slug(office))
        for h in self.vocabulary.holders:
            same = re.sub(r"-(?:van|voor)-", "-", slug(h.office)) == wanted
            country = h.country == of or (of.startswith("org:") and h.country in (of, of[4:], "UN"))
            if same and country and (not h.since or h.since[:len(self._date)] <= self._date) and (not h.until or self._date < h.until[:len(self._date)] or self._date <= h.until[:7]):
                key = slug(h.family_name)
                entry = self.entries.get(key)
                if entry is None:
                    entry = PersonEntry(key, h.family_name, of=of, minister="inister" in office, name=h.full_name or None)
                    self.entries[key] = entry
                return entry
        return None

    @staticmethod
    def _assign(c: Candidate, entry: PersonEntry | None, fallback: str) -> None:
        if entry:
            c.key, c.label = entry.key, entry.full_name
        elif fallback:
            c.data["unnamed"] = True

    # -- bare names ------------------------------------------------------------------------------------------------
    def find_bare_names(self, passages: Sequence[Passage], settled: list[list[Candidate]]) -> None:
        """A person once introduced is found again by family name alone."""
        names = {e.family: e.key for e in self.entries.values() if len(e.family) > 2}
        # a key shared by two people is no longer told by the family name
        if not names:
            return
        pattern = re.compile(rf"(?<![\w-])(?:{'|'.join(re.escape(n) for n in sorted(names, key=len, reverse=True))})(?![\w-])")
        for passage, found in zip(passages, settled, strict=True):
            for m in pattern.finditer(passage.text):
                c = Candidate("person", m.start(), m.end(), names[m.group()], m.group(), 0, {})
                if not any(o.overlaps(c) for o in found if o.kind in ("person", "organisation", "treaty", "country")):
                    found.append(c)


def _country_code(vocabulary: Vocabulary, name: str) -> str | None:
    return next((c.code for c in vocabulary.countries if name in c.names), None)


def _organisations(passages: Sequence[Passage], settled: list[list[Candidate]]) -> None:
    """Acronyms that a letter defines are found again."""
    defined: dict[str, Candidate] = {}
    for passage, found in zip(passages, settled, strict=True):
        for c in list(found):
            if c.kind != "organisation":
                continue
            if "defines" in c.data and not c.data.get("known"):
                defined[c.data["defines"]] = c
        for acronym, first in defined.items():
            if acronym not in passage.text:
                continue
            for m in re.finditer(rf"(?<![\w(-]){re.escape(acronym)}(?![\w])", passage.text):
                c = Candidate("organisation", m.start(), m.end(), first.key, first.label, 2, {"acronym": acronym})
                if not any(o.overlaps(c) for o in found if o.kind in _RIVALS):
                    found.append(c)


def _amounts(settled: list[list[Candidate]]) -> None:
    """An amount without a currency takes that of the last one before it in the same section of text."""
    last: tuple[int, str] | None = None
    for n, found in enumerate(settled):
        for c in list(found):
            if c.kind != "amount":
                continue
            if c.data["currency"]:
                last = n, c.data["currency"]
            elif last and n - last[0] <= 3:
                c.data["currency"] = last[1]
            else:
                found.remove(c)
                continue
            c.key = f"{c.data['currency']}-{c.data['value']}".lower().replace(".", "-")


_YEAR = re.compile(r"\b(20[0-4]\d|19[89]\d)\b")
_SITTING_NUMBER = re.compile(r"(\d{2,3})(?:e|de|ste) (?:(?:herfst|najaars)?zitting|sessie)")
_ORDINAL_SESSION = re.compile(r"\b(\d{2})(?:e|de|ste)\b[^.]{0,30}(?:Algemene Vergadering|AVVN|ALGEMENE VERGADERING)", re.S)


def _assembly_sessions(letter: Letter, passages: Sequence[Passage], settled: list[list[Candidate]]) -> None:
    """Give sessions, ministerial weeks and general debates of the Assembly their number.

    In order: the number printed, a year in the same sentence, "vorige", the annex's own heading, the letter's session.
    """
    current = letter.meta.session
    for passage, found in zip(passages, settled, strict=True):
        heading = _ORDINAL_SESSION.search(passage.text) if passage.kind == "heading" else None
        if heading:
            current = int(heading[1])
        for c in found:
            if c.kind == "event" and "assembly" not in c.data and not c.key and (numbered := _SITTING_NUMBER.fullmatch(c.label)) \
                    and abs(letter_year(letter) - FIRST_SESSION_YEAR - int(numbered[1])) <= 1:
                c.data |= {"assembly": "avvn", "session": int(numbered[1]), "type": "AssemblySession"}
                c.key = f"avvn-{numbered[1]}"  # no other body of the UN has sat so often
            if c.kind != "event" or "assembly" not in c.data or c.key:
                continue
            session = current
            years = [int(y) for y in _YEAR.findall(passage.text[c.end:c.end + 14])]
            explicit = [o.data["session"] for o in found if o.data.get("session") and o is not c]
            if years:
                session = years[0] - FIRST_SESSION_YEAR
            elif explicit:
                session = explicit[0]
            elif c.data.get("previous") and letter.meta.session:
                session = letter.meta.session - 1
            if session:
                c.key, c.data["session"] = f"{c.data['assembly']}-{session}", session


_WORDS_DROPPED = {"de", "het", "een", "van", "voor", "over", "en", "in", "op", "the", "of", "for", "on", "and", "met", "tot", "bij", "aan", "te", "to", "vn"}


def content_words(text: str) -> frozenset[str]:
    """The words of a phrase that tell what it is about, lower-case and without accents."""
    return frozenset(w for w in slug(text).split("-") if w not in _WORDS_DROPPED and len(w) > 1)


def _without_names(found: Sequence[Candidate]) -> None:
    """An event's name does not begin with who acts: "had het Koninkrijk zitting", "sprak Minister X tijdens …"."""
    for c in found:
        if c.kind != "event" or not c.data.get("pre"):
            continue
        inside = [o for o in found if o.kind in ("person", "country") and o.data.get("form") != "adjective" and c.start <= o.start and o.end < c.end
                  and o.end <= c.start + len(c.data["pre"])]
        if inside:
            cut = max(o.end for o in inside) - c.start + 1
            c.data["pre"] = c.data["pre"][cut:]
            c.label, c.start = c.label[cut:] or c.label, c.start + cut


_AND = re.compile(r"(?:,|[ ](?:en|alsmede|alsook)|,[ ]en)[ ](?:(?:de|het|zijn|haar|hun|mijn)[ ])?(?:[\w-]+e[ ])?")
_TALK_WITH = re.compile(r"[ ](?:met|tussen)[ ]")


def _talk_with(text: str, c: Candidate, found: Sequence[Candidate]) -> list[Candidate]:
    """Whom an indefinite talk is with: "had ontmoetingen met X en Y" tells of no talk that was told before."""
    behind = _TALK_WITH.match(text, c.end)
    if c.data.get("type") != "BilateralTalk" or not c.data.get("plural") or not c.data.get("general") or not behind or c.data.get("det") in _DEFINITE:
        return []
    at = behind.end()
    who: list[Candidate] = []
    for o in sorted(found, key=lambda o: (o.start, -o.end)):
        if o.kind in ("person", "country", "organisation") and o.start >= at - 1 and o.data.get("form") != "adjective" and (o.key or o.data.get("unnamed")):
            if not (_AND.fullmatch(text[at:o.start]) if who else o.start - at < 40 and not re.search(r"[.;:,]", text[at:o.start])):
                break
            who.append(o)
            at = o.end
    return who


_DEFINITE = frozenset(("de", "het", "deze", "dit", "die", "dat", "alle", "beide", "hun", "zijn", "haar", "mijn", "onze", "genoemde"))


def _event_keys(letter: Letter, passages: Sequence[Passage], settled: list[list[Candidate]]) -> None:
    """Name events by what the text calls them and the year; same title or same kind and topic is the same event."""
    known: list[tuple[Candidate, frozenset[str], int]] = []
    year = letter_year(letter)
    for passage, found in zip(passages, settled, strict=True):
        _without_names(found)
        for c in found:
            if c.kind != "event" or c.key:
                continue
            d: dict[str, Any] = c.data
            with_whom = _talk_with(passage.text, c, found)
            if with_whom:
                c.label = f"{c.label} met {' en '.join(o.label for o in with_whom[:3])}"
            elif (d.get("general") and d.get("det") != "een") or (d.get("det") in ("deze", "dit", "die") and "title" not in d and "topic" not in d):
                d["anaphor"] = "event"
                continue
            if d.get("det") in ("het", "de") and not ({"title", "topic"} & d.keys()) and not d.get("pre") and not d.get("compound"):
                d["anaphor"] = "event"
                continue
            words = content_words(d.get("title") or c.label)
            same = _apposed(passage.text, found, c) or next((k for k, w, n in reversed(known) if _same_event(k, w, c, words)), None)
            if same is not None:
                c.key, c.label = same.key, same.label
            else:
                stated = _YEAR.search(passage.text[c.start:c.data.get("np_end", c.end) + 10])
                when = stated[1] if stated else (str(year) if year else letter.meta.slug)
                if not {"title", "topic"} & d.keys() and not re.search(r"[A-ZÀ-Þ]", d.get("pre", "")):
                    when = letter.meta.slug  # "een bijeenkomst" of one letter is not that of another of the same year
                base = short_slug(c.label)
                base = base if base.endswith(when) else f"{base}-{when}"
                c.key, n = base, 1
                while any(k.key == c.key for k, _, _ in known):
                    n += 1
                    c.key = f"{base}-{n}"
            known.append((c, words, passage.paragraph))


_APPOSED = re.compile(r"(?:[ ]in[ ][A-ZÀ-Þ]\w+)?(?:,[ ]een[ ]|[^.;,()]{0,25}[ ]\((?:de[ ]|het[ ])?)")


def _apposed(text: str, found: Sequence[Candidate], c: Candidate) -> Candidate | None:
    """The event that a second name stands beside: "de Summit in Londen, een conferentie …", "de Klimaatconferentie in Parijs (de COP21)"."""
    for known in found:
        if known.kind == "event" and known.key and known is not c and known.end <= c.start and _APPOSED.fullmatch(text[known.end:c.start]):
            return known
    return None


def _told_apart(c: Candidate) -> bool:
    """Whether a name says more than the kind of gathering ("een bijeenkomst" may be any)."""
    return bool({"title", "topic", "assembly"} & c.data.keys() or c.data.get("pre") or c.data.get("compound") or len(c.label.split()) > 2)


def _same_event(known: Candidate, known_words: frozenset[str], c: Candidate, words: frozenset[str]) -> bool:
    if not words or not known_words or not _told_apart(c):
        return False
    if "title" in known.data and "title" in c.data:
        return known_words == words
    if known.data.get("type") != c.data.get("type") or known.data.get("plural") != c.data.get("plural"):
        return False
    if known.data.get("type") == "BilateralTalk":
        return False
    if known_words == words:
        return True
    names = _names(known) ^ _names(c)
    return len(words & known_words) / len(words | known_words) >= 0.75 and len(words & known_words) > 2 and not (names & words and names & known_words)


def _names(c: Candidate) -> frozenset[str]:
    """The words with a capital in what names an event: two meetings alike but for a country are two."""
    return frozenset(slug(w) for w in re.findall(r"(?<!^)\b[A-ZÀ-Þ][\w-]+", str(c.data.get("topic") or c.label)))


def outermost(found: Iterable[Candidate]) -> list[Candidate]:
    """The mentions that no other mention contains, in text order: the pieces a sentence is made of."""
    kept: list[Candidate] = []
    for c in sorted(found, key=lambda c: (-(c.end - c.start), -c.weight)):
        if not any(k.overlaps(c) for k in kept):
            kept.append(c)
    return sorted(kept, key=lambda c: c.start)
