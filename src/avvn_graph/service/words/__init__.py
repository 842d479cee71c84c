"""The words of the pages, each in Dutch and English."""

from __future__ import annotations

from collections.abc import Mapping

from avvn_graph.service.words.columns import COLUMNS as _COLUMNS
from avvn_graph.service.words.interface import INTERFACE as _INTERFACE
from avvn_graph.service.words.kinds import KINDS as _KINDS
from avvn_graph.service.words.relations import PROPERTIES as _PROPERTIES
from avvn_graph.service.words.relations import RELATIONS as _RELATIONS

LANGUAGES = ("nl", "en")
Pairs = Mapping[str, tuple[str, str]]


def _of(pairs: Pairs, language: str) -> dict[str, str]:
    index = LANGUAGES.index(language)
    return {key: pair[index] for key, pair in pairs.items()}


WORDS = {language: _of(_INTERFACE, language) for language in LANGUAGES}
"""What the templates say, by language."""

PROPERTIES = {language: _of(_PROPERTIES, language) for language in LANGUAGES}
"""What properties of other vocabularies are called, by language."""

COLUMNS = {language: _of(_COLUMNS, language) for language in LANGUAGES}
"""What the columns of canned queries are called, by language."""

KINDS = {language: {kind: (one[i], many[i]) for kind, (one, many) in _KINDS.items()} for i, language in enumerate(LANGUAGES)}
"""One and many of each kind of thing, by language."""

RELATIONS = {language: {key: pair[i] for key, pair in _RELATIONS.items()} for i, language in enumerate(LANGUAGES)}
"""What a relation is called when seen from its subject or its object, by language: (predicate, side) to words."""
