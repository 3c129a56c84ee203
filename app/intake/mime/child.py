"""The parent's side: a small child process parses, so that no letter can hang, crash or swell the desk."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

from app.intake.mime.letter import TOO_MUCH_MEMORY, ParsedLetter, Unreadable, from_wire
from app.intake.mime.pipe import read_block, write_block
from app.translate import _

SECONDS = 10  # of work on one letter
MEMORY = 700 * 1024 * 1024
_LARGE = 4 * 1024 * 1024  # after such a letter the child has grown and is let go
_INTAKE = Path(__file__).resolve().parent.parent
# The packages above are entered without running their __init__, which would load the whole desk.
_START = """
import sys, types
for name, path in (("app", sys.argv[1]), ("app.intake", sys.argv[2])):
    package = types.ModuleType(name)
    package.__path__ = [path]
    sys.modules[name] = package
from app.intake.mime.loop import main
main(int(sys.argv[3]), float(sys.argv[4]))
"""


def parse(raw: bytes) -> ParsedLetter:
    """Read a letter in the child; raises Unreadable, also when the child had to be killed or died."""
    return _ask(b"parse", raw)


def glance(raw: bytes) -> ParsedLetter:
    """Only the letter's own header, for those whose body cannot be read or was too large to keep."""
    return _ask(b"glance", raw)


def stop() -> None:
    """End the child; the next letter starts another."""
    with _lock:
        _children.drop()


class _Child:
    """One child, started at the first letter; a fork of this process never uses its parent's."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._owner = 0

    def running(self) -> subprocess.Popen[bytes]:
        if self._process and (self._owner != os.getpid() or self._process.poll() is not None):
            self.drop()
        if self._process is None:
            self._process = subprocess.Popen(
                [
                    sys.executable,
                    "-I",
                    "-S",
                    "-c",
                    _START,
                    str(_INTAKE.parent),
                    str(_INTAKE),
                    str(MEMORY),
                    str(SECONDS),
                ],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
            self._owner = os.getpid()
        return self._process

    def drop(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        if self._owner == os.getpid():
            process.kill()
            process.wait()
        else:
            process.returncode = 0  # the parent's to wait for, not ours
        for stream in (process.stdin, process.stdout):
            if stream:
                with contextlib.suppress(OSError):
                    stream.close()


_children = _Child()
_lock = threading.Lock()


def _ask(task: bytes, raw: bytes) -> ParsedLetter:
    with _lock:
        process = _children.running()
        # The child kills itself by a signal; this one is for a child that cannot even do that.
        watchdog = threading.Timer(2 * SECONDS + 5, process.kill)
        watchdog.start()
        try:
            head, contents = _exchange(process, task, raw)
        except OSError:
            head = None
        finally:
            watchdog.cancel()
        if head is None:
            _children.drop()
            raise Unreadable(_("разбор занял слишком много времени или оборвался"))
        if len(raw) > _LARGE or head.get("unreadable") == TOO_MUCH_MEMORY:
            _children.drop()
    if "letter" not in head:
        raise Unreadable(_(head["unreadable"]), is_final=head["is_final"])
    return from_wire(head["letter"], contents)


def _exchange(process: subprocess.Popen[bytes], task: bytes, raw: bytes) -> tuple[dict[str, Any] | None, list[bytes]]:
    assert process.stdin
    assert process.stdout
    write_block(process.stdin, task)
    write_block(process.stdin, raw)
    process.stdin.flush()
    answer = read_block(process.stdout)
    if answer is None:
        return None, []
    head: dict[str, Any] = json.loads(answer)
    contents = [read_block(process.stdout) for _ in range(head.get("files", 0))]
    if None in contents:
        return None, []
    return head, [content for content in contents if content is not None]
