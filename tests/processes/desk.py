"""A whole desk as real processes: started by `bin/run` on a folder and ports of its own, killed and stopped at will."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import psutil

from tests.processes.desk_time import DeskTime

ROOT = Path(__file__).resolve().parent.parent.parent
# What marks each process: a word of its command line, or the name that `ps -o comm` shows.
MARKS = {
    "web": "gunicorn",
    "house": "workers.nursery",
    "redis": "valkey-server",
    "clock": "desk clock",
    "mail": "desk mail",
    "bot": "desk bot",
    "notify": "desk notify 1",
    "inbox": "desk inbox 2",
}
STARTS_WITHIN = 60.0  # seconds, on a machine that others use too
STOPS_WITHIN = 40.0
# Several `flask` commands by one process: what takes its time is to begin.
_COMMANDS = """
import json, sys
from wsgi import app
for arguments, text in json.load(sys.stdin):
    done = app.test_cli_runner().invoke(args=arguments, input=text)
    print(done.output)
    if done.exit_code:
        sys.exit(done.exit_code)
"""


class Desk:
    """One running desk."""

    def __init__(self, folder: Path, settings: dict[str, str], arguments: tuple[str, ...] = ()) -> None:
        self.data_dir = folder
        self.port = int(settings.get("PORT", free_port()))
        self.smtp_port = int(settings.get("SMTP_LISTEN", f":{free_port()}").rpartition(":")[2])
        self.environment = {
            "PATH": os.environ["PATH"],
            "HOME": os.environ.get("HOME", "/"),
            "DATA_DIR": str(folder),
            "PORT": str(self.port),
            "SMTP_LISTEN": f"127.0.0.1:{self.smtp_port}",
            **settings,
        }
        self.output = folder.parent / f"{folder.name}.output"
        with self.output.open("ab") as output:
            self.process = subprocess.Popen(
                [str(ROOT / "bin" / "run"), *arguments],
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def said(self) -> str:
        """Everything it has printed so far."""
        return self.output.read_text(encoding="utf-8", errors="replace")

    def processes(self) -> list[psutil.Process]:
        """The supervisor's descendants, alive now."""
        living: list[psutil.Process] = []
        with suppress(psutil.NoSuchProcess):
            living = psutil.Process(self.process.pid).children(recursive=True)
        return living

    def pid(self, name: str) -> int | None:
        """The pid of one of MARKS, if it runs."""
        for process in self.processes():
            with suppress(psutil.NoSuchProcess):
                if process.name() == MARKS[name] or any(MARKS[name] in word for word in process.cmdline()):
                    return process.pid
        return None

    def kill(self, name: str, number: int = signal.SIGKILL) -> int:
        """Send a process a signal; gives its pid."""
        pid = self.pid(name)
        assert pid, f"{name} does not run"
        os.kill(pid, number)
        return pid

    def answers(self, path: str = "/") -> bool:
        """Whether a page can be read."""
        try:
            with urllib.request.urlopen(self.url + path, timeout=5) as answer:
                return bool(answer.status == 200)
        except urllib.error.HTTPError:
            return False
        except OSError:
            return False

    def flask(self, *arguments: str, text: str = "") -> str:
        """Run a `flask` command against this desk's data; gives its standard output."""
        done = subprocess.run(
            [str(ROOT / ".venv/bin/flask"), *arguments],
            cwd=ROOT,
            env={**self.environment, "FLASK_APP": "wsgi.py"},
            input=text,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, f"flask {' '.join(arguments)}: {done.stdout}{done.stderr}"
        return done.stdout

    def prepare(self, *commands: Sequence[str], text: str = "") -> None:
        """Run several `flask` commands, each with the same standard input."""
        done = subprocess.run(
            [sys.executable, "-c", _COMMANDS],
            cwd=ROOT,
            env=self.environment,
            input=json.dumps([[command, text] for command in commands]),
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, f"{commands}: {done.stdout}{done.stderr}"

    def ask(self, query: str) -> list[tuple[str, ...]]:
        """What its SQLite says; what a statement changes is committed."""
        with closing(sqlite3.connect(self.data_dir / "helpdesk.sqlite3", timeout=20)) as connection, connection:
            return connection.execute(query).fetchall()

    def wait_for_a_sweep(self, time: DeskTime) -> None:
        """Until a sweep that began after now has ended, so that what it had to do is done."""
        for _ in range(2):
            swept = f"SELECT 1 FROM sweeps WHERE name = 'deadlines' AND ended_at > '{time.now():%Y-%m-%d %H:%M:%S.%f}'"
            self.wait(lambda query=swept: self.ask(query), what="a sweep")  # type: ignore[misc]

    def wait(self, until: Callable[[], object], seconds: float = STARTS_WITHIN, what: str = "") -> None:
        """Wait for a condition; fail with what the desk has said."""
        end = time.monotonic() + seconds
        while not until():
            assert time.monotonic() < end, f"{what or until} took over {seconds} s; the desk said:\n{self.said[-4000:]}"
            time.sleep(0.05)

    def wait_until_up(self) -> None:
        self.wait(lambda: self.process.poll() is not None or self.answers(), what="the start")
        assert self.process.poll() is None, self.said

    def stop(self, number: int = signal.SIGINT) -> int:
        """Stop it as Ctrl-C does; gives the exit status. Whatever is left afterwards is a fault of the desk."""
        if self.process.poll() is None:
            self.process.send_signal(number)
        return self.process.wait(STOPS_WITHIN)

    def end(self) -> None:
        """Leave nothing behind, whatever happened."""
        left = self.processes()
        with suppress(ProcessLookupError):
            self.process.kill()
        self.process.wait(10)
        for process in left:
            with suppress(psutil.NoSuchProcess):
                process.kill()
        psutil.wait_procs(left, timeout=10)


def migrated(folder: Path, template: Path) -> Path:
    """A data folder whose SQLite is at the newest revision: how a desk gets there from nothing is proven elsewhere."""
    folder.mkdir(mode=0o700, parents=True)
    shutil.copy(template, folder / "helpdesk.sqlite3")
    return folder


@contextmanager
def running_desk(folder: Path, *arguments: str, **settings: str) -> Iterator[Desk]:
    """A desk that answers; keyword arguments are settings, arguments go to `bin/run`."""
    desk = Desk(folder, settings, arguments)
    try:
        desk.wait_until_up()
        yield desk
    finally:
        try:
            desk.stop()
        finally:
            desk.end()


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def alive(pids: set[int]) -> set[int]:
    """Those of the processes that still live (a zombie does not)."""
    living = set()
    for pid in pids:
        with suppress(psutil.NoSuchProcess):
            if psutil.Process(pid).status() != psutil.STATUS_ZOMBIE:
                living.add(pid)
    return living
