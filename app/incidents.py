"""Verbs of a trouble that several customers reported: begin, add, remove, close. Each request keeps its own promise."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, func, select

from app import outbox
from app.actor import Actor
from app.errors import IllegalMove, IntakeRejected, NotFound
from app.extensions import db
from app.models.incident import Incident, IncidentTicket
from app.models.ticket import Ticket
from app.models.words import EventKind
from app.rows import find_row
from app.translate import _

MOST = 200  # requests of one incident: each of its customers gets what is answered to all
_LONGEST_TITLE = 200


def begin(title: str, tickets: Sequence[Ticket], by: Actor, at: datetime) -> Incident:
    """A new incident with these requests."""
    title = " ".join(title.split())
    if not title or len(title) > _LONGEST_TITLE:
        raise IntakeRejected({"title": _("Назовите сбой одной строкой, до 200 знаков: её прочитают коллеги.")})
    incident = Incident(title=title, staff_id=by.staff_id, created_at=at)
    db.session.add(incident)
    db.session.flush()
    for ticket in tickets:
        add(incident, ticket, by, at)
    return incident


def add(incident: Incident, ticket: Ticket, by: Actor, at: datetime) -> None:
    """The request becomes a part of it; it is already: nothing happens."""
    if incident.closed_at is not None:
        raise IllegalMove(_("Этот сбой закрыт. Заведите новый."))
    if not ticket.is_active:
        raise IllegalMove(_("Заявка %(number)s уже не открыта.", number=ticket.number))
    part = db.session.get(IncidentTicket, ticket.id)
    if part is not None and part.incident_id == incident.id:
        return
    if part is not None:
        raise IllegalMove(_("Заявка %(number)s уже в другом сбое. Сначала уберите её оттуда.", number=ticket.number))
    held = select(func.count()).select_from(IncidentTicket).where(IncidentTicket.incident_id == incident.id)
    if (db.session.scalar(held) or 0) >= MOST:
        raise IllegalMove(_("В одном сбое не больше %(most)s заявок. Остальные ведите другим сбоем.", most=MOST))
    db.session.add(IncidentTicket(ticket_id=ticket.id, incident_id=incident.id))
    db.session.flush()
    outbox.record(ticket, EventKind.GROUPED, by, at, incident=incident.id, title=incident.title, is_silent=True)


def remove(incident: Incident, ticket: Ticket, by: Actor, at: datetime) -> None:
    """The request goes on by itself; no part of it: nothing happens."""
    gone = delete(IncidentTicket).where(
        IncidentTicket.ticket_id == ticket.id, IncidentTicket.incident_id == incident.id
    )
    if db.session.execute(gone.returning(IncidentTicket.ticket_id)).first() is not None:
        outbox.record(ticket, EventKind.GROUPED, by, at, title=incident.title, is_out=True, is_silent=True)


def close(incident: Incident, at: datetime) -> None:
    """Over, once none of its requests is open; closed already: nothing happens."""
    if incident.closed_at is not None:
        return
    open_one = select(Ticket.number).join(IncidentTicket, IncidentTicket.ticket_id == Ticket.id)
    number = db.session.scalar(open_one.where(IncidentTicket.incident_id == incident.id, Ticket.is_active).limit(1))
    if number is not None:
        raise IllegalMove(_("Заявка %(number)s ещё открыта. Решите её или уберите из сбоя.", number=number))
    incident.closed_at = at


def found(incident_id: int) -> Incident:
    """Raises NotFound."""
    incident = find_row(Incident, incident_id)
    if incident is None:
        raise NotFound(_("Такого сбоя нет. Вернитесь к списку."))
    return incident


def of_ticket(ticket_id: int) -> Incident | None:
    """The incident that a request is a part of."""
    query = select(Incident).join(IncidentTicket, IncidentTicket.incident_id == Incident.id)
    return db.session.scalars(query.where(IncidentTicket.ticket_id == ticket_id)).first()


def numbers_of(incident: Incident) -> list[str]:
    """Its requests, in the order in which they came."""
    query = select(Ticket.number).join(IncidentTicket, IncidentTicket.ticket_id == Ticket.id)
    return list(
        db.session.scalars(query.where(IncidentTicket.incident_id == incident.id).order_by(Ticket.id).limit(MOST))
    )
