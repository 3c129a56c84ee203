"""Children forked from one loaded application: the memory is shared, the dead are brought back."""

from __future__ import annotations

import logging
import math
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
LONGEST_PAUSE = 4.0
STEADY = 10.0  # seconds of life after which a death counts as the first again
PATIENCE = 12.0  # seconds that a child may take to end


class Child:
    """One forked process that should be running; ``may_finish``: status 0 means that it has nothing to do."""

    def __init__(self, name: str, work: Callable[[], None], *, may_finish: bool = False) -> None:
        self.name = name
        self.may_finish = may_finish
        self.output: int | None = None  # a descriptor to speak to, instead of the parent's standard output
        self.pid = 0
        self.due_at = 0.0
        self._work = work
        self._started_at = 0.0
        self._pause = FIRST_PAUSE

    def start(self) -> None:
        parent = os.getpid()
        self._started_at = time.monotonic()
        held = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})  # until the child has handlers of its own
        self.pid = os.fork()
        if self.pid:
            signal.pthread_sigmask(signal.SIG_SETMASK, held)
            return
        status = 1
        try:
            self._settle(parent)
            signal.pthread_sigmask(signal.SIG_SETMASK, held)
            self._work()
            status = 0
        except SystemExit as leaving:
            status = leaving.code if isinstance(leaving.code, int) else int(bool(leaving.code))
            if isinstance(leaving.code, str):
                print(leaving.code, file=sys.stderr)
        except Exception:
            log.exception("%s ended", self.name)
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(status)

    def note_end(self, status: int) -> None:
        """Plan the next start; a process that dies young waits longer each time."""
        if time.monotonic() - self._started_at > STEADY:
            self._pause = FIRST_PAUSE
        self.pid = 0
        self.due_at = math.inf if self.may_finish and status == 0 else time.monotonic() + self._pause
        self._pause = min(LONGEST_PAUSE, self._pause * 2)

    def _settle(self, parent: int) -> None:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        if self.output is not None:
            os.dup2(self.output, 1)
            os.dup2(self.output, 2)
        house.after_fork(house.desk_app(), parent, self.name)


class Family:
    """Keeps children running until SIGTERM, then stops them step by step, each with what it has in hand."""

    def __init__(self, *steps: Sequence[Child]) -> None:
        self._steps = steps
        self._children = [child for step in steps for child in step]
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
        for step in self._steps:
            self._end(step)

    def _end(self, step: Sequence[Child]) -> None:
        for child in step:
            _tell(child, signal.SIGTERM)
        end = time.monotonic() + PATIENCE
        while any(child.pid for child in step):
            self._bury()
            if time.monotonic() > end:
                for child in step:
                    _tell(child, signal.SIGKILL)
            time.sleep(0.05)

    def _bury(self) -> None:
        with suppress(ChildProcessError):
            while (ended := os.waitpid(-1, os.WNOHANG))[0]:
                status = os.waitstatus_to_exitcode(ended[1])
                for child in self._children:
                    if child.pid == ended[0]:
                        child.note_end(status)
                        if not self._is_stopping and child.due_at != math.inf:
                            log.warning("%s ended (status %s)", child.name, status)

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        self._is_stopping = True


def _tell(child: Child, number: signal.Signals) -> None:
    if child.pid:
        with suppress(ProcessLookupError):
            os.kill(child.pid, number)
