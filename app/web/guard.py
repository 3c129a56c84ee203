"""At every door: who is it, may they, and may this request write."""

from __future__ import annotations

from typing import Any

from flask import Flask, Request, abort, redirect, request, session, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from app import database, sessions
from app.accounts import tokens
from app.clock import now
from app.config import settings
from app.errors import HelpDeskError
from app.extensions import login
from app.policy import OPEN_ACTS, may
from app.rights import RIGHTS

_HEARD, _NOTED_EVERY = "heard", 300.0  # of a signed-in browser; seconds between two notes of it
READING = frozenset({"GET", "HEAD", "OPTIONS"})


def install(app: Flask) -> None:
    """Bind the guard; raises when a route has no row in the rights table, or a row has no route."""
    routed = {rule.endpoint for rule in app.url_map.iter_rules()}
    if routed != set(RIGHTS):
        missing, idle = sorted(routed - set(RIGHTS)), sorted(set(RIGHTS) - routed)
        raise HelpDeskError(f"app/rights.py: routes without a right {missing}, rights without a route {idle}")
    login.user_loader(_returning)
    login.request_loader(_bearer)
    app.before_request(_admit)


def _returning(key: str) -> sessions.Viewer | None:
    """Whose cookie it is, unless nothing was heard of this browser for so long; when it was, stands in the cookie."""
    viewer = sessions.load(key)
    if viewer is None or viewer.since is None:
        return None
    at, heard = now().timestamp(), session.get(_HEARD, viewer.since.timestamp())
    if at - heard > settings().session_idle_after.total_seconds():
        return None
    if at - heard > _NOTED_EVERY:
        session[_HEARD] = int(at)
    return viewer


def _bearer(incoming: Request) -> sessions.Viewer | None:
    header = incoming.headers.get("Authorization", "")
    viewer = sessions.bearer(header) if header and not incoming.path.startswith("/metrics") else None
    if viewer and viewer.token:
        tokens.note_use(viewer.token, now())
    return viewer


def _admit() -> Response | None:
    database.set_reading(request.method in READING)
    act = RIGHTS.get(request.endpoint or "")
    if act is None or act in OPEN_ACTS:
        return None
    viewer: Any = current_user
    if viewer.is_authenticated and request.path.startswith("/api/") and viewer.token is None:
        abort(401)  # a cookie is no key to the API: it would need a CSRF token
    if not viewer.is_authenticated:
        return _turn_away()
    if not may(viewer.actor, act):
        abort(403)
    return None


def _turn_away() -> Response:
    # No log-in page where only a part of a page, or no page at all, is expected.
    is_part = request.path.startswith(("/api/", "/live")) or "HX-Request" in request.headers
    if is_part or request.method not in READING:
        abort(401)
    return redirect(url_for("sessions.login", next=request.full_path.rstrip("?")))
