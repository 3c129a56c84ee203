"""What is said of files that need a word: too large for the Bot API, or to be listened to instead of read."""

from __future__ import annotations

from app.config import settings
from app.intake.intake import MOST_FILES
from app.intake.telegram.dialogue.bot import Bot
from app.intake.telegram.turn import Kind, Turn
from app.models.ticket import Ticket
from app.translate import _

_SPOKEN = frozenset({Kind.VOICE})


def refuse_too_large(bot: Bot, turn: Turn, ticket: Ticket | None = None) -> bool:
    """Name the way out for files that did not come through; False: all did."""
    if turn.too_many:
        _refuse_too_many(bot, ticket)
    if not turn.too_large:
        return turn.too_many > 0
    address = settings().mail_default_sender
    what = _("Этот файл слишком большой.") if len(turn.too_large) == 1 else _("Эти файлы слишком большие.")
    way = _("Пришлите ссылку на облако или письмо на %(address)s.", address=address)
    if ticket:
        way = _(
            "Пришлите ссылку на облако или письмо на %(address)s, указав номер %(number)s.",
            address=address,
            number=ticket.number,
        )
    bot.say(f"{what} {way}", ticket=ticket)
    return True


def _refuse_too_many(bot: Bot, ticket: Ticket | None) -> None:
    """No chat fills the disk: UPLOAD_LIMIT, as for those who fill in the form."""
    address = settings().mail_default_sender
    refusal = _("Из этого чата пришло слишком много файлов подряд, эти мы не приняли.")
    way = _("Пришлите ссылку на облако или письмо на %(address)s.", address=address)
    bot.say(f"{refusal} {way}", ticket=ticket)


def refuse_beyond(bot: Bot) -> None:
    """More files than one request takes."""
    bot.say(_("К одной заявке можно приложить не больше %(most)s файлов. Остальные пришлите ссылкой.", most=MOST_FILES))


def tell_of_voice(bot: Bot, turn: Turn, ticket: Ticket | None = None) -> bool:
    """Ask for a few written words beside a voice message; False: it was none, or has words with it."""
    if turn.kind not in _SPOKEN or not turn.files or turn.text:
        return False
    bot.say(voice_words(), ticket=ticket)
    return True


def voice_words() -> str:
    return _("Приложили голосовое к заявке. Если можно, напишите ещё и коротко текстом: так инженер поймёт быстрее.")


def unreadable(bot: Bot, turn: Turn) -> str:
    """A sticker, a poll, a game: named as what it is, with the way out."""
    is_sticker = turn.kind is Kind.STICKER
    what = _("Стикер прочитать не можем.") if is_sticker else _("Такое сообщение прочитать не можем.")
    bot.say(what + " " + _("Опишите проблему словами или пришлите фото."))
    return "sticker" if is_sticker else "unreadable"
