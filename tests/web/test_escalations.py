"""The manager's page: one row a request, the longest wait first, taken on and resolved."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask

from app import clock, escalations, outbox, tickets
from app.actor import SYSTEM, Actor
from app.clock import now
from app.extensions import db
from app.models.escalation import Escalation
from app.models.ticket import Ticket
from app.models.words import Cause, Channel, Urgency
from tests.cast import alice, masha, request_of_carol
from tests.web.browse import Browser, check_fragment
from tests.web.signing_in import browser_of


def escalated(cause: Cause, text: str = "", **request) -> Ticket:
    ticket = request_of_carol(**request)
    escalations.escalate(ticket, cause, SYSTEM, now(), text)
    outbox.commit()
    return ticket


def rows(browser: Browser) -> list[str]:
    page = browser.open("/escalations")
    return [row.get("data-ticket") or "" for row in page.all("li") if row.get("data-escalation")]


def test_nothing_to_do_says_so(manager: Browser):
    assert "Сейчас всё под контролем" in manager.open("/escalations").text


def test_the_longest_wait_stands_first_and_one_request_is_one_row(manager: Browser):
    first = escalated(Cause.URGENT_UNTAKEN, urgency=Urgency.URGENT)
    clock.shift(timedelta(minutes=5))
    second = escalated(Cause.COMPLAINT, "Второй день без <b>доступа</b>")
    escalations.escalate(first, Cause.MISSED, SYSTEM, now(), "solution")
    outbox.commit()
    clock.shift(timedelta(minutes=7))
    assert rows(manager) == [first.number, second.number]
    page = manager.open("/escalations")
    assert "Вас ждут 2 заявки" in page.text
    assert "Срочную не взяли 10 мин" in page.text
    assert "Срок прошёл" in page.text
    assert "ждёт вас 12 мин" in page.text
    assert "Второй день без <b>доступа</b>" in page.text
    assert page.all("a", href="tel:+79005550144")
    row = page.one("li", data_ticket=first.number)
    assert (row.get("data-state"), row.get("data-urgency")) == ("new", "urgent")


def test_the_manager_takes_charge_and_ends_it_with_one_line(manager: Browser):
    ticket = escalated(Cause.COMPLAINT, "Никто не перезвонил")
    escalations.escalate(ticket, Cause.MISSED, SYSTEM, now(), "solution")
    outbox.commit()
    one = db.session.query(Escalation).order_by(Escalation.id).first()
    assert one is not None
    page = manager.open(f"/escalations/{one.id}")
    after = manager.send(page, f"/escalations/{one.id}/acknowledgement", note="Звоню сама")
    assert "На контроле" in after.text
    assert "Вы, " in after.text
    assert "«Звоню сама»" in after.text
    assert all(row.acknowledged_by_id == masha().id for row in db.session.query(Escalation))
    page = manager.open(f"/escalations/{one.id}")
    refused = manager.send(page, f"/escalations/{one.id}/resolution", status=422, resolution=" ")
    assert "Напишите одной строкой" in refused.text
    manager.send(refused, f"/escalations/{one.id}/resolution", resolution="Помирились")
    assert rows(manager) == []
    assert "Помирились" in manager.open(f"/escalations/{one.id}").text
    assert "Сегодня разобрано: 2" in manager.open("/escalations").text


def test_taking_charge_from_the_list_needs_one_press(manager: Browser):
    escalated(Cause.COMPLAINT)
    one = db.session.query(Escalation).one()
    action = f"/escalations/{one.id}/acknowledgement"
    manager.send(manager.open("/escalations"), action)
    assert db.session.query(Escalation).one().acknowledged_at


def test_the_rows_fetch_themselves_and_say_when_nothing_changed(manager: Browser):
    escalated(Cause.COMPLAINT)
    fragment = manager.open("/escalations").one("div", id="escalations")
    address = fragment.get("hx-get") or ""
    assert manager.client.get(address).status_code == 204
    escalated(Cause.LOW_RATING)
    fresh = manager.client.get(address)
    assert fresh.status_code == 200
    assert check_fragment(fresh.text).get("id") == "escalations"


def test_a_trouble_of_the_desk_is_shown_without_a_request(manager: Browser):
    escalations.report_system("mailbox", "Почтовый ящик молчит 15 минут", now())
    outbox.commit()
    page = manager.open("/escalations")
    assert "Сбой в системе" in page.text
    assert "Почтовый ящик молчит" in page.text
    one = db.session.query(Escalation).one()
    assert "Сам HelpDesk" in manager.open(f"/escalations/{one.id}").text


def test_every_cause_has_its_words(manager: Browser):
    ticket = escalated(Cause.NEAR)
    for cause in set(Cause) - {Cause.NEAR, Cause.SYSTEM}:
        escalations.escalate(ticket, cause, SYSTEM, now())
    outbox.commit()
    page = manager.open("/escalations")
    for words in (
        "Срок прошёл",
        "Клиент зовёт",
        "Низкая оценка",
        "Открыта заново",
        "Клиент не оповещён",
        "не удалось разобрать",
    ):
        assert words in page.text
    assert len(page.all("li", data_ticket=ticket.number)) == 1


def test_the_count_stands_in_the_header_for_managers_only(manager: Browser, app: Flask):
    escalated(Cause.COMPLAINT)
    assert "Эскалации1" in manager.open("/escalations").text.replace(" ", "")
    engineer = browser_of(app, alice())
    for path in ("/escalations", "/escalations/rows", "/escalations/1"):
        assert engineer.get(path).status_code == 403
    for path in ("/escalations/1/acknowledgement", "/escalations/1/resolution"):
        assert engineer.post(path).status_code in {400, 403}
    assert "Эскалации" not in engineer.get("/queue").text


def test_strangers_are_sent_to_sign_in_and_wrong_methods_refused(app: Flask):
    client = app.test_client()
    assert client.get("/escalations").status_code == 302
    assert client.post("/escalations/1/acknowledgement").status_code in {400, 401}
    assert browser_of(app, masha()).get("/escalations/1/acknowledgement").status_code == 405
    assert browser_of(app, masha()).get("/escalations/99").status_code == 404
    assert browser_of(app, masha()).post("/escalations/1/resolution", data={"resolution": "x"}).status_code == 400


def test_a_customer_who_complained_again_after_the_end_is_a_new_row(manager: Browser):
    ticket = escalated(Cause.COMPLAINT, "Раз")
    by = Actor.of_staff(masha())
    escalations.resolve(db.session.query(Escalation).one(), "Помирились", by, now())
    tickets.complain(ticket, "Опять", Actor.of_person(None, "Ольга", Channel.WEB), now())
    outbox.commit()
    assert rows(manager) == [ticket.number]


def test_many_rows_ask_no_more_than_one(manager: Browser, count_queries):
    escalated(Cause.COMPLAINT, "Раз", urgency=Urgency.URGENT)
    address = "/escalations"
    manager.client.get(address)
    with count_queries() as asked:
        assert manager.client.get(address).status_code == 200
    few = asked()
    for number in range(29):
        ticket = request_of_carol()
        escalations.escalate(ticket, Cause.MISSED, SYSTEM, now(), "solution")
        if number % 3 == 0:
            escalations.escalate(ticket, Cause.COMPLAINT, SYSTEM, now(), "Долго. " * 200)
    outbox.commit()
    manager.client.get(address)
    with count_queries() as asked:
        page = manager.client.get(address)
    assert page.text.count("data-escalation=") == 30
    assert asked() == few
