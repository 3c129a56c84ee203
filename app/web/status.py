"""Looking a request up: by number alone where it stands, by number and e-mail a letter with the link."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from app import numbers
from app.config import settings
from app.extensions import db, limiter
from app.models.ticket import Ticket
from app.web import standing
from app.web.translate import _

bp = Blueprint("status", __name__)


@bp.get("/status")
@limiter.limit(lambda: settings().lookup_limit, exempt_when=lambda: not request.args.get("number"))
def show() -> ResponseReturnValue:
    typed = request.args.get("number", "").strip()
    if not typed:
        return render_template("status/show.html", number="", errors={}, sent=request.args.get("sent") == "yes")
    number = numbers.normalise(typed)
    if not numbers.is_valid(number):
        return _miss(typed, _("Похоже, в номере опечатка. Сверьте его с письмом."), 422)
    ticket = db.session.scalars(select(Ticket).where(Ticket.number == number)).first()
    if ticket is None:
        return _miss(typed, _("Не нашли такую заявку. Проверьте номер."), 404)
    found = standing.of(ticket, with_names=False)
    return render_template("status/show.html", number=ticket.number, errors={}, found=found)


def _miss(typed: str, sentence: str, code: int) -> ResponseReturnValue:
    return render_template("status/show.html", number=typed[:40], errors={"number": sentence}), code
