"""Forgotten passwords and mailed links: asked for at the sign-in, good once, to the stored address alone."""

from __future__ import annotations

import time

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app import outbox
from app.accounts import links, passwords
from app.clock import now
from app.config import settings
from app.extensions import limiter
from app.models.account import AccountLink
from app.models.staff import Staff
from app.web.sessions import LONGEST_EMAIL
from app.web.translate import _

ANSWERS_AFTER = 0.15  # seconds: to owe a letter takes a tenth of that, to owe none less

bp = Blueprint("accounts", __name__)


@bp.get("/login/reset")
def ask() -> str:
    return render_template("accounts/ask.html", email=request.args.get("email", ""))


@bp.post("/login/reset")
@limiter.limit(lambda: settings().login_limit)
def mail() -> ResponseReturnValue:
    """One answer for every address, whether somebody has it or not, after the same time."""
    begun, email = time.monotonic(), request.form.get("email", "")[:LONGEST_EMAIL]
    with outbox.transaction():
        links.mail_reset(email, now())
    time.sleep(ANSWERS_AFTER - (time.monotonic() - begun) % ANSWERS_AFTER)
    return render_template("accounts/ask.html", email=email, is_asked=True)


@bp.get("/account/<token>")
def show(token: str) -> ResponseReturnValue:
    """Whoever follows the link only looks: a scanner of letters uses nothing up."""
    found = links.find(token, now())
    return _page(token, found, {}) if found else _void()


@bp.post("/account/<token>")
@limiter.limit(lambda: settings().login_limit)
def set_password(token: str) -> ResponseReturnValue:
    with outbox.transaction():
        found = links.find(token, now())
        if found is None:
            return _void()
        link, member = found
        password = request.form.get("password", "")
        errors = passwords.refusal(password, request.form.get("repeated", ""), member.email)
        if errors:
            return _page(token, found, errors), 422
        links.use(link, member, password, now())
    flash(_("Пароль сохранён. Войдите с ним."), "done")
    return redirect(url_for("sessions.login", email=member.email), 303)


def _page(token: str, found: tuple[AccountLink, Staff], errors: dict[str, str]) -> str:
    link, member = found
    return render_template("accounts/password.html", token=token, link=link, member=member, errors=errors)


def _void() -> ResponseReturnValue:
    return render_template("accounts/void.html"), 410
