"""The duty roster in Chromium: accessible at every width, nothing sticks out, and a day's shift is two presses away."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import BrowserContext, expect

from app import outbox
from app.clock import now
from app.duty import handover
from app.extensions import db
from app.models import DutyAbsence, DutyRole, DutyShift
from tests import cast
from tests.browser.conftest import Site
from tests.browser.test_accessible import LOOKS, overflow, troubles
from tests.browser.test_manager_pages import sign_in

pytestmark = pytest.mark.browser


def draw_up() -> tuple[int, int]:
    """A fortnight by turns with a second, an absence and a note of one long word; ids of a shift and the absence."""
    alice, bob = cast.alice(), cast.staff("Константин Константинопольский-Задунайский", email="long@stek.example")
    start = now() - timedelta(hours=1)
    for day in range(14):
        one, other = (alice, bob) if day % 2 else (bob, alice)
        for who, role in ((one, DutyRole.OWNER), (other, DutyRole.NEXT)):
            span = {"starts_at": start + timedelta(days=day), "ends_at": start + timedelta(days=day + 1)}
            db.session.add(DutyShift(staff_id=who.id, role=role, **span))
    away = DutyAbsence(staff_id=bob.id, starts_at=start + timedelta(days=2), ends_at=start + timedelta(days=3))
    db.session.add(away)
    handover.hand_over("Слово" * 60, cast.acting(alice), now())
    outbox.commit()
    shift = db.session.query(DutyShift).order_by(DutyShift.starts_at.desc()).first()
    assert shift is not None
    ids = shift.id, away.id
    db.session.rollback()
    return ids


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_the_roster_is_accessible_and_fits(
    site: Site, context_of: Callable[..., BrowserContext], width: int, scheme: str
) -> None:
    shift_id, absence_id = draw_up()
    context = context_of(viewport={"width": width, "height": 800}, color_scheme=scheme)
    sign_in(context, site)
    page = context.new_page()
    paths = ("/duty", "/duty/shifts/new", f"/duty/shifts/{shift_id}", f"/duty/absences/{absence_id}", "/queue")
    for path in paths:
        page.goto(site.url + path)
        assert troubles(page) == [], path
        assert overflow(page) <= 0, path


def test_a_shift_is_given_from_its_day_and_taken_back(site: Site, context_of: Callable[..., BrowserContext]) -> None:
    name = cast.alice().name
    context = context_of()
    sign_in(context, site)
    page = context.new_page()
    page.goto(f"{site.url}/duty")
    page.locator(".duty-day__add").last.click()
    page.get_by_label("Кто дежурит").select_option(label=name)
    page.get_by_role("button", name="Сохранить").click()
    expect(page.get_by_text("Смена внесена.")).to_be_visible()
    expect(page.locator(".duty-one", has_text="Орлова").first).to_be_visible()
    page.locator(".duty-done").get_by_role("button", name="Отменить").click()
    expect(page.get_by_text("Правка отменена.")).to_be_visible()
    expect(page.locator(".duty-one")).to_have_count(0)
