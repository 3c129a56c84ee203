"""What becomes of one update, in one transaction: its chat is there, the dialogue has answered, the update is done."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from flask_babel import force_locale
from sqlalchemy import select

from app import chats, failpoint, outbox
from app.bot_api import BotApiError, Client
from app.config import settings
from app.extensions import db
from app.intake.telegram import claims, dialogue
from app.intake.telegram.claims import Claim
from app.intake.telegram.dialogue.bot import language_of
from app.intake.telegram.downloads import Fetched
from app.intake.telegram.reading import Reading
from app.intake.telegram.turn import Turn
from app.models.chat import BotMessage, BotUpdate, Chat
from app.translate import _

log = logging.getLogger(__name__)

ON_THE_WAY = timedelta(minutes=1)  # what took longer to reach us came when Telegram took it
KEPT_AT_TELEGRAM = timedelta(hours=25)  # updates wait there for a day; an older date is no date


def settle(claim: Claim, known: Reading, fetched: Fetched) -> bool:
    """Bring a claim to its end; False when the lease was lost meanwhile and somebody else does it."""
    with outbox.transaction():
        rows = claims.mine(claim)
        if not rows:
            return False
        at = moment(known, rows[0])
        outcome = _file(known, at) if known.filed else _answer(known, rows[0], at, fetched)
        rows[0].files = len(fetched.kept)
        for number, row in enumerate(rows):
            row.outcome, row.error = (outcome if number == 0 else "album")[:40], ""
        failpoint.reach("update before answered")
    return True


def moment(known: Reading, row: BotUpdate) -> datetime:
    """When it reached us: after a time without Telegram that is when Telegram took it, as for letters in a mailbox."""
    waited = row.received_at - known.sent_at if known.sent_at else timedelta(0)
    return known.sent_at if known.sent_at and ON_THE_WAY < waited < KEPT_AT_TELEGRAM else row.received_at


def let_rest(client: Client, query_id: str) -> None:
    """Tell Telegram that a press was seen; that it shows so is not worth a second try."""
    try:
        client.answer_press(query_id)
    except BotApiError as error:
        log.info("a press could not be let rest: %s", error)


def chat_for(known: Reading, at: datetime) -> Chat:
    """The chat, made if it is new, and ours until the transaction ends."""
    assert known.chat_id is not None
    chat = db.session.get(Chat, known.chat_id, with_for_update=True, populate_existing=True)
    if chat is None:
        chat = Chat(
            id=known.chat_id,
            name=known.name,
            language=known.language or settings().language,
            typed={},
            draft={},
            wishes={},
            created_at=at,
        )
        db.session.add(chat)
    chat.name = known.name or chat.name
    db.session.flush()
    return chat


def _answer(known: Reading, row: BotUpdate, at: datetime, fetched: Fetched) -> str:
    return dialogue.respond(
        Turn(
            chat=chat_for(known, at),
            update_id=row.id,
            at=at,
            kind=known.kind,
            text=known.text,
            command=known.command,
            argument=known.argument,
            button=known.button,
            files=tuple(fetched.kept),
            too_large=tuple(fetched.too_large),
            too_many=fetched.too_many,
            contact=known.contact,
            replied_to=_replied_to(known),
            message_id=known.message_id,
            is_edited=known.is_edited,
            is_blocked=known.is_blocked,
        )
    )


def _replied_to(known: Reading) -> BotMessage | None:
    """By its id; one of which we never heard that it was sent, and so said again, by its words."""
    if known.replied_id is None:
        return None
    of_chat = select(BotMessage).where(BotMessage.chat_id == known.chat_id)
    found = db.session.scalars(of_chat.where(BotMessage.sent_id == known.replied_id)).first()
    if found is None and known.replied_text:
        same = of_chat.where(BotMessage.text == known.replied_text).order_by(BotMessage.id.desc())
        found = db.session.scalars(same.limit(1)).first()
    return found


def _file(known: Reading, at: datetime) -> str:
    """Nobody answers this; a group hears once why."""
    if known.filed == "group" and known.chat_id is not None and db.session.get(Chat, known.chat_id) is None:
        chat = chat_for(known, at)
        with force_locale(language_of(chat)):
            text = _(
                "Бот работает только в личной переписке. Напишите ему лично: https://t.me/%(bot)s",
                bot=settings().firm_bot,
            )
        chats.say(chat, text, at)
    return known.filed
