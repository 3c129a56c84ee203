"""Letters without a request: a list to decide on, the originals, and what can be done with each."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app import complaints
from app.errors import NotFound
from app.intake import rescue
from app.models.letter import Letter
from app.policy import is_about
from app.reading import letters as reading
from app.reading.letters import View
from app.rows import find_row, typed_id
from app.web import downloads
from app.web.downloads import What
from app.web.viewer import actor, reader

bp = Blueprint("letters", __name__)


@bp.get("/letters")
def index() -> ResponseReturnValue:
    view = _view(request.args.get("view", ""))
    before = request.args.get("before", "")
    page = reading.page(view, reader(), typed_id(before) or 0)
    return render_template(
        "letters/index.html", view=view, page=page, before=before, kept_days=reading.ROBOTS_KEPT.days
    )


@bp.get("/letters/<int:letter_id>/original")
def original(letter_id: int) -> ResponseReturnValue:
    """The bytes as they came, as a download that no browser opens by itself."""
    letter = _found(letter_id)
    if letter.erased_at is not None:
        raise NotFound("Оригинал этого письма стёрт: срок его хранения вышел.")
    return downloads.hand_out(What.LETTER, letter.id)


@bp.post("/letters/<int:letter_id>/request")
def make_request(letter_id: int) -> ResponseReturnValue:
    """A request out of it, with one click."""
    ticket = rescue.make_request(_found(letter_id).id)
    return redirect(url_for("tickets.show", number=ticket.number), 303)


@bp.post("/letters/<int:letter_id>/reading")
def try_again(letter_id: int) -> ResponseReturnValue:
    """Whatever became of it: let it go its way once more."""
    rescue.try_again(_found(letter_id).id)
    return redirect(url_for("letters.index", view=_view(request.form.get("view", ""))), 303)


@bp.post("/letters/reading")
def try_all_again() -> ResponseReturnValue:
    """Every letter that could not be read, as after an update that can read more."""
    rescue.try_all_again()
    return redirect(url_for("letters.index"), 303)


@bp.post("/letters/<int:letter_id>/discarding")
def discard(letter_id: int) -> ResponseReturnValue:
    rescue.discard(_found(letter_id).id)
    return redirect(url_for("letters.index"), 303)


def _view(wanted: str) -> View:
    return View(wanted) if wanted in set(View) else View.UNDECIDED


def _found(letter_id: int) -> Letter:
    letter = find_row(Letter, letter_id)
    if letter is None or is_about(actor().staff_id, complaints.named(letter.id)):
        raise NotFound("Такого письма нет. Вернитесь к списку.")
    return letter
