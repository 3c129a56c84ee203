"""Many requests made urgent, or standard again, at once: the promise of each by the single act's rules, and undone."""

from __future__ import annotations

from datetime import timedelta

from app import alarms, clock, notify, outbox, tickets
from app.clock import now
from app.extensions import db
from app.models import Delivery, Ticket, Urgency
from app.tickets import Contribution
from tests.cast import acting, alice, bob, request_of_carol
from tests.history import ledger
from tests.web.acting import action
from tests.web.browse import Browser, Page
from tests.web.picking import done, picked, undone


def turned(browser: Browser, urgency: Urgency, *chosen: Ticket) -> Page:
    page = picked(browser, "urgency", *chosen)
    return done(browser, page, "urgency", list(chosen), urgency=urgency.value)


def letters(notice: str) -> int:
    notify.drain()
    outbox.commit()
    return db.session.query(Delivery).filter_by(notice=notice).count()


def test_each_is_promised_two_hours_and_one_that_is_urgent_already_is_named(alices: Browser):
    first, second = request_of_carol(), request_of_carol(text="Касса стоит", urgency=Urgency.URGENT)
    page = turned(alices, Urgency.URGENT, first, second)
    assert f"{second.number}: Уже срочная." in page.text
    assert "Срочность изменена, заявок: 1" in page.text
    assert first.is_urgent
    assert ledger(first)[-1].due_at == min(ledger(first)[0].due_at, ledger(first)[-1].stated_at + timedelta(hours=2))
    assert len(ledger(second)) == 1


def test_undone_at_once_the_promise_before_is_in_force_again_and_nobody_heard(alices: Browser):
    ticket, other = request_of_carol(), request_of_carol(text="Вторая")
    before = ledger(ticket)[0].due_at
    page = turned(alices, Urgency.URGENT, ticket, other)
    assert "Отменено, заявок: 2" in undone(alices, page).text
    assert not ticket.is_urgent
    assert ticket.due_at == ledger(ticket)[-1].due_at == before
    assert ledger(ticket)[-1].reason == "срочность вернули, как была"
    clock.shift(timedelta(minutes=1))
    assert letters("moved") == 0


def test_two_hours_are_not_begun_anew_by_taking_urgency_off_and_back(alices: Browser):
    ticket = request_of_carol(text="Касса стоит", urgency=Urgency.URGENT)
    due_at = ticket.due_at
    clock.shift(timedelta(minutes=50))
    page = turned(alices, Urgency.NORMAL, ticket)
    assert not ticket.is_urgent
    clock.shift(timedelta(minutes=5))
    told = letters("moved")
    assert told > 0
    undone(alices, page)
    assert ticket.is_urgent
    assert ticket.due_at == due_at
    clock.shift(timedelta(minutes=1))
    assert letters("moved") == 2 * told  # of its being urgent again, as of the other


def test_a_promise_that_was_broken_already_is_not_put_back(alices: Browser):
    ticket = request_of_carol(text="Касса стоит", urgency=Urgency.URGENT)
    clock.shift(timedelta(hours=3))
    alarms.sweep()
    broken = ledger(ticket)[-1]
    assert broken.kept is False
    undone(alices, turned(alices, Urgency.NORMAL, ticket))
    assert ticket.is_urgent
    assert ledger(ticket)[-1].due_at > now() > broken.due_at


def test_what_stopped_a_clock_meanwhile_keeps_its_urgency_and_is_named(alices: Browser):
    ticket, other = request_of_carol(), request_of_carol(text="Вторая")
    page = turned(alices, Urgency.URGENT, ticket, other)
    tickets.ask(ticket, Contribution("Какая касса?"), acting(bob()), now())
    tickets.take(other, acting(bob()), now())
    outbox.commit()
    page = undone(alices, page)
    assert f"{ticket.number}: После этого в заявке уже что-то сделали" in page.text
    assert [ticket.is_urgent, other.is_urgent] == [True, False]
    assert other.engineer_id == bob().id


def test_a_form_without_a_choice_says_so(alices: Browser):
    page = picked(alices, "urgency", request_of_carol())
    page = alices.send(page, action(page, "/queue/bulk/urgency"), 422)
    assert "Выберите, какими станут заявки" in page.text


def test_one_that_was_solved_meanwhile_is_refused_by_name(alices: Browser):
    ticket, other = request_of_carol(), request_of_carol(text="Вторая")
    page = picked(alices, "urgency", ticket, other)
    tickets.solve(ticket, Contribution("Готово"), acting(alice()), now())
    outbox.commit()
    page = done(alices, page, "urgency", [ticket, other], urgency="urgent")
    assert "Сделано: 1. Не получилось:" in page.text
    assert ticket.number in page.text.partition("Не получилось:")[2][:40]


def test_a_wait_that_went_on_meanwhile_counts_as_if_nothing_had_been_turned(alices: Browser):
    first, other = request_of_carol(), request_of_carol(text="Вторая")
    for ticket in (first, other):
        tickets.ask(ticket, Contribution("Какая касса?"), acting(bob()), now())
    outbox.commit()
    clock.shift(timedelta(minutes=20))
    page = turned(alices, Urgency.URGENT, first)
    clock.shift(timedelta(minutes=5))
    undone(alices, page)
    assert first.due_at == other.due_at
    clock.shift(timedelta(minutes=30))
    at = now()
    for ticket in (first, other):
        tickets.answer(ticket, Contribution("Атол"), acting(alice()), at)
    outbox.commit()
    assert not first.is_urgent
    assert first.due_at == other.due_at
