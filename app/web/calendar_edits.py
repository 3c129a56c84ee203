"""Editing a working calendar: the week, single days, back to an earlier version, beside the production calendar."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from app import calendar_edits, outbox, terms
from app.calendars import WorkCalendar
from app.clock import now
from app.errors import IntakeRejected
from app.models.calendar import CalendarRecord
from app.reading import calendar_comparison, calendars
from app.reading.calendar_year import hours_shown
from app.rows import is_id
from app.web import calendar_saved
from app.web.calendar_form import checked_days, checked_week, day_of, never_open
from app.web.calendars import asked_year, found
from app.web.viewer import actor

bp = Blueprint("calendar_edits", __name__)

# Offered while typing; any zone of the IANA database is taken.
_ZONES = (
    "Europe/Kaliningrad Europe/Moscow Europe/Samara Asia/Yekaterinburg Asia/Omsk Asia/Novosibirsk Asia/Krasnoyarsk "
    "Asia/Irkutsk Asia/Yakutsk Asia/Vladivostok Asia/Magadan Asia/Kamchatka Europe/Minsk Asia/Almaty UTC"
).split()


@bp.get("/calendars/<name>/week")
def week(name: str) -> str:
    record = found(name)
    calendar = terms.calendar_of(record)
    hours = {day: hours_shown(spans) for day, spans in zip(calendars.weekdays(), calendar.week, strict=True)}
    known = {"time_zone": calendar.zone.key, "production": "1" if calendar.production else "", **hours}
    return _week_page(record, known, {})


@bp.post("/calendars/<name>/week")
def set_week(name: str) -> ResponseReturnValue:
    def edit() -> CalendarRecord:
        return calendar_edits.set_week(name, checked_week(request.form), _seen(), actor(), now())

    return _saved(name, edit, "mon", _week_page)


@bp.get("/calendars/<name>/days")
def days(name: str) -> str:
    """``?since=``: the day to begin with."""
    record = found(name)
    since = day_of(request.args.get("since", ""))
    hours = hours_shown(terms.calendar_of(record).opening_hours_on(since)) if since else ""
    known = {"since": since.isoformat() if since else "", "hours": hours, "how": ""}
    return _days_page(record, known, {})


@bp.post("/calendars/<name>/days")
def set_days(name: str) -> ResponseReturnValue:
    def edit() -> CalendarRecord:
        chosen, hours = checked_days(request.form)
        return calendar_edits.set_days(name, chosen, hours, _seen(), actor(), now())

    return _saved(name, edit, "since", _days_page)


@bp.post("/calendars/<name>/restoration")
def restore(name: str) -> ResponseReturnValue:
    """Back to a version; it becomes the newest."""
    version = request.form.get("version", 0, type=int)
    before = found(name).version
    with outbox.transaction():
        wanted = version if is_id(version) else 0
        after = calendar_edits.restore(name, wanted, _seen(), actor(), now()).version
    return calendar_saved.after(name, after, _year(name), is_changed=after != before)


@bp.get("/calendars/<name>/comparison")
def compare(name: str) -> str:
    record = found(name)
    calendar = terms.calendar_of(record)
    comparison = calendar_comparison.compared(calendar, asked_year(calendar))
    return render_template("calendars/comparison.html", record=record, calendar=calendar, comparison=comparison)


@bp.post("/calendars/<name>/production")
def take_year(name: str) -> ResponseReturnValue:
    """Read a year of the production calendar again, as the program has it now."""
    before = found(name).version
    year = _year(name)
    with outbox.transaction():
        after = calendar_edits.take_year(name, year, actor(), now()).version
    return calendar_saved.after(name, after, year, is_changed=after != before)


def _saved(
    name: str,
    edit: Callable[[], CalendarRecord],
    first: str,
    page: Callable[[CalendarRecord, Mapping[str, str], dict[str, str]], str],
) -> ResponseReturnValue:
    """Edit and go to the year; a refusal shows the form again, with what was typed. ``first``: its first field."""
    before = found(name).version
    try:
        with outbox.transaction():
            after = edit().version
    except IntakeRejected as refusal:
        errors = {first if field == "seen" else field: words for field, words in refusal.errors.items()}
        return page(found(name), request.form, errors), refusal.status
    except ValueError as error:
        if "never open" not in str(error):
            raise
        return page(found(name), request.form, {first: never_open()}), IntakeRejected.status
    day = day_of(request.form.get("since", ""))
    return calendar_saved.after(name, after, day.year if day else _year(name), is_changed=after != before)


def _seen() -> int:
    return request.form.get("seen", 0, type=int)


def _year(name: str) -> int:
    return asked_year(terms.calendar_of(found(name)))


def _week_page(record: CalendarRecord, typed: Mapping[str, str], errors: dict[str, str]) -> str:
    return render_template(
        "calendars/week.html", weekdays=calendars.weekdays(), zones=_ZONES, **_common(record, typed, errors)
    )


def _days_page(record: CalendarRecord, typed: Mapping[str, str], errors: dict[str, str]) -> str:
    calendar = terms.calendar_of(record)
    return render_template("calendars/days.html", now_is=_now_is(calendar, typed), **_common(record, typed, errors))


def _now_is(calendar: WorkCalendar, typed: Mapping[str, str]) -> str:
    """What the first day is like at present, in words; "" while no day is chosen."""
    day = day_of(typed.get("since", ""))
    return calendars.day_in_words(calendar, day) if day else ""


def _common(record: CalendarRecord, typed: Mapping[str, str], errors: dict[str, str]) -> dict[str, object]:
    return {"record": record, "typed": typed, "errors": errors, "touched": calendar_saved.preview(record.name)}
