"""What a request is owed by time: named moments on the request, the earliest of them in an index."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum, auto

from app import durations
from app.models.ticket import Ticket


class Alarm(StrEnum):
    TAKE = auto()  # an urgent request nobody has taken by name
    REACT = auto()  # the reaction promise falls due
    NEAR = auto()  # the solution promise comes near
    DUE = auto()  # the solution promise falls due
    LOOK = auto()  # time to look again at what a third party holds
    REMIND = auto()  # the customer is silent after a question
    NOTICE = auto()  # one day before closing
    CLOSE = auto()  # silence after the solution


def set_alarm(ticket: Ticket, alarm: Alarm, at: datetime | None) -> None:
    """Set, move or (None) take away one alarm."""
    kept = {kind: moment for kind, moment in ticket.alarms.items() if kind != alarm}
    _keep(ticket, kept if at is None else {**kept, alarm.value: at.isoformat()})


def clear_alarms(ticket: Ticket, *alarms: Alarm) -> None:
    """Take several alarms away; without names, all of them."""
    _keep(ticket, {kind: at for kind, at in ticket.alarms.items() if alarms and kind not in alarms})


def due_alarms(ticket: Ticket, now: datetime) -> list[Alarm]:
    """The alarms that have come, earliest first."""
    moments = {Alarm(kind): durations.parse_moment(moment) for kind, moment in ticket.alarms.items()}
    return sorted((alarm for alarm, at in moments.items() if at <= now), key=lambda alarm: moments[alarm])


def _keep(ticket: Ticket, alarms: dict[str, str]) -> None:
    ticket.alarms = alarms
    ticket.next_alarm_at = min((durations.parse_moment(at) for at in alarms.values()), default=None)
