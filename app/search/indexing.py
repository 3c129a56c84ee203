"""Writes the words of marked requests, newest marks first; ended anywhere, the next call goes on."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable

from sqlalchemy import delete, func, select, update

from app import database, outbox, search_marks
from app.extensions import db, insert_into
from app.models.search import SearchDocument, SearchMark, SearchWord
from app.search import documents, learned

BATCH, LARGE_BATCH = 100, 500  # requests a transaction, while the desk works and by hand
AT_ONCE = 5.0  # seconds of one job


def run(seconds: float = AT_ONCE, batch: int = BATCH) -> int:
    """Work off marks for so long at most, and ring again for those that are left; how many requests were written."""
    end, done = time.monotonic() + seconds, 0
    while True:
        marks = _take(batch)
        if not marks:
            return done
        done += _write(marks)
        if time.monotonic() >= end:
            with outbox.transaction():
                outbox.ring(search_marks.SEARCH)
            return done


def rebuild(progress: Callable[[int, int], None]) -> int:
    """Work off every mark there is; ``progress`` hears what is done and what is left."""
    done = 0
    while left := waiting():
        progress(done, left)
        done += run(batch=LARGE_BATCH)
    progress(done, 0)
    return done


def forget_marks() -> None:
    """Before every request is marked at once."""
    db.session.execute(delete(SearchMark))


def waiting() -> int:
    """How many marks there are; a request that changed twice has two."""
    count = db.session.scalar(select(func.count()).select_from(SearchMark)) or 0
    db.session.rollback()
    return count


def _take(batch: int) -> dict[int, list[int]]:
    """Marks by request, the newest; they stay until the words are written."""
    marks: dict[int, list[int]] = defaultdict(list)
    with database.reading():
        newest = select(SearchMark.id, SearchMark.ticket_id).order_by(SearchMark.id.desc()).limit(batch)
        for mark_id, ticket_id in db.session.execute(newest):
            marks[ticket_id].append(mark_id)
        db.session.rollback()
    return marks


def _write(marks: dict[int, list[int]]) -> int:
    """Gather and find lemmas without a lock, then write. Where another process was faster, the marks stay."""
    ids = sorted(marks)
    with database.reading():
        read = select(SearchDocument.ticket_id, SearchDocument.revision).where(SearchDocument.ticket_id.in_(ids))
        revisions = dict(db.session.execute(read).all())
        own = documents.gather(ids)
        known, new = learned.learn({word for words in own.values() for word in words})
        db.session.rollback()
    texts = {ticket_id: documents.written(ticket_id, own[ticket_id], known) for ticket_id in own}
    with outbox.transaction():
        put = _put(texts, revisions)
        done = [mark for ticket_id in ids if ticket_id in put or ticket_id not in own for mark in marks[ticket_id]]
        if new:
            rows = [{"word": word, "lemma": lemma} for word in sorted(new) for lemma in sorted(new[word])]
            db.session.execute(insert_into(SearchWord).on_conflict_do_nothing(), rows)
        db.session.execute(delete(SearchMark).where(SearchMark.id.in_(done)))
    learned.remember(new)
    return len(texts)


def _put(texts: dict[int, str], revisions: dict[int, int]) -> set[int]:
    """Write the words of those requests whose words nobody wrote since their revisions were read; which these are."""
    put: set[int] = set()
    new = [
        {"ticket_id": ticket_id, "words": text, "revision": 1}
        for ticket_id, text in texts.items()
        if ticket_id not in revisions
    ]
    if new:
        made = insert_into(SearchDocument).values(new).on_conflict_do_nothing().returning(SearchDocument.ticket_id)
        put.update(db.session.scalars(made))
    for ticket_id, revision in revisions.items():
        if ticket_id in texts:
            own = (SearchDocument.ticket_id == ticket_id, SearchDocument.revision == revision)
            changed = update(SearchDocument).where(*own).values(words=texts[ticket_id], revision=revision + 1)
            changed = changed.returning(SearchDocument.ticket_id)
            put.update(db.session.scalars(changed, execution_options={"synchronize_session": False}))
    return put
