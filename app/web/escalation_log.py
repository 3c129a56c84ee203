"""The log of escalations that are over: by cause, by day, page by page."""

from __future__ import annotations

from datetime import date

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from app.models.words import Cause
from app.reading import escalation_log as reading
from app.reading.escalation_rows import cause_words
from app.web.viewer import reader

bp = Blueprint("escalation_log", __name__)


@bp.get("/escalations/log")
def index() -> ResponseReturnValue:
    """``?cause=``, ``?day=2026-11-25``, ``?after=`` the last one seen; what cannot be read filters nothing."""
    wanted, after = request.args.get("cause", ""), request.args.get("after", "")
    cause = Cause(wanted) if wanted in set(Cause) else None
    day = _day(request.args.get("day", ""))
    log = reading.page(reader(), cause, day, after)
    page = {"log": log, "page_size": reading.PAGE, "after": after}
    return render_template("escalations/log.html", cause=cause, day=day, causes=cause_words(), **page)


def _day(typed: str) -> date | None:
    try:
        day = date.fromisoformat(typed)
    except ValueError:
        return None
    return day if date(2000, 1, 1) <= day <= date(9000, 1, 1) else None
