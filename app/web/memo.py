"""Two papers for customers: how to turn to the desk, and what happens to personal data."""

from __future__ import annotations

from flask import Blueprint, render_template

bp = Blueprint("memo", __name__)


@bp.get("/memo")
def memo() -> str:
    return render_template("memo/memo.html")


@bp.get("/privacy")
def privacy() -> str:
    return render_template("memo/privacy.html")
