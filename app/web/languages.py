"""The language of the pages for customers: the visitor's choice, else that of the request, else the desk's."""

from __future__ import annotations

from urllib.parse import urlencode

from flask import Flask, g, has_request_context, redirect, request, session
from flask.typing import ResponseReturnValue

from app.config import settings
from app.policy import OPEN_ACTS
from app.rights import RIGHTS

LANGUAGES = ("ru", "en")
_KEY = "language"
_ARGUMENT = "lang"


def init_app(app: Flask) -> None:
    app.before_request(_choose)
    app.jinja_env.globals["in_language"] = in_language


def in_language(code: str) -> str:
    """This page's address in another language. A page that answers a form has no address: then the front page."""
    if request.method != "GET" or not _is_open():
        return f"/?{_ARGUMENT}={code}"
    kept = [(name, value) for name, value in request.args.items(multi=True) if name != _ARGUMENT]
    return f"{_own_path()}?{urlencode([*kept, (_ARGUMENT, code)])}"


def _choose() -> ResponseReturnValue | None:
    """``?lang=en`` on any page of the customers: remembered, and gone from the address."""
    code = request.args.get(_ARGUMENT)
    if code not in LANGUAGES or request.method != "GET" or not _is_open():
        return None
    session[_KEY] = code
    kept = urlencode([(name, value) for name, value in request.args.items(multi=True) if name != _ARGUMENT])
    return redirect(f"{_own_path()}?{kept}" if kept else _own_path())


def current() -> str:
    """What Flask-Babel asks: the language of what is being written now. Staff pages speak the desk's own."""
    if not has_request_context() or RIGHTS.get(request.endpoint or "static") not in OPEN_ACTS:
        return settings().language
    return str(session.get(_KEY) or g.get("request_language") or settings().language)


def follow(language: str) -> None:
    """A request's own page speaks the request's language, unless the visitor chose one."""
    g.request_language = language if language in LANGUAGES else settings().language


def _is_open() -> bool:
    return RIGHTS.get(request.endpoint or "") in OPEN_ACTS


def _own_path() -> str:
    """Two slashes at the start would be another site."""
    return "/" + request.path.lstrip("/")
