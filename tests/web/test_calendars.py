"""Calendars by the pages: a year at a glance, the list, the file."""

from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, datetime
from typing import Any

from app import calendar_versions, clock, outbox
from app.clock import now
from tests.cast import masha, neva_trade
from tests.web.browse import Browser, Page
from tests.web.signing_in import browser_of
from tests.working_hours import DAYS, spec


def keep(**more: Any) -> None:
    calendar_versions.keep_calendar(spec([["09:00", "18:00"]], **more), now())
    outbox.commit()


def kinds(page: Page) -> Counter[str]:
    """How many days of each kind the year shows; the legend's samples stand in no table."""
    return Counter(
        (link.get("class") or "").split()[1].removeprefix("day--")
        for table in page.all("table", class_="month")
        for link in table.iter("a")
    )


def titles(page: Page) -> dict[str, str]:
    return {
        f"{(table.find('caption').text or '').lower()} {link.text}": link.get("title") or ""
        for table in page.all("table", class_="month")
        for link in table.iter("a")
    }


def test_a_year_without_data_follows_the_week_and_says_so(manager: Browser):
    page = manager.open("/calendars/ru-5x9?year=2028")
    assert kinds(page) == {"unknown": 260, "off": 106}
    assert "Данных на этот год нет" in page.text


def test_a_day_says_its_hours_and_why(manager: Browser):
    shown = titles(manager.open("/calendars/ru-5x9?year=2025"))
    assert shown["ноябрь 1"] == "перенесён, 9:00–17:00. Рабочий день, выходной перенесён на 03.11.2025"
    assert shown["ноябрь 3"] == "перенесён. Выходной, перенесён с 01.11.2025"
    assert shown["ноябрь 5"] == "рабочий, 9:00–18:00"
    assert shown["ноябрь 8"] == "выходной"
    assert shown["июнь 11"].startswith("короче на час, 9:00–17:00")
    assert shown["июнь 12"] == "праздник. День России"


def test_days_set_by_hand_rule_and_say_so(manager: Browser):
    keep(production_calendar="RU", days={"2026-12-31": [], "2026-12-30": [["09:00", "12:00"], ["13:00", "24:00"]]})
    shown = titles(manager.open("/calendars/test?year=2026"))
    assert shown["декабрь 31"].startswith("задан вручную. Выходной, перенесён с")
    assert shown["декабрь 30"] == "задан вручную, 9:00–12:00, 13:00–24:00"


def test_a_year_out_of_reach_is_the_present_one(manager: Browser):
    for year in ("", "x", "1999", "2101", "-5", "99999999999999999999"):
        assert f", {now().year} " in manager.open(f"/calendars/ru-5x9?year={year}").title


def test_who_works_by_it_stands_beside_the_year(manager: Browser):
    neva_trade()
    page = manager.open("/calendars/ru-5x9")
    assert "Все, у кого нет договора" in page.text
    assert "ООО «Нева-Трейд» 118/2024" in page.text
    assert "Ни одного договора" in manager.open("/calendars/24x7").text


def test_a_year_without_data_is_announced_thirty_days_before(manager: Browser):
    words = "На 2028 год производственного календаря ещё нет"
    for day, is_said in ((1, False), (3, True)):
        clock.shift(datetime(2027, 12, day, 9, tzinfo=UTC) - now())
        manager.client = browser_of(manager.app, masha())  # a sign-in does not hold for a year
        assert (words in manager.open("/calendars").text) is is_said
        assert (words in manager.open("/calendars/ru-5x9").text) is is_said
    assert words not in manager.open("/calendars/24x7").text


def test_a_file_comes_out_as_it_went_in(manager: Browser):
    keep(name="Сменный 2", days={"2026-12-31": []})
    answer = manager.client.get("/calendars/Сменный 2/export")
    assert json.loads(answer.data) == {
        **spec([["09:00", "18:00"]], name="Сменный 2", days={"2026-12-31": []}),
        "production_calendar": None,
    }
    assert "attachment" in answer.headers["Content-Disposition"]
    answer.close()


def test_two_hundred_calendars_cost_no_more_than_three(manager: Browser, count_queries):
    with count_queries() as asked:
        manager.open("/calendars")
    few = asked()
    for number in range(200):
        calendar_versions.keep_calendar(spec([["09:00", "18:00"]], name=f"Календарь {number:03}"), now())
    outbox.commit()
    with count_queries() as asked:
        page = manager.open("/calendars")
    assert asked() <= few
    assert len(page.all("a", class_="rows__title")) == 203


def test_there_is_no_other_calendar(manager: Browser):
    for name in ("nowhere", "x" * 300, "%00"):
        manager.open(f"/calendars/{name}", 404)


def test_the_week_is_told_in_few_words(manager: Browser):
    week = {day: [["22:00", "24:00"], ["00:00", "06:00"]] for day in DAYS[:5]} | {"sat": [["10:00", "14:00"]]}
    calendar_versions.keep_calendar({"name": "Ночь", "time_zone": "Asia/Yekaterinburg", "week": week}, now())
    outbox.commit()
    page = manager.open("/calendars")
    assert "пн–пт 0:00–6:00, 22:00–24:00; сб 10:00–14:00 Asia/Yekaterinburg" in page.text
