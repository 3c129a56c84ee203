"""One act on many requests: each in a transaction of its own, so that what cannot be done stops nothing else."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, select

from app import outbox, tickets
from app.actor import Actor
from app.config import settings
from app.errors import Forbidden, HelpDeskError, IllegalMove, NotFound
from app.extensions import db
from app.models.bulk_act import BulkAct, BulkKind
from app.models.event import Event
from app.models.message import Message
from app.models.staff import Staff
from app.models.ticket import Ticket
from app.models.words import EventKind, Urgency
from app.rows import find_row
from app.tickets import Contribution
from app.tickets.moves import Move, after
from app.translate import _

MOST = 200
UNDONE_WITHIN = timedelta(minutes=10)
_KEPT_FOR = timedelta(days=1)
_Row = dict[str, Any]


@dataclass(frozen=True)
class Wanted:
    """The act, and what it needs: an engineer to give to, words for the customers, or the urgency."""

    kind: BulkKind
    engineer_id: int | None = None
    text: str = ""
    urgency: Urgency | None = None


def perform(
    wanted: Wanted,
    numbers: Sequence[str],
    by: Actor,
    at: datetime,
    check: Callable[[Ticket], None] | None = None,
) -> BulkAct:
    """Do it to each request in turn; ``check`` may refuse one. Commits; what became of each is kept for its author."""
    assert by.staff_id is not None
    rows = [_one(number, lambda ticket: _act(wanted, ticket, by, at), check) for number in dict.fromkeys(numbers)]
    made = BulkAct(staff_id=by.staff_id, kind=wanted.kind, at=at, rows=rows)
    with outbox.transaction():
        db.session.execute(delete(BulkAct).where(BulkAct.staff_id == by.staff_id, BulkAct.at < at - _KEPT_FOR))
        db.session.add(made)
    return made


def undo(act_id: int, by: Actor, at: datetime) -> BulkAct:
    """Take back what can be: whose work each was, words that nobody has read yet. Undone already: nothing happens."""
    act = found(act_id, by)
    if act.undone_at is not None:
        return act
    if at > act.at + UNDONE_WITHIN:
        raise IllegalMove(_("Отменить можно было 10 минут. Исправьте заявки по одной."))
    kept = {row["number"]: row for row in act.done}
    rows = [_one(number, lambda ticket: _back(kept[ticket.number], ticket, by, at)) for number in kept]
    with outbox.transaction():
        act = found(act_id, by)
        act.rows, act.undone_at = rows, at
    return act


def found(act_id: int, by: Actor) -> BulkAct:
    """The author's own act; raises NotFound."""
    act = find_row(BulkAct, act_id)
    if act is None or act.staff_id != by.staff_id:
        raise NotFound(_("Такого действия нет. Вернитесь к списку."))
    return act


def _one(number: str, do: Callable[[Ticket], _Row], check: Callable[[Ticket], None] | None = None) -> _Row:
    try:
        with outbox.transaction():
            query = select(Ticket).where(Ticket.number == number).with_for_update()
            ticket = db.session.scalars(query, execution_options={"populate_existing": True}).first()
            if ticket is None:
                raise NotFound(_("Такой заявки нет. Проверьте номер."))
            if check is not None:
                check(ticket)
            return {"number": number} | do(ticket)
    except HelpDeskError as refusal:
        return {"number": number, "refusal": refusal.message}


def _act(wanted: Wanted, ticket: Ticket, by: Actor, at: datetime) -> _Row:
    before, said = ticket.engineer_id, None
    match wanted.kind:
        case BulkKind.TAKE:
            tickets.take(ticket, by, at)
        case BulkKind.ASSIGN:
            tickets.assign(ticket, db.session.get_one(Staff, wanted.engineer_id), by, at)
        case BulkKind.REPLY:
            said = tickets.reply(ticket, Contribution(wanted.text), by, at)
        case BulkKind.ASK:
            said = tickets.ask(ticket, Contribution(wanted.text), by, at)
        case BulkKind.SOLVE:
            after(ticket, Move.SOLVE)  # solved already is no success here
            said = tickets.solve(ticket, Contribution(wanted.text), by, at)
        case BulkKind.URGENCY:
            assert wanted.urgency is not None
            return _turn(wanted.urgency, ticket, by, at)
    words = {"message": said.id} if said else {}
    return {"engineer": ticket.engineer_id, "before": before, **words}


def _turn(urgency: Urgency, ticket: Ticket, by: Actor, at: datetime) -> _Row:
    """Its letters wait as those of words do, so that a slip of the hand alarms nobody."""
    after(ticket, Move.PROMISE)
    if ticket.urgency is urgency:
        raise IllegalMove(_("Уже срочная.") if ticket.is_urgent else _("И так не срочная."))
    promised = tickets.promises_in_force(ticket)
    tickets.set_urgency(ticket, urgency, by, at, heard_from=at + settings().undo_send)
    db.session.flush()
    latest = select(func.max(Event.id)).where(Event.ticket_id == ticket.id, Event.kind == EventKind.URGENT)
    return {"event": db.session.scalar(latest), "promised": promised}


def _back(row: _Row, ticket: Ticket, by: Actor, at: datetime) -> _Row:
    if "event" in row:
        tickets.put_back_urgency(ticket, row["event"], row["promised"], by, at)
        return {}
    if "message" in row:
        message = db.session.get(Message, row["message"])
        if message is None:
            raise Forbidden(_("Сообщения больше нет."))
        tickets.recall(ticket, message, by, at)
    if ticket.engineer_id != row["engineer"]:
        if "message" in row:
            return {}  # the words are back; whose it is now is a colleague's word
        raise IllegalMove(_("Заявку уже передали дальше: так и оставили."))
    if row["before"] is None:
        tickets.release(ticket, by, at)
    elif ticket.engineer_id != row["before"]:
        tickets.assign(ticket, db.session.get_one(Staff, row["before"]), by, at)
    return {}
