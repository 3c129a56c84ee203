"""Verbs about whose work a request is: take, assign, release, hold."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from app import outbox, read_marks, wording
from app.actor import SYSTEM, Actor
from app.config import settings
from app.errors import IllegalMove, IntakeRejected
from app.extensions import db
from app.models.staff import Staff
from app.models.ticket import Ticket
from app.models.words import EventKind, Holder, MessageKind, PromiseKind, State
from app.tickets import promising, third_party
from app.tickets.alarm import Alarm, set_alarm
from app.tickets.ball import held_for, own_court, pass_ball
from app.tickets.contributions import Contribution, contribute
from app.tickets.deadline import FARTHEST
from app.tickets.moves import Move, after
from app.translate import _

_LONGEST_REASON = 500


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
        raise IntakeRejected({"engineer": _gone_words(engineer)})
    if ticket.engineer_id == engineer.id:
        return
    is_own = engineer.id == by.staff_id
    _give(ticket, engineer.id, state, at)
    outbox.record(ticket, EventKind.TAKEN if is_own else EventKind.ASSIGNED, by, at, engineer=engineer.name)


def hand_over(ticket: Ticket, engineer: Staff, why: str, by: Actor, at: datetime) -> None:
    """Give the request to an engineer with a note for them, in one act; theirs already: IntakeRejected."""
    state = after(ticket, Move.ASSIGN)
    errors = {}
    if engineer.is_disabled:
        errors["engineer"] = _gone_words(engineer)
    elif ticket.engineer_id == engineer.id:
        errors["engineer"] = _("Заявка уже у %(name)s. Выберите, кому передать.", name=engineer.name)
    if not why.strip():
        errors["why"] = "Напишите коллеге, что сделано и что осталось."
    if errors:
        raise IntakeRejected(errors)
    note = contribute(ticket, MessageKind.NOTE, Contribution(why), by, at)
    is_own = engineer.id == by.staff_id
    _give(ticket, engineer.id, state, at)
    kind = EventKind.TAKEN if is_own else EventKind.ASSIGNED
    read_marks.call(ticket, [engineer.id], note)
    outbox.record(ticket, kind, by, at, message=note, engineer=engineer.name)


def release(ticket: Ticket, by: Actor, at: datetime, reason: str = "") -> None:
    """Put the request back into the queue, saying why where there is a reason; nobody's already: nothing happens."""
    state = after(ticket, Move.RELEASE)
    if ticket.engineer_id is None:
        return
    ticket.engineer_id, ticket.taken_at, ticket.state = None, None, state
    told = third_party.leave(ticket, Holder.QUEUE, at) if state is not State.WAITING else {}
    promising.want_name(ticket, at)
    outbox.record(ticket, EventKind.RELEASED, by, at, **told | ({"reason": reason} if reason else {}))


def hold(
    ticket: Ticket, holder: Holder, reason: str, by: Actor, at: datetime, look_again_at: datetime | None = None
) -> None:
    """A third party holds the ball, or the engineer has it back. Stops no clock unless the contract says so.

    At ``look_again_at`` the engineer is reminded; another reason or date begins another span. The customer reads
    nothing of whom we wait for, only of a deadline that became later by it.
    """
    ticket.state = after(ticket, Move.HOLD)
    if holder not in {Holder.THIRD_PARTY, Holder.ENGINEER}:
        raise IntakeRejected({"holder": "Ход бывает у инженера (engineer) или у третьей стороны (third_party)."})
    if holder is Holder.ENGINEER:
        if ticket.holder is not own_court(ticket):
            told = third_party.leave(ticket, own_court(ticket), at)
            outbox.record(ticket, EventKind.HELD, by, at, holder=ticket.holder.value, reason=reason.strip(), **told)
        return
    errors = {}
    if not reason.strip():
        errors["reason"] = "Напишите, кого и чего ждём."
    elif len(reason.strip()) > _LONGEST_REASON:
        errors["reason"] = "Длиннее 500 знаков. Подробности напишите в заметке."
    if look_again_at is not None and look_again_at <= at:
        errors["look_again_at"] = "Этот день и время уже прошли. Укажите будущее время или оставьте пустым."
    elif look_again_at is not None and look_again_at - at > FARTHEST:
        errors["look_again_at"] = "Этот день дальше десяти лет. Проверьте год."
    if errors:
        raise IntakeRejected(errors)
    if third_party.wait(ticket, at, reason.strip(), look_again_at):
        until = {"look_again_at": look_again_at.isoformat()} if look_again_at else {}
        data: dict[str, Any] = {"holder": holder.value, "reason": reason.strip(), **until}
        outbox.record(ticket, EventKind.HELD, by, at, **data)


def look_again(ticket: Ticket, at: datetime) -> None:
    """The moment to look again at what a third party holds has come: its engineer is told."""
    set_alarm(ticket, Alarm.LOOK, None)
    if ticket.is_active and ticket.holder is Holder.THIRD_PARTY:
        data: dict[str, Any] = {"holder": ticket.holder.value, "about": "look_again", "reason": held_for(ticket)}
        outbox.record(ticket, EventKind.HELD, SYSTEM, at, **data)


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
    if state is not State.WAITING and ticket.holder is not Holder.THIRD_PARTY:
        pass_ball(ticket, Holder.ENGINEER, at)


def _taken_words(ticket: Ticket) -> str:
    engineer = db.session.get(Staff, ticket.engineer_id)
    who = engineer.surname if engineer else _("другой инженер")
    if ticket.taken_at:
        time = wording.clock_time(ticket.taken_at, settings().time_zone)
        who = _("%(who)s в %(time)s", who=who, time=time)
    return _("Заявку уже взял(а) %(who)s. Откройте её или назначьте другого инженера.", who=who)


def _gone_words(engineer: Staff) -> str:
    return _("%(name)s больше не работает в HelpDesk. Выберите другого инженера.", name=engineer.name)
