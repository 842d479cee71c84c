"""Division: a letter's lines into headings, paragraphs, footnotes and signatures, and those into passages."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, replace

from avvn_graph.corpus.cleaning import Joiner, Line, lines_of, without_furniture
from avvn_graph.corpus.footnotes import Footnotes, find_footnotes, starts_page
from avvn_graph.corpus.sentences import split
from avvn_graph.corpus.words import words_of
from avvn_graph.facts import DocumentMeta, Passage, PassageKind

_BULLET = re.compile(r"^(?:[−•–▪●·*-]|\d{1,2}[.)]|[a-z][.)])\s+\S")
_DASH = re.compile(r"^[−•–▪●·*-]\s+\S")
_ANSWER = re.compile(r"^(?P<n>\d{1,3})\.\s+Antwoord (?:op (?:de )?vra(?:ag|gen) )?van (?:het kabinet|de [Mm]inister)", re.I)
_REPLY = re.compile(r"^(?:[IVX]+\.?\s+)?(?:Antwoord|Reactie)(?:\s?/\s?[Rr]eactie)?\b.{0,40}\b(?:[Mm]inisters?|[Ss]taatssecretaris(?:sen)?|[Kk]abinet|[Bb]ewindsperso(?:on|nen))\b", re.I)
_PARTY = r"(?:(?P<p>[A-Z0-9][\w+-]*?(?: voor de [A-Z]\w+)?)-fractie|(?:(?:de )?fractie van |fractieleden van )(?:de |het )?(?P<q>[A-Z0-9][\w+-]*(?: voor de [A-Z]\w+)?))"
_CONTRIBUTION = re.compile(rf"^(?:Inbreng|Vragen(?: en opmerkingen)?)\b.{{0,40}}?\b(?:de )?{_PARTY}")
_ASKS = re.compile(rf"\b(?:[Ll]eden van |[Dd]e ){_PARTY}|\b[Dd]e {_PARTY.replace('<p>', '<r>').replace('<q>', '<s>')}")
_FIGURE = re.compile(r"^(?:Figuur|Tabel|Bijlage) ?\d*\s*:")
_OFFICE = re.compile(r"^(?:De )?(?:[Mm]inister|[Ss]taatssecretaris)(?:-[Pp]resident)?\b.*")
_NAME = re.compile(r"^(?:[A-Z][a-z]?\.\s?)+(?:(?:van|de|den|der|het|ten|ter|te|[’']t|von|el|al)\s)*[A-ZÀ-Þ][\w’'-]*(?:[ -][A-ZÀ-Þ][\w’'-]*){0,2}$|"
                   r"^[A-ZÀ-Þ][\w-]+(?:\s?[A-Z]\.)*(?:\s(?:van|de|den|der|het|ten|ter|te|[’']t))*(?:\s[A-ZÀ-Þ][\w’-]+){1,3}$")
_UNFINISHED = re.compile(r"\b(?:de|het|een|van|en|voor|in|op|der|aan|met|of|bij|tot|over|door|the|of|on)$")
_OPENS = re.compile(rf"(?:{'|'.join(words_of('openers.txt'))})\b(?! [A-ZÀ-Þ])")
_ENDS_SENTENCE = re.compile(r"[.?!][\d»”\"’)]*$")
_REPORT = re.compile(r"^(?:VERSLAG|Verslag) van\b", re.I)
_TERMINAL = re.compile(r"[.?!:;»”][\d»”\"’)]*$")


@dataclass(slots=True)
class _Block:
    lines: list[Line]
    kind: str = "body"
    number: int | None = None

    @property
    def first(self) -> str:
        return self.lines[0].body

    @property
    def last(self) -> str:
        return self.lines[-1].body

    @property
    def width(self) -> int:
        return max(len(line.body) for line in self.lines)


def divide(source: str, meta: DocumentMeta) -> tuple[Passage, ...]:
    """The passages of a letter, paragraph after paragraph as they begin in the source.

    A paragraph that a page break, a footnote or a figure interrupts is whole, and what interrupted it comes after it.
    """
    lines = lines_of(source)
    page = without_furniture(lines)
    footnotes = find_footnotes(page.lines, source)
    width = _width(page.lines)
    blocks = [_Block([line], "head") for line in page.head]
    blocks += _repair(_blocks(page.lines, width, footnotes), width)
    return tuple(_Passages(meta, Joiner(lines), blocks, footnotes).all())


def _width(lines: list[Line]) -> int:
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


def _blocks(usable: list[Line], width: int, footnotes: Footnotes) -> list[_Block]:
    """Runs of lines between blank lines, cut further at page starts, items, footnotes, headings and short last lines."""
    blocks: list[_Block] = []
    current: list[Line] = []

    def close(kind: str = "body", number: int | None = None) -> None:
        nonlocal current
        if current:
            blocks.append(_Block(current, kind, number))
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
            blocks.append(_Block(note, "footnote", footnotes.notes[line.start]))
            continue
        answer = _ANSWER.match(body)
        if answer:
            close()
            blocks.append(_Block([line], "answer", int(answer["n"])))
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
        if _DASH.match(body):
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


def _may_be_heading(body: str) -> bool:
    """Whether a line alone can be a heading: it begins like one and does not end like a sentence or in the midst of one."""
    return (bool(re.match(r"[A-ZÀ-Þ]|\d+[.)]?\s+[A-Za-zÀ-ÿ]", body)) and len(body) < 75 and not re.search(r"[.?!;,:-]$", body)
            and not _UNFINISHED.search(body) and not _OFFICE.match(body))


def _repair(blocks: list[_Block], width: int) -> list[_Block]:
    """Join what a page break, a footnote or a figure interrupted; tell headings and signatures."""
    out: list[_Block] = []
    last_body: _Block | None = None
    for block in blocks:
        if block.kind in ("footnote", "figure", "answer"):
            out.append(block)
            if block.kind == "answer":
                last_body = None
            continue
        if last_body is not None and block.kind == "body" and not _DASH.match(block.first) and _goes_on(last_body, block, width):
            last_body.lines.extend(block.lines)
            continue
        if block.kind == "body" and (_is_heading(block) or (_REPORT.match(block.first) and len(block.lines) <= 3)) and not _signs(out, block):
            block.kind = "heading"
        out.append(block)
        last_body = block if block.kind == "body" else None
    return _signatures(out)


def _goes_on(before: _Block, block: _Block, width: int) -> bool:
    end, start = before.last, block.first
    if end.endswith("-") and start[:1].islower():
        return True
    if _TERMINAL.search(end) and not re.search(r"\b(?:nr|jl|a\.s|o\.a|d\.d|dd|c\.s)\.$", end):
        return False
    if start[:1].islower() or start[:1] in "(,–":
        return True
    if _OPENS.match(start):
        return False  # the page before lost its last lines
    return len(end) >= width - 14 and not _OFFICE.match(start) and not _is_heading(block) and not end.endswith(",")


def _is_heading(block: _Block) -> bool:
    text = " ".join(line.body for line in block.lines)
    return (len(block.lines) <= 2 and len(text) < 110 and text[:1].isalnum() and not text[:1].islower()
            and not re.search(r"[.?!;,:]$", text) and not _UNFINISHED.search(text) and not _OFFICE.match(text))


def _signs(before: list[_Block], block: _Block) -> bool:
    """Whether a block is the name, or the row of names, under an office."""
    previous = next((b for b in reversed(before) if b.kind != "footnote"), None)
    names = re.split(r"\s{3,}", block.first)
    return previous is not None and bool(_OFFICE.match(previous.first)) and previous.last.endswith(",") and all(_NAME.match(x) for x in names)


def _signatures(blocks: list[_Block]) -> list[_Block]:
    """Bind each office of the closing to its name, also where two stand side by side in columns."""
    out: list[_Block] = []
    n = 0
    while n < len(blocks):
        block = blocks[n]
        first = block.lines[0]
        if block.kind != "body" or not _OFFICE.match(block.first) or not re.match(r"^(?:De )?(?:[Mm]inister|[Ss]taatssecretaris)[^.]*$", " ".join(x.body for x in block.lines[:-1]) or block.first):
            out.append(block)
            n += 1
            continue
        columns = [m.start() for m in re.finditer(r"(?<=, |  )(?:De )?(?:[Mm]inister|[Ss]taatssecretaris)\b", first.text)]
        if columns and n + 1 < len(blocks) and len(re.split(r"\s{3,}", blocks[n + 1].first)) == 2:
            cut = columns[-1]
            names = blocks[n + 1].lines[0]
            left_name, right_name = re.split(r"\s{3,}", names.body)
            right_at = names.text.index(right_name)
            left = _Block([Line(first.text[:cut].rstrip(), first.start), Line(left_name, names.start + names.text.index(left_name))], "signature")
            right_lines = [Line(first.text[cut:], first.start + cut)]
            for line in block.lines[1:]:
                right_lines.append(Line(line.body, line.start + line.text.index(line.body)))
            right = _Block([*right_lines, Line(right_name, names.start + right_at)], "signature")
            out += [left, right]
            n += 2
            continue
        if _NAME.match(block.last) and len(block.lines) > 1:
            block.kind = "signature"
        elif n + 1 < len(blocks) and _NAME.match(blocks[n + 1].first) and len(blocks[n + 1].lines) == 1:
            block.lines.extend(blocks[n + 1].lines)
            block.kind = "signature"
            n += 1
        out.append(block)
        n += 1
    return out


class _Passages:
    def __init__(self, meta: DocumentMeta, joiner: Joiner, blocks: list[_Block], footnotes: Footnotes) -> None:
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
            kind: PassageKind = "item" if _BULLET.match(block.first) else "sentence"
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

    def _asks(self, n: int, block: _Block, answer_width: int) -> bool:
        """Whether a paragraph after an answer is the next question: set wider, or asking just before the next answer."""
        text = " ".join(line.body for line in block.lines)
        if block.width > answer_width + 2 or re.match(r"(?:De|Deze|De aan het woord zijnde) leden\b", text):
            return True
        following = next((self.blocks[i] for i in range(n + 1, len(self.blocks)) if self.blocks[i].kind in ("body", "answer")), None)
        return bool(following and following.kind == "answer" and re.search(r"\?\d*$", text))

    def _heading(self, block: _Block) -> None:
        text = self._text(block)[0]
        level = _level(text)
        while self.path and self.path[-1][0] >= level:
            self.path.pop()
        self.path.append((level, text))

    def _text(self, block: _Block) -> tuple[str, list[int]]:
        """The running text of a block without footnote marks, and where each character stood."""
        text, where = self.joiner.join(block.lines)
        if block.kind == "footnote" or self.dropped.isdisjoint(where):
            return text, where
        kept = [i for i, at in enumerate(where) if at not in self.dropped]
        return "".join(text[i] for i in kept), [where[i] for i in kept]

    def _emit(self, block: _Block, kind: PassageKind) -> None:
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


def _asker(block: _Block) -> str | None:
    """The party group that a paragraph says is asking."""
    found = _ASKS.search(" ".join(line.body for line in block.lines))
    return next((x for x in found.groups() if x), None) if found else None


def _level(heading: str) -> int:
    """How deep a heading stands: a report in the letter, a Roman number, a contribution or Arabic number, anything else."""
    if _REPORT.match(heading):
        return 0
    if re.match(r"[IVX]+\.?\s", heading):
        return 1
    if (re.match(r"\d+[.)]?\s", heading) and not re.match(r"\d+ ", heading)) or _contributor(heading):
        return 2
    return 3
