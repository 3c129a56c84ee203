"""Chats, and what a letter brought to their owners: small things that tests of pairing share."""

from __future__ import annotations

import re

from app import clock, outbox
from app.extensions import db
from app.models import Chat, Delivery
from app.pairing.codes import NOTICE, code_of

START = re.compile(r"https://t\.me/StekHelpBot\?start=([A-Za-z0-9_-]{1,64})")


def chat(chat_id: int = 7001) -> Chat:
    made = Chat(id=chat_id, name="Кто-то", created_at=clock.now(), typed={})
    db.session.add(made)
    outbox.commit()
    return made


def payload(link: str) -> str:
    found = START.fullmatch(link)
    assert found, link
    return found.group(1)


def mailed_code(to: str) -> str:
    """The digits of the newest letter, as its reader sees them."""
    query = db.session.query(Delivery).filter_by(recipient=to, notice=NOTICE).order_by(Delivery.id.desc())
    letter = query.first()
    assert letter is not None
    return code_of(letter.data["chat"], to, letter.data["nonce"])
