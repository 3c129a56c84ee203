"""Engineers and managers in their chats: take a request, acknowledge an escalation, see what is theirs.

What a button carries proves nothing: whose chat it is and what they may do is looked at on every press.
"""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import select

from app import numbers, paging, pairing, presses, tickets
from app.actor import Actor
from app.config import settings
from app.errors import IllegalMove
from app.extensions import db
from app.intake.telegram.dialogue.bot import Bot, in_one_line
from app.models.escalation import Escalation
from app.models.ticket import Ticket
from app.models.words import Channel
from app.policy import Act, may
from app.presses import Press, about
from app.rows import find_row, typed_id
from app.translate import _

MOST_LISTED = 10
TITLE_SHOWN = 60


def take(bot: Bot, number: str) -> str:
    """Take a request by name."""
    actor = _actor(bot)
    if actor is None or not may(actor, Act.WORK):
        return _refuse(bot)
    ticket = _ticket(number)
    if ticket is None:
        bot.say(_("Заявки %(number)s нет.", number=number))
        return "no request"
    open_it = presses.desk(_("Открыть заявку"), ticket)
    if ticket.engineer_id == actor.staff_id and ticket.is_active:
        bot.say(_("Заявка %(number)s уже ваша.", number=ticket.number), open_it)
        return "taken before"
    try:
        tickets.take(ticket, actor, bot.at)
    except IllegalMove as refusal:  # nothing was changed
        bot.say(refusal.message, open_it)
        return "refused"
    bot.say(_("Вы взяли заявку %(ticket)s", ticket=_line(bot, ticket)), open_it)
    return "taken"


def acknowledge(bot: Bot, subject: str) -> str:
    """Take charge of a request, whatever it is before the manager for; who was called for it may do that too."""
    actor = _actor(bot)
    if actor is None:
        return _refuse(bot)
    escalation = _escalation(subject)
    if not may(actor, Act.MANAGE) and not (escalation and paging.may_acknowledge(escalation, actor)):
        bot.say(_("Взять на контроль может руководитель или тот, кого позвали."))
        return "refused"
    if escalation is None or not paging.may_acknowledge(escalation, actor):
        bot.say(_("Такой эскалации нет."))
        return "no escalation"
    ticket = db.session.get(Ticket, escalation.ticket_id) if escalation.ticket_id else None
    what = _("заявка %(ticket)s", ticket=_line(bot, ticket)) if ticket else escalation.text
    return _take_charge(bot, actor, [escalation.id], what, presses.desk(_("Открыть заявку"), ticket) if ticket else [])


def paged(bot: Bot, subject: str) -> str:
    """Take charge of all that one message told; what was told in another chat cannot be taken from here."""
    actor = _actor(bot)
    if actor is None:
        return _refuse(bot)
    told = paging.told_in(message_id, str(bot.chat.id)) if (message_id := typed_id(subject)) else []
    if not told:
        bot.say(_("Такой эскалации нет."))
        return "no escalation"
    return _take_charge(bot, actor, told, _("эскалаций: %(count)s", count=len(told)), [])


def _take_charge(bot: Bot, actor: Actor, ids: list[int], what: str, open_it: list[dict[str, str]]) -> str:
    answer = paging.acknowledge(ids, actor, bot.at)
    if answer.is_first:
        bot.say(_("Взято на контроль: %(what)s", what=what), open_it)
        return "acknowledged"
    if answer.is_resolved or answer.since is None:
        bot.say(_("Уже улажено: %(what)s", what=what), open_it)
        return "resolved before"
    since, who = bot.moment(answer.since), answer.who or _("Программа")
    bot.say(_("Уже на контроле (%(who)s, %(since)s): %(what)s", who=who, since=since, what=what), open_it)
    return "acknowledged before"


PRESSES: dict[Press, Callable[[Bot, str], str]] = {
    Press.TAKE: take,
    Press.ACKNOWLEDGE: acknowledge,
    Press.PAGED: paged,
}
"""The buttons of staff; each act takes the button's subject and says one word for what became of it."""


def my_work(bot: Bot) -> str | None:
    """«Мои заявки» in a chat of staff: what is theirs, then what is urgent and nobody's; None: it is no such chat."""
    actor = _actor(bot)
    if actor is None or not may(actor, Act.WORK):
        return None
    active = select(Ticket).where(Ticket.is_active.is_(True)).order_by(Ticket.due_at, Ticket.id).limit(MOST_LISTED)
    mine = db.session.scalars(active.where(Ticket.engineer_id == actor.staff_id)).all()
    nobodys = db.session.scalars(active.where(Ticket.engineer_id.is_(None))).all()
    lines = [_("Ваши заявки:") if mine else _("У вас нет открытых заявок."), *(_line(bot, ticket) for ticket in mine)]
    if nobodys:
        lines += ["", _("Пока никто не взял:"), *(_line(bot, ticket) for ticket in nobodys)]
    rows = [[about(_("Взять %(number)s", number=ticket.number), Press.TAKE, ticket)] for ticket in nobodys]
    bot.say("\n".join(lines), *rows)
    return "my work"


def _actor(bot: Bot) -> Actor | None:
    """In whose name the chat acts; nobody's once they no longer work here."""
    member = pairing.staff_of(bot.chat)
    return Actor.of_staff(member, Channel.TELEGRAM) if member else None


def _refuse(bot: Bot) -> str:
    bot.say(_("Эта кнопка для сотрудников HelpDesk. Чат подключается на странице «Уведомления»."), keyboard=bot.menu)
    return "refused"


def _line(bot: Bot, ticket: Ticket) -> str:
    """«48217 Не открывается 1С, осталось 57 мин»."""
    due = bot.words.deadline(ticket.due_at, settings().time_zone, bot.at).text if ticket.due_at else ""
    title = in_one_line(ticket.title, TITLE_SHOWN)
    return f"{ticket.number} {title}" + (f", {due}" if due and ticket.is_active else "")


def _ticket(number: str) -> Ticket | None:
    if not numbers.is_valid(number):
        return None
    query = select(Ticket).where(Ticket.number == number).with_for_update()
    return db.session.scalars(query, execution_options={"populate_existing": True}).first()


def _escalation(subject: str) -> Escalation | None:
    return find_row(Escalation, typed_id(subject), populate_existing=True)
