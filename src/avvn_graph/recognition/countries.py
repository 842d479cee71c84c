"""Countries: by name, by adjective ("de Franse president") and by inhabitants ("Fransen")."""

from __future__ import annotations

import re
from pathlib import Path

from spacy.language import Language
from spacy.tokens import Doc

from avvn_graph.recognition.candidates import Candidate, propose, text_of
from avvn_graph.recognition.gazetteer import Gazetteer
from avvn_graph.recognition.vocabulary import load_vocabulary

# "Latijns-Amerikaans", "Zuid-Aziatisch": a part of the world, unless the whole word is a country's own adjective.
_REGION = re.compile(r"(?:Latijns|Zuid|Noord|Oost|West|Midden|Centraal|Trans|Pan|Afro)-$")
_ROLE = {"n": "name", "a": "adjective", "i": "inhabitant", "k": "actor"}


def _genitive(name: str) -> list[str]:
    return [name + "s", name + "’s", name + "'s"] if name[-1] not in "sx" else [name + "’", name + "'"]


class CountryRecogniser:
    """Proposes a country for each name, adjective and inhabitant in the vocabulary."""

    def __init__(self, nlp: Language, vocabularies: str) -> None:
        names: list[tuple[str, str]] = []
        countries = load_vocabulary(Path(vocabularies)).countries
        for c in countries:
            names += [(name, "n" + c.code) for name in c.names]
        for c in countries:
            names += [(x, "k" + c.code) for x in c.actor_names]
            names += [(x, "a" + c.code) for x in c.adjectives]
            names += [(x, "i" + c.code) for x in c.inhabitants]
        for c in countries:  # last: "Nederlands" is an adjective before it is a genitive
            names += [(g, "n" + c.code) for n in c.names if " " not in n and len(n) > 3 for g in _genitive(n)]
        self._gazetteer = Gazetteer(nlp, names)

    def __call__(self, doc: Doc) -> Doc:
        """Add the proposals to ``doc._.candidates``."""
        return propose(doc, (
            Candidate("country", start, end, key[1:], text_of(doc)[start:end], weight=1, data={"form": _ROLE[key[0]]})
            for key, start, end in self._gazetteer.find(doc)
            if not (key[0] == "a" and _REGION.search(text_of(doc), max(0, start - 12), start))
        ))


@Language.factory("avvn_countries", default_config={"vocabularies": ""})
def create_country_recogniser(nlp: Language, name: str, vocabularies: str) -> CountryRecogniser:
    """Make the component; ``vocabularies`` is the folder of the vocabulary files."""
    return CountryRecogniser(nlp, vocabularies)
