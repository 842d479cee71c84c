"""Letters for the tests of the corpus: the five real ones, and small ones written on the spot."""

from __future__ import annotations

from pathlib import Path

from avvn_graph.corpus import read_folder, read_letter
from avvn_graph.facts import Letter

DOCUMENTS = Path(__file__).resolve().parent.parent.parent / "data" / "documents"
LETTERS = {x.meta.slug: x for x in read_folder(DOCUMENTS)}


def letter_of(folder: Path, text: str, name: str = "letter.txt") -> Letter:
    """A letter read from a text, without metadata file."""
    (folder / name).write_bytes(text.encode("utf-8"))
    return read_letter(folder / name)


def texts(letter: Letter, *kinds: str) -> list[str]:
    """The clean texts of a letter's passages, of some kinds only when given."""
    return [p.text for p in letter.passages if not kinds or p.kind in kinds]
