"""Who else is before a request: said by pages that are open, shown in rows and over the answer one writes."""

from __future__ import annotations

from flask import Blueprint, jsonify, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app import numbers, presence
from app.clock import now
from app.presence import Doing
from app.reading import presence as reading
from app.web.fragments import Fragment, fresh
from app.web.viewer import actor, reader

bp = Blueprint("presence", __name__)


@bp.get("/presence")
def index() -> ResponseReturnValue:
    """Number to words, for the rows of the list."""
    return jsonify(reading.of_rows(reader()))


@bp.get("/tickets/<number>/presence")
def show(number: str) -> ResponseReturnValue:
    """The fragment over the answer that one writes."""
    return fresh(fragment(number))


@bp.post("/tickets/<number>/presence")
def note(number: str) -> ResponseReturnValue:
    """The page is open (``viewing``), somebody writes in it (``typing``), or it was left."""
    plain, staff_id = numbers.normalise(number), actor().staff_id
    if staff_id is not None and numbers.is_valid(plain):
        doing = request.form.get("doing", "")
        if doing in set(Doing):
            presence.note(plain, staff_id, Doing(doing), now())
        else:
            presence.leave(plain, staff_id)
    return "", 204


def fragment(number: str) -> Fragment:
    inner = render_template("tickets/_presence.html", others=reading.of_request(number, reader()))
    return Fragment("presence", url_for("presence.show", number=number), inner, "60s, live")
