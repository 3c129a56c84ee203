"""«Не помогло, открыть заново»: words are asked for, but it opens without them too; a notice tells the deadline."""

from __future__ import annotations

from app import tickets
from app.config import settings
from app.intake.telegram.dialogue import answering, requests, writer
from app.intake.telegram.dialogue import draft as drafts
from app.intake.telegram.dialogue.bot import Bot
from app.intake.telegram.dialogue.questions import cancel_step, go_on
from app.intake.telegram.dialogue.steps import Step
from app.intake.telegram.turn import Turn
from app.models.ticket import Ticket
from app.presses import Press, about
from app.translate import _

NOW = "now"


def begin(bot: Bot, ticket: Ticket) -> str:
    """The press; on a request that is open already it says so."""
    if ticket.is_active:
        bot.say(_("Заявка %(number)s уже в работе.", number=ticket.number))
        return requests.card(bot, ticket)
    bot.go_to(Step.REOPEN, ticket.number)
    if drafts.of(bot.chat).is_empty:
        bot.chat.registers_at = drafts.silence_from(bot.at) + settings().telegram_draft_after
    without = about(_("Открыть без пояснений"), Press.REOPEN, ticket, NOW)
    bot.say(_("Что осталось не так?"), [without], cancel_step())
    return "reopening"


def words(bot: Bot, turn: Turn, number: str) -> str:
    """What is still wrong."""
    ticket = _ended(bot, number)
    if ticket is None:
        return requests.not_here(bot, number)
    outcome = answering.add(bot, turn, ticket)
    go_on(bot)
    return outcome


def without_words(bot: Bot, number: str) -> str:
    """By the button, or by a silence: who pressed «открыть заново» meant it."""
    ticket = _ended(bot, number)
    if ticket is None:
        return requests.not_here(bot, number)
    if not ticket.is_active:
        tickets.reopen(ticket, None, writer.of(bot.chat).actor, bot.at)
        go_on(bot)
        return "reopened"
    return begin(bot, ticket)


def _ended(bot: Bot, number: str) -> Ticket | None:
    """The question is answered; the silence after it no longer counts."""
    if bot.is_at(Step.REOPEN):
        bot.go_to(None)
    if drafts.of(bot.chat).is_empty:
        bot.chat.registers_at = None
    return requests.find(bot.chat, number)
