"""A turn: what somebody did in a chat, in one shape, whatever kind of update it came as."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum, auto

from app.files import StoredFile
from app.models.chat import BotMessage, Chat


class Kind(StrEnum):
    """What it was. A turn with several files (an album) is named for its first."""

    TEXT = auto()
    PHOTO = auto()
    DOCUMENT = auto()
    VOICE = auto()
    VIDEO = auto()
    AUDIO = auto()
    LOCATION = auto()
    CONTACT = auto()
    STICKER = auto()
    BUTTON = auto()
    LEFT = auto()  # the bot was blocked, or is let in again
    OTHER = auto()


@dataclass(frozen=True)
class Contact:
    """A telephone number that was handed over. ``is_own``: Telegram vouches that it is the sender's."""

    phone: str  # E.164
    name: str
    is_own: bool


@dataclass(frozen=True)
class Turn:
    """One act of one person in one chat; an album is one.

    ``update_id``: of its first update; with it the same turn is the same Intake, however often it is worked on.
    ``text``: words or caption, for a location its coordinates and a map's address. ``replied_to``: the bot's message
    that was answered by Telegram's own reply, or whose button was pressed.
    """

    chat: Chat
    update_id: int
    at: datetime
    kind: Kind
    text: str = ""
    command: str = ""  # of «/start abc»: start
    argument: str = ""  # of «/start abc»: abc
    button: str = ""  # the pressed button's data
    files: Sequence[StoredFile] = ()
    too_large: Sequence[str] = ()  # names of files that the Bot API does not hand over
    too_many: int = 0  # files that were left at Telegram, because this chat has sent so many of late
    contact: Contact | None = None
    replied_to: BotMessage | None = None
    is_edited: bool = False  # a correction of what was sent before
    message_id: int | None = None  # Telegram's own of what was sent; an edited message keeps it
    is_blocked: bool = False  # with LEFT: the bot may write no more
