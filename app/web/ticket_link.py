"""The customer's own page of a request, opened by the signed link: reads, answers, reopens, rates, complains."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app import clock, intake, outbox, tickets
from app.actor import Actor
from app.config import settings
from app.errors import IntakeRejected
from app.extensions import db, limiter
from app.intake import Intake
from app.models.person import Person
from app.models.ticket import Ticket
from app.models.words import Channel, Urgency
from app.web import customer_page, head, links, uploads
from app.web.fragments import fresh
from app.web.translate import _

bp = Blueprint("ticket_link", __name__)

_LONGEST_KEY = 100


@bp.get("/r/<token>")
def show(token: str) -> str:
    return _page(token, links.opened(token), {}, {})


@bp.get("/r/<token>/standing")
def standing(token: str) -> Response:
    """The fragment with the steps and the deadline."""
    return fresh(customer_page.standing(token, links.opened(token), seen_state=request.args.get("state", "")))


@bp.get("/r/<token>/thread")
def thread(token: str) -> Response:
    """The fragment with the conversation."""
    return fresh(customer_page.thread(token, links.opened(token)))


@bp.post("/r/<token>/answer")
@limiter.limit(lambda: settings().form_limit)
def answer(token: str) -> ResponseReturnValue:
    return _say(token, "answer")


@bp.post("/r/<token>/reopening")
@limiter.limit(lambda: settings().form_limit)
def reopen(token: str) -> ResponseReturnValue:
    if request.form.get("text", "").strip() or request.form.get("without") or uploads.has_files():
        return _say(token, "reopening")
    return _do(token, "reopening", lambda ticket, by: tickets.reopen(ticket, None, by, clock.now()))


@bp.post("/r/<token>/rating")
@limiter.limit(lambda: settings().form_limit)
def rate(token: str) -> ResponseReturnValue:
    typed = request.form.get("rating", "")
    value = int(typed) if typed in {"1", "2", "3", "4", "5"} else 0
    comment = request.form.get("comment", "")

    def act(ticket: Ticket, by: Actor) -> None:
        if not value:
            raise IntakeRejected({"rating": _("Выберите оценку от 1 до 5.")})
        tickets.rate(ticket, value, comment, by, clock.now())

    return _do(token, "rating", act)


@bp.post("/r/<token>/complaint")
@limiter.limit(lambda: settings().form_limit)
def complain(token: str) -> ResponseReturnValue:
    text = request.form.get("text", "")

    def act(ticket: Ticket, by: Actor) -> None:
        head.remember(tickets.complain(ticket, text[:5000], by, clock.now()).id)

    return _do(token, "complaint", act)


@bp.get("/r/<token>/urgency")
def urgency(token: str) -> ResponseReturnValue:
    """Where «Это срочно» of a letter leads: a page, then a button."""
    ticket = links.opened(token)
    if ticket.is_urgent or not ticket.is_active:
        return redirect(url_for("ticket_link.show", token=token))
    return render_template("ticket_link/urgency.html", token=token, ticket=ticket)


@bp.post("/r/<token>/urgency")
@limiter.limit(lambda: settings().form_limit)
def declare_urgent(token: str) -> ResponseReturnValue:
    return _do(token, "urgency", lambda ticket, by: tickets.set_urgency(ticket, Urgency.URGENT, by, clock.now()))


def _say(token: str, done: str) -> ResponseReturnValue:
    """The customer's word with its files: one road in with letters, so thanks, reopening and windows are the same."""
    ticket = links.opened(token)
    chosen = uploads.gather()
    typed = {"text": request.form.get("text", ""), "form_key": request.form.get("form_key", "")[:_LONGEST_KEY]}
    if without := request.form.get("without"):
        chosen.files = [upload for upload in chosen.files if upload.id != without]
        outbox.commit()
        return _page(token, ticket, typed, {}, chosen)
    try:
        receipt = intake.receive(_spoken(ticket, typed, chosen))
    except IntakeRejected as refusal:
        outbox.commit()  # files stay uploaded
        return _page(token, ticket, typed, _errors_at(done, refusal), chosen), 422
    uploads.use(chosen)
    outbox.commit()
    if receipt.is_new and receipt.ticket is not ticket:
        return redirect(url_for("ticket_link.show", token=links.token_of(receipt.ticket), done="following"), 303)
    if receipt.ticket is not ticket:  # merged meanwhile: the words stand in the request that goes on
        return redirect(url_for("ticket_link.show", token=links.token_of(receipt.ticket), done="answer"), 303)
    return redirect(url_for("ticket_link.show", token=token, done=done), 303)


def _spoken(ticket: Ticket, typed: Mapping[str, str], chosen: uploads.Chosen) -> Intake:
    if chosen.error:
        raise IntakeRejected({"files": chosen.error})
    return Intake(
        Channel.WEB,
        typed["text"],
        key=typed["form_key"] or secrets.token_urlsafe(16),
        name=ticket.applicant_name,
        email=ticket.applicant_email,
        phone=ticket.applicant_phone,
        files=chosen.files,
        ticket=ticket,
    )


def _do(token: str, done: str, act: Callable[[Ticket, Actor], object]) -> ResponseReturnValue:
    ticket = links.opened(token)
    person = db.session.get(Person, ticket.person_id) if ticket.person_id else None
    by = Actor.of_person(person, ticket.applicant_name or ticket.applicant_email, Channel.WEB)
    try:
        act(ticket, by)
    except IntakeRejected as refusal:
        db.session.rollback()
        return _page(token, links.opened(token), request.form, _errors_at(done, refusal)), 422
    outbox.commit()
    return redirect(url_for("ticket_link.show", token=token, done=done), 303)


def _errors_at(form: str, refusal: IntakeRejected) -> dict[str, str]:
    """Sentences by the id of the control on the page: each form's text has an id of its own."""
    ids = {"answer": "answer", "reopening": "reopening", "complaint": "complaint"}
    return {ids.get(form, name) if name == "text" else name: text for name, text in refusal.errors.items()}


def _page(
    token: str,
    ticket: Ticket,
    typed: Mapping[str, str],
    errors: Mapping[str, str],
    chosen: uploads.Chosen | None = None,
) -> str:
    return customer_page.page(token, ticket, typed, errors, chosen.files if chosen else [])
