"""More on a request that exists: an answer to a message of the bot, words after «Дополнить», words that were held."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app import chats, tickets
from app.files import StoredFile
from app.intake import urgency
from app.intake.intake import MOST_FILES, Intake
from app.intake.receive import Receipt, receive
from app.intake.telegram.dialogue import draft as drafts
from app.intake.telegram.dialogue import originals, requests, special_files, writer
from app.intake.telegram.dialogue.bot import Bot, language_of
from app.intake.telegram.dialogue.draft import Draft
from app.intake.telegram.dialogue.originals import Original
from app.intake.telegram.dialogue.questions import ask_again, cancel_step, go_on
from app.intake.telegram.dialogue.steps import Step
from app.intake.telegram.turn import Turn
from app.intake.thanks import is_only_thanks
from app.models.ticket import Ticket
from app.models.words import Channel, MessageKind, Urgency
from app.tickets import Contribution
from app.translate import _


@dataclass(frozen=True)
class Said:
    """What is to be added: words, files, and the update that brought them."""

    text: str
    files: Sequence[StoredFile]
    key: str


def of(turn: Turn) -> Said:
    return Said(turn.text, turn.files, str(turn.update_id))


def add(bot: Bot, turn: Turn, ticket: Ticket) -> str:
    """The turn's words and files go to the request; what was being put together beside it goes on."""
    special_files.refuse_too_large(bot, turn, ticket)
    if not turn.text and not turn.files:
        return "too large"
    outcome = deliver(bot, ticket, of(turn))
    special_files.tell_of_voice(bot, turn, ticket)
    ask_again(bot)
    return outcome


def deliver(bot: Bot, ticket: Ticket, said: Said) -> str:
    """File it and say where it went. What reopens a request is told by the notice of that, with the new deadline."""
    was_active = ticket.is_active
    receipt = receive(_intake(bot, ticket, said))
    if said.key.isdigit():
        originals.note(bot.chat, int(said.key), receipt.ticket)
    if receipt.is_new and receipt.ticket.id != ticket.id:
        chats.follow(bot.chat, receipt.ticket)
        bot.say(_("Прошлая заявка закрыта давно, поэтому мы открыли новую и связали их."), keyboard=bot.menu)
        return "followed"
    if was_active:
        bot.say(_("Передали инженеру."), ticket=receipt.ticket)
        _hear_urgency(bot, receipt, said.text)
        return "answer"
    if receipt.ticket.is_active:
        return "reopened"
    bot.say(_("Спасибо, передали инженеру."), ticket=receipt.ticket)
    return "thanks"


def deliver_held(bot: Bot, draft: Draft, number: str) -> bool:
    """Words that waited for «дополнение или новая» go to this request; False: it is not this chat's."""
    ticket = requests.find(bot.chat, number)
    if ticket is None:
        return False
    drafts.forget(bot.chat)
    bot.go_to(None)
    deliver(bot, ticket, Said("\n".join(filter(None, (draft.text, draft.links))), draft.files, draft.key))
    return True


def remark(bot: Bot, turn: Turn, ticket: Ticket) -> None:
    """Files that came with a rating's comment or a complaint: on the request, and nothing else changes."""
    special_files.refuse_too_large(bot, turn, ticket)
    if turn.files:
        said = Contribution("", turn.files, intake_key=f"{bot.chat.id}:{turn.update_id}")
        tickets.remark(ticket, MessageKind.ANSWER, said, writer.of(bot.chat).actor, bot.at)
        special_files.tell_of_voice(bot, turn, ticket)


def begin(bot: Bot, ticket: Ticket) -> str:
    """«Дополнить»: the next words go there."""
    bot.say(_("Напишите, что добавить к заявке %(number)s.", number=ticket.number), cancel_step())
    bot.go_to(Step.ADD, ticket.number)
    return "add"


def words(bot: Bot, turn: Turn, number: str) -> str:
    """After «Дополнить»."""
    bot.go_to(None)
    ticket = requests.find(bot.chat, number)
    if ticket is None:
        return requests.not_here(bot, number)
    outcome = add(bot, turn, ticket)
    go_on(bot)
    return outcome


def corrected(bot: Bot, turn: Turn, original: Original) -> str:
    """A message that was edited: changed in what is being put together, or its new words follow it to its request.

    "": it went nowhere, or to nothing that there still is; then its words are new.
    """
    ticket = requests.find(bot.chat, original.ticket.number) if original.ticket else None
    if original.ticket is not None and ticket is None:
        return requests.not_here(bot, original.ticket.number)
    draft = drafts.of(bot.chat)
    if ticket is None and (draft.is_empty or not draft.holds(original.update_id)):
        return ""
    if turn.text == original.text and not turn.files:
        return "corrected"
    if ticket is None:
        room = MOST_FILES - len(draft.files)
        draft.corrected(original.text, turn.text).bringing(turn.files[:room]).keep(bot.chat, bot.at)
        bot.say(_("Исправление записали."))
    else:
        deliver(bot, ticket, Said(_("Исправление: %(words)s", words=turn.text), turn.files, str(turn.update_id)))
    return "corrected"


def _intake(bot: Bot, ticket: Ticket, said: Said) -> Intake:
    who = writer.of(bot.chat)
    name = who.name or ticket.applicant_name
    return Intake(
        Channel.TELEGRAM,
        said.text,
        at=bot.at,
        key=f"{bot.chat.id}:{said.key}",
        name=name,
        email=who.email if who.person else "",
        phone=who.phone if who.person else "",
        language=language_of(bot.chat),
        files=said.files,
        ticket=ticket,
        person=who.person,
        is_only_claimed=who.person is None,
    )


def _hear_urgency(bot: Bot, receipt: Receipt, text: str) -> None:
    """«Срочно» in the first line counts, as it does in a letter."""
    ticket = receipt.ticket
    if ticket.is_active and not ticket.is_urgent and urgency.is_urgent(urgency.first_line(text)):
        tickets.set_urgency(ticket, Urgency.URGENT, writer.of(bot.chat).actor, bot.at)


def is_thanks(turn: Turn) -> bool:
    """Bare thanks, or no words at all: a thumb up, a heart."""
    if turn.files:
        return False
    return is_only_thanks(turn.text) or not has_words(turn.text)


def has_words(text: str) -> bool:
    return any(char.isalnum() for char in text)
