"""What a member of staff wants to hear of in Telegram."""

from __future__ import annotations

from enum import StrEnum, auto

from app.models.chat import Chat


class Wish(StrEnum):
    """Kinds of notices; a chat that was never asked hears of all."""

    URGENT = auto()  # an urgent request has come in, or one has become urgent
    UNTAKEN = auto()  # nobody has taken it in time
    MINE = auto()  # a request was assigned to me, its deadline is near or past, it was reopened
    ANSWERED = auto()  # the customer of my request has answered
    ESCALATION = auto()  # managers: an escalation opened


def wants(chat: Chat, wish: Wish) -> bool:
    return bool(chat.wishes.get(wish.value, True))
