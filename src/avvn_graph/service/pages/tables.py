"""Rows of a canned query as a table to read: one row a thing, with the sentences it rests on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from avvn_graph.service import asking, lookups
from avvn_graph.service.deps import State
from avvn_graph.service.graphs import Row, Snapshot
from avvn_graph.service.pages.layout import capital, date, money, number
from avvn_graph.service.pages.things import Evidence, Names, Thing, evidence_of, introduces, letters
from avvn_graph.service.words import COLUMNS, RELATIONS, WORDS

MOST_ROWS = 100
_FIGURES = frozenset({"total", "amounts", "mentions", "documents", "events", "personnel", "value", "confidence"})


@dataclass(frozen=True, slots=True)
class Column:
    """A column; figures stand to the right."""

    name: str
    label: str
    figures: bool = False


@dataclass(slots=True)
class Line:
    """A row of the table: a cell a column, each with its values, and the evidence."""

    cells: list[list[Thing]]
    modalities: list[str] = field(default_factory=list)
    evidence: list[Evidence] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Table:
    """A table; ``total`` counts the lines, of which the first are here."""

    columns: list[Column]
    lines: list[Line]
    total: int
    modal: bool


# What a line is about, for queries where it is not the first thing in a row.
_ABOUT: dict[str, tuple[str, ...]] = {
    "answer": ("passage",), "country-overview": ("statement",), "document-statements": ("statement",), "documents": ("document",),
    "mentions-of": ("document",), "offices": ("person", "office"), "planned-and-reported": ("entity", "predicate", "planEvidence"),
    "questions-by-party": ("passage",), "resolution-votes": ("resolution", "vote"), "search": ("passage",), "statement": ("statement",),
    "troop-contributions": ("country", "mission"), "event-participants": ("participant",),
}


async def table(
    app: State, snapshot: Snapshot, query: str, rows: Sequence[Row], lang: str, *, first: int = 0, most: int = MOST_ROWS
) -> Table:
    """The table of the rows of a canned query; those that are about one thing become one line."""
    shown = asking.columns(rows)
    about = list(_ABOUT.get(query, ()))
    if "document" in about:
        shown = ["document", *shown]
    modal = "modality" in shown
    priced = [c for c in ("amount", "value", "total") if c in shown][:1] if "currency" in shown else []
    hidden = {"modality", *(("role",) if "predicate" in shown else ()), *(("value", "currency") if "amount" in shown else ("currency",) if priced else ())}
    names = [c for c in shown if c not in hidden]
    subject = next((c for c in names if any(c in row and row[c].type == "uri" for row in rows)), None)
    keys = about or ([subject] if subject else [])
    if "total" in shown:  # sums of different currencies stand apart
        keys.append("currency")
    groups = list(lookups.grouped(rows, *keys).values()) if keys else [[row] for row in rows]
    cut = groups[first:first + most]
    called = await Names.of(app, snapshot, {iri for g in cut for row in g for c in names if c in row for iri in _iris(row[c].value)}, lang)
    all_letters = await letters(snapshot)
    short = {iri: Thing(iri, letter.short(lang), "document") for iri, letter in all_letters.items()}
    lines = []
    for group in cut:
        line = Line([[short.get(thing.iri, thing) for thing in _cell(group, c, called, lang, priced)] for c in names])
        if modal:
            line.modalities = list(dict.fromkeys(row["modality"].value for row in group if "modality" in row))
        for row in group:
            if "passage" in row and all(e.iri != row["passage"].value for e in line.evidence):
                line.evidence.append(evidence_of(
                    row["passage"].value, row["evidence"].value, int(row["start"].value), row["document"].value, all_letters))
        line.evidence.sort(key=introduces)
        lines.append(line)
    columns = [Column(c, COLUMNS[lang].get(c, capital(c)), c in _FIGURES) for c in names]
    return _without_repetition(Table(columns, lines, len(groups), modal))


def _without_repetition(full: Table) -> Table:
    """The table without what the name at the head of a line says already, and without columns that are empty then."""
    for line in full.lines:
        head = " ".join(thing.label for thing in line.cells[0]).casefold() if line.cells else ""
        for n, cell in enumerate(line.cells[1:], 1):
            if not full.columns[n].figures:
                line.cells[n] = [thing for thing in cell if thing.iri or thing.label.casefold() not in head]
    kept = [n for n in range(len(full.columns)) if n == 0 or any(line.cells[n] for line in full.lines)]
    for line in full.lines:
        line.cells = [line.cells[n] for n in kept]
    return Table([full.columns[n] for n in kept], full.lines, full.total, full.modal)


def _iris(value: str) -> list[str]:
    parts = value.split()
    return parts if parts and all(p.startswith(("http://", "https://")) for p in parts) else []


def _cell(group: Sequence[Row], column: str, names: Names, lang: str, priced: Sequence[str]) -> list[Thing]:
    values: dict[str, Thing] = {}
    spoke = column == "role" and any("role" in row and row["role"].value == "speaker" for row in group)
    for row in group:
        if column not in row or (spoke and row["role"].value == "attendedBy"):  # who spoke was there
            continue
        text = row[column].value
        iris = _iris(text)
        if column in priced and "currency" in row and ("value" in row or "total" in row):
            figure = money((row.get("value") or row["total"]).value, row["currency"].value, lang)
            values.setdefault(text, Thing(text if iris else "", figure, "amount"))
        elif iris:
            for iri in iris:
                values.setdefault(iri, names.thing(iri))
        else:
            side = row["role"].value if column == "predicate" and "role" in row else "subject" if column == "predicate" else "object"
            values.setdefault(text, Thing("", _say(column, text, side, lang), lang=row[column].lang))
    return list(values.values())


def _say(column: str, text: str, side: str, lang: str) -> str:
    if column == "vote":
        return WORDS[lang].get(f"vote_{text}", text)
    if column in ("role", "predicate"):
        return RELATIONS[lang].get((text, side), text)
    if column == "how":
        return WORDS[lang].get(f"how_{text}", text)
    if column == "type":
        return WORDS[lang].get(f"type_{text}", text)
    if column in ("date", "period"):
        return date(text, lang)
    return number(text, lang) if column in _FIGURES else text
