"""One act on many requests: each in a transaction of its own, so that what cannot be done stops nothing else."""

from __future__ import annotations

import hashlib
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
_LATEST = 20  # acts of one person among which a second press looks for the first
_Row = dict[str, Any]


@dataclass(frozen=True)
class Wanted:
    """The act, and what it needs: an engineer to give to, words for the customers, or the urgency.

    ``form_key``: of the form with the words; the same words by the same form are said to nobody twice.
    """

    kind: BulkKind
    engineer_id: int | None = None
    text: str = ""
    urgency: Urgency | None = None
    form_key: str = ""

    def key(self, ticket: Ticket) -> str | None:
        """By which a second press knows the words to this customer."""
        if not self.form_key:
            return None
        words = f"{self.form_key}\0{self.kind.value}\0{self.text}"
        return f"bulk:{hashlib.sha256(words.encode()).hexdigest()}:{ticket.id}"


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
    if first := _said_by(wanted.kind, rows, by):
        return first
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


def _said_by(kind: BulkKind, rows: Sequence[_Row], by: Actor) -> BulkAct | None:
    """The act that has said all of this, of which this one is the second press."""
    messages = {row.get("message") for row in rows if row.get("again")}
    if not messages or any("refusal" not in row and not row.get("again") for row in rows):
        return None
    own = select(BulkAct).where(BulkAct.staff_id == by.staff_id, BulkAct.kind == kind).order_by(BulkAct.id.desc())
    acts = db.session.scalars(own.limit(_LATEST))
    return next((act for act in acts if messages <= {row.get("message") for row in act.rows}), None)


def _said_before(ticket: Ticket, key: str | None) -> Message | None:
    """The message that this form has made here already; it may have been taken back."""
    said = select(Message).where(Message.ticket_id == ticket.id, Message.intake_key == key)
    return db.session.scalars(said).first() if key else None


def _act(wanted: Wanted, ticket: Ticket, by: Actor, at: datetime) -> _Row:
    before, said, key = ticket.engineer_id, None, wanted.key(ticket)
    earlier = _said_before(ticket, key)
    if earlier is not None and earlier.recalled_at is None:
        return {"engineer": before, "before": before, "message": earlier.id, "again": True}
    words = Contribution(wanted.text, intake_key=None if earlier else key)
    match wanted.kind:
        case BulkKind.TAKE:
            tickets.take(ticket, by, at)
        case BulkKind.ASSIGN:
            tickets.assign(ticket, db.session.get_one(Staff, wanted.engineer_id), by, at)
        case BulkKind.REPLY:
            said = tickets.reply(ticket, words, by, at)
        case BulkKind.ASK:
            said = tickets.ask(ticket, words, by, at)
        case BulkKind.SOLVE:
            after(ticket, Move.SOLVE)  # solved already is no success here
            said = tickets.solve(ticket, words, by, at)
        case BulkKind.URGENCY:
            assert wanted.urgency is not None
            return _turn(wanted.urgency, ticket, by, at)
    message = {"message": said.id} if said else {}
    return {"engineer": ticket.engineer_id, "before": before, **message}


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
