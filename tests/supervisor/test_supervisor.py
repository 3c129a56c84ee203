"""The supervisor's parts, each alone."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from app import environment
from supervisor import data_folder, nursery, ports, procfile, valkey
from supervisor.errors import CannotRun
from supervisor.output import KEPT, LARGEST, Output
from supervisor.process import FIRST_PAUSE, Process

ROOT = Path(__file__).resolve().parent.parent.parent


def test_the_procfile_names_the_five_processes() -> None:
    assert list(procfile.read(ROOT / "Procfile")) == ["web", "worker", "clock", "mail", "bot"]


def test_a_bad_line_of_a_procfile_is_named(tmp_path: Path) -> None:
    path = tmp_path / "Procfile"
    path.write_text("# comment\n\nweb: gunicorn 'one word'\nnonsense\n")
    with pytest.raises(CannotRun, match="Procfile, line 4"):
        procfile.read(path)


def test_the_secret_key_is_made_once(tmp_path: Path) -> None:
    data_folder.keep_secret(tmp_path)
    first = (tmp_path / "secret_key").read_bytes()
    data_folder.keep_secret(tmp_path)
    assert (tmp_path / "secret_key").read_bytes() == first


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(CannotRun, match="DATA_DIR names it"):
        data_folder.own(tmp_path / "file" / "data")


@pytest.mark.parametrize("length", [1, 60, 200])
def test_the_application_and_the_supervisor_agree_on_the_socket(length: int) -> None:
    folder = Path("/srv", "x" * length, "redis")
    assert environment.redis(f"unix://{folder / valkey.SOCKET}") == f"unix://{valkey.socket_path(folder)}"
    assert len(str(valkey.socket_path(folder))) <= valkey.LONGEST_SOCKET_PATH


def test_a_free_port_is_fine_and_a_strange_host_is_explained() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        free = probe.getsockname()[1]
    ports.check("PORT", "127.0.0.1", free)
    with pytest.raises(CannotRun, match="HOST names it"):
        ports.check("HOST", "192.0.2.1", free)


def test_output_goes_to_a_file_in_whole_lines_and_old_files_are_put_by(tmp_path: Path) -> None:
    output = Output("web", tmp_path, 6)
    output.feed(b"first\nsec")
    assert (tmp_path / "web.log").read_bytes() == b"first\n"
    output.feed(b"ond\n")
    output.feed(b"third")
    output.finish()
    assert (tmp_path / "web.log").read_bytes() == b"first\nsecond\nthird\n"
    for _ in range(KEPT + 2):
        with (tmp_path / "web.log").open("ab") as file:
            file.truncate(LARGEST)
        output.feed(b"one more\n")
    assert {path.name for path in tmp_path.iterdir()} == {f"web.log.{age}" for age in range(1, KEPT + 1)}


def test_a_process_that_dies_young_waits_longer_each_time(tmp_path: Path) -> None:
    process = Process("web", [sys.executable, "-c", "raise SystemExit(3)"], Output("web", tmp_path, 3))
    pauses = []
    for _ in range(3):
        process.start(os.environ)
        while not process.has_ended():
            time.sleep(0.01)
        assert process.due_at is not None
        pauses.append(process.due_at - time.monotonic())
    assert pauses[0] == pytest.approx(FIRST_PAUSE, abs=0.1)
    assert pauses[0] < pauses[1] < pauses[2]
    assert b"ended (status 3)" in (tmp_path / "web.log").read_bytes()


def test_our_own_processes_are_started_together() -> None:
    commands = procfile.read(ROOT / "Procfile")
    assert [name for name in commands if nursery.is_own(commands[name])] == ["worker", "clock", "mail", "bot"]


def test_a_program_that_is_not_there_is_said_and_tried_again(tmp_path: Path) -> None:
    process = Process("web", [str(tmp_path / "nothing")], Output("web", tmp_path, 3))
    process.start(os.environ)
    assert process.due_at is not None
    assert b"cannot start" in (tmp_path / "web.log").read_bytes()


def test_a_machine_without_venv_is_told_the_command(tmp_path: Path) -> None:
    bare = (
        "import sys; sys.modules['ensurepip'] = None\n"
        "from pathlib import Path\n"
        "from supervisor import preparation\n"
        f"preparation.VENV = Path({str(tmp_path / 'venv')!r})\n"
        "preparation.prepare_or_explain()\n"
    )
    done = subprocess.run([sys.executable, "-c", bare], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "apt install python3-venv" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.trust("R11")
@pytest.mark.parametrize("letter", [b"", b"From: carol@customer.example\r\n\r\nHello"])
def test_the_mail_gate_answers_75_without_an_environment(tmp_path: Path, letter: bytes) -> None:
    gate = tmp_path / "bin" / "mail-receive"
    gate.parent.mkdir()
    shutil.copy(ROOT / "bin" / "mail-receive", gate)
    done = subprocess.run([gate], input=letter, capture_output=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (75, b"", b"")


@pytest.mark.trust("R11")
@pytest.mark.parametrize(
    "broken",
    [
        {"DATABASE_URL": "mysql://nothing"},
        {"DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none"},
        {"MAX_LETTER_MB": "many"},
        {"DATA_DIR": "/proc/nothing"},
        {"SECRET_KEY": "short"},
    ],
    ids=lambda broken: next(iter(broken)),
)
def test_the_mail_gate_answers_75_whatever_is_broken(tmp_path: Path, broken: dict[str, str]) -> None:
    environment = {"PATH": os.environ["PATH"], "DATA_DIR": str(tmp_path), "SECRET_KEY": "x" * 40, **broken}
    done = subprocess.run(
        [ROOT / "bin/mail-receive"],
        input=b"From: a@b.example\r\n\r\nHi",
        env=environment,
        capture_output=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (75, b"", b"")
