"""The spaCy pipeline: a blank Dutch tokenizer (or an installed model) and our components in order."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import Any

import spacy
from spacy.language import Language
from spacy.util import compile_infix_regex

from avvn_graph.errors import AvvnError

# Importing a component's module registers its factory; adding a kind of entity is one line here and one in _COMPONENTS.
from avvn_graph.recognition import (  # noqa: F401 - see above
    amounts,
    countries,
    dossiers,
    events,
    named,
    organisations,
    persons,
    resolutions,
)

_COMPONENTS = ("avvn_countries", "avvn_organisations", "avvn_named", "avvn_amounts", "avvn_dossiers",
               "avvn_resolutions", "avvn_persons", "avvn_events")
_NEED_VOCABULARIES = {"avvn_countries", "avvn_resolutions", "avvn_organisations", "avvn_named", "avvn_persons", "avvn_events"}
# "Frankrijk/Duitsland", "VNVR-lid" and "EU-leden" hold names that the Dutch tokenizer would leave inside one token.
_INFIXES = (r"(?<=[a-z])-(?=lidmaatschap\b|leden\b|lid\b|voorzitterschap\b)", r"(?<=[\w’'])/(?=\w)", r"(?<=[A-Z]{2})-(?=\w)", r"(?<=[a-zà-ÿ])-(?=[A-Z])", r"(?<=[a-z])[«»](?=\w)", r"[«»]", r"(?<=\w)[–—](?=\w)")


_CAPITALS = re.compile(r"[A-Z]{2,}\.")


@lru_cache(maxsize=2)
def create_pipeline(vocabularies: Path, model: str | None = None) -> Language:
    """The pipeline that fills ``doc._.candidates``.

    ``model`` names an installed spaCy model to build on instead of ``spacy.blank("nl")``. Raises AvvnError when
    that model is not installed.
    """
    if model:
        try:
            nlp = spacy.load(model)
        except OSError:
            raise AvvnError(f"AVVN_SPACY_MODEL: spaCy model {model!r} is not installed; install it or unset the setting") from None
    else:
        nlp = spacy.blank("nl")
    infixes = [*(nlp.Defaults.infixes or ()), *_INFIXES]
    tokenizer: Any = nlp.tokenizer
    tokenizer.infix_finditer = compile_infix_regex(infixes).finditer
    # Capitals with a full stop behind them end a sentence ("de VS.", "de VN.") and are no abbreviation here.
    tokenizer.rules = {k: v for k, v in tokenizer.rules.items() if not _CAPITALS.fullmatch(k)}
    tokenizer.url_match = re.compile(r"https?://\S+").match
    for name in _COMPONENTS:
        config = {"vocabularies": str(vocabularies)} if name in _NEED_VOCABULARIES else {}
        nlp.add_pipe(name, config=config)
    return nlp
