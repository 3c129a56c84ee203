"""From draft to request: sent by hand, or by itself after a silence; each draft makes one request."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from flask_babel import force_locale
from limits import parse
from sqlalchemy import select, update

from app import chats, clock, database, outbox
from app.config import settings
from app.extensions import db
from app.intake.intake import Intake
from app.intake.receive import receive
from app.intake.telegram.dialogue import answering, originals, reopening, writer
from app.intake.telegram.dialogue import draft as drafts
from app.intake.telegram.dialogue.bot import Bot, language_of, support_phones
from app.intake.telegram.dialogue.draft import Draft
from app.intake.telegram.dialogue.steps import DRAFTING, Step, read
from app.models.chat import BotUpdate, Chat, ChatTicket
from app.models.ticket import Ticket
from app.models.words import Channel, Urgency
from app.translate import _

log = logging.getLogger(__name__)

_AT_ONCE = 50
_AGAIN_AFTER = timedelta(minutes=1)  # a draft that could not be registered is tried again


def register(bot: Bot, draft: Draft, at: datetime) -> Ticket | None:
    """The request out of the draft, with its deadline from ``at`` on; None: too many in a row, it comes by itself.

    Its number is told by the notice of its registration, not here.
    """
    if free_at := _brake_until(bot):
        draft.keep(bot.chat, bot.at)
        bot.chat.registers_at = free_at
        bot.say(_too_many_words(bot, free_at), keyboard=bot.menu)
        return None
    ticket = receive(_intake(bot.chat, draft, at)).ticket
    chats.follow(bot.chat, ticket)
    if draft.key.isdigit():
        originals.note(bot.chat, int(draft.key), ticket)
    drafts.forget(bot.chat)
    if read(bot.chat.step)[0] in {*DRAFTING, Step.WHO}:
        bot.go_to(None)
    return ticket


def registered(chat: Chat, key: str) -> Ticket | None:
    """The request that a draft of this chat became."""
    query = select(Ticket).where(Ticket.channel == Channel.TELEGRAM, Ticket.intake_key == _key(chat, key))
    return db.session.scalars(query).first()


def run_due(at: datetime) -> int:
    """Register the drafts whose silence is over, each in a transaction of its own; returns how many it did."""
    with database.reading():
        # Whose words are still on the way is not silent.
        on_the_way = select(BotUpdate.id).where(BotUpdate.chat_id == Chat.id, BotUpdate.work_at.is_not(None))
        query = select(Chat.id, Chat.registers_at).where(Chat.registers_at <= at, ~on_the_way.exists())
        rows = db.session.execute(query.order_by(Chat.registers_at).limit(_AT_ONCE))
        due = [(row.id, row.registers_at) for row in rows]
        db.session.rollback()
    return sum(_finish(chat_id, registers_at, at) for chat_id, registers_at in due)


def _finish(chat_id: int, registers_at: datetime, at: datetime) -> bool:
    """One draft; False when somebody else did it, when the customer wrote meanwhile, or when it failed."""
    try:
        with outbox.transaction():
            chat = _claimed(chat_id, registers_at)
            if chat is None:
                return False
            with force_locale(language_of(chat)):
                _end_of_silence(Bot(chat, at), registers_at)
    except Exception:  # one draft must not stop the others
        log.exception("the draft of a chat could not be registered")
        _postpone(chat_id, registers_at)
        return False
    return True


def _claimed(chat_id: int, registers_at: datetime) -> Chat | None:
    """The chat, if its moment still stands; nobody else can change it until this transaction ends."""
    mine = db.session.execute(
        update(Chat)
        .where(Chat.id == chat_id, Chat.registers_at == registers_at)
        .values(registers_at=None)
        .returning(Chat.id),
        execution_options={"synchronize_session": False},
    ).first()
    return db.session.get_one(Chat, chat_id, populate_existing=True) if mine else None


def _end_of_silence(bot: Bot, registers_at: datetime) -> None:
    """What was begun goes on as it is: a reopening without words, words to the one request they were asked about."""
    step, number = read(bot.chat.step)
    if step is Step.REOPEN:
        reopening.without_words(bot, number)
    draft = drafts.of(bot.chat)
    if draft.is_empty:
        return
    if len(draft.numbers) == 1 and answering.deliver_held(bot, draft, draft.numbers[0]):
        return
    register(bot, draft, registers_at)


def _postpone(chat_id: int, registers_at: datetime) -> None:
    with outbox.transaction():
        chat = db.session.get(Chat, chat_id, populate_existing=True, with_for_update=True)
        if chat is not None and chat.registers_at == registers_at:
            chat.registers_at = clock.now() + _AGAIN_AFTER


def _intake(chat: Chat, draft: Draft, at: datetime) -> Intake:
    who = writer.of(chat)
    return Intake(
        Channel.TELEGRAM,
        draft.text or _("(сообщение без текста)"),
        at=at,
        key=_key(chat, draft.key),
        whose=draft.whose or "",
        where=draft.where,
        links=draft.links,
        urgency=Urgency.URGENT if draft.is_urgent else Urgency.NORMAL,
        name=who.name,
        email=who.email,
        phone=who.phone,
        company=who.company,
        language=language_of(chat),
        files=draft.files,
        missing=[*(who.missing), *(["whose"] if draft.whose is None else [])],
        person=who.person,
        is_only_claimed=who.person is None,
    )


def _key(chat: Chat, key: str) -> str:
    return f"{chat.id}:{key}"


def _brake_until(bot: Bot) -> datetime | None:
    """When the next request of this chat may come, if it has sent too many (FORM_LIMIT, as the form on the site)."""
    limit = parse(settings().form_limit)
    span = timedelta(seconds=limit.get_expiry())
    query = (
        select(Ticket.created_at)
        .join(ChatTicket, ChatTicket.ticket_id == Ticket.id)
        .where(ChatTicket.chat_id == bot.chat.id, Ticket.channel == Channel.TELEGRAM)
        .where(Ticket.created_at > bot.at - span)
        .order_by(Ticket.created_at)
    )
    sent = list(db.session.scalars(query))
    return sent[len(sent) - limit.amount] + span if len(sent) >= limit.amount else None


def _too_many_words(bot: Bot, free_at: datetime) -> str:
    return _(
        "Из этого чата слишком много заявок подряд. Текст не потерян: зарегистрируем заявку сами, %(moment)s. "
        "Если срочно, позвоните: %(phones)s.",
        moment=bot.moment(free_at),
        phones=support_phones(),
    )
