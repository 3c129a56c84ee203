"""Verbs about whose work a request is: take, assign, release, hold."""

from __future__ import annotations

from datetime import datetime

from app import outbox, wording
from app.actor import Actor
from app.config import settings
from app.errors import IllegalMove, IntakeRejected
from app.extensions import db
from app.models.staff import Staff
from app.models.ticket import Ticket
from app.models.words import EventKind, Holder, PromiseKind, State
from app.tickets import promising
from app.tickets.alarm import Alarm, set_alarm
from app.tickets.ball import own_court, pass_ball
from app.tickets.moves import Move, after


def take(ticket: Ticket, by: Actor, at: datetime) -> None:
    """The author takes the request by name; already theirs: nothing happens; a colleague's: IllegalMove."""
    state = after(ticket, Move.TAKE)
    if by.staff_id is None:
        raise IllegalMove("Взять заявку может инженер, а не программа: назначьте инженера по имени.")
    if ticket.engineer_id == by.staff_id:
        return
    if ticket.engineer_id is not None:
        raise IllegalMove(_taken_words(ticket))
    _give(ticket, by.staff_id, state, at)
    outbox.record(ticket, EventKind.TAKEN, by, at, engineer=by.name)


def assign(ticket: Ticket, engineer: Staff, by: Actor, at: datetime) -> None:
    """Give the request to an engineer; theirs already: nothing happens."""
    state = after(ticket, Move.ASSIGN)
    if engineer.is_disabled:
        raise IntakeRejected({"engineer": f"{engineer.name} больше не работает в HelpDesk. Выберите другого инженера."})
    if ticket.engineer_id == engineer.id:
        return
    is_own = engineer.id == by.staff_id
    _give(ticket, engineer.id, state, at)
    outbox.record(ticket, EventKind.TAKEN if is_own else EventKind.ASSIGNED, by, at, engineer=engineer.name)


def release(ticket: Ticket, by: Actor, at: datetime) -> None:
    """Put the request back into the queue; nobody's already: nothing happens."""
    state = after(ticket, Move.RELEASE)
    if ticket.engineer_id is None:
        return
    ticket.engineer_id, ticket.taken_at, ticket.state = None, None, state
    if state is not State.WAITING:
        pass_ball(ticket, Holder.QUEUE, at)
    promising.want_name(ticket, at)
    outbox.record(ticket, EventKind.RELEASED, by, at)


def hold(ticket: Ticket, holder: Holder, reason: str, by: Actor, at: datetime) -> None:
    """A third party holds the ball, or the engineer has it back. Stops no clock; the customer reads nothing of it."""
    ticket.state = after(ticket, Move.HOLD)
    if holder not in {Holder.THIRD_PARTY, Holder.ENGINEER}:
        raise IntakeRejected({"holder": "Ход бывает у инженера (engineer) или у третьей стороны (third_party)."})
    if holder is Holder.THIRD_PARTY and not reason.strip():
        raise IntakeRejected({"reason": "Напишите, кого и чего ждём."})
    wanted = holder if holder is Holder.THIRD_PARTY else own_court(ticket)
    if ticket.holder is wanted:
        return
    pass_ball(ticket, wanted, at)
    outbox.record(ticket, EventKind.HELD, by, at, holder=wanted.value, reason=reason.strip())


def reacted(ticket: Ticket, at: datetime) -> None:
    """The first human answer or taking keeps (or has broken) the reaction promise."""
    if ticket.reacted_at is None:
        ticket.reacted_at, ticket.reaction_due_at = at, None
        promising.judge(ticket, PromiseKind.REACTION, at)
        set_alarm(ticket, Alarm.REACT, None)


def _give(ticket: Ticket, engineer_id: int, state: State, at: datetime) -> None:
    ticket.engineer_id, ticket.taken_at, ticket.state = engineer_id, at, state
    set_alarm(ticket, Alarm.TAKE, None)
    reacted(ticket, at)
    if state is not State.WAITING:
        pass_ball(ticket, Holder.ENGINEER, at)


def _taken_words(ticket: Ticket) -> str:
    engineer = db.session.get(Staff, ticket.engineer_id)
    since = f" в {wording.clock_time(ticket.taken_at, settings().time_zone)}" if ticket.taken_at else ""
    who = engineer.surname if engineer else "другой инженер"
    return f"Заявку уже взял(а) {who}{since}. Откройте её или назначьте другого инженера."
