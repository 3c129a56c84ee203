"""The Bot API of Telegram as the desk uses it: one client, what can go wrong, lengths and the shape of buttons."""

from app.bot_api.client import Client, the_client
from app.bot_api.errors import Blocked, BotApiError, Conflict, Moved, Refused, RetryAfter, TooBig, Unreachable
from app.bot_api.lengths import LONGEST_CAPTION, LONGEST_TEXT, length, split
from app.bot_api.markup import reply_markup

__all__ = [
    "LONGEST_CAPTION",
    "LONGEST_TEXT",
    "Blocked",
    "BotApiError",
    "Client",
    "Conflict",
    "Moved",
    "Refused",
    "RetryAfter",
    "TooBig",
    "Unreachable",
    "length",
    "reply_markup",
    "split",
    "the_client",
]
