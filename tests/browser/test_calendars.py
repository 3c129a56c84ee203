"""The calendars' pages in Chromium: accessible, nothing sticks out, and a day is closed and taken back with presses."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, expect

from app import calendar_versions, outbox
from app.clock import now
from tests import cast
from tests.browser.conftest import Site
from tests.browser.test_accessible import LOOKS, overflow, troubles
from tests.working_hours import spec

pytestmark = pytest.mark.browser

LONG = "Оченьдлинноеимякалендарябезпробеловкотороененаэкране12345678"


def keep_a_long_one() -> None:
    hours = [[f"{hour:02}:00", f"{hour:02}:30"] for hour in range(0, 24, 2)]
    days = {"2026-11-26": [], "2026-11-27": hours}
    calendar_versions.keep_calendar(spec(hours, name=LONG[:60], production_calendar="RU", days=days), now())
    outbox.commit()


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_pages_are_accessible_and_nothing_sticks_out(
    site: Site, signed_in: Callable[..., BrowserContext], width: int, scheme: str
):
    keep_a_long_one()
    size = {"width": width, "height": 800}
    page = signed_in(member=cast.masha(), viewport=size, color_scheme=scheme).new_page()
    for path in (
        "/calendars",
        "/calendars/ru-5x9?year=2025",
        f"/calendars/{LONG[:60]}?year=2026",
        f"/calendars/{LONG[:60]}/week",
        f"/calendars/{LONG[:60]}/days?since=2026-11-27",
        f"/calendars/{LONG[:60]}/comparison?year=2026",
    ):
        page.goto(site.url + path)
        assert troubles(page) == [], path
        assert overflow(page) <= 0, path


def test_a_day_is_closed_and_taken_back(site: Site, signed_in: Callable[..., BrowserContext]):
    page = signed_in(member=cast.masha()).new_page()
    page.goto(f"{site.url}/calendars/ru-5x9?year=2026")
    page.locator("a[href$='since=2026-12-30']").click()
    page.get_by_label("выходной").check()
    page.get_by_role("button", name="Сохранить").click()
    expect(page.get_by_role("status")).to_contain_text("Изменены дни: 30.12.2026")
    expect(page.locator(".day--own")).to_have_count(2)  # and the legend's
    page.get_by_role("button", name="Отменить").click()
    expect(page.get_by_role("status")).to_contain_text("Возвращена версия 1")
    expect(page.locator(".day--own")).to_have_count(0)


def test_a_wrong_week_shows_its_errors_and_stays_accessible(site: Site, signed_in: Callable[..., BrowserContext]):
    page = signed_in(member=cast.masha()).new_page()
    page.goto(f"{site.url}/calendars/ru-5x9/week")
    page.fill("#mon", "с девяти")
    page.fill("#time_zone", "Луна")
    page.get_by_role("button", name="Сохранить").click()
    expect(page.get_by_role("alert")).to_contain_text("Не похоже на часы")
    expect(page.locator("#mon")).to_have_value("с девяти")
    assert troubles(page) == []
