"""Keeping what is typed on a request as it is typed."""

from __future__ import annotations

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from sqlalchemy import exists, select

from app import outbox, reply_drafts
from app.clock import now
from app.extensions import db
from app.models.message import Message
from app.models.words import MessageKind
from app.web.tickets import opened
from app.web.viewer import actor

bp = Blueprint("reply_drafts", __name__)


@bp.post("/tickets/<number>/draft")
def keep(number: str) -> ResponseReturnValue:
    """For the script of the composer. What comes after its own form was sent is no draft any more."""
    kind = MessageKind.NOTE if request.form.get("kind") == MessageKind.NOTE else MessageKind.REPLY
    key = reply_drafts.intake_key(request.form.get("form_key", ""))
    staff_id = actor().staff_id
    with outbox.transaction():
        ticket = opened(number)  # locked: whether the form was sent cannot change meanwhile
        was_sent = exists().where(Message.ticket_id == ticket.id, Message.intake_key == key)
        if staff_id is not None and not db.session.scalar(select(was_sent)):
            reply_drafts.keep(ticket.id, staff_id, kind.value, request.form.get("text", ""), now())
    return "", 204
