"""Messages: reply to the customer, ask, or note for colleagues."""

from __future__ import annotations

from typing import Any

from flask.typing import ResponseReturnValue

from app import outbox, tickets
from app.api import answers, attachments, schemas
from app.api.blueprint import bp
from app.api.caller import caller
from app.api.contract import contract
from app.api.ticket_shapes import message_json
from app.api.tickets import found
from app.clock import now
from app.models.words import MessageKind
from app.tickets import Contribution

_VERBS = {MessageKind.REPLY: tickets.reply, MessageKind.QUESTION: tickets.ask, MessageKind.NOTE: tickets.note}


@bp.post("/tickets/<number>/messages")
@contract(
    "Reply to the customer, ask a question, or leave a note for colleagues.",
    takes=schemas.NewMessage,
    answers=answers.Message,
    status=201,
    has_files=True,
)
def make_message(number: str, given: dict[str, Any]) -> ResponseReturnValue:
    """JSON, or multipart/form-data with ``files``. What programs write leaves at once: UNDO_SEND is for pages."""
    files = attachments.kept()
    with outbox.transaction():
        ticket = found(number, to_change=True)
        said = Contribution(given["text"], files=files)
        message = _VERBS[MessageKind(given["kind"])](ticket, said, caller(), now())
    return message_json(message), 201
