"""Letters without a request: seen, downloaded, made a request, tried again, laid aside; by managers only."""

from __future__ import annotations

import pytest
from flask import Flask

from app.extensions import db
from app.intake import filing, letters
from app.models.letter import Letter
from app.models.ticket import Ticket
from app.models.words import LetterState
from tests.cast import masha
from tests.intake.mailing import mail, messages, receive, ticket_of
from tests.web.browse import Browser
from tests.web.signing_in import browser_of


@pytest.fixture
def manager(app: Flask) -> Browser:
    browser = Browser(app)
    browser.client = browser_of(app, masha())
    return browser


def again(letter: Letter) -> Letter:
    return db.session.get_one(Letter, letter.id, populate_existing=True)


def test_nothing_to_decide_says_so(manager: Browser):
    assert "Решать нечего" in manager.open("/letters").text
    assert "писем от программ не было" in manager.open("/letters?view=robots").text


@pytest.mark.trust("R10")
def test_a_letter_in_quarantine_becomes_a_request_with_one_click(manager: Browser):
    letter = receive(mail("Код 123456", subject="Вход <b>", sender="noreply@bank.example"))
    assert letter.state is LetterState.QUARANTINED
    page = manager.open("/letters")
    assert "Адрес, на который нельзя ответить" in page.text
    assert "Вход <b>" in page.text
    assert page.one("nav", aria_label="Разделы")
    page = manager.send(page, f"/letters/{letter.id}/request")
    assert page.address == f"/tickets/{ticket_of(again(letter)).number}"
    assert ticket_of(again(letter)).what == "Код 123456"
    assert again(letter).state is LetterState.FILED
    manager.post(f"/letters/{letter.id}/request", 400)  # without a token
    assert "Решать нечего" in manager.open("/letters").text


def test_a_robots_letter_becomes_a_request_by_hand(manager: Browser):
    letter = receive(mail("Диск заполнен", subject="Монитор", Auto_Submitted="auto-generated"))
    assert "Решать нечего" in manager.open("/letters").text
    page = manager.open("/letters?view=robots")
    assert "Автоответ" in page.text
    manager.send(page, f"/letters/{letter.id}/request")
    assert ticket_of(again(letter)).title == "Монитор"
    assert "писем от программ не было" in manager.open("/letters?view=robots").text


def test_a_letter_is_laid_aside_and_kept(manager: Browser):
    letter = receive(b"Subject: nobody\r\n\r\nhello")
    page = manager.open("/letters")
    assert "Нет отправителя" in page.text
    manager.send(page, f"/letters/{letter.id}/discarding")
    assert "Решать нечего" in manager.open("/letters").text
    assert "no sender" in again(letter).signals


def test_an_unreadable_letter_is_read_at_last(manager: Browser, monkeypatch: pytest.MonkeyPatch):
    with monkeypatch.context() as broken:
        broken.setattr(letters, "MOST_TRIES", 1)
        broken.setattr(filing, "place", lambda *_: 1 / 0)
        letter = receive(mail())
    assert letter.state is LetterState.FAILED
    unreadable = ticket_of(letter)
    page = manager.open("/letters")
    assert "Не удалось разобрать: ZeroDivisionError" in page.text
    assert unreadable.number in page.text
    manager.send(page, f"/letters/{letter.id}/reading")
    letters.file_received()
    ticket = ticket_of(again(letter))
    assert (ticket.title, ticket.what, again(letter).state) == ("Касса", "Не работает касса.", LetterState.FILED)
    assert ticket.number in messages(unreadable)[-1].text
    assert db.session.query(Ticket).count() == 2
    assert "Решать нечего" in manager.open("/letters").text


def test_the_original_is_a_download_that_no_browser_opens(manager: Browser):
    raw = b"Subject: <script>\r\n\r\n<script>alert(1)</script>"
    letter = receive(raw)
    response = manager.client.get(f"/letters/{letter.id}/original")
    assert response.data == raw
    assert response.headers["Content-Type"] == "application/octet-stream"
    assert response.headers["Content-Disposition"] == f"attachment; filename=letter-{letter.id}.eml"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert manager.client.get("/letters/99999999999/original").status_code == 404
