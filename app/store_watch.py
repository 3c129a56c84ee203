"""Keeps files and rows together: a file that no row knows goes after a day, a row whose file is gone is reported."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import ColumnElement, select, union_all

from app import database, escalations, files, heartbeats, outbox
from app.extensions import db
from app.models.chat import Chat
from app.models.complaint import ComplaintFile
from app.models.message import Attachment, Upload
from app.models.running import Sweep
from app.models.ticket import Ticket
from app.translate import _
from app.troubles import Trouble

log = logging.getLogger(__name__)

NAME = "files"
ROUND = timedelta(days=1)  # in which every folder of the store is looked at once
KEPT_FOR = timedelta(days=1)
_TURN = ROUND / files.FOLDERS


def watch(moment: datetime) -> None:
    """Look at the folder whose turn it is, a small part of the store; asked again within the turn, do nothing."""
    turn = int(moment.timestamp() / _TURN.total_seconds()) % files.FOLDERS
    with database.reading():
        last = db.session.get(Sweep, NAME, populate_existing=True)
        db.session.rollback()
    if last is not None and last.done == turn and abs(moment - last.ended_at) < ROUND:
        return
    try:
        look(f"{turn:02x}", moment)
    except OSError as error:  # deadlines do not wait for a disk
        log.warning("The store of files could not be looked at: %s", error)
    with outbox.transaction():
        heartbeats.job_ended(NAME, moment, turn)


def look(folder: str, moment: datetime) -> int:
    """Remove what is over a day old and in no row, report what is missing; returns how many files went."""
    removed = 0
    for path in _strays(folder, moment):
        path.unlink(missing_ok=True)
        removed += 1
    if missing := missing_in(folder):
        with outbox.transaction():
            escalations.report_system(Trouble.FILES, _words(missing), moment)
    return removed


def missing_in(folder: str) -> list[Attachment]:
    """Files of messages that are not on the disk; ``folder``: the first two digits of their ids."""
    with database.reading():
        query = select(Attachment).where(_lies_in(Attachment, folder)).order_by(Attachment.id)
        found = [kept for kept in db.session.scalars(query) if not files.path(kept.storage_id).is_file()]
        for kept in found:
            db.session.expunge(kept)
        db.session.rollback()
    return found


def _strays(folder: str, moment: datetime) -> Iterator[Path]:
    oldest = (moment - KEPT_FOR).timestamp()
    known = _known(folder)
    for path in files.in_folder(folder):
        try:
            is_old = path.stat().st_mtime < oldest
        except FileNotFoundError:
            continue
        if is_old and path.name not in known:  # half a file, `.part`, is in no row either
            yield path


def _known(folder: str) -> set[str]:
    """What some row holds. Drafts are read first: one that is registered meanwhile has its files in messages then."""
    with database.reading():
        drafts = db.session.scalars(select(Chat.draft).where(Chat.registers_at.is_not(None)))
        known = {file["storage_id"] for draft in drafts for file in draft.get("files", ())}
        nouns = (Attachment, ComplaintFile, Upload)
        rows = union_all(*(select(noun.storage_id).where(_lies_in(noun, folder)) for noun in nouns))
        known |= set(db.session.scalars(rows))
        db.session.rollback()
    return known


def _lies_in(noun: type[Attachment | ComplaintFile | Upload], folder: str) -> ColumnElement[bool]:
    """Its id begins with the folder's name; as a range, which an index serves on both databases."""
    return noun.storage_id.between(folder + "0" * 30, folder + "f" * 30)


def _words(missing: list[Attachment]) -> str:
    with database.reading():
        number = db.session.scalar(select(Ticket.number).where(Ticket.id == missing[0].ticket_id))
        db.session.rollback()
    return _(
        "Файлов заявок нет на диске: %(count)s, например «%(name)s» заявки %(number)s. "
        "Верните их из резервной копии: список даёт flask doctor.",
        count=len(missing),
        name=missing[0].name,
        number=number,
    )
