"""Phrase matching against the vocabularies, shared by the components that look names up."""

from __future__ import annotations

from collections.abc import Iterable

from spacy.language import Language
from spacy.matcher import PhraseMatcher
from spacy.tokens import Doc


class Gazetteer:
    """Finds known names in a document.

    Acronyms and single words match as written (so ``VS`` is not the Dutch abbreviation ``vs``), or in capitals;
    names of several words match in any case.
    """

    def __init__(self, nlp: Language, names: Iterable[tuple[str, str]]) -> None:
        """``names`` are (name, key) pairs; the first key given for a name keeps it."""
        self._exact = PhraseMatcher(nlp.vocab, attr="ORTH")
        self._lower = PhraseMatcher(nlp.vocab, attr="LOWER")
        exact: dict[str, list[str]] = {}
        lower: dict[str, list[str]] = {}
        taken: set[str] = set()
        for name, key in names:
            if name in taken:
                continue
            taken.add(name)
            if " " in name or len(name) > 12:
                lower.setdefault(key, []).append(name)
            else:
                exact.setdefault(key, []).append(name)
                if len(name) > 4 and name.upper() not in taken:
                    exact[key].append(name.upper())
        for matcher, table in ((self._exact, exact), (self._lower, lower)):
            for key, forms in table.items():
                matcher.add(key, [nlp.make_doc(form) for form in forms])
        self._strings = nlp.vocab.strings

    def find(self, doc: Doc) -> Iterable[tuple[str, int, int]]:
        """Yield (key, start, end) with character offsets, overlaps included."""
        for matcher in (self._exact, self._lower):
            for match, start, end in matcher(doc):
                span = doc[start:end]
                yield self._strings[match], span.start_char, span.end_char
