"""No page of the desk is left out: each route that answers with one is opened, looked at by axe, and fits a phone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import select

from app import answer_templates, escalations, incidents, outbox, tickets
from app.accounts import second_factor
from app.actor import SYSTEM, Actor
from app.clock import now
from app.extensions import db
from app.models import Channel, Contract, CsvImport, DutyAbsence, DutyRole, DutyShift, Escalation, Letter, Role, Staff
from app.models.words import Cause
from app.policy import OPEN_ACTS
from app.rights import RIGHTS
from tests.browser.conftest import Site
from tests.browser.test_accessible import LOOKS, overflow, troubles
from tests.cast import acting, alice, bob, carol, neva_trade, request_of_carol, staff
from tests.intake.html_letters import html_mail
from tests.intake.mailing import receive

PARTS = {  # fragments, files, answers to scripts: no pages of their own
    *("escalations.rows", "escalations.side", "queue.counts", "queue.rows", "queue.row", "queue_csv.show"),
    *("tickets.talk", "tickets.promise", "tickets.standing", "similar.show", "similar.done", "presence.show"),
    *("presence.index", "palette.show", "live.stream", "sessions.still", "answer_templates.text"),
    *("calendars.export", "complaints.file", "files.show", "imports.bad", "imports.sample", "letters.original"),
    *(
        "person_data.standing",
        "person_data.fetch",
        "complaints.of_escalation",
        "letter_view.html",
        "letter_view.original",
        "mail_templates.shown",
        "reports.csv",
    ),
}


NAMED = {  # endpoint to the address of its page, where that names something
    "calendars.show": "/calendars/ru-5x9",
    "calendar_edits.compare": "/calendars/ru-5x9/comparison",
    "calendar_edits.days": "/calendars/ru-5x9/days",
    "calendar_edits.week": "/calendars/ru-5x9/week",
    "corrections.by_calendar": "/calendars/ru-5x9/deadlines",
    "companies.show": "/companies/{company}",
    "companies.edit": "/companies/{company}/edit",
    "contracts.edit": "/companies/{company}/contracts/{contract}",
    "contracts.new": "/companies/{company}/contracts/new",
    "corrections.of_company": "/companies/{company}/deadlines",
    "merges.choose_company": "/companies/{company}/merge",
    "people.show": "/people/{person}",
    "people.edit": "/people/{person}/edit",
    "merges.choose_person": "/people/{person}/merge",
    "person_data.show": "/people/{person}/data",
    "complaints.show": "/complaints/{case}",
    "duty_absences.edit": "/duty/absences/{absence}",
    "duty_shifts.edit": "/duty/shifts/{shift}",
    "escalations.show": "/escalations/{escalation}",
    "escalation_acts.choose": "/escalations/{escalation}/assignment",
    "incidents.show": "/incidents/{incident}",
    "incidents.index": "/incidents?numbers={numbers}",
    "imports.show": "/imports/{csv}",
    "mail_templates.edit": "/mail-templates/solved/ru",
    "reports.table": "/reports/by/company",
    "bulk.show": "/queue/bulk/question?numbers={numbers}",
    "search.show": "/search?q=касса",
    "staff.show": "/staff/{member}",
    "answer_templates.edit": "/templates/{template}",
    "tickets.show": "/tickets/{number}?view=open",
    "tickets.past": "/tickets/{number}/history",
    "calls.registered": "/tickets/{number}/call",
    "ticket_merge.choose": "/tickets/merging?number={numbers}",
}


def administrator() -> Staff:
    return staff("Роман Степанов", Role.ADMIN, "roman@stek.example")


def by_carol() -> Actor:
    return Actor.of_person(carol(), "Ольга", Channel.WEB)


@pytest.fixture
def places(site: Site) -> dict[str, str]:
    """NAMED with what is there: clients, requests, a trouble of several, everything with a word of 150 letters."""
    company, person, at = neva_trade(), carol(), now()
    ticket, other = request_of_carol(text="Касса не пробивает чеки " * 6), request_of_carol(text="Мышь")
    long = "Очень" * 30
    incident = incidents.begin(f"Авария {long}", [ticket, other], acting(alice()), at)
    boss = acting(administrator())
    template = answer_templates.make("Шаблон" + "ы" * 30, "Заявка {номер}", boss, at, is_shared=True)
    escalations.escalate(ticket, Cause.MISSED, SYSTEM, at, long)
    shift = DutyShift(staff_id=alice().id, role=DutyRole.OWNER, starts_at=at, ends_at=at + timedelta(hours=9))
    absence = DutyAbsence(staff_id=bob().id, starts_at=at, ends_at=at + timedelta(days=1))
    csv = CsvImport(kind="companies", file_name=f"{long}.csv", content=b"", staff_id=alice().id, created_at=at)
    db.session.add_all([shift, absence, csv])
    case = tickets.complain(other, f"Никто не звонит {long}", by_carol(), at)
    outbox.commit()
    receive(html_mail("<h1>Счёт</h1>", Date="1 Jan 2026 9:00 +0300"))
    second_factor.begin(administrator())
    outbox.commit()
    assert db.session.scalars(select(Letter.id)).first()
    known = {
        "contract": db.session.scalars(select(Contract.id)).first(),
        "escalation": db.session.scalars(select(Escalation.id)).first(),
        "number": ticket.number,
        "numbers": f"{ticket.number},{other.number}",
    }
    rows: dict[str, Any] = {
        "company": company,
        "person": person,
        "incident": incident,
        "template": template,
        "shift": shift,
        "absence": absence,
        "csv": csv,
        "case": case,
        "member": bob(),
    }
    known |= {name: row.id for name, row in rows.items()}
    db.session.rollback()
    return {endpoint: address.format(**known) for endpoint, address in NAMED.items()}


def addresses(app: Flask, places: dict[str, str]) -> dict[str, str]:
    """Every page of those who work here; a route that is neither here nor a part has to be put into one of both."""
    rules = [rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ()) and "/api" not in rule.rule]
    own = [rule for rule in rules if RIGHTS[rule.endpoint] not in OPEN_ACTS and rule.endpoint not in PARTS]
    return {rule.endpoint: places.get(rule.endpoint) or rule.rule for rule in own}


@pytest.mark.timeout(300)
@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_every_page_is_accessible_and_fits(
    site: Site, places: dict[str, str], signed_in: Callable[..., BrowserContext], width: int, scheme: str
) -> None:
    viewport = {"width": width, "height": 844}
    page = signed_in(member=administrator(), viewport=viewport, color_scheme=scheme).new_page()
    db.session.rollback()
    wrong: dict[str, list[str]] = {}
    for endpoint, address in addresses(site.app, places).items():
        answer = page.goto(site.url + address)
        if answer is None or answer.status != 200:  # a route with a name in its address has to be in ``places``
            wrong[endpoint] = [f"{address} does not open"]
            continue
        expect(page.locator("h1")).to_have_count(1)
        found = troubles(page) + ([f"{overflow(page)} px too wide"] if overflow(page) > 0 else [])
        if found:
            wrong[endpoint] = found
    assert not wrong


@pytest.mark.timeout(300)
@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_what_opens_on_pages_is_accessible(
    site: Site, places: dict[str, str], signed_in: Callable[..., BrowserContext], width: int, scheme: str
) -> None:
    page = signed_in(viewport={"width": width, "height": 844}, color_scheme=scheme).new_page()
    db.session.rollback()
    wrong: dict[str, list[str]] = {}

    def look(name: str) -> None:
        if found := troubles(page) + ([f"{overflow(page)} px too wide"] if overflow(page) > 0 else []):
            wrong[name] = found

    page.goto(site.url + places["tickets.show"])
    page.keyboard.press("Control+k")
    page.keyboard.type("назначить")
    expect(page.get_by_role("option").first).to_be_visible()
    look("palette")
    page.keyboard.press("Escape")
    expect(page.locator("#palette")).to_be_hidden()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Клавиши")).to_be_visible()
    look("keys")
    page.keyboard.press("Escape")
    page.goto(f"{site.url}/tickets/new")
    page.get_by_role("button", name="Зарегистрировать").click()
    expect(page.locator(".error-summary")).to_be_visible()
    look("call with errors")
    page.goto(f"{site.url}/tickets/new?phone=89005550144")
    page.get_by_text("Изменить адреса").click()
    page.locator("#what").fill("Нет сети")
    expect(page.locator("#say")).to_contain_text("Номер заявки")
    page.get_by_text("Решили прямо").click()
    look("call of somebody known")
    nothing(page, site, look)
    assert not wrong


def nothing(page: Page, site: Site, look: Callable[[str], None]) -> None:
    """A list without requests, a page that is not there, and a list narrowed by every choice."""
    page.goto(f"{site.url}/queue?view=mine")
    expect(page.locator(".empty")).to_be_visible()
    look("empty list")
    page.goto(f"{site.url}/tickets/100008")
    look("no such request")
    page.goto(f"{site.url}/queue?view=open")
    page.get_by_text("Сузить или сохранить вид").click()
    look("narrowing")
    page.locator(".tick").first.check()
    look("bar")
