"""Bytes that people sent, always as downloads, on a path that knows no cookie: what is in them acts for nobody.

Whoever asks is looked at where the link stands. From there a browser goes on with a signed address of its own, good for
one file and a minute; a program, which keeps no session in the same place, gets the bytes at once.
"""

from __future__ import annotations

import hmac
import re
from enum import StrEnum
from io import BytesIO

from flask import Blueprint, Response, redirect, request, send_file, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import undefer

from app import files, signing
from app.clock import now
from app.errors import NotFound
from app.extensions import db
from app.models.complaint import ComplaintFile
from app.models.letter import Letter
from app.models.message import Attachment
from app.models.person_data import PersonExport
from app.person_data import exports

bp = Blueprint("downloads", __name__)

GOOD_FOR = 60  # seconds
_ALONE = "default-src 'none'; sandbox; frame-ancestors 'none'"
_TOKEN = re.compile(r"([flx])([0-9]{1,10})\.([0-9]{1,12})\.([0-9a-f]{32})")
_PURPOSE = "download"


class What(StrEnum):
    """The kinds of bytes: a file of a message, a letter as it came, all that is kept about a person."""

    FILE = "f"
    LETTER = "l"
    EXPORT = "x"


@bp.get("/download/<token>")
def show(token: str) -> ResponseReturnValue:
    found = _TOKEN.fullmatch(token)
    if found is None or not hmac.compare_digest(token, _signed(found[1], int(found[2]), int(found[3]))):
        raise NotFound("Такого файла нет.")
    if int(found[3]) < now().timestamp():
        raise NotFound("Адрес файла действует минуту. Откройте файл ещё раз со страницы, где он стоит.")
    return _bytes(What(found[1]), int(found[2]))


def hand_out(what: What, its_id: int) -> ResponseReturnValue:
    """To somebody who may have it: the caller has looked."""
    if "text/html" not in request.headers.get("Accept", ""):
        return _bytes(what, its_id)
    token = _signed(what, its_id, int(now().timestamp()) + GOOD_FOR)
    return redirect(url_for("downloads.show", token=token), 303)


def attachment(file: Attachment | ComplaintFile) -> Response:
    """A file of a message or of a complaint; raises NotFound where its bytes are gone."""
    path = files.path(file.storage_id)
    if not path.is_file():
        raise NotFound("Файл не сохранился. Попросите прислать его ещё раз.")
    return _alone(send_file(path, mimetype=file.type, as_attachment=True, download_name=file.name, max_age=0))


def _bytes(what: What, its_id: int) -> Response:
    if what is What.FILE:
        if (file := db.session.get(Attachment, its_id)) is None:
            raise NotFound("Такого файла нет.")
        return attachment(file)
    if what is What.EXPORT:
        return _export(its_id)
    letter = db.session.get(Letter, its_id, options=[undefer(Letter.raw)])
    if letter is None:
        raise NotFound("Такого письма нет.")
    name = f"letter-{letter.id}.eml"
    return _alone(
        send_file(BytesIO(letter.raw), mimetype=files.OPAQUE, as_attachment=True, download_name=name, max_age=0)
    )


def _export(its_id: int) -> Response:
    made, path = db.session.get(PersonExport, its_id), exports.path(its_id)
    if made is None or made.ended_at is None or not path.is_file():
        raise NotFound("Этой выгрузки больше нет: она хранится сутки. Сделайте новую.")
    name = f"person-{made.person_id}-{made.asked_at:%Y-%m-%d}.zip"
    return _alone(send_file(path, mimetype="application/zip", as_attachment=True, download_name=name, max_age=0))


def _alone(response: Response) -> Response:
    response.headers["Content-Security-Policy"] = _ALONE
    response.headers["Cache-Control"] = "no-store"
    return response


def _signed(what: str, its_id: int, until: int) -> str:
    return f"{what}{its_id}.{until}.{signing.sign(_PURPOSE, f'{what}:{its_id}:{until}')[:16].hex()}"
