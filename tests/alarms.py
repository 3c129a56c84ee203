"""When an alarm of a request is set for."""

from __future__ import annotations

from datetime import datetime

from app import durations
from app.models.ticket import Ticket
from app.tickets.alarm import Alarm


def alarm_at(ticket: Ticket, alarm: Alarm) -> datetime | None:
    moment = ticket.alarms.get(alarm)
    return durations.parse_moment(moment) if moment else None
