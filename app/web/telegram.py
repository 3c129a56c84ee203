"""Where Telegram posts updates: its secret is looked at first, yes means committed, any trouble means try again."""

from __future__ import annotations

import logging

from flask import Blueprint, abort, request
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError

from app.config import CONFIG_KEY
from app.extensions import csrf, db
from app.intake.telegram import webhook

log = logging.getLogger(__name__)

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"

bp = Blueprint("telegram", __name__)
csrf.exempt(bp)


@bp.record_once
def _at_the_address_that_telegram_knows(state: BlueprintSetupState) -> None:
    state.add_url_rule(webhook.path(state.app.config[CONFIG_KEY]), "updates", updates, methods=["POST"])


def updates() -> ResponseReturnValue:
    """One update; 200 once it is ours, 403 for whoever does not know the secret."""
    if not webhook.is_genuine(request.headers.get(SECRET_HEADER, "")):
        abort(403)
    request.max_content_length = webhook.LONGEST
    body = request.get_data(cache=False)
    try:
        is_kept = webhook.take(body)
    except (SQLAlchemyError, OSError):
        log.exception("an update could not be stored")
        db.session.rollback()
        return "", 503
    return "", 200 if is_kept else 400
