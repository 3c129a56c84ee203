"""What somebody means who writes to the bot to learn, or to break, what is not theirs."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from app import outbox, pairing
from app.extensions import db
from app.models import Person
from tests.cast import neva_trade
from tests.telegram.talker import Talker, requested, texts


@pytest.fixture(autouse=True)
def app(make_app: Callable[..., Flask]) -> Flask:
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
    assert "Почему такой срок" in card and "118/2024" not in card
    [card] = texts(talker.write("/en") and talker.write(ticket.number))
    assert "118/2024" not in card
