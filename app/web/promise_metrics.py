"""Promises, queues, escalations and paging for Prometheus: each figure over an index of the few rows that matter."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from sqlalchemy import func, or_, select

from app.clock import todays_midnight
from app.config import settings
from app.extensions import db
from app.models.escalation import Escalation
from app.models.letter import Letter
from app.models.page import Page
from app.models.promise import Promise
from app.models.ticket import ACTIVE, STANDS_STILL, Ticket
from app.models.words import ACTIVE_STATES, Cause, DeliveryChannel, PromiseKind, Urgency
from app.reports.promises import OPEN


def collect(at: datetime) -> Iterator[Metric]:
    today = todays_midnight(at, settings().time_zone)
    yield _promises("promises_open", "Promises in force that are not judged yet.", _open())
    yield _promises("promises_near", "Of those, the ones whose deadline is near and whose clock runs.", _near(at))
    yield _promises("promises_missed", "Missed promises of requests that are still active.", _missed())
    yield _judged(today)
    yield _queue()
    yield _letters(at)
    yield _escalations()
    yield _unwatched(at)
    yield _pages(today)


def _promises(name: str, words: str, counts: dict[Any, int]) -> Metric:
    family = GaugeMetricFamily(f"helpdesk_{name}", words, labels=["kind"])
    for kind in PromiseKind:
        family.add_metric([kind.value], counts.get(kind, 0))
    return family


def _open() -> dict[Any, int]:
    return _counts(select(Promise.kind, func.count()).where(*OPEN).group_by(Promise.kind))


def _near(at: datetime) -> dict[Any, int]:
    query = select(Promise.kind, func.count()).join(Ticket, Ticket.id == Promise.ticket_id)
    return _counts(
        query.where(*OPEN, Promise.due_at >= at, Promise.near_at <= at, ~STANDS_STILL).group_by(Promise.kind)
    )


def _missed() -> dict[Any, int]:
    query = select(Promise.kind, func.count()).select_from(Ticket).join(Promise, Promise.ticket_id == Ticket.id)
    stands = (ACTIVE, Promise.kept.is_(False), Promise.superseded_at.is_(None))
    return _counts(query.where(*stands).group_by(Promise.kind))


def _judged(midnight: datetime) -> Metric:
    family = GaugeMetricFamily(
        "helpdesk_promises_judged_today", "Promises kept and broken since midnight.", labels=["kind", "kept"]
    )
    query = select(Promise.kind, Promise.kept, func.count()).where(
        Promise.judged_at >= midnight, Promise.kept.is_not(None)
    )
    found = {(kind, kept): many for kind, kept, many in db.session.execute(query.group_by(Promise.kind, Promise.kept))}
    for kind in PromiseKind:
        for kept in (True, False):
            family.add_metric([kind.value, "yes" if kept else "no"], found.get((kind, kept), 0))
    return family


def _queue() -> Metric:
    family = GaugeMetricFamily("helpdesk_queue", "Active requests by state and urgency.", labels=["state", "urgency"])
    query = select(Ticket.state, Ticket.urgency, func.count()).where(ACTIVE).group_by(Ticket.state, Ticket.urgency)
    found = {(state, urgency): many for state, urgency, many in db.session.execute(query)}
    for state in ACTIVE_STATES:
        for urgency in Urgency:
            family.add_metric([state.value, urgency.value], found.get((state, urgency), 0))
    return family


def _letters(at: datetime) -> Metric:
    oldest = db.session.scalar(select(func.min(Letter.received_at)).where(Letter.file_at.is_not(None)))
    age = max(0.0, (at - oldest).total_seconds()) if oldest else 0.0
    return GaugeMetricFamily(
        "helpdesk_letter_unfiled_oldest_seconds", "Age of the oldest letter that is not filed yet.", value=age
    )


def _escalations() -> Metric:
    family = GaugeMetricFamily("helpdesk_escalations_by_cause", "Open escalations by cause.", labels=["cause"])
    query = select(Escalation.cause, func.count()).where(Escalation.resolved_at.is_(None)).group_by(Escalation.cause)
    found = _counts(query)
    for cause in Cause:
        family.add_metric([cause.value], found.get(cause, 0))
    return family


def _unwatched(at: datetime) -> Metric:
    waits = or_(Escalation.watched_until.is_(None), Escalation.watched_until <= at)
    query = select(func.count(Escalation.id)).where(Escalation.resolved_at.is_(None), waits)
    return GaugeMetricFamily(
        "helpdesk_escalations_unwatched", "Open escalations that nobody has taken charge of.", value=_one(query)
    )


def _pages(midnight: datetime) -> Metric:
    family = GaugeMetricFamily("helpdesk_pages_today", "Steps of paging made since midnight.", labels=["channel"])
    found = _counts(select(Page.channel, func.count()).where(Page.made_at >= midnight).group_by(Page.channel))
    for channel in DeliveryChannel:
        family.add_metric([channel.value], found.get(channel, 0))
    return family


def _counts(query: Any) -> dict[Any, int]:
    return dict(db.session.execute(query).all())


def _one(query: Any) -> int:
    return db.session.scalar(query) or 0
