"""The bot's side of a chat: what it says, in the reader's language, and where the talk stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import ModuleType

from app import chats, wording, wording_en, wordings
from app.config import settings
from app.intake.telegram.dialogue.steps import Step
from app.models.chat import Chat
from app.models.ticket import Ticket
from app.translate import _, speaks_source

Row = Sequence[dict[str, str]]


@dataclass(frozen=True)
class Bot:
    """The bot in one chat at one moment."""

    chat: Chat
    at: datetime

    def say(self, text: str, *rows: Row, keyboard: chats.Keyboard | None = None, ticket: Ticket | None = None) -> None:
        """One message: either with rows of buttons under it, or with a keyboard (the Bot API takes one of them)."""
        shown = [row for row in rows if row]
        assert not (shown and keyboard is not None)
        chats.say(self.chat, text, self.at, buttons=shown, keyboard=keyboard, ticket=ticket)

    def is_at(self, step: Step) -> bool:
        return self.chat.step.partition(":")[0] == step

    def go_to(self, step: Step | None, argument: str = "") -> None:
        """The next words of the customer are the answer to this step; None: to nothing in particular."""
        self.chat.step = f"{step.value}:{argument}".rstrip(":") if step else ""

    @property
    def words(self) -> ModuleType:
        return wordings.current()

    def moment(self, at: datetime) -> str:
        """«сегодня, 14:10», «чт, 26 ноя, 18:00»."""
        return str(self.words.moment_short(at, settings().time_zone, self.at))

    def files(self, count: int) -> str:
        """«1 файл», «3 файла»."""
        return wording.count(count, *_FILE) if speaks_source() else wording_en.count(count, "file", "files")

    @property
    def menu(self) -> list[list[dict[str, str]]]:
        """What stands in place of the keyboard whenever nothing is asked that has a keyboard of its own."""
        return [[{"text": _("Новая заявка")}, {"text": _("Мои заявки")}], [{"text": _("Позвонить")}]]


_FILE = ("файл", "файла", "файлов")


def at_most(span: timedelta) -> str:
    """«2 часов», «30 минут»: what stands after «не позже»."""
    hours, minutes = divmod(int(span.total_seconds()) // 60, 60)
    if not speaks_source():
        return wording_en.work_amount(span, round_the_clock=True)
    written = [wording.count(hours, "часа", "часов", "часов")] if hours else []
    written += [wording.count(minutes, "минуты", "минут", "минут")] if minutes or not hours else []
    return " ".join(written)


def support_phones() -> str:
    """«(812) 363-17-87, 493-79-19»: a code that was named already is not named again."""
    shown: list[str] = []
    code = ""
    for phone in settings().firm_phones:
        head, _space, rest = phone.partition(" ")
        shown.append(rest if rest and head == code else phone)
        code = head
    return ", ".join(shown)


def in_one_line(text: str, most: int) -> str:
    """One line of at most ``most`` characters."""
    joined = " ".join(text.split())
    return joined if len(joined) <= most else joined[: most - 1].rstrip() + "…"


def language_of(chat: Chat) -> str:
    """In what language to speak: what Telegram says of its user, where we speak it; else the desk's own."""
    return chat.language if chat.language in {"ru", "en"} else settings().language
