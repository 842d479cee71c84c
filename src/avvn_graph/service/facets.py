"""What a build brings ready-made (see graph.facets): what each letter mentions and where, what stands together, names."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from weakref import WeakKeyDictionary

from avvn_graph.graph.facets import FILE, current
from avvn_graph.service.graphs import Snapshot
from avvn_graph.stems import forms


@dataclass(frozen=True, slots=True)
class Counts:
    """Of one letter."""

    passages: int = 0
    mentions: int = 0
    statements: int = 0


class Facets:
    """The counts of one build; empty for a build that was made without them."""

    def __init__(self, folder: Path) -> None:
        """``folder`` is the build's."""
        path = folder / FILE
        # A look-up takes microseconds, so it is made on the event loop; a build never changes.
        self._database = sqlite3.connect(f"{path.resolve().as_uri()}?immutable=1", uri=True, check_same_thread=False) if current(path) else None

    def _rows(self, query: str, *values: str | int) -> list[tuple[str, int]]:
        return [(str(row[0]), int(row[1])) for row in self._database.execute(query, values)] if self._database else []

    def kinds(self) -> Mapping[str, tuple[int, int]]:
        """How many things of a kind the letters mention, and how often."""
        if not self._database:
            return {}
        return {kind: (things, mentions) for kind, things, mentions in self._database.execute("SELECT kind, things, mentions FROM kinds")}

    def letter(self, document: str) -> Counts:
        """Of one letter, by its IRI."""
        row = self._database and self._database.execute(
            "SELECT passages, mentions, statements FROM letters WHERE document = ?", (document,)).fetchone()
        return Counts(*row) if row else Counts()

    def of_letter(self, document: str) -> dict[str, list[tuple[str, int]]]:
        """What a letter mentions: kind to things and how often, most first."""
        found: dict[str, list[tuple[str, int]]] = {}
        if self._database:
            for kind, entity, mentions in self._database.execute(
                "SELECT kind, entity, mentions FROM facets WHERE document = ? ORDER BY mentions DESC, entity", (document,)
            ):
                found.setdefault(kind, []).append((entity, mentions))
        return found

    def letters_of(self, entity: str) -> list[tuple[str, int]]:
        """The letters that mention a thing, and how often."""
        return self._rows("SELECT document, mentions FROM facets WHERE entity = ? ORDER BY document", entity)

    def together(self, entity: str, most: int) -> list[tuple[str, int]]:
        """What most often stands in one passage with a thing, and in how many."""
        return self._rows("SELECT other, passages FROM together WHERE entity = ? ORDER BY passages DESC, other LIMIT ?", entity, most)

    def places(self, entity: str) -> list[tuple[str, str, str]]:
        """The first places in each letter that mention a thing: letter, place of the passage, words."""
        if not self._database:
            return []
        return [(str(d), str(p), str(q)) for d, p, q in self._database.execute(
            "SELECT document, place, quote FROM places WHERE entity = ? ORDER BY document, start", (entity,))]

    def passages(self, looked: Sequence[str], *, all_of_them: bool, most: int, skip: int = 0) -> tuple[list[tuple[str, str, int, str]], int]:
        """Passages with some words (as ``stems.words`` gives them), best first, and how many there are in all.

        A passage is (IRI, IRI of its letter, start, text); forms of a word count as the word; ``skip`` of the best are left out.
        """
        if not self._database or not looked:
            return [], 0
        query = (" AND " if all_of_them else " OR ").join("(" + " OR ".join(f'"{form}"' for form in forms(word)) + ")" for word in looked)
        total = self._database.execute("SELECT COUNT(*) FROM stems WHERE stems MATCH ?", (query,)).fetchone()[0]
        rows = self._database.execute(
            """SELECT passage, document, start, text FROM stems JOIN passages ON id = stems.rowid WHERE stems MATCH ?
            ORDER BY rank, id LIMIT ? OFFSET ?""", (query, most, skip))
        return [(str(p), str(d), int(s), str(t)) for p, d, s, t in rows], int(total)

    def completing(self, looked: Sequence[str], *, most: int, kind: str | None = None, mentioned: bool = False) -> list[tuple[str, str]]:
        """Things one of whose names has words that begin so, those most often mentioned first, each with that name."""
        if not self._database or not looked:
            return []
        query = " AND ".join(f'"{word}"*' for word in looked)
        rows = self._database.execute(
            """SELECT a.entity, a.name, COALESCE((SELECT SUM(mentions) FROM facets f WHERE f.entity = a.entity), 0) AS n
            FROM called JOIN aliases a ON a.id = called.rowid WHERE called MATCH ? ORDER BY n DESC, length(a.name), a.name LIMIT 400""", (query,))
        found: dict[str, str] = {}
        for entity, name, mentions in rows:
            if (mentions or not mentioned) and (kind is None or f"/id/{kind}/" in entity):
                found.setdefault(str(entity), str(name))
        return list(found.items())[:most]

    def name(self, entity: str, lang: str) -> str:
        """What to call a thing in ``nl`` or ``en``; empty when it has no name here."""
        row = self._database and self._database.execute("SELECT nl, en FROM names WHERE entity = ?", (entity,)).fetchone()
        return str(row[lang == "en"]) if row else ""

    def named(self, kind: str) -> list[str]:
        """All things of a kind that have a name."""
        return [str(row[0]) for row in self._database.execute("SELECT entity FROM names WHERE kind = ? ORDER BY entity", (kind,))] \
            if self._database else []

    def of_kind(self, kind: str) -> dict[str, int]:
        """The things of a kind that are mentioned, and how often."""
        return dict(self._rows("SELECT entity, SUM(mentions) FROM facets WHERE kind = ? GROUP BY entity", kind))


_KEPT: WeakKeyDictionary[Snapshot, Facets] = WeakKeyDictionary()


def of(snapshot: Snapshot) -> Facets:
    """The counts of a snapshot; opened once."""
    found = _KEPT.get(snapshot)
    if found is None:
        found = _KEPT[snapshot] = Facets(snapshot.build.path)
    return found
