"""What the roster shows: to engineers read-only, who is on duty on every page, notes that are handed over."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from flask import Flask

from app import clock, outbox
from app.clock import now
from app.duty import handover
from app.models import DutyRole
from tests.cast import acting, alice, bob, masha
from tests.duty.rota import absence, shift
from tests.web.browse import Browser
from tests.web.signing_in import signed_in
from tests.web.test_duty import NEW, days, token
from tests.working_hours import moscow

FRIDAY = moscow("2026-11-27T12:00")


@pytest.fixture(autouse=True)
def _friday() -> None:
    clock.shift(FRIDAY - datetime.now(UTC))


@pytest.fixture
def engineer(app: Flask) -> Browser:
    return signed_in(app, alice())


def test_an_empty_roster_says_what_happens_without_one(manager: Browser) -> None:
    page = manager.open("/duty")
    assert "Сейчас никто не дежурит. О срочном узнают все руководители." in page.text
    assert len(days(page)) == 28
    assert "Нет дежурного:" not in page.text  # nobody misses what was never begun
    assert "Дежурит никто" in page.text


def test_four_weeks_show_who_really_stands_and_the_holidays(manager: Browser) -> None:
    shift(alice(), "2026-12-28T09:00", "2027-01-11T09:00")
    shift(bob(), "2026-12-31T18:00", "2027-01-01T09:00", DutyRole.NEXT)
    absence(alice(), "2027-01-01T00:00", "2027-01-02T00:00", masha())
    told = days(manager.open("/duty?from=2026-12-30"))
    assert "Орлова" in told["пн, 28 дек"]
    assert "Орлова" in told["чт, 31 дек"]
    assert "2 (вторым)Белов" in told["чт, 31 дек"]
    first = told["пт, 1 янв 2027"]
    assert "Новогодние каникулы" in first
    assert "Иванова" in first
    assert "за: Орлова" in first
    assert "Орлова" in told["сб, 2 янв 2027"]


def test_an_engineer_reads_the_roster_and_hands_over(engineer: Browser) -> None:
    shift(alice(), "2026-11-27T09:00", "2026-11-28T09:00")
    absence(bob(), "2026-11-27T09:00", "2026-12-08T09:00").reason = "лечится"
    outbox.commit()
    page = engineer.open("/duty")
    assert "Сегодня дежурит Алиса Орлова до завтра, 9:00." in page.text
    assert "пт, 27 ноя, 9:00 – сб, 28 ноя, 9:00" in page.text
    assert "лечится" not in page.text
    assert not [one for one in page.all("a") if "/duty/shifts" in (one.get("href") or "")]
    for address in (NEW, "/duty/shifts/1", "/duty/absences/new"):
        engineer.open(address, 403)
    engineer.post("/duty/repetition", 403, data={"csrf_token": token(page)})
    empty = engineer.send(page, "/duty/notes", 422, text="  ")
    assert "Напишите, что передаёте" in empty.text
    done = engineer.send(page, "/duty/notes", text="Касса ждёт ключ <b>&")
    assert "Касса ждёт ключ <b>&" in done.text


def test_whoever_is_on_duty_sees_the_note_on_the_queue_until_taken_over(engineer: Browser, manager: Browser) -> None:
    with outbox.transaction():
        note = handover.hand_over("Касса ждёт ключ", acting(bob()), now())
    assert "Касса ждёт ключ" not in engineer.open("/queue").text  # not on duty
    shift(alice(), "2026-11-27T09:00", "2026-11-28T09:00")
    page = engineer.open("/queue")
    assert "Касса ждёт ключ" in page.text
    assert "Ничьи заявки ведёт Алиса Орлова" in page.text
    assert "Дежурит Орлова" in page.text
    assert "Касса ждёт ключ" not in manager.open("/queue").text
    page = engineer.send(page, f"/duty/notes/{note.id}/reading")
    assert page.address == "/queue"
    assert "Касса ждёт ключ" not in page.text
    assert "принял(а) Алиса Орлова" in engineer.open("/duty").text


def test_the_call_page_and_the_escalations_name_who_is_on_duty(manager: Browser) -> None:
    shift(alice(), "2026-11-27T09:00", "2026-11-27T18:00")
    shift(bob(), "2026-11-27T18:00", "2026-11-28T09:00")
    assert "Сегодня дежурит Алиса Орлова до 18:00" in manager.open("/tickets/new").text
    side = manager.open("/escalations").text
    assert "дежурит до 18:00" in side
    assert "дежурит с 18:00" in side
