"""The Procfile: names and commands, in its order."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

from supervisor.errors import CannotRun

LINE = re.compile(r"([A-Za-z][A-Za-z0-9_-]*):\s*(\S.*)")


def read(path: Path) -> dict[str, list[str]]:
    """Commands by name; blank lines and comments fall away."""
    commands: dict[str, list[str]] = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        match = LINE.fullmatch(line.strip())
        if not match:
            raise CannotRun(f"{path.name}, line {number}: a line is «name: command», not {line!r}.")
        commands[match[1]] = shlex.split(match[2])
    return commands
