"""Acts on the manager's list: acknowledged by two at once, back after half an hour, taken, given away, called."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from app import alarms, clock, escalations, outbox, paging, tickets
from app.actor import SYSTEM, Actor
from app.clock import now
from app.extensions import db
from app.models.escalation import Escalation, EscalationAct
from app.models.staff import Staff
from app.models.ticket import Ticket
from app.models.words import Cause, Handling, Role, Urgency
from tests.cast import alice, bob, masha, request_of_carol, staff
from tests.web.browse import Browser
from tests.web.signing_in import signed_in


@pytest.fixture
def second(app: Flask) -> Browser:
    return signed_in(app, pavel())


def pavel() -> Staff:
    return staff("Павел Белов", Role.MANAGER, "pavel@stekspb.ru")


def escalated(cause: Cause = Cause.COMPLAINT, text: str = "", **request) -> Ticket:
    ticket = request_of_carol(**request)
    escalations.escalate(ticket, cause, SYSTEM, now(), text)
    outbox.commit()
    return ticket


def only() -> Escalation:
    return db.session.query(Escalation).one()


def acts() -> list[tuple[Handling, str]]:
    return [(act.kind, act.text) for act in db.session.query(EscalationAct).order_by(EscalationAct.id)]


def test_who_comes_second_is_told_who_was_first_and_when(manager: Browser, second: Browser):
    escalated()
    action = f"/escalations/{only().id}/acknowledgement"
    page = second.open("/escalations")
    manager.send(manager.open("/escalations"), action)
    after = second.send(page, action)
    assert f"Уже на контроле: {masha().name}, " in after.text
    assert only().watched_by_id == masha().id
    assert len(acts()) == 1


def test_a_press_that_was_doubled_says_nothing(manager: Browser):
    escalated()
    page = manager.open("/escalations")
    manager.send(page, f"/escalations/{only().id}/acknowledgement")
    again = manager.send(page, f"/escalations/{only().id}/acknowledgement")
    assert "Уже на контроле" not in again.text


def test_it_comes_back_after_half_an_hour_with_who_watched_it(manager: Browser):
    escalated()
    page = manager.open(f"/escalations/{only().id}")
    after = manager.send(page, f"/escalations/{only().id}/acknowledgement", note="Звоню сама")
    assert "напомним через 30 мин" in after.text
    assert "Сейчас всё под контролем" in after.text
    clock.shift(timedelta(minutes=29))
    assert "На контроле" in manager.open("/escalations").text
    clock.shift(timedelta(minutes=2))
    page = manager.open("/escalations")
    assert "Вас ждёт 1 заявка" in page.text
    assert "Была на контроле, не разобрана. Вы, " in page.text
    assert "«Звоню сама»" in page.text
    first = only().acknowledged_at
    manager.send(page, f"/escalations/{only().id}/acknowledgement")
    assert only().acknowledged_at == first  # what the customer reads never moves
    since = only().watched_since
    assert first
    assert since
    assert since > first + timedelta(minutes=30)
    assert [kind for kind, _text in acts()] == [Handling.ACKNOWLEDGED, Handling.ACKNOWLEDGED]


def test_it_is_put_back_before_its_time(manager: Browser):
    escalated()
    manager.send(manager.open("/escalations"), f"/escalations/{only().id}/acknowledgement")
    page = manager.send(manager.open("/escalations"), f"/escalations/{only().id}/put-back")
    assert "Вас ждёт 1 заявка" in page.text
    assert acts()[-1] == (Handling.PUT_BACK, "")


def test_news_end_the_watch_over_a_late_answer(manager: Browser):
    ticket = escalated(Cause.MISSED, "reaction")
    manager.send(manager.open("/escalations"), f"/escalations/{only().id}/acknowledgement")
    assert escalations.escalate(ticket, Cause.MISSED, SYSTEM, now(), "solution")
    outbox.commit()
    assert "Вас ждёт 1 заявка" in manager.open("/escalations").text
    assert not escalations.escalate(ticket, Cause.MISSED, SYSTEM, now(), "solution")


def test_the_manager_takes_the_request_and_an_untaken_urgent_one_is_over(manager: Browser):
    ticket = escalated(Cause.URGENT_UNTAKEN, urgency=Urgency.URGENT)
    escalations.escalate(ticket, Cause.COMPLAINT, SYSTEM, now(), "Никто не едет")
    outbox.commit()
    first = db.session.query(Escalation).order_by(Escalation.id).first()
    assert first is not None
    page = manager.send(manager.open("/escalations"), f"/escalations/{first.id}/taking")
    assert "На контроле" in page.text
    assert db.session.get_one(Ticket, ticket.id).engineer_id == masha().id
    untaken, complaint = db.session.query(Escalation).order_by(Escalation.id).all()
    assert "взяли" in untaken.resolution
    assert untaken.resolved_by_id is None
    assert escalations.is_watched(complaint, now())
    assert (Handling.TAKEN, "") in acts()


def test_a_colleague_who_took_it_meanwhile_is_named(manager: Browser):
    ticket = escalated(Cause.COMPLAINT)
    page = manager.open("/escalations")
    tickets.take(ticket, Actor.of_staff(bob()), now())
    outbox.commit()
    after = manager.send(page, f"/escalations/{only().id}/taking")
    assert bob().name in after.text
    assert not acts()


def test_an_engineer_is_chosen_by_load(manager: Browser):
    busy = request_of_carol(urgency=Urgency.URGENT)
    tickets.take(busy, Actor.of_staff(alice()), now())
    bob()
    ticket = escalated(Cause.MISSED, "solution")
    page = manager.open(f"/escalations/{only().id}/assignment")
    assert f"{alice().name} 1 заявка" in page.text
    assert "1 срочная" in page.text
    assert f"{bob().name} 0 заявок" in page.text
    refused = manager.send(page, f"/escalations/{only().id}/assignment", status=422, engineer="")
    assert "Выберите, кому отдать заявку" in refused.text
    after = manager.send(refused, f"/escalations/{only().id}/assignment", engineer=str(bob().id))
    assert db.session.get_one(Ticket, ticket.id).engineer_id == bob().id
    assert f"«Назначена: {bob().name}»" in after.text
    assert (Handling.ASSIGNED, bob().name) in acts()


def test_a_call_is_one_line(manager: Browser):
    escalated()
    page = manager.open(f"/escalations/{only().id}")
    after = manager.send(page, f"/escalations/{only().id}/call", text="Ольга ждёт до пяти")
    assert acts() == [(Handling.CALLED, "Ольга ждёт до пяти")]
    assert "Вы: звонок" in after.text


def test_a_complaint_is_hidden_from_the_manager_whom_it_names(manager: Browser, second: Browser):
    ticket = request_of_carol()
    tickets.take(ticket, Actor.of_staff(masha()), now())
    escalations.escalate(ticket, Cause.COMPLAINT, SYSTEM, now(), "Мария не перезвонила")
    outbox.commit()
    assert "Сейчас всё под контролем" in manager.open("/escalations").text
    assert "Эскалации1" not in manager.open("/escalations").text.replace(" ", "")
    manager.open(f"/escalations/{only().id}", status=404)
    assert "не перезвонила" in second.open("/escalations").text
    escalations.escalate(ticket, Cause.MISSED, SYSTEM, now(), "solution")
    outbox.commit()
    page = manager.open("/escalations")
    assert "Срок прошёл" in page.text
    assert "не перезвонила" not in page.text


def test_every_row_says_why_the_deadline(manager: Browser):
    ticket = escalated(Cause.NEAR)
    page = manager.open("/escalations")
    row = page.one("li", data_ticket=ticket.number)
    assert [time.get("data-promise") for time in row.iter("time")] == ["solution"]
    assert any(one.get("data-why") is not None and one.text for one in row.iter("p"))


def test_what_is_over_goes_by_itself(app: Flask):
    ticket = escalated(Cause.URGENT_UNTAKEN, urgency=Urgency.URGENT)
    escalations.escalate(ticket, Cause.MISSED, SYSTEM, now(), "reaction")
    outbox.commit()
    alarms.sweep()
    assert db.session.query(Escalation).filter(Escalation.resolved_at.is_(None)).count() == 2
    tickets.take(db.session.get_one(Ticket, ticket.id), Actor.of_staff(alice()), now())
    outbox.commit()
    alarms.sweep()
    assert db.session.query(Escalation).filter(Escalation.resolved_at.is_(None)).count() == 0
    assert not acts()  # nobody did it


def test_a_row_names_who_was_told(manager: Browser):
    escalated(Cause.URGENT_UNTAKEN, urgency=Urgency.URGENT)
    paging.sweep()
    paging.sweep()
    page = manager.open("/escalations")
    assert "Сообщили: Иванова." in page.text
