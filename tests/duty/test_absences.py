"""Absences, substitutes, handing over, and taking a change back."""

from __future__ import annotations

from typing import Any

import pytest

from app import duty, outbox
from app.duty import absences, handover, shifts, undoing
from app.duty.absences import Away
from app.duty.shifts import Wanted
from app.errors import IllegalMove, IntakeRejected
from app.extensions import db
from app.models import DutyAbsence, DutyChange, DutyRole, DutyShift, Staff
from tests.cast import acting, alice, bob, masha
from tests.duty.rota import shift
from tests.working_hours import moscow

pytestmark = pytest.mark.usefixtures("app")
NOW = moscow("2026-11-27T12:00")


def away(one: Staff, start: str, end: str, substitute: Staff | None = None) -> DutyChange:
    stand_in = substitute.id if substitute else None
    with outbox.transaction():
        return absences.be_away(Away(one.id, stand_in, moscow(start), moscow(end), "отпуск"), acting(masha()), NOW)


def refused(verb: Any, *args: Any) -> dict[str, str]:
    with pytest.raises(IntakeRejected) as refusal:
        verb(*args)
    outbox.take_back()
    return refusal.value.errors


def on_duty(moment: str) -> list[str]:
    return [one.surname for one in duty.on_duty(moscow(moment))]


def undo(change: DutyChange) -> None:
    with outbox.transaction():
        undoing.undo(change.id, acting(masha()), NOW)


def test_an_absence_is_noted_changed_and_ended() -> None:
    shift(alice(), "2026-11-27T09:00", "2026-12-04T09:00")
    noted = away(alice(), "2026-11-27T00:00", "2026-12-02T00:00", bob())
    assert on_duty("2026-11-28T12:00") == ["Белов"]
    row = db.session.query(DutyAbsence).one()
    with outbox.transaction():
        shorter = Away(alice().id, None, row.starts_at, moscow("2026-11-30T00:00"), "болеет")
        absences.change(row.id, row.version, shorter, acting(masha()), NOW)
    assert on_duty("2026-11-28T12:00") == []
    assert on_duty("2026-11-30T12:00") == ["Орлова"]
    with outbox.transaction():
        absences.come_back(row.id, row.version, acting(masha()), NOW)
    assert on_duty("2026-11-28T12:00") == ["Орлова"]
    assert db.session.get_one(DutyAbsence, row.id).ends_at == NOW  # who was away was
    assert "Пока вы правили" in refused(absences.come_back, row.id, row.version - 1, acting(masha()), NOW)["seen"]
    with pytest.raises(IllegalMove, match="меняли ещё"):
        undo(noted)


def test_what_an_absence_refuses() -> None:
    away(alice(), "2026-12-01T00:00", "2026-12-05T00:00")
    assert "уже отсутствует" in refused(away, alice(), "2026-12-04T00:00", "2026-12-06T00:00")["starts"]
    assert "Себя" in refused(away, bob(), "2026-12-04T00:00", "2026-12-06T00:00", bob())["substitute"]
    assert "больше 400 дней" in refused(away, bob(), "2026-12-04T00:00", "2028-12-06T00:00")["ends"]
    masha().is_disabled = True
    outbox.commit()
    assert "substitute" in refused(away, bob(), "2026-12-04T00:00", "2026-12-06T00:00", masha())


def test_a_note_stands_until_somebody_took_it_over() -> None:
    with outbox.transaction():
        note = handover.hand_over(" Касса у «Нева-Трейд» ждёт ключ ", acting(alice()), NOW)
        assert handover.hand_over("Касса у «Нева-Трейд» ждёт ключ", acting(alice()), NOW) is note  # pressed twice
    assert [one.text for one in handover.unread()] == ["Касса у «Нева-Трейд» ждёт ключ"]
    with outbox.transaction():
        handover.read_note(note.id, acting(bob()), NOW)
    with outbox.transaction():
        handover.read_note(note.id, acting(masha()), NOW)
    assert handover.unread() == []
    assert [(one.read_by_id, one.read_at) for one in handover.recent()] == [(bob().id, NOW)]
    assert "text" in refused(handover.hand_over, "  ", acting(bob()), NOW)
    assert "text" in refused(handover.hand_over, "я" * 5001, acting(bob()), NOW)


def give(one: Staff, start: str, end: str) -> DutyChange:
    with outbox.transaction():
        return shifts.give(Wanted(one.id, DutyRole.OWNER, moscow(start), moscow(end)), acting(masha()), NOW)


def test_changes_are_taken_back_one_after_the_other() -> None:
    given = give(alice(), "2026-12-01T09:00", "2026-12-02T09:00")
    one = db.session.query(DutyShift).one()
    later = Wanted(bob().id, DutyRole.NEXT, moscow("2026-12-01T10:00"), moscow("2026-12-02T10:00"))
    with outbox.transaction():
        changed = shifts.change(one.id, one.version, later, acting(masha()), NOW)
    assert changed
    with pytest.raises(IllegalMove, match="меняли ещё"):
        undo(given)
    outbox.take_back()
    undo(changed)
    undo(changed)  # pressed twice
    assert on_duty("2026-12-01T09:30") == ["Орлова"]
    with outbox.transaction():
        removed = shifts.remove(one.id, db.session.get_one(DutyShift, one.id).version, acting(masha()), NOW)
    undo(removed)
    assert on_duty("2026-12-01T09:30") == ["Орлова"]
    undo(given)
    assert not duty.is_kept()


def test_what_was_taken_out_does_not_come_back_over_another() -> None:
    give(alice(), "2026-12-01T09:00", "2026-12-02T09:00")
    one = db.session.query(DutyShift).one()
    with outbox.transaction():
        removed = shifts.remove(one.id, one.version, acting(masha()), NOW)
    give(bob(), "2026-12-01T09:00", "2026-12-02T09:00")
    with pytest.raises(IllegalMove, match="Смены пересекаются"):
        undo(removed)
    assert on_duty("2026-12-01T09:30") == ["Белов"]


def test_a_swap_and_an_absence_are_taken_back() -> None:
    give(alice(), "2026-12-01T09:00", "2026-12-02T09:00")
    give(bob(), "2026-12-02T09:00", "2026-12-03T09:00")
    one, other = db.session.query(DutyShift).order_by(DutyShift.starts_at)
    with outbox.transaction():
        swapped = shifts.swap(one.id, one.version, other.id, acting(masha()), NOW)
    gone = away(alice(), "2026-12-02T00:00", "2026-12-03T00:00")
    assert (on_duty("2026-12-01T12:00"), on_duty("2026-12-02T12:00")) == (["Белов"], [])
    undo(gone)
    undo(swapped)
    assert (on_duty("2026-12-01T12:00"), on_duty("2026-12-02T12:00")) == (["Орлова"], ["Белов"])
