"""«Оцените, как мы справились»: a press counts at once, words may follow, a change of mind takes its place."""

from __future__ import annotations

from datetime import UTC, datetime

from app import complaints, tickets
from app.complaints import Said
from app.config import settings
from app.errors import IllegalMove
from app.extensions import db
from app.intake.telegram.dialogue import answering, originals, requests, special_files, writer
from app.intake.telegram.dialogue.bot import Bot
from app.intake.telegram.dialogue.originals import Original
from app.intake.telegram.dialogue.questions import ask_again, cancel_step, go_on
from app.intake.telegram.dialogue.steps import Step
from app.intake.telegram.turn import Turn
from app.models.complaint import Complaint
from app.models.rating import Rating
from app.models.ticket import Ticket
from app.presses import Press, about
from app.tickets.rate import rating_of
from app.translate import _

COMMENTED = "comment"
_GOOD = 4


def rate(bot: Bot, ticket: Ticket, value: str) -> str:
    """[1] … [5]; the same again is said, not counted again."""
    if value not in {"1", "2", "3", "4", "5"}:
        return requests.card(bot, ticket)
    standing = _standing(ticket)
    if standing is not None and standing.value == int(value):
        bot.say(_("Ваша оценка: %(value)s. Спасибо!", value=value), ticket=ticket)
        return "repeat"
    try:
        _rate(bot, ticket, int(value), standing.comment if standing else "")
    except IllegalMove as refusal:
        return _refused(bot, ticket, refusal)
    _thank(bot, ticket, int(value), is_change=standing is not None)
    return "rated"


def comment(bot: Bot, turn: Turn, argument: str) -> str:
    """Words after a rating, for a while; "": they come too late to be meant for it."""
    number, _colon, until = argument.partition(":")
    ticket = requests.find(bot.chat, number)
    standing = _standing(ticket) if ticket else None
    bot.go_to(None)
    if ticket is None or standing is None or not until.isdigit() or bot.at > datetime.fromtimestamp(int(until), UTC):
        return ""
    _keep_files(bot, turn, ticket, standing)
    words = "\n".join(filter(None, (standing.comment, turn.text)))
    try:
        _rate(bot, ticket, standing.value, words)
    except IllegalMove as refusal:
        return _refused(bot, ticket, refusal)
    reopen = about(_("Не помогло, открыть заново"), Press.REOPEN, ticket)
    bot.say(_("Спасибо, записали."), [reopen] if ticket.solved_at else [], ticket=ticket)
    originals.note(bot.chat, turn.update_id, ticket)
    go_on(bot)
    return COMMENTED


def corrected(bot: Bot, turn: Turn, original: Original) -> str:
    """A comment that was edited: of the rating it was written for, whatever was spoken of since."""
    ticket = requests.find(bot.chat, original.ticket.number) if original.ticket else None
    standing = _standing(ticket) if ticket else None
    if ticket is None or standing is None:
        bot.say(_("Правку не приняли: оценка уже относится к другому решению."))
        ask_again(bot)
        return "refused"
    if original.text and original.text in standing.comment:
        words = standing.comment.replace(original.text, turn.text, 1)
    else:
        words = "\n".join(filter(None, (standing.comment, turn.text)))
    try:
        _rate(bot, ticket, standing.value, words)
    except IllegalMove as refusal:
        return _refused(bot, ticket, refusal)
    bot.say(_("Исправление записали."), ticket=ticket)
    ask_again(bot)
    return "corrected"


def _rate(bot: Bot, ticket: Ticket, value: int, words: str) -> None:
    tickets.rate(ticket, value, words, writer.of(bot.chat).actor, bot.at, chat_id=bot.chat.id)


def _keep_files(bot: Bot, turn: Turn, ticket: Ticket, standing: Rating) -> None:
    """On the request; of a low rating with its complaint, which the engineer does not see."""
    complaint = db.session.get(Complaint, standing.complaint_id) if standing.complaint_id else None
    if complaint is None or not turn.files:
        answering.remark(bot, turn, ticket)
        return
    special_files.refuse_too_large(bot, turn)
    said = Said("", turn.files, key=f"telegram:{bot.chat.id}:{turn.update_id}")
    complaints.say(complaint, said, writer.of(bot.chat).actor, bot.at)


def _thank(bot: Bot, ticket: Ticket, value: int, *, is_change: bool) -> None:
    before = _("Поменяли на %(value)s.", value=value) if is_change else ""
    is_good = value >= _GOOD
    if is_good and is_change:
        bot.say(before, ticket=ticket)
        ask_again(bot)
        return
    if is_good:
        text = _("Спасибо! Хотите добавить пару слов? Можно не отвечать.")
    else:
        text = f"{before} " + _("Что нам исправить?") if is_change else _("Жаль, что так вышло. Что нам исправить?")
    bot.say(text, cancel_step())
    until = bot.at + settings().telegram_draft_after
    bot.go_to(Step.COMMENT, f"{ticket.number}:{int(until.timestamp())}")


def _standing(ticket: Ticket) -> Rating | None:
    solution = tickets.last_solution(ticket)
    return rating_of(ticket, solution.id) if solution else None


def _refused(bot: Bot, ticket: Ticket, refusal: IllegalMove) -> str:
    bot.say(refusal.message, ticket=ticket)
    ask_again(bot)
    return "refused"
