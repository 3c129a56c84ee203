"""Processes of the desk for tests that kill them: forked from one that has loaded the desk's code, and nothing else.

To load it takes a process of its own two seconds, to die in the middle of an act a moment. Each has the environment
that it is given alone, its own application, and connections that nobody had before it.
"""

from __future__ import annotations

import atexit
import contextlib
import ctypes
import importlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import traceback
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent.parent
PR_SET_PDEATHSIG = 1


@dataclass
class Process:
    """One that was begun here."""

    pid: int
    output: Path
    _told: socket.socket

    def wait(self, seconds: float = 60) -> int:
        """Its exit status, as ``subprocess`` has it."""
        self._told.settimeout(seconds)
        with self._told, self._told.makefile() as told:
            return int(told.readline())

    def said(self, name: str) -> str:
        """What it wrote to ``stdout`` or ``stderr``."""
        return (self.output / name).read_text(encoding="utf-8")


def begin(code: str, environment: Mapping[str, str]) -> Process:
    """Begin a process that does what ``code`` says."""
    told = socket.socket(socket.AF_UNIX)
    told.connect(str(_nursery() / "nursery"))
    output = Path(tempfile.mkdtemp(dir=_nursery()))
    told.sendall(json.dumps({"code": code, "environment": {**environment}, "output": str(output)}).encode() + b"\n")
    first = b""
    while not first.endswith(b"\n"):
        first += told.recv(1)
    return Process(int(first), output, told)


def run(code: str, environment: Mapping[str, str], seconds: float = 60) -> subprocess.CompletedProcess[str]:
    """Let a process do what ``code`` says, to its end."""
    process = begin(code, environment)
    status = process.wait(seconds)
    return subprocess.CompletedProcess([code], status, process.said("stdout"), process.said("stderr"))


@cache
def _nursery() -> Path:
    """The folder of this test process's own, where it listens."""
    folder = Path(tempfile.mkdtemp(prefix="hd-forks-"))
    begun = subprocess.Popen(
        [sys.executable, "-m", "tests.forked", str(folder)], cwd=ROOT, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL
    )
    assert begun.stdout
    assert begun.stdout.readline() == b"ready\n"
    begun.stdout.close()
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    atexit.register(begun.wait)
    atexit.register(begun.kill)
    return folder


def main(folder: Path) -> None:
    """Load the desk's code, then fork whatever is asked for, until whoever began this is gone."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    import app

    for name in (*app.BLUEPRINTS, *app.COMMANDS, "app.notify", "app.intake.letters", "app.bot_api", "app.web.guard"):
        importlib.import_module(name)
    with socket.socket(socket.AF_UNIX) as door:
        door.bind(str(folder / "nursery"))
        door.listen(16)
        print("ready", flush=True)
        signal.signal(signal.SIGCHLD, signal.SIG_IGN)
        while True:
            asked, _ = door.accept()
            if os.fork() == 0:
                door.close()
                _look_after(asked)
            asked.close()


def _look_after(asked: socket.socket) -> NoReturn:
    """Fork one process, say its id, wait for its end and say how it ended."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    with asked, asked.makefile("rw") as told:
        wanted = json.loads(told.readline())
        if (pid := os.fork()) == 0:
            asked.close()
            _become(**wanted)
        with contextlib.suppress(OSError):
            print(pid, file=told, flush=True)
            print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), file=told, flush=True)
    os._exit(0)


def _become(code: str, environment: dict[str, str], output: str) -> NoReturn:
    """Do in this process what a Python begun with ``-c`` would."""
    for number, name in ((1, "stdout"), (2, "stderr")):
        os.dup2(os.open(f"{output}/{name}", os.O_WRONLY | os.O_CREAT), number)
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = ["-c"]
    status = 0
    try:
        exec(compile(code, "<string>", "exec"), {"__name__": "__main__"})
    except SystemExit as ending:
        status = ending.code if isinstance(ending.code, int) else 1
    except BaseException:  # noqa: BLE001 -- whatever it is, the process ends by it
        traceback.print_exc()
        status = 1
    threading._shutdown()  # type: ignore[attr-defined]  # as at the end of every program
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
