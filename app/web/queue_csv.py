"""The queue as a file for a spreadsheet: the same selection in the same order, all of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask import Blueprint, Response, request
from sqlalchemy import Row as Columns

from app.clock import now
from app.config import settings
from app.models.ticket import stands_still
from app.models.words import Urgency
from app.reading import queue_every
from app.reading.queue_rows import channel_words, state_words
from app.reading.queue_selection import Selection
from app.reading.reader import Reader
from app.reading.whys import worded
from app.web import csv_files
from app.web.translate import _
from app.web.viewer import reader

bp = Blueprint("queue_csv", __name__)


@bp.get("/queue.csv")
def show() -> Response:
    selection = Selection.parse(request.args)
    today = now().astimezone(settings().time_zone).date()
    return csv_files.answer(f"queue-{selection.view}-{today}.csv", _lines(selection, reader()))


def _lines(selection: Selection, own: Reader) -> Iterator[csv_files.Row]:
    yield (
        *(_("Номер"), _("Тема"), _("Статус"), _("Срочная"), _("Канал"), _("Компания"), _("Договор")),
        *(_("Заявитель"), _("E-mail"), _("Телефон"), _("Исполнитель"), _("Пришла"), _("Срок"), _("Почему такой срок")),
        *(_("На паузе с"), _("Решена"), _("Последнее событие"), _("Открыта заново, раз")),
    )
    states, channels, yes = state_words(), channel_words(), _("да")
    for row in queue_every.rows(selection, own):
        yield (
            *(row.number, row.title, states[row.state.value], yes if row.urgency is Urgency.URGENT else ""),
            *(channels[row.channel], row.company_name, row.contract),
            *(row.applicant_name, row.applicant_email, row.applicant_phone, row.engineer),
            *(csv_files.moment(row.created_at), csv_files.moment(row.due_at), worded(row.why, own)),
            *(csv_files.moment(_paused(row)), csv_files.moment(row.solved_at), csv_files.moment(row.touched_at)),
            row.reopened_count,
        )


def _paused(row: Columns[Any]) -> Any:
    """Since when the clock stands still; that of an urgent request never does."""
    return row.paused_at if stands_still(row.urgency, row.paused_at) else None
