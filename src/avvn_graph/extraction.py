"""Letters to facts: recognition, linking and relations over each letter, then one identity across letters."""

from __future__ import annotations

from collections.abc import Sequence

from avvn_graph.facts import Letter, LetterFacts
from avvn_graph.identity import merge_across_letters
from avvn_graph.recognition.linking import link
from avvn_graph.recognition.pipeline import create_pipeline
from avvn_graph.recognition.vocabulary import load_vocabulary
from avvn_graph.relations.extractor import statements
from avvn_graph.settings import Settings, get_settings


def extract(letters: Sequence[Letter], settings: Settings | None = None) -> list[LetterFacts]:
    """What each letter says, in the order of the letters.

    Deterministic for the same letters, vocabularies and model. Raises AvvnError when a vocabulary file is missing or
    wrong, or the spaCy model of the settings is not installed.
    """
    settings = settings or get_settings()
    vocabulary = load_vocabulary(settings.vocabularies)
    nlp = create_pipeline(settings.vocabularies, settings.spacy_model)
    out = []
    for letter in letters:
        proposals = [doc._.candidates or [] for doc in nlp.pipe(p.text for p in letter.passages)]
        out.append(statements(link(letter, letter.passages, proposals, vocabulary), vocabulary, settings.vocabularies))
    return merge_across_letters(out)
