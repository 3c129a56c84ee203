"""Two requests about one thing: merge joins them under one number, unmerge takes them apart while nothing was said.

Only requests of one customer become one: from then on either reads the conversation of the request that goes on.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import delete, select

from app import durations, escalations, outbox, read_marks
from app.actor import SYSTEM, Actor
from app.config import settings
from app.errors import IllegalMove
from app.extensions import db, insert_into
from app.models.chat import Chat, ChatTicket
from app.models.escalation import Escalation
from app.models.event import Event
from app.models.message import Message
from app.models.ticket import Ticket
from app.models.words import Cause, Channel, EventKind, Holder, MessageKind, PromiseKind, State
from app.tickets import parting, promising, waiting
from app.tickets.ball import give_back, pass_ball
from app.tickets.moves import Move, after
from app.translate import _

_OVER = (Cause.URGENT_UNTAKEN, Cause.NEAR)
_SAID = (MessageKind.ANSWER, MessageKind.REPLY, MessageKind.QUESTION, MessageKind.SOLUTION)


def merge(into: Ticket, other: Ticket, by: Actor, at: datetime) -> None:
    """Close ``other`` as a part of ``into``, which keeps the earlier deadline; joined already: nothing happens."""
    if other.merged_into_id == into.id:
        return
    state = _checked(into, other)
    promised = _merge_promises(into, other, at)
    data: dict[str, Any] = {
        "into": into.number,
        "state": other.state.value,
        "chats": _follow(into, other),
        "promised": promised,
        **_answered(into, other),
    }
    other.merged_into_id, other.state, other.is_active = into.id, state, False
    other.closed_at, other.close_at, other.answered_at = at, None, None
    other.settles_at = other.state_before = None
    pass_ball(other, Holder.NONE, at)
    read_marks.forget(other)
    _settle_escalations(other, into.number, at)
    heard_from = at + settings().undo_send if by.channel is Channel.WEB else at
    outbox.record(other, EventKind.MERGED, by, at, drain_at=heard_from, **data)
    outbox.record(
        into, EventKind.MERGED, by, at, drain_at=heard_from, joined=other.number, **_silent(_is_told(into, other))
    )


def unmerge(other: Ticket, into: Ticket, by: Actor, at: datetime) -> None:
    """Take ``other`` apart again, as it was; not merged: nothing happens. What was told of it is told to be over."""
    if other.merged_into_id is None:
        return
    if into.merged_into_id is not None:
        again = _("Заявку %(number)s саму объединили с другой. Сначала разъедините их.", number=into.number)
        raise IllegalMove(again)
    joined = _joining(other)
    said = (Message.ticket_id == into.id, Message.at >= joined.at, Message.kind.in_(_SAID))
    if db.session.scalar(select(Message.id).where(*said, Message.recalled_at.is_(None)).limit(1)) is not None:
        raise IllegalMove(
            _(
                "По заявке %(number)s после объединения уже писали: разъединить нельзя. Заведите новую заявку.",
                number=into.number,
            )
        )
    is_quiet = _silence(other, into, joined)
    other.merged_into_id, other.closed_at = None, None
    other.state, other.is_active = State(joined.data["state"]), True
    give_back(other, at)
    parting.go_on(other)
    _wait_again(other, into, joined.data)
    promising.want_name(other, at)
    if other.state is State.WAITING:
        waiting.set_reminder(other, other.paused_at or at, 0)
    if is_quiet and into.is_active and joined.data.get("promised"):
        parting.put_back(into, PromiseKind.SOLUTION, joined.data["promised"], at)  # nobody heard of it
    if chats := joined.data.get("chats"):
        db.session.execute(delete(ChatTicket).where(ChatTicket.ticket_id == into.id, ChatTicket.chat_id.in_(chats)))
    outbox.record(other, EventKind.UNMERGED, by, at, into=into.number, **_silent(is_quiet))
    outbox.record(into, EventKind.UNMERGED, by, at, joined=other.number, **_silent(is_quiet or _is_told(into, other)))


def is_one_customer(one: Ticket, other: Ticket) -> bool:
    """The same address, the same company that somebody vouches for, or the same person who left no address once."""
    if _address(one) and _address(one) == _address(other):
        return True
    if one.company_id is not None and one.company_id == other.company_id:
        return one.is_company_confirmed and other.is_company_confirmed
    is_one_person = one.person_id is not None and one.person_id == other.person_id
    return is_one_person and not (_address(one) and _address(other))


def _checked(into: Ticket, other: Ticket) -> State:
    if into.id == other.id:
        itself = _("Заявку %(number)s нельзя объединить с ней самой. Выберите ещё одну.", number=into.number)
        raise IllegalMove(itself)
    state = after(other, Move.MERGE)
    if not into.is_active:
        raise IllegalMove(_("Заявка %(number)s уже не открыта. Объединяют с открытой.", number=into.number))
    if not is_one_customer(into, other):
        raise IllegalMove(
            _(
                "Заявка %(other)s: у неё другой клиент, чем у %(into)s, и чужую переписку он читать не должен. "
                "Такие заявки ведут вместе как общий сбой.",
                other=other.number,
                into=into.number,
            )
        )
    if other.is_urgent and not into.is_urgent:
        numbers = {"other": other.number, "into": into.number}
        raise IllegalMove(_("Заявка %(other)s срочная, а %(into)s нет. Сделайте главной срочную.", **numbers))
    return state


def _merge_promises(into: Ticket, other: Ticket, at: datetime) -> int | None:
    """The promise that ``into`` had, where the merge stated an earlier one."""
    before = promising.current(into, PromiseKind.SOLUTION)
    promising.merge(into, other, at)
    db.session.flush()
    following = promising.current(into, PromiseKind.SOLUTION)
    return before.id if before and following and before.id != following.id else None


def _answered(into: Ticket, other: Ticket) -> dict[str, Any]:
    """Whoever waited for a word in the other request waits in the one that goes on; what taking apart needs of it."""
    if other.answered_at is None:
        return {}
    is_passed_on = into.answered_at is None
    into.answered_at = into.answered_at or other.answered_at
    return {"answered": other.answered_at.isoformat(), "is_answer_passed_on": is_passed_on}


def _wait_again(other: Ticket, into: Ticket, data: dict[str, Any]) -> None:
    if data.get("answered"):
        other.answered_at = durations.parse_moment(data["answered"])
        into.answered_at = None if data["is_answer_passed_on"] else into.answered_at


def _follow(into: Ticket, other: Ticket) -> list[int]:
    """Whoever followed the other in a chat follows the request that goes on; the chats that did not before."""
    brought = select(ChatTicket.chat_id).where(ChatTicket.ticket_id == other.id)
    found = set(db.session.scalars(brought))
    if other.person_id is not None and other.person_id != into.person_id:
        found |= set(db.session.scalars(select(Chat.id).where(Chat.person_id == other.person_id)))
    if not found:
        return []
    rows = [{"chat_id": chat_id, "ticket_id": into.id} for chat_id in sorted(found)]
    made = insert_into(ChatTicket).values(rows).on_conflict_do_nothing().returning(ChatTicket.chat_id)
    return sorted(db.session.scalars(made))


def _settle_escalations(other: Ticket, number: str, at: datetime) -> None:
    """What only asked for work on it is asked by the other request now; what was missed, and complaints, stay."""
    query = select(Escalation).where(
        Escalation.ticket_id == other.id, Escalation.resolved_at.is_(None), Escalation.cause.in_(_OVER)
    )
    for escalation in db.session.scalars(query).all():
        escalations.resolve(escalation, _("Заявка объединена с %(number)s.", number=number), SYSTEM, at)


def _joining(other: Ticket) -> Event:
    query = select(Event).where(Event.ticket_id == other.id, Event.kind == EventKind.MERGED)
    return next(event for event in db.session.scalars(query.order_by(Event.id.desc())) if "into" in event.data)


def _silence(other: Ticket, into: Ticket, joined: Event) -> bool:
    """Keep both notices from being derived; False when a worker was faster."""
    both = (Event.ticket_id.in_((other.id, into.id)), Event.kind == EventKind.MERGED, Event.id >= joined.id)
    return bool(outbox.silence(*both))


def _silent(is_silent: bool) -> dict[str, Any]:
    return {"is_silent": True} if is_silent else {}


def _is_told(into: Ticket, other: Ticket) -> bool:
    """One letter tells the same reader of both numbers."""
    return _address(into) == _address(other)


def _address(ticket: Ticket) -> str:
    return ticket.applicant_email.lower()
