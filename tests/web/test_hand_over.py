"""Handing a request over to a colleague: one act, a note that staff see, and a letter to the colleague."""

from __future__ import annotations

from email import message_from_bytes, policy

import pytest
from flask import Flask
from sqlalchemy import select

from app import notify, outbox, tickets
from app.clock import now
from app.config import settings
from app.extensions import db
from app.models import EventKind, Message, MessageKind, Ticket
from app.web import links
from tests.cast import acting, alice, bob, request_of_carol, staff
from tests.history import kinds
from tests.web.acting import sent
from tests.web.browse import Browser

WHY = "Ключ на месте, осталось проверить <b>автозапуск</b>"


@pytest.fixture
def ticket(app: Flask) -> Ticket:
    """Alice has it."""
    made = request_of_carol()
    tickets.take(made, acting(alice()), now())
    outbox.commit()
    return made


def letters() -> list[tuple[str, str]]:
    """Every letter that goes out now: to whom, and all of its words."""
    notify.run()
    found = []
    for path in sorted(settings().kept_mail_dir.glob("*.eml")):
        parsed = message_from_bytes(path.read_bytes(), policy=policy.default)
        parts = [part.get_content() for part in parsed.walk() if part.get_content_maintype() == "text"]
        found.append((str(parsed["To"]), "\n".join([str(parsed["Subject"]), *parts])))
    return found


def test_one_act_gives_it_with_a_note_and_tells_the_colleague(alices: Browser, ticket: Ticket):
    bob()
    before = kinds(ticket)
    page = sent(alices, ticket, "handing", engineer=str(bob().id), hand_why=WHY)
    assert ticket.engineer_id == bob().id
    assert kinds(ticket) == [*before, EventKind.ASSIGNED]
    assert "Исполнитель: Борис Белов, назначено: Алиса Орлова" in page.text
    assert WHY in page.text
    note = db.session.scalars(select(Message).where(Message.kind == MessageKind.NOTE)).one()
    assert (note.text, note.staff_id) == (WHY, alice().id)
    told = [words for to, words in letters() if bob().email in to]
    assert len(told) == 1
    assert WHY in told[0]
    assert "назначена вам" in told[0]


def test_the_customer_reads_nothing_of_it(app: Flask, alices: Browser, ticket: Ticket):
    sent(alices, ticket, "handing", engineer=str(bob().id), hand_why=WHY)
    stranger = Browser(app)
    assert "автозапуск" not in stranger.open(f"/r/{links.token_of(ticket)}").text
    others = [words for to, words in letters() if bob().email not in to]
    assert others
    assert not [words for words in others if "автозапуск" in words]


@pytest.mark.parametrize(
    ("engineer", "why", "sentence"),
    [
        ("", WHY, "Выберите из списка"),
        ("alice", WHY, "Заявка уже у Алиса Орлова"),
        ("gone", WHY, "больше не работает"),
        ("bob", " ", "Напишите коллеге"),
        ("bob", "я" * 100_001, "длиннее 100 000"),
    ],
)
def test_a_refusal_names_the_field_and_keeps_the_words(
    alices: Browser, ticket: Ticket, engineer: str, why: str, sentence: str
):
    gone = staff("Пётр Ушёл", email="gone@stek.example")
    gone.is_disabled = True
    outbox.commit()
    ids = {"alice": alice().id, "bob": bob().id, "gone": gone.id}
    page = sent(alices, ticket, "handing", 422, engineer=str(ids.get(engineer, "")), hand_why=why)
    assert sentence in page.text
    assert page.one("details", id="hand-over").get("open") is not None
    assert "".join(page.one("textarea", id="hand_why").itertext()).strip() == why.strip()
    assert ticket.engineer_id == alice().id
    assert db.session.scalars(select(Message).where(Message.kind == MessageKind.NOTE)).all() == []
