"""New working calendars: by the pattern of another, or from a file."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from app import calendar_edits, outbox
from app.clock import now
from app.errors import IntakeRejected, NotFound
from app.web import calendar_saved
from app.web.calendar_form import checked_name
from app.web.calendar_refusals import refusal as in_words
from app.web.calendars import list_page
from app.web.translate import _
from app.web.viewer import actor, reader

bp = Blueprint("calendar_files", __name__)

LARGEST_FILE = 256 << 10  # octets: twenty years of days set by hand


@bp.post("/calendars")
def create() -> ResponseReturnValue:
    """A copy of ``like`` under another name, to be edited."""
    try:
        with outbox.transaction():
            name = calendar_edits.make(checked_name(request.form), _like(), actor(), now()).name
    except IntakeRejected as refused:
        return list_page(request.form, refused.errors), refused.status
    flash(_("Календарь создан. Теперь задайте его неделю и дни."), "done")
    return redirect(url_for("calendar_edits.week", name=name), 303)


@bp.post("/calendars/import")
def load() -> ResponseReturnValue:
    """Keep a file under the name that stands in it; it can be taken back on the page that follows."""
    try:
        with outbox.transaction():
            record, is_new, is_changed = calendar_edits.load(_content(), actor(), now())
            name, version = record.name, record.version
    except IntakeRejected as refused:
        return list_page(request.form, refused.errors), refused.status
    except (ValueError, RecursionError) as error:
        return list_page(request.form, {"file": in_words(error)}), IntakeRejected.status
    if is_new or not is_changed:
        flash(_("Календарь загружен.") if is_new else _("В файле то же, что уже есть: ничего не изменилось."), "done")
    return calendar_saved.after(name, version, reader().at.year, is_changed=is_changed and not is_new)


def _content() -> bytes:
    file = request.files.get("file")
    content = file.stream.read(LARGEST_FILE + 1) if file else b""
    if not content:
        raise IntakeRejected({"file": _("Выберите файл календаря.")})
    if len(content) > LARGEST_FILE:
        raise IntakeRejected({"file": _("Файл больше 256 КБ: это не календарь.")})
    return content


def _like() -> str:
    name = request.form.get("like", "")
    if not name or len(name) > 60 or "\0" in name:
        raise NotFound(_("Такого календаря нет. Вернитесь к списку."))
    return name
