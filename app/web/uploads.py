"""Files on their way into a form: kept as soon as they are chosen, bound to the browser's session, used once."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass, field
from typing import BinaryIO, cast

from flask import Blueprint, abort, current_app, jsonify, request, session
from flask.typing import ResponseReturnValue
from sqlalchemy import delete, select
from werkzeug.datastructures import FileStorage

from app import files, outbox
from app.clock import now
from app.config import settings
from app.extensions import db, limiter
from app.intake.intake import MOST_FILES
from app.models.message import Upload
from app.web.translate import _

bp = Blueprint("uploads", __name__)


@dataclass
class Chosen:
    """The files of one form: those that are kept, and what to say about those that are not."""

    files: list[Upload] = field(default_factory=list)
    error: str = ""


@bp.post("/uploads")
@limiter.limit(lambda: settings().upload_limit)
def create() -> ResponseReturnValue:
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        abort(400)
    try:
        upload = _keep(sent)
    except files.TooLarge as refusal:
        return jsonify(detail=refusal.message), refusal.status
    outbox.commit()
    return jsonify(id=upload.id, name=upload.name, size=upload.size, type=upload.type), 201


def has_files() -> bool:
    """Whether the form being posted brings any file."""
    return bool(request.form.get("uploads")) or any(sent.filename for sent in request.files.getlist("files"))


def gather() -> Chosen:
    """Everything that the form being posted brings: files sent before it (``uploads``) and with it (``files``).

    What came with it is kept as if it had been sent before, so that a form with errors does not lose it.
    """
    chosen = Chosen()
    ids = list(dict.fromkeys(request.form.getlist("uploads")))[: MOST_FILES + 1]
    chosen.files = _own(ids)
    if len(chosen.files) < len(ids):
        chosen.error = _("Один из файлов не сохранился. Приложите его ещё раз.")
    if len(chosen.files) > MOST_FILES:
        chosen.error = _too_many()
    for sent in request.files.getlist("files"):
        if not sent.filename:
            continue
        if len(chosen.files) >= MOST_FILES:
            chosen.error = _too_many()
            break
        try:
            chosen.files.append(_keep(sent))
        except files.TooLarge as refusal:
            chosen.error = refusal.message
    return chosen


def _too_many() -> str:
    return _("Можно приложить не больше %(most)s файлов. Остальные пришлите ссылкой.", most=MOST_FILES)


def use(chosen: Chosen) -> None:
    """Their files belong to a message now; the caller commits."""
    db.session.execute(delete(Upload).where(Upload.id.in_([upload.id for upload in chosen.files])))


def _own(ids: list[str]) -> list[Upload]:
    if not ids:
        return []
    query = select(Upload).where(Upload.id.in_(ids), Upload.session_key == _browser()).with_for_update()
    return sorted(db.session.scalars(query), key=lambda upload: ids.index(upload.id))


def _browser() -> str:
    """Whose files they are. The secret behind the form's CSRF token is there before the first of several files sent
    at once; a key made at the first upload would be made by each of them, and the last cookie would win."""
    secret = session.setdefault(current_app.config["WTF_CSRF_FIELD_NAME"], secrets.token_hex(20))
    return hashlib.sha256(str(secret).encode()).hexdigest()


def _keep(sent: FileStorage) -> Upload:
    stored = files.keep(cast(BinaryIO, sent.stream), sent.filename or "")
    upload = Upload(
        id=secrets.token_hex(16),
        session_key=_browser(),
        name=stored.name,
        type=stored.type,
        size=stored.size,
        sha256=stored.sha256,
        storage_id=stored.storage_id,
        is_infected=stored.is_infected,
        created_at=now(),
    )
    db.session.add(upload)
    db.session.flush()
    return upload
