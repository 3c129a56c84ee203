"""The API's one blueprint: bearers of tokens need no CSRF token, and every refusal is a problem document."""

from __future__ import annotations

from flask import Blueprint
from flask.blueprints import BlueprintSetupState
from flask.json.provider import DefaultJSONProvider

from app.api import problems
from app.extensions import csrf

bp = Blueprint("api", __name__, url_prefix="/api/v1")
csrf.exempt(bp)
problems.install(bp)


@bp.record_once
def _write_letters_as_they_are(state: BlueprintSetupState) -> None:
    """Cyrillic as UTF-8: a third of the length of its escapes, and readable in a terminal."""
    assert isinstance(state.app.json, DefaultJSONProvider)
    state.app.json.ensure_ascii = False
