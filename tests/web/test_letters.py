"""Letters without a request: seen, downloaded, made a request, tried again, laid aside; by managers only."""

from __future__ import annotations

import pytest

from app.extensions import db
from app.intake import filing, letters
from app.models.letter import Letter
from app.models.ticket import Ticket
from app.models.words import LetterState
from app.reading import letters as reading
from tests.cast import masha
from tests.intake.mailing import mail, messages, receive, ticket_of
from tests.web.browse import Browser
from tests.web.signing_in import signed_in


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


def test_the_signals_say_why_a_letter_was_taken_for_a_robots(manager: Browser):
    receive(mail("Я в отпуске", subject="Автоответ: Re: заявка", Auto_Submitted="auto-replied"), envelope_from="")
    receive(
        mail("вход", sender="noreply@bank.example", subject="№ 482173", In_Reply_To="<t482173.a1.0123456789abcdef@x>")
    )
    page = manager.open("/letters?view=robots")
    assert "Признаки: auto-submitted: auto-replied, тема автоответа, пустой обратный адрес" in page.text
    assert "Признаки: Message-ID с неверной подписью" in manager.open("/letters").text


def test_many_letters_come_page_by_page(manager: Browser, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(reading, "MOST", 2)
    letters_of_robots = [receive(mail(f"Робот {n}", subject=f"Отчёт {n}", Auto_Submitted="yes")) for n in range(5)]
    page = manager.open("/letters?view=robots")
    assert ("Отчёт 4" in page.text, "Отчёт 3" in page.text, "Отчёт 2" in page.text) == (True, True, False)
    assert "Показать более ранние" in page.text
    assert "К последним" not in page.text
    page = manager.open(f"/letters?view=robots&before={letters_of_robots[1].id}")
    assert ("Отчёт 1" in page.text, "Отчёт 0" in page.text) == (False, True)
    assert "К последним" in page.text
    assert "Показать более ранние" not in page.text
    for nonsense in ("-1", "x", "9" * 30, "²", ""):
        assert "Отчёт 4" in manager.open(f"/letters?view=robots&before={nonsense}").text


def test_any_letter_without_a_request_can_go_its_way_once_more(make_app):
    robot, silent = (
        mail("Диск", "Монитор", "z@monitor.example", Auto_Submitted="auto-generated"),
        mail("x", sender="noreply@ups.example"),
    )
    with make_app().app_context():
        waiting = [receive(robot).id, receive(silent).id]
    app = make_app(MONITORING_SENDERS="@monitor.example,noreply@ups.example")
    with app.app_context():
        browser = signed_in(app, masha())
        page = browser.send(browser.open("/letters?view=robots"), f"/letters/{waiting[0]}/reading")
        assert "Служебная почта" in page.title, "back where it was"
        browser.send(browser.open("/letters"), f"/letters/{waiting[1]}/reading")
        letters.file_received()
        found = [db.session.get_one(Letter, letter_id, populate_existing=True) for letter_id in waiting]
        assert [ticket_of(letter).title for letter in found] == ["Монитор", "Касса"]
        assert db.session.query(Ticket).count() == 2


def test_all_unreadable_letters_are_tried_again_with_one_click(manager: Browser, monkeypatch: pytest.MonkeyPatch):
    with monkeypatch.context() as broken:
        broken.setattr(letters, "MOST_TRIES", 1)
        broken.setattr(filing, "place", lambda *_: 1 / 0)
        unread = [receive(mail(f"Касса {number}")) for number in range(3)]
    page = manager.open("/letters")
    assert "все неразобранные: 3" in page.text
    manager.send(page, "/letters/reading")
    letters.file_received()
    assert [again(letter).state for letter in unread] == [LetterState.FILED] * 3
    assert "Решать нечего" in manager.open("/letters").text
