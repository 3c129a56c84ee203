"""Verbs of judgement: rate, complain."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select, update

from app import complaints, outbox
from app.actor import Actor
from app.complaints import Said, who_of
from app.errors import IllegalMove, IntakeRejected
from app.extensions import db
from app.models.complaint import Complaint
from app.models.rating import LOW, Rating
from app.models.ticket import Ticket
from app.models.words import Channel, ComplaintOrigin, EventKind, State
from app.tickets.solve import last_solution
from app.translate import _

LONGEST = 5000  # characters of a comment
CHANGEABLE_FOR = timedelta(days=3)
RATEABLE_AFTER_CLOSING = timedelta(days=30)


def rate(ticket: Ticket, value: int, comment: str, by: Actor, at: datetime, *, chat_id: int | None = None) -> Rating:
    """Rate the last solution from 1 to 5; a change of mind within three days of the first is a new row that counts.

    1 and 2 open a complaint; its customer is answered in the chat ``chat_id`` where they rated there.
    """
    if value not in range(1, 6):
        raise IntakeRejected({"rating": "Оценка бывает от 1 до 5."})
    solution = last_solution(ticket)
    if solution is None or solution.visible_at > at:
        raise IllegalMove(_("Заявка %(number)s ещё не решена: оценивать пока нечего.", number=ticket.number))
    if ticket.closed_at and at > ticket.closed_at + RATEABLE_AFTER_CLOSING:
        raise IllegalMove("Оценить решение можно было 30 дней после закрытия заявки.")
    comment = comment.strip()[:LONGEST]
    given = ratings_of(ticket, solution.id)
    standing = given[-1] if given else None
    if standing and (standing.value, standing.comment) == (value, comment):
        return standing
    if not is_changeable(given, at):
        raise IllegalMove("Изменить оценку можно было в течение трёх дней.")
    complaint_id = _complaint(ticket, value, comment, by, at, chat_id) if value <= LOW else None
    return _count(ticket, solution.id, standing, value, comment, complaint_id, by, at)


def complain(
    ticket: Ticket,
    said: str | Said,
    by: Actor,
    at: datetime,
    *,
    origin: ComplaintOrigin = ComplaintOrigin.CUSTOMER,
    chat_id: int | None = None,
) -> Complaint:
    """Complain to the head of the desk, or call them; possible in every state, one open case an engineer named."""
    said = Said(said) if isinstance(said, str) else said
    return complaints.open_case(origin, said, who_of(ticket, chat_id=chat_id), by, at, ticket)


def ratings_of(ticket: Ticket, solution_id: int) -> list[Rating]:
    """What was said about a solution, the oldest first; the last one counts."""
    query = select(Rating).where(Rating.ticket_id == ticket.id, Rating.solution_id == solution_id)
    return list(db.session.scalars(query.order_by(Rating.id)))


def rating_of(ticket: Ticket, solution_id: int) -> Rating | None:
    """The rating that counts for a solution."""
    given = ratings_of(ticket, solution_id)
    return given[-1] if given else None


def is_rateable(ticket: Ticket, at: datetime) -> bool:
    """Whether a first rating would be taken now."""
    if ticket.public_state(at) not in {State.SOLVED, State.CLOSED}:
        return False
    return ticket.closed_at is None or at <= ticket.closed_at + RATEABLE_AFTER_CLOSING


def is_changeable(given: list[Rating], at: datetime) -> bool:
    """Whether these ratings of one solution may still be followed by another."""
    return not given or at <= given[0].at + CHANGEABLE_FOR


def takes_rating(ticket: Ticket, at: datetime) -> bool:
    """Whether any rating would be taken now, a first one or another."""
    solution = last_solution(ticket) if is_rateable(ticket, at) else None
    return solution is not None and is_changeable(ratings_of(ticket, solution.id), at)


def _count(
    ticket: Ticket,
    solution_id: int,
    standing: Rating | None,
    value: int,
    comment: str,
    complaint_id: int | None,
    by: Actor,
    at: datetime,
) -> Rating:
    if standing is not None:  # first, for one rating a solution counts
        counted = update(Rating).where(Rating.solution_id == solution_id, Rating.superseded_at.is_(None))
        db.session.execute(counted.values(superseded_at=at))
        complaint_id = complaint_id or standing.complaint_id
    rating = Rating(
        ticket_id=ticket.id,
        solution_id=solution_id,
        engineer_id=ticket.engineer_id,
        value=value,
        comment=comment,
        channel=by.channel or Channel.WEB,
        at=at,
        complaint_id=complaint_id,
    )
    db.session.add(rating)
    ticket.rating = value
    outbox.record(ticket, EventKind.RATED, by, at, rating=value, before=standing.value if standing else None)
    return rating


def _complaint(ticket: Ticket, value: int, comment: str, by: Actor, at: datetime, chat_id: int | None) -> int:
    said = Said(comment or _("Оценка %(rating)s из 5, без слов.", rating=value))
    return complaints.open_case(ComplaintOrigin.RATING, said, who_of(ticket, chat_id=chat_id), by, at, ticket).id
