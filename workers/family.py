"""Children forked from one loaded application: the memory is shared, the dead are brought back."""

from __future__ import annotations

import logging
import os
import signal
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from types import FrameType

from workers import house

log = logging.getLogger(__name__)

FIRST_PAUSE = 0.2  # seconds
LONGEST_PAUSE = 8.0
STEADY = 10.0  # seconds of life after which a death counts as the first again


class Child:
    """One forked process that should be running."""

    def __init__(self, name: str, work: Callable[[], None]) -> None:
        self.name = name
        self.pid = 0
        self.due_at = 0.0
        self._work = work
        self._started_at = 0.0
        self._pause = FIRST_PAUSE

    def start(self) -> None:
        parent = os.getpid()
        self._started_at = time.monotonic()
        self.pid = os.fork()
        if self.pid:
            return
        status = 1
        try:
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            house.after_fork(house.desk_app(), parent)
            self._work()
            status = 0
        except Exception:
            log.exception("%s ended", self.name)
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(status)

    def note_end(self) -> None:
        """Plan the next start; a process that dies young waits longer each time."""
        if time.monotonic() - self._started_at > STEADY:
            self._pause = FIRST_PAUSE
        self.pid = 0
        self.due_at = time.monotonic() + self._pause
        self._pause = min(LONGEST_PAUSE, self._pause * 2)


class Family:
    """Keeps children running until SIGTERM, then waits for what they have in hand."""

    def __init__(self, children: Sequence[Child]) -> None:
        self._children = children
        self._is_stopping = False

    def run(self) -> None:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        house.share_memory()
        while not self._is_stopping:
            for child in self._children:
                if not child.pid and child.due_at <= time.monotonic() and not self._is_stopping:
                    child.start()
            self._bury()
            time.sleep(0.1)
        while any(child.pid for child in self._children):
            self._bury()
            time.sleep(0.05)

    def _bury(self) -> None:
        with suppress(ChildProcessError):
            while (ended := os.waitpid(-1, os.WNOHANG))[0]:
                for child in self._children:
                    if child.pid == ended[0]:
                        child.note_end()
                        if not self._is_stopping:
                            log.warning("%s ended (status %s)", child.name, os.waitstatus_to_exitcode(ended[1]))

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        self._is_stopping = True
        for child in self._children:
            if child.pid:
                with suppress(ProcessLookupError):
                    os.kill(child.pid, signal.SIGTERM)
