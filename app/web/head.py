"""«Позвать руководителя»: one question, with a request or without, and the customer's page of what became of it."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping

from flask import Blueprint, Response, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_login import current_user
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app import complaints, numbers, outbox, phones, signing, tickets
from app.actor import Actor
from app.clock import now
from app.complaints import Said, Who
from app.config import settings
from app.errors import IntakeRejected, NotFound
from app.extensions import db, limiter
from app.intake.intake import address_error, clean_text
from app.models.complaint import Complaint, ComplaintEntry
from app.models.person import Person
from app.models.staff import Staff
from app.models.ticket import Ticket
from app.models.words import ActorKind, Channel, ComplaintEntryKind, ComplaintOrigin
from app.policy import is_about
from app.web import languages, links
from app.web.fragments import Fragment, fresh
from app.web.translate import _

bp = Blueprint("head", __name__)

_MINE = "complaints"  # in the session: the cases that this browser opened
_MOST_MINE, _LONGEST_TEXT, _LONGEST_KEY = 10, 5000, 100
_FOR_CUSTOMERS = (ComplaintEntryKind.SAID, ComplaintEntryKind.WRITTEN, ComplaintEntryKind.OUTCOME)
_FIELDS = ("text", "name", "phone", "email", "number")


@bp.get("/head")
def ask() -> str:
    return _form({"number": request.args.get("number", "")[:20]}, {})


@bp.post("/head")
@limiter.limit(lambda: settings().head_limit)
def call() -> ResponseReturnValue:
    """Anybody may call; nobody vouches for who it is, so nothing of the request they name is shown to them."""
    lines = {name: clean_text(request.form.get(name, ""), is_line=name != "text").strip() for name in _FIELDS}
    ticket, wrong = _checked(lines)
    if wrong:
        return _form(lines, wrong), 422
    who = Who(lines["name"], lines["email"], phones.e164(lines["phone"]) or lines["phone"], str(get_locale()))
    by = Actor(ActorKind.CUSTOMER, lines["name"] or lines["email"] or lines["phone"], Channel.WEB)
    said = Said(lines["text"][:_LONGEST_TEXT], key=_key())
    return _opened(lambda: complaints.open_case(ComplaintOrigin.CALL, said, who, by, now(), ticket))


@bp.get("/r/<token>/head")
def ask_about(token: str) -> str:
    """From a request's own page or a letter: who calls is known, one question is left."""
    return _form({}, {}, token, links.opened(token))


@bp.post("/r/<token>/head")
@limiter.limit(lambda: settings().form_limit)
def call_about(token: str) -> ResponseReturnValue:
    ticket = links.opened(token)
    text = clean_text(request.form.get("text", ""), is_line=False).strip()[:_LONGEST_TEXT]
    person = db.session.get(Person, ticket.person_id) if ticket.person_id else None
    by = Actor.of_person(person, ticket.applicant_name or ticket.applicant_email, Channel.WEB)
    if not text:
        return _form({}, {"text": _("Напишите, что случилось.")}, token, ticket), 422
    said = Said(text, key=_key())
    return _opened(lambda: tickets.complain(ticket, said, by, now(), origin=ComplaintOrigin.CALL))


@bp.get("/head/<token>")
def show(token: str) -> str:
    complaint = opened(token)
    return _page(token, complaint, {})


@bp.get("/head/<token>/standing")
def standing(token: str) -> Response:
    """The fragment that says who saw it, and what was answered."""
    return fresh(_standing(token, opened(token)))


@bp.post("/head/<token>/words")
@limiter.limit(lambda: settings().form_limit)
def say(token: str) -> ResponseReturnValue:
    """More for the head of the desk; an answered case goes on."""
    complaint = opened(token, to_change=True)
    text = clean_text(request.form.get("text", ""), is_line=False).strip()[:_LONGEST_TEXT]
    by = Actor(ActorKind.CUSTOMER, complaint.name or complaint.email or complaint.phone, Channel.WEB)
    try:
        with outbox.transaction():
            complaints.say(complaint, Said(text, key=_key()), by, now())
    except IntakeRejected as refusal:
        return _page(token, opened(token), refusal.errors), 422
    return redirect(url_for("head.show", token=token, done="words"), 303)


def opened(token: str, *, to_change: bool = False) -> Complaint:
    """The case of a link; NotFound for a wrong one, and for the member of staff whom it names."""
    complaint_id = signing.read_complaint_token(token)
    query = select(Complaint).where(Complaint.id == complaint_id)
    if to_change:
        query = query.with_for_update().execution_options(populate_existing=True)
    complaint = db.session.scalars(query).first() if complaint_id else None
    if complaint is None or is_hidden_from_viewer(complaint.about_id):
        raise NotFound("Такой ссылки нет. Откройте её из письма целиком.")
    languages.follow(complaint.language)
    return complaint


def is_hidden_from_viewer(about_id: int | None) -> bool:
    """Whether the browser is signed in as the one whom a complaint names."""
    actor = current_user.actor if current_user.is_authenticated else None
    return actor is not None and is_about(actor.staff_id, about_id)


def remember(complaint_id: int) -> None:
    """This browser opened it: its pages may lead there."""
    session[_MINE] = [*(one for one in session.get(_MINE, []) if one != complaint_id), complaint_id][-_MOST_MINE:]


def is_mine(complaint_id: int) -> bool:
    return complaint_id in session.get(_MINE, [])


def _opened(call: Callable[[], Complaint]) -> ResponseReturnValue:
    """Open the case; of two presses at once the slower one finds what the faster one made."""
    try:
        with outbox.transaction():
            complaint_id = call().id
    except IntegrityError:
        with outbox.transaction():
            complaint_id = call().id
    remember(complaint_id)
    return redirect(url_for("head.show", token=signing.complaint_token(complaint_id), done="call"), 303)


def _key() -> str:
    return f"form:{request.form.get('form_key', '')[:_LONGEST_KEY] or secrets.token_urlsafe(16)}"


def _checked(typed: Mapping[str, str]) -> tuple[Ticket | None, dict[str, str]]:
    """The request that was named, and what is wrong by field in the order of the page."""
    wrong = {}
    if request.form.get("website"):
        wrong["text"] = _("Вызов не отправлен: заполнено скрытое поле. Позвоните нам.")
    elif not typed["text"]:
        wrong["text"] = _("Напишите, что случилось.")
    if not typed["phone"] and not typed["email"]:
        wrong["phone"] = _("Оставьте телефон или e-mail, иначе руководитель не сможет ответить.")
    elif typed["phone"] and not any(sign.isdigit() for sign in typed["phone"]):
        wrong["phone"] = _("В телефоне нет цифр. Проверьте его.")
    if typed["email"] and (sentence := address_error(typed["email"])):
        wrong["email"] = _(sentence)
    number = numbers.normalise(typed["number"])
    ticket = db.session.scalars(select(Ticket).where(Ticket.number == number)).first() if number else None
    if number and not numbers.is_valid(number):
        wrong["number"] = _("Похоже, в номере опечатка. Сверьте его с письмом.")
    elif number and ticket is None:
        wrong["number"] = _("Не нашли такую заявку. Проверьте номер.")
    return ticket, wrong


def _form(typed: Mapping[str, str], errors: Mapping[str, str], token: str = "", ticket: Ticket | None = None) -> str:
    return render_template(
        "head/ask.html",
        typed=typed,
        errors=errors,
        token=token,
        ticket=ticket,
        form_key=request.form.get("form_key", "")[:_LONGEST_KEY] or secrets.token_urlsafe(16),
    )


def _page(token: str, complaint: Complaint, errors: Mapping[str, str]) -> str:
    return render_template(
        "head/show.html",
        token=token,
        complaint=complaint,
        standing=_standing(token, complaint),
        errors=errors,
        typed=request.form,
        form_key=request.form.get("form_key", "")[:_LONGEST_KEY] or secrets.token_urlsafe(16),
        done=request.args.get("done", ""),
    )


def _standing(token: str, complaint: Complaint) -> Fragment:
    query = select(ComplaintEntry).where(
        ComplaintEntry.complaint_id == complaint.id, ComplaintEntry.kind.in_(_FOR_CUSTOMERS)
    )
    inner = render_template(
        "head/_standing.html",
        complaint=complaint,
        seen=complaints.seen(complaint),
        looks=db.session.get(Staff, complaint.manager_id) if complaint.manager_id else None,
        entries=db.session.scalars(query.order_by(ComplaintEntry.id)).all(),
    )
    return Fragment("case", url_for("head.standing", token=token), inner)
