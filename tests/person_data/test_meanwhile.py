"""A letter that comes in while its writer is erased: it is erased with the rest, or it is somebody new's."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app import outbox, pairing, signing
from app.actor import SYSTEM
from app.clock import now
from app.extensions import db
from app.intake import Intake, identify, letters, receive
from app.models import BotMessage, Channel, Chat, ChatTicket, Person, Ticket
from app.person_data import erasing
from tests.intake import mailing
from tests.person_data import marked

A_MOMENT = 0.5  # seconds in which the other comes as far as it can


@pytest.mark.parametrize("step", ["its writer was found", "it was filed"])
def test_a_request_in_the_second_of_erasing(app: Flask, monkeypatch: pytest.MonkeyPatch, step: str):
    """Both halves wait for each other on the card, so that none overlooks the other."""
    olga_id = marked.olga().id
    db.session.rollback()
    reached, begun, filed = threading.Event(), threading.Event(), threading.Event()
    find = identify._person

    def let_the_other_come() -> None:
        reached.set()
        begun.wait(A_MOMENT)

    def slow(*given: Any) -> Person | None:
        person = find(*given)
        if step == "its writer was found":
            let_the_other_come()
        return person

    def write() -> None:
        with app.app_context(), outbox.transaction():
            receive(Intake(channel=Channel.WEB, text="Канарейка", at=now(), name=marked.NAME, email=marked.EMAIL))
            if step == "it was filed":
                let_the_other_come()
        filed.set()

    monkeypatch.setattr(identify, "_person", slow)
    writer = threading.Thread(target=write)
    writer.start()
    assert reached.wait(10)
    with outbox.transaction():
        erasure_id = erasing.begin(db.session.get_one(Person, olga_id), SYSTEM, now(), is_with_open=True).id
    begun.set()
    writer.join()
    assert erasing.proceed(erasure_id, now())
    assert filed.is_set()
    for ticket in db.session.scalars(select(Ticket)):
        assert (ticket.person_id == olga_id) == (ticket.erased_at is not None), ticket.person_id


def test_a_chat_is_nobodys_from_the_moment_that_its_card_is_erased(app: Flask):
    """Of a large erasure the chat goes last; whoever writes in it meanwhile is nobody known."""
    olga = marked.olga()
    chat = Chat(id=marked.CHAT, name="К", person_id=olga.id, paired_at=now(), paired_by="contact", created_at=now())
    db.session.add(chat)
    with outbox.transaction():
        erasing.begin(olga, SYSTEM, now(), is_with_open=True)
    assert pairing.person_of(chat) is None
    with outbox.transaction():
        intake = Intake(channel=Channel.TELEGRAM, text="Ещё", at=now(), name="К", person=olga, key="5:7")
        assert receive(intake).ticket.person_id is None


@pytest.mark.parametrize("reply", [False, True])
def test_a_letter_that_waits_while_its_writer_is_erased_is_somebody_news(app: Flask, reply: bool):
    """Received before and filed after, an answer to an erased request too: a request of its own, of a new person."""
    ticket = marked.written("касса", "касса")
    olga_id = marked.olga().id
    headers = {"In_Reply_To": signing.message_id(ticket.number, "abc")} if reply else {}
    letters.store(mailing.mail("Ещё одно", "Касса", f"{marked.NAME} <{marked.EMAIL}>", **headers), "pipe")
    db.session.rollback()
    with outbox.transaction():
        erasure_id = erasing.begin(db.session.get_one(Person, olga_id), SYSTEM, now(), is_with_open=True).id
    assert erasing.proceed(erasure_id, now())
    letters.file_received()
    later = db.session.scalars(select(Ticket).order_by(Ticket.id.desc())).first()
    assert later is not None
    assert (later.erased_at, later.applicant_email) == (None, marked.EMAIL)
    assert later.person_id != olga_id
    assert later.follows_id is None
    assert erasing.proceed(erasure_id, now())
    assert db.session.get_one(Ticket, later.id).applicant_email == marked.EMAIL


def test_a_chat_that_brought_a_request_meanwhile_still_hears_of_it(app: Flask):
    olga = marked.olga()
    chat = Chat(id=marked.CHAT, name="К", person_id=olga.id, paired_at=now(), paired_by="contact", created_at=now())
    db.session.add(chat)
    db.session.flush()
    db.session.add(BotMessage(chat_id=marked.CHAT, text="Канарейка", created_at=now()))
    outbox.commit()
    with outbox.transaction():
        erasure_id = erasing.begin(olga, SYSTEM, now(), is_with_open=True).id
    with outbox.transaction():
        later = receive(Intake(channel=Channel.TELEGRAM, text="Ещё", at=now(), name="К", key=f"{marked.CHAT}:7")).ticket
        later_id = later.id
        db.session.add(ChatTicket(chat_id=marked.CHAT, ticket_id=later_id))
        db.session.add(BotMessage(chat_id=marked.CHAT, ticket_id=later_id, text="Приняли", created_at=now()))
    assert erasing.proceed(erasure_id, now())
    kept = db.session.get_one(Chat, marked.CHAT)
    assert (kept.person_id, kept.typed) == (None, {})
    assert db.session.scalars(select(ChatTicket.ticket_id)).all() == [later_id]
    assert sorted(db.session.scalars(select(BotMessage.text))) == ["", "Приняли"]
