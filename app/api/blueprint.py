"""The API's one blueprint: bearers of tokens need no CSRF token, and every refusal is a problem document."""

from __future__ import annotations

from flask import Blueprint

from app.api import problems
from app.extensions import csrf

bp = Blueprint("api", __name__, url_prefix="/api/v1")
csrf.exempt(bp)
problems.install(bp)
