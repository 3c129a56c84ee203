"""The web server of a prepared desk, started for a measurement and ended with it."""

from __future__ import annotations

import json
import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import requests

from benches import processes
from benches.databases import ROOT, Prepared, run_flask
from supervisor import valkey

STARTS_WITHIN = 60.0  # seconds
EMAIL = "bench@desk.example"


@dataclass(frozen=True)
class Web:
    """Two web workers and a Redis; ``pid`` is the arbiter's."""

    prepared: Prepared
    port: int
    pid: int

    def cpu(self) -> dict[str, float]:
        """CPU seconds so far of the server and of the database."""
        database = processes.cpu_seconds(self.prepared.postmaster) if self.prepared.postmaster else 0.0
        return {"web": processes.cpu_seconds(self.pid), "database": database}

    def browse(self, paths: list[str], cookie: str, clients: int, seconds: float) -> dict[str, Any]:
        """Let clients ask for these pages; pages a second, p50 and p95 in ms, CPU ms a page."""
        plan = {"host": "127.0.0.1", "port": self.port, "paths": paths, "cookie": cookie, "clients": clients}
        before = self.cpu()
        done = subprocess.run(
            [sys.executable, "-m", "benches.client"],
            cwd=ROOT,
            input=json.dumps({**plan, "seconds": seconds}),
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
        told, after = json.loads(done.stdout), self.cpu()
        pages = max(1, told["pages"])
        cpu = {name: (after[name] - before[name]) * 1000 / pages for name in after}
        return {
            "clients": clients,
            "pages": told["pages"],
            "per_second": told["pages"] / told["seconds"],
            **told["times"],
            "cpu_web": cpu["web"],
            "cpu_database": cpu["database"],
            "cpu": cpu["web"] + cpu["database"],
            "statuses": told["statuses"],
        }

    def sign_in(self, password: str, email: str = EMAIL) -> str:
        """The cookie of a signed-in engineer."""
        session = requests.Session()
        address = f"http://127.0.0.1:{self.port}/login"
        token = hidden(session.get(address, timeout=30).text, "csrf_token")
        form = {"email": email, "password": password, "csrf_token": token}
        answer = session.post(address, data=form, timeout=30, allow_redirects=False)
        if answer.status_code not in {302, 303}:
            sys.exit(f"The measuring engineer could not sign in: {answer.status_code}")
        return "; ".join(f"{cookie.name}={cookie.value}" for cookie in session.cookies)


@contextmanager
def serving(prepared: Prepared) -> Iterator[Web]:
    """Redis and gunicorn on a free port; both are ended by their process ids."""
    port = free_port()
    redis_folder = prepared.folder / "redis"
    environment = {
        **prepared.environment,
        "PORT": str(port),
        "REDIS_URL": f"unix://{valkey.socket_path(redis_folder)}",
        "PUBLIC_URL": f"http://127.0.0.1:{port}",
    }
    redis = subprocess.Popen(valkey.command(redis_folder), stdout=subprocess.DEVNULL)
    web = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "--config", "gunicorn.conf.py", "wsgi:app"],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.DEVNULL,
    )
    try:
        _wait(port, web)
        yield Web(replace(prepared, environment=environment), port, web.pid)
    finally:
        for process in (web, redis):
            process.terminate()
            process.wait(30)


def add_engineer(prepared: Prepared, email: str = EMAIL, role: str = "engineer") -> str:
    """An engineer (or a manager) who measures, with a password of this run; returns it."""
    password = secrets.token_urlsafe(18)
    new = ["add", email, "--name", "Measuring Engineer", "--role", role]
    verb = ["password", email] if email in run_flask(prepared, "staff", "list") else new
    run_flask(prepared, "staff", *verb, "--password-stdin", given=password + "\n")
    return password


def hidden(page: str, name: str) -> str:
    """The value of a hidden field of a page."""
    _, _, rest = page.partition(f'name="{name}"')
    return rest.partition('value="')[2].partition('"')[0]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(port: int, web: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < until:
        if web.poll() is not None:
            sys.exit("gunicorn ended at once; its own words stand above.")
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    sys.exit(f"Nobody answers on port {port} after {STARTS_WITHIN:.0f} s.")
