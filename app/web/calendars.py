"""Working calendars: the list, a year at a glance, and the file of one."""

from __future__ import annotations

import json
from collections.abc import Mapping
from io import BytesIO

from flask import Blueprint, Response, render_template, request, send_file

from app import calendar_use, terms
from app.calendars import WorkCalendar
from app.errors import NotFound
from app.extensions import db
from app.models.calendar import CalendarRecord
from app.reading import calendar_year, calendars
from app.reading.calendar_year import FIRST_YEAR, LAST_YEAR
from app.web.translate import _
from app.web.viewer import reader

bp = Blueprint("calendars", __name__)

_LONGEST_NAME = 60


@bp.get("/calendars")
def index() -> str:
    return list_page({}, {})


@bp.get("/calendars/<name>")
def show(name: str) -> str:
    """``?year=``: which one, the present one by default."""
    record = found(name)
    calendar, own = terms.calendar_of(record), reader()
    return render_template(
        "calendars/show.html",
        record=record,
        calendar=calendar,
        year=calendar_year.year_of(calendar, asked_year(calendar)),
        kinds=calendar_year.kind_words(),
        week=calendars.week_lines(calendar),
        weekdays=list(calendars.weekdays().values()),
        use=calendar_use.use_of(name, own.at.astimezone(own.zone).date()),
        story=calendars.story(record),
        today=own.at.astimezone(calendar.zone).date(),
        unknown_year=calendars.near_unknown_year(calendar, own.at),
        years=(FIRST_YEAR, LAST_YEAR),
    )


@bp.get("/calendars/<name>/export")
def export(name: str) -> Response:
    """The file that an import reads, as a download."""
    text = json.dumps(found(name).spec, ensure_ascii=False, indent=2) + "\n"
    response = send_file(
        BytesIO(text.encode()), mimetype="application/json", as_attachment=True, download_name=f"{name}.json", max_age=0
    )
    response.headers["Cache-Control"] = "no-store"
    return response


def list_page(typed: Mapping[str, str], errors: Mapping[str, str]) -> str:
    """The list, with what was typed into the forms under it."""
    return render_template("calendars/index.html", rows=calendars.rows(reader()), typed=typed, errors=errors)


def found(name: str) -> CalendarRecord:
    """The calendar of that name; raises NotFound."""
    record = db.session.get(CalendarRecord, name) if len(name) <= _LONGEST_NAME and "\0" not in name else None
    if record is None:
        raise NotFound(_("Такого календаря нет. Вернитесь к списку."))
    return record


def asked_year(calendar: WorkCalendar) -> int:
    """The year that the address asks for, else the one that its zone shows now."""
    asked = request.values.get("year", type=int)
    if asked is not None and FIRST_YEAR <= asked <= LAST_YEAR:
        return asked
    return reader().at.astimezone(calendar.zone).year
