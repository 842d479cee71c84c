"""Other people's SPARQL servers, started for a test on free ports and ended after it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sysconfig
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from avvn_graph.store.remote import Address

from ..service.conftest import free_port

PASSWORD = "for a test"


@contextmanager
def oxigraph(folder: Path, *, union: bool = True) -> Iterator[Address]:
    """The native server; its default graph is the union, or one of its own."""
    program = Path(sysconfig.get_path("scripts")) / "oxigraph"
    if not program.is_file():
        pytest.skip("the native oxigraph server is not installed: pip install oxigraph")
    port = free_port()
    command = [str(program), "serve", "--location", str(folder / "oxigraph"), "--bind", f"127.0.0.1:{port}"]
    with _running([*command, *(["--union-default-graph"] if union else [])], port, "/query"):
        yield Address(f"http://127.0.0.1:{port}/query", f"http://127.0.0.1:{port}/store")


_INI = """[Database]
DatabaseFile = {folder}/virtuoso.db
ErrorLogFile = {folder}/virtuoso.log
LockFile = {folder}/virtuoso.lck
TransactionFile = {folder}/virtuoso.trx
xa_persistent_file = {folder}/virtuoso.pxa
[TempDatabase]
DatabaseFile = {folder}/temporary.db
TransactionFile = {folder}/temporary.trx
[Parameters]
ServerPort = 127.0.0.1:{sql}
DisableUnixSocket = 1
NumberOfBuffers = 20000
MaxDirtyBuffers = 15000
CheckpointInterval = 0
[HTTPServer]
ServerPort = 127.0.0.1:{http}
ServerRoot = {folder}
ServerThreads = 10
[SPARQL]
ResultSetMaxRows = 10000
"""


@contextmanager
def virtuoso(folder: Path) -> Iterator[Address]:
    """Virtuoso as Debian has it, with a password of its own."""
    program = shutil.which("virtuoso-t")
    if program is None:
        pytest.skip("Virtuoso is not installed: apt-get install virtuoso-opensource")
    home = folder / "virtuoso"
    home.mkdir()
    port = free_port()
    ini = home / "virtuoso.ini"
    ini.write_text(_INI.format(folder=home, sql=free_port(), http=port))
    start = [program, "+configfile", str(ini), "+foreground"]
    subprocess.run([*start, "+pwdold", "dba", "+pwddba", PASSWORD], cwd=home, check=True, timeout=60, capture_output=True)
    with _running(start, port, "/sparql", home):
        yield Address(f"http://127.0.0.1:{port}/sparql", f"http://127.0.0.1:{port}/sparql-graph-crud-auth", f"digest:dba:{PASSWORD}")


@contextmanager
def _running(command: list[str], port: int, path: str, folder: Path | None = None) -> Iterator[None]:
    environment = {k: v for k, v in os.environ.items() if not k.startswith("AVVN_")}
    process = subprocess.Popen(command, cwd=folder, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        until = time.monotonic() + 30
        while True:
            try:
                httpx.get(f"http://127.0.0.1:{port}{path}", params={"query": "ASK {}"}, timeout=2)
                break
            except httpx.TransportError:
                assert process.poll() is None, "the server ended"
                assert time.monotonic() < until, "the server does not answer"
                time.sleep(0.05)
        yield
    finally:
        process.terminate()
        process.wait(20)
