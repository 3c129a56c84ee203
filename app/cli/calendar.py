"""`flask calendar`: import and list working calendars, and ask them what is due when and how much was worked."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import click
from flask import Blueprint
from sqlalchemy import select

from app import calendar_versions, database, outbox, terms
from app.calendar_specs import json_value
from app.calendars import WorkCalendar
from app.clock import now
from app.config import settings
from app.durations import iso, parse, parse_moment
from app.errors import HelpDeskError
from app.extensions import db
from app.models.calendar import CalendarRecord
from app.tickets import corrections

bp = Blueprint("calendar_commands", __name__, cli_group="calendar")
bp.cli.help = "Working calendars and their arithmetic."

_SECOND = timedelta(seconds=1)
_from = click.option("--from", "since", metavar="ISO", help="A moment with Z or an offset.")
_batch = click.option("--batch", is_flag=True, help="Read JSON lines on standard input, answer one line each.")

Answer = Callable[[WorkCalendar, dict[str, str]], str]


class Refused(click.ClickException):
    """A refusal on standard error, with exit status 1."""

    exit_code = 1

    def show(self, file: Any = None) -> None:
        click.echo(f"error: {self.message}", file=file, err=file is None)


@bp.cli.command("import")
@click.argument("file", metavar="FILE.json")
def import_(file: str) -> None:
    """Keep a calendar file under its name, in place of the one before; given promises stay."""
    with _refusals():
        spec = json_value(Path(file).read_bytes())
        with outbox.transaction():
            record, is_new = calendar_versions.keep_calendar(spec, now())
            name = record.name
        click.echo(f"{name}: {'imported' if is_new else f'replaced{_touched(name)}'}")


def _touched(name: str) -> str:
    with database.reading():
        touched = corrections.touched(corrections.by_calendar(name), now())
    told = f"; open promises that stay as given: {touched.open}"
    if not touched:
        return told
    page = f"{settings().public_url}/calendars/{name}/deadlines"
    return f"{told}, of which the new hours would give another moment to {touched}: a manager decides at {page}"


@bp.cli.command("list")
def list_() -> None:
    """Print name, time zone and production calendar, one calendar a line."""
    with database.reading():
        for record in db.session.scalars(select(CalendarRecord).order_by(CalendarRecord.name)):
            click.echo(f"{record.name}  {record.spec['time_zone']}  {record.spec.get('production_calendar') or '-'}")


@bp.cli.command("due")
@click.argument("name")
@_from
@click.option("--work", metavar="8h30m", help="Working time, like 8h30m or 3d (a day is 24 hours).")
@_batch
def due(name: str, since: str | None, work: str | None, batch: bool) -> None:
    """Print the moment by which that much working time has passed, in UTC."""
    _answer(name, _due, {"from": since, "work": work}, batch)


@bp.cli.command("worked")
@click.argument("name")
@_from
@click.option("--to", "until", metavar="ISO", help="A moment with Z or an offset.")
@_batch
def worked(name: str, since: str | None, until: str | None, batch: bool) -> None:
    """Print the seconds of working time between two moments."""
    _answer(name, _worked, {"from": since, "to": until}, batch)


def _due(calendar: WorkCalendar, asked: dict[str, str]) -> str:
    return iso(calendar.due(parse_moment(asked["from"]), parse(asked["work"])))


def _worked(calendar: WorkCalendar, asked: dict[str, str]) -> str:
    return str(calendar.worked(parse_moment(asked["from"]), parse_moment(asked["to"])) // _SECOND)


def _answer(name: str, answer: Answer, options: dict[str, str | None], batch: bool) -> None:
    with _refusals(), database.reading():
        calendar = terms.calendar_named(name)
        if not batch:
            click.echo(answer(calendar, _question(options, set(options))))
            return
    failed = False
    for line in sys.stdin.buffer:
        try:
            text = answer(calendar, _question(json_value(line), set(options)))
        except (ValueError, RecursionError) as error:
            text, failed = f"error: {_sentence(error)}", True
        sys.stdout.write(text + "\n")
        sys.stdout.flush()  # a program may be asking line by line
    sys.exit(int(failed))


def _question(given: object, keys: set[str]) -> dict[str, str]:
    """Check that just these keys are given, each a string."""
    if not isinstance(given, dict):
        raise ValueError(f"write a JSON object with the keys {', '.join(sorted(keys))}")  # noqa: TRY004 - as all here
    for key in given.keys() - keys:
        raise ValueError(f"unknown key {key!r}, known are {', '.join(sorted(keys))}")
    wrong = next((key for key in sorted(keys) if not isinstance(given.get(key), str)), None)
    if wrong is not None:
        raise ValueError(f"{wrong} is missing" if given.get(wrong) is None else f"{wrong} must be a string")
    return given


@contextmanager
def _refusals() -> Iterator[None]:
    try:
        yield
    except (ValueError, RecursionError, HelpDeskError, OSError) as error:
        raise Refused(_sentence(error)) from error


def _sentence(error: Exception) -> str:
    match error:
        case json.JSONDecodeError():
            return f"this is not JSON: {error.msg} at line {error.lineno} column {error.colno}"
        case UnicodeDecodeError():
            return "this is not UTF-8"
        case RecursionError():
            return "this JSON is nested too deeply"
        case OSError():
            return f"{error.filename}: {error.strerror}"
    return str(error)
