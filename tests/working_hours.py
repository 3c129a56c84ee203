"""Calendars and moments that tests of working time share."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import app
from app.calendars import WorkCalendar

SHIPPED = Path(app.__file__).parent / "data" / "calendars"
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def shipped(name: str) -> WorkCalendar:
    return WorkCalendar.from_spec(json.loads((SHIPPED / f"{name}.json").read_text("utf-8")))


def spec(hours: list[list[str]], zone: str = "Europe/Moscow", **more: Any) -> dict[str, Any]:
    return {"name": "test", "time_zone": zone, "week": dict.fromkeys(DAYS, hours), **more}


def calendar(hours: list[list[str]], zone: str = "Europe/Moscow", **more: Any) -> WorkCalendar:
    return WorkCalendar.from_spec(spec(hours, zone, **more))


OFFICE = shipped("ru-5x9")
LUNCH = shipped("ru-5x8-lunch")
ALWAYS = shipped("24x7")


def moscow(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=OFFICE.zone)


def shown(moment: datetime) -> str:
    return moment.astimezone(OFFICE.zone).strftime("%Y-%m-%dT%H:%M:%S").removesuffix(":00")
