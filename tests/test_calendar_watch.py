"""A year without a production calendar is announced in time, in service hours, and once."""

from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy import select

from app.calendar_watch import watch
from app.extensions import db
from app.models import Escalation
from tests.working_hours import moscow

pytestmark = pytest.mark.usefixtures("app")


def warnings(at: datetime) -> list[str]:
    watch(at)
    return list(db.session.scalars(select(Escalation.subject)))


def test_the_manager_is_warned_thirty_days_ahead_once() -> None:
    assert warnings(moscow("2027-12-01T12:00")) == []
    assert warnings(moscow("2027-12-02T03:00")) == []  # nobody is woken for that
    assert warnings(moscow("2027-12-02T12:00")) == ["production calendar RU 2028"]
    assert warnings(moscow("2027-12-03T12:00")) == ["production calendar RU 2028"]
