"""Refusals as ``application/problem+json`` (RFC 9457): one plain sentence, and one per wrong field."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus

from flask import Blueprint, Response, jsonify
from werkzeug.exceptions import HTTPException

from app.errors import HelpDeskError, IntakeRejected
from app.extensions import db

PROBLEM = "application/problem+json"
_KEPT_HEADERS = {"Allow", "Retry-After", "WWW-Authenticate", "Accept"}
_SENTENCES = {
    401: "No valid token was given. Send the header Authorization: Bearer TOKEN.",
    403: "The role of this token does not allow that.",
    404: "There is no such thing.",
    413: "The request is larger than this desk takes.",
    500: "Something failed on our side. It is logged; try again in a minute.",
}


class FieldsRefused(HelpDeskError):
    """Fields of a request are missing, unknown or wrong (422); ``errors`` maps a field to its sentence."""

    status = 422

    def __init__(self, errors: dict[str, str]) -> None:
        super().__init__(" ".join(f"{name}: {sentence}" for name, sentence in errors.items()))
        self.errors = errors


def problem(status: int, detail: str, errors: Mapping[str, str] | None = None) -> Response:
    """A problem document; ``errors`` maps fields to sentences."""
    body: dict[str, object] = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
    }
    if errors:
        body["errors"] = dict(errors)
    response = jsonify(body)
    response.status_code = status
    response.content_type = PROBLEM
    return response


def install(bp: Blueprint) -> None:
    """Answer what views raise. Wrong addresses and methods never reach a view: ``app.web.errors`` has those."""
    bp.register_error_handler(HelpDeskError, _refused)
    bp.register_error_handler(HTTPException, _failed)


def _refused(error: HelpDeskError) -> Response:
    db.session.rollback()
    errors = error.errors if isinstance(error, IntakeRejected | FieldsRefused) else None
    return problem(error.status, error.message, errors)


def _failed(error: HTTPException) -> Response:
    db.session.rollback()
    status = error.code or 500
    response = problem(status, _SENTENCES.get(status) or error.description or HTTPStatus(status).description)
    response.headers.extend({name: value for name, value in error.get_headers() if name in _KEPT_HEADERS})
    if status == HTTPStatus.UNAUTHORIZED:
        response.headers["WWW-Authenticate"] = "Bearer"
    return response
