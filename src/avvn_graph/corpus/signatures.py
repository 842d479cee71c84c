"""Signatures: each office of the closing bound to its name, also where two stand side by side in columns."""

from __future__ import annotations

import re

from avvn_graph.corpus.blocks import NAME, OFFICE, Block
from avvn_graph.corpus.cleaning import Line


def bind_signatures(blocks: list[Block]) -> list[Block]:
    """Bind each office of the closing to its name, also where two stand side by side in columns."""
    out: list[Block] = []
    n = 0
    while n < len(blocks):
        block = blocks[n]
        first = block.lines[0]
        if block.kind != "body" or not OFFICE.match(block.first) or not re.match(r"^(?:De )?(?:[Mm]inister|[Ss]taatssecretaris)[^.]*$", " ".join(x.body for x in block.lines[:-1]) or block.first):
            out.append(block)
            n += 1
            continue
        columns = [m.start() for m in re.finditer(r"(?<=, |  )(?:De )?(?:[Mm]inister|[Ss]taatssecretaris)\b", first.text)]
        if columns and n + 1 < len(blocks) and len(re.split(r"\s{3,}", blocks[n + 1].first)) == 2:
            cut = columns[-1]
            names = blocks[n + 1].lines[0]
            left_name, right_name = re.split(r"\s{3,}", names.body)
            right_at = names.text.index(right_name)
            left = Block([Line(first.text[:cut].rstrip(), first.start), Line(left_name, names.start + names.text.index(left_name))], "signature")
            right_lines = [Line(first.text[cut:], first.start + cut)]
            for line in block.lines[1:]:
                right_lines.append(Line(line.body, line.start + line.text.index(line.body)))
            right = Block([*right_lines, Line(right_name, names.start + right_at)], "signature")
            out += [left, right]
            n += 2
            continue
        if NAME.match(block.last) and len(block.lines) > 1:
            block.kind = "signature"
        elif n + 1 < len(blocks) and NAME.match(blocks[n + 1].first) and len(blocks[n + 1].lines) == 1:
            block.lines.extend(blocks[n + 1].lines)
            block.kind = "signature"
            n += 1
        out.append(block)
        n += 1
    return out
