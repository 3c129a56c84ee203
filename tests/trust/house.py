"""What stays while a desk changes or loses a part: its database, its Redis, its mail server."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine

from tests import servers
from tests.notify import mail_server
from tests.notify.mail_server import MailServer
from tests.processes.desk import migrated
from tests.trust.valkey_server import Server


@dataclass
class House:
    """The folder and the settings of a desk in it, and the servers that it is told of."""

    folder: Path
    settings: dict[str, str]
    redis: Server
    mail: MailServer

    def engine(self) -> Engine:
        """The test's own way to the desk's database."""
        return create_engine(self.settings["DATABASE_URL"].replace("postgresql://", "postgresql+psycopg://"))


@contextmanager
def built(request: pytest.FixtureRequest, folder: Path, **settings: str) -> Iterator[House]:
    """On the database that the fixture's parameter names, migrated; keyword arguments are more settings."""
    data = migrated(folder / "data", request.getfixturevalue("sqlite_template"))
    with ExitStack() as stack:
        url = f"sqlite:///{data}/helpdesk.sqlite3"
        if request.param == "postgres":
            server, template = request.getfixturevalue("postgres_url"), request.getfixturevalue("postgres_template")
            url = stack.enter_context(servers.copied_postgres(server, template))
        redis = stack.enter_context(Server(folder / "redis"))
        mail = stack.enter_context(mail_server.running())
        own = {"DATABASE_URL": url, "REDIS_URL": redis.url, "MAIL_SERVER": "127.0.0.1", "MAIL_PORT": str(mail.port)}
        yield House(data, {**settings, **own}, redis, mail)
