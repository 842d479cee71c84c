"""Division: a letter's blocks into passages, each with its section and, in a written consultation, its speaker."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import replace

from avvn_graph.corpus.blocks import BULLET, REPORT, Block, blocks_of, column_width, repair
from avvn_graph.corpus.cleaning import Joiner, lines_of, without_furniture
from avvn_graph.corpus.footnotes import Footnotes, find_footnotes
from avvn_graph.corpus.sentences import split
from avvn_graph.corpus.signatures import bind_signatures
from avvn_graph.facts import DocumentMeta, Passage, PassageKind

_REPLY = re.compile(r"^(?:[IVX]+\.?\s+)?(?:Antwoord|Reactie)(?:\s?/\s?[Rr]eactie)?\b.{0,40}\b(?:[Mm]inisters?|[Ss]taatssecretaris(?:sen)?|[Kk]abinet|[Bb]ewindsperso(?:on|nen))\b", re.I)
_PARTY = r"(?:(?P<p>[A-Z0-9][\w+-]*?(?: voor de [A-Z]\w+)?)-fractie|(?:(?:de )?fractie van |fractieleden van )(?:de |het )?(?P<q>[A-Z0-9][\w+-]*(?: voor de [A-Z]\w+)?))"
_CONTRIBUTION = re.compile(rf"^(?:Inbreng|Vragen(?: en opmerkingen)?)\b.{{0,40}}?\b(?:de )?{_PARTY}")
_ASKS = re.compile(rf"\b(?:[Ll]eden van |[Dd]e ){_PARTY}|\b[Dd]e {_PARTY.replace('<p>', '<r>').replace('<q>', '<s>')}")


def divide(source: str, meta: DocumentMeta) -> tuple[Passage, ...]:
    """The passages of a letter, paragraph after paragraph as they begin in the source.

    A paragraph that a page break, a footnote or a figure interrupts is whole, and what interrupted it comes after it.
    """
    lines = lines_of(source)
    page = without_furniture(lines)
    footnotes = find_footnotes(page.lines, source)
    width = column_width(page.lines)
    blocks = [Block(lines, "head") for lines in page.head]
    blocks += bind_signatures(repair(blocks_of(page.lines, width, footnotes), width))
    return tuple(_Passages(meta, Joiner(lines), blocks, footnotes).all())


class _Passages:
    def __init__(self, meta: DocumentMeta, joiner: Joiner, blocks: list[Block], footnotes: Footnotes) -> None:
        self.meta = meta
        self.joiner = joiner
        self.blocks = blocks
        self.marks = footnotes.marks
        self.dropped = {at for start, end in footnotes.marks.values() for at in range(start, end)}
        self.path: list[tuple[int, str]] = []
        self.replying = False
        self.paragraph = 0
        self.party: str | None = None
        self.speaker: str | None = None
        self.number: int | None = None
        self.out: list[Passage] = []

    @property
    def section(self) -> tuple[str, ...]:
        """The path of headings above the next passage."""
        return tuple(text for _, text in self.path)

    def all(self) -> list[Passage]:
        numbered = any(b.kind == "answer" for b in self.blocks)
        consultation = numbered or sum(bool(b.kind == "heading" and _contributor(b.first)) for b in self.blocks) > 1
        answer_width = self._answer_width()
        upcoming = self._upcoming()
        since_answer = 0
        for n, block in enumerate(self.blocks):
            if block.kind == "answer":
                self.speaker, self.number, since_answer = "kabinet", block.number, 0
                self._emit(block, "heading")
                continue
            if block.kind == "head":
                self._emit(block, "heading")
                continue
            if block.kind == "heading":
                self._heading(block)
                party = _contributor(block.first)
                if party:
                    self.party, self.speaker, self.number, self.replying = party, party, None, False
                elif consultation and _REPLY.match(block.first):
                    self.speaker, self.number, self.replying = "kabinet", None, True
                elif self.party and not self.replying:
                    # A topic inside a contribution is the asking group's heading.
                    self.speaker, self.number = self.party, None
                self._emit(block, "heading")
                continue
            if block.kind in ("footnote", "signature"):
                self._emit(block, "footnote" if block.kind == "footnote" else "signature")
                continue
            if block.kind == "figure":
                self._emit(block, "sentence")
                continue
            kind: PassageKind = "item" if BULLET.match(block.first) else "sentence"
            if consultation and (self.party or self.speaker):
                if self.speaker == "kabinet" and not self.replying:
                    since_answer += 1
                    if since_answer > 1 and self._asks(n, block, answer_width):
                        self.speaker, self.number = self.party, None
                if self.speaker == "kabinet":
                    kind = "answer" if kind == "sentence" else kind
                else:
                    self.speaker = _asker(block) or self.party or self.speaker
                    self.number = upcoming[n]
                    kind = "question" if kind == "sentence" else kind
            self._emit(block, kind)
        return self._anchored()

    def _upcoming(self) -> list[int | None]:
        """For each block the number of the next answer in the same contribution."""
        out: list[int | None] = []
        number: int | None = None
        for block in reversed(self.blocks):
            if block.kind == "answer":
                number = block.number
            elif block.kind == "heading" and (_contributor(block.first) or _REPLY.match(block.first)):
                number = None
            out.append(number)
        return out[::-1]

    def _answer_width(self) -> int:
        widths = [self.blocks[n + 1].width for n, b in enumerate(self.blocks[:-1])
                  if b.kind == "answer" and self.blocks[n + 1].kind == "body" and len(self.blocks[n + 1].lines) > 2]
        return sorted(widths)[int(len(widths) * 0.9)] if widths else 0

    def _asks(self, n: int, block: Block, answer_width: int) -> bool:
        """Whether a paragraph after an answer is the next question: set wider, or asking just before the next answer."""
        text = " ".join(line.body for line in block.lines)
        if block.width > answer_width + 2 or re.match(r"(?:De|Deze|De aan het woord zijnde) leden\b", text):
            return True
        following = next((self.blocks[i] for i in range(n + 1, len(self.blocks)) if self.blocks[i].kind in ("body", "answer")), None)
        return bool(following and following.kind == "answer" and re.search(r"\?\d*$", text))

    def _heading(self, block: Block) -> None:
        text = self._text(block)[0]
        level = _level(text)
        while self.path and self.path[-1][0] >= level:
            self.path.pop()
        self.path.append((level, text))

    def _text(self, block: Block) -> tuple[str, list[int]]:
        """The running text of a block without footnote marks, and where each character stood."""
        text, where = self.joiner.join(block.lines)
        if block.kind == "footnote" or self.dropped.isdisjoint(where):
            return text, where
        kept = [i for i, at in enumerate(where) if at not in self.dropped]
        return "".join(text[i] for i in kept), [where[i] for i in kept]

    def _emit(self, block: Block, kind: PassageKind) -> None:
        text, where = self._text(block)
        self.paragraph += 1
        whole = kind in ("heading", "footnote", "signature")
        for start, end in ([(0, len(text))] if whole else split(text)):
            while start < end and text[start] == " ":
                start += 1
            while end > start and text[end - 1] == " ":
                end -= 1
            if start == end:
                continue
            offsets = tuple(where[start:end])
            self.out.append(Passage(
                self.meta.slug, min(offsets), max(offsets) + 1, text[start:end], offsets, kind, self.section, self.paragraph,
                self.speaker, self.number if kind in ("question", "answer", "item", "heading") else None,
                self.marks[block.number][0] if kind == "footnote" and block.number in self.marks else None,
            ))

    def _anchored(self) -> list[Passage]:
        """Give each footnote the speaker of the passage that bears its mark."""
        bearers = [p for p in self.out if p.kind != "footnote"]
        starts = [p.start for p in bearers]
        out = []
        for p in self.out:
            if p.kind == "footnote":
                n = bisect_right(starts, p.anchor) - 1 if p.anchor is not None else -1
                p = replace(p, speaker=bearers[n].speaker if n >= 0 else None)
            out.append(p)
        return out


def _contributor(text: str) -> str | None:
    """The party group whose contribution a heading opens, as printed."""
    found = _CONTRIBUTION.match(text)
    return (found["p"] or found["q"]) if found else None


def _asker(block: Block) -> str | None:
    """The party group that a paragraph says is asking."""
    found = _ASKS.search(" ".join(line.body for line in block.lines))
    return next((x for x in found.groups() if x), None) if found else None


def _level(heading: str) -> int:
    """How deep a heading stands: a report in the letter, a Roman number, a contribution or Arabic number, anything else."""
    if REPORT.match(heading):
        return 0
    if re.match(r"[IVX]+\.?\s", heading):
        return 1
    if (re.match(r"\d+[.)]?\s", heading) and not re.match(r"\d+ ", heading)) or _contributor(heading):
        return 2
    return 3
