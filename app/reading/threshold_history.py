"""Who changed the thresholds of escalations, when, and from what to what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select

from app.config import settings
from app.extensions import db
from app.models.escalation import ThresholdChange
from app.models.staff import Staff
from app.reading.reader import Reader
from app.thresholds import HOURS, HOURS_OF_COMPLAINTS
from app.translate import _

MOST = 50


@dataclass(frozen=True, slots=True)
class Change:
    """One change in words."""

    when: str
    iso: str
    who: str
    label: str
    before: str
    after: str


def last(reader: Reader, labels: Mapping[str, str]) -> list[Change]:
    """The last changes, newest first; one query."""
    query = (
        select(ThresholdChange.id, ThresholdChange.name, ThresholdChange.seconds, ThresholdChange.at)
        .add_columns(Staff.name.label("who"))
        .outerjoin(Staff, Staff.id == ThresholdChange.staff_id)
        .order_by(ThresholdChange.id.desc())
        .limit(2 * MOST)
    )
    rows = db.session.execute(query).all()
    before: dict[int, str] = {}
    standing: dict[str, str] = {name: _amount(name, None, reader) for name in labels}
    for row in reversed(rows):
        before[row.id] = standing.get(row.name, "")
        standing[row.name] = _amount(row.name, row.seconds, reader)
    return [
        Change(
            reader.short_moment(row.at),
            row.at.isoformat(),
            row.who or _("Программа"),
            labels.get(row.name, row.name),
            before[row.id],
            _amount(row.name, row.seconds, reader),
        )
        for row in rows[:MOST]
    ]


def hours_words() -> dict[str, str]:
    """When complaints call managers, in words."""
    return {"always": _("в любое время"), "day": _("только в рабочие часы")}


def _amount(name: str, seconds: int | None, reader: Reader) -> str:
    if name == HOURS_OF_COMPLAINTS:
        return hours_words()[settings().page_complaints if seconds is None else HOURS[seconds]]
    value = getattr(settings(), name, timedelta()) if seconds is None else timedelta(seconds=seconds)
    return str(reader.words.duration(value))
