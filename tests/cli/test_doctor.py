"""The doctor: one line each, the mend beside what is wrong, and an exit status that scripts can read."""

from __future__ import annotations

import re
import socket
from collections.abc import Callable, Iterator

import pytest
from aiosmtpd.controller import Controller
from click.testing import Result
from flask import Flask
from sqlalchemy import text

from app import outbox
from app.extensions import db
from tests.cast import alice
from tests.telegram import fake
from tests.telegram.fake import FakeBotApi


@pytest.fixture
def examine(make_app: Callable[..., Flask]) -> Callable[..., Result]:
    def run(prepare: Callable[[], None] | None = None, **settings: str) -> Result:
        app = make_app(**settings)
        with app.app_context():
            if prepare:
                prepare()
        return app.test_cli_runner().invoke(args=["doctor"])

    return run


def line(result: Result, name: str) -> str:
    found = [one for one in result.output.splitlines() if re.match(rf"\w+ +{name}\b", one)]
    assert len(found) == 1, result.output
    return found[0]


def closed_port() -> str:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return str(probe.getsockname()[1])


class _Sink:
    async def handle_DATA(self, server, session, envelope):  # noqa: N802  aiosmtpd's name
        return "250 OK"


@pytest.fixture
def smtp_port() -> Iterator[str]:
    port = int(closed_port())
    controller = Controller(_Sink(), hostname="127.0.0.1", port=port)
    controller.start()
    yield str(port)
    controller.stop()


@pytest.fixture
def telegram() -> Iterator[FakeBotApi]:
    with fake.running(token="1:right") as running:
        yield running


def test_a_well_desk_is_well(examine, smtp_port: str, telegram: FakeBotApi):
    mail = {"MAIL_SERVER": "127.0.0.1", "MAIL_PORT": smtp_port}
    bot = telegram.settings
    result = examine(alice, PUBLIC_URL="https://help.example", **mail, **bot)
    assert result.exit_code == 0, result.output
    assert "FAIL" not in result.output
    assert "@StekHelpBot" in line(result, "telegram")
    assert telegram.token not in result.output
    for name in ("settings", "database", "migrations", "redis", "smtp", "imap", "disk", "clock"):
        assert line(result, name).startswith("ok"), line(result, name)


def test_plain_http_no_staff_and_no_processes_are_warnings(examine):
    result = examine()
    assert result.exit_code == 0
    for name, mend in (
        ("address", "https://"),
        ("staff", "flask staff add"),
        ("processes", "bin/run"),
        ("smtp", "MAIL_SERVER"),
    ):
        assert line(result, name).startswith("warn"), result.output
        assert mend in line(result, name)


def test_every_trouble_is_named_with_its_mend(examine, telegram: FakeBotApi):
    settings = {
        "REDIS_URL": "unix:///nowhere/redis.sock",
        "MAIL_SERVER": "127.0.0.1",
        "MAIL_PORT": closed_port(),
        "IMAP_URL": f"imap://info:hush@127.0.0.1:{closed_port()}/INBOX",
        "TELEGRAM_API_URL": telegram.url,
        "TELEGRAM_BOT_TOKEN": "1:wrong",
    }
    result = examine(**settings)
    assert result.exit_code == 1
    for name, mend in (("redis", "REDIS_URL"), ("smtp", "MAIL_PORT"), ("imap", "IMAP_URL"), ("telegram", "TELEGRAM")):
        assert line(result, name).startswith("FAIL"), result.output
        assert mend in line(result, name)
    assert "hush" not in result.output
    assert "1:wrong" not in result.output


def test_the_bot_that_pages_name_is_the_bot(examine):
    with fake.running(username="AnotherBot") as running:
        found = line(examine(alice, **running.settings), "telegram")
        assert found.startswith("warn")
        assert "@AnotherBot" in found
        assert "FIRM_BOT" in found


def test_a_webhook_that_telegram_cannot_post_to(examine, telegram: FakeBotApi):
    hook = f"{telegram.url}/nowhere"
    found = line(examine(alice, TELEGRAM_WEBHOOK=hook, **telegram.settings), "telegram")
    assert found.startswith("warn")
    assert "flask telegram webhook set" in found


def test_an_old_database_is_told_to_be_upgraded(examine):
    def forget() -> None:
        db.session.execute(text("UPDATE alembic_version SET version_num = 'older'"))
        outbox.commit()

    result = examine(forget)
    assert result.exit_code == 1
    assert "flask db upgrade" in line(result, "migrations")
