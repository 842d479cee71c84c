"""Words a second of the extraction line, from text to statements, on one core; prints a Markdown row.

Loading (the tokenizer, vocabularies and lexicon) is done before and told apart: it is paid once a process.
"""

from __future__ import annotations

import os
import time

from avvn_graph.corpus import read_folder
from avvn_graph.extraction import extract
from avvn_graph.settings import get_settings


def main() -> None:
    """Run the line five times on one core and print the median."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    folder = get_settings().documents
    begin = time.perf_counter()
    letters = read_folder(folder)
    extract(letters)
    first = time.perf_counter() - begin
    words = sum(len(letter.source.split()) for letter in letters)
    times = []
    for _ in range(5):
        begin = time.perf_counter()
        extract(read_folder(folder))
        times.append(time.perf_counter() - begin)
    median = sorted(times)[2]
    print(f"| extraction, {words:,} words, one core | {words / median:,.0f} words/s | first run with loading {first:.1f} s |")


if __name__ == "__main__":
    main()
