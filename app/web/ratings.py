"""Where the figures of a letter lead: a page that can rate one request and show nothing else of it."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app import outbox, signing, tickets
from app.actor import Actor
from app.clock import now
from app.config import settings
from app.extensions import db, limiter
from app.models.person import Person
from app.models.ticket import Ticket
from app.models.words import Channel
from app.tickets.rate import is_changeable, ratings_of
from app.tickets.solve import last_solution
from app.web import links
from app.web.translate import _

bp = Blueprint("ratings", __name__)

_VALUES = ("1", "2", "3", "4", "5")


@bp.get("/rating/<token>")
def show(token: str) -> str:
    """Looking rates nothing: mail scanners open links too."""
    return _page(token, links.opened(token, signing.is_rating_token), request.args.get("rating", ""), {})


@bp.post("/rating/<token>")
@limiter.limit(lambda: settings().form_limit)
def rate(token: str) -> ResponseReturnValue:
    ticket = links.opened(token, signing.is_rating_token)
    typed = request.form.get("rating", "")
    person = db.session.get(Person, ticket.person_id) if ticket.person_id else None
    by = Actor.of_person(person, ticket.applicant_name or ticket.applicant_email, Channel.WEB)
    if typed not in _VALUES:
        return _page(token, ticket, "", {"rating": _("Выберите оценку от 1 до 5.")}), 422
    tickets.rate(ticket, int(typed), request.form.get("comment", ""), by, now())
    outbox.commit()
    return redirect(url_for("ratings.show", token=token, done="rating"), 303)


def _page(token: str, ticket: Ticket, chosen: str, errors: dict[str, str]) -> str:
    solution = last_solution(ticket)
    given = ratings_of(ticket, solution.id) if solution else []
    rating = given[-1] if given else None
    return render_template(
        "ticket_link/rating.html",
        token=token,
        ticket=ticket,
        is_rateable=solution is not None and tickets.is_rateable(ticket, now()) and is_changeable(given, now()),
        rating=rating,
        preselected=chosen or (str(rating.value) if rating else ""),
        errors=errors,
        typed=request.form,
        done=request.args.get("done") == "rating",
    )
