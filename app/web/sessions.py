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

from app import outbox, sessions, signing
from app.accounts import second_factor
from app.clock import now
from app.config import settings
from app.extensions import db, limiter
from app.models.staff import Staff
from app.translate import _

LONGEST_EMAIL = 254
_HALFWAY, _HALFWAY_LIVES = "half in", 300.0  # seconds between the password and the code

bp = Blueprint("sessions", __name__)


def _account_and_address() -> str:
    return f"{request.form.get('email', '').strip().lower()[:LONGEST_EMAIL]} {get_remote_address()}"


@bp.get("/login")
def login() -> ResponseReturnValue:
    if current_user.is_authenticated:
        return redirect(_next())
    return render_template("sessions/login.html", email=request.args.get("email", "")[:LONGEST_EMAIL], error="")


@bp.get("/login/still")
def still() -> ResponseReturnValue:
    """Whether the sign-in holds: a script asks before it sends what somebody wrote."""
    return ""


@bp.post("/login")
@limiter.limit(lambda: settings().login_limit, key_func=_account_and_address)
def create() -> ResponseReturnValue:
    email, password = request.form.get("email", ""), request.form.get("password", "")
    if len(password) > sessions.LONGEST_PASSWORD or len(email) > LONGEST_EMAIL:
        abort(400)
    staff = _halfway(email) or sessions.check_password(email, password)
    if staff is None:
        error = _("E-mail или пароль не подходят. Проверьте раскладку и Caps Lock.")
        return render_template("sessions/login.html", email=email, error=error), 422
    if refusal := _code_wanted(staff):
        return refusal
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


def _code_wanted(staff: Staff) -> ResponseReturnValue | None:
    """The page that asks for a code, where the account has a second factor and none (or a wrong one) came."""
    factor = second_factor.of(staff.id)
    if factor is None:
        return None
    typed, error = request.form.get("code", "")[:40], ""
    if typed.strip():
        is_good = second_factor.check(factor, typed, now())
        outbox.commit()  # a miss counts, too
        if is_good:
            return None
        error = _("Код не подошёл. Введите следующий или один из запасных. После десяти ошибок нужно подождать час.")
    session[_HALFWAY] = [staff.id, now().timestamp(), _stamp(staff)]
    return render_template("sessions/code.html", email=staff.email, error=error), 422


def _halfway(email: str) -> Staff | None:
    """Who gave the right password in this browser minutes ago and now types the code."""
    staff_id, since, stamp = session.get(_HALFWAY, (None, 0, ""))
    if staff_id is None or "password" in request.form or not 0 <= now().timestamp() - since < _HALFWAY_LIVES:
        return None
    staff = db.session.get(Staff, staff_id)
    is_theirs = staff is not None and not staff.is_disabled and staff.email == email.strip().lower()
    return staff if staff is not None and is_theirs and _stamp(staff) == stamp else None


def _stamp(staff: Staff) -> str:
    """Of the password that was right: half a sign-in ends when it is changed."""
    return signing.short("halfway", staff.password_hash)


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
