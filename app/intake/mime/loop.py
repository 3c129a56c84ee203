"""The child's side: read a letter, answer with what is in it, wait for the next; dies with its parent."""

from __future__ import annotations

import json
import resource
import signal
import sys
from collections.abc import Callable
from typing import Any, BinaryIO

from app.intake.mime.letter import TOO_MUCH_MEMORY, ParsedLetter, Unreadable, to_wire
from app.intake.mime.parse import glance, parse
from app.intake.mime.pipe import read_block, write_block


def main(memory: int, seconds: float) -> None:
    """Serve until the pipe closes. `memory`: bytes of address space.

    `seconds`: of work on one letter, then a signal kills; twice as long by the clock, so that a busy machine
    makes no letter unreadable that is none.
    """
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to handle
    letters, answers = sys.stdin.buffer, sys.stdout.buffer
    while (task := read_block(letters)) is not None:
        raw = read_block(letters)
        if raw is None:
            return
        signal.setitimer(signal.ITIMER_PROF, seconds)
        signal.setitimer(signal.ITIMER_REAL, 2 * seconds)
        _answer(answers, glance if task == b"glance" else parse, raw)
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.setitimer(signal.ITIMER_PROF, 0)


def _answer(answers: BinaryIO, read: Callable[[bytes], ParsedLetter], raw: bytes) -> None:
    contents: list[bytes] = []
    head: dict[str, Any]
    try:
        values, contents = to_wire(read(raw))
        head = {"letter": values, "files": len(contents)}
    except Unreadable as error:
        head = {"unreadable": error.reason, "is_final": error.is_final}
    except MemoryError:
        head = {"unreadable": TOO_MUCH_MEMORY, "is_final": False}
    except Exception as error:  # noqa: BLE001 - whatever a letter breaks must come back as a reason
        head = {"unreadable": f"{type(error).__name__}: {error}"[:500], "is_final": False}
    write_block(answers, json.dumps(head).encode("ascii"))
    for content in contents:
        write_block(answers, content)
    answers.flush()
