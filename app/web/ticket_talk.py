"""Acts of the conversation: reply, question, note, solution, taking back, reopening, telling by phone, letting in."""

from __future__ import annotations

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from app import outbox, reply_drafts, tickets
from app.clock import now
from app.errors import IllegalMove, IntakeRejected, NotFound
from app.extensions import db
from app.models.message import Message
from app.models.ticket import Ticket
from app.models.words import MessageKind
from app.reading import answer_templates
from app.reading import ticket as reading
from app.rows import typed_id
from app.tickets import Contribution
from app.web import uploads
from app.web.tickets import act, opened, page
from app.web.translate import _
from app.web.viewer import actor, reader

bp = Blueprint("ticket_talk", __name__)

_ACTS = {
    MessageKind.REPLY: tickets.reply,
    MessageKind.QUESTION: tickets.ask,
    MessageKind.NOTE: tickets.note,
    MessageKind.SOLUTION: tickets.solve,
}


@bp.post("/tickets/<number>/reply")
def reply(number: str) -> ResponseReturnValue:
    kind = request.form.get("kind", "reply")
    if kind == MessageKind.REPLY:
        kind = request.form.get("then") or kind  # «Отправить клиенту» with «…и ждать клиента», «…и решить»
    if kind not in {member.value for member in _ACTS}:
        raise IntakeRejected({"kind": _("Сообщение бывает reply, question, note или solution.")})
    return _say(number, MessageKind(kind))


@bp.post("/tickets/<number>/solution")
def solve(number: str) -> ResponseReturnValue:
    return _say(number, MessageKind.SOLUTION)


@bp.post("/tickets/<number>/reply/<int:message_id>/recall")
def recall(number: str, message_id: int) -> ResponseReturnValue:
    with outbox.transaction():
        ticket = opened(number)
        tickets.recall(ticket, _message(ticket, message_id), actor(), now())
    view = request.args.get("view")
    return redirect(url_for("tickets.show", number=number, view=view, recalled=message_id, _anchor="text"), 303)


@bp.post("/tickets/<number>/messages/<int:message_id>/admission")
def admit(number: str, message_id: int) -> ResponseReturnValue:
    """Let a stranger's letter in: the customer sees it, its writer may answer from now on."""

    def do(ticket: Ticket) -> None:
        tickets.admit(ticket, _message(ticket, message_id), actor(), now())

    return act(number, do)


@bp.post("/tickets/<number>/reopening")
def reopen(number: str) -> ResponseReturnValue:
    def do(ticket: Ticket) -> None:
        text = request.form.get("text", "").strip()
        tickets.reopen(ticket, Contribution(text) if text else None, actor(), now(), MessageKind.NOTE)

    return act(number, do)


@bp.post("/tickets/<number>/telling")
def tell(number: str) -> ResponseReturnValue:
    return act(number, lambda ticket: tickets.tell_by_phone(ticket, actor(), now()))


def _message(ticket: Ticket, message_id: int) -> Message:
    message = db.session.get(Message, message_id)
    if message is None or message.ticket_id != ticket.id:
        raise NotFound("Такого сообщения в этой заявке нет.")
    return message


def _say(number: str, kind: MessageKind) -> ResponseReturnValue:
    with outbox.transaction():  # files stay uploaded, whatever becomes of the words
        chosen = uploads.gather()
    if without := request.form.get("without"):
        chosen.files = [upload for upload in chosen.files if upload.id != without]
        return page(number, request.form, {}, chosen=chosen.files)
    if template := request.form.get("template", ""):
        return page(number, _with_template(number, template), {}, chosen=chosen.files)

    key = reply_drafts.intake_key(request.form["form_key"]) if request.form.get("form_key") else None

    def do(ticket: Ticket) -> str:
        if said_before := _said_before(ticket, key):
            return f"m{said_before}"
        if chosen.error:
            raise IntakeRejected({"files": chosen.error})
        if kind is not MessageKind.NOTE:
            _refuse_unread(ticket)
        said = Contribution(request.form.get("text", ""), chosen.files, intake_key=key)
        message = _ACTS[kind](ticket, said, actor(), now())
        uploads.use(chosen)
        if key is not None:
            reply_drafts.forget(ticket.id, actor().staff_id)
        return f"m{message.id}"

    try:
        return act(number, do, chosen.files)
    except IntegrityError:  # the first click of two was a moment faster
        return redirect(url_for("tickets.show", number=number), 303)


def _with_template(number: str, template: str) -> dict[str, str]:
    """What was typed, with the text of a template behind it; the page of those who have no script."""
    template_id = typed_id(template)
    if template_id is None:
        raise NotFound("Такого шаблона нет.")
    own = reader()
    words = answer_templates.filled(template_id, reading.head(number, own), actor(), own)
    typed = request.form.get("text", "").rstrip()
    return {**request.form, "text": f"{typed}\n{words}" if typed else words}


def _said_before(ticket: Ticket, key: str | None) -> int | None:
    """The message that this very form has made already: a second click says nothing twice."""
    if key is None:
        return None
    return db.session.scalar(select(Message.id).where(Message.ticket_id == ticket.id, Message.intake_key == key))


def _refuse_unread(ticket: Ticket) -> None:
    """``seen`` is the newest message that the writer's page showed; what came since must be read before sending."""
    seen = typed_id(request.form.get("seen", ""))
    if seen is None:
        return
    newer = select(func.count()).where(
        Message.ticket_id == ticket.id,
        Message.id > seen,
        Message.kind.in_((MessageKind.ANSWER, MessageKind.REPLY, MessageKind.QUESTION, MessageKind.SOLUTION)),
        Message.staff_id.is_distinct_from(actor().staff_id),
    )
    if db.session.scalar(newer):
        raise IllegalMove(_("Пока вы писали, в заявке появилось новое сообщение. Прочитайте его и отправьте ещё раз."))
