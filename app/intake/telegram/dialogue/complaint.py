"""«Пожаловаться руководителю», «Это срочно», «Позвонить»: the ways past the queue."""

from __future__ import annotations

from app import tickets
from app.config import settings
from app.errors import IllegalMove
from app.intake.telegram.dialogue import answering, requests, writer
from app.intake.telegram.dialogue.bot import Bot, support_phones
from app.intake.telegram.dialogue.questions import ask_again, cancel_step, go_on
from app.intake.telegram.dialogue.steps import Step
from app.intake.telegram.turn import Turn
from app.models.ticket import Ticket
from app.models.words import Urgency
from app.translate import _

COMPLAINED = "complained"


def begin(bot: Bot, ticket: Ticket) -> str:
    """The press: possible in every state of the request."""
    bot.go_to(Step.COMPLAIN, ticket.number)
    bot.say(_("Напишите, что не так. Сообщение сразу получит руководитель HelpDesk."), cancel_step())
    return "complaining"


def words(bot: Bot, turn: Turn, number: str) -> str:
    """What is wrong; pictures go to the request, the words to the head of the desk alone."""
    bot.go_to(None)
    ticket = requests.find(bot.chat, number)
    if ticket is None:
        return requests.not_here(bot, number)
    answering.remark(bot, turn, ticket)
    text = turn.text or (_("(без слов, файлы приложены к заявке)") if turn.files else "")
    if not text:
        bot.go_to(Step.COMPLAIN, number)
        return "too large"
    tickets.complain(ticket, text, writer.of(bot.chat).actor, bot.at)
    phones = _(" или ").join(settings().head_phones)
    bot.say(_("Передали руководителю. Если дело не терпит, позвоните: %(phones)s, круглосуточно.", phones=phones))
    go_on(bot)
    return COMPLAINED


def corrected(bot: Bot) -> str:
    """A complaint that was edited is the manager's alone, and no answer to a request."""
    bot.say(
        _("Жалоба уже у руководителя, правка до него не дошла. Чтобы дополнить жалобу, откройте заявку и нажмите "
          "«Пожаловаться руководителю» ещё раз.")
    )  # fmt: skip
    ask_again(bot)
    return "refused"


def declare_urgent(bot: Bot, ticket: Ticket) -> str:
    """«Это срочно»: anyone, always; the notice tells the new deadline."""
    if ticket.is_urgent and ticket.is_active:
        bot.say(_("Заявка %(number)s уже срочная.", number=ticket.number), ticket=ticket)
        return "repeat"
    try:
        tickets.set_urgency(ticket, Urgency.URGENT, writer.of(bot.chat).actor, bot.at)
    except IllegalMove:
        return requests.card(bot, ticket)
    bot.say(_("Заявка %(number)s теперь срочная.", number=ticket.number), ticket=ticket)
    ask_again(bot)
    return "urgent"


def call(bot: Bot) -> str:
    """⟨Позвонить⟩."""
    head = ", ".join(settings().head_phones)
    text = _("Поддержка: %(support)s. Руководитель, круглосуточно: %(head)s.", support=support_phones(), head=head)
    bot.say(text, keyboard=bot.menu)
    ask_again(bot)
    return "call"
