"""Peace missions and treaties: known ones by name, unknown treaties by form ("Verdrag van X", "X Convention")."""

from __future__ import annotations

import re
from pathlib import Path

from spacy.language import Language
from spacy.tokens import Doc

from avvn_graph.recognition.candidates import Candidate, propose, text_of
from avvn_graph.recognition.gazetteer import Gazetteer
from avvn_graph.recognition.vocabulary import load_vocabulary
from avvn_graph.text import slug

_CAP = r"[A-ZÀ-Þ][\w’'-]*"
_TREATY = re.compile(
    rf"\b(?:VN-)?(?:[Vv]erdrag|[Cc]onventie|[Aa]kkoord|[Oo]vereenkomst|[Pp]rotocol)[ ]van[ ](?:de[ ]|het[ ])?{_CAP}(?:[ -]{_CAP})*"
    rf"|\b(?:VN-)?Verdrag[ ](?:inzake|tegen|voor|tot)[ ](?:de[ ]|het[ ])?[\w’'-]+(?:[ ](?:van|en|op|in|de|het|tegen)[ ][\w’'-]+){{0,4}}"
    rf"|\b(?:{_CAP}[ ])(?:(?:of|on|for|and|the|-)[ ]|{_CAP}[ ]){{0,6}}(?:Treaty|Convention|Protocol|Agreement)\b"
    rf"(?:[ ](?:on|for|against|of)[ ](?:the[ ])?{_CAP}(?:[ ](?:(?:of|and|on|the)[ ])?{_CAP})*)?"
    rf"|\b(?:Treaty|Convention|Protocol)[ ](?:on|for|against|of)[ ](?:the[ ])?{_CAP}(?:[ ](?:(?:of|and|on|the|for)[ ]){{0,2}}{_CAP})*"
)
_ACRONYM = re.compile(r"[ ]?\((?:[^()]{0,60}[–-][ ])?([A-Z][A-Za-z-]{1,10})\)")


class NamedRecogniser:
    """Proposes missions and treaties."""

    def __init__(self, nlp: Language, vocabularies: str) -> None:
        vocabulary = load_vocabulary(Path(vocabularies))
        self._missions = Gazetteer(nlp, [(n, m.key) for m in vocabulary.missions for n in m.names])
        self._treaties = Gazetteer(nlp, [(n, t.key) for t in vocabulary.treaties for n in t.names])
        self._labels = {t.key: t.names[0] for t in vocabulary.treaties}
        self._by_name = {n.lower(): t.key for t in vocabulary.treaties for n in t.names}
        self._acronyms = {t.key: t.acronym for t in vocabulary.treaties}

    def __call__(self, doc: Doc) -> Doc:
        """Add the proposals to ``doc._.candidates``."""
        found = [Candidate("mission", s, e, k, k, 5, {"acronym": k}) for k, s, e in self._missions.find(doc)]
        found += [Candidate("treaty", s, e, k, self._labels[k], 5, {"acronym": self._acronyms[k]})
                  for k, s, e in self._treaties.find(doc)]
        for m in _TREATY.finditer(text_of(doc)):
            after = _ACRONYM.match(text_of(doc), m.end())
            key = (self._by_name.get(after[1].lower()) if after else None) or self._by_name.get(m.group().lower())
            label = self._labels[key] if key else m.group()
            end = after.end() if after else m.end()
            found.append(Candidate("treaty", m.start(), end, key or (after[1] if after else slug(m.group())), label, 4,
                                   {"acronym": after[1] if after else None}))
        return propose(doc, found)


@Language.factory("avvn_named", default_config={"vocabularies": ""})
def create_named_recogniser(nlp: Language, name: str, vocabularies: str) -> NamedRecogniser:
    """Make the component; ``vocabularies`` is the folder of the vocabulary files."""
    return NamedRecogniser(nlp, vocabularies)
