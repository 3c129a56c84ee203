"""What the customer's page shows, put together for the whole page and for each of its fragments."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from flask import render_template, request, url_for
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from app import complaints, pairing, signing, tickets
from app.clock import now
from app.extensions import db
from app.models.complaint import Complaint
from app.models.message import Message, Upload
from app.models.staff import Staff
from app.models.ticket import Ticket
from app.models.words import ComplaintOrigin, MessageKind, State
from app.notify.wording import missing_words
from app.tickets.rate import is_changeable, ratings_of
from app.web import head, links
from app.web import standing as standings
from app.web.fragments import Fragment
from app.web.translate import _


def page(
    token: str, ticket: Ticket, typed: Mapping[str, str], errors: Mapping[str, str], chosen: Sequence[Upload]
) -> str:
    """The whole page; ``typed`` and ``errors`` of a form that was refused."""
    found = standings.of(ticket, with_names=True)
    messages = messages_of(ticket)
    question, solution = _raised(messages, found.state)
    given = ratings_of(ticket, solution.id) if solution else []
    rating = given[-1] if given else None
    preselected = typed.get("rating") or request.args.get("rating", "")
    return render_template(
        "ticket_link/show.html",
        token=token,
        ticket=ticket,
        found=found,
        main_token=links.token_of(found.main) if found.main else "",
        standing=_standing(token, found, found.state),
        thread=_thread(token, ticket, messages),
        question=question,
        solution=solution,
        rating=rating,
        preselected=preselected or (str(rating.value) if rating else ""),
        is_rateable=bool(solution) and tickets.is_rateable(ticket, now()) and is_changeable(given, now()),
        **_complaint(ticket),
        missing=_missing(ticket, found, messages),
        telegram=pairing.ticket_link(ticket, now()),
        typed=typed,
        errors=errors,
        chosen=chosen,
        form_key=typed.get("form_key") or secrets.token_urlsafe(16),
        done=_done_words(request.args.get("done", ""), found),
        sent_under=_sent_under(request.args.get("done", ""), ticket),
    )


def standing(token: str, ticket: Ticket, seen_state: str) -> Fragment:
    return _standing(token, standings.of(ticket, with_names=True), seen_state)


def thread(token: str, ticket: Ticket) -> Fragment:
    return _thread(token, ticket, messages_of(ticket))


def _standing(token: str, found: standings.Standing, seen_state: str) -> Fragment:
    """``seen_state``: the state for which the page's forms were made; another one asks for a new page."""
    inner = render_template("ticket_link/_standing.html", found=found, token=token, seen_state=seen_state)
    return Fragment("standing", url_for("ticket_link.standing", token=token, state=seen_state), inner)


def _thread(token: str, ticket: Ticket, messages: Sequence[Message]) -> Fragment:
    ids = {message.staff_id for message in messages if message.staff_id}
    staff = {one.id: one for one in db.session.scalars(select(Staff).where(Staff.id.in_(ids)))} if ids else {}
    raised = _raised(messages, ticket.public_state(now()))
    messages = [message for message in messages if message not in raised]
    inner = render_template("ticket_link/_thread.html", messages=messages, staff=staff, ticket=ticket, token=token)
    return Fragment("thread", url_for("ticket_link.thread", token=token), inner)


def messages_of(ticket: Ticket) -> list[Message]:
    """What the customer may read, newest first."""
    query = select(Message).where(Message.ticket_id == ticket.id, Message.kind != MessageKind.NOTE)
    found = db.session.scalars(query.options(selectinload(Message.files)).order_by(Message.id.desc()))
    at = now()
    return [message for message in found if message.is_public(at)]


def _raised(messages: Sequence[Message], state: State) -> tuple[Message | None, Message | None]:
    """The question and the solution that stand in cards of their own above the conversation."""
    question = _newest(messages, MessageKind.QUESTION) if state is State.WAITING else None
    solution = _newest(messages, MessageKind.SOLUTION) if state in {State.SOLVED, State.CLOSED} else None
    return question, solution


def _newest(messages: Sequence[Message], kind: MessageKind) -> Message | None:
    return next((message for message in messages if message.kind is kind), None)


def _missing(ticket: Ticket, found: standings.Standing, messages: Sequence[Message]) -> str:
    """What we still need to know, until the customer has written again."""
    has_answered = any(message.kind is MessageKind.ANSWER for message in messages)
    return missing_words(ticket.missing) if found.is_active and not has_answered else ""


def _complaint(ticket: Ticket) -> dict[str, Any]:
    """The newest case that this reader may know of, how far it is, and the way to it for the browser that opened it."""
    query = select(Complaint).where(Complaint.ticket_id == ticket.id, Complaint.origin != ComplaintOrigin.RATING)
    query = query.where(Complaint.is_confirmed).order_by(Complaint.id.desc()).limit(1)
    complaint = db.session.scalars(query).first()
    if complaint is None or head.is_hidden_from_viewer(complaint.about_id):
        return {"complaint": None}
    manager = db.session.get(Staff, complaint.manager_id) if complaint.manager_id else None
    return {
        "complaint": complaint,
        "complaint_seen": complaints.seen(complaint),
        "complaint_looks": manager.name if manager else "",
        "complaint_token": signing.complaint_token(complaint.id) if head.is_mine(complaint.id) else "",
    }


def _sent_under(done: str, ticket: Ticket) -> str:
    """The number under which the browser kept the words that are sent now; empty: none are."""
    if done == "following" and ticket.follows_id:
        return db.session.get_one(Ticket, ticket.follows_id).number
    return ticket.number if done in {"answer", "reopening"} else ""


def _done_words(done: str, found: standings.Standing) -> str:
    if done == "reopening" and not found.is_active:
        done = "answer"
    return {
        "answer": _("Отправлено. Инженер увидит ваше сообщение."),
        "reopening": _("Заявка снова в работе, номер прежний. Новый срок ниже."),
        "following": _("Прошлая заявка закрыта давно, поэтому мы открыли новую и связали их. Её номер и срок ниже."),
        "rating": _("Спасибо за оценку! Её можно изменить в течение трёх дней."),
        "complaint": _("Сообщение у руководителя HelpDesk. Он ответит вам сам."),
        "urgency": _("Заявка теперь срочная. Новый срок ниже."),
    }.get(done, "")
