"""The mailbox page of development: letters that went out while no mail server is set."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from flask import Blueprint, Response, abort, render_template
from flask.typing import ResponseReturnValue

from app.config import settings

NEWEST = 200
_NAME = re.compile(r"[A-Za-z0-9._@+-]{1,200}\.eml")
_LETTER_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; sandbox allow-popups allow-popups-to-escape-sandbox; "
    "frame-ancestors 'self'"
)
_PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; frame-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)

bp = Blueprint("dev_mail", __name__, url_prefix="/dev/mail")


@dataclass(frozen=True)
class KeptLetter:
    name: str
    at: datetime
    letter: EmailMessage

    def header(self, name: str) -> str:
        return str(self.letter.get(name, ""))

    def body(self, kind: str) -> str:
        part = self.letter.get_body((kind,))
        return str(part.get_content()) if part else ""


@bp.before_request
def _only_without_server() -> None:
    if settings().mail_server:
        abort(404)


@bp.get("")
def index() -> str:
    return render_template("dev_mail/index.html", letters=[_read(path) for path in _paths()[:NEWEST]])


@bp.get("/<name>")
def show(name: str) -> ResponseReturnValue:
    response = Response(render_template("dev_mail/show.html", kept=_read(_path(name))))
    response.headers["Content-Security-Policy"] = _PAGE_POLICY
    return response


@bp.get("/<name>/html")
def html(name: str) -> ResponseReturnValue:
    """The HTML part alone, for the sandboxed frame: no script, no picture from elsewhere."""
    response = Response('<base target="_blank">' + _read(_path(name)).body("html"))
    response.headers["Content-Security-Policy"] = _LETTER_POLICY
    return response


def _paths() -> list[Path]:
    return sorted(settings().kept_mail_dir.glob("*.eml"), key=lambda path: path.stat().st_mtime, reverse=True)


def _path(name: str) -> Path:
    path = settings().kept_mail_dir / name
    if not _NAME.fullmatch(name) or not path.is_file():
        abort(404)
    return path


def _read(path: Path) -> KeptLetter:
    letter = message_from_bytes(path.read_bytes(), policy=policy.default)
    return KeptLetter(path.name, datetime.fromtimestamp(path.stat().st_mtime, UTC), letter)
