"""Refusals and failures as people, htmx and programs can read them."""

from __future__ import annotations

import errno
import logging
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Response, jsonify, make_response, render_template, request, url_for
from flask_login import current_user
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException, InternalServerError

from app.config import settings
from app.errors import HelpDeskError
from app.extensions import db
from app.policy import OPEN_ACTS
from app.rights import RIGHTS
from app.web.translate import _

log = logging.getLogger(__name__)

_DISK_TROUBLE = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EIO}
_LONGEST_TYPED = 20_000
# Fields that hold sentences; the others are typed again in a moment, or are secrets.
_WORDS = "text what solution comment reason note resolution notes hand_why skip_reason holder_reason".split()


def init_app(app: Flask) -> None:
    app.register_error_handler(HelpDeskError, _refused)
    app.register_error_handler(CSRFError, _stale_form)
    app.register_error_handler(OperationalError, _unavailable)
    app.register_error_handler(OSError, _no_room)
    app.register_error_handler(HTTPException, _failed)


def _refused(error: HelpDeskError) -> Response:
    db.session.rollback()
    return _answer(error.status, error.message, {})


def _unavailable(error: OperationalError) -> Response:
    """The database is locked, full or away: nothing was accepted, and the same again in a moment is right."""
    db.session.rollback()
    log.error("the database does not answer: %s", error.orig)
    return _answer(503, _sentence(503), {"Retry-After": "10"})


def _no_room(error: OSError) -> Response:
    """A file could not be kept; with room on the disk again the same form goes through."""
    if error.errno not in _DISK_TROUBLE:
        raise error
    db.session.rollback()
    log.error("a file could not be kept: %s", error)
    return _answer(503, _sentence(503), {"Retry-After": "60"})


def _stale_form(_error: CSRFError) -> Response:
    act = RIGHTS.get(request.endpoint or "")
    if act and act not in OPEN_ACTS and not current_user.is_authenticated:  # the cookie went, and the token with it
        return _answer(401, _sentence(401), {})
    return _answer(400, _("Страница с формой устарела. Обновите её и отправьте ещё раз."), {})


def _failed(error: HTTPException) -> Response:
    if isinstance(error, InternalServerError):
        db.session.rollback()
    code = error.code or 500
    headers = {name: value for name, value in error.get_headers() if name in {"Allow", "Retry-After"}}
    if request.path.startswith("/api/"):
        return _answer(code, _program_sentence(code), headers | ({"WWW-Authenticate": "Bearer"} if code == 401 else {}))
    return _answer(code, _sentence(code), headers)


def _answer(status: int, sentence: str, headers: dict[str, str]) -> Response:
    if request.path.startswith("/api/"):
        problem = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": sentence}
        response = jsonify(problem)
        response.content_type = "application/problem+json"
    elif request.headers.get("HX-Request"):
        response = _for_htmx(status, sentence)
    else:
        response = make_response(render_template("errors/error.html", **_page(status, sentence)))
    response.status_code = status
    response.headers.extend(headers)
    return response


def _for_htmx(status: int, sentence: str) -> Response:
    """A poll that fails leaves what it shows alone; an act that fails says so in the page's place for alerts."""
    response = make_response(render_template("errors/_alert.html", sentence=sentence))
    if status == 401:
        response.headers["HX-Redirect"] = url_for("sessions.login", next=_shown_page())
    elif request.method == "GET":
        response.headers["HX-Reswap"] = "none"
    else:
        response.headers["HX-Retarget"] = "#alerts"
        response.headers["HX-Reswap"] = "innerHTML"
    return response


def _shown_page() -> str | None:
    """The page that htmx asked from: where to come back after signing in."""
    try:
        parts = urlsplit(request.headers.get("HX-Current-URL", ""))
    except ValueError:  # brackets around what is no address
        return None
    return f"{parts.path}?{parts.query}".rstrip("?") or None


def _page(status: int, sentence: str) -> dict[str, Any]:
    return {"status": status, "heading": _heading(status), "sentence": sentence, "typed": _typed(status)}


def _typed(status: int) -> str:
    """What the visitor had written, so that a failure does not cost it."""
    if request.method != "POST" or status == 413:
        return ""
    return "\n\n".join(filter(None, map(request.form.get, _WORDS)))[:_LONGEST_TYPED]


def _heading(status: int) -> str:
    headings = {
        401: _("Нужно войти"),
        403: _("Сюда нет доступа"),
        404: _("Такой страницы нет"),
        405: _("Так эту страницу не открыть"),
        409: _("Уже изменилось"),
        410: _("Ссылка больше не действует"),
        413: _("Слишком много сразу"),
        429: _("Слишком много попыток"),
    }
    if status >= 500:
        return _("Не получилось: ошибка у нас")
    return headings.get(status, _("Не получилось"))


def _program_sentence(status: int) -> str:
    """What a program, or rather its author, is told."""
    sentences = {
        401: "No valid token was given. Send the header Authorization: Bearer TOKEN.",
        403: "The role of this token does not allow that.",
        404: "The API has no such address: /api/v1/openapi.json lists those there are.",
        405: "This address does not take that method; the header Allow names those it takes.",
        413: f"The request is larger than {settings().max_post_mb} MB.",
    }
    if status >= 500:
        return "Something failed on our side. It is logged; try again in a minute."
    return sentences.get(status, "The request was not understood.")


def _sentence(status: int) -> str:
    sentences = {
        401: _("Войдите и повторите. Если вы уже входили, сессия закончилась."),
        403: _("Эта страница открыта не всем. Если она вам нужна, позвоните нам."),
        404: _("Проверьте адрес или начните с главной страницы."),
        405: _("Вернитесь назад и нажмите кнопку на странице ещё раз."),
        413: _(
            "Вместе файлы больше %(mb)s МБ. Приложите меньше файлов или пришлите ссылку на них.",
            mb=settings().max_post_mb,
        ),
        429: _("Подождите немного и попробуйте снова. Если дело срочное, позвоните."),
    }
    if status >= 500:
        return _("Мы уже знаем об этом. Попробуйте через минуту; если дело срочное, позвоните.")
    return sentences.get(status, _("Запрос не удалось понять. Вернитесь назад и попробуйте ещё раз."))
