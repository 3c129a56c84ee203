"""«Дополнение к заявке или новая?»: words that came without a button while there are requests they may belong to."""

from __future__ import annotations

from dataclasses import replace

from app import numbers
from app.intake.telegram.dialogue import answering, drafting, requests, understanding
from app.intake.telegram.dialogue import draft as drafts
from app.intake.telegram.dialogue.bot import Bot
from app.intake.telegram.dialogue.draft import Draft
from app.intake.telegram.turn import Turn
from app.translate import _

NEW = "new"


def words(bot: Bot, turn: Turn) -> str:
    """The answer in words; other words are more of what is held."""
    draft = drafts.of(bot.chat)
    if draft.numbers and not turn.files and (answer := _understood(turn.text, draft)):
        return chosen(bot, draft, answer)
    return drafting.words(bot, turn)


def chosen(bot: Bot, draft: Draft, answer: str) -> str:
    """``answer``: the number of a request that was offered, or NEW."""
    if answer == NEW:
        return drafting.keep_and_go_on(bot, replace(draft, numbers=()), _("Записали."))
    if answer not in draft.numbers or not answering.deliver_held(bot, draft, answer):
        return requests.not_here(bot, answer)
    return "answer"


def _understood(text: str, draft: Draft) -> str:
    typed = numbers.normalise(text)
    named = [number for number in draft.numbers if number in typed]
    if len(named) == 1 and understanding.plain(text):
        return named[0]
    if understanding.is_new(text):
        return NEW
    if len(draft.numbers) == 1 and understanding.is_addition(text):
        return draft.numbers[0]
    return ""
