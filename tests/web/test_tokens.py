"""Programs' keys to the API on a page: shown once, made once, revoked, and who did it."""

from __future__ import annotations

import logging
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from xml.etree.ElementTree import Element

import pytest
from flask import Flask
from sqlalchemy import event, select

from app import clock, outbox
from app.accounts import tokens
from app.clock import now
from app.extensions import db
from app.models import Role, Token
from tests.cast import alice, masha
from tests.web.accounts import administrator
from tests.web.browse import Browser, Page
from tests.web.signing_in import signed_in

LIST = "/settings/tokens"


def made(browser: Browser, name: str = "Касса", role: str = "engineer", status: int = 200) -> Page:
    return browser.send(browser.open(LIST), LIST, status, name=name, role=role)


def key_of(page: Page) -> str:
    return next("".join(one.itertext()) for one in page.all("code") if one.get("class") == "settings__key")


def calls(app: Flask, key: str, path: str = "/api/v1/tickets") -> int:
    answer = app.test_client().get(path, headers={"Authorization": f"Bearer {key}"})
    return answer.status_code


def form_key(page: Page) -> str:
    return next(one.get("value") or "" for one in page.form(LIST).iter("input") if one.get("name") == "form_key")


def row_of(page: Page, name: str) -> Element:
    return next(row for row in page.root.iter("tr") if name in "".join(row.itertext()))


@pytest.mark.trust("I8")
def test_a_key_is_shown_once_and_kept_nowhere(app: Flask, caplog: pytest.LogCaptureFixture):
    browser = signed_in(app, administrator())
    with caplog.at_level(logging.DEBUG):
        page = made(browser, " Касса  на Невском ", "manager")
        key = key_of(page)
        assert re.fullmatch(r"hd_[\w-]{43}", key)
        assert page.response.headers["Cache-Control"] == "no-store"
        assert not page.response.history, "the answer of the POST itself"
        with browser.client.session_transaction() as session:
            assert key not in str(dict(session))
        assert calls(app, key, "/api/v1/escalations") == 200
        listed = browser.open(LIST)
    assert key not in listed.response.text + caplog.text + str(listed.response.headers)
    token = db.session.scalars(select(Token)).one()
    assert (token.name, token.role, token.created_by_id) == ("Касса на Невском", Role.MANAGER, administrator().id)
    assert key not in str(vars(token))
    words = " ".join("".join(row_of(listed, "Касса на Невском").itertext()).split())
    assert "руководитель" in words
    assert "Роман Степанов" in words


def test_the_form_sent_again_makes_no_second_one(app: Flask):
    browser = signed_in(app, administrator())
    page = browser.open(LIST)
    browser.send(page, LIST, name="Касса", role="engineer")
    again = browser.send(page, LIST, name="Касса", role="engineer")
    assert again.address == LIST
    assert "уже создан, и ключ показан" in again.text
    assert "hd_" not in again.response.text
    assert db.session.query(Token).count() == 1


def test_two_presses_at_once_make_one(app: Flask):
    browsers = [signed_in(app, administrator()) for _ in range(2)]
    page = browsers[0].open(LIST)
    sent = {"name": "Касса", "role": "engineer", "form_key": form_key(page)}
    tokens_of = [next(one.get("value") for one in b.open(LIST).form(LIST).iter("input")) for b in browsers]
    db.session.rollback()

    def press(at: int) -> str:
        client = browsers[at].client
        return client.post(LIST, data={**sent, "csrf_token": tokens_of[at]}, follow_redirects=True).text

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(press, range(2)))
    assert sum("settings__key" in one for one in answers) == 1
    assert sum("уже создан" in one for one in answers) == 1
    db.session.expire_all()
    assert db.session.query(Token).count() == 1


@pytest.mark.parametrize(
    ("name", "role", "sentence"),
    [
        ("", "engineer", "Напишите, какая программа"),
        ("К" * 101, "engineer", "до 100 обычных знаков"),
        ("Касса\u202e", "engineer", "до 100 обычных знаков"),
        ("Старая", "engineer", "есть или был"),
        ("Касса", "owner", "Выберите, что токену можно"),
    ],
)
def test_what_is_wrong_is_named_and_kept(app: Flask, name: str, role: str, sentence: str):
    browser = signed_in(app, administrator())
    made(browser, "Старая")
    page = made(browser, name, role, 422)
    assert sentence in page.text
    assert page.all("input", name="name")[0].get("value") == name
    assert db.session.query(Token).count() == 1


def test_a_revoked_one_opens_nothing_and_says_who_did_it(app: Flask):
    browser = signed_in(app, administrator())
    key = key_of(made(browser))
    assert calls(app, key) == 200
    token_id = db.session.scalars(select(Token.id)).one()
    page = browser.send(browser.open(LIST), f"{LIST}/{token_id}/revocation")
    assert "«Касса» отозван" in page.text
    assert calls(app, key) == 401
    words = "".join(row_of(page, "Касса").itertext())
    assert "отозван" in words
    assert words.count("Роман Степанов") == 2
    assert not page.all("form", action=f"{LIST}/{token_id}/revocation")
    was = db.session.scalars(select(Token.revoked_at)).one()
    clock.shift(timedelta(hours=2))
    with outbox.transaction():
        tokens.revoke(db.session.scalars(select(Token)).one(), now(), by_id=None)
    token = db.session.scalars(select(Token)).one()
    assert (token.revoked_at, token.revoked_by_id) == (was, administrator().id), "the first one stays"
    browser.post(f"{LIST}/999999/revocation", 400)  # without the token of a form


def test_commands_and_page_are_one_list(app: Flask):
    run = app.test_cli_runner().invoke
    key = run(args=["token", "add", "Мониторинг", "--role", "manager"]).stdout.strip()
    browser = signed_in(app, administrator())
    words = "".join(row_of(browser.open(LIST), "Мониторинг").itertext())
    assert "командой" in words
    assert "ещё не обращалась" in words
    assert "есть или был" in made(browser, "Мониторинг", status=422).text
    made(browser, "Касса")
    refused = run(args=["token", "add", "Касса", "--role", "manager"])
    assert refused.exit_code == 1
    assert "no token has or had it" in refused.output
    assert run(args=["token", "revoke", "Касса"]).exit_code == 0
    assert "отозван" in "".join(row_of(browser.open(LIST), "Касса").itertext())
    assert calls(app, key) == 200


def test_a_use_is_noted_once_an_hour(app: Flask):
    browser = signed_in(app, administrator())
    key = key_of(made(browser))
    written: list[str] = []

    def note(_connection, _cursor, statement: str, *_rest) -> None:
        if not statement.upper().startswith(("SELECT", "BEGIN", "PRAGMA", "SET")):
            written.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    for _ in range(3):
        assert calls(app, key) == 200
    assert len(written) == 1, written
    assert "UPDATE tokens" in written[0]
    clock.shift(timedelta(minutes=61))
    assert calls(app, key) == 200
    event.remove(db.engine, "before_cursor_execute", note)
    assert sum("UPDATE tokens" in one for one in written) == 2
    assert "последний раз" in "".join(row_of(browser.open(LIST), "Касса").itertext())


def test_who_was_slower_notes_no_second_use(app: Flask):
    """Two calls in one moment have both read that the key was never used."""
    at = now()
    with outbox.transaction():
        tokens.make("Касса", "engineer", at)
    token = db.session.scalars(select(Token)).one()
    db.session.expunge(token)
    tokens.note_use(token, at)
    tokens.note_use(token, at + timedelta(minutes=1))
    assert db.session.scalars(select(Token.used_at)).one() == at


def test_two_hundred_are_as_many_queries_as_one(app: Flask, count_queries):
    browser = signed_in(app, administrator())
    made(browser)
    with count_queries() as few:
        browser.open(LIST)
    with outbox.transaction():
        for at in range(200):
            tokens.make(f"Программа {at} " + "о" * 80, "engineer", now(), by_id=administrator().id)
    with count_queries() as many:
        browser.open(LIST)
    assert many() <= few() + 1


def test_only_administrators_have_the_page(app: Flask):
    stranger = Browser(app)
    assert stranger.open(LIST).address == "/login"
    for member in (alice(), masha()):
        signed_in(app, member).open(LIST, 403)
        assert signed_in(app, member).client.post(LIST, data={"name": "Касса", "role": "admin"}).status_code in {
            400,
            403,
        }
    assert db.session.query(Token).count() == 0
