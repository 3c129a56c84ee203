"""Figures for Prometheus: every one counted in SQL over an index, so that all workers tell the same."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector
from sqlalchemy import ColumnElement, func, literal_column, select

from app import health, heartbeats
from app.clock import now, todays_midnight
from app.config import settings
from app.extensions import db
from app.models.chat import BotMessage, Chat
from app.models.delivery import Delivery
from app.models.escalation import Escalation
from app.models.running import Sweep
from app.models.ticket import Ticket
from app.models.words import ACTIVE_STATES, Cause, State
from app.reading import queue_views
from app.reading.queue_views import View
from app.reading.reader import Reader
from app.web import promise_metrics


def text() -> str:
    """All figures in Prometheus' text format."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Desk())
    return generate_latest(registry).decode()


class _Desk(Collector):
    def collect(self) -> Iterator[Metric]:
        at = now()
        yield _tickets()
        views, _saved = queue_views.counts(Reader(None, at, settings().time_zone))
        yield _gauge("tickets_overdue", "Active requests past their deadline.", views[View.OVERDUE])
        untaken = queue_views.untaken_urgent()
        yield _gauge("tickets_urgent_untaken", "Urgent requests that nobody has taken.", untaken)
        yield _gauge("escalations_open", "Open escalations.", _count(Escalation.id, Escalation.resolved_at.is_(None)))
        yield _gauge("promises_missed_today", "Promises that were missed today.", _missed(at))
        yield _gauge(
            "deliveries_waiting",
            "Notices that have not left yet.",
            _count(Delivery.id, Delivery.next_attempt_at.is_not(None)),
        )
        waiting = _count(BotMessage.id, BotMessage.next_attempt_at.is_not(None))
        yield _gauge("messages_waiting", "Messages of the bot that have not left yet.", waiting)
        yield _chats()
        undelivered: tuple[ColumnElement[bool], ...] = (
            literal_column("deliveries.state IN ('failed', 'bounced')"),  # as the partial index has it
            Delivery.is_escalated.is_(False),
        )
        yield _gauge(
            "deliveries_failed", "Failed notices the manager does not know of yet.", _count(Delivery.id, *undelivered)
        )
        yield from promise_metrics.collect(at)
        yield from _undone(at)
        yield _ages("heartbeat_age_seconds", "Since a process was last heard.", "process", heartbeats.last(), at)
        sweeps = {row.name: row.ended_at for row in db.session.execute(select(Sweep.name, Sweep.ended_at))}
        yield _ages("sweep_age_seconds", "Since periodic work last ended.", "work", sweeps, at)


def _tickets() -> Metric:
    family = GaugeMetricFamily("helpdesk_tickets", "Active requests by state.", labels=["state"])
    query = select(Ticket.state, func.count()).where(Ticket.state.in_(ACTIVE_STATES)).group_by(Ticket.state)
    counts: dict[State, int] = dict(db.session.execute(query).all())
    for state in ACTIVE_STATES:
        family.add_metric([state.value], counts.get(state, 0))
    return family


def _chats() -> Metric:
    family = GaugeMetricFamily("helpdesk_chats", "Chats of the bot by whose they are.", labels=["whose"])
    is_open = Chat.blocked_at.is_(None)
    whose = {
        "customers": (is_open, Chat.person_id.is_not(None)),
        "staff": (is_open, Chat.staff_id.is_not(None)),
        "unpaired": (is_open, Chat.person_id.is_(None), Chat.staff_id.is_(None)),
        "closed": (Chat.blocked_at.is_not(None),),
    }
    for name, conditions in whose.items():
        family.add_metric([name], _count(Chat.id, *conditions))
    return family


def _undone(at: datetime) -> Iterator[Metric]:
    counts = GaugeMetricFamily("helpdesk_undone", "Work that is due and not done.", labels=["work"])
    ages = GaugeMetricFamily("helpdesk_undone_oldest_seconds", "Age of the oldest due work.", labels=["work"])
    for name, work in health.undone(at).items():
        counts.add_metric([name], work.count)
        ages.add_metric([name], work.age.total_seconds())
    yield counts
    yield ages


def _missed(at: datetime) -> int:
    """By the escalations that tell of them: the ledger itself has no index by day."""
    today = todays_midnight(at, settings().time_zone)
    return _count(Escalation.id, Escalation.cause == Cause.MISSED, Escalation.opened_at >= today)


def _ages(name: str, words: str, label: str, moments: dict[str, datetime], at: datetime) -> Metric:
    family = GaugeMetricFamily(f"helpdesk_{name}", words, labels=[label])
    for key, moment in sorted(moments.items()):
        family.add_metric([key], max(0.0, (at - moment).total_seconds()))
    return family


def _gauge(name: str, words: str, value: float) -> Metric:
    return GaugeMetricFamily(f"helpdesk_{name}", words, value=value)


def _count(column: Any, *conditions: ColumnElement[bool]) -> int:
    return db.session.scalar(select(func.count(column)).where(*conditions)) or 0
