"""Time and memory of a full build of the letters in data/documents, in a process of its own; prints a Markdown row."""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time


def main() -> None:
    """Run three builds and print the median time and the largest peak memory."""
    times = []
    for _ in range(3):
        with tempfile.TemporaryDirectory() as output:
            begin = time.perf_counter()
            subprocess.run([sys.executable, "-m", "avvn_graph.cli", "build", "--output", output], check=True, capture_output=True)
            times.append(time.perf_counter() - begin)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"| full build, five letters | {sorted(times)[1]:.1f} s | {peak:.0f} MB peak |")


if __name__ == "__main__":
    main()
