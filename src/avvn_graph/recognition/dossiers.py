"""Parliamentary papers: "Kamerstuk 26 150, nr. 171", "Kamerstuk 34 775 V, nr 20", "Kamerstuk 34 550, D", "Kamerstuk 21 501-02, nr. 1800"."""

from __future__ import annotations

import re

from spacy.language import Language
from spacy.tokens import Doc

from avvn_graph.recognition.candidates import Candidate, propose, text_of

_SPACE = r"[  ]?"
_REFERENCE = re.compile(
    rf"(?:(?P<word>Kamerstuk(?:ken)?|Kamerst\.|TK|Handelingen|dossier)[ ](?:[IVX]+[ ])?)?"
    rf"(?P<dossier>\d{{2}}{_SPACE}\d{{3}})(?:-(?P<part>\d{{2}})(?=,?[ ]nr))?(?:[ -]?\(?(?P<chapter>[IVXLC]+)\)?)?"
    rf"(?:[,;:]?[ ]?(?:nrs?\.?|nummers?)[ ]?(?P<numbers>(?:\d+|[IVXLC]+|[A-Z]{{1,2}})(?:(?:,[ ]|[ ]en[ ](?:nr\.?[ ])?)(?:\d+))*)"
    rf"|[,;][ ](?P<letter>[A-Z]{{1,2}})(?![\w])|-(?P<hyphened>\d+))"
)


class DossierRecogniser:
    """Proposes a dossier for each paper number."""

    def __call__(self, doc: Doc) -> Doc:
        """Add the proposals to ``doc._.candidates``."""
        found = []
        for m in _REFERENCE.finditer(text_of(doc)):
            if m["hyphened"] and not m["word"]:
                continue
            dossier = re.sub(r"\D", "", m["dossier"])
            chapter = "".join(f"-{m[g]}" for g in ("part", "chapter") if m[g])
            group = next(g for g in ("numbers", "letter", "hyphened") if m[g])
            for n, number in enumerate(re.finditer(r"\b(?:\d+|[A-Z]+)\b", m[group])):
                key = f"{dossier}{chapter}-{number.group()}"
                at = m.start(group)
                start, end = (m.start(), at + number.end()) if n == 0 else (at + number.start(), at + number.end())
                found.append(Candidate("dossier", start, end, key, text_of(doc)[start:end], 7, {"identifier": key}))
        return propose(doc, found)


@Language.factory("avvn_dossiers")
def create_dossier_recogniser(nlp: Language, name: str) -> DossierRecogniser:
    """Make the component."""
    return DossierRecogniser()
