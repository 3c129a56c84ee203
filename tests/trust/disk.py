"""A disk of a few megabytes that a test fills to the last byte and frees again."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

_PAGE = 4096
_IS_ROOT = os.geteuid() == 0


@dataclass
class Mounted:
    """A file system in memory, in a mount namespace of its own; only processes started by ``command`` see it."""

    folder: Path
    holder: subprocess.Popen[bytes]

    def command(self, *words: str) -> list[str]:
        """The command that runs ``words`` where the disk is."""
        enter = ["nsenter", f"--target={self.holder.pid}", "--mount", f"--wd={Path.cwd()}"]
        return [*enter, *([] if _IS_ROOT else ["--user", "--preserve-credentials"]), *words]

    def fill(self) -> None:
        subprocess.run(
            self.command("dd", "if=/dev/zero", f"of={self.folder}/ballast"), capture_output=True, check=False
        )

    def free(self) -> None:
        subprocess.run(self.command("rm", f"{self.folder}/ballast"), check=True)

    def put(self, source: Path, name: str) -> None:
        subprocess.run(self.command("cp", str(source), f"{self.folder}/{name}"), check=True)

    def names(self) -> list[str]:
        """Every file on it."""
        found = subprocess.run(self.command("find", str(self.folder), "-type", "f"), capture_output=True, check=True)
        return found.stdout.decode().split()


@dataclass
class Limited:
    """Where namespaces are forbidden: an ordinary folder whose files cannot grow while the disk counts as full."""

    folder: Path
    is_full: bool = False

    def command(self, *words: str) -> list[str]:
        return ["prlimit", f"--fsize={_PAGE}", *words] if self.is_full else list(words)

    def fill(self) -> None:
        self.is_full = True

    def free(self) -> None:
        self.is_full = False

    def put(self, source: Path, name: str) -> None:
        shutil.copy(source, self.folder / name)

    def names(self) -> list[str]:
        return [str(path) for path in self.folder.rglob("*") if path.is_file()]


@contextmanager
def small_disk(folder: Path, *, megabytes: int) -> Iterator[Mounted | Limited]:
    """A disk at ``folder``."""
    folder.mkdir()
    mount = f"mount -t tmpfs -o size={megabytes}m tmpfs '{folder}' && echo mounted && exec sleep 600"
    kind = "-m" if _IS_ROOT else "-rm"  # root needs no user namespace, in which others' sockets would be closed to it
    holder = subprocess.Popen(["unshare", kind, "sh", "-c", mount], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    assert holder.stdout
    try:
        if holder.stdout.readline() == b"mounted\n":
            yield Mounted(folder, holder)
        else:
            yield Limited(folder)
    finally:
        holder.kill()
        holder.wait(10)
        holder.stdout.close()
