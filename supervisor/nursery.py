"""The processes of the Procfile that are our own: started together, so that they share one loaded application."""

from __future__ import annotations

import os
import re
from contextlib import suppress
from pathlib import Path

from supervisor.output import Output
from supervisor.process import Process

OWN = re.compile(r"python -m workers\.\w+")
NAME = "house"


class Voice:
    """The pipe that one process of the nursery speaks into; it outlives the process."""

    def __init__(self, output: Output) -> None:
        self.pipe, self.inlet = os.pipe2(os.O_CLOEXEC)
        os.set_blocking(self.pipe, False)
        self._output = output

    def read(self) -> bool:
        """Pass on what waits in the pipe; it never ends while we hold the inlet."""
        with suppress(BlockingIOError):
            self._output.feed(os.read(self.pipe, 65536))
        return True


def is_own(command: list[str]) -> bool:
    """Whether this is one of our processes, to be forked instead of started alone."""
    return bool(OWN.fullmatch(" ".join(command)))


def build(names: list[str], log_dir: Path, width: int) -> tuple[Process, list[Voice]]:
    """One process that forks those named, and the pipes that they will speak into."""
    voices = [Voice(Output(name, log_dir, width)) for name in names]
    command = ["python", "-m", "workers.nursery"]
    command += [f"{name}:{voice.inlet}" for name, voice in zip(names, voices, strict=True)]
    inherited = [voice.inlet for voice in voices]
    return Process(NAME, command, Output(NAME, log_dir, width), inherited=inherited), voices
