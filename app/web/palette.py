"""The palette's answers; what it does on the page itself it finds on the page."""

from __future__ import annotations

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue

from app.reading import palette as reading
from app.web.viewer import actor, reader

bp = Blueprint("palette", __name__)


@bp.get("/palette")
def show() -> ResponseReturnValue:
    """``?q=``: lines to go to, best first."""
    return jsonify(reading.offers(request.args.get("q", ""), reader(), is_manager=actor().is_manager))
