"""Query workers as the server sees them, and the process that they are forked from.

A worker is forked from a process that has loaded the engine, and the graph if that is to be held in memory: it is there within
some milliseconds, and what it reads it shares with all others. The server itself cannot be forked: it has threads.
"""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import json
import os
import platform
import signal
import socket
import struct
import subprocess
import sys
from collections import deque
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from avvn_graph.store import worker
from avvn_graph.store.base import Unavailable

# Threads of our own for starting and reaping: the loop's may all be taken by callers who wait for a worker.
THREADS = ThreadPoolExecutor(2, thread_name_prefix="query-worker")
_PIECE = 64 * 1024
"""Bytes read from a worker at once."""
_START_SECONDS = 60.0
_BACK_SLICE = 100_000_000
"""Nanoseconds, the most there may be: Linux (from 6.12) lets whoever wakes with a shorter slice go before, and not wait for its end."""
_SCHED_SETATTR = {"x86_64": 314, "aarch64": 274}
"""The number of the call, by what the machine is called."""
_SCHED_ATTR = struct.Struct("=IIQiIQQQII")


class GoneError(Exception):
    """The other end of the socket is closed."""


def _schedule(pid: int, niceness: int, slice_: int) -> None:
    """Set a process's niceness, and its slice in nanoseconds (0: the system's own) where that can be done; raises OSError for the former."""
    os.setpriority(os.PRIO_PROCESS, pid, niceness)
    if sys.platform == "linux" and platform.machine() in _SCHED_SETATTR:
        attributes = _SCHED_ATTR.pack(_SCHED_ATTR.size, os.SCHED_OTHER, 0, niceness, 0, slice_, 0, 0, 0, 0)
        ctypes.CDLL(None).syscall(_SCHED_SETATTR[platform.machine()], pid, attributes, 0)


class Worker:
    """One query worker and our end of its socket."""

    def __init__(self, nursery: Nursery, pid: int, connection: socket.socket) -> None:
        """See Nursery.worker."""
        self.pid = pid
        self.connection = connection
        self.isolated: list[str] = []
        self.idle_since = 0.0
        self._nursery = nursery
        self._back = False

    async def ask(self, header: Mapping[str, Any], body: bytes) -> tuple[dict[str, Any], bytes]:
        """The reply to a request, see worker.py; raises GoneError when the process ends over it."""
        loop = asyncio.get_running_loop()
        head = json.dumps(header).encode()
        try:
            await loop.sock_sendall(self.connection, worker.FRAME.pack(len(head), len(body)) + head + body)
        except OSError:
            raise GoneError from None
        return await self.receive()

    async def receive(self) -> tuple[dict[str, Any], bytes]:
        """The next frame; nothing is asked before the last answer is whole, so most often it comes in one piece."""
        data = await self._read(worker.FRAME.size, b"")
        head, body = worker.FRAME.unpack_from(data)
        begin = worker.FRAME.size + head
        data = await self._read(begin + body, data)
        header: dict[str, Any] = json.loads(data[worker.FRAME.size:begin])
        return header, data[begin:begin + body]

    async def _read(self, size: int, data: bytes) -> bytes:
        """What was read and as much more as makes ``size`` bytes or more."""
        loop = asyncio.get_running_loop()
        if len(data) >= size:
            return data
        if size <= _PIECE:
            while len(data) < size:
                try:
                    part = await loop.sock_recv(self.connection, _PIECE)
                except OSError:
                    raise GoneError from None
                if not part:
                    raise GoneError
                data += part
            return data
        whole = bytearray(size)
        whole[:len(data)] = data
        with memoryview(whole) as view:
            done = len(data)
            while done < size:
                try:
                    count = await loop.sock_recv_into(self.connection, view[done:])
                except OSError:
                    raise GoneError from None
                if count == 0:
                    raise GoneError
                done += count
        return bytes(whole)

    def step_back(self, niceness: int) -> None:
        """Let others go first: a query that takes long should not slow the short ones beside it."""
        with contextlib.suppress(OSError):
            _schedule(self.pid, niceness, _BACK_SLICE)
            self._back = True

    def step_forward(self) -> bool:
        """Take part as before; false when the system does not let it, so that another worker must take its place."""
        if not self._back:
            return True
        try:
            _schedule(self.pid, worker.NICENESS, 0)
        except OSError:
            return False
        self._back = False
        return True

    def alive(self) -> bool:
        """Whether the process lives, and will; to be asked between two requests."""
        if self._nursery.gone:
            return False  # or soon dead
        try:
            return bool(self.connection.recv(1, socket.MSG_PEEK))
        except BlockingIOError:
            return True
        except OSError:
            return False

    async def end(self) -> int:
        """Kill the process if it still lives, and return how it ended: a status, or a signal as a negative number."""
        self.connection.close()
        try:
            return await self._nursery.end(self.pid)
        except GoneError:
            return -signal.SIGKILL  # for it dies with its nursery


class Nursery:
    """The process that workers are forked from, and our end of its socket. To be used on one event loop."""

    def __init__(self, process: subprocess.Popen[bytes], connection: socket.socket) -> None:
        """See ``start``."""
        self.gone = False
        self._process = process
        self._connection = connection
        self._replies: deque[asyncio.Future[int]] = deque()
        self._read = b""

    @classmethod
    async def start(cls, store: Path, quads: Path | None, memory: int) -> Nursery:
        """``memory`` is in bytes, for each query; ``quads``: see Pool. Raises Unavailable when these cannot be read."""
        loop = asyncio.get_running_loop()
        ours, theirs = socket.socketpair()
        ours.setblocking(False)
        try:
            # In a thread, because fork and exec of a large process take milliseconds.
            process = await loop.run_in_executor(THREADS, _spawn, store, quads, memory, theirs)
        except BaseException:
            ours.close()
            raise
        finally:
            theirs.close()
        self = cls(process, ours)
        try:
            async with asyncio.timeout(_START_SECONDS):
                ready = await loop.sock_recv(ours, worker.STATUS.size)
            if not ready:
                raise GoneError
        except BaseException as error:
            process.kill()
            await self.close()
            if isinstance(error, (GoneError, TimeoutError, OSError)):
                raise Unavailable("the store cannot be opened; see the server's log") from None
            raise
        loop.add_reader(ours, self._receive)
        return self

    async def worker(self) -> Worker:
        """A new worker, ready to be asked; raises GoneError when the nursery or it has ended, Unavailable when it cannot open the store."""
        ours, theirs = socket.socketpair()
        ours.setblocking(False)
        reply = self._ask(0, theirs.fileno())
        theirs.close()
        try:
            pid = await asyncio.shield(reply)
        except BaseException:
            ours.close()
            reply.add_done_callback(self._unwanted)  # whoever wanted it has gone
            raise
        if pid < 0:
            ours.close()
            raise Unavailable("the system has no room for another process; try again later")
        made = Worker(self, pid, ours)
        try:
            async with asyncio.timeout(_START_SECONDS):
                header, _ = await made.receive()
        except BaseException as error:
            await made.end()
            if isinstance(error, TimeoutError):
                raise Unavailable("the store cannot be opened; see the server's log") from None
            raise
        made.isolated = header["isolated"]
        return made

    async def end(self, pid: int) -> int:
        """Kill a worker and wait for its end."""
        return await asyncio.shield(self._ask(pid))

    async def close(self) -> None:
        """End the process, and with it every worker that there still is."""
        self._lost()
        await asyncio.get_running_loop().run_in_executor(THREADS, self._process.wait)

    def _ask(self, pid: int, descriptor: int | None = None) -> asyncio.Future[int]:
        reply: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        try:
            if self.gone:
                raise GoneError
            socket.send_fds(self._connection, [worker.STATUS.pack(pid)], [] if descriptor is None else [descriptor])
        except (OSError, GoneError):
            reply.set_exception(GoneError())
        else:
            self._replies.append(reply)
        return reply

    def _unwanted(self, reply: asyncio.Future[int]) -> None:
        if not reply.cancelled() and reply.exception() is None and reply.result() > 0:
            self._ask(reply.result()).add_done_callback(asyncio.Future.exception)

    def _receive(self) -> None:
        try:
            part = self._connection.recv(_PIECE)
        except BlockingIOError:
            return
        except OSError:
            part = b""
        if not part:
            self._lost()
            return
        self._read += part
        while len(self._read) >= worker.STATUS.size:
            (said,) = worker.STATUS.unpack_from(self._read)
            self._read = self._read[worker.STATUS.size:]
            reply = self._replies.popleft()
            if not reply.done():
                reply.set_result(said)

    def _lost(self) -> None:
        if self.gone:
            return
        self.gone = True
        with contextlib.suppress(ValueError, OSError):
            asyncio.get_running_loop().remove_reader(self._connection)
        self._connection.close()
        while self._replies:
            reply = self._replies.popleft()
            if not reply.done():
                reply.set_exception(GoneError())


def _spawn(store: Path, quads: Path | None, memory: int, connection: socket.socket) -> subprocess.Popen[bytes]:
    # -P and the bare script: the process needs nothing of ours, and must not take our modules for the library's.
    return subprocess.Popen(
        [sys.executable, "-P", worker.__file__, str(store), str(quads or ""), str(memory)],
        stdin=connection.fileno(),
        stdout=subprocess.DEVNULL,
        close_fds=True,
        # A Ctrl-C is for the server, which ends its workers in good order. No session of its own: Linux shares a processor
        # out among sessions first (sched_autogroup), and a worker that steps back would step back for nobody.
        process_group=0,
    )
