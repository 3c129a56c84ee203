"""A copy of all that is kept about a person: one ZIP, written as it is read, whole or not at all.

Requests are read a few at a time and files in pieces, so that it takes no more memory for a thousand than for ten.
Broken off, it is begun anew: what is half written bears another name until it is whole.
"""

from __future__ import annotations

import fcntl
import json
import os
import secrets
import shutil
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from sqlalchemy import select
from sqlalchemy.orm import undefer

from app import database, failpoint, files
from app.actor import Actor
from app.config import settings
from app.durations import iso
from app.extensions import db
from app.models.chat import BotMessage, BotUpdate
from app.models.company import Company
from app.models.complaint import ComplaintEntry, ComplaintFile
from app.models.delivery import Delivery
from app.models.letter import Letter
from app.models.message import Attachment, Message
from app.models.person import Person
from app.models.ticket import Ticket
from app.person_data import export_shapes as shapes
from app.person_data import theirs
from app.person_data.whose import Whose
from app.policy import may_see_complaint

MANY = 200  # rows a look
_EARLIEST = (1980, 1, 1, 0, 0, 0)  # as ZIP knows time
_OF_COMPLAINTS = ("complained", "complaining", "calling", "refused")  # outcomes of what was said to the bot
_ABOUT = """Все данные, которые {firm} хранит об этом человеке, на {at}.
person.json – карточка; requests – заявки с перепиской; files – приложенные файлы; letters – письма, как они пришли;
elsewhere.json – слова в чужих заявках; complaints.json – жалобы; notices.json – что и когда мы отправляли;
telegram.json – чат с ботом. Заметок сотрудников друг другу здесь нет.

All that {firm} keeps about this person, as of {at}. No notes between colleagues are in it.
"""


@dataclass
class _Archive:
    """A ZIP being written, and where it is."""

    zip: ZipFile
    at: datetime
    hidden: set[int] = field(default_factory=set)  # complaints that are not for the eyes of who asked
    position: int = 0  # the newest request that is in it

    def json(self, name: str, content: object) -> None:
        self.text(name, json.dumps(content, ensure_ascii=False, indent=1))

    def text(self, name: str, content: str) -> None:
        self.zip.writestr(self._entry(name, ZIP_DEFLATED), content.encode())

    def file(self, name: str, storage_id: str) -> None:
        """Bytes in pieces; a file that is gone from the disk is left out."""
        path = files.path(storage_id)
        if not path.is_file():
            return
        with path.open("rb") as source, self.zip.open(self._entry(name, ZIP_STORED), "w", force_zip64=True) as target:
            shutil.copyfileobj(source, target, 1 << 16)

    def bytes(self, name: str, content: bytes) -> None:
        self.zip.writestr(self._entry(name, ZIP_DEFLATED), content)

    def _entry(self, name: str, how: int) -> ZipInfo:
        entry = ZipInfo(name, max(self.at.timetuple()[:6], _EARLIEST))
        entry.compress_type, entry.external_attr = how, 0o600 << 16
        return entry


def write(own: Whose, target: Path, at: datetime, by: Actor | None, tell: Callable[[int], None]) -> int:
    """Write it, readable by this user alone; returns how many requests are in it. ``tell`` hears it on the way.

    ``by``: for whom; a complaint that names them is left out, as from every page. None: the command, for nobody.
    """
    partial = target.with_name(f"{target.name}.{secrets.token_hex(4)}.part")  # two may write it at once
    partial.touch(mode=0o600)
    count = 0
    try:
        with partial.open("wb") as written:
            fcntl.flock(written, fcntl.LOCK_EX)  # so that ``clear`` leaves it alone
            with ZipFile(written, "w", allowZip64=True) as archive:
                made = _Archive(archive, at)
                with database.reading():
                    _card(made, own)
                    _complaints(made, own, by)
                failpoint.reach("person half exported")
                while ids := _requests(made, own, made.position):
                    made.position, count = ids[-1], count + len(ids)
                    tell(count)
                with database.reading():
                    for part in (_elsewhere, _letters, _notices, _telegram):
                        part(made, own)
                        _let_go()
            written.flush()
            os.fsync(written.fileno())
            partial.rename(target)
    finally:
        _let_go()
        partial.unlink(missing_ok=True)
    return count


def clear(folder: Path, name: str) -> None:
    """Take away what runs that were killed have left of copies whose names begin so; what is being written stays."""
    for half in folder.glob(f"{name}*.part"):
        with suppress(OSError), half.open("rb") as left:
            fcntl.flock(left, fcntl.LOCK_EX | fcntl.LOCK_NB)
            half.unlink()


def _card(made: _Archive, own: Whose) -> None:
    cards = []
    for person in db.session.scalars(select(Person).where(Person.id.in_(own.ids)).order_by(Person.id)):
        company = db.session.get(Company, person.company_id) if person.company_id else None
        cards.append(shapes.card(person, company.name if company else ""))
    made.text("README.txt", _ABOUT.format(firm=settings().firm_name, at=iso(made.at)))
    made.json("person.json", {"made_at": iso(made.at), "addresses": own.emails, "cards": cards})


def _requests(made: _Archive, own: Whose, after: int) -> list[int]:
    """A few requests with their files; which these are."""
    with database.reading():
        ids = theirs.ticket_ids(own, after)
        for ticket in db.session.scalars(select(Ticket).where(Ticket.id.in_(ids)).order_by(Ticket.id)).all():
            made.json(f"requests/{ticket.number}.json", shapes.ticket(ticket, made.at, made.hidden))
        seen = (Attachment.ticket_id.in_(ids), Attachment.is_infected.is_(False))
        query = select(Attachment, Message).join(Message, Message.id == Attachment.message_id).where(*seen)
        for file, message in db.session.execute(query.order_by(Attachment.id)).all():
            if message.is_public(made.at):
                made.file(shapes.attachment_path(file), file.storage_id)
        _let_go()
    return ids


def _elsewhere(made: _Archive, own: Whose) -> None:
    """Their words in requests of others; what the others said is not theirs."""
    ids = db.session.scalars(theirs.said_elsewhere(own, 10_000)).all()
    said = []
    for start in range(0, len(ids), MANY):
        query = select(Message, Ticket.number).join(Ticket, Ticket.id == Message.ticket_id)
        rows = db.session.execute(query.where(Message.id.in_(ids[start : start + MANY])).order_by(Message.id)).all()
        for message, number in rows:
            said.append({"request": number, **shapes.message(message)})
            for file in db.session.scalars(select(Attachment).where(Attachment.message_id == message.id)):
                if not file.is_infected:
                    made.file(shapes.attachment_path(file), file.storage_id)
        _let_go()
    made.json("elsewhere.json", said)


def _complaints(made: _Archive, own: Whose, by: Actor | None) -> None:
    told = []
    for case in theirs.every_complaint(own):
        if by is not None and not may_see_complaint(by, case.about_id):
            made.hidden.add(case.id)
            continue
        told.append(shapes.complaint(case))
        for file in db.session.scalars(select(ComplaintFile).where(ComplaintFile.complaint_id == case.id)):
            if not file.is_infected:
                made.file(shapes.complaint_path(file), file.storage_id)
    made.json("complaints.json", told)


def _letters(made: _Archive, own: Whose) -> None:
    """What they wrote, byte for byte; originals whose time is over are gone."""
    hidden = set(
        db.session.scalars(select(ComplaintEntry.letter_id).where(ComplaintEntry.complaint_id.in_(made.hidden)))
    )
    for letter_id in db.session.scalars(theirs.letters(own).order_by(Letter.id)).all():
        letter = db.session.get_one(Letter, letter_id, options=[undefer(Letter.raw)])
        if letter.raw and letter.id not in hidden:
            made.bytes(f"letters/{letter.id}.eml", letter.raw)
        _let_go()


def _notices(made: _Archive, own: Whose) -> None:
    told: list[dict[str, Any]] = []
    query = select(Delivery, Ticket.number).outerjoin(Ticket, Ticket.id == Delivery.ticket_id)
    for one, number in db.session.execute(query.where(theirs.notices(own)).order_by(Delivery.id)):
        if one.data.get("complaint") in made.hidden:
            continue
        accepted = iso(one.accepted_at) if one.accepted_at else None
        known = {"at": iso(one.created_at), "notice": one.notice, "request": number, "to": one.recipient}
        told.append({**known, "state": one.state.value, "accepted_at": accepted})
    made.json("notices.json", told)


def _telegram(made: _Archive, own: Whose) -> None:
    told = []
    for chat in theirs.chats(own):
        if chat.staff_id is not None:
            continue
        said = select(BotMessage).where(BotMessage.chat_id == chat.id, BotMessage.text != "")
        heard = select(BotUpdate).where(BotUpdate.chat_id == chat.id).options(undefer(BotUpdate.raw))
        if made.hidden:  # presses, prompts and answers around a complaint tell of it as well as its words do
            said = said.where(BotMessage.ticket_id.is_not(None))
            heard = heard.where(BotUpdate.ticket_id.is_not(None), BotUpdate.outcome.not_in(_OF_COMPLAINTS))
        told.append(
            {
                "chat": chat.id,
                "name": chat.name,
                "since": iso(chat.created_at),
                "typed": chat.typed,
                "said_by_bot": [
                    {"at": iso(one.created_at), "text": one.text}
                    for one in db.session.scalars(said.order_by(BotMessage.id))
                ],
                "said_to_bot": [
                    {"at": iso(one.received_at), "update": one.raw}
                    for one in db.session.scalars(heard.order_by(BotUpdate.id))
                ],
            }
        )
    made.json("telegram.json", told)


def _let_go() -> None:
    """Nothing is held in memory, and no reading open, for longer than a few requests."""
    db.session.rollback()
    db.session.expunge_all()
