"""What somebody means who writes to the bot to learn, or to break, what is not theirs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, text

from app import chats, clock, outbox, pairing
from app.extensions import db
from app.intake.telegram import claims
from app.models import Chat, Message, Person, Ticket
from app.notify.telegram import claims as messages
from tests.cast import neva_trade
from tests.telegram.talker import Talker, requested, talker_of_carol, texts


@pytest.fixture(autouse=True)
def app(make_app: Callable[..., Flask]) -> Iterator[Flask]:
    app = make_app(TELEGRAM_BOT_TOKEN="12345:stands-for-a-token")
    with app.app_context():
        yield app


def acquainted_as(email: str) -> Talker:
    """A chat that says it is this address's, and proves nothing."""
    talker = Talker()
    for words in ("/start", "вручную", "Злой умысел", "Злой Умысел", email, "пропустить"):
        talker.write(words)
    return talker


def test_who_claimed_anothers_address_reads_no_contract_once_paired_with_an_own_one():
    neva_trade()
    talker = acquainted_as("somebody@neva-trade.example")
    ticket = requested(talker)
    mallory = Person(email="mallory@evil.example", name="Мэллори", created_at=talker.at)
    db.session.add(mallory)
    outbox.commit()
    with outbox.transaction():
        pairing.pair_person(talker.chat, mallory, "code", talker.at)
    [card] = texts(talker.write(ticket.number))
    assert "Почему такой срок" in card
    assert "118/2024" not in card
    [card] = texts(talker.write("/en") and talker.write(ticket.number))
    assert "118/2024" not in card


def test_a_word_in_a_chat_walks_through_no_table():
    chat = talker_of_carol().chat
    is_sqlite = db.engine.dialect.name == "sqlite"
    if not is_sqlite:
        db.session.execute(text("SET LOCAL enable_seqscan = off"))  # the tables are small
    for query in (
        select(Ticket.id).where(chats.visible(chat), Ticket.is_active).order_by(Ticket.touched_at.desc()).limit(3),
        select(Message.id).where(Message.ticket_id.in_(chats.visible_ids(chat))).order_by(Message.id.desc()).limit(1),
    ):
        wanted = query.compile(db.engine, compile_kwargs={"literal_binds": True})
        explained = db.session.execute(text(f"EXPLAIN {'QUERY PLAN ' if is_sqlite else ''}{wanted}"))
        plan = "\n".join(str(row[-1]) for row in explained)
        assert "ix_tickets_person_id" in plan, plan


def owe(many: int, due: str) -> None:
    """So many messages and updates of one chat, made by the database itself."""
    numbers = f"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {many})"
    db.session.execute(
        text(
            "INSERT INTO bot_messages (chat_id, text, buttons, state, attempts, created_at, next_attempt_at, error)"
            f" {numbers} SELECT 7001, '', '[]', 'waiting', 0, CURRENT_TIMESTAMP, {due}, '' FROM n"
        )
    )
    db.session.execute(
        text(
            "INSERT INTO bot_updates (id, chat_id, raw, received_at, work_at, attempts, outcome, error)"
            f" {numbers} SELECT i + (SELECT count(*) FROM bot_updates), 7001, '{{}}', CURRENT_TIMESTAMP, {due}, 0"
            ", '', '' FROM n"
        )
    )
    outbox.commit()


def test_a_flood_of_one_chat_is_no_flood_of_looks():
    db.session.add(Chat(id=7001, name="", typed={}, created_at=clock.now()))
    db.session.flush()
    owe(6000, "NULL")
    if db.engine.dialect.name == "postgresql":  # which has last counted them while nothing was owed
        db.session.execute(text("ANALYZE bot_messages, bot_updates"))
        db.session.execute(text("SET statement_timeout = '5s'"))
        outbox.commit()
    owe(6000, "CURRENT_TIMESTAMP")
    clock.shift(timedelta(seconds=5))
    with outbox.transaction():
        assert [claim.chat_id for claim in messages.take(6, ())] == [7001]
    assert [one.id for one in claims.due()] == [6001]
