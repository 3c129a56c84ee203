"""The roster's plain forms: gaps filled, mistakes named, two managers at once, swaps, weeks, absences."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from xml.etree.ElementTree import Element

import pytest

from app import clock, duty
from app.extensions import db
from app.models import DutyAbsence, DutyShift
from tests.cast import alice, bob, masha
from tests.duty.rota import shift
from tests.web.browse import Browser, Page
from tests.web.signing_in import signed_in
from tests.working_hours import moscow

FRIDAY = moscow("2026-11-27T12:00")
NEW, SHIFTS = "/duty/shifts/new", "/duty/shifts"


@pytest.fixture(autouse=True)
def _friday() -> None:
    clock.shift(FRIDAY - datetime.now(UTC))


def days(page: Page) -> dict[str, str]:
    """What each day of the four weeks says."""
    told = {}
    for day in page.all("li"):
        if (day.get("class") or "").startswith("duty-day"):
            words = " ".join("".join(day.itertext()).split()).replace("\xa0", " ")
            label = " ".join("".join(_first(day, "time").itertext()).split()).replace("\xa0", " ")
            told[label] = words
    return told


def _first(root: Element, tag: str) -> Element:
    return next(iter(root.iter(tag)))


def value(page: Page, field: str) -> str:
    return page.one("input", id=field).get("value") or ""


def wanted(who: Any, starts: str, ends: str, role: str = "owner") -> dict[str, Any]:
    return {"staff": str(who.id), "role": role, "starts": starts, "ends": ends}


def test_a_gap_is_filled_from_its_warning(manager: Browser) -> None:
    shift(alice(), "2026-11-27T09:00", "2026-11-30T09:00")
    shift(bob(), "2026-11-30T18:00", "2026-12-10T09:00")
    page = manager.open("/duty")
    assert "Нет дежурного: пн, 30 ноя, 9:00 – пн, 30 ноя, 18:00." in page.text
    assert "9:00–18:00 никого" in days(page)["пн, 30 ноя"]
    link = next(one for one in page.all("a") if (one.get("href") or "").startswith(f"{NEW}?starts"))
    form = manager.open(link.get("href") or "")
    assert (value(form, "starts"), value(form, "ends")) == ("2026-11-30T09:00", "2026-11-30T18:00")
    done = manager.send(form, SHIFTS, staff=str(masha().id))
    assert "Смена внесена." in done.text
    assert "Нет дежурного:" not in done.text
    assert "9:00–18:00 Иванова" in days(done)["пн, 30 ноя"]
    change = done.all("form")
    undo = next(one.get("action") or "" for one in change if "undoing" in (one.get("action") or ""))
    undone = manager.post(undo, data={"csrf_token": token(done)})
    assert "Правка отменена." in undone.text
    assert "Нет дежурного:" in undone.text


def token(page: Page) -> str:
    return page.all("input", name="csrf_token")[0].get("value") or ""


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"starts": "2026-12-02T09:00", "ends": "2026-12-01T09:00"}, "Конец раньше начала"),
        ({"starts": "2026-12-01T09:00", "ends": "2027-12-01T09:00"}, "больше 31 дней"),
        ({"starts": "вчера", "ends": "2026-12-01T09:00"}, "Напишите день и время"),
        ({"starts": "9999-12-02T09:00", "ends": "2026-12-01T09:00"}, "Напишите день и время"),
        ({"staff": ""}, "Выберите, кто дежурит"),
        ({"staff": "99999999999999"}, "Выберите, кто дежурит"),
        ({"role": "третий"}, "Выберите: первый или второй"),
    ],
)
def test_a_wrong_field_is_named_and_what_was_typed_stays(manager: Browser, typed: dict[str, str], said: str) -> None:
    known: dict[str, Any] = {**wanted(bob(), "2026-12-01T09:00", "2026-12-02T09:00"), **typed}
    page = manager.send(manager.open(NEW), SHIFTS, 422, **known)
    assert said in page.text
    assert page.title.startswith("Ошибка:")
    assert value(page, "ends") == known["ends"]
    assert not duty.is_kept()


def test_an_overlap_is_refused_with_both_names(manager: Browser) -> None:
    shift(alice(), "2026-12-01T09:00", "2026-12-02T09:00")
    page = manager.send(manager.open(NEW), SHIFTS, 422, **wanted(bob(), "2026-12-01T18:00", "2026-12-02T18:00"))
    assert "Алиса Орлова, вт, 1 дек, 9:00 – ср, 2 дек, 9:00, и Борис Белов" in page.text


def test_the_slower_manager_keeps_what_they_typed(manager: Browser) -> None:
    one = shift(alice(), "2026-12-01T09:00", "2026-12-02T09:00")
    address = f"/duty/shifts/{one.id}"
    mine, theirs = manager.open(address), manager.open(address)
    manager.send(theirs, address, **wanted(bob(), "2026-12-01T09:00", "2026-12-02T09:00"))
    page = manager.send(mine, address, 422, **wanted(masha(), "2026-12-01T10:00", "2026-12-02T10:00"))
    assert "Пока вы правили, график изменили" in page.text
    assert value(page, "starts") == "2026-12-01T10:00"
    assert db.session.get_one(DutyShift, one.id).staff_id == bob().id
    manager.send(page, address)  # looked at it, and said it again
    assert db.session.get_one(DutyShift, one.id).staff_id == masha().id


def test_one_who_was_removed_meanwhile_can_be_put_in_anew(manager: Browser) -> None:
    one = shift(alice(), "2026-12-01T09:00", "2026-12-02T09:00")
    address = f"/duty/shifts/{one.id}"
    mine, theirs = manager.open(address), manager.open(address)
    manager.send(theirs, f"{address}/removal")
    page = manager.send(mine, address, 422, **wanted(masha(), "2026-12-01T10:00", "2026-12-02T10:00"))
    assert "убрали из графика" in page.text
    manager.send(page, SHIFTS)
    assert [two.staff_id for two in db.session.query(DutyShift)] == [masha().id]
    assert "Такой смены нет" in manager.open("/duty/shifts/999", 404).text


def test_shifts_are_swapped_and_weeks_repeated(manager: Browser) -> None:
    one = shift(alice(), "2026-11-30T09:00", "2026-12-01T09:00")
    other = shift(bob(), "2026-12-01T09:00", "2026-12-07T09:00")
    address = f"/duty/shifts/{one.id}"
    page = manager.send(manager.open(address), f"{address}/swap", other=str(other.id))
    assert "Сменами поменялись." in page.text
    assert "с 9:00 Белов" in days(page)["пн, 30 ноя"]
    assert "Выберите смену" in manager.send(manager.open(address), f"{address}/swap", 422).text
    page = manager.send(manager.open("/duty?from=2026-11-30"), "/duty/repetition", times="2")
    assert "Добавлено смен: 4." in page.text
    assert "с 9:00 Орлова" in days(page)["вт, 8 дек"]
    wrong = manager.send(manager.open("/duty"), "/duty/repetition", 422, times="200", weeks="9")
    assert "Повторить можно от 1 до 12 раз." in wrong.text
    assert value(wrong, "times") == "200"


def test_an_absence_is_noted_by_days_changed_and_ended(manager: Browser) -> None:
    shift(alice(), "2026-11-27T09:00", "2026-12-10T09:00")
    form = manager.open("/duty/absences/new")
    told: dict[str, Any] = {"staff": str(alice().id), "substitute": str(bob().id)}
    told |= {"starts": "2026-12-01", "ends": "2026-12-03"}
    page = manager.send(form, "/duty/absences", **told, reason="отпуск")
    assert "Отсутствие внесено." in page.text
    assert "Белов" in days(page)["чт, 3 дек"]
    assert "Орлова" in days(page)["пт, 4 дек"]
    row = db.session.query(DutyAbsence).one()
    assert (row.starts_at, row.ends_at) == (moscow("2026-12-01T00:00"), moscow("2026-12-04T00:00"))
    address = f"/duty/absences/{row.id}"
    form = manager.open(address)
    assert (value(form, "ends"), value(form, "until"), value(form, "reason")) == ("2026-12-03", "", "отпуск")
    manager.send(form, address, until="18:00")
    db.session.expire_all()
    assert db.session.get_one(DutyAbsence, row.id).ends_at == moscow("2026-12-03T18:00")
    assert "Пока вы правили" in manager.send(form, address, 422, until="17:00").text
    wrong = manager.send(manager.open(address), address, 422, since="полдень", starts="2026-13-01")
    assert "Напишите время" in wrong.text
    assert "Напишите день." in wrong.text
    manager.send(manager.open(address), f"{address}/return")
    assert db.session.query(DutyAbsence).all() == []


def test_an_hour_that_clocks_leave_out_is_refused(make_app: Any) -> None:
    app = make_app(TIME_ZONE="Europe/Berlin")
    with app.app_context():
        browser = signed_in(app, masha())
        typed: Any = wanted(bob(), "2027-03-28T02:30", "2027-03-28T09:00")
        page = browser.send(browser.open(NEW), SHIFTS, 422, **typed)
        assert "Такого времени не бывает" in page.text
        browser.send(page, SHIFTS, starts="2027-03-28T03:00")
        row = db.session.query(DutyShift).one()
        assert row.ends_at - row.starts_at == timedelta(hours=6)
