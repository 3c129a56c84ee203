"""A claimed message as it is to leave now, or why nobody needs it any more."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from flask_babel import force_locale
from sqlalchemy.orm import joinedload

from app import chats, clock
from app.actor import Actor
from app.closing_moment import printed_moment
from app.config import settings
from app.errors import DeliveryError
from app.extensions import db
from app.models.chat import BotMessage, Chat
from app.models.delivery import Delivery
from app.models.message import Attachment
from app.models.words import Cause
from app.notify import facts, pages
from app.notify.facts import Facts
from app.notify.freshness import is_stale
from app.notify.telegram.claims import Claim
from app.notify.telegram.parts import parts, sorted_out
from app.notify.telegram.telling import Told, language_of, tell
from app.notify.telegram.tries import Overtaken, Written
from app.policy import Act, may
from app.translate import _

WITH_FILES = frozenset({"replied", "asked", "solved"})
_FOR_MANAGERS = frozenset(
    {Cause.COMPLAINT, Cause.HEAD_CALLED, Cause.LOW_RATING, Cause.REOPENED_TWICE, Cause.UNREADABLE}
)


def write(claim: Claim) -> Written:
    """The part whose turn it is; raises Overtaken, and DeliveryError for what cannot be said at all."""
    message = db.session.get_one(BotMessage, claim.message_id, populate_existing=True)
    if claim.delivery_id is None:
        made = parts(message.text, message.buttons, message.keyboard, ())
        if message.parts_sent >= len(made):
            raise DeliveryError(_("Сообщение пустое."), permanent=True)
        return Written(made[message.parts_sent], message.text, message.buttons, message.ticket_id)
    chat = db.session.get_one(
        Chat, claim.chat_id, populate_existing=True, options=[joinedload(Chat.staff), joinedload(Chat.person)]
    )
    delivery = db.session.get_one(Delivery, claim.delivery_id, populate_existing=True)
    if delivery.notice == pages.NOTICE:
        return _page(message, delivery, chat)
    with_ids = [other.delivery_id for other in claim.others if other.delivery_id is not None]
    known = facts.gather(claim.delivery_id, clock.now(), with_ids)
    return _notice(message, chat, replace(known, reader_id=chat.staff_id))


def _page(message: BotMessage, delivery: Delivery, chat: Chat) -> Written:
    """Pages, one or several: what of them still waits."""
    if not pages.is_readers(delivery, chat):
        raise _not_theirs()
    if not message.parts_sent and pages.is_over(delivery.id, clock.now()):
        raise _stale()
    text, buttons = message.text, message.buttons
    if not message.parts_sent:
        with force_locale(settings().language):
            text, buttons = pages.in_chat(delivery, clock.now())
    return Written(parts(text, buttons, None, ())[message.parts_sent], text, buttons, None)


def _notice(message: BotMessage, chat: Chat, known: Facts) -> Written:
    if not _may_read(chat, known):
        raise _not_theirs()
    if not message.parts_sent and is_stale(known):
        raise _stale()
    closing_at = _closing_at(known)
    with force_locale(language_of(known.delivery, chat)):
        told, kept = _told(message, chat, known, closing_at)
        made = parts(told.text, told.buttons, None, kept)
    if message.parts_sent >= len(made):
        raise Overtaken(_("Файлы, которые ещё не ушли, больше не прилагаются."))
    part, buttons = made[message.parts_sent], [list(row) for row in told.buttons]
    return Written(part, told.text, buttons, known.ticket.id, closing_at, known.link)


def _told(message: BotMessage, chat: Chat, known: Facts, closing_at: datetime | None) -> tuple[Told, list[Attachment]]:
    """The words, once begun always the same, and the files that go along."""
    is_with_files = known.delivery.is_for_customer and known.delivery.notice in WITH_FILES and known.message is not None
    kept, sentence = sorted_out(known.message.files if is_with_files and known.message else (), known.link)
    if message.parts_sent:
        return Told(message.text, message.buttons), kept
    told = tell(known, chat, closing_at)
    return replace(told, text=f"{told.text}\n\n{sentence}".strip()), kept


def _may_read(chat: Chat, known: Facts) -> bool:
    """Rights are looked at when it leaves, not when it was owed: a chat may have changed hands meanwhile."""
    if known.delivery.is_for_customer:
        return chats.may_see(chat, known.ticket)
    act = Act.MANAGE if known.delivery.notice in _FOR_MANAGERS else Act.WORK
    return chat.staff is not None and not chat.staff.is_disabled and may(Actor.of_staff(chat.staff), act)


def _closing_at(known: Facts) -> datetime | None:
    """The moment of closing that this notice names."""
    if known.delivery.notice == "solved":
        return printed_moment(known.at)
    return known.ticket.close_at if known.delivery.notice == "closing" else None


def _stale() -> Overtaken:
    return Overtaken(_("Не отправлено: за это время устарело."))


def _not_theirs() -> Overtaken:
    return Overtaken(_("Не отправлено: чат больше не связан с этой заявкой."))
