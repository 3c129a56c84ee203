"""Whether an address can be listened on, and if not, who sits there."""

from __future__ import annotations

import errno
import socket
import time
from pathlib import Path

from supervisor.errors import CannotRun

PATIENCE = 3.0  # seconds that a desk which is just stopping may still hold its ports
LISTENING = "0A"  # as /proc/net/tcp writes the state


def check(setting: str, host: str, port: int) -> None:
    """Raise CannotRun, naming the setting and the holder, when nobody can listen there."""
    until = time.monotonic() + PATIENCE
    while fault := _fault(host, port):
        if fault.errno != errno.EADDRINUSE:
            raise CannotRun(f"Nobody can listen on {host}:{port}: {fault.strerror}. {setting} names it.")
        if time.monotonic() > until:
            raise CannotRun(
                f"{setting}: {host}:{port} is taken by {_holder(port)}. Stop that, or choose another: "
                f"{setting}={_another(setting, host, port)} bin/run"
            )
        time.sleep(0.1)


def is_open(host: str, port: int) -> bool:
    """Whether somebody answers there now."""
    shown = {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}.get(host, host)  # noqa: S104 - only compared
    try:
        socket.create_connection((shown, port), timeout=0.2).close()
    except OSError:
        return False
    return True


def _fault(host: str, port: int) -> OSError | None:
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host or None, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        return error
    return None


def _another(setting: str, host: str, port: int) -> str:
    free = port + 1 if port < 65535 else port - 1
    return str(free) if setting == "PORT" else f"{host}:{free}"


def _holder(port: int) -> str:
    """The program that listens on a port, as far as this user may see it."""
    inodes = _listening_inodes(port)
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if any(str(link.readlink()) in inodes for link in (process / "fd").iterdir()):
                return f"{(process / 'comm').read_text().strip()} (process {process.name})"
        except OSError:
            continue
    return "another program"


def _listening_inodes(port: int) -> set[str]:
    inodes = set()
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        try:
            rows = [line.split() for line in Path(table).read_text(encoding="ascii").splitlines()[1:]]
        except OSError:
            continue
        inodes |= {
            f"socket:[{row[9]}]" for row in rows if row[3] == LISTENING and int(row[1].rpartition(":")[2], 16) == port
        }
    return inodes
