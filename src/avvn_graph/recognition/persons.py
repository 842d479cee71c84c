"""Persons by form: a title and a name, a title with its portfolio or country between, initials, motions.

The patterns follow how Dutch diplomatic prose introduces people; the words they are made of (titles,
portfolios, given names) are data in ``offices.yaml`` and ``given_names.txt``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from spacy.language import Language
from spacy.tokens import Doc

from avvn_graph.recognition.candidates import Candidate, propose, text_of
from avvn_graph.recognition.vocabulary import Vocabulary, load_vocabulary
from avvn_graph.text import LOWER, UPPER

_FIELD_TITLE = re.compile(r"(?i)gezant|vertegenwoordiger|envoy|rapporteur|representative|commissaris|commissioner|secretar|directeur|director")
_CLAUSE = re.compile(r"\b(?:die|dat|om|werd|heeft|zal|is|was)\b")
_FIRST_WORD = re.compile(r"(?:(?<![\w-])|(?<=[A-Z]-))[^\W\d_]+")
_CAP = rf"(?:D[’'](?=[A-Z]))?(?:(?:[Aa][lnrsdz]|[Aa]sh|[Ee]l|[Uu]d)-)?[{UPPER}][’']?[{LOWER}][\w’']*(?:-[{UPPER}{LOWER}][\w’']*)*"
_PARTICLE = r"(?:[Vv]an|[Dd]e|[Dd]er|[Dd]en|[Tt]en|[Tt]er|[Vv]on|[Dd]i|[Dd]a|[Dd]os|[Ee]l|[Aa]l|[Bb]in|[Bb]en|[Ll]e|[Ll]a|'t|’t)"
_INITIALS = r"(?:[A-Z]\.(?:[ ]?(?:[A-Z]|Th|Ch|Ph)\.){0,5})"


def name_pattern(suffix: str) -> str:
    """The pattern of a personal name, its groups named ``initials`` and ``name`` with the suffix."""
    return (rf"(?:(?P<initials{suffix}>{_INITIALS})[ ]?)?"
            rf"(?P<name{suffix}>(?:{_PARTICLE}[ ]){{0,3}}{_CAP}(?:[ ](?:{_PARTICLE}[ ]){{0,2}}{_CAP}){{0,3}})")


class PersonRecogniser:
    """Proposes persons; ``data`` has title, office text, country or body, given name or initials, and family name."""

    def __init__(self, nlp: Language, vocabularies: str) -> None:
        vocabulary = load_vocabulary(Path(vocabularies))
        self._titles = {t.form.lower(): t for t in vocabulary.titles}
        self._given = vocabulary.given_names
        self._families = {h.full_name: h.family_name for h in vocabulary.holders if h.full_name != h.family_name} | dict(vocabulary.family_first)
        self._surnames = {h.family_name for h in vocabulary.holders if " " in h.family_name and h.family_name[0].isupper()}
        self._stop = _stop_words(vocabulary)
        self._places = _place_codes(vocabulary)
        inhabitants = "|".join(sorted({re.escape(x) for c in vocabulary.countries for x in (*c.inhabitants, *c.adjectives)}, key=len, reverse=True))
        self._adjectives = {a.lower(): c.code for c in vocabulary.countries for a in c.adjectives}
        self._first_words = {word[0] for t in self._titles if (word := re.match(r"[^\W\d_]+", t))}
        titles = "|".join(re.escape(t) for t in sorted(self._titles, key=len, reverse=True))
        title = rf"(?P<title>(?i:{titles}))"
        words = sorted({re.escape(p) for p in vocabulary.portfolios}, key=len, reverse=True)
        portfolio = rf"(?:{'|'.join(words)})(?:(?:,[ ]|[ ]en[ ])(?:{'|'.join(words)}))*"
        names = "|".join(re.escape(n) for n in sorted(self._places, key=len, reverse=True))
        self._served = re.compile(rf"\bvan (?:de |het )?(?P<of>{names})\b")
        place = rf"(?:(?:het|de)[ ])?(?:{names})(?:[ ]\([A-Z]+\))?"
        self._office = re.compile(
            rf"(?:(?<![\w-])|(?<=[A-Z]-)){title}(?![\w-])(?:[ ](?P<prep>voor|van)[ ](?P<portfolio>{portfolio}))?(?:[ ]van[ ](?P<of>{place}))?"
        )
        self._inhabitants = {x: c.code for c in vocabulary.countries for x in c.inhabitants}
        people = "|".join(re.escape(x) for x in sorted(self._inhabitants, key=len, reverse=True))
        self._inhabitant = re.compile(rf"\b[Dd]e[ ](?P<who>{people})[ ](?:(?:dr|mr|drs|prof)\.[ ])?(?P<name>{_CAP}(?:[ ](?:{_PARTICLE}[ ]){{0,2}}{_CAP}){{0,3}})")
        self._place = re.compile(rf"(?:{names})(?![\w-])")
        self._further = re.compile(rf"(?:,[ ](?:{place}))*[ ]en[ ](?:van[ ])?(?:{place})(?:,[ ]|[ ](?=\())")
        self._next_name = re.compile(rf"(?:,[ ]|[ ]en[ ])?(?:(?:mevrouw|de[ ]heer|mw\.|dhr\.)[ ])?{name_pattern('')}")
        self._after_office = re.compile(rf",?[ ](?:de[ ](?:{inhabitants})[ ])?(?:(?:mevrouw|de[ ]heer|mw\.|dhr\.|[Dd]rs\.|[Dd]r\.|[Mm]r\.|[Pp]rof\.|[Ii]r\.|[Ii]ng\.)[ ])*{name_pattern('')}")
        self._of_after_name = re.compile(
            rf"[ ](?:(?P<prep>van|voor)[ ](?P<portfolio>{portfolio}))(?:[ ]van[ ](?P<of>{place}))?"
            rf"|[ ]van[ ](?P<of2>{place})|[ ]\((?:(?P<of3>{names})|(?P<field>[A-Z][A-Za-z&-]{{1,7}})|(?P<within>{portfolio}))\)"
        )
        # "Speciaal Gezant van de SGVN voor Myanmar, Schraner Burgener," or "Commissioner-General van UNRWA (…), X,"
        body = r"[^.;:«»]"
        self._complement = re.compile(
            rf"(?P<complement>[ ]\([^()]*\)|[ ](?:voor|van|on|for|of|bij|in|Vrouwen|namens|der|en de|en het)[ ]{body}{{2,150}}?)"
            rf",[ ](?:(?:de|het)[ ])?(?:(?:{inhabitants})[ ])?(?:(?P<role>[A-Z]?[a-z]+[ ])?(?P<title2>(?i:{titles}))[ ])?{name_pattern('')}(?=[,.;)]|[ ]uit\b|$)")
        # "Special Envoy on Education Brown": the name follows the field without a comma.
        self._complement_bare = re.compile(
            rf"(?P<complement>[ ](?:voor|van|on|for|of|bij|in)[ ][^.;:«»,]{{2,90}}?"
            rf"(?<!\bvoor)(?<!\bvan)(?<!\bin)(?<!\bon)(?<!\bof)(?<!\bde)(?<!\bhet)(?<!\ben)(?<!\bfor)(?<!\bthe)(?<!\bder)(?<!e)(?<!el))"
            rf"[ ]{name_pattern('')}(?=[ ][a-z(]|[,.;])")
        self._apposition = re.compile(rf",[ ](?:(?:de|het)[ ])?(?P<post>{title}[^,.;:()«»]{{0,90}}(?:\([A-Z]+\))?)(?=[,.;)]|$)")
        self._list = re.compile(rf"(?:,[ ]|[ ]en[ ]|[ ]alsmede[ ])(?!(?:{titles})\b){name_pattern('')}")
        self._motion = re.compile(
            rf"\b(?:[Mm]otie(?:s)?(?:[ -](?:van[ ](?:het[ ](?:lid|Kamerlid)|de[ ](?:leden|Kamerleden)))?[ ]?)|[Hh]et[ ](?:lid|Kamerlid)[ ]|[Dd]e[ ](?:leden|Kamerleden)[ ]|"
            rf"[Kk]amermotie[ ])(?P<names>(?:{_PARTICLE}[ ]){{0,3}}{_CAP}(?:(?:/|,[ ]|[ ]en[ ])(?:{_PARTICLE}[ ]){{0,3}}{_CAP}){{0,5}})(?P<cs>[ ]c\.s\.)?"
        )
        self._signature = re.compile(rf"(?<![\w.])(?!(?:I|V|X)\.[ ])(?P<initials>{_INITIALS})[ ]?(?P<name>(?:{_PARTICLE}[ ]){{0,3}}{_CAP})")
        known = {h.full_name for h in vocabulary.holders if " " in h.full_name} | {name for name, _ in vocabulary.family_first}
        self._known = re.compile("|".join(re.escape(n) for n in sorted(known, key=len, reverse=True)))
        self._full = re.compile(rf"(?<![\w-])(?P<name>{_CAP}(?:[ ](?:(?:[A-Z]\.)+|{_CAP}|{_PARTICLE})){{1,4}})")

    def __call__(self, doc: Doc) -> Doc:
        """Add the proposals to ``doc._.candidates``."""
        text = text_of(doc)
        found: list[Candidate] = []
        for m in self._offices(text):
            found += self._with_title(text, m)
        for m in self._motion.finditer(text):
            at = m.start("names")
            for part in re.finditer(rf"(?:{_PARTICLE}[ ]){{0,3}}{_CAP}", m["names"]):
                parts = part.group().split()
                if part.group().startswith(("van ", "de ")):
                    continue  # "de leden van de coalitie": a family name has its particle in capitals here
                if (parts[0] not in self._stop or (len(parts) > 1 and re.fullmatch(_PARTICLE, parts[0]))) and "fractie" not in part.group().lower() and (len(parts) < 2 or parts[-1] not in self._stop):
                    found.append(self._person(at + part.start(), at + part.end(), part.group(), None, {"title": "lid"}))
        for m in self._signature.finditer(text):
            found.append(self._person(m.start(), m.end(), m["name"], m["initials"], {}))
        for m in self._inhabitant.finditer(text):
            name, start = self._trim(m["name"]), m.start("name")
            if name:
                found.append(self._person(start, start + len(name), name, None, {"of": self._inhabitants.get(m["who"])}))
        for m in self._known.finditer(text) if len(text) > 5 else ():
            found.append(self._person(m.start(), m.end(), m.group(), None, {}))
        for m in self._full.finditer(text):
            words, start = m["name"].split(), m.start()
            while words and words[0] not in self._given:
                start += len(words.pop(0)) + 1
            for n, word in enumerate(words):
                if word in self._stop:
                    del words[n:]
                    break
            while words and words[-1][0].islower() and not _ARTICLE.match(words[-1]):
                words.pop()
            if len(words) > 1:
                end = start + len(" ".join(words))
                post = self._apposition.match(text, end)
                data: dict[str, object] = {}
                if post:  # "(Jeanine Hennis-Plasschaert, Speciale Vertegenwoordiger van de SGVN in Irak)"
                    title = self._titles[post["title"].lower()]
                    data = {"title": post["title"], "office": title.office, "minister": title.minister, "office_text": post["post"]}
                    found = [c for c in found if not (c.data.get("by_office") and post.start("post") <= c.start < post.end())]
                found.append(self._person(start, post.end("post") if post and not self._given.intersection(post["post"].split()) else end, " ".join(words), None, data))
        return propose(doc, found)

    def _offices(self, text: str) -> Iterator[re.Match[str]]:
        """The titles of a text with what of; the first word is looked up, which is much faster than trying all."""
        at = 0
        for word in _FIRST_WORD.finditer(text):
            if word.start() >= at and word.group().lower() in self._first_words:
                m = self._office.match(text, word.start())
                if m:
                    at = m.end()
                    yield m

    def _with_title(self, text: str, m: re.Match[str]) -> list[Candidate]:
        title = self._titles[m["title"].lower()]
        data: dict[str, object] = {"title": m["title"], "office": title.office, "minister": title.minister}
        data["portfolio"], data["of"] = m["portfolio"], self._code(m["of"])
        data["office_text"] = m.group().strip()
        before = re.search(r"([A-ZÀ-Þ][\w-]+|VN|EU)[ ]$|(?<![\w-])([A-Z]{2,})-$", text[:m.start()])
        if before:
            word = before[1] or before[2]
            data["adjective"] = self._adjectives.get(word.lower())
            if data["adjective"] or word in self._places:
                data["of"] = data["of"] or data["adjective"] or self._code(word)
                data["office_text"] = f"{word} {data['office_text']}"
        if several := self._respectively(text, m, data):
            return several
        start, end = m.start(), m.end()
        if before and (data.get("adjective") or (before[1] or before[2]) in self._places):
            start = before.start(1 if before[1] else 2)
        named = self._after_office.match(text, end)
        # a capitalised word straight after an envoy's title belongs to the field: "Gezant Vrouwen voor …, Diop,"
        envoy = re.search(r"(?i)gezant|vertegenwoordiger|rapporteur|pleitbezorger", m["title"]) and self._complement.match(text, end)
        if envoy and named and envoy.start("name") > named.start("name"):
            named = None
        words = self._trim(named["name"]) if named else ""
        if named and words[:1].islower() and not named["initials"]:
            words = ""  # "voorzitter van de …": a family name without a first name has its particle in capitals
        if named and words and not (text[end] == "," and not re.match(r"[,.;)]|$|[ ](?:en|die|uit)\b", text[named.start("name") + len(words):])):
            return self._named(text, m, named.start("name"), words, named["initials"], data, start)
        for pattern in (self._complement, self._complement_bare):
            if pattern is self._complement_bare and not _FIELD_TITLE.search(m["title"]):
                continue
            further = pattern.match(text, end) if title.office else None
            words = self._trim(further["name"]) if further else ""
            words = "" if words[:1].islower() else words
            if further and words and words == further["name"] and not _CLAUSE.search(further["complement"]):
                data["office_text"] = f"{data['office_text']}{further['complement']}"
                data["of"] = data["of"] or self._code_in(further["complement"])
                data["complement"] = further["complement"].strip()
                return self._named(text, m, further.start("name"), words, further["initials"], data, start)
        if title.office and "voorzitter" not in str(m["title"]).lower():  # a chair without a name is told as a relation
            return [Candidate("person", start, end, None, str(data["office_text"]), 1, data | {"by_office": True})]
        return []

    def _named(self, text: str, m: re.Match[str], at: int, words: str, initials: str | None,
               data: dict[str, object], start: int) -> list[Candidate]:
        plural = str(data["title"]).lower().endswith(("s", "leden", "en"))
        if plural and data["portfolio"] is None:
            data["office_text"] = self._singular(str(data["title"]), str(data["office_text"]))
        end = self._behind_name(text, at + len(words), data)
        found = [self._person(start, end, words, initials, data, name_at=at, close=(text[at - 2:at - 1].isalpha() or ((bool(data["portfolio"]) or "-" in words) and text[at - 2:at] == ", " and words.count(" ") == 1)) and str(data["title"]).lower() not in ("lid", "leden"))]
        while plural and (item := self._list.match(text, end)):
            name = self._trim(item["name"])
            if not name:
                break
            end = item.start("name") + len(name)
            own: dict[str, object] = {k: data[k] for k in ("title", "office", "minister")} | {"portfolio": None, "of": None}
            own["office_text"] = self._singular(str(data["title"]), str(data["title"]))
            end = self._behind_name(text, end, own)
            found.append(self._person(item.start("name"), end, name, item["initials"], own, name_at=item.start("name")))
        return found

    def _singular(self, title: str, text: str) -> str:
        """The text of one's office where its title stands for several: ``"Franse ministers"`` gives ``"Franse minister"``."""
        one = self._titles[title.lower()].singular
        return text.replace(title, one if title[0].isupper() else one[0].lower() + one[1:]) if one else text

    def _respectively(self, text: str, m: re.Match[str], data: dict[str, object]) -> list[Candidate]:
        """"De premiers van Aruba en Curaçao, mevrouw X en de heer Y": each country has its own."""
        further = self._further.match(text, m.end()) if m["of"] and self._titles[m["title"].lower()].singular else None
        if not further:
            return []
        codes = [data["of"], *(self._code(c.group()) for c in self._place.finditer(further.group()))]
        names, at = [], further.end()
        while item := self._next_name.match(text, at):
            name = self._trim(item["name"])
            names.append((item.start("name"), name, item["initials"]))
            at = item.start("name") + len(name)
            if name != item["name"]:
                break
        if len(names) != len(codes) or None in codes:
            return []
        office = self._singular(m["title"], m["title"])
        found = []
        for n, ((start, name, initials), code) in enumerate(zip(names, codes, strict=True)):
            own = {k: data[k] for k in ("title", "office", "minister", "portfolio")} | {"of": code}
            own["office_text"] = office + (f" {m['prep']} {m['portfolio']}" if m["portfolio"] else "") + f" van {(m['of'] if n == 0 else self._place.findall(further.group())[n - 1])}"
            found.append(self._person(m.start() if n == 0 else start, start + len(name), name, initials, own, name_at=start))
        return found

    def _behind_name(self, text: str, end: int, data: dict[str, object]) -> int:
        """Take in of what and where somebody is minister, when that stands behind the name; returns where it ends."""
        after = self._of_after_name.match(text, end)
        if not after:
            return end
        of = after["of"] or after["of2"] or after["of3"]
        within = after["field"] or after["within"]
        if within and title_is_minister(data) and not data["portfolio"]:
            data["portfolio"] = within
            data["office_text"] = f"{data['office_text']} van {within}"
        if after["portfolio"] and not data["portfolio"]:
            data["portfolio"] = after["portfolio"]
            data["office_text"] = f"{data['office_text']} {after['prep']} {after['portfolio']}"
        if of and not data["of"]:
            data["of"] = self._code(of)
            data["office_text"] = f"{data['office_text']} van {of}"
        return after.end()

    def _person(self, start: int, end: int, name: str, initials: str | None, data: dict[str, object],
                name_at: int | None = None, close: bool = False) -> Candidate:
        first, _, rest = name.partition(" ")
        if rest and first.lower() in self._titles:  # "Nederlands staatshoofd, Koning Willem-Alexander"
            name, name_at = rest, (start if name_at is None else name_at) + len(first) + 1
        given, family = split_name(name, self._given)
        known = self._families.get(name)
        if known and name.startswith(known):  # "Ban Ki-moon": the family name stands first
            given, family = name[len(known):].strip() or None, known
            data = data | {"full": name}
        elif data.get("adjective") in _FAMILY_FIRST and re.fullmatch(r"[A-Z][a-z]{1,4} [A-Z][\w-]+(?: [A-Z][\w-]+)?", name):
            family, _, given = name.partition(" ")
            data = data | {"full": name}
        elif whole := next((s for s in self._surnames if name == s or name.endswith(" " + s)), None):
            given, family = name[:-len(whole)].strip() or None, whole
        elif given is None and close:
            given, family = _first_of_two(name)
        return Candidate("person", start, end, None, name, 4, data | {
            "name": name, "given": given, "family": family, "initials": initials,
            "name_at": start if name_at is None else name_at,
        })

    def _trim(self, name: str) -> str:
        """The leading words of a name that can be one, none when the first is no name."""
        words: list[str] = []
        for word in name.split():
            if word in self._stop or word.lower() in self._adjectives:
                break
            if word in ("de", "van") and len(words) == 1 and words[0][0].isupper() and words[0] not in self._given:
                break  # "woonde Minister Blok de Ocean Summit bij": a family name has no article behind it
            words.append(word)
        while words and words[-1][0].islower() and not _ARTICLE.match(words[-1]):
            words.pop()
        return " ".join(words)

    def _code(self, name: str | None) -> str | None:
        if not name:
            return None
        bare = re.sub(r"[ ]\([A-Z]+\)$", "", re.sub(r"^(?:het|de)[ ]", "", name))
        return self._places.get(bare)

    def _code_in(self, text: str) -> str | None:
        m = self._served.search(text)
        return self._places[m["of"]] if m else None


def title_is_minister(data: dict[str, object]) -> bool:
    """Whether a title is one of a government, behind whose name a ministry may stand in brackets."""
    return bool(data.get("minister"))


def split_name(name: str, given_names: frozenset[str]) -> tuple[str | None, str]:
    """Given name and family name: ``"Jeanine Hennis-Plasschaert"``, ``"Van Helvert"``, ``"Ban Ki-moon"``."""
    article = re.search(r"(?<=\S[ ])(?:[Aa]l|[Ee]l)[ ](?=[A-ZÀ-Þ])", name)
    if article:  # "Zeid Ra'ad Al Hussein"
        family = name[article.start():]
        return name[:article.start()].strip(), family[0].upper() + family[1:]
    words = name.split()
    if len(words) > 1 and words[0] in given_names:
        count = 1
        while count < len(words) - 1 and (words[count] in given_names or words[count].endswith(".")):
            count += 1
        family = " ".join(words[count:])
        return " ".join(words[:count]), family[0].upper() + family[1:]
    return None, name[0].upper() + name[1:]


_FAMILY_FIRST = frozenset(("CN", "KR", "KP", "VN", "TW", "SG"))
_ARTICLE = re.compile(r"(?:[Aa][lnrsdz]|[Aa]sh|[Ee]l|[Uu]d)-[A-Z]")


def _first_of_two(name: str) -> tuple[str | None, str]:
    """An unlisted given name: of two or more words behind a title the first, unless the family name begins there ("Van Ojik")."""
    first, _, rest = name.partition(" ")
    if not rest or re.fullmatch(_PARTICLE, first) or _ARTICLE.match(first) or not (rest[0].isupper() or _ARTICLE.match(rest) or re.match(rf"{_PARTICLE}[ ]", rest)):
        return None, name[0].upper() + name[1:]
    return first, rest[0].upper() + rest[1:]


def _stop_words(vocabulary: Vocabulary) -> frozenset[str]:
    """Capitalised words that are never part of a personal name after a title."""
    words = {w for p in vocabulary.portfolios for w in p.split() if w[0].isupper()}
    words |= {w for c in vocabulary.countries for n in (*c.names, *c.adjectives, *c.actor_names) for w in n.split() if w[0].isupper()}
    words |= {"Koninkrijk", "Kamer", "Raad", "Staten-Generaal", "Verenigde", "Naties", "Europese", "Commissie", "Unie",
              "Kabinet", "Het", "In", "Op", "Deze", "Dit", "Dat", "Er", "Ook", "Hierbij", "Daarnaast", "Tijdens",
              "Minister", "Ministers", "Staatssecretaris", "President", "Premier", "Secretaris-Generaal", "Speciaal",
              "Speciale", "Gezant", "Vertegenwoordiger", "Majesteit", "Veiligheidsraad", "Algemene", "Vergadering",
              "Rights", "Report", "Rapport", "Human", "Affairs", "Council", "Nations", "United", "Security", "Development", "Education",
              "International", "Executive", "Special", "Peace", "Policy", "Trade", "Programme", "Fund", "Fonds", "Foundation", "Stichting", "Instituut", "Institute", "Task", "Force",
              "Zij", "Hij", "Hare", "New", "York", "Zijne", "Motie", "Kamerstuk", "General", "Onafhankelijk", "Onafhankelijke"}
    return frozenset(words - vocabulary.given_names)


def _place_codes(vocabulary: Vocabulary) -> dict[str, str]:
    """Names of countries and of bodies that have officers, to a code: an ISO code, or a body's key."""
    codes = {n: c.code for c in vocabulary.countries for n in (*c.names, *c.actor_names) if len(n) > 1}
    for body in vocabulary.organisations:
        for name in body.names:
            codes.setdefault(name, "org:" + body.key)
    return codes


@Language.factory("avvn_persons", default_config={"vocabularies": ""})
def create_person_recogniser(nlp: Language, name: str, vocabularies: str) -> PersonRecogniser:
    """Make the component; ``vocabularies`` is the folder of the vocabulary files."""
    return PersonRecogniser(nlp, vocabularies)
