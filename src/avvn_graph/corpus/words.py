"""Lists of words that the corpus room keeps as data beside its code."""

from __future__ import annotations

from pathlib import Path


def words_of(name: str) -> list[str]:
    """The lines of a word list of this folder, without blank lines and lines that begin with ``#``."""
    text = (Path(__file__).parent / name).read_text(encoding="utf-8")
    return [line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#")]
