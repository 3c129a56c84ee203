"""The questions about a request being put together, answered in words or by a button, and the last look at it."""

from __future__ import annotations

from dataclasses import replace

from app.intake.telegram.dialogue import draft as drafts
from app.intake.telegram.dialogue import drafting, understanding, writer
from app.intake.telegram.dialogue.bot import Bot
from app.intake.telegram.dialogue.draft import Draft
from app.intake.telegram.dialogue.drafting import keep_and_go_on
from app.intake.telegram.dialogue.questions import ask
from app.intake.telegram.dialogue.steps import Step
from app.intake.telegram.turn import Turn
from app.models.words import Urgency
from app.translate import _


def whose(bot: Bot, turn: Turn) -> str:
    draft = drafts.of(bot.chat)
    if not turn.text or turn.files or draft.is_empty:
        return drafting.words(bot, turn)
    if understanding.is_usual_place(turn.text):
        return as_usual(bot, draft)
    return keep_and_go_on(bot, draft.placed("" if understanding.is_skip(turn.text) else turn.text))


def urgency(bot: Bot, turn: Turn) -> str:
    answer = None if turn.files else understanding.how_urgent(turn.text)
    if answer is None:
        return drafting.words(bot, turn)
    return keep_and_go_on(bot, replace(drafts.of(bot.chat), urgency=answer))


def files(bot: Bot, turn: Turn) -> str:
    draft = replace(drafts.of(bot.chat), is_files_asked=True)
    if turn.text and not turn.files:
        if understanding.is_no_files(turn.text):
            return keep_and_go_on(bot, draft)
        if understanding.is_only_links(turn.text):
            links = "\n".join(filter(None, (draft.links, turn.text)))
            return keep_and_go_on(bot, replace(draft, links=links), _("Ссылку записали."))
    if turn.text or turn.files:
        draft.keep(bot.chat, bot.at)
    return drafting.words(bot, turn)


def check(bot: Bot, turn: Turn) -> str:
    draft = drafts.of(bot.chat)
    if not turn.files and understanding.is_send(turn.text):
        return drafting.send(bot, draft)
    if not turn.files and understanding.is_fix(turn.text):
        return mend(bot, draft, "")
    return drafting.words(bot, turn)


def fix(bot: Bot, turn: Turn) -> str:
    """Which part to mend may be said in words too; other words are more of the request."""
    part = "" if turn.files else _PARTS.get(understanding.plain(turn.text), "")
    return mend(bot, drafts.of(bot.chat), part) if part else drafting.words(bot, turn)


def as_usual(bot: Bot, draft: Draft) -> str:
    """«У меня, на обычном месте»."""
    placed = replace(draft, whose=_("у меня"), where=_("на обычном месте"))
    return keep_and_go_on(bot, placed) if placed != draft else "repeat"


def choose_urgency(bot: Bot, draft: Draft, value: str) -> str:
    chosen = Urgency.URGENT if value == Urgency.URGENT else Urgency.NORMAL
    return keep_and_go_on(bot, replace(draft, urgency=chosen)) if draft.urgency is not chosen else "repeat"


def without_files(bot: Bot, draft: Draft) -> str:
    return "repeat" if draft.is_files_asked else keep_and_go_on(bot, replace(draft, is_files_asked=True))


def mend(bot: Bot, draft: Draft, part: str) -> str:
    """«Исправить»: which part, and then that part's own question again."""
    match part:
        case "what":
            replace(draft, is_rewritten=True).keep(bot.chat, bot.at)
            ask(bot, Step.WHAT, _("Новое описание заменит прежнее."))
        case "whose":
            keep_and_go_on(bot, replace(draft, whose=None, where=""))
        case "urgency":
            keep_and_go_on(bot, replace(draft, urgency=None))
        case "files":
            without = replace(draft, files=(), links="", is_files_asked=False)
            keep_and_go_on(bot, without, _("Прежние файлы и ссылки убрали."))
        case "who" if bot.chat.person_id is None and bot.chat.staff_id is None:
            writer.note(bot.chat, acquainted="")
            ask(bot, Step.COMPANY)
        case _:
            ask(bot, Step.FIX)
    return "fix"


_PARTS = {
    "что случилось": "what", "описание": "what", "текст": "what", "what happened": "what", "text": "what",
    "у кого и где": "whose", "у кого": "whose", "где": "whose", "адрес": "whose", "who and where": "whose",
    "срочность": "urgency", "срок": "urgency", "urgency": "urgency",
    "файлы": "files", "файл": "files", "фото": "files", "ссылки": "files", "files": "files",
    "контакты": "who", "имя": "who", "телефон": "who", "contacts": "who",
}  # fmt: skip
