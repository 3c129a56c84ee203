"""Where the letter about a new chat leads whoever did not connect it: a page, then a button."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app import outbox, pairing
from app.clock import now
from app.config import settings
from app.extensions import limiter
from app.models.chat import Chat
from app.web import languages

bp = Blueprint("pairing", __name__)


@bp.get("/pairing/<token>")
@limiter.limit(lambda: settings().lookup_limit)
def show(token: str) -> ResponseReturnValue:
    """Mail scanners open links: looking undoes nothing. What is undone already is said with the same page."""
    chat = _found(token)
    return render_template("pairing/show.html", token=token, is_paired=chat is not None)


@bp.post("/pairing/<token>/disconnection")
@limiter.limit(lambda: settings().form_limit)
def disconnect(token: str) -> ResponseReturnValue:
    with outbox.transaction():
        if chat := _found(token):
            pairing.unpair(chat, now())
    return redirect(url_for("pairing.show", token=token), 303)


def _found(token: str) -> Chat | None:
    chat = pairing.chat_to_undo(token)
    if chat and (person := pairing.person_of(chat)):
        languages.follow(person.language)
    return chat
