"""Working calendars by name, in the file format of ``docs/calendars.md``."""

from __future__ import annotations

from typing import Any

from flask.typing import ResponseReturnValue
from sqlalchemy import select

from app import calendar_versions, outbox
from app.api import answers
from app.api.blueprint import bp
from app.api.caller import caller
from app.api.contract import contract, json_body
from app.api.problems import FieldsRefused
from app.clock import now
from app.errors import NotFound
from app.extensions import db
from app.models.calendar import CalendarRecord
from app.tickets import corrections


@bp.get("/calendars")
@contract("List the working calendars.", answers=answers.CalendarPage)
def list_calendars() -> ResponseReturnValue:
    records = db.session.scalars(select(CalendarRecord).order_by(CalendarRecord.name))
    return {"items": [record.spec for record in records], "next": None}


@bp.get("/calendars/<name>")
@contract("Read a working calendar.", answers=answers.Calendar)
def read_calendar(name: str) -> ResponseReturnValue:
    record = db.session.get(CalendarRecord, name)
    if record is None:
        raise NotFound(f"There is no calendar {name!r}.")
    return record.spec


@bp.put("/calendars/<name>")
@contract("Keep a working calendar; it rules over promises to come.", is_free=True, answers=answers.Calendar)
def put_calendar(name: str) -> ResponseReturnValue:
    """The name in the body may be left out; another than in the address is refused.

    ``X-Open-Promises`` counts the open promises by it, which stay as given; ``X-Promises-Otherwise`` those of them
    that would be another moment by the new hours: a manager decides on /calendars/NAME/deadlines.
    """
    spec: dict[str, Any] = {"name": name, **json_body()}
    if spec["name"] != name:
        raise FieldsRefused({"name": f"The address says {name!r}, the body {spec['name']!r}."})
    try:
        with outbox.transaction():
            record, is_new = calendar_versions.keep_calendar(spec, now(), caller())
    except ValueError as error:
        place = str(error).partition(":")[0] if ":" in str(error) else "calendar"
        raise FieldsRefused({place: f"{error}."}) from error
    return record.spec, 201 if is_new else 200, _touched(name)


def _touched(name: str) -> dict[str, str]:
    """How many open promises are by this calendar, and how many it would now reckon otherwise. None was changed."""
    touched = corrections.touched(corrections.by_calendar(name), now())
    db.session.rollback()
    return {"X-Open-Promises": str(touched.open), "X-Promises-Otherwise": str(touched).replace("≥", ">=")}
