"""The language of the pages for customers: the visitor's choice, else that of the request, else the desk's."""

from __future__ import annotations

from flask import Blueprint, abort, g, has_request_context, redirect, request, session
from flask.typing import ResponseReturnValue

from app.config import settings
from app.policy import OPEN_ACTS
from app.rights import RIGHTS

LANGUAGES = ("ru", "en")
_KEY = "language"

bp = Blueprint("languages", __name__)


@bp.get("/language/<code>")
def choose(code: str) -> ResponseReturnValue:
    if code not in LANGUAGES:
        abort(404)
    session[_KEY] = code
    return redirect(_own_path(request.args.get("next", "")))


def current() -> str:
    """What Flask-Babel asks: the language of what is being written now. Staff pages speak the desk's own."""
    if not has_request_context() or RIGHTS.get(request.endpoint or "static") not in OPEN_ACTS:
        return settings().language
    return str(session.get(_KEY) or g.get("request_language") or settings().language)


def follow(language: str) -> None:
    """A request's own page speaks the request's language, unless the visitor chose one."""
    g.request_language = language if language in LANGUAGES else settings().language


def _own_path(wanted: str) -> str:
    """A path of ours, nothing that a browser could read as another site."""
    is_own = wanted.startswith("/") and wanted.isprintable() and "\\" not in wanted and "//" not in wanted
    return wanted if is_own else "/"
