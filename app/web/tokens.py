"""The administrator's page of programs' keys to the API: who has one, a new one shown once, one revoked."""

from __future__ import annotations

import secrets

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app import outbox
from app.accounts import tokens
from app.clock import now
from app.config import settings
from app.errors import IntakeRejected, NotFound
from app.extensions import limiter
from app.models.staff import Token
from app.reading import tokens as reading
from app.rows import find_row
from app.web.translate import _
from app.web.viewer import actor

bp = Blueprint("tokens", __name__)

_LONGEST_KEY = 64


@bp.get("/settings/tokens")
def index() -> str:
    return _page({})


@bp.post("/settings/tokens")
@limiter.limit(lambda: settings().form_limit)
def create() -> ResponseReturnValue:
    """The answer shows the key, this once: it stands in no address, cookie or log. Sent again: no second token."""
    typed, form_key = request.form, request.form.get("form_key", "")[:_LONGEST_KEY] or None
    name, role = typed.get("name", ""), typed.get("role", "")
    try:
        with outbox.transaction():
            key = tokens.make(name, role, now(), by_id=actor().staff_id, form_key=form_key)
    except tokens.AlreadyMade as refusal:
        flash(refusal.message, "told")
        return redirect(url_for("tokens.index"), 303)
    except IntakeRejected as refusal:
        return _page(refusal.errors), refusal.status
    return render_template("settings/token_made.html", key=key, name=" ".join(name.split()))


@bp.post("/settings/tokens/<int:token_id>/revocation")
def revoke(token_id: int) -> ResponseReturnValue:
    with outbox.transaction():
        token = find_row(Token, token_id, with_for_update=True, populate_existing=True)
        if token is None:
            raise NotFound(_("Такого токена нет. Вернитесь к списку."))
        tokens.revoke(token, now(), by_id=actor().staff_id)
        name = token.name
    flash(_("Токен «%(name)s» отозван: программа с ним больше не войдёт.", name=name), "done")
    return redirect(url_for("tokens.index"), 303)


def _page(errors: dict[str, str]) -> str:
    form_key = request.form.get("form_key", "")[:_LONGEST_KEY] or secrets.token_urlsafe(16)
    known = {"typed": request.form, "errors": errors, "form_key": form_key, "most": tokens.LONGEST_NAME}
    return render_template("settings/tokens.html", rows=reading.listed(), **known)
