"""The frame lexicon, ``frames.yaml``: patterns over a sentence's row, and what each makes of its slots.

A pattern is a regular expression over the row, in which every token ends in one space. ``{subj:A}`` is a slot
filled by a piece of kind A (kinds may be listed, ``{x:AE}``); ``{..6}`` a gap of up to six tokens that does not
cross a full stop or semicolon (it brings its own spaces), ``{.e6}`` one that crosses no event either; in a frame with
``outright: true`` an event that only tells when ("tijdens …") fills no slot; ``{v:organise}`` a word of that class.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, get_args

import yaml

from avvn_graph.errors import AvvnError
from avvn_graph.facts import Modality

_SLOT = re.compile(r"\{(\w+):([A-Z]+)\}")
_CLASS = re.compile(r"\{v:(\w+)\}")
_NEAR = re.compile(r"\{\.e(\d+)\}")
# A subject that opens a pattern is not governed by a preposition: "in de Mensenrechtenraad diende Duitsland … in".
_NOT_GOVERNED = "".join(rf"(?<!{word} )" for word in ("in", "bij", "van", "aan", "met", "voor", "tijdens", "door", "naar", "uit", "tot", "onder",
                                                       "tussen", "over", "namens", "op", "tegen", "binnen"))
_KIND = re.compile(r"<([A-Z])\d")
_GAP = re.compile(r"\{\.\.(\d+)\}")


@dataclass(frozen=True, slots=True)
class Frame:
    """A trigger with its slots: ``makes`` are (predicate, subject slot, object slot) triples."""

    id: str
    pattern: re.Pattern[str]
    makes: tuple[tuple[str, str, str], ...]
    how: str | None
    modality: Modality | None
    confidence: float
    kinds: tuple[frozenset[str], ...]
    """The kinds that each slot accepts: a row without one of each cannot match."""
    company: bool
    """Whether "samen met X" in the sentence adds X beside the object of the first triple."""
    phrase: bool = False
    """Whether it all stands in one noun phrase, so that it holds even where the clause is denied."""
    without: frozenset[str] = frozenset()
    """Words that must not stand in the match or before it in its part of the sentence."""

    needs: frozenset[str] = frozenset()
    """Words of which a row that matches has one; none where the pattern does not tell."""

    def excluded(self, m: re.Match[str]) -> bool:
        """Whether a word stands with a match that makes it say something else."""
        part = re.split(r" [.;] ", m.string[:m.end()])[-1] if self.without else ""
        return not self.without.isdisjoint(part.split())


@dataclass(frozen=True, slots=True)
class Lexicon:
    """All frames and word classes."""

    frames: tuple[Frame, ...]
    classes: dict[str, re.Pattern[str]]
    members: dict[str, frozenset[str]]

    by_kinds: dict[frozenset[str], tuple[Frame, ...]] = field(default_factory=dict, compare=False)

    def for_kinds(self, here: frozenset[str]) -> tuple[Frame, ...]:
        """The frames all of whose slots can be filled by pieces of these kinds; there are few such sets, and each is kept."""
        found = self.by_kinds.get(here)
        if found is None:
            found = self.by_kinds[here] = tuple(f for f in self.frames if not any(here.isdisjoint(kinds) for kinds in f.kinds))
        return found

    def words(self, *classes: str) -> frozenset[str]:
        """The words of some classes."""
        return frozenset().union(*(self.members[name] for name in classes))


_OUTRIGHT = "".join(rf"(?<!{word} )" for word in ("tijdens", "gedurende", "bij", "na", "voor", "marge van", "kader van", "opening van", "aanloop naar", "voorbereiding van", "voorbereiding op"))


def _compile(text: str, classes: dict[str, str], where: str, outright: bool = False) -> re.Pattern[str]:
    counts: dict[str, int] = {}

    def slot(m: re.Match[str]) -> str:
        counts[m[1]] = counts.get(m[1], 0) + 1
        name = m[1] if counts[m[1]] == 1 else f"{m[1]}_{counts[m[1]]}"
        before = _OUTRIGHT if outright and m[2] == "E" else ""
        return rf"(?P<{name}>{before}<[{m[2].replace('A', 'ACHO')}]\d+>)"

    def word_class(m: re.Match[str]) -> str:
        if m[1] not in classes:
            raise AvvnError(f"{where}: word class {m[1]!r} is not defined under `classes`")
        return rf"(?:{classes[m[1]]})"

    pattern = (_NOT_GOVERNED if text.startswith("{subj:") else "") + _SLOT.sub(slot, text.strip() + " ")
    pattern = _CLASS.sub(word_class, pattern)
    pattern = _NEAR.sub(lambda m: rf"(?:(?![.;] |<E)\S+ ){{0,{m[1]}}}?", pattern)
    pattern = _GAP.sub(lambda m: rf"(?:(?![.;] )\S+ ){{0,{m[1]}}}?", pattern)
    try:
        return re.compile(r"(?<!\S)" + pattern)
    except re.error as error:
        raise AvvnError(f"{where}: pattern does not compile ({error}): {text}") from None


_TOKEN = re.compile(r"(?:\((?:[^()]|\([^()]*\))*\)\S*|[^\s(])+")
_ANY = re.compile(r"\(\?:([\w’|-]+)\)")
_PLAIN = re.compile(r"[^\W\d_][\w’-]*")


def _needs(text: str, classes: dict[str, list[str]]) -> frozenset[str]:
    """The fewest words of which a pattern demands one: a word, a class or a choice that stands in it and is not optional."""
    choices: list[list[str]] = []
    for token in _TOKEN.findall(text):
        group, name = _ANY.fullmatch(token), _CLASS.fullmatch(token)
        choice = [token] if _PLAIN.fullmatch(token) else group[1].split("|") if group else classes[name[1]] if name else []
        if choice and all(_PLAIN.fullmatch(word) for word in choice):
            choices.append(choice)
    return frozenset(min(choices, key=len, default=()))


@lru_cache(maxsize=4)
def load_lexicon(folder: Path) -> Lexicon:
    """Read ``frames.yaml`` of a vocabulary folder; raises AvvnError naming the frame that is wrong."""
    path = folder / "frames.yaml"
    rows: dict[str, Any] = yaml.load(path.read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    classes = {name: "|".join(sorted(words, key=len, reverse=True)) for name, words in rows["classes"].items()}
    frames = []
    for row in rows["frames"]:
        modality: Modality | None = row.get("modality")
        if modality not in (None, *get_args(Modality)):
            raise AvvnError(f"{path}: frame {row['id']}: modality {modality!r} is none of {', '.join(get_args(Modality))}")
        for n, text in enumerate(row["patterns"]):
            makes = tuple((m[0], m[1], m[2]) for m in row["makes"])
            frames.append(Frame(row["id"], _compile(text, classes, f"{path}: frame {row['id']}, pattern {n + 1}", bool(row.get("outright"))), makes,
                                row.get("how"), modality, float(row.get("confidence", 0.9)),
                                tuple(frozenset(m[2].replace("A", "ACHO")) for m in _SLOT.finditer(text)),
                                bool(row.get("company", False)), bool(row.get("phrase", False)), frozenset(row.get("without", ())),
                                _needs(text, rows["classes"])))
    return Lexicon(tuple(frames), {k: re.compile(rf"(?<!\S)(?:{v})(?!\S)") for k, v in classes.items()},
                   {name: frozenset(words) for name, words in rows["classes"].items()})


def matches(lexicon: Lexicon, row: str) -> Iterator[tuple[Frame, re.Match[str]]]:
    """Every place where a frame's pattern fits a row."""
    words = frozenset(row.split())
    for frame in lexicon.for_kinds(frozenset(_KIND.findall(row))):
        if frame.needs and words.isdisjoint(frame.needs):
            continue
        for m in frame.pattern.finditer(row):
            yield frame, m


@lru_cache(maxsize=4)
def load_confidence(folder: Path) -> dict[str, float]:
    """How sure each rule is, from ``confidence.yaml`` of a vocabulary folder; empty without that file."""
    path = folder / "confidence.yaml"
    if not path.is_file():
        return {}
    rows = yaml.load(path.read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    try:
        return {str(rule): float(row["confidence"]) for rule, row in rows.items()}
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise AvvnError(f"{path}: each rule needs {{confidence: 0..1}}: {error!r}") from error
