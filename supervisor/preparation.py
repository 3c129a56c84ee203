"""What must be on the machine before anything runs: Python, the virtual environment, the locked packages."""

from __future__ import annotations

import fcntl
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NoReturn

from supervisor.errors import CannotRun

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
LEAST_PYTHON = (3, 11)

# What only tests want: a program, and Debian's package that brings it.
TEST_PROGRAMS = {
    "chromium": "chromium",
    "dovecot": "dovecot-imapd dovecot-lmtpd",
    "faketime": "faketime",
    "swaks": "swaks",
}


def prepare_or_explain(*, development: bool = False) -> None:
    """Prepare, or end with the one sentence that says what is missing."""
    try:
        prepare(development=development)
    except CannotRun as error:
        sys.exit(str(error))
    except KeyboardInterrupt:
        sys.exit(130)


def prepare(*, development: bool = False) -> None:
    """Make the virtual environment and install what the lock files name; quick when it is all there."""
    if sys.version_info < LEAST_PYTHON:
        raise CannotRun(f"HelpDesk needs Python 3.11 or newer; this is {sys.version.split()[0]}.")
    with (ROOT / "requirements.txt").open(encoding="utf-8") as one_at_a_time:
        fcntl.flock(one_at_a_time, fcntl.LOCK_EX)
        _make_venv()
        _install("requirements.txt")
        if development:
            _install("requirements-dev.txt")
    os.environ["PATH"] = f"{VENV / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}"


def missing_programs() -> dict[str, str]:
    """Programs that tests want and this machine lacks, each with the package that brings it."""
    path = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin"])
    return {name: package for name, package in TEST_PROGRAMS.items() if not shutil.which(name, path=path)}


def name_missing_programs() -> None:
    """Say which programs the tests will miss, with the one command that brings them."""
    missing = missing_programs()
    if missing:
        print(f"Some tests need {', '.join(missing)}: apt install {' '.join(missing.values())}", file=sys.stderr)


def become(module: str, arguments: list[str]) -> NoReturn:
    """Go on as another module inside the virtual environment."""
    os.chdir(ROOT)
    sys.stdout.flush()
    os.execv(_python(), [_python(), "-m", module, *arguments])  # noqa: S606 - our own interpreter


def run_inside(script: str, arguments: list[str]) -> NoReturn:
    """Start a script again, inside the virtual environment."""
    sys.stdout.flush()
    os.execv(_python(), [_python(), script, *arguments])  # noqa: S606 - our own interpreter


def _python() -> str:
    return str(VENV / "bin" / "python")


def _make_venv() -> None:
    if Path(_python()).exists() and (VENV / "bin" / "pip").exists():
        return
    if importlib.util.find_spec("ensurepip") is None or importlib.util.find_spec("venv") is None:
        raise CannotRun("Python's venv module is missing. Install it and start again: apt install python3-venv")
    print(f"Making {VENV} …", flush=True)
    made = subprocess.run([sys.executable, "-m", "venv", "--clear", str(VENV)], check=False)
    if made.returncode:
        raise CannotRun(f"The virtual environment {VENV} could not be made. Try: apt install python3-venv")


def _install(lock: str) -> None:
    """Install one lock file, unless this very lock is what stands there already."""
    wanted = hashlib.sha256((ROOT / lock).read_bytes()).hexdigest()
    stamp = VENV / f"{lock}.sha256"
    if stamp.is_file() and stamp.read_text(encoding="ascii").strip() == wanted:
        return
    print(f"Installing {lock} …", flush=True)
    pip = [_python(), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input"]
    done = subprocess.run([*pip, "--require-hashes", "-r", str(ROOT / lock)], stdin=subprocess.DEVNULL, check=False)
    if done.returncode:
        raise CannotRun(f"{lock} could not be installed; pip's own words stand above. Is the package index reachable?")
    stamp.write_text(wanted + "\n", encoding="ascii")
