"""Blocks: a letter's lines gathered into paragraphs, headings, items, footnotes and figures, interruptions repaired."""

from __future__ import annotations

import re
from dataclasses import dataclass

from avvn_graph.corpus.cleaning import Line
from avvn_graph.corpus.footnotes import Footnotes, starts_page
from avvn_graph.corpus.words import words_of

BULLET = re.compile(r"^(?:[−•–▪●·*-]|\d{1,2}[.)]|[a-z][.)])\s+\S")
_DASH = re.compile(r"^[−•–▪●·*-]\s+\S")
_ANSWER = re.compile(r"^(?P<n>\d{1,3})\.\s+Antwoord (?:op (?:de )?vra(?:ag|gen) )?van (?:het kabinet|de [Mm]inister)", re.I)
_FIGURE = re.compile(r"^(?:Figuur|Tabel|Bijlage) ?\d*\s*:")
OFFICE = re.compile(r"^(?:De )?(?:[Mm]inister|[Ss]taatssecretaris)(?:-[Pp]resident)?\b.*")
NAME = re.compile(r"^(?:[A-Z][a-z]?\.\s?)+(?:(?:van|de|den|der|het|ten|ter|te|[’']t|von|el|al)\s)*[A-ZÀ-Þ][\w’'-]*(?:[ -][A-ZÀ-Þ][\w’'-]*){0,2}$|"
                   r"^[A-ZÀ-Þ][\w-]+(?:\s?[A-Z]\.)*(?:\s(?:van|de|den|der|het|ten|ter|te|[’']t))*(?:\s[A-ZÀ-Þ][\w’-]+){1,3}$")
_UNFINISHED = re.compile(r"\b(?:de|het|een|van|en|voor|in|op|der|aan|met|of|bij|tot|over|door|the|of|on)$")
_OPENS = re.compile(rf"(?:{'|'.join(words_of('openers.txt'))})\b(?! [A-ZÀ-Þ])")
_ENDS_SENTENCE = re.compile(r"[.?!][\d»”\"’)]*$")
REPORT = re.compile(r"^(?:VERSLAG|Verslag) van\b", re.I)
_TERMINAL = re.compile(r"[.?!:;»”][\d»”\"’)]*$")


@dataclass(slots=True)
class Block:
    """Lines that belong together; ``kind`` is body, heading, head (of the letterhead), footnote, figure, answer or signature.

    ``number`` is that of the footnote or answer. A block is never empty.
    """

    lines: list[Line]
    kind: str = "body"
    number: int | None = None

    @property
    def first(self) -> str:
        """The text of the first line."""
        return self.lines[0].body

    @property
    def last(self) -> str:
        """The text of the last line."""
        return self.lines[-1].body

    @property
    def width(self) -> int:
        """The characters of the longest line."""
        return max(len(line.body) for line in self.lines)


def column_width(lines: list[Line]) -> int:
    """How many characters a full line of the letter has: the length that nine in ten lines do not pass."""
    lengths = sorted(len(line.body) for line in lines if len(line.body) > 30)
    return lengths[int(len(lengths) * 0.9)] if lengths else 80


def _run_widths(lines: list[Line], width: int) -> dict[int, int]:
    """The column width at each line: the widest line of its run between blank lines, when the run tells it."""
    widths: dict[int, int] = {}
    run: list[Line] = []
    for line in [*lines, Line("", -1)]:
        if line.body:
            run.append(line)
            continue
        widest = max((len(x.body) for x in run), default=0)
        for x in run:
            widths[x.start] = widest if len(run) > 3 else width
        run = []
    return widths


def blocks_of(usable: list[Line], width: int, footnotes: Footnotes) -> list[Block]:
    """Runs of lines between blank lines, cut further at page starts, items, footnotes, headings and short last lines."""
    blocks: list[Block] = []
    current: list[Line] = []

    def close(kind: str = "body", number: int | None = None) -> None:
        nonlocal current
        if current:
            blocks.append(Block(current, kind, number))
        current = []

    run_width = _run_widths(usable, width)
    n = 0
    while n < len(usable):
        line = usable[n]
        body = line.body
        if not body:
            close()
            n += 1
            continue
        after = usable[n + 1].body if n + 1 < len(usable) else ""
        page_start = bool(current) and starts_page(line) and not starts_page(current[-1])
        if page_start:
            close()
        if line.start in footnotes.notes:
            close()
            note = [line]
            n += 1
            while n < len(usable) and usable[n].body and not starts_page(usable[n]) and usable[n].start not in footnotes.notes:
                note.append(usable[n])
                n += 1
            blocks.append(Block(note, "footnote", footnotes.notes[line.start]))
            continue
        answer = _ANSWER.match(body)
        if answer:
            close()
            blocks.append(Block([line], "answer", int(answer["n"])))
            n += 1
            continue
        if _FIGURE.match(body):
            close()
            current = [line]
            if body.rstrip().endswith(":"):
                close("figure")
            else:
                n += 1
                while n < len(usable) and usable[n].body and not starts_page(usable[n]):
                    current.append(usable[n])
                    n += 1
                close("figure")
                continue
            n += 1
            continue
        if _DASH.match(body) or (current and _begins_item(current, body)):
            close()
        current.append(line)
        # A line that ends before it is full ends a paragraph, or is a heading.
        if after:
            column = run_width.get(line.start, width)
            needed = len(body) + 1 + len(after.split()[0])
            if needed <= column - 2 and _TERMINAL.search(body) and not body.endswith((",", ":")) and (after[0].isupper() or after[0] in "«“‘"):
                close()
            elif (needed <= 0.85 * column and after[0].isupper() and len(after) > 0.6 * column and _may_be_heading(body)
                  and (len(current) == 1 or _ENDS_SENTENCE.search(current[-2].body))):
                current.pop()
                close()
                current = [line]
                close("heading")
        n += 1
    close()
    return blocks


def _begins_item(current: list[Line], body: str) -> bool:
    """Whether a numbered line is the next item of a list, or its first; in running text "2) " may begin a line too."""
    if not BULLET.match(body):
        return False
    last = current[-1].body
    return bool(BULLET.match(current[0].body) and last.endswith((";", ":", "."))) or (last.endswith(":") and bool(re.match(r"(?:1|a)[.)]", body)))


def _may_be_heading(body: str) -> bool:
    """Whether a line alone can be a heading: it begins like one and does not end like a sentence or in the midst of one."""
    return (bool(re.match(r"[A-ZÀ-Þ]|\d+[.)]?\s+[A-Za-zÀ-ÿ]", body)) and len(body) < 75 and not re.search(r"[.?!;,:-]$", body)
            and not _UNFINISHED.search(body) and not OFFICE.match(body))


def repair(blocks: list[Block], width: int) -> list[Block]:
    """Join what a page break, a footnote or a figure interrupted; tell headings."""
    out: list[Block] = []
    last_body: Block | None = None
    for block in blocks:
        if block.kind in ("footnote", "figure", "answer"):
            out.append(block)
            if block.kind == "answer":
                last_body = None
            continue
        if last_body is not None and block.kind == "body" and not _DASH.match(block.first) and _goes_on(last_body, block, width):
            last_body.lines.extend(block.lines)
            continue
        if block.kind == "body" and (_is_heading(block) or (REPORT.match(block.first) and len(block.lines) <= 3)) and not _signs(out, block):
            block.kind = "heading"
        out.append(block)
        last_body = block if block.kind == "body" else None
    return out


def _goes_on(before: Block, block: Block, width: int) -> bool:
    end, start = before.last, block.first
    if end.endswith("-") and start[:1].islower():
        return True
    if _TERMINAL.search(end) and not re.search(r"\b(?:nr|jl|a\.s|o\.a|d\.d|dd|c\.s)\.$", end):
        return False
    if start[:1].islower() or start[:1] in "(,–":
        return True
    if _OPENS.match(start):
        return False  # the page before lost its last lines
    return len(end) >= width - 14 and not OFFICE.match(start) and not _is_heading(block) and not end.endswith(",")


def _is_heading(block: Block) -> bool:
    text = " ".join(line.body for line in block.lines)
    return (len(block.lines) <= 2 and len(text) < 110 and text[:1].isalnum() and not text[:1].islower()
            and not re.search(r"[.?!;,:]$", text) and not _UNFINISHED.search(text) and not OFFICE.match(text))


def _signs(before: list[Block], block: Block) -> bool:
    """Whether a block is the name, or the row of names, under an office."""
    previous = next((b for b in reversed(before) if b.kind != "footnote"), None)
    names = re.split(r"\s{3,}", block.first)
    return previous is not None and bool(OFFICE.match(previous.first)) and previous.last.endswith(",") and all(NAME.match(x) for x in names)
