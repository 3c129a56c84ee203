"""`bin/run` as a person meets it: up, killed, stopped, started twice, on a taken port."""

from __future__ import annotations

import itertools
import os
import signal
import socket
import stat
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.processes.desk import ROOT, Desk, alive, free_port, migrated, running_desk

pytestmark = [pytest.mark.processes, pytest.mark.xdist_group("processes"), pytest.mark.timeout(180)]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with running_desk(tmp_path_factory.mktemp("desk") / "data") as desk:
        yield desk


def test_it_says_where_to_look(desk: Desk) -> None:
    for words in (desk.url, "/dev/mail", f"127.0.0.1:{desk.smtp_port}", "flask staff add", "Ctrl-C"):
        assert words in desk.said


def test_the_secret_key_is_nobody_elses(desk: Desk) -> None:
    key = desk.data_dir / "secret_key"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert stat.S_IMODE(desk.data_dir.stat().st_mode) == 0o700
    assert len(key.read_text()) >= 64


@pytest.mark.parametrize("name", ["web", "house", "clock", "mail", "notify", "inbox", "redis"])
def test_a_killed_process_is_back_within_seconds(desk: Desk, name: str) -> None:
    desk.wait(lambda: desk.pid(name), what=f"a first {name}")
    dead = desk.kill(name)
    desk.wait(lambda: desk.pid(name) not in {None, dead}, 15, f"the return of {name}")
    desk.wait(desk.answers, 20, "an answer after it")


def test_a_second_desk_on_the_same_folder_is_refused(desk: Desk) -> None:
    began = time.monotonic()
    done = _run(desk.environment)
    assert done.returncode == 1
    assert f"Another desk (process {desk.process.pid}) is running on the data folder {desk.data_dir}" in done.stdout
    assert "Traceback" not in done.stdout
    assert time.monotonic() - began < 30


def test_a_busy_port_is_named_with_its_holder(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = _run({**os.environ, "DATA_DIR": str(tmp_path / "data"), "PORT": str(port), "SMTP_LISTEN": "off"})
    assert done.returncode == 1
    assert f"PORT: 127.0.0.1:{port} is taken by" in done.stdout
    assert f"(process {os.getpid()})" in done.stdout
    assert "Traceback" not in done.stdout


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("PORT", "eight thousand"),
        ("SMTP_LISTEN", "everywhere"),
        ("MAX_LETTER_MB", "many"),
        ("DATABASE_URL", "mysql://nothing"),
        ("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none"),
    ],
)
def test_a_bad_setting_stops_the_start_by_name(tmp_path: Path, setting: str, value: str) -> None:
    own = {"DATA_DIR": str(tmp_path / "data"), "PORT": str(free_port()), "SMTP_LISTEN": "off", setting: value}
    done = _run({**os.environ, **own})
    assert done.returncode == 1
    assert setting in done.stdout
    assert "Traceback" not in done.stdout


def test_help_is_quick() -> None:
    assert "--demo" in subprocess.run([ROOT / "bin/run", "--help"], capture_output=True, text=True, check=True).stdout


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_stop_leaves_nothing_and_a_second_start_goes_on(
    tmp_path: Path, sqlite_template: Path, number: signal.Signals
) -> None:
    folder = migrated(tmp_path / "data", sqlite_template)
    with running_desk(folder) as desk:
        secret = (folder / "secret_key").read_text()
        desk.wait(lambda: desk.pid("notify") and desk.pid("mail"), what="all processes")
        pids = {process.pid for process in desk.processes()}
        assert desk.stop(number) == 0
        assert not alive(pids)
    began = time.monotonic()
    with running_desk(folder, PORT=str(desk.port)) as again:
        assert time.monotonic() - began < 45  # under five on a machine of its own; others run beside this one
        assert (folder / "secret_key").read_text() == secret
        assert again.answers()


def test_a_killed_supervisor_leaves_no_orphans_and_no_hindrance(tmp_path: Path, sqlite_template: Path) -> None:
    folder = migrated(tmp_path / "data", sqlite_template)
    desk = Desk(folder, {})
    try:
        desk.wait_until_up()
        pids = {process.pid for process in desk.processes()}
        desk.process.kill()
        desk.process.wait(10)
        desk.wait(lambda: not alive(pids), 10, "the end of its processes")
    finally:
        desk.end()
    with running_desk(folder, PORT=str(desk.port), SMTP_LISTEN=f"127.0.0.1:{desk.smtp_port}") as again:
        assert again.answers()


def test_a_data_folder_with_a_long_path_works(tmp_path: Path, sqlite_template: Path) -> None:
    folder = migrated(tmp_path / ("long" * 30) / "data", sqlite_template)
    with running_desk(folder, PORT=str(free_port())) as desk:
        assert desk.pid("redis")
        assert desk.answers()


def _run(environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [ROOT / "bin/run"],
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.trust("F4")
def test_a_request_that_drips_loses_its_thread_and_pages_go_on(tmp_path: Path, sqlite_template: Path) -> None:
    with running_desk(migrated(tmp_path / "data", sqlite_template), BODY_WITHIN="2s", WEB_WORKERS="1") as desk:
        drips = [
            b"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: text/plain\r\nContent-Length: 100000\r\n\r\nx",
            b"GET / HTTP/1.1\r\nHost: 127.0",
        ]
        with ExitStack() as stack:
            slow = [stack.enter_context(socket.create_connection(("127.0.0.1", desk.port))) for _ in range(200)]
            for connection, drip in zip(slow, itertools.cycle(drips)):
                connection.settimeout(15)
                connection.sendall(drip)
            for connection in slow[:4]:
                while connection.recv(4096):
                    pass  # the desk closes it by itself
            desk.wait(desk.answers, 10, "a page beside two hundred slow senders")


def test_a_redis_file_that_nobody_can_read_is_set_aside(tmp_path: Path, sqlite_template: Path) -> None:
    folder = migrated(tmp_path / "data", sqlite_template)
    kept = folder / "redis" / "appendonlydir"
    kept.mkdir(parents=True)
    (kept / "appendonly.aof.manifest").write_text("nonsense\n")
    with running_desk(folder) as desk:
        assert "it starts empty, nothing is lost" in desk.said
        assert desk.pid("redis")
        assert list((folder / "redis").glob("appendonlydir.unreadable-*"))
