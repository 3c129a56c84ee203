"""One process of the desk: started in a group of its own, dying with the supervisor, brought back with patience."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import IO

from supervisor.output import Output

FIRST_PAUSE = 0.2  # seconds before the first new try
LONGEST_PAUSE = 4.0
STEADY = 10.0  # seconds of life after which the next death counts as the first
PR_SET_PDEATHSIG = 1

_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


class Process:
    """A command that should be running; it alone inherits the descriptors given."""

    def __init__(self, name: str, command: Sequence[str], output: Output, *, inherited: Sequence[int] = ()) -> None:
        self.name = name
        self.is_finished = False
        self.deaths = 0  # in a row, each of them young
        self._command = list(command)
        self._output = output
        self._inherited = tuple(inherited)
        self._running: subprocess.Popen[bytes] | None = None
        self._started_at = 0.0
        self._pause = FIRST_PAUSE
        self._due_at = 0.0

    @property
    def pid(self) -> int | None:
        return self._running.pid if self._running else None

    @property
    def pipe(self) -> IO[bytes] | None:
        return self._running.stdout if self._running else None

    @property
    def due_at(self) -> float | None:
        """When to start it (monotonic); None while it runs or when it is done."""
        return None if self._running or self.is_finished else self._due_at

    def start(self, environment: Mapping[str, str]) -> None:
        """Start it; output of both kinds comes through one pipe."""
        self._started_at = time.monotonic()
        parent = os.getpid()
        try:
            self._running = subprocess.Popen(
                self._command,
                env=dict(environment),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                pass_fds=self._inherited,
                preexec_fn=lambda: _die_with(parent),  # noqa: PLW1509 - the supervisor has one thread
            )
        except OSError as error:
            self._say(f"cannot start: {error}")
            self._plan_next()
            return
        os.set_blocking(self._running.stdout.fileno(), False)  # type: ignore[union-attr]  # it is a pipe

    def read(self) -> bool:
        """Pass on what waits in the pipe; False at its end."""
        if self.pipe is None:
            return False
        with suppress(BlockingIOError):
            data = os.read(self.pipe.fileno(), 65536)
            self._output.feed(data)
            return bool(data)
        return True

    def has_ended(self) -> bool:
        """Whether it ended just now; if so its whole group is ended and the next start planned."""
        if self._running is None or self._running.poll() is None:
            return False
        status = self._running.returncode
        self.signal_group(signal.SIGKILL)
        while self.pipe and self.read():
            pass
        self._output.finish()
        if self.pipe:
            self.pipe.close()
        self._running = None
        self._plan_next()
        if not self.is_finished:
            self._say(f"ended ({_words(status)})")
        return True

    def stop(self) -> None:
        """Ask it to finish what it has in hand and end."""
        self.is_finished = True
        if self._running:
            with suppress(ProcessLookupError):
                self._running.terminate()

    def signal_group(self, number: int) -> None:
        if self._running:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self._running.pid, number)

    def _plan_next(self) -> None:
        if time.monotonic() - self._started_at > STEADY:
            self._pause, self.deaths = FIRST_PAUSE, 0
        self.deaths += 1
        self._due_at = time.monotonic() + self._pause
        self._pause = min(LONGEST_PAUSE, self._pause * 2)

    def _say(self, words: str) -> None:
        self._output.feed(f"{words}\n".encode())


def _die_with(parent: int) -> None:
    """In the child, before it becomes its program: end when the supervisor ends, however that ends."""
    if _libc:
        _libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)


def _words(status: int) -> str:
    return f"signal {signal.Signals(-status).name}" if status < 0 else f"status {status}"
