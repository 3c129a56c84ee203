"""The mail server's pipe: whatever breaks, it answers 75, prints nothing and keeps no half of a letter."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psutil
import psycopg
import pytest
from sqlalchemy import create_engine, text

from tests import servers
from tests.processes.desk import ROOT
from tests.trust.disk import Limited, Mounted, small_disk

pytestmark = pytest.mark.timeout(120)

LETTER = b"From: carol@neva-trade.example\r\nTo: info@stekspb.ru\r\nSubject: Till\r\n\r\nIt does not print.\r\n"
TRY_LATER = (75, b"", b"")


def environment(database_url: str, folder: Path) -> dict[str, str]:
    return {**servers.environment(folder, DATABASE_URL=database_url), "PATH": os.environ["PATH"]}


def gate(
    settings: dict[str, str], *, root: Path = ROOT, letter: bytes = LETTER, on: Mounted | Limited | None = None
) -> tuple[int, bytes, bytes]:
    """What the mail server sees of one letter."""
    command = [f"{root}/bin/mail-receive", "-f", "carol@neva-trade.example", "info@stekspb.ru"]
    done = subprocess.run(
        on.command(*command) if on else command,
        input=letter,
        env=settings,
        capture_output=True,
        timeout=60,
        check=False,
    )
    return done.returncode, done.stdout, done.stderr


def stored(database_url: str) -> int:
    engine = create_engine(database_url.replace("postgresql://", "postgresql+psycopg://"))
    with engine.connect() as connection:
        count = int(connection.execute(text("SELECT count(*) FROM letters")).scalar_one())
    engine.dispose()
    return count


def broken_copy(folder: Path, broken: str, content: str) -> Path:
    """The program as installed, with one file of it replaced."""
    folder.mkdir()
    for name in ("app", "workers", ".venv"):
        (folder / name).symlink_to(ROOT / name)
    (folder / "bin").mkdir()
    for name in ("bin/mail-receive", "wsgi.py"):  # these find the rest by their own real paths
        shutil.copy(ROOT / name, folder / name)
    for parent in reversed(Path(broken).parents[:-1]):  # real folders of links on the way to the file
        (folder / parent).unlink()
        (folder / parent).mkdir()
        for entry in (ROOT / parent).iterdir():
            (folder / parent / entry.name).symlink_to(entry)
    (folder / broken).unlink(missing_ok=True)
    (folder / broken).write_text(content, encoding="utf-8")
    return folder


@pytest.mark.trust("R11", "M18")
@pytest.mark.parametrize(
    ("broken", "content"),
    [
        ("wsgi.py", "import nothing_of_that_name\n"),
        ("app/cli/mail.py", "this is no Python\n"),
        ("app/intake/letterbox.py", "raise ImportError('half an upgrade')\n"),
        ("app/models/__init__.py", "print('a stray word')\nraise SystemExit(0)\n"),
        (".env", "SECRET_KEY=short\nMAX_LETTER_MB=many\n"),
        ("nothing.py", ""),
    ],
    ids=["import error", "syntax error", "half an upgrade", "exit 0 while loading", "bad .env", "nothing"],
)
def test_a_broken_installation_makes_the_mail_server_keep_the_letter(
    database_url: str, tmp_path: Path, broken: str, content: str
) -> None:
    root = broken_copy(tmp_path / "copy", broken, content)
    settings = environment(database_url, tmp_path)
    if broken == ".env":
        del settings["SECRET_KEY"]
    answer = gate(settings, root=root)
    if broken == "nothing.py":  # the copy itself is sound
        assert answer == (0, b"", b"")
        assert stored(database_url) == 1
    else:
        assert answer == TRY_LATER
        assert stored(database_url) == 0


@pytest.mark.trust("R11", "M18")
@pytest.mark.parametrize("option", [["--unknown", "x"], ["-f"], ["--help"], ["--version"]])
def test_a_wrong_call_makes_the_mail_server_keep_the_letter(
    database_url: str, tmp_path: Path, option: list[str]
) -> None:
    done = subprocess.run(
        [ROOT / "bin/mail-receive", *option],
        input=LETTER,
        env=environment(database_url, tmp_path),
        capture_output=True,
        check=False,
    )
    assert done.returncode in {0, 75}
    assert (done.stdout, done.stderr) == (b"", b"")
    assert stored(database_url) == (done.returncode == 0)


@pytest.mark.trust("R11")
def test_without_the_tables_the_mail_server_keeps_the_letter(database_url: str, tmp_path: Path) -> None:
    engine = create_engine(database_url.replace("postgresql://", "postgresql+psycopg://"))
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE letters RENAME TO away"))
    assert gate(environment(database_url, tmp_path)) == TRY_LATER
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE away RENAME TO letters"))
    engine.dispose()
    assert gate(environment(database_url, tmp_path)) == (0, b"", b"")
    assert stored(database_url) == 1


@contextmanager
def locked(database_url: str) -> Iterator[None]:
    """Somebody holds the table of letters, and does not let go."""
    with ExitStack() as stack:
        if database_url.startswith("sqlite"):
            other = sqlite3.connect(database_url.removeprefix("sqlite:///"), isolation_level=None)
            stack.callback(other.close)
            other.execute("BEGIN IMMEDIATE")
            yield
            other.execute("ROLLBACK")
        else:
            with psycopg.connect(database_url) as connection:
                connection.execute("LOCK TABLE letters IN ACCESS EXCLUSIVE MODE")
                yield


@pytest.mark.trust("R30")
@pytest.mark.trust("R11")
def test_a_locked_database_makes_the_mail_server_keep_the_letter(database_url: str, tmp_path: Path) -> None:
    with locked(database_url):
        began = time.monotonic()
        assert gate(environment(database_url, tmp_path)) == TRY_LATER
        assert 5 < time.monotonic() - began < 30
    assert gate(environment(database_url, tmp_path)) == (0, b"", b"")
    assert stored(database_url) == 1


@pytest.mark.trust("R28")
@pytest.mark.trust("R11")
def test_a_full_disk_makes_the_mail_server_keep_the_letter(sqlite_template: Path, tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", megabytes=8) as disk:
        disk.put(sqlite_template, "helpdesk.sqlite3")
        settings = environment(f"sqlite:///{disk.folder}/helpdesk.sqlite3", disk.folder)
        assert gate(settings, on=disk) == (0, b"", b"")
        disk.fill()
        assert gate(settings, on=disk, letter=LETTER + b"x" * 200_000) == TRY_LATER
        disk.free()
        assert gate(settings, on=disk) == (0, b"", b"")  # it recovers by itself
        query = "import sqlite3, sys; print(*sqlite3.connect(sys.argv[1]).execute('SELECT count(*) FROM letters'))"
        command = disk.command(sys.executable, "-c", query, f"{disk.folder}/helpdesk.sqlite3")
        assert subprocess.run(command, capture_output=True, check=True).stdout == b"(2,)\n"


@pytest.mark.trust("R11")
def test_without_memory_the_mail_server_keeps_the_letter(database_url: str, tmp_path: Path) -> None:
    few = subprocess.run(
        ["prlimit", f"--as={60 << 20}", ROOT / "bin/mail-receive"],
        input=LETTER,
        env=environment(database_url, tmp_path),
        capture_output=True,
        check=False,
    )
    assert (few.returncode, few.stdout, few.stderr) == TRY_LATER
    assert stored(database_url) == 0


@pytest.mark.trust("R11")
@pytest.mark.parametrize("victim", ["python", "gate"])
def test_a_kill_makes_the_mail_server_keep_the_letter(database_url: str, tmp_path: Path, victim: str) -> None:
    pipe = subprocess.Popen(
        [ROOT / "bin/mail-receive"],
        env=environment(database_url, tmp_path),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    assert pipe.stdin
    pipe.stdin.write(LETTER)  # its end has not come yet
    pipe.stdin.flush()
    reader = _reader(pipe.pid)
    if victim == "python":
        reader.kill()
        said = pipe.communicate(timeout=20)
        assert (pipe.returncode, *said) == TRY_LATER
    else:
        pipe.kill()
        reader.kill()
        said = pipe.communicate(timeout=20)
        assert (pipe.returncode, *said) == (-signal.SIGKILL, b"", b"")  # a mail server takes a signal for "later"
    assert stored(database_url) == 0


def _reader(pid: int) -> psutil.Process:
    """The Python below the gate, once there is one."""
    end = time.monotonic() + 20
    while time.monotonic() < end:
        for child in psutil.Process(pid).children(recursive=True):
            if "python" in child.name():
                return child
        time.sleep(0.05)
    raise AssertionError("the gate starts no Python")
