"""Load by ``wrk`` (Debian's package of that name), and what it counts."""

from __future__ import annotations

import json
import re
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Run:
    """Answers of one run, and how many a second."""

    answers: int
    per_second: float
    faults: bool
    """Whether some were no success, or did not come."""


def wrk(server: str, paths: Sequence[str], seconds: int, *, connections: int = 8, accept: str = "*/*", fresh: str = "") -> Run:
    """GETs of some paths in turn; ``fresh``: those that begin so get a comment at their end that they never had before.

    Raises SystemExit when wrk says nothing that can be read.
    """
    script = f"""local p = {{ {",".join(json.dumps(path) for path in paths)} }}
local n = os.time() % 10000 * 100000
request = function()
  n = n + 1
  local one = p[n % #p + 1]
  if {json.dumps(fresh)} ~= "" and one:find("^" .. {json.dumps(fresh)}) then one = one .. "%20%23" .. n end
  return wrk.format("GET", one, {{["Accept"] = {json.dumps(accept)}}})
end
"""
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as file:
        file.write(script)
        file.flush()
        command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "60s", "-s", file.name, server]
        said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    answers, rate = re.search(r"(\d+) requests in", said), re.search(r"Requests/sec:\s+([\d.]+)", said)
    if answers is None or rate is None:
        raise SystemExit(f"{' '.join(command)}: {said}")
    return Run(int(answers[1]), float(rate[1]), bool(re.search(r"Non-2xx|Socket errors", said)))
