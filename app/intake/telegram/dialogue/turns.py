"""respond(): one turn of a chat, answered inside the caller's transaction."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from flask_babel import force_locale

from app.extensions import db
from app.intake.intake import clean_text
from app.intake.telegram.dialogue import table
from app.intake.telegram.dialogue.bot import Bot, language_of, support_phones
from app.intake.telegram.turn import Kind, Turn
from app.models.chat import Chat
from app.translate import _


def respond(turn: Turn) -> str:
    """Answer one turn; returns one word for what became of it. Never commits.

    The chat's row stays locked until the caller's transaction ends, so that no silence ends in the middle of a turn.
    """
    db.session.flush()
    db.session.get_one(Chat, turn.chat.id, populate_existing=True, with_for_update=True)
    bot = Bot(turn.chat, turn.at)
    if turn.kind is Kind.LEFT:
        turn.chat.blocked_at = turn.at if turn.is_blocked else None
        return "left" if turn.is_blocked else "came back"
    turn.chat.blocked_at = None
    with force_locale(language_of(turn.chat)):
        text, button = clean_text(turn.text, is_line=False), clean_text(turn.button, is_line=True)
        return table.answer(bot, replace(turn, text=text, button=button))


def apologise(chat: Chat, at: datetime) -> None:
    """A turn could not be kept, and is tried again: say so, once, in a transaction of its own."""
    with force_locale(language_of(chat)):
        phone = support_phones().partition(", ")[0]
        kept = _("Не получилось сохранить заявку. Ваш текст не потерян, пробуем ещё раз.")
        Bot(chat, at).say(kept + " " + _("Если срочно, позвоните: %(phone)s.", phone=phone))
