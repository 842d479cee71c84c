"""Words a second of the extraction line, from text to statements, on one core; prints a Markdown row.

    python benchmarks/extract.py [--profile]

Loading (the tokenizer, vocabularies and lexicon) is done before and told apart: it is paid once a process. ``--profile``
prints where the time goes instead: the share of samples, one a millisecond, by the innermost of our modules at work.
"""

from __future__ import annotations

import argparse
import os
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable

from avvn_graph.corpus import read_folder
from avvn_graph.extraction import extract
from avvn_graph.settings import get_settings


def sampled(work: Callable[[], object]) -> Counter[str]:
    """Samples by module while something is done; what runs in a library counts for the module of ours that called it."""
    found: Counter[str] = Counter()
    over = threading.Event()
    main_thread = threading.get_ident()

    def watch() -> None:
        while not over.wait(0.001):
            frame = sys._current_frames().get(main_thread)
            while frame is not None and not str(frame.f_globals.get("__name__")).startswith("avvn_graph."):
                frame = frame.f_back
            if frame is not None:
                found[str(frame.f_globals["__name__"])] += 1

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    work()
    over.set()
    watcher.join()
    return found


def main() -> None:
    """Run the line five times on one core and print the median, or the profile of five runs."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--profile", action="store_true")
    profile = parser.parse_args().profile
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    folder = get_settings().documents
    begin = time.perf_counter()
    letters = read_folder(folder)
    extract(letters)
    first = time.perf_counter() - begin
    if profile:
        found = sampled(lambda: [extract(read_folder(folder)) for _ in range(5)])
        print("| module | share of the time |\n|---|---|")
        for module, samples in found.most_common(16):
            print(f"| `{module.removeprefix('avvn_graph.')}` | {samples / found.total():.1%} |")
        return
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
