"""The scanner for viruses, where VIRUS_SCAN names one: a clamd to send files to, or a command that is given their path.

A file that it names is kept and flagged; a scanner that is away, or slow, keeps nothing from coming in.
"""

from __future__ import annotations

import logging
import shlex
import socket
import subprocess
import threading
import time
from pathlib import Path

from app.config import settings

log = logging.getLogger(__name__)

SECONDS = 10.0  # for one file
_SLOW = 5.0
_REST = 30.0  # after it was away or slow, so that a queue of letters does not wait for it again and again
_CHUNK = 1 << 16
_LONGEST_ANSWER = 4096
_INFECTED = 1  # the exit status that clamscan, clamdscan and their likes agree on


class ScanFailed(Exception):
    """The scanner did not say whether the file is well."""


class _Rest:
    """Until when this process leaves the scanner in peace."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._ends_at = 0.0

    def is_on(self) -> bool:
        with self._lock:
            return time.monotonic() < self._ends_at

    def begin(self) -> None:
        with self._lock:
            self._ends_at = time.monotonic() + _REST

    def end(self) -> None:
        with self._lock:
            self._ends_at = 0.0


rest = _Rest()


def is_infected(path: Path) -> bool:
    """Does the scanner name the file? False as well where there is none, or it does not answer; then that is logged."""
    if not settings().virus_scan or rest.is_on():
        return False
    began = time.monotonic()
    try:
        found = scan(path)
    except ScanFailed as error:
        log.error("a file was not scanned for viruses: %s", error)  # noqa: TRY400  it says all there is to say
        rest.begin()
        return False
    if time.monotonic() - began > _SLOW:
        log.warning("the virus scanner took %.1f s, files go without it for a while", time.monotonic() - began)
        rest.begin()
    if found:
        log.warning("the virus scanner named %s: %s", path.name, found)
    return bool(found)


def scan(path: Path) -> str:
    """What the scanner calls the file's virus, or an empty string; raises ScanFailed."""
    kind, _, how = settings().virus_scan.partition(":")
    try:
        return _by_clamd(path, how) if kind == "clamd" else _by_command(path, how)
    except (OSError, subprocess.SubprocessError) as error:
        raise ScanFailed(f"{settings().virus_scan}: {error}") from error


def ping() -> None:
    """Ask a clamd whether it is there; raises ScanFailed. A command is only looked for when it is needed."""
    kind, _, how = settings().virus_scan.partition(":")
    if kind != "clamd":
        return
    try:
        with _connected(how) as clamd:
            clamd.sendall(b"zPING\0")
            if (answer := _answer(clamd)) != "PONG":
                raise ScanFailed(f"{settings().virus_scan}: it answers {answer!r}")
    except OSError as error:
        raise ScanFailed(f"{settings().virus_scan}: {error}") from error


def _by_clamd(path: Path, address: str) -> str:
    """The protocol of clamd(8): INSTREAM, chunks with their length before them, an empty one, the verdict."""
    deadline = time.monotonic() + SECONDS
    with _connected(address) as clamd, path.open("rb") as file:
        clamd.sendall(b"zINSTREAM\0")
        try:
            while chunk := file.read(_CHUNK):
                clamd.settimeout(max(0.01, deadline - time.monotonic()))
                clamd.sendall(len(chunk).to_bytes(4, "big") + chunk)
            clamd.sendall(bytes(4))
        except (BrokenPipeError, ConnectionResetError):
            pass  # it has heard enough, most often because of its own limit of size; it says so
        clamd.settimeout(max(0.01, deadline - time.monotonic()))
        answer = _answer(clamd)
    verdict = answer.removeprefix("stream: ")
    if verdict.endswith(" FOUND"):
        return verdict.removesuffix(" FOUND")
    if verdict == "OK":
        return ""
    raise ScanFailed(f"clamd answers {answer!r}")


def _connected(address: str) -> socket.socket:
    if address.startswith("/"):
        clamd = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        clamd.settimeout(SECONDS)
        try:
            clamd.connect(address)
        except OSError:
            clamd.close()
            raise
        return clamd
    host, _, port = address.rpartition(":")
    return socket.create_connection((host.strip("[]"), int(port)), SECONDS)


def _answer(clamd: socket.socket) -> str:
    answer = b""
    while b"\0" not in answer and len(answer) < _LONGEST_ANSWER and (piece := clamd.recv(_CHUNK)):
        answer += piece
    return answer.partition(b"\0")[0].decode("utf-8", "replace").strip()


def _by_command(path: Path, command: str) -> str:
    done = subprocess.run(
        [*shlex.split(command), str(path)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=SECONDS,
        check=False,
    )
    said = " ".join(done.stdout[:_LONGEST_ANSWER].decode("utf-8", "replace").split())
    if done.returncode == 0:
        return ""
    if done.returncode == _INFECTED:
        return said or "named by the scanner"
    raise ScanFailed(f"{command} ended with {done.returncode}: {said[:200]}")
