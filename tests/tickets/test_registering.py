"""What a new request is called, and whose it is, where little was said."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from app import outbox
from app.extensions import db
from app.intake import Intake, receive
from app.models import Channel, Message
from app.tickets.register import title_of

pytestmark = pytest.mark.usefixtures("app")

MONDAY = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)  # 10:00 in Moscow


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("\n  Касса \t не печатает\nчек", "Касса не печатает"),
        ("слово " * 20, "слово " * 12 + "слово…"),
        ("https://shop.example/" + "a" * 100, "https://shop.example/" + "a" * 59 + "…"),
        ("- " * 100, "- " * 40 + "…"),
        ("", "(без темы)"),
    ],
)
def test_a_request_is_called_by_its_first_words(text: str, title: str):
    assert title_of(text) == title


def test_an_address_longer_than_any_name_stands_in_for_one():
    address = f"{'o' * 64}@{'neva-trade.' * 14}example"
    ticket = receive(Intake(channel=Channel.EMAIL, text="Касса", at=MONDAY, email=address)).ticket
    outbox.commit()
    assert ticket.applicant_email == address
    assert address.startswith(db.session.scalars(select(Message.author)).one())
