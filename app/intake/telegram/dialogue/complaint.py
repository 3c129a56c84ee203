"""«Пожаловаться руководителю», «Это срочно», «Позвонить»: the ways past the queue."""

from __future__ import annotations

from sqlalchemy import select

from app import complaints, presses, tickets
from app.complaints import Said, Who
from app.config import settings
from app.errors import IllegalMove
from app.extensions import db
from app.intake.telegram.dialogue import requests, special_files, writer
from app.intake.telegram.dialogue.bot import Bot, language_of, support_phones
from app.intake.telegram.dialogue.questions import ask_again, cancel_step, go_on
from app.intake.telegram.dialogue.steps import Step
from app.intake.telegram.turn import Turn
from app.models.chat import BotMessage
from app.models.complaint import Complaint
from app.models.ticket import Ticket
from app.models.words import ComplaintOrigin, Urgency
from app.presses import Press
from app.rows import typed_id
from app.translate import _

COMPLAINED = "complained"


def begin(bot: Bot, ticket: Ticket) -> str:
    """The press: possible in every state of the request."""
    bot.go_to(Step.COMPLAIN, ticket.number)
    bot.say(_("Напишите, что не так. Сообщение сразу получит руководитель HelpDesk."), cancel_step())
    return "complaining"


def words(bot: Bot, turn: Turn, number: str) -> str:
    """What is wrong; words and pictures are for the head of the desk alone, and nothing of them is on the request."""
    bot.go_to(None)
    ticket = requests.find(bot.chat, number)
    if ticket is None:
        return requests.not_here(bot, number)
    said = _said(bot, turn)
    if said is None:
        bot.go_to(Step.COMPLAIN, number)
        return "too large"
    complaint = tickets.complain(ticket, said, writer.of(bot.chat).actor, bot.at, chat_id=bot.chat.id)
    _passed_on(bot, complaint)
    return COMPLAINED


def begin_head(bot: Bot, subject: str) -> str:
    """«Позвать руководителя», or more about a complaint of this chat (``subject``: its id)."""
    complaint = _of_chat(bot, subject)
    bot.go_to(Step.HEAD, str(complaint.id) if complaint else "")
    if complaint:
        bot.say(_("Напишите, что передать руководителю. Инженер этого не увидит."), cancel_step())
    else:
        bot.say(_("Что случилось? Позовём руководителя HelpDesk сразу, инженер этого не увидит."), cancel_step())
    return "calling"


def head(bot: Bot, turn: Turn, subject: str) -> str:
    """Words for the head of the desk, about no request or about a complaint that stands."""
    bot.go_to(None)
    said, complaint = _said(bot, turn), _of_chat(bot, subject)
    if said is None:
        bot.go_to(Step.HEAD, subject)
        return "too large"
    by = writer.of(bot.chat)
    if complaint is not None:
        complaints.say(complaint, said, by.actor, bot.at)
    else:
        who = Who(by.name, by.email, by.phone, language_of(bot.chat), by.person.id if by.person else None, bot.chat.id,
                  is_confirmed=by.person is not None)  # fmt: skip
        complaint = complaints.open_case(ComplaintOrigin.CALL, said, who, by.actor, bot.at)
    _passed_on(bot, complaint)
    return COMPLAINED


def replied(to: BotMessage) -> str:
    """The id of the complaint that a message of the bot was about; "" for none."""
    pressed = (presses.read(button.get("data", "")) for row in to.buttons for button in row)
    return next((one.subject for one in pressed if one and one.press is Press.HEAD and one.subject), "")


def corrected(bot: Bot) -> str:
    """A complaint that was edited is the manager's alone, and no answer to a request."""
    bot.say(_("Жалоба уже у руководителя, правка до него не дошла. Чтобы дополнить её, нажмите «Добавить» под ней."))
    ask_again(bot)
    return "refused"


def _said(bot: Bot, turn: Turn) -> Said | None:
    """None: nothing of it came through."""
    special_files.refuse_too_large(bot, turn)
    text = turn.text or (_("(без слов, файлы приложены)") if turn.files else "")
    return Said(text, turn.files, key=f"telegram:{bot.chat.id}:{turn.update_id}") if text else None


def _of_chat(bot: Bot, subject: str) -> Complaint | None:
    """What a button carries proves nothing: the complaint must be this chat's."""
    complaint_id = typed_id(subject)
    if complaint_id is None:
        return None
    is_own = Complaint.chat_id == bot.chat.id
    if bot.chat.person_id is not None:
        is_own |= (Complaint.person_id == bot.chat.person_id) & Complaint.is_confirmed
    query = select(Complaint).where(Complaint.id == complaint_id, is_own)
    return db.session.scalars(query.with_for_update()).first()


def _passed_on(bot: Bot, complaint: Complaint) -> None:
    phones = _(" или ").join(settings().head_phones)
    bot.say(
        _("Передали руководителю. Если дело не терпит, позвоните: %(phones)s, круглосуточно.", phones=phones)
        + " " + _("Ответ будет до: %(moment)s.", moment=bot.moment(complaint.due_at)),
        [presses.button(_("Добавить"), Press.HEAD, str(complaint.id))],
    )  # fmt: skip
    go_on(bot)


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
    bot.say(text, [presses.button(_("Позвать руководителя"), Press.HEAD)])
    ask_again(bot)
    return "call"
