"""When each thing was first in the graph, carried from build to build: what is new is what a feed tells.

``seen.json`` beside the store: ``builds`` (id and time, oldest first) and ``seen``, for each statement, passage and entity
(its IRI without the base) the index of the build that had it first.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

FILE = "seen.json"
_NOT = ("build/", "rule/", "software/", "mention/")


def carry(before: Path | None, build: str, created: str, iris: Iterable[str], base: str) -> bytes:
    """The file of a build over that of the build before (a folder, None or without the file: all is new).

    ``iris`` are all subjects of the build; what has gone and comes back is new again.
    """
    builds, known = _read(before)
    if not any(b["id"] == build for b in builds):
        builds.append({"id": build, "created": created})
    own = next(i for i, b in enumerate(builds) if b["id"] == build)
    start = f"{base}id/"
    keys = {iri[len(start):] for iri in iris if iri.startswith(start)}
    seen = {key: known.get(key, own) for key in sorted(keys) if not key.startswith(_NOT)}
    # Builds that brought nothing that is still there need no entry, but for the last.
    kept = sorted({*seen.values(), own})
    index = {old: new for new, old in enumerate(kept)}
    out = {"builds": [builds[i] for i in kept], "seen": {k: index[v] for k, v in seen.items()}}
    return (json.dumps(out, ensure_ascii=False, separators=(",", ":")) + "\n").encode()


def _read(folder: Path | None) -> tuple[list[dict[str, str]], dict[str, int]]:
    if folder is None:
        return [], {}
    try:
        found: dict[str, Any] = json.loads((folder / FILE).read_text(encoding="utf-8"))
        return list(found["builds"]), dict(found["seen"])
    except (OSError, ValueError, KeyError):  # a build of an earlier release, or one that somebody damaged
        return [], {}
