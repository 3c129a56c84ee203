"""The manager's and the call's pages in Chromium: accessible, nothing sticks out, and the list follows what happens."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, expect

from app import escalations, outbox
from app.actor import SYSTEM
from app.clock import now
from app.extensions import db
from app.models.escalation import Escalation
from app.models.words import Cause, Urgency
from tests import cast
from tests.browser.conftest import Site
from tests.browser.test_accessible import LOOKS, overflow, troubles

pytestmark = pytest.mark.browser


def sign_in(context: BrowserContext, site: Site) -> None:
    email = cast.masha().email
    db.session.rollback()  # what was read holds SQLite's one lock for writing
    page = context.new_page()
    page.goto(f"{site.url}/login")
    page.fill("[name=email]", email)
    page.fill("[name=password]", cast.PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url(f"{site.url}/queue*")
    page.close()


def escalate_all() -> None:
    urgent = cast.request_of_carol(text="Касса не пробивает чеки " * 4, urgency=Urgency.URGENT, company="Очень" * 30)
    for cause in (Cause.URGENT_UNTAKEN, Cause.MISSED, Cause.COMPLAINT):
        escalations.escalate(urgent, cause, SYSTEM, now(), "Слово" * 40)
    escalations.report_system("mailbox", "Почтовый ящик молчит", now())
    watched = cast.request_of_carol()
    escalations.escalate(watched, Cause.NEAR, SYSTEM, now())
    row = db.session.query(Escalation).filter_by(ticket_id=watched.id).one()
    escalations.acknowledge(row, "Звоню", cast.acting(cast.masha()), now())
    outbox.commit()


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_pages_are_accessible_and_nothing_sticks_out(
    site: Site, context_of: Callable[..., BrowserContext], width: int, scheme: str
):
    escalate_all()
    one = db.session.query(Escalation).order_by(Escalation.id).first()
    assert one is not None
    escalation_id, number = one.id, cast.request_of_carol().number
    db.session.rollback()
    context = context_of(viewport={"width": width, "height": 800}, color_scheme=scheme)
    sign_in(context, site)
    page = context.new_page()
    for path in (
        "/escalations",
        f"/escalations/{escalation_id}",
        f"/escalations/{escalation_id}/assignment",
        "/escalations/log",
        "/escalations/thresholds",
        "/tickets/new",
        "/tickets/new?phone=89005550144",
        f"/tickets/{number}/call",
    ):
        page.goto(site.url + path)
        assert troubles(page) == [], path
        assert overflow(page) <= 0, path


def test_a_new_escalation_shows_itself_and_is_taken_with_one_press(
    site: Site, context_of: Callable[..., BrowserContext]
):
    context = context_of()
    sign_in(context, site)
    page = context.new_page()
    page.goto(f"{site.url}/escalations")
    expect(page.get_by_role("heading", level=1)).to_have_text("Сейчас всё под контролем")
    ticket = cast.request_of_carol()
    escalations.escalate(ticket, Cause.COMPLAINT, SYSTEM, now(), "Никто не перезвонил")
    outbox.commit()
    row = page.locator(f"[data-ticket='{ticket.number}']")
    expect(row).to_contain_text("Жалоба клиента", timeout=15_000)
    row.get_by_role("button", name="Беру на контроль").click()
    expect(page.locator(f"[data-ticket='{ticket.number}']")).to_contain_text("Вы, ")


def test_a_call_without_script(site: Site, context_of: Callable[..., BrowserContext]):
    cast.carol()
    context = context_of(java_script_enabled=False)
    sign_in(context, site)
    page = context.new_page()
    page.goto(f"{site.url}/tickets/new")
    page.fill("#find", "8 900 555-01-44")
    page.get_by_role("button", name="Найти").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Петрова")
    page.fill("#what", "Не открывается банк")
    page.get_by_label("Срочная").check()
    page.get_by_role("button", name="Зарегистрировать").click()
    expect(page.locator("main")).to_contain_text("Скажите клиенту")


def test_a_letter_that_was_looked_at_can_be_saved(site: Site, signed_in: Callable[..., BrowserContext]):
    cast.request_of_carol()
    member = cast.masha()
    page = signed_in(member=member).new_page()
    db.session.rollback()
    page.goto(f"{site.url}/mail-templates/solved/ru")
    shown = page.frame_locator("iframe[name=preview]")
    for subject in ("Готово, проверьте", "Готово, посмотрите"):
        page.get_by_label("Тема").fill(subject)
        page.get_by_role("button", name="Показать").click()
        expect(shown.locator("b").first).to_contain_text(subject)
    page.get_by_role("button", name="Сохранить").click()
    expect(page.get_by_role("status")).to_contain_text("Сохранили")
