"""Nights with a moved clock: who is called at which minute, once, whatever is lost, late or put back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from app import clock, escalations, outbox, paging, thresholds, tickets
from app.actor import SYSTEM
from app.extensions import db
from app.models import Cause, DutyRole, Escalation, Page, Role, Urgency
from app.paging.making import MOST_UNCONFIRMED
from app.tickets import Contribution
from tests.cast import acting, alice, bob, masha, request_of_carol, staff
from tests.duty.rota import shift
from tests.paging.night import BREATH, HEAD, MINUTE, OPENING, THREE, called, escalation_of, go_to, letters, urgent

pytestmark = pytest.mark.usefixtures("app")
DAY, HALF = timedelta(days=1), timedelta(seconds=30)
NEW_YEAR = ("2026-12-31 09:00", "2027-01-02 09:00")


def roster() -> None:
    """Alice is on duty, Bob is the next, Masha and Nina are managers."""
    clock.shift(THREE - DAY - clock.now())
    masha()
    staff("Нина Котова", Role.MANAGER, "nina@stek.example")
    shift(alice(), *NEW_YEAR)
    shift(bob(), *NEW_YEAR, DutyRole.NEXT)


A, B, M, N = "alice@stek.example", "bob@stek.example", "masha@stek.example", "nina@stek.example"


def test_at_three_on_new_years_day_the_second_is_called_when_the_first_is_silent():
    roster()
    urgent()
    for minute in range(-9, 121):
        go_to(THREE + minute * MINUTE)
    assert called() == [
        ("03:00", A),
        ("03:10", A),
        ("03:10", B),
        *(("03:20", one) for one in (A, B, M, N)),
        *(("03:50", one) for one in (A, B, M, N)),
        *(("04:20", one) for one in (A, B, M, N)),
        *(("04:50", one) for one in (A, B, M, N)),
    ]


def test_a_step_is_made_once_however_often_it_is_swept_and_whatever_the_clock_does():
    roster()
    urgent()
    assert go_to(THREE) == 1
    assert [go_to(THREE + seconds * timedelta(seconds=1)) for seconds in range(20)] == [0] * 20
    assert go_to(THREE + 10 * MINUTE) == 2
    assert [go_to(THREE - MINUTE), go_to(THREE + 5 * MINUTE), go_to(THREE + 10 * MINUTE)] == [0, 0, 0]
    assert called() == [("03:00", A), ("03:10", A), ("03:10", B)]


def test_after_a_long_outage_the_latest_step_goes_out_and_not_twenty():
    roster()
    urgent()
    go_to(THREE)
    go_to(THREE + 10 * timedelta(hours=1))
    assert [at for at, _who in called()] == ["03:00", "13:00", "13:00", "13:00", "13:00"]


def test_acknowledged_it_is_silent_for_all_and_begins_anew_when_nothing_came_of_it():
    roster()
    ticket = urgent()
    go_to(THREE)
    with outbox.transaction():
        assert paging.acknowledge([escalation_of(ticket).id], acting(masha()), THREE + 4 * MINUTE).is_first
    assert [go_to(THREE + minute * MINUTE) for minute in (10, 20, 33)] == [0, 0, 0]
    for minute in (34, 44, 54):
        go_to(THREE + minute * MINUTE)
    assert called()[1:] == [("03:34", A), ("03:44", A), ("03:44", B), *(("03:54", one) for one in (A, B, M, N))]


def test_taken_solved_or_resolved_it_pages_no_more():
    roster()
    taken = urgent()
    go_to(THREE)
    tickets.take(taken, acting(bob()), clock.now())
    outbox.commit()
    assert go_to(THREE + 30 * MINUTE) == 0
    with outbox.transaction():
        escalations.report_system("silent: mail", "Часть программы «mail» молчит", clock.now())
    assert go_to(THREE + 31 * MINUTE) == 1
    with outbox.transaction():
        escalations.settle_system("silent: mail", clock.now())
    assert go_to(THREE + 50 * MINUTE) == 0


def test_an_empty_roster_calls_all_managers_and_the_heads_address_at_once():
    alice()
    masha()
    urgent()
    go_to(THREE)
    assert called() == [("03:00", M), ("03:00", HEAD)]


def test_a_desk_without_managers_calls_the_heads_address():
    urgent()
    go_to(THREE)
    assert called() == [("03:00", HEAD)]


def test_who_is_alone_on_duty_is_followed_by_the_managers():
    clock.shift(THREE - DAY - clock.now())
    masha()
    shift(alice(), *NEW_YEAR)
    urgent()
    go_to(THREE)
    go_to(THREE + 10 * MINUTE)
    assert called() == [("03:00", A), ("03:10", A), ("03:10", M)]


def test_what_can_wait_goes_to_managers_once_when_service_hours_begin():
    roster()
    clock.shift(THREE - clock.now())
    ticket = request_of_carol()
    tickets.solve(ticket, Contribution("Готово"), acting(bob()), clock.now())
    outbox.commit()
    with outbox.transaction():
        escalations.escalate(ticket, Cause.LOW_RATING, SYSTEM, clock.now(), "Долго")
    hours = [1, 12, 100, 200, (OPENING - THREE) / timedelta(hours=1) - 0.01]
    assert [go_to(THREE + hour * timedelta(hours=1)) for hour in hours] == [0] * len(hours)
    assert go_to(OPENING)
    assert called() == [("09:00", M), ("09:00", N), ("09:00", HEAD)], "nobody is on duty any more"
    assert go_to(OPENING + timedelta(hours=5)) == 0


def test_what_is_near_is_told_to_managers_only_where_nobody_has_it():
    masha()
    clock.shift(OPENING - clock.now())
    nobodys, bobs = request_of_carol(), request_of_carol(text="Принтер")
    tickets.take(bobs, acting(bob()), clock.now())
    outbox.commit()
    go_to(OPENING + timedelta(hours=7, minutes=45))
    near = select(Escalation.ticket_id).where(Escalation.cause == Cause.NEAR)
    assert set(db.session.scalars(near)) == {nobodys.id, bobs.id}
    paged = near.join(Page, Page.escalation_id == Escalation.id)
    assert set(db.session.scalars(paged)) == {nobodys.id}


def test_late_with_the_answer_and_then_with_the_solution_is_two_pieces_of_news():
    masha()
    clock.shift(OPENING - clock.now())
    request_of_carol()
    hour = timedelta(hours=1)
    assert [bool(go_to(OPENING + hours * hour)) for hours in (1.1, 2, 7.4)] == [True, False, False]
    go_to(OPENING + 9.1 * hour)  # past closing
    assert go_to(OPENING + 24 * hour)
    assert [at for at, who in called() if who == M] == ["10:06", "09:00"]


def test_several_at_one_moment_are_one_letter():
    roster()
    several = [urgent(text=f"Касса {number} не печатает чек") for number in range(3)]
    go_to(THREE)
    assert called() == [("03:00", A)]
    assert len(letters(A)) == 1
    told = select(Escalation.ticket_id).join(Page, Page.escalation_id == Escalation.id)
    assert set(db.session.scalars(told)) == {ticket.id for ticket in several}


def test_a_manager_who_is_the_engineer_complained_of_hears_nothing_of_it():
    clock.shift(THREE - DAY - clock.now())
    staff("Нина Котова", Role.MANAGER, "nina@stek.example")
    masha()
    shift(masha(), *NEW_YEAR)
    ticket = request_of_carol()
    tickets.take(ticket, acting(masha()), clock.now())
    outbox.commit()
    clock.shift(THREE - clock.now())
    tickets.complain(ticket, "Мария не отвечает", SYSTEM, clock.now())
    outbox.commit()
    for minute in (0, 10, 20, 50):
        go_to(THREE + minute * MINUTE)
    assert {who for _at, who in called()} == {N, HEAD}, "nobody else is on duty"
    assert len(called()) == 8


def test_a_complaint_waits_for_service_hours_where_managers_want_it():
    roster()
    thresholds.change_hours("day", None, clock.now())
    outbox.commit()
    thresholds.forget()
    clock.shift(THREE - 10 * MINUTE - clock.now())
    ticket = request_of_carol()
    clock.shift(THREE - clock.now())
    tickets.complain(ticket, "Никто не отвечает", SYSTEM, clock.now())
    outbox.commit()
    for minute in (0, 20, 50):
        go_to(THREE + minute * MINUTE)
    assert called() == []
    for minute in (0, 20, 40):
        go_to(OPENING + minute * MINUTE)
    assert {at for at, _who in called()} == {"09:00"}, "once, when the day begins"
    assert {who for _at, who in called()} == {M, N, HEAD}


@pytest.mark.trust("A14")
def test_a_flood_of_urgent_requests_that_nobody_vouched_for_is_capped_and_told_together_later():
    roster()
    for number in range(9):
        clock.shift(THREE - 10 * MINUTE - BREATH + number * HALF - clock.now())
        stranger: dict[str, Any] = {
            "email": f"m{number}@else.example",
            "name": "Кто-то",
            "company": "Рога",
            "phone": "",
        }
        request_of_carol(urgency=Urgency.URGENT, **stranger)
    for number in range(9):
        go_to(THREE + number * HALF)
    assert len(letters(A)) == MOST_UNCONFIRMED
    trusted = request_of_carol(urgency=Urgency.URGENT)
    go_to(clock.now() + 10 * MINUTE)
    assert len(letters(A)) == MOST_UNCONFIRMED + 1, "those held back are told with the next, in one letter"
    assert len(db.session.scalars(select(Page).where(Page.delivery_id == letters(A)[-1].id)).all()) == 10
    assert escalation_of(trusted).acknowledged_at is None
