"""The page of the settings: every one with what it does, in words, and no secret anywhere."""

from __future__ import annotations

import logging
import re
import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask

from app import database, heartbeats, outbox, thresholds
from app.clock import now
from app.config import SETTINGS
from app.extensions import db
from app.reading import desk_findings
from tests.cast import alice, masha
from tests.web.accounts import administrator
from tests.web.browse import Browser, Page
from tests.web.signing_in import signed_in

ROOT = Path(__file__).resolve().parent.parent.parent
NAMES = {setting.name.upper() for setting in SETTINGS}
SECRET = "tellnobody"
HIDDEN = {
    "SECRET_KEY": f"{SECRET}-0123456789-0123456789-0123456789",
    "METRICS_TOKEN": f"{SECRET}-metrics",
    "MAIL_PASSWORD": f"{SECRET}-mail",
    "IMAP_URL": f"imaps://desk:{SECRET}@imap.example.ru:993/INBOX",
    "TELEGRAM_BOT_TOKEN": f"123456:{SECRET}",
    "TELEGRAM_WEBHOOK": f"https://help.example.ru/{SECRET}/updates",
    "ESCALATION_WEBHOOK_URL": f"https://old.example.ru/{SECRET}",
    "ESCALATION_WEBHOOK_SECRET": f"{SECRET}-old",
    "PAGE_WEBHOOK_URL": f"https://sms.example.ru/{SECRET}?key={SECRET}",
    "PAGE_WEBHOOK_SECRET": f"{SECRET}-sms",
}


def rows(page: Page) -> dict[str, tuple[str, str, str]]:
    """Name to sentence, value and whence."""
    found = {}
    for row in page.root.iter("tr"):
        name = "".join(next(row.iter("code")).itertext()) if list(row.iter("code")) else ""
        if name:
            words = "".join(next(row.iter("th")).itertext()).removesuffix(name).strip()
            value, whence = ("".join(one.itertext()).replace("\xa0", " ") for one in row.iter("span"))
            found[name] = (words, value, whence)
    return found


def opened(app: Flask) -> Page:
    return signed_in(app, administrator()).open("/settings")


def test_every_setting_is_there_with_a_sentence(app: Flask):
    page = opened(app)
    found = rows(page)
    assert set(found) == NAMES
    assert [
        name for name, (words, value, whence) in found.items() if not (words.endswith(".") and value and whence)
    ] == []
    assert len(page.all("code")) == len(NAMES)


def test_page_and_documentation_name_the_same(app: Flask):
    described = set(re.findall(r"`([A-Z][A-Z_]+[A-Z])`", (ROOT / "docs/configuration.md").read_text(encoding="utf-8")))
    assert set(rows(opened(app))) == described & NAMES
    assert not NAMES - described


def test_values_are_words(make_app: Callable[..., Flask]):
    app = make_app(
        UNDO_SEND="1m30s",
        LOGIN_LIMIT="5 per minute;20 per hour",
        KEEP_ROBOTS="off",
        DEFAULT_SOLUTION="30h",
        NOTICE_TAKEN="all",
        MAIL_ALIASES="a@stekspb.ru,b@stekspb.ru",
        TELEGRAM_API_URL="https://bot:tellnobody@api.example.ru",
        SMTP_LISTEN="off",
        LMTP_LISTEN="127.0.0.1:2424",
        MAIL_USE_TLS="on",
    )
    with app.app_context():
        page = opened(app)
    found = rows(page)
    assert found["UNDO_SEND"][1:] == ("1 мин 30 с", "задано на сервере, обычно 10 с")
    assert found["LOGIN_LIMIT"][1] == "5 за 1 мин, 20 за 1 ч"
    assert found["KEEP_ROBOTS"][1] == "всегда"
    assert found["KEEP_ORIGINALS"][1:] == ("1095 дней", "по умолчанию")
    assert found["DEFAULT_SOLUTION"][1] == "30 ч"  # of working time: no days
    assert found["NOTICE_TAKEN"][1] == "обо всех"
    assert found["MAIL_ALIASES"][1] == "a@stekspb.ru, b@stekspb.ru"
    assert found["MONITORING_SENDERS"][1] == "нет"
    assert found["SMTP_LISTEN"][1] == "выключено"
    assert found["LMTP_LISTEN"][1] == "127.0.0.1:2424"
    assert found["MAIL_USE_TLS"][1:] == ("да", "задано на сервере, обычно нет")
    assert found["TIME_ZONE"][1] == "Europe/Moscow"
    assert found["MAX_LETTER_MB"][1] == "40 МБ"
    assert found["TELEGRAM_API_URL"][1] == "https://***@api.example.ru"
    assert SECRET not in page.response.text


@pytest.mark.trust("I8")
def test_no_secret_is_on_the_page_or_in_the_log(make_app: Callable[..., Flask], caplog: pytest.LogCaptureFixture):
    hidden = {setting.name.upper() for setting in SETTINGS if not setting.repr}
    assert set(HIDDEN) == hidden - {"DATABASE_URL", "REDIS_URL"}
    app = make_app(**HIDDEN)
    with app.app_context(), caplog.at_level(logging.DEBUG):
        browser = signed_in(app, administrator())
        page = browser.open("/settings")
        own = app.config["HELPDESK"]
    assert SECRET in own.secret_key
    assert SECRET not in page.response.text + str(page.response.headers) + caplog.text
    for address in (own.database_url, own.redis_url):
        assert address not in page.response.text
    found = rows(page)
    assert {found[name][1] for name in hidden} == {"задан"}
    assert {found[name][2] for name in HIDDEN} == {"задано на сервере"}


def test_what_is_hidden_and_unset_says_so(app: Flask):
    found = rows(opened(app))
    assert found["MAIL_PASSWORD"][1:] == ("не задан", "по умолчанию")
    assert found["PAGE_WEBHOOK_URL"][1:] == ("не задан", "по умолчанию")


def test_an_older_name_is_named_where_it_stands_in(make_app: Callable[..., Flask]):
    app = make_app(ESCALATION_WEBHOOK_URL="https://sms.example.ru/hook")
    with app.app_context():
        found = rows(opened(app))
    assert found["PAGE_WEBHOOK_URL"][1:] == ("задан", "как ESCALATION_WEBHOOK_URL")


def test_what_a_page_changed_is_shown_with_the_page(app: Flask):
    browser = signed_in(app, administrator())
    with outbox.transaction():
        thresholds.change("page_all_after", timedelta(minutes=45), None, now())
    thresholds.forget()
    page = browser.open("/settings")
    assert rows(page)["PAGE_ALL_AFTER"][1:] == ("45 мин", "изменено на странице, обычно 20 мин")
    links = [one.get("href") for one in page.all("a", aria_label="Изменить на странице: PAGE_ALL_AFTER")]
    assert links == ["/escalations/thresholds"]


def test_the_environment_wins_over_the_page(make_app: Callable[..., Flask]):
    app = make_app(PAGE_ALL_AFTER="25m")
    with app.app_context():
        browser = signed_in(app, administrator())
        with outbox.transaction():
            thresholds.change("page_all_after", timedelta(minutes=45), None, now())
        thresholds.forget()
        page = browser.open("/settings")
    assert rows(page)["PAGE_ALL_AFTER"][1:] == ("25 мин", "задано на сервере, обычно 20 мин")
    assert page.all("a", aria_label="Изменить на странице: PAGE_ALL_AFTER") == []


def test_the_menu_leads_there_and_the_page_onwards(app: Flask):
    page = signed_in(app, administrator()).open("/staff")
    assert [one.get("href") for one in page.all("a", class_="menu__item")].count("/settings") == 1
    page = opened(app)
    for place in (
        "/staff",
        "/duty",
        "/companies",
        "/calendars",
        "/escalations/thresholds",
        "/mail-templates",
        "/templates",
    ):
        assert page.all("a", href=place), place
    assert "/settings" not in signed_in(app, masha()).open("/queue").response.text


def found(page: Page) -> list[str]:
    """What the page says is not well, and with which mark."""
    return [
        f"{one.get('class')}: {''.join(one.itertext())}" for one in page.all("li") if "notice" in one.get("class", "")
    ]


def test_what_is_not_well_stands_on_top(app: Flask):
    page = opened(app)
    assert "Что не в порядке" in page.text
    said = "\n".join(found(page))
    for words in ("без https", "не задан MAIL_SERVER", "Молчат процессы: web, worker-notify"):
        assert words in said
    assert "Redis" not in said


def test_nothing_is_said_where_all_is_well(make_app: Callable[..., Flask]):
    app = make_app(PUBLIC_URL="https://help.example.ru", MAIL_SERVER="192.0.2.1", MAIL_TIMEOUT="5s")
    with app.app_context():
        for name in heartbeats.PROCESSES:
            heartbeats.beat(name)
        db.session.rollback()
        with app.test_request_context(), database.reading():  # asks no mail server: at this address it would hang
            assert desk_findings.found() == []


def test_a_check_that_fails_is_a_finding(app: Flask, monkeypatch: pytest.MonkeyPatch):
    browser = signed_in(app, administrator())

    def gone(_path: object) -> None:
        raise OSError("no such folder")

    monkeypatch.setattr(shutil, "disk_usage", gone)
    said = found(browser.open("/settings"))
    assert said[0] == "notice notice--red: Проверка «disk» не прошла: запустите на сервере flask doctor."


def test_only_administrators_read_it(app: Flask):
    Browser(app).open("/settings")  # the page to sign in
    for member in (alice(), masha()):
        signed_in(app, member).open("/settings", 403)


def test_in_english_nothing_stays_russian(make_app: Callable[..., Flask]):
    app = make_app(LANGUAGE="en")
    with app.app_context():
        page = opened(app)
    words = " ".join("".join(one.itertext()) for one in page.one("main").iter("div"))
    assert "The largest file." in words
    assert not re.findall(r"[а-яё]{3,}", re.sub(r"ООО «СТЕК»|СТЕК|Санкт-Петербург", "", words), re.IGNORECASE)
