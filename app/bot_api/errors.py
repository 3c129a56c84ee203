"""What can go wrong with a call: who is at fault, and whether trying again is of use."""

from __future__ import annotations


class BotApiError(Exception):
    """A call that was not done; its words never hold the bot's token."""


class Unreachable(BotApiError):
    """Nobody there who does it now: no network, a server in trouble, or a token that is not known.

    ``is_unsure``: the call was handed over, and it may have been done all the same.
    """

    def __init__(self, message: str, *, is_unsure: bool = False) -> None:
        super().__init__(message)
        self.is_unsure = is_unsure


class RetryAfter(BotApiError):
    """Too much at once (429): not before so many ``seconds``."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"Telegram asks to wait {seconds:g} s")
        self.seconds = seconds


class Refused(BotApiError):
    """The call is wrong as it stands (400): the same again is useless."""


class Blocked(Refused):
    """This chat takes nothing from the bot: blocked by the person, gone, or never begun."""


class Moved(Refused):
    """The group has become another chat; ``chat_id`` is the new one."""

    def __init__(self, message: str, chat_id: int) -> None:
        super().__init__(message)
        self.chat_id = chat_id


class TooBig(Refused):
    """The Bot API does not carry files of this size: over 20 MB in, 50 MB out."""


class Conflict(BotApiError):
    """Updates go elsewhere (409): to a webhook, or to another process with the same token."""
