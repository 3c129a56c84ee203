"""The doctor says whom paging could reach, before the night in which it matters."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from app import clock
from tests.cast import alice, masha
from tests.duty.rota import shift
from tests.telegram.fake import FakeBotApi, running
from tests.telegram.lines import of_staff


@pytest.mark.parametrize("webhook", [{}, {"PAGE_WEBHOOK_URL": "http://127.0.0.1:9/"}])
def test_it_says_when_nobody_could_be_reached(make_app: Callable[..., Flask], webhook: dict[str, str]) -> None:
    result = make_app(**webhook).test_cli_runner().invoke(args=["doctor"])
    [line] = [one for one in result.output.splitlines() if " paging " in one]
    if webhook:
        assert line.startswith("ok")
        assert "iso@stekspb.ru alone (there is no manager), by webhook (unsigned" in line
    else:
        assert line.startswith("warn")
        assert "nobody: no mail server, no chat of staff in Telegram, no webhook" in line


def test_it_names_who_would_be_called_first(make_app: Callable[..., Flask]) -> None:
    with running() as fake:
        app = make_app(**fake.settings)
        _on_duty_with_a_chat(app, fake)
        answer = app.test_client().get("/readyz").json
        assert answer is not None
        assert answer["checks"]["database"] == "ok"
        assert answer["paging"] == "Алиса Орлова, by Telegram (1 of the staff)"


def _on_duty_with_a_chat(app: Flask, fake: FakeBotApi) -> None:
    with app.app_context():
        masha()
        day = f"{clock.now():%Y-%m-%d}"
        shift(alice(), f"{day} 00:00", f"{int(day[:4]) + 1}-12-31 00:00")
        of_staff(fake.user("Алиса"), alice())
