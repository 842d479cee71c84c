"""Answers of the SPARQL endpoint kept in memory, and what makes a request the same as one before."""

from __future__ import annotations

import hashlib
import re
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from functools import lru_cache
from typing import Generic, Protocol, TypeVar
from zlib import crc32

# Functions whose value is another each time.
_CHANGING = re.compile(r"\b(?:NOW|RAND|UUID|STRUUID|BNODE)\s*\(", re.I)
_LARGEST = 8
"""One answer may take this part of the cache."""
_REMEMBERED = 256
"""What clients send may be 64 kB long."""


class HasBody(Protocol):
    """What can be kept."""

    @property
    def body(self) -> bytes: ...


T = TypeVar("T", bound=HasBody)


@dataclass(frozen=True, slots=True)
class Whole:
    """An answer as it went out: the bytes, its headers but for those of the one request, and the route (``path``) that made it."""

    body: bytes
    headers: list[tuple[bytes, bytes]]
    path: str


class ResultCache(Generic[T]):
    """Answers by what they depend on, the least recently used forgotten first; belongs to one build."""

    def __init__(self, limit: int) -> None:
        """``limit`` in bytes of answers and queries; 0 keeps nothing."""
        self.limit = limit
        self._kept: OrderedDict[tuple[str, ...], T] = OrderedDict()
        self.size = 0
        self.hits = 0
        self.misses = 0

    def get(self, key: tuple[str, ...]) -> T | None:
        """What is kept, if anything."""
        found = self._kept.get(key)
        if found is None:
            self.misses += 1
            return None
        self._kept.move_to_end(key)
        self.hits += 1
        return found

    def put(self, key: tuple[str, ...], result: T) -> None:
        """Keep an answer, unless it is too large."""
        size = _bytes(key, result)
        if size * _LARGEST > self.limit or key in self._kept:
            return
        self._kept[key] = result
        self.size += size
        while self.size > self.limit:
            old, gone = self._kept.popitem(last=False)
            self.size -= _bytes(old, gone)


def _bytes(key: tuple[str, ...], result: HasBody) -> int:
    return len(result.body) + sum(len(part) for part in key) + 200


def key(query: str, media_type: str, default: Sequence[str], named: Sequence[str]) -> tuple[str, ...] | None:
    """What an answer depends on beside the build; None for a query whose answer changes from time to time."""
    if _CHANGING.search(query):
        return None
    return (query, media_type, "\n".join(default), "\n".join(named))


def etag(build: str, version: str, said: tuple[tuple[bytes, bytes], ...], address: bytes) -> str:
    """A weak entity tag of a build and the headers that an answer depends on.

    A tag need only tell apart what one address gives; that others have other tags is for people who look.
    """
    return f'W/"{_digest(build, version, said)}-{crc32(address):08x}"'


@lru_cache(maxsize=_REMEMBERED)
def _digest(*parts: object) -> str:
    return hashlib.blake2b(repr(parts).encode(), digest_size=12).hexdigest()


@lru_cache(maxsize=_REMEMBERED)
def changing(query_string: bytes) -> bool:
    """Whether the address holds a query whose answer changes from time to time (percent-encoding undone only where it matters)."""
    return bool(_CHANGING.search(query_string.replace(b"%28", b"(").replace(b"+", b" ").replace(b"%20", b" ").decode("latin-1")))


@lru_cache(maxsize=64)
def http_date(created: str) -> str | None:
    """An ISO 8601 time as a date of HTTP; None when it is none."""
    try:
        moment = datetime.fromisoformat(created)
    except ValueError:
        return None
    return format_datetime((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC), usegmt=True)
