"""The code that ties a chat to an address: mailed there, typed in the chat."""

from __future__ import annotations

import secrets
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app import joined, mailed_codes, standalone
from app.extensions import db
from app.models.chat import Chat
from app.models.person import Person

NOTICE = "pairing"
_PURPOSE = "telegram-code"


def mail_code(chat: Chat, email: str, at: datetime) -> bool:
    """Owe a letter with a code to this address; a code mailed before is void. False: too many were asked for.

    The answer is the same for every address, known or not.
    """
    email = email.strip().lower()
    mailed = mailed_codes.within_a_day(map(datetime.fromisoformat, chat.codes_mailed), at)
    if mailed_codes.is_over(mailed, at) or mailed_codes.is_over(mailed_codes.mailed_to(email, NOTICE, at), at):
        return False
    nonce = secrets.token_hex(16)
    chat.code_email, chat.code_tries, chat.code_until = email, 0, at + mailed_codes.CODE_LIVES
    chat.code_hash = mailed_codes.hash_of(_PURPOSE, _bound(chat.id, email), code_of(chat.id, email, nonce))
    chat.codes_mailed = [moment.isoformat() for moment in (*mailed, at)]
    standalone.owe(NOTICE, email, at, until=chat.code_until, chat=chat.id, nonce=nonce, language=chat.language)
    return True


def check_code(chat: Chat, text: str, at: datetime) -> Person | None:
    """Whose address the code was mailed to, made if unknown; the caller pairs. None: wrong, too late, too often.

    A code is good once. After the fifth miss it is void: see ``code_is_waiting``.
    """
    if not code_is_waiting(chat, at):
        return None
    chat.code_tries += 1
    email = chat.code_email
    if not mailed_codes.is_right(_PURPOSE, _bound(chat.id, email), text, chat.code_hash):
        return None
    forget_code(chat)
    return _person(email, chat, at)


def code_is_waiting(chat: Chat, at: datetime) -> bool:
    """Whether a code that was mailed can still be typed."""
    is_in_time = chat.code_until is not None and at <= chat.code_until
    return bool(chat.code_hash) and is_in_time and chat.code_tries < mailed_codes.MOST_TRIES


def forget_code(chat: Chat) -> None:
    chat.code_hash, chat.code_email, chat.code_until, chat.code_tries = "", "", None, 0


def code_of(chat_id: int, email: str, nonce: str) -> str:
    """The digits that a letter shows."""
    return mailed_codes.code_of(_PURPOSE, _bound(chat_id, email), nonce)


def _bound(chat_id: int, email: str) -> str:
    return f"{chat_id}:{email}"


def _person(email: str, chat: Chat, at: datetime) -> Person:
    query = select(Person).where(Person.email == email)
    if found := db.session.scalars(query).first():
        return joined.kept(found)
    person = Person(email=email, name=chat.typed.get("name", "")[:200], language=chat.language, created_at=at)
    try:
        with db.session.begin_nested():
            db.session.add(person)
    except IntegrityError:  # a letter of theirs came in the same moment
        return db.session.scalars(query).one()
    return person
