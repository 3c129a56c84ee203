"""What the supervisor must know of the settings: where the data lies, which ports, whose Redis and database."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from dotenv import dotenv_values

from supervisor.errors import CannotRun
from supervisor.preparation import ROOT, VENV


@dataclass(frozen=True)
class Desk:
    """One desk: a data folder, its addresses and the environment that its processes get."""

    data_dir: Path
    host: str
    port: int
    smtp_listen: tuple[str, int] | None
    has_own_redis: bool
    environment: dict[str, str]

    @property
    def redis_dir(self) -> Path:
        return self.data_dir / "redis"

    @property
    def log_dir(self) -> Path:
        return self.data_dir / "log"

    @property
    def address(self) -> str:
        shown = "127.0.0.1" if self.host in {"0.0.0.0", "::", ""} else self.host  # noqa: S104 - only compared
        bracketed = f"[{shown}]" if ":" in shown else shown
        return self.environment.get("PUBLIC_URL") or f"http://{bracketed}:{self.port}"

    @property
    def keeps_mail(self) -> bool:
        return not self.environment.get("MAIL_SERVER")


def read_desk() -> Desk:
    """The desk of this environment and of the file ``.env`` in the project's root; the environment wins."""
    kept = {name: value for name, value in dotenv_values(ROOT / ".env").items() if value}
    given = {**kept, **{name: value for name, value in os.environ.items() if value.strip()}}
    data_dir = Path(given.get("DATA_DIR") or "data").absolute().resolve()
    return Desk(
        data_dir=data_dir,
        host=given.get("HOST", "127.0.0.1").strip(),
        port=_port("PORT", given.get("PORT", "8000")),
        smtp_listen=_listen("SMTP_LISTEN", given.get("SMTP_LISTEN", "127.0.0.1:2525")),
        has_own_redis="REDIS_URL" not in given,
        environment={
            **given,
            "DATA_DIR": str(data_dir),
            "PATH": f"{VENV / 'bin'}{os.pathsep}{given.get('PATH', os.defpath)}",
            "FLASK_APP": "wsgi.py",
            "PYTHONUNBUFFERED": "1",
        },
    )


def _port(name: str, value: str) -> int:
    if not (value.strip().isdigit() and 0 < int(value) < 65536):
        raise CannotRun(f"{name} must be a whole number from 1 to 65535, not {value!r}.")
    return int(value)


def _listen(name: str, value: str) -> tuple[str, int] | None:
    if value.strip() == "off":
        return None
    host, _, port = value.strip().rpartition(":")
    if not host:
        raise CannotRun(f"{name} must be host:port such as 127.0.0.1:2525, or off; not {value!r}.")
    return host.strip("[]"), _port(name, port)
