"""In whose court the ball is: spans of time with a start and an end, without gaps."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from app.extensions import db
from app.models.promise import Holding
from app.models.ticket import Ticket
from app.models.words import Holder, State
from app.promises import Pause
from app.tickets.alarm import Alarm, set_alarm


def pass_ball(
    ticket: Ticket, holder: Holder, at: datetime, reason: str = "", look_again_at: datetime | None = None
) -> bool:
    """From ``at`` on, ``holder`` holds the ball; the span before it ends. The same again is no change (False)."""
    current = _current(ticket)
    if current is not None:
        if (current.holder, current.reason, current.look_again_at) == (holder, reason, look_again_at):
            return False
        current.ended_at = max(at, current.started_at)
    ticket.holder = holder
    if holder is not Holder.NONE:
        db.session.add(
            Holding(ticket_id=ticket.id, holder=holder, started_at=at, reason=reason, look_again_at=look_again_at)
        )
        db.session.flush()
    set_alarm(ticket, Alarm.LOOK, look_again_at)
    return True


def first_ball(ticket: Ticket, at: datetime) -> None:
    """The queue holds a new request; the caller flushes."""
    ticket.holder = Holder.QUEUE
    db.session.add(Holding(ticket_id=ticket.id, holder=Holder.QUEUE, started_at=at))


def waits(ticket: Ticket) -> list[Pause]:
    """The spans in which the customer or a third party held the ball, oldest first."""
    query = (
        select(Holding.started_at, Holding.ended_at, Holding.holder)
        .where(Holding.ticket_id == ticket.id, Holding.holder.in_((Holder.CUSTOMER, Holder.THIRD_PARTY)))
        .order_by(Holding.id)
    )
    return [Pause(start, end, holder is Holder.THIRD_PARTY) for start, end, holder in db.session.execute(query)]


def third_party_since(ticket: Ticket) -> datetime | None:
    """Since when a third party has held the ball without a gap; None where it is elsewhere."""
    since = None
    for pause in reversed(waits(ticket)):
        if not pause.is_third_party or pause.end != since:
            break
        since = pause.start
    return since


def give_back(ticket: Ticket, at: datetime, *, before_last: bool = False) -> None:
    """Whoever had the ball before the last act took it has it again, for the same reason."""
    query = select(Holding).where(Holding.ticket_id == ticket.id).order_by(Holding.id.desc()).limit(1)
    held = db.session.scalars(query.offset(1) if before_last else query).first()
    if held is None or held.holder is not Holder.THIRD_PARTY:
        pass_ball(ticket, Holder.CUSTOMER if ticket.state is State.WAITING else own_court(ticket), at)
        return
    pass_ball(ticket, held.holder, at, held.reason, held.look_again_at)


def own_court(ticket: Ticket) -> Holder:
    """Who holds the ball of an open request that waits for nobody outside."""
    return Holder.ENGINEER if ticket.engineer_id else Holder.QUEUE


def held_for(ticket: Ticket) -> str:
    """Why the present holder has the ball; "" where nothing was said."""
    current = _current(ticket)
    return current.reason if current else ""


def _current(ticket: Ticket) -> Holding | None:
    query = (
        select(Holding).where(Holding.ticket_id == ticket.id, Holding.ended_at.is_(None)).order_by(Holding.id.desc())
    )
    return db.session.scalars(query.limit(1)).first()
