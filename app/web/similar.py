"""«Похожие решённые» beside a request: fetched once its page stands, so that looking for them delays no page."""

from __future__ import annotations

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue

from app.errors import NotFound
from app.reading import similar as reading
from app.web.translate import _
from app.web.viewer import reader

bp = Blueprint("similar", __name__)


@bp.get("/tickets/<number>/similar")
def show(number: str) -> ResponseReturnValue:
    """The part of the page, to its script; a page of its own to those who have none."""
    found = reading.similar(number, reader())
    name = "tickets/_similar.html" if "HX-Request" in request.headers else "tickets/similar.html"
    return render_template(name, number=number, similar=found)


@bp.get("/tickets/<number>/done")
def done(number: str) -> Response:
    """What was done there, for the script that sets it in at the cursor of an answer elsewhere."""
    text = reading.done(number)
    if text is None:
        raise NotFound(_("У заявки %(number)s нет решения.", number=number))
    return Response(text, mimetype="text/plain")
