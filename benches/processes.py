"""What processes cost: CPU time and memory, read from /proc."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")


def family(pid: int) -> list[int]:
    """A process and all that descend from it."""
    children: dict[int, list[int]] = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            with suppress(OSError):
                children.setdefault(_parent(int(folder.name)), []).append(int(folder.name))
    found, waiting = [], [pid]
    while waiting:
        one = waiting.pop()
        found.append(one)
        waiting += children.get(one, [])
    return found


def cpu_seconds(root: int) -> float:
    """CPU time of a process, of its living descendants, and of those children that it has buried."""
    return sum(_cpu(pid, buried=pid == root) for pid in family(root))


def memory(pids: Iterable[int]) -> Iterator[tuple[str, float]]:
    """Name and proportional share (PSS, MB) of each process; shared pages are counted once among their users."""
    for pid in pids:
        with suppress(OSError):
            rollup = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii")
            pss = next(int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:"))
            yield _name(pid), pss / 1024


def _name(pid: int) -> str:
    words = Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace").split("\0")
    named = [Path(word).name for word in words if word and not word.startswith("-")]
    return " ".join(word for word in named if not word.startswith("python"))[:60] or "?"


def _parent(pid: int) -> int:
    return int(_stat(pid)[1])


def _cpu(pid: int, *, buried: bool) -> float:
    try:
        fields = _stat(pid)
    except OSError:
        return 0.0
    return sum(int(fields[place]) for place in ((11, 12, 13, 14) if buried else (11, 12))) / _TICKS


def _stat(pid: int) -> list[str]:
    """Fields of /proc/PID/stat from the state on (proc(5)); the name before them may hold anything."""
    return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
