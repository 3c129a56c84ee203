"""Verbs of shifts, and what they refuse."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier
from typing import Any

import pytest
from flask import Flask

from app import clock, duty, outbox
from app.duty import shifts
from app.duty.shifts import Wanted
from app.errors import IntakeRejected
from app.extensions import db
from app.models import DutyRole, DutyShift, Staff
from tests.cast import acting, alice, bob, masha
from tests.duty.rota import shift
from tests.working_hours import moscow

pytestmark = pytest.mark.usefixtures("app")
NOW = moscow("2026-11-27T12:00")
OWNER, NEXT = DutyRole.OWNER, DutyRole.NEXT


def wanted(one: Staff, start: str, end: str, role: DutyRole = OWNER) -> Wanted:
    return Wanted(one.id, role, moscow(start), moscow(end))


def give(one: Staff, start: str, end: str, role: DutyRole = OWNER) -> DutyShift:
    with outbox.transaction():
        done = shifts.give(wanted(one, start, end, role), acting(masha()), NOW)
    return db.session.get_one(DutyShift, done.data["after"][0]["id"])


def refused(*args: Any, verb: Any = give) -> dict[str, str]:
    with pytest.raises(IntakeRejected) as refusal:
        verb(*args)
    outbox.take_back()
    return refusal.value.errors


def rows() -> list[tuple[str, str, str]]:
    found = db.session.query(DutyShift).order_by(DutyShift.starts_at, DutyShift.role.desc()).all()
    names = {one.id: one.surname for one in db.session.query(Staff)}
    zone = moscow("2026-01-01").tzinfo
    return [(names[one.staff_id], one.role.value, f"{one.starts_at.astimezone(zone):%d.%m %H:%M}") for one in found]


def test_a_second_owner_is_refused_with_both_names_and_taken_as_the_second() -> None:
    give(alice(), "2026-12-01T09:00", "2026-12-02T09:00")
    said = refused(bob(), "2026-12-01T21:00", "2026-12-02T21:00")["starts"].replace("\u00a0", " ")
    assert said == (
        "Смены пересекаются: Алиса Орлова, вт, 1 дек, 9:00 – ср, 2 дек, 9:00, и Борис Белов, "
        "вт, 1 дек, 21:00 – ср, 2 дек, 21:00. Двое сразу дежурят только как первый и второй."
    )
    give(bob(), "2026-12-01T21:00", "2026-12-02T21:00", NEXT)
    give(bob(), "2026-12-02T21:00", "2026-12-03T09:00")  # half-open: the end of one is the start of another
    assert "Второй на это время уже есть" in refused(masha(), "2026-12-02T09:00", "2026-12-03T09:00", NEXT)["starts"]
    assert "уже дежурит" in refused(alice(), "2026-12-01T10:00", "2026-12-01T12:00", NEXT)["starts"]


@pytest.mark.parametrize(
    ("start", "end", "field", "said"),
    [
        ("2026-12-02T09:00", "2026-12-01T09:00", "ends", "Конец раньше начала"),
        ("2026-12-01T09:00", "2026-12-01T09:00", "ends", "Конец раньше начала"),
        ("2026-12-01T09:00", "2027-12-01T09:00", "ends", "больше 31 дней"),
        ("2026-11-26T09:00", "2026-11-27T09:00", "ends", "уже прошло"),
        ("2028-12-01T09:00", "2028-12-02T09:00", "starts", "больше года вперёд"),
    ],
)
def test_what_cannot_be_meant_is_refused(start: str, end: str, field: str, said: str) -> None:
    assert said in refused(alice(), start, end)[field]
    assert not duty.is_kept()


def test_who_left_the_firm_gets_no_shift() -> None:
    bob().is_disabled = True
    outbox.commit()
    assert "больше не работает" in refused(bob(), "2026-12-01T09:00", "2026-12-02T09:00")["staff"]


def test_the_slower_of_two_managers_is_told_and_changes_nothing() -> None:
    one = give(alice(), "2026-12-01T09:00", "2026-12-02T09:00")
    seen = one.version
    new = wanted(bob(), "2026-12-01T09:00", "2026-12-02T09:00")
    with outbox.transaction():
        assert shifts.change(one.id, seen, new, acting(masha()), NOW)
    later = wanted(masha(), "2026-12-01T09:00", "2026-12-02T09:00")
    errors = refused(one.id, seen, later, acting(masha()), NOW, verb=shifts.change)
    assert "Пока вы правили" in errors["seen"]
    assert "Пока вы правили" in refused(one.id, seen, acting(masha()), NOW, verb=shifts.remove)["seen"]
    assert rows() == [("Белов", "owner", "01.12 09:00")]
    assert shifts.change(one.id, seen + 1, new, acting(masha()), NOW) is None  # the same again


def test_a_running_shift_that_is_taken_out_ends_now() -> None:
    one = shift(alice(), "2026-11-27T09:00", "2026-11-28T09:00")
    with outbox.transaction():
        shifts.remove(one.id, one.version, acting(masha()), NOW)
    assert db.session.get_one(DutyShift, one.id).ends_at == NOW
    assert duty.on_duty(NOW) == []
    past = shift(bob(), "2026-11-26T09:00", "2026-11-27T09:00")
    assert "уже прошла" in refused(past.id, past.version, acting(masha()), NOW, verb=shifts.remove)["ends"]


def test_two_people_swap_their_shifts() -> None:
    one = give(alice(), "2026-12-01T09:00", "2026-12-02T09:00")
    other = give(bob(), "2026-12-05T09:00", "2026-12-06T09:00")
    with outbox.transaction():
        shifts.swap(one.id, one.version, other.id, acting(masha()), NOW)
    assert rows() == [("Белов", "owner", "01.12 09:00"), ("Орлова", "owner", "05.12 09:00")]
    third = give(bob(), "2026-12-05T09:00", "2026-12-06T09:00", NEXT)  # bob is the second beside the first he gave away
    errors = refused(one.id, one.version, other.id, acting(masha()), NOW, verb=shifts.swap)
    assert "уже дежурит" in errors["starts"]
    errors = refused(one.id, one.version, third.id, acting(masha()), NOW, verb=shifts.swap)
    assert "у одного человека" in errors["other"]
    assert rows()[0] == ("Белов", "owner", "01.12 09:00")


def test_weeks_are_repeated_in_turn_and_leave_what_is_there() -> None:
    give(alice(), "2026-11-30T09:00", "2026-12-07T09:00")
    give(bob(), "2026-12-07T09:00", "2026-12-14T09:00")
    give(masha(), "2026-12-23T09:00", "2026-12-24T09:00")
    with outbox.transaction():
        done = shifts.repeat(date(2026, 11, 30), 2, 2, acting(masha()), NOW)
    assert (done.made, done.taken) == (3, 1)
    assert rows() == [
        ("Орлова", "owner", "30.11 09:00"),
        ("Белов", "owner", "07.12 09:00"),
        ("Орлова", "owner", "14.12 09:00"),
        ("Иванова", "owner", "23.12 09:00"),
        ("Орлова", "owner", "28.12 09:00"),
        ("Белов", "owner", "04.01 09:00"),
    ]
    again = shifts.repeat(date(2026, 11, 30), 2, 2, acting(masha()), NOW)
    assert (again.made, again.taken, again.change) == (0, 4, None)
    outbox.take_back()
    assert set(refused(date(2026, 11, 30), 5, 0, acting(masha()), NOW, verb=shifts.repeat)) == {"weeks", "times"}
    assert "first" in refused(date(2026, 11, 16), 1, 1, acting(masha()), NOW, verb=shifts.repeat)


def test_a_repeated_week_keeps_the_wall_clock_over_the_change_of_clocks(make_app: Any) -> None:
    with make_app(TIME_ZONE="Europe/Berlin").app_context():
        zone = clock.now().astimezone().tzinfo  # any: moments are compared, not their zones
        at = moscow("2027-03-15T12:00").astimezone(zone)
        start, end = moscow("2027-03-27T20:00"), moscow("2027-03-28T08:00")  # 18:00 to 06:00 in Berlin, clocks go on
        with outbox.transaction():
            shifts.give(
                Wanted(alice().id, OWNER, moscow("2027-03-20T20:00"), moscow("2027-03-21T08:00")), acting(masha()), at
            )
            shifts.repeat(date(2027, 3, 15), 1, 1, acting(masha()), at)
        copy = db.session.query(DutyShift).order_by(DutyShift.starts_at.desc()).first()
        assert copy
        assert copy.starts_at == start
        assert (end - copy.ends_at).total_seconds() == 3600  # an hour of that night is missing


def test_of_two_managers_at_the_same_moment_one_gets_the_hours(app: Flask) -> None:
    people, manager = [alice().id, bob().id], acting(masha())
    start, end = moscow("2026-12-01T09:00"), moscow("2026-12-02T09:00")
    db.session.rollback()
    ready = Barrier(2)

    def ask(staff_id: int) -> bool:
        with app.app_context():
            ready.wait(10)
            try:
                with outbox.transaction():
                    shifts.give(Wanted(staff_id, OWNER, start, end), manager, NOW)
            except IntakeRejected:
                return False
            finally:
                db.session.remove()
            return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(ask, people)) == [False, True]
    assert len(rows()) == 1
