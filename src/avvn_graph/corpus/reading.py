"""Reading letters from files; one reader a format, registered by suffix."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from avvn_graph.corpus.division import divide
from avvn_graph.corpus.metadata import describe
from avvn_graph.errors import AvvnError
from avvn_graph.facts import Letter, Passage

MAX_BYTES = 20_000_000
"""A letter's largest size; the longest of the genre, a written consultation, has some 200,000 bytes."""

log = logging.getLogger("avvn_graph.corpus")


def _plain_text(path: Path) -> str:
    """The text of a UTF-8 file, line ends untouched, so that offsets are those of the file as stored."""
    data = path.read_bytes()
    if not data.strip():
        raise AvvnError(f"{path.name}: the file is empty; give the text of a letter")
    if b"\x00" in data:
        raise AvvnError(f"{path.name}: not a text file (it holds NUL bytes); give the letter's text as UTF-8")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise AvvnError(f"{path.name}: line {line} is not UTF-8; convert the file first, "
                        f"for example: iconv -f WINDOWS-1252 -t UTF-8 {path.name}") from None


READERS: dict[str, Callable[[Path], str]] = {".txt": _plain_text}
"""Readers by file suffix: a new format is one function and one line here."""


def read_letter(path: Path) -> Letter:
    """Read one letter and divide it into passages.

    Its metadata stand in a YAML file of the same name beside it; without one, the letter is taken in with what it
    says of itself, and a warning is logged. Raises AvvnError that names the file when it cannot be read, is empty, is
    no UTF-8 text, is larger than ``MAX_BYTES`` or has no sentence.
    """
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        raise AvvnError(f"{path.name}: no reader for {path.suffix or 'a file without suffix'}; known: {', '.join(READERS)}")
    try:
        if not path.is_file() and path.exists():
            raise AvvnError(f"{path.name}: not a file; give the text of a letter")
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise AvvnError(f"{path.name}: {size:,} bytes are more than the {MAX_BYTES:,} a letter may have; split the file")
        source = reader(path)
    except OSError as error:
        raise AvvnError(f"{path.name}: cannot be read ({error.strerror})") from None
    checksum = hashlib.sha256(source.encode("utf-8")).hexdigest()
    meta = describe(path, source, checksum)
    passages = divide(source, meta)
    if not path.with_suffix(".yaml").is_file():
        meta = replace(meta, senders=_signatories(passages))
    if not passages:
        raise AvvnError(f"{path.name}: holds no sentence; give the text of a letter")
    return Letter(meta, source, passages)


def _signatories(passages: tuple[Passage, ...]) -> tuple[str, ...]:
    """The names under a letter: what follows the office in each signature."""
    names = [p.text.rsplit(", ", 1)[-1] for p in passages if p.kind == "signature" and ", " in p.text]
    return tuple(dict.fromkeys(names))


def read_folder(folder: Path) -> list[Letter]:
    """Read every letter of a folder, sorted by file name.

    Raises AvvnError when the folder does not exist, holds no letter, two letters have one slug, or a letter cannot be read.
    """
    if not folder.is_dir():
        raise AvvnError(f"{folder}: no such folder; give the folder with the letters (--input)")
    try:
        found = sorted(p for p in folder.iterdir() if not p.name.startswith("."))
    except OSError as error:
        raise AvvnError(f"{folder}: cannot be read ({error.strerror})") from None
    paths = [p for p in found if p.suffix.lower() in READERS]
    stems = {p.stem for p in paths}
    for stray in found:
        if stray.suffix.lower() in READERS or (stray.suffix == ".yaml" and stray.stem in stems):
            continue
        why = "no letter of that name" if stray.suffix == ".yaml" else f"no reader for {stray.suffix or 'a file without suffix'}"
        log.warning("%s: passed over: %s", stray.name, why)
    if not paths:
        raise AvvnError(f"{folder}: holds no letter ({', '.join(READERS)})")
    letters = [read_letter(p) for p in paths]
    seen: dict[str, str] = {}
    for letter in letters:
        other = seen.setdefault(letter.meta.slug, letter.meta.source_file)
        if other != letter.meta.source_file:
            raise AvvnError(f"{letter.meta.source_file}: has the slug {letter.meta.slug!r} of {other}; give one of them another")
    return letters
