"""The table of the dialogue: which part answers a command, a button, words at a step, or words at none."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from flask_babel import force_locale

from app import numbers
from app.intake.telegram.dialogue import (
    acquaintance,
    answering,
    choosing,
    complaint,
    details,
    drafting,
    originals,
    proof,
    rating,
    reopening,
    requests,
    special_files,
    staff,
    unasked,
    understanding,
)
from app.intake.telegram.dialogue import draft as drafts
from app.intake.telegram.dialogue.bot import Bot
from app.intake.telegram.dialogue.draft import Draft
from app.intake.telegram.dialogue.questions import ask_again, go_on
from app.intake.telegram.dialogue.steps import ABOUT_A_REQUEST, ABOUT_ONESELF, DRAFTING, PROOF, Step, read
from app.intake.telegram.dialogue.understanding import Menu
from app.intake.telegram.turn import Kind, Turn
from app.models.chat import BotMessage
from app.models.ticket import Ticket
from app.presses import Press, Pressed
from app.presses import read as read_button
from app.translate import _

COMMANDS: dict[str, Callable[[Bot, Turn], str]] = {
    "start": acquaintance.start,
    "help": acquaintance.start,
    "new": drafting.begin,
    "my": lambda bot, _turn: _mine(bot),
    "requests": lambda bot, _turn: _mine(bot),
    "call": lambda bot, _turn: complaint.call(bot),
    "cancel": lambda bot, _turn: _cancel(bot),
    "ru": lambda bot, turn: _speak(bot, turn, "ru"),
    "en": lambda bot, turn: _speak(bot, turn, "en"),
    "stop": lambda bot, _turn: proof.stop(bot),
}
MENU: dict[Menu, Callable[[Bot, Turn], str]] = {
    Menu.NEW: drafting.begin,
    Menu.MINE: lambda bot, _turn: _mine(bot),
    Menu.CALL: lambda bot, _turn: complaint.call(bot),
    Menu.CANCEL: lambda bot, _turn: _cancel(bot),
}
# Words at a step. "" as the outcome: these words answer no question, so they go the way of words at no step.
STEPS: dict[Step, Callable[[Bot, Turn, str], str]] = {
    Step.WHO: lambda bot, turn, _argument: acquaintance.who(bot, turn),
    Step.COMPANY: lambda bot, turn, _argument: acquaintance.company(bot, turn),
    Step.NAME: lambda bot, turn, _argument: acquaintance.name(bot, turn),
    Step.EMAIL: lambda bot, turn, _argument: acquaintance.email(bot, turn),
    Step.PHONE: lambda bot, turn, _argument: acquaintance.phone(bot, turn),
    Step.CONFIRM: lambda bot, turn, _argument: proof.words(bot, turn),
    Step.ADDRESS: lambda bot, turn, _argument: proof.address(bot, turn),
    Step.CODE: lambda bot, turn, _argument: proof.code(bot, turn),
    Step.CHOOSE: lambda bot, turn, _argument: choosing.words(bot, turn),
    Step.WHAT: lambda bot, turn, _argument: drafting.words(bot, turn),
    Step.WHOSE: lambda bot, turn, _argument: details.whose(bot, turn),
    Step.URGENCY: lambda bot, turn, _argument: details.urgency(bot, turn),
    Step.FILES: lambda bot, turn, _argument: details.files(bot, turn),
    Step.CHECK: lambda bot, turn, _argument: details.check(bot, turn),
    Step.FIX: lambda bot, turn, _argument: details.fix(bot, turn),
    Step.ADD: answering.words,
    Step.COMMENT: rating.comment,
    Step.REOPEN: reopening.words,
    Step.COMPLAIN: complaint.words,
    Step.HEAD: complaint.head,
}
ABOUT_A_TICKET: dict[Press, Callable[[Bot, Ticket, str], str]] = {
    Press.CARD: lambda bot, ticket, _value: requests.card(bot, ticket),
    Press.ADD: lambda bot, ticket, _value: answering.begin(bot, ticket),
    Press.URGENT: lambda bot, ticket, _value: complaint.declare_urgent(bot, ticket),
    Press.RATE: rating.rate,
    Press.COMPLAIN: lambda bot, ticket, _value: complaint.begin(bot, ticket),
    Press.REOPEN: lambda bot, ticket, value: (
        reopening.without_words(bot, ticket.number) if value == reopening.NOW else reopening.begin(bot, ticket)
    ),
}
ABOUT_A_DRAFT: dict[Press, Callable[[Bot, Draft, str], str]] = {
    Press.CHOOSE: lambda bot, draft, value: choosing.chosen(bot, draft, value) if draft.numbers else "repeat",
    Press.USUAL: lambda bot, draft, _value: details.as_usual(bot, draft),
    Press.URGENCY: details.choose_urgency,
    Press.NO_FILES: lambda bot, draft, _value: details.without_files(bot, draft),
    Press.SEND: lambda bot, draft, _value: drafting.send(bot, draft),
    Press.FIX: details.mend,
    Press.CANCEL: lambda bot, _draft, _value: drafting.cancel(bot),
}


def answer(bot: Bot, turn: Turn) -> str:
    """One word for what became of the turn."""
    if turn.kind is Kind.BUTTON:
        return _pressed(bot, turn)
    if command := COMMANDS.get(turn.command):
        return command(bot, turn) if not turn.is_edited else "corrected"
    if turn.command and not turn.argument and not turn.files:
        bot.say(_("Такой команды нет. Чтобы оставить заявку, просто опишите проблему."))
        ask_again(bot)
        return "no command"
    if turn.is_edited:
        return _corrected(bot, turn)
    if turn.contact is not None and (not _is_content(bot, turn) or turn.contact.is_own):
        return acquaintance.contact(bot, turn)
    if turn.contact is not None:
        turn = replace(turn, text=f"{turn.contact.name}, {turn.contact.phone}".lstrip(", "))
    if turn.kind is Kind.STICKER or not (turn.text or turn.files or turn.too_large or turn.too_many):
        outcome = special_files.unreadable(bot, turn)
        ask_again(bot)
        return outcome
    if not turn.files and (chosen := understanding.menu(turn.text)):
        return MENU[chosen](bot, turn)
    return _words(bot, turn) if turn.replied_to is None else _replied(bot, turn, turn.replied_to)


def _replied(bot: Bot, turn: Turn, to: BotMessage) -> str:
    """Telegram's own reply to a message of the bot: about what that message was about."""
    if about := complaint.replied(to):
        return complaint.head(bot, turn, about)
    return unasked.replied(bot, turn, to.ticket_id) if to.ticket_id is not None else _words(bot, turn)


def _words(bot: Bot, turn: Turn) -> str:
    step, argument = read(bot.chat.step)
    return (STEPS[step](bot, turn, argument) if step else "") or unasked.words(bot, turn)


def _is_content(bot: Bot, turn: Turn) -> bool:
    """Whether somebody's contact says something about a request, instead of who writes."""
    is_reply = turn.replied_to is not None and turn.replied_to.ticket_id is not None
    return is_reply or read(bot.chat.step)[0] in DRAFTING | ABOUT_A_REQUEST


def _corrected(bot: Bot, turn: Turn) -> str:
    """An edited message goes where it went before; what answered a question about the writer stays as it was."""
    if turn.kind is Kind.LOCATION:  # a live location is edited every few seconds
        return "location moved"
    original = originals.of(turn)
    if original is None:
        return _words(bot, turn)
    if original.outcome == complaint.COMPLAINED:
        return complaint.corrected(bot)
    if original.outcome == rating.COMMENTED:
        return rating.corrected(bot, turn, original)
    if original.outcome == proof.WRONG_CODE and bot.is_at(Step.CODE):
        return proof.code(bot, turn) or "refused"
    if original.outcome in {*proof.OUTCOMES, *acquaintance.OUTCOMES}:
        bot.say(_("Правку прежнего ответа принять не можем. Контакты можно исправить перед отправкой заявки."))
        ask_again(bot)
        return "refused"
    return answering.corrected(bot, turn, original) or _words(bot, turn)


def _pressed(bot: Bot, turn: Turn) -> str:
    pressed = read_button(turn.button)
    if pressed is None:
        return drafting.late(bot, "")
    if pressed.press is Press.OWN:
        return proof.own(bot, is_own=pressed.value == "yes")
    if pressed.press is Press.PAIR:
        return proof.by_code(bot)
    if pressed.press is Press.HEAD:
        return complaint.begin_head(bot, pressed.subject)
    if of_staff := staff.PRESSES.get(pressed.press):
        return of_staff(bot, pressed.subject)
    if (act := ABOUT_A_TICKET.get(pressed.press)) and numbers.is_valid(pressed.subject):
        ticket = requests.find(bot.chat, pressed.subject)
        return act(bot, ticket, pressed.value) if ticket else requests.not_here(bot, pressed.subject)
    if pressed.press is Press.CANCEL and pressed.subject in {"", _STEP}:
        return _cancel(bot)
    return _pressed_in_draft(bot, pressed)


_STEP = "step"


def _pressed_in_draft(bot: Bot, pressed: Pressed) -> str:
    draft = drafts.of(bot.chat)
    act = ABOUT_A_DRAFT.get(pressed.press)
    if act is None or not pressed.subject or draft.key != pressed.subject:
        return drafting.late(bot, pressed.subject)
    return act(bot, draft, pressed.value)


def _speak(bot: Bot, turn: Turn, language: str) -> str:
    """/ru, /en: the language of this chat and of the requests that come from it."""
    bot.chat.language = language
    with force_locale(language):
        return acquaintance.start(bot, replace(turn, argument=""))


def _mine(bot: Bot) -> str:
    outcome = staff.my_work(bot) or requests.my_requests(bot)
    ask_again(bot)
    return outcome


def _cancel(bot: Bot) -> str:
    """⟨Отмена⟩: of the question beside the request being put together, else of that request, else of nothing."""
    step, _argument = read(bot.chat.step)
    draft = drafts.of(bot.chat)
    if step in ABOUT_A_REQUEST | PROOF:
        if draft.is_empty:
            return drafting.cancel(bot)
        bot.say(_("Отменили. Заявка, которую вы начали, осталась."))
        go_on(bot)
        return "cancelled"
    if step in DRAFTING | ABOUT_ONESELF or not draft.is_empty:
        return drafting.cancel(bot)
    bot.say(_("Отменять нечего: ничего не начато."), keyboard=bot.menu)
    return "nothing"
