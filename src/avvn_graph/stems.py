"""Words as a search compares them: without accents and hyphens, and by their stem."""

from __future__ import annotations

import re
import threading
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from snowballstemmer.dutch_stemmer import DutchStemmer

_WORD = re.compile(r"[^\W_]+")
_ONE_AT_A_TIME = threading.Lock()


def words(text: str) -> list[str]:
    """The words of a text in lower case without accents; a hyphen parts words: ``VN-Raad`` gives ``vn raad``."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return _WORD.findall(plain.replace("'", " "))


@lru_cache(maxsize=1)
def _stemmers() -> tuple[DutchStemmer, ...]:
    """Two stemmers for Dutch, which err in different places: a word is found when either agrees."""
    import snowballstemmer  # brings all its languages; not before somebody searches

    return tuple(snowballstemmer.stemmer(name) for name in ("dutch", "dutch_porter"))


@lru_cache(maxsize=50_000)
def forms(word: str) -> tuple[str, ...]:
    """The stems of one word of ``words``; each stem is its own stem, so that plurals of plurals meet."""
    found = []
    with _ONE_AT_A_TIME:  # a stemmer keeps the word it works on
        for stemmer in _stemmers():
            stem = word
            for _ in range(3):
                shorter = stemmer.stemWord(stem)
                if shorter == stem:
                    break
                stem = shorter
            found.append(stem)
    return tuple(dict.fromkeys(found))
