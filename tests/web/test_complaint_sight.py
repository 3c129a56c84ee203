"""Whom a complaint names sees no word of it, nor that there is one: pages, fragments, files, streams, letters."""

from __future__ import annotations

import difflib
import re
from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select

from app import clock, complaints, files, notify, outbox, paging, sessions, signing, tickets
from app.actor import Actor
from app.clock import now
from app.complaints import Said
from app.extensions import db
from app.models import Complaint, ComplaintFile, Escalation, Role, Staff, Ticket, Token
from app.models.chat import BotMessage, Chat
from app.models.delivery import Delivery
from app.models.words import Channel, ComplaintOrigin
from app.web.live import _may_hear
from tests.cast import acting, alice, carol, request_of_carol, staff
from tests.web.signing_in import browser_of

SENTINEL = "Кукушкин лоб"
AT = datetime(2026, 11, 23, 9, 30, 30, tzinfo=UTC)
LATER = timedelta(minutes=1)
_PASSING = re.compile(
    r'name="csrf_token" value="[^"]*"|"X-CSRFToken": "[^"]*"|(?:form_key|draft)" value="[^"]*"|data-now="[^"]*"'
)
_MACHINES = {"static", "live.stream", "health.ready", "health.alive", "health.figures", "downloads.show"}


def boss() -> Staff:
    return staff("Пётр Главный", Role.MANAGER, "petr@stek.example")


def named_manager() -> Staff:
    return staff("Мария Иванова", Role.MANAGER, "masha@stek.example")


@pytest.fixture(params=["engineer", "manager"])
def named(request: pytest.FixtureRequest, app: Flask) -> Staff:
    clock.shift(AT - now())
    boss()
    return alice() if request.param == "engineer" else named_manager()


@pytest.fixture
def ticket(named: Staff) -> Ticket:
    ticket = request_of_carol()
    tickets.take(ticket, acting(named), now())
    outbox.commit()
    db.session.add(Chat(id=77, name="Сотрудник", staff_id=named.id, paired_at=now(), created_at=now()))
    outbox.commit()
    return ticket


def complained(ticket: Ticket) -> list[Complaint]:
    """By every road, with an answer, a note and a file."""
    by, head = Actor.of_person(carol(), "Петрова Ольга Сергеевна", Channel.WEB), acting(boss())
    kept = files.keep(BytesIO(b"scan"), f"{SENTINEL}.txt")
    first = tickets.complain(ticket, Said(f"{SENTINEL} жалоба", [kept]), by, now())
    tickets.complain(ticket, Said(f"{SENTINEL} вызов"), by, now(), origin=ComplaintOrigin.CALL)
    complaints.note(first, f"{SENTINEL} заметка", head, now())
    complaints.write(first, f"{SENTINEL} вопрос", head, now())
    complaints.answer(first, f"{SENTINEL} итог", head, now())
    second = tickets.complain(ticket, Said(f"{SENTINEL} опять"), by, now(), origin=ComplaintOrigin.PHONE)
    return [first, second]


def addresses(app: Flask, ticket: Ticket, cases: int) -> list[tuple[str, str]]:
    """Every GET there is, with all ids that a complaint could hide behind."""
    tokens = [signing.link_token(ticket.number, ticket.link_version), signing.rating_token(ticket.number, 1)]
    tokens += [signing.complaint_token(number) for number in range(1, cases + 1)]
    made = []
    adapter = app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or rule.endpoint in _MACHINES or rule.endpoint.startswith("dev_mail"):
            continue
        for number in range(1, 3) if any(name != "number" for name in rule.arguments) else [1]:
            for token in tokens if "token" in rule.arguments else [""]:
                values = dict.fromkeys(rule.arguments, number) | {"token": token, "number": ticket.number}
                if rule.endpoint.startswith("calendar") or "name" in rule.arguments:
                    values["name"] = "ru-5x9"
                given = {name: values[name] for name in rule.arguments}
                made.append((rule.endpoint, adapter.build(rule.endpoint, given)))
    return list(dict.fromkeys(made))


def walked(client: FlaskClient, app: Flask, ticket: Ticket, cases: int, token: str) -> dict[str, tuple[int, str]]:
    seen = {}
    for endpoint, address in addresses(app, ticket, cases):
        clock.shift(AT + LATER - now())  # when all that was made, however slowly, is past
        is_api = endpoint.startswith("api.")  # where a cookie would hide the token
        asks, headers = (app.test_client(), {"Authorization": f"Bearer {token}"}) if is_api else (client, {})
        db.session.rollback()
        with app.app_context():
            answer = asks.get(address, headers=headers)
        assert answer.status_code != 401 or not is_api, address
        seen[address] = (answer.status_code, _PASSING.sub("", answer.text))
    return seen


def changes(address: str, before: tuple[int, str], after: tuple[int, str]) -> list[str]:
    """The lines of a page that are others now, by its address."""
    if before == after:
        return []
    lines = difflib.unified_diff(before[1].split("\n"), after[1].split("\n"), lineterm="", n=0)
    return [f"{address} {before[0]} {after[0]}", *(line[:200] for line in lines if line[:3] not in {"---", "+++"})]


def test_every_page_is_the_same_as_before(app: Flask, named: Staff, ticket: Ticket, caplog: pytest.LogCaptureFixture):
    token, key_hash = sessions.new_token_key()
    db.session.add(Token(name="robot", role=Role.ENGINEER, key_hash=key_hash, created_at=now()))
    outbox.commit()
    notify.run()
    client = browser_of(app, named)
    before = walked(client, app, ticket, 2, token)
    clock.shift(AT - now())
    cases = complained(ticket)
    topics = db.session().info["bell topics"]
    assert not [topic for topic in topics if _may_hear(Actor.of_staff(named), topic)]
    assert [topic for topic in topics if _may_hear(Actor.of_staff(boss()), topic)]
    outbox.commit()
    assert [case.id for case in cases] == [1, 2]
    paging.sweep()
    notify.run()
    after = walked(client, app, ticket, 2, token)
    told = [address for address, (_status, text) in after.items() if SENTINEL in text]
    assert told == []
    told = [change for address in after for change in changes(address, before[address], after[address])]
    assert not told, "\n".join(told)
    assert SENTINEL not in caplog.text


def test_the_request_in_other_hands_leaves_a_complaint_kept_from_whom_it_names(
    app: Flask, named: Staff, ticket: Ticket
):
    """Answered, given to a colleague, and the customer writes again: the case still names the same."""
    case = complained(ticket)[1]
    complaints.answer(case, f"{SENTINEL} итог", acting(boss()), now())
    tickets.assign(ticket, staff("Борис Белов", email="bob@stek.example"), acting(boss()), now())
    outbox.commit()
    complaints.say(case, Said(f"{SENTINEL} снова"), Actor.of_person(carol(), "Ольга", Channel.WEB), now())
    outbox.commit()
    paging.sweep()
    client = browser_of(app, named)
    for _endpoint, address in addresses(app, ticket, 2):
        with app.app_context():
            assert SENTINEL not in client.get(address).text, address
    [case_again] = db.session.scalars(select(Escalation).where(Escalation.resolved_at.is_(None)))
    assert case_again.about_id == named.id


def test_nobody_writes_to_them_about_it(app: Flask, named: Staff, ticket: Ticket):
    notify.run()
    before = set(db.session.scalars(select(Delivery.id)))
    complained(ticket)
    outbox.commit()
    for _turn in range(3):
        paging.sweep()
        notify.run()
    made = db.session.scalars(select(Delivery).where(Delivery.id.not_in(before))).all()
    assert made
    assert not [one for one in made if one.recipient in {named.email, "77"}]
    assert not [one for one in made if one.ticket_id == ticket.id and one.is_for_customer]
    assert db.session.scalars(select(BotMessage).where(BotMessage.chat_id == 77)).all() == []


@pytest.mark.trust("A5")
def test_their_stream_is_silent_while_others_are_called(app: Flask, named: Staff, ticket: Ticket):
    complained(ticket)
    outbox.commit()
    heard: list[str] = []
    event.listen(db.session, "before_commit", lambda session: heard.extend(session.info.get("bell topics", ())))
    assert paging.sweep()
    assert [topic for topic in heard if _may_hear(Actor.of_staff(boss()), topic)]
    assert not [topic for topic in heard if _may_hear(Actor.of_staff(named), topic)]


def test_others_who_manage_see_it(app: Flask, named: Staff, ticket: Ticket):
    [first, _second] = complained(ticket)
    outbox.commit()
    client = browser_of(app, boss())
    file_id = db.session.scalars(select(ComplaintFile.id)).one()
    for address in ("/complaints", f"/complaints/{first.id}", "/escalations", f"/tickets/{ticket.number}/history"):
        assert ("Ж-1" in client.get(address).text) or SENTINEL in client.get(address).text, address
    for viewer, statuses in ((client, {200}), (browser_of(app, named), {403, 404})):
        with viewer.get(f"/complaints/{first.id}/files/{file_id}") as answer:
            assert answer.status_code in statuses


def test_a_file_with_a_virus_is_the_one_of_the_case_after_the_warning_too(app: Flask, named: Staff, ticket: Ticket):
    [first, _second] = complained(ticket)
    file = db.session.scalars(select(ComplaintFile)).one()
    file.is_infected = True
    outbox.commit()
    browser, own = browser_of(app, boss()), f"/complaints/{first.id}/files/{file.id}"
    assert f'href="{own}?anyway=yes"' in browser.get(own).text
    with browser.get(f"{own}?anyway=yes") as answer:
        assert answer.headers["Content-Disposition"].startswith("attachment;")


def test_a_low_rating_shows_its_figure_and_keeps_its_words(app: Flask, named: Staff, ticket: Ticket):
    tickets.solve(ticket, tickets.Contribution("Готово"), acting(named), now())
    by = Actor.of_person(carol(), "Петрова Ольга Сергеевна", Channel.WEB)
    tickets.rate(ticket, 1, f"{SENTINEL} плохо", by, now())
    outbox.commit()
    tickets.rate(ticket, 5, f"{SENTINEL} плохо", by, now())
    outbox.commit()
    client = browser_of(app, named)
    for address in (f"/tickets/{ticket.number}", "/me/ratings", f"/tickets/{ticket.number}/history", "/complaints"):
        assert SENTINEL not in client.get(address).text, address
    assert "Комментарий читает руководитель" in client.get("/me/ratings").text
    assert SENTINEL in browser_of(app, boss()).get(f"/tickets/{ticket.number}").text


def test_the_public_page_of_a_number_keeps_its_time(app: Flask, named: Staff, ticket: Ticket):
    number, case = ticket.number, f"/status?number={ticket.number}"
    client = browser_of(app, named)
    clock.shift(timedelta(hours=3))
    before = _PASSING.sub("", client.get(case).text)
    complained(db.session.get_one(Ticket, ticket.id))
    outbox.commit()
    assert number in before
    assert changes(case, (200, before), (200, _PASSING.sub("", client.get(case).text))) == []


def test_a_mark_that_was_changed_keeps_the_words_of_the_complaint_it_was(app: Flask):
    """The request went to another engineer between two marks of one solution: the complaint names the first."""
    boss()
    manager, ticket = named_manager(), request_of_carol()
    tickets.take(ticket, acting(manager), now())
    tickets.solve(ticket, tickets.Contribution("Готово"), acting(manager), now())
    outbox.commit()
    by = Actor.of_person(carol(), "Петрова Ольга Сергеевна", Channel.WEB)
    tickets.rate(ticket, 1, f"{SENTINEL} плохо", by, now())
    outbox.commit()
    ticket.engineer_id = alice().id
    tickets.rate(ticket, 3, f"{SENTINEL} Мария грубила", by, now())
    outbox.commit()
    assert SENTINEL not in browser_of(app, manager).get(f"/tickets/{ticket.number}").text
    assert SENTINEL in browser_of(app, boss()).get(f"/tickets/{ticket.number}").text
