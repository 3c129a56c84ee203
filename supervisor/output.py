"""What the processes say: each line with its name to the terminal, and to its own file in DATA_DIR/log."""

from __future__ import annotations

import sys
from contextlib import suppress
from pathlib import Path

LARGEST = 10 * 1024 * 1024  # bytes of one file, before it is put by
KEPT = 4  # older files
LONGEST_LINE = 64 * 1024  # bytes; a longer line is cut in two


class Output:
    """The lines of one process. A full disk or a closed terminal loses lines, never the process."""

    def __init__(self, name: str, folder: Path, width: int, *, is_shown: bool = True) -> None:
        self._is_shown = is_shown
        self._label = f"{name:<{width}} | ".encode()
        self._path = folder / f"{name}.log"
        self._rest = b""

    def feed(self, data: bytes) -> None:
        """Take what came out of the process's pipe, and pass on the whole lines."""
        *lines, self._rest = (self._rest + data).split(b"\n")
        if len(self._rest) > LONGEST_LINE:
            lines.append(self._rest)
            self._rest = b""
        self._write(lines)

    def finish(self) -> None:
        """Pass on a last line without an end."""
        if self._rest:
            self._write([self._rest])
            self._rest = b""

    def _write(self, lines: list[bytes]) -> None:
        if not lines:
            return
        if self._is_shown:
            with suppress(OSError, ValueError):
                sys.stdout.buffer.write(b"".join(self._label + line + b"\n" for line in lines))
                sys.stdout.buffer.flush()
        with suppress(OSError):
            with self._path.open("ab") as file:
                file.write(b"".join(line + b"\n" for line in lines))
                size = file.tell()
            if size > LARGEST:
                self._put_by()

    def _put_by(self) -> None:
        for age in range(KEPT, 0, -1):
            older = self._path.with_suffix(f".log.{age}")
            younger = self._path if age == 1 else self._path.with_suffix(f".log.{age - 1}")
            if younger.exists():
                younger.replace(older)
