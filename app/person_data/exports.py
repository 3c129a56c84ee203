"""Exports asked for on pages: small ones are made at once, large ones by the workers; each goes after a day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import ColumnElement, delete, func, select, update

from app import outbox
from app.actor import Actor
from app.clock import now
from app.config import settings
from app.extensions import db
from app.models.message import Attachment
from app.models.person import Person
from app.models.person_data import PersonExport
from app.models.staff import Staff
from app.person_data import PERSON_DATA, exporting, theirs, whose
from app.person_data.whose import Whose
from app.translate import _

KEPT_FOR = timedelta(days=1)
LEASE = timedelta(minutes=2)  # renewed with every few requests
MOST_TRIES = 3
MOST_KEPT = 5  # copies of one person for whoever asks again and again
SMALL, SMALL_BYTES = 50, 20 << 20  # requests, bytes of files: made while the page waits
BATCH = 100
_WEAK = {"synchronize_session": False}


def path(export_id: int) -> Path:
    """Where the ZIP lies; backups do not take it along."""
    return settings().data_dir / "exports" / f"{export_id}.zip"


def ask(person: Person, by: Actor, at: datetime) -> int:
    """Note that one is wanted; one that is being made already is that one. The caller commits. Returns its id."""
    assert by.staff_id is not None
    query = select(PersonExport.id).where(PersonExport.person_id == person.id, PersonExport.staff_id == by.staff_id)
    if standing := db.session.scalar(query.where(PersonExport.ended_at.is_(None)).limit(1)):
        return standing
    own = whose.of(person)
    total = sum(len(ids) for ids in theirs.batches(own, 1000))
    made = PersonExport(person_id=person.id, staff_id=by.staff_id, asked_at=at, total=total)
    db.session.add(made)
    db.session.flush()
    older = query.order_by(PersonExport.id.desc()).offset(MOST_KEPT)
    _forget(PersonExport.id.in_(db.session.scalars(older).all()))  # their files go as those of nobody
    outbox.ring(PERSON_DATA)
    return made.id


def is_small(export_id: int) -> bool:
    """Whether making it takes no longer than a page may."""
    wanted = db.session.get_one(PersonExport, export_id)
    if wanted.total > SMALL:
        return False
    ids = theirs.ticket_ids(whose.of(db.session.get_one(Person, wanted.person_id)), most=SMALL)
    size = db.session.scalar(select(func.sum(Attachment.size)).where(Attachment.ticket_id.in_(ids))) or 0
    return size <= SMALL_BYTES


def unfinished() -> list[int]:
    ids = select(PersonExport.id).where(PersonExport.ended_at.is_(None)).order_by(PersonExport.id).limit(BATCH)
    found = list(db.session.scalars(ids))
    db.session.rollback()
    return found


def make(export_id: int) -> bool:
    """Write it, unless somebody else does; False where nothing was made. Broken off, it is made anew after a while."""
    taken = _take(export_id, now())
    if taken is None:
        return False
    own, by = taken
    target = path(export_id)
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)

    def tell(done: int) -> None:
        _note(export_id, done=done, leased_until=now() + LEASE)

    try:
        exporting.write(own, target, now(), by, tell)
        size = target.stat().st_size
    except OSError as error:
        _note(export_id, error=error.strerror or str(error), leased_until=None)
        return False
    if _note(export_id, ended_at=now(), size=size, leased_until=None, error=""):
        return True
    off_the_disk([export_id])  # its person was erased meanwhile
    return False


def tidy(at: datetime) -> None:
    """Forget those whose day is over: the row first, then the file; and files that a death left without a row."""
    old = select(PersonExport.id).where(PersonExport.asked_at < at - KEPT_FOR).order_by(PersonExport.asked_at)
    with outbox.transaction():
        gone = _forget(PersonExport.id.in_(old.limit(BATCH)))
    off_the_disk([*gone, *_nobodys()])


def forget_of(people: tuple[int, ...]) -> list[int]:
    """Copies of what is erased; returns which. The caller commits, and then takes them off the disk."""
    return _forget(PersonExport.person_id.in_(people))


def off_the_disk(ids: Iterable[int]) -> None:
    """The copies, and what was begun of them."""
    for export_id in ids:
        whole = path(export_id)
        for file in (whole, *whole.parent.glob(f"{whole.name}.*.part")):
            file.unlink(missing_ok=True)


def _nobodys() -> set[int]:
    """Copies on the disk that are in no row: the folder is read first, since the row comes before its file."""
    lying = {int(file.name.partition(".")[0]) for file in path(0).parent.glob("[0-9]*.zip*")}
    if not lying:
        return set()
    known = set(db.session.scalars(select(PersonExport.id)))
    db.session.rollback()
    return lying - known


def _forget(which: ColumnElement[bool]) -> list[int]:
    gone = delete(PersonExport).where(which).returning(PersonExport.id)
    return list(db.session.scalars(gone, execution_options=_WEAK))


def _take(export_id: int, at: datetime) -> tuple[Whose, Actor] | None:
    with outbox.transaction():
        query = select(PersonExport).where(PersonExport.id == export_id).with_for_update()
        wanted = db.session.scalars(query, execution_options={"populate_existing": True}).first()
        if wanted is None or wanted.ended_at is not None or (wanted.leased_until and wanted.leased_until > at):
            return None
        if wanted.attempts >= MOST_TRIES:
            command = f"flask person export id:{wanted.person_id}"
            wanted.ended_at = at
            wanted.error = _("Три раза не получилось. Сделайте выгрузку командой: %(command)s", command=command)
            return None
        wanted.attempts, wanted.leased_until, wanted.done = wanted.attempts + 1, at + LEASE, 0
        person = db.session.get_one(Person, wanted.person_id)
        return whose.of(person), Actor.of_staff(db.session.get_one(Staff, wanted.staff_id))


def _note(export_id: int, **values: object) -> bool:
    """False where its row is gone."""
    with outbox.transaction():
        own = update(PersonExport).where(PersonExport.id == export_id).values(values)
        noted = db.session.execute(own.returning(PersonExport.id), execution_options=_WEAK)
        return noted.first() is not None
