"""Calendars changed by the pages: week and days with a way back, new ones, files good and bad, beside the decrees."""

from __future__ import annotations

import json
from datetime import date
from io import BytesIO
from typing import Any

from flask import Flask
from sqlalchemy import select

from app import terms
from app.extensions import db
from app.models import CalendarRecord, CalendarVersion, Promise
from app.reading.calendar_year import hours_shown
from tests.cast import alice, masha, request_of_carol
from tests.web.browse import Browser, Page
from tests.web.signing_in import signed_in
from tests.working_hours import spec


def hours(day: date, name: str = "ru-5x9") -> str:
    return hours_shown(terms.calendar_named(name).opening_hours_on(day))


def versions(name: str = "ru-5x9") -> list[tuple[int, str, str]]:
    rows = db.session.scalars(
        select(CalendarVersion).where(CalendarVersion.calendar == name).order_by(CalendarVersion.version)
    )
    return [(row.version, row.kind.value, row.actor_name) for row in rows]


def set_days(manager: Browser, status: int = 200, **typed: str) -> Page:
    page = manager.open("/calendars/ru-5x9/days")
    return manager.send(page, "/calendars/ru-5x9/days", status, **typed)


def set_week(manager: Browser, status: int = 200, **typed: str) -> Page:
    return manager.send(manager.open("/calendars/ru-5x9/week"), "/calendars/ru-5x9/week", status, **typed)


def upload(manager: Browser, content: bytes, status: int = 200) -> Page:
    file = (BytesIO(content), "calendar.json")
    return manager.send(manager.open("/calendars"), "/calendars/import", status, file=file)


def test_a_day_is_closed_and_taken_back_and_given_promises_stay(manager: Browser):
    ticket_id = request_of_carol().id
    due = [promise.due_at for promise in db.session.query(Promise).filter_by(ticket_id=ticket_id)]
    assert "по этому календарю: 1" in manager.open("/calendars/ru-5x9/days").text
    page = set_days(manager, since="2026-11-26", until="2026-11-27", how="off")
    assert "Изменены дни: 26.11.2026–27.11.2026. Названные сроки остались прежними." in page.text
    assert hours(date(2026, 11, 26)) == ""
    assert [promise.due_at for promise in db.session.query(Promise).filter_by(ticket_id=ticket_id)] == due
    undo = page.all("form", action="/calendars/ru-5x9/restoration")[0]
    assert [one.get("value") for one in undo.iter("input")][1:] == ["1", "2", "2026"]
    page = manager.post(
        "/calendars/ru-5x9/restoration",
        data={"csrf_token": undo.find("input").get("value"), "version": "1", "seen": "2", "year": "2026"},
    )
    assert "Возвращена версия 1" in page.text
    assert hours(date(2026, 11, 26)) == "9:00–18:00"
    assert versions() == [(1, "shipped", "HelpDesk"), (2, "days", masha().name), (3, "restored", masha().name)]


def test_days_get_hours_of_their_own_and_are_as_usual_again(manager: Browser):
    set_days(manager, since="31.12.2026", how="hours", hours="9-12, 13.00–24:00")
    assert hours(date(2026, 12, 31)) == "9:00–12:00, 13:00–24:00"
    set_days(manager, since="2026-12-31", how="usual")
    assert hours(date(2026, 12, 31)) == ""
    record = db.session.get(CalendarRecord, "ru-5x9")
    assert record
    assert (record.version, record.spec["days"]) == (3, {})


def test_the_same_again_makes_no_version(manager: Browser):
    set_week(manager)
    set_days(manager, since="2026-12-31", how="usual")
    assert versions() == [(1, "shipped", "HelpDesk")]


def test_a_week_is_set_with_zone_and_holidays(manager: Browser):
    page = set_week(manager, mon="22:00–24:00", tue="0-6; 22-24", sat="круглосуточно", fri="", time_zone="Asia/Omsk")
    assert "пн22:00–24:00" in page.text.replace("пн ", "пн")
    calendar = terms.calendar_named("ru-5x9")
    assert [hours_shown(day) for day in calendar.week] == [
        "22:00–24:00", "0:00–6:00, 22:00–24:00", "9:00–18:00", "9:00–18:00", "", "0:00–24:00", "",
    ]  # fmt: skip
    assert (calendar.zone.key, calendar.production is not None) == ("Asia/Omsk", True)


BAD_WEEKS = [
    ("mon", "9:00–13:00, 12:59–18:00", "Промежутки 9:00–13:00 и 12:59–18:00 пересекаются"),
    ("tue", "18:00–9:00", "Ночную смену запишите по дням"),
    ("wed", "9–24:01", "Такого времени нет"),
    ("thu", "с девяти", "Не похоже на часы"),
    ("fri", "9-18 обед", "Не похоже на часы"),
    ("time_zone", "Europe/Petrograd", "Такого пояса нет"),
    ("time_zone", "../etc/passwd", "Такого пояса нет"),
]


def test_a_bad_week_is_refused_by_field_and_kept(manager: Browser):
    for field, typed, words in BAD_WEEKS:
        page = set_week(manager, 422, **{field: typed})
        wrong = page.one("input", id=field)
        assert (wrong.get("value"), wrong.get("aria-invalid")) == (typed, "true")
        assert words in "".join(page.one("p", id=f"{field}-error").itertext())
        assert page.title.startswith("Ошибка:")
    assert versions() == [(1, "shipped", "HelpDesk")]


def test_a_calendar_without_working_time_is_refused_with_that_sentence(manager: Browser):
    sentence = "срок по нему никогда не наступит"
    assert sentence in set_week(manager, 422, mon="", tue="", wed="", thu="", fri="").text
    assert sentence in upload(manager, json.dumps(spec([])).encode(), 422).text


BAD_DAYS: list[tuple[dict[str, str], str, str]] = [
    ({"since": "2026-02-30", "how": "off"}, "since", "Такого дня нет"),
    ({"since": "", "how": "off"}, "since", "Такого дня нет"),
    ({"since": "2026-12-31", "until": "2026-12-30", "how": "off"}, "until", "Последний день раньше первого"),
    ({"since": "2026-01-01", "until": "2027-01-02", "how": "off"}, "until", "не больше года"),
    ({"since": "2026-12-31", "how": "hours", "hours": ""}, "hours", "Напишите часы"),
    ({"since": "2026-12-31", "how": "hours", "hours": "9-13, 10-14"}, "hours", "пересекаются"),
    ({"since": "2026-12-31"}, "how", "Выберите"),
    ({"since": "9999-12-31", "how": "off"}, "since", "Такого дня нет"),
]


def test_bad_days_are_refused_by_field(manager: Browser):
    for typed, field, words in BAD_DAYS:
        page = set_days(manager, 422, **typed)
        assert words in "".join(page.one("p", id=f"{field}-error").itertext()), typed
    assert versions() == [(1, "shipped", "HelpDesk")]


def test_two_editors_at_once_lose_nothing(manager: Browser):
    late = manager.open("/calendars/ru-5x9/week")
    set_days(manager, since="2026-12-30", how="off")
    page = manager.send(late, "/calendars/ru-5x9/week", 422, mon="10-19")
    assert "Пока вы правили, календарь изменили" in page.text
    assert page.one("input", id="mon").get("value") == "10-19"
    manager.send(page, "/calendars/ru-5x9/week", mon="10-19")
    assert (hours(date(2026, 11, 30)), hours(date(2026, 12, 30))) == ("10:00–19:00", "")


def test_an_old_page_takes_back_nothing_of_others(manager: Browser):
    page = set_days(manager, since="2026-12-30", how="off")
    token = page.all("input", name="csrf_token")[0].get("value")
    set_days(manager, since="2026-12-29", how="off")
    sent: dict[str, Any] = {"csrf_token": token, "version": "1", "seen": "2"}
    manager.post("/calendars/ru-5x9/restoration", 409, data=sent)
    manager.post("/calendars/ru-5x9/restoration", 404, data=sent | {"version": "77", "seen": "3"})
    assert hours(date(2026, 12, 30)) == ""


def test_a_new_calendar_is_made_by_the_pattern_of_another(manager: Browser):
    page = manager.send(manager.open("/calendars"), "/calendars", name="  Склад  2 ", like="ru-5x8-lunch")
    assert page.address.endswith("/week") or "Рабочая неделя" in page.text
    assert hours(date(2026, 11, 3), "Склад 2") == "9:00–13:00, 14:00–17:00"
    assert versions("Склад 2") == [(1, "made", masha().name)]
    for name, words in (("Склад 2", "уже есть"), ("a/b", "от 1 до 60 букв"), ("", "от 1 до 60 букв")):
        page = manager.send(manager.open("/calendars"), "/calendars", 422, name=name, like="ru-5x9")
        assert words in "".join(page.one("p", id="name-error").itertext())


def test_a_file_goes_out_and_comes_in_and_replaces_its_name(manager: Browser):
    answer = manager.client.get("/calendars/ru-5x9/export")
    content = answer.data
    answer.close()
    assert "ничего не изменилось" in upload(manager, content).text
    changed = json.loads(content) | {"days": {"2026-12-29": [["10:00", "12:00"]]}}
    page = upload(manager, b"\xef\xbb\xbf" + json.dumps(changed).encode())
    assert "Загружен из файла. Названные сроки остались прежними." in page.text
    assert hours(date(2026, 12, 29)) == "10:00–12:00"
    assert "Календарь загружен" in upload(manager, json.dumps(changed | {"name": "Новый"}).encode()).text


GOOD = json.dumps(spec([["09:00", "18:00"]]))


BAD_FILES = [
    (b"", "Выберите файл"),
    (b" " * 300_000, "больше 256 КБ"),
    (b"{", "Это не JSON: ошибка в строке 1"),
    (b"[" * 100_000, "вложен слишком глубоко"),
    ("имя".encode("cp1251"), "не в UTF-8"),
    (b"[]", "нужен объект"),
    (b'{"name": "a", "name": "b"}', "Поле 'name' стоит дважды"),
    (b'{"name": "a", "week": {}}', "В календаре нет поля time_zone"),
    (GOOD.replace("Europe/Moscow", "Europe/Petrograd").encode(), "пояса 'Europe/Petrograd' нет"),
    (GOOD.replace('"sun"', '"sunday"').encode(), "week: лишнее поле 'sunday'"),
    (GOOD.replace('"name"', '"holidays": 1, "name"').encode(), "лишнее поле 'holidays'"),
    (GOOD.replace('"18:00"', '"08:00"').encode(), "week.mon: 09:00-08:00, конец раньше начала"),
    (GOOD.replace('"18:00"', '"25:00"').encode(), "week.mon: '25:00' не похоже на часы"),
    (GOOD.replace('"test"', '"<b>"').encode(), "name: от 1 до 60"),
    (GOOD.replace('"week"', '"days": {"2026-02-30": []}, "week"').encode(), "days: '2026-02-30' не дата"),
    (GOOD.replace('"week"', '"production_calendar": "XX", "week"').encode(), "'XX' не знаем"),
    (json.dumps(spec([["09:00", "13:00"], ["12:00", "18:00"]])).encode(), "09:00-13:00 и 12:00-18:00 пересекаются"),
    (json.dumps(spec([]) | {"week": {"mon": "9-18"}}).encode(), "week.mon: нужен список"),
]


def test_a_bad_file_is_refused_with_the_place_named(manager: Browser):
    for content, words in BAD_FILES:
        page = upload(manager, content, 422)
        assert words in "".join(page.one("p", id="file-error").itertext())
    assert db.session.get(CalendarRecord, "test") is None


def test_differences_from_the_production_calendar_are_listed(manager: Browser):
    assert "Отличий нет" in manager.open("/calendars/ru-5x9/comparison?year=2026").text
    set_days(manager, since="2026-12-31", how="hours", hours="9-18")
    set_days(manager, since="2026-12-28", until="2026-12-29", how="off")
    page = manager.open("/calendars/ru-5x9/comparison?year=2026")
    rows = [" ".join("".join(row.itertext()).split()) for row in page.one("table").iter("tr")][1:]
    assert rows[0] == "28.12–29.12выходнойрабочий"
    assert rows[1].startswith("31.129:00–18:00выходной Выходной, перенесён с")
    assert "Рабочих дней по нему 247, в календаре 246" in page.text
    assert "в программе нет" in manager.open("/calendars/ru-5x9/comparison?year=2031").text
    assert "3–" not in manager.open("/calendars/24x7/comparison?year=2026").title


def test_engineers_may_not(app: Flask):
    engineer = signed_in(app, alice())
    for address in ("", "/ru-5x9", "/ru-5x9/export", "/ru-5x9/week", "/ru-5x9/days", "/ru-5x9/comparison"):
        engineer.open(f"/calendars{address}", 403)
