"""A message in the parts in which it leaves: its words, cut at words, then its files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app import bot_api, files
from app.bot_api import Client, Refused
from app.chats import Buttons, Keyboard
from app.models.message import Attachment
from app.notify import plain_text
from app.translate import _

MOST_FILE_BYTES = 50 << 20  # what the Bot API carries
MOST_PICTURE_BYTES = 10 << 20
_PICTURES = frozenset({"image/jpeg", "image/png"})


@dataclass(frozen=True)
class Part:
    """One call of the Bot API: words with what goes under them, or a file."""

    text: str = ""
    markup: dict[str, Any] | None = None
    path: Path | None = None
    name: str = ""
    is_picture: bool = False
    is_last: bool = False
    ends_words: bool = False  # after it all words have been said; files may follow

    def send(self, client: Client, chat_id: int) -> int:
        """Hand it over; gives Telegram's id of the message, raises BotApiError."""
        if self.path is None:
            return client.send_message(chat_id, self.text, reply_markup=self.markup)
        if self.is_picture:
            try:
                return client.send_photo(chat_id, self.path, self.name)
            except (bot_api.Blocked, bot_api.Moved):
                raise
            except Refused:  # no picture to Telegram, or too large a one: a file it is all the same
                pass
        return client.send_document(chat_id, self.path, self.name)


def parts(text: str, buttons: Buttons, keyboard: Keyboard | None, kept: Sequence[Attachment]) -> list[Part]:
    """The parts in order; buttons stand under the last words."""
    texts = bot_api.split(plain_text.body(text))
    markup = bot_api.reply_markup(buttons, keyboard)
    number = len(texts) + len(kept)
    made = [
        Part(text=one, markup=markup if place == len(texts) else None, ends_words=place == len(texts))
        for place, one in enumerate(texts, 1)
    ]
    made += [Part(path=files.path(file.storage_id), name=file.name, is_picture=_is_picture(file)) for file in kept]
    return [_placed(part, place == number) for place, part in enumerate(made, 1)]


def sorted_out(attached: Sequence[Attachment], link: str) -> tuple[list[Attachment], str]:
    """Files that can go along, and a sentence about those that cannot."""
    kept = [file for file in attached if _can_go(file)]
    names = ", ".join(plain_text.line(file.name, 100) for file in attached if file not in kept)
    return kept, left_out(names, link) if names else ""


def left_out(names: str, link: str) -> str:
    return _("В Telegram не прошло: %(names)s. Откройте это в заявке: %(link)s", names=names, link=link)


def _placed(part: Part, is_last: bool) -> Part:
    return Part(part.text, part.markup, part.path, part.name, part.is_picture, is_last, part.ends_words)


def _can_go(file: Attachment) -> bool:
    return not file.is_infected and 0 < file.size <= MOST_FILE_BYTES and files.path(file.storage_id).is_file()


def _is_picture(file: Attachment) -> bool:
    return file.type in _PICTURES and file.size <= MOST_PICTURE_BYTES
