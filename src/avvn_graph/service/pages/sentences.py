"""The answer in one sentence."""

from __future__ import annotations

import re
from collections.abc import Mapping

from avvn_graph.catalogue import CannedQuery
from avvn_graph.service.pages.layout import capital, number
from avvn_graph.service.pages.tables import Table
from avvn_graph.service.words import LANGUAGES, WORDS
from avvn_graph.service.words.sentences import OF_COLUMN, OTHERWISE, SENTENCES

_MOST_NAMED = 3
_PLACE = re.compile(r"\{(\w+)\}")
# "…, such as {them}" when these are only some of them.
_SOME = re.compile(r",? (?:zoals|waaronder|onder wie|such as|among them)(?: van| that of)? \{them\}")
_ARTICLE = re.compile(r"(?:Netherlands|Philippines|Bahamas|Gambia|Maldives|Comoros|Central African Republic|United \w+.*|.* (?:Islands|Republic|Emirates))")


def sentence(query: CannedQuery, values: Mapping[str, str], found: Table, lang: str) -> str:
    """What a canned query found, in words; ``values`` are its parameters by their names for people."""
    index = LANGUAGES.index(lang)
    column = next((n for n, c in enumerate(found.columns) if c.name == OF_COLUMN.get(query.name)), 0)
    named = list(dict.fromkeys(thing.label for line in found.lines for thing in line.cells[column])) if found.columns else []
    total = len(named) if column and found.total == len(found.lines) else found.total
    given = {name: _article(name, value) if lang == "en" else value for name, value in values.items() if value}
    year, role = given.get("year"), given.get("role")
    places = {
        **given, "n": number(total, lang), "them": _listed(named[:_MOST_NAMED], lang),
        "title": query.title_nl if lang == "nl" else query.title,
        "in_year": f" in {year}" if year else "", "as": WORDS[lang]["as_speaker"] if role == "speaker" else "",
    }
    for key in (query.name, *(f"{query.name}:{name}" for name in given), f"{query.name}:"):
        forms = SENTENCES.get(key)
        form = forms[index][min(total, 2)] if forms else ""
        if form and all(p in places for p in _PLACE.findall(form)):
            break
    else:
        form = OTHERWISE[index][min(total, 2)]
    if total == len(named[:_MOST_NAMED]):
        form = _SOME.sub(": {them}", form)
    return capital(_PLACE.sub(lambda m: places[m[1]], form))


def _article(parameter: str, name: str) -> str:
    """An English name with the article it has in a sentence."""
    return f"the {name}" if _ARTICLE.fullmatch(name) or (parameter == "body" and not name.isupper()) else name


def _listed(names: list[str], lang: str) -> str:
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} {WORDS[lang]['and']} {names[-1]}"
