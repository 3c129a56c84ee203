"""Ticked rows and their bar in Chromium: by keys, with undo, merged, at every width."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import BrowserContext, expect

from app import clock, incidents, outbox, tickets
from app.clock import now
from app.extensions import db
from app.models import State, Ticket
from app.models.saved_view import SavedView
from tests.browser.conftest import Site
from tests.browser.test_accessible import LOOKS, overflow, troubles
from tests.cast import acting, alice, bob, request_of_carol
from tests.web.test_bulk_killed import half


@pytest.fixture
def chosen(site: Site) -> list[Ticket]:
    bob()
    texts = ("Касса не пробивает чеки", "Касса стоит " + "очень " * 30, "Замена мыши")
    made = [request_of_carol(text=text) for text in texts]
    db.session.rollback()
    return made


def begun(chosen: list[Ticket]) -> int:
    incident = incidents.begin("Авария у провайдера", chosen, acting(alice()), now())
    outbox.commit()
    incident_id = incident.id
    db.session.rollback()
    return incident_id


def test_the_bar_acts_by_keys_and_z_takes_it_back(site: Site, chosen: list[Ticket], signed_in):
    page = signed_in().new_page()
    page.goto(f"{site.url}/queue?view=open")
    for ticket in chosen[:2]:
        page.locator(f"tr[data-ticket='{ticket.number}'] .tick").check()
    page.keyboard.press("KeyA")
    page.get_by_label("Инженер").select_option(label="Борис Белов")
    page.get_by_role("button", name="Назначить").click()
    expect(page.locator(".undo")).to_contain_text("Назначено заявок: 2")
    db.session.expire_all()
    assert chosen[0].engineer_id == chosen[1].engineer_id == bob().id
    db.session.rollback()
    page.keyboard.press("KeyZ")
    expect(page.locator(".undo")).to_contain_text("Отменено, заявок: 2")
    db.session.expire_all()
    assert chosen[0].engineer_id is None


def test_two_rows_are_merged_by_m_and_parted_by_z(site: Site, chosen: list[Ticket], signed_in):
    page = signed_in().new_page()
    page.goto(f"{site.url}/queue?view=open")
    for ticket in chosen[:2]:
        page.locator(f"tr[data-ticket='{ticket.number}'] .tick").check()
    page.keyboard.press("KeyM")
    page.wait_for_url("**/tickets/merging*")
    page.get_by_role("button", name="Объединить", exact=True).click()
    expect(page.locator(".joint-strip")).to_contain_text("Присоединена")
    page.keyboard.press("KeyZ")
    expect(page.get_by_role("heading", level=1)).to_contain_text(chosen[1].number)
    db.session.expire_all()
    assert {one.state for one in chosen} == {State.NEW}


def test_the_head_ticks_the_page_and_then_the_whole_selection(site: Site, chosen: list[Ticket], signed_in):
    for place in range(51):
        request_of_carol(text=f"Касса {place}")
    db.session.rollback()
    page = signed_in().new_page()
    page.goto(f"{site.url}/queue?view=open")
    head, every = page.locator("th .tick-all"), page.get_by_label("все 54 по этому отбору")
    page.locator("tr[data-ticket] .tick").first.check()
    assert head.evaluate("box => box.indeterminate")
    expect(every).to_be_hidden()
    before = page.locator("tr[data-ticket]").first.bounding_box()
    head.check()
    expect(page.locator("#picked-count")).to_have_text("50")
    every.check()
    expect(page.locator("#picked-count")).to_have_text("54")
    assert page.locator("tr[data-ticket]").first.bounding_box() == before
    page.locator("tr[data-ticket] .tick").nth(3).uncheck()
    expect(page.locator("#picked-count")).to_have_text("49")
    expect(every).not_to_be_checked()
    page.keyboard.press("Escape")
    expect(page.locator(".picked__some")).to_be_hidden()
    page.locator("h1").click()
    page.keyboard.press("Shift+KeyX")
    every.check()
    page.keyboard.press("KeyC")
    expect(page.locator(".undo")).to_contain_text("Взято заявок: 54", timeout=30_000)
    page.wait_for_load_state()  # the row is there before the scripts that hear the keys
    page.keyboard.press("KeyZ")
    expect(page.locator(".undo")).to_contain_text("Отменено, заявок: 54", timeout=30_000)


@pytest.mark.timeout(240)
@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_the_pages_are_accessible_and_fit(
    site: Site, chosen: list[Ticket], signed_in: Callable[..., BrowserContext], width: int, scheme: str
):
    incident = begun(chosen)
    numbers = ",".join(one.number for one in chosen)
    joined = request_of_carol(text="Касса всё ещё стоит")
    tickets.merge(chosen[0], joined, acting(alice()), now())
    db.session.add(SavedView(staff_id=alice().id, name="По телефону", query="channel=phone", created_at=now()))
    outbox.commit()
    into = chosen[0].number
    half(chosen)
    clock.shift(timedelta(seconds=20))
    db.session.rollback()
    page = signed_in(viewport={"width": width, "height": 900}, color_scheme=scheme).new_page()
    for address in (
        f"/tickets/merging?number={numbers}",
        f"/queue/bulk/assignment?numbers={numbers}",
        f"/queue/bulk/question?numbers={numbers}",
        f"/queue/bulk/urgency?numbers={numbers}",
        "/incidents",
        "/queue/narrowing?channel=web",
        f"/tickets/{into}",
        f"/incidents?numbers={numbers}",
        f"/incidents/{incident}",
    ):
        page.goto(site.url + address)
        assert troubles(page) == []
        assert overflow(page) <= 0
    page.goto(f"{site.url}/queue?view=open")
    expect(page.get_by_role("button", name="Взять следующую")).to_be_visible()
    expect(page.get_by_role("alert")).to_contain_text("Прервано: сделано 1 из 3.")
    page.locator(".tick").first.check()
    assert troubles(page) == []
    assert overflow(page) <= 0
