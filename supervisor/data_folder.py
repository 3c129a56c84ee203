"""DATA_DIR: made private, owned by one desk at a time, keeps the secret key."""

from __future__ import annotations

import fcntl
import os
import secrets
import time
from contextlib import suppress
from pathlib import Path

from supervisor.errors import CannotRun

LOCK_FILE = "lock"
SECRET_FILE = "secret_key"
PATIENCE = 3.0  # seconds that a desk which is just stopping may still hold the lock


def own(data_dir: Path) -> int:
    """Make the folder and take its lock; returns the descriptor that holds it for as long as it stays open."""
    try:
        data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(data_dir / LOCK_FILE, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise CannotRun(f"The data folder {data_dir} cannot be used: {error.strerror}. DATA_DIR names it.") from error
    until = time.monotonic() + PATIENCE
    while not _locked(descriptor):
        if time.monotonic() > until:
            holder = os.pread(descriptor, 20, 0).decode("ascii", "replace").strip()
            raise CannotRun(
                f"Another desk{f' (process {holder})' if holder else ''} is running on the data folder {data_dir}. "
                "Stop it with Ctrl-C there, or give this one its own: DATA_DIR=./data2 PORT=8001 bin/run"
            )
        time.sleep(0.1)
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, f"{os.getpid()}\n".encode("ascii"), 0)
    return descriptor


def keep_secret(data_dir: Path) -> None:
    """Make the secret key once; nobody but the desk's own user may read it."""
    path = data_dir / SECRET_FILE
    if path.is_file() and path.stat().st_size:
        return
    draft = path.with_suffix(".new")
    with suppress(FileNotFoundError):
        draft.unlink()
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(secrets.token_hex(32) + "\n")
        file.flush()
        os.fsync(file.fileno())
    draft.rename(path)


def _locked(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
