"""The watch: passes on output, brings back the dead, and stops everything in order."""

from __future__ import annotations

import os
import selectors
import signal
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from types import FrameType

from supervisor.nursery import Voice
from supervisor.process import Process

LONGEST_NAP = 1.0  # seconds between two looks at everything
SHORT_NAP = 0.05  # while something is waited for
PATIENCE = 25.0  # seconds that one step of stopping may take before it is cut short
STOP_FIRST = "web"  # it takes work in; then the rest, then the servers below them


class Supervision:
    """Keeps processes running until a signal says stop; a second signal says at once."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = environment
        self._processes: list[Process] = []
        self._servers: list[Process] = []
        self._selector = selectors.DefaultSelector()
        self._stops = 0
        self.reason = ""  # the signal that said stop
        self._listen_to_signals()

    @property
    def is_stopping(self) -> bool:
        return self._stops > 0

    def add_server(self, server: Process) -> None:
        """Start what the others lean on; it stops last."""
        self._servers.append(server)
        self._start(server)

    def listen_to(self, voices: Sequence[Voice]) -> None:
        for voice in voices:
            self._selector.register(voice.pipe, selectors.EVENT_READ, voice)

    def add(self, processes: Sequence[Process]) -> None:
        self._processes.extend(processes)
        for process in processes:
            self._start(process)

    def watch(self, until: Callable[[], bool], seconds: float | None = None) -> bool:
        """Keep everything running until a condition holds, a signal comes or time is up; says if it holds."""
        end = time.monotonic() + (seconds or 0)
        while not until():
            if self.is_stopping or (seconds and time.monotonic() > end):
                return False
            self._turn(SHORT_NAP if seconds else LONGEST_NAP)
        return True

    def stop(self) -> None:
        """Stop in order: what takes work in, then what does it, then what both lean on."""
        self._stops = max(1, self._stops)
        self._stop_step([process for process in self._processes if process.name == STOP_FIRST])
        self._stop_step([process for process in self._processes if process.name != STOP_FIRST])
        self._stop_step(self._servers)

    def _stop_step(self, step: Sequence[Process]) -> None:
        for process in step:
            process.stop()
        end = time.monotonic() + PATIENCE
        while any(process.pid for process in step):
            if self._stops > 1 or time.monotonic() > end:
                for process in step:
                    process.signal_group(signal.SIGKILL)
            self._turn(0.2)

    def _turn(self, nap: float) -> None:
        """One turn of the watch: wait for output or a signal, bury the dead, start those whose time has come."""
        everyone = [*self._servers, *self._processes]
        due = [process.due_at for process in everyone if process.due_at is not None]
        nap = max(0.0, min([nap, *(moment - time.monotonic() for moment in due)]))
        for key, _ in self._selector.select(nap):
            if isinstance(key.data, Process | Voice):
                if not key.data.read():
                    self._selector.unregister(key.fileobj)
            else:
                with suppress(BlockingIOError):
                    os.read(key.fd, 512)
        for process in everyone:
            self._look_after(process)

    def _look_after(self, process: Process) -> None:
        pipe = process.pipe
        if process.has_ended() and pipe:
            with suppress(KeyError, ValueError):  # it was forgotten at its end already
                self._selector.unregister(pipe)
        if process.due_at is not None and process.due_at <= time.monotonic():
            self._start(process)

    def _start(self, process: Process) -> None:
        process.start(self._environment)
        if process.pipe:
            self._selector.register(process.pipe, selectors.EVENT_READ, process)

    def _listen_to_signals(self) -> None:
        awake, alarm = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        signal.set_wakeup_fd(alarm, warn_on_full_buffer=False)
        self._selector.register(awake, selectors.EVENT_READ)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._note_stop)
        signal.signal(signal.SIGCHLD, lambda _number, _frame: None)

    def _note_stop(self, number: int, _frame: FrameType | None) -> None:
        self._stops += 1
        self.reason = signal.Signals(number).name
