"""Six digits mailed to an address: who types them in a chat reads that mailbox.

The code itself is kept nowhere: the letter works it out again from the key, the chat and a number used once.
"""

from __future__ import annotations

import hmac
import secrets
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from app import joined, signing, standalone
from app.extensions import db
from app.models.chat import Chat
from app.models.delivery import Delivery
from app.models.person import Person

NOTICE = "pairing"
CODE_LIVES = timedelta(minutes=15)
MOST_TRIES = 5
_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)
_CAPS = ((3, _HOUR), (8, _DAY))  # of a chat, and of an address: no chat is a bomb for mailboxes, no guess gets far


def mail_code(chat: Chat, email: str, at: datetime) -> bool:
    """Owe a letter with a code to this address; a code mailed before is void. False: too many were asked for.

    The answer is the same for every address, known or not.
    """
    email = email.strip().lower()
    mailed = [moment for moment in map(datetime.fromisoformat, chat.codes_mailed) if moment > at - _DAY]
    if _is_over(mailed, at) or _is_over(_mailed_to(email, at), at):
        return False
    nonce = secrets.token_hex(16)
    chat.code_email, chat.code_tries, chat.code_until = email, 0, at + CODE_LIVES
    chat.code_hash = _hash(chat.id, email, code_of(chat.id, email, nonce))
    chat.codes_mailed = [moment.isoformat() for moment in (*mailed, at)]
    standalone.owe(NOTICE, email, at, until=chat.code_until, chat=chat.id, nonce=nonce, language=chat.language)
    return True


def check_code(chat: Chat, text: str, at: datetime) -> Person | None:
    """Whose address the code was mailed to, made if unknown; the caller pairs. None: wrong, too late, too often.

    A code is good once. After the fifth miss it is void: see ``code_is_waiting``.
    """
    if not code_is_waiting(chat, at):
        return None
    typed = "".join(char for char in text if char.isascii() and char.isdigit())
    chat.code_tries += 1
    if not hmac.compare_digest(_hash(chat.id, chat.code_email, typed), chat.code_hash):
        return None
    email = chat.code_email
    forget_code(chat)
    return _person(email, chat, at)


def code_is_waiting(chat: Chat, at: datetime) -> bool:
    """Whether a code that was mailed can still be typed."""
    is_in_time = chat.code_until is not None and at <= chat.code_until
    return bool(chat.code_hash) and is_in_time and chat.code_tries < MOST_TRIES


def forget_code(chat: Chat) -> None:
    chat.code_hash, chat.code_email, chat.code_until, chat.code_tries = "", "", None, 0


def code_of(chat_id: int, email: str, nonce: str) -> str:
    """The digits that a letter shows."""
    drawn = int.from_bytes(signing.sign("telegram-code", f"{chat_id}:{email}:{nonce}")[:8])
    return f"{drawn % 1_000_000:06d}"


def _hash(chat_id: int, email: str, code: str) -> str:
    """Keyed: six digits under a bare hash are no secret."""
    return signing.sign("telegram-code-hash", f"{chat_id}:{email}:{code}").hex()


def _mailed_to(email: str, at: datetime) -> list[datetime]:
    query = select(Delivery.created_at).where(
        Delivery.recipient == email, Delivery.notice == NOTICE, Delivery.created_at > at - _DAY
    )
    if db.session.get_bind().dialect.name == "postgresql":
        db.session.execute(select(func.pg_advisory_xact_lock(func.hashtext(f"code {email}"))))
    return list(db.session.scalars(query))


def _is_over(moments: list[datetime], at: datetime) -> bool:
    return any(sum(moment > at - span for moment in moments) >= most for most, span in _CAPS)


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
