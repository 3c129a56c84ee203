"""An act was decided on what a page showed: where somebody changed that meanwhile, it waits for another look."""

from __future__ import annotations

from flask import request
from sqlalchemy import func, select

from app.errors import IllegalMove
from app.extensions import db
from app.models.event import Event
from app.models.ticket import Ticket
from app.models.words import EventKind
from app.reading.happenings import DECISIVE, happening
from app.rows import typed_number
from app.web.translate import _
from app.web.viewer import actor, reader

SHOWN = "shown"  # the newest event that the page knew, in the address of its forms
_TOLD = 3


def last_event(ticket_id: int) -> int:
    """What a page that is made now has shown. Of what decides alone: no number tells that a complaint was made."""
    decisive = (Event.ticket_id == ticket_id, Event.kind.in_(DECISIVE))
    return db.session.scalar(select(func.max(Event.id)).where(*decisive)) or 0


def refuse_overtaken(ticket: Ticket) -> None:
    """Raise IllegalMove, naming what changed, where the form was made before it; what was typed stays on the page."""
    shown = typed_number(request.args.get(SHOWN, ""))
    if shown is None:
        return
    query = select(Event.kind, Event.at, Event.actor_name, Event.staff_id, Event.data).where(
        Event.ticket_id == ticket.id,
        Event.id > shown,
        Event.kind.in_(DECISIVE),
        Event.staff_id.is_distinct_from(actor().staff_id),
    )
    own, is_manager = reader(), actor().is_manager
    found = db.session.execute(query.order_by(Event.id.desc()).limit(_TOLD)).all()
    told = [
        _told(event, own.time_or_day(event.at), happening(event, own, ticket.engineer_id, is_manager=is_manager))
        for event in found
    ]
    if told:
        raise IllegalMove(
            _("Пока вы смотрели, в заявке изменилось: %(what)s. Проверьте и повторите.", what="; ".join(reversed(told)))
        )


def _told(event: object, time: str, words: str) -> str:
    kind: EventKind = event.kind  # type: ignore[attr-defined]  # a row of columns
    if words:
        return f"{time} {words}"
    if kind is EventKind.ANSWERED:
        return _("%(time)s ответил клиент", time=time)
    return _("%(time)s заявка решена", time=time) if kind is EventKind.SOLVED else time
