"""Division: a letter's lines into headings, paragraphs, footnotes and signatures, and those into passages."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from avvn_graph.corpus.cleaning import FURNITURE, Joiner, Line, lines_of
from avvn_graph.corpus.sentences import split
from avvn_graph.facts import DocumentMeta, Passage, PassageKind

_BULLET = re.compile(r"^(?:[−•–▪●·*-]|\d{1,2}[.)]|[a-z][.)])\s+\S")
_DASH = re.compile(r"^[−•–▪●·*-]\s+\S")
_FOOTNOTE = re.compile(r"^(?P<n>\d{1,2})[ \t]+(?=[A-ZÀ-Þ«“h])")
_FOOTNOTE_CONTINUES = re.compile(r"^\S")
_ANSWER = re.compile(r"^(?P<n>\d{1,3})\.\s+Antwoord (?:op (?:de )?vra(?:ag|gen) )?van (?:het kabinet|de [Mm]inister)", re.I)
_CONTRIBUTION = re.compile(r"^(?:Inbreng|Vragen(?: en opmerkingen)?) (?:van )?(?:de )?(?:leden )?(?:van )?(?:de )?(?P<p>\w[\w -]*?)-fractie", re.I)
_ASKS = re.compile(r"\b(?:leden van de|de) (?P<p>[A-Z]\w*(?: voor de [A-Z]\w+)?)-fractie")
_FIGURE = re.compile(r"^(?:Figuur|Tabel|Bijlage) ?\d*\s*:")
_OFFICE = re.compile(r"^(?:De )?(?:[Mm]inister|[Ss]taatssecretaris)(?:-[Pp]resident)?\b.*")
_NAME = re.compile(r"^(?:[A-Z]\.\s?)+(?:[a-z’']+\s)*[A-ZÀ-Þ][\w’' -]*$|^[A-ZÀ-Þ][\w]+(?:\s[A-Z]\.)*(?:\s[A-ZÀ-Þ][\w-]+){1,3}$")
_UNFINISHED = re.compile(r"\b(?:de|het|een|van|en|voor|in|op|der|aan|met|of|bij|tot|over|door|the|of|on)$")
_TERMINAL = re.compile(r"[.?!:;»”][\d»”\"’)]*$")


@dataclass(slots=True)
class _Block:
    lines: list[Line]
    kind: str = "body"
    number: int | None = None
    page_start: bool = False
    children: list[list[Line]] = field(default_factory=list)

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
    """The passages of a letter in source order (a footnote stands where it is printed)."""
    lines = lines_of(source)
    width = _width(lines)
    blocks = _blocks(lines, width)
    blocks = _repair(blocks, width)
    return tuple(_Passages(meta, Joiner(lines), blocks).all())


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


def _blocks(lines: list[Line], width: int) -> list[_Block]:
    """Runs of lines between blank lines, cut further at page starts, items, footnotes, headings and short last lines."""
    blocks: list[_Block] = []
    current: list[Line] = []
    marks = {m for line in lines for m in re.findall(r"(?<=[a-zA-Zà-ÿ.,;»”)])(?<!\d[.,])(\d{1,2})(?=[\s.,;:)]|$)", line.body)}

    def close(kind: str = "body", number: int | None = None) -> None:
        nonlocal current
        if current:
            blocks.append(_Block(current, kind, number))
        current = []

    run_width = _run_widths(lines, width)
    n = 0
    usable = [line for line in lines if not FURNITURE.match(line.body)]
    while n < len(usable):
        line = usable[n]
        body = line.body
        if not body:
            close()
            n += 1
            continue
        after = usable[n + 1].body if n + 1 < len(usable) else ""
        page_start = bool(current) and line.text[:1] == " " and not line.text.startswith("  ") and current[-1].text[:1] != " "
        if page_start:
            close()
        footnote = _FOOTNOTE.match(body)
        if footnote and footnote["n"] in marks and not current:
            note = [line]
            n += 1
            while n < len(usable) and usable[n].body and usable[n].text[:1] != " " and not (_FOOTNOTE.match(usable[n].body)):
                note.append(usable[n])
                n += 1
            blocks.append(_Block(note, "footnote", int(footnote["n"])))
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
                while n < len(usable) and usable[n].body and usable[n].text[:1] != " ":
                    current.append(usable[n])
                    n += 1
                close("figure")
                continue
            n += 1
            continue
        if _DASH.match(body):
            close()
        if page_start:
            current = [line]
            blocks_mark = len(blocks)
        else:
            current.append(line)
            blocks_mark = -1
        if blocks_mark >= 0:
            current[0] = line
        # A line that ends before it is full ends a paragraph, or is a heading.
        if after:
            column = run_width.get(line.start, width)
            fits = len(body) + 1 + len(after.split()[0]) <= column - 2
            if fits and _TERMINAL.search(body) and not body.endswith((",", ":")) and (after[0].isupper() or after[0] in "«“‘"):
                close()
            elif fits and len(current) == 1 and not _TERMINAL.search(body) and not body.endswith((",", "-")) and after[0].isupper() \
                    and len(body) < 75 and len(after) > 0.6 * column and body[0].isupper() and not _UNFINISHED.search(body) and not _OFFICE.match(body) and not _NAME.match(body):
                close("heading")
        n += 1
    close()
    return blocks


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
        if block.kind == "body" and _is_heading(block):
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
    return len(end) >= width - 14 and not _OFFICE.match(start) and not _is_heading(block) and not end.endswith(",")


def _is_heading(block: _Block) -> bool:
    text = " ".join(line.body for line in block.lines)
    return (len(block.lines) <= 2 and len(text) < 110 and text[:1].isalnum() and not text[:1].islower()
            and not re.search(r"[.?!;,:]$", text) and not _UNFINISHED.search(text) and not _OFFICE.match(text) and not _NAME.match(text))


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
    def __init__(self, meta: DocumentMeta, joiner: Joiner, blocks: list[_Block]) -> None:
        self.meta = meta
        self.joiner = joiner
        self.blocks = blocks
        self.section: tuple[str, ...] = ()
        self.paragraph = 0
        self.marks: dict[int, int] = {}
        self.party: str | None = None
        self.speaker: str | None = None
        self.number: int | None = None
        self.out: list[Passage] = []

    def all(self) -> list[Passage]:
        notes = {b.number for b in self.blocks if b.kind == "footnote"}
        consultation = any(b.kind == "answer" for b in self.blocks)
        answer_width = self._answer_width()
        since_answer = 0
        for n, block in enumerate(self.blocks):
            if block.kind == "answer":
                self.speaker, self.number, since_answer = "kabinet", block.number, 0
                self._emit(block, "heading", notes)
                continue
            if block.kind == "heading":
                self._heading(block)
                contribution = _CONTRIBUTION.match(block.first)
                if contribution:
                    self.party = self.speaker = contribution["p"]
                    self.number = None
                self._emit(block, "heading", notes)
                continue
            if block.kind in ("footnote", "figure", "signature"):
                self._emit(block, {"footnote": "footnote", "figure": "sentence"}.get(block.kind, "signature"), notes)  # type: ignore[arg-type]
                continue
            kind: PassageKind = "item" if _BULLET.match(block.first) and not _ANSWER.match(block.first) else "sentence"
            if consultation and (self.party or self.speaker):
                if self.speaker == "kabinet":
                    since_answer += 1
                    if since_answer > 1 and self._asks(n, block, answer_width):
                        self.speaker, self.number = self.party, None
                if self.speaker == "kabinet":
                    kind = "answer" if kind == "sentence" else kind
                else:
                    asked = _ASKS.search(" ".join(line.body for line in block.lines))
                    if asked and self.party and asked["p"] != self.party:
                        self.speaker = asked["p"]
                    self.number = self._next_number(n)
                    kind = "question" if kind == "sentence" else kind
            self._emit(block, kind, notes)
        return self._anchored()

    def _answer_width(self) -> int:
        widths = [self.blocks[n + 1].width for n, b in enumerate(self.blocks[:-1])
                  if b.kind == "answer" and self.blocks[n + 1].kind == "body" and len(self.blocks[n + 1].lines) > 2]
        return sorted(widths)[int(len(widths) * 0.9)] if widths else 0

    def _asks(self, n: int, block: _Block, answer_width: int) -> bool:
        """Whether a paragraph after an answer is the next question: set wider, or asking just before the next answer."""
        text = " ".join(line.body for line in block.lines)
        if block.width > answer_width + 2 or re.match(r"(?:De|Deze|De aan het woord zijnde) leden\b", text):
            return True
        following = next((b for b in self.blocks[n + 1:] if b.kind in ("body", "answer")), None)
        return bool(following and following.kind == "answer" and text.rstrip().endswith("?"))

    def _next_number(self, n: int) -> int | None:
        return next((b.number for b in self.blocks[n + 1:] if b.kind == "answer"), None)

    def _heading(self, block: _Block) -> None:
        text, _ = self.joiner.join(block.lines)
        top = bool(re.match(r"(?:[IVX]+|\d+)\.\s|Inbreng van|VERSLAG|Verslag van", text))
        self.section = (text,) if top or not self.section else (self.section[0], text)

    def _emit(self, block: _Block, kind: PassageKind, notes: set[int | None]) -> None:
        text, where = self.joiner.join(block.lines)
        self.paragraph += 1
        if kind != "footnote":
            text, where = self._without_marks(text, where, notes)
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
                self.marks.get(block.number or -1) if kind == "footnote" else None,
            ))

    def _without_marks(self, text: str, where: list[int], notes: set[int | None]) -> tuple[str, list[int]]:
        """Take the footnote marks ("besproken3.", "Multilateralism.1 De") out of running text and remember where they stood."""
        drop: set[int] = set()
        for m in re.finditer(r"(?<=[a-zA-Zà-ÿ.,;»”)])(?<!\d[.,])(?<!nr\.)(?<!SDG)(?<!COP)(?<!A/)(\d{1,2})(?=[\s.,;:)]|$)", text):
            word = re.search(r"[\w-]*$", text[:m.start()])
            number = int(m[1])
            if number in notes and number not in self.marks and (number == 1 or number - 1 in self.marks or number - 2 in self.marks) and not (word and re.search(r"[A-Z]$", word.group()) and word.group() not in ("AVVN", "VN", "EU", "VNVR")):
                self.marks[number] = where[m.start()]
                drop |= set(range(m.start(), m.end()))
        if not drop:
            return text, where
        kept = [i for i in range(len(text)) if i not in drop]
        return "".join(text[i] for i in kept), [where[i] for i in kept]

    def _anchored(self) -> list[Passage]:
        """Footnotes are printed below their mark or, at a page's turn, above it: give each its anchor afterwards."""
        out = []
        for p in self.out:
            if p.kind == "footnote" and p.anchor is None:
                number = _FOOTNOTE.match(p.text)
                anchor = self.marks.get(int(number["n"])) if number else None
                p = Passage(p.document, p.start, p.end, p.text, p.offsets, p.kind, p.section, p.paragraph, p.speaker, p.number, anchor)
            out.append(p)
        return out
