"""Signing in and out."""

from __future__ import annotations

import contextlib
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, abort, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_limiter.util import get_remote_address
from flask_login import current_user, login_user, logout_user
from redis.exceptions import RedisError

from app import outbox, sessions
from app.config import settings
from app.extensions import limiter
from app.translate import _

LONGEST_EMAIL = 254

bp = Blueprint("sessions", __name__)


def _account_and_address() -> str:
    return f"{request.form.get('email', '').strip().lower()[:LONGEST_EMAIL]} {get_remote_address()}"


@bp.get("/login")
def login() -> ResponseReturnValue:
    if current_user.is_authenticated:
        return redirect(_next())
    return render_template("sessions/login.html", email="", error="")


@bp.post("/login")
@limiter.limit(lambda: settings().login_limit, key_func=_account_and_address)
def create() -> ResponseReturnValue:
    email, password = request.form.get("email", ""), request.form.get("password", "")
    if len(password) > sessions.LONGEST_PASSWORD or len(email) > LONGEST_EMAIL:
        abort(400)
    staff = sessions.check_password(email, password)
    if staff is None:
        error = _("E-mail или пароль не подходят. Проверьте раскладку и Caps Lock.")
        return render_template("sessions/login.html", email=email, error=error), 422
    _forget_tries()
    _end_present()
    viewer = sessions.start(staff, request.user_agent.string)
    outbox.commit()
    session.permanent = True
    login_user(viewer)
    return redirect(_next(), 303)


@bp.post("/logout")
def logout() -> ResponseReturnValue:
    _end_present()
    outbox.commit()
    return redirect(url_for("sessions.login"), 303)


def _end_present() -> None:
    """Whatever this browser carried ends here, on the server too: a sign-in never goes on with an old key."""
    viewer: Any = current_user
    if viewer.is_authenticated and viewer.key:
        sessions.end(viewer.key)
        logout_user()
    session.clear()


def _forget_tries() -> None:
    """Only misses count: who knows the password may sign in as often as they like."""
    current = limiter.current_limit
    if current is not None:
        with contextlib.suppress(RedisError, OSError):
            limiter.limiter.clear(current.limit, *current.request_args)


def _next() -> str:
    """Where to go: a path of our own, nothing that a browser could read as another site."""
    wanted = request.args.get("next", "")
    is_plain = wanted.isprintable() and "\\" not in wanted and "//" not in wanted.partition("?")[0]
    parts = urlsplit(wanted) if is_plain else None
    if parts is None or parts.scheme or parts.netloc or not parts.path.startswith("/"):
        return url_for("queue.index")
    return wanted
