"""Letters as their readers get them: subject, headers, words, links."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
from flask import Flask

from app import clock, escalations, files, notify, outbox, tickets
from app.actor import SYSTEM
from app.extensions import db
from app.models import Cause, Delivery, Promise, Ticket, Urgency
from app.notify import letter as letters_module
from app.tickets import Contribution
from tests.cast import acting, alice, masha, request_of_carol
from tests.notify.letters import html_of, kept, text_of, to
from tests.notify.rows import CAROL, OFFICE, carols_act

MARKER = "— Ответьте выше этой строки —"

pytestmark = pytest.mark.usefixtures("quiet_desk")


def sent_to(address: str):
    notify.run()
    return to(address)[-1]


def is_poked(ticket: Ticket) -> bool:
    return db.session.query(Ticket.poked_at).filter_by(id=ticket.id).scalar() is not None


def test_the_registration_letter_keeps_the_promise() -> None:
    ticket = request_of_carol()
    letter = sent_to(CAROL)
    text, html = text_of(letter), html_of(letter)
    promise = db.session.query(Promise).filter_by(ticket_id=ticket.id, kind="solution").one()
    assert letter["Subject"] == f"Заявка {ticket.number} принята, срок 23 ноября, 18:00 [#{ticket.number}]"
    assert promise.why == "8 рабочих часов по договору 118/2024 с пн 10:00".replace("8 ", "8\u00a0").replace(
        "пн ", "пн\u00a0"
    )
    for body in (text, html):
        assert promise.why in body
        assert "по московскому времени" in body
        assert "Ольга Сергеевна, здравствуйте! Мы получили заявку «1С не открывается, пишет про ключ защиты»." in body
        assert f"https://help.stekspb.ru/r/{ticket.number}." in body
        assert "/urgency" in body
        assert MARKER in body
        assert "@StekHelpBot" in body or "t.me/StekHelpBot" in body
        assert "iso@stekspb.ru" in body
    assert text.startswith(MARKER)
    assert "363-17-87" in text


def test_the_solution_letter_names_three_answers_and_the_moment_of_closing() -> None:
    ticket = request_of_carol()
    clock.shift(timedelta(minutes=83))
    tickets.solve(ticket, Contribution("Включили автозапуск службы ключа."), acting(alice()), clock.now())
    outbox.commit()
    letter = sent_to(CAROL)
    text, html = text_of(letter), html_of(letter)
    assert letter["Subject"] == f"Заявка {ticket.number} решена. Оцените, пожалуйста [#{ticket.number}]"
    for body in (text, html):
        assert "Включили автозапуск службы ключа." in body
        assert all(f"?rating={value}" in body for value in range(1, 6))
        assert "#reopen" in body
        assert "26\u00a0ноября, 12:00 по московскому времени" in body  # 11:23 and 72 h, rounded up to the hour
        assert "в срок" in body
    db.session.expire_all()
    delivery = db.session.query(Delivery).filter_by(notice="solved", recipient=CAROL).one()
    assert delivery.closing_at == datetime(2026, 11, 26, 9, tzinfo=UTC)
    assert is_poked(ticket)


def test_a_question_says_what_happens_without_an_answer() -> None:
    ticket = request_of_carol()
    tickets.ask(ticket, Contribution("Какая версия?"), acting(alice()), clock.now())
    outbox.commit()
    letter = sent_to(CAROL)
    assert letter["Subject"] == f"Заявка {ticket.number}: нужен ваш ответ [#{ticket.number}]"
    assert "Без ответа мы не сможем продолжить." in text_of(letter)


def test_a_moved_deadline_is_told_with_its_reason() -> None:
    ticket = request_of_carol()
    due_at = clock.now() + timedelta(days=2)
    tickets.move_deadline(ticket, due_at, "ждём ключ от поставщика", acting(alice()), clock.now())
    outbox.commit()
    letter = sent_to(CAROL)
    assert letter["Subject"] == f"Заявка {ticket.number}: новый срок 25 ноября, 10:00 [#{ticket.number}]"
    assert "Причина: ждём ключ от поставщика" in text_of(letter)


def test_a_reopened_request_gets_a_new_deadline() -> None:
    ticket = request_of_carol()
    tickets.solve(ticket, Contribution("Сделано"), acting(alice()), clock.now())
    outbox.commit()
    notify.run()
    tickets.reopen(ticket, Contribution("Не помогло"), carols_act(), clock.now())
    outbox.commit()
    letter = sent_to(CAROL)
    assert letter["Subject"].startswith(f"Заявка {ticket.number} снова в работе, срок ")
    assert "Не помогло" in text_of(to("alice@stek.example")[-1])


def test_an_unhappy_customer_hears_who_looks_at_it_and_by_when() -> None:
    masha()
    ticket = request_of_carol()
    tickets.complain(ticket, "Никто не звонит", carols_act(), clock.now())
    outbox.commit()
    notify.run()
    text = text_of(next(one for one in to(CAROL) if "руководителю" in one["Subject"]))
    assert "руководитель HelpDesk" in text
    assert "/head/" in text
    assert "до 24\u00a0ноября, 10:00 по московскому времени" in text  # nine working hours
    # An answer to it is none to the request, where the engineer would read it.
    assert [one["Subject"] for one in to(CAROL) if "[#" not in one["Subject"]]
    assert to(OFFICE)[-1]["Subject"].startswith(f"Заявка {ticket.number} принята")  # a complaint is nobody else's


def test_what_is_missing_is_asked_for_by_a_link() -> None:
    request_of_carol(missing=["company", "phone", "whose"])
    letter = sent_to(CAROL)
    assert "название компании, телефон, у кого случилось" in text_of(letter)
    assert "#answer" in html_of(letter)


@pytest.mark.parametrize("field", ["name", "text", "company"])
@pytest.mark.trust("M10")
def test_an_address_nobody_vouched_for_gets_our_words_only(field: str) -> None:
    bait = "Купите http://evil.example"
    fields: dict[str, Any] = {"email": "victim@else.example", "company": "Рога", field: bait}
    request_of_carol(**fields)
    letter = sent_to("victim@else.example")
    assert "evil.example" not in letter.as_string()
    assert "evil.example" not in text_of(letter) + html_of(letter)
    assert "Здравствуйте! Мы получили вашу заявку." in text_of(letter)


@pytest.mark.trust("A11")
def test_a_note_never_leaves() -> None:
    ticket = request_of_carol()
    tickets.note(ticket, Contribution("canary-482"), acting(alice()), clock.now())
    outbox.commit()
    notify.run()
    assert kept()
    assert all("canary-482" not in text_of(letter) + html_of(letter) for letter in kept())


@pytest.mark.trust("X8")
@pytest.mark.trust("X9")
def test_markup_and_templates_in_what_people_write_stay_text() -> None:
    ticket = request_of_carol(text="<script>alert(1)</script> {{ 7*7 }} ${7*7} %s %(name)s")
    tickets.reply(ticket, Contribution("<img src=x onerror=alert(1)> {{ 7*7 }} %s"), acting(alice()), clock.now())
    outbox.commit()
    notify.run()
    html = "".join(html_of(letter) for letter in to(CAROL))
    assert "<script>alert" not in html
    assert "<img" not in html
    assert "{{ 7*7 }}" in html
    assert "49" not in text_of(to(CAROL)[-1]).split("\n-- \n")[0].replace(ticket.number, "")


@pytest.mark.trust("M19")
@pytest.mark.trust("M15")
def test_letters_load_nothing_and_lead_only_home() -> None:
    ticket = request_of_carol()
    tickets.solve(ticket, Contribution("Сделано"), acting(alice()), clock.now())
    outbox.commit()
    notify.run()
    for letter in kept():
        html = html_of(letter)
        assert not re.search(r"<img|<script|<link|@import|url\(|src=|background=", html, re.IGNORECASE)
        hosts = set(re.findall(r'href="(https?://[^/"]+)', html))
        assert hosts <= {"https://help.stekspb.ru", "https://t.me"}


def test_files_of_a_reply_go_along_and_too_large_ones_are_linked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(letters_module, "MOST_FILE_BYTES", 100)
    ticket = request_of_carol()
    small = files.keep(BytesIO(b"a" * 60), "Отчёт за ноябрь «итог».txt")
    large = files.keep(BytesIO(b"b" * 90), "большой.bin")
    tickets.reply(ticket, Contribution("Смотрите файл", files=[small, large]), acting(alice()), clock.now())
    outbox.commit()
    letter = sent_to(CAROL)
    attached = list(letter.iter_attachments())
    assert [part.get_filename() for part in attached] == ["Отчёт за ноябрь «итог».txt"]
    assert attached[0].get_payload(decode=True) == b"a" * 60
    assert "большой.bin" in text_of(letter)


def test_the_link_can_be_asked_for_again() -> None:
    ticket, other = request_of_carol(), request_of_carol(text="Принтер")
    tickets.send_link(ticket, CAROL, carols_act(), clock.now(), is_list=True)
    outbox.commit()
    text = text_of(sent_to(CAROL))
    assert f"/r/{ticket.number}." in text
    assert f"/r/{other.number}." in text


def test_an_urgent_request_says_so() -> None:
    masha()
    ticket = request_of_carol(urgency=Urgency.URGENT)
    letter = sent_to(CAROL)
    assert "если это технически возможно" in text_of(letter)
    assert "/urgency" not in text_of(letter)
    page = to("masha@stek.example")[-1]
    assert page["Subject"] == f"Заявка {ticket.number}: срочная, нужен инженер [#{ticket.number}]"
    assert f"https://help.stekspb.ru/tickets/{ticket.number}" in text_of(page)


def test_a_missed_deadline_and_a_closing_are_told_where_the_settings_say_so(make_app: Callable[..., Flask]) -> None:
    with make_app(NOTICE_MISSED="on", NOTICE_CLOSED="on").app_context():
        ticket = request_of_carol()
        escalations.escalate(ticket, Cause.MISSED, SYSTEM, clock.now(), "solution")
        outbox.commit()
        assert "не успели к сроку" in sent_to(CAROL)["Subject"]
        tickets.solve(ticket, Contribution("Сделано"), acting(alice()), clock.now())
        tickets.close(ticket, clock.now())
        outbox.commit()
        assert sent_to(CAROL)["Subject"] == f"Заявка {ticket.number} закрыта [#{ticket.number}]"


def test_a_request_in_english_is_answered_in_english() -> None:
    ticket = request_of_carol(language="en")
    letter = sent_to(CAROL)
    assert letter["Subject"] == f"Request {ticket.number} received, due 23 November, 18:00 [#{ticket.number}]"
    assert text_of(letter).startswith("— Reply above this line —")
    assert "Moscow time" in text_of(letter)
