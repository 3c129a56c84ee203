"""Files of requests, handed out as downloads only."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from app.clock import now
from app.errors import NotFound
from app.extensions import db
from app.models.message import Attachment, Message
from app.web import downloads, links
from app.web.downloads import What

bp = Blueprint("files", __name__)


@bp.get("/r/<token>/files/<int:file_id>")
def customers(token: str, file_id: int) -> ResponseReturnValue:
    """For the holder of the link: files of messages that the customer may read."""
    ticket = links.opened(token)
    file = db.session.get(Attachment, file_id)
    message = db.session.get(Message, file.message_id) if file and file.ticket_id == ticket.id else None
    if file is None or message is None or file.is_infected or not message.is_public(now()):
        raise NotFound("Такого файла в этой заявке нет.")
    return downloads.attachment(file)


@bp.get("/files/<int:file_id>")
def show(file_id: int) -> ResponseReturnValue:
    """For staff; a file that the scanner named needs a second, knowing click."""
    file = db.session.get(Attachment, file_id)
    if file is None:
        raise NotFound("Такого файла нет.")
    if file.is_infected and request.args.get("anyway") != "yes":
        return render_template("files/infected.html", file=file)
    return downloads.hand_out(What.FILE, file.id)
