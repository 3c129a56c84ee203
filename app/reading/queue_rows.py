"""One row of the queue: the columns it needs and the words it shows."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import Row as Columns
from sqlalchemy import Select, bindparam, func, select

from app import durations, read_marks
from app.models.staff import Staff
from app.models.ticket import Ticket
from app.models.words import Channel, State
from app.names import initials, surname
from app.reading.queue_neighbours import place_of
from app.reading.queue_selection import Order, Selection
from app.reading.queue_views import View, rank_of
from app.reading.reader import Reader
from app.reading.whys import with_why, worded
from app.translate import _

SNIPPET = 160
MOST_READERS = 500  # whose queries are kept ready: a row is asked for by everybody, at every change
_HOUR = timedelta(hours=1)
STATE_ICONS = {"new": "ring", "open": "half", "waiting": "pause", "solved": "tick", "closed": "tick-grey"}
CHANNEL_ICONS = {"web": "globe", "email": "mail", "phone": "phone", "telegram": "telegram", "api": "file"}
_DUE_ICONS = {"late": "warning", "paused": "pause"}

COLUMNS = (
    Ticket.id,
    Ticket.number,
    Ticket.version,
    Ticket.state,
    Ticket.urgency,
    Ticket.channel,
    Ticket.title,
    func.substr(Ticket.what, 1, 400).label("what"),
    Ticket.reopened_count,
    Ticket.answered_at,
    Ticket.company_name,
    Ticket.company_id,
    Ticket.engineer_id,
    Ticket.due_at,
    Ticket.paused_at,
    Ticket.created_at,
    Ticket.touched_at,
    Ticket.solved_at,
    Staff.name.label("engineer"),
)


SELECT = select(*COLUMNS).select_from(Ticket).outerjoin(Staff, Staff.id == Ticket.engineer_id)


def selected(reader: Reader) -> Select[Any]:
    """The query of rows for one reader; why each deadline is that date comes with it, and what they have read."""
    return _selected(reader.is_russian, reader.staff_id)


def one_selected(reader: Reader) -> Select[Any]:
    """The query of the one row of ``number``, a parameter."""
    return _one_selected(reader.is_russian, reader.staff_id)


@lru_cache(MOST_READERS)
def _selected(is_russian: bool, staff_id: int | None) -> Select[Any]:
    return read_marks.with_marks(with_why(SELECT, is_russian=is_russian), staff_id)


@lru_cache(MOST_READERS)
def _one_selected(is_russian: bool, staff_id: int | None) -> Select[Any]:
    return _selected(is_russian, staff_id).where(Ticket.number == bindparam("number"))


@dataclass(frozen=True, slots=True)
class Row:
    """One request in the list, all in words. ``digest`` changes whenever what is shown does, time's passing apart."""

    number: str
    state: str
    urgency: str
    state_icon: str
    state_word: str
    channel_icon: str
    channel_word: str
    title: str
    more: str
    company: str
    engineer: str
    initials: str
    is_mine: bool
    is_free: bool
    is_unread: bool
    has_answer: bool  # the customer's last word waits for ours
    is_reopened: bool
    due_iso: str
    due_title: str
    due_text: str
    due_icon: str
    tone: str
    paused_iso: str
    group: str
    place: str
    digest: str
    why: str
    waits: str = ""


class RowWording:
    """Turns columns into words; what is the same for all rows is looked up once."""

    def __init__(self, selection: Selection, reader: Reader) -> None:
        self.selection, self.reader = selection, reader
        self.you, self.nobody = _("Вы"), _("не назначен")
        self.labels = {
            "untaken": _("Срочные, никто не взял"),
            "late": _("Просрочены"),
            "hour": _("Меньше часа"),
            "today": _("Сегодня"),
            "later": _("Завтра и позже"),
            "paused": _("Ждём других, срок на паузе"),
            "solved": _("Решены"),
            "newest": _("Сначала новые"),
            "touched": _("Сначала те, где что-то произошло"),
        }
        self.states = state_words()
        self.channels = channel_words()
        self.today = reader.at.astimezone(reader.zone).date()

    def row(self, columns: Columns[Any]) -> Row:
        reader, state = self.reader, columns.state.value
        rank = rank_of(columns.state, columns.urgency, columns.engineer_id, columns.paused_at)
        group = self._group(columns, rank)
        due_at = columns.due_at or columns.created_at
        text, tone = self._due(columns, due_at, rank)
        is_mine = columns.engineer_id is not None and columns.engineer_id == reader.staff_id
        is_unread = read_marks.is_unread(columns, reader.staff_id)
        return Row(
            number=columns.number,
            state=state,
            urgency=columns.urgency.value,
            state_icon=STATE_ICONS[state],
            state_word=self.states[state],
            channel_icon=CHANNEL_ICONS[columns.channel.value],
            channel_word=self.channels[columns.channel],
            title=columns.title,
            more=snippet(columns.title, columns.what),
            company=columns.company_name,
            engineer=self.you if is_mine else surname(columns.engineer) if columns.engineer else self.nobody,
            initials=initials(columns.engineer) if columns.engineer else "",
            is_mine=is_mine,
            is_free=columns.engineer_id is None and columns.state is not State.SOLVED,
            is_unread=is_unread,
            has_answer=columns.answered_at is not None,
            is_reopened=columns.reopened_count > 0,
            due_iso=durations.iso(due_at),
            due_title=reader.moment(due_at),
            due_text=text,
            due_icon=_DUE_ICONS.get(tone, "clock"),
            tone=tone,
            paused_iso=durations.iso(columns.paused_at) if rank == 2 and columns.paused_at else "",
            group=group,
            place=str(place_of(columns, self.selection)),
            digest=f"{columns.version}.{group}{'.unread' if is_unread else ''}",
            why=worded(columns.why, reader),
            waits=_("ждёт %(time)s", time=reader.amount(columns.created_at, reader.at)) if rank == 0 else "",
        )

    def _due(self, columns: Columns[Any], due_at: datetime, rank: int) -> tuple[str, str]:
        if columns.state is State.SOLVED and columns.solved_at:
            return _("решена %(time)s", time=self.reader.short_moment(columns.solved_at)), "calm"
        worded = self.reader.deadline(due_at, columns.paused_at if rank == 2 else None)
        return worded.text, worded.tone

    def _group(self, columns: Columns[Any], rank: int) -> str:
        if self.selection.view is View.SOLVED:
            return "solved"
        if self.selection.order is not Order.DUE:
            return self.selection.order.value
        if rank != 1 or columns.due_at is None:
            return "paused" if rank == 2 else "untaken" if rank == 0 else "later"
        left = columns.due_at - self.reader.at
        if left < timedelta(0):
            return "late"
        if left < _HOUR:
            return "hour"
        return "today" if columns.due_at.astimezone(self.reader.zone).date() <= self.today else "later"


def snippet(title: str, what: str) -> str:
    """What a request says behind its title, in one line."""
    line = " ".join(what.split())
    head = title.rstrip("…")
    if line.startswith(head):
        line = line[len(head) :].lstrip(" .,;:!?—-")
    return line[:SNIPPET]


def state_words() -> dict[str, str]:
    return {
        "new": _("Новая"),
        "open": _("В работе"),
        "waiting": _("Ждёт клиента"),
        "solved": _("Решена"),
        "closed": _("Закрыта"),
    }


def channel_words() -> dict[Channel, str]:
    return {
        Channel.WEB: _("через сайт"),
        Channel.EMAIL: _("письмом"),
        Channel.PHONE: _("по телефону"),
        Channel.TELEGRAM: _("в Телеграме"),
        Channel.API: _("из другой программы"),
    }


def hash_of(text: str) -> int:
    """A short mark of a text, the same in every process."""
    return zlib.crc32(text.encode())
