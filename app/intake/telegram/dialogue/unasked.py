"""Words that answer no question: about a request that exists, or the first of a new one."""

from __future__ import annotations

from sqlalchemy import select

from app import numbers
from app.extensions import db
from app.intake.telegram.dialogue import acquaintance, answering, drafting, requests, special_files, understanding
from app.intake.telegram.dialogue import draft as drafts
from app.intake.telegram.dialogue.bot import Bot
from app.intake.telegram.dialogue.questions import ask
from app.intake.telegram.dialogue.steps import Step
from app.intake.telegram.turn import Turn
from app.models.chat import BotMessage
from app.models.ticket import Ticket
from app.models.words import State
from app.translate import _


def replied(bot: Bot, turn: Turn, ticket_id: int) -> str:
    """Telegram's own reply to a message about a request goes to that request."""
    ticket = db.session.get_one(Ticket, ticket_id)
    if found := requests.find(bot.chat, ticket.number):
        return answering.add(bot, turn, found)
    return _not_for_staff(bot, ticket.number) if bot.chat.staff_id is not None else words(bot, turn)


def words(bot: Bot, turn: Turn) -> str:
    """Where words belong that came by themselves."""
    bot.go_to(None)
    if not drafts.of(bot.chat).is_empty:
        return drafting.words(bot, turn)
    if not turn.files and (outcome := _short(bot, turn)):
        return outcome
    if bot.chat.staff_id is not None:
        return _not_for_staff(bot)
    offered = requests.offered(bot.chat)
    if answering.is_thanks(turn):
        return _thanked(bot, turn, offered)
    if named := _named(bot, turn):
        return answering.add(bot, turn, named)
    if (asked := _just_asked(bot, offered)) is not None:
        return answering.add(bot, turn, asked)
    if offered:
        return drafting.hold(bot, turn, tuple(ticket.number for ticket in offered))
    return drafting.words(bot, turn)


def _not_for_staff(bot: Bot, number: str = "") -> str:
    """An engineer who writes means to answer a customer: they must not believe that it arrived."""
    refusal = _("Отвечать клиенту из Телеграма пока нельзя.")
    if number:
        way = _("Откройте заявку %(number)s на сайте.", number=number)
    else:
        way = _("Чтобы оставить заявку от себя, нажмите «Новая заявка».")
    bot.say(f"{refusal} {way}", keyboard=bot.menu)
    return "staff"


def _short(bot: Bot, turn: Turn) -> str:
    """A number, a greeting, a button of an old keyboard; "" for words that say more."""
    typed = numbers.normalise(turn.text)
    if numbers.is_valid(typed):
        ticket = requests.find(bot.chat, typed)
        return requests.card(bot, ticket) if ticket else requests.not_here(bot, typed)
    if understanding.is_greeting(turn.text):
        return acquaintance.start(bot, turn)
    if understanding.is_by_hand(turn.text):
        ask(bot, Step.COMPANY)
        return "by hand"
    if understanding.is_skip_button(turn.text):
        bot.say(_("Чтобы оставить заявку, просто опишите проблему."), keyboard=bot.menu)
        return "nothing"
    return ""


def _named(bot: Bot, turn: Turn) -> Ticket | None:
    """The request whose number the words begin with."""
    first = turn.text.partition(" ")[0].strip("№#:,.")
    return requests.find(bot.chat, first) if first else None


def _thanked(bot: Bot, turn: Turn, offered: list[Ticket]) -> str:
    """Bare thanks, or a lone sign: to the request that was spoken of last, and nothing changes."""
    last = _last_message(bot)
    spoken_of = [ticket for ticket in offered if last and ticket.id == last.ticket_id]
    if spoken_of or len(offered) == 1:
        return answering.add(bot, turn, (spoken_of or offered)[0])
    if not answering.has_words(turn.text):
        return special_files.unreadable(bot, turn)
    bot.say(_("Пожалуйста. Если понадобится помощь, просто опишите проблему."), keyboard=bot.menu)
    return "thanks"


def _just_asked(bot: Bot, offered: list[Ticket]) -> Ticket | None:
    """The request whose question was the last thing that this chat read: the next words are its answer."""
    waiting = [ticket for ticket in offered if ticket.state is State.WAITING]
    last = _last_message(bot)
    return waiting[0] if len(waiting) == 1 and last and last.ticket_id == waiting[0].id else None


def _last_message(bot: Bot) -> BotMessage | None:
    query = select(BotMessage).where(BotMessage.chat_id == bot.chat.id).order_by(BotMessage.id.desc())
    return db.session.scalars(query.limit(1)).first()
