"""The requests that a chat may see: found by number, listed, and each as a card with what can be done about it."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, func, or_, select

from app import chats, numbers, presses, promises
from app.config import settings
from app.extensions import db
from app.intake.telegram.dialogue.bot import Bot, in_one_line
from app.intake.telegram.dialogue.questions import TITLE_SHOWN, titled
from app.models.chat import Chat
from app.models.message import Message
from app.models.promise import Promise
from app.models.staff import Staff
from app.models.ticket import Ticket
from app.models.words import Holder, MessageKind, PromiseKind, State
from app.presses import Press, about, button
from app.promises.basis import Basis
from app.tickets import takes_rating
from app.tickets.promising import current
from app.translate import _, speaks_source

MOST_LISTED = 10
MOST_OFFERED = 3
_IN_A_ROW = 3
_LONGEST_WORDS = 700  # characters


def find(chat: Chat, number: str) -> Ticket | None:
    """The request of that number, if this chat may see it: what a button carries proves nothing."""
    if not numbers.is_valid(number):
        return None
    # Who acts waits for whoever acts just now, and goes on from there.
    query = select(Ticket).where(Ticket.number == number).with_for_update()
    ticket = db.session.scalars(query, execution_options={"populate_existing": True}).first()
    return ticket if ticket and chats.may_see(chat, ticket) else None


def not_here(bot: Bot, number: str) -> str:
    """Said of a request that this chat may not see, whether there is one or not."""
    address = f"{settings().public_url}/status"
    bot.say(
        _("Заявки %(number)s в этом чате нет. Узнать её состояние по номеру можно на сайте: %(address)s",
          number=number, address=address),
        keyboard=bot.menu,
    )  # fmt: skip
    return "not here"


def offered(chat: Chat) -> list[Ticket]:
    """To which requests words without a button may belong: open ones, and solved ones that may not have helped."""
    return _newest(chat, or_(Ticket.is_active, Ticket.state == State.SOLVED), MOST_OFFERED)


def my_requests(bot: Bot) -> str:
    """«Мои заявки»: the open ones with where they stand, and a button for each."""
    where = (chats.visible(bot.chat), Ticket.is_active)
    found = list(db.session.scalars(select(Ticket).where(*where).order_by(Ticket.due_at, Ticket.id).limit(MOST_LISTED)))
    if not found:
        solved = _newest(bot.chat, Ticket.state == State.SOLVED, MOST_OFFERED)
        rows = [[about(ticket.number, Press.CARD, ticket) for ticket in solved]]
        text = _("Открытых заявок нет. Чтобы оставить новую, просто опишите проблему.")
        if solved:
            text += "\n" + _("Решены недавно:") + "\n" + "\n".join(titled(ticket) for ticket in solved)
        bot.say(text, *rows, _proof_button(bot.chat))
        return "my requests"
    lines = [_("Открытые заявки:"), *(_line(bot, ticket) for ticket in found)]
    total = db.session.scalar(select(func.count()).select_from(Ticket).where(*where)) or 0
    if total > len(found):
        lines.append(_("И ещё %(count)s. Пришлите номер заявки, чтобы увидеть её.", count=total - len(found)))
    buttons = [about(ticket.number, Press.CARD, ticket) for ticket in found]
    rows = [buttons[first : first + _IN_A_ROW] for first in range(0, len(buttons), _IN_A_ROW)]
    bot.say("\n".join(lines), *rows, _proof_button(bot.chat))
    return "my requests"


def card(bot: Bot, ticket: Ticket) -> str:
    """One request: where it stands, why it is due when it is, and what can be done."""
    state = ticket.public_state(bot.at)
    lines = [_("Заявка %(ticket)s", ticket=titled(ticket)), _standing(bot, ticket, state)]
    if said := _standing_words(ticket, state, bot):
        lines.append(f"«{said}»")
    if ticket.is_active and (promise := current(ticket, PromiseKind.SOLUTION)):
        lines.append(_("Почему такой срок: %(why)s", why=_why(bot.chat, ticket, promise)))
    bot.say("\n".join(lines), *_acts(bot, ticket, state), ticket=ticket)
    return "card"


def _standing_words(ticket: Ticket, state: State, bot: Bot) -> str:
    """The question that waits for an answer, or the solution."""
    kind = {State.WAITING: MessageKind.QUESTION, State.SOLVED: MessageKind.SOLUTION}.get(state)
    query = select(Message).where(Message.ticket_id == ticket.id, Message.kind == kind, Message.recalled_at.is_(None))
    newest = db.session.scalars(query.order_by(Message.id.desc()).limit(1)).first() if kind else None
    return in_one_line(newest.text, _LONGEST_WORDS) if newest and newest.is_public(bot.at) else ""


def _acts(bot: Bot, ticket: Ticket, state: State) -> list[list[dict[str, str]]]:
    complain = about(_("Пожаловаться руководителю"), Press.COMPLAIN, ticket)
    site = presses.site(_("Открыть на сайте"), ticket)
    if state in {State.SOLVED, State.CLOSED}:
        marks = [about(str(value), Press.RATE, ticket, str(value)) for value in range(1, 6)]
        reopen = about(_("Не помогло, открыть заново"), Press.REOPEN, ticket)
        return [marks if takes_rating(ticket, bot.at) else [], [reopen], [complain], site]
    urgent = [] if ticket.is_urgent else [about(_("Это срочно"), Press.URGENT, ticket)]
    return [[about(_("Дополнить"), Press.ADD, ticket), *urgent], [complain], site]


def _line(bot: Bot, ticket: Ticket) -> str:
    title = in_one_line(ticket.title, TITLE_SHOWN)
    return f"{ticket.number} {title}. {_standing(bot, ticket, ticket.public_state(bot.at), is_short=True)}"


def _standing(bot: Bot, ticket: Ticket, state: State, *, is_short: bool = False) -> str:
    """«В работе, осталось 57 мин»; on the card the engineer's name too."""
    engineer = db.session.get(Staff, ticket.engineer_id) if ticket.engineer_id and not is_short else None
    name = _("инженер %(name)s", name=engineer.name) if engineer and state is not State.NEW else ""
    return ", ".join(filter(None, (_state_words(state, ticket), name, _due(bot, ticket, state))))


def _state_words(state: State, ticket: Ticket) -> str:
    if state is State.OPEN and ticket.engineer_id is None:
        state = State.NEW
    return {
        State.NEW: _("В очереди"),
        State.OPEN: _("В работе"),
        State.WAITING: _("Ждём вашего ответа"),
        State.SOLVED: _("Решена"),
        State.CLOSED: _("Закрыта"),
    }[state]


def _due(bot: Bot, ticket: Ticket, state: State) -> str:
    if not ticket.is_active or ticket.due_at is None:
        return ""
    if ticket.is_paused and (state is State.WAITING or ticket.holder is Holder.THIRD_PARTY):
        return _("срок на паузе")
    return str(bot.words.deadline(ticket.due_at, settings().time_zone, bot.at).text)


def _why(chat: Chat, ticket: Ticket, promise: Promise) -> str:
    """The contract's number only to the applicant: that the chat brought the request proves nothing."""
    is_public = chat.person_id is None or chat.person_id != ticket.person_id
    if not speaks_source():
        return promises.why_en(Basis.from_json(promise.basis), is_public)
    return promise.why_public if is_public else promise.why


def _newest(chat: Chat, condition: ColumnElement[bool], most: int) -> list[Ticket]:
    query = select(Ticket).where(chats.visible(chat), condition, Ticket.merged_into_id.is_(None))
    return list(db.session.scalars(query.order_by(Ticket.touched_at.desc(), Ticket.id.desc()).limit(most)))


def _proof_button(chat: Chat) -> Sequence[dict[str, str]]:
    """Until it is paired, a chat shows only what it brought itself."""
    if chat.person_id is not None or chat.staff_id is not None:
        return []
    return [button(_("Показать все мои заявки"), Press.PAIR)]
