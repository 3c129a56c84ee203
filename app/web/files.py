"""Files of requests, handed out as downloads only."""

from __future__ import annotations

from flask import Blueprint, Response, render_template, request, send_file
from flask.typing import ResponseReturnValue

from app import files
from app.clock import now
from app.errors import NotFound
from app.extensions import db
from app.models.message import Attachment, Message
from app.web import links

bp = Blueprint("files", __name__)

_ALONE = "default-src 'none'; sandbox; frame-ancestors 'none'"


@bp.get("/r/<token>/files/<int:file_id>")
def customers(token: str, file_id: int) -> ResponseReturnValue:
    """For the holder of the link: files of messages that the customer may read."""
    ticket = links.opened(token)
    file = db.session.get(Attachment, file_id)
    message = db.session.get(Message, file.message_id) if file and file.ticket_id == ticket.id else None
    if file is None or message is None or file.is_infected or not message.is_public(now()):
        raise NotFound("Такого файла в этой заявке нет.")
    return _download(file)


@bp.get("/files/<int:file_id>")
def show(file_id: int) -> ResponseReturnValue:
    """For staff; a file that the scanner named needs a second, knowing click."""
    file = db.session.get(Attachment, file_id)
    if file is None:
        raise NotFound("Такого файла нет.")
    if file.is_infected and request.args.get("anyway") != "yes":
        return render_template("files/infected.html", file=file)
    return _download(file)


def _download(file: Attachment) -> Response:
    path = files.path(file.storage_id)
    if not path.is_file():
        raise NotFound("Файл не сохранился. Попросите прислать его ещё раз.")
    response = send_file(path, mimetype=file.type, as_attachment=True, download_name=file.name, max_age=0)
    response.headers["Content-Security-Policy"] = _ALONE
    response.headers["Cache-Control"] = "no-store"
    return response
