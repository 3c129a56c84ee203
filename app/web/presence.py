"""Who else is before a request: said by pages that are open, shown in rows and over the answer one writes."""

from __future__ import annotations

from flask import Blueprint, jsonify, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app import numbers, outbox, presence, read_marks
from app.clock import now
from app.presence import Doing
from app.reading import presence as reading
from app.rows import typed_id
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
    """The page is open (``viewing``), somebody writes in it (``typing``), or it was left.

    ``seen``: the newest message that it shows, which its reader thereby has read; their other pages hear of that.
    """
    plain, staff_id = numbers.normalise(number), actor().staff_id
    if staff_id is not None and numbers.is_valid(plain):
        doing = request.form.get("doing", "")
        if doing in set(Doing):
            _see(plain, staff_id)
            presence.note(plain, staff_id, Doing(doing), now())
        else:
            presence.leave(plain, staff_id, now())
    return "", 204


def _see(number: str, staff_id: int) -> None:
    if seen_id := request.form.get("seen", type=typed_id):
        with outbox.transaction():
            if read_marks.see(number, staff_id, seen_id):
                outbox.changed(outbox.told_to(staff_id, f"ticket:{number}"))


def fragment(number: str) -> Fragment:
    inner = render_template("tickets/_presence.html", others=reading.of_request(number, reader()))
    return Fragment("presence", url_for("presence.show", number=number), inner, "60s, live")
