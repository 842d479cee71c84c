"""Organisations: known bodies by name, and unknown ones by form ("Global Fund for X (GFX)", "Sahel Alliantie")."""

from __future__ import annotations

import re
from pathlib import Path

from spacy.language import Language
from spacy.tokens import Doc

from avvn_graph.recognition.candidates import Candidate, propose, text_of
from avvn_graph.recognition.gazetteer import Gazetteer
from avvn_graph.recognition.vocabulary import load_vocabulary
from avvn_graph.text import slug

_CAP = r"[A-ZÀ-Þ][\w’'&+-]*"
_LINK = r"(?:(?:of|for|on|and|in|to|against|with|at|van|voor|en|inzake|tegen|op|&)(?:[ ](?:the|de|het|der))?)"
_HEADS = (
    r"Fund|Fonds|Foundation|Stichting|Alliance|Alliantie|Partnership|Commission|Council|Committee|Mechanism|"
    r"Mechanisme|Network|Netwerk|Programme|Program|Programma|Agency|Cent(?:re|er)|Centrum|Institute|Instituut|"
    r"University|Universiteit|Organi[sz]ations?|Organisaties?|Group|Groep|Forum|Coalition|Coalitie|Facility|"
    r"Faciliteit|Challenge|Bank|Association|Unie|Union|Board|Task [Ff]orce|Initiative|Initiatief|initiatief|"
    r"[a-z]*alliantie|[a-z]*coalitie|Platform|Panel|Bureau|Department|Office|Raad|Liga|Secretariat|Taskforce|Hub|Compact"
)
_NOT_ORGANISATION = re.compile(r"\b(Treaty|Convention|Verdrag|Protocol|Akkoord|Compact|Agreement|Agenda|Strategy|"
                               r"Declaration|Framework|Goals|Summit|Meeting|Conference|Conferentie|Debate|"
                               r"Review|Plan|Resolution|Resolutie|Resoluties|Policy|Index|Principles|"
                               r"Secretaris-[Gg]eneraal|Secretary-General|[Cc]ommissaris|[Vv]ertegenwoordiger|Gezant)\b")
# A run of capitalised words with linking words between, such as "Independent Panel for Pandemic Preparedness".
_RUN = rf"{_CAP}(?:[ ](?:{_LINK}[ ]){{0,2}}{_CAP})*"
_ACRONYM = re.compile(rf"(?P<name>{_RUN}(?:[ ][a-z]+)?)[ ]?\((?:hierna[: ]+)?[«\"]?(?P<acronym>[A-Z][A-Za-z0-9&-]{{1,11}})[»\"]?\)")
_BY_HEAD = re.compile(rf"\b(?:{_RUN}[ ])?(?:{_LINK}[ ])?(?P<head>{_HEADS})\b"
                      rf"(?:[ ](?:of|for|on|against|voor|van|inzake|tegen)(?:[ ](?:the|de|het))?[ ]{_RUN})?")
_START = re.compile(r"^(?:De|Het|Een|In|Op|Ook|Voor|Met|Van|Bij|Door|Dit|Deze|Tijdens|Daarnaast|Het)[ ]")
_FRIENDS = re.compile(rf"\b(?:[Gg]roep van [Vv]rienden|Friends|Vrienden|[Vv]riendengroep|Group of Friends|Core Group|Kerngroep)[ ](?:van|voor|of|on|over|for|inzake)(?:[ ](?:the|de|het))?[ ]{_RUN}")
_COMPOUND = re.compile(r"\b(?:[A-Za-z0-9-]+-)?(?:werkgroep|contactgroep|troepenmacht|coalitie|alliantie|sanctiecomité|"
                       r"bewijzenbank|kerngroep|vriendengroep)\b")


def _initials(name: str) -> str:
    return "".join(w[0] for w in re.findall(r"\w+", name) if w[0].isupper())


class OrganisationRecogniser:
    """Proposes organisations from the vocabulary, from a name with its acronym, and from a telling head noun."""

    def __init__(self, nlp: Language, vocabularies: str) -> None:
        vocabulary = load_vocabulary(Path(vocabularies))
        rows = [*vocabulary.organisations]
        self._labels = {r.key: r.names[0] for r in rows}
        self._acronyms = {r.key: r.acronym for r in rows}
        self._by_name = {n.lower(): r.key for r in rows for n in (*r.names, r.acronym or r.names[0])}
        self._known = Gazetteer(nlp, [(n, r.key) for r in rows for n in r.names])
        self._context = Gazetteer(nlp, [(n, r.key) for r in rows for n in r.context_names])
        self._country_names = {n for c in vocabulary.countries for n in c.names}
        self._nationalities = {a for c in vocabulary.countries for a in c.adjectives}
        self._other = {n.lower() for r in (*vocabulary.treaties, *vocabulary.missions) for n in r.names}

    def __call__(self, doc: Doc) -> Doc:
        """Add the proposals to ``doc._.candidates``."""
        found = [self._candidate(key, start, end, 3) for key, start, end in self._known.find(doc)]
        for key, start, end in self._context.find(doc):
            c = self._candidate(key, start, end, 2)
            c.data["needs"] = key
            found.append(c)
        found += self._by_form(text_of(doc))
        return propose(doc, found)

    def _candidate(self, key: str, start: int, end: int, weight: int) -> Candidate:
        return Candidate("organisation", start, end, key, self._labels[key], weight,
                         {"acronym": self._acronyms[key], "known": True})

    def _by_form(self, text: str) -> list[Candidate]:
        found = []
        for m in _ACRONYM.finditer(text):
            start, name, acronym = m.start("name"), m["name"], m["acronym"]
            while opening := _START.match(name):
                start, name = start + opening.end(), name[opening.end():]
            if not name or name in self._country_names or acronym in self._country_names or name.lower() in self._other or _NOT_ORGANISATION.search(name) or acronym.lower() in self._other:
                continue
            key = self._by_name.get(acronym.lower()) or self._by_name.get(name.lower())
            if key and name.lower() not in self._by_name and _initials(name)[:1] != acronym[0]:
                continue  # "Kuipers (VWS)" is a minister and where he serves
            if key:
                c = self._candidate(key, start, m.end(), 4)
                c.data["defines"] = acronym
                found.append(c)
            elif len(name.split()) > 1 and _initials(name)[:1] == acronym[0]:
                found.append(Candidate("organisation", start, m.end(), acronym, name, 2,
                                       {"acronym": acronym, "defines": acronym}))
        for m in _BY_HEAD.finditer(text):
            start, name = m.start(), m.group()
            while opening := _START.match(name):
                start, name = start + opening.end(), name[opening.end():]
            name = name.rstrip(" -")
            for joint in re.finditer(r"[ ](?:en|and)[ ](?:de|het|the)[ ]", name[:m.start("head") - start]):
                start, name = start + joint.end(), name[joint.end():]  # a determiner behind "en" begins another name
                break
            listed = re.match(r"(\S+)[ ](?:en|van|voor)[ ](?:(?:het|de)[ ])?", name)
            if listed and listed[1] in self._country_names:  # "Indonesië en het Carter Center" are two
                start, name = start + listed.end(), name[listed.end():]
            if len(name.split()) < 2 or _NOT_ORGANISATION.search(name) or not name[0].isupper():
                continue
            if m["head"].islower() and {name.split(" ")[0], name.split(" ")[-2]} & self._nationalities:
                continue  # "op Nederlands en Frans initiatief" names no body
            if m["head"].islower() and not name[:-len(m["head"])].rstrip(" -").split(" ")[-1][:1].isupper():
                continue  # "het Koninkrijk voor het initiatief"
            key = self._by_name.get(name.lower()) or self._by_name.get(name[:-len(m["head"])].strip().lower())
            found.append(self._candidate(key, start, start + len(name), 3) if key else
                         Candidate("organisation", start, start + len(name), slug(name), name, 0, {"acronym": None}))
        for m in _FRIENDS.finditer(text):
            key = self._by_name.get(m.group().lower())
            if not key:
                found.append(Candidate("organisation", m.start(), m.end(), slug(m.group()), m.group(), 1, {"acronym": None}))
        for m in _COMPOUND.finditer(text):
            found.append(Candidate("organisation", m.start(), m.end(), slug(m.group()), m.group(), 0,
                                   {"acronym": None, "common": True}))
        return found


@Language.factory("avvn_organisations", default_config={"vocabularies": ""})
def create_organisation_recogniser(nlp: Language, name: str, vocabularies: str) -> OrganisationRecogniser:
    """Make the component; ``vocabularies`` is the folder of the vocabulary files."""
    return OrganisationRecogniser(nlp, vocabularies)
