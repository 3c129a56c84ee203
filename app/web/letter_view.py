"""A letter with its formatting, in a frame that can do nothing; pictures from elsewhere on demand; the original."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from functools import cache
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app import signing
from app.clock import now
from app.config import settings
from app.reading import formatted as reading
from app.reading.formatted import Formatted
from app.rows import typed_id
from app.web import downloads
from app.web.downloads import What
from app.web.headers import CONTENT_SECURITY_POLICY, known_hosts
from app.web.viewer import actor

bp = Blueprint("letter_view", __name__)

PAGE_POLICY = f"{CONTENT_SECURITY_POLICY}; frame-src 'self'"
SANDBOX = "allow-popups allow-popups-to-escape-sandbox"  # links open beside the desk, and nothing else can happen
_LONG_ENOUGH = 3600  # seconds that a click on «Загрузить картинки» counts
_LOWEST, _HIGHEST = 120, 640  # pixels of a frame
_COMMENTS = re.compile(r"/\*.*?\*/", re.DOTALL)


@bp.get("/tickets/<number>/messages/<int:message_id>/html")
def html(number: str, message_id: int) -> ResponseReturnValue:
    """The letter alone, for the frame; its policy holds as well when it is opened by itself."""
    letter = _letter(number, message_id)
    response = Response(render_template("letters/frame.html", letter=letter, style=_style()))
    sources = " ".join(["data:", *(letter.origins if letter.has_pictures else [])])
    response.headers["Content-Security-Policy"] = (
        f"default-src 'none'; style-src '{_digest(_style())}'; img-src {sources}; form-action 'none'; "
        f"base-uri 'none'; frame-ancestors 'self'; sandbox {SANDBOX}"
    )
    response.headers["X-DNS-Prefetch-Control"] = "off"  # a name looked up tells that the letter was opened
    return response


@bp.post("/tickets/<number>/messages/<int:message_id>/pictures")
def pictures(number: str, message_id: int) -> ResponseReturnValue:
    """A member of staff wants the pictures from elsewhere: from now on their browser, never we, fetches them."""
    reading.original(number, message_id)
    address = url_for("tickets.show", number=number, letter=message_id, pictures=_consent(message_id))
    return redirect(f"{address}#m{message_id}", 303)


@bp.get("/tickets/<number>/messages/<int:message_id>/original")
def original(number: str, message_id: int) -> ResponseReturnValue:
    """The bytes as they came, as a download that no browser opens by itself."""
    return downloads.hand_out(What.LETTER, reading.original(number, message_id).letter_id)


def opened(number: str) -> Formatted | None:
    """The letter that the page's own address asks for, or none."""
    message_id = typed_id(request.args.get("letter", ""))
    return _letter(number, message_id) if message_id else None


def arguments(letter: Formatted | None) -> dict[str, Any]:
    """What an address needs to show the same again."""
    if letter is None:
        return {}
    return {"letter": letter.message_id, "pictures": request.args["pictures"] if letter.has_pictures else None}


def frame_height(letter: Formatted) -> int:
    """Pixels; the frame scrolls, and can be drawn larger."""
    return max(_LOWEST, min(_HIGHEST, letter.height + 32))


def _letter(number: str, message_id: int) -> Formatted:
    return reading.formatted(number, message_id, known_hosts(settings()), wants_pictures=_has_consent(message_id))


def _has_consent(message_id: int) -> bool:
    given = request.args.get("pictures", "")
    until = given.partition(".")[0]
    if not (until.isascii() and until.isdigit() and len(until) < 12) or int(until) < now().timestamp():
        return False
    return hmac.compare_digest(given.encode(), _signed(message_id, int(until)).encode())


def _consent(message_id: int) -> str:
    """Proof that this member of staff pressed the button of this message: no link from elsewhere does it."""
    return _signed(message_id, int(now().timestamp()) + _LONG_ENOUGH)


def _signed(message_id: int, until: int) -> str:
    return f"{until}.{signing.sign('letter-pictures', f'{actor().staff_id}:{message_id}:{until}')[:16].hex()}"


@cache
def _style() -> str:
    """The desk's colours and the frame's own rules."""
    root = Path(current_app.root_path)
    texts = [root / "static" / "css" / "tokens.css", root / "templates" / "letters" / "frame.css"]
    return _COMMENTS.sub("", "\n".join(path.read_text(encoding="utf-8") for path in texts))


def _digest(style: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()}"
