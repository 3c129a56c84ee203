"""Verbs of judgement: rate, complain."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select

from app import escalations, outbox
from app.actor import Actor
from app.errors import IllegalMove, IntakeRejected
from app.extensions import db
from app.models.rating import Rating
from app.models.ticket import Ticket
from app.models.words import Cause, Channel, EventKind, State
from app.tickets.solve import last_solution

LOW = 2
CHANGEABLE_FOR = timedelta(days=3)
RATEABLE_AFTER_CLOSING = timedelta(days=30)


def rate(ticket: Ticket, value: int, comment: str, by: Actor, at: datetime) -> Rating:
    """Rate the last solution from 1 to 5; a change of mind within three days is a new row and the last one counts."""
    if value not in range(1, 6):
        raise IntakeRejected({"rating": "Оценка бывает от 1 до 5."})
    solution = last_solution(ticket)
    if solution is None or solution.visible_at > at:
        raise IllegalMove(f"Заявка {ticket.number} ещё не решена: оценивать пока нечего.")
    if ticket.closed_at and at > ticket.closed_at + RATEABLE_AFTER_CLOSING:
        raise IllegalMove("Оценить решение можно было 30 дней после закрытия заявки.")
    standing = rating_of(ticket, solution.id)
    if standing and (standing.value, standing.comment) == (value, comment.strip()):
        return standing
    if standing and at > standing.at + CHANGEABLE_FOR:
        raise IllegalMove("Изменить оценку можно было в течение трёх дней.")
    rating = Rating(
        ticket_id=ticket.id,
        solution_id=solution.id,
        engineer_id=ticket.engineer_id,
        value=value,
        comment=comment.strip()[:5000],
        channel=by.channel or Channel.WEB,
        at=at,
    )
    db.session.add(rating)
    ticket.rating = value
    outbox.record(ticket, EventKind.RATED, by, at, rating=value, before=standing.value if standing else None)
    if value <= LOW:
        escalations.escalate(ticket, Cause.LOW_RATING, by, at, comment.strip())
    return rating


def complain(ticket: Ticket, text: str, by: Actor, at: datetime) -> None:
    """Call the head of the desk; possible in every state, one open complaint a request."""
    if not text.strip():
        raise IntakeRejected({"text": "Напишите, что не так: это прочитает руководитель."})
    outbox.record(ticket, EventKind.COMPLAINED, by, at, text=text.strip()[:5000])
    escalations.escalate(ticket, Cause.COMPLAINT, by, at, text.strip()[:5000])


def rating_of(ticket: Ticket, solution_id: int) -> Rating | None:
    """The rating that counts for a solution: the newest."""
    query = select(Rating).where(Rating.ticket_id == ticket.id, Rating.solution_id == solution_id)
    return db.session.scalars(query.order_by(Rating.id.desc()).limit(1)).first()


def is_rateable(ticket: Ticket, at: datetime) -> bool:
    """Whether a rating would be taken now (its first, or a change)."""
    if ticket.public_state(at) not in {State.SOLVED, State.CLOSED}:
        return False
    return ticket.closed_at is None or at <= ticket.closed_at + RATEABLE_AFTER_CLOSING
