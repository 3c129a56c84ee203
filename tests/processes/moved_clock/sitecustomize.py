"""Loaded by every Python process of a desk under test: its one clock is ahead by the seconds that a file names."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from pathlib import Path
from types import ModuleType

AHEAD = Path(os.environ.get("CLOCK_AHEAD", "/nonexistent"))


def moved_now() -> datetime:
    return datetime.now(UTC) + timedelta(seconds=float(AHEAD.read_text(encoding="ascii")))


class MovedClock(SourceFileLoader):
    def exec_module(self, module: ModuleType) -> None:
        super().exec_module(module)
        module.now = moved_now  # type: ignore[attr-defined]


class Finder(MetaPathFinder):
    def find_spec(self, name: str, path: Sequence[str] | None, _target: object = None) -> ModuleSpec | None:
        spec = PathFinder.find_spec(name, path) if name == "app.clock" else None
        if spec and spec.origin:
            spec.loader = MovedClock(name, spec.origin)
        return spec


if AHEAD.is_file():
    sys.meta_path.insert(0, Finder())
