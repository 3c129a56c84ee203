"""A complaint is a case of its own: opened, seen, answered in writing, gone on with; and nothing for whom it names."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from app import clock, complaints, escalations, outbox, signing, tickets
from app.actor import Actor
from app.clock import now
from app.complaints import Said
from app.extensions import db
from app.models import Complaint, ComplaintEntry, ComplaintEntryKind, ComplaintOrigin, ComplaintState, Role, Ticket
from app.models.delivery import Delivery
from app.models.escalation import Escalation
from app.models.words import Cause, Channel
from tests.cast import acting, alice, carol, masha, request_of_carol, staff
from tests.web.browse import Browser

CAROL = "carol@neva-trade.example"


@pytest.fixture
def ticket(app: Flask) -> Ticket:
    ticket = request_of_carol()
    tickets.take(ticket, acting(alice()), now())
    outbox.commit()
    return ticket


def by_carol(channel: Channel = Channel.WEB) -> Actor:
    return Actor.of_person(carol(), "Петрова Ольга Сергеевна", channel)


def complained(ticket: Ticket, text: str = "Никто не звонит второй день") -> Complaint:
    made = tickets.complain(ticket, text, by_carol(), now())
    outbox.commit()
    return made


def letters(notice: str) -> list[Delivery]:
    return list(db.session.scalars(select(Delivery).where(Delivery.notice == notice).order_by(Delivery.id)))


def kinds(complaint: Complaint) -> list[ComplaintEntryKind]:
    query = select(ComplaintEntry.kind).where(ComplaintEntry.complaint_id == complaint.id)
    return list(db.session.scalars(query.order_by(ComplaintEntry.id)))


def test_from_the_first_word_to_the_written_outcome(manager: Browser, ticket: Ticket):
    complaint = complained(ticket)
    where = f"/complaints/{complaint.id}"
    assert (complaint.about_id, complaint.origin) == (alice().id, ComplaintOrigin.CUSTOMER)
    assert [one.recipient for one in letters("complaint_accepted")] == [CAROL]
    page = manager.open("/complaints")
    assert "Никто не звонит второй день" in page.text
    page = manager.open(where)
    assert "Никто ещё не открывал" in page.text
    page = manager.send(page, f"{where}/words", 422, text=" ")
    page = manager.send(page, f"{where}/words", text="Ольга Сергеевна, разбираюсь.")
    assert "письмо ещё не ушло" in page.text
    assert "Мария Иванова увидел(а)" in page.text
    page = manager.send(page, f"{where}/outcome", text="Инженер перезвонил, работы приняты.")
    assert "Ответ отправлен" in page.text
    db.session.refresh(complaint)
    assert (complaint.state, complaint.manager_id) == (ComplaintState.ANSWERED, masha().id)
    assert "Никто не звонит" in manager.open("/complaints?view=answered").text
    assert "Здесь пока пусто" in manager.open("/complaints?view=closed").text
    [outcome] = letters("complaint_outcome")
    assert (outcome.recipient, outcome.ticket_id) == (CAROL, None)
    assert db.session.scalars(select(Escalation.resolved_at)).one() is not None
    complaints.say(complaint, Said("Не согласна"), by_carol(), now())
    outbox.commit()
    assert complaint.state is ComplaintState.OPEN
    assert kinds(complaint) == ["said", "written", "outcome", "said", "reopened"]


def test_a_note_is_for_managers_and_a_reason_closes(manager: Browser, ticket: Ticket):
    complaint = complained(ticket)
    where = f"/complaints/{complaint.id}"
    manager.client.post(f"{where}/words", data={**manager_csrf(manager, where), "text": "Звонила", "kind": "note"})
    page = manager.send(manager.open(where), f"{where}/closure", 422, text="")
    assert "почему жалоба закрывается" in page.text
    page = manager.send(page, f"{where}/closure", text="Ошиблись номером")
    assert "Закрыта" in page.text
    assert kinds(complaint) == ["said", "noted", "closed"]
    assert letters("complaint_written") == []


def manager_csrf(browser: Browser, where: str) -> dict[str, str]:
    [token, *_] = browser.open(where).all("input", name="csrf_token")
    return {"csrf_token": token.get("value") or ""}


def test_it_is_given_to_another_manager_but_never_to_whom_it_names(manager: Browser, ticket: Ticket):
    boss = staff("Пётр Главный", Role.MANAGER, "petr@stek.example")
    complaint = complained(ticket)
    where = f"/complaints/{complaint.id}"
    page = manager.open(where)
    manager.client.post(f"{where}/manager", data={**manager_csrf(manager, where), "manager": str(boss.id)})
    assert "Разбирается: Пётр Главный" in manager.open(where).text
    assert [one.recipient for one in letters("complaint_staff")] == [boss.email]
    token = manager_csrf(manager, where)
    answer = manager.client.post(f"{where}/manager", data={**token, "manager": str(alice().id)})
    assert answer.status_code == 422
    assert page.status == 200


def test_a_second_complaint_about_the_same_is_said_in_the_first(app: Flask, ticket: Ticket):
    first = complained(ticket)
    second = complained(ticket, "И ещё")
    assert first.id == second.id
    assert kinds(first) == ["said", "said"]
    assert len(letters("complaint_accepted")) == 1
    tickets.assign(ticket, masha(), acting(masha()), now())
    third = complained(ticket, "Теперь о Марии")
    assert (third.id == first.id, third.about_id) == (False, masha().id)


def test_a_rating_of_one_opens_a_case_and_its_comment_is_in_it(app: Flask, ticket: Ticket):
    tickets.solve(ticket, tickets.Contribution("Готово"), acting(alice()), now())
    rating = tickets.rate(ticket, 1, "Ничего не сделано", by_carol(), now())
    outbox.commit()
    complaint = db.session.get_one(Complaint, rating.complaint_id)
    assert (complaint.origin, complaint.title) == (ComplaintOrigin.RATING, "Ничего не сделано")
    assert letters("complaint_accepted") == []  # the thanks for the rating say by when
    better = tickets.rate(ticket, 4, "Ничего не сделано", by_carol(), now() + timedelta(hours=1))
    outbox.commit()
    db.session.refresh(rating)
    assert (rating.superseded_at is not None, better.superseded_at, better.complaint_id) == (True, None, complaint.id)


def test_a_manager_writes_one_down_from_a_call_and_opens_one_for_a_second_reopening(manager: Browser, ticket: Ticket):
    page = manager.open("/complaints/new")
    page = manager.send(page, "/complaints/new", 422, text="")
    assert "Нужен телефон или e-mail" in page.text
    manager.send(page, "/complaints/new", text="Грубит", phone="+7 900 555-01-44", name="Ольга")
    manager.send(
        manager.open(f"/complaints/new?number={ticket.number}&origin=reopening"), "/complaints/new", text="Дважды"
    )
    found = db.session.scalars(select(Complaint).order_by(Complaint.id)).all()
    assert [one.origin for one in found] == ["phone", "reopening"]
    assert (found[1].email, found[1].about_id) == (CAROL, alice().id)


def test_what_is_not_answered_in_time_is_told_once(app: Flask, ticket: Ticket):
    masha()
    complaint = complained(ticket)
    clock.shift(timedelta(days=4))
    assert complaints.sweep(now()) == 1
    assert complaints.sweep(now()) == 0
    assert sorted(one.recipient for one in letters("complaint_staff")) == ["iso@stekspb.ru", masha().email]
    assert kinds(complaint)[-1] == "reminded"


def test_the_only_manager_complained_of_sees_nothing_and_the_head_gets_the_whole(manager: Browser, ticket: Ticket):
    tickets.assign(ticket, masha(), acting(masha()), now())
    complaint = complained(ticket, "Мария не отвечает")
    manager.open(f"/complaints/{complaint.id}", 404)
    assert "Мария не отвечает" not in manager.open("/complaints").text
    [letter] = letters("complaint_head")
    assert (letter.recipient, letter.data["text"]) == ("iso@stekspb.ru", "Мария не отвечает")


def test_the_customer_follows_it_on_a_page_of_its_own(app: Flask, ticket: Ticket):
    browser = Browser(app)
    address = f"/r/{signing.link_token(ticket.number, ticket.link_version)}"
    page = browser.send(browser.open(f"{address}/head"), f"{address}/head", 422, text="")
    page = browser.send(page, f"{address}/head", text="Касса стоит, не дозвониться")
    assert page.address.startswith("/head/")
    assert "он ещё не открывал сообщение" in page.text
    [escalation] = db.session.scalars(select(Escalation))
    assert (escalation.cause, escalation.about_id) == (Cause.HEAD_CALLED, alice().id)
    escalations.acknowledge(escalation, "", acting(masha()), now())
    outbox.commit()
    assert "Мария Иванова увидел(а) ваше сообщение в" in browser.open(page.address).text
    browser.send(browser.open(page.address), f"{page.address}/words", text="Уже час")
    assert "Открыть переписку" in browser.open(address).text
    stranger = Browser(app)
    assert "Уже час" not in stranger.open(address).text  # the request's link alone does not open the case
    stranger.open(page.address[:-2], 404)


def test_who_has_no_request_calls_by_name_and_phone(app: Flask):
    browser = Browser(app)
    page = browser.send(browser.open("/head"), "/head", 422, text="Не дозвониться", number="482174")
    assert "Оставьте телефон или e-mail" in page.text
    assert "опечатка" in page.text
    page = browser.send(page, "/head", phone="8 900 555 01 44", number="")
    complaint = db.session.scalars(select(Complaint)).one()
    assert (complaint.phone, complaint.is_confirmed, complaint.ticket_id) == ("+79005550144", False, None)
    [escalation] = db.session.scalars(select(Escalation))
    assert (escalation.cause, escalation.subject) == (Cause.HEAD_CALLED, f"complaint:{complaint.id}")
    browser.post("/head", data={"text": "x", "phone": "1"}, status=400)


def test_a_stranger_who_names_a_number_joins_nobodys_case(app: Flask, ticket: Ticket):
    known = complained(ticket)
    browser = Browser(app)
    page = browser.send(browser.open("/head"), "/head", text="Я тоже", phone="+79000000000", number=ticket.number)
    assert "Никто не звонит" not in page.text
    assert len(db.session.scalars(select(Complaint)).all()) == 2
    assert kinds(known) == ["said"]


def test_many_calls_by_nobody_known_ring_so_often_only(app: Flask):
    for number in range(13):
        complaints.open_case(
            ComplaintOrigin.CALL, Said(f"Вызов {number}"), complaints.Who(phone="+79000000000"), by_carol(), now()
        )
    outbox.commit()
    assert len(db.session.scalars(select(Complaint)).all()) == 13
    assert len(db.session.scalars(select(Escalation)).all()) == 10
