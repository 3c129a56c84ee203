"""What an edited message was when it came, and to which request its words went: looked up, never guessed."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select, update
from sqlalchemy.orm import undefer

from app.extensions import db
from app.intake.telegram import reading
from app.intake.telegram.turn import Turn
from app.models.chat import BotUpdate, Chat
from app.models.ticket import Ticket


@dataclass(frozen=True)
class Original:
    """``update_id``: of the turn that it came with. ``text``: its words as they stood before this edit."""

    update_id: int
    outcome: str
    text: str
    ticket: Ticket | None


def of(turn: Turn) -> Original | None:
    """Telegram numbers messages in each chat anew, so chat and number name one. None: it never reached us."""
    if turn.message_id is None:
        return None
    query = (
        select(BotUpdate)
        .where(BotUpdate.chat_id == turn.chat.id, BotUpdate.message_id == turn.message_id)
        .where(BotUpdate.work_at.is_(None), BotUpdate.id != turn.update_id)
        .order_by(BotUpdate.id)
        .options(undefer(BotUpdate.raw))
    )
    versions = db.session.scalars(query).all()
    if not versions:
        return None
    first = _of_album(versions[0])
    text = reading.read(reading.load(versions[-1].raw)).text
    ticket = db.session.get(Ticket, first.ticket_id) if first.ticket_id else None
    return Original(first.id, first.outcome, text, ticket)


def note(chat: Chat, since: int, ticket: Ticket) -> None:
    """All that this chat sent from the update ``since`` on, and that went nowhere else, went to this request."""
    db.session.execute(
        update(BotUpdate)
        .where(BotUpdate.chat_id == chat.id, BotUpdate.id >= since, BotUpdate.ticket_id.is_(None))
        .where(BotUpdate.work_at.is_(None))
        .values(ticket_id=ticket.id),
        execution_options={"synchronize_session": False},
    )


def _of_album(part: BotUpdate) -> BotUpdate:
    """An album is one turn, and has its outcome with the first of its parts."""
    if part.album is None:
        return part
    parts = select(BotUpdate).where(BotUpdate.chat_id == part.chat_id, BotUpdate.album == part.album)
    found = db.session.scalars(parts.where(BotUpdate.outcome != "album").order_by(BotUpdate.id).limit(1)).first()
    return found or part
