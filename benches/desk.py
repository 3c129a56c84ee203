"""The whole desk of a copy of a prepared database, started as `bin/run` starts it."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

import psycopg

from benches.databases import ROOT, Prepared
from benches.web import Web, free_port

STARTS_WITHIN = 90.0  # seconds


@dataclass(frozen=True)
class Desk(Web):
    """Every process of the Procfile and a Redis of its own; ``pid`` is the supervisor's."""

    smtp_port: int = 0

    def all_cpu(self) -> float:
        """CPU seconds so far of every process of the desk and of the database."""
        return sum(self.cpu().values())


@contextmanager
def running(prepared: Prepared, **settings: str) -> Iterator[Desk]:
    """Start the desk on a copy, so that what comes in does not change the prepared one."""
    with _copied(prepared) as copied:
        port, smtp_port = free_port(), free_port()
        more = {"PORT": str(port), "SMTP_LISTEN": f"127.0.0.1:{smtp_port}", "PUBLIC_URL": f"http://127.0.0.1:{port}"}
        copy = replace(copied, environment={**copied.environment, **more, **settings})
        process = subprocess.Popen(
            [sys.executable, "-m", "supervisor"], cwd=ROOT, env=copy.environment, stdout=subprocess.DEVNULL
        )
        try:
            for wanted in (port, smtp_port):
                _wait(wanted, process)
            yield Desk(copy, port, process.pid, smtp_port)
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(60)


@contextmanager
def _copied(prepared: Prepared) -> Iterator[Prepared]:
    folder = prepared.folder.with_name(f"{prepared.folder.name}-copy")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    try:
        if prepared.postmaster is None:
            _copy_file(prepared, folder)
            url = f"sqlite:///{folder}/helpdesk.sqlite3"
            yield replace(prepared, folder=folder, environment=_moved(prepared, folder, url))
        else:
            with _copied_database(prepared) as url:
                yield replace(prepared, folder=folder, environment=_moved(prepared, folder, url))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _copy_file(prepared: Prepared, folder: os.PathLike[str]) -> None:
    for ending in ("", "-wal"):
        source = prepared.folder / f"helpdesk.sqlite3{ending}"
        if source.exists():
            shutil.copy(source, folder)


@contextmanager
def _copied_database(prepared: Prepared) -> Iterator[str]:
    url = prepared.environment["DATABASE_URL"]
    head, _, query = url.partition("?")
    server, _, name = head.rpartition("/")
    with psycopg.connect(f"{server}/postgres?{query}", autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}_copy" WITH (FORCE)')
        connection.execute(f'CREATE DATABASE "{name}_copy" TEMPLATE "{name}" STRATEGY FILE_COPY')
        try:
            yield f"{server}/{name}_copy?{query}"
        finally:
            connection.execute(f'DROP DATABASE "{name}_copy" WITH (FORCE)')


def _moved(prepared: Prepared, folder: os.PathLike[str], url: str) -> dict[str, str]:
    return {**prepared.environment, "DATA_DIR": str(folder), "DATABASE_URL": url}


def _wait(port: int, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < until:
        if process.poll() is not None:
            sys.exit("The desk ended at once; its own words stand above.")
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    sys.exit(f"Nobody answers on port {port} after {STARTS_WITHIN:.0f} s.")
