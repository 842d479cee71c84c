"""The first page: the box, the letters on a time line, how much there is, and questions to begin with."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import Request
from starlette.responses import Response

from avvn_graph.service import asking, facets
from avvn_graph.service.deps import State
from avvn_graph.service.pages.layout import language, render
from avvn_graph.service.pages.things import Letter, letters

_SHOWN = ("country", "organisation", "person", "event", "resolution", "treaty", "amount", "mission", "dossier")
_MOST_EXAMPLES = 8


@dataclass(frozen=True, slots=True)
class Year:
    """A year of the time line with its letters."""

    year: str
    letters: list[tuple[Letter, facets.Counts]]


async def home(request: Request, app: State) -> Response:
    """The page with the question box."""
    if app.graphs.now is None:
        return render(request, "home.html", years=[], counts=[], totals=None, examples=[], letters=0)
    async with app.graphs.lease() as snapshot:
        all_letters = list((await letters(snapshot)).values())
        counted = facets.of(snapshot)
        by_letter = [(letter, counted.letter(letter.iri)) for letter in all_letters]
        kinds = counted.kinds()
    dated = [pair for pair in by_letter if pair[0].date[:4].isdigit()]
    years = [int(letter.date[:4]) for letter, _ in dated]
    line = [Year(str(y), [p for p in dated if p[0].date[:4] == str(y)]) for y in range(min(years), max(years) + 1)] if years else []
    undated = [p for p in by_letter if p not in dated]
    if undated:
        line.append(Year("", undated))
    totals = facets.Counts(*(sum(getattr(c, name) for _, c in by_letter) for name in ("passages", "mentions", "statements")))
    examples = asking.examples(app, language(request))
    return render(
        request, "home.html", years=line, counts=[(k, kinds[k][0]) for k in _SHOWN if k in kinds], totals=totals,
        examples=examples[:_MOST_EXAMPLES], letters=len(by_letter),
    )
