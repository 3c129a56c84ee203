"""What is wanted of each of several requests: done to one, and taken back from one."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from app import tickets
from app.actor import Actor
from app.config import settings
from app.errors import Forbidden, IllegalMove
from app.extensions import db
from app.models.bulk_act import BulkAct, BulkKind
from app.models.event import Event
from app.models.message import Message
from app.models.staff import Staff
from app.models.ticket import Ticket
from app.models.words import EventKind, Urgency
from app.tickets import Contribution
from app.tickets.moves import Move, after
from app.translate import _

Done = dict[str, Any]  # as ``BulkRow.done``


@dataclass(frozen=True)
class Wanted:
    """The act, and what it needs: an engineer to give to, words for the customers, or the urgency.

    ``form_key``: of the form; the same words by the same form are said to nobody twice.
    ``shown``: the newest event that its page knew.
    """

    kind: BulkKind
    engineer_id: int | None = None
    text: str = ""
    urgency: Urgency | None = None
    form_key: str = ""
    shown: int | None = None

    @classmethod
    def of(cls, act: BulkAct) -> Wanted:
        """What is left of it to do."""
        kept = act.wanted
        return cls(act.kind, **{**kept, "urgency": Urgency(kept["urgency"]) if kept["urgency"] else None})

    def kept(self) -> dict[str, Any]:
        """As ``BulkAct.wanted``."""
        return {name: value for name, value in asdict(self).items() if name != "kind"}

    def key(self, ticket: Ticket) -> str | None:
        """By which a second press knows the words to this customer."""
        return f"bulk:{self._hash()}:{ticket.id}" if self.form_key else None

    def press(self, staff_id: int, numbers: Iterable[str]) -> str | None:
        """By which a second press of the same form for the same requests knows the act."""
        return self._hash(str(staff_id), *sorted(numbers)) if self.form_key else None

    def _hash(self, *more: str) -> str:
        what = self.text or self.engineer_id or self.urgency or ""
        return hashlib.sha256("\0".join((self.form_key, self.kind, str(what), *more)).encode()).hexdigest()


def do(wanted: Wanted, ticket: Ticket, by: Actor, at: datetime) -> Done:
    """Raises what the verbs raise."""
    before, said, key = ticket.engineer_id, None, wanted.key(ticket)
    earlier = _said_before(ticket, key)
    if earlier is not None and earlier.recalled_at is None:
        return {"engineer": before, "before": before, "message": earlier.id}
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


def take_back(done: Done, ticket: Ticket, by: Actor, at: datetime) -> None:
    """Raises IllegalMove or Forbidden where somebody has gone on from it."""
    if "event" in done:
        tickets.put_back_urgency(ticket, done["event"], done["promised"], by, at)
        return
    if "message" in done:
        message = db.session.get(Message, done["message"])
        if message is None:
            raise Forbidden(_("Сообщения больше нет."))
        tickets.recall(ticket, message, by, at)
    if ticket.engineer_id != done["engineer"]:
        if "message" in done:
            return  # the words are back; whose it is now is a colleague's word
        raise IllegalMove(_("Заявку уже передали дальше: так и оставили."))
    if done["before"] is None:
        tickets.release(ticket, by, at)
    elif ticket.engineer_id != done["before"]:
        tickets.assign(ticket, db.session.get_one(Staff, done["before"]), by, at)


def _said_before(ticket: Ticket, key: str | None) -> Message | None:
    """The message that this form has made here already; it may have been taken back."""
    said = select(Message).where(Message.ticket_id == ticket.id, Message.intake_key == key)
    return db.session.scalars(said).first() if key else None


def _turn(urgency: Urgency, ticket: Ticket, by: Actor, at: datetime) -> Done:
    """Its letters wait as those of words do, so that a slip of the hand alarms nobody."""
    after(ticket, Move.PROMISE)
    if ticket.urgency is urgency:
        raise IllegalMove(_("Уже срочная.") if ticket.is_urgent else _("И так не срочная."))
    promised = tickets.promises_in_force(ticket)
    tickets.set_urgency(ticket, urgency, by, at, heard_from=at + settings().undo_send)
    db.session.flush()
    latest = select(func.max(Event.id)).where(Event.ticket_id == ticket.id, Event.kind == EventKind.URGENT)
    return {"event": db.session.scalar(latest), "promised": promised}
