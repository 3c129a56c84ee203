"""A CSV file that came in by the page: tried first, then written, a few rows a transaction, whoever's press it is."""

from __future__ import annotations

import time
from datetime import datetime, timedelta

from sqlalchemy import delete, select

from app import outbox
from app.actor import Actor
from app.errors import IllegalMove, NotFound
from app.extensions import db
from app.imports.kinds import KINDS, Kind
from app.imports.rows import Row, UnreadableFile
from app.imports.saving import AT_ONCE, save
from app.models.csv_import import CsvImport, ImportStage
from app.translate import _

MOST_BYTES = 20 << 20
PRESS_LASTS = 2.0  # seconds of work that one request of the browser does: no proxy gives up so early
KEPT_FOR = timedelta(days=30)


def start(kind: str, name: str, content: bytes, by: Actor, at: datetime) -> CsvImport:
    """Keep a file to be tried; raises UnreadableFile when it cannot be read as a whole. Old ones are forgotten."""
    if len(content) > MOST_BYTES:
        raise UnreadableFile(_("Файл больше %(mb)s МБ. Разделите его на части.", mb=MOST_BYTES >> 20))
    rows = KINDS[kind].read(content)
    if not rows:
        raise UnreadableFile(_("В файле есть заголовки и ни одной строки под ними."))
    db.session.execute(delete(CsvImport).where(CsvImport.created_at < at - KEPT_FOR))
    made = CsvImport(
        kind=kind,
        file_name=name[:200],
        content=content,
        total=len(rows),
        bad={},
        staff_id=by.staff_id,
        created_at=at,
    )
    db.session.add(made)
    db.session.flush()
    return made


def proceed(import_id: int, at: datetime) -> None:
    """Try or write rows for a while; what is done already, by whomever, is not done again. Commits as it goes."""
    until = time.monotonic() + PRESS_LASTS
    rows: list[Row] | None = None
    while True:
        with outbox.transaction():
            job = locked(import_id)
            if job.stage not in {ImportStage.CHECKING, ImportStage.WRITING}:
                return
            kind = KINDS[job.kind]
            rows = rows or kind.read(job.content)
            _do_some(job, kind, rows, at)
        db.session.expunge_all()  # what was written is not looked at again
        if time.monotonic() > until:
            return


def write(job: CsvImport) -> None:
    """Begin to write the rows that are good; written already: nothing happens."""
    if job.stage is ImportStage.CHECKED:
        job.stage, job.position = ImportStage.WRITING, 0
    elif job.stage is ImportStage.CHECKING:
        raise IllegalMove("Файл ещё проверяется. Дождитесь конца проверки.")


def locked(import_id: int) -> CsvImport:
    """The import, to oneself until the transaction ends; raises NotFound."""
    query = select(CsvImport).where(CsvImport.id == import_id).with_for_update()
    job = db.session.scalars(query, execution_options={"populate_existing": True}).first()
    if job is None:
        raise NotFound("Такой загрузки нет: она устарела или её не было. Начните с файла.")
    return job


def _do_some(job: CsvImport, kind: Kind, rows: list[Row], at: datetime) -> None:
    some = rows[job.position : job.position + AT_ONCE]
    is_trial = job.stage is ImportStage.CHECKING
    known = dict(job.bad)
    trial = db.session.begin_nested()
    bad = {str(row.line): sentence for row in some if str(row.line) not in known and (sentence := save(kind, row))}
    if is_trial:
        trial.rollback()
    else:
        trial.commit()
    job.bad = known | bad
    job.position += len(some)
    if job.position >= job.total:
        job.position = job.total
        job.stage = ImportStage.CHECKED if is_trial else ImportStage.WRITTEN
        job.ended_at = at
        if not is_trial:
            job.content = b""  # it holds people's data, and nobody needs it any more
