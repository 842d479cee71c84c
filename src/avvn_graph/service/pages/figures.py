"""Contributions added up: by recipient and by year of the letter that tells them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from avvn_graph.service import lookups
from avvn_graph.service.deps import State
from avvn_graph.service.graphs import Snapshot
from avvn_graph.service.pages.things import Names, Thing, letters
from avvn_graph.service.words import WORDS

_PLEDGES = """SELECT DISTINCT ?amount ?value ?currency ?recipient ?document WHERE {
  ?amount avvn:pledgedBy %s ; avvn:value ?value ; avvn:currency ?currency .
  ?statement rdf:subject ?amount ; rdf:predicate avvn:pledgedBy ; avvn:inDocument ?document .
  OPTIONAL { ?amount avvn:recipient ?recipient }
} ORDER BY ?amount"""


@dataclass(frozen=True, slots=True)
class Bar:
    """A sum; ``share`` is its part of the greatest of its table, in percent."""

    label: Thing
    total: Decimal
    currency: str
    amounts: int
    share: float


@dataclass(frozen=True, slots=True)
class Contributions:
    """Sums of one currency."""

    currency: str
    by_recipient: list[Bar]
    by_year: list[Bar]
    total: Decimal


async def contributions(app: State, snapshot: Snapshot, giver: str | None, lang: str) -> list[Contributions]:
    """What one giver, or everybody, pledged; an amount that is told more than once counts once, in its first year."""
    pattern = lookups.iri(giver) if giver else "?giver"
    all_letters = await letters(snapshot)
    amounts: dict[str, tuple[Decimal, str, set[str], str]] = {}
    for row in await snapshot.select(lookups.HEADER + _PLEDGES % pattern):
        letter = all_letters.get(row["document"].value)
        year = letter.date[:4] if letter else ""
        known = amounts.get(row["amount"].value)
        receivers = known[2] if known else set()
        if "recipient" in row:
            receivers.add(row["recipient"].value)
        first = min(y for y in (year, known[3] if known else year) if y) if year or (known and known[3]) else ""
        amounts[row["amount"].value] = (Decimal(row["value"].value), row["currency"].value, receivers, first)
    names = await Names.of(app, snapshot, {r for a in amounts.values() for r in a[2]}, lang)
    found = []
    for currency in sorted({a[1] for a in amounts.values()}):
        of = [a for a in amounts.values() if a[1] == currency]
        recipients: defaultdict[str, list[Decimal]] = defaultdict(list)
        years: defaultdict[str, list[Decimal]] = defaultdict(list)
        for value, _, who, year in of:
            # One sum for several recipients together is nobody's alone.
            recipients[" ".join(sorted(who))].append(value)
            years[year].append(value)
        by_recipient = [
            (_together([names.thing(iri) for iri in key.split()], lang), sums) for key, sums in
            sorted(recipients.items(), key=lambda r: (r[0] == "", -sum(r[1]), r[0]))
        ]
        by_year = [(Thing("", year or "?"), sums) for year, sums in sorted(years.items())]
        found.append(Contributions(currency, _bars(by_recipient, currency), _bars(by_year, currency), sum((a[0] for a in of), Decimal(0))))
    return sorted(found, key=lambda c: -len(c.by_recipient))


def _together(things: list[Thing], lang: str) -> Thing:
    if len(things) == 1:
        return things[0]
    return Thing("", ", ".join(t.label for t in things) if things else WORDS[lang]["noRecipient"])


def _bars(sums: list[tuple[Thing, list[Decimal]]], currency: str) -> list[Bar]:
    most = max((sum(values) for _, values in sums), default=Decimal(1)) or Decimal(1)
    return [Bar(label, sum(values, Decimal(0)), currency, len(values), round(float(sum(values) / most * 100), 1)) for label, values in sums]
