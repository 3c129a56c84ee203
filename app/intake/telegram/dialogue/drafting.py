"""Putting a request together: any words and files are taken at any step, and the next question follows."""

from __future__ import annotations

from dataclasses import replace

from app import files
from app.intake.intake import MOST_FILES
from app.intake.telegram.dialogue import draft as drafts
from app.intake.telegram.dialogue import registering, special_files
from app.intake.telegram.dialogue.bot import Bot
from app.intake.telegram.dialogue.draft import Draft
from app.intake.telegram.dialogue.questions import ask, go_on
from app.intake.telegram.dialogue.steps import Step
from app.intake.telegram.turn import Turn
from app.translate import _


def begin(bot: Bot, turn: Turn) -> str:
    """«Новая заявка»; one that is being put together already is shown as it stands."""
    draft = drafts.of(bot.chat)
    if draft.numbers:
        return keep_and_go_on(bot, replace(draft, numbers=()), _("Записали."))
    if not draft.is_empty:
        ask(bot, Step.CHECK, _("Одна заявка уже начата: отправьте или отмените её."))
        return "begun already"
    Draft(key=str(turn.update_id)).keep(bot.chat, bot.at)
    ask(bot, Step.WHAT)
    return "begun"


def words(bot: Bot, turn: Turn) -> str:
    """Words and files for the request being put together, or the first of a new one; then the next question."""
    if special_files.refuse_too_large(bot, turn) and not (turn.text or turn.files):
        return "too large"
    go_on(bot, take(bot, turn))
    return "draft"


def take(bot: Bot, turn: Turn) -> str:
    """Keep words and files without asking anything; returns what to say of them before a question."""
    draft = drafts.of(bot.chat)
    if draft.is_empty:
        draft = Draft(key=draft.key or str(turn.update_id))
    elif not draft.has_room_for(turn.text):
        registering.register(bot, replace(draft, numbers=()), bot.at)
        draft = Draft(key=str(turn.update_id))
    is_first = draft.is_empty
    brought = turn.files[: MOST_FILES - len(draft.files)]
    draft.saying(turn.text).bringing(brought).keep(bot.chat, bot.at)
    if len(brought) < len(turn.files):
        files.forget(one.storage_id for one in turn.files[len(brought) :])
        special_files.refuse_beyond(bot)
    if brought and special_files.tell_of_voice(bot, turn):
        return ""
    if brought:
        return _("Получили %(files)s.", files=bot.files(len(brought)))
    return _("Записали.") if is_first else _("Добавили к заявке.")


def hold(bot: Bot, turn: Turn, numbers: tuple[str, ...]) -> str:
    """Words that may belong to one of these requests are kept until that is known."""
    special_files.refuse_too_large(bot, turn)
    if not turn.text and not turn.files:
        return "too large"
    kept = Draft(key=str(turn.update_id), text=turn.text, files=tuple(turn.files), numbers=numbers)
    kept.keep(bot.chat, bot.at)
    ask(bot, Step.CHOOSE)
    return "held"


def send(bot: Bot, draft: Draft) -> str:
    if draft.is_empty:
        ask(bot, Step.WHAT)
        return "empty"
    return "registered" if registering.register(bot, draft, bot.at) else "too many"


def keep_and_go_on(bot: Bot, draft: Draft, before: str = "") -> str:
    draft.keep(bot.chat, bot.at)
    go_on(bot, before)
    return "draft"


def cancel(bot: Bot) -> str:
    """⟨Отмена⟩: what was being put together is gone, by the customer's own word."""
    drafts.forget(bot.chat)
    bot.go_to(None)
    bot.say(_("Отменили, ничего не отправлено."), keyboard=bot.menu)
    return "cancelled"


def late(bot: Bot, key: str) -> str:
    """A button of a draft that is no longer there: sent already, or cancelled."""
    if ticket := registering.registered(bot.chat, key):
        text = _("Заявка уже принята, номер %(number)s. Чтобы дополнить её, ответьте на это сообщение.",
                 number=ticket.number)  # fmt: skip
        bot.say(text, ticket=ticket)
        return "sent already"
    bot.say(_("Эта кнопка от прежнего сообщения. Чтобы оставить заявку, просто опишите проблему."))
    return "late"
