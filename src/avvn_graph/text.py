"""Small helpers for text that several rooms share."""

from __future__ import annotations

import re
import unicodedata

# Letters of the Latin alphabet that are no letter with a mark, and would be lost.
_NO_MARK = str.maketrans({"ø": "o", "Ø": "O", "æ": "ae", "Æ": "Ae", "œ": "oe", "Œ": "Oe", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ß": "ss", "ı": "i", "þ": "th", "Þ": "Th", "ð": "d"})

# Latin letters, those of Hungarian, Polish, Turkish and Vietnamese names among them.
_LATIN = [chr(n) for n in (*range(0x41, 0x250), *range(0x1E00, 0x1F00)) if chr(n).isalpha()]
UPPER = "".join(c for c in _LATIN if c.isupper())
"""Capitals, to stand in the brackets of a pattern."""
LOWER = "".join(c for c in _LATIN if c.islower())
"""Small letters, likewise."""


def slug(text: str) -> str:
    """Lower-case ASCII words joined by hyphens: ``"Camelia-Römer"`` gives ``"camelia-romer"``."""
    plain = unicodedata.normalize("NFKD", text.translate(_NO_MARK)).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")


def short_slug(text: str, words: int = 10) -> str:
    """A slug of at most ``words`` words, for keys made from running text."""
    return "-".join(slug(text).split("-")[:words])
